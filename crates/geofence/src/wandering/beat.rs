//! Whether somebody goes to and fro, or round, in one beat: the spectrum of the places as they were kept (Lomb 1976, Scargle
//! 1982). A beat of many turns stands out of errors as large as the ground that is covered, which smoothing does not.

use super::path::At;
use crate::number;
use crate::plane::Point;
use std::f64::consts::TAU;

/// Nobody turns round and is back sooner.
const SHORTEST_S: f64 = 50.0;
/// Frequencies that are tried for each that a stretch can tell from its neighbour. The third is the first: a beat comes again
/// one and a half times in a stretch at least.
const FINE: f64 = 2.0;
const FIRST: f64 = 3.0;

/// The strongest beat.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Beat {
    /// The share of all that is explained by it.
    pub(super) share: f64,
    /// How many times stronger it is than beats are in the mean.
    pub(super) of_others: f64,
    /// 0 on a line, 1 on a circle.
    pub(super) round: f64,
    /// How long it takes.
    pub(super) seconds: f64,
    /// The root of the mean square of what it moves.
    pub(super) metres: f64,
}

/// A place on its way through the frequencies: its phase, and by how much that grows from one frequency to the next.
struct Turning {
    point: Point,
    phase: (f64, f64),
    by: (f64, f64),
}

/// Each axis with the wave.
#[derive(Default)]
struct Wave {
    x: (f64, f64),
    y: (f64, f64),
}

impl Wave {
    /// Of all places, which are turned to the next frequency.
    fn of(turning: &mut [Turning]) -> Self {
        let mut wave = Self::default();
        for Turning { point, phase, by } in turning {
            wave.x = (wave.x.0 + point.x * phase.0, wave.x.1 + point.x * phase.1);
            wave.y = (wave.y.0 + point.y * phase.0, wave.y.1 + point.y * phase.1);
            *phase = (phase.0 * by.0 - phase.1 * by.1, phase.0 * by.1 + phase.1 * by.0);
        }
        wave
    }

    fn power(&self) -> f64 {
        self.x.0 * self.x.0 + self.x.1 * self.x.1 + self.y.0 * self.y.0 + self.y.1 * self.y.1
    }

    fn round(&self) -> f64 {
        2.0 * (self.x.0 * self.y.1 - self.x.1 * self.y.0).abs() / self.power().max(1e-9)
    }
}

/// The strongest beat of these places.
pub(super) fn beat(places: &[At]) -> Beat {
    let Some((first, last)) = places.first().zip(places.last()) else { return Beat::default() };
    let (whole_s, count) = (last.second - first.second, number::count(places.len()));
    let fastest = 1.0 / SHORTEST_S.max(2.0 * whole_s / (count - 1.0).max(1.0));
    let step = 1.0 / (FINE * whole_s.max(1.0));
    let mut turning = turning(places, step);
    let squares: f64 = turning.iter().map(|at| at.point.x.powi(2) + at.point.y.powi(2)).sum();
    let to_share = 2.0 / (count * squares.max(1.0));
    let (mut best, mut sum, mut tried, mut frequency) = (Beat::default(), 0.0, 0.0, FIRST * step);
    while frequency <= fastest {
        let wave = Wave::of(&mut turning);
        let share = wave.power() * to_share;
        (sum, tried) = (sum + share, tried + 1.0);
        if share > best.share {
            best = Beat { share, round: wave.round(), seconds: 1.0 / frequency, ..best };
        }
        frequency += step;
    }
    let others = sum / f64::max(tried, 1.0);
    Beat { of_others: best.share / others.max(1e-3), metres: (best.share * squares / count).sqrt(), ..best }
}

/// The places about the line that fits them best, at the first phase.
fn turning(places: &[At], step: f64) -> Vec<Turning> {
    let share = 1.0 / number::count(places.len().max(1));
    let mean = |of: fn(&At) -> f64| places.iter().map(of).sum::<f64>() * share;
    let (x, y, second) = (mean(|at| at.point.x), mean(|at| at.point.y), mean(|at| at.second));
    let (mut along, mut across, mut squares) = (0.0, 0.0, 0.0);
    for at in places {
        let since_s = at.second - second;
        along += since_s * (at.point.x - x);
        across += since_s * (at.point.y - y);
        squares += since_s * since_s;
    }
    let (along, across) = (along / f64::max(squares, 1.0), across / f64::max(squares, 1.0));
    let turn = |at: &At| {
        let since_s = at.second - second;
        let (sin, cos) = (TAU * step * since_s).sin_cos();
        // Three times the angle.
        let phase = (cos * (4.0 * cos * cos - 3.0), sin * (3.0 - 4.0 * sin * sin));
        let point = Point { x: at.point.x - x - along * since_s, y: at.point.y - y - across * since_s };
        Turning { point, phase, by: (cos, sin) }
    };
    places.iter().map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half an hour of places, one each 20 s, on an ellipse of 30 m in four minutes, with a drift and errors as large.
    fn places(squeeze: f64) -> Vec<At> {
        let place = |number: u32| {
            let second = f64::from(number) * 20.0 - 1_800.0;
            let (sin, cos) = (second / 240.0 * TAU).sin_cos();
            let error = |salt: f64| (((f64::from(number) + 1.0) * salt).sin() * 43_758.5).fract() * 52.0;
            let x = 30.0 * cos + error(12.9898) + second * 0.02;
            let y = 30.0 * squeeze * sin + error(78.233) - second * 0.01;
            At { point: Point { x, y }, second, sigma_m: 30.0 }
        };
        (0..91).map(place).collect()
    }

    #[test]
    fn a_beat_is_found_among_errors_as_large() {
        let (line, round) = (beat(&places(0.0)), beat(&places(1.0)));
        for found in [line, round] {
            assert!((found.seconds - 240.0).abs() < 15.0, "{found:?}");
            assert!(found.of_others > 4.0, "{found:?}");
        }
        assert!(line.round < 0.6 && round.round > 0.7, "{line:?} {round:?}");
    }

    #[test]
    fn no_places_have_none() {
        assert_eq!(beat(&[]), Beat::default());
        let one = At { point: Point::default(), second: 0.0, sigma_m: 1.0 };
        assert!(beat(&[one]).share.abs() < 1e-9 && beat(&[one, one]).metres.abs() < 1e-9);
    }
}
