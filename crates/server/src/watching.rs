//! The watch as a part of the platform, and how it is in the health everybody sees.

use crate::{config::Config, rules_file, supervise::Supervisor};
use bus::POLL_EVERY;
use dispatch::Shared;
use geofence::Rules;
use std::{fs, io, path::Path, sync::Arc};
use tokio_util::sync::CancellationToken;
use watch::{Progress, Watch};

/// The rules that were last taken from the file: what runs when that cannot be used.
const LAST_GOOD: &str = "watch-rules.json";

/// A watch over what the platform holds, by the rules of the settings. A file of them that cannot be used stops nothing: the last
/// good ones run, or the built-in ones, and the health says so.
pub(crate) fn over(shared: &Shared, config: &Config) -> Watch {
    let (rules, trouble) = in_force(config);
    if trouble.is_none() && config.watch_rules().is_some() {
        keep(&config.data_dir(), &rules);
    }
    tracing::info!(event = "watch_rules", version = rules.version, built_in = rules == Rules::default());
    shared.health.set("rules_refused", trouble, shared.clock.now());
    let Shared { store, bus, clock, .. } = shared.clone();
    let (rules, holder) = (Arc::new(rules), holder(&config.data_dir()).into());
    Watch { store, bus, clock, rules, progress: Progress::default(), holder, lease: None }
}

/// The rules to work by, and what is wrong with those of the settings, if these are others.
pub(crate) fn in_force(config: &Config) -> (Rules, Option<String>) {
    let Some(file) = config.watch_rules() else { return (Rules::default(), None) };
    let error = match rules_file::to_work_by(file) {
        Ok(rules) => return (rules, None),
        Err(error) => error,
    };
    let kept = rules_file::to_work_by(&config.data_dir().join(LAST_GOOD)).ok();
    let which = if kept.is_some() { "the last good ones" } else { "the built-in ones" };
    let rules = kept.unwrap_or_default();
    let trouble = format!(
        "the rules in watch.rules (JJL_WATCH__RULES) cannot be used ({error:#}); {which} run, version {}. Mend the file and \
         restart",
        rules.version
    );
    (rules, Some(trouble))
}

/// Whole or not at all. Without it the built-in rules would run when the file is broken, and that is said.
fn keep(data_dir: &Path, rules: &Rules) {
    let (file, draft) = (data_dir.join(LAST_GOOD), data_dir.join(format!("{LAST_GOOD}.part")));
    let text = serde_json::to_string_pretty(rules).map_err(io::Error::from);
    let written = text.and_then(|text| fs::write(&draft, text)).and_then(|()| fs::rename(&draft, &file));
    if let Err(error) = written {
        tracing::warn!(event = "watch_rules_not_kept", %error, file = %file.display());
    }
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
