//! Debian's Mosquitto: a broker that promises no disk, beside which the platform is measured.

use crate::{PATIENCE, tools, until};
use anyhow::{Context as _, Result};
use rustix::process::{Pid, setpriority_process};
use std::process::{Child, Command, Stdio};
use tokio::net::{TcpListener, TcpStream};

const PROGRAM: &str = "/usr/sbin/mosquitto";
/// It goes before other programs by as much as the platform that is measured beside it ([`crate::Setup::as_a_service`]), or it would
/// wait for the load that the platform does not wait for.
const NICE: i32 = -10;

/// One without persistence on a port of its own, which lets everybody in; killed when dropped.
#[derive(Debug)]
pub struct Mosquitto {
    process: Child,
    /// Its port.
    pub port: u16,
}

impl Mosquitto {
    /// Starts one with room for as many connections as there may be files.
    pub async fn start() -> Result<Self> {
        tools::need(PROGRAM, "mosquitto")?;
        tools::open_files()?;
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let mut command = Command::new(PROGRAM);
        command.args(["-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let mosquitto = Self { process: command.spawn().context("mosquitto")?, port };
        if setpriority_process(Some(Pid::from_child(&mosquitto.process)), NICE).is_err() {
            eprintln!("mosquitto NOT before other programs: this account may not say so");
        }
        until("a broker that listens", PATIENCE, async || Ok(TcpStream::connect(mosquitto.at()).await.ok()))
            .await?;
        Ok(mosquitto)
    }

    /// Host and port.
    pub fn at(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Its resident memory in KiB, as [`tools::memory_kib`] names it.
    pub fn memory_kib(&self, what: &str) -> Result<f64> {
        tools::memory_kib(i32::try_from(self.process.id())?, what)
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        if self.process.kill().and_then(|()| self.process.wait()).is_err() {
            eprintln!("mosquitto (pid {}) could not be stopped", self.process.id());
        }
    }
}
