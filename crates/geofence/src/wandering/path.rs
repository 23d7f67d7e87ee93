//! From fixes to steps: what remains of a way when the error has been taken out.
//!
//! 1. **Smooth.** Fixes of the last seconds (1.5 for each metre of radius, 15 to 45) are averaged, a new average with each fix.
//! 2. **Know the rest.** How far a fix lies beside the line between its neighbours shows the part of the error that is fresh with each
//!    fix; the radius tells the whole of it, so what is left is slow. The fresh part is divided by the root of the number
//!    averaged, the slow part is not.
//! 3. **Step.** A step is made where an average is further from the last step than the errors can explain, and 15 m at
//!    least. Who stays makes the last step surer, so somebody who sits still makes few, whatever the radius.
//!
//! A step is six bytes, a path is at most 64 of them.

use crate::moment::Moment;
use crate::number;
use crate::plane::{Plane, Point};
use model::Wgs84;
use serde::{Deserialize, Serialize};

const STEPS: usize = 64;
const STEP_LEAST_M: f64 = 15.0;
/// How many deviations of the fresh and of the slow part of the error a step is longer than.
const FRESH: f64 = 2.1;
const SLOW: f64 = 1.2;
/// How much longer steps are when the fresh part alone is larger than the radius tells.
const LIES: f64 = 0.35;
/// How much of the fresh part's mean the newest fix is.
const FRESH_SHARE: f64 = 0.15;
/// Seconds to average for each metre of radius.
const SMOOTH_OF_ACCURACY: f64 = 1.5;
const SMOOTH_S: (f64, f64) = (15.0, 45.0);
const SMOOTHED: usize = 8;
/// After so long without a fix the way is another one.
const GAP_S: f64 = 900.0;
/// A path is begun anew when it is older than seconds or further than metres can be held.
const AGE_S: f64 = 60_000.0;
const FAR_M: f64 = 30_000.0;
/// Who has not made a step for so many seconds stays, and makes the last step surer with so many fixes.
const SETTLE_S: f64 = 60.0;
const SETTLED: u8 = 10;
const SIGMA_OF_ACCURACY: f64 = 0.6624;

/// A place somebody walked to.
#[derive(Debug, Clone, Copy)]
pub struct Walked {
    /// Where.
    pub place: Wgs84,
    /// The 68 % radius.
    pub accuracy_m: f64,
    /// When.
    pub at: Moment,
}

/// Metres from the origin and seconds from the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Step(i16, i16, u16);

/// A way on foot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Path {
    origin: Option<(f64, f64, Moment)>,
    steps: Vec<Step>,
    /// The fixes that are averaged, oldest first.
    newest: Vec<Step>,
    accuracy_m: f32,
    /// The variance of the fresh part of the error on one axis.
    fresh: Option<f32>,
    /// How many averages the newest step has taken in.
    settled: u8,
}

/// A step in metres, for reckoning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct At {
    /// Where.
    pub point: Point,
    /// Seconds from the beginning of the path.
    pub second: f64,
}

impl Path {
    /// Takes a place; says whether the path has a step more.
    pub fn take(&mut self, walked: &Walked) -> bool {
        let Some(fix) = self.held(walked) else { return false };
        self.accuracy_m = number::single(walked.accuracy_m);
        self.smooth(fix, walked.accuracy_m);
        self.measure_fresh();
        let Some(average) = average(&self.newest) else { return false };
        let far =
            self.steps.last().is_none_or(|last| at(*last).point.distance_m(average.point) >= self.step_m());
        if far {
            self.step(&average);
        } else {
            self.settle(&average);
        }
        far
    }

    /// The place as it is held; the path begins anew where it cannot be.
    fn held(&mut self, walked: &Walked) -> Option<Step> {
        let place = walked.place;
        let begun = self.origin.is_some_and(|(_, _, begun)| walked.at.seconds_since(begun) <= AGE_S);
        let second = |begun: Moment| number::whole(walked.at.seconds_since(begun).clamp(0.0, 65_535.0));
        let gap_s = self
            .origin
            .zip(self.newest.last())
            .map_or(0, |((_, _, begun), Step(_, _, last))| second(begun).saturating_sub(i32::from(*last)));
        if !begun || f64::from(gap_s) > GAP_S {
            self.clear();
        }
        let (lat, lon, begun) = *self.origin.get_or_insert((place.lat(), place.lon(), walked.at));
        let point = Plane::about(lat, lon).of(place);
        if point.distance_m(Point::default()) > FAR_M {
            self.clear();
            return None;
        }
        Some(Step(
            number::short(point.x),
            number::short(point.y),
            u16::try_from(second(begun)).unwrap_or(u16::MAX),
        ))
    }

    fn smooth(&mut self, fix: Step, accuracy_m: f64) {
        let seconds = (accuracy_m * SMOOTH_OF_ACCURACY).clamp(SMOOTH_S.0, SMOOTH_S.1);
        // Three stay at least, for the line between neighbours; `average` passes over what is too old.
        let stale = |old: &Step| f64::from(fix.2.saturating_sub(old.2)) > seconds;
        while self.newest.len() >= SMOOTHED
            || (self.newest.len() > 2 && self.newest.first().is_some_and(stale))
        {
            self.newest.remove(0);
        }
        if self.newest.capacity() == 0 {
            self.newest.reserve_exact(SMOOTHED);
        }
        self.newest.push(fix);
    }

    /// How far the middle one of the last three fixes lies beside the line of the others.
    fn measure_fresh(&mut self) {
        let most = (f64::from(self.accuracy_m) * SIGMA_OF_ACCURACY).powi(2);
        let [.., a, b, c] = self.newest.as_slice() else { return };
        let (a, b, c) = (at(*a), at(*b), at(*c));
        let share = (b.second - a.second) / (c.second - a.second).max(1.0);
        let line = Point {
            x: a.point.x + share * (c.point.x - a.point.x),
            y: a.point.y + share * (c.point.y - a.point.y),
        };
        let times = 1.0 + share * share + (1.0 - share) * (1.0 - share);
        let square = (line.distance_m(b.point).powi(2) / (2.0 * times)).min(most * 6.0);
        // As large as can be, until it is known.
        let before = self.fresh.map_or(most * 1.5, f64::from);
        self.fresh = Some(number::single((before + FRESH_SHARE * (square - before)).min(most * 2.5)));
    }

    fn step(&mut self, average: &Average) {
        self.settled = 1;
        if self.steps.len() >= STEPS {
            self.steps.remove(0);
        }
        if self.steps.len() == self.steps.capacity() {
            self.steps.reserve_exact(8);
        }
        let second = u16::try_from(number::whole(average.second)).unwrap_or(u16::MAX);
        self.steps.push(Step(number::short(average.point.x), number::short(average.point.y), second));
    }

    /// Somebody who stays makes the last step surer.
    fn settle(&mut self, average: &Average) {
        let Some(Step(x, y, second)) = self.steps.last_mut() else { return };
        if average.second - f64::from(*second) < SETTLE_S {
            return;
        }
        self.settled = self.settled.saturating_add(1).min(SETTLED);
        let share = 1.0 / f64::from(self.settled);
        *x = number::short(f64::from(*x) + share * (average.point.x - f64::from(*x)));
        *y = number::short(f64::from(*y) + share * (average.point.y - f64::from(*y)));
    }

    /// The least length of a step now.
    pub fn step_m(&self) -> f64 {
        let whole = (f64::from(self.accuracy_m) * SIGMA_OF_ACCURACY).powi(2);
        let fresh = self.fresh.map_or(whole, f64::from);
        let averaged = average(&self.newest).map_or(1.0, |average| average.count);
        // Whoever tells a radius too small is believed even less.
        let lies = 1.0 + LIES * (fresh / whole.max(1.0) - 1.3).clamp(0.0, 1.2);
        let errors = (FRESH * lies).powi(2) * fresh / averaged + SLOW * SLOW * (whole - fresh).max(0.0);
        STEP_LEAST_M.max(errors.sqrt())
    }

    /// Forgets the way.
    pub fn clear(&mut self) {
        self.steps.clear();
        self.newest.clear();
        (self.origin, self.fresh, self.settled) = (None, None, 0);
    }

    /// Reads a little of it.
    pub fn touch(&self) -> usize {
        let second = |steps: &[Step]| steps.last().map_or(0, |step| usize::from(step.2));
        second(&self.steps).wrapping_add(second(&self.newest))
    }

    /// How many bytes it points to.
    pub fn bytes(&self) -> usize {
        self.steps.capacity().saturating_add(self.newest.capacity()).saturating_mul(size_of::<Step>())
    }

    /// The steps, oldest first.
    pub fn steps(&self) -> Vec<At> {
        self.steps.iter().map(|step| at(*step)).collect()
    }

    /// The moment of a second of the path.
    pub fn moment(&self, second: f64) -> Moment {
        self.origin.map_or(Moment::PAST, |(_, _, begun)| begun.plus_s(second))
    }
}

/// The mean of the fixes that are not too old.
fn average(newest: &[Step]) -> Option<Average> {
    let last = at(*newest.last()?);
    let fresh = newest.iter().map(|step| at(*step)).filter(|one| last.second - one.second <= SMOOTH_S.1);
    let (sum, count) = fresh.fold((At { point: Point::default(), second: 0.0 }, 0.0), |(sum, count), one| {
        let point = Point { x: sum.point.x + one.point.x, y: sum.point.y + one.point.y };
        (At { point, second: sum.second + one.second }, count + 1.0)
    });
    let point = Point { x: sum.point.x / count, y: sum.point.y / count };
    Some(Average { point, second: sum.second / count, count })
}

struct Average {
    point: Point,
    second: f64,
    count: f64,
}

fn at(Step(x, y, second): Step) -> At {
    At { point: Point { x: f64::from(x), y: f64::from(y) }, second: f64::from(second) }
}
