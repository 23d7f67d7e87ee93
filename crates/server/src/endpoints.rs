//! `DATA_DIR/endpoints.json`: the addresses in use, for whoever asked for port 0.

use anyhow::Context as _;
use ingest::endpoint::WEBSOCKET_PATH;
use serde::Serialize;
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// Where the platform listens.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    pub(crate) http: SocketAddr,
    pub(crate) https: Option<SocketAddr>,
    pub(crate) door: DoorAddresses,
}

/// Where handsets find it.
#[derive(Debug, Clone)]
pub(crate) struct DoorAddresses {
    pub(crate) mqtt: SocketAddr,
    pub(crate) websocket: SocketAddr,
    pub(crate) tls: Option<SocketAddr>,
    pub(crate) websocket_tls: Option<SocketAddr>,
}

#[derive(Serialize)]
struct File {
    http: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    https: Option<String>,
    mqtt: String,
    mqtt_websocket: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mqtt_tls: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mqtt_websocket_tls: Option<String>,
    pid: u32,
}

impl File {
    fn new(addresses: &Addresses) -> Self {
        let Addresses { http, https, door } = addresses;
        Self {
            http: format!("http://{http}"),
            https: https.map(|address| format!("https://{address}")),
            mqtt: door.mqtt.to_string(),
            mqtt_websocket: format!("ws://{}{WEBSOCKET_PATH}", door.websocket),
            mqtt_tls: door.tls.map(|address| address.to_string()),
            mqtt_websocket_tls: door.websocket_tls.map(|address| format!("wss://{address}{WEBSOCKET_PATH}")),
            pid: std::process::id(),
        }
    }
}

/// The file; removed at a clean stop.
pub(crate) struct Endpoints(PathBuf);

impl Endpoints {
    /// Writes the file whole or not at all.
    pub(crate) fn write(data_dir: &Path, addresses: &Addresses) -> anyhow::Result<Self> {
        let path = data_dir.join("endpoints.json");
        let draft = data_dir.join("endpoints.json.new");
        fs::write(&draft, serde_json::to_vec(&File::new(addresses))?)
            .and_then(|()| fs::rename(&draft, &path))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Self(path))
    }

    /// Takes back what an earlier start left that was not stopped cleanly.
    pub(crate) fn forget(data_dir: &Path) {
        // Not there is as good as removed.
        fs::remove_file(data_dir.join("endpoints.json")).unwrap_or_default();
    }

    pub(crate) fn remove(self) {
        fs::remove_file(self.0).unwrap_or_default();
    }
}
