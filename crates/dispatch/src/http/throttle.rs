//! Slows down guessing: after five failures from one place at one account, each further try waits longer.

use model::{SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Failures that cost nothing: people mistype.
const FREE: u32 = 5;
/// The first wait; it doubles with each failure after that.
const FIRST_WAIT_S: u64 = 5;
/// The longest wait, and after how long everything is forgotten.
const LONGEST_WAIT_S: u64 = 15 * 60;
/// Pairs remembered; the oldest are forgotten when somebody tries to fill the memory.
const REMEMBERED: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

/// Failures by account and source. An account is never locked as a whole: a guesser elsewhere must not
/// keep an operator from the desk.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<(String, String), Failures>>);

impl Throttle {
    /// How long this pair has to wait before it may try, in seconds.
    pub(crate) fn wait_s(&self, username: &str, source: &str, now: Timestamp) -> Option<u64> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = all.get(&(username.to_owned(), source.to_owned()))?;
        let over = failures.count.checked_sub(FREE)?;
        let wait_s = FIRST_WAIT_S.saturating_mul(1 << over.min(16)).min(LONGEST_WAIT_S);
        let passed_s = u64::try_from(now.duration_since(failures.last).as_secs()).unwrap_or(0);
        wait_s.checked_sub(passed_s).filter(|left| *left > 0)
    }

    pub(crate) fn failed(&self, username: &str, source: &str, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            let limit = SignedDuration::from_secs(i64::try_from(LONGEST_WAIT_S).unwrap_or(i64::MAX));
            all.retain(|_, failures| now.duration_since(failures.last) < limit);
            if all.len() >= REMEMBERED {
                all.clear();
            }
        }
        let failures =
            all.entry((username.to_owned(), source.to_owned())).or_insert(Failures { count: 0, last: now });
        *failures = Failures { count: failures.count.saturating_add(1), last: now };
    }

    pub(crate) fn succeeded(&self, username: &str, source: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&(username.to_owned(), source.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_try_waits_and_each_after_it_longer() {
        let throttle = Throttle::default();
        let at = |second: i64| Timestamp::from_second(1_795_000_000 + second).unwrap();
        for _ in 0..4 {
            throttle.failed("operator", "10.0.0.1", at(0));
            assert_eq!(throttle.wait_s("operator", "10.0.0.1", at(0)), None);
        }
        throttle.failed("operator", "10.0.0.1", at(0));
        assert_eq!(throttle.wait_s("operator", "10.0.0.1", at(1)), Some(4));
        assert_eq!(throttle.wait_s("operator", "10.0.0.2", at(1)), None, "another desk is not held up");
        assert_eq!(throttle.wait_s("operator", "10.0.0.1", at(5)), None);
        throttle.failed("operator", "10.0.0.1", at(5));
        assert_eq!(throttle.wait_s("operator", "10.0.0.1", at(5)), Some(10));
        throttle.succeeded("operator", "10.0.0.1");
        assert_eq!(throttle.wait_s("operator", "10.0.0.1", at(5)), None);
    }
}
