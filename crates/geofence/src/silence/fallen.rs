//! After a fall: whether the body moves again.
//!
//! Where they fell is what counts, and not where they rest: whoever falls on the way has just left every resting place. It is known
//! from the last fix before the fall, as well as somebody on foot lets it, and from the first one after it that fits.

use super::{Around, Due, Link, Watch};
use crate::moment::Moment;
use crate::plane::Plane;
use crate::signal::{Kind, finding};
use model::{Severity, SignedDuration};
use serde::{Deserialize, Serialize};

/// Whoever can get up by themselves has done so by then, and mostly somebody has answered.
const STILL_S: f64 = 300.0;
/// A rest that nobody could see for so long says nothing of the fall any more.
const FORGOTTEN_S: f64 = 24.0 * 3_600.0;
/// Somebody on foot, in haste.
const WALK_MPS: f64 = 1.5;
/// A place that was left so long before the fall says nothing of where it was.
const BEFORE_S: f64 = 300.0;
/// A fix beyond so many standard deviations of both is not of the same place.
const COMPATIBLE: f64 = 3.0;
/// So many independent fixes elsewhere in a row, and they have moved: one may be wrong.
const MISSES: f32 = 1.2;

/// A fix, as far as it says where somebody lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// In degrees.
    pub lat: f64,
    /// See `lat`.
    pub lon: f64,
    /// Its standard deviation on one axis.
    pub sigma_m: f64,
    /// The share of it that does not repeat the fix before it.
    pub news: f64,
    /// When.
    pub at: Moment,
}

/// Where somebody fell, as well as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Spot {
    lat: f64,
    lon: f64,
    sigma_m: f64,
    /// How far they may have walked from there before they fell.
    walked_m: f64,
}

impl Spot {
    fn is_left(&self, sight: &Sight) -> bool {
        let apart_m = Plane::about(sight.lat, sight.lon).away_m(self.lat, self.lon);
        let variance = sight.sigma_m * sight.sigma_m + self.sigma_m * self.sigma_m;
        apart_m > self.walked_m + COMPATIBLE * variance.sqrt()
    }
}

/// A fall after which nobody was seen to move yet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fallen {
    at: Moment,
    /// When it is looked at: a report may come late, and what shows that they moved may come after it.
    look_at: Moment,
    /// The newest fall that was reported since: what is seen after it is seen of somebody who lies.
    #[serde(default = "past")]
    again_at: Moment,
    #[serde(default)]
    spot: Option<Spot>,
    /// Fixes elsewhere in a row, as far as they are independent.
    #[serde(default)]
    misses: f32,
}

/// Of what was kept before it was noted.
fn past() -> Moment {
    Moment::PAST
}

impl Fallen {
    /// Somebody fell, and we hear of it now.
    pub fn new(at: Moment, now: Moment) -> Self {
        let at = at.min(now);
        Self { at, look_at: now.plus_s(STILL_S), again_at: at, spot: None, misses: 0.0 }
    }

    /// Somebody who was reported before, and was not seen to have moved since, lies there since then: who reports again and again
    /// from the floor is looked at no later for it.
    fn after(self, before: Option<&Self>, now: Moment) -> Self {
        let lies = before.filter(|before| before.misses <= 0.0 && !before.is_forgotten(now));
        lies.map_or(self, |before| Self {
            at: before.at.min(self.at),
            look_at: before.look_at.min(self.look_at),
            ..self
        })
    }

    /// Our clock was set back by so much: what was left until it is looked at is left.
    pub(super) fn clock_went_back(&mut self, by: SignedDuration) {
        for moment in [&mut self.at, &mut self.look_at, &mut self.again_at] {
            moment.set_back(by);
        }
    }

    /// Takes a fix; says whether they have moved by now.
    pub fn see(&mut self, sight: &Sight) -> bool {
        let before_s = self.again_at.seconds_since(sight.at);
        if before_s > 0.0 {
            self.spot = (before_s <= BEFORE_S).then(|| Spot::of(sight, WALK_MPS * before_s));
            return false;
        }
        if self.spot.is_some_and(|spot| spot.is_left(sight)) {
            self.misses += crate::number::single(sight.news);
            return self.misses >= MISSES;
        }
        self.misses = 0.0;
        // The first that is of the fall says better where it was; those after it must not carry the place along with who creeps away.
        if self.spot.is_none_or(|spot| spot.walked_m > 0.0) {
            self.spot = Some(Spot::of(sight, 0.0));
        }
        false
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

impl Spot {
    fn of(sight: &Sight, walked_m: f64) -> Self {
        Self { lat: sight.lat, lon: sight.lon, sigma_m: sight.sigma_m, walked_m }
    }
}

impl Watch {
    /// Notes a fall: from then on silence is as grave as after a press, and so is a rest. `seen` are the newest fixes, from the oldest
    /// on. Of a report so late that none of them is from before the fall, any movement since says that they got up.
    pub fn fall(&mut self, at: Moment, now: Moment, seen: impl Iterator<Item = Sight>) {
        self.press(now);
        let mut fallen = Fallen::new(at, now).after(self.fallen.as_deref(), now);
        let (mut reaches_back, mut has_moved) = (false, false);
        for sight in seen {
            reaches_back |= sight.at <= fallen.again_at;
            has_moved |= fallen.see(&sight);
        }
        let moved_at = self.stillness.moved_at().filter(|_| !reaches_back);
        has_moved |= moved_at.is_some_and(|moved_at| moved_at > fallen.again_at);
        if !has_moved {
            self.fallen = Some(Box::new(fallen));
        }
    }

    /// Notes where a fix shows somebody who may lie.
    pub fn see(&mut self, sight: &Sight) {
        self.fallen.take_if(|fallen| fallen.see(sight));
    }

    /// Whether a fall is looked after, so that it matters where they are seen.
    pub fn has_fallen(&self) -> bool {
        self.fallen.is_some()
    }

    /// Of a handset that is on nobody, or silent, nobody can say that its wearer does not move.
    pub(super) fn still_after_fall(&mut self, around: Around<'_>, now: Moment) -> Option<Due> {
        let fallen = self.fallen.as_deref().copied()?;
        let can_tell = self.is_carried() && self.link(around.rules, around.heartbeat_s, now) != Link::Offline;
        let is_due = can_tell && fallen.is_due(around.seen_at, now);
        if is_due || fallen.is_forgotten(now) {
            self.fallen = None;
        }
        is_due.then(|| fallen.told(now))
    }
}
