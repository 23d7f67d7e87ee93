//! Sending sessions away whose handset was reported stolen or has a new secret: they must log in again, and the stolen
//! one cannot.

use crate::endpoint::Sessions;
use bus::POLL_EVERY;
use model::{HandsetId, SignedDuration};
use std::collections::HashSet;
use store::{Clock, Store};
use tokio_util::sync::CancellationToken;

/// How far back changes are looked for: one is stamped before it is committed, and a disk may take its time.
const LOOKS_BACK: SignedDuration = SignedDuration::from_mins(2);

/// Runs until stopped.
pub async fn dismiss_changed(store: Store, clock: Clock, sessions: Sessions, stop: CancellationToken) {
    let began = clock.now();
    let mut done: HashSet<(HandsetId, i64)> = HashSet::new();
    let mut poll = tokio::time::interval(POLL_EVERY);
    poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(poll.tick()).await.is_some() {
        let since = clock.now().checked_sub(LOOKS_BACK).unwrap_or(began).max(began).as_microsecond();
        match store.handsets_changed(since).await {
            Ok(changed) => {
                done.retain(|(_, at)| *at > since);
                for (handset, at) in changed {
                    if done.insert((handset.clone(), at)) {
                        sessions.dismiss(&handset);
                    }
                }
            }
            Err(error) => tracing::warn!(event = "handset_changes_unreadable", %error),
        }
    }
}
