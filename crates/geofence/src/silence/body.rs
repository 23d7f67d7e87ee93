//! The body: whether the handset is on it, and whether it moves by day as it usually does.

use super::{Due, Told};
use crate::moment::Moment;
use crate::number;
use crate::rules::Rules;
use crate::signal::{Kind, finding};
use model::Severity;
use serde::{Deserialize, Serialize};

/// The day, in minutes of it.
const DAY_FROM: u16 = 7 * 60;
const DAY_TO: u16 = 21 * 60;
/// Who moved after this minute is up.
const NIGHT_TO: u16 = 5 * 60;
/// Days remembered, and how many must be before anything is said.
const DAYS: usize = 14;
const LEARNT_DAYS: u8 = 7;
/// A rest is remembered in units of so many seconds, to fit a byte.
const UNIT_S: f64 = 300.0;

/// Whether the handset is worn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wearing {
    off_since: Moment,
    told: bool,
}

impl Default for Wearing {
    fn default() -> Self {
        Self { off_since: Moment::NEVER, told: false }
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

    /// What is due by now. On the charger nobody wears it.
    pub fn judge(&mut self, charging: bool, rules: &Rules, now: Moment) -> Option<Due> {
        let (off_s, limit_s) = (now.seconds_since(self.off_since), rules.taken_off_after_s);
        if self.is_worn() || self.told || charging || off_s < limit_s {
            return None;
        }
        self.told = true;
        let findings = vec![finding("off_s", off_s, limit_s)];
        let (kind, since, severity) = (Kind::TakenOff, self.off_since, Severity::Technical);
        Some(Due { kind, rule: "body/taken_off", since, again: 0, severity, findings })
    }

    /// When it must be judged although nothing is heard.
    pub fn wakes_at(&self, rules: &Rules) -> Moment {
        let is_over = self.is_worn() || self.told;
        if is_over { Moment::NEVER } else { self.off_since.plus_s(rules.taken_off_after_s) }
    }
}

/// Movement by day, and the longest rests of the last days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stillness {
    moved_at: Moment,
    /// The day the longest rest belongs to.
    day: i64,
    longest: u8,
    told: bool,
    learnt: u8,
    /// The longest rest of each of the last days, in a ring.
    rests: [u8; DAYS],
}

impl Default for Stillness {
    fn default() -> Self {
        Self { moved_at: Moment::NEVER, day: i64::MIN, longest: 0, told: false, learnt: 0, rests: [0; DAYS] }
    }
}

impl Stillness {
    /// Notes that the body moved.
    pub fn moved(&mut self, now: Moment) {
        self.turn_day(now);
        let rested = number::slot(self.rested_s(now) / UNIT_S);
        self.longest = self.longest.max(u8::try_from(rested).unwrap_or(u8::MAX));
        self.moved_at = now;
        self.told = false;
    }

    /// When the body last moved, if it was seen to.
    pub fn moved_at(&self) -> Option<Moment> {
        Some(self.moved_at).filter(|moved_at| *moved_at != Moment::NEVER)
    }

    /// A new day: yesterday's longest rest is learnt.
    fn turn_day(&mut self, now: Moment) {
        let day = now.local().day;
        if self.day != i64::MIN && day != self.day {
            self.rests.rotate_right(1);
            if let Some(newest) = self.rests.first_mut() {
                *newest = self.longest;
            }
            self.learnt = self.learnt.saturating_add(1).min(LEARNT_DAYS);
            self.longest = 0;
        }
        self.day = day;
    }

    /// Seconds of rest within this day's hours.
    fn rested_s(&self, now: Moment) -> f64 {
        let day = now.local().day;
        let from = self.moved_at.max(Moment::of_local(day, DAY_FROM));
        let to = now.min(Moment::of_local(day, DAY_TO));
        if self.moved_at == Moment::NEVER { 0.0 } else { to.seconds_since(from).max(0.0) }
    }

    /// The rest from which on it is told; none before enough was learnt.
    fn limit_s(&self, rules: &Rules) -> Option<f64> {
        let usual = self.rests.iter().copied().max().unwrap_or(0);
        let limit_s = (f64::from(usual) * UNIT_S * rules.still_times_usual).max(rules.still_least_s);
        (self.learnt >= LEARNT_DAYS).then_some(limit_s)
    }

    /// What is due by now. `up_by` is the minute of the day by which they have always been out, if that is known.
    pub fn judge(&mut self, up_by: Option<u16>, rules: &Rules, now: Moment) -> Option<Due> {
        if self.told {
            return None;
        }
        let rested_s = self.rested_s(now);
        let told_from_s = self.limit_s(rules).filter(|limit_s| rested_s >= *limit_s);
        let (rule, found) = if let Some(limit_s) = told_from_s {
            ("body/no_movement", finding("still_s", rested_s, limit_s))
        } else {
            let up_by = up_by.filter(|_| self.is_in_bed(now))?;
            let minute = now.local().minute;
            if minute < up_by || minute >= DAY_TO {
                return None;
            }
            ("body/not_up", finding("minute_of_day", f64::from(minute), f64::from(up_by)))
        };
        self.told = true;
        let (kind, since, severity) = (Kind::Inactivity, self.moved_at, Severity::Notice);
        Some(Due { kind, rule, since, again: 0, severity, findings: vec![found] })
    }

    /// Whether nothing moved since the night, as far as is known.
    fn is_in_bed(&self, now: Moment) -> bool {
        self.moved_at != Moment::NEVER && self.moved_at < Moment::of_local(now.local().day, NIGHT_TO)
    }

    /// When it must be judged although nothing is heard.
    pub fn wakes_at(&self, up_by: Option<u16>, rules: &Rules, now: Moment) -> Moment {
        if self.told {
            return Moment::NEVER;
        }
        let day = now.local().day;
        let up_by = up_by.filter(|_| self.moved_at != Moment::NEVER).map_or(Moment::NEVER, |minute| {
            let today = Moment::of_local(day, minute);
            if today > now { today } else { Moment::of_local(day.saturating_add(1), minute) }
        });
        self.rest_wakes_at(rules, now).min(up_by)
    }

    fn rest_wakes_at(&self, rules: &Rules, now: Moment) -> Moment {
        let Some(limit_s) = self.limit_s(rules) else { return Moment::NEVER };
        let day = now.local().day;
        let wakes = |day: i64| self.moved_at.max(Moment::of_local(day, DAY_FROM)).plus_s(limit_s);
        // A rest that begins too late to be long enough today goes on counting tomorrow.
        let days = [day, day.saturating_add(1)].into_iter();
        let within = days.map(|day| (wakes(day), Moment::of_local(day, DAY_TO)));
        let next = within.filter(|(wakes, to)| wakes > &now && wakes <= to).map(|(wakes, _)| wakes);
        next.min().unwrap_or(Moment::NEVER)
    }
}
