//! When what comes next for one life.

use super::{Plan, Traits};
use crate::clock::later;
use crate::seed;
use crate::world::{Reading, Window};
use model::Timestamp;
use rand::{RngExt, rngs::StdRng};
use std::collections::VecDeque;
use std::time::Duration;

/// A knock, and when the recording round it is complete.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) due: Timestamp,
    pub(super) happened: Timestamp,
    pub(super) window: Window,
    pub(super) reading: Option<Reading>,
}

#[derive(Debug)]
pub(super) struct Agenda {
    pub(super) switch_on: Timestamp,
    pub(super) fix: Timestamp,
    pub(super) press: Option<Timestamp>,
    pub(super) no_press_after: Timestamp,
    pub(super) take_back: Option<(Timestamp, String)>,
    pub(super) fall: Option<Timestamp>,
    pub(super) near_fall: Option<Timestamp>,
    /// Knocks that are still being recorded.
    pub(super) reports: VecDeque<Report>,
    pub(super) reboot: Option<Timestamp>,
    pub(super) outage: Option<Timestamp>,
    pub(super) outage_ends: Option<Timestamp>,
    /// Somebody has fallen and is not up again before then; nothing happens at that time.
    pub(super) down_until: Option<Timestamp>,
}

impl Agenda {
    pub(super) fn first(traits: &Traits, plan: &Plan, start: Timestamp, rng: &mut StdRng) -> Self {
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
            fall: chance(switch_on, plan.fall_every, rng),
            near_fall: chance(switch_on, plan.near_fall_every, rng),
            reports: VecDeque::new(),
            reboot: chance(switch_on, traits.reboot_every, rng),
            outage: chance(switch_on, traits.outage_every, rng),
            outage_ends: None,
            down_until: None,
        }
    }

    /// What comes next of all that has a time of its own.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let take_back = self.take_back.as_ref().map(|(at, _)| *at);
        let all = [
            Some(self.fix),
            self.press,
            take_back,
            self.fall,
            self.near_fall,
            self.reports.front().map(|report| report.due),
            self.reboot,
            self.outage,
            self.outage_ends,
        ];
        all.into_iter().flatten().min()
    }
}

/// A time by chance, on average that long after another.
pub(super) fn chance(from: Timestamp, mean: Option<Duration>, rng: &mut StdRng) -> Option<Timestamp> {
    mean.map(|mean| later(from, seed::exponential(mean, rng)))
}
