//! What a believed side means: one alarm for each episode, its repeats, its steps, its end.
//!
//! ```text
//!             wrong side, armed, dwelt                     right side believed
//!   quiet ───────────────────────────────► raised ───────────────────────────────► quiet
//!     ▲      exit, entry or overdue         │  ▲         fence_return, raised: false
//!     └── right side: nothing is said       └──┘ every 30 min and at each step: again 1, 2, …
//! ```
//! An alarm is not the crossing but the state *on the wrong side while armed*, looked at when a message has been taken whole
//! and when a deadline passes. So a batch raises once, by its newest fix, and whoever is out when the hours begin is overdue.
//! An hour by which somebody should be home holds whatever the hours of the fence: they may be out by day, and not into the night.
//! Who is first seen to be out after it has missed it if nobody saw them at home since: of an hour of that day, not of the evening before.
//! An exception by date that takes its hours out takes out that hour too, and the repeats of one that was missed before.
//!
//! While the newest fix that can decide is clearly on the right side already, what is due waits some minutes for the next one, which mostly
//! ends it; only an exit that is due with the very fixes that show it never waits.
//!
//! A snooze is of what held when it was said. Who turns out to have come back before that, and to have left again before that too,
//! was out when somebody said that they want to hear nothing of it: that leaving is taken as told.

use super::tracker::Tracker;
use super::{Fence, FenceKind};
use crate::moment::Moment;
use crate::rules::Rules;
use crate::signal::Kind;
use model::SignedDuration;
use serde::{Deserialize, Serialize};

/// A day ends with its night, at this minute of the next. Who was not heard all night may have been at home, and may go out in the
/// morning.
const DAY_FROM: u16 = 5 * 60;

/// What was said about one edge and is not over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// When it was raised; never, while nothing is.
    pub raised_at: Moment,
    /// When it is told again.
    repeat_at: Moment,
    /// Until when somebody wants to hear nothing of it.
    snoozed_until: Moment,
    /// When they said so.
    #[serde(default = "past")]
    snoozed_at: Moment,
    /// When the hours of the fence ask for a look; kept while on the wrong side.
    hours_at: Moment,
    /// How often it was told after the first time.
    pub again: u16,
    /// The least distance beyond the edge that the newest fix shows, if it is one that can.
    pub beyond_m: Option<f32>,
    /// How many steps of distance were told.
    step: u8,
    /// Whether it was told that an hour by which they should be home has passed: from then on it is repeated in all hours.
    #[serde(default)]
    missed: bool,
    /// Whether the first that was known of them is that they are on the wrong side.
    #[serde(default)]
    unseen: bool,
    /// The last fix that showed them on the right side, or that was not clear while nothing spoke against it; past, if none did.
    #[serde(default = "past")]
    right_at: Moment,
}

impl Default for Episode {
    fn default() -> Self {
        Self {
            raised_at: Moment::NEVER,
            repeat_at: Moment::NEVER,
            snoozed_until: Moment::PAST,
            snoozed_at: Moment::PAST,
            hours_at: Moment::NEVER,
            again: 0,
            beyond_m: None,
            step: 0,
            missed: false,
            unseen: false,
            right_at: Moment::PAST,
        }
    }
}

/// Of what was kept before it could be said.
fn past() -> Moment {
    Moment::PAST
}

/// Something to tell about a fence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// What.
    pub kind: Kind,
    /// The rule, as evidence names it.
    pub rule: &'static str,
    /// How often it was told before.
    pub again: u16,
    /// The step that was passed.
    pub step_m: Option<f64>,
    /// Of an overdue: the hour that was missed, or at which the hours began.
    pub hour: Option<Moment>,
    /// Whether nobody ever saw them on the right side before.
    pub is_unseen: bool,
}

/// When a fence is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The time the newest fix holds for, or the deadline's.
    pub at: Moment,
    /// The clock.
    pub now: Moment,
}

impl Episode {
    /// Whether it was raised and is not over.
    pub fn is_raised(&self) -> bool {
        self.raised_at != Moment::NEVER
    }

    /// The end of an episode, if there was one: the resident is on the right side again.
    pub fn end(&mut self) -> Option<Told> {
        let ended = std::mem::take(self);
        ended.is_raised().then_some(Told {
            kind: Kind::FenceReturn,
            rule: "fence/return",
            again: 0,
            step_m: None,
            hour: None,
            is_unseen: false,
        })
    }

    /// Nobody ever saw them on the right side before this. What was raised already stays what it is, where the edge lies elsewhere now,
    /// and whoever was seen on the right side of the edge of before was seen.
    pub fn begin_unseen(&mut self) {
        self.unseen |= !self.is_raised() && self.right_at == Moment::PAST;
    }

    /// Whether nobody ever saw them on the right side.
    pub(crate) fn is_unseen(&self) -> bool {
        self.unseen
    }

    /// The last fix by which they were on the right side before, as [`Tracker::not_seen_across`] has it; past, if none was. What is known
    /// of the edge of before stays known.
    pub fn begin_after(&mut self, right_at: Moment) {
        self.right_at = self.right_at.max(right_at);
    }

    /// What is left of it for somebody who turned out to be back since a moment: a snooze that was said later and still holds.
    pub fn snooze_left(&self, back_since: Moment, now: Moment) -> Option<Self> {
        let is_later = back_since <= self.snoozed_at && now < self.snoozed_until;
        let (snoozed_until, snoozed_at) = (self.snoozed_until, self.snoozed_at);
        is_later.then(|| Self { snoozed_until, snoozed_at, ..Self::default() })
    }

    /// They are on the wrong side since that moment. A snooze that was left is not of a leaving that came after it.
    pub fn begin_since(&mut self, since: Moment) {
        if !self.is_raised() && since > self.snoozed_at {
            (self.snoozed_until, self.snoozed_at) = (Moment::PAST, Moment::PAST);
        }
    }

    /// Nothing is told before then, as was said at a moment; the episode goes on.
    pub fn snooze(&mut self, at: Moment, until: Moment) {
        (self.snoozed_at, self.snoozed_until) = (at, until);
    }

    /// The hours of the fence may be others now, or were asked of nobody until now: those that are over are missed by nobody anew, and
    /// what was missed stays so while the fence has an hour that they were out at.
    pub(crate) fn forget_hours(&mut self) {
        self.hours_at = Moment::PAST;
    }

    /// Our clock was set back by so much: what was left until a repeat or the end of a snooze is left. The hours of the fence are
    /// hours of the day, so they are asked for anew: one that this clock has not reached is not missed yet.
    pub(crate) fn clock_went_back(&mut self, by: SignedDuration) {
        let Self { raised_at, repeat_at, snoozed_until, snoozed_at, right_at, .. } = self;
        for moment in [raised_at, repeat_at, snoozed_until, snoozed_at, right_at] {
            moment.set_back(by);
        }
        if self.hours_at != Moment::NEVER {
            self.forget_hours();
        }
    }

    /// What is due. Call it once a message has been taken whole, and at each deadline.
    pub fn judge(&mut self, fence: &Fence, tracker: &Tracker, time: Now, rules: &Rules) -> Option<Told> {
        if tracker.side != fence.kind.alarming() {
            return None;
        }
        if time.now < self.waits_until(fence, tracker) {
            return None;
        }
        if let Some(hour) = self.missed_hour(fence, tracker, time) {
            return Some(Told { hour: Some(hour), ..self.not_home(time, rules) });
        }
        // Hours that began between the fix and its arrival hold too: at the next change after the clock's they would be over.
        let missed = self.missed;
        let holds = |at| fence.is_armed(at) || (missed && !fence.schedule.is_taken_out(at));
        if !holds(time.at) && !holds(time.now) {
            self.repeat_at = if self.is_raised() { self.hours_at } else { Moment::NEVER };
            return None;
        }
        if !self.is_raised() {
            return self.raise(fence, tracker, time, rules);
        }
        self.step(fence, time, rules).or_else(|| self.repeat(fence, time, rules))
    }

    /// Until when what is due waits for a second fix on the right side. An exit that is told as soon as it shows waits for nothing.
    fn waits_until(&self, fence: &Fence, tracker: &Tracker) -> Moment {
        let is_at_once = !self.is_raised() && fence.dwell_s <= 0.0 && fence.is_armed(tracker.since);
        if is_at_once { Moment::PAST } else { tracker.waits_until() }
    }

    /// The hour by which they should be home that has passed while they were out, if that is news; it notes when the hours of the
    /// fence ask for the next look. Who has not been out for long enough is looked at once they have.
    fn missed_hour(&mut self, fence: &Fence, tracker: &Tracker, time: Now) -> Option<Moment> {
        let begins = match self.hours_at {
            Moment::NEVER => self.not_seen_since(tracker.since),
            Moment::PAST => time.now,
            hours_at => hours_at,
        };
        if begins > time.now || (!self.is_raised() && !has_dwelt(fence, tracker, time)) {
            return None;
        }
        if self.hours_at == Moment::PAST {
            self.missed = self.missed && fence.home_between(tracker.since, time.now).is_some();
        }
        self.hours_at = fence.hours_after(time.now);
        let is_asked = fence.armed && fence.kind == FenceKind::Safe && !self.missed;
        is_asked.then(|| fence.home_between(begins, time.now)).flatten()
    }

    /// Since when nobody saw them on the right side, on the day on which they were first seen on the wrong one.
    fn not_seen_since(&self, since: Moment) -> Moment {
        let local = since.local();
        let day = if local.minute < DAY_FROM { local.day.saturating_sub(1) } else { local.day };
        self.right_at.max(Moment::of_local(day, DAY_FROM)).min(since)
    }

    /// They are not home by the hour: the first that is told of it, or more of what was told.
    fn not_home(&mut self, time: Now, rules: &Rules) -> Told {
        self.missed = true;
        if self.is_raised() {
            return self.once_more(Kind::Overdue, "fence/home_by", None, time, rules);
        }
        self.begin(Kind::Overdue, "fence/home_by", time, rules)
    }

    fn raise(&mut self, fence: &Fence, tracker: &Tracker, time: Now, rules: &Rules) -> Option<Told> {
        if !has_dwelt(fence, tracker, time) {
            return None;
        }
        let was_allowed = !fence.schedule.is_armed(tracker.since);
        let (kind, rule) = match fence.kind {
            FenceKind::Safe if was_allowed => (Kind::Overdue, "fence/hours_began"),
            FenceKind::Safe => (Kind::FenceExit, "fence/exit"),
            FenceKind::Forbidden => (Kind::ZoneEntry, "fence/entry"),
        };
        let told = self.begin(kind, rule, time, rules);
        if time.now < self.snoozed_until {
            // They were out when that was said, and it was said of this.
            self.raised_at = self.snoozed_at;
            return None;
        }
        let began = (kind == Kind::Overdue).then(|| fence.schedule.changes_after(tracker.since));
        Some(Told { hour: began.filter(|began| *began != Moment::NEVER), ..told })
    }

    fn begin(&mut self, kind: Kind, rule: &'static str, time: Now, rules: &Rules) -> Told {
        self.step = passed(self.beyond_m.map_or(0.0, f64::from), rules).0;
        self.raised_at = time.now;
        self.repeat_at = time.now.plus_s(rules.repeat_s);
        Told { kind, rule, again: 0, step_m: None, hour: None, is_unseen: self.unseen }
    }

    /// The farthest step that was passed and not told.
    fn step(&mut self, fence: &Fence, time: Now, rules: &Rules) -> Option<Told> {
        let beyond_m = self.beyond_m.filter(|_| fence.kind == FenceKind::Safe)?;
        let (passed, step_m) = passed(f64::from(beyond_m), rules);
        if passed <= self.step {
            return None;
        }
        self.step = passed;
        Some(self.once_more(Kind::FenceExit, "fence/distance", Some(step_m), time, rules))
    }

    fn repeat(&mut self, fence: &Fence, time: Now, rules: &Rules) -> Option<Told> {
        if time.now < self.repeat_at.max(self.snoozed_until) {
            return None;
        }
        let (kind, rule) = match fence.kind {
            FenceKind::Safe => (Kind::FenceExit, "fence/still_outside"),
            FenceKind::Forbidden => (Kind::ZoneEntry, "fence/still_inside"),
        };
        Some(self.once_more(kind, rule, None, time, rules))
    }

    fn once_more(
        &mut self,
        kind: Kind,
        rule: &'static str,
        step_m: Option<f64>,
        time: Now,
        rules: &Rules,
    ) -> Told {
        self.again = self.again.saturating_add(1);
        self.repeat_at = time.now.plus_s(rules.repeat_s);
        Told { kind, rule, again: self.again, step_m, hour: None, is_unseen: self.unseen }
    }

    /// When it must be looked at although no fix comes; after `now`, for what was due has been judged.
    pub fn wakes_at(&self, fence: &Fence, tracker: &Tracker, now: Moment) -> Moment {
        if tracker.side != fence.kind.alarming() {
            return Moment::NEVER;
        }
        let next = if self.is_raised() {
            if self.repeat_at == Moment::NEVER {
                self.repeat_at
            } else {
                self.repeat_at.max(self.snoozed_until)
            }
        } else {
            tracker.since.plus_s(fence.dwell_s)
        };
        let waits_until = self.waits_until(fence, tracker);
        let due = [next, self.hours_at].map(|moment| moment.max(waits_until));
        due.into_iter().filter(|moment| *moment > now).min().unwrap_or(Moment::NEVER)
    }
}

/// Whether they have been on the wrong side for as long as the fence asks.
fn has_dwelt(fence: &Fence, tracker: &Tracker, time: Now) -> bool {
    time.now.max(time.at).seconds_since(tracker.since) >= fence.dwell_s
}

/// How many steps lie within that distance, and the last of them.
fn passed(beyond_m: f64, rules: &Rules) -> (u8, f64) {
    let within = rules.steps_m.iter().filter(|step_m| beyond_m >= **step_m);
    within.fold((0, 0.0), |(count, most), step_m| (count.saturating_add(1), step_m.max(most)))
}
