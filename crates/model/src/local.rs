//! The clock on the wall: China keeps one time all year, eight hours before UTC.

use crate::Timestamp;

const EAST_S: i64 = 8 * 3_600;

/// The day of the week and the minute of the day in Asia/Shanghai.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    /// Monday is 0.
    pub weekday: u8,
    /// Minutes since midnight.
    pub minute: u16,
}

impl Local {
    /// What the clock shows at a moment.
    pub fn at(moment: Timestamp) -> Self {
        let second = moment.as_second().saturating_add(EAST_S);
        // 1970 began on a Thursday.
        let weekday = second.div_euclid(86_400).saturating_add(3).rem_euclid(7);
        let minute = second.rem_euclid(86_400).div_euclid(60);
        Self {
            weekday: u8::try_from(weekday).unwrap_or_default(),
            minute: u16::try_from(minute).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_in_shanghai() {
        // Sunday 29 November 2026, 00:30 there; Saturday in Greenwich.
        for (moment, weekday, minute) in [("2026-11-28T16:30:00Z", 6, 30), ("2026-11-30T16:00:00Z", 1, 0)] {
            assert_eq!(Local::at(moment.parse().expect("a time")), Local { weekday, minute });
        }
    }
}
