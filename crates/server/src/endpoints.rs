//! `DATA_DIR/endpoints.json`: the addresses in use, for whoever asked for port 0.

use anyhow::Context as _;
use serde::Serialize;
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

#[derive(Serialize)]
struct Addresses {
    http: String,
    mqtt: String,
    pid: u32,
}

/// The file; removed at a clean stop.
pub(crate) struct Endpoints(PathBuf);

impl Endpoints {
    /// Writes the file whole or not at all.
    pub(crate) fn write(data_dir: &Path, http: SocketAddr, mqtt: SocketAddr) -> anyhow::Result<Self> {
        let path = data_dir.join("endpoints.json");
        let draft = data_dir.join("endpoints.json.new");
        let addresses =
            Addresses { http: format!("http://{http}"), mqtt: mqtt.to_string(), pid: std::process::id() };
        fs::write(&draft, serde_json::to_vec(&addresses)?)
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
