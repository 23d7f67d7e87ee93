//! What is told of odd log-ins: once an hour and handset, on the list of the day.
//!
//! A wrong secret under its name may be an app that was set up wrongly, or somebody guessing. A handset that speaks from two
//! networks at once has a double, who has its secret. Nobody is woken by it, and the handset is never locked out by it.

use crate::endpoint::Sessions;
use model::{HandsetId, SignalKind, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use store::{Clock, NoteLogIn, Store};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long two sessions are heard side by side before there are two who speak: who moves to another network leaves the old
/// session silent.
const SIDE_BY_SIDE: Duration = Duration::from_mins(2);
/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// The hour in which each handset was last told of. Only handsets that exist have an entry.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<HashMap<HandsetId, i64>>);

impl Refusals {
    /// A log-in under this name was refused. The one who tried is not kept waiting for the disk.
    pub(super) fn note(&self, handset: &HandsetId, store: &Store, tracker: &TaskTracker, at: Timestamp) {
        let note = NoteLogIn { kind: SignalKind::LoginRefused, handset: handset.clone(), at };
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

/// Tells of handsets that speak from two places at once, until stopped.
pub async fn tell_doubles(store: Store, clock: Clock, sessions: Sessions, stop: CancellationToken) {
    let told = Refusals::default();
    while stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_some() {
        for handset in sessions.in_two_places(SIDE_BY_SIDE) {
            let note = NoteLogIn { kind: SignalKind::TwoPlaces, handset, at: clock.now() };
            if !told.is_first(&note.handset, note.hour()) {
                continue;
            }
            tracing::warn!(event = "handset_in_two_places", handset = %note.handset);
            if let Err(error) = store.write(note).await {
                tracing::warn!(event = "two_places_not_noted", %error);
            }
        }
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
