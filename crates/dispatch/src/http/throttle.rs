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
    /// Begins a try of this pair, or says how long it has to wait, in seconds. The try counts as failed until
    /// [`Throttle::succeeded`]: a hundred at once are a hundred, not one.
    pub(crate) fn begin(&self, username: &str, source: &str, now: Timestamp) -> Result<(), u64> {
        if let Some(wait_s) = self.wait_s(username, source, now) {
            return Err(wait_s);
        }
        self.failed(username, source, now);
        Ok(())
    }

    fn wait_s(&self, username: &str, source: &str, now: Timestamp) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = (username.to_owned(), source.to_owned());
        let passed_s = u64::try_from(now.duration_since(all.get(&pair)?.last).as_secs()).unwrap_or(0);
        if passed_s >= LONGEST_WAIT_S {
            all.remove(&pair);
            return None;
        }
        let over = all.get(&pair)?.count.checked_sub(FREE)?;
        let wait_s = FIRST_WAIT_S.saturating_mul(1 << over.min(16)).min(LONGEST_WAIT_S);
        wait_s.checked_sub(passed_s).filter(|left| *left > 0)
    }

    fn failed(&self, username: &str, source: &str, now: Timestamp) {
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
        let begin = |source: &str, second| throttle.begin("operator", source, at(second));
        for nth in 0..5 {
            assert_eq!(begin("10.0.0.1", 0), Ok(()), "{nth}");
        }
        assert_eq!(begin("10.0.0.1", 1), Err(4));
        assert_eq!(begin("10.0.0.2", 1), Ok(()), "another desk is not held up");
        assert_eq!(begin("10.0.0.1", 5), Ok(()));
        assert_eq!(begin("10.0.0.1", 5), Err(10));
        throttle.succeeded("operator", "10.0.0.1");
        assert_eq!(begin("10.0.0.1", 5), Ok(()));
        for _ in 0..20 {
            throttle.failed("operator", "10.0.0.1", at(6));
        }
        assert_eq!(begin("10.0.0.1", 7), Err(899));
        assert_eq!(begin("10.0.0.1", 6 + 900), Ok(()), "a quarter of an hour later it is forgotten");
        assert_eq!(begin("10.0.0.1", 6 + 900), Ok(()));
    }
}
