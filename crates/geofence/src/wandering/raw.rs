//! What is measured of the places as they were kept, errors and all.

use super::path::At;
use crate::number;
use crate::plane::{Length as _, Point};

/// More places than this are not averaged.
const MEAN_OF_MOST: usize = 6;
/// Further than so many deviations of what errors make up, and than so many metres, is gone.
const GONE_SIGMAS: f64 = 2.3;
const GONE_M: f64 = 10.0;

/// For each span of time the root of the mean square of the way between two places that lie so far apart in it, on an axis.
pub(super) fn spreads<const SPANS: usize>(places: &[At], spans_s: [(f64, f64); SPANS]) -> [f64; SPANS] {
    let longest_s = spans_s.iter().fold(0.0_f64, |longest, (_, to)| longest.max(*to));
    let mut sums = [(0.0_f64, 0.0_f64); SPANS];
    for (number, one) in places.iter().enumerate() {
        for other in places.iter().skip(number.saturating_add(1)) {
            let apart_s = other.second - one.second;
            if apart_s > longest_s {
                break;
            }
            let (x, y) = (one.point.x - other.point.x, one.point.y - other.point.y);
            let square = f64::midpoint(x * x, y * y);
            for ((from, to), (sum, count)) in spans_s.iter().zip(&mut sums) {
                let share = f64::from(u8::from(apart_s >= *from && apart_s <= *to));
                *sum += square * share;
                *count += share;
            }
        }
    }
    sums.map(|(sum, count)| if count > 0.0 { f64::sqrt(sum / count) } else { 0.0 })
}

/// How much of the time somebody went away from where they were so many seconds before, in the mean of as many, as far as the
/// fresh part of the errors lets it be seen.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Gone {
    /// The share of the time.
    pub(super) share: f64,
    /// The longest time in a row in which they did not.
    pub(super) longest_rest_s: f64,
}

impl Gone {
    pub(super) fn of(places: &[At], fresh_m: f64, while_s: f64) -> Self {
        let Some((first, last)) = places.first().zip(places.last()) else { return Self::default() };
        let count = number::count(places.len().saturating_sub(1).max(1));
        let interval_s = ((last.second - first.second) / count).max(1.0);
        let half = number::slot(while_s / interval_s + 0.5).clamp(1, MEAN_OF_MOST);
        let limit_m = (GONE_SIGMAS * fresh_m * (2.0 / number::count(half)).sqrt()).max(GONE_M);
        let (mut gone, mut all, mut rested_s, mut longest_s) = (0.0, 0.0, 0.0_f64, 0.0_f64);
        for pair in places.windows(half.saturating_mul(2)) {
            let (before, after) = pair.split_at(half);
            let (from, to) = (middle(before), middle(after));
            all += 1.0;
            if (to.x - from.x, to.y - from.y).length_m() > limit_m {
                gone += 1.0;
                rested_s = 0.0;
            } else {
                rested_s += interval_s;
                longest_s = longest_s.max(rested_s);
            }
        }
        Self { share: gone / f64::max(all, 1.0), longest_rest_s: longest_s }
    }
}

fn middle(places: &[At]) -> Point {
    let share = 1.0 / number::count(places.len().max(1));
    let add = |sum: Point, at: &At| Point { x: sum.x + at.point.x * share, y: sum.y + at.point.y * share };
    places.iter().fold(Point::default(), add)
}
