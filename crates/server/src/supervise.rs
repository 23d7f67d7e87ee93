//! Tasks that must not die unseen: one that panics is a trouble everybody sees, and is started again.

use dispatch::Shared;
use futures_util::FutureExt as _;
use std::{future::Future, panic::AssertUnwindSafe, time::Duration};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Pause before a dead task is started again, so that one that dies at once does not spin.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// Spawns tasks and notices their deaths.
#[derive(Clone)]
pub(crate) struct Supervisor {
    pub(crate) shared: Shared,
    pub(crate) tracker: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl Supervisor {
    /// Runs what `start` makes until the platform stops.
    pub(crate) fn keep<F>(&self, name: &'static str, start: impl Fn() -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send,
    {
        let supervisor = self.clone();
        self.tracker.spawn(async move {
            while !supervisor.stop.is_cancelled() {
                if AssertUnwindSafe(start()).catch_unwind().await.is_ok() {
                    return;
                }
                let detail = format!("the task {name} died and was started again; the log says why");
                supervisor.shared.health.raise("task_died", detail, supervisor.shared.clock.now());
                tokio::time::sleep(RESTART_AFTER).await;
            }
        });
    }
}
