//! A Redis of the test's own.

use crate::{clock, tools, until};
use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// What it asks of everybody.
pub const PASSWORD: &str = "geheim-und-lang";

/// A server with a password, on a port of its own; killed when dropped.
#[derive(Debug)]
pub struct Redis {
    folder: tempfile::TempDir,
    port: u16,
    process: Option<Child>,
}

impl Redis {
    /// Starts one.
    pub async fn start() -> Result<Self> {
        loop {
            let mut redis = Self::prepare()?;
            // Somebody may have taken the port meanwhile; then it ends at once.
            if redis.try_launch().await? {
                return Ok(redis);
            }
        }
    }

    /// One that does not run yet.
    pub fn prepare() -> Result<Self> {
        tools::need("redis-server", "redis-server")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Self { folder: tempfile::tempdir()?, port, process: None })
    }

    /// Starts it (again), empty, where it was.
    pub async fn launch(&mut self) -> Result<()> {
        ensure!(self.try_launch().await?, "redis-server ended at its start");
        Ok(())
    }

    async fn try_launch(&mut self) -> Result<bool> {
        // The system ends it if this thread dies without doing so.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", "redis-server", "--requirepass", PASSWORD]);
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        command.arg("--dir").arg(self.folder.path()).arg("--unixsocket").arg(self.socket());
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let process = self.process.insert(process);
        let socket = self.folder.path().join("redis.sock");
        until("a Redis that answers", clock::PATIENCE, async || {
            if process.try_wait()?.is_some() {
                return Ok(Some(false));
            }
            Ok(std::os::unix::net::UnixStream::connect(&socket).is_ok().then_some(true))
        })
        .await
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// Its address as it stands in the settings.
    pub fn url(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}/1", self.port)
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let process = self.process.as_ref().context("it does not run")?;
        Ok(kill_process(Pid::from_child(process), signal)?)
    }

    /// Kills it the hard way.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// Asks it something; the answer a line each.
    pub fn ask(&self, words: &[&str]) -> Result<Vec<String>> {
        let mut command = Command::new("redis-cli");
        command.arg("-s").arg(self.socket()).args(["-n", "1"]).args(words).env("REDISCLI_AUTH", PASSWORD);
        let answer = command.output().context("this test needs redis-cli: apt-get install redis-tools")?;
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        if !answer.status.success() {
            bail!("redis-cli {words:?}: {text} {}", String::from_utf8_lossy(&answer.stderr));
        }
        Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }

    /// The one key that fits a pattern, if there is one.
    pub fn key(&self, pattern: &str) -> Result<Option<String>> {
        Ok(self.ask(&["KEYS", pattern])?.pop())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("Redis could not be killed: {error}");
        }
    }
}
