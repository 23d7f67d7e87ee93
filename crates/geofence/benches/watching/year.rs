//! A year of a thousand residents with the numbers that are built in: false exits, the share found, how soon; and of a tenth of them with
//! other thresholds, drawn as a curve. `JJL_SEED` is where chance begins; each resident's own follows from it, so it is the same on every
//! machine and with any number of cores.

use crate::common::goals::Goals;
use crate::common::{
    Chance,
    year::{Delays, Score, follow},
};
use crate::fences::{Row, THRESHOLDS, draw};
use crate::{Failure, Watch};
use geofence::Rules;
use std::{
    io::Write,
    num::NonZero,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

const RESIDENTS: u64 = 1_000;
/// Those who are followed with other thresholds, the first of them all.
const OTHERWISE: u64 = RESIDENTS / 10;
const DAYS: u32 = 365;
const EVERY_S: f64 = 120.0;
const SEED: u64 = 2_026;
/// How often it says how far it is.
const SAID_EVERY: Duration = Duration::from_secs(20);
/// How often it looks whether all is done.
const LOOKS_EVERY: Duration = Duration::from_millis(200);
/// Seeds of two residents lie so far apart: those of splitmix64 that follow one another would give the same numbers, shifted.
const APART: u64 = 0x2545_f491_4f6c_dd1d;
/// False exits a resident and year at most, of the true exits found at least, and the median of their delays in fixes at most.
const FALSE_A_YEAR: f64 = 1.0;
const FOUND: f64 = 0.99;
const DELAY: f64 = 2.0;

/// One threshold, and how many are followed with it.
struct Lot {
    rules: Rules,
    residents: u64,
}

/// What came of a lot.
#[derive(Default)]
struct Sum {
    score: Score,
    delays: Delays,
}

/// The threshold that is built in comes first.
fn lots() -> Vec<Lot> {
    let other = |threshold| Lot { rules: Rules { threshold, ..Rules::default() }, residents: OTHERWISE };
    let built_in = Lot { rules: Rules::default(), residents: RESIDENTS };
    std::iter::once(built_in).chain(THRESHOLDS.map(other)).collect()
}

/// Of a job by its number, the lot and the number of the resident in it; none after the last.
fn job(lots: &[Lot], mut number: u64) -> Option<(usize, u64)> {
    for (at, lot) in lots.iter().enumerate() {
        if number < lot.residents {
            return Some((at, number));
        }
        number -= lot.residents;
    }
    None
}

/// Follows them all, on as many cores as there are, prints what came of it and draws the curve.
pub(crate) fn follow_a_year(goals: &mut Goals, out: &mut impl Write) -> Result<(), Failure> {
    let (seed, lots) = (seed(), lots());
    let all: u64 = lots.iter().map(|lot| lot.residents).sum();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    writeln!(
        out,
        "{RESIDENTS} residents, {DAYS} days, a fix every two minutes, seed {seed}, on {cores} cores; {OTHERWISE} of them with each of {} other thresholds",
        lots.len() - 1
    )?;
    let (watch, next, done) = (Watch::begin(), AtomicU64::new(0), AtomicU64::new(0));
    let parts = thread::scope(|scope| -> Result<Vec<_>, Failure> {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(|| some(seed, &lots, &next, &done))).collect();
        let mut said = Duration::ZERO;
        while !workers.iter().all(thread::ScopedJoinHandle::is_finished) {
            thread::sleep(LOOKS_EVERY);
            if watch.passed() >= said + SAID_EVERY {
                said = watch.passed();
                let (done, minutes) = (done.load(Ordering::Relaxed), said.as_secs() / 60);
                writeln!(out, "  … {done} of {all} years after {minutes} min")?;
                out.flush()?;
            }
        }
        let ended = workers.into_iter().map(|worker| worker.join().map_err(|_panic| "a worker died".into()));
        ended.collect()
    })?;
    let rows = tell(goals, out, &lots, parts)?;
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/fence-exits.svg");
    let title = format!("{OTHERWISE} residents over {DAYS} days, {RESIDENTS} with what is built in (red)");
    std::fs::write(picture, draw(&rows, &title)?)?;
    writeln!(out, "{} min", watch.passed().as_secs() / 60)?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "whoever measures tries another seed")]
fn seed() -> u64 {
    std::env::var("JJL_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(SEED)
}

/// Follows one resident after another, until none is left; what came of each lot.
fn some(seed: u64, lots: &[Lot], next: &AtomicU64, done: &AtomicU64) -> Vec<Sum> {
    let mut sums: Vec<Sum> = lots.iter().map(|_| Sum::default()).collect();
    while let Some((at, number)) = job(lots, next.fetch_add(1, Ordering::Relaxed)) {
        let (Some(lot), Some(sum)) = (lots.get(at), sums.get_mut(at)) else { break };
        let mut chance = Chance(seed.wrapping_add(number.wrapping_mul(APART)));
        let score = follow(&mut chance, DAYS, EVERY_S, &lot.rules, &mut sum.delays);
        sum.score.add(&score);
        done.fetch_add(1, Ordering::Relaxed);
    }
    sums
}

/// Of sorted delays the one within which so many per cent of them lie.
fn within(delays: &[u32], part: usize) -> u32 {
    delays.get(delays.len().saturating_mul(part) / 100).copied().unwrap_or_default()
}

/// Two lines for each lot; the built-in one is held against the goals. Rows in the order of their thresholds.
fn tell(
    goals: &mut Goals,
    out: &mut impl Write,
    lots: &[Lot],
    parts: Vec<Vec<Sum>>,
) -> Result<Vec<Row>, Failure> {
    let mut sums: Vec<Sum> = lots.iter().map(|_| Sum::default()).collect();
    // Each part has one for each lot.
    for part in parts {
        for (sum, more) in sums.iter_mut().zip(part) {
            sum.score.add(&more.score);
            sum.delays.counted.extend(more.delays.counted);
            sum.delays.brief_too.extend(more.delays.brief_too);
        }
    }
    let mut rows = Vec::new();
    for (lot, Sum { score, delays }) in lots.iter().zip(sums) {
        let Delays { mut counted, mut brief_too } = delays;
        counted.sort_unstable();
        brief_too.sort_unstable();
        let at = |part: usize| within(&counted, part);
        let row = Row::new(lot.rules.threshold, &score, &counted, lot.residents == RESIDENTS)?;
        writeln!(
            out,
            "threshold {}: {:.3} false exits a resident and year ({} in {} years), {:.4} of {} true exits found, delay {:.2} fixes in the mean, \
             median {}, 95 % within {}{}",
            row.threshold,
            row.false_a_year,
            score.false_exits,
            score.days / DAYS,
            row.found,
            score.exits,
            row.delay,
            at(50),
            at(95),
            if row.is_built_in { "   built in" } else { "" }
        )?;
        let found = f64::from(score.found_brief_too) / f64::from(score.exits_brief_too.max(1));
        writeln!(
            out,
            "  with the exits of two to four fixes outside as well: {found:.4} of {} found, delay median {}",
            score.exits_brief_too,
            within(&brief_too, 50)
        )?;
        if row.is_built_in {
            goals.at_most("false exits a resident and year", row.false_a_year, FALSE_A_YEAR);
            goals.at_least("true exits found", row.found, FOUND);
            goals.at_most("median delay of true exits, fixes", f64::from(at(50)), DELAY);
        }
        rows.push(row);
    }
    rows.sort_by(|one, other| one.threshold.total_cmp(&other.threshold));
    Ok(rows)
}
