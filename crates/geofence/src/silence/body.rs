//! The body: whether the handset is on it, and whether it moves by day as it usually does.

use super::{Due, Told, severity};
use crate::moment::{Local, Moment, days_back};
use crate::number;
use crate::rules::Rules;
use crate::signal::{Finding, Kind, finding};
use model::{Severity, SignedDuration};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The day, in minutes of it.
const DAY_FROM: u16 = 7 * 60;
const DAY_TO: u16 = 21 * 60;
/// Who moved after this minute is up.
const NIGHT_TO: u16 = 5 * 60;
/// Days remembered, and how many must be before anything is said.
const DAYS: usize = 14;
const LEARNT_DAYS: u8 = 7;
/// The same as days are counted.
const REMEMBERED: i64 = 14;
/// A rest is remembered in units of so many seconds, to fit a byte.
const UNIT_S: f64 = 300.0;
/// A rest from the beginning of the day to its end, in seconds and in units.
const WHOLE_DAY_S: f64 = 14.0 * 3_600.0;
const WHOLE_DAY: u8 = 168;
/// What a day counts for of which nobody knows whether somebody should have looked.
const NEARLY_WHOLE_DAY: u8 = 167;
/// A fix from this minute on shows at the day's end that they rested to it: handsets that take one each six hours may take the next when
/// the day is over.
const SHOWN_FROM: u16 = 18 * 60;
/// So many days without any movement among those remembered are a custom: whoever stays at home each Sunday has as many in two weeks. One
/// may have been the day on which somebody should have looked.
const CUSTOM_DAYS: usize = 2;
const NO_MOVEMENT: &str = "body/no_movement";

/// Whether the handset is worn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wearing {
    off_since: Moment,
    told: bool,
    /// How often this was told before.
    #[serde(default)]
    again: u16,
}

impl Default for Wearing {
    fn default() -> Self {
        Self { off_since: Moment::NEVER, told: false, again: 0 }
    }
}

impl Wearing {
    /// Notes what the handset says.
    pub fn take(&mut self, told: &Told, now: Moment) {
        match told.worn {
            Some(true) => *self = Self::default(),
            Some(false) if self.is_worn() => self.off_since = now,
            Some(false) | None => {}
        }
    }

    /// Whether it is worn, as far as is known.
    pub fn is_worn(&self) -> bool {
        self.off_since == Moment::NEVER
    }

    /// It comes from its charger: only from now on somebody should be wearing it.
    pub fn unplug(&mut self, now: Moment) {
        if !self.is_worn() {
            *self = Self { off_since: now, ..Self::default() };
        }
    }

    /// If it was told while nobody was asked to look and still holds, it is told once more.
    pub(super) fn expect(&mut self, away: &Range<Moment>, rules: &Rules) {
        if self.told && away.contains(&self.off_since.plus_s(rules.taken_off_after_s)) {
            (self.told, self.again) = (false, self.again.saturating_add(1));
        }
    }

    /// Our clock was set back by so much.
    pub(super) fn clock_went_back(&mut self, by: SignedDuration) {
        self.off_since.set_back(by);
    }

    /// What is due by now. On the charger nobody wears it.
    pub fn judge(&mut self, charging: bool, is_outside: bool, rules: &Rules, now: Moment) -> Option<Due> {
        let (off_s, limit_s) = (now.seconds_since(self.off_since), rules.taken_off_after_s);
        if self.is_worn() || self.told || charging || off_s < limit_s {
            return None;
        }
        self.told = true;
        let findings = vec![finding("off_s", off_s, limit_s)];
        let (kind, since, severity) = (Kind::TakenOff, self.off_since, severity(is_outside));
        Some(Due { kind, rule: "body/taken_off", since, again: self.again, severity, findings })
    }

    /// When it must be judged although nothing is heard.
    pub fn wakes_at(&self, rules: &Rules) -> Moment {
        let is_over = self.is_worn() || self.told;
        if is_over { Moment::NEVER } else { self.off_since.plus_s(rules.taken_off_after_s) }
    }
}

/// Movement by day, and the longest rests of the last days.
///
/// A rest is what was seen of it: it begins anew when the handset is put on, comes from its charger or is heard again, and is told only
/// once a fix shows that it has become long. One that was told is learnt when they have moved again, and told anew each day until then.
/// A day that only by being whole was unusual is learnt at its end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stillness {
    moved_at: Moment,
    /// A rest counts from here at the earliest. Never, while the handset is on nobody.
    #[serde(default = "past")]
    seen_from: Moment,
    /// When a fix last showed them where they rest.
    #[serde(default = "past")]
    seen_at: Moment,
    /// When the handset was put on last, which nobody does in bed.
    #[serde(default = "past")]
    put_on_at: Moment,
    /// The day the longest rest belongs to.
    day: i64,
    longest: u8,
    /// Told on this day.
    told: bool,
    /// How often this rest was told.
    #[serde(default)]
    again: u16,
    /// Since the last day was learnt, a day was told because it was whole, by what was usual then.
    #[serde(default)]
    told_whole: bool,
    learnt: u8,
    /// The longest rest of each of the last days, in a ring.
    rests: [u8; DAYS],
}

/// Of what was kept before it could be said.
fn past() -> Moment {
    Moment::PAST
}

impl Default for Stillness {
    fn default() -> Self {
        let (moved_at, seen_from, seen_at, put_on_at) = (Moment::NEVER, past(), past(), past());
        let (day, longest, told, again, learnt) = (i64::MIN, 0, false, 0, 0);
        let (told_whole, rests) = (false, [0; DAYS]);
        Self { moved_at, seen_from, seen_at, put_on_at, day, longest, told, again, told_whole, learnt, rests }
    }
}

/// Whether no rest but a whole day's is told.
fn is_whole(limit_s: f64) -> bool {
    limit_s >= WHOLE_DAY_S
}

/// Until when a fix shows a rest: once the day is over to its end, if the fix is one of its last hours.
fn shown_until(day: i64, seen_at: Moment, now: Moment) -> Moment {
    let is_over = now >= Moment::of_local(day, DAY_TO);
    if is_over && seen_at >= Moment::of_local(day, SHOWN_FROM) { now } else { seen_at.min(now) }
}

/// Whether a day without movement would be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// Too few days are known.
    Learning,
    /// It would be, at its end at the latest.
    Told,
    /// They rest for whole days again and again: no rest by day is unusual.
    Usual,
}

impl Stillness {
    /// Notes that the body moved.
    pub fn moved(&mut self, now: Moment) {
        self.turn_day(now, now);
        self.measure(now.local().day, now);
        self.moved_at = now;
        (self.told, self.again) = (false, 0);
    }

    /// Notes that a fix shows them where they rest.
    pub fn rested(&mut self, at: Moment) {
        self.seen_at = at;
    }

    /// When the body last moved, if it was seen to.
    pub fn moved_at(&self) -> Option<Moment> {
        Some(self.moved_at).filter(|moved_at| *moved_at != Moment::NEVER)
    }

    /// The handset is on nobody: what the body does is not seen until it is put on.
    pub fn put_down(&mut self, now: Moment) {
        self.turn_day(now, now);
        self.measure(now.local().day, now);
        self.seen_from = Moment::NEVER;
    }

    /// The handset is on somebody again, who has moved to put it on.
    pub fn put_on(&mut self, now: Moment) {
        self.turn_day(now, now);
        (self.seen_from, self.put_on_at) = (now, now);
        (self.told, self.again) = (false, 0);
    }

    /// Nothing was heard from one moment to another, so nothing was seen. What was told goes on: nobody was seen to move.
    pub fn unheard(&mut self, from: Moment, to: Moment) {
        self.turn_day(from, to);
        self.measure(to.local().day, from);
        if self.seen_from != Moment::NEVER {
            self.seen_from = to;
        }
    }

    /// What was told on a day on which nobody was asked to look is told once more that day if it still holds; on others it is
    /// told anew by itself.
    pub(super) fn expect(&mut self, away: &Range<Moment>) {
        let (day, next) = (Moment::of_local(self.day, 0), Moment::of_local(self.day.saturating_add(1), 0));
        self.told = self.told && !(away.start < next && day < away.end);
    }

    /// Our clock was set back by so much; days are those of the calendar.
    pub(super) fn clock_went_back(&mut self, by: SignedDuration) {
        let Self { moved_at, seen_from, seen_at, put_on_at, .. } = self;
        for moment in [moved_at, seen_from, seen_at, put_on_at] {
            moment.set_back(by);
        }
        self.day = self.day.saturating_sub(days_back(by));
    }

    /// A new day: the longest rests of those before are learnt, each to its end or until nothing was seen any more.
    pub fn turn_day(&mut self, seen_until: Moment, now: Moment) {
        let day = now.local().day;
        if self.day == day {
            return;
        }
        if self.day == i64::MIN {
            self.day = day;
        }
        let from = self.day.max(day.saturating_sub(REMEMBERED));
        for over in from..day {
            self.measure(over, seen_until);
            self.learn();
        }
        if self.day < day {
            (self.day, self.told) = (day, false);
        }
    }

    /// A day of which nothing was seen says nothing. What was told may be no rest, and is not usual before they have moved; but a day that
    /// was told because it was whole is learnt, or somebody who stays at home for a week of rain would be told of each evening.
    ///
    /// A whole day becomes a custom by having been told, or while no day could be. One that should have been told, and was not, does not
    /// make others silent.
    fn learn(&mut self) {
        if (self.again > 0 && !self.told_whole) || self.longest == 0 {
            return;
        }
        let counts_whole = self.told_whole || self.learnt < LEARNT_DAYS || self.is_whole_day_usual();
        let longest = if counts_whole { self.longest } else { self.longest.min(NEARLY_WHOLE_DAY) };
        self.rests.rotate_right(1);
        if let Some(newest) = self.rests.first_mut() {
            *newest = longest;
        }
        self.told_whole = false;
        self.learnt = self.learnt.saturating_add(1).min(LEARNT_DAYS);
        self.longest = 0;
    }

    fn measure(&mut self, day: i64, until: Moment) {
        let rested = number::slot(self.rested_s(day, until) / UNIT_S);
        self.longest = self.longest.max(u8::try_from(rested).unwrap_or(u8::MAX));
    }

    /// Since when they rest, as far as it was seen.
    fn rests_since(&self) -> Moment {
        self.moved_at.max(self.seen_from)
    }

    /// Seconds of rest within a day's hours, until a moment.
    fn rested_s(&self, day: i64, until: Moment) -> f64 {
        let from = self.rests_since().max(Moment::of_local(day, DAY_FROM));
        let to = until.min(Moment::of_local(day, DAY_TO));
        if self.rests_since() == Moment::NEVER { 0.0 } else { to.seconds_since(from).max(0.0) }
    }

    /// The rest from which on it is told; none before enough was learnt. No rest is longer than the day, so where a day without any movement
    /// is no custom it is told at the day's end, however long the others were.
    fn limit_s(&self, rules: &Rules) -> Option<f64> {
        let usual = self.rests.iter().copied().max().unwrap_or(0);
        let most_s = if self.is_whole_day_usual() { f64::INFINITY } else { WHOLE_DAY_S };
        let limit_s = (f64::from(usual) * UNIT_S * rules.still_times_usual).min(most_s);
        (self.learnt >= LEARNT_DAYS).then_some(limit_s.max(rules.still_least_s))
    }

    fn is_whole_day_usual(&self) -> bool {
        self.rests.iter().filter(|rest| **rest >= WHOLE_DAY).count() >= CUSTOM_DAYS
    }

    /// Whether a day without movement would be told by what is known.
    pub fn outlook(&self, rules: &Rules) -> Outlook {
        match self.limit_s(rules) {
            None => Outlook::Learning,
            Some(limit_s) if limit_s <= WHOLE_DAY_S => Outlook::Told,
            Some(_) => Outlook::Usual,
        }
    }

    /// What is due by now, on the day it was turned to. `up_by` is the minute of the day by which they have always been out, if
    /// that is known.
    pub fn judge(&mut self, up_by: Option<u16>, rules: &Rules, now: Moment) -> Option<Due> {
        let (rule, found) = self.found(up_by, rules, self.seen_at, now)?;
        let again = self.again;
        (self.told, self.again) = (true, again.saturating_add(1));
        self.told_whole |= rule == NO_MOVEMENT && self.limit_s(rules).is_some_and(is_whole);
        let (kind, since, severity) = (Kind::Inactivity, self.rests_since(), Severity::Notice);
        Some(Due { kind, rule, since, again, severity, findings: vec![found] })
    }

    /// Whether it would be told if a fix showed it.
    pub fn awaits_fix(&self, up_by: Option<u16>, rules: &Rules, now: Moment) -> bool {
        self.found(up_by, rules, now, now).is_some()
    }

    fn found(
        &self,
        up_by: Option<u16>,
        rules: &Rules,
        seen_at: Moment,
        now: Moment,
    ) -> Option<(&'static str, Finding)> {
        let Local { day, minute } = now.local();
        if self.told && self.day == day {
            return None;
        }
        if let Some(limit_s) = self.limit_s(rules) {
            let until = if is_whole(limit_s) { shown_until(day, seen_at, now) } else { seen_at.min(now) };
            let rested_s = self.rested_s(day, until);
            if rested_s >= limit_s {
                return Some((NO_MOVEMENT, finding("still_s", rested_s, limit_s)));
            }
        }
        let up_by = up_by.filter(|up_by| (*up_by..DAY_TO).contains(&minute) && self.is_in_bed(day))?;
        let is_seen = seen_at >= Moment::of_local(day, up_by);
        is_seen.then(|| ("body/not_up", finding("minute_of_day", f64::from(minute), f64::from(up_by))))
    }

    /// Whether nothing moved since that day's night, as far as is known.
    fn is_in_bed(&self, day: i64) -> bool {
        self.moved_at != Moment::NEVER && self.moved_at.max(self.put_on_at) < Moment::of_local(day, NIGHT_TO)
    }

    /// When it must be judged although nothing is heard.
    pub fn wakes_at(&self, up_by: Option<u16>, rules: &Rules, now: Moment) -> Moment {
        if self.moved_at == Moment::NEVER {
            return Moment::NEVER;
        }
        let today = now.local().day;
        // What was told is told again tomorrow at the earliest.
        let is_told = self.told && self.day == today;
        let day = if is_told { today.saturating_add(1) } else { today };
        let days = [day, day.saturating_add(1)];
        let up_by = days.into_iter().filter_map(|day| up_by.map(|minute| Moment::of_local(day, minute)));
        let rest = self.limit_s(rules).into_iter().flat_map(|limit_s| self.rest_wakes_at(days, limit_s));
        up_by.chain(rest).filter(|wakes| *wakes > now).min().unwrap_or(Moment::NEVER)
    }

    /// A rest that begins too late to be long enough on a day goes on counting on the next.
    fn rest_wakes_at(&self, days: [i64; 2], limit_s: f64) -> impl Iterator<Item = Moment> {
        let from = self.rests_since();
        let wakes = move |day: i64| {
            let wakes = from.max(Moment::of_local(day, DAY_FROM)).plus_s(limit_s);
            Some(wakes).filter(|wakes| *wakes <= Moment::of_local(day, DAY_TO))
        };
        days.into_iter().filter_map(wakes)
    }
}
