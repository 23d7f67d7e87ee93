//! How wrong a position is: as large as its method makes it, slowly changing, now and then far worse, and not always
//! admitted.
//!
//! The error of one method is a Gauss-Markov process: what the last reading was wrong by, most of the next one is wrong
//! by too, as when the same reflection or the same far access point leads astray for minutes. Every few minutes the
//! conditions change, and in a small share of them all errors are three times as large without the handset knowing. A
//! handset that lies tells a fraction of the radius.

use crate::clock::later;
use crate::seed;
use crate::world::place::round_to;
use model::{Method, Timestamp};
use rand::{RngExt, rngs::StdRng};
use std::time::Duration;

/// The share of conditions that are bad, and how much larger errors are then.
const BAD_SHARE: f64 = 0.08;
const BAD_FACTOR: f64 = 3.0;
/// The standard deviation on each axis for each metre of accuracy. With [`BAD_SHARE`] of errors [`BAD_FACTOR`] times as
/// large, 68 % of all still fall into the radius: 0.92 (1 - exp(-x)) + 0.08 (1 - exp(-x/9)) = 0.68 for x = 1.30.
const DEVIATION_OF_ACCURACY: f64 = 0.620;
/// A liar tells a quarter to a tenth of the radius.
const LIE_LEAST: f64 = 4.0;
const LIE_MOST: f64 = 10.0;

/// What a method reaches: the accuracy from its best to its worst, and for how long errors are alike.
struct Reach {
    best_m: f64,
    worst_m: f64,
    alike: Duration,
}

fn reach(method: Method) -> Reach {
    let (best_m, worst_m, alike) = match method {
        Method::Gps => (4.0, 32.0, Duration::from_secs(45)),
        Method::Wifi => (18.0, 60.0, Duration::from_mins(3)),
        Method::Aflt => (50.0, 220.0, Duration::from_secs(90)),
        Method::Cell => (250.0, 1_600.0, Duration::from_mins(10)),
    };
    Reach { best_m, worst_m, alike }
}

/// What holds for some minutes.
#[derive(Debug, Clone, PartialEq)]
struct Conditions {
    method: Method,
    accuracy_m: f64,
    factor: f64,
    lie: f64,
    until: Timestamp,
}

/// The error of one handset's positions over time.
#[derive(Debug, Clone)]
pub struct PositionError {
    conditions: Conditions,
    /// In standard deviations.
    east: f64,
    north: f64,
    at: Timestamp,
    lying_share: f64,
}

/// An error, and what the handset says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// The true error to the east and north, in metres.
    pub east_m: f64,
    /// See `east_m`.
    pub north_m: f64,
    /// The radius the handset tells.
    pub accuracy_m: f64,
}

impl PositionError {
    /// Begins with this method; in `lying_share` of all conditions the handset makes itself better than it is.
    pub fn begin(method: Method, lying_share: f64, now: Timestamp, rng: &mut StdRng) -> Self {
        let (east, north) = seed::normal_pair(rng);
        let conditions = Conditions::new(method, lying_share, now, rng);
        Self { conditions, east, north, at: now, lying_share }
    }

    /// The error of a reading by that method now.
    pub fn of(&mut self, method: Method, now: Timestamp, rng: &mut StdRng) -> Told {
        let passed = Duration::try_from(now.duration_since(self.at)).unwrap_or_default();
        self.at = now;
        let (east, north) = seed::normal_pair(rng);
        if method == self.conditions.method {
            // The share of the last error that is left, and the share that is new: their squares make one.
            let left = (-passed.as_secs_f64() / reach(method).alike.as_secs_f64()).exp();
            let new = (1.0 - left * left).sqrt();
            (self.east, self.north) = (self.east * left + east * new, self.north * left + north * new);
        } else {
            (self.east, self.north) = (east, north);
        }
        if method != self.conditions.method || now >= self.conditions.until {
            self.conditions = Conditions::new(method, self.lying_share, now, rng);
        }
        let Conditions { accuracy_m, factor, lie, .. } = self.conditions;
        // Each reading is a little better or worse than the conditions.
        let accuracy_m = accuracy_m * rng.random_range(0.9..1.1);
        let deviation_m = accuracy_m * DEVIATION_OF_ACCURACY * factor;
        Told {
            east_m: self.east * deviation_m,
            north_m: self.north * deviation_m,
            accuracy_m: round_to(accuracy_m / lie, 1e1).max(1.0),
        }
    }
}

impl Conditions {
    fn new(method: Method, lying_share: f64, now: Timestamp, rng: &mut StdRng) -> Self {
        let Reach { best_m, worst_m, alike } = reach(method);
        // Skewed towards the good end of what the method reaches.
        let draw: f64 = rng.random();
        let lies = rng.random_bool(lying_share);
        Self {
            method,
            accuracy_m: best_m + (worst_m - best_m) * draw * draw,
            factor: if rng.random_bool(BAD_SHARE) { BAD_FACTOR } else { 1.0 },
            lie: if lies { rng.random_range(LIE_LEAST..LIE_MOST) } else { 1.0 },
            until: later(now, seed::exponential(alike * 3, rng)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHODS: [Method; 4] = [Method::Gps, Method::Wifi, Method::Aflt, Method::Cell];

    /// The errors of that many readings, so far apart that each is a fresh one, as multiples of the told radius.
    fn fresh(method: Method, lying_share: f64, apart: Duration) -> Vec<(Told, f64)> {
        let start: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let mut rng = seed::generator(3, "test", method.as_str());
        let mut error = PositionError::begin(method, lying_share, start, &mut rng);
        (1..=8_000_u32)
            .map(|step| {
                let told = error.of(method, later(start, apart * step), &mut rng);
                (told, told.east_m.hypot(told.north_m) / told.accuracy_m)
            })
            .collect()
    }

    fn share(errors: &[(Told, f64)], within: f64) -> f64 {
        let count = |n: usize| f64::from(u32::try_from(n).unwrap());
        count(errors.iter().filter(|(_, ratio)| *ratio <= within).count()) / count(errors.len())
    }

    #[test]
    fn an_honest_radius_holds_68_percent_and_the_tail_is_heavy() {
        for method in METHODS {
            let errors = fresh(method, 0.0, Duration::from_hours(3));
            assert!((share(&errors, 1.0) - 0.68).abs() < 0.025, "{method:?} {}", share(&errors, 1.0));
            // A normal distribution has 0.03 % beyond 2.65 radii; here it is thirty times as many at least.
            assert!(1.0 - share(&errors, 2.65) > 0.01, "{method:?}");
            assert!(share(&errors, 3.0) > 0.95, "{method:?}");
        }
    }

    #[test]
    fn sizes_are_those_of_the_methods() {
        for (method, least_m, most_m) in [
            (Method::Gps, 5.0, 20.0),
            (Method::Wifi, 20.0, 50.0),
            (Method::Aflt, 50.0, 200.0),
            (Method::Cell, 250.0, 1_200.0),
        ] {
            let mut radii: Vec<f64> =
                fresh(method, 0.0, Duration::from_hours(3)).iter().map(|(told, _)| told.accuracy_m).collect();
            radii.sort_by(f64::total_cmp);
            assert!((least_m..most_m).contains(&radii[radii.len() / 2]), "{method:?}");
        }
    }

    #[test]
    fn an_error_stays_for_a_while() {
        for method in METHODS {
            let near = fresh(method, 0.0, Duration::from_secs(5));
            let far = fresh(method, 0.0, Duration::from_hours(3));
            let jump = |errors: &[(Told, f64)]| {
                let jumps = errors.windows(2).map(|two| {
                    (two[1].0.east_m - two[0].0.east_m).hypot(two[1].0.north_m - two[0].0.north_m)
                });
                jumps.sum::<f64>()
            };
            assert!(jump(&near) < jump(&far) * 0.5, "{method:?}");
        }
    }

    #[test]
    fn a_liar_is_outside_its_radius_most_of_the_time() {
        let errors = fresh(Method::Gps, 1.0, Duration::from_hours(3));
        assert!(share(&errors, 1.0) < 0.12, "{}", share(&errors, 1.0));
        let half = fresh(Method::Gps, 0.3, Duration::from_hours(3));
        assert!((0.4..0.6).contains(&share(&half, 1.0)), "{}", share(&half, 1.0));
    }
}
