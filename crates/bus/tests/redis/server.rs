//! A Redis of the test's own, and processes on the bus there.

use bus::{Bus, OnRedis, Settings, Timing};
use model::{HandsetId, Timestamp};
use redis::{Client, aio::MultiplexedConnection};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    net::TcpListener,
    ops::Deref,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{task::JoinHandle, time::sleep};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The store whose processes are on the bus.
pub(crate) const STORE: &str = "0a0b0c0d0e0f0001";
/// What every key of that store begins with.
pub(crate) const NAMES: &str = "jjl:0a0b0c0d0e0f0001:";

/// Sooner than in life, so that nobody waits for what expires.
pub(crate) const QUICK: Timing = Timing {
    soon: Duration::from_millis(20),
    beat: Duration::from_millis(100),
    answer_within: Duration::from_secs(1),
    late_after: Duration::from_millis(500),
    retry_after: Duration::from_millis(50),
    presence_expires: Duration::from_millis(1_500),
    unsaved_expires: Duration::from_secs(8),
};

/// A server; dropping it ends it.
pub(crate) struct Server {
    folder: TempDir,
    words: Vec<String>,
    process: Option<Child>,
}

impl Server {
    /// On a socket in its folder.
    pub(crate) async fn start() -> Self {
        let mut server = Self::prepare(&["--port", "0"]);
        server.launch().await;
        server
    }

    /// On a port of its own too, and with a password.
    pub(crate) async fn with_password(password: &str) -> (Self, u16) {
        for nth in 0.. {
            assert!(nth < 20, "redis-server ends at once, on twenty ports");
            let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port").port();
            let port = free.to_string();
            let mut server = Self::prepare(&["--port", &port, "--requirepass", password]);
            // Somebody may have taken the port meanwhile; then it ends at once.
            if server.try_launch().await {
                return (server, free);
            }
        }
        unreachable!("the loop ends by itself")
    }

    /// One that is not running yet.
    pub(crate) fn prepare(words: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Self { folder, words, process: None }
    }

    pub(crate) async fn launch(&mut self) {
        assert!(self.try_launch().await, "redis-server ended");
    }

    async fn try_launch(&mut self) -> bool {
        // The system ends it if this thread dies without doing so.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", "redis-server"]).args(&self.words);
        command.arg("--unixsocket").arg(self.socket()).arg("--dir").arg(self.folder.path());
        command.args(["--save", "", "--appendonly", "no"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("this test needs redis-server: scripts/packages.sh installs it");
        let process = self.process.insert(process);
        loop {
            if process.try_wait().expect("a status").is_some() {
                return false;
            }
            if std::os::unix::net::UnixStream::connect(self.folder.path().join("redis.sock")).is_ok() {
                return true;
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    pub(crate) fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// A connection of the test's own.
    pub(crate) async fn connection(&self) -> MultiplexedConnection {
        let client = Client::open(self.url()).expect("an address");
        client.get_multiplexed_async_connection().await.expect("a connection")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let process = self.process.as_ref().expect("it runs");
        kill_process(Pid::from_child(process), signal).expect("a signal is sent");
    }

    /// kill -9.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("killed");
            process.wait().expect("ended");
        }
    }

    /// Another process of the store on this Redis.
    pub(crate) fn join(&self) -> Process {
        self.join_with(QUICK, now)
    }

    pub(crate) fn join_with(&self, timing: Timing, now: fn() -> Timestamp) -> Process {
        Process::start(&Settings { url: self.url(), ..settings(timing) }, now)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn settings(timing: Timing) -> Settings {
    Settings { url: String::new(), prefix: "jjl:".to_owned(), store_id: STORE.to_owned(), timing }
}

/// The time on the wall.
#[expect(clippy::disallowed_methods, reason = "a test is the shell")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

pub(crate) fn handset(name: &str) -> HandsetId {
    HandsetId::new(name).expect("an id")
}

/// A process on the bus, as far as the bus sees it.
pub(crate) struct Process {
    bus: Arc<dyn Bus>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Process {
    pub(crate) fn start(settings: &Settings, now: fn() -> Timestamp) -> Self {
        let bus = OnRedis::open(settings, now).expect("a bus");
        let stop = CancellationToken::new();
        let task = TaskTracker::new().spawn(bus.clone().run(stop.clone()));
        Self { bus: Arc::new(bus), stop, task }
    }

    /// Its end of the bus, beyond its own life.
    pub(crate) fn bus(&self) -> &Arc<dyn Bus> {
        &self.bus
    }

    /// Dies without a word.
    pub(crate) async fn die(self) {
        self.task.abort();
        assert!(self.task.await.is_err_and(|error| error.is_cancelled()), "it had ended before");
    }

    /// Stops as it should.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.task.await.expect("a clean end");
    }
}

impl Deref for Process {
    type Target = dyn Bus;

    fn deref(&self) -> &Self::Target {
        &*self.bus
    }
}
