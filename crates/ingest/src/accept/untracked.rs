//! Whose positions are not kept: the resident took back the consent to it. Presses and falls go on, with the position
//! they bring.

use bus::POLL_EVERY;
use model::HandsetId;
use std::{collections::HashSet, sync::Arc, time::Duration};
use store::Store;
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How often it is looked for changes: a withdrawal holds within this.
const LOOK_EVERY: Duration = POLL_EVERY.saturating_mul(4);

/// The handsets, once they are known.
#[derive(Debug)]
pub(super) struct Untracked(watch::Receiver<Option<Arc<HashSet<HandsetId>>>>);

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
        Self(receiver)
    }

    /// Whether this handset's positions are not kept. Waits for the first look after a start; a position is in no hurry.
    pub(super) async fn holds(&self, handset: &HandsetId) -> bool {
        if let Some(known) = &*self.0.borrow() {
            return known.contains(handset);
        }
        let mut receiver = self.0.clone();
        // Whoever follows is gone only when the platform stops.
        let known = receiver.wait_for(Option::is_some).await;
        known.is_ok_and(|known| known.as_ref().is_some_and(|known| known.contains(handset)))
    }
}
