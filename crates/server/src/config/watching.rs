//! By what residents are watched.

use anyhow::ensure;
use geofence::silence::HEARTBEAT_S;
use serde::Deserialize;
use std::path::PathBuf;

/// `[watch]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Watch {
    /// A file of rules, in JSON or TOML; docs/geofence.md says what stands in it.
    pub(crate) rules: Option<PathBuf>,
    /// How often a handset says something at least, in seconds, where nobody said so of it or its wearer; 0: then its silence is
    /// nobody's matter.
    heartbeat_s: u32,
}

impl Default for Watch {
    /// Watches and trackers send a sign of life every few minutes, those that save their battery once an hour. Three of them that
    /// did not come are three hours, and no night's sleep in a dead spot of the home wakes anybody: at home that is technical.
    fn default() -> Self {
        Self { rules: None, heartbeat_s: 3_600 }
    }
}

impl Watch {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.usual_heartbeat_s().is_none_or(|seconds| HEARTBEAT_S.contains(&seconds)),
            "watch.heartbeat_s (JJL_WATCH__HEARTBEAT_S) is {}; it is a number of seconds from {} to {}, or 0",
            self.heartbeat_s,
            HEARTBEAT_S.start(),
            HEARTBEAT_S.end()
        );
        Ok(())
    }

    pub(super) fn usual_heartbeat_s(&self) -> Option<f64> {
        (self.heartbeat_s > 0).then(|| f64::from(self.heartbeat_s))
    }
}
