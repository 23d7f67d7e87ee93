//! How processes start, die, and what breaks round them.

use crate::{
    agenda::{Happening, Life},
    chance::{Micros, S},
    world::World,
};

/// Something that breaks.
type Fault = fn(&mut World);

/// What can break: how the table calls it, how often compared with the others, and how.
const FAULTS: &[(&str, u32, Fault)] = &[
    ("a process dies", 5, World::one_dies),
    ("a process stands still", 3, World::one_stalls),
    ("a process is cut off", 3, World::one_is_cut_off),
    ("the store is away", 2, World::store_goes_away),
    ("a handset is cut off", 4, World::handset_is_cut_off),
    ("no handset has network", 1, World::network_is_down),
    ("the gateway is down", 2, World::gateway_is_down),
    ("another clock", 2, World::machine_is_restarted_with_another_clock),
    ("a person goes away", 3, World::person_goes_away),
    ("a handset changes hands", 1, World::handset_changes_hands),
];
/// How many kinds of faults there are.
pub(crate) const FAULT_KINDS: usize = FAULTS.len();

/// What the kinds of faults are called, in the order of [`Stats::faults`](crate::Stats::faults).
pub fn fault_names() -> impl Iterator<Item = &'static str> {
    FAULTS.iter().map(|(name, ..)| *name)
}

/// The pulse is written this often; the last one may be so old.
const PULSE_EVERY: Micros = 5 * S;

impl World {
    pub(crate) fn fault(&mut self) {
        if self.plan.fault_every == 0 {
            return;
        }
        if let Some(index) = self.chance.weighed(FAULTS.iter().map(|(_, weight, _)| *weight))
            && let Some((_, _, breaks)) = FAULTS.get(index)
        {
            if let Some(count) = self.stats.faults.get_mut(index) {
                *count += 1;
            }
            breaks(self);
        }
        let wait = self.chance.between(1, self.plan.fault_every);
        self.plan_in(wait, Happening::Fault);
    }

    /// A process ends here and now; what was not committed never happened.
    pub(crate) fn crash(&mut self, index: usize, when: &str) {
        self.last_pulse(index);
        let Some(process) = self.processes.get_mut(index).filter(|process| process.is_alive) else { return };
        let life = process.life(index);
        process.die();
        self.held.retain(|what| what.life() != Some(life));
        self.stats.crashes += 1;
        self.note(|| format!("process {index} dies {when}"));
        let gone: Vec<u32> = self
            .handsets
            .iter()
            .filter(|(_, handset)| handset.at == Some(life))
            .map(|(number, _)| *number)
            .collect();
        for number in gone {
            self.break_session(number);
        }
        for person in 0..self.people.len() {
            if self.people.get(person).is_some_and(|person| person.at == Some(life)) {
                self.disconnect(person);
            }
        }
        let wait = self.chance.between(S / 10, 40 * S);
        self.plan_in(wait, Happening::Start { process: index });
    }

    /// Something is about to keep a process from writing its pulse: the last one is on disk.
    fn last_pulse(&mut self, index: usize) {
        let beat = self.chance.between(0, PULSE_EVERY);
        let Some(process) = self.processes.get(index).filter(|process| process.serves(self.now)) else {
            return;
        };
        if self.store_back <= self.now {
            let at = (self.now - beat).max(process.started_at) + process.ahead;
            self.store.lived(crate::world::stamp(at));
        }
    }

    pub(crate) fn start(&mut self, index: usize) {
        if self.store_back > self.now {
            let wait = self.store_back - self.now;
            return self.plan_in(wait, Happening::Start { process: index });
        }
        let (now, ahead, shown) = (self.now, self.wall_ahead, self.store.log.len());
        let Some(process) = self.processes.get_mut(index).filter(|process| !process.is_alive) else { return };
        process.is_alive = true;
        (process.ahead, process.started_at, process.shown) = (ahead, now, shown);
        process.cut_until = now;
        let life = process.life(index);
        self.keep_what_was_left(life);
        if self.stats.crashes > 0 {
            self.tell_anew();
        }
        self.written();
    }

    /// What it would have done meanwhile it does now.
    pub(crate) fn resume(&mut self, life: Life) {
        let now = self.now;
        let is_free = self.processes.get(life.process).is_some_and(|process| process.stalled_until <= now);
        let goes_on = is_free && self.is_alive(life);
        if goes_on {
            let (held, others) = std::mem::take(&mut self.held)
                .into_iter()
                .partition(|what: &Happening| what.life() == Some(life));
            self.held = others;
            for what in held {
                match (&what, self.processes.get_mut(life.process)) {
                    (Happening::Look { .. }, Some(process)) => process.look_planned = Some(now),
                    (Happening::Miss { .. }, Some(process)) => process.miss_planned = Some(now),
                    (_, _) => {}
                }
                self.plan_at(now, what);
            }
        }
    }

    /// All that was in its way is gone.
    pub(crate) fn revive(&mut self, index: usize) {
        let now = self.now;
        let Some(process) = self.processes.get_mut(index) else { return };
        process.is_revived(now);
        let (life, is_alive) = (process.life(index), process.is_alive);
        if is_alive {
            self.plan_at(now, Happening::Commit { life });
            self.plan_looks(index);
        } else {
            let wait = self.chance.between(1, S);
            self.plan_in(wait, Happening::Start { process: index });
        }
    }

    /// How far a process had shown the log of events; from now on, to its end.
    pub(crate) fn shown(&mut self, index: usize) -> usize {
        let end = self.store.log.len();
        let Some(process) = self.processes.get_mut(index) else { return end };
        process.planned.show = false;
        std::mem::replace(&mut process.shown, end)
    }

    /// Whether this is the look that was planned last.
    pub(crate) fn is_look_planned(&self, life: Life) -> bool {
        self.processes.get(life.process).is_some_and(|process| process.look_planned == Some(self.now))
    }

    /// Whether this is the look for holders that was planned last.
    pub(crate) fn is_miss_planned(&self, life: Life) -> bool {
        self.processes.get(life.process).is_some_and(|process| process.miss_planned == Some(self.now))
    }

    fn any_process(&mut self) -> usize {
        self.chance.below(self.processes.len())
    }

    fn one_dies(&mut self) {
        let index = self.any_process();
        self.crash(index, "anywhere");
    }

    fn one_stalls(&mut self) {
        let (index, wait) = (self.any_process(), self.chance.between(S, 40 * S));
        let until = self.now + wait;
        self.note(|| format!("process {index} stands still for {} s", wait / S));
        self.last_pulse(index);
        if let Some(process) = self.processes.get_mut(index).filter(|process| process.is_alive) {
            process.stalled_until = process.stalled_until.max(until);
            let (life, until) = (process.life(index), process.stalled_until);
            self.plan_at(until, Happening::Resume { life });
        }
    }

    fn one_is_cut_off(&mut self) {
        let (index, wait) = (self.any_process(), self.chance.between(S, 60 * S));
        let until = self.now + wait;
        self.note(|| format!("process {index} is cut from the store for {} s", wait / S));
        self.last_pulse(index);
        if let Some(process) = self.processes.get_mut(index) {
            process.cut_until = process.cut_until.max(until);
        }
    }

    fn store_goes_away(&mut self) {
        for index in 0..self.processes.len() {
            self.last_pulse(index);
        }
        let back = self.now + self.chance.between(S, 12 * S);
        // One that began earlier lasts as long as it was to.
        self.store_back = self.store_back.max(back);
        self.note(|| "the store is away".to_owned());
    }

    fn handset_is_cut_off(&mut self) {
        let wait = self.chance.between(5 * S, 120 * S);
        if let Some(number) = self.any_handset() {
            self.note(|| format!("h{number} has no network for {} s", wait / S));
            self.cut_handsets.insert(number, self.now + wait);
            self.break_session(number);
        }
    }

    fn network_is_down(&mut self) {
        self.network_back = self.now + self.chance.between(5 * S, 60 * S);
        self.note(|| "no handset has a network".to_owned());
    }

    fn gateway_is_down(&mut self) {
        self.gateway.down_until = self.now + self.chance.between(10 * S, 120 * S);
        self.note(|| "the gateway is down".to_owned());
    }

    fn machine_is_restarted_with_another_clock(&mut self) {
        for index in 0..self.processes.len() {
            self.crash(index, "with the machine");
        }
        self.clock_steps += 1;
        let is_back = self.chance.hits(800);
        let by = self.chance.between(3 * S, 7_200 * S);
        if is_back {
            self.wall_ahead -= by;
        } else {
            self.wall_ahead += by;
            self.forwarded += by;
        }
        self.note(|| format!("its clock is {} s {}", by / S, if is_back { "behind" } else { "ahead" }));
    }

    fn person_goes_away(&mut self) {
        let (person, wait) = (self.chance.below(self.people.len()), self.chance.between(20 * S, 900 * S));
        self.note(|| format!("person {person} goes away"));
        self.leaves(person);
        if let Some(found) = self.people.get_mut(person) {
            found.is_present = false;
        }
        self.plan_in(wait, Happening::Return { person });
    }

    fn handset_changes_hands(&mut self) {
        let to = self.chance.between(0, i64::from(self.plan.residents) + 1);
        let to = u32::try_from(to).ok().filter(|to| *to < self.plan.residents);
        if let Some(number) = self.any_handset() {
            self.note(|| format!("h{number} is given to {to:?}"));
            self.swapped.insert(number, to);
        }
    }
}
