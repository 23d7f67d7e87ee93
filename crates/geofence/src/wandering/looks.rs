//! What several looks at a way come to. Errors make up a pattern for a look or two; what somebody does lasts. So the odds of the
//! looks are averaged, the newer ones more, and moderate odds that stay say as much as high ones that go.

use crate::number;
use serde::{Deserialize, Serialize};

/// How long a look counts, in seconds.
const LASTS_S: f64 = 150.0;
/// After a longer while without a look the next says no more than after this.
const MOST_S: f64 = 60.0;
/// No look says more than this against a pattern, as a logarithm of odds, or for it; nothing to be judged says the least.
const LEAST: f64 = -3.0;
const MOST: f64 = 6.0;
/// A pattern is looked for so often, in seconds.
pub const EVERY_S: f64 = 40.0;
/// And so often while all speaks against one, which is below this: it takes minutes until it can be another.
const SELDOM_S: f64 = 120.0;
const SELDOM: f64 = -2.5;

/// The odds of the looks at a way in the mean, as a logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Looks(f32);

impl Default for Looks {
    fn default() -> Self {
        Self(number::single(LEAST))
    }
}

impl Looks {
    /// How long after the last look the next is due.
    pub fn due_s(self) -> f64 {
        if f64::from(self.0) < SELDOM { SELDOM_S } else { EVERY_S }
    }

    /// Takes a look so many seconds after the one before: the odds of the likeliest stretch, if any could be judged. Says what all
    /// of them come to.
    pub fn take(&mut self, odds: Option<f64>, passed_s: f64) -> f64 {
        let odds = odds.unwrap_or(LEAST).clamp(LEAST, MOST);
        let share = 1.0 - (-passed_s.clamp(0.0, MOST_S) / LASTS_S).exp();
        let before = f64::from(self.0);
        let now = before + share * (odds - before);
        self.0 = number::single(now);
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_high_look_says_little_and_moderate_ones_that_stay_say_it_all() {
        let mut looks = Looks::default();
        assert!(looks.take(Some(40.0), 40.0) < 0.0);
        assert!(looks.take(None, 40.0) < 0.0);
        let after = (0..30).fold(0.0, |_, _| looks.take(Some(2.0), 40.0));
        assert!((1.9..2.0).contains(&after), "{after}");
        assert!(looks.take(Some(f64::NEG_INFINITY), 1e9) < 0.7);
    }
}
