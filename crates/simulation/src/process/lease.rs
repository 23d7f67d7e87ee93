//! A claim is a lease: a holder whom nobody has seen at the desk for a minute is missed, and is back when they are.

use crate::{
    agenda::{Happening, Life},
    chance::{Micros, S},
    sabotage::Sabotage,
    world::{World, micros, stamp},
};
use incident::{Command, Incident, last_seen};
use model::Timestamp;

/// After so long a holder is missed.
pub(crate) const MISSED_AFTER: Micros = incident::MISSED_AFTER.as_secs() * S;
/// It is looked this often.
const LOOK_EVERY: Micros = 2 * S;
/// And here at least this often while it matters: a clock may have been set meanwhile.
const LOOK_AT_LEAST_EVERY: Micros = 10 * S;

impl World {
    /// Plans when a process will find that somebody is missed or back.
    pub(super) fn plan_miss(&mut self, process: usize) {
        if self.options.sabotage == Some(Sabotage::LeaseForever) {
            return;
        }
        let Some(due) = self.next_miss(process) else { return };
        let at = due.clamp(self.now, self.now + LOOK_AT_LEAST_EVERY) + self.chance.between(1, LOOK_EVERY);
        let now = self.now;
        let Some(found) = self.processes.get_mut(process).filter(|process| process.is_alive) else { return };
        if found.miss_planned.is_none_or(|planned| planned > at || planned < now) {
            found.miss_planned = Some(at);
            let life = found.life(process);
            self.plan_at(at, Happening::Miss { life });
        }
    }

    /// When the next holder is missed, or back.
    fn next_miss(&self, process: usize) -> Option<Micros> {
        self.store
            .open_ids()
            .filter_map(|id| self.turns_at(process, &self.store.incidents.get(id)?.incident))
            .min()
    }

    /// When it is seen by this process that the holder is gone or back; never, if nothing changes.
    fn turns_at(&self, process: usize, incident: &Incident) -> Option<Micros> {
        let holder = incident.holder()?;
        match (incident.is_holder_lost(), self.is_there(&holder.username)) {
            (true, true) => Some(self.now),
            (false, true) if self.options.sabotage == Some(Sabotage::HolderMissedAtOnce) => Some(self.now),
            (false, false) => Some(self.missed_at(process, &holder.username, holder.since)),
            (true, false) | (false, true) => None,
        }
    }

    /// By the stamps that the process finds and its own clock, as the engine reads them.
    fn missed_at(&self, process: usize, username: &str, since: Timestamp) -> Micros {
        let Some(found) = self.processes.get(process) else { return Micros::MAX };
        let believes_all = self.options.sabotage == Some(Sabotage::LeaseByOldClock);
        let now = if believes_all { Timestamp::MAX } else { self.clock(process) };
        let seen = self.store.seen.get(username).copied();
        let began = stamp(found.started_at + found.ahead);
        micros(last_seen(seen, since, began, now)) - found.ahead + MISSED_AFTER
    }

    /// Whether somebody's screen is up.
    pub(crate) fn is_there(&self, username: &str) -> bool {
        self.people.iter().any(|person| person.name == username && person.at.is_some())
    }

    pub(crate) fn miss(&mut self, life: Life) {
        let is_serving = self.is_serving(life);
        let back = self.back_at(life.process);
        if let Some(process) = self.processes.get_mut(life.process) {
            process.miss_planned = None;
        }
        if !is_serving {
            let at = self.now + back;
            if let Some(process) = self.processes.get_mut(life.process) {
                process.miss_planned = Some(at);
            }
            return self.plan_at(at, Happening::Miss { life });
        }
        for incident in self.store.open_incidents() {
            let is_due = self.turns_at(life.process, &incident).is_some_and(|at| at <= self.now);
            let Some(holder) = incident.holder().filter(|_| is_due) else { continue };
            let command = if incident.is_holder_lost() {
                Command::HolderBack { by: holder.username.clone() }
            } else {
                Command::HolderLost
            };
            self.fire(life, &incident, command);
        }
        // What was decided now is on disk in a moment; what comes later is looked for then.
        let soon = (self.now + LOOK_EVERY, self.now + LOOK_AT_LEAST_EVERY);
        let next = self.next_miss(life.process).map(|due| due.clamp(soon.0, soon.1));
        if let (Some(at), Some(process)) = (next, self.processes.get_mut(life.process)) {
            process.miss_planned = Some(at);
            self.plan_at(at, Happening::Miss { life });
        }
    }

    /// Somebody's screen is gone: when they were last seen is on record, by the clock of the process that saw them.
    pub(crate) fn leaves(&mut self, person: usize) {
        let Some(found) = self.people.get_mut(person) else { return };
        let Some(life) = found.at.take() else { return };
        found.left_at = self.now;
        let name = found.name.clone();
        let at = self.clock(life.process);
        self.store.seen.insert(name, at);
        for process in 0..self.processes.len() {
            self.plan_miss(process);
        }
    }
}
