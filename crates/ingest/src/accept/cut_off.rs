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
    once_more: VecDeque<(Instant, HandsetId, i64)>,
}

impl Follower {
    fn since(seen: i64) -> Self {
        Self { seen, once_more: VecDeque::new() }
    }

    async fn look(&mut self, store: &Store, sessions: &Sessions) -> Result<(), StoreError> {
        let now = Instant::now();
        while self.once_more.front().is_some_and(|(at, _, _)| *at <= now) {
            if let Some((_, handset, number)) = self.once_more.pop_front() {
                sessions.dismiss(&handset, number);
            }
        }
        for (handset, number) in store.handsets_changed(self.seen).await? {
            sessions.dismiss(&handset, number);
            self.once_more.push_back((now + ONCE_MORE_AFTER, handset, number));
            self.seen = number;
        }
        Ok(())
    }
}

/// Runs until stopped. `seen` is the number of the newest change ([`Store::handset_changes_end`]) before anybody could log in: what
/// changed until then is known to whoever does, and nothing of what came since is passed over, however late the first look succeeds.
pub async fn dismiss_changed(store: Store, sessions: Sessions, seen: i64, stop: CancellationToken) {
    let mut follower = Follower::since(seen);
    let mut poll = tokio::time::interval(POLL_EVERY);
    poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(poll.tick()).await.is_some() {
        if let Err(error) = follower.look(&store, &sessions).await {
            tracing::warn!(event = "handset_changes_unreadable", %error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::{AddHandset, ChangeHandset, Clock, Database, HandsetChange, HandsetState, Keys};
    use tokio_util::task::TaskTracker;

    /// A door that is open while nothing can be read looks late, and sees all of it.
    #[tokio::test]
    async fn what_changed_before_the_first_look_is_seen_by_it() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
        let database = Database::from_url(&url).unwrap();
        let (store, writer) = Store::open(&database, Keys::fresh().unwrap(), None).await.unwrap();
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        tasks.spawn(writer.run(stop.clone()));
        let steal = async |id: &str| {
            let (handset, change) = (HandsetId::new(id).unwrap(), HandsetChange::State(HandsetState::Stolen));
            let added = AddHandset { handset: handset.clone(), secret_hash: "hash".to_owned() };
            store.write(added).await.unwrap();
            let at = Clock::start().now();
            store.write(ChangeHandset { handset, change, at, audit: Vec::new() }).await.unwrap();
        };
        steal("before").await;
        let mut follower = Follower::since(store.handset_changes_end().await.unwrap());
        steal("meanwhile").await;
        follower.look(&store, &Sessions::new()).await.unwrap();
        let dismissed: Vec<&str> =
            follower.once_more.iter().map(|(_, handset, _)| handset.as_str()).collect();
        assert_eq!(dismissed, ["meanwhile"]);
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    }
}
