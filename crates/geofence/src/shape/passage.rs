//! A straight way from one place to another through a shape, and how long a way round it is at least.

use super::Area;
use crate::plane::Point;
use model::Wgs84;
use serde::{Deserialize, Serialize};

/// More steps than any shape of this size needs; what took more is not followed further.
const STEPS: u32 = 512;
/// No step is shorter.
const STEP_M: f64 = 1.0;
/// Where between the first and the last point inside a way round is looked for: each gives a length that no way round is shorter
/// than, and the longest of them counts.
const SHARES: [f64; 5] = [0.5, 0.3, 0.7, 0.1, 0.9];

/// A straight way that leads through a shape.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// From one end to the other.
    pub length_m: f64,
    /// From where it first is inside to where it last is.
    pub inside_m: f64,
    /// No way between the same ends that stays outside is shorter; what is longer than was asked for is told as that.
    pub detour_m: f64,
}

/// A straight line on a map.
#[derive(Debug, Clone, Copy)]
struct Line {
    from: Point,
    to: Point,
}

impl Line {
    fn length_m(self) -> f64 {
        self.from.distance_m(self.to)
    }

    fn at(self, gone_m: f64) -> Point {
        let length_m = self.length_m();
        let share = if length_m > 0.0 { gone_m / length_m } else { 0.0 };
        let Self { from, to } = self;
        Point { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
    }

    fn turned(self) -> Self {
        Self { from: self.to, to: self.from }
    }

    /// Square to it, from a point of it on, so many metres to the left; to the right if they are negative.
    fn aside(self, point: Point, metres: f64) -> Point {
        let share = metres / self.length_m().max(STEP_M);
        let Self { from, to } = self;
        Point { x: point.x - (to.y - from.y) * share, y: point.y + (to.x - from.x) * share }
    }
}

impl Area {
    /// The straight way from one place to another, if it leads through it. Ways round are looked for up to a length.
    pub fn passage(&self, from: Wgs84, to: Wgs84, detour_to_m: f64) -> Option<Passage> {
        let line = Line { from: self.plane().of(from), to: self.plane().of(to) };
        let length_m = line.length_m();
        let first_m = self.enters_at_m(line)?;
        let last_m = length_m - self.enters_at_m(line.turned())?;
        let round = SHARES.iter().filter_map(|share| {
            let at_m = first_m + (last_m - first_m) * share;
            self.round_m(line, at_m, detour_to_m)
        });
        let detour_m = round.fold(length_m, f64::max);
        Some(Passage { length_m, inside_m: (last_m - first_m).max(0.0), detour_m })
    }

    /// After how many metres a line is inside for the first time.
    fn enters_at_m(&self, line: Line) -> Option<f64> {
        let (length_m, mut gone_m, mut steps) = (line.length_m(), 0.0, 0_u32);
        // Sphere tracing: nothing of the shape is nearer than the distance says, so that much can be skipped.
        while gone_m <= length_m && steps < STEPS {
            let apart_m = self.edge_apart_m(line.at(gone_m));
            if apart_m < 0.0 {
                return Some(gone_m);
            }
            gone_m += apart_m.max(STEP_M);
            steps = steps.saturating_add(1);
        }
        None
    }

    /// Whoever goes round comes over the line that is square to the straight way in any point of it, outside of the shape: so
    /// the way round is at least as long as by the nearest point of that line that is outside.
    fn round_m(&self, line: Line, at_m: f64, most_m: f64) -> Option<f64> {
        let middle = line.at(at_m);
        let by = |aside_m: f64| at_m.hypot(aside_m) + (line.length_m() - at_m).hypot(aside_m);
        if self.edge_apart_m(middle) >= 0.0 {
            return None;
        }
        let leaves = |side: f64| {
            let (mut aside_m, mut steps) = (0.0, 0_u32);
            while by(aside_m) < most_m && steps < STEPS {
                let apart_m = self.edge_apart_m(line.aside(middle, side * aside_m));
                if apart_m >= 0.0 {
                    break;
                }
                aside_m += (-apart_m).max(STEP_M);
                steps = steps.saturating_add(1);
            }
            // The last step may have gone over the edge by its least length.
            by((aside_m - STEP_M).max(0.0))
        };
        Some(leaves(1.0).min(leaves(-1.0)))
    }
}
