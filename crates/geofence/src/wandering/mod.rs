//! Wandering: ways that lead nowhere, in the kinds of Martino-Saltzman et al. (1991): pacing, lapping and random travel. Their
//! fourth kind, direct travel, is how people get lost; fences and hours catch that.
//!
//! - [`path`]: fixes become steps: averaged over a while, and a step only where the way is longer than the error.
//! - [`pattern`]: measures of the newest stretches of the path, and the kind they show.
//! - [`Wandering`]: one signal for each episode; what weighs more (late afternoon, night) and less (company).
//!
//! A finding is a suspicion for an operator to look at. To add a kind: measures and a test in `pattern`, a row in the
//! table of the tests, and a look at what ordinary walks do to it.

pub mod path;
pub mod pattern;

use crate::moment::Moment;
use crate::policy::Policy;
use path::{Path, Walked};
use pattern::{Found, Kind};
use serde::{Deserialize, Serialize};

/// Hours in which confusion is commonest (sundowning), on a clock in Suqian.
const SUNDOWN: std::ops::Range<u16> = 16 * 60..21 * 60;
/// Night: nobody of those watched has an errand then.
const NIGHT_FROM: u16 = 22 * 60;
const NIGHT_TO: u16 = 5 * 60;
/// So far from where the way began counts as having left by night.
const LEFT_M: f64 = 150.0;
/// A pattern must last for so many steps: what errors make up is gone with the next.
const HITS: u8 = 2;
/// An episode is over when nothing was found for so long.
const OVER_AFTER_S: f64 = 2_400.0;

/// What is remembered of a resident's way.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Wandering {
    path: Path,
    /// When a pattern was last found; the episode's signal was raised at its first.
    found_at: Option<Moment>,
    left_at: Option<Moment>,
    /// Steps in a row at which a pattern was found, less those at which none was.
    hits: u8,
}

/// What there is to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The rule, as evidence names it.
    pub rule: &'static str,
    /// Since when.
    pub since: Moment,
    /// What was measured.
    pub found: Found,
}

/// What weighs besides the path.
#[derive(Debug, Clone, Copy)]
pub struct Around {
    /// Who it is.
    pub policy: Policy,
    /// Whether a companion is known to be near.
    pub companion: bool,
}

impl Around {
    /// How plain a pattern must be: 1 is as the measures say, more asks for more.
    fn asks(self, at: Moment) -> f64 {
        let minute = at.local().minute;
        let hour = if is_night(minute) {
            0.85
        } else if SUNDOWN.contains(&minute) {
            0.92
        } else {
            1.0
        };
        let company = if self.companion || self.policy.companion { 1.5 } else { 1.0 };
        let person = if self.policy.dementia { 1.0 } else { 1.1 };
        hour * company * person
    }
}

/// Whether that minute of the day is night.
pub fn is_night(minute: u16) -> bool {
    !(NIGHT_TO..NIGHT_FROM).contains(&minute)
}

impl Wandering {
    /// Takes a place that was walked to; says what there is to tell.
    pub fn take(&mut self, walked: &Walked, around: Around) -> Option<Told> {
        if !self.path.take(walked) {
            return None;
        }
        let asks = around.asks(walked.at);
        let Some(found) = pattern::find(&self.path, asks) else {
            self.hits = self.hits.saturating_sub(1);
            return self.night(walked.at, around);
        };
        self.hits = self.hits.saturating_add(1).min(HITS);
        if self.hits < HITS { None } else { self.tell(found, walked.at) }
    }

    /// Reads a little of it.
    pub fn touch(&self) -> usize {
        self.path.touch()
    }

    /// How many bytes it points to.
    pub fn bytes(&self) -> usize {
        self.path.bytes()
    }

    /// Somebody drives: the way on foot is over.
    pub fn drive(&mut self) {
        self.path.clear();
    }

    fn tell(&mut self, found: Found, at: Moment) -> Option<Told> {
        let is_new = self.found_at.is_none_or(|before| at.seconds_since(before) > OVER_AFTER_S);
        self.found_at = Some(at);
        let rule = match found.kind {
            Kind::Pacing => "wandering/pacing",
            Kind::Lapping => "wandering/lapping",
            Kind::Random => "wandering/random",
            Kind::Leaving => "wandering/night",
        };
        is_new.then_some(Told { rule, since: found.since, found })
    }

    /// Out by night, whatever the way looks like; once a night.
    fn night(&mut self, at: Moment, around: Around) -> Option<Told> {
        let is_watched = around.policy.dementia && !around.companion && is_night(at.local().minute);
        let is_new = self.left_at.is_none_or(|before| at.seconds_since(before) > 8.0 * 3_600.0);
        if !is_watched || !is_new {
            return None;
        }
        let found = pattern::leaving(&self.path, LEFT_M)?;
        self.left_at = Some(at);
        Some(Told { rule: "wandering/night", since: found.since, found })
    }
}
