//! A person's day: at home, to the market, to the park, with rests on the way; for some the bus to the big market, for
//! some a way that leads nowhere. A day is compressed to two hours, so that a demo of ten minutes shows people leaving
//! and coming home.
//!
//! A [`Person`] of a story does nothing of its own: it goes where [`Person::go`] sends it.

use super::district::{bus_stops, in_tunnel};
use super::place::{Ground, in_dead_zone, market_near, park_near};
use super::wander::Wandering;
use super::way::{By, Leg, by_bus};
use crate::clock::later;
use crate::seed;
use model::Timestamp;
use rand::{RngExt, rngs::StdRng};
use std::collections::VecDeque;
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
/// Nobody walks home from further away than this; they take the bus back, or are brought.
const TOO_FAR_TO_WALK_M: f64 = 1_100.0;

/// What somebody does of their own accord.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// Leaves home at all.
    pub goes_out: bool,
    /// The share of outings that are by bus.
    pub by_bus: f64,
    /// The share of outings that lead nowhere.
    pub wanders: f64,
    /// How fast they walk; by chance if absent.
    pub pace_mps: Option<f64>,
}

impl Default for Habits {
    fn default() -> Self {
        Self { goes_out: true, by_bus: 0.0, wanders: 0.0, pace_mps: None }
    }
}

/// What a person is about.
#[derive(Debug, Clone, PartialEq)]
enum Doing {
    /// In one place until then.
    Staying { until: Timestamp },
    /// On the way; rests at `rest_at`.
    Underway { rest_at: Timestamp },
    /// Standing still on the way until then.
    Pausing { until: Timestamp },
}

/// What is above a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sky {
    /// Satellites are seen.
    Open,
    /// Satellites are not seen under a roof.
    Roof,
    /// Nothing is seen or heard in an underpass.
    Tunnel,
}

/// Where the person truly is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Whereabouts {
    /// The place.
    pub place: Ground,
    /// Speed over ground.
    pub speed_mps: f64,
    /// Direction of moving; the last one while standing.
    pub bearing_deg: f64,
    /// What is above.
    pub sky: Sky,
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
    habits: Habits,
    day_begins: Timestamp,
    here: Ground,
    bearing_deg: f64,
    doing: Doing,
    way: VecDeque<Leg>,
    stepped_at: Timestamp,
}

impl Person {
    /// Somebody at home, in the middle of some hour of their day.
    pub fn at_home(home: Ground, habits: Habits, now: Timestamp, rng: &mut StdRng) -> Self {
        let into_the_day = DAY.mul_f64(rng.random());
        let pace_mps = rng.random_range(0.45..1.1);
        Self {
            home,
            market: market_near(home),
            park: park_near(home),
            pace_mps: habits.pace_mps.unwrap_or(pace_mps),
            habits,
            day_begins: now.checked_sub(into_the_day).unwrap_or(now),
            here: home,
            bearing_deg: 0.0,
            doing: Doing::Staying { until: later(now, seed::exponential(AT_HOME / 2, rng)) },
            way: VecDeque::new(),
            stepped_at: now,
        }
    }

    /// Where this person is.
    pub fn here(&self) -> Ground {
        self.here
    }

    /// Sends the person on this way, from now on and without rests of their own.
    pub fn go(&mut self, way: Vec<Leg>, now: Timestamp) {
        self.way = way.into();
        self.stepped_at = now;
        self.doing = Doing::Underway { rest_at: Timestamp::MAX };
    }

    /// Puts the person somewhere, on no way.
    pub fn be_at(&mut self, place: Ground) {
        self.here = place;
        self.way.clear();
        self.doing = Doing::Staying { until: Timestamp::MAX };
    }

    /// Keeps the person where they are until then.
    pub fn stay(&mut self, until: Timestamp) {
        self.way.clear();
        self.doing = Doing::Staying { until };
    }

    /// Lives on until `now` and says where that leads.
    pub fn step(&mut self, now: Timestamp, rng: &mut StdRng) -> Whereabouts {
        let passed = Duration::try_from(now.duration_since(self.stepped_at)).unwrap_or_default();
        self.stepped_at = self.stepped_at.max(now);
        let before = self.here;
        self.doing = match self.doing.clone() {
            Doing::Staying { until } if now < until || !self.habits.goes_out => Doing::Staying { until },
            Doing::Staying { .. } => self.set_out(now, rng),
            Doing::Pausing { until } if now < until => Doing::Pausing { until },
            Doing::Pausing { .. } => Doing::Underway { rest_at: self.next_rest(now, rng) },
            Doing::Underway { rest_at } if now >= rest_at && self.is_on_foot() => {
                Doing::Pausing { until: later(now, seed::between(REST_LEAST, REST_MOST, rng)) }
            }
            Doing::Underway { rest_at } => self.move_on(rest_at, passed.min(LONGEST_STEP), now, rng),
        };
        self.whereabouts(self.here.distance_m(before), passed)
    }

    fn whereabouts(&self, moved_m: f64, passed: Duration) -> Whereabouts {
        let at_home = self.here == self.home;
        let speed_mps = if passed.is_zero() { 0.0 } else { moved_m / passed.as_secs_f64() };
        let sky = if in_tunnel(self.here) {
            Sky::Tunnel
        } else if at_home || self.here == self.market {
            Sky::Roof
        } else {
            Sky::Open
        };
        let in_dead_zone = sky == Sky::Tunnel || (!at_home && in_dead_zone(self.here));
        Whereabouts { place: self.here, speed_mps, bearing_deg: self.bearing_deg, sky, at_home, in_dead_zone }
    }

    fn asleep(&self, now: Timestamp) -> bool {
        let since = now.duration_since(self.day_begins).as_secs_f64();
        (since / DAY.as_secs_f64()).rem_euclid(1.0) >= ASLEEP_FROM
    }

    fn is_on_foot(&self) -> bool {
        self.way.front().is_none_or(|leg| leg.by != By::Bus)
    }

    fn next_rest(&self, now: Timestamp, rng: &mut StdRng) -> Timestamp {
        if self.habits.goes_out { later(now, seed::exponential(REST_EVERY, rng)) } else { Timestamp::MAX }
    }

    /// Chooses where to go from here; a way on foot follows the street grid: along, then across.
    fn set_out(&mut self, now: Timestamp, rng: &mut StdRng) -> Doing {
        let at_home = self.here == self.home;
        if self.asleep(now) && at_home {
            return Doing::Staying { until: later(now, seed::exponential(AT_HOME, rng)) };
        }
        let draw: f64 = rng.random();
        let way = if at_home && draw < self.habits.wanders {
            Leg::on_foot(Wandering::by_chance(rng).corners(self.here, rng))
        } else if at_home && draw < self.habits.wanders + self.habits.by_bus {
            by_bus(self.here, bus_stops().last().copied().unwrap_or(self.market))
        } else if self.here.distance_m(self.home) > TOO_FAR_TO_WALK_M {
            by_bus(self.here, self.home)
        } else {
            Leg::along_streets(self.here, self.next_goal(now, rng))
        };
        self.way = way.into();
        Doing::Underway { rest_at: self.next_rest(now, rng) }
    }

    fn next_goal(&self, now: Timestamp, rng: &mut StdRng) -> Ground {
        if self.asleep(now) || (self.here != self.home && rng.random_bool(0.6)) {
            self.home
        } else if self.here == self.market || (self.here == self.home && rng.random_bool(0.5)) {
            self.park
        } else {
            self.market
        }
    }

    fn move_on(&mut self, rest_at: Timestamp, passed: Duration, now: Timestamp, rng: &mut StdRng) -> Doing {
        let mut left_s = passed.as_secs_f64() * rng.random_range(0.85..1.1);
        while let Some(leg) = self.way.front().copied() {
            let speed_mps = leg.by.speed_mps(self.pace_mps);
            let distance = self.here.distance_m(leg.to);
            if distance > 0.0 {
                self.bearing_deg = self.here.bearing_deg(leg.to);
            }
            self.here = self.here.towards(leg.to, left_s * speed_mps);
            if distance > left_s * speed_mps {
                return Doing::Underway { rest_at };
            }
            left_s -= distance / speed_mps;
            self.way.pop_front();
            if !leg.then.is_zero() && !self.way.is_empty() {
                return Doing::Pausing { until: later(now, leg.then) };
            }
        }
        let mean = if self.here == self.home { AT_HOME } else { OUT };
        Doing::Staying { until: later(now, seed::exponential(mean, rng)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::district::{CANAL_WIDTH_M, to_canal_m};

    fn home() -> Ground {
        Ground::from_degrees(33.9624, 118.2757)
    }

    fn day_of(habits: Habits, seed_number: u64) -> Vec<Whereabouts> {
        let mut rng = seed::generator(seed_number, "test", "h");
        let start: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let mut person = Person::at_home(home(), habits, start, &mut rng);
        (1..=1440_u64)
            .map(|step| person.step(later(start, Duration::from_secs(step * 10)), &mut rng))
            .collect()
    }

    #[test]
    fn people_leave_rest_and_come_home_at_an_old_persons_pace() {
        for seed_number in 0..20 {
            let day = day_of(Habits::default(), seed_number);
            assert!(day.iter().all(|w| w.speed_mps <= 1.25), "seed {seed_number}");
            assert!(day.iter().any(|w| w.at_home), "seed {seed_number} never at home");
            assert!(day.iter().any(|w| w.speed_mps > 0.3), "seed {seed_number} never walked");
            assert!(day.iter().all(|w| w.place.distance_m(home()) < 2_000.0), "seed {seed_number}");
        }
    }

    #[test]
    fn who_takes_the_bus_goes_as_fast_as_one_crosses_the_canal_and_comes_home() {
        let habits = Habits { by_bus: 1.0, ..Habits::default() };
        let mut crossed = 0;
        for seed_number in 0..20 {
            let day = day_of(habits, seed_number);
            assert!(day.iter().all(|w| w.speed_mps <= 13.0), "seed {seed_number}");
            let out = day.iter().position(|w| w.speed_mps > 4.0);
            let Some(out) = out else { continue };
            crossed += usize::from(day.iter().any(|w| to_canal_m(w.place) < CANAL_WIDTH_M));
            assert!(day.iter().skip(out).any(|w| w.at_home), "seed {seed_number} stayed away");
        }
        assert!(crossed > 5, "{crossed}");
    }

    #[test]
    fn who_wanders_comes_or_is_brought_home_in_the_end() {
        let habits = Habits { wanders: 0.5, ..Habits::default() };
        for seed_number in 0..20 {
            let day = day_of(habits, seed_number);
            assert!(day.iter().all(|w| w.place.distance_m(home()) < 4_500.0), "seed {seed_number}");
            // Whoever is away in the first half of the time has the second half to come home.
            let away = day.iter().take(720).position(|w| w.place.distance_m(home()) > 500.0);
            assert!(away.is_none_or(|away| day.iter().skip(away).any(|w| w.at_home)), "seed {seed_number}");
        }
    }

    #[test]
    fn the_same_seed_is_the_same_day() {
        let habits = Habits { by_bus: 0.3, wanders: 0.3, ..Habits::default() };
        assert_eq!(day_of(habits, 7), day_of(habits, 7));
        assert_ne!(day_of(habits, 7), day_of(habits, 8));
    }
}
