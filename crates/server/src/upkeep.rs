//! What the platform does for itself: its pulse and the seals of the audit log.

use dispatch::Shared;
use std::time::Duration;
use store::Pulse;
use tokio_util::sync::CancellationToken;

/// How often the platform notes that it lives: what a restart may at most misjudge of a deadline.
const PULSE_EVERY: Duration = Duration::from_secs(5);
/// How long an audit row may stand unsealed.
const SEAL_EVERY: Duration = Duration::from_secs(1);

pub(crate) async fn pulse(shared: Shared, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(PULSE_EVERY)).await.is_some() {
        let online = u32::try_from(shared.bus.online().len()).unwrap_or(u32::MAX);
        metrics::gauge!("jujiale_handsets_online").set(f64::from(online));
        if let Err(error) = shared.store.write(Pulse(shared.clock.now())).await {
            tracing::warn!(event = "pulse_failed", %error);
        }
    }
}

pub(crate) async fn seal_audit(shared: Shared, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(SEAL_EVERY)).await.is_some() {
        match shared.store.next_audit_seal(shared.clock.now()).await {
            Ok(None) => {}
            Ok(Some(seal)) => {
                if let Err(error) = shared.store.write(seal).await {
                    tracing::warn!(event = "audit_seal_failed", %error);
                }
            }
            Err(error) => tracing::warn!(event = "audit_unreadable", %error),
        }
    }
}
