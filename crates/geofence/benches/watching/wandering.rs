//! Wandering: what is found of the ways that lead nowhere, and what ordinary ways set off, an hour walked.

use crate::Failure;
use crate::common::walks::{Draw, Errors, NOWHERE, ORDINARY, Way};
use crate::common::{Chance, time};
use crate::plot;
use geofence::Moment;
use geofence::plane::Plane;
use geofence::wandering::path::{Path, Walked};
use geofence::wandering::{measures::Measures, pattern};
use std::io::Write;

/// Seeds: what is learned from, and what nothing was learned from.
pub(crate) const TRAINING: u64 = 1_000;
pub(crate) const TEST: u64 = 77_000_000;
const WALKS: u64 = 40;
const BEGIN_S: f64 = 9.0 * 3_600.0;

/// The errors the tables name: as plain as can be, as handsets have them, and told a third too small.
fn errors() -> Vec<(&'static str, Errors)> {
    let mut all = Vec::new();
    for accuracy_m in [10.0, 30.0] {
        let too_small = Errors { times: 1.5, ..Errors::fresh(accuracy_m, 10.0) };
        all.extend([
            ("fresh", Errors::fresh(accuracy_m, 10.0)),
            ("fresh", Errors::fresh(accuracy_m, 30.0)),
            ("fresh", Errors::fresh(accuracy_m, 60.0)),
            ("alike", Errors::alike(accuracy_m, 20.0)),
            ("too small", too_small),
        ]);
    }
    all
}

/// Of some walks, the share with a signal, and signals an hour.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Told {
    pub(crate) share: f64,
    pub(crate) an_hour: f64,
}

/// What a stretch says: the odds as a logarithm.
pub(crate) type Score<'a> = &'a (dyn Fn(&Measures) -> f64 + Sync);

/// A walk and the stretches at each look at it, with when each begins, in seconds of the walk.
pub(crate) struct Walk {
    pub(crate) way: Way,
    pub(crate) looks: Vec<Vec<(f64, Measures)>>,
}

/// Keeps somebody's way as the engine does, and looks as often. The engine believes no satellite fix better than 8 m.
pub(crate) fn walk(draw: Draw, errors: Option<Errors>, seed: u64) -> Walk {
    let mut chance = Chance(seed);
    let way = draw(&mut chance);
    let errors = errors.unwrap_or_else(|| Errors::draw(&mut chance));
    let (begin, mut path) = (Moment::from(time(BEGIN_S)), Path::default());
    let (mut looked_s, mut looks) = (f64::NEG_INFINITY, Vec::new());
    for fix in errors.fixes(&way, BEGIN_S, &mut chance) {
        let at = Moment::from(fix.fix_time);
        if way.is_driven(at.seconds_since(begin)) {
            path.clear();
            continue;
        }
        let is_kept = path.take(&Walked {
            map: Plane::about(fix.position.lat(), fix.position.lon()),
            accuracy_m: fix.accuracy_m.max(8.0),
            at,
        });
        if is_kept && at.seconds_since(begin) - looked_s >= 40.0 {
            looked_s = at.seconds_since(begin);
            let since = |stretch: &pattern::Stretch| path.moment(stretch.begins).seconds_since(begin);
            let stretches = pattern::stretches(&path);
            looks.push(stretches.iter().map(|stretch| (since(stretch), stretch.measures)).collect());
        }
    }
    Walk { way, looks }
}

/// The highest odds at which each walk is told, and its hours. A signal needs two looks in a row, so the lower of two counts.
pub(crate) fn heights(
    draw: Draw,
    errors: Option<Errors>,
    seed: u64,
    walks: u64,
    score: Score<'_>,
) -> Vec<(f64, f64)> {
    let height = |walk: &Walk| {
        let odds = walk.looks.iter().map(|stretches| {
            stretches.iter().map(|(_, measures)| score(measures)).fold(f64::NEG_INFINITY, f64::max)
        });
        let odds: Vec<f64> = odds.collect();
        odds.windows(2).map(|two| two[0].min(two[1])).fold(f64::NEG_INFINITY, f64::max)
    };
    let of = |seed: u64| {
        let walk = walk(draw, errors, seed);
        (height(&walk), walk.way.seconds() / 3_600.0)
    };
    spread(&seeds(seed, walks), of)
}

/// The seeds of so many walks.
pub(crate) fn seeds(seed: u64, walks: u64) -> Vec<u64> {
    (0..walks).map(|number| seed.wrapping_add(number.wrapping_mul(7_919))).collect()
}

/// Does something for each seed on all cores; the order stays.
pub(crate) fn spread<T: Send>(seeds: &[u64], act: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = seeds.len().div_ceil(cores).max(1);
    let act = &act;
    std::thread::scope(|scope| {
        let parts: Vec<_> = seeds
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(|seed| act(*seed)).collect::<Vec<T>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

/// What the limit makes of heights.
pub(crate) fn told(heights: &[(f64, f64)], limit: f64) -> Told {
    let count = |walks: usize| f64::from(u32::try_from(walks).unwrap_or(u32::MAX));
    let found = count(heights.iter().filter(|(height, _)| *height >= limit).count());
    let hours: f64 = heights.iter().map(|(_, hours)| hours).sum();
    Told { share: found / count(heights.len().max(1)), an_hour: found / hours.max(1e-9) }
}

/// Prints all tables, on seeds that nothing was learned from, and draws their curve.
pub(crate) fn tables(out: &mut impl Write, score: Score<'_>, limit: f64) -> Result<(), Failure> {
    writeln!(out, "wandering, limit of the odds e^{limit}, {WALKS} walks each")?;
    writeln!(out, "found of the ways that lead nowhere (goal 0.90)")?;
    let nowhere = table(out, &NOWHERE, score, |heights| told(heights, limit).share)?;
    writeln!(out, "told in vain, an hour (goal 0.1)")?;
    let ordinary = table(out, &ORDINARY, score, |heights| told(heights, limit).an_hour)?;
    plot::wandering(&nowhere, &ordinary, limit)
}

/// A row for each kind, a column for each kind of error; the last two draw the errors too, on seeds learned from and on others.
fn table(
    out: &mut impl Write,
    kinds: &[(&'static str, Draw)],
    score: Score<'_>,
    of: impl Fn(&[(f64, f64)]) -> f64,
) -> Result<Vec<plot::Row>, Failure> {
    let mut rows = Vec::new();
    write!(out, "{:>10}", "")?;
    for (kind, errors) in errors() {
        write!(out, " {:>13}", format!("{kind} {}/{}", errors.accuracy_m, errors.every_s))?;
    }
    writeln!(out, "  drawn: learned | others    radius in metres / seconds between fixes")?;
    for (name, draw) in kinds {
        write!(out, "{name:>10}")?;
        for (_, errors) in errors() {
            let heights = heights(*draw, Some(errors), TEST, WALKS, score);
            write!(out, " {:>13.3}", of(&heights))?;
            rows.push((*name, errors, heights));
        }
        let drawn = [TRAINING, TEST].map(|seed| heights(*draw, None, seed, WALKS, score));
        let [own, others] = drawn.map(|heights| of(&heights));
        writeln!(out, "           {own:.3} | {others:.3}")?;
    }
    Ok(rows)
}
