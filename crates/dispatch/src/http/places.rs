//! Places for connections, and who gives way when none is left.
//!
//! Whoever asked with a session that runs keeps its place. When all are taken, the oldest of the others gives its own to
//! the newcomer: thousands of silent connections, from however many addresses, keep no browser out.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// The places of a server; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Places {
    most: usize,
    free: Arc<Semaphore>,
    /// In order of arrival; the dead among them are gone.
    strangers: Arc<Mutex<VecDeque<Weak<Guest>>>>,
}

/// Who has a place.
#[derive(Debug, Default)]
pub(super) struct Guest {
    is_known: AtomicBool,
    sent_away: CancellationToken,
}

/// A place, free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    guest: Arc<Guest>,
    _free: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(most: usize) -> Self {
        Self { most, free: Arc::new(Semaphore::new(most)), strangers: Arc::default() }
    }

    pub(super) fn left(&self) -> usize {
        self.free.available_permits()
    }

    /// Waits for a place: not at all if there is one, and hardly if a stranger has one.
    pub(super) async fn take(&self) -> Option<Place> {
        let free = match Arc::clone(&self.free).try_acquire_owned() {
            Ok(free) => free,
            Err(_taken) => {
                self.send_one_away();
                Arc::clone(&self.free).acquire_owned().await.ok()?
            }
        };
        let guest = Arc::new(Guest::default());
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        if strangers.len() >= self.most.saturating_mul(2) {
            strangers.retain(|stranger| stranger.strong_count() > 0);
        }
        strangers.push_back(Arc::downgrade(&guest));
        Some(Place { guest, _free: free })
    }

    fn send_one_away(&self) {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(oldest) = strangers.pop_front() {
            let Some(guest) = oldest.upgrade() else { continue };
            if !guest.is_known.load(Ordering::Relaxed) {
                guest.sent_away.cancel();
                return;
            }
        }
    }
}

impl Guest {
    /// It has shown a session that runs, and keeps its place.
    pub(super) fn keep_place(&self) {
        self.is_known.store(true, Ordering::Relaxed);
    }
}

impl Place {
    pub(super) fn guest(&self) -> &Arc<Guest> {
        &self.guest
    }

    /// Waits until the place is wanted for somebody else.
    pub(super) async fn sent_away(&self) {
        self.guest.sent_away.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn the_oldest_stranger_gives_way_and_whoever_is_known_stays() {
        let places = Places::new(3);
        let known = places.take().await.expect("a place");
        known.guest().keep_place();
        let (older, newer) = (places.take().await.expect("a place"), places.take().await.expect("a place"));
        let mut wanted = Box::pin(places.take());
        assert!((&mut wanted).now_or_never().is_none(), "all are taken");
        assert!(older.sent_away().now_or_never().is_some());
        assert!(known.sent_away().now_or_never().is_none() && newer.sent_away().now_or_never().is_none());
        drop(older);
        let newcomer = wanted.await.expect("the place of the older");
        newer.guest().keep_place();
        newcomer.guest().keep_place();
        let mut wanted = Box::pin(places.take());
        assert!((&mut wanted).now_or_never().is_none(), "nobody gives way");
        drop(known);
        wanted.await.expect("a place");
        assert_eq!(places.left(), 1);
    }

    #[tokio::test]
    async fn those_who_left_are_not_remembered() {
        let places = Places::new(2);
        let stays = places.take().await;
        for _ in 0..100 {
            places.take().await;
        }
        let strangers = places.strangers.lock().expect("the strangers").len();
        assert!(stays.is_some() && strangers <= 4, "{strangers}");
    }
}
