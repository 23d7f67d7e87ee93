//! Of several processes that share a store one presses: the platform's own handset has one secret.

use dispatch::Shared;
use model::SignedDuration;
use std::time::Duration;
use store::{EndLease, Lease, TakeLease};
use tokio::time::timeout;

const NAME: &str = "probe";
/// After so long without a word from the holder another process takes over. Longer than a press may take to the screens and the
/// monitor to answer, for meanwhile nobody renews it.
const HELD_FOR: SignedDuration = SignedDuration::from_secs(45);
/// How often the holder renews it, and others ask for it.
pub(super) const ASK_EVERY: Duration = Duration::from_secs(2);
/// A writer that is busy for longer answers next time.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);

/// Whose turn it is to press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// This process's.
    Own(Lease),
    /// Another's that shares the store.
    Anothers,
    /// Nobody could say.
    Unknown,
}

/// Takes the lease, or renews it.
pub(super) async fn ask(shared: &Shared, holder: &str) -> Turn {
    let now = shared.clock.now();
    let until = now.checked_add(HELD_FOR).unwrap_or(now);
    let take = TakeLease { name: NAME, holder: holder.to_owned(), now, until };
    match timeout(ANSWERED_WITHIN, shared.store.write(take)).await {
        Ok(Ok(Some(lease))) => Turn::Own(lease),
        Ok(Ok(None)) => Turn::Anothers,
        Ok(Err(error)) => {
            tracing::warn!(event = "probe_lease_unknown", %error);
            Turn::Unknown
        }
        Err(_busy) => Turn::Unknown,
    }
}

/// Lets go of it, so that nobody has to wait for its end.
pub(super) async fn end(shared: &Shared, lease: Lease) {
    if let Ok(Err(error)) = timeout(ANSWERED_WITHIN, shared.store.write(EndLease(lease))).await {
        tracing::warn!(event = "probe_lease_not_ended", %error);
    }
}
