//! After a fall: whether the body moves again.

use super::Due;
use crate::moment::Moment;
use crate::signal::{Kind, finding};
use model::{Severity, SignedDuration};
use serde::{Deserialize, Serialize};

/// Whoever can get up by themselves has done so by then, and mostly somebody has answered.
const STILL_S: f64 = 300.0;
/// A rest that nobody could see for so long says nothing of the fall any more.
const FORGOTTEN_S: f64 = 24.0 * 3_600.0;

/// A fall after which nobody was seen to move yet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fallen {
    at: Moment,
    /// When it is looked at: a report may come late, and what shows that they moved may come after it.
    look_at: Moment,
}

impl Fallen {
    /// Somebody fell, and we hear of it now.
    pub fn new(at: Moment, now: Moment) -> Self {
        let at = at.min(now);
        Self { at, look_at: now.plus_s(STILL_S) }
    }

    /// Our clock was set back by so much: what was left until it is looked at is left.
    pub(super) fn clock_went_back(&mut self, by: SignedDuration) {
        for moment in [&mut self.at, &mut self.look_at] {
            moment.set_back(by);
        }
    }

    /// Whether it is over: they have moved since.
    pub fn is_over(&self, moved_at: Moment) -> bool {
        moved_at > self.at
    }

    /// Whether it is too long ago to be told.
    pub fn is_forgotten(&self, now: Moment) -> bool {
        now.seconds_since(self.at) > FORGOTTEN_S
    }

    /// Whether it is to be told: it has lasted, and a fix since then would have shown a movement.
    pub fn is_due(&self, seen_at: Moment, now: Moment) -> bool {
        now >= self.look_at && seen_at > self.at && !self.is_forgotten(now)
    }

    /// What is told.
    pub fn told(&self, now: Moment) -> Due {
        let findings = vec![finding("still_s", now.seconds_since(self.at), STILL_S)];
        let (kind, rule, severity) = (Kind::Inactivity, "body/still_after_fall", Severity::Urgent);
        Due { kind, rule, since: self.at, again: 0, severity, findings }
    }

    /// When it must be judged although nothing is heard.
    pub fn wakes_at(&self) -> Moment {
        self.look_at
    }
}
