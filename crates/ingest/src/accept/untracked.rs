//! Whose positions are not kept: the resident took back the consent to it. Presses and falls go on, with the position
//! they bring. Of other positions it is noted that one came, for the silence of a handset is told all the same: somebody may want
//! its button.

use bus::POLL_EVERY;
use model::{HandsetId, SignedDuration, Timestamp};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::Store;
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How often it is looked for changes: a withdrawal holds within this.
const LOOK_EVERY: Duration = POLL_EVERY.saturating_mul(4);

/// A position that is not kept is noted as a sign of life at most so often: half of the shortest heartbeat a policy can have.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(15);

/// The handsets, once they are known, and when each was last noted to be alive.
#[derive(Debug)]
pub(super) struct Untracked {
    known: watch::Receiver<Option<Arc<HashSet<HandsetId>>>>,
    noted: Mutex<HashMap<HandsetId, Timestamp>>,
}

impl Untracked {
    /// Follows the store on the tracker until stopped.
    pub(super) fn follow(store: Store, tracker: &TaskTracker, stop: CancellationToken) -> Self {
        let (known, receiver) = watch::channel(None);
        tracker.spawn(async move {
            let mut look = tokio::time::interval(LOOK_EVERY);
            look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            while stop.run_until_cancelled(look.tick()).await.is_some() {
                match store.untracked_handsets().await {
                    Ok(found) => {
                        let found: HashSet<HandsetId> = found.into_iter().collect();
                        known.send_if_modified(|held| {
                            let is_news = held.as_deref() != Some(&found);
                            if is_news {
                                *held = Some(Arc::new(found));
                            }
                            is_news
                        });
                    }
                    Err(error) => tracing::warn!(event = "untracked_unreadable", %error),
                }
            }
        });
        Self { known: receiver, noted: Mutex::default() }
    }

    /// Whether this handset's positions are not kept. Waits for the first look after a start; a position is in no hurry.
    pub(super) async fn holds(&self, handset: &HandsetId) -> bool {
        if let Some(known) = &*self.known.borrow() {
            return known.contains(handset);
        }
        let mut receiver = self.known.clone();
        // Whoever follows is gone only when the platform stops.
        let known = receiver.wait_for(Option::is_some).await;
        known.is_ok_and(|known| known.as_ref().is_some_and(|known| known.contains(handset)))
    }

    /// Whether it is time to note that this handset is alive; if so, it is taken to be noted.
    pub(super) fn is_due(&self, handset: &HandsetId, now: Timestamp) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent =
            |last: &Timestamp| (SignedDuration::ZERO..NOTED_EVERY).contains(&now.duration_since(*last));
        if noted.get(handset).is_some_and(is_recent) {
            return false;
        }
        noted.insert(handset.clone(), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_handset_is_noted_now_and_then() {
        let untracked = Untracked { known: watch::channel(None).1, noted: Mutex::default() };
        let at = |second| Timestamp::from_second(second).unwrap();
        let [one, other] = ["h1", "h2"].map(|id| HandsetId::new(id).unwrap());
        for (handset, second, is_due) in [
            (&one, 100, true),
            (&one, 114, false),
            (&other, 114, true),
            (&one, 115, true),
            (&one, 116, false),
            // The clock was set back.
            (&one, 50, true),
        ] {
            assert_eq!(untracked.is_due(handset, at(second)), is_due, "{handset} at {second} s");
        }
    }
}
