//! A signal opens an incident, or joins the open one.

use crate::effect::{Effect, Stage};
use crate::ladder::{after, kinds};
use crate::{Attention, Decision, Event, Incident, Ladder, Refusal, State, What, say};
use model::{Severity, Signal, Timestamp};

/// The first signal: everything begins. The ladder counts from the moment in which it reached us: a disk that took long has
/// cost the person enough. A step that is overdue by then is taken at once, and the next one its whole wait later.
pub(super) fn arrives(signal: &Signal, drill: bool, ladder: &Ladder, now: Timestamp) -> Decision {
    opens(signal, drill, ladder, signal.received_at.min(now), now)
}

/// A signal gets an incident of its own, whose ladder counts from `since`.
pub(crate) fn opens(
    signal: &Signal,
    drill: bool,
    ladder: &Ladder,
    since: Timestamp,
    now: Timestamp,
) -> Decision {
    let rule = ladder.rule(signal.severity(), &kinds(std::slice::from_ref(signal)), now);
    let deadline_at = after(since, Ladder::wait_after_s(rule, 0));
    let what = What::Opened { signal: Box::new(signal.clone()), deadline_at, drill, split_from: None };
    let callees = rule.map(|rule| rule.step(0).call.clone()).unwrap_or_default();
    let effects = vec![
        Effect::Sound { attention: Attention::Operators },
        Effect::Call { step: 0, callees },
        Effect::Progress { stage: Stage::Received, say: say::opened(signal).into(), at: now },
    ];
    Decision { events: vec![Event { version: 1, at: now, what }], effects }
}

/// One signal more. The same one again is no signal more, also when the incident is long closed.
pub(super) fn joins(
    incident: &Incident,
    signal: &Signal,
    drill: bool,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    if incident.holds(&signal.id) {
        return Ok(Decision::nothing());
    }
    if !incident.is_open() {
        return Err(Refusal::AlreadyClosed);
    }
    if incident.drill != drill {
        return Err(Refusal::Drill);
    }
    let answer_by = answer_by(incident, signal, ladder, now);
    let what = What::SignalJoined { signal: Box::new(signal.clone()), answer_by };
    Ok(Decision::next(incident, now, what, effects(incident, signal, now)))
}

/// Whether somebody has to look at it although the incident is known already: a life may depend on it,
/// or it is worse than anything the incident held so far.
fn is_news(incident: &Incident, signal: &Signal) -> bool {
    let severity = signal.severity();
    severity == Severity::Life || severity > incident.severity
}

/// Until when the holder has to confirm it: each signal has a time of its own.
fn answer_by(incident: &Incident, signal: &Signal, ladder: &Ladder, now: Timestamp) -> Option<Timestamp> {
    match &incident.state {
        State::Claimed { .. } if is_news(incident, signal) => Some(after(now, ladder.answer_s)),
        State::Claimed { .. } | State::Raised { .. } | State::Closed { .. } => None,
    }
}

fn effects(incident: &Incident, signal: &Signal, now: Timestamp) -> Vec<Effect> {
    let sound = is_news(incident, signal).then(|| Effect::Sound { attention: incident.attention() });
    let stage = match &incident.state {
        State::Raised { .. } => Stage::Received,
        State::Claimed { .. } => Stage::Claimed,
        State::Closed { .. } => Stage::Closed,
    };
    let progress = say::joined(incident, signal).map(|say| Effect::Progress {
        stage: incident.stage(stage),
        say: say.into(),
        at: now,
    });
    sound.into_iter().chain(progress).collect()
}
