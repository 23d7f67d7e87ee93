//! Wakes the sessions of a handset when the outbox has news for it.

use crate::endpoint::Sessions;
use bus::{Bus, Heard, Hint, POLL_EVERY};
use std::sync::Arc;
use store::Store;
use tokio_util::sync::CancellationToken;

/// Outbox rows looked at in one go.
const AT_ONCE: u32 = 1_000;

/// Runs until stopped: hints wake at once, and a look into the outbox every quarter of a second finds what
/// no hint told.
pub async fn wake_sessions(store: Store, bus: Arc<dyn Bus>, sessions: Sessions, stop: CancellationToken) {
    let mut listener = bus.listen();
    let mut seen = store.outbox_end().await.unwrap_or_default();
    let mut poll = tokio::time::interval(POLL_EVERY);
    poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            heard = listener.hear() => match heard {
                Heard::Hint(Hint::Down(handset)) => sessions.wake(&handset),
                Heard::Hint(Hint::Signals | Hint::Incidents | Hint::Unsaved) | Heard::Gap => {}
                Heard::Ended => return,
            },
            _ = poll.tick() => seen = look(&store, &sessions, seen).await,
        }
    }
}

async fn look(store: &Store, sessions: &Sessions, mut seen: i64) -> i64 {
    loop {
        let rows = match store.outbox_after(seen, AT_ONCE).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(event = "outbox_unreadable", %error);
                return seen;
            }
        };
        for (row, handset) in &rows {
            sessions.wake(handset);
            seen = *row;
        }
        if rows.is_empty() {
            return seen;
        }
    }
}
