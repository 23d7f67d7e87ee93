//! The one writer: jobs wait in lanes by priority and are committed in groups.
//!
//! Presses and incidents go first, then acknowledgements, fixes, audit, and work in the background. A press has a
//! commit of its own, and one that comes while a group of others runs cuts it short; after that the others are owed one
//! group that is whole, with whatever presses wait at its front, so that a flood of presses stops nobody. Each job
//! of a group stands in a savepoint of its own, so one that cannot be done takes nobody with it. A job is
//! answered only after the commit that holds it is on disk. When the database cannot take anything (locked,
//! full, gone) jobs wait and the queue pushes back on whoever feeds it; nothing is dropped. A full disk
//! releases the ballast; until there is room again positions and background work wait, and the rest goes on.
//!
//! To write something new, implement [`Job`](crate::Job) beside the table it writes and pick its lane.

use crate::{
    Connection, Database, StoreError,
    ballast::{Ballast, DEFAULT_BALLAST_BYTES},
    checkpoint,
    eager::eagerly,
    job::{Job, JobError, Lane, Pending, Queued},
    lanes::Lanes,
    sequel::{self, Afterwards, Sequel},
    trouble::{is_full, is_the_jobs_own},
};
use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What a transaction may hold of work that is not urgent: longer, and a press would wait for it.
const BACKGROUND_BUDGET: Duration = Duration::from_millis(5);
/// Jobs in one group. At 64 the sync is already shared so widely that more would only add waiting.
const GROUP_JOBS: usize = 64;
/// Pause after a failed commit: short enough for a press, long enough not to burn a core.
const RETRY_EVERY: Duration = Duration::from_millis(50);
/// What the health says once the writer has ended, also after a clean stop.
const WRITER_ENDED: &str = "the writer has ended";
/// How often a full disk is looked at again.
const ROOM_EVERY: Duration = Duration::from_secs(1);

/// What the writer knows of its own trouble.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriterHealth {
    /// The last commit failed with this.
    pub failing: Option<String>,
    /// The disk is full; positions are not written.
    pub disk_full: bool,
}

/// The handle by which everybody writes.
#[derive(Clone)]
pub struct Writer {
    lanes: Arc<Lanes>,
    health: Arc<Mutex<WriterHealth>>,
    sequel: Arc<OnceLock<Arc<dyn Sequel>>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("lanes", &self.lanes).finish_non_exhaustive()
    }
}

impl Writer {
    /// Opens the writing connection, brings the tables up to date and makes ready to write.
    pub(crate) async fn open(
        database: &Database,
        ballast: Option<Ballast>,
    ) -> Result<(Self, WriterTask), StoreError> {
        let ballast_bytes = ballast.as_ref().map_or(DEFAULT_BALLAST_BYTES, Ballast::bytes);
        let log_pages = checkpoint::long(ballast_bytes);
        let mut connection = database.writer(log_pages).await.map_err(StoreError::Open)?;
        connection.migrate().await.map_err(StoreError::Migrate)?;
        let writer = Self { lanes: Arc::default(), health: Arc::default(), sequel: Arc::default() };
        let task = WriterTask {
            writer: writer.clone(),
            database: database.clone(),
            connection,
            ballast,
            log_pages,
            next_look: Instant::now(),
            spare_sequel: false,
            owes_others: false,
            stands_back: false,
        };
        Ok((writer, task))
    }

    /// One that writes nothing: whatever is handed in is refused.
    pub(crate) fn ended() -> Self {
        let writer = Self { lanes: Arc::default(), health: Arc::default(), sequel: Arc::default() };
        writer.note(|health| health.failing = Some(WRITER_ENDED.to_owned()));
        writer.lanes.close();
        writer
    }

    /// Writes, and returns when it is on disk. Waits while the lane is full or the database is away.
    pub async fn write<J: Job>(&self, job: J) -> Result<J::Output, JobError> {
        let room = self.lanes.room(J::LANE).await;
        let (pending, answer) = Pending::new(job, room);
        self.lanes.push(J::LANE, pending);
        answer.await.unwrap_or(Err(JobError::Database(sqlx::Error::WorkerCrashed)))
    }

    pub(crate) fn set_sequel(&self, sequel: Arc<dyn Sequel>) {
        if self.sequel.set(sequel).is_err() {
            tracing::error!(event = "sequel_set_twice", "the first one stays");
        }
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
    log_pages: u64,
    next_look: Instant,
    /// The sequel met trouble in the database: the signals that brought it are committed without it.
    spare_sequel: bool,
    /// The other lanes stood back for presses: their next group is done whole.
    owes_others: bool,
    /// This group ends early if a press comes.
    stands_back: bool,
}

type Batch = Vec<(Lane, Box<dyn Queued>)>;

/// What came of a group: jobs that ran, some with a failure of their own, and those the time did not reach for.
#[derive(Default)]
struct Outcome {
    done: Vec<(Lane, Box<dyn Queued>, Option<JobError>)>,
    left: Batch,
    afterwards: Option<Afterwards>,
}

impl Outcome {
    fn brings_signals(&self) -> bool {
        self.done.iter().any(|(_, job, own_failure)| own_failure.is_none() && job.brings_signals())
    }

    /// All jobs again, as if nothing had happened, in their order within each lane.
    fn undone(self) -> Batch {
        let mut all: Batch = self.done.into_iter().map(|(lane, job, _)| (lane, job)).collect();
        all.extend(self.left);
        all.sort_by_key(|(lane, _)| *lane);
        all
    }
}

impl Drop for WriterTask {
    /// Nobody waits for a writer that has ended, whether it was stopped or panicked.
    fn drop(&mut self) {
        self.writer.note(|health| health.failing = Some(WRITER_ENDED.to_owned()));
        self.writer.lanes.close();
    }
}

impl WriterTask {
    /// Serves the lanes until stopped, then writes what still waits (unless the database is away).
    pub async fn run(self, stop: CancellationToken) {
        let (database, log_pages) = (self.database.clone(), self.log_pages);
        tokio::join!(self.serve(&stop), checkpoint::keep(&database, log_pages, &stop));
    }

    async fn serve(mut self, stop: &CancellationToken) {
        loop {
            let is_full = self.writer.health().disk_full;
            tokio::select! {
                biased;
                () = self.writer.lanes.wait() => {}
                () = stop.cancelled() => {}
                () = tokio::time::sleep(ROOM_EVERY), if is_full => {}
            }
            self.look_for_room().await;
            let batch = self.take();
            let is_done = if batch.is_empty() {
                stop.is_cancelled()
            } else {
                !self.commit(batch).await && stop.is_cancelled()
            };
            if is_done {
                return;
            }
        }
    }

    fn take(&mut self) -> Batch {
        let lanes = &self.writer.lanes;
        if !self.owes_others && lanes.is_waiting(Lane::Life) {
            self.owes_others = true;
            let presses = lanes.take(|lane| lane == Lane::Life, GROUP_JOBS);
            lanes.knock();
            return presses;
        }
        self.stands_back = !std::mem::take(&mut self.owes_others);
        let is_full = self.writer.health().disk_full;
        lanes.take(|lane| !is_full || lane.is_served_on_a_full_disk(), GROUP_JOBS)
    }

    /// Commits the group; on failure puts its jobs back and says false.
    async fn commit(&mut self, batch: Batch) -> bool {
        match self.try_commit(batch).await {
            Ok(outcome) => {
                let Outcome { done, left, afterwards } = outcome;
                if let Some(afterwards) = afterwards {
                    sequel::tell(afterwards);
                }
                for (_, job, own_failure) in done {
                    match own_failure {
                        None => job.answer(),
                        Some(error) => job.refuse(error),
                    }
                }
                self.writer.lanes.put_back(left);
                self.recovered();
                true
            }
            Err((error, batch)) => {
                self.failed(&error).await;
                self.writer.lanes.put_back(batch);
                tokio::time::sleep(RETRY_EVERY).await;
                false
            }
        }
    }

    /// Runs and commits the jobs. A job is refused only after the commit as well: what it was refused for may
    /// be undone with the rest of the group.
    async fn try_commit(&mut self, batch: Batch) -> Result<Outcome, (sqlx::Error, Batch)> {
        let begun = Instant::now();
        let waited = batch.first().filter(|(lane, _)| *lane == Lane::Life).map(|(_, job)| job.waited());
        let is_urgent = batch.first().is_some_and(|(lane, _)| lane.is_awaited());
        if let Err(error) = eagerly(is_urgent, self.connection.begin()).await {
            self.undo().await;
            return Err((error, batch));
        }
        let is_alone = batch.len() == 1;
        let ran = if is_alone { self.run_alone(batch).await } else { self.run_jobs(batch).await };
        let mut outcome = match ran {
            Ok(outcome) => outcome,
            Err(failed) => {
                self.undo().await;
                return Err(failed);
            }
        };
        if is_alone && outcome.done.iter().any(|(_, _, own_failure)| own_failure.is_some()) {
            self.undo().await;
            return Ok(outcome);
        }
        let brings_signals = outcome.brings_signals();
        match self.run_sequel(brings_signals).await {
            Ok(afterwards) => outcome.afterwards = afterwards,
            Err(error) => {
                self.spare_sequel = true;
                self.undo().await;
                return Err((error, outcome.undone()));
            }
        }
        let started = Instant::now();
        if let Err(error) = self.connection.run("COMMIT").await {
            metrics::counter!("jujiale_store_commit_failures_total").increment(1);
            self.undo().await;
            return Err((error, outcome.undone()));
        }
        self.spare_sequel = false;
        let committed = started.elapsed();
        metrics::histogram!("jujiale_store_commit_seconds").record(committed.as_secs_f64());
        if let Some(waited) = waited {
            for (part, took) in [("waited", waited), ("ran", started - begun), ("committed", committed)] {
                metrics::histogram!("jujiale_store_life_seconds", "part" => part).record(took.as_secs_f64());
            }
        }
        Ok(outcome)
    }

    /// What follows from the signals this group brings, in the same transaction.
    async fn run_sequel(&mut self, brings_signals: bool) -> Result<Option<Afterwards>, sqlx::Error> {
        match self.writer.sequel.get() {
            Some(sequel) if brings_signals && !self.spare_sequel => {
                eagerly(true, sequel::run(&**sequel, &mut self.connection)).await
            }
            _ => Ok(None),
        }
    }

    /// Ends the transaction. It may be gone with the failure already; then there is nothing to undo.
    async fn undo(&mut self) {
        self.connection.run("ROLLBACK").await.unwrap_or_default();
    }

    /// Runs the jobs of the group. One job of every lane gets its turn, unless a press comes; the time budget holds for
    /// the rest of the lanes that are not urgent.
    async fn run_jobs(&mut self, batch: Batch) -> Result<Outcome, (sqlx::Error, Batch)> {
        let started = Instant::now();
        let mut outcome = Outcome::default();
        let mut waiting = batch.into_iter();
        let mut last_lane = None;
        while let Some((lane, mut job)) = waiting.next() {
            let has_had_a_turn = last_lane == Some(lane);
            let is_over = has_had_a_turn && started.elapsed() > BACKGROUND_BUDGET;
            if lane > Lane::Life && (is_over || last_lane.is_some() && self.must_stand_back()) {
                outcome.left.push((lane, job));
                continue;
            }
            last_lane = Some(lane);
            if job.is_pointless() {
                continue;
            }
            match eagerly(lane.is_awaited(), self.run_job(&mut *job)).await {
                Ok(Ok(())) => outcome.done.push((lane, job, None)),
                Ok(Err(error)) => outcome.done.push((lane, job, Some(error))),
                Err(error) => {
                    let mut all = outcome.undone();
                    // In the order they came: what was left is of lanes before or the same as this one's.
                    let place = all.partition_point(|(other, _)| *other <= lane);
                    all.insert(place, (lane, job));
                    all.extend(waiting);
                    all.sort_by_key(|(lane, _)| *lane);
                    return Err((error, all));
                }
            }
        }
        Ok(outcome)
    }

    fn must_stand_back(&self) -> bool {
        self.stands_back && self.writer.lanes.is_waiting(Lane::Life)
    }

    /// Runs a group of one. The transaction is its savepoint: near idle, where a press is alone, two statements
    /// fewer stand between it and the disk.
    async fn run_alone(&mut self, batch: Batch) -> Result<Outcome, (sqlx::Error, Batch)> {
        let mut outcome = Outcome::default();
        for (lane, mut job) in batch {
            if job.is_pointless() {
                continue;
            }
            match eagerly(lane.is_awaited(), job.run(&mut self.connection)).await {
                Ok(()) => outcome.done.push((lane, job, None)),
                Err(error) if is_the_jobs_own(&error) => outcome.done.push((lane, job, Some(error))),
                Err(JobError::Database(error)) => return Err((error, vec![(lane, job)])),
                Err(other) => outcome.done.push((lane, job, Some(other))),
            }
        }
        Ok(outcome)
    }

    /// Runs one job in its savepoint. The inner failure is the job's own and undone; the outer is the database's.
    async fn run_job(&mut self, job: &mut dyn Queued) -> Result<Result<(), JobError>, sqlx::Error> {
        self.connection.run("SAVEPOINT job").await?;
        match job.run(&mut self.connection).await {
            Ok(()) => {
                self.connection.run("RELEASE SAVEPOINT job").await?;
                Ok(Ok(()))
            }
            Err(error) if is_the_jobs_own(&error) => {
                self.connection.run("ROLLBACK TO SAVEPOINT job").await?;
                self.connection.run("RELEASE SAVEPOINT job").await?;
                Ok(Err(error))
            }
            Err(JobError::Database(error)) => Err(error),
            Err(other) => Ok(Err(other)),
        }
    }

    async fn failed(&mut self, error: &sqlx::Error) {
        let full = is_full(error);
        if full {
            self.next_look = Instant::now() + ROOM_EVERY;
        }
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
            && let Ok(connection) = self.database.writer(self.log_pages).await
        {
            self.connection = connection;
        }
    }

    fn recovered(&mut self) {
        if self.writer.health().failing.is_some() {
            tracing::warn!(event = "store_commit_recovered", "writing again");
            self.writer.note(|health| health.failing = None);
        }
    }

    /// On a full disk, once in a while: takes the ballast back as soon as there is room for twice its size.
    async fn look_for_room(&mut self) {
        let now = Instant::now();
        if !self.writer.health().disk_full || now < self.next_look {
            return;
        }
        self.next_look = now + ROOM_EVERY;
        let has_room = match self.ballast.clone() {
            Some(ballast) => tokio::task::spawn_blocking(move || ballast.restore()).await.unwrap_or(false),
            None => true,
        };
        if has_room {
            tracing::warn!(event = "store_room_again", "the disk has room again; fixes are taken again");
            self.writer.note(|health| health.disk_full = false);
            self.writer.lanes.knock();
        }
    }
}
