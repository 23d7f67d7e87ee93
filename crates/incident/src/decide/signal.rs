//! A signal opens an incident, or joins the open one.

use crate::effect::{Effect, Stage};
use crate::ladder::{after, kinds};
use crate::{Attention, Climb, Decision, Event, Incident, Ladder, Refusal, State, What, say};
use model::{Severity, Signal, SignalKind, Timestamp};

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
    let effects = vec![
        Effect::Sound { attention: Attention::Operators },
        Effect::Call { step: 0, callees: Ladder::first_calls(rule, 0) },
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
    let (what, call) = joined(incident, signal, signal.received_at.min(now), ladder, now);
    let [sound, progress] = heard(incident, signal, now);
    let effects = sound.into_iter().chain(call).chain(progress).collect();
    Ok(Decision::next(incident, now, what, effects))
}

/// What the incident becomes by a signal whose time counts from `since`, and whom the ladder calls about it.
pub(crate) fn joined(
    incident: &Incident,
    signal: &Signal,
    since: Timestamp,
    ladder: &Ladder,
    now: Timestamp,
) -> (What, Option<Effect>) {
    let answer_by = answer_by(incident, signal, ladder, since);
    let (climb, call) = climb(incident, signal, since, ladder, now).unzip();
    (What::SignalJoined { signal: Box::new(signal.clone()), answer_by, climb }, call)
}

/// What joins that nobody has, and is graver or has another rule, need not wait as long as what was there: the ladder goes on no
/// later than if it had opened an incident of its own, and what the rule calls at once is called. Whoever was called stays so,
/// but the rule's steps are climbed from its second one, since none of them was taken yet.
fn climb(
    incident: &Incident,
    signal: &Signal,
    since: Timestamp,
    ladder: &Ladder,
    now: Timestamp,
) -> Option<(Climb, Effect)> {
    let State::Raised { step: taken } = incident.state else { return None };
    if signal.cancel || !is_news(incident, signal) {
        return None;
    }
    let severity = incident.severity.max(signal.severity());
    let all: Vec<SignalKind> = kinds(&incident.signals).into_iter().chain([signal.kind]).collect();
    let (before, rule) = (ladder.rule_of(incident, now), ladder.rule(severity, &all, now));
    if rule == before && severity == incident.severity {
        return None;
    }
    let first = taken.min(1);
    let step = if rule == before { taken } else { first };
    let due = after(since, Ladder::wait_after_s(rule, first));
    let deadline_at = incident.deadline_at.map_or(due, |deadline| deadline.min(due));
    let call = Effect::Call { step: first, callees: Ladder::first_calls(rule, first) };
    Some((Climb { step, deadline_at }, call))
}

/// Whether somebody has to look at it although the incident is known already: a life may depend on it,
/// or it is worse than anything the incident held so far.
pub(crate) fn is_news(incident: &Incident, signal: &Signal) -> bool {
    let severity = signal.severity();
    severity == Severity::Life || severity > incident.severity
}

/// Until when the holder has to confirm it: each signal has a time of its own, from the moment in which it reached us.
fn answer_by(incident: &Incident, signal: &Signal, ladder: &Ladder, since: Timestamp) -> Option<Timestamp> {
    match &incident.state {
        State::Claimed { .. } if is_news(incident, signal) => Some(after(since, ladder.answer_s)),
        State::Claimed { .. } | State::Raised { .. } | State::Closed { .. } => None,
    }
}

/// What the desk hears, and the person.
fn heard(incident: &Incident, signal: &Signal, now: Timestamp) -> [Option<Effect>; 2] {
    let sound = is_news(incident, signal).then(|| Effect::Sound { attention: incident.attention() });
    let progress = say::joined(incident, signal).map(|say| Effect::Progress {
        stage: incident.stage(incident.desk_stage()),
        say: say.into(),
        at: now,
    });
    [sound, progress]
}
