//! Two incidents that are one matter, and one that is two.
//!
//! Both move in one transaction, each by an event of its own that names the other, so that the history of neither is
//! rewritten and each can be folded by itself.

use crate::decide::{Seen, is_news, joined, opens, shows_up};
use crate::effect::Effect;
use crate::evolve::goes_with;
use crate::ladder::after;
use crate::{Decision, Event, Holder, Incident, Ladder, Refusal, TaskState, What, evolve, say};
use model::{HandsetId, ResidentId, Signal, SignalId, Timestamp};
use std::collections::BTreeMap;

/// What a merging does to both.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// To the one that goes on.
    pub into: Decision,
    /// To the one that ends in it.
    pub from: Decision,
}

/// What a splitting does.
#[derive(Debug, Clone, PartialEq)]
pub struct Parted {
    /// To the incident that loses signals.
    pub off: Decision,
    /// What opens the one that gets them.
    pub opened: Decision,
}

/// Who does it, and what they saw.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    /// The account.
    pub by: &'a str,
    /// Whether the account may do so with what another holds.
    pub role_may_override: bool,
    /// The version that was seen of the incident that goes on.
    pub expected_version: Option<u64>,
}

/// One incident ends in another of the same person. The signals go on in the other one; nothing is lost of either. What waits to
/// be confirmed waits on, and what comes to a holder who has not had it sounds like what joins.
pub fn merge(
    into: &Incident,
    from: &Incident,
    hand: Hand<'_>,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Merged, Refusal> {
    let (into, holder) = held(into, hand)?;
    if !from.is_open() {
        return Err(Refusal::AlreadyClosed);
    }
    if let Some(holder) = from.holder().filter(|holder| holder.username != hand.by && !hand.role_may_override)
    {
        return Err(Refusal::NotHolder { holder: holder.clone() });
    }
    let both = into.resident.as_ref().zip(from.resident.as_ref());
    if from.id == into.id || from.drill != into.drill || both.is_some_and(|(one, other)| one != other) {
        return Err(Refusal::AnotherMatter);
    }
    if from.is_any(TaskState::is_live) {
        return Err(Refusal::TasksOpen);
    }
    let by = hand.by.to_owned();
    let signals: Vec<Signal> =
        from.signals.iter().filter(|signal| !into.holds(&signal.id)).cloned().collect();
    let awaited = awaited((into, holder), from, &signals, hand.by, after(now, ladder.answer_s));
    let sound = (!awaited.is_empty()).then(|| Effect::Sound { attention: into.attention() });
    let (id, heard) = (from.id.clone(), from.is_heard);
    let gained = What::MergedFrom { by: by.clone(), from: id, signals, heard, awaited };
    // The handset of the one that ends follows its own incident: it must not take the end for the end of help.
    let say = if into.is_holder_lost() { say::HOLDER_LOST } else { say::CLAIMED };
    let progress = Effect::Progress { stage: into.stage(into.desk_stage()), say: say.into(), at: now };
    Ok(Merged {
        into: Decision::next(into, now, gained, sound.into_iter().collect()),
        from: Decision::next(from, now, What::MergedInto { by, into: into.id.clone() }, vec![progress]),
    })
}

/// Until when the holder has to confirm each of these signals, where it has to be. What waited before waits no longer than it
/// would have; what the holder has had neither by doing this nor in the other incident is news.
fn awaited(
    (into, holder): (&Incident, &Holder),
    from: &Incident,
    signals: &[Signal],
    by: &str,
    news_by: Timestamp,
) -> BTreeMap<SignalId, Timestamp> {
    let had_it = holder.username == by || from.holder().is_some_and(|had| had.username == holder.username);
    let until = |signal: &Signal| {
        let waiting = from.answer().filter(|waiting| waiting.signals.contains(&signal.id));
        let before = waiting.map(|waiting| waiting.until(&signal.id));
        let news = (!had_it && is_news(into, signal)).then_some(news_by);
        before.into_iter().chain(news).min()
    };
    signals.iter().filter_map(|signal| Some((signal.id.clone(), until(signal)?))).collect()
}

/// Signals that are about somebody else get an incident of their own, which nobody has: it sounds until somebody takes it.
/// The signal that opened the incident stays, since it is what the incident is named after. Whom they are about comes with the
/// handset that they carry, each where known.
pub fn split(
    incident: &Incident,
    signals: &[SignalId],
    (resident, handset): (Option<&ResidentId>, Option<&HandsetId>),
    hand: Hand<'_>,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Parted, Refusal> {
    let (incident, _) = held(incident, hand)?;
    if signals.is_empty() {
        return Err(Refusal::Missing { field: "signals" });
    }
    if signals.iter().any(|signal| !incident.holds(signal)) {
        return Err(Refusal::NoSignal);
    }
    if resident == incident.resident.as_ref() {
        return Err(Refusal::SamePerson);
    }
    let goes = |signal: &&Signal| signals.contains(&signal.id);
    let mut moved = incident.signals.iter().filter(goes);
    let stays = incident.signals.first().filter(|first| !signals.contains(&first.id));
    let (Some(first), Some(_)) = (moved.next(), stays) else { return Err(Refusal::OpeningSignal) };
    let about = |signal: &Signal| {
        let mut signal = Signal { resident: resident.cloned(), ..signal.clone() };
        goes_with(&mut signal, handset);
        signal
    };
    // Somebody has had them until now: the ladder begins with the splitting.
    let mut opened = opens(&about(first), incident.drill, ladder, now, now);
    if let Some(What::Opened { split_from, .. }) = opened.events.first_mut().map(|event| &mut event.what) {
        *split_from = Some(incident.id.clone());
    }
    let mut whole = opened.events.iter().fold(None, evolve);
    for signal in moved {
        let Some(incident) = &whole else { break };
        let (what, call) = joined(incident, &about(signal), now, ladder, now);
        let event = Event { version: incident.version.saturating_add(1), at: now, what };
        whole = evolve(whole, &event);
        opened.events.push(event);
        opened.effects.extend(call);
    }
    let what = What::SplitOff {
        by: hand.by.to_owned(),
        signals: signals.to_vec(),
        into: model::IncidentId::split_off(&incident.id, &first.id),
        deadline_at: after(now, ladder.follow_up_s),
    };
    let mut off = Decision::next(incident, now, what, Vec::new());
    let after = off.events.iter().fold(Some(incident.clone()), evolve);
    // What did not wait for the holder says nothing of them.
    if after.is_some_and(|after| !after.is_holder_lost()) {
        off.effects.extend(shows_up(incident, hand.by, now));
    }
    Ok(Parted { off, opened })
}

fn held<'a>(incident: &'a Incident, hand: Hand<'_>) -> Result<(&'a Incident, &'a Holder), Refusal> {
    let seen = Seen { incident, expected_version: hand.expected_version };
    seen.held(hand.by, hand.role_may_override)
}
