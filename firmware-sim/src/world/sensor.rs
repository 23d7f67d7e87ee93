//! What a handset measures: a position by the best method of the place, with an error of that method.

use super::Battery;
use super::error::PositionError;
use super::person::{Sky, Whereabouts};
use super::place::round_to;
use model::{Method, Timestamp, Wgs84};
use rand::{RngExt, rngs::StdRng};

/// A handset keeps a method for about fifteen readings before conditions change.
const CHANGE_METHOD: f64 = 1.0 / 15.0;
/// Faster than anybody walks, a bearing is worth telling.
const BEARING_FROM_MPS: f64 = 0.2;

/// One measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The measured position.
    pub position: Wgs84,
    /// The radius that holds the truth with 68 %, as the handset has it.
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
    sky: Sky,
    error: PositionError,
}

impl Sensor {
    /// A handset that was switched on under a roof; in `lying_share` of all conditions it makes itself better than it
    /// is.
    pub fn switched_on(lying_share: f64, now: Timestamp, rng: &mut StdRng) -> Self {
        let error = PositionError::begin(Method::Wifi, lying_share, now, rng);
        Self { method: Method::Wifi, sky: Sky::Roof, error }
    }

    /// Measures where the person is; in a tunnel there is nothing to measure by.
    pub fn measure(
        &mut self,
        person: Whereabouts,
        battery: Battery,
        now: Timestamp,
        rng: &mut StdRng,
    ) -> Option<Reading> {
        if self.sky != person.sky || rng.random_bool(CHANGE_METHOD) {
            self.sky = person.sky;
            self.method = choose(person.sky, rng).unwrap_or(self.method);
        }
        if person.sky == Sky::Tunnel {
            return None;
        }
        let told = self.error.of(self.method, now, rng);
        let satellites = self.method == Method::Gps;
        let moving = satellites && person.speed_mps > BEARING_FROM_MPS;
        Some(Reading {
            position: person.place.moved(told.east_m, told.north_m).position().ok()?,
            accuracy_m: told.accuracy_m,
            method: self.method,
            speed_mps: satellites.then(|| round_to(person.speed_mps, 1e2)),
            bearing_deg: moving.then(|| person.bearing_deg.round().rem_euclid(360.0)),
            battery_pct: battery.charge_pct().round(),
            charging: battery.charging(),
        })
    }
}

/// Indoors known networks or only base stations; outside satellites, now and then less.
fn choose(sky: Sky, rng: &mut StdRng) -> Option<Method> {
    let draw: f64 = rng.random();
    match (sky, draw) {
        (Sky::Tunnel, _) => None,
        (Sky::Roof, ..0.70) | (Sky::Open, 0.97..) => Some(Method::Wifi),
        (Sky::Roof, ..0.88) | (Sky::Open, 0.91..) => Some(Method::Aflt),
        (Sky::Roof, _) => Some(Method::Cell),
        (Sky::Open, _) => Some(Method::Gps),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::later;
    use crate::seed;
    use crate::world::Ground;
    use std::time::Duration;

    /// The methods of a day under that sky, ten seconds apart.
    fn methods(sky: Sky) -> Vec<Option<Method>> {
        let start: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let mut rng = seed::generator(3, "test", "h");
        let mut sensor = Sensor::switched_on(0.0, start, &mut rng);
        let place = Ground::from_degrees(33.9624, 118.2757);
        let person =
            Whereabouts { place, speed_mps: 0.0, bearing_deg: 0.0, sky, at_home: false, in_dead_zone: false };
        (1..=8_640_u32)
            .map(|step| {
                let now = later(start, Duration::from_secs(10) * step);
                sensor.measure(person, Battery::charged(50.0), now, &mut rng).map(|reading| reading.method)
            })
            .collect()
    }

    #[test]
    fn the_method_is_that_of_the_place() {
        let count = |methods: &[Option<Method>], method| methods.iter().filter(|m| **m == method).count();
        let outside = methods(Sky::Open);
        assert!(count(&outside, Some(Method::Gps)) > 7_000);
        assert_eq!(count(&outside, Some(Method::Cell)) + count(&outside, None), 0);
        let inside = methods(Sky::Roof);
        assert_eq!(count(&inside, Some(Method::Gps)) + count(&inside, None), 0);
        assert!(count(&inside, Some(Method::Wifi)) > 4_500 && count(&inside, Some(Method::Cell)) > 300);
        let below = methods(Sky::Tunnel);
        assert_eq!(count(&below, None), below.len());
    }
}
