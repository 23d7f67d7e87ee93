//! One person with one handset, and what goes wrong for them: dead zones, outages, reboots, a wrong clock.

use crate::clock::later;
use crate::driver::Actor;
use crate::handset::{Effect, Handset};
use crate::seed;
use crate::world::{Ground, Person, Reading, Sensor};
use model::{HandsetId, SignedDuration, Timestamp};
use rand::{RngExt, rngs::StdRng};
use std::time::Duration;

/// How long an outage of the network and a reboot take.
const OUTAGE: (Duration, Duration) = (Duration::from_secs(20), Duration::from_mins(3));
const REBOOT: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(45));
/// How long people take to see that a press was a mistake.
const REGRET: (Duration, Duration) = (Duration::from_secs(15), Duration::from_mins(1));
/// Of this share of presses the handset has no position to send along.
const PRESS_WITHOUT_FIX: f64 = 0.05;

/// What is wrong with a handset and its surroundings.
#[derive(Debug, Clone, Default)]
pub struct Traits {
    /// What its clock shows more than the true time.
    pub clock_error: SignedDuration,
    /// Whether there are places without a network.
    pub dead_zones: bool,
    /// The network fails now and then, on average this often.
    pub outage_every: Option<Duration>,
    /// The handset starts anew now and then, on average this often.
    pub reboot_every: Option<Duration>,
}

/// What it does.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Switched on that long after the start.
    pub starts_after: Duration,
    /// Measures a position this often.
    pub fix_every: Duration,
    /// The first press comes that long after the start; without it, by chance like the others.
    pub first_press_after: Option<Duration>,
    /// Further presses, on average this often; absent: none.
    pub press_every: Option<Duration>,
    /// No press is made later than that after the start.
    pub presses_until: Option<Duration>,
    /// The share of presses that are taken back soon after.
    pub taken_back: f64,
}

/// When what comes next.
#[derive(Debug)]
struct Agenda {
    switch_on: Timestamp,
    fix: Timestamp,
    press: Option<Timestamp>,
    no_press_after: Timestamp,
    take_back: Option<(Timestamp, String)>,
    reboot: Option<Timestamp>,
    outage: Option<Timestamp>,
    outage_ends: Option<Timestamp>,
}

/// A simulated resident with a handset. Pure: the same seed, start and network give the same messages.
#[derive(Debug)]
pub struct Life {
    handset: Handset,
    person: Person,
    sensor: Sensor,
    rng: StdRng,
    traits: Traits,
    plan: Plan,
    agenda: Agenda,
    in_dead_zone: bool,
    on_air: bool,
}

impl Life {
    /// Begins at `start`; `home` is where the person lives.
    pub fn begin(
        id: HandsetId,
        home: Ground,
        traits: Traits,
        plan: Plan,
        seed: u64,
        start: Timestamp,
    ) -> Self {
        let mut rng = seed::generator(seed, "life", id.as_str());
        let person = Person::at_home(home, start, &mut rng);
        let sensor = Sensor::switched_on(start, &mut rng);
        let agenda = Agenda::first(&traits, &plan, start, &mut rng);
        let handset = Handset::new(id, traits.clock_error, start);
        Self { handset, person, sensor, rng, traits, plan, agenda, in_dead_zone: false, on_air: false }
    }

    fn fail_and_recover(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.agenda.reboot.is_some_and(|at| at <= now) {
            self.handset.reboot(now, effects);
            self.agenda.switch_on = later(now, seed::between(REBOOT.0, REBOOT.1, &mut self.rng));
            self.agenda.reboot = chance(self.agenda.switch_on, self.traits.reboot_every, &mut self.rng);
        }
        if self.agenda.outage.is_some_and(|at| at <= now) {
            let ends = later(now, seed::between(OUTAGE.0, OUTAGE.1, &mut self.rng));
            self.agenda.outage_ends = Some(ends);
            self.agenda.outage = chance(ends, self.traits.outage_every, &mut self.rng);
        }
        self.agenda.outage_ends = self.agenda.outage_ends.filter(|ends| now < *ends);
    }

    /// Measures, when it is time or when the button asks for it.
    fn measure(&mut self, now: Timestamp) -> Option<Reading> {
        let whereabouts = self.person.step(now, &mut self.rng);
        self.in_dead_zone = self.traits.dead_zones && whereabouts.in_dead_zone;
        self.sensor.measure(whereabouts, now, &mut self.rng).ok()
    }

    /// Brings the radio on or off the air as the surroundings allow.
    fn tune(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let reachable =
            self.agenda.switch_on <= now && self.agenda.outage_ends.is_none() && !self.in_dead_zone;
        if reachable && !self.on_air {
            effects.push(Effect::Dial);
        } else if !reachable && self.on_air {
            self.handset.disconnected(effects);
            effects.push(Effect::HangUp);
        }
        self.on_air = reachable;
    }

    fn press(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let reading = self.measure(now);
        self.tune(now, effects);
        let reading = reading.filter(|_| !self.rng.random_bool(PRESS_WITHOUT_FIX));
        let press = self.handset.press(None, reading.as_ref(), now, now, effects);
        if self.rng.random_bool(self.plan.taken_back) {
            let at = later(now, seed::between(REGRET.0, REGRET.1, &mut self.rng));
            self.agenda.take_back = Some((at, press.press_id));
        }
        self.agenda.press =
            chance(now, self.plan.press_every, &mut self.rng).filter(|at| *at <= self.agenda.no_press_after);
    }

    fn act(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.agenda.press.is_some_and(|at| at <= now) {
            self.press(now, effects);
        }
        if let Some((_, press_id)) = self.agenda.take_back.take_if(|(at, _)| *at <= now) {
            self.handset.cancel(&press_id, now, effects);
        }
        if self.agenda.fix <= now {
            let reading = self.measure(now);
            self.tune(now, effects);
            if let Some(reading) = reading {
                self.handset.take_fix(&reading, now, effects);
            }
            self.agenda.fix = later(now, self.plan.fix_every);
        }
    }
}

impl Actor for Life {
    fn handset(&mut self) -> &mut Handset {
        &mut self.handset
    }

    fn next_wake(&self) -> Option<Timestamp> {
        let agenda = &self.agenda;
        // While it is switched off only the switch counts.
        let switched_on = |at: Timestamp| at.max(agenda.switch_on);
        [
            Some(agenda.fix),
            agenda.press,
            agenda.take_back.as_ref().map(|(at, _)| *at),
            agenda.reboot,
            agenda.outage,
            agenda.outage_ends,
            (!self.on_air)
                .then_some(agenda.switch_on)
                .filter(|_| agenda.outage_ends.is_none() && !self.in_dead_zone),
            self.handset.next_wake(),
        ]
        .into_iter()
        .flatten()
        .map(switched_on)
        .min()
    }

    fn wake(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.agenda.switch_on <= now {
            self.fail_and_recover(now, effects);
        }
        self.tune(now, effects);
        if self.agenda.switch_on <= now {
            self.act(now, effects);
            self.handset.wake(now, effects);
        }
    }
}

impl Agenda {
    fn first(traits: &Traits, plan: &Plan, start: Timestamp, rng: &mut StdRng) -> Self {
        let switch_on = later(start, plan.starts_after);
        let no_press_after = plan.presses_until.map_or(Timestamp::MAX, |until| later(start, until));
        let by_chance = chance(switch_on, plan.press_every, rng);
        let press = plan.first_press_after.map(|after| later(start, after)).or(by_chance);
        Self {
            switch_on,
            fix: later(switch_on, plan.fix_every.mul_f64(rng.random())),
            press: press.filter(|at| *at <= no_press_after),
            no_press_after,
            take_back: None,
            reboot: chance(switch_on, traits.reboot_every, rng),
            outage: chance(switch_on, traits.outage_every, rng),
            outage_ends: None,
        }
    }
}

fn chance(from: Timestamp, mean: Option<Duration>, rng: &mut StdRng) -> Option<Timestamp> {
    mean.map(|mean| later(from, seed::exponential(mean, rng)))
}

#[cfg(test)]
mod tests;
