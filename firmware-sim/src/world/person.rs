//! A person's day: at home, to the market, to the park, with rests on the way. A day is compressed to two hours, so
//! that a demo of ten minutes shows people leaving and coming home.

use super::place::{Ground, in_dead_zone, market_near, park_near};
use crate::clock::later;
use crate::seed;
use model::Timestamp;
use rand::{RngExt, rngs::StdRng};
use std::time::Duration;

/// The compressed day, and the share of its end that is slept through at home.
const DAY: Duration = Duration::from_hours(2);
const ASLEEP_FROM: f64 = 0.72;
/// How long people stay, on average.
const AT_HOME: Duration = Duration::from_mins(15);
const OUT: Duration = Duration::from_mins(8);
/// A rest on the way comes about this often and takes this long.
const REST_EVERY: Duration = Duration::from_mins(6);
const REST_LEAST: Duration = Duration::from_secs(20);
const REST_MOST: Duration = Duration::from_secs(150);
/// A step of simulated walking is never longer: after a pause of the program people are not carried along.
const LONGEST_STEP: Duration = Duration::from_mins(5);

/// What a person is about.
#[derive(Debug, Clone, PartialEq)]
enum Doing {
    /// In one place until then.
    Staying { until: Timestamp },
    /// On the way, through these corners, the next one last; rests at `rest_at`.
    Walking { corners: Vec<Ground>, rest_at: Timestamp },
    /// Standing still on the way until then.
    Resting { corners: Vec<Ground>, until: Timestamp },
}

/// Where the person truly is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Whereabouts {
    /// The place.
    pub place: Ground,
    /// Speed over ground.
    pub speed_mps: f64,
    /// Direction of walking; the last one while standing.
    pub bearing_deg: f64,
    /// Under a roof, where satellites are not seen.
    pub indoors: bool,
    /// At home, where the charger is.
    pub at_home: bool,
    /// No base station reaches here.
    pub in_dead_zone: bool,
}

/// One resident with a home and habits.
#[derive(Debug, Clone)]
pub struct Person {
    home: Ground,
    market: Ground,
    park: Ground,
    pace_mps: f64,
    day_begins: Timestamp,
    here: Ground,
    bearing_deg: f64,
    doing: Doing,
    stepped_at: Timestamp,
}

impl Person {
    /// Somebody at home, in the middle of some hour of their day.
    pub fn at_home(home: Ground, now: Timestamp, rng: &mut StdRng) -> Self {
        let into_the_day = DAY.mul_f64(rng.random());
        Self {
            home,
            market: market_near(home),
            park: park_near(home),
            pace_mps: rng.random_range(0.45..1.1),
            day_begins: now.checked_sub(into_the_day).unwrap_or(now),
            here: home,
            bearing_deg: 0.0,
            doing: Doing::Staying { until: later(now, seed::exponential(AT_HOME / 2, rng)) },
            stepped_at: now,
        }
    }

    /// Lives on until `now` and says where that leads.
    pub fn step(&mut self, now: Timestamp, rng: &mut StdRng) -> Whereabouts {
        let passed = Duration::try_from(now.duration_since(self.stepped_at)).unwrap_or_default();
        self.stepped_at = self.stepped_at.max(now);
        let before = self.here;
        self.doing = match std::mem::replace(&mut self.doing, Doing::Staying { until: now }) {
            Doing::Staying { until } if now < until => Doing::Staying { until },
            Doing::Staying { .. } => self.set_out(now, rng),
            Doing::Resting { corners, until } if now < until => Doing::Resting { corners, until },
            Doing::Resting { corners, .. } => Doing::Walking { corners, rest_at: next_rest(now, rng) },
            Doing::Walking { corners, rest_at } if now >= rest_at => {
                Doing::Resting { corners, until: later(now, seed::between(REST_LEAST, REST_MOST, rng)) }
            }
            Doing::Walking { corners, rest_at } => {
                self.walk(corners, rest_at, passed.min(LONGEST_STEP), now, rng)
            }
        };
        self.whereabouts(self.here.distance_m(before), passed)
    }

    fn whereabouts(&self, walked_m: f64, passed: Duration) -> Whereabouts {
        let at_home = self.here == self.home;
        let speed_mps = if passed.is_zero() { 0.0 } else { walked_m / passed.as_secs_f64() };
        Whereabouts {
            place: self.here,
            speed_mps,
            bearing_deg: self.bearing_deg,
            indoors: at_home || self.here == self.market,
            at_home,
            in_dead_zone: !at_home && in_dead_zone(self.here),
        }
    }

    fn asleep(&self, now: Timestamp) -> bool {
        let since = now.duration_since(self.day_begins).as_secs_f64();
        (since / DAY.as_secs_f64()).rem_euclid(1.0) >= ASLEEP_FROM
    }

    /// Chooses where to go from here; the way follows the street grid: along, then across.
    fn set_out(&mut self, now: Timestamp, rng: &mut StdRng) -> Doing {
        if self.asleep(now) && self.here == self.home {
            return Doing::Staying { until: later(now, seed::exponential(AT_HOME, rng)) };
        }
        let goal = if self.asleep(now) || (self.here != self.home && rng.random_bool(0.6)) {
            self.home
        } else if self.here == self.market || (self.here == self.home && rng.random_bool(0.5)) {
            self.park
        } else {
            self.market
        };
        let corner = Ground { east_m: goal.east_m, north_m: self.here.north_m };
        Doing::Walking { corners: vec![goal, corner], rest_at: next_rest(now, rng) }
    }

    fn walk(
        &mut self,
        mut corners: Vec<Ground>,
        rest_at: Timestamp,
        passed: Duration,
        now: Timestamp,
        rng: &mut StdRng,
    ) -> Doing {
        let mut left_m = self.pace_mps * passed.as_secs_f64() * rng.random_range(0.85..1.1);
        while let Some(next) = corners.last().copied() {
            let distance = self.here.distance_m(next);
            if distance > 0.0 {
                self.bearing_deg = self.here.bearing_deg(next);
            }
            self.here = self.here.towards(next, left_m);
            if distance > left_m {
                return Doing::Walking { corners, rest_at };
            }
            left_m -= distance;
            corners.pop();
        }
        let mean = if self.here == self.home { AT_HOME } else { OUT };
        Doing::Staying { until: later(now, seed::exponential(mean, rng)) }
    }
}

fn next_rest(now: Timestamp, rng: &mut StdRng) -> Timestamp {
    later(now, seed::exponential(REST_EVERY, rng))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_of(seed_number: u64) -> Vec<Whereabouts> {
        let mut rng = seed::generator(seed_number, "test", "h");
        let start: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let mut person = Person::at_home(Ground::from_degrees(33.9624, 118.2757), start, &mut rng);
        (1..=1440_u64)
            .map(|step| person.step(later(start, Duration::from_secs(step * 10)), &mut rng))
            .collect()
    }

    #[test]
    fn people_leave_rest_and_come_home_at_an_old_persons_pace() {
        for seed_number in 0..20 {
            let day = day_of(seed_number);
            assert!(day.iter().all(|w| w.speed_mps <= 1.25), "seed {seed_number}");
            assert!(day.iter().any(|w| w.at_home), "seed {seed_number} never at home");
            assert!(day.iter().any(|w| w.speed_mps > 0.3), "seed {seed_number} never walked");
            let home = Ground::from_degrees(33.9624, 118.2757);
            assert!(day.iter().all(|w| w.place.distance_m(home) < 2_000.0), "seed {seed_number}");
        }
    }

    #[test]
    fn the_same_seed_is_the_same_day() {
        assert_eq!(day_of(7), day_of(7));
        assert_ne!(day_of(7), day_of(8));
    }
}
