//! The holder's link to the desk: a claim is a lease, and a holder who is gone holds nobody up.

use crate::effect::{Effect, Stage};
use crate::ladder::after;
use crate::{Attention, Decision, Incident, Ladder, State, What, say};
use model::Timestamp;

/// Everybody is called and anybody may take it; until somebody does, the holder stays named.
pub(super) fn lost(incident: &Incident, ladder: &Ladder, now: Timestamp) -> Decision {
    match &incident.state {
        State::Claimed { lost: false, step, .. } => {
            // What was due before still is: a signal that waits does not wait longer for nobody.
            let again = after(now, ladder.repeat_s);
            let deadline_at = incident.deadline_at.map_or(again, |deadline| deadline.min(again));
            let what = What::HolderLost { deadline_at };
            let rule = ladder.rule_of(incident, now);
            // Whom the first step calls was last called when it began, and is needed again.
            let callees = match *step {
                0 => Ladder::first_calls(rule, 1),
                step => rule.map(|rule| rule.step(step).call.clone()).unwrap_or_default(),
            };
            let step = (*step).max(1);
            let stage = incident.stage(Stage::Received);
            let effects = vec![
                Effect::Sound { attention: Attention::Everyone },
                Effect::Call { step, callees },
                Effect::Progress { stage, say: say::HOLDER_LOST.into(), at: now },
            ];
            Decision::next(incident, now, what, effects)
        }
        State::Claimed { .. } | State::Raised { .. } | State::Closed { .. } => Decision::nothing(),
    }
}

/// There again before anybody took it.
pub(super) fn back(incident: &Incident, by: &str, ladder: &Ladder, now: Timestamp) -> Decision {
    let Some(progress) = shows_up(incident, by, now) else { return Decision::nothing() };
    // What waited for the holder still does.
    let deadline_at = incident.answer().map_or_else(|| after(now, ladder.follow_up_s), |awaited| awaited.by);
    let what = What::HolderBack { by: by.to_owned(), deadline_at };
    Decision::next(incident, now, what, vec![progress])
}

/// What the person hears when the holder acts who was gone: that somebody has it again. Nothing where it is somebody else who
/// acts, or nobody was gone.
pub(crate) fn shows_up(incident: &Incident, by: &str, now: Timestamp) -> Option<Effect> {
    let is_back = incident.is_holder_lost() && is_holder(incident, by);
    is_back.then(|| Effect::Progress {
        stage: incident.stage(Stage::Claimed),
        say: say::CLAIMED.into(),
        at: now,
    })
}

/// How far the desk has come once this account has acted: who acts for a holder who is gone has not taken it.
pub(super) fn desk_stage_by(incident: &Incident, by: &str) -> Stage {
    let is_gone = incident.is_holder_lost() && !is_holder(incident, by);
    if is_gone { Stage::Received } else { Stage::Claimed }
}

fn is_holder(incident: &Incident, by: &str) -> bool {
    incident.holder().is_some_and(|holder| holder.username == by)
}
