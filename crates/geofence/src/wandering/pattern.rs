//! Which of the newest stretches of a way leads nowhere, and in which kind.
//!
//! Stretches of six minutes to half an hour are measured ([`super::measures`]); the sum of small trees in `table`, learned by
//! `make train-wandering`, weighs the measures to the odds that the stretch leads nowhere, and the likeliest stretch counts.
//! Which kind it is, plain limits say: round the same middle, to and fro on a slim strip, or neither.

use super::measures::{Ground, Measures, measure, named};
use super::path::Path;
use super::smooth::{Smoothed, fresh_m, smooth};
use super::table::{FRESH, TABLE};
use crate::moment::Moment;
use crate::signal::{Finding, finding};
use crate::trees::{Flat, probability};
use std::{ops::Range, sync::LazyLock};

/// The stretches that are looked at, in seconds.
const STRETCHES_S: [f64; 5] = [360.0, 600.0, 960.0, 1_440.0, 2_000.0];
/// A stretch is looked at when so much of it is there, in so many places at least.
const THERE: f64 = 0.85;
const PLACES_LEAST: usize = 10;
/// Where so few steps were made nothing is measured: the newest ten minutes lie within so many metres.
const NEWEST_S: f64 = 600.0;
const STAYS_M: f64 = 16.0;
/// Nor where errors explain how far all places lie apart, and the newest: a variance of so much of what errors are told to
/// have, of which most comes fresh with each place. Handsets tell their errors too large rather than too small.
const STAYS_ERRORS: f64 = 0.65;
const STAYS_ERRORS_NEWEST: f64 = 0.8;
const STAYS_STEPS: f64 = 1.4;
/// Neither is a stretch that is not so many times longer than its reach: three legs are three times, a lap and a half four.
const LONGER: f64 = 2.0;
const LAPS: f64 = 1.6;
const SENSE_OF_LAPS: f64 = 0.75;
const PACING_LEGS: f64 = 3.0;
const PACING_SLIMNESS: f64 = 0.5;
/// Where the mean of a slot has an error of this size on an axis, and fixes within it scatter by so many times that, errors do not last:
/// the means of two fixes have 0.87 of the error of each, as far as it is told (half of it is taken to last). Where they scatter by more
/// than the last, errors are larger than told, and what is a way beside them is not known.
const FRESH_SIGMA_M: f64 = 12.0;
const FRESH_TIMES: Range<f64> = 1.05..1.6;
/// A way that leaves: seconds of it that are looked at, places, and its pace.
const LEAVING_S: f64 = 1_500.0;
const LEAVING_PLACES: usize = 4;
const PACE_MPS: f64 = 0.33;

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
    /// Off the usual ground.
    Unusual,
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

/// A stretch and what was measured of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// When it begins, as a second of the path.
    pub begins: f64,
    /// What was measured.
    pub measures: Measures,
}

/// The table, laid out for speed.
static FLAT: LazyLock<Option<Flat>> = LazyLock::new(|| Flat::new(&TABLE));

/// Whether somebody stays where they are, as far as errors let it be seen.
fn stays(path: &Path) -> bool {
    let (newest, all) = path.scatter(NEWEST_S);
    let is_error = || {
        all.of_errors() <= STAYS_ERRORS
            && newest.of_errors() <= STAYS_ERRORS_NEWEST
            && all.of_steps() <= STAYS_STEPS
    };
    path.len() < PLACES_LEAST || newest.reach_m() < STAYS_M || is_error()
}

/// The newest stretches that can be judged.
pub fn stretches(path: &Path) -> Vec<Stretch> {
    if stays(path) {
        return Vec::new();
    }
    let places = path.places();
    let fresh_m = fresh_m(&places);
    let (way, within_m) = (smooth(&places, fresh_m), path.within_m());
    let whole_s = places.first().map_or(0.0, |first| -first.second);
    let there = STRETCHES_S.iter().filter(|seconds| whole_s >= *seconds * THERE);
    let of = |seconds: &f64| {
        let from = places.partition_point(|at| at.second < -seconds);
        let (places, way) = (places.get(from..)?, way.get(from..)?);
        let begins = places.first()?.second;
        let ground = (places.len() >= PLACES_LEAST).then(|| Ground::of(way))?;
        let is_judged = ground.goes_about(LONGER);
        is_judged.then(|| Stretch { begins, measures: measure(places, way, &ground, fresh_m, within_m) })
    };
    there.filter_map(of).collect()
}

/// The logarithm of the odds that a stretch leads nowhere, with what is added to them where errors make up no way of their own.
pub fn log_odds(measures: &Measures) -> f64 {
    let learned = FLAT.as_ref().map_or_else(|| TABLE.log_odds(measures), |flat| flat.log_odds(measures));
    learned + if is_fresh(measures) { FRESH } else { 0.0 }
}

/// Whether errors are evidently fresh with each fix: fixes within a slot scatter as much as they are told to err. Of a small error that
/// is not seen, for somebody walks as far meanwhile.
pub fn is_fresh(measures: &Measures) -> bool {
    of(measures, named::SIGMA) >= FRESH_SIGMA_M && FRESH_TIMES.contains(&of(measures, named::WITHIN_OF_SIGMA))
}

/// The likeliest stretch with its odds, as a logarithm.
pub fn likeliest(path: &Path) -> Option<(f64, Stretch)> {
    let judged = stretches(path).into_iter().map(|stretch| (log_odds(&stretch.measures), stretch));
    judged.max_by(|(one, _), (other, _)| one.total_cmp(other))
}

/// What is found of a stretch, if the looks came to these odds and not less than the limit.
pub fn found(path: &Path, stretch: &Stretch, odds: f64, limit: f64) -> Found {
    Found {
        kind: kind(&stretch.measures),
        since: path.moment(stretch.begins),
        findings: findings(&stretch.measures, odds, limit),
    }
}

/// One measure of all.
fn of(measures: &Measures, which: usize) -> f64 {
    measures.get(which).copied().unwrap_or_default()
}

/// Which kind of way it is that leads nowhere.
pub fn kind(measures: &Measures) -> Kind {
    let of = |which| of(measures, which);
    if of(named::LAPS) >= LAPS && of(named::SENSE) >= SENSE_OF_LAPS {
        Kind::Lapping
    } else if of(named::LEGS) >= PACING_LEGS && of(named::SLIMNESS) <= PACING_SLIMNESS {
        Kind::Pacing
    } else {
        Kind::Random
    }
}

/// What an operator is told: how long, how far, on how much ground, and what makes it this kind.
fn findings(measures: &Measures, odds: f64, limit: f64) -> Vec<Finding> {
    let told = |name: &str, which: usize, limit: Option<f64>| finding(name, of(measures, which), limit);
    let own = match kind(measures) {
        Kind::Lapping => told("laps", named::LAPS, Some(LAPS)),
        Kind::Pacing => told("legs", named::LEGS, Some(PACING_LEGS)),
        Kind::Random | Kind::Leaving | Kind::Unusual => told("turns_100m", named::TURNED, None),
    };
    vec![
        own,
        told("minutes", named::MINUTES, None),
        told("length_m", named::LENGTH, None),
        told("reach_m", named::REACH, None),
        told("length_of_reach", named::RATIO, None),
        told("moving_share", named::MOVING, None),
        finding("probability", probability(odds), probability(limit)),
    ]
}

/// Whether the path leads that far away at a walking pace.
pub fn leaving(path: &Path, far_m: f64) -> Option<Found> {
    let places = path.places();
    let from = places.partition_point(|at| at.second < -LEAVING_S);
    let places = places.get(from..)?;
    let way = smooth(places, fresh_m(places));
    let (first, last): (&Smoothed, &Smoothed) = (way.first()?, way.last()?);
    let apart_m = first.point.distance_m(last.point) - 2.0 * last.sigma_m;
    let newest_s = way.iter().rev().find(|at| at.point.distance_m(last.point) > far_m * 0.5)?;
    let pace_mps = newest_s.point.distance_m(last.point) / (last.second - newest_s.second).max(1.0);
    let findings = vec![finding("from_start_m", apart_m, far_m), finding("pace_mps", pace_mps, PACE_MPS)];
    let is_leaving = way.len() >= LEAVING_PLACES && apart_m >= far_m && pace_mps >= PACE_MPS;
    is_leaving.then(|| Found { kind: Kind::Leaving, since: path.moment(first.second), findings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_is_asked_is_laid_out_flat_and_says_what_was_learned() {
        let flat = FLAT.as_ref().unwrap();
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for number in 0..500_u32 {
            let mut place = 6_u32;
            let measures: Measures = std::array::from_fn(|_| {
                place = place.wrapping_add(1);
                f64::from(number.wrapping_mul(place) % 97) * 0.1
            });
            let odds = log_odds(&measures);
            let added = if is_fresh(&measures) { FRESH } else { 0.0 };
            assert!((odds - added - TABLE.log_odds(&measures)).abs() < 1e-9, "{measures:?}");
            assert!((odds - added - flat.log_odds(&measures)).abs() < 1e-12, "{measures:?}");
            (least, most) = (least.min(odds), most.max(odds));
        }
        assert!(least < most - 1.0, "nothing is told apart: {least} to {most}");
    }
}
