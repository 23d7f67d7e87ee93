//! The settings: one TOML file, every key also from the environment as `JJL_SECTION__KEY`.

mod http;
mod monitor;
mod watching;

use crate::{terms::Terms, tls::CertificateFiles};
use access::Role;
use anyhow::{Context as _, bail, ensure};
use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
};
use http::Http;
use ingest::accept::REPEATS_WITHIN;
use model::SignedDuration;
use monitor::Monitor;
use serde::Deserialize;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};
use store::Kept;
use watching::Watch;

/// Files that are no connections of handsets: the database and its readers, browsers, the program's own.
const FILES_FOR_THE_REST: usize = 500;

/// All settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) http: Http,
    pub(crate) mqtt: Mqtt,
    tls: Tls,
    store: Store,
    bus: Bus,
    data: Data,
    journal: Journal,
    keys: KeySource,
    accounts: Accounts,
    retention: Retention,
    /// Gateways to people outside; docs/notify.md says what stands in it.
    notify: notify::Settings,
    falls: Falls,
    watch: Watch,
    pub(crate) monitor: Monitor,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Mqtt {
    /// MQTT over TCP.
    pub(crate) listen: SocketAddr,
    /// MQTT over websocket, at `/mqtt`.
    pub(crate) websocket_listen: SocketAddr,
    /// MQTT over TLS, with the certificate of `[tls]`.
    pub(crate) tls_listen: Option<SocketAddr>,
    /// MQTT over websocket over TLS, with the same.
    pub(crate) websocket_tls_listen: Option<SocketAddr>,
    broker_url: Option<String>,
    max_connections: Option<usize>,
}

impl Default for Mqtt {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 1883)),
            websocket_listen: SocketAddr::from(([127, 0, 0, 1], 8083)),
            tls_listen: None,
            websocket_tls_listen: None,
            broker_url: None,
            max_connections: None,
        }
    }
}

/// The certificate of every listener that speaks TLS.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Tls {
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Store {
    url: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Bus {
    /// Absent: the bus within the process. It may hold a password, so it is never shown.
    url: Option<String>,
    prefix: String,
}

impl Default for Bus {
    fn default() -> Self {
        Self { url: None, prefix: "jjl:".to_owned() }
    }
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bus").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Data {
    dir: Option<PathBuf>,
}

/// What is asked of accounts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Accounts {
    /// Roles that log in with a second factor.
    second_factor_for: Vec<Role>,
}

/// Where the keys are that seal telephones, addresses and numbers.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct KeySource {
    file: Option<PathBuf>,
    /// What a key file holds; never shown.
    text: Option<String>,
}

impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySource").field("file", &self.file).finish_non_exhaustive()
    }
}

/// How the journal of fixes is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Journal {
    /// Fixes younger than this are kept exactly; older ones are compacted by the hour.
    window_hours: u32,
}

impl Default for Journal {
    fn default() -> Self {
        Self { window_hours: 48 }
    }
}

/// What follows from reports of falls.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Falls {
    /// So long a person who is asked whether they are all right has to answer before a fall is raised.
    answer_within_s: u32,
}

impl Default for Falls {
    fn default() -> Self {
        Self { answer_within_s: 60 }
    }
}

/// How long things are kept, in days.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Retention {
    /// Tracks older than this are removed.
    #[serde(rename = "tracks_days")]
    tracks: u32,
    /// From incidents older than this the person is taken out.
    #[serde(rename = "incidents_days")]
    incidents: u32,
    /// Rows of the audit log older than this are removed.
    #[serde(rename = "audit_days")]
    audit: u32,
    /// What handsets said beside positions and presses, and what is in quarantine, is removed when it is older than this.
    #[serde(rename = "messages_days")]
    messages: u32,
}

/// Days the audit log is kept at least: the half year that the law on networks asks for, and some.
const AUDIT_DAYS_AT_LEAST: u32 = 190;

impl Default for Retention {
    fn default() -> Self {
        Self { tracks: 90, incidents: 1_095, audit: 400, messages: 90 }
    }
}

impl Config {
    /// Reads the file and the environment, and refuses what cannot be served with a word on what to do.
    pub(crate) fn load(file: Option<&Path>, demo: bool) -> anyhow::Result<Self> {
        if let Some(path) = file {
            ensure!(path.is_file(), "the settings file {} cannot be found", path.display());
        }
        let figment = file.map_or_else(Figment::new, |path| Figment::from(Toml::file_exact(path)));
        // Other programs' variables may begin with JJL_ too; a setting has a section.
        let environment = Env::prefixed("JJL_").filter(|key| key.as_str().contains("__")).split("__");
        let mut config: Self =
            figment.merge(environment).extract().context("the settings cannot be understood")?;
        if config.data.dir.is_none() {
            config.data.dir = Some(PathBuf::from(if demo { "data/demo" } else { "data" }));
        }
        config.check()?;
        Ok(config)
    }

    /// The same, if it may listen where it is told to: the demo's accounts have a public password.
    pub(crate) fn listening(self, on_loopback_only: bool) -> anyhow::Result<Self> {
        let plain = [
            ("http.listen", Some(self.http.listen)),
            ("http.tls_listen", self.http.tls_listen),
            ("mqtt.listen", Some(self.mqtt.listen)),
            ("mqtt.websocket_listen", Some(self.mqtt.websocket_listen)),
            ("mqtt.tls_listen", self.mqtt.tls_listen),
            ("mqtt.websocket_tls_listen", self.mqtt.websocket_tls_listen),
        ];
        for (name, address) in plain.into_iter().filter_map(|(name, address)| Some((name, address?))) {
            ensure!(
                !on_loopback_only || address.ip().is_loopback(),
                "{name} is {address}, but --demo has accounts with a public password and listens on loopback \
                 only; use 127.0.0.1, run without --demo, or read what `jujiale serve --help` says of \
                 --open-to-everybody"
            );
        }
        Ok(self)
    }

    fn check(&self) -> anyhow::Result<()> {
        if let Some(settings) = self.bus(String::new()) {
            settings.check().context("bus.url (JJL_BUS__URL) or bus.prefix (JJL_BUS__PREFIX) is wrong")?;
        }
        if self.mqtt.broker_url.is_some() {
            bail!(
                "mqtt.broker_url (JJL_MQTT__BROKER_URL) is set, but only the platform's own door is served; remove it"
            );
        }
        if self.store.url.as_deref().is_some_and(|url| url.starts_with("postgres")) {
            bail!(
                "store.url (JJL_STORE__URL) names PostgreSQL, but only SQLite is served; use sqlite://PATH or remove it"
            );
        }
        let kept = self.kept();
        ensure!(
            kept.window >= REPEATS_WITHIN,
            "journal.window_hours (JJL_JOURNAL__WINDOW_HOURS) is {}, but repeats of fixes are looked for over the last {} \
             hours, which must lie in the journal exactly as they came; make it at least that",
            self.journal.window_hours,
            REPEATS_WITHIN.as_hours()
        );
        ensure!(
            self.retention.tracks >= 1 && kept.tracks >= kept.window,
            "retention.tracks_days (JJL_RETENTION__TRACKS_DAYS) is {}, but tracks are kept at least a day, and at least as \
             long as journal.window_hours, which is {} hours",
            self.retention.tracks,
            self.journal.window_hours
        );
        ensure!(
            self.retention.incidents >= 1,
            "retention.incidents_days (JJL_RETENTION__INCIDENTS_DAYS) is 0, but an incident is kept at least a day"
        );
        ensure!(
            self.retention.messages >= 1,
            "retention.messages_days (JJL_RETENTION__MESSAGES_DAYS) is 0, but messages are kept at least a day"
        );
        ensure!(
            self.retention.audit >= AUDIT_DAYS_AT_LEAST,
            "retention.audit_days (JJL_RETENTION__AUDIT_DAYS) is {}, but who looked at whom is kept at least \
             {AUDIT_DAYS_AT_LEAST} days",
            self.retention.audit
        );
        ensure!(
            (1..=300).contains(&self.falls.answer_within_s),
            "falls.answer_within_s (JJL_FALLS__ANSWER_WITHIN_S) is {}; it is a number of seconds from 1 to 300",
            self.falls.answer_within_s
        );
        self.watch.check()?;
        self.monitor.heartbeat()?;
        self.http.check()?;
        if self.tls.certificate.is_some() != self.tls.key.is_some() {
            bail!("tls.certificate and tls.key go together, and only one of them is set");
        }
        let encrypted = [
            ("http.tls_listen", self.http.tls_listen),
            ("mqtt.tls_listen", self.mqtt.tls_listen),
            ("mqtt.websocket_tls_listen", self.mqtt.websocket_tls_listen),
        ];
        let encrypted = encrypted.into_iter().filter_map(|(name, address)| Some((name, address?)));
        for (name, _) in encrypted {
            ensure!(
                self.certificate().is_some(),
                "{name} needs a certificate: set tls.certificate and tls.key (JJL_TLS__CERTIFICATE, JJL_TLS__KEY) \
                 to PEM files"
            );
        }
        Ok(())
    }

    /// The door's limits; no more connections than there can be files open.
    pub(crate) fn door(&self, files_max: Option<u64>) -> ingest::endpoint::Config {
        let default = ingest::endpoint::Config::default();
        let asked = self.mqtt.max_connections.unwrap_or(default.max_connections);
        let possible = files_max
            .and_then(|most| usize::try_from(most).ok())
            .map_or(usize::MAX, |most| most.saturating_sub(FILES_FOR_THE_REST).max(most / 2));
        if asked > possible {
            tracing::warn!(
                event = "connections_limited",
                asked,
                possible,
                "raise the limit of open files (LimitNOFILE, ulimit -Hn)"
            );
        }
        ingest::endpoint::Config { max_connections: asked.min(possible), ..default }
    }

    /// The files with the certificate and its key, for listeners that speak TLS.
    pub(crate) fn certificate(&self) -> Option<CertificateFiles> {
        let (certificate, key) = (self.tls.certificate.clone()?, self.tls.key.clone()?);
        Some(CertificateFiles { certificate, key })
    }

    /// The bus of many processes, if there is to be one, for the processes of this store.
    pub(crate) fn bus(&self, store_id: String) -> Option<bus::Settings> {
        let Bus { url, prefix } = self.bus.clone();
        url.map(|url| bus::Settings { url, prefix, store_id, timing: bus::Timing::default() })
    }

    /// A setting that is understood and has no effect, to be said at the start.
    pub(crate) fn without_effect(&self) -> Option<&'static str> {
        let listeners = [self.http.tls_listen, self.mqtt.tls_listen, self.mqtt.websocket_tls_listen];
        (self.certificate().is_some() && listeners.iter().all(Option::is_none)).then_some(
            "tls.certificate is set, but none of http.tls_listen, mqtt.tls_listen and mqtt.websocket_tls_listen is",
        )
    }

    /// Listeners that others than this machine reach and that encrypt nothing, to be said at the start: without something
    /// before them that encrypts, positions and secrets can be read on the way.
    pub(crate) fn readable_on_the_way(&self) -> impl Iterator<Item = (&'static str, SocketAddr)> {
        let plain = [
            ("http.listen", self.http.listen),
            ("mqtt.listen", self.mqtt.listen),
            ("mqtt.websocket_listen", self.mqtt.websocket_listen),
        ];
        plain.into_iter().filter(|(_, address)| !address.ip().is_loopback())
    }

    /// How long fixes are kept, and in which form.
    pub(crate) fn kept(&self) -> Kept {
        let hours = |hours: u32| SignedDuration::from_hours(i64::from(hours));
        Kept {
            window: hours(self.journal.window_hours),
            tracks: hours(self.retention.tracks.saturating_mul(24)),
        }
    }

    /// The file of the rules that residents are watched by, if these are not the built-in ones.
    pub(crate) fn watch_rules(&self) -> Option<&Path> {
        self.watch.rules.as_deref()
    }

    /// How often a handset says something at least, in seconds, where nobody said so; none: then nobody misses it.
    pub(crate) fn usual_heartbeat_s(&self) -> Option<f64> {
        self.watch.usual_heartbeat_s()
    }

    /// How long a person who is asked about a fall has to answer.
    pub(crate) fn answer_within(&self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.falls.answer_within_s))
    }

    /// What reaches people outside.
    pub(crate) fn sender(&self) -> anyhow::Result<notify::Sender> {
        notify::Sender::new(&self.notify, dispatch::outside::VARIABLES)
            .context("the settings in [notify] cannot be used")
    }

    /// Roles that log in with a second factor.
    pub(crate) fn second_factor_for(&self) -> &[Role] {
        &self.accounts.second_factor_for
    }

    /// How long people stand in what is kept.
    pub(crate) fn terms(&self) -> Terms {
        let days = |days: u32| SignedDuration::from_hours(24 * i64::from(days));
        let Retention { tracks: _, incidents, audit, messages } = self.retention;
        Terms { incidents: days(incidents), audit: days(audit), messages: days(messages) }
    }

    /// Where everything of this platform lies.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.data.dir.clone().unwrap_or_else(|| PathBuf::from("data"))
    }

    /// The file with the keys.
    pub(crate) fn keys_file(&self) -> PathBuf {
        self.keys.file.clone().unwrap_or_else(|| self.data_dir().join("keys.json"))
    }

    /// The keys, where they come from the environment.
    pub(crate) fn keys_text(&self) -> Option<&str> {
        self.keys.text.as_deref()
    }

    /// Where the records lie.
    pub(crate) fn store_url(&self) -> String {
        self.store
            .url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.data_dir().join("jujiale.db").display()))
    }

    /// Refuses where there are no records, for commands that look after those that are there: from another folder than the platform's
    /// they would look after nothing.
    pub(crate) fn has_records(&self) -> anyhow::Result<()> {
        let url = self.store_url();
        let file = store::Database::from_url(&url)?.file();
        ensure!(
            file.is_none_or(|file| file.exists()),
            "there are no records in {url}, and none are made by this; if the platform keeps them elsewhere, say so with \
             --config FILE, whose [data] dir is the platform's, or with JJL_DATA__DIR"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests;
