//! Learning how a way that leads nowhere is told from an ordinary one, and finding the limit: some three minutes on two free cores. Each
//! line says how many have passed.

use crate::boost::{Example, Limits, learn as boost};
use crate::common::walks::{Draw, Errors, NOWHERE, ORDINARY};
use crate::wandering::{
    Judged, LATE_S, TRAINING, Verdict, heights, judged, seeds, spread, taken_off, told, walk,
};
use crate::{Failure, Watch, rust};
use geofence::wandering::{measures::Measures, pattern::is_fresh};
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
/// And so many of all kinds of walk together where every error is of one kind, who sets out late included: without what is added where
/// errors are fresh, and with it. The first leaves room for the second, which may come up to the goal where lasting errors look fresh.
const IN_VAIN_TOGETHER: f64 = 0.03;
const IN_VAIN_WITH_FRESH: f64 = 0.1;
const OF_KIND: [fn() -> Errors; 4] = [
    || Errors::fresh(10.0, 30.0),
    || Errors::alike(10.0, 20.0),
    || Errors::alike(30.0, 20.0),
    || Errors::alike(30.0, 10.0),
];

/// What may be added where errors are evidently fresh is found on these as well: fresh ones, told right or too small, and such as could be
/// taken for them.
const OF_FRESH: [fn() -> Errors; 7] = [
    || Errors::fresh(30.0, 10.0),
    || Errors::fresh(20.0, 10.0),
    || Errors::fresh(30.0, 5.0),
    || Errors { slow: 0.4, ..Errors::alike(30.0, 10.0) },
    || Errors { alike_s: 15.0, ..Errors::alike(30.0, 10.0) },
    || Errors { times: 1.25, ..Errors::fresh(30.0, 10.0) },
    || Errors { times: 1.5, ..Errors::fresh(30.0, 10.0) },
];
const FRESH_AT_MOST: u32 = 24;

struct Case {
    measures: Measures,
    holds: bool,
    weight: f64,
}

/// Learns, writes the table, and says what each limit would do.
pub(crate) fn learn(out: &mut impl Write) -> Result<(), Failure> {
    let (watch, mut cases) = (Watch::begin(), Vec::new());
    let minutes = |watch: &Watch| format!("{:>5.1} min", watch.passed().as_secs_f64() / 60.0);
    let kinds = NOWHERE.map(|kind| (kind, true, NOWHERE_WALKS)).into_iter();
    for ((name, draw), holds, walks) in kinds.chain(ORDINARY.map(|kind| (kind, false, ORDINARY_WALKS))) {
        gather(draw, holds, walks, &mut cases);
        writeln!(out, "{} {walks} walks of {name} measured", minutes(&watch))?;
    }
    let count = |holds: bool| cases.iter().filter(|case| case.holds == holds).count();
    writeln!(out, "{} stretches that lead nowhere, {} ordinary", count(true), count(false))?;
    let examples: Vec<Example<'_>> = cases
        .iter()
        .map(|case| Example { measures: &case.measures, holds: case.holds, weight: case.weight })
        .collect();
    let learned = boost(&examples, LIMITS, 5);
    writeln!(out, "{} {} trees learned; now walks for the limit", minutes(&watch), learned.trees.len())?;
    let verdict = |measures: &Measures| (learned.log_odds(measures), is_fresh(measures));
    let mut say = |what: &str| -> Result<(), Failure> {
        writeln!(out, "{} {what}", minutes(&watch))?;
        Ok(())
    };
    let Limit { limit, fresh } = limit(&verdict, &mut say)?;
    let text = rust::table("make train-wandering", "#[rustfmt::skip]\npub(super) const TABLE", &learned)?;
    let mut text = two_a_line(&text);
    writeln!(
        text,
        "\n/// The least limit at which ordinary walks stay quiet, as a logarithm of odds.\npub const LIMIT: f64 = {limit:?};\n\
         /// The most that can be added where errors are evidently fresh and they stay so.\npub(super) const FRESH: f64 = {fresh:?};"
    )?;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/wandering/table.rs");
    let is_same = rust::is_same(&std::fs::read_to_string(path)?, &text);
    std::fs::write(path, text)?;
    writeln!(
        out,
        "table {}, with the limit {limit} and {fresh} where errors are fresh",
        if is_same { "as it was" } else { "written" }
    )?;
    writeln!(out, "{} all done; what it finds and tells on other seeds:", minutes(&watch))?;
    writeln!(out, "  cargo bench -p geofence --bench watching -- --only wandering")?;
    Ok(())
}

/// Trees two by two, which formatting leaves so: one on each line is a longer file than others may be.
fn two_a_line(text: &str) -> String {
    let (mut laid, mut is_first) = (String::new(), false);
    for line in text.lines() {
        let is_tree = line.trim_start().starts_with("tree(");
        if is_tree && is_first {
            laid.push(' ');
            laid.push_str(line.trim_start());
        } else {
            laid.push_str(if laid.is_empty() { "" } else { "\n" });
            laid.push_str(line);
        }
        is_first = is_tree && !is_first;
    }
    laid.push('\n');
    laid
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

/// The walks of each kind.
type OfKind = Vec<(&'static str, Vec<Judged>)>;

/// What is found on walks that nothing is learned from.
struct Limit {
    limit: f64,
    fresh: f64,
}

/// The most that any kind of walk tells in vain an hour walked.
fn noisiest(ordinary: &[(&'static str, Vec<Judged>)], limit: f64, fresh: f64) -> f64 {
    let each = ordinary.iter().map(|(_, walks)| told(&heights(walks, fresh), limit).an_hour);
    each.fold(0.0, f64::max)
}

/// The most that all kinds of walk together tell in vain an hour walked, of several kinds of error.
fn together(of_errors: &[OfKind], limit: f64, fresh: f64) -> f64 {
    let all = |kinds: &OfKind| kinds.iter().flat_map(|(_, walks)| heights(walks, fresh)).collect::<Vec<_>>();
    of_errors.iter().map(|kinds| told(&all(kinds), limit).an_hour).fold(0.0, f64::max)
}

/// The least limit at which ordinary walks tell no more in vain than they may, also who sets out late in the afternoon, when the engine
/// asks for less; and the most that can be added then where errors are fresh. Says what each finds and tells by day.
fn limit(
    verdict: &(impl Fn(&Measures) -> Verdict + Sync),
    say: &mut dyn FnMut(&str) -> Result<(), Failure>,
) -> Result<Limit, Failure> {
    let all = |kinds: &[(&'static str, Draw)], errors: Option<Errors>| -> OfKind {
        let of = |draw: Draw| judged(draw, errors, CALIBRATION, CALIBRATION_WALKS, verdict);
        kinds.iter().map(|(name, draw)| (*name, of(*draw))).collect()
    };
    let (nowhere, ordinary) = (all(&NOWHERE, None), all(&ORDINARY, None));
    say("walks with errors drawn")?;
    let (mut of_kind, mut of_fresh) = (Vec::<OfKind>::new(), Vec::<OfKind>::new());
    for (number, errors) in OF_KIND.iter().enumerate() {
        of_kind.push(all(&ORDINARY, Some(errors())));
        say(&format!("ordinary walks with errors of one kind, {} of {}", number + 1, OF_KIND.len()))?;
    }
    for (number, errors) in OF_FRESH.iter().enumerate() {
        of_fresh.push(all(&ORDINARY, Some(errors())));
        say(&format!("ordinary walks with fresh errors, {} of {}", number + 1, OF_FRESH.len()))?;
    }
    let late = taken_off(LATE_S);
    let mut quiet = |limit: f64, fresh: f64, most: f64| -> Result<bool, Failure> {
        let share = |(name, walks): &(&str, Vec<Judged>)| {
            format!("{name} {:.3}", told(&heights(walks, fresh), limit).share)
        };
        let shares: Vec<_> = nowhere.iter().map(share).collect();
        let by_day = noisiest(&ordinary, limit, fresh);
        let late = [&of_kind, &of_fresh].map(|errors| together(errors, limit - late, fresh));
        let [of_kind, of_fresh] = late;
        say(&format!(
            "limit {limit:.1}, {fresh:.2} where fresh: {}; at most in vain {by_day:.3} of any walk with errors drawn, at 17:00 {of_kind:.3} \
             of all together with errors of one kind, {of_fresh:.3} with fresh ones",
            shares.join(", ")
        ))?;
        Ok(by_day <= IN_VAIN && of_kind.max(of_fresh) <= most)
    };
    let steps = (0..50_u32).map(|step| f64::from(step) / 10.0);
    let mut found = None;
    for limit in steps {
        if quiet(limit, 0.0, IN_VAIN_TOGETHER)? {
            found = Some(limit);
            break;
        }
    }
    let limit = found.ok_or("no limit is quiet enough")?;
    let mut fresh = 0.0;
    for more in (1..=FRESH_AT_MOST).map(|step| f64::from(step) / 4.0) {
        if !quiet(limit, more, IN_VAIN_WITH_FRESH)? {
            break;
        }
        fresh = more;
    }
    Ok(Limit { limit, fresh })
}
