//! A year of a thousand residents with the numbers that are built in: false exits, the share found, how soon. `JJL_SEED` is where
//! chance begins; each resident's own follows from it, so it is the same on every machine and with any number of cores.

use crate::Failure;
use crate::common::{
    Chance,
    year::{Score, follow},
};
use geofence::Rules;
use std::{
    io::Write,
    num::NonZero,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

const RESIDENTS: u64 = 1_000;
const DAYS: u32 = 365;
const EVERY_S: f64 = 120.0;
const SEED: u64 = 2_026;
/// How often it says how far it is.
const SAID_EVERY: Duration = Duration::from_secs(20);
/// How often it looks whether all is done.
const LOOKS_EVERY: Duration = Duration::from_millis(200);
/// Seeds of two residents lie so far apart: those of splitmix64 that follow one another would give the same numbers, shifted.
const APART: u64 = 0x2545_f491_4f6c_dd1d;

/// Follows them all, on as many cores as there are, and prints what came of it.
pub(crate) fn follow_a_year(out: &mut impl Write) -> Result<(), Failure> {
    let seed = seed();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    writeln!(
        out,
        "{RESIDENTS} residents, {DAYS} days, a fix every two minutes, seed {seed}, on {cores} cores"
    )?;
    let (begun, next, done) = (now(), AtomicU64::new(0), AtomicU64::new(0));
    let parts = thread::scope(|scope| -> Result<Vec<_>, Failure> {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(|| some(seed, &next, &done))).collect();
        let mut said = begun;
        while !workers.iter().all(thread::ScopedJoinHandle::is_finished) {
            thread::sleep(LOOKS_EVERY);
            if said.elapsed() >= SAID_EVERY {
                said = now();
                let (done, minutes) = (done.load(Ordering::Relaxed), begun.elapsed().as_secs() / 60);
                writeln!(out, "  … {done} of {RESIDENTS} residents after {minutes} min")?;
                out.flush()?;
            }
        }
        let ended = workers.into_iter().map(|worker| worker.join().map_err(|_panic| "a worker died".into()));
        ended.collect()
    })?;
    tell(out, parts, begun.elapsed())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "whoever measures tries another seed")]
fn seed() -> u64 {
    std::env::var("JJL_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(SEED)
}

/// Follows one resident after another, until none is left.
fn some(seed: u64, next: &AtomicU64, done: &AtomicU64) -> (Score, Vec<u32>) {
    let (rules, mut all, mut delays) = (Rules::default(), Score::default(), Vec::new());
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= RESIDENTS {
            return (all, delays);
        }
        let mut chance = Chance(seed.wrapping_add(number.wrapping_mul(APART)));
        let score = follow(&mut chance, DAYS, EVERY_S, &rules, &mut delays);
        all.add(&score);
        done.fetch_add(1, Ordering::Relaxed);
    }
}

fn tell(out: &mut impl Write, parts: Vec<(Score, Vec<u32>)>, took: Duration) -> Result<(), Failure> {
    let (mut all, mut delays) = (Score::default(), Vec::new());
    for (score, more) in parts {
        all.add(&score);
        delays.extend(more);
    }
    delays.sort_unstable();
    let at = |part: usize| delays.get(delays.len().saturating_mul(part) / 100).copied().unwrap_or_default();
    writeln!(
        out,
        "{:.3} false exits a resident and year ({} in {} years), {:.4} of {} true exits found, median delay {} fixes, 95 % within {}; \
         {} min",
        all.false_a_year(),
        all.false_exits,
        all.days / DAYS,
        all.found_share(),
        all.exits,
        at(50),
        at(95),
        took.as_secs() / 60
    )?;
    Ok(())
}
