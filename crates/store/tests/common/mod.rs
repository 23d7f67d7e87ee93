//! A store with its writer running, on either database, and what the tests put into it.

pub(crate) mod jobs;
pub(crate) mod made;
pub(crate) mod postgres;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use store::{Ballast, Database, Job, JobError, Keys, Store};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use jobs::{Before, Gate, LIFE, Noted};
use postgres::Server;

/// Long enough for a busy machine, short enough to fail.
pub(crate) const SOON: Duration = Duration::from_secs(20);
/// Long enough for something to happen that should not.
pub(crate) const A_WHILE: Duration = Duration::from_millis(300);

/// An open store.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) database: Database,
    /// The server, where there is one: its socket folder and the database's name.
    pub(crate) server: Option<(PathBuf, String)>,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    folder: TempDir,
}

impl House {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = sqlite_in(folder.path());
        Self::open(database, folder, None).await
    }

    pub(crate) async fn postgres(server: &Server, name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = server.create_database(name).await;
        let mut house = Self::open(database, folder, None).await;
        house.server = Some((server.folder().to_owned(), name.to_owned()));
        house
    }

    pub(crate) async fn open(database: Database, folder: TempDir, ballast: Option<Ballast>) -> Self {
        let keys = Keys::fresh().expect("keys");
        let (store, task) = Store::open(&database, keys, ballast).await.expect("the store opens");
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(task.run(stop.clone()));
        Self { store, database, server: None, stop, tasks, folder }
    }

    /// Another platform on the same data, with the same keys.
    pub(crate) async fn another(&self) -> Self {
        let opened = Store::open(&self.database, self.store.keys().clone(), None).await;
        let (store, task) = opened.expect("the store opens again");
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(task.run(stop.clone()));
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { store, database: self.database.clone(), server: self.server.clone(), stop, tasks, folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes what must succeed.
    pub(crate) async fn write<J: Job>(&self, job: J) -> J::Output {
        let written = tokio::time::timeout(SOON, self.store.write(job)).await;
        written.expect("the writer answers").expect("it is written")
    }

    /// A number that a statement of the test's own asks for.
    pub(crate) async fn ask(&self, question: &str) -> i64 {
        self.write(jobs::Ask(question.to_owned())).await
    }

    /// A statement of the test's own.
    pub(crate) async fn run(&self, statement: &str) {
        self.write(jobs::Run(statement.to_owned())).await;
    }

    /// Hands a job in without waiting for it; what is handed in first stands first.
    pub(crate) async fn hand_in<J: Job>(&self, job: J) -> JoinHandle<Result<J::Output, JobError>> {
        let store = self.store.clone();
        let handed_in = self.tasks.spawn(async move { store.write(job).await });
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        handed_in
    }

    /// Holds the writer, so that jobs pile up, until the gate is opened.
    pub(crate) async fn hold(&self) -> Arc<Gate> {
        let gate = Arc::new(Gate::default());
        self.hand_in(Noted::<LIFE>::new("gate", Before::Waits(Arc::clone(&gate)))).await;
        gate.reached().await;
        gate
    }

    /// The names that [`Noted`] jobs left, in the order of their rows.
    pub(crate) async fn noted(&self) -> Vec<String> {
        let found = self.store.quarantined(i64::MAX, 10_000).await.expect("readable");
        found.into_iter().rev().map(|row| row.reason).filter(|name| name != "gate").collect()
    }

    /// Stops the writer and waits for its end.
    pub(crate) async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(SOON, self.tasks.wait()).await.expect("the writer ends when it is stopped");
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A database file in this folder.
pub(crate) fn sqlite_in(folder: &Path) -> Database {
    let url = format!("sqlite://{}", folder.join("jujiale.db").display());
    Database::from_url(&url).expect("an address")
}

/// What came of a job that was handed in.
pub(crate) async fn answer<T>(handed_in: JoinHandle<Result<T, JobError>>) -> Result<T, JobError> {
    tokio::time::timeout(SOON, handed_in).await.expect("the writer answers").expect("nothing panics")
}

/// Waits for something to become true. On PostgreSQL a log shows a row only after every transaction of the
/// server that is older has ended, its own housekeeping included.
pub(crate) async fn soon<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    match tokio::time::timeout(SOON, looking).await {
        Ok(found) => found,
        Err(_late) => unreachable!("not in time: {what}"),
    }
}
