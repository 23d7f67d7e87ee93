//! What a command means to an incident as it stands: one file for each command.
//!
//! A person's act is checked in the same order everywhere: is it over already, was it given on the
//! present version, may this person do it to this incident, is everything said that has to be.

mod answer;
mod claim;
mod clock;
mod close;
mod confirm;
mod deadline;
mod dispatch;
mod hand_over;
mod identify;
mod link;
mod note;
mod plan;
mod release;
mod reopen;
mod resolve;
mod returned;
mod signal;
mod task;
mod transfer;

pub(crate) use link::shows_up;
pub(crate) use signal::{is_news, joined, opens};
pub(crate) use task::{stage_of, taken_back};

use crate::{Command, Decision, Holder, Incident, Ladder, Refusal, evolve};
use model::Timestamp;

/// What happens to the incident (none yet, if no signal has opened it), and what to do about it.
///
/// `expected_version` is what the person saw who acts; it counts for claim, release, note and close.
/// Signals and time do not look at an incident before they come, so for them it is not read.
pub fn decide(
    incident: Option<&Incident>,
    command: &Command,
    expected_version: Option<u64>,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let Some(incident) = incident else { return without_incident(command, ladder, now) };
    let seen = Seen { incident, expected_version };
    match command {
        Command::Signal(signal) => signal::joins(incident, signal, false, ladder, now),
        Command::Drill(signal) => signal::joins(incident, signal, true, ladder, now),
        Command::Claim { by } => claim::claim(&seen, by, ladder, now),
        Command::Release { by, role_may_override, reason } => {
            release::release(&seen, by, *role_may_override, reason, ladder, now)
        }
        Command::Note { by, text, contact } => note::note(&seen, by, text, *contact, ladder, now),
        Command::Close { by, role_may_override, cause, outcome, note, snooze_until } => {
            let reasons = close::Reasons { cause, outcome, note, snooze_until: *snooze_until };
            close::close(&seen, by, *role_may_override, &reasons, now)
        }
        Command::Confirm { by, role_may_override, signals } => {
            confirm::confirm(&seen, by, *role_may_override, signals, ladder, now)
        }
        Command::MarkStep { by, step, outcome, text } => {
            plan::mark(&seen, by, (*step, *outcome), text, ladder, now)
        }
        Command::Answer { by, answer, text } => answer::answer(incident, by, *answer, text, now),
        Command::Returned(of) => Ok(returned::returned(incident, of, now)),
        Command::HolderLost => Ok(link::lost(incident, ladder, now)),
        Command::HolderBack { by } => Ok(link::back(incident, by, ladder, now)),
        Command::Dispatch { by, role_may_override, stations, note } => {
            dispatch::dispatch(&seen, by, *role_may_override, stations, note, ladder, now)
        }
        Command::Task { task, seen: version, act, by, on_behalf, words } => {
            let word = task::Word { act: *act, by, on_behalf: *on_behalf, words: words.trim() };
            task::moves(incident, task, *version, &word, ladder, now)
        }
        Command::DispatchByLadder { station } => dispatch::by_ladder(incident, station, ladder, now),
        Command::UndoTask { task, seen: version, by } => {
            task::undo(incident, task, *version, by, ladder, now)
        }
        Command::SayOnScene { task, said, by, words } => {
            task::says(incident, task, *said, (by, words.trim()), ladder, now)
        }
        Command::Transfer { by, role_may_override, to } => {
            transfer::transfer(&seen, by, *role_may_override, to, ladder, now)
        }
        Command::HandOver { by, role_may_override, to, words } => {
            hand_over::hand_over(&seen, by, *role_may_override, *to, words, ladder, now)
        }
        Command::Identify { by, resident, handset } => {
            identify::identify(&seen, by, resident.as_ref(), handset.as_ref(), now)
        }
        Command::Resolve { by, role_may_override } => {
            resolve::resolve(&seen, by, *role_may_override, ladder, now)
        }
        Command::Reopen { by, reason } => reopen::reopen(&seen, by, reason, ladder, now),
        Command::DeadlinePassed => Ok(deadline::passed(incident, ladder, now)),
        Command::ClockWentBack { by } => Ok(clock::went_back(incident, *by, now)),
    }
}

/// Decides, and folds what was decided into the incident. A refusal leaves it untouched.
pub fn step(
    incident: &mut Option<Incident>,
    command: &Command,
    expected_version: Option<u64>,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let decision = decide(incident.as_ref(), command, expected_version, ladder, now)?;
    for event in &decision.events {
        *incident = evolve(incident.take(), event);
    }
    Ok(decision)
}

fn without_incident(command: &Command, ladder: &Ladder, now: Timestamp) -> Result<Decision, Refusal> {
    match command {
        Command::Signal(signal) => Ok(signal::arrives(signal, false, ladder, now)),
        Command::Drill(signal) => Ok(signal::arrives(signal, true, ladder, now)),
        Command::Claim { .. }
        | Command::Release { .. }
        | Command::Note { .. }
        | Command::Close { .. }
        | Command::Confirm { .. }
        | Command::MarkStep { .. }
        | Command::Answer { .. }
        | Command::Returned(_)
        | Command::HolderLost
        | Command::HolderBack { .. }
        | Command::Dispatch { .. }
        | Command::DispatchByLadder { .. }
        | Command::UndoTask { .. }
        | Command::SayOnScene { .. }
        | Command::Task { .. }
        | Command::Transfer { .. }
        | Command::HandOver { .. }
        | Command::Identify { .. }
        | Command::Resolve { .. }
        | Command::Reopen { .. }
        | Command::DeadlinePassed
        | Command::ClockWentBack { .. } => Err(Refusal::NoIncident),
    }
}

/// An incident, and the version of it that the acting person saw.
pub(crate) struct Seen<'a> {
    pub(crate) incident: &'a Incident,
    pub(crate) expected_version: Option<u64>,
}

impl<'a> Seen<'a> {
    /// The incident, if it is still open and was seen as it is.
    fn open(&self) -> Result<&'a Incident, Refusal> {
        if self.incident.is_open() { self.current() } else { Err(Refusal::AlreadyClosed) }
    }

    /// The incident, if it was seen as it is.
    fn current(&self) -> Result<&'a Incident, Refusal> {
        match self.expected_version {
            Some(expected) if expected != self.incident.version => Err(Refusal::Conflict {
                holder: self.incident.holder().cloned(),
                version: self.incident.version,
            }),
            Some(_) | None => Ok(self.incident),
        }
    }

    /// The open incident with its holder, if this account may act in the holder's place.
    pub(crate) fn held(
        &self,
        by: &str,
        role_may_override: bool,
    ) -> Result<(&'a Incident, &'a Holder), Refusal> {
        let incident = self.open()?;
        let holder = incident.holder().ok_or(Refusal::NotClaimed)?;
        if holder.username == by || role_may_override {
            Ok((incident, holder))
        } else {
            Err(Refusal::NotHolder { holder: holder.clone() })
        }
    }
}
