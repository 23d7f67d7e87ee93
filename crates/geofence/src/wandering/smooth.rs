//! The likeliest way, given what the fixes say and how sure each is: a Kalman filter forward and the smoother of Rauch, Tung and
//! Striebel (1965) backward, for somebody whose speed changes at random. Both axes have the same errors, so one variance
//! serves both. A place far from where it can be weighs less (Huber 1964).

use super::path::At;
use crate::plane::{Length as _, Point};

/// How much the speed changes: who turns round at a walking pace each minute or two.
const RESTLESS: f64 = 0.02;
/// Nobody knows the speed at the beginning: a walking pace is one deviation.
const PACE_MPS: f64 = 0.8;
/// From so many deviations on a place is believed less.
const ODD: f64 = 2.5;

/// A place of the smoothed way.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Smoothed {
    /// Where.
    pub point: Point,
    /// How fast, to the east and to the north.
    pub speed: Point,
    /// The pace in metres a second.
    pub mps: f64,
    /// When, as [`At::second`].
    pub second: f64,
    /// The deviation that is left, on an axis.
    pub sigma_m: f64,
}

/// Variances of place and speed on an axis, and what they have in common.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    place: f64,
    both: f64,
    speed: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Guess {
    point: Point,
    speed: Point,
    spread: Spread,
}

impl Guess {
    /// What is to be expected so many seconds later.
    fn ahead(&self, seconds: f64) -> Self {
        let Spread { place, both, speed } = self.spread;
        let go = |from: f64, speed: f64| from + speed * seconds;
        Self {
            point: Point { x: go(self.point.x, self.speed.x), y: go(self.point.y, self.speed.y) },
            speed: self.speed,
            spread: Spread {
                place: place
                    + 2.0 * seconds * both
                    + seconds.powi(2) * speed
                    + RESTLESS * seconds.powi(3) / 3.0,
                both: both + seconds * speed + RESTLESS * seconds.powi(2) / 2.0,
                speed: speed + RESTLESS * seconds,
            },
        }
    }

    /// What is believed once a place was seen.
    fn seeing(&self, seen: &At, fresh_m: f64) -> Self {
        let (x, y) = (seen.point.x - self.point.x, seen.point.y - self.point.y);
        let told = seen.sigma_m.max(fresh_m).powi(2);
        let odd = (x, y).length_m() / (ODD * (self.spread.place + told).sqrt());
        let error = told * odd.max(1.0).powi(2);
        let sum = self.spread.place + error;
        let share = 1.0 / sum;
        let (to_place, to_speed) = (self.spread.place * share, self.spread.both * share);
        Self {
            point: Point { x: self.point.x + to_place * x, y: self.point.y + to_place * y },
            speed: Point { x: self.speed.x + to_speed * x, y: self.speed.y + to_speed * y },
            spread: Spread {
                place: self.spread.place * (1.0 - to_place),
                both: self.spread.both * (1.0 - to_place),
                speed: self.spread.speed - to_speed * self.spread.both,
            },
        }
    }

    /// What is believed once it is known what came after: `later` of what was `expected`.
    fn knowing(&self, seconds: f64, expected: &Self, later: &Self) -> Self {
        let (own, next) = (self.spread, expected.spread);
        let flat = 1.0 / (next.place * next.speed - next.both.powi(2)).max(1e-9);
        // Own spread times the transition, times the inverse of what was expected.
        let (a, b) = (own.place + seconds * own.both, own.both);
        let (c, d) = (own.both + seconds * own.speed, own.speed);
        let gain = |one: f64, two: f64| {
            ((one * next.speed - two * next.both) * flat, (two * next.place - one * next.both) * flat)
        };
        let ((place_place, place_speed), (speed_place, speed_speed)) = (gain(a, b), gain(c, d));
        let move_by = |to_place: f64, to_speed: f64| Point {
            x: to_place * (later.point.x - expected.point.x) + to_speed * (later.speed.x - expected.speed.x),
            y: to_place * (later.point.y - expected.point.y) + to_speed * (later.speed.y - expected.speed.y),
        };
        let (place, speed) = (move_by(place_place, place_speed), move_by(speed_place, speed_speed));
        let less = Spread {
            place: later.spread.place - next.place,
            both: later.spread.both - next.both,
            speed: later.spread.speed - next.speed,
        };
        let squeezed = |one: f64, two: f64, three: f64, four: f64| {
            one * (three * less.place + four * less.both) + two * (three * less.both + four * less.speed)
        };
        Self {
            point: Point { x: self.point.x + place.x, y: self.point.y + place.y },
            speed: Point { x: self.speed.x + speed.x, y: self.speed.y + speed.y },
            spread: Spread {
                place: (own.place + squeezed(place_place, place_speed, place_place, place_speed)).max(0.0),
                both: own.both + squeezed(place_place, place_speed, speed_place, speed_speed),
                speed: (own.speed + squeezed(speed_place, speed_speed, speed_place, speed_speed)).max(0.0),
            },
        }
    }
}

/// How far the middle one of three places in a row lies beside the line of the others, as a deviation on an axis: the part of
/// the errors that is fresh with each. The median, since turns lie beside their line too.
pub fn fresh_m(places: &[At]) -> f64 {
    let threes = places.iter().zip(places.iter().skip(1)).zip(places.iter().skip(2));
    let mut beside: Vec<f64> = threes
        .map(|((a, b), c)| {
            let share = (b.second - a.second) / (c.second - a.second).max(1.0);
            let line = Point {
                x: a.point.x + share * (c.point.x - a.point.x),
                y: a.point.y + share * (c.point.y - a.point.y),
            };
            line.distance_m(b.point) / (1.0 + share.powi(2) + (1.0 - share).powi(2)).sqrt()
        })
        .collect();
    if beside.is_empty() {
        return 0.0;
    }
    let half = beside.len() / 2;
    let (_, median, _) = beside.select_nth_unstable_by(half, f64::total_cmp);
    // The median of a Rayleigh distribution is 1.1774 deviations.
    *median / 1.1774
}

/// The likeliest way, with the fresh part of the errors as [`fresh_m`] says it.
pub fn smooth(places: &[At], fresh_m: f64) -> Vec<Smoothed> {
    let Some(first) = places.first() else { return Vec::new() };
    let spread = Spread { place: first.sigma_m.powi(2), both: 0.0, speed: PACE_MPS.powi(2) };
    let mut guess = Guess { point: first.point, speed: Point::default(), spread };
    let mut second = first.second;
    // What was expected of each place, and what was believed once it was seen.
    let mut forward: Vec<(Guess, Guess)> = Vec::with_capacity(places.len());
    for seen in places {
        let ahead = guess.ahead(seen.second - second);
        guess = if forward.is_empty() { guess } else { ahead.seeing(seen, fresh_m) };
        forward.push((ahead, guess));
        second = seen.second;
    }
    let mut smoothed = Vec::with_capacity(places.len());
    let mut later: Option<(Guess, Guess, f64)> = None;
    for ((ahead, own), seen) in forward.iter().zip(places).rev() {
        let known =
            later.map_or(*own, |(later, expected, then)| own.knowing(then - seen.second, &expected, &later));
        smoothed.push(Smoothed {
            point: known.point,
            speed: known.speed,
            mps: (known.speed.x, known.speed.y).length_m(),
            second: seen.second,
            sigma_m: known.spread.place.sqrt(),
        });
        later = Some((known, *ahead, seen.second));
    }
    smoothed.reverse();
    smoothed
}
