//! What is measured of a stretch of the smoothed way. Each measure has a name, and none depends on where or in which direction
//! somebody walked.

use super::path::At;
use super::smooth::Smoothed;
use crate::number;
use crate::plane::Point;
use std::f64::consts::{PI, TAU};

/// How many there are.
pub const COUNT: usize = 27;

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
];

/// Slower than that is standing, as far as errors let it be seen.
const STANDING_MPS: f64 = 0.3;
/// Somebody comes back to a place after so long at least.
const REVISIT_S: f64 = 100.0;
const REVISIT_M: f64 = 14.0;

/// The measures by name that a person is told of.
pub mod named {
    pub(crate) const MINUTES: usize = 0;
    pub(crate) const LENGTH: usize = 4;
    pub(crate) const REACH: usize = 6;
    pub(crate) const RATIO: usize = 8;
    pub(crate) const LEGS: usize = 10;
    pub(crate) const SLIMNESS: usize = 11;
    pub(crate) const LAPS: usize = 12;
    pub(crate) const SENSE: usize = 13;
    pub(crate) const TURNED: usize = 14;
    pub(crate) const MOVING: usize = 18;
}

/// Measures a stretch: the places as they were kept, and smoothed, with the fresh part of their errors.
pub fn measure(places: &[At], way: &[Smoothed], fresh_m: f64) -> Measures {
    let seconds =
        way.first().zip(way.last()).map_or(0.0, |(first, last)| last.second - first.second).max(1.0);
    let count = number::count(way.len().max(1));
    let points: Vec<Point> = way.iter().map(|at| at.point).collect();
    let sigma_m = (places.iter().map(|at| at.sigma_m.powi(2)).sum::<f64>() / count).sqrt().max(1.0);
    let length_m: f64 = pairs(&points).map(|(a, b)| a.distance_m(b)).sum();
    let net_m = points.first().zip(points.last()).map_or(0.0, |(first, last)| first.distance_m(*last));
    let middle = middle(&points);
    let axes = axes(&points, middle);
    let reach_m = axes.reach_m();
    let (laps, sense) = round(&points, middle, reach_m);
    let turns = Turns::of(way);
    let again = Again::of(way, sigma_m);
    let (swing, back) = rhythm(way, middle);
    let (moving, longest_stand_s) = standing(way);
    let (spread_20, spread_60) = (spread(places, 10.0, 35.0), spread(places, 45.0, 80.0));
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
        legs(&points, &axes, sigma_m),
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
        headings_spread(way),
        spread_60 / sigma_m,
        if spread_20 > 0.0 { spread_60 / spread_20 } else { 1.5 },
        again.passes,
        swing,
        back,
    ]
}

/// Whether a stretch is so many times longer than the ground it covers; one that is not leads somewhere. A fraction of what
/// measuring it whole takes.
pub fn goes_about(way: &[Smoothed], times: f64) -> bool {
    let points: Vec<Point> = way.iter().map(|at| at.point).collect();
    let length_m: f64 = pairs(&points).map(|(a, b)| a.distance_m(b)).sum();
    length_m >= times * axes(&points, middle(&points)).reach_m()
}

fn pairs(points: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    points.iter().copied().zip(points.iter().copied().skip(1))
}

fn middle(points: &[Point]) -> Point {
    let share = 1.0 / number::count(points.len().max(1));
    points
        .iter()
        .fold(Point::default(), |sum, point| Point { x: sum.x + point.x * share, y: sum.y + point.y * share })
}

/// The longer axis of the ground that is covered.
#[derive(Debug, Clone, Copy)]
struct Axes {
    middle: Point,
    angle: f64,
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
        (point.x - self.middle.x) * self.angle.cos() + (point.y - self.middle.y) * self.angle.sin()
    }
}

fn axes(points: &[Point], middle: Point) -> Axes {
    let share = 1.0 / number::count(points.len().max(1));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for point in points {
        let (x, y) = (point.x - middle.x, point.y - middle.y);
        xx += x * x * share;
        yy += y * y * share;
        xy += x * y * share;
    }
    let (half, apart) = (f64::midpoint(xx, yy), ((xx - yy) / 2.0).hypot(xy));
    let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
    Axes { middle, angle, major_m: (half + apart).sqrt(), minor_m: (half - apart).max(0.0).sqrt() }
}

/// Ways to and fro along the longer axis; each longer than half of it and than the errors.
fn legs(points: &[Point], axes: &Axes, sigma_m: f64) -> f64 {
    let least_m = (axes.reach_m() * 0.5).max(sigma_m);
    let (mut count, mut low, mut high) = (0.0, f64::INFINITY, f64::NEG_INFINITY);
    let mut is_up = None;
    for along in points.iter().map(|point| axes.along(*point)) {
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
fn round(points: &[Point], middle: Point, reach_m: f64) -> (f64, f64) {
    let outer = points.iter().filter(|point| point.distance_m(middle) > reach_m * 0.15);
    let angles: Vec<f64> = outer.map(|point| (point.y - middle.y).atan2(point.x - middle.x)).collect();
    let turns = angles.iter().zip(angles.iter().skip(1)).map(|(a, b)| wrapped(b - a));
    let (sum, all) = turns.fold((0.0_f64, 0.0), |(sum, all), turn| (sum + turn, all + turn.abs()));
    (sum.abs() / TAU, sum.abs() / all.max(1e-9))
}

/// Turning of the smoothed speed, in whole turns; what stands does not turn.
struct Turns {
    whole: f64,
    signed: f64,
}

impl Turns {
    fn of(way: &[Smoothed]) -> Self {
        let headings: Vec<f64> = way
            .iter()
            .filter(|at| at.mps() > STANDING_MPS * 0.7)
            .map(|at| at.speed.y.atan2(at.speed.x))
            .collect();
        let turns = headings.iter().zip(headings.iter().skip(1)).map(|(a, b)| wrapped(b - a));
        let (signed, whole) = turns.fold((0.0_f64, 0.0), |(sum, all), turn| (sum + turn, all + turn.abs()));
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
                all += one.mps() * other.mps();
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
        if one.mps().max(other.mps()) >= STANDING_MPS {
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
        let (mut again, mut passes) = (0.0, 0.0);
        for (number, one) in way.iter().enumerate() {
            let (mut was_away, mut own) = (false, 0.0);
            let mut counted_s = one.second;
            for before in way.iter().take(number).rev() {
                let apart_m = one.point.distance_m(before.point);
                was_away |= apart_m > 1.6 * near_m;
                if apart_m < near_m && was_away && counted_s - before.second >= REVISIT_S {
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
fn rhythm(way: &[Smoothed], middle: Point) -> (f64, f64) {
    let from_middle: Vec<(f64, Point)> = way
        .iter()
        .map(|at| (at.second, Point { x: at.point.x - middle.x, y: at.point.y - middle.y }))
        .collect();
    let seconds = way.first().zip(way.last()).map_or(0.0, |(first, last)| last.second - first.second);
    let (mut swing, mut back) = (0.0_f64, 0.0_f64);
    let mut lag_s = 40.0;
    while lag_s <= (seconds * 0.5).min(720.0) {
        let alike = alike_after(&from_middle, lag_s);
        if -alike > swing {
            (swing, back) = (-alike, 0.0);
        } else if swing > 0.0 {
            back = back.max(alike);
        }
        lag_s += 20.0;
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
fn headings_spread(way: &[Smoothed]) -> f64 {
    let mut eighths = [0.0_f64; 8];
    for at in way {
        let eighth = number::slot((wrapped(at.speed.y.atan2(at.speed.x)) + PI) / TAU * 8.0).min(7);
        if let Some(share) = eighths.get_mut(eighth) {
            *share += at.mps();
        }
    }
    let all: f64 = eighths.iter().sum();
    let part = |share: f64| if share > 0.0 { -(share / all) * (share / all).ln() } else { 0.0 };
    eighths.iter().map(|share| part(*share)).sum::<f64>() / 8.0_f64.ln()
}

/// The root of the mean square of the way between two places as they were kept, so many seconds apart, on an axis.
fn spread(places: &[At], from_s: f64, to_s: f64) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for (number, one) in places.iter().enumerate() {
        for other in places.iter().skip(number.saturating_add(1)) {
            let apart_s = other.second - one.second;
            if apart_s > to_s {
                break;
            }
            if apart_s >= from_s {
                sum += one.point.distance_m(other.point).powi(2) / 2.0;
                count += 1.0;
            }
        }
    }
    if count > 0.0 { (sum / count).sqrt() } else { 0.0 }
}

/// An angle between -π and π.
fn wrapped(angle: f64) -> f64 {
    (angle + PI).rem_euclid(TAU) - PI
}
