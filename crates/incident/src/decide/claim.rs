//! An operator takes an incident; of two, one wins and the other is told who.

use super::Seen;
use crate::effect::{Effect, Stage};
use crate::ladder::after;
use crate::{Decision, Ladder, Refusal, State, What, say};
use model::Timestamp;

/// Takes what nobody has, or what its holder has left unanswered.
pub(super) fn claim(seen: &Seen<'_>, by: &str, ladder: &Ladder, now: Timestamp) -> Result<Decision, Refusal> {
    let incident = seen.open()?;
    let taken_from = match &incident.state {
        State::Raised { .. } => None,
        // Overdue: the person matters more than whose case it is. A holder who comes back may, too.
        State::Claimed { holder, step, .. } if *step > 0 => Some(holder.username.clone()),
        State::Claimed { holder, .. } => {
            return Err(Refusal::AlreadyClaimed { holder: holder.clone() });
        }
        State::Closed { .. } => return Err(Refusal::AlreadyClosed),
    };
    let say = match &taken_from {
        Some(holder) if holder != by => say::TAKEN_OVER,
        Some(_) | None => say::CLAIMED,
    };
    let deadline_at = after(now, ladder.follow_up_s);
    let what = What::Claimed { by: by.to_owned(), taken_from, deadline_at };
    let effects = vec![Effect::Progress { stage: incident.stage(Stage::Claimed), say: say.into(), at: now }];
    Ok(Decision::next(incident, now, what, effects))
}
