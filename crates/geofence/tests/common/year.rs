//! Days of a resident with outings: mixed methods, errors that are alike in time, some handsets that lie.

use super::{Chance, Handset, Watched, at_home};
use geofence::{Kind, Rules};
use model::Method;

/// What came of it.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Score {
    pub(crate) days: u32,
    pub(crate) exits: u32,
    pub(crate) found: u32,
    /// The same of all with [`BRIEF_FIXES`] outside or more, also of those that are too short to count.
    pub(crate) exits_brief_too: u32,
    pub(crate) found_brief_too: u32,
    pub(crate) false_exits: u32,
}

/// After how many fixes outside an exit was found.
#[derive(Debug, Default)]
pub(crate) struct Delays {
    /// Of those that count.
    pub(crate) counted: Vec<u32>,
    /// Of all with [`BRIEF_FIXES`] outside or more.
    pub(crate) brief_too: Vec<u32>,
}

/// With fewer fixes outside nobody can be expected to be found out.
const COUNTED_FIXES: u32 = 5;
/// One fix outside may be an error as well as an exit.
const BRIEF_FIXES: u32 = 2;

/// Follows one resident for so many days; the delays of the exits that were found, in fixes, are added.
pub(crate) fn follow(
    chance: &mut Chance,
    days: u32,
    every_s: f64,
    rules: &Rules,
    delays: &mut Delays,
) -> Score {
    let radius_m = chance.between(150.0, 400.0);
    let off_m = chance.between(0.0, radius_m - 40.0);
    let lies = if chance.happens(0.1) { 0.3 } else { 0.0 };
    let mut handset = Handset::new(lies);
    let mut watched = Watched::new(at_home(radius_m, off_m));
    watched.world.rules = rules.clone();
    let mut score = Score { days, ..Score::default() };
    for day in 0..days {
        let begin = f64::from(day) * 86_400.0;
        let leaves = begin + chance.between(7.0, 17.0) * 3_600.0;
        let (out_s, goes_out) = (chance.between(1_200.0, 7_200.0), chance.happens(0.7));
        let angle = chance.between(0.0, std::f64::consts::TAU);
        let far_m = chance.between(100.0, 900.0);
        let (mut outside_fixes, mut found_at) = (0, None);
        let mut second = begin;
        while second < begin + 86_400.0 {
            let gone_s = (second - leaves).max(0.0).min((leaves + out_s - second).max(0.0));
            let away_m = if goes_out { (gone_s * 0.9).min(radius_m + off_m + far_m) } else { 0.0 };
            let truth = (away_m * angle.cos(), away_m * angle.sin());
            let is_out = (truth.0 - off_m).hypot(truth.1) > radius_m;
            let draw = chance.share();
            let method = if away_m > 20.0 {
                if draw < 0.85 {
                    Method::Gps
                } else if draw < 0.92 {
                    Method::Wifi
                } else if draw < 0.96 {
                    Method::Aflt
                } else {
                    Method::Cell
                }
            } else if draw < 0.35 {
                Method::Gps
            } else if draw < 0.9 {
                Method::Wifi
            } else if draw < 0.95 {
                Method::Aflt
            } else {
                Method::Cell
            };
            let fix = handset.fix(truth, method, second, chance);
            let before = watched.told.len();
            watched.take(&fix);
            outside_fixes += u32::from(is_out);
            let raised = watched.told[before..]
                .iter()
                .any(|signal| signal.kind == Kind::FenceExit && signal.evidence.again == Some(0));
            if raised && outside_fixes > 0 && found_at.is_none() {
                found_at = Some(outside_fixes);
            } else if raised {
                score.false_exits += 1;
            }
            second += every_s * chance.between(0.9, 1.1);
        }
        watched.told.clear();
        if outside_fixes >= COUNTED_FIXES {
            score.exits += 1;
            score.found += u32::from(found_at.is_some());
            delays.counted.extend(found_at);
        }
        if outside_fixes >= BRIEF_FIXES {
            score.exits_brief_too += 1;
            score.found_brief_too += u32::from(found_at.is_some());
            delays.brief_too.extend(found_at);
        }
    }
    score
}

/// Many residents: the score of all, the delays of the exits that were found, in fixes and sorted.
pub(crate) fn follow_all(seed: u64, residents: u32, every_s: f64, rules: &Rules) -> (Score, Vec<u32>) {
    let (mut chance, mut all, mut delays) = (Chance(seed), Score::default(), Delays::default());
    for _ in 0..residents {
        let score = follow(&mut chance, 60, every_s, rules, &mut delays);
        all.add(&score);
    }
    delays.counted.sort_unstable();
    (all, delays.counted)
}

impl Score {
    /// Somebody else's besides.
    pub(crate) fn add(&mut self, other: &Self) {
        self.days += other.days;
        self.exits += other.exits;
        self.found += other.found;
        self.exits_brief_too += other.exits_brief_too;
        self.found_brief_too += other.found_brief_too;
        self.false_exits += other.false_exits;
    }

    /// False exits a year.
    pub(crate) fn false_a_year(&self) -> f64 {
        f64::from(self.false_exits) * 365.0 / f64::from(self.days)
    }

    /// The share of true exits that were found.
    pub(crate) fn found_share(&self) -> f64 {
        f64::from(self.found) / f64::from(self.exits.max(1))
    }
}
