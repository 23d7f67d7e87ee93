//! Measures of the newest stretches of a path, and the kind of travel they show.
//!
//! What all wandering has in common is a way that is long for the ground it covers: its length over its diameter. A straight way has
//! 1, there and back 2, a round walk 3. What tells the kinds apart is measured besides:
//!
//! | kind | length / diameter | besides |
//! |---|---|---|
//! | pacing | 3.3 | at least 4 legs to and fro along the longest axis, of 160 m at most |
//! | lapping | 6.5 | the same sense round the middle 2.4 times or more, 85 m from it at most |
//! | random | 5 | 6 sharp turns or more, 30 % of all steps, no sense of turning |
//!
//! and in each case a walking pace: somebody who goes from stall to stall stands more than they walk, and the error of
//! somebody who sits makes few steps an hour.

use super::path::{At, Path};
use crate::moment::Moment;
use crate::number;
use crate::plane::Point;
use crate::signal::{Finding, finding};
use std::f64::consts::{PI, TAU};

/// The newest stretch that is looked at is at most this old.
const WINDOW_S: f64 = 2_100.0;
/// A walk keeps this pace along the steps, after the share of time that was stood is taken off: errors make steps too, but few.
const GOING_MPS: f64 = 0.28;
const STANDING_WEIGHS_MPS: f64 = 0.3;
/// Ground of fewer steps than this may be the errors'.
const REACH: f64 = 2.4;
/// The pace of somebody who leaves.
const PACE_MPS: f64 = 0.33;
/// A step that took longer than at this pace held a stop.
const STANDING_MPS: f64 = 0.3;
/// A stretch has so many steps at least.
const STEPS_LEAST: usize = 7;
const PACING_LEGS: f64 = 4.0;
const PACING_RATIO: f64 = 2.9;
const PACING_LEG_AT_MOST_M: f64 = 160.0;
const LAPS: f64 = 2.1;
const LAP_RATIO: f64 = 4.8;
const LAP_RADIUS_AT_MOST_M: f64 = 85.0;
const SENSE_OF_LAPS: f64 = 0.7;
const RANDOM_RATIO: f64 = 3.5;
const RANDOM_TURNS: f64 = 4.0;
const RANDOM_SHARE: f64 = 0.12;
/// The larger the errors, the more of a tangle they make themselves: metres a second more for each metre of step beyond 15.
const RANDOM_GOING_FOR_STEP: f64 = 0.01;
const RANDOM_DIAMETER_AT_MOST_M: f64 = 220.0;
/// Whoever stands for a larger share of the time is about something.
/// A turn of 70 degrees is sharp.
const SHARP: f64 = 70.0 * PI / 180.0;

/// A kind of travel that leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To and fro between two places.
    Pacing,
    /// Round and round.
    Lapping,
    /// Many turns, no line.
    Random,
    /// Away from home, by night.
    Leaving,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The kind.
    pub kind: Kind,
    /// When the stretch begins that shows it.
    pub since: Moment,
    /// What was measured, with the limits that held.
    pub findings: Vec<Finding>,
}

/// A stretch of the path, measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// Along the steps.
    pub length_m: f64,
    /// From end to end of the ground covered.
    pub diameter_m: f64,
    /// Along the steps, over the time.
    pub pace_mps: f64,
    /// The share of the time in which no step was made at a walking pace.
    pub standing: f64,
    /// Ways from end to end of the longest axis.
    pub legs: f64,
    /// Times round the middle, with what was turned back taken off.
    pub laps: f64,
    /// How much of the turning round the middle has one sense, 0 to 1.
    pub sense: f64,
    /// Mean distance from the middle.
    pub radius_m: f64,
    /// Sharp turns.
    pub turns: f64,
    /// Sharp turns a step.
    pub turn_share: f64,
}

/// The kind that the newest stretches show, if any does; `asks` above 1 raises every limit.
pub fn find(path: &Path, asks: f64) -> Option<Found> {
    let steps = path.steps();
    let newest = steps.last()?.second;
    let oldest = steps.partition_point(|step| newest - step.second > WINDOW_S);
    let mut from = steps.len().checked_sub(STEPS_LEAST)?;
    loop {
        let stretch = steps.get(from..)?;
        let measures = measure(stretch);
        if let Some((kind, findings)) = kind(&measures, path.step_m(), asks) {
            let since = path.moment(stretch.first()?.second);
            return Some(Found { kind, since, findings });
        }
        if from <= oldest {
            return None;
        }
        from = from.saturating_sub(3).max(oldest);
    }
}

fn kind(m: &Measures, step_m: f64, asks: f64) -> Option<(Kind, Vec<Finding>)> {
    let going_mps = m.pace_mps - STANDING_WEIGHS_MPS * m.standing;
    if going_mps < GOING_MPS * asks || m.diameter_m < REACH * step_m {
        return None;
    }
    let ratio = m.length_m / m.diameter_m.max(1.0);
    let is_pacing = m.legs >= PACING_LEGS * asks
        && ratio >= PACING_RATIO * asks
        && (step_m..PACING_LEG_AT_MOST_M.max(step_m * 3.5)).contains(&m.diameter_m);
    let is_lapping = m.laps >= LAPS * asks
        && ratio >= LAP_RATIO * asks
        && m.sense >= SENSE_OF_LAPS
        && m.radius_m <= LAP_RADIUS_AT_MOST_M + step_m * 0.2;
    let is_random = ratio >= RANDOM_RATIO * asks
        && m.turns >= RANDOM_TURNS * asks
        && m.turn_share >= RANDOM_SHARE
        && m.diameter_m <= RANDOM_DIAMETER_AT_MOST_M
        && m.sense < SENSE_OF_LAPS
        && going_mps >= GOING_MPS * asks + RANDOM_GOING_FOR_STEP * (step_m - 15.0);
    let common = [finding("length_m", m.length_m, None), finding("going_mps", going_mps, GOING_MPS * asks)];
    let (kind, own) = if is_lapping {
        (
            Kind::Lapping,
            [
                finding("laps", m.laps, LAPS * asks),
                finding("radius_m", m.radius_m, LAP_RADIUS_AT_MOST_M),
                finding("length_over_diameter", ratio, LAP_RATIO * asks),
            ],
        )
    } else if is_pacing {
        (
            Kind::Pacing,
            [
                finding("legs", m.legs, PACING_LEGS * asks),
                finding("leg_m", m.diameter_m, PACING_LEG_AT_MOST_M),
                finding("length_over_diameter", ratio, PACING_RATIO * asks),
            ],
        )
    } else if is_random {
        (
            Kind::Random,
            [
                finding("sharp_turns", m.turns, RANDOM_TURNS * asks),
                finding("sharp_turns_share", m.turn_share, RANDOM_SHARE),
                finding("length_over_diameter", ratio, RANDOM_RATIO * asks),
            ],
        )
    } else {
        return None;
    };
    Some((kind, own.into_iter().chain(common).collect()))
}

/// Whether the path leads that far away at a walking pace.
pub fn leaving(path: &Path, far_m: f64) -> Option<Found> {
    let steps = path.steps();
    let newest = steps.last()?;
    let from = steps.partition_point(|step| newest.second - step.second > WINDOW_S);
    let stretch = steps.get(from..)?;
    let first = stretch.first()?;
    let (m, apart_m) = (measure(stretch), first.point.distance_m(newest.point));
    let findings = vec![finding("from_start_m", apart_m, far_m), finding("pace_mps", m.pace_mps, PACE_MPS)];
    let is_leaving = stretch.len() >= 4 && apart_m >= far_m && m.pace_mps >= PACE_MPS;
    is_leaving.then(|| Found { kind: Kind::Leaving, since: path.moment(first.second), findings })
}

/// Measures a stretch.
pub fn measure(stretch: &[At]) -> Measures {
    let points: Vec<Point> = stretch.iter().map(|at| at.point).collect();
    let length_m: f64 = pairs(&points).map(|(a, b)| a.distance_m(b)).sum();
    let seconds = stretch.first().zip(stretch.last()).map_or(0.0, |(first, last)| last.second - first.second);
    let middle = middle(&points);
    let radius_m =
        points.iter().map(|point| point.distance_m(middle)).sum::<f64>() / number::count(points.len().max(1));
    let (diameter_m, axis) = widest(&points);
    let (laps, sense) = round(&points, middle, radius_m);
    let turns = sharp_turns(&points);
    let corners = number::count(points.len().saturating_sub(2).max(1));
    Measures {
        length_m,
        diameter_m,
        pace_mps: length_m / seconds.max(1.0),
        standing: standing_s(stretch) / seconds.max(1.0),
        legs: legs(&points, axis, diameter_m),
        laps,
        sense,
        radius_m,
        turns,
        turn_share: turns / corners,
    }
}

/// The time of the steps that were made too slowly for a walk.
fn standing_s(stretch: &[At]) -> f64 {
    let steps = stretch.iter().zip(stretch.iter().skip(1));
    let times = steps.map(|(from, to)| (to.second - from.second, from.point.distance_m(to.point)));
    times
        .filter(|(seconds, metres)| metres / seconds.max(1.0) < STANDING_MPS)
        .map(|(seconds, _)| seconds)
        .sum()
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

/// The widest of eight directions: the width, and the direction in radians.
fn widest(points: &[Point]) -> (f64, f64) {
    let widths = (0..8_u8).map(|eighth| {
        let axis = f64::from(eighth) * PI / 8.0;
        let along = points.iter().map(|point| along(*point, axis));
        let (low, high) =
            along.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
        (high - low, axis)
    });
    widths.max_by(|(a, _), (b, _)| a.total_cmp(b)).unwrap_or((0.0, 0.0))
}

fn along(point: Point, axis: f64) -> f64 {
    point.x * axis.cos() + point.y * axis.sin()
}

/// Ways between the outer thirds of an axis: a way counts when it leads from one into the other.
fn legs(points: &[Point], axis: f64, width_m: f64) -> f64 {
    let low = points.iter().map(|point| along(*point, axis)).fold(f64::INFINITY, f64::min);
    let ends = points.iter().filter_map(|point| {
        let share = (along(*point, axis) - low) / width_m.max(1.0);
        if share < 0.3 {
            Some(false)
        } else if share > 0.7 {
            Some(true)
        } else {
            None
        }
    });
    let (count, _) = ends.fold((0.0, None), |(count, last), end| {
        (if last.is_some_and(|last| last != end) { count + 1.0 } else { count }, Some(end))
    });
    count
}

/// Times round the middle, and how much of that turning has one sense. What is near the middle turns for no reason.
fn round(points: &[Point], middle: Point, radius_m: f64) -> (f64, f64) {
    let outer: Vec<f64> = points
        .iter()
        .filter(|point| point.distance_m(middle) > radius_m * 0.35)
        .map(|point| (point.y - middle.y).atan2(point.x - middle.x))
        .collect();
    let turns = outer.iter().zip(outer.iter().skip(1)).map(|(a, b)| wrapped(b - a));
    let (sum, all) = turns.fold((0.0_f64, 0.0), |(sum, all), turn| (sum + turn, all + turn.abs()));
    (sum.abs() / TAU, sum.abs() / all.max(1e-9))
}

fn sharp_turns(points: &[Point]) -> f64 {
    let headings: Vec<f64> = pairs(points).map(|(a, b)| (b.y - a.y).atan2(b.x - a.x)).collect();
    let turns = headings.iter().zip(headings.iter().skip(1)).map(|(a, b)| wrapped(b - a).abs());
    number::count(turns.filter(|turn| *turn >= SHARP).count())
}

/// An angle between -π and π.
fn wrapped(angle: f64) -> f64 {
    (angle + PI).rem_euclid(TAU) - PI
}
