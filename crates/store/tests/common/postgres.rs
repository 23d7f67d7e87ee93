//! A PostgreSQL server of the test's own: made in a temporary folder, reached through a socket in it, gone
//! with the test.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use store::Database;
use tempfile::TempDir;

/// The Debian package that has the server's programs.
const PACKAGE: &str = "postgresql";

/// A running server; dropping it ends it.
pub(crate) struct Server {
    process: Child,
    folder: TempDir,
}

impl Server {
    /// Makes a data folder and starts a server on it. Sorts text as in a Chinese installation, so that no
    /// test leans on bytes being in order.
    pub(crate) async fn start() -> Self {
        let programs = programs();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a data folder");
        if let Some((user, group)) = unprivileged() {
            // The server's account must be able to pass through the folder, and own what is in it.
            let passable = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(folder.path(), passable).expect("passable");
            for path in [folder.path(), &data] {
                chown(path, Some(user), Some(group)).expect("the data folder changes its owner");
            }
        }
        let made = as_unprivileged(&programs.join("initdb"))
            .arg("--pgdata")
            .arg(&data)
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-instructions",
                "--no-sync",
            ])
            .args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh-Hans"])
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("initdb starts").success(), "initdb makes a data folder");
        let process = as_unprivileged(&programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            // No machine dies here: what is promised of the server's disk is not what is tested, and a database for each part is made.
            .args(["-c", "fsync=off", "-c", "listen_addresses=", "-c", "log_min_messages=fatal"])
            .arg("-k")
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let server = Self { process: process.expect("postgres starts"), folder };
        server.connect("postgres").await.close().await.expect("a connection ends");
        server
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.path().display())
    }

    /// A connection of the test's own; waits until the server takes any.
    pub(crate) async fn connect(&self, database: &str) -> PgConnection {
        let url = self.url(database);
        let mut tries = 0;
        loop {
            match PgConnection::connect(&url).await {
                Ok(connection) => return connection,
                Err(error) if tries > 1_000 => unreachable!("the server takes no connections: {error}"),
                Err(_not_yet) => tries += 1,
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// A database that nobody else uses.
    pub(crate) async fn create_database(&self, name: &str) -> Database {
        let mut connection = self.connect("postgres").await;
        let statement = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(statement).execute(&mut connection).await.expect("a database is made");
        connection.close().await.expect("a connection ends");
        self.database(name)
    }

    pub(crate) fn database(&self, name: &str) -> Database {
        Database::from_url(&self.url(name)).expect("an address")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGQUIT is the server's immediate end; whatever is left of it after that is killed.
        let id = self.process.id().to_string();
        let asked = Command::new("kill").args(["-QUIT", &id]).status();
        for _ in 0..200 {
            if asked.is_err() || !matches!(self.process.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
    }
}

/// Everything a database of the server in this folder holds, as text.
pub(crate) fn dump(server: &Path, database: &str) -> String {
    let dumped = Command::new(programs().join("pg_dump"))
        .args(["--username=postgres", "--inserts", "--host"])
        .arg(server)
        .arg(database)
        .output()
        .expect("pg_dump starts");
    assert!(dumped.status.success(), "pg_dump: {}", String::from_utf8_lossy(&dumped.stderr));
    String::from_utf8(dumped.stdout).expect("text")
}

/// The folder of the newest server's programs.
fn programs() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").exists())
        .collect();
    found.sort();
    let newest = found.pop().map(|(_, folder)| folder).or_else(|| {
        let told = Command::new("pg_config").arg("--bindir").output().ok()?;
        let folder = PathBuf::from(String::from_utf8(told.stdout).ok()?.trim());
        folder.join("initdb").exists().then_some(folder)
    });
    newest.unwrap_or_else(|| unreachable!("PostgreSQL is not installed: apt-get install {PACKAGE}"))
}

/// The account that runs the server when we are root, whom it refuses.
fn unprivileged() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").expect("accounts");
    let line = accounts.lines().find(|line| line.starts_with("postgres:"));
    let line = line.unwrap_or_else(|| unreachable!("no account postgres: apt-get install {PACKAGE}"));
    let mut numbers = line.split(':').skip(2).map(|number| number.parse().expect("a number"));
    Some((numbers.next().expect("a user"), numbers.next().expect("a group")))
}

/// The program, in the server's account, ended by the system if this thread dies without ending it.
fn as_unprivileged(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT"]);
    if let Some((user, group)) = unprivileged() {
        command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
    }
    command.arg("--").arg(program).current_dir("/");
    command
}
