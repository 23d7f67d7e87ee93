//! The settings: one TOML file, every key also from the environment as `JJL_SECTION__KEY`.

use anyhow::{Context as _, bail, ensure};
use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
};
use ingest::accept::REPEATS_WITHIN;
use model::SignedDuration;
use serde::Deserialize;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};
use store::Kept;

/// All settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) http: Http,
    pub(crate) mqtt: Mqtt,
    store: Store,
    bus: Bus,
    data: Data,
    journal: Journal,
    retention: Retention,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Http {
    /// Where the API and the dashboards are served.
    pub(crate) listen: SocketAddr,
}

impl Default for Http {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)) }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Mqtt {
    listen: Option<SocketAddr>,
    websocket_listen: Option<SocketAddr>,
    broker_url: Option<String>,
    max_connections: Option<usize>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Store {
    url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Bus {
    url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Data {
    dir: Option<PathBuf>,
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

/// How long things are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Retention {
    /// Tracks older than this are removed.
    tracks_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { tracks_days: 90 }
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
        config.check(demo)?;
        Ok(config)
    }

    fn check(&self, demo: bool) -> anyhow::Result<()> {
        if let Some(url) = &self.bus.url {
            bail!(
                "bus.url (JJL_BUS__URL) is {url}, but only the bus within the process is served; remove it"
            );
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
            self.retention.tracks_days >= 1 && kept.tracks >= kept.window,
            "retention.tracks_days (JJL_RETENTION__TRACKS_DAYS) is {}, but tracks are kept at least a day, and at least as \
             long as journal.window_hours, which is {} hours",
            self.retention.tracks_days,
            self.journal.window_hours
        );
        let listens = [("http.listen", self.http.listen), ("mqtt.listen", self.door().listen)];
        for (name, address) in listens {
            ensure!(
                !demo || address.ip().is_loopback(),
                "{name} is {address}, but --demo has accounts with a public password and listens on loopback \
                 only; use 127.0.0.1, or run without --demo"
            );
        }
        Ok(())
    }

    /// The door's settings.
    pub(crate) fn door(&self) -> ingest::endpoint::Config {
        let default = ingest::endpoint::Config::default();
        ingest::endpoint::Config {
            listen: self.mqtt.listen.unwrap_or(default.listen),
            max_connections: self.mqtt.max_connections.unwrap_or(default.max_connections),
            ..default
        }
    }

    /// A setting that is understood and has no effect, to be said at the start.
    pub(crate) fn without_effect(&self) -> Option<String> {
        self.mqtt
            .websocket_listen
            .map(|address| format!("mqtt.websocket_listen {address}: MQTT is served over TCP only"))
    }

    /// How long fixes are kept, and in which form.
    pub(crate) fn kept(&self) -> Kept {
        let hours = |hours: u32| SignedDuration::from_hours(i64::from(hours));
        Kept {
            window: hours(self.journal.window_hours),
            tracks: hours(self.retention.tracks_days.saturating_mul(24)),
        }
    }

    /// Where everything of this platform lies.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.data.dir.clone().unwrap_or_else(|| PathBuf::from("data"))
    }

    /// Where the records lie.
    pub(crate) fn store_url(&self) -> String {
        self.store
            .url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.data_dir().join("jujiale.db").display()))
    }
}
