//! Learning how a way that leads nowhere is told from an ordinary one, and finding the limit.

use crate::boost::{Example, Learned, Limits, learn as boost};
use crate::common::walks::{Draw, NOWHERE, ORDINARY};
use crate::wandering::{TRAINING, heights, told, walk};
use crate::{Failure, rust};
use geofence::wandering::measures::Measures;
use std::io::Write;

/// Walks that the limit is found on; nothing is learned from them.
const CALIBRATION: u64 = 33_000_000;
const NOWHERE_WALKS: u64 = 900;
const ORDINARY_WALKS: u64 = 320;
/// A stretch is taken to learn from of each so many looks.
const EVERY: usize = 3;
const LIMITS: Limits =
    Limits { trees: 150, depth: 3, rate: 0.12, ridge: 8.0, measures_pct: 50, examples_pct: 50 };
/// Ordinary stretches are this much heavier: an hour has ninety looks at five stretches each.
const ORDINARY_WEIGHS: f64 = 4.0;

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
    let text = rust::table("make train-wandering", "pub(super) const TABLE", &learned)?;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/wandering/table.rs");
    let is_same = rust::is_same(&std::fs::read_to_string(path)?, &text);
    std::fs::write(path, text)?;
    writeln!(out, "table {}", if is_same { "as it was" } else { "written" })?;
    limits(&learned, out)
}

/// The stretches of walks.
fn gather(draw: Draw, holds: bool, walks: u64, cases: &mut Vec<Case>) {
    for number in 0..walks {
        let walk = walk(draw, None, TRAINING.wrapping_add(number.wrapping_mul(7_919)));
        let from_s = walk.way.nowhere_from;
        for (begins, measures) in walk.looks.into_iter().step_by(EVERY).flatten() {
            // Most of the stretch is what is to be learned.
            let is_whole = begins >= from_s - measures[0] * 60.0 * 0.15;
            if !holds || is_whole {
                cases.push(Case { measures, holds, weight: if holds { 1.0 } else { ORDINARY_WEIGHS } });
            }
        }
    }
}

/// What each limit finds and tells in vain, the worst of all kinds.
fn limits(learned: &Learned, out: &mut impl Write) -> Result<(), Failure> {
    let all = |kinds: &[(&'static str, Draw)]| -> Vec<(&'static str, Vec<(f64, f64)>)> {
        kinds
            .iter()
            .map(|(name, draw)| {
                (*name, heights(*draw, None, CALIBRATION, 250, &|measures| learned.log_odds(measures)))
            })
            .collect()
    };
    let (nowhere, ordinary) = (all(&NOWHERE), all(&ORDINARY));
    for step in 0..24_u32 {
        let limit = f64::from(step) * 0.25 - 1.0;
        let found: Vec<String> = nowhere
            .iter()
            .map(|(name, heights)| format!("{name} {:.3}", told(heights, limit).share))
            .collect();
        let vain: Vec<String> = ordinary
            .iter()
            .map(|(name, heights)| format!("{name} {:.3}", told(heights, limit).an_hour))
            .collect();
        writeln!(out, "limit {limit:>5.2}: {}   in vain: {}", found.join(", "), vain.join(", "))?;
    }
    Ok(())
}
