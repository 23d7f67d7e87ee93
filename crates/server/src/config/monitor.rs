//! Who watches over the platform from elsewhere.

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use std::time::Duration;

/// `[monitor]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Monitor {
    /// Called each time a drill of the platform's own went through door, disk and desk; whoever listens there calls somebody
    /// when it is not.
    heartbeat_url: Option<notify::Secret>,
    /// How often, in seconds.
    heartbeat_every_s: u32,
    /// Whether the address may be http:// although it is not on this machine.
    allow_http: bool,
}

impl Default for Monitor {
    fn default() -> Self {
        Self { heartbeat_url: None, heartbeat_every_s: 60, allow_http: false }
    }
}

impl Monitor {
    /// What is called, if anything, and how often.
    pub(crate) fn heartbeat(&self) -> anyhow::Result<Option<(notify::Heartbeat, Duration)>> {
        let Self { heartbeat_url, heartbeat_every_s, allow_http } = self;
        ensure!(
            (1..=3_600).contains(heartbeat_every_s),
            "monitor.heartbeat_every_s (JJL_MONITOR__HEARTBEAT_EVERY_S) is {heartbeat_every_s}; it is a number of seconds \
             from 1 to 3600"
        );
        let every = Duration::from_secs(u64::from(*heartbeat_every_s));
        let heartbeat = |url| notify::Heartbeat::new("monitor.heartbeat_url", url, *allow_http);
        let heartbeat = heartbeat_url.as_ref().map(heartbeat).transpose();
        Ok(heartbeat.context("the settings in [monitor] cannot be used")?.map(|monitor| (monitor, every)))
    }
}
