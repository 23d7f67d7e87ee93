//! Who is to be reached at which hours of the week.

use super::{Hours, check::gaps};
use model::Local;
use serde::{Deserialize, Serialize};

/// Some hours on some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCall {
    /// On which days the hours begin: bit 0 is Monday.
    pub days: u8,
    /// Which hours; equal ends mean round the clock.
    pub hours: Hours,
}

impl OnCall {
    /// Whether somebody is on call then. Hours over midnight belong to the day on which they begin.
    pub fn covers(&self, at: Local) -> bool {
        let has = |day: u8| self.days.checked_shr(day.into()).unwrap_or(0) & 1 == 1;
        let yesterday = at.weekday.checked_sub(1).unwrap_or(6);
        let began_yesterday = self.hours.from >= self.hours.to && at.minute < self.hours.to;
        self.hours.contains(at.minute) && has(if began_yesterday { yesterday } else { at.weekday })
    }
}

/// Whether somebody works at these hours then; where none are told it is always.
pub fn works_at(hours: &[OnCall], at: Local) -> bool {
    hours.is_empty() || hours.iter().any(|one| one.covers(at))
}

/// The hours of the week that none of these covers, as `Mon 08:00-09:30`.
pub fn uncovered_week(all: &[OnCall]) -> Vec<String> {
    let days = (0..7u8).zip(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
    let of_day = |(weekday, name): (u8, &str)| {
        let is_covered = |minute| all.iter().any(|one| one.covers(Local { weekday, minute }));
        gaps(is_covered).into_iter().map(|gap| format!("{name} {gap}")).collect::<Vec<_>>()
    };
    days.flat_map(of_day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_call(days: u8, from: u16, to: u16) -> OnCall {
        OnCall { days, hours: Hours { from, to } }
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let sunday_night = on_call(0b100_0000, 1320, 360);
        for (weekday, hour, expected) in
            [(6, 23, true), (0, 5, true), (0, 6, false), (6, 5, false), (0, 23, false)]
        {
            assert_eq!(
                sunday_night.covers(Local { weekday, minute: hour * 60 }),
                expected,
                "{weekday} {hour}"
            );
        }
    }

    #[test]
    fn where_no_hours_are_told_somebody_always_works() {
        let weekdays = [on_call(0b001_1111, 480, 720), on_call(0b001_1111, 840, 1080)];
        for (weekday, hour, expected) in [(0, 9, true), (4, 13, false), (4, 14, true), (5, 9, false)] {
            let at = Local { weekday, minute: hour * 60 };
            assert_eq!((works_at(&weekdays, at), works_at(&[], at)), (expected, true), "{weekday} {hour}");
        }
    }

    #[test]
    fn hours_in_which_nobody_is_on_call_are_named() {
        assert_eq!(uncovered_week(&[]).len(), 7);
        assert!(uncovered_week(&[on_call(0b111_1111, 1320, 360), on_call(0b111_1111, 360, 1320)]).is_empty());
        assert!(uncovered_week(&[on_call(0b111_1111, 0, 0)]).is_empty(), "round the clock");
        assert!(uncovered_week(&[on_call(0b111_1111, 480, 480)]).is_empty(), "round the clock");
        let weekdays = [on_call(0b001_1111, 480, 1200), on_call(0b111_1111, 1200, 480)];
        assert_eq!(uncovered_week(&weekdays), ["Sat 08:00-20:00", "Sun 08:00-20:00"]);
    }
}
