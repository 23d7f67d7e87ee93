//! Simulated residents: where they truly are, and what their handsets say of it.
#![expect(dead_code, reason = "each test uses a part of it")]

use geofence::{Event, Moment, Resident, Signal, State, World, replay::ResidentEntry, step};
use model::{Fix, Method, Timestamp, Wgs84};
use serde_json::json;

pub(crate) mod goals;
pub(crate) mod walks;
pub(crate) mod year;

/// Home of the simulated residents.
pub(crate) const HOME: (f64, f64) = (33.9624, 118.2757);
const METRES_PER_DEGREE: f64 = 111_195.0;

/// Chance from a seed (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap()) / 4_294_967_296.0
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    pub(crate) fn normal(&mut self) -> f64 {
        let (a, b) = (self.share().max(1e-12), self.share());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }

    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -self.share().max(1e-12).ln() * mean
    }
}

/// Metres east and north of home, as a position.
pub(crate) fn place(east_m: f64, north_m: f64) -> Wgs84 {
    let lat = HOME.0 + north_m / METRES_PER_DEGREE;
    let lon = HOME.1 + east_m / (METRES_PER_DEGREE * HOME.0.to_radians().cos());
    Wgs84::new(lat, lon).unwrap()
}

pub(crate) fn time(second: f64) -> Timestamp {
    // Monday 23 November 2026, midnight in Suqian.
    let begin: Timestamp = "2026-11-22T16:00:00Z".parse().unwrap();
    Moment::from(begin).plus_s(second).timestamp()
}

pub(crate) fn fix(east_m: f64, north_m: f64, accuracy_m: f64, method: Method, second: f64) -> Fix {
    Fix {
        boot: None,
        seq: None,
        fix_time: time(second),
        position: place(east_m, north_m),
        accuracy_m,
        method,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: None,
    }
}

/// The error of a handset: as large as its method makes it, alike for a while, now and then far worse, and not always
/// admitted. Conditions change every few minutes.
#[derive(Debug, Clone)]
pub(crate) struct Handset {
    pub(crate) lies: f64,
    method: Method,
    accuracy_m: f64,
    factor: f64,
    told: f64,
    until: f64,
    east: f64,
    north: f64,
    at: f64,
}

impl Handset {
    pub(crate) fn new(lies: f64) -> Self {
        Self {
            lies,
            method: Method::Gps,
            accuracy_m: 10.0,
            factor: 1.0,
            told: 1.0,
            until: -1.0,
            east: 0.0,
            north: 0.0,
            at: 0.0,
        }
    }

    /// What it says at that second of somebody who is there.
    pub(crate) fn fix(&mut self, truth: (f64, f64), method: Method, second: f64, chance: &mut Chance) -> Fix {
        let (best, worst, alike_s) = match method {
            Method::Gps => (4.0, 32.0, 45.0),
            Method::Wifi => (18.0, 60.0, 180.0),
            Method::Aflt => (50.0, 220.0, 90.0),
            Method::Cell => (250.0, 1_600.0, 600.0),
        };
        let left = if method == self.method { (-(second - self.at) / alike_s).exp() } else { 0.0 };
        let new = (1.0 - left * left).sqrt();
        self.east = self.east * left + chance.normal() * new;
        self.north = self.north * left + chance.normal() * new;
        if method != self.method || second >= self.until {
            let draw = chance.share();
            self.accuracy_m = best + (worst - best) * draw * draw;
            self.factor = if chance.happens(0.08) { 3.0 } else { 1.0 };
            self.told = if chance.happens(self.lies) { 1.0 / chance.between(4.0, 10.0) } else { 1.0 };
            self.until = second + chance.exponential(alike_s * 3.0);
        }
        (self.method, self.at) = (method, second);
        let accuracy_m = self.accuracy_m * chance.between(0.9, 1.1);
        let deviation_m = accuracy_m * 0.62 * self.factor;
        let (east_m, north_m) = (truth.0 + self.east * deviation_m, truth.1 + self.north * deviation_m);
        fix(east_m, north_m, (accuracy_m * self.told).max(1.0), method, second)
    }
}

/// A resident as a file has them.
pub(crate) fn resident(value: &serde_json::Value) -> Resident {
    let entry: ResidentEntry = serde_json::from_value(value.clone()).unwrap();
    let mut problems = Vec::new();
    let resident = entry.resident(&mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    resident
}

/// A resident with one safe circle about home, its middle so many metres east of the bed.
pub(crate) fn at_home(radius_m: f64, off_m: f64) -> Resident {
    let middle = place(off_m, 0.0);
    resident(&json!({
        "id": "r1", "name": "王秀英", "policy": {"dementia": true},
        "handset": {"id": "h1"},
        "fences": [{"id": "home", "kind": "safe",
            "shape": {"type": "Circle", "center": [middle.lon(), middle.lat()], "radius_m": radius_m}}],
    }))
}

/// A resident with a state, taking fixes as they come.
pub(crate) struct Watched {
    pub(crate) world: World,
    pub(crate) resident: Resident,
    pub(crate) state: State,
    pub(crate) told: Vec<Signal>,
}

impl Watched {
    pub(crate) fn new(resident: Resident) -> Self {
        Self { world: World::default(), resident, state: State::default(), told: Vec::new() }
    }

    pub(crate) fn take(&mut self, fix: &Fix) {
        self.batch(std::slice::from_ref(fix), fix.fix_time);
    }

    pub(crate) fn batch(&mut self, fixes: &[Fix], now: Timestamp) {
        step(&self.world, &self.resident, &mut self.state, Event::Fixes(fixes), now, &mut self.told);
    }

    pub(crate) fn event(&mut self, event: Event<'_>, now: Timestamp) {
        step(&self.world, &self.resident, &mut self.state, event, now, &mut self.told);
    }

    /// Fires the deadlines until then.
    pub(crate) fn until(&mut self, time: Timestamp) {
        while let Some(due) = geofence::next_deadline(&self.state).filter(|due| *due <= time) {
            self.event(Event::Tick, due);
        }
    }

    /// What was told, by rule.
    pub(crate) fn rules(&self) -> Vec<&str> {
        self.told.iter().map(|signal| signal.evidence.rule.as_str()).collect()
    }

    pub(crate) fn count(&self, rule: &str) -> usize {
        self.rules().into_iter().filter(|told| *told == rule).count()
    }
}
