//! The watch as a part of the platform, and how it is in the health everybody sees.

use crate::supervise::Supervisor;
use bus::POLL_EVERY;
use dispatch::Shared;
use tokio_util::sync::CancellationToken;
use watch::{Progress, Watch};

/// A watch over what the platform holds.
pub(crate) fn over(shared: &Shared) -> Watch {
    let Shared { store, bus, clock, .. } = shared.clone();
    Watch { store, bus, clock, progress: Progress::default() }
}

/// Sets it going.
pub(crate) fn start(supervisor: &Supervisor, watch: Watch) {
    let stop = supervisor.stop.clone();
    let (followed, token) = (watch.clone(), stop.clone());
    supervisor.keep("watch", move || watch::follow(followed.clone(), token.clone()));
    let (asked, token) = (watch.clone(), stop.clone());
    supervisor.keep("fall_questions", move || watch::follow_questions(asked.clone(), token.clone()));
    let shared = supervisor.shared.clone();
    supervisor.keep("watch_health", move || look(shared.clone(), watch.progress.clone(), stop.clone()));
}

async fn look(shared: Shared, progress: Progress, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(POLL_EVERY)).await.is_some() {
        let now = shared.clock.now();
        shared.health.set("watch_behind", progress.lag(now).detail(), now);
    }
}
