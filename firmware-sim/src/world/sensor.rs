//! What a handset measures: a position with an error, and an honest statement of how large that error may be.

use super::place::round_to;
use super::{Battery, Whereabouts};
use crate::seed;
use model::{CoordinateError, Method, Timestamp, Wgs84};
use rand::{RngExt, rngs::StdRng};
use std::time::Duration;

/// The radius that holds 68 % of a circular normal distribution, in its standard deviations: sqrt(-2 ln 0.32).
const RADIUS_68_IN_DEVIATIONS: f64 = 1.509_6;
/// A handset keeps a method for about fifteen readings before conditions change.
const CHANGE_METHOD: f64 = 1.0 / 15.0;

/// One measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The measured position.
    pub position: Wgs84,
    /// The radius that holds the truth with 68 %.
    pub accuracy_m: f64,
    /// How it was measured.
    pub method: Method,
    /// Speed, as satellites give it.
    pub speed_mps: Option<f64>,
    /// Direction, as satellites give it while walking.
    pub bearing_deg: Option<f64>,
    /// Charge left.
    pub battery_pct: f64,
    /// On the charger.
    pub charging: bool,
}

/// The measuring part of one handset.
#[derive(Debug, Clone)]
pub struct Sensor {
    method: Method,
    indoors: bool,
    battery: Battery,
    measured_at: Timestamp,
}

impl Sensor {
    /// A handset that was switched on a while ago.
    pub fn switched_on(now: Timestamp, rng: &mut StdRng) -> Self {
        let battery = Battery::charged(rng.random_range(30.0..100.0));
        Self { method: Method::Wifi, indoors: true, battery, measured_at: now }
    }

    /// Measures where the person is.
    pub fn measure(
        &mut self,
        person: Whereabouts,
        now: Timestamp,
        rng: &mut StdRng,
    ) -> Result<Reading, CoordinateError> {
        let passed = Duration::try_from(now.duration_since(self.measured_at)).unwrap_or_default();
        self.measured_at = now;
        self.battery.step(passed, person.at_home);
        if self.indoors != person.indoors || rng.random_bool(CHANGE_METHOD) {
            self.indoors = person.indoors;
            self.method = choose(person.indoors, rng);
        }
        let accuracy_m = round_to(accuracy(self.method, rng), 1e1);
        let deviation_m = accuracy_m / RADIUS_68_IN_DEVIATIONS;
        let (east, north) = seed::normal_pair(rng);
        let satellites = self.method == Method::Gps;
        Ok(Reading {
            position: person.place.moved(east * deviation_m, north * deviation_m).position()?,
            accuracy_m,
            method: self.method,
            speed_mps: satellites.then(|| round_to(person.speed_mps, 1e2)),
            bearing_deg: (satellites && person.speed_mps > 0.2).then(|| person.bearing_deg.round()),
            battery_pct: self.battery.charge_pct().round(),
            charging: self.battery.charging(),
        })
    }
}

/// Satellites are not seen under a roof; outside nobody falls back to the cell.
fn choose(indoors: bool, rng: &mut StdRng) -> Method {
    let draw: f64 = rng.random();
    match (indoors, draw) {
        (true, ..0.70) | (false, 0.95..) => Method::Wifi,
        (true, ..0.92) | (false, 0.88..) => Method::Aflt,
        (true, _) => Method::Cell,
        (false, _) => Method::Gps,
    }
}

/// Skewed towards the good end of what each method reaches.
fn accuracy(method: Method, rng: &mut StdRng) -> f64 {
    let (best_m, worst_m) = match method {
        Method::Gps => (4.0, 28.0),
        Method::Wifi => (15.0, 60.0),
        Method::Aflt => (50.0, 220.0),
        Method::Cell => (300.0, 1_400.0),
    };
    let draw: f64 = rng.random();
    best_m + (worst_m - best_m) * draw * draw
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Ground;

    #[test]
    fn accuracy_is_honest_for_every_method() {
        let start: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let mut rng = seed::generator(3, "test", "h");
        let mut sensor = Sensor::switched_on(start, &mut rng);
        let place = Ground::from_degrees(33.9624, 118.2757);
        let truth = place.position().unwrap();
        let mut inside = [0.0_f64; 4];
        let mut total = [0.0_f64; 4];
        for step in 0..40_000 {
            let indoors = step % 2 == 0;
            let person = Whereabouts {
                place,
                speed_mps: 0.0,
                bearing_deg: 0.0,
                indoors,
                at_home: indoors,
                in_dead_zone: false,
            };
            let reading = sensor.measure(person, start, &mut rng).unwrap();
            let method = [Method::Gps, Method::Wifi, Method::Aflt, Method::Cell]
                .iter()
                .position(|m| *m == reading.method);
            let index = method.unwrap();
            total[index] += 1.0;
            inside[index] += f64::from(u8::from(reading.position.distance_m(truth) <= reading.accuracy_m));
        }
        for (held, all) in inside.iter().zip(total) {
            assert!(all > 300.0, "a method was hardly used: {total:?}");
            assert!((held / all - 0.68).abs() < 0.06, "{held} of {all}");
        }
    }
}
