//! Wandering: what is found of the ways that lead nowhere, and what ordinary ways set off, an hour walked.

use crate::Failure;
use crate::common::goals::Goals;
use crate::common::walks::{Draw, Errors, NOWHERE, ORDINARY, Way};
use crate::common::{Chance, time};
use crate::plot;
use geofence::plane::Plane;
use geofence::wandering::Around;
use geofence::wandering::looks::{EVERY_S, Looks};
use geofence::wandering::path::{Path, Walked};
use geofence::wandering::{measures::Measures, pattern};
use geofence::{Moment, Policy};
use std::io::Write;

/// Seeds: what is learned from, and what nothing was learned from.
pub(crate) const TRAINING: u64 = 1_000;
pub(crate) const TEST: u64 = 77_000_000;
const WALKS: u64 = 40;
/// Of ordinary ones more, since a goal of one signal in ten hours walked is a matter of many hours.
const ORDINARY_WALKS: u64 = 120;
const BEGIN_S: f64 = 9.0 * 3_600.0;
/// Late in the afternoon the engine asks for less, so more is found, and more is told in vain.
pub(crate) const LATE_S: f64 = 17.0 * 3_600.0;
/// The share of the ways that lead nowhere that is to be found, and signals in vain an hour walked.
const FOUND: f64 = 0.9;
const IN_VAIN: f64 = 0.1;

/// The errors the tables name: as plain as can be, as handsets have them, and told a third too small.
fn errors() -> Vec<(&'static str, Errors)> {
    let mut all = Vec::new();
    for accuracy_m in [10.0, 30.0] {
        let too_small = Errors { times: 1.5, ..Errors::fresh(accuracy_m, 10.0) };
        all.extend([
            ("fresh", Errors::fresh(accuracy_m, 10.0)),
            ("fresh", Errors::fresh(accuracy_m, 30.0)),
            ("fresh", Errors::fresh(accuracy_m, 60.0)),
            ("alike", Errors::alike(accuracy_m, 10.0)),
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

/// A walk, the errors of its fixes, and the looks at it.
pub(crate) struct Walk {
    pub(crate) way: Way,
    pub(crate) errors: Errors,
    pub(crate) looks: Vec<Look>,
}

/// A second of a walk, and the stretches that were judged then, with when each begins; none of them when somebody is driven.
pub(crate) struct Look {
    pub(crate) second: f64,
    pub(crate) is_driven: bool,
    pub(crate) stretches: Vec<(f64, Measures)>,
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
        let second = at.seconds_since(begin);
        if way.is_driven(second) {
            path.clear();
            looks.push(Look { second, is_driven: true, stretches: Vec::new() });
            continue;
        }
        let is_kept = path.take(&Walked {
            map: Plane::about(fix.position.lat(), fix.position.lon()),
            accuracy_m: fix.accuracy_m.max(8.0),
            at,
        });
        if is_kept && second - looked_s >= EVERY_S {
            looked_s = second;
            let since = |stretch: &pattern::Stretch| path.moment(stretch.begins).seconds_since(begin);
            let stretches = pattern::stretches(&path);
            let stretches = stretches.iter().map(|stretch| (since(stretch), stretch.measures)).collect();
            looks.push(Look { second, is_driven: false, stretches });
        }
    }
    Walk { way, errors, looks }
}

/// What a stretch says, and whether its errors are evidently fresh.
pub(crate) type Verdict = (f64, bool);

/// A walk as its looks are added up: when each was, with what was said then; nothing of one at which somebody was driven.
pub(crate) struct Judged {
    looks: Vec<(f64, Option<Vec<Verdict>>)>,
    hours: f64,
}

impl Judged {
    fn of(walk: &Walk, verdict: impl Fn(&Measures) -> Verdict) -> Self {
        let said = |look: &Look| look.stretches.iter().map(|(_, measures)| verdict(measures)).collect();
        let looks = walk.looks.iter().map(|look| (look.second, (!look.is_driven).then(|| said(look))));
        Self { looks: looks.collect(), hours: walk.way.hours() }
    }

    /// The odds of the looks at their highest, as the engine adds them up, if so much is added where errors are fresh.
    fn height(&self, fresh: f64) -> f64 {
        let (mut looks, mut before_s, mut highest) = (Looks::default(), f64::NEG_INFINITY, f64::NEG_INFINITY);
        for (second, said) in &self.looks {
            let Some(said) = said else {
                looks = Looks::default();
                continue;
            };
            if second - before_s < looks.due_s() {
                continue;
            }
            let odds = said.iter().map(|(odds, is_fresh)| odds + if *is_fresh { fresh } else { 0.0 });
            let odds = odds.max_by(f64::total_cmp);
            let sum = looks.take(odds, second - before_s);
            before_s = *second;
            // Nothing is told of a look at which nothing was judged.
            highest = if odds.is_some() { highest.max(sum) } else { highest };
        }
        highest
    }
}

/// Walks of a kind, as their looks are added up.
pub(crate) fn judged(
    draw: Draw,
    errors: Option<Errors>,
    seed: u64,
    walks: u64,
    verdict: &(impl Fn(&Measures) -> Verdict + Sync),
) -> Vec<Judged> {
    spread(&seeds(seed, walks), |seed| Judged::of(&walk(draw, errors, seed), verdict))
}

/// The highest odds at which each walk is told, and its hours.
pub(crate) fn heights(walks: &[Judged], fresh: f64) -> Vec<(f64, f64)> {
    walks.iter().map(|walk| (walk.height(fresh), walk.hours)).collect()
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

/// What the engine takes off the limit where a way begins at that second of the day, for somebody with dementia and alone. A way is
/// the same at any hour, so what is told of it then is what a limit lower by this makes of its height.
pub(crate) fn taken_off(begin_s: f64) -> f64 {
    let policy = Policy { dementia: true, ..Policy::default() };
    let limit = |at_s: f64| Around { policy, companion: false, limit: 0.0 }.limit(Moment::from(time(at_s)));
    limit(BEGIN_S) - limit(begin_s)
}

/// What the limit makes of heights.
pub(crate) fn told(heights: &[(f64, f64)], limit: f64) -> Told {
    let count = |walks: usize| f64::from(u32::try_from(walks).unwrap_or(u32::MAX));
    let found = count(heights.iter().filter(|(height, _)| *height >= limit).count());
    let hours: f64 = heights.iter().map(|(_, hours)| hours).sum();
    Told { share: found / count(heights.len().max(1)), an_hour: found / hours.max(1e-9) }
}

/// What is looked at of the walks of some kinds.
struct Looked {
    walks: u64,
    of: fn(Told) -> f64,
    goal: fn(&mut Goals, &str, f64),
}

const FINDS: Looked = Looked {
    walks: WALKS,
    of: |told| told.share,
    goal: |goals, what, share| goals.at_least(&format!("{what}, found"), share, FOUND),
};
const VAIN: Looked = Looked {
    walks: ORDINARY_WALKS,
    of: |told| told.an_hour,
    goal: |goals, what, an_hour| goals.at_most(&format!("{what}, in vain an hour"), an_hour, IN_VAIN),
};

/// Prints all tables, on seeds that nothing was learned from, and draws their curve.
pub(crate) fn tables(goals: &mut Goals, out: &mut impl Write, limit: f64) -> Result<(), Failure> {
    writeln!(out, "wandering, limit of the odds e^{limit}, by day; a way that begins at 17:00 below each")?;
    writeln!(out, "found of the ways that lead nowhere (goal {FOUND}), {WALKS} walks each")?;
    let nowhere = table(goals, out, &NOWHERE, limit, &FINDS)?;
    writeln!(out, "told in vain, an hour walked (goal {IN_VAIN}), {ORDINARY_WALKS} walks each")?;
    let ordinary = table(goals, out, &ORDINARY, limit, &VAIN)?;
    plot::wandering(&nowhere, &ordinary, limit)
}

/// Two rows for each kind, by day and late, a column for each kind of error; the last two draw the errors too, on seeds learned from
/// and on others.
fn table(
    goals: &mut Goals,
    out: &mut impl Write,
    kinds: &[(&'static str, Draw)],
    limit: f64,
    looked: &Looked,
) -> Result<Vec<plot::Row>, Failure> {
    let mut rows = Vec::new();
    let of_walks = |draw: Draw, errors: Option<Errors>, seed: u64| {
        heights(
            &judged(draw, errors, seed, looked.walks, &|measures| (pattern::log_odds(measures), false)),
            0.0,
        )
    };
    write!(out, "{:>10}", "")?;
    for (kind, errors) in errors() {
        write!(out, " {:>13}", format!("{kind} {}/{}", errors.accuracy_m, errors.every_s))?;
    }
    writeln!(out, "  drawn: learned | others    radius in metres / seconds between fixes")?;
    for (name, draw) in kinds {
        let of_errors: Vec<_> =
            errors().into_iter().map(|(_, errors)| (errors, of_walks(*draw, Some(errors), TEST))).collect();
        let drawn = [TRAINING, TEST].map(|seed| of_walks(*draw, None, seed));
        for (hour, begin_s) in [("", BEGIN_S), (" 17:00", LATE_S)] {
            let of = |heights: &[(f64, f64)]| (looked.of)(told(heights, limit - taken_off(begin_s)));
            write!(out, "{:>10}", if hour.is_empty() { *name } else { hour })?;
            for ((kind, errors), (_, heights)) in errors().into_iter().zip(&of_errors) {
                let figure = of(heights);
                write!(out, " {figure:>13.3}")?;
                let Errors { accuracy_m, every_s, .. } = errors;
                let what = format!("{name}{hour}, {kind} {accuracy_m} m every {every_s} s");
                (looked.goal)(goals, &what, figure);
            }
            let [own, others] = drawn.each_ref().map(|heights| of(heights));
            writeln!(out, "           {own:.3} | {others:.3}")?;
        }
        rows.extend(of_errors.into_iter().map(|(errors, heights)| (*name, errors, heights)));
    }
    Ok(rows)
}
