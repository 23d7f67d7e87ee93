//! The battery: how full, how fast it empties, and whether it lasts until morning.

use super::{Due, Told, severity};
use crate::moment::{Moment, days_back};
use crate::number;
use crate::rules::Rules;
use crate::signal::{Kind, finding};
use model::SignedDuration;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Full enough for both levels to be told again.
const REARMED_PCT: f64 = 30.0;
/// A slope needs a fall of so many per cent, or rounding would make it.
const FALL_LEAST_PCT: f64 = 3.0;
/// What falls by so many per cent over so long hangs on no charger, whatever was said before: the word that it was taken off did not
/// arrive. A charger lets a full battery fall by some per cent before it tops it up again, so near the full it takes a deeper fall.
const OFF_CHARGER_S: f64 = 1_200.0;
const OFF_CHARGER_FULL_PCT: f64 = 10.0;
const OFF_CHARGER_PCT: f64 = 5.0;
/// No charger waits with that until the battery has fallen below this.
const TOPPED_UP_PCT: f64 = 85.0;
/// A slope is of the newest one to two such stretches, each at least so long and at least so deep: what an idle night took says nothing
/// of the call that goes on now, and a shorter stretch would be rounding.
const STRETCH_S: f64 = 3_600.0;
const STRETCH_PCT: f64 = 5.0;
/// Fixes say the same charge again and again; what differs by less is the same.
const NEWS_PCT: f64 = 0.01;
/// In the evening somebody can still put it on the charger: the minute of the day, and until when it should last.
const EVENING: u16 = 21 * 60 + 30;
pub(crate) const MORNING: u16 = 7 * 60;
/// Who was told from this minute on that the battery is low was asked for the charger this evening.
const ASKED_FROM: u16 = 18 * 60;

/// How long it lasts, as a finding; in the evening with how long it would have to.
pub(crate) const EMPTY_IN: &str = "empty_in_s";

/// What is known of a battery.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Battery {
    pct: Option<f32>,
    at: Moment,
    /// From where the slope is measured: where the present discharge began, or the newest stretches of it.
    from_pct: f32,
    from: Moment,
    /// Where the newest stretch of it began.
    #[serde(default)]
    mid_pct: f32,
    #[serde(default = "super::never")]
    mid: Moment,
    charging: bool,
    /// It empties, so it was taken for one that hangs on no charger, though that was not said.
    #[serde(default)]
    doubted: bool,
    /// How many of the two levels were told.
    told: u8,
    /// When the last of them was; of what was kept before it could be said nobody knows.
    #[serde(default = "super::never")]
    told_at: Moment,
    /// How often they were told before, of those that are told once more.
    #[serde(default)]
    before: u16,
    evening_told: i64,
}

impl Default for Battery {
    fn default() -> Self {
        let (at, from, mid) = (Moment::NEVER, Moment::NEVER, Moment::NEVER);
        Self {
            pct: None,
            at,
            from_pct: 0.0,
            from,
            mid_pct: 0.0,
            mid,
            charging: false,
            doubted: false,
            told: 0,
            told_at: Moment::NEVER,
            before: 0,
            evening_told: i64::MIN,
        }
    }
}

impl Battery {
    /// Notes what the handset says.
    pub fn take(&mut self, told: &Told, now: Moment) {
        let was_charging = self.charging;
        self.charging = told.charging.unwrap_or(was_charging);
        let pct = told.battery_pct.filter(|pct| (0.0..=100.0).contains(pct)).map(number::single);
        // What is said of the charger is said of what the battery has now: a discharge begins here at the earliest.
        let is_said = told.charging.is_some() && (was_charging || self.charging);
        if let Some(known) = pct.or(self.pct).filter(|_| is_said) {
            self.begin(known, now);
        }
        self.doubted = self.doubted && told.charging.is_none();
        let Some(pct) = pct else { return };
        // Risen: a new discharge begins here. Charged in small steps by a handset that does not say so, it rises to where the last one
        // began.
        if pct >= self.from_pct || self.pct.is_none_or(|before| pct > before + 2.0) {
            self.begin(pct, now);
            self.charging |= std::mem::take(&mut self.doubted);
        } else if self.charging && self.has_emptied(pct, now) {
            (self.charging, self.doubted) = (false, true);
        }
        self.follow(pct, now);
        (self.pct, self.at) = (Some(pct), now);
        if f64::from(pct) > REARMED_PCT {
            (self.told, self.before) = (0, 0);
        }
    }

    fn begin(&mut self, pct: f32, now: Moment) {
        (self.from_pct, self.from) = (pct, now);
        (self.mid_pct, self.mid) = (pct, now);
    }

    /// Whether it has emptied since it was last said to be on its charger, or was fullest there.
    fn has_emptied(&self, pct: f32, now: Moment) -> bool {
        let least = if f64::from(pct) < TOPPED_UP_PCT { OFF_CHARGER_PCT } else { OFF_CHARGER_FULL_PCT };
        f64::from(self.from_pct - pct) >= least && now.seconds_since(self.from) >= OFF_CHARGER_S
    }

    /// A stretch is over: what lies before it says nothing any more.
    fn follow(&mut self, pct: f32, now: Moment) {
        if self.mid == Moment::NEVER {
            (self.mid_pct, self.mid) = (self.from_pct, self.from);
        }
        if f64::from(self.mid_pct - pct) >= STRETCH_PCT && now.seconds_since(self.mid) >= STRETCH_S {
            (self.from_pct, self.from) = (self.mid_pct, self.mid);
            (self.mid_pct, self.mid) = (pct, now);
        }
    }

    /// What was told while they were away asked nobody to look: if it still holds, it is told once more.
    pub(super) fn expect(&mut self, away: &Range<Moment>) {
        if away.contains(&self.told_at) {
            self.before = self.before.saturating_add(u16::from(self.told));
            self.told = 0;
        }
    }

    /// Our clock was set back by so much; evenings are those of the calendar.
    pub(super) fn clock_went_back(&mut self, by: SignedDuration) {
        for moment in [&mut self.at, &mut self.from, &mut self.mid, &mut self.told_at] {
            moment.set_back(by);
        }
        self.evening_told = self.evening_told.saturating_sub(days_back(by));
    }

    /// Notes the charge that came with a fix, at the fix's own time. False if it is no news: something was told since, or the
    /// same before.
    pub fn charge(&mut self, pct: f64, at: Moment) -> bool {
        let is_same = |before: f32| (f64::from(before) - pct).abs() < NEWS_PCT;
        if self.pct.is_some_and(|before| at < self.at || is_same(before)) {
            return false;
        }
        self.take(&Told { battery_pct: Some(pct), ..Told::default() }, at);
        true
    }

    /// Whether it is on its charger.
    pub fn is_charging(&self) -> bool {
        self.charging
    }

    /// When it will be empty if it goes on like this.
    pub fn empty_at(&self) -> Option<Moment> {
        let pct = f64::from(self.pct?);
        let fallen = f64::from(self.from_pct) - pct;
        let seconds = self.at.seconds_since(self.from);
        let is_known = !self.charging && fallen >= FALL_LEAST_PCT && seconds > 0.0;
        is_known.then(|| self.at.plus_s(pct / fallen * seconds))
    }

    /// What is due by now.
    pub fn judge(&mut self, is_outside: bool, rules: &Rules, now: Moment) -> Option<Due> {
        let pct = f64::from(self.pct.filter(|_| !self.charging)?);
        let (low_pct, very_low_pct) = (rules.battery_low_pct, rules.battery_very_low_pct);
        let level = if pct < very_low_pct { 2 } else { u8::from(pct < low_pct) };
        if level > self.told {
            let again = self.before.saturating_add(u16::from(self.told));
            (self.told, self.told_at) = (level, now);
            let rule = if level == 2 { "battery/very_low" } else { "battery/low" };
            let limit_pct = if level == 2 { very_low_pct } else { low_pct };
            return Some(self.due(rule, again, limit_pct, is_outside));
        }
        self.evening(low_pct, is_outside, now)
    }

    /// The charger was forgotten: in the evening it is seen that it will not last.
    fn evening(&mut self, low_pct: f64, is_outside: bool, now: Moment) -> Option<Due> {
        let local = now.local();
        let morning = Moment::of_local(local.day.saturating_add(1), MORNING);
        let is_due = local.minute >= EVENING && self.evening_told != local.day;
        let empty = self.empty_at().filter(|empty| is_due && *empty < morning)?;
        if self.is_said(empty, now) {
            return None;
        }
        self.evening_told = local.day;
        let mut due = self.due("battery/charger_forgotten", 0, low_pct, is_outside);
        let lasts_s = morning.seconds_since(self.at).max(0.0);
        if let Some(lasts) = due.findings.iter_mut().find(|one| one.name == EMPTY_IN) {
            lasts.limit = Some(lasts_s);
        }
        Some(due)
    }

    /// Whether a level that was told says it: this evening, or of a battery that is empty by now.
    fn is_said(&self, empty: Moment, now: Moment) -> bool {
        let asked_from = Moment::of_local(now.local().day, ASKED_FROM);
        self.told > 0 && (self.told_at >= asked_from || empty <= now)
    }

    fn due(&self, rule: &'static str, again: u16, limit: f64, is_outside: bool) -> Due {
        let mut findings = vec![finding("battery_pct", f64::from(self.pct.unwrap_or_default()), limit)];
        let left_s = self.empty_at().map(|empty| empty.seconds_since(self.at).max(0.0));
        findings.extend(left_s.map(|left_s| finding(EMPTY_IN, left_s.round(), None)));
        let kind = Kind::LowBattery;
        Due { kind, rule, since: self.at, again, severity: severity(is_outside), findings }
    }

    /// When it must be judged although nothing is heard: in the evening, unless a level that was told says all that there would be to say.
    pub fn wakes_at(&self, now: Moment) -> Moment {
        let today = now.local().day;
        let evening = Moment::of_local(today, EVENING);
        let next = if evening > now { evening } else { Moment::of_local(today.saturating_add(1), EVENING) };
        let empty = self.empty_at().filter(|empty| self.told == 0 || *empty > next);
        empty.map_or(Moment::NEVER, |_| next)
    }
}
