//! What is told of wrong secrets under a handset's name: once an hour, on the list of the day.
//!
//! It may be an app that was set up wrongly, or somebody guessing. Nobody is woken by it, and the handset is never
//! locked out by it.

use model::{HandsetId, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use store::{NoteRefusedLogIn, Store};
use tokio_util::task::TaskTracker;

/// The hour in which each handset was last told of. Only handsets that exist have an entry.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<HashMap<HandsetId, i64>>);

impl Refusals {
    /// A log-in under this name was refused. The one who tried is not kept waiting for the disk.
    pub(super) fn note(&self, handset: &HandsetId, store: &Store, tracker: &TaskTracker, at: Timestamp) {
        let note = NoteRefusedLogIn { handset: handset.clone(), at };
        if !self.is_first(handset, note.hour()) {
            return;
        }
        let (store, handset) = (store.clone(), handset.clone());
        tracker.spawn(async move {
            if let Err(error) = store.write(note).await {
                tracing::warn!(event = "refused_login_not_noted", %error, %handset);
            }
        });
    }

    fn is_first(&self, handset: &HandsetId, hour: i64) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(handset.clone(), hour) != Some(hour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_handset_is_told_of_once_an_hour() {
        let refusals = Refusals::default();
        let [h1, h2] = ["h1", "h2"].map(|name| HandsetId::new(name).unwrap());
        assert!(refusals.is_first(&h1, 7) && refusals.is_first(&h2, 7));
        assert!(!refusals.is_first(&h1, 7) && !refusals.is_first(&h2, 7));
        assert!(refusals.is_first(&h1, 8));
    }
}
