//! Sending sessions away whose handset was reported stolen or has a new secret: they must log in again, and the stolen
//! one cannot.

use crate::endpoint::Sessions;
use bus::POLL_EVERY;
use model::{HandsetId, SignedDuration};
use std::{collections::HashMap, time::Duration};
use store::{Clock, Store};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How far back changes are looked for: one is stamped before it is committed, and a disk may take its time.
const LOOKS_BACK: SignedDuration = SignedDuration::from_mins(2);

/// A log-in that was being checked when the change came has its seat by then: the handshake gives up before.
const ONCE_MORE_AFTER: Duration = Duration::from_secs(12);

/// When sessions of a changed handset are still to be dismissed: at once, and once more.
#[derive(Debug)]
struct Due(Vec<Instant>);

impl Due {
    fn from_now() -> Self {
        let now = Instant::now();
        Self(vec![now + ONCE_MORE_AFTER, now])
    }

    fn is_now(&mut self) -> bool {
        self.0.pop_if(|at| *at <= Instant::now()).is_some()
    }
}

/// Runs until stopped.
pub async fn dismiss_changed(store: Store, clock: Clock, sessions: Sessions, stop: CancellationToken) {
    let began = clock.now();
    let mut done: HashMap<(HandsetId, i64), Due> = HashMap::new();
    let mut poll = tokio::time::interval(POLL_EVERY);
    poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(poll.tick()).await.is_some() {
        let since = clock.now().checked_sub(LOOKS_BACK).unwrap_or(began).max(began).as_microsecond();
        match store.handsets_changed(since).await {
            Ok(changed) => {
                done.retain(|(_, at), _| *at > since);
                for (handset, at) in changed {
                    let due = done.entry((handset.clone(), at)).or_insert_with(Due::from_now);
                    if due.is_now() {
                        sessions.dismiss(&handset);
                    }
                }
            }
            Err(error) => tracing::warn!(event = "handset_changes_unreadable", %error),
        }
    }
}
