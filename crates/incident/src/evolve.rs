//! Folds what happened into the incident.
//!
//! Nothing is decided here: no ladder, no clock, no refusal. Whatever is stored can be folded, also when
//! today's rules would not decide it so any more.

mod contact;
mod tasks;
mod unheard;

use crate::ladder::before;
use crate::state::{Closing, Holder, Incident, State, is_cry};
use crate::{AwaitedAnswer, Carries, Contact, Event, PlanMark, PlanOutcome, PlanStep, What};
use model::{
    HandsetId, IncidentId, Remark, Severity, Signal, SignalId, SignalKind, SignedDuration, Timestamp,
};

/// The incident after this event; the first event of a history makes it.
///
/// An event that the incident has seen already changes nothing, so a snapshot may be met by events from
/// before it. Without an incident only [`What::Opened`] makes one.
pub fn evolve(incident: Option<Incident>, event: &Event) -> Option<Incident> {
    match incident {
        None => open(event),
        Some(incident) if event.version <= incident.version => Some(incident),
        Some(mut incident) => {
            apply(&mut incident, event);
            incident.version = event.version;
            Some(incident)
        }
    }
}

fn open(event: &Event) -> Option<Incident> {
    let What::Opened { signal, deadline_at, drill, split_from } = &event.what else { return None };
    // A signal that was split off may have opened an incident before, which has its name for ever.
    let id = match split_from {
        Some(from) => IncidentId::split_off(from, &signal.id),
        None => IncidentId::opened_by(&signal.id),
    };
    Some(Incident {
        id,
        version: event.version,
        drill: *drill,
        resident: signal.resident.clone(),
        handset: signal.handset.clone(),
        severity: signal.severity(),
        state: State::Raised { step: 0 },
        opened_at: event.at,
        deadline_at: Some(*deadline_at),
        signals: vec![signal.as_ref().clone()],
        tasks: Vec::new(),
        is_heard: false,
        seen_in: Vec::new(),
        plan: Vec::new(),
    })
}

fn apply(incident: &mut Incident, event: &Event) {
    match &event.what {
        // Only the first event opens; a second one would have to be another incident's. A relative's answer changes nothing, nor
        // does a return.
        What::Opened { .. } | What::Answered { .. } | What::Returned { .. } => {}
        What::SignalJoined { signal, answer_by, climb } => {
            join(incident, signal, *answer_by);
            if let Some(climb) = climb {
                take_step(incident, climb.step, climb.deadline_at);
            }
        }
        What::Claimed { by, deadline_at, .. } | What::Reopened { by, deadline_at, .. } => {
            held(incident, by, event.at, *deadline_at);
        }
        What::Transferred { to, deadline_at, .. } => transferred(incident, to, event.at, *deadline_at),
        What::Released { deadline_at, .. } => {
            incident.state = State::Raised { step: 0 };
            incident.deadline_at = Some(*deadline_at);
        }
        What::Noted { by, contact, deadline_at, cry, .. } => {
            answered(incident, by, *deadline_at, event.at);
            if contact.is_some() {
                contact::heard(incident);
            }
            if *contact == Some(Contact::Resident) {
                mark(incident, (PlanStep::RingResident, PlanOutcome::Answered), by, cry.as_ref(), event.at);
            }
        }
        What::HandedOver { by, deadline_at, no_contact, .. } => {
            handed_over(incident, by, *deadline_at, *no_contact, event.at);
        }
        What::Confirmed { by, signals, deadline_at } => {
            confirmed(incident, by, signals, *deadline_at, event.at);
        }
        What::StepMarked { by, step, outcome, deadline_at, cry, .. } => {
            answered(incident, by, *deadline_at, event.at);
            if (*step, *outcome) == (PlanStep::RingResident, PlanOutcome::Answered) {
                contact::heard(incident);
            }
            mark(incident, (*step, *outcome), by, cry.as_ref(), event.at);
        }
        What::HolderLost { deadline_at } => holder_lost(incident, *deadline_at),
        What::HolderBack { deadline_at, .. } => holder_back(incident, *deadline_at),
        What::MergedFrom { signals, heard, awaited, .. } => {
            // What only a step that may be taken back made known stays so.
            let (is_heard_in_both, seen_in) = (incident.is_heard && *heard, incident.seen_in.clone());
            for signal in signals {
                join(incident, signal, awaited.get(&signal.id).copied());
            }
            if is_heard_in_both {
                (incident.is_heard, incident.seen_in) = (true, seen_in);
            }
        }
        What::MergedInto { by, into } => merged_into(incident, by, into, event.at),
        What::SplitOff { by, signals, deadline_at, .. } => {
            incident.signals.retain(|signal| !signals.contains(&signal.id));
            judge_anew(incident);
            confirmed(incident, by, signals, *deadline_at, event.at);
        }
        What::Identified { resident, carries, .. } => {
            incident.resident.clone_from(resident);
            if let Some(Carries { handset }) = carries {
                carried(incident, handset.as_ref());
            }
        }
        What::Resolved { by, deadline_at } => {
            answered(incident, by, Some(*deadline_at), event.at);
            if let State::Claimed { resolved, .. } = &mut incident.state {
                *resolved = true;
            }
        }
        What::Dispatched { by, offers, note, answer_by, deadline_at } => {
            answered(incident, by, *deadline_at, event.at);
            mark(incident, (PlanStep::SendStation, PlanOutcome::Done), by, None, event.at);
            incident.tasks.extend(offers.iter().map(|offer| tasks::offered(offer, note, event, *answer_by)));
        }
        What::TaskMoved { .. } => tasks::moved(incident, event),
        What::TaskUndone { task, to, answer_by, .. } => tasks::undone(incident, task, *to, *answer_by, event),
        What::TaskOverdue { task, times, answer_by } => {
            tasks::overdue(incident, task, *times, *answer_by, event);
        }
        What::SaidOnScene { task, said, answer_by, .. } => {
            tasks::on_scene(incident, task, *said, *answer_by, event);
        }
        What::Closed { by, cause, outcome, note, snooze_until } => {
            let (at, by, note, snooze_until) = (event.at, by.clone(), note.clone(), *snooze_until);
            let (cause, outcome) = (cause.clone(), outcome.clone());
            let closing = Closing { at, by, cause, outcome, note, snooze_until, merged_into: None };
            incident.state = State::Closed { closing };
            incident.deadline_at = None;
            contact::settled(incident);
            tasks::all_over(incident, event);
        }
        What::LadderStepped { step, deadline_at } | What::AnswerOverdue { step, deadline_at, .. } => {
            take_step(incident, *step, *deadline_at);
        }
        What::ClockWentBack { by, deadline_at, stamps, .. } => {
            move_clock(incident, *by, *deadline_at, *stamps);
        }
    }
}

/// This account has it, and nothing waits for it yet.
fn held(incident: &mut Incident, username: &str, since: Timestamp, deadline_at: Timestamp) {
    let holder = Holder { username: username.to_owned(), since };
    incident.state = State::Claimed {
        holder,
        answer: None,
        step: 0,
        unheard: false,
        turned_down: Vec::new(),
        lost: false,
        resolved: false,
    };
    incident.deadline_at = Some(deadline_at);
}

/// Out of one hand into the other, who owes all that the one owed and has not looked at it yet.
fn transferred(incident: &mut Incident, to: &str, since: Timestamp, deadline_at: Timestamp) {
    let State::Claimed { holder, answer, step, lost, resolved, .. } = &mut incident.state else { return };
    *holder = Holder { username: to.to_owned(), since };
    if let Some(awaited) = answer {
        awaited.restart(deadline_at);
    }
    (*step, *lost, *resolved) = (0, false, false);
    incident.deadline_at = Some(deadline_at);
}

/// The signal becomes the incident's own. It can only make it graver, never milder, and its deadline
/// only earlier, never later.
fn join(incident: &mut Incident, signal: &Signal, answer_by: Option<Timestamp>) {
    if !signal.cancel {
        incident.severity = incident.severity.max(signal.severity());
    }
    if incident.resident.is_none() {
        incident.resident.clone_from(&signal.resident);
    }
    // A swapped handset that presses is the one in the person's hand.
    let speaks = signal.handset.is_some() && signal.severity() == Severity::Life;
    if speaks || incident.handset.is_none() {
        incident.handset.clone_from(&signal.handset);
    }
    if let (State::Claimed { answer, resolved, .. }, Some(by)) = (&mut incident.state, answer_by) {
        *resolved = false;
        *answer = AwaitedAnswer::and(answer.as_ref(), &signal.id, by);
        incident.deadline_at = incident.deadline_at.map(|deadline| deadline.min(by));
    }
    if is_cry(signal) && !signal.cancel {
        contact::asked_anew(incident);
    }
    incident.signals.push(signal.clone());
}

/// How grave it is and which handset is spoken to, by the signals that are left: as if the others had never joined.
fn judge_anew(incident: &mut Incident) {
    let signals = &incident.signals;
    let counts = |(place, signal): &(usize, &Signal)| *place == 0 || !signal.cancel;
    let gravest = signals.iter().enumerate().filter(counts).map(|(_, signal)| signal.severity()).max();
    let handset = handset_of(signals);
    incident.severity = gravest.unwrap_or(incident.severity);
    incident.handset = handset;
}

/// Whom it is about carries this handset. Calls are about whoever it is about; who pressed, fell or went out does have the handset
/// by which that is known, whoever they are.
fn carried(incident: &mut Incident, handset: Option<&HandsetId>) {
    for signal in &mut incident.signals {
        goes_with(signal, handset);
    }
    let speaks = |signal: &&Signal| signal.kind != SignalKind::Call && signal.severity() == Severity::Life;
    let known_by = incident.signals.iter().rev().filter(speaks).find_map(|signal| signal.handset.clone());
    let is_rung = incident.signals.iter().any(|signal| signal.kind == SignalKind::Call);
    let otherwise = if is_rung { handset.cloned() } else { handset_of(&incident.signals) };
    incident.handset = known_by.or(otherwise);
}

/// A call brings no handset of its own: its handset, and where that was last, are those of whom it is about.
pub(crate) fn goes_with(signal: &mut Signal, handset: Option<&HandsetId>) {
    if signal.kind == SignalKind::Call && signal.handset.as_ref() != handset {
        signal.handset = handset.cloned();
        signal.fix = None;
        signal.remarks.retain(|remark| *remark != Remark::LastKnown);
    }
}

/// That of the newest signal on which a life may depend, else the first there is.
fn handset_of(signals: &[Signal]) -> Option<HandsetId> {
    let speaks = |signal: &&Signal| signal.handset.is_some() && signal.severity() == Severity::Life;
    let newest = signals.iter().rev().find(speaks).and_then(|signal| signal.handset.clone());
    newest.or_else(|| signals.iter().find_map(|signal| signal.handset.clone()))
}

/// An act of the holder carries the next deadline, and nothing but the signals that wait is owed any more; what others do
/// carries none. Over a signal that has waited too long everybody is called until it is confirmed. Who acts for a holder who is gone
/// has not taken it: the holder stays gone, and everybody is called until somebody does.
fn answered(incident: &mut Incident, by: &str, next: Option<Timestamp>, at: Timestamp) {
    let Some(next) = next else { return };
    unheard::heard(incident);
    let State::Claimed { holder, answer, step, lost, .. } = &mut incident.state else { return };
    if *lost && holder.username != by {
        return;
    }
    *lost = false;
    let waits_until = answer.as_ref().map(|awaited| awaited.by);
    if waits_until.is_none_or(|until| until > at) {
        *step = 0;
        incident.deadline_at = Some(waits_until.map_or(next, |until| until.min(next)));
    }
}

/// Signals that the holder has seen wait no more, and each of the others as long as before; with the last of them the
/// ladder rests.
fn confirmed(incident: &mut Incident, by: &str, signals: &[SignalId], next: Timestamp, at: Timestamp) {
    let State::Claimed { answer, .. } = &mut incident.state else { return };
    let is_seen = |awaited: &&AwaitedAnswer| awaited.signals.iter().any(|signal| signals.contains(signal));
    let Some(awaited) = answer.as_ref().filter(is_seen) else { return };
    *answer = awaited.without(signals);
    answered(incident, by, Some(next), at);
}

fn mark(
    incident: &mut Incident,
    (step, outcome): (PlanStep, PlanOutcome),
    by: &str,
    cry: Option<&SignalId>,
    at: Timestamp,
) {
    incident.plan.push(PlanMark { step, outcome, at, by: by.to_owned(), cry: cry.cloned() });
}

/// A service was told. Whoever sees the person speaks for them.
fn handed_over(incident: &mut Incident, by: &str, next: Timestamp, no_contact: bool, at: Timestamp) {
    answered(incident, by, Some(next), at);
    if !no_contact {
        contact::heard(incident);
    }
    mark(incident, (PlanStep::HandOver, PlanOutcome::Done), by, None, at);
}

fn holder_lost(incident: &mut Incident, deadline_at: Timestamp) {
    if let State::Claimed { lost, step, .. } = &mut incident.state {
        *lost = true;
        *step = (*step).max(1);
        incident.deadline_at = Some(deadline_at);
    }
}

fn holder_back(incident: &mut Incident, deadline_at: Timestamp) {
    if let State::Claimed { lost, step, .. } = &mut incident.state {
        *lost = false;
        *step = 0;
        incident.deadline_at = Some(deadline_at);
    }
}

/// It is over, and goes on elsewhere.
fn merged_into(incident: &mut Incident, by: &str, into: &IncidentId, at: Timestamp) {
    let other = || "other".to_owned();
    let note = format!("并入警情 {into}");
    let (cause, outcome, merged_into) = (other(), other(), Some(into.clone()));
    let closing = Closing { at, by: by.to_owned(), cause, outcome, note, snooze_until: None, merged_into };
    incident.state = State::Closed { closing };
    incident.deadline_at = None;
    contact::settled(incident);
}

fn take_step(incident: &mut Incident, taken: u32, deadline_at: Timestamp) {
    match &mut incident.state {
        State::Raised { step } | State::Claimed { step, .. } => {
            *step = taken;
            incident.deadline_at = Some(deadline_at);
        }
        State::Closed { .. } => {}
    }
}

fn move_clock(incident: &mut Incident, by: SignedDuration, deadline_at: Timestamp, stamps: bool) {
    if !incident.is_open() {
        return;
    }
    tasks::clock_went_back(incident, by);
    if stamps {
        move_stamps(incident, by);
    }
    incident.deadline_at = Some(deadline_at);
    if let State::Claimed { answer: Some(awaited), .. } = &mut incident.state {
        awaited.set_back(by);
    }
}

/// What was done is as long ago as it was. By its old time it would pass for an answer to whatever the person asks next.
fn move_stamps(incident: &mut Incident, by: SignedDuration) {
    for mark in &mut incident.plan {
        mark.at = before(mark.at, by);
    }
    for task in &mut incident.tasks {
        task.since = before(task.since, by);
    }
}
