//! One person with one handset, and what goes wrong for them: dead zones and tunnels, outages, reboots, a wrong clock, an
//! empty battery, a fall.

mod agenda;
mod script;
mod traits;

pub use script::{Act, Script};
pub use traits::{Plan, Traits};

use crate::clock::later;
use crate::driver::Actor;
use crate::handset::{Answers, Effect, Handset, Publish};
use crate::seed;
use crate::world::{Battery, Ground, Habits, Motion, Person, Reading, Sensor, Sky};
use agenda::{Agenda, Report, chance};
use model::{HandsetId, Timestamp};
use protocol::{UpKind, UpTopic};
use rand::{RngExt, rngs::StdRng};
use std::collections::VecDeque;
use std::time::Duration;

/// How long an outage of the network and a reboot take.
const OUTAGE: (Duration, Duration) = (Duration::from_secs(20), Duration::from_mins(3));
const REBOOT: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(45));
/// How long people take to see that a press was a mistake.
const REGRET: (Duration, Duration) = (Duration::from_secs(15), Duration::from_mins(1));
/// Of this share of presses the handset has no position to send along.
const PRESS_WITHOUT_FIX: f64 = 0.05;
/// A handset that ran out of charge starts again with this much, in percent.
const STARTS_WITH_PCT: f64 = 4.0;
/// After a fall people stay where they are this long, and some can reach the button.
const ON_THE_GROUND: (Duration, Duration) = (Duration::from_mins(3), Duration::from_mins(12));
const PRESSES_AFTER_A_FALL: f64 = 0.4;
/// The handset takes a knock from this on for a possible fall, in thousandths of g, and records at this rate.
const KNOCK_MG: f64 = 1_800.0;
const RECORDS_HZ: u32 = 50;
/// The recording goes on for so long after the knock.
const RECORDS_ON: Duration = Duration::from_secs(5);
/// No handset uses this token; an acknowledgement of it means nothing.
const NOBODYS: crate::handset::Token = u64::MAX;

/// A simulated resident with a handset. Pure: the same seed, start and network give the same messages.
#[derive(Debug)]
pub struct Life {
    handset: Handset,
    person: Person,
    sensor: Sensor,
    battery: Battery,
    lived_until: Timestamp,
    rng: StdRng,
    traits: Traits,
    plan: Plan,
    agenda: Agenda,
    script: VecDeque<(Timestamp, Act)>,
    last_press: Option<String>,
    worn: bool,
    on_air: bool,
    obstacles: Obstacles,
}

/// What keeps the handset from its network.
#[derive(Debug, Default)]
struct Obstacles {
    /// A story cut the network.
    cut_off: bool,
    in_dead_zone: bool,
    /// The battery is empty.
    dark: bool,
}

impl Obstacles {
    fn any(&self) -> bool {
        self.cut_off || self.in_dead_zone || self.dark
    }
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
        let person = Person::at_home(home, traits.habits, start, &mut rng);
        let sensor = Sensor::switched_on(traits.lying_share, start, &mut rng);
        let charge_pct = rng.random_range(30.0..100.0);
        let battery = Battery::charged(traits.charge_pct.unwrap_or(charge_pct))
            .of_a_person_who_forgets(traits.forgets_charging);
        let agenda = Agenda::first(&traits, &plan, start, &mut rng);
        let mut handset = Handset::new(id, traits.clock_error, start);
        handset.feel(battery.charge_pct().round(), false, true, start, &mut Vec::new());
        Self {
            handset,
            person,
            sensor,
            battery,
            lived_until: start,
            rng,
            traits,
            plan,
            agenda,
            script: VecDeque::new(),
            last_press: None,
            worn: true,
            on_air: false,
            obstacles: Obstacles::default(),
        }
    }

    /// A life in a story: nothing happens but what the script says, and what follows from it.
    pub fn of_a_story(
        id: HandsetId,
        home: Ground,
        traits: &Traits,
        script: Script,
        seed: u64,
        start: Timestamp,
    ) -> Self {
        let traits = Traits { habits: Habits { goes_out: false, ..traits.habits }, ..traits.clone() };
        let plan = Plan { fix_every: Duration::from_secs(30), ..Plan::default() };
        let mut life = Self::begin(id, home, traits, plan, seed, start);
        life.script = script.into_acts().map(|(after, act)| (later(start, after), act)).collect();
        life
    }

    /// Whose life it is.
    pub fn id(&self) -> &HandsetId {
        self.handset.id()
    }

    fn fail_and_recover(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.agenda.reboot.is_some_and(|at| at <= now) {
            self.reboot(self.traits.forgets_acknowledgements, now, effects);
            self.agenda.reboot = chance(self.agenda.switch_on, self.traits.reboot_every, &mut self.rng);
        }
        if self.agenda.outage.is_some_and(|at| at <= now) {
            let ends = later(now, seed::between(OUTAGE.0, OUTAGE.1, &mut self.rng));
            self.agenda.outage_ends = Some(ends);
            self.agenda.outage = chance(ends, self.traits.outage_every, &mut self.rng);
        }
        self.agenda.outage_ends = self.agenda.outage_ends.filter(|ends| now < *ends);
    }

    fn reboot(&mut self, forgetting: bool, now: Timestamp, effects: &mut Vec<Effect>) {
        if forgetting {
            self.handset.reboot_forgetting(now, effects);
        } else {
            self.handset.reboot(now, effects);
        }
        self.agenda.switch_on = later(now, seed::between(REBOOT.0, REBOOT.1, &mut self.rng));
    }

    /// Lives on until now, and measures if the handset can.
    fn measure(&mut self, now: Timestamp, effects: &mut Vec<Effect>) -> Option<Reading> {
        let passed = Duration::try_from(now.duration_since(self.lived_until)).unwrap_or_default();
        self.lived_until = self.lived_until.max(now);
        let mut whereabouts = self.person.step(now, &mut self.rng);
        if !self.traits.tunnels && whereabouts.sky == Sky::Tunnel {
            (whereabouts.sky, whereabouts.in_dead_zone) = (Sky::Open, false);
        }
        let in_tunnel = whereabouts.sky == Sky::Tunnel;
        self.obstacles.in_dead_zone = in_tunnel || (self.traits.dead_zones && whereabouts.in_dead_zone);
        self.battery.step(passed, whereabouts.at_home, &mut self.rng);
        self.go_dark_or_wake_up(now, effects);
        if self.obstacles.dark {
            return None;
        }
        let (charge_pct, charging) = (self.battery.charge_pct().round(), self.battery.charging());
        self.handset.feel(charge_pct, charging, self.worn, now, effects);
        self.sensor.measure(whereabouts, self.battery, now, &mut self.rng)
    }

    fn go_dark_or_wake_up(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.obstacles.dark && self.battery.is_empty() {
            self.obstacles.dark = true;
        } else if self.obstacles.dark && self.battery.charge_pct() >= STARTS_WITH_PCT {
            self.obstacles.dark = false;
            self.reboot(false, now, effects);
        }
    }

    /// Brings the radio on or off the air as the surroundings allow.
    fn tune(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let is_reached = self.agenda.outage_ends.is_none() && !self.obstacles.any();
        let reachable = self.agenda.switch_on <= now && is_reached;
        if reachable && !self.on_air {
            effects.push(Effect::Dial);
        } else if !reachable && self.on_air {
            self.handset.disconnected(effects);
            effects.push(Effect::HangUp);
        }
        self.on_air = reachable;
    }

    fn press(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let reading = self.measure(now, effects);
        self.tune(now, effects);
        if self.obstacles.dark {
            return;
        }
        let press = self.handset.press(None, reading.as_ref(), now, now, effects);
        self.last_press = Some(press.press_id);
    }

    fn press_by_chance(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let reading = self.measure(now, effects);
        self.tune(now, effects);
        let reading = reading.filter(|_| !self.rng.random_bool(PRESS_WITHOUT_FIX));
        self.agenda.press =
            chance(now, self.plan.press_every, &mut self.rng).filter(|at| *at <= self.agenda.no_press_after);
        if self.obstacles.dark {
            return;
        }
        let press = self.handset.press(None, reading.as_ref(), now, now, effects);
        if self.rng.random_bool(self.plan.taken_back) {
            let at = later(now, seed::between(REGRET.0, REGRET.1, &mut self.rng));
            self.agenda.take_back = Some((at, press.press_id));
        }
    }

    /// The body moves so; what looks like a fall is reported.
    fn move_body(&mut self, motion: Motion, now: Timestamp, effects: &mut Vec<Effect>) {
        let window = motion.window(self.traits.worn, RECORDS_HZ, &mut self.rng);
        let reading = self.measure(now, effects);
        self.tune(now, effects);
        if !self.obstacles.dark && self.worn && window.peak_mg() >= KNOCK_MG {
            let due = later(now, RECORDS_ON);
            self.agenda.reports.push_back(Report { due, happened: now, window, reading });
        }
    }

    fn fall_by_chance(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let motion = Motion::fall_by_chance(&mut self.rng);
        self.move_body(motion, now, effects);
        let up_again = later(now, seed::between(ON_THE_GROUND.0, ON_THE_GROUND.1, &mut self.rng));
        self.person.stay(up_again);
        // Who lies on the floor does not say that all is well.
        self.agenda.down_until = Some(up_again);
        if self.rng.random_bool(PRESSES_AFTER_A_FALL) {
            let press = later(now, seed::between(REGRET.0, REGRET.1, &mut self.rng));
            self.agenda.press = Some(self.agenda.press.map_or(press, |other| other.min(press)));
        }
    }

    fn act(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.agenda.press.is_some_and(|at| at <= now) {
            self.press_by_chance(now, effects);
        }
        if let Some((_, press_id)) = self.agenda.take_back.take_if(|(at, _)| *at <= now) {
            self.handset.cancel(&press_id, now, effects);
        }
        while let Some(report) = self.agenda.reports.pop_front_if(|report| report.due <= now) {
            let Report { happened, window, reading, .. } = report;
            self.handset.fall(Some(&window), reading.as_ref(), happened, effects);
        }
        if self.agenda.fall.take_if(|at| *at <= now).is_some() {
            self.agenda.fall = chance(now, self.plan.fall_every, &mut self.rng);
            self.fall_by_chance(now, effects);
        }
        if self.agenda.near_fall.take_if(|at| *at <= now).is_some() {
            self.agenda.near_fall = chance(now, self.plan.near_fall_every, &mut self.rng);
            let motion = Motion::near_fall_by_chance(&mut self.rng);
            self.move_body(motion, now, effects);
        }
        if self.agenda.fix <= now {
            let reading = self.measure(now, effects);
            self.tune(now, effects);
            if let Some(reading) = reading {
                self.handset.take_fix(&reading, now, effects);
            }
            self.agenda.fix = later(now, self.plan.fix_every);
        }
    }

    /// A modem that is not sure sends a message again, word for word.
    fn send_twice(&mut self, effects: &mut Vec<Effect>) {
        if self.traits.sends_twice <= 0.0 {
            return;
        }
        for effect in std::mem::take(effects) {
            let again = match &effect {
                Effect::Publish(publish)
                    if is_fix(publish) && self.rng.random_bool(self.traits.sends_twice) =>
                {
                    Some(Effect::Publish(Publish { token: NOBODYS, ..publish.clone() }))
                }
                Effect::Publish(_) | Effect::Dial | Effect::HangUp | Effect::Notice(_) => None,
            };
            effects.push(effect);
            effects.extend(again);
        }
    }
}

fn is_fix(publish: &Publish) -> bool {
    UpTopic::parse(&publish.topic).is_ok_and(|topic| topic.kind == UpKind::Fix)
}

impl Actor for Life {
    fn handset(&mut self) -> &mut Handset {
        &mut self.handset
    }

    fn next_wake(&self) -> Option<Timestamp> {
        let agenda = &self.agenda;
        // While it is switched off only the switch counts, and the story.
        let switched_on = |at: Timestamp| at.max(agenda.switch_on);
        let is_reached = agenda.outage_ends.is_none() && !self.obstacles.any();
        let switch = (!self.on_air && is_reached).then_some(agenda.switch_on);
        let own = [agenda.next(), switch, self.handset.next_wake()].into_iter().flatten().map(switched_on);
        own.chain(self.script.front().map(|(at, _)| *at)).min()
    }

    fn wake(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.follow_script(now, effects);
        let is_down = self.agenda.down_until.is_some_and(|until| now < until);
        self.handset.person_says(if is_down { Answers::Nothing } else { self.traits.answers });
        if self.agenda.switch_on <= now {
            self.fail_and_recover(now, effects);
        }
        self.tune(now, effects);
        if self.agenda.switch_on <= now {
            self.act(now, effects);
            self.handset.wake(now, effects);
        }
        self.tune(now, effects);
        self.send_twice(effects);
    }
}

#[cfg(test)]
mod tests;
