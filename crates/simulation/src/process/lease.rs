//! A claim is a lease: a holder whom nobody has seen at the desk for a minute is missed, and is back when they are.

use crate::{
    agenda::{Happening, Life},
    chance::{Micros, S},
    sabotage::Sabotage,
    world::{World, micros},
};
use incident::{Command, Incident, Trace};
use model::IncidentId;

/// After so long a holder is missed.
pub(crate) const MISSED_AFTER: Micros = incident::MISSED_AFTER.as_secs() * S;
/// It is looked this often.
const LOOK_EVERY: Micros = 2 * S;

impl World {
    /// Plans when a process will find that somebody is missed or back.
    pub(super) fn plan_miss(&mut self, process: usize) {
        if self.options.sabotage == Some(Sabotage::LeaseForever) {
            return;
        }
        let Some(found) = self.processes.get(process).filter(|found| found.is_alive) else { return };
        let due = if found.serves(self.now) {
            self.next_miss(process)
        } else {
            Some(self.now + self.back_at(process))
        };
        let Some(due) = due else { return };
        let at = due.max(self.now) + self.chance.between(1, LOOK_EVERY);
        let now = self.now;
        let Some(found) = self.processes.get_mut(process) else { return };
        if found.miss_planned.is_none_or(|planned| planned > at || planned < now) {
            found.miss_planned = Some(at);
            let life = found.life(process);
            self.plan_at(at, Happening::Miss { life });
        }
    }

    /// When the next holder is missed, or back.
    fn next_miss(&mut self, process: usize) -> Option<Micros> {
        let held = self.store.open_incidents();
        held.iter().filter_map(|incident| self.turns_at(process, incident)).min()
    }

    /// When it is seen by this process that the holder is gone or back; never, if nothing changes.
    fn turns_at(&mut self, process: usize, incident: &Incident) -> Option<Micros> {
        let holder = incident.holder()?;
        match (incident.is_holder_lost(), self.is_there(&holder.username)) {
            (true, true) => Some(self.now),
            (false, true) if self.options.sabotage == Some(Sabotage::HolderMissedAtOnce) => Some(self.now),
            (false, false) => {
                let seen = self.store.seen.get(&holder.username).copied();
                Some(self.missed_at(process, &incident.id, Trace { since: holder.since, seen }))
            }
            (true, false) | (false, true) => None,
        }
    }

    /// By what the process noticed itself, as the engine does; its clock runs like any other, however far it is off.
    fn missed_at(&mut self, process: usize, id: &IncidentId, trace: Trace) -> Micros {
        let (now, clock) = (self.now, self.clock(process));
        let believes_stamps = self.options.sabotage == Some(Sabotage::LeaseByOldClock);
        let Some(found) = self.processes.get_mut(process) else { return Micros::MAX };
        let last = found.leases.last_seen(id, trace, clock);
        let last = if believes_stamps { trace.since.max(trace.seen.unwrap_or(trace.since)) } else { last };
        now + micros(last) - micros(clock) + MISSED_AFTER
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
        let soon = self.now + LOOK_EVERY;
        let next = self.next_miss(life.process).map(|due| due.max(soon));
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
