//! What the handlers work with.

use super::throttle::Throttle;
use crate::{Shared, desk::Desk, live::Hub};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Renders the metrics.
pub type MetricsText = Arc<dyn Fn() -> String + Send + Sync>;

/// Passwords hashed at once; with more, logins would take the cores from the presses.
const HASHES_AT_ONCE: usize = 1;

/// The handlers' state; cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) shared: Shared,
    pub(crate) desk: Desk,
    pub(crate) hub: Hub,
    pub(crate) metrics: MetricsText,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) hashing: Arc<Semaphore>,
    pub(crate) stop: CancellationToken,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

impl App {
    /// The state over these parts. Live connections end when `stop` is cancelled.
    pub fn new(shared: Shared, desk: Desk, hub: Hub, metrics: MetricsText, stop: CancellationToken) -> Self {
        Self {
            shared,
            desk,
            hub,
            metrics,
            throttle: Arc::default(),
            hashing: Arc::new(Semaphore::new(HASHES_AT_ONCE)),
            stop,
        }
    }
}
