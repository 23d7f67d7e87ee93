//! One resident near one zone: evidence, dwell, one alarm for each visit.

use super::{REACH_M, Zone};
use crate::fence::tracker::{Look, Side, Tracker};
use crate::moment::Moment;
use crate::rules::Rules;
use crate::signal::Kind;
use model::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

/// Nobody stays so long in a river or on a road.
const LIVES_AFTER_S: f64 = 8.0 * 3_600.0;

/// A resident near a zone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Its number among the zones.
    pub zone: u32,
    /// The evidence.
    pub tracker: Tracker,
    /// Since when the resident is inside on foot, or has left; never, before they were inside.
    on_foot_since: Moment,
    raised_at: Moment,
    repeat_at: Moment,
    /// Until when somebody wants to hear nothing of it.
    #[serde(default = "past")]
    snoozed_until: Moment,
    /// When they said so.
    #[serde(default = "past")]
    snoozed_at: Moment,
    again: u16,
    #[serde(alias = "lives_here", deserialize_with = "lives")]
    lives: Lives,
}

/// Whether a zone is where its visitor lives; who does is left alone, however it is drawn. Where a handset is first heard is mostly a
/// home, and may be the river. Whoever a clear fix shows outside before they were ever inside does not live there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lives {
    /// They came here: not their home.
    Elsewhere,
    /// First heard here, and nothing says that this is home: told once. Whoever stays long enough lives here.
    Perhaps,
    /// First heard here within a safe fence of their own, or it was drawn over them: not told. Whoever leaves soon does not live here.
    Likely,
    /// Yes.
    Here,
}

/// Of what was kept before it could be said.
fn past() -> Moment {
    Moment::PAST
}

/// States from before the four kinds say yes or no: who was first heard there lived there.
fn lives<'de, D: Deserializer<'de>>(stored: D) -> Result<Lives, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Before(bool),
        Now(Lives),
    }
    Ok(match Stored::deserialize(stored)? {
        Stored::Before(true) => Lives::Here,
        Stored::Before(false) => Lives::Elsewhere,
        Stored::Now(lives) => lives,
    })
}

/// Something to tell about a visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// What.
    pub kind: Kind,
    /// The rule, as evidence names it.
    pub rule: &'static str,
    /// How often it was told before.
    pub again: u16,
}

impl Visit {
    /// Somebody comes near.
    pub fn begin(zone: u32, lives: Lives, at: Moment) -> Self {
        Self {
            zone,
            tracker: Tracker::outside(at),
            on_foot_since: Moment::NEVER,
            raised_at: Moment::NEVER,
            repeat_at: Moment::NEVER,
            snoozed_until: Moment::PAST,
            snoozed_at: Moment::PAST,
            again: 0,
            lives,
        }
    }

    /// When it was told first; none while it was not.
    pub fn raised_at(&self) -> Option<Timestamp> {
        self.raised_at.set()
    }

    /// It is not told again before then that they are still there, as was said at a moment.
    pub fn snooze(&mut self, at: Moment, until: Moment) {
        (self.snoozed_at, self.snoozed_until) = (at, until);
    }

    /// Our clock was set back by so much: what was left until something is due is left.
    pub(crate) fn clock_went_back(&mut self, by: SignedDuration) {
        self.tracker.clock_went_back(by);
        let Self { on_foot_since, raised_at, repeat_at, snoozed_until, snoozed_at, .. } = self;
        for moment in [on_foot_since, raised_at, repeat_at, snoozed_until, snoozed_at] {
            moment.set_back(by);
        }
    }

    /// Whether it says nothing that the next fix would not say again, so that another zone may take its place.
    pub fn is_idle(&self) -> bool {
        self.lives != Lives::Here
            && self.tracker.side == Side::Outside
            && self.tracker.score <= 0.0
            && self.snoozed_until == Moment::PAST
    }

    /// Whether there is nothing left to remember.
    pub fn is_over(&self, distance_m: f64) -> bool {
        self.is_idle() && distance_m >= REACH_M
    }

    /// Takes a fix taken on foot, or far away on a ride; says what ended with it. `timed` is the clock, where the fix's time can be held
    /// against it: a snooze that was said after they had left is of the next time they are there, as far as that was before it too.
    pub fn take(&mut self, look: &Look, timed: Option<Moment>, rules: &Rules) -> Option<Told> {
        let supported_at = self.tracker.supported_at;
        if !self.tracker.take(look, rules) {
            let is_clear = supported_at < self.tracker.supported_at;
            let is_out = is_clear && self.tracker.side == Side::Outside && !self.was_inside();
            if is_out && self.lives != Lives::Here {
                self.lives = Lives::Elsewhere;
            }
            return None;
        }
        self.on_foot_since = self.tracker.since;
        let is_left =
            timed.is_some_and(|now| self.tracker.since <= self.snoozed_at && now < self.snoozed_until);
        if !is_left {
            (self.snoozed_until, self.snoozed_at) = (Moment::PAST, Moment::PAST);
        }
        let was_raised = self.raised_at != Moment::NEVER;
        if self.tracker.side == Side::Outside {
            if self.lives != Lives::Here {
                self.lives = Lives::Elsewhere;
            }
            (self.raised_at, self.repeat_at, self.again) = (Moment::NEVER, Moment::NEVER, 0);
            return was_raised.then_some(Told { kind: Kind::FenceReturn, rule: "zone/left", again: 0 });
        }
        None
    }

    /// Somebody drives through: the time on foot begins after that.
    pub fn drive(&mut self, at: Moment) {
        if self.tracker.side == Side::Inside {
            self.on_foot_since = at;
        }
    }

    /// Whether they are inside, or were: the time on foot is noted from the first time on.
    fn was_inside(&self) -> bool {
        self.on_foot_since != Moment::NEVER
    }

    /// What is due; `rode_at` is when they were last seen to ride.
    pub fn judge(&mut self, zone: &Zone, rode_at: Moment, now: Moment, rules: &Rules) -> Option<Told> {
        if self.tracker.side == Side::Inside && self.lives != Lives::Elsewhere && self.has_stayed(now) {
            self.lives = Lives::Here;
        }
        if self.tracker.side != Side::Inside || self.is_home() {
            if self.tracker.side == Side::Outside {
                // One that was left for another time that did not come.
                (self.snoozed_until, self.snoozed_at) = (Moment::PAST, Moment::PAST);
            }
            return None;
        }
        // Who was just seen outside has mostly walked across.
        if now < self.tracker.waits_until() {
            return None;
        }
        if self.raised_at == Moment::NEVER {
            if now < self.dwelt_at(zone, rode_at, rules) {
                return None;
            }
            if now < self.snoozed_until {
                (self.raised_at, self.repeat_at) = (self.snoozed_at, now.plus_s(rules.repeat_s));
                return None;
            }
            self.raised_at = now;
            let is_first = self.lives == Lives::Perhaps;
            self.repeat_at = if is_first { Moment::NEVER } else { now.plus_s(rules.repeat_s) };
            let rule = if is_first { "zone/first_heard" } else { "zone/entry" };
            return Some(Told { kind: Kind::ZoneEntry, rule, again: 0 });
        }
        if now < self.repeats_at() {
            return None;
        }
        self.again = self.again.saturating_add(1);
        self.repeat_at = now.plus_s(rules.repeat_s);
        Some(Told { kind: Kind::ZoneEntry, rule: "zone/still_inside", again: self.again })
    }

    fn repeats_at(&self) -> Moment {
        self.repeat_at.max(self.snoozed_until)
    }

    /// Nothing is told of whoever is at home.
    fn is_home(&self) -> bool {
        matches!(self.lives, Lives::Likely | Lives::Here)
    }

    fn has_stayed(&self, now: Moment) -> bool {
        now.seconds_since(self.tracker.since) >= LIVES_AFTER_S
    }

    /// A dwell after they came in on foot, and longer after a ride: whoever sits in a bus that is held up is not on foot.
    fn dwelt_at(&self, zone: &Zone, rode_at: Moment, rules: &Rules) -> Moment {
        let on_foot = self.on_foot_since.plus_s(zone.dwell_s.unwrap_or(rules.zone_dwell_s));
        on_foot.max(rode_at.plus_s(rules.ride_dwell_s))
    }

    /// When it must be looked at although no fix comes; after `now`.
    pub fn wakes_at(&self, zone: &Zone, rode_at: Moment, now: Moment, rules: &Rules) -> Moment {
        if self.tracker.side != Side::Inside || self.is_home() {
            return Moment::NEVER;
        }
        let is_raised = self.raised_at != Moment::NEVER;
        let next = if is_raised { self.repeats_at() } else { self.dwelt_at(zone, rode_at, rules) };
        let next = next.max(self.tracker.waits_until());
        if next > now { next } else { Moment::NEVER }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zone::ZoneEntry;
    use model::Method;
    use serde_json::json;

    /// Across a road on foot: within it for two fixes, and clearly out before its dwell is over.
    #[test]
    fn an_entry_waits_for_the_second_fix_outside_and_no_longer_than_minutes() {
        let entry: ZoneEntry = serde_json::from_value(json!({"id": "road", "shape":
            {"type": "Circle", "center": [118.27, 33.96], "radius_m": 35}}))
        .unwrap();
        let (zone, rules) = (Zone::try_from(&entry).unwrap(), Rules::default());
        let at = |second: f64| Moment::from_ms(0).plus_s(second);
        let crossing = |distances_m: &[f64]| {
            let mut visit = Visit::begin(0, Lives::Elsewhere, at(-30.0));
            let mut second = 0.0;
            for distance_m in distances_m {
                let (rest_m, sigma_m, news, seen) = (None, 5.3, 1.0, None);
                let (distance_m, method) = (*distance_m, Method::Gps);
                visit.take(
                    &Look { distance_m, rest_m, sigma_m, method, news, seen, at: at(second) },
                    None,
                    &rules,
                );
                second += 30.0;
            }
            visit
        };
        let mut out = crossing(&[-33.0, -33.0, 60.0]);
        assert_eq!(out.judge(&zone, Moment::PAST, at(90.0), &rules), None);
        assert_eq!(out.wakes_at(&zone, Moment::PAST, at(90.0), &rules), at(360.0));
        assert_eq!(
            out.judge(&zone, Moment::PAST, at(360.0), &rules).map(|told| told.rule),
            Some("zone/entry")
        );
        let mut left = crossing(&[-33.0, -33.0, 60.0, 60.0]);
        assert_eq!(left.judge(&zone, Moment::PAST, at(90.0), &rules), None);
        let mut stays = crossing(&[-33.0, -33.0, -33.0]);
        assert_eq!(
            stays.judge(&zone, Moment::PAST, at(90.0), &rules).map(|told| told.rule),
            Some("zone/entry")
        );
    }

    #[test]
    fn a_visit_that_was_kept_before_is_still_read() {
        for (lives, before) in [(Lives::Here, true), (Lives::Elsewhere, false)] {
            let visit = Visit::begin(3, lives, Moment::NEVER);
            let mut kept = serde_json::to_value(visit).unwrap();
            assert_eq!(serde_json::from_value::<Visit>(kept.clone()).unwrap(), visit);
            let fields = kept.as_object_mut().unwrap();
            fields.remove("lives");
            fields.remove("snoozed_until");
            fields.insert("lives_here".to_owned(), before.into());
            assert_eq!(serde_json::from_value::<Visit>(kept).unwrap(), visit);
        }
    }
}
