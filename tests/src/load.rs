//! The load generator as its users run it.

use crate::{Platform, platform};
use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};
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
        Self::at(&platform.at.mqtt, &platform.data(), words)
    }

    /// The same at any door, with its figures in that folder.
    pub fn at(door: &str, folder: &Path, words: &[&str]) -> Result<Self> {
        let figures = folder.join("load.json");
        let mut command = Command::new(platform::binary()?.with_file_name("firmware-sim"));
        command.args(["load", "--mqtt", door]).args(words).arg("--json").arg(&figures);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Self { process: command.kill_on_drop(true).spawn()?, figures })
    }

    /// Waits for its end; its figures, if nothing is missing.
    pub async fn finish(self) -> Result<Value> {
        let (status, figures) = self.outcome().await?;
        ensure!(status.success(), "{status}: {figures:#}");
        Ok(figures)
    }

    /// Waits for its end; how it ended, and its figures whatever is missing.
    pub async fn outcome(mut self) -> Result<(ExitStatus, Value)> {
        let status = self.process.wait().await?;
        Ok((status, serde_json::from_slice(&std::fs::read(&self.figures)?)?))
    }

    /// Asks it to end. What is on its way still arrives, and then it does.
    pub fn ask_to_end(&self) -> Result<()> {
        let id = self.process.id().context("the load ended by itself")?;
        let process = Pid::from_raw(i32::try_from(id)?).context("no process has the number 0")?;
        Ok(kill_process(process, Signal::TERM)?)
    }
}
