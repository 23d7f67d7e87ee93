//! The desk of a process: load → decide → one transaction. Signals join the open incident of their subject or open one,
//! deadlines fire, people act.

use super::{Job, working::Working};
use crate::{
    agenda::{Happening, Life},
    chance::{MS, Micros},
    people::{Request, Wish},
    sabotage::Sabotage,
    store::{CommitDesk, Subject, Unread, subject_of},
    world::World,
};
use incident::{Command, Effect, Incident, Refusal, Stage, State};
use model::SignedDuration;
use std::{collections::BTreeMap, rc::Rc};

/// Everybody who follows a log looks into it this often, hint or no hint.
const POLL_EVERY: Micros = 250 * MS;
/// Signals decided on in one transaction.
const SIGNALS_AT_ONCE: usize = 64;
const DUE_AT_ONCE: usize = 200;

impl World {
    /// Plans what a process will find at its next look.
    pub(crate) fn plan_looks(&mut self, process: usize) {
        let wait = self.chance.between(1, POLL_EVERY);
        let due = self.store.next_due();
        let (has_unread, shown_to) = (self.store.has_unread(), self.store.log.len());
        let follows = has_unread && self.options.sabotage != Some(Sabotage::SignalsForgotten);
        let Some(found) = self.processes.get_mut(process).filter(|process| process.is_alive) else { return };
        let life = found.life(process);
        let mut plans = Vec::new();
        if follows && !std::mem::replace(&mut found.planned.follow, true) {
            plans.push((self.now + wait, Happening::Follow { life }));
        }
        if found.shown < shown_to && !std::mem::replace(&mut found.planned.show, true) {
            plans.push((self.now + wait, Happening::Show { life }));
        }
        if let Some(due) = due {
            let at = (crate::world::micros(due) - found.ahead).max(self.now) + wait;
            if found.look_planned.is_none_or(|planned| planned > at || planned < self.now) {
                found.look_planned = Some(at);
                plans.push((at, Happening::Look { life }));
            }
        }
        for (at, what) in plans {
            self.plan_at(at, what);
        }
        self.plan_ring(process);
        self.plan_call_out(process);
        self.plan_miss(process);
    }

    pub(crate) fn follow(&mut self, life: Life) {
        let is_serving = self.is_serving(life);
        let back = self.back_at(life.process);
        let Some(process) = self.processes.get_mut(life.process) else { return };
        process.planned.follow = !is_serving;
        if !is_serving {
            return self.plan_in(back, Happening::Follow { life });
        }
        let Some(mut commit) = self.place(life) else { return };
        if self.options.sabotage == Some(Sabotage::CursorFirst) {
            let cursor = commit.cursor.take();
            self.try_commit(life, &CommitDesk { cursor, ..CommitDesk::default() }).ok();
        }
        self.enqueue(life, Job::Place(commit));
    }

    /// Places the signals in the transaction that brings them.
    pub(super) fn place_at_once(&mut self, life: Life) {
        if let Some(commit) = self.place(life) {
            self.try_commit(life, &commit).ok();
        }
    }

    /// What becomes of the signals that wait in the log.
    fn place(&mut self, life: Life) -> Option<CommitDesk> {
        let now = self.clock(life.process);
        let unread = self.store.unread(SIGNALS_AT_ONCE);
        let from = self.store.cursor;
        let to = from + unread.len();
        let mut cases: BTreeMap<Subject, Working> = BTreeMap::new();
        for Unread { signal, is_drill, opens, open } in unread {
            let subject = (subject_of(&signal), is_drill);
            let case = cases.entry(subject).or_insert_with(|| Working::on(open.as_ref()));
            if case.incident.is_none() && !opens {
                continue;
            }
            let signal = Box::new(signal);
            let command = if is_drill { Command::Drill(signal) } else { Command::Signal(signal) };
            let refused = case.give(command, None, &self.ladder, now);
            if let Err(refusal) = refused {
                self.fail("every press in exactly one incident", format!("the engine refuses it: {refusal}"));
            }
        }
        let changes = cases.into_values().filter_map(Working::into_change).collect();
        (to > from).then_some(CommitDesk { changes, cursor: Some((from, to)), ..CommitDesk::default() })
    }

    pub(crate) fn look(&mut self, life: Life) {
        let is_serving = self.is_serving(life);
        let back = self.back_at(life.process);
        let next = self.now + if is_serving { POLL_EVERY } else { back };
        let now = self.clock(life.process);
        let Some(process) = self.processes.get_mut(life.process) else { return };
        // Looks again at what is still due then: an answer may come in between, or nothing at all.
        process.look_planned = Some(next);
        self.plan_at(next, Happening::Look { life });
        if !is_serving {
            return;
        }
        let due = self.store.due(now, DUE_AT_ONCE);
        if due.is_empty() {
            if let Some(process) = self.processes.get_mut(life.process) {
                process.look_planned = None;
            }
            return self.plan_looks(life.process);
        }
        for incident in due {
            if self.is_forgotten(life, &incident) {
                continue;
            }
            self.fire(life, &incident, Command::DeadlinePassed);
        }
    }

    pub(super) fn fire(&mut self, life: Life, incident: &Rc<Incident>, command: Command) {
        let now = self.clock(life.process);
        let mut working = Working::on(Some(incident));
        if let Err(refusal) = working.give(command, None, &self.ladder, now) {
            return self.fail("a running deadline", format!("a deadline is refused: {refusal}"));
        }
        self.break_on_purpose(&mut working, incident, now);
        if let Some(change) = working.into_change() {
            self.ring_too_early(&change.effects);
            self.enqueue(life, Job::Fire(CommitDesk { changes: vec![change], ..CommitDesk::default() }));
        }
    }

    /// Somebody came back within a fence.
    pub(crate) fn return_within(&mut self, life: Life, incident: &Rc<Incident>, of: incident::Return) {
        self.fire(life, incident, Command::Returned(Box::new(of)));
    }

    fn break_on_purpose(&mut self, working: &mut Working, incident: &Incident, now: model::Timestamp) {
        match self.options.sabotage {
            Some(Sabotage::SilentLadder) => {
                working.effects().retain(|due| !matches!(due.effect, Effect::Progress { .. }));
            }
            Some(Sabotage::KindLies) => {
                for due in working.effects() {
                    if let Effect::Progress { stage: stage @ Stage::Received, .. } = &mut due.effect {
                        *stage = Stage::Claimed;
                    }
                }
            }
            Some(Sabotage::WordsLie) => {
                for due in working.effects() {
                    if let Effect::Progress { stage: Stage::Received, say, .. } = &mut due.effect {
                        incident::say::CLAIMED.clone_into(say);
                    }
                }
            }
            Some(Sabotage::ClosedByTime) if matches!(incident.state, State::Raised { step } if step > 3) => {
                let by = "the platform".to_owned();
                let claim = Command::Claim { by: by.clone() };
                let close = crate::people::close(&by, true);
                for command in [claim, close] {
                    working.give(command, None, &self.ladder, now).ok();
                }
            }
            _ => {}
        }
    }

    fn is_forgotten(&self, life: Life, incident: &Incident) -> bool {
        let process = self.processes.get(life.process);
        self.options.sabotage == Some(Sabotage::DeadlinesInMemory)
            && !process.is_some_and(|process| process.timers.contains(&incident.id))
    }

    pub(super) fn remember_timers(&mut self, life: Life, commit: &CommitDesk) {
        if self.options.sabotage == Some(Sabotage::DeadlinesInMemory)
            && let Some(process) = self.processes.get_mut(life.process)
        {
            process.timers.extend(commit.changes.iter().map(|change| change.incident.id.clone()));
        }
    }

    /// A person's request, as the route of the desk does it.
    pub(crate) fn act(&mut self, life: Life, request: &Rc<Request>, tries: u32) {
        if let Some(done) = self.store.done_under(request.key) {
            return self.done(request, done.version, &done.id);
        }
        let Some(incident) = self.store.incident(&request.incident) else { return };
        let now = self.clock(life.process);
        let command = match &request.wish {
            Wish::Command(command) => (**command).clone(),
            Wish::Merge { from } => return self.merge(life, (request, tries), &incident, from),
            Wish::Split { signals, resident, handset } => {
                let whom = (resident.as_ref(), handset.as_ref());
                return self.split(life, (request, tries), &incident, (signals.as_slice(), whom));
            }
            Wish::Locate => return self.locate(life, request, &incident),
        };
        let mut working = Working::on(Some(&incident));
        let expected = Some(request.expected_version);
        match working.give(command, expected, &self.ladder, now) {
            Ok(()) => {}
            Err(refusal) => return self.refused(request, &incident, &refusal),
        }
        if self.options.sabotage == Some(Sabotage::NextStationForgotten) {
            working.effects().retain(|due| due.effect != Effect::NextStation);
        }
        let Some(change) = working.into_change() else { return };
        self.ring_too_early(&change.effects);
        let commit = CommitDesk { changes: vec![change], key: Some(request.key), ..CommitDesk::default() };
        self.enqueue(life, Job::Act { request: Rc::clone(request), commit, tries });
    }

    /// Who is refused because somebody has it is told who.
    pub(super) fn refused(&mut self, request: &Request, incident: &Incident, refusal: &Refusal) {
        self.stats.refusals += 1;
        self.note(|| format!("{} is refused: {refusal}", request.what));
        if matches!(refusal, Refusal::AlreadyClaimed { .. }) && refusal.holder() != incident.holder() {
            self.fail("never two holders", format!("{refusal}, but that is not the holder"));
        }
    }

    /// At a start whose clock is behind the last moment on record: what was left of a deadline is left of it now.
    pub(super) fn keep_what_was_left(&mut self, life: Life) {
        let now = self.clock(life.process);
        let Some(last) = self.store.last_alive() else { return };
        let by = last.duration_since(now);
        let went_back = by > SignedDuration::from_secs(2);
        if self.options.sabotage == Some(Sabotage::ClockIgnored) {
            return;
        }
        if went_back {
            self.note(|| format!("the clock went back by {} s", by.as_secs()));
            for incident in self.store.open_incidents() {
                let mut working = Working::on(Some(&incident));
                working.give(Command::ClockWentBack { by }, None, &self.ladder, now).ok();
                let changes: Vec<_> = working.into_change().into_iter().collect();
                self.try_commit(life, &CommitDesk { changes, ..CommitDesk::default() }).ok();
            }
        }
        self.store.resume(last, now);
    }
}
