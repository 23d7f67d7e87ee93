//! A battery that is used up by day and charged at home, unless that is forgotten.

use rand::{RngExt, rngs::StdRng};
use std::time::Duration;

/// A charge lasts about a day; the charger fills it in an hour and a half.
const USED_PCT_PER_H: f64 = 4.0;
const CHARGED_PCT_PER_H: f64 = 65.0;
/// People put the handset on its charger below the first figure and take it off above the second.
const CHARGE_BELOW_PCT: f64 = 35.0;
const FULL_ENOUGH_PCT: f64 = 96.0;
/// Who forgot it thinks of it again after this time.
const FORGOTTEN_FOR: Duration = Duration::from_hours(3);

/// The charge of one handset, and what its person does about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Battery {
    charge_pct: f64,
    charging: bool,
    /// How often charging is forgotten when it is needed, from 0 to 1.
    forgets: f64,
    /// So long it will not be thought of.
    forgotten_for: Duration,
}

impl Battery {
    /// A battery with that much in it, in percent, of a person who never forgets it.
    pub fn charged(charge_pct: f64) -> Self {
        Self { charge_pct, charging: false, forgets: 0.0, forgotten_for: Duration::ZERO }
    }

    /// Of a person who forgets it that often when it should be charged.
    #[must_use]
    pub fn of_a_person_who_forgets(self, share: f64) -> Self {
        Self { forgets: share, ..self }
    }

    /// Time passes, at home or out.
    pub fn step(&mut self, passed: Duration, at_home: bool, rng: &mut StdRng) {
        let hours = passed.as_secs_f64() / 3600.0;
        let change = if self.charging { CHARGED_PCT_PER_H } else { -USED_PCT_PER_H };
        self.charge_pct = (self.charge_pct + change * hours).clamp(0.0, 100.0);
        self.forgotten_for = self.forgotten_for.saturating_sub(passed);
        let keep_on = self.charging && self.charge_pct < FULL_ENOUGH_PCT;
        let needs_it = self.charge_pct < CHARGE_BELOW_PCT && self.forgotten_for.is_zero();
        if at_home && needs_it && !self.charging && self.forgets > 0.0 && rng.random_bool(self.forgets) {
            self.forgotten_for = FORGOTTEN_FOR;
            return;
        }
        self.charging = at_home && (keep_on || needs_it);
    }

    /// Somebody puts it on the charger, whatever the owner forgot.
    pub fn put_on_charger(&mut self) {
        (self.charging, self.forgotten_for) = (true, Duration::ZERO);
    }

    /// What is left, in percent.
    pub fn charge_pct(self) -> f64 {
        self.charge_pct
    }

    /// Whether it hangs on the charger.
    pub fn charging(self) -> bool {
        self.charging
    }

    /// Whether there is nothing left to run on.
    pub fn is_empty(self) -> bool {
        self.charge_pct <= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    #[test]
    fn it_is_charged_at_home_only() {
        let mut rng = seed::generator(1, "test", "h");
        let mut battery = Battery::charged(30.0);
        battery.step(Duration::from_mins(1), false, &mut rng);
        assert!(!battery.charging());
        battery.step(Duration::from_mins(1), true, &mut rng);
        assert!(battery.charging());
        battery.step(Duration::from_hours(1), true, &mut rng);
        assert!(battery.charge_pct() > 90.0);
        battery.step(Duration::from_mins(1), false, &mut rng);
        assert!(!battery.charging());
    }

    #[test]
    fn forgotten_it_runs_down_to_nothing_and_somebody_else_can_charge_it() {
        let mut rng = seed::generator(1, "test", "h");
        let mut battery = Battery::charged(30.0).of_a_person_who_forgets(1.0);
        for _ in 0..60 * 8 {
            battery.step(Duration::from_mins(1), true, &mut rng);
            assert!(!battery.charging());
        }
        assert!(battery.is_empty());
        battery.put_on_charger();
        battery.step(Duration::from_mins(10), true, &mut rng);
        assert!(battery.charging() && battery.charge_pct() > 10.0);
    }

    #[test]
    fn somebody_who_forgets_now_and_then_is_late_but_comes_round() {
        let mut lowest: f64 = 100.0;
        for seed_number in 0..40 {
            let mut rng = seed::generator(seed_number, "test", "h");
            let mut battery = Battery::charged(36.0).of_a_person_who_forgets(0.5);
            for _ in 0..60 * 24 {
                battery.step(Duration::from_mins(1), true, &mut rng);
                lowest = lowest.min(battery.charge_pct());
            }
        }
        assert!(lowest < 20.0, "{lowest}");
    }
}
