//! Time as the engine keeps it: eight bytes instead of sixteen, and the wall clock of Asia/Shanghai.
//!
//! China has kept one offset, UTC+8, without summer time since 1992, so the wall clock is an addition and no zone data
//! is linked.

use crate::number;
use model::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;
const SHANGHAI_MS: i64 = 8 * 3_600_000;
/// 1 January 1970 was a Thursday; Monday is 0 here.
const EPOCH_WEEKDAY: i64 = 3;

/// A moment, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    /// Before everything.
    pub const PAST: Self = Self(i64::MIN);
    /// After everything: a deadline that is not set.
    pub const NEVER: Self = Self(i64::MAX);

    /// From milliseconds since 1970.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// So many seconds later; stops at the ends.
    #[must_use]
    pub fn plus_s(self, seconds: f64) -> Self {
        Self(self.0.saturating_add(number::long(seconds * 1_000.0)))
    }

    /// Seconds from `earlier` to here; negative if it is later.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        number::float(self.0.saturating_sub(earlier.0)) / 1_000.0
    }

    /// As a timestamp; the ends of what one can hold for what lies beyond.
    pub fn timestamp(self) -> Timestamp {
        let end = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_millisecond(self.0).unwrap_or(end)
    }

    /// As a timestamp, unless it is not set.
    pub fn set(self) -> Option<Timestamp> {
        (self != Self::NEVER).then(|| self.timestamp())
    }

    /// The same moment by a clock that was set back by so much; one that is not set stays so.
    pub(crate) fn set_back(&mut self, by: SignedDuration) {
        if *self != Self::PAST && *self != Self::NEVER {
            self.0 = self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(0));
        }
    }

    /// The day and minute on a clock in Suqian.
    pub fn local(self) -> Local {
        let local = self.0.saturating_add(SHANGHAI_MS);
        let minute = local.rem_euclid(DAY_MS) / 60_000;
        Local { day: local.div_euclid(DAY_MS), minute: u16::try_from(minute).unwrap_or_default() }
    }

    /// That minute of that day on a clock in Suqian; minutes of the next day count on.
    pub fn of_local(day: i64, minute: u16) -> Self {
        let midnight = day.saturating_mul(DAY_MS).saturating_sub(SHANGHAI_MS);
        Self(midnight.saturating_add(i64::from(minute).saturating_mul(60_000)))
    }

    /// `HH:MM` on a clock in Suqian, for sentences.
    pub fn clock(self) -> String {
        let minute = self.local().minute;
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }

    /// The month and the day on a calendar in Suqian, for sentences.
    pub(crate) fn date(self) -> String {
        let local = Self(self.0.saturating_add(SHANGHAI_MS)).timestamp();
        let date = jiff::tz::Offset::UTC.to_datetime(local);
        format!("{}月{}日", date.month(), date.day())
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }
}

/// A day and a minute of it in Suqian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Local {
    /// Days since 1970.
    pub day: i64,
    /// Minutes since midnight.
    pub minute: u16,
}

impl Local {
    /// Monday is 0.
    pub fn weekday(self) -> u8 {
        weekday(self.day)
    }
}

/// The day of the week of a day; Monday is 0.
pub(crate) fn weekday(day: i64) -> u8 {
    u8::try_from(day.saturating_add(EPOCH_WEEKDAY).rem_euclid(7)).unwrap_or_default()
}

/// Of a clock that was set back by so much, by how many days its calendar was.
pub(crate) fn days_back(by: SignedDuration) -> i64 {
    by.as_hours() / 24
}

/// Days since 1970 of a calendar date.
pub(crate) fn day_of(date: jiff::civil::Date) -> i64 {
    let midnight = jiff::tz::Offset::UTC.to_timestamp(date.at(0, 0, 0, 0));
    midnight.map_or(0, |midnight| midnight.as_second().div_euclid(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_of_suqian() {
        // Sunday 29 November 2026, 00:30 there; Saturday in Greenwich.
        let moment = Moment::from("2026-11-28T16:30:00Z".parse::<Timestamp>().unwrap());
        assert_eq!((moment.local().minute, moment.local().weekday()), (30, 6));
        assert_eq!(moment.local().day, day_of(jiff::civil::date(2026, 11, 29)));
        assert_eq!(Moment::of_local(moment.local().day, 30), moment);
        assert_eq!((moment.clock().as_str(), moment.date().as_str()), ("00:30", "11月29日"));
    }

    #[test]
    fn the_ends_of_time_are_no_panic() {
        for moment in [Moment::PAST, Moment::NEVER, Moment::from_ms(0)] {
            assert!(moment.local().minute < 1_440);
            assert!(moment.plus_s(1e30).seconds_since(moment.plus_s(-1e30)).is_finite());
            assert!(moment.timestamp() <= Timestamp::MAX && moment.date().ends_with('日'));
        }
    }
}
