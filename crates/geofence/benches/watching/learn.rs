//! Learning how a way that leads nowhere is told from an ordinary one, and finding the limit.

use crate::boost::{Example, Limits, learn as boost};
use crate::common::walks::{Draw, Errors, NOWHERE, ORDINARY};
use crate::wandering::{Score, TRAINING, heights, seeds, spread, tables, told, walk};
use crate::{Failure, rust};
use geofence::wandering::measures::Measures;
use std::{fmt::Write as _, io::Write};

/// Walks that the limit is found on, so many of each kind; nothing is learned from them. A goal of one signal in ten hours walked is
/// a matter of many hours: of 200 walks the market's last too short.
const CALIBRATION: u64 = 33_000_000;
const CALIBRATION_WALKS: u64 = 400;
/// So many signals in vain an hour walked at most, with errors drawn as widely as they are here.
const IN_VAIN: f64 = 0.07;
const NOWHERE_WALKS: u64 = 1_800;
const ORDINARY_WALKS: u64 = 700;
/// A stretch is taken to learn from of each so many looks.
const EVERY: usize = 4;
const LIMITS: Limits =
    Limits { trees: 450, depth: 2, rate: 0.2, ridge: 8.0, measures_pct: 50, examples_pct: 50 };
/// Ordinary stretches are this much heavier: an hour has ninety looks at five stretches each.
const ORDINARY_WEIGHS: f64 = 4.0;
/// So much more again where all of the error lasts and its radius is 30 m: that looks like a way of its own.
const LASTING_WEIGHS: f64 = 2.0;
/// And so many where every error is of one kind.
const IN_VAIN_OF_KIND: f64 = 0.1;

struct Case {
    measures: Measures,
    holds: bool,
    weight: f64,
}

/// Learns, writes the table, and says what limits would do on the same seeds.
pub(crate) fn learn(out: &mut impl Write) -> Result<(), Failure> {
    let mut cases = Vec::new();
    for (_, draw) in NOWHERE {
        gather(draw, true, NOWHERE_WALKS, &mut cases);
    }
    for (_, draw) in ORDINARY {
        gather(draw, false, ORDINARY_WALKS, &mut cases);
    }
    let count = |holds: bool| cases.iter().filter(|case| case.holds == holds).count();
    writeln!(out, "{} stretches that lead nowhere, {} ordinary", count(true), count(false))?;
    let examples: Vec<Example<'_>> = cases
        .iter()
        .map(|case| Example { measures: &case.measures, holds: case.holds, weight: case.weight })
        .collect();
    let learned = boost(&examples, LIMITS, 5);
    let score = |measures: &Measures| learned.log_odds(measures);
    let limit = limit(&score, out)?;
    let mut text = rust::table("make train-wandering", "pub(super) const TABLE", &learned)?;
    writeln!(
        text,
        "\n/// The least limit at which ordinary walks stay quiet, as a logarithm of odds.\npub const LIMIT: f64 = {limit:?};"
    )?;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/wandering/table.rs");
    let is_same = rust::is_same(&std::fs::read_to_string(path)?, &text);
    std::fs::write(path, text)?;
    writeln!(out, "table {}, with the limit {limit}", if is_same { "as it was" } else { "written" })?;
    tables(out, &score, limit)
}

/// The stretches of walks.
fn gather(draw: Draw, holds: bool, walks: u64, cases: &mut Vec<Case>) {
    let of = |seed: u64| -> Vec<Case> {
        let walk = walk(draw, None, seed);
        let from_s = walk.way.nowhere_from;
        let looks = walk.looks.into_iter().step_by(EVERY).flat_map(|look| look.stretches);
        // Most of the stretch is what is to be learned.
        let is_of_it = |begins: f64, measures: &Measures| !holds || begins >= from_s - measures[0] * 9.0;
        let lasting = walk.errors.slow * (walk.errors.accuracy_m / 30.0).powi(2);
        let weight = if holds { 1.0 } else { ORDINARY_WEIGHS * (1.0 + LASTING_WEIGHS * lasting) };
        looks
            .filter(|(begins, measures)| is_of_it(*begins, measures))
            .map(|(_, measures)| Case { measures, holds, weight })
            .collect()
    };
    cases.extend(spread(&seeds(TRAINING, walks), of).into_iter().flatten());
}

/// The least limit at which no kind of ordinary walk tells more in vain than it may; prints what each limit finds and tells.
fn limit(score: Score<'_>, out: &mut impl Write) -> Result<f64, Failure> {
    let all = |kinds: &[(&'static str, Draw)], errors: Option<Errors>| -> Vec<(&'static str, Vec<_>)> {
        kinds
            .iter()
            .map(|(name, draw)| (*name, heights(*draw, errors, CALIBRATION, CALIBRATION_WALKS, score)))
            .collect()
    };
    let (nowhere, ordinary) = (all(&NOWHERE, None), all(&ORDINARY, None));
    let kinds = [
        Errors::fresh(10.0, 30.0),
        Errors::alike(10.0, 20.0),
        Errors::alike(30.0, 20.0),
        Errors::alike(30.0, 10.0),
    ];
    let of_kind = kinds.map(|errors| all(&ORDINARY, Some(errors)));
    let mut found = None;
    for step in 0..20_u32 {
        let limit = f64::from(step) * 0.25;
        let share = |(name, heights): &(&str, Vec<_>)| format!("{name} {:.3}", told(heights, limit).share);
        let vain = |(name, heights): &(&str, Vec<_>)| format!("{name} {:.3}", told(heights, limit).an_hour);
        let (shares, vains): (Vec<_>, Vec<_>) =
            (nowhere.iter().map(share).collect(), ordinary.iter().map(vain).collect());
        writeln!(out, "limit {limit:>5.2}: {}   in vain: {}", shares.join(", "), vains.join(", "))?;
        let is_quiet = |ordinary: &[(&str, Vec<_>)], most: f64| {
            ordinary.iter().all(|(_, heights)| told(heights, limit).an_hour <= most)
        };
        let is_quiet = is_quiet(&ordinary, IN_VAIN)
            && of_kind.iter().all(|ordinary| is_quiet(ordinary, IN_VAIN_OF_KIND));
        found = found.or(is_quiet.then_some(limit));
    }
    found.ok_or_else(|| "no limit is quiet enough".into())
}
