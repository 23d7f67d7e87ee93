//! What is measured of a stretch of the smoothed way. Each measure has a name, and none depends on where or in which direction
//! somebody walked.

use super::beat::beat;
use super::path::At;
use super::raw::{Gone, spreads};
use super::smooth::Smoothed;
use crate::number;
use crate::plane::{Length as _, Point};
use std::f64::consts::{PI, TAU};

/// How many there are.
pub const COUNT: usize = 40;

/// What was measured, in the order of [`NAMES`].
pub type Measures = [f64; COUNT];

/// What each is called in evidence, with its unit last.
pub const NAMES: [&str; COUNT] = [
    "minutes",
    "sigma_m",
    "fresh_of_sigma",
    "interval_s",
    "length_m",
    "pace_mps",
    "reach_m",
    "reach_of_sigma",
    "length_of_reach",
    "net_of_length",
    "legs",
    "slimness",
    "laps",
    "sense",
    "turned_100m",
    "signed_turned",
    "straight_60s",
    "straight_120s",
    "moving_share",
    "longest_stand_s",
    "revisited_share",
    "headings_spread",
    "spread_60s_of_sigma",
    "spread_ratio",
    "passes",
    "swing",
    "return",
    "spread_180s_of_60s",
    "spread_300s_of_sigma",
    "beat_share",
    "beat_of_others",
    "beat_round",
    "beat_s",
    "beat_of_sigma",
    "gone_60s_share",
    "longest_rest_60s",
    "gone_120s_share",
    "longest_rest_120s",
    "within_20s_of_sigma",
    "within_20s_of_fresh",
];

/// Slower than that is standing, as far as errors let it be seen.
const STANDING_MPS: f64 = 0.3;
/// Somebody comes back to a place after so long at least.
const REVISIT_S: f64 = 100.0;
const REVISIT_M: f64 = 14.0;

/// Where fixes come too seldom to lie in one slot: less than any scatter.
const NO_SCATTER: f64 = -1.0;

/// The measures by name that a person is told of.
pub mod named {
    pub(crate) const MINUTES: usize = 0;
    pub(crate) const SIGMA: usize = 1;
    pub(crate) const LENGTH: usize = 4;
    pub(crate) const REACH: usize = 6;
    pub(crate) const RATIO: usize = 8;
    pub(crate) const LEGS: usize = 10;
    pub(crate) const SLIMNESS: usize = 11;
    pub(crate) const LAPS: usize = 12;
    pub(crate) const SENSE: usize = 13;
    pub(crate) const TURNED: usize = 14;
    pub(crate) const MOVING: usize = 18;
    pub(crate) const WITHIN_OF_SIGMA: usize = 38;
}

/// Measures a stretch: the places as they were kept, and smoothed, with the fresh part of their errors.
pub fn measure(
    places: &[At],
    way: &[Smoothed],
    ground: &Ground,
    fresh_m: f64,
    within_m: Option<f64>,
) -> Measures {
    let seconds =
        way.first().zip(way.last()).map_or(0.0, |(first, last)| last.second - first.second).max(1.0);
    let count = number::count(way.len().max(1));
    let sigma_m = (places.iter().map(|at| at.sigma_m.powi(2)).sum::<f64>() / count).sqrt().max(1.0);
    let net_m = way.first().zip(way.last()).map_or(0.0, |(first, last)| first.point.distance_m(last.point));
    let Ground { length_m, axes } = ground;
    let (length_m, reach_m) = (*length_m, axes.reach_m());
    let (laps, sense) = round(way, axes.middle, reach_m);
    let headings: Vec<f64> = way.iter().map(|at| at.speed.y.atan2(at.speed.x)).collect();
    let turns = Turns::of(way, &headings);
    let again = Again::of(way, sigma_m);
    let (swing, back) = rhythm(way, axes.middle, seconds / count);
    let (moving, longest_stand_s) = standing(way);
    let [spread_20, spread_60, spread_180, spread_300] = spreads(places, SPANS_S);
    let of = |one: f64, other: f64, otherwise: f64| if other > 0.0 { one / other } else { otherwise };
    let [gone_60, gone_120] = [60.0, 120.0].map(|while_s| Gone::of(places, fresh_m, while_s));
    let beat = beat(places);
    [
        seconds / 60.0,
        sigma_m,
        fresh_m / sigma_m,
        seconds / count,
        length_m,
        length_m / seconds,
        reach_m,
        reach_m / sigma_m,
        length_m / reach_m.max(1.0),
        net_m / length_m.max(1.0),
        legs(way, axes, sigma_m),
        axes.minor_m / axes.major_m.max(1.0),
        laps,
        sense,
        turns.whole / (length_m / 100.0).max(0.1),
        turns.signed,
        straight(way, 40.0, 80.0),
        straight(way, 90.0, 150.0),
        moving / seconds,
        longest_stand_s,
        again.share,
        headings_spread(way, &headings),
        spread_60 / sigma_m,
        of(spread_60, spread_20, 1.5),
        again.passes,
        swing,
        back,
        of(spread_180, spread_60, 1.5),
        spread_300 / sigma_m,
        beat.share,
        beat.of_others,
        beat.round,
        beat.seconds,
        beat.metres / sigma_m,
        gone_60.share,
        gone_60.longest_rest_s,
        gone_120.share,
        gone_120.longest_rest_s,
        within_m.map_or(NO_SCATTER, |within_m| within_m / sigma_m),
        within_m.map_or(NO_SCATTER, |within_m| of(within_m, fresh_m, NO_SCATTER)),
    ]
}

/// Spans of time in which it is measured how far places lie apart.
const SPANS_S: [(f64, f64); 4] = [(10.0, 35.0), (45.0, 80.0), (150.0, 210.0), (270.0, 330.0)];

/// How long a stretch is and how much ground it covers.
#[derive(Debug, Clone, Copy)]
pub struct Ground {
    length_m: f64,
    axes: Axes,
}

impl Ground {
    /// Of this way.
    pub fn of(way: &[Smoothed]) -> Self {
        let steps = way.iter().zip(way.iter().skip(1));
        let length_m = steps.map(|(one, other)| one.point.distance_m(other.point)).sum();
        Self { length_m, axes: Axes::of(way) }
    }

    /// Whether a stretch is so many times longer than the ground it covers; one that is not leads somewhere.
    pub fn goes_about(&self, times: f64) -> bool {
        self.length_m >= times * self.axes.reach_m()
    }
}

/// The longer axis of the ground that is covered.
#[derive(Debug, Clone, Copy)]
struct Axes {
    middle: Point,
    /// The cosine and the sine of its angle.
    towards: Point,
    /// Deviations along the axis and across.
    major_m: f64,
    minor_m: f64,
}

impl Axes {
    /// The width of even ground of this deviation: what a person calls from end to end.
    fn reach_m(&self) -> f64 {
        self.major_m * 12.0_f64.sqrt()
    }

    fn along(&self, point: Point) -> f64 {
        (point.x - self.middle.x) * self.towards.x + (point.y - self.middle.y) * self.towards.y
    }

    fn of(way: &[Smoothed]) -> Self {
        let share = 1.0 / number::count(way.len().max(1));
        let middle = way.iter().fold(Point::default(), |sum, at| Point {
            x: sum.x + at.point.x * share,
            y: sum.y + at.point.y * share,
        });
        let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
        for at in way {
            let (x, y) = (at.point.x - middle.x, at.point.y - middle.y);
            xx += x * x * share;
            yy += y * y * share;
            xy += x * y * share;
        }
        let (half, apart) = (f64::midpoint(xx, yy), ((xx - yy) / 2.0, xy).length_m());
        let (sin, cos) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
        let (major_m, minor_m) = ((half + apart).sqrt(), (half - apart).max(0.0).sqrt());
        Self { middle, towards: Point { x: cos, y: sin }, major_m, minor_m }
    }
}

/// Ways to and fro along the longer axis; each longer than half of it and than the errors.
fn legs(way: &[Smoothed], axes: &Axes, sigma_m: f64) -> f64 {
    let least_m = (axes.reach_m() * 0.5).max(sigma_m);
    let (mut count, mut low, mut high) = (0.0, f64::INFINITY, f64::NEG_INFINITY);
    let mut is_up = None;
    for along in way.iter().map(|at| axes.along(at.point)) {
        (low, high) = (low.min(along), high.max(along));
        if is_up != Some(false) && high - along >= least_m {
            (count, is_up, low) = (count + 1.0, Some(false), along);
        } else if is_up != Some(true) && along - low >= least_m {
            (count, is_up, high) = (count + 1.0, Some(true), along);
        }
    }
    count
}

/// Times round the middle, and how much of that turning has one sense. What is near the middle turns for no reason.
fn round(way: &[Smoothed], middle: Point, reach_m: f64) -> (f64, f64) {
    let from_middle = way.iter().map(|at| (at.point.x - middle.x, at.point.y - middle.y));
    let outer = from_middle.filter(|(x, y)| (*x, *y).length_m() > reach_m * 0.15);
    let (sum, all) = turned(outer.map(|(x, y)| y.atan2(x)));
    (sum.abs() / TAU, sum.abs() / all.max(1e-9))
}

/// What these angles turn from one to the next: added up with their sense, and without.
fn turned(mut angles: impl Iterator<Item = f64>) -> (f64, f64) {
    let Some(mut before) = angles.next() else { return (0.0, 0.0) };
    angles.fold((0.0, 0.0), |(sum, all), angle| {
        let turn = wrapped(angle - before);
        before = angle;
        (sum + turn, all + turn.abs())
    })
}

/// Turning of the smoothed speed, in whole turns; what stands does not turn.
struct Turns {
    whole: f64,
    signed: f64,
}

impl Turns {
    fn of(way: &[Smoothed], headings: &[f64]) -> Self {
        let goes = way.iter().zip(headings).filter(|(at, _)| at.mps > STANDING_MPS * 0.7);
        let (signed, whole) = turned(goes.map(|(_, heading)| *heading));
        Self { whole: whole / TAU, signed: signed.abs() / TAU }
    }
}

/// How alike two directions are that lie so many seconds apart: 1 straight on, -1 back.
fn straight(way: &[Smoothed], from_s: f64, to_s: f64) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for (number, one) in way.iter().enumerate() {
        for other in way.iter().skip(number.saturating_add(1)) {
            let apart_s = other.second - one.second;
            if apart_s > to_s {
                break;
            }
            if apart_s >= from_s {
                sum += one.speed.x * other.speed.x + one.speed.y * other.speed.y;
                all += one.mps * other.mps;
            }
        }
    }
    sum / all.max(1e-3)
}

/// Seconds moved, and the longest time in a row that was not.
fn standing(way: &[Smoothed]) -> (f64, f64) {
    let (mut moving, mut stood, mut longest) = (0.0, 0.0_f64, 0.0_f64);
    for (one, other) in way.iter().zip(way.iter().skip(1)) {
        let seconds = other.second - one.second;
        if one.mps.max(other.mps) >= STANDING_MPS {
            moving += seconds;
            stood = 0.0;
        } else {
            stood += seconds;
            longest = longest.max(stood);
        }
    }
    (moving, longest)
}

/// How much of the way leads where somebody was before, having been elsewhere meanwhile.
struct Again {
    /// The share of it that does.
    share: f64,
    /// How often, in the mean.
    passes: f64,
}

impl Again {
    fn of(way: &[Smoothed], sigma_m: f64) -> Self {
        let near_m = REVISIT_M + 0.6 * sigma_m;
        // Squares are compared.
        let (near, far) = (near_m.powi(2), (1.6 * near_m).powi(2));
        let (mut again, mut passes) = (0.0, 0.0);
        for (number, one) in way.iter().enumerate() {
            let (mut was_away, mut own) = (false, 0.0);
            let mut counted_s = one.second;
            for before in way.iter().take(number).rev() {
                let (x, y) = (one.point.x - before.point.x, one.point.y - before.point.y);
                let apart = x * x + y * y;
                was_away |= apart > far;
                if apart < near && was_away && counted_s - before.second >= REVISIT_S {
                    (own, was_away, counted_s) = (own + 1.0, false, before.second);
                }
            }
            passes += own;
            again += f64::from(u8::from(own > 0.0));
        }
        let count = number::count(way.len().max(1));
        Self { share: again / count, passes: passes / count }
    }
}

/// Whether places come again after a time that is always the same: how much the way is on the other side of its middle so many
/// seconds later (at most), and how much it is back after more. 0 without a rhythm, 1 with a perfect one.
fn rhythm(way: &[Smoothed], middle: Point, interval_s: f64) -> (f64, f64) {
    let from_middle: Vec<(f64, Point)> = way
        .iter()
        .map(|at| (at.second, Point { x: at.point.x - middle.x, y: at.point.y - middle.y }))
        .collect();
    let seconds = way.first().zip(way.last()).map_or(0.0, |(first, last)| last.second - first.second);
    let (mut swing, mut back) = (0.0_f64, 0.0_f64);
    // A pair of places answers for forty seconds.
    let (mut lag_s, step_s) = (40.0, if interval_s < 40.0 { 20.0 } else { 40.0 });
    while lag_s <= (seconds * 0.5).min(720.0) {
        let alike = alike_after(&from_middle, lag_s);
        if -alike > swing {
            (swing, back) = (-alike, 0.0);
        } else if swing > 0.0 {
            back = back.max(alike);
        }
        lag_s += step_s;
    }
    (swing, back)
}

fn alike_after(from_middle: &[(f64, Point)], lag_s: f64) -> f64 {
    let (mut sum, mut one_sum, mut other_sum) = (0.0, 0.0, 0.0);
    let mut later = from_middle.iter().peekable();
    for (second, one) in from_middle {
        while later.next_if(|(then, _)| *then < second + lag_s - 1.0).is_some() {}
        let Some((then, other)) = later.peek() else { break };
        if *then > second + lag_s + 40.0 {
            continue;
        }
        sum += one.x * other.x + one.y * other.y;
        one_sum += one.x.powi(2) + one.y.powi(2);
        other_sum += other.x.powi(2) + other.y.powi(2);
    }
    sum / (one_sum * other_sum).sqrt().max(1.0)
}

/// How evenly the way leads into all eight directions: 0 one, 1 all alike (Shannon's entropy over its greatest).
fn headings_spread(way: &[Smoothed], headings: &[f64]) -> f64 {
    let mut eighths = [0.0_f64; 8];
    for (at, heading) in way.iter().zip(headings) {
        let eighth = number::slot((heading + PI) / TAU * 8.0).min(7);
        if let Some(share) = eighths.get_mut(eighth) {
            *share += at.mps;
        }
    }
    let all: f64 = eighths.iter().sum();
    let part = |share: f64| if share > 0.0 { -(share / all) * (share / all).ln() } else { 0.0 };
    eighths.iter().map(|share| part(*share)).sum::<f64>() / 8.0_f64.ln()
}

/// The difference of two angles between -π and π.
fn wrapped(angle: f64) -> f64 {
    if angle > PI {
        angle - TAU
    } else if angle < -PI {
        angle + TAU
    } else {
        angle
    }
}
