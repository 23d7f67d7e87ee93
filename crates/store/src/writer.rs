//! The one writer: jobs wait in lanes by priority and are committed in groups.
//!
//! Presses and incidents go first, then acknowledgements, fixes, audit, and work in the background. Each job
//! of a group stands in a savepoint of its own, so one that cannot be done takes nobody with it. A job is
//! answered only after the commit that holds it is on disk. When the database cannot take anything (locked,
//! full, gone) jobs wait and the queue pushes back on whoever feeds it; nothing is dropped. A full disk
//! releases the ballast; until there is room again positions and background work wait, and the rest goes on.
//!
//! To write something new, implement [`Job`] beside the table it writes and pick its lane.

use crate::{Connection, Database, StoreError, ballast::Ballast, lanes::Lanes};
use async_trait::async_trait;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::oneshot, time::Instant};
use tokio_util::sync::CancellationToken;

/// What a transaction may hold of work that is not urgent: longer, and a press would wait for it.
const BACKGROUND_BUDGET: Duration = Duration::from_millis(5);
/// Jobs in one group. At 64 the sync is already shared so widely that more would only add waiting.
const GROUP_JOBS: usize = 64;
/// Pause after a failed commit: short enough for a press, long enough not to burn a core.
const RETRY_EVERY: Duration = Duration::from_millis(50);
/// How often a full disk is looked at again.
const ROOM_EVERY: Duration = Duration::from_secs(1);

/// A priority at the writer; the first is served first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Presses and incidents.
    Life,
    /// What handsets acknowledged.
    Acknowledgement,
    /// Positions and other handset messages.
    Fixes,
    /// Who did and looked at what.
    Audit,
    /// What nobody waits for.
    Background,
}

impl Lane {
    /// The kept room is for presses and for what people at the desk do about them: without its audit row no
    /// list is shown and nobody logs in. Positions and whatever nobody waits for stay out.
    pub(crate) fn is_served_on_a_full_disk(self) -> bool {
        match self {
            Self::Life | Self::Acknowledgement | Self::Audit => true,
            Self::Fixes | Self::Background => false,
        }
    }
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The database failed. A broken rule of a table is the job's own failure; anything else is tried again.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// Somebody else changed the thing first.
    #[error("somebody else was faster")]
    Conflict,
    /// A stored document cannot be read or made.
    #[error("a stored document cannot be read")]
    Document(#[from] serde_json::Error),
    /// A stored value is not what it must be.
    #[error("a stored value is broken: {0}")]
    Broken(String),
}

/// One thing to write. `run` may be called more than once, each time in a fresh savepoint.
#[async_trait]
pub trait Job: Send + Sync + 'static {
    /// What the caller learns once it is on disk.
    type Output: Send + 'static;
    /// Its priority.
    const LANE: Lane;
    /// Whether it is pointless once the caller has stopped waiting. Never true of a press.
    const ABANDONABLE: bool = false;
    /// Writes.
    async fn run(&self, connection: &mut Connection) -> Result<Self::Output, JobError>;
}

/// What the writer knows of its own trouble.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriterHealth {
    /// The last commit failed with this.
    pub failing: Option<String>,
    /// The disk is full; positions are not written.
    pub disk_full: bool,
}

/// The handle by which everybody writes.
#[derive(Debug, Clone)]
pub struct Writer {
    lanes: Arc<Lanes>,
    health: Arc<Mutex<WriterHealth>>,
}

#[async_trait]
pub(crate) trait Queued: Send {
    async fn run(&mut self, connection: &mut Connection) -> Result<(), JobError>;
    fn answer(self: Box<Self>);
    fn refuse(self: Box<Self>, error: JobError);
    fn is_pointless(&self) -> bool;
}

struct Pending<J: Job> {
    job: J,
    output: Option<J::Output>,
    reply: oneshot::Sender<Result<J::Output, JobError>>,
    _room: tokio::sync::OwnedSemaphorePermit,
}

#[async_trait]
impl<J: Job> Queued for Pending<J> {
    async fn run(&mut self, connection: &mut Connection) -> Result<(), JobError> {
        self.output = Some(self.job.run(connection).await?);
        Ok(())
    }

    fn answer(self: Box<Self>) {
        let Self { output, reply, .. } = *self;
        if let Some(output) = output {
            // Whoever asked may have gone away; what was written stays written.
            reply.send(Ok(output)).unwrap_or_default_answer();
        }
    }

    fn refuse(self: Box<Self>, error: JobError) {
        self.reply.send(Err(error)).unwrap_or_default_answer();
    }

    fn is_pointless(&self) -> bool {
        J::ABANDONABLE && self.reply.is_closed()
    }
}

/// An answer nobody waits for any more is dropped knowingly.
trait DropAnswer {
    fn unwrap_or_default_answer(self);
}

impl<T> DropAnswer for Result<(), T> {
    fn unwrap_or_default_answer(self) {
        drop(self);
    }
}

impl Writer {
    /// Opens the writing connection, brings the tables up to date and makes ready to write.
    pub(crate) async fn open(
        database: &Database,
        ballast: Option<Ballast>,
    ) -> Result<(Self, WriterTask), StoreError> {
        let mut connection = database.writer().await.map_err(StoreError::Open)?;
        connection.migrate().await.map_err(StoreError::Migrate)?;
        let writer = Self { lanes: Arc::default(), health: Arc::default() };
        let task = WriterTask { writer: writer.clone(), database: database.clone(), connection, ballast };
        Ok((writer, task))
    }

    /// Writes, and returns when it is on disk. Waits while the lane is full or the database is away.
    pub async fn write<J: Job>(&self, job: J) -> Result<J::Output, JobError> {
        let (reply, answer) = oneshot::channel();
        let room = self.lanes.room(J::LANE).await;
        self.lanes.push(J::LANE, Box::new(Pending { job, output: None, reply, _room: room }));
        answer.await.unwrap_or(Err(JobError::Database(sqlx::Error::WorkerCrashed)))
    }

    /// What is wrong, if anything.
    pub fn health(&self) -> WriterHealth {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, change: impl FnOnce(&mut WriterHealth)) {
        change(&mut self.health.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The loop behind [`Writer`]; run it as a task of its own.
#[derive(Debug)]
pub struct WriterTask {
    writer: Writer,
    database: Database,
    connection: Connection,
    ballast: Option<Ballast>,
}

type Batch = Vec<(Lane, Box<dyn Queued>)>;

impl WriterTask {
    /// Serves the lanes until stopped, then writes what still waits (unless the database is away).
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let stopping = tokio::select! {
                biased;
                () = self.writer.lanes.wait() => false,
                () = stop.cancelled() => true,
            };
            let mut batch = self.take();
            if batch.is_empty() {
                if stopping || stop.is_cancelled() {
                    return;
                }
                self.look_for_room().await;
                continue;
            }
            if !self.commit(&mut batch).await && stop.is_cancelled() {
                return;
            }
        }
    }

    fn take(&self) -> Batch {
        let is_full = self.writer.health().disk_full;
        self.writer.lanes.take(|lane| !is_full || lane.is_served_on_a_full_disk(), GROUP_JOBS)
    }

    /// Commits the group; on failure puts its jobs back and says false.
    async fn commit(&mut self, batch: &mut Batch) -> bool {
        match self.try_commit(batch).await {
            Ok(left) => {
                for (_, job) in batch.drain(..) {
                    job.answer();
                }
                self.writer.lanes.put_back(left);
                self.recovered().await;
                true
            }
            Err(error) => {
                self.failed(&error).await;
                self.writer.lanes.put_back(std::mem::take(batch));
                tokio::time::sleep(RETRY_EVERY).await;
                false
            }
        }
    }

    /// Runs and commits the jobs; returns those the time budget left for the next group.
    async fn try_commit(&mut self, batch: &mut Batch) -> Result<Batch, sqlx::Error> {
        self.connection.begin().await?;
        match self.run_jobs(batch).await {
            Ok(left) => {
                let started = Instant::now();
                self.connection.run("COMMIT").await.inspect_err(|_| {
                    // What ran is undone with the transaction; every job runs anew.
                    metrics::counter!("jujiale_store_commit_failures_total").increment(1);
                })?;
                metrics::histogram!("jujiale_store_commit_seconds").record(started.elapsed().as_secs_f64());
                Ok(left)
            }
            Err(error) => {
                // The transaction may already be gone with the failure; then there is nothing to undo.
                self.connection.run("ROLLBACK").await.unwrap_or_default();
                Err(error)
            }
        }
    }

    async fn run_jobs(&mut self, batch: &mut Batch) -> Result<Batch, sqlx::Error> {
        let started = Instant::now();
        let mut done: Batch = Vec::with_capacity(batch.len());
        let mut left: Batch = Vec::new();
        let mut waiting = std::mem::take(batch).into_iter();
        while let Some((lane, mut job)) = waiting.next() {
            if lane > Lane::Life && started.elapsed() > BACKGROUND_BUDGET {
                left.push((lane, job));
                continue;
            }
            if job.is_pointless() {
                continue;
            }
            match self.run_job(&mut *job).await {
                Ok(()) => done.push((lane, job)),
                Err(error) if is_the_jobs_own(&error) => job.refuse(error),
                Err(error) => {
                    done.push((lane, job));
                    done.extend(left);
                    done.extend(waiting);
                    *batch = done;
                    return Err(into_database(error));
                }
            }
        }
        *batch = done;
        Ok(left)
    }

    async fn run_job(&mut self, job: &mut dyn Queued) -> Result<(), JobError> {
        self.connection.run("SAVEPOINT job").await?;
        match job.run(&mut self.connection).await {
            Ok(()) => Ok(self.connection.run("RELEASE SAVEPOINT job").await?),
            Err(error) => {
                if is_the_jobs_own(&error) {
                    self.connection.run("ROLLBACK TO SAVEPOINT job").await?;
                    self.connection.run("RELEASE SAVEPOINT job").await?;
                }
                Err(error)
            }
        }
    }

    async fn failed(&mut self, error: &sqlx::Error) {
        let full = is_full(error);
        if self.writer.health().failing.is_none() {
            tracing::error!(event = "store_commit_failed", %error, full, "nothing can be written; presses wait");
        }
        self.writer.note(|health| {
            health.failing = Some(error.to_string());
            health.disk_full |= full;
        });
        if full && let Some(ballast) = &self.ballast {
            ballast.release();
        }
        if !self.connection.is_alive().await
            && let Ok(connection) = self.database.writer().await
        {
            self.connection = connection;
        }
    }

    async fn recovered(&mut self) {
        if self.writer.health().failing.is_some() {
            tracing::warn!(event = "store_commit_recovered", "writing again");
            self.writer.note(|health| health.failing = None);
        }
        if self.writer.health().disk_full {
            self.look_for_room().await;
        }
    }

    /// On a full disk: takes the ballast back as soon as there is room for twice its size.
    async fn look_for_room(&mut self) {
        if !self.writer.health().disk_full {
            return;
        }
        let has_room = match self.ballast.clone() {
            Some(ballast) => tokio::task::spawn_blocking(move || ballast.restore()).await.unwrap_or(false),
            None => true,
        };
        if has_room {
            tracing::warn!(event = "store_room_again", "the disk has room again; fixes are taken again");
            self.writer.note(|health| health.disk_full = false);
            self.writer.lanes.knock();
        } else {
            let lanes = Arc::clone(&self.writer.lanes);
            tokio::time::timeout(ROOM_EVERY, lanes.wait_for_urgent()).await.unwrap_or_default();
            lanes.knock();
        }
    }
}

/// Whether the failure is this job's alone: a broken rule or value, not a database in trouble.
fn is_the_jobs_own(error: &JobError) -> bool {
    match error {
        JobError::Database(sqlx::Error::Database(database)) => {
            database.is_unique_violation()
                || database.is_foreign_key_violation()
                || database.is_check_violation()
                || matches!(database.code().as_deref(), Some("1299" | "23502" | "22021" | "22P05"))
        }
        JobError::Database(error) => {
            matches!(
                error,
                sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::Encode(_)
            )
        }
        JobError::Conflict | JobError::Document(_) | JobError::Broken(_) => true,
    }
}

fn into_database(error: JobError) -> sqlx::Error {
    match error {
        JobError::Database(error) => error,
        other => sqlx::Error::Encode(Box::new(other)),
    }
}

/// Whether this failure says that the writer's loop has ended: nothing can be written until the platform
/// starts again.
pub fn is_writer_gone(failure: &JobError) -> bool {
    matches!(failure, JobError::Database(sqlx::Error::WorkerCrashed))
}

/// SQLITE_FULL, SQLite's write error on a file system without room, or PostgreSQL's `disk_full`.
fn is_full(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("13" | "778" | "1034" | "53100"))
}
