//! When a fence is armed: hours of the week and of single dates, on a clock in Suqian.
//!
//! A schedule is a list of entries. An entry with `days` is weekly, one with `date` is an exception that overrules the
//! weekly ones in its hours, the later overruling the earlier; `"armed": false` takes the hours out, and of an exception the
//! hours by which somebody should be home too. `to` may be `24:00`; an entry whose `to` is not after its `from` reaches into
//! the next day. No weekly entry that arms means always, but for the hours that are taken out.

use crate::moment::{Moment, day_of, weekday};
use serde::{Deserialize, Serialize};

const DAY_MINUTES: u16 = 1_440;

/// Why a schedule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Not `HH:MM`.
    #[error("{0:?} is no time of day from 00:00 to 24:00")]
    Time(String),
    /// Not a day.
    #[error("{0:?} is no day; days are mon tue wed thu fri sat sun")]
    Day(String),
    /// Not a date.
    #[error("{0:?} is no date like 2026-02-17")]
    Date(String),
    /// An entry that says neither.
    #[error("an entry names either days or a date")]
    NeitherDayNorDate,
    /// An entry that begins where it ends.
    #[error("an entry from {0} to {0} is empty; a whole day is 00:00 to 24:00")]
    Nothing(String),
}

/// An entry as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    days: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    from: String,
    to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    armed: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    /// A bit for each weekday, Monday the lowest.
    Week(u8),
    /// Days since 1970.
    Date(i64),
}

/// Some hours, from a minute of a day on; `to` counts on past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    on: On,
    from: u16,
    to: u16,
    armed: bool,
}

/// When a fence is armed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<Written>", into = "Vec<Written>")]
pub struct Schedule {
    written: Vec<Written>,
    entries: Box<[Entry]>,
    /// Whether weekly hours are named in which it is armed; else it is in all that nothing takes out.
    has_week: bool,
}

impl TryFrom<Vec<Written>> for Schedule {
    type Error = ScheduleError;
    fn try_from(written: Vec<Written>) -> Result<Self, ScheduleError> {
        let entries = written.iter().map(read).collect::<Result<Box<[_]>, _>>()?;
        let has_week = entries.iter().any(|entry| !entry.is_dated() && entry.armed);
        Ok(Self { written, entries, has_week })
    }
}

impl From<Schedule> for Vec<Written> {
    fn from(schedule: Schedule) -> Self {
        schedule.written
    }
}

impl Schedule {
    /// Whether it ever changes.
    pub fn is_always(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the fence is armed then.
    pub fn is_armed(&self, at: Moment) -> bool {
        match self.dated(at) {
            Some(entry) => entry.armed,
            None => self.week_says(at),
        }
    }

    /// Whether an exception by date takes that moment out: then nothing that goes by hours is asked for.
    pub fn is_taken_out(&self, at: Moment) -> bool {
        self.dated(at).is_some_and(|entry| !entry.armed)
    }

    fn dated(&self, at: Moment) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.is_dated() && entry.covers(at))
    }

    fn week_says(&self, at: Moment) -> bool {
        let weekly = self.entries.iter().filter(|entry| !entry.is_dated());
        weekly.filter(|entry| entry.covers(at)).map(|entry| entry.armed).min().unwrap_or(!self.has_week)
    }

    /// The next moment after this one at which it changes; never, if it does not.
    pub fn changes_after(&self, at: Moment) -> Moment {
        let armed = self.is_armed(at);
        let mut edges: Vec<Moment> = self.entries.iter().flat_map(|entry| entry.edges(at)).collect();
        edges.sort_unstable();
        let next = edges.into_iter().find(|edge| *edge > at && self.is_armed(*edge) != armed);
        next.unwrap_or(Moment::NEVER)
    }
}

impl Entry {
    fn is_dated(&self) -> bool {
        matches!(self.on, On::Date(_))
    }

    fn begins_on(&self, day: i64) -> bool {
        match self.on {
            On::Week(days) => days >> weekday(day) & 1 == 1,
            On::Date(date) => date == day,
        }
    }

    fn covers(&self, at: Moment) -> bool {
        let local = at.local();
        let since_yesterday = local.minute.saturating_add(DAY_MINUTES);
        let hours = self.from..self.to;
        (hours.contains(&local.minute) && self.begins_on(local.day))
            || (hours.contains(&since_yesterday) && self.begins_on(local.day.saturating_sub(1)))
    }

    /// Where it begins and ends round a moment: a week of them, or the one date.
    fn edges(&self, at: Moment) -> Vec<Moment> {
        let today = at.local().day;
        let days = match self.on {
            On::Week(_) => today.saturating_sub(1)..=today.saturating_add(8),
            On::Date(date) => date..=date,
        };
        let days = days.filter(|day| self.begins_on(*day));
        days.flat_map(|day| [Moment::of_local(day, self.from), Moment::of_local(day, self.to)]).collect()
    }
}

fn read(written: &Written) -> Result<Entry, ScheduleError> {
    let on = match &written.date {
        Some(date) => On::Date(read_date(date)?),
        None if written.days.is_empty() => return Err(ScheduleError::NeitherDayNorDate),
        None => On::Week(read_days(&written.days)?),
    };
    let (from, to) = (read_time(&written.from)?, read_time(&written.to)?);
    if from == to || from == DAY_MINUTES {
        return Err(ScheduleError::Nothing(written.from.clone()));
    }
    let to = if to < from { to.saturating_add(DAY_MINUTES) } else { to };
    Ok(Entry { on, from, to, armed: written.armed.unwrap_or(true) })
}

fn read_days(names: &[String]) -> Result<u8, ScheduleError> {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    names.iter().try_fold(0_u8, |days, name| {
        let short: String = name.to_lowercase().chars().take(3).collect();
        let place = NAMES.iter().position(|known| *known == short);
        place.map(|place| days | 1 << place).ok_or_else(|| ScheduleError::Day(name.clone()))
    })
}

/// Minutes since midnight.
pub(crate) fn read_time(text: &str) -> Result<u16, ScheduleError> {
    let wrong = || ScheduleError::Time(text.to_owned());
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let number = |digits: &str, most: u16| {
        let digits = Some(digits).filter(|digits| (1..=2).contains(&digits.len()))?;
        digits.parse::<u16>().ok().filter(|number| *number <= most)
    };
    let (hour, minute) = number(hour, 24).zip(number(minute, 59)).ok_or_else(wrong)?;
    let minutes = hour.saturating_mul(60).saturating_add(minute);
    if minutes > DAY_MINUTES { Err(wrong()) } else { Ok(minutes) }
}

fn read_date(text: &str) -> Result<i64, ScheduleError> {
    let date = text.parse::<jiff::civil::Date>();
    date.map(day_of).map_err(|_unreadable| ScheduleError::Date(text.to_owned()))
}
