//! What is kept of a way on foot: a place each twenty seconds, four bytes, for half an hour.
//!
//! Fixes of one slot of time are averaged, the surer ones more. A place is kept as the difference from the one before, in
//! two metres; the difference is taken from what was kept, so that rounding does not add up. Nothing is decided here:
//! [`super::smooth`] takes the errors out once somebody asks.

use crate::moment::Moment;
use crate::number;
use crate::plane::{Plane, Point};
use model::SignedDuration;
use serde::{Deserialize, Serialize};

/// One slot of time.
const SLOT_S: f64 = 20.0;
/// What is older is forgotten: somebody who goes slowly has made eight turns of 60 m by then.
pub const KEPT_S: f64 = 2_040.0;
const MOST: usize = 100;
/// After so long without a fix the way is another one.
const GAP_S: f64 = 900.0;
/// Room is made for so many steps at a time, and given back where twice as many are free: a livelier hour is over then.
const ROOM: usize = 8;
/// Steps in a line of the cache.
const LINE: usize = 16;
const UNIT_M: f64 = 2.0;
const UNIT_S: f64 = 4.0;
/// A difference that does not fit: nobody walks so far between two fixes that belong together.
const FAR_M: f64 = 250.0;
const SIGMA_OF_ACCURACY: f64 = 0.6624;
/// The scatter of the fixes within a slot is averaged over so many slots: twenty minutes.
const SCATTER_OF: u8 = 60;
const DEGREE_PARTS: f64 = 1e7;
const DEGREE: f64 = 1e-7;

/// A place somebody walked to.
#[derive(Debug, Clone, Copy)]
pub struct Walked {
    /// The map about it: all distances of a way are measured on that of its newest place, a few hundred metres at most.
    pub map: Plane,
    /// The 68 % radius.
    pub accuracy_m: f64,
    /// When.
    pub at: Moment,
}

/// From the place before: to the east and to the north, the time, and the deviation on an axis in metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Step(i8, i8, u8, u8);

/// The newest place that is kept, as its steps add up to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Anchor {
    lat: i32,
    lon: i32,
    at: Moment,
}

/// The slot that is filled now: sums weighed by how sure each fix is, about its first fix.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Slot {
    first: Anchor,
    east: f32,
    north: f32,
    seconds: f32,
    weight: f32,
    /// Of the distances from the first fix.
    #[serde(default)]
    squares: f32,
    count: u8,
}

/// A way on foot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Path {
    newest: Option<Anchor>,
    slot: Option<Slot>,
    steps: Vec<Step>,
    /// The variance on an axis of the fixes within a slot, in the mean of the newest slots that have several, in square metres.
    #[serde(default)]
    within: f32,
    /// How many slots that is of.
    #[serde(default)]
    within_of: u8,
}

/// A place of the way in metres, for reckoning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct At {
    /// About the newest place.
    pub point: Point,
    /// Seconds before the newest place, negative.
    pub second: f64,
    /// The deviation of its error on an axis.
    pub sigma_m: f64,
}

/// A place of the way in degrees, to be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    /// When.
    pub at: Moment,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The deviation of its error on an axis.
    pub sigma_m: f64,
}

/// How far places lie apart, as sums: reckoned without writing the places down, since nearly everybody stays where they are.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scatter {
    count: f64,
    sum: Point,
    squares: f64,
    steps: f64,
    errors: f64,
    furthest: f64,
}

impl Scatter {
    /// A place, with the step that led to it.
    fn add(&mut self, point: Point, step: Point, sigma_m: f64) {
        let square = point.x * point.x + point.y * point.y;
        self.count += 1.0;
        (self.sum.x, self.sum.y) = (self.sum.x + point.x, self.sum.y + point.y);
        self.squares += square;
        self.steps += step.x * step.x + step.y * step.y;
        self.errors += 2.0 * sigma_m * sigma_m;
        self.furthest = self.furthest.max(square);
    }

    /// The furthest from the newest place, in metres.
    pub fn reach_m(&self) -> f64 {
        self.furthest.sqrt()
    }

    /// The variance of the places on both axes over that of the errors they are told to have.
    pub fn of_errors(&self) -> f64 {
        self.variance() / (self.errors / self.count.max(1.0)).max(1.0)
    }

    /// The variance over half of the mean square of a step (von Neumann 1941): 1 if each place has an error of its own and
    /// nothing else, more the longer errors last or the further somebody goes.
    pub fn of_steps(&self) -> f64 {
        self.variance() / (self.steps / (2.0 * (self.count - 1.0).max(1.0))).max(1.0)
    }

    fn variance(&self) -> f64 {
        let count = self.count.max(1.0);
        let of_middle = (self.sum.x * self.sum.x + self.sum.y * self.sum.y) / count;
        (self.squares - of_middle).max(0.0) / (count - 1.0).max(1.0)
    }
}

impl Anchor {
    /// A point of a map.
    fn new(map: &Plane, point: Point, at: Moment) -> Self {
        let (lat, lon) = map.degrees(point);
        Self { lat: number::whole(lat * DEGREE_PARTS), lon: number::whole(lon * DEGREE_PARTS), at }
    }

    fn on(self, map: &Plane) -> Point {
        map.point(f64::from(self.lat) * DEGREE, f64::from(self.lon) * DEGREE)
    }
}

impl Path {
    /// Takes a place; says whether one more is kept.
    pub fn take(&mut self, walked: &Walked) -> bool {
        // The end of a way that was over long ago would have that way judged now.
        if self.slot.is_some_and(|slot| walked.at.seconds_since(slot.first.at) > GAP_S) {
            self.clear();
        }
        let slot = self.slot.filter(|slot| walked.at.seconds_since(slot.first.at) < SLOT_S);
        let Some(mut slot) = slot else {
            let closed = self.slot.take().is_some_and(|slot| {
                self.note_within(&slot);
                self.keep(&slot, &walked.map)
            });
            self.slot = Some(Slot::begin(walked));
            return closed;
        };
        slot.add(walked);
        self.slot = Some(slot);
        false
    }

    fn note_within(&mut self, slot: &Slot) {
        let Some(variance) = slot.variance() else { return };
        self.within_of = self.within_of.saturating_add(1).min(SCATTER_OF);
        let before = f64::from(self.within);
        self.within = number::single(before + (variance - before) / f64::from(self.within_of));
    }

    /// How far fixes lie apart that come within one slot, as a deviation on an axis in metres: what of their errors is fresh with each,
    /// and the little somebody walks meanwhile. Nothing where fixes come more seldom.
    pub fn within_m(&self) -> Option<f64> {
        (self.within_of > 0).then(|| f64::from(self.within).sqrt())
    }

    /// Keeps what a slot comes to.
    fn keep(&mut self, slot: &Slot, map: &Plane) -> bool {
        let (point, at, sigma_m) = slot.mean(map);
        let newest = self.newest.map(|newest| (newest.on(map), at.seconds_since(newest.at), newest.at));
        let near = newest.filter(|(from, passed_s, _)| *passed_s <= GAP_S && from.distance_m(point) <= FAR_M);
        let Some((from, passed_s, from_at)) = near else {
            self.begin(Anchor::new(map, point, at), sigma_m);
            return true;
        };
        let (east, north) = (byte((point.x - from.x) / UNIT_M), byte((point.y - from.y) / UNIT_M));
        let after = u8::try_from(number::whole(passed_s / UNIT_S).max(0)).unwrap_or(u8::MAX);
        let kept = Point { x: from.x + f64::from(east) * UNIT_M, y: from.y + f64::from(north) * UNIT_M };
        self.newest = Some(Anchor::new(map, kept, from_at.plus_s(f64::from(after) * UNIT_S)));
        self.push(Step(east, north, after, whole(sigma_m)));
        true
    }

    fn begin(&mut self, anchor: Anchor, sigma_m: f64) {
        self.steps.clear();
        self.newest = Some(anchor);
        self.push(Step(0, 0, 0, whole(sigma_m)));
    }

    fn push(&mut self, step: Step) {
        let units: u32 = self.steps.iter().skip(1).chain([&step]).map(|step| u32::from(step.2)).sum();
        let mut kept_s = f64::from(units) * UNIT_S;
        let mut old = 0_usize;
        while kept_s > KEPT_S || self.steps.len().saturating_sub(old) >= MOST {
            let Some(next) = self.steps.get(old.saturating_add(1)) else { break };
            kept_s -= f64::from(next.2) * UNIT_S;
            old = old.saturating_add(1);
        }
        self.steps.drain(..old);
        let free = self.steps.capacity().saturating_sub(self.steps.len());
        if free == 0 {
            self.steps.reserve_exact(ROOM);
        } else if free > ROOM.saturating_mul(2) {
            self.steps.shrink_to(self.steps.len().saturating_add(ROOM));
        }
        self.steps.push(step);
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Forgets the way.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Our clock was set back by so much.
    pub(super) fn clock_went_back(&mut self, by: SignedDuration) {
        let first = self.slot.as_mut().map(|slot| &mut slot.first);
        for anchor in self.newest.as_mut().into_iter().chain(first) {
            anchor.at.set_back(by);
        }
    }

    /// Reads a little of it: a step of each line of the cache, so far as most ways reach.
    pub fn touch(&self) -> usize {
        let middle = self.steps.get(LINE).or(self.steps.last());
        let steps = [self.steps.first(), middle, self.steps.last()];
        let slot = self.slot.map_or(0, |slot| usize::from(slot.count));
        let newest = usize::from(self.newest.is_some_and(|newest| newest.lat > 0));
        let far = steps.iter().flatten().map(|step| usize::from(step.2));
        far.chain([slot, newest]).fold(0, usize::wrapping_add)
    }

    /// How many bytes it points to.
    pub fn bytes(&self) -> usize {
        self.steps.capacity().saturating_mul(size_of::<Step>())
    }

    /// The places, oldest first.
    pub fn places(&self) -> Vec<At> {
        let (mut point, mut second) = (Point::default(), 0.0);
        let mut places = Vec::with_capacity(self.steps.len());
        for Step(east, north, after, sigma_m) in self.steps.iter().rev() {
            places.push(At { point, second, sigma_m: f64::from(*sigma_m) });
            point.x -= f64::from(*east) * UNIT_M;
            point.y -= f64::from(*north) * UNIT_M;
            second -= f64::from(*after) * UNIT_S;
        }
        places.reverse();
        places
    }

    /// The places from one moment on and before another, oldest first, thinned to so many at most; the first of them stays.
    pub fn between(&self, from: Moment, until: Moment, most: usize) -> Vec<Kept> {
        let Some(newest) = self.newest else { return Vec::new() };
        let map = Plane::about(f64::from(newest.lat) * DEGREE, f64::from(newest.lon) * DEGREE);
        let kept = |place: At| {
            let (lat, lon) = map.degrees(place.point);
            Kept { at: newest.at.plus_s(place.second), lat, lon, sigma_m: place.sigma_m }
        };
        let within = |kept: &Kept| (from..until).contains(&kept.at);
        let all: Vec<Kept> = self.places().into_iter().map(kept).filter(within).collect();
        let every = all.len().div_ceil(most.max(1)).max(1);
        all.into_iter().step_by(every).take(most).collect()
    }

    /// How far the places lie apart: the newest within so many seconds, and all.
    pub fn scatter(&self, seconds: f64) -> (Scatter, Scatter) {
        let mut newest = None;
        let (mut all, mut point, mut passed_s) = (Scatter::default(), Point::default(), 0.0);
        for Step(east, north, after, sigma_m) in self.steps.iter().rev() {
            if newest.is_none() && passed_s > seconds {
                newest = Some(all);
            }
            let step = Point { x: f64::from(*east) * UNIT_M, y: f64::from(*north) * UNIT_M };
            all.add(point, step, f64::from(*sigma_m));
            (point.x, point.y) = (point.x - step.x, point.y - step.y);
            passed_s += f64::from(*after) * UNIT_S;
        }
        (newest.unwrap_or(all), all)
    }

    /// How many places are kept.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// The moment of a second of [`Path::places`].
    pub fn moment(&self, second: f64) -> Moment {
        self.newest.map_or(Moment::PAST, |newest| newest.at.plus_s(second))
    }
}

impl Slot {
    fn begin(walked: &Walked) -> Self {
        let first = Anchor::new(&walked.map, Point::default(), walked.at);
        let mut slot =
            Self { first, east: 0.0, north: 0.0, seconds: 0.0, weight: 0.0, squares: 0.0, count: 0 };
        slot.add(walked);
        slot
    }

    fn add(&mut self, walked: &Walked) {
        let weight = number::single((walked.accuracy_m.max(1.0) * SIGMA_OF_ACCURACY).powi(-2));
        let first = self.first.on(&walked.map);
        self.east -= number::single(first.x) * weight;
        self.north -= number::single(first.y) * weight;
        self.squares += number::single(first.x * first.x + first.y * first.y) * weight;
        self.seconds += number::single(walked.at.seconds_since(self.first.at)) * weight;
        self.weight += weight;
        self.count = self.count.saturating_add(1);
    }

    /// Of its fixes on an axis, in square metres, if there are several.
    fn variance(&self) -> Option<f64> {
        let (count, weight) = (f64::from(self.count), f64::from(self.weight));
        let (east, north) = (f64::from(self.east) / weight, f64::from(self.north) / weight);
        let apart = (f64::from(self.squares) / weight - east * east - north * north).max(0.0);
        (self.count > 1).then(|| apart * count / (count - 1.0) / 2.0)
    }

    /// Where, when, and how sure: half of the error is taken to be alike from fix to fix.
    fn mean(&self, map: &Plane) -> (Point, Moment, f64) {
        let (weight, first) = (f64::from(self.weight), self.first.on(map));
        let point =
            Point { x: first.x + f64::from(self.east) / weight, y: first.y + f64::from(self.north) / weight };
        let count = f64::from(self.count.max(1));
        let sigma_m = (count / weight * (0.5 + 0.5 / count)).sqrt();
        (point, self.first.at.plus_s(f64::from(self.seconds) / weight), sigma_m)
    }
}

fn byte(value: f64) -> i8 {
    i8::try_from(number::whole(value)).unwrap_or(if value < 0.0 { i8::MIN } else { i8::MAX })
}

fn whole(value: f64) -> u8 {
    u8::try_from(number::whole(value.max(1.0))).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two fixes in each slot, `apart_m` from one another, of somebody who stands.
    fn standing(apart_m: f64) -> Path {
        let (mut path, map) = (Path::default(), Plane::about(33.96, 118.28));
        let begin = Moment::from("2026-11-23T08:00:00Z".parse::<model::Timestamp>().unwrap());
        for number in 0..200_u32 {
            let x = if number.is_multiple_of(2) { 0.0 } else { apart_m };
            let (lat, lon) = map.degrees(Point { x, y: 0.0 });
            let at = begin.plus_s(f64::from(number) * 10.0);
            path.take(&Walked { map: Plane::about(lat, lon), accuracy_m: 30.0, at });
        }
        path
    }

    #[test]
    fn what_fixes_of_one_slot_differ_by_is_remembered() {
        assert_eq!(Path::default().within_m(), None);
        for apart_m in [0.0, 20.0, 60.0] {
            let within_m = standing(apart_m).within_m().unwrap();
            // Half the square of the difference of two is their variance, and half of that lies on each axis.
            assert!((within_m - apart_m / 2.0).abs() < 0.5, "{apart_m}: {within_m}");
        }
    }
}
