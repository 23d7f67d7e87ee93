//! Messages to handsets: what waits in the outbox as the door sends it, and the waking of sessions that have news.

use crate::{endpoint::Sessions, hall::Down};
use bus::{Bus, Heard, Hint, POLL_EVERY};
use bytes::Bytes;
use model::Timestamp;
use std::{num::NonZeroU32, sync::Arc};
use store::{Store, WaitingMessage};
use tokio_util::sync::CancellationToken;

/// Outbox rows looked at in one go.
const AT_ONCE: u32 = 1_000;

/// A message as the door sends it, with the time that is left to it.
pub(super) fn of(message: WaitingMessage, now: Timestamp) -> Down {
    let left_s = message.expires_at.duration_since(now).as_secs();
    let expires_in_s = u32::try_from(left_s)
        .map_or(NonZeroU32::MAX, |left| NonZeroU32::new(left).unwrap_or(NonZeroU32::MIN));
    Down {
        row: message.row,
        topic: message.topic,
        payload: Bytes::from(message.payload),
        expires_in_s: Some(expires_in_s),
    }
}

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
