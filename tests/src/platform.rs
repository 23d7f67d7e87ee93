//! The real binary as a fixture.

use crate::{Account, Authority, Handset, Live, clock, tools, until};
use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use std::{
    fs::{File, OpenOptions},
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};
use tokio::time::Instant;

/// A first start makes the demo's people and hashes their secrets, on a machine busy with other tests.
const START_WITHIN: Duration = Duration::from_mins(1);
/// A clean stop lets everybody finish.
const STOP_WITHIN: Duration = Duration::from_secs(20);
/// How far the watch is behind what arrives.
const LAG: &str = "jujiale_watch_lag_seconds";
/// From what is judged to its incident, and from a look of the watch to the next.
const TOLD_WITHIN: Duration = Duration::from_secs(1);
/// So much of the log is shown when a test fails.
const LOG_TAIL_LINES: usize = 80;

/// What differs from an ordinary start.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Where the data lives; absent: a folder that goes away with the test.
    pub data: Option<PathBuf>,
    /// Further variables of its environment.
    pub env: Vec<(String, String)>,
    /// A program that runs it in the same process, such as `strace -D`.
    pub wrapper: Vec<String>,
    /// Further words of its command.
    pub words: Vec<String>,
    /// It is measured, so its data must lie on a disk.
    pub is_measured: bool,
}

impl Setup {
    /// For measuring: as `packaging/jujiale.service` runs it, before whatever else wants a core, where that may be said.
    pub fn as_a_service() -> Self {
        let before_others = ["nice", "-n", "-10"];
        let asked =
            std::process::Command::new("nice").args(before_others.iter().skip(1)).arg("nice").output();
        let may = asked.is_ok_and(|answer| answer.stdout.starts_with(b"-10"));
        if !may {
            eprintln!("NOT before other programs: this account may not say so (nice -n -10)");
        }
        let wrapper = if may { before_others.map(str::to_owned).to_vec() } else { Vec::new() };
        Self { wrapper, is_measured: true, ..Self::default() }
    }

    /// Serves TLS as well, with what the authority has issued.
    pub fn encrypted(mut self, authority: &Authority) -> Result<Self> {
        authority.install(&authority.issue("first")?)?;
        let path = |path: PathBuf| path.display().to_string();
        let env = [
            ("JJL_HTTP__TLS_LISTEN", "127.0.0.1:0".to_owned()),
            ("JJL_MQTT__TLS_LISTEN", "127.0.0.1:0".to_owned()),
            ("JJL_MQTT__WEBSOCKET_TLS_LISTEN", "127.0.0.1:0".to_owned()),
            ("JJL_TLS__CERTIFICATE", path(authority.certificate())),
            ("JJL_TLS__KEY", path(authority.key())),
        ];
        self.env.extend(env.map(|(name, value)| (name.to_owned(), value)));
        Ok(self)
    }
}

/// Where the platform is to be found, as it says itself.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Endpoints {
    /// Base address of the HTTP API.
    pub http: String,
    /// Base address of the HTTP API over TLS, where that is served.
    pub https: Option<String>,
    /// Host and port of the MQTT door.
    pub mqtt: String,
    /// Base address of MQTT over websocket.
    pub mqtt_websocket: String,
    /// Host and port of MQTT over TLS, where that is served.
    pub mqtt_tls: Option<String>,
    /// Base address of MQTT over websocket over TLS, where that is served.
    pub mqtt_websocket_tls: Option<String>,
    /// Its process.
    pub pid: i32,
}

/// One platform; killed when dropped.
#[derive(Debug)]
pub struct Platform {
    folder: tempfile::TempDir,
    setup: Setup,
    child: Option<Child>,
    /// Where it is, also after a restart.
    pub at: Endpoints,
}

impl Platform {
    /// Starts one on a fresh folder.
    pub async fn start() -> Result<Self> {
        Self::start_with(Setup::default()).await
    }

    /// Starts one that differs.
    pub async fn start_with(setup: Setup) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        if setup.is_measured {
            tools::on_a_disk(setup.data.as_deref().unwrap_or(folder.path()))?;
        }
        let mut platform = Self { folder, setup, child: None, at: Endpoints::default() };
        platform.launch().await?;
        Ok(platform)
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.setup.data.clone().unwrap_or_else(|| self.folder.path().join("data"))
    }

    /// The database file within.
    pub fn database(&self) -> Result<PathBuf> {
        std::fs::read_dir(self.data())?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .find(|path| is_database(path))
            .context("no SQLite file in the data folder")
    }

    /// Runs another command of the program on its data and with its settings, such as `check`, until that ends.
    pub async fn command_on_data(&self, words: &[&str]) -> Result<std::process::Output> {
        let mut command = tokio::process::Command::new(binary()?);
        command.args(words).env("JJL_DATA__DIR", self.data()).current_dir(self.folder.path());
        command.envs(self.setup.env.iter().map(|(name, value)| (name, value)));
        Ok(command.stdin(Stdio::null()).output().await?)
    }

    /// Whether `check` finds everything whole; what it printed if not.
    pub async fn is_whole(&self) -> Result<()> {
        let checked = self.command_on_data(&["check", "--demo"]).await?;
        let said = String::from_utf8_lossy(&checked.stdout);
        anyhow::ensure!(checked.status.success(), "{said}{}", String::from_utf8_lossy(&checked.stderr));
        Ok(())
    }

    /// Its environment from the next start on.
    pub fn setup(&mut self) -> &mut Setup {
        &mut self.setup
    }

    /// Starts one that serves TLS as well, with what the authority has issued.
    pub async fn start_encrypted(authority: &Authority) -> Result<Self> {
        Self::start_with(Setup::default().encrypted(authority)?).await
    }

    /// Its port of the MQTT door.
    pub fn mqtt_port(&self) -> Result<u16> {
        port_of(&self.at.mqtt)
    }

    /// Its port of MQTT over websocket.
    pub fn websocket_port(&self) -> Result<u16> {
        port_of(&self.at.mqtt_websocket)
    }

    /// Its port of HTTP.
    pub fn http_port(&self) -> Result<u16> {
        port_of(&self.at.http)
    }

    /// Its port of HTTP over TLS.
    pub fn https_port(&self) -> Result<u16> {
        port_of(self.at.https.as_deref().unwrap_or_default())
    }

    /// Its port of MQTT over TLS.
    pub fn tls_port(&self) -> Result<u16> {
        port_of(self.at.mqtt_tls.as_deref().unwrap_or_default())
    }

    /// Its port of MQTT over websocket over TLS.
    pub fn websocket_tls_port(&self) -> Result<u16> {
        port_of(self.at.mqtt_websocket_tls.as_deref().unwrap_or_default())
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let child = self.child.as_ref().context("it is not running")?;
        Ok(kill_process(Pid::from_child(child), signal)?)
    }

    /// Someone at the API.
    pub async fn log_in(&self, username: &str) -> Result<Account> {
        Account::log_in(&self.at.http, username).await
    }

    /// A handset of the demo, connected and listening.
    pub async fn handset(&self, id: &str) -> Result<Handset> {
        Handset::connect(self.mqtt_port()?, id).await
    }

    /// An operator with a screen.
    pub async fn operator(&self) -> Result<(Account, Live)> {
        let account = self.log_in("operator").await?;
        let live = Live::open(&account, None).await?;
        Ok((account, live))
    }

    /// The health as it says itself.
    pub async fn health(&self) -> Result<serde_json::Value> {
        Ok(reqwest::get(format!("{}/healthz", self.at.http)).await?.json().await?)
    }

    /// Whether the health names this problem.
    pub async fn has_problem(&self, code: &str) -> Result<bool> {
        let health = self.health().await?;
        let problems = health["problems"].as_array().cloned().unwrap_or_default();
        Ok(problems.iter().any(|problem| problem["code"] == code))
    }

    /// Whether there is such a figure at all.
    pub async fn tells(&self, name: &str) -> Result<bool> {
        let text = reqwest::get(format!("{}/metrics", self.at.http)).await?.text().await?;
        Ok(text.lines().any(|line| line.strip_prefix(name).is_some_and(|value| value.starts_with(' '))))
    }

    /// One of its figures (`/metrics`) by its whole name; nothing was counted of what is not there yet.
    pub async fn figure(&self, name: &str) -> Result<f64> {
        let text = reqwest::get(format!("{}/metrics", self.at.http)).await?.text().await?;
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(value.unwrap_or("0").parse()?)
    }

    /// Waits until the watch has judged whatever had arrived when this was asked. How far it is behind is told once for each page that it
    /// reads, so whoever knows how many fixes there are waits for their number first.
    pub async fn has_judged(&self, within: Duration) -> Result<()> {
        let asked = Instant::now();
        until("the watch to have judged what arrived", within, async || {
            anyhow::ensure!(self.tells(LAG).await?, "there is no {LAG}");
            let behind = Duration::from_secs_f64(self.figure(LAG).await?.max(0.0));
            Ok((asked.elapsed() >= behind + TOLD_WITHIN).then_some(()))
        })
        .await
    }

    /// All that it has logged, over all its starts.
    pub fn log_text(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.log())?)
    }

    /// Its resident memory in KiB: now (`VmRSS`), or the most there ever was (`VmHWM`).
    pub fn memory_kib(&self, what: &str) -> Result<f64> {
        tools::memory_kib(self.at.pid, what)
    }

    /// Kills it the hard way and waits until it is gone.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks it to stop and waits until it has.
    pub async fn stop(&mut self) -> Result<ExitStatus> {
        let mut child = self.child.take().context("it is not running")?;
        kill_process(Pid::from_child(&child), Signal::TERM)?;
        let ended = until("a clean stop", STOP_WITHIN, async || Ok(child.try_wait()?)).await;
        if ended.is_err() {
            child.kill()?;
            child.wait()?;
        }
        ended
    }

    /// Starts it again on the same folder and ports.
    pub async fn restart(&mut self) -> Result<()> {
        self.launch().await
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> Result<bool> {
        Ok(match &mut self.child {
            Some(child) => child.try_wait()?.is_none(),
            None => false,
        })
    }

    async fn launch(&mut self) -> Result<()> {
        let mut child = self.command()?.spawn().with_context(|| format!("{:?}", self.setup.wrapper))?;
        let file = self.data().join("endpoints.json");
        let id = i32::try_from(child.id())?;
        let ready = until("endpoints.json", START_WITHIN, async || {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(Err(status)));
            }
            // A file left behind by a killed one names another process.
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            Ok(serde_json::from_str(&text).ok().filter(|at: &Endpoints| at.pid == id).map(Ok))
        })
        .await;
        self.child = Some(child);
        match ready? {
            Ok(at) => self.at = at,
            Err(status) => bail!("the platform ended while starting: {status} {:?}", status.signal()),
        }
        Ok(())
    }

    fn command(&self) -> Result<Command> {
        let log = OpenOptions::new().create(true).append(true).open(self.log())?;
        let (http, mqtt) = match self.at.pid {
            0 => ("127.0.0.1:0", "127.0.0.1:0"),
            _ => (self.at.http.trim_start_matches("http://"), self.at.mqtt.as_str()),
        };
        let binary = binary()?.display().to_string();
        let mut words = self.setup.wrapper.iter().map(String::as_str).chain([binary.as_str()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .args(["serve", "--demo", "--no-sim"])
            .args(&self.setup.words)
            .env("JJL_HTTP__LISTEN", http)
            .env("JJL_MQTT__LISTEN", mqtt)
            .env("JJL_MQTT__WEBSOCKET_LISTEN", "127.0.0.1:0")
            .env("JJL_DATA__DIR", self.data())
            .envs(self.setup.env.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Ok(command)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("platform.log")
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("the platform could not be killed: {error}");
        }
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(LOG_TAIL_LINES)..).unwrap_or_default();
        eprintln!("--- the platform's log, last {} of {} lines", tail.len(), lines.len());
        eprintln!("{}", tail.join("\n"));
    }
}

/// The port in an address or the address of a websocket.
fn port_of(address: &str) -> Result<u16> {
    let (_, port) = address.rsplit_once(':').context("no such address in endpoints.json")?;
    Ok(port.trim_end_matches("/mqtt").parse()?)
}

/// The program under test.
pub fn binary() -> Result<PathBuf> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/jujiale");
    let path = clock::variable("JJL_BIN").map_or(built, PathBuf::from);
    match path.canonicalize() {
        Ok(path) => Ok(path),
        Err(_) => bail!("{} is missing: cargo build -p server --bins (or set JJL_BIN)", path.display()),
    }
}

fn is_database(path: &Path) -> bool {
    use std::io::Read as _;
    let mut beginning = [0; 15];
    File::open(path).is_ok_and(|mut file| file.read_exact(&mut beginning).is_ok())
        && &beginning == b"SQLite format 3"
}
