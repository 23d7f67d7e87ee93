//! On which side of one edge the resident is: evidence, gathered until it is enough.
//!
//! The method is Page's CUSUM (Biometrika 41, 1954) of log-likelihood ratios, which is Wald's sequential test (1945) begun
//! anew whenever its lower bound is met. While a side is believed, evidence for the other side adds up and evidence for this
//! one takes away, never below zero: how long somebody has been at home does not slow down the news that they left. At the
//! threshold the side changes and the sum begins at zero for the way back, which is the hysteresis. A fix that says
//! nothing moves nothing, and no timer either.
//!
//! **Errors are alike in time.** The second of two fixes ten seconds apart repeats most of the error of the first. With a
//! correlation `r = exp(-gap / alike)` only its share of news, `1 - r`, counts; what it says *beyond* the one before counts
//! whole, for an error that stays alike does not grow.
//!
//! **No single fix decides**, however clear: [`Rules::fix_at_most`] is below the threshold. Cell fixes fill the sum by less than
//! what is left between the two, a seventh of the threshold, so they can support what others say: neither they nor one other fix after
//! them says it alone.

use super::{belief, rest::Seen};
use crate::moment::Moment;
use crate::number;
use crate::rules::Rules;
use model::{Method, SignedDuration};
use serde::{Deserialize, Serialize};

/// Cells fill the sum up to this share of what the clearest fix leaves to the threshold: not so far that one other fix would decide.
const CELLS_AT_MOST: f64 = 0.95;

/// So many standard deviations from the edge, every fix gives the most it can: 7 are 6.9 in logarithms.
pub const SURE_SIGMAS: f64 = 7.0;

/// Evidence beyond this supports a side clearly.
const CLEAR: f64 = 1.0;

/// A fix that speaks clearly for the other side is mostly the first of two, and the second follows within the usual interval: what is
/// due meanwhile of the side that is believed waits for it, so long and no longer.
const WAITS_S: f64 = 300.0;

const MINUTE_MS: i64 = 60_000;

/// A side of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Nothing is known yet.
    Unknown,
    /// Inside.
    Inside,
    /// Outside.
    Outside,
}

/// The evidence about one edge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tracker {
    /// The side that is believed.
    pub side: Side,
    /// Evidence for the other side; while unknown, for outside, with its sign.
    pub score: f32,
    /// What the last fix said for the other side; zero if it said nothing for it.
    last: f32,
    /// Since when this side: the first fix of the evidence that changed it.
    pub since: Moment,
    /// The first fix of the evidence that now stands for the other side.
    leaning_since: Moment,
    /// The last fix that supported the side clearly.
    pub supported_at: Moment,
    /// The minute since 1970 of the last fix that was not clear and after which nothing spoke against the side; 0, if none was. In minutes
    /// it takes no room: what is left over beside the sums holds it.
    #[serde(default)]
    unopposed_min: u32,
}

/// One fix, seen from one edge.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Signed distance to the edge.
    pub distance_m: f64,
    /// The same of the resting place, if one is known; where the fix and that place are surely on one side and far from the
    /// edge, any number of that side.
    pub rest_m: Option<f64>,
    /// Standard deviation of the fix on one axis.
    pub sigma_m: f64,
    /// How it was found.
    pub method: Method,
    /// The share of it that does not repeat the last one.
    pub news: f64,
    /// What it is to the resting place; none of a fix that only informs.
    pub seen: Option<Seen>,
    /// When.
    pub at: Moment,
}

/// The most evidence a fix of this method can give.
pub(crate) fn at_most(method: Method, rules: &Rules) -> f64 {
    match method {
        Method::Gps => rules.fix_at_most,
        Method::Wifi => rules.fix_at_most * 0.8,
        Method::Aflt => rules.fix_at_most * 0.45,
        Method::Cell => rules.fix_at_most * 0.15,
    }
}

impl Look {
    /// Whether the fix is so far from the edge that it gives the most it can, if the resting place is on the same side.
    pub fn is_far(&self) -> bool {
        self.distance_m.abs() >= SURE_SIGMAS * self.sigma_m
    }

    /// The log-likelihood ratio of outside against inside that this fix gives.
    fn outside_evidence(&self, rules: &Rules) -> f64 {
        let at_most = at_most(self.method, rules);
        let rests_there = self.rest_m.is_none_or(|rest_m| rest_m * self.distance_m > 0.0);
        if rests_there && self.is_far() {
            return at_most.copysign(self.distance_m);
        }
        let here = belief::outside(self.distance_m, self.sigma_m);
        let (stayed, rest) = self
            .seen
            .zip(self.rest_m)
            .map_or((0.0, 0.5), |(seen, rest_m)| (seen.stayed(), belief::outside(rest_m, seen.rest_sigma_m)));
        let (out, within) = (stayed * rest + here, stayed * (1.0 - rest) + (1.0 - here));
        let ratio = (out.max(1e-9) / within.max(1e-9)).ln();
        ratio.min(at_most).max(-at_most)
    }
}

impl Default for Tracker {
    fn default() -> Self {
        Self {
            side: Side::Unknown,
            score: 0.0,
            last: 0.0,
            since: Moment::NEVER,
            leaning_since: Moment::NEVER,
            supported_at: Moment::PAST,
            unopposed_min: 0,
        }
    }
}

impl Tracker {
    /// Of somebody who comes near: outside, until it is shown otherwise.
    pub fn outside(at: Moment) -> Self {
        Self { side: Side::Outside, since: at, supported_at: at, ..Self::default() }
    }

    /// Whether nothing speaks against the side that is believed, nor did the last fix: one that speaks clearly for it then
    /// changes nothing but `supported_at`.
    pub fn is_settled(&self) -> bool {
        self.side != Side::Unknown && self.score <= 0.0 && self.last <= 0.0
    }

    /// When they were last seen not to be on the other side: by a fix that said so clearly, or by one that cannot, as cells cannot indoors,
    /// while nothing spoke against it.
    pub fn not_seen_across(&self) -> Moment {
        if self.unopposed_min == 0 {
            return self.supported_at;
        }
        self.supported_at.max(Moment::from_ms(i64::from(self.unopposed_min).saturating_mul(MINUTE_MS)))
    }

    /// Whether a fix of this method, far from the edge, says clearly on which side it is.
    pub fn is_clear(method: Method, rules: &Rules) -> bool {
        belief::decides(method) && at_most(method, rules) > CLEAR
    }

    /// Takes a fix; says whether the side changed with it.
    pub fn take(&mut self, look: &Look, rules: &Rules) -> bool {
        let outside = look.outside_evidence(rules);
        match self.side {
            Side::Unknown => self.begin(outside, look, rules),
            Side::Inside => self.gather(outside, look, rules),
            Side::Outside => self.gather(-outside, look, rules),
        }
    }

    /// Before anything is known: one clear fix is enough for inside, outside takes as much as an exit does.
    fn begin(&mut self, outside: f64, look: &Look, rules: &Rules) -> bool {
        if !belief::decides(look.method) {
            return false;
        }
        let score = f64::from(self.score) + outside * look.news.max(0.1);
        if (score > 0.0) != (self.score > 0.0) || self.leaning_since == Moment::NEVER {
            self.leaning_since = look.at;
        }
        self.score = number::single(score);
        if score >= rules.threshold {
            self.turn_to(Side::Outside, look.at)
        } else if score <= -rules.threshold / 2.0 {
            self.turn_to(Side::Inside, look.at)
        } else {
            false
        }
    }

    /// Evidence for the other side, with its sign.
    fn gather(&mut self, evidence: f64, look: &Look, rules: &Rules) -> bool {
        let (before, last) = (f64::from(self.score), f64::from(self.last));
        let beyond = (evidence - last).max(0.0) * (1.0 - look.news);
        let mut score = (before + evidence * look.news + beyond).max(0.0);
        let decides = belief::decides(look.method);
        if !decides {
            let room = (rules.threshold - rules.fix_at_most).max(0.0);
            score = score.min((room * CELLS_AT_MOST).max(before));
        } else if evidence < -CLEAR {
            self.supported_at = look.at;
        }
        if score > 0.0 && before <= 0.0 {
            self.leaning_since = look.at;
        }
        if decides {
            self.last = number::single(evidence.max(0.0));
        }
        self.score = number::single(score);
        if score <= 0.0 && self.supported_at != look.at {
            self.unopposed_min = u32::try_from(look.at.ms().div_euclid(MINUTE_MS)).unwrap_or(0);
        }
        if decides && score >= rules.threshold {
            let other = if self.side == Side::Inside { Side::Outside } else { Side::Inside };
            return self.turn_to(other, look.at);
        }
        false
    }

    /// Until when what is due of this side waits, since the last fix that can decide spoke clearly for the other; past, if it did not.
    pub(crate) fn waits_until(&self) -> Moment {
        let is_doubted = f64::from(self.last) > CLEAR && self.leaning_since != Moment::NEVER;
        if is_doubted { self.leaning_since.plus_s(WAITS_S) } else { Moment::PAST }
    }

    /// Our clock was set back by so much.
    pub(crate) fn clock_went_back(&mut self, by: SignedDuration) {
        for moment in [&mut self.since, &mut self.leaning_since, &mut self.supported_at] {
            moment.set_back(by);
        }
        let minutes = u32::try_from(by.as_millis().div_euclid(i128::from(MINUTE_MS))).unwrap_or(0);
        self.unopposed_min = self.unopposed_min.saturating_sub(minutes);
    }

    fn turn_to(&mut self, side: Side, at: Moment) -> bool {
        let since = if self.leaning_since == Moment::NEVER { at } else { self.leaning_since };
        *self = Self { side, since, supported_at: at, ..Self::default() };
        true
    }
}
