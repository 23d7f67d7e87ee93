//! Of several processes that share a store one watches.

use crate::{Trouble, Watch};
use model::SignedDuration;
use std::time::Duration;
use store::{EndLease, Lease, TakeLease};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

const NAME: &str = "watch";
/// After so long without a word from the holder another process takes over.
const HELD_FOR: SignedDuration = SignedDuration::from_secs(10);
/// How often the holder renews it, and others ask for it.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// A writer that is busy for longer answers next time.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);

/// Waits until the lease is this process's; none if it is to stop before.
pub(crate) async fn wait(watch: &Watch, stop: &CancellationToken) -> Option<Lease> {
    let mut has_waited = false;
    while !stop.is_cancelled() {
        if let Ok(Some(lease)) = take(watch).await {
            tracing::info!(event = "watch_lease_taken", epoch = lease.epoch);
            return Some(lease);
        }
        if !std::mem::replace(&mut has_waited, true) {
            tracing::info!(event = "watch_stands_by", "another process that shares the store watches");
        }
        watch.progress.stand_by();
        stop.run_until_cancelled(sleep(ASK_EVERY)).await;
    }
    None
}

/// The lease; none if another process holds it, [`Trouble::Ended`] if nobody could say.
async fn take(watch: &Watch) -> Result<Option<Lease>, Trouble> {
    let now = watch.clock.now();
    let until = now.checked_add(HELD_FOR).unwrap_or(now);
    let job = TakeLease { name: NAME, holder: watch.holder.to_string(), now, until };
    match timeout(ANSWERED_WITHIN, watch.store.write(job)).await {
        Ok(taken) => Ok(taken?),
        Err(_busy) => Err(Trouble::Ended),
    }
}

/// A lease that is held, and when it was renewed.
#[derive(Debug)]
pub(crate) struct Held {
    lease: Lease,
    renewed_at: Instant,
}

impl Held {
    pub(crate) fn new(lease: Lease) -> Self {
        Self { lease, renewed_at: Instant::now() }
    }

    /// Renews it where that is due. A store that does not answer ends no lease: what is written under one that has ended is
    /// refused.
    pub(crate) async fn renew(&mut self, watch: &Watch) -> Result<(), Trouble> {
        if self.renewed_at.elapsed() < ASK_EVERY {
            return Ok(());
        }
        self.renewed_at = Instant::now();
        match take(watch).await {
            Ok(Some(lease)) if lease == self.lease => Ok(()),
            Ok(_) => Err(Trouble::Superseded),
            Err(Trouble::Ended) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    /// Lets go of it.
    pub(crate) async fn end(self, watch: &Watch) {
        if let Ok(Err(error)) = timeout(ANSWERED_WITHIN, watch.store.write(EndLease(self.lease))).await {
            tracing::warn!(event = "watch_lease_not_ended", %error);
        }
    }
}
