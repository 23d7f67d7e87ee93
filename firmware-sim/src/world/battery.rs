//! A battery that is used up by day and charged at home.

use std::time::Duration;

/// A charge lasts about a day; the charger fills it in an hour and a half.
const USED_PCT_PER_H: f64 = 4.0;
const CHARGED_PCT_PER_H: f64 = 65.0;
/// People put the handset on its charger below the first figure and take it off above the second.
const CHARGE_BELOW_PCT: f64 = 35.0;
const FULL_ENOUGH_PCT: f64 = 96.0;

/// The charge of one handset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Battery {
    charge_pct: f64,
    charging: bool,
}

impl Battery {
    /// A battery with that much in it, in percent.
    pub fn charged(charge_pct: f64) -> Self {
        Self { charge_pct, charging: false }
    }

    /// Time passes, at home or out.
    pub fn step(&mut self, passed: Duration, at_home: bool) {
        let hours = passed.as_secs_f64() / 3600.0;
        let change = if self.charging { CHARGED_PCT_PER_H } else { -USED_PCT_PER_H };
        self.charge_pct = (self.charge_pct + change * hours).clamp(1.0, 100.0);
        let keep_on = self.charging && self.charge_pct < FULL_ENOUGH_PCT;
        self.charging = at_home && (keep_on || self.charge_pct < CHARGE_BELOW_PCT);
    }

    /// What is left, in percent.
    pub fn charge_pct(self) -> f64 {
        self.charge_pct
    }

    /// Whether it hangs on the charger.
    pub fn charging(self) -> bool {
        self.charging
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_charged_at_home_only() {
        let mut battery = Battery::charged(30.0);
        battery.step(Duration::from_mins(1), false);
        assert!(!battery.charging());
        battery.step(Duration::from_mins(1), true);
        assert!(battery.charging());
        battery.step(Duration::from_hours(1), true);
        assert!(battery.charge_pct() > 90.0);
        battery.step(Duration::from_mins(1), false);
        assert!(!battery.charging());
    }
}
