//! Slows guessing down without ever locking a right password out.
//!
//! A handset that has proved itself is known at once and never comes here; nor does a wrong password that was tried
//! before. What is left needs a slow hash. Of one address one log-in is checked at a time, in the order in which they
//! came, and after some failures with a pause before each. So whoever guesses gets a few tries a second and takes
//! nobody else's time, and a right password is always checked in its turn.

use crate::network::network;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Failures that cost nothing: people mistype.
const FREE: u32 = 5;
/// The pause before each check after that.
const PAUSE: Duration = Duration::from_millis(200);
/// After so long without a failure all are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_mins(15);
/// Log-ins of one address that may wait for their turn.
const WAITING: usize = 64;
/// Addresses remembered; beyond it those that are at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// The turns of every address.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<IpAddr, Arc<Place>>>);

#[derive(Debug)]
struct Place {
    /// One check at a time, first come, first served.
    turn: Arc<Semaphore>,
    /// Room to wait in.
    room: Arc<Semaphore>,
    failures: Mutex<Failures>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Failures {
    count: u32,
    last: Option<Instant>,
}

/// Too many wait already.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Crowded;

/// One log-in's turn to be checked.
#[derive(Debug)]
pub(super) struct Turn {
    place: Arc<Place>,
    _waited: OwnedSemaphorePermit,
    _checked: OwnedSemaphorePermit,
}

impl Turns {
    /// Waits for the turn of a log-in from this address.
    pub(super) async fn take(&self, source: IpAddr) -> Result<Turn, Crowded> {
        let place = self.place(source);
        let waited = Arc::clone(&place.room).try_acquire_owned().map_err(|_full| Crowded)?;
        let turn = Arc::clone(&place.turn).acquire_owned().await.map_err(|_closed| Crowded)?;
        if place.failed(Instant::now()) >= FREE {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(Turn { place, _waited: waited, _checked: turn })
    }

    fn place(&self, source: IpAddr) -> Arc<Place> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= REMEMBERED {
            let now = Instant::now();
            places.retain(|_, place| Arc::strong_count(place) > 1 || place.failed(now) > 0);
        }
        if places.len() >= REMEMBERED {
            places.retain(|_, place| Arc::strong_count(place) > 1);
        }
        Arc::clone(places.entry(network(source)).or_default())
    }
}

impl Default for Place {
    fn default() -> Self {
        Self {
            turn: Arc::new(Semaphore::new(1)),
            room: Arc::new(Semaphore::new(WAITING)),
            failures: Mutex::default(),
        }
    }
}

impl Place {
    /// How many failures are not forgotten yet.
    fn failed(&self, now: Instant) -> u32 {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |last: Instant| now.duration_since(last) < FORGOTTEN_AFTER;
        if failures.last.is_some_and(is_fresh) { failures.count } else { 0 }
    }
}

impl Turn {
    /// The password was wrong.
    pub(super) fn failed(&self) {
        let now = Instant::now();
        let count = self.place.failed(now).saturating_add(1);
        *self.place.failures.lock().unwrap_or_else(PoisonError::into_inner) =
            Failures { count, last: Some(now) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn one_address_is_checked_one_at_a_time_and_holds_up_no_other() {
        let turns = Arc::new(Turns::default());
        let (here, there) = (address("10.0.0.1"), address("10.0.0.2"));
        let first = turns.take(here).await.unwrap();
        let mut second = Box::pin(turns.take(here));
        assert!(futures_util::poll!(&mut second).is_pending());
        turns.take(there).await.unwrap();
        drop(first);
        second.await.unwrap();
    }

    #[tokio::test]
    async fn after_many_failures_a_right_one_still_gets_its_turn() {
        let turns = Turns::default();
        let here = address("10.0.0.1");
        for _ in 0..FREE + 3 {
            turns.take(here).await.unwrap().failed();
        }
        assert!(turns.place(here).failed(Instant::now()) > FREE);
        turns.take(here).await.unwrap();
        let later = Instant::now() + FORGOTTEN_AFTER;
        assert_eq!(turns.place(here).failed(later), 0);
    }

    #[tokio::test]
    async fn only_so_many_wait() {
        let turns = Turns::default();
        let here = address("::ffff:10.0.0.1");
        let turn = turns.take(here).await.unwrap();
        let mut waiting: Vec<_> = (1..WAITING).map(|_| Box::pin(turns.take(address("10.0.0.1")))).collect();
        for one in &mut waiting {
            assert!(futures_util::poll!(one).is_pending());
        }
        assert_eq!(turns.take(here).await.unwrap_err(), Crowded);
        drop(turn);
        waiting.remove(0).await.unwrap();
    }
}
