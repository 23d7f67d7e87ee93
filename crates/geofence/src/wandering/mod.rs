//! Wandering: ways that lead nowhere, in the kinds of Martino-Saltzman et al. (1991): pacing, lapping and random travel. Their
//! fourth kind, direct travel, is how people get lost; fences and hours catch that.
//!
//! - [`path`]: what is kept of the fixes: a place each twenty seconds.
//! - [`smooth`]: the likeliest way, given how sure each place is.
//! - [`measures`]: what is measured of the newest stretches of that way, with `beat` and `raw` of the places behind it.
//! - [`pattern`]: the odds that a stretch leads nowhere, by the trees in `table`, and the kind it shows.
//! - [`looks`]: what several looks come to.
//! - [`Wandering`]: one signal for each episode; what weighs more (late afternoon, night) and less (company).
//!
//! A finding is a suspicion for an operator to look at. To teach it another way of walking: a generator in `tests/common/walks`,
//! with what it is (leads nowhere, or ordinary), then `make train-wandering` and a look at what it does to all the others.

mod beat;
pub mod looks;
pub mod measures;
pub mod path;
pub mod pattern;
mod raw;
pub mod smooth;
mod table;

pub use table::LIMIT;

use crate::moment::Moment;
use crate::policy::Policy;
use looks::Looks;
use model::SignedDuration;
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
/// What else weighs, as a logarithm of odds: each hour that confusion is commonest in, company, and nothing known of dementia.
const NIGHT_WEIGHS: f64 = 0.5;
const SUNDOWN_WEIGHS: f64 = 0.25;
const COMPANY_WEIGHS: f64 = 1.2;
const NO_DEMENTIA_WEIGHS: f64 = 0.2;
/// An episode is over when nothing was found for so long.
const OVER_AFTER_S: f64 = 2_400.0;

/// By what table and from which limit on a way is told to lead nowhere: another of either is another version.
pub fn version(limit: f64) -> String {
    let fresh = table::TABLE.checksum(table::FRESH).rotate_left(16);
    format!("wandering-{:08x}", table::TABLE.checksum(limit) ^ fresh)
}

/// What is remembered of a resident's way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wandering {
    path: Path,
    /// When a pattern was last found; the episode's signal was raised at its first.
    found_at: Moment,
    left_at: Moment,
    looked_at: Moment,
    looks: Looks,
}

impl Default for Wandering {
    fn default() -> Self {
        let past = Moment::PAST;
        let looks = Looks::default();
        Self { path: Path::default(), found_at: past, left_at: past, looked_at: past, looks }
    }
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
    /// How plain a pattern must be for somebody with dementia, alone, by day; as a logarithm of odds.
    pub limit: f64,
}

impl Around {
    /// How plain a pattern must be, as a logarithm of odds.
    pub fn limit(self, at: Moment) -> f64 {
        let hour = match hour(at) {
            Hour::Night => NIGHT_WEIGHS,
            Hour::Sundown => SUNDOWN_WEIGHS,
            Hour::Day => 0.0,
        };
        let company = if self.has_company() { COMPANY_WEIGHS } else { 0.0 };
        let person = if self.policy.dementia { 0.0 } else { NO_DEMENTIA_WEIGHS };
        self.limit - hour + company + person
    }

    /// Whether somebody is with them, as far as is known.
    pub fn has_company(self) -> bool {
        self.companion || self.policy.companion
    }
}

/// How an hour of the day weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hour {
    /// Nobody of those watched has an errand then.
    Night,
    /// Confusion is commonest then.
    Sundown,
    /// All others.
    Day,
}

/// Which hour it is.
pub fn hour(at: Moment) -> Hour {
    let minute = at.local().minute;
    if is_night(minute) {
        Hour::Night
    } else if SUNDOWN.contains(&minute) {
        Hour::Sundown
    } else {
        Hour::Day
    }
}

/// Whether that minute of the day is night.
pub fn is_night(minute: u16) -> bool {
    !(NIGHT_TO..NIGHT_FROM).contains(&minute)
}

impl Wandering {
    /// Takes a place that was walked to; says what there is to tell.
    pub fn take(&mut self, walked: &Walked, around: Around) -> Option<Told> {
        if !self.path.take(walked) || walked.at.seconds_since(self.looked_at) < self.looks.due_s() {
            return None;
        }
        let (passed_s, limit) = (walked.at.seconds_since(self.looked_at), around.limit(walked.at));
        self.looked_at = walked.at;
        let likeliest = pattern::likeliest(&self.path);
        let odds = self.looks.take(likeliest.map(|(odds, _)| odds), passed_s);
        match likeliest.filter(|_| odds >= limit) {
            Some((_, stretch)) => self.tell(pattern::found(&self.path, &stretch, odds, limit), walked.at),
            None => self.night(walked.at, around),
        }
    }

    /// What is known of the way.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a little of it.
    pub fn touch(&self) -> usize {
        self.path.touch().wrapping_add(usize::from(self.looked_at > self.left_at))
    }

    /// How many bytes it points to.
    pub fn bytes(&self) -> usize {
        self.path.bytes()
    }

    /// Our clock was set back by so much.
    pub(crate) fn clock_went_back(&mut self, by: SignedDuration) {
        self.path.clock_went_back(by);
        for moment in [&mut self.found_at, &mut self.left_at, &mut self.looked_at] {
            moment.set_back(by);
        }
    }

    /// Somebody drives: the way on foot is over.
    pub fn drive(&mut self) {
        self.path.clear();
        self.looks = Looks::default();
    }

    fn tell(&mut self, found: Found, at: Moment) -> Option<Told> {
        let is_new = at.seconds_since(self.found_at) > OVER_AFTER_S;
        self.found_at = at;
        let rule = match found.kind {
            Kind::Pacing => "wandering/pacing",
            Kind::Lapping => "wandering/lapping",
            Kind::Random => "wandering/random",
            Kind::Leaving => "wandering/night",
            Kind::Unusual => "wandering/unusual",
        };
        is_new.then_some(Told { rule, since: found.since, found })
    }

    /// Out by night, whatever the way looks like; once a night.
    fn night(&mut self, at: Moment, around: Around) -> Option<Told> {
        let is_watched = around.policy.dementia && !around.companion && is_night(at.local().minute);
        let is_new = at.seconds_since(self.left_at) > 8.0 * 3_600.0;
        if !is_watched || !is_new {
            return None;
        }
        let found = pattern::leaving(&self.path, LEFT_M)?;
        self.left_at = at;
        Some(Told { rule: "wandering/night", since: found.since, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_written_before_looks_were_added_up_is_read() {
        let now = serde_json::to_value(Wandering::default()).unwrap();
        let mut before = now.clone();
        let members = before.as_object_mut().unwrap();
        members.remove("looks").unwrap();
        members.insert("hits".to_owned(), 1.into());
        assert_eq!(serde_json::from_value::<Wandering>(before).unwrap(), Wandering::default());
        assert_eq!(serde_json::from_value::<Wandering>(now).unwrap(), Wandering::default());
    }
}
