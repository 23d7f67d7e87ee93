//! The settings: one TOML file, every key also from the environment as `JJL_SECTION__KEY`.

use anyhow::{Context as _, bail, ensure};
use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
};
use serde::Deserialize;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// All settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) http: Http,
    pub(crate) mqtt: Mqtt,
    store: Store,
    bus: Bus,
    data: Data,
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

    /// The bus of many processes, if there is to be one, for the processes of this store.
    pub(crate) fn bus(&self, store_id: String) -> Option<bus::Settings> {
        let Bus { url, prefix } = self.bus.clone();
        url.map(|url| bus::Settings { url, prefix, store_id, timing: bus::Timing::default() })
    }

    /// A setting that is understood and has no effect, to be said at the start.
    pub(crate) fn without_effect(&self) -> Option<String> {
        self.mqtt
            .websocket_listen
            .map(|address| format!("mqtt.websocket_listen {address}: MQTT is served over TCP only"))
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
