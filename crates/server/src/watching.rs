//! The watch as a part of the platform, and how it is in the health everybody sees.

use crate::supervise::Supervisor;
use bus::POLL_EVERY;
use dispatch::Shared;
use std::path::Path;
use tokio_util::sync::CancellationToken;
use watch::{Progress, Watch};

/// A watch over what the platform holds.
pub(crate) fn over(shared: &Shared, holder: &str) -> Watch {
    let Shared { store, bus, clock, .. } = shared.clone();
    Watch { store, bus, clock, progress: Progress::default(), holder: holder.into(), lease: None }
}

/// A name that this process has again after a restart, and no other that shares its store: the machine, and its data directory.
pub(crate) fn holder(data_dir: &Path) -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let folder = data_dir.canonicalize().unwrap_or_else(|_not_there| data_dir.to_owned());
    format!("{} {}", machine.trim(), folder.display())
}

/// Sets it going.
pub(crate) fn start(supervisor: &Supervisor, watch: Watch) {
    let stop = supervisor.stop.clone();
    let (followed, token) = (watch.clone(), stop.clone());
    supervisor.keep("watch", move || watch::follow(followed.clone(), token.clone()));
    let (learning, token) = (watch.clone(), stop.clone());
    supervisor.keep("habits", move || watch::follow_habits(learning.clone(), token.clone()));
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
