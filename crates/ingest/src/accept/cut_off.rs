//! Sending sessions away whose handset was reported stolen, has a new secret or lost a telephone: they must log in again,
//! and the stolen one cannot.
//!
//! Changes are followed by their numbers, which are given as they are committed. Whenever one was asked for, it is seen once it
//! is on disk.

use crate::endpoint::Sessions;
use bus::POLL_EVERY;
use model::HandsetId;
use std::{collections::VecDeque, time::Duration};
use store::{Store, StoreError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A log-in that was being checked when the change came has its seat by then: the handshake gives up before.
const ONCE_MORE_AFTER: Duration = Duration::from_secs(12);

/// How far the changes were followed, and whose sessions are still to be dismissed once more, the oldest first.
#[derive(Debug)]
struct Follower {
    seen: i64,
    once_more: VecDeque<(Instant, HandsetId)>,
}

impl Follower {
    async fn look(&mut self, store: &Store, sessions: &Sessions) -> Result<(), StoreError> {
        let now = Instant::now();
        while self.once_more.front().is_some_and(|(at, _)| *at <= now) {
            if let Some((_, handset)) = self.once_more.pop_front() {
                sessions.dismiss(&handset);
            }
        }
        for (handset, number) in store.handsets_changed(self.seen).await? {
            sessions.dismiss(&handset);
            self.once_more.push_back((now + ONCE_MORE_AFTER, handset));
            self.seen = number;
        }
        Ok(())
    }
}

/// Runs until stopped.
pub async fn dismiss_changed(store: Store, sessions: Sessions, stop: CancellationToken) {
    let mut follower: Option<Follower> = None;
    let mut poll = tokio::time::interval(POLL_EVERY);
    poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(poll.tick()).await.is_some() {
        let looked = match &mut follower {
            Some(follower) => follower.look(&store, &sessions).await,
            // What changed before is known to whoever logs in from now on.
            None => store.handset_changes_end().await.map(|seen| {
                follower = Some(Follower { seen, once_more: VecDeque::new() });
            }),
        };
        if let Err(error) = looked {
            tracing::warn!(event = "handset_changes_unreadable", %error);
        }
    }
}
