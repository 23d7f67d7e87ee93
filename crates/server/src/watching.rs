//! The watch as a part of the platform, and how it is in the health everybody sees; and its rules, which go live at the start and at
//! each SIGHUP.

use crate::{config::Config, on_record::by_hand, rules_file, supervise::Supervisor};
use anyhow::ensure;
use bus::POLL_EVERY;
use dispatch::Shared;
use geofence::Rules;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use store::WriteAudit;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch::{Sender, channel},
};
use tokio_util::sync::CancellationToken;
use watch::{Progress, Watch};

/// The rules that ran last, as far as that is on record: what runs when the file cannot be used.
const LAST_GOOD: &str = "watch-rules.json";
/// What the health calls a file of rules that cannot be used.
const REFUSED: &str = "rules_refused";

/// The file that rules are put live by, if the settings name one, and where they go.
#[derive(Debug)]
pub(crate) struct RulesFile {
    file: Option<PathBuf>,
    data_dir: PathBuf,
    live: Sender<Arc<Rules>>,
    /// Which rules took whose place at the start, until it is on record.
    begun: Mutex<Option<String>>,
}

/// A watch over what the platform holds, by the rules of the settings, and what puts others live if they are a file. One that
/// cannot be used stops nothing: the last good ones run, or the built-in ones, and the health says so.
pub(crate) fn over(shared: &Shared, config: &Config) -> (Watch, Arc<RulesFile>) {
    let (rules, trouble) = in_force(config);
    let data_dir = config.data_dir();
    let before = last_good(&data_dir).unwrap_or_default();
    let begun = Mutex::new((before != rules).then(|| instead(&rules, &before)));
    tracing::info!(event = "watch_rules", version = rules.version, built_in = rules == Rules::default());
    shared.health.set(REFUSED, trouble, shared.clock.now());
    let Shared { store, bus, clock, .. } = shared.clone();
    let ((live, rules), holder) = (channel(Arc::new(rules)), holder(&data_dir).into());
    let (usual_heartbeat_s, progress) = (config.usual_heartbeat_s(), Progress::default());
    let watch = Watch { store, bus, clock, rules, usual_heartbeat_s, progress, holder, lease: None };
    let file = config.watch_rules().map(Path::to_owned);
    (watch, Arc::new(RulesFile { file, data_dir, live, begun }))
}

/// The rules to work by at a start, and what is wrong with those of the settings, if these are others.
fn in_force(config: &Config) -> (Rules, Option<String>) {
    let Some(file) = config.watch_rules() else { return (Rules::default(), None) };
    let error = match rules_file::to_work_by(file) {
        Ok(rules) => return (rules, None),
        Err(error) => error,
    };
    let kept = last_good(&config.data_dir());
    let which = if kept.is_some() { "the last good ones" } else { "the built-in ones" };
    let rules = kept.unwrap_or_default();
    let trouble = refused(&error, which, &rules);
    (rules, Some(trouble))
}

/// The rules that the platform works by, as far as that can be seen from outside: what stands in the file may not be live yet.
pub(crate) fn running(config: &Config) -> Rules {
    let kept = config.watch_rules().and_then(|_| last_good(&config.data_dir()));
    kept.unwrap_or_else(|| in_force(config).0)
}

fn last_good(data_dir: &Path) -> Option<Rules> {
    rules_file::to_work_by(&data_dir.join(LAST_GOOD)).ok()
}

fn refused(error: &anyhow::Error, which: &str, running: &Rules) -> String {
    format!(
        "the rules in watch.rules (JJL_WATCH__RULES) cannot be used ({error:#}); {which} run, version {}. Mend the file, then \
         `systemctl reload` (SIGHUP)",
        running.version
    )
}

/// Whoever reads the audit log asks from when on people were watched by which rules.
fn instead(rules: &Rules, before: &Rules) -> String {
    format!("version {} instead of {}", rules.version, before.version)
}

impl RulesFile {
    /// Puts on record what took whose place at the start, and reads the file again at each SIGHUP until stopped.
    async fn follow(self: Arc<Self>, shared: Shared, stop: CancellationToken) {
        let hangups = self.file.as_ref().map(|_file| signal(SignalKind::hangup())).transpose();
        let hangups = hangups.unwrap_or_else(|error| {
            tracing::warn!(event = "no_sighup", %error);
            None
        });
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.note(&shared, begun).await;
        let Some(mut hangups) = hangups else { return };
        while stop.run_until_cancelled(hangups.recv()).await.flatten().is_some() {
            let own = Arc::clone(&self);
            let taken = tokio::task::spawn_blocking(move || own.take()).await;
            let (changed, trouble) = match taken.unwrap_or_else(|died| Err(died.to_string())) {
                Ok(changed) => (changed, None),
                Err(trouble) => (None, Some(trouble)),
            };
            self.note(&shared, changed).await;
            shared.health.set(REFUSED, trouble, shared.clock.now());
        }
    }

    /// Puts live what stands in the file, and says what took whose place, if they are others. Of what cannot be used it says why, and
    /// those that run go on.
    fn take(&self) -> Result<Option<String>, String> {
        let Some(file) = &self.file else { return Ok(None) };
        let running = Arc::clone(&self.live.borrow());
        let taken = rules_file::to_work_by(file).and_then(|rules| {
            // Evidence names the version, and would name two.
            ensure!(
                rules == *running || rules.version != running.version,
                "{}: other numbers run by the name of {:?}; these need one of their own",
                file.display(),
                rules.version
            );
            Ok(rules)
        });
        match taken {
            Ok(rules) => Ok(self.put_live(rules, &running)),
            Err(error) => Err(refused(&error, "those that ran before", &running)),
        }
    }

    fn put_live(&self, rules: Rules, running: &Rules) -> Option<String> {
        let (version, is_other) = (rules.version.clone(), rules != *running);
        tracing::info!(event = "watch_rules", version, before = running.version, is_other);
        let changed = is_other.then(|| instead(&rules, running));
        if is_other {
            self.live.send_replace(Arc::new(rules));
        }
        changed
    }

    /// Puts on record that other rules are live, and keeps them once it is: until then the next start finds that they are others. They
    /// are live all the same if it cannot be.
    async fn note(&self, shared: &Shared, changed: Option<String>) {
        let Some(detail) = changed else { return };
        let row = by_hand("rules_live", "watch_rules", detail, shared.clock.now());
        if let Err(error) = shared.store.write(WriteAudit(vec![row])).await {
            tracing::warn!(event = "watch_rules_not_on_record", %error);
            return;
        }
        let (data_dir, rules) = (self.data_dir.clone(), Arc::clone(&self.live.borrow()));
        tokio::task::spawn_blocking(move || keep(&data_dir, &rules)).await.unwrap_or_default();
    }
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
pub(crate) fn start(supervisor: &Supervisor, watch: Watch, rules: Arc<RulesFile>) {
    let stop = supervisor.stop.clone();
    let (shared, token) = (supervisor.shared.clone(), stop.clone());
    supervisor.keep("watch_rules", move || Arc::clone(&rules).follow(shared.clone(), token.clone()));
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
