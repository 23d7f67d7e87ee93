//! Room for the large bodies of telephones that are known. Each has one place, so that none holds those of all.

use super::refusal::Refusal;
use model::HandsetId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places, and that of each telephone that has one or waits for it.
#[derive(Debug)]
pub(super) struct Rooms {
    all: Arc<Semaphore>,
    own: Mutex<HashMap<HandsetId, Arc<Semaphore>>>,
}

/// A place for one body.
#[derive(Debug)]
pub(super) struct Room {
    _own: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Rooms {
    pub(super) fn new(places: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(places)), own: Mutex::default() }
    }

    /// Waits so long for a place.
    pub(super) async fn take(&self, handset: &HandsetId, within: Duration) -> Result<Room, Refusal> {
        tokio::time::timeout(within, self.wait(handset)).await.unwrap_or(Err(Refusal::Busy))
    }

    async fn wait(&self, handset: &HandsetId) -> Result<Room, Refusal> {
        let own = a_place(self.own(handset)).await?;
        Ok(Room { _own: own, _of_all: a_place(Arc::clone(&self.all)).await? })
    }

    fn own(&self, handset: &HandsetId) -> Arc<Semaphore> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.retain(|_, place| Arc::strong_count(place) > 1);
        Arc::clone(own.entry(handset.clone()).or_insert_with(|| Arc::new(Semaphore::new(1))))
    }
}

/// A place of these, within so long.
pub(super) async fn take_any(
    places: &Arc<Semaphore>,
    within: Duration,
) -> Result<OwnedSemaphorePermit, Refusal> {
    tokio::time::timeout(within, a_place(Arc::clone(places))).await.unwrap_or(Err(Refusal::Busy))
}

async fn a_place(places: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Refusal> {
    places.acquire_owned().await.map_err(|_closed| Refusal::Busy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn one_telephone_has_one_place_and_whoever_finds_none_waits_for_it() {
        let rooms = Rooms::new(2);
        let [h1, h2, h3] = ["h1", "h2", "h3"].map(|name| HandsetId::new(name).unwrap());
        let first = rooms.take(&h1, AT_ONCE).await.unwrap();
        assert_eq!(rooms.take(&h1, AT_ONCE).await.unwrap_err(), Refusal::Busy, "it has one");
        let second = rooms.take(&h2, AT_ONCE).await.unwrap();
        assert_eq!(rooms.take(&h3, AT_ONCE).await.unwrap_err(), Refusal::Busy, "all are taken");
        let mut third = Box::pin(rooms.take(&h3, LONG));
        assert!(futures_util::poll!(&mut third).is_pending());
        drop(first);
        let third = third.await.unwrap();
        drop((second, third));
        rooms.take(&h1, AT_ONCE).await.unwrap();
        assert_eq!(rooms.own.lock().unwrap().len(), 1, "who has none is forgotten");
    }
}
