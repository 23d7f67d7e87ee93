//! The load generator as its users run it.

use crate::{Platform, platform};
use anyhow::{Result, ensure};
use serde_json::Value;
use std::{path::PathBuf, process::Stdio};
use tokio::process::{Child, Command};

/// `firmware-sim load` against a platform; killed when dropped.
#[derive(Debug)]
pub struct Load {
    process: Child,
    figures: PathBuf,
}

impl Load {
    /// Starts it with these words.
    pub fn start(platform: &Platform, words: &[&str]) -> Result<Self> {
        let figures = platform.data().join("load.json");
        let mut command = Command::new(platform::binary()?.with_file_name("firmware-sim"));
        command.args(["load", "--mqtt", &platform.at.mqtt]).args(words).arg("--json").arg(&figures);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Self { process: command.kill_on_drop(true).spawn()?, figures })
    }

    /// Waits for its end; its figures, if nothing is missing.
    pub async fn finish(mut self) -> Result<Value> {
        let status = self.process.wait().await?;
        let figures: Value = serde_json::from_slice(&std::fs::read(&self.figures)?)?;
        ensure!(status.success(), "{status}: {figures:#}");
        Ok(figures)
    }
}
