//! Slows down guessing: after five failures from one place at one account, each further try waits longer. Whoever guesses at
//! one account from many places gets one try in five seconds, all of them together; in a network where somebody is logged in
//! nobody waits for them. So no account is ever locked: a guesser must not keep an operator from the desk, or a centre. Whoever
//! is logged in and says a password once more is counted by what they have and strangers have not: their session, not their
//! network. Codes of a second factor are counted by themselves.

use model::Timestamp;
use std::{
    cmp::Reverse,
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Failures that cost nothing: people mistype.
const FREE: u32 = 5;
/// The first wait; it doubles with each failure after that.
const FIRST_WAIT_S: u64 = 5;
/// The longest wait, and after how long everything is forgotten.
const LONGEST_WAIT_S: u64 = 15 * 60;
/// Tries at one account that cost nothing, from all places together where nobody is logged in.
const FREE_TO_STRANGERS: u32 = 50;
/// Between two of them after that.
const STRANGERS_WAIT_S: u64 = 5;
/// What is remembered of each kind; beyond it those with the fewest failures are forgotten, and of these the oldest.
const REMEMBERED: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    fn passed_s(self, now: Timestamp) -> u64 {
        u64::try_from(now.duration_since(self.last).as_secs()).unwrap_or(0)
    }
}

/// An account and the network or the session of whoever tries.
type Pair = (String, String);

#[derive(Debug, Default)]
struct Memory {
    pairs: HashMap<Pair, Failures>,
    /// Wrong codes of a second factor. Whoever gives one knows the password, so that a right password does not wipe them out.
    codes: HashMap<Pair, Failures>,
    /// By account: the tries from where nobody is logged in.
    strangers: HashMap<String, Failures>,
    /// Networks in which somebody is logged in, or was since the start.
    homes: HashMap<String, Failures>,
}

/// Why a try has to wait, and how many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Too many failures from this place.
    Here(u64),
    /// Too many at this account, from places where nobody is logged in, and this is one.
    Strangers(u64),
}

/// The failures of all.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Memory>);

impl Throttle {
    /// Begins a try of this pair, or says how long it has to wait. The try counts as failed until
    /// [`Throttle::succeeded`]: a hundred at once are a hundred, not one.
    pub(crate) fn begin(&self, username: &str, source: &str, now: Timestamp) -> Result<(), Wait> {
        let mut memory = self.locked();
        let pair = (username.to_owned(), source.to_owned());
        let of_pair = fresh(&mut memory.pairs, &pair, now);
        if let Some(left_s) = of_pair.and_then(|failures| left_of_pair_s(failures, now)) {
            return Err(Wait::Here(left_s));
        }
        if !memory.homes.contains_key(source) {
            let of_strangers = fresh(&mut memory.strangers, &pair.0, now);
            let is_full = |failures: &Failures| failures.count >= FREE_TO_STRANGERS;
            let passed_s = of_strangers.filter(is_full).map(|failures| failures.passed_s(now));
            let left_s = passed_s.and_then(|passed_s| STRANGERS_WAIT_S.checked_sub(passed_s));
            if let Some(left_s) = left_s.filter(|left_s| *left_s > 0) {
                return Err(Wait::Strangers(left_s));
            }
            count(&mut memory.strangers, pair.0.clone(), now);
        }
        count(&mut memory.pairs, pair, now);
        Ok(())
    }

    /// The account was let in there.
    pub(crate) fn succeeded(&self, username: &str, source: &str, now: Timestamp) {
        self.locked().pairs.remove(&(username.to_owned(), source.to_owned()));
        self.note_home(source, now);
    }

    /// Begins a try by somebody who is logged in, or says how many seconds it has to wait. It counts as failed until
    /// [`Throttle::succeeded_inside`].
    pub(crate) fn begin_inside(&self, username: &str, session: &str, now: Timestamp) -> Result<(), u64> {
        begin_of(&mut self.locked().pairs, (username.to_owned(), session.to_owned()), now)
    }

    /// The password of the account was right there.
    pub(crate) fn succeeded_inside(&self, username: &str, session: &str) {
        self.locked().pairs.remove(&(username.to_owned(), session.to_owned()));
    }

    /// Begins a try of a code for this account from there, or says how many seconds it has to wait. It counts as wrong until
    /// [`Throttle::code_was_right`].
    pub(crate) fn begin_code(&self, username: &str, source: &str, now: Timestamp) -> Result<(), u64> {
        begin_of(&mut self.locked().codes, (username.to_owned(), source.to_owned()), now)
    }

    /// A code of the account was right there.
    pub(crate) fn code_was_right(&self, username: &str, source: &str) {
        self.locked().codes.remove(&(username.to_owned(), source.to_owned()));
    }

    /// Somebody is logged in there.
    pub(crate) fn note_home(&self, source: &str, now: Timestamp) {
        count(&mut self.locked().homes, source.to_owned(), now);
    }

    fn locked(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is not forgotten yet of a key.
fn fresh<K: Eq + Hash>(all: &mut HashMap<K, Failures>, key: &K, now: Timestamp) -> Option<Failures> {
    let known = *all.get(key)?;
    if known.passed_s(now) < LONGEST_WAIT_S {
        return Some(known);
    }
    all.remove(key);
    None
}

/// Counts a try, or says how many seconds it has to wait.
fn begin_of(all: &mut HashMap<Pair, Failures>, pair: Pair, now: Timestamp) -> Result<(), u64> {
    let wrong = fresh(all, &pair, now);
    if let Some(left_s) = wrong.and_then(|failures| left_of_pair_s(failures, now)) {
        return Err(left_s);
    }
    count(all, pair, now);
    Ok(())
}

fn left_of_pair_s(failures: Failures, now: Timestamp) -> Option<u64> {
    let over = failures.count.checked_sub(FREE)?;
    let wait_s = FIRST_WAIT_S.saturating_mul(1 << over.min(16)).min(LONGEST_WAIT_S);
    wait_s.checked_sub(failures.passed_s(now)).filter(|left_s| *left_s > 0)
}

fn count<K: Eq + Hash>(all: &mut HashMap<K, Failures>, key: K, now: Timestamp) {
    if all.len() >= REMEMBERED && !all.contains_key(&key) {
        forget_half(all);
    }
    let known = all.entry(key).or_insert(Failures { count: 0, last: now });
    *known = Failures { count: known.count.saturating_add(1), last: now };
}

/// Whoever tries to fill the memory makes it forget what they filled it with.
fn forget_half<K: Eq + Hash>(all: &mut HashMap<K, Failures>) {
    let mut entries: Vec<(K, Failures)> = all.drain().collect();
    entries.sort_by_key(|(_, failures)| Reverse((failures.count, failures.last)));
    all.extend(entries.into_iter().take(REMEMBERED / 2));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    #[test]
    fn the_sixth_try_waits_and_each_after_it_longer() {
        let throttle = Throttle::default();
        let begin = |source: &str, second| throttle.begin("operator", source, at(second));
        for nth in 0..5 {
            assert_eq!(begin("10.0.0.1", 0), Ok(()), "{nth}");
        }
        assert_eq!(begin("10.0.0.1", 1), Err(Wait::Here(4)));
        assert_eq!(begin("10.0.0.2", 1), Ok(()), "another desk is not held up");
        assert_eq!(begin("10.0.0.1", 5), Ok(()));
        assert_eq!(begin("10.0.0.1", 5), Err(Wait::Here(10)));
        throttle.succeeded("operator", "10.0.0.1", at(5));
        assert_eq!(begin("10.0.0.1", 5), Ok(()));
        for _ in 0..20 {
            count(&mut throttle.locked().pairs, ("operator".to_owned(), "10.0.0.1".to_owned()), at(6));
        }
        assert_eq!(begin("10.0.0.1", 7), Err(Wait::Here(899)));
        assert_eq!(begin("10.0.0.1", 6 + 900), Ok(()), "a quarter of an hour later it is forgotten");
        assert_eq!(begin("10.0.0.1", 6 + 900), Ok(()));
    }

    #[test]
    fn a_right_password_does_not_begin_the_codes_anew() {
        let throttle = Throttle::default();
        let begin = |source: &str, second| throttle.begin_code("operator", source, at(second));
        for nth in 0..5 {
            throttle.begin("operator", "10.0.0.1", at(0)).unwrap();
            throttle.succeeded("operator", "10.0.0.1", at(0));
            assert_eq!(begin("10.0.0.1", 0), Ok(()), "{nth}");
        }
        throttle.succeeded("operator", "10.0.0.1", at(1));
        assert_eq!(begin("10.0.0.1", 1), Err(4));
        assert_eq!(begin("10.0.0.2", 1), Ok(()), "another desk is not held up");
        assert_eq!(throttle.begin("operator", "10.0.0.1", at(1)), Ok(()), "nor is a password");
        assert_eq!(begin("10.0.0.1", 5), Ok(()));
        assert_eq!(begin("10.0.0.1", 5), Err(10));
        throttle.code_was_right("operator", "10.0.0.1");
        assert_eq!(begin("10.0.0.1", 5), Ok(()));
    }

    #[test]
    fn strangers_of_the_same_network_hold_up_nobody_who_is_logged_in() {
        let throttle = Throttle::default();
        let desk = "session 0123456789abcdef";
        for _ in 0..20 {
            count(&mut throttle.locked().pairs, ("operator".to_owned(), "centre".to_owned()), at(0));
        }
        for _ in 0..2 * FREE_TO_STRANGERS {
            count(&mut throttle.locked().strangers, "operator".to_owned(), at(0));
        }
        assert_eq!(throttle.begin("operator", "centre", at(1)), Err(Wait::Here(899)));
        for nth in 0..5 {
            assert_eq!(throttle.begin_inside("operator", desk, at(1)), Ok(()), "{nth}");
        }
        assert_eq!(throttle.begin_inside("operator", desk, at(1)), Err(5), "guessing at the desk itself");
        assert_eq!(throttle.begin_inside("operator", "session 2", at(1)), Ok(()), "another desk of theirs");
        throttle.succeeded_inside("operator", desk);
        assert_eq!(throttle.begin_inside("operator", desk, at(1)), Ok(()));
        assert_eq!(
            throttle.begin("operator", "centre", at(2)),
            Err(Wait::Here(898)),
            "nor does it help them"
        );
    }

    #[test]
    fn guesses_from_many_places_are_slow_together_and_hold_up_no_centre() {
        let throttle = Throttle::default();
        throttle.succeeded("supervisor", "desk", at(0));
        let begin = |username: &str, source: &str, second| throttle.begin(username, source, at(second));
        let got_in = |from: u32, second| {
            let tries = (from..from + 1_000).map(|nth| begin("operator", &format!("net-{nth}"), second));
            tries.flatten().count()
        };
        assert_eq!(got_in(0, 1), 50);
        assert_eq!(begin("operator", "net-2000", 2), Err(Wait::Strangers(4)));
        assert_eq!((got_in(3_000, 6), got_in(4_000, 10), got_in(5_000, 11)), (1, 0, 1));
        assert_eq!(begin("operator", "desk", 11), Ok(()), "somebody was let in here");
        throttle.note_home("home", at(11));
        assert_eq!(begin("operator", "home", 11), Ok(()));
        assert_eq!(begin("supervisor", "net-1", 11), Ok(()), "other accounts are not held up");
        assert_eq!(got_in(6_000, 11 + 900), 50, "a quarter of an hour later it is forgotten");
    }

    #[test]
    fn who_fills_the_memory_is_not_forgotten_for_it() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            throttle.begin("admin", "guesser", at(0)).unwrap();
        }
        for nth in 0..3 * REMEMBERED {
            throttle.begin(&format!("nobody-{nth}"), "guesser", at(1)).unwrap();
        }
        assert_eq!(throttle.begin("admin", "guesser", at(1)), Err(Wait::Here(4)));
        assert!(throttle.locked().pairs.len() <= REMEMBERED);
    }
}
