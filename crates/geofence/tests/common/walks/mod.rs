//! Ways people take on foot, and what a handset says of them. `nowhere` has those that lead nowhere, `ordinary` all others.
//! Shapes, paces and stops are drawn widely: nobody's walks are these.

use super::{Chance, fix};
use model::{Fix, Method};

pub(crate) mod nowhere;
pub(crate) mod ordinary;

/// Metres east and north.
pub(crate) type Corner = (f64, f64);
/// Draws a way.
pub(crate) type Draw = fn(&mut Chance) -> Way;

pub(crate) const NOWHERE: [(&str, Draw); 3] =
    [("pacing", nowhere::pacing), ("lapping", nowhere::lapping), ("random", nowhere::random)];
pub(crate) const ORDINARY: [(&str, Draw); 12] = [
    ("errand", ordinary::errand),
    ("park", ordinary::park),
    ("market", ordinary::market),
    ("bus", ordinary::bus),
    ("garden", ordinary::garden),
    ("sitting", ordinary::sitting),
    ("stroll", ordinary::stroll),
    ("shops", ordinary::shops),
    ("promenade", ordinary::promenade),
    ("fetching", ordinary::fetching),
    ("dancing", ordinary::dancing),
    ("hall", ordinary::hall),
];

/// A way as it is walked: places in time, straight between them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    points: Vec<(f64, Corner)>,
    /// How much larger errors are here (under a roof), and from when on it leads nowhere.
    pub(crate) worse: f64,
    pub(crate) nowhere_from: f64,
    pace_mps: f64,
}

impl Way {
    pub(crate) fn begin(pace_mps: f64) -> Self {
        Self { points: vec![(0.0, (0.0, 0.0))], worse: 1.0, nowhere_from: f64::INFINITY, pace_mps }
    }

    pub(crate) fn here(&self) -> Corner {
        self.points.last().unwrap().1
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.points.last().unwrap().0
    }

    /// The hours walked: who stands, sits or is driven does not walk. Of who never walks, all hours count.
    pub(crate) fn hours(&self) -> f64 {
        let seconds = |leg: &[(f64, Corner)]| leg[1].0 - leg[0].0;
        let walks = |leg: &&[(f64, Corner)]| {
            (0.05..4.5).contains(&(away(leg[0].1, leg[1].1) / seconds(leg).max(1e-9)))
        };
        let walked_s: f64 = self.points.windows(2).filter(walks).map(seconds).sum();
        (if walked_s > 0.0 { walked_s } else { self.seconds() }) / 3_600.0
    }

    /// Walks on, a little to the left or right of the line and not always at the same pace.
    pub(crate) fn to(&mut self, there: Corner, chance: &mut Chance) {
        let here = self.here();
        let length_m = away(here, there);
        let pace_mps = (self.pace_mps * (1.0 + 0.12 * chance.normal())).max(0.2);
        let pieces = (length_m / 40.0).ceil().clamp(1.0, 20.0);
        let (mut piece, begun) = (1.0, self.seconds());
        while piece <= pieces {
            let share = piece / pieces;
            let beside = if piece < pieces { 2.0 } else { 0.0 };
            let at = (
                here.0 + (there.0 - here.0) * share + chance.normal() * beside,
                here.1 + (there.1 - here.1) * share + chance.normal() * beside,
            );
            self.points.push((begun + length_m / pace_mps * share, at));
            piece += 1.0;
        }
    }

    pub(crate) fn stay(&mut self, seconds: f64) {
        self.points.push((self.seconds() + seconds, self.here()));
    }

    pub(crate) fn drive(&mut self, there: Corner, mps: f64) {
        self.points.push((self.seconds() + away(self.here(), there) / mps, there));
    }

    /// Whether nobody walks so fast.
    pub(crate) fn is_driven(&self, second: f64) -> bool {
        away(self.at(second - 5.0), self.at(second + 5.0)) / 10.0 > 4.5
    }

    /// Where somebody is at that second.
    pub(crate) fn at(&self, second: f64) -> Corner {
        let next = self.points.partition_point(|(then, _)| *then <= second).clamp(1, self.points.len() - 1);
        let ((from_s, from), (to_s, to)) = (self.points[next - 1], self.points[next]);
        let share = ((second - from_s) / (to_s - from_s).max(1e-9)).clamp(0.0, 1.0);
        (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
    }
}

/// What a handset makes of a way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Errors {
    /// The radius it tells.
    pub(crate) accuracy_m: f64,
    pub(crate) every_s: f64,
    /// The true deviation over what the radius tells.
    pub(crate) times: f64,
    /// How long an error lasts, in seconds, and how much of it does; the rest is each fix's own.
    pub(crate) alike_s: f64,
    pub(crate) slow: f64,
    /// Of all fixes, those that are missing, and those that are three times as bad.
    pub(crate) missing: f64,
    pub(crate) bad: f64,
}

impl Errors {
    /// As plain as can be.
    pub(crate) fn fresh(accuracy_m: f64, every_s: f64) -> Self {
        Self { accuracy_m, every_s, times: 1.0, alike_s: 45.0, slow: 0.0, missing: 0.0, bad: 0.0 }
    }

    /// As handsets have them.
    pub(crate) fn alike(accuracy_m: f64, every_s: f64) -> Self {
        Self { slow: 0.8, missing: 0.05, bad: 0.02, ..Self::fresh(accuracy_m, every_s) }
    }

    pub(crate) fn draw(chance: &mut Chance) -> Self {
        let one =
            |chance: &mut Chance, of: &[f64]| of[usize::try_from(chance.next() % 997).unwrap() % of.len()];
        let accuracy_m = one(chance, &[6.0, 10.0, 10.0, 14.0, 20.0, 25.0, 30.0, 30.0, 34.0]);
        Self {
            accuracy_m: accuracy_m * chance.between(0.9, 1.1),
            every_s: one(chance, &[5.0, 10.0, 10.0, 10.0, 15.0, 20.0, 20.0, 30.0, 30.0, 60.0]),
            times: chance.between(0.5, 1.2),
            alike_s: one(chance, &[15.0, 30.0, 45.0, 45.0, 90.0, 180.0]),
            slow: if chance.happens(0.35) { 0.0 } else { chance.between(0.1, 1.0) },
            missing: if chance.happens(0.5) { 0.0 } else { chance.between(0.0, 0.25) },
            bad: if chance.happens(0.5) { 0.0 } else { chance.between(0.0, 0.06) },
        }
    }

    /// The fixes of a way that begins at that second of the day.
    pub(crate) fn fixes(&self, way: &Way, begin_s: f64, chance: &mut Chance) -> Vec<Fix> {
        let left = (-self.every_s / self.alike_s).exp();
        let deviation_m = self.accuracy_m * 0.6624 * self.times * way.worse;
        let (mut slow, mut second, mut fixes) = ((chance.normal(), chance.normal()), 0.0, Vec::new());
        while second <= way.seconds() {
            let new = (1.0 - left * left).sqrt();
            slow = (slow.0 * left + chance.normal() * new, slow.1 * left + chance.normal() * new);
            let (mine, own) = (self.slow.sqrt(), (1.0 - self.slow).sqrt());
            let size_m = deviation_m * if chance.happens(self.bad) { 3.0 } else { 1.0 };
            let truth = way.at(second);
            let east_m = truth.0 + size_m * (mine * slow.0 + own * chance.normal());
            let north_m = truth.1 + size_m * (mine * slow.1 + own * chance.normal());
            if !chance.happens(self.missing) {
                let accuracy_m = self.accuracy_m * chance.between(0.9, 1.1);
                fixes.push(fix(east_m, north_m, accuracy_m, Method::Gps, begin_s + second));
            }
            second += self.every_s;
        }
        fixes
    }
}

pub(crate) fn away(one: Corner, other: Corner) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

fn near(point: Corner, spread_m: f64, chance: &mut Chance) -> Corner {
    (point.0 + chance.normal() * spread_m, point.1 + chance.normal() * spread_m)
}

fn off(from: Corner, angle: f64, length_m: f64) -> Corner {
    (from.0 + angle.cos() * length_m, from.1 + angle.sin() * length_m)
}

/// A whole number from `low` to `high`.
fn some(low: u64, high: u64, chance: &mut Chance) -> u64 {
    low + chance.next() % (high - low + 1)
}

fn float(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}
