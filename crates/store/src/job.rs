//! What is written: a job, its priority, why it was not done, and how it waits for its answer.

use crate::Connection;
use async_trait::async_trait;
use futures_util::FutureExt as _;
use std::{panic::AssertUnwindSafe, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, oneshot},
    time::Instant,
};

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

    /// Whether somebody looks at a screen or a handset until it is done: its statements are waited for awake.
    pub(crate) fn is_awaited(self) -> bool {
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
    /// Whether it adds to the log of signals, so that the [`Sequel`](crate::Sequel) has work to do.
    const BRINGS_SIGNALS: bool = false;
    /// Writes.
    async fn run(&self, connection: &mut Connection) -> Result<Self::Output, JobError>;
}

#[async_trait]
pub(crate) trait Queued: Send {
    async fn run(&mut self, connection: &mut Connection) -> Result<(), JobError>;
    fn answer(self: Box<Self>);
    fn refuse(self: Box<Self>, error: JobError);
    fn is_pointless(&self) -> bool;
    fn waited(&self) -> Duration;
    fn brings_signals(&self) -> bool;
}

pub(crate) struct Pending<J: Job> {
    job: J,
    output: Option<J::Output>,
    reply: oneshot::Sender<Result<J::Output, JobError>>,
    queued_at: Instant,
    /// Its place in the lane, given back with the answer.
    _room: OwnedSemaphorePermit,
}

/// The writer's answer, on its way to whoever asked.
pub(crate) type Reply<J> = oneshot::Receiver<Result<<J as Job>::Output, JobError>>;

impl<J: Job> Pending<J> {
    /// The job as it waits in its lane, and where the answer will come.
    pub(crate) fn new(job: J, room: OwnedSemaphorePermit) -> (Box<Self>, Reply<J>) {
        let (reply, answer) = oneshot::channel();
        let queued_at = Instant::now();
        (Box::new(Self { job, output: None, reply, queued_at, _room: room }), answer)
    }
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
            drop(reply.send(Ok(output)));
        }
    }

    fn refuse(self: Box<Self>, error: JobError) {
        drop(self.reply.send(Err(error)));
    }

    fn is_pointless(&self) -> bool {
        J::ABANDONABLE && self.reply.is_closed()
    }

    fn waited(&self) -> Duration {
        self.queued_at.elapsed()
    }

    fn brings_signals(&self) -> bool {
        J::BRINGS_SIGNALS
    }
}

/// Whether this failure says that the writer's loop has ended: nothing can be written until the platform
/// starts again.
pub fn is_writer_gone(failure: &JobError) -> bool {
    matches!(failure, JobError::Database(sqlx::Error::WorkerCrashed))
}

/// Work whose panic is a failure of its own, so that the writer outlives it. Not for jobs in general: a job that
/// panics is a fault of the store, and the platform starts anew.
pub async fn contained<T>(work: impl Future<Output = Result<T, JobError>>) -> Result<T, JobError> {
    let ran = AssertUnwindSafe(work).catch_unwind().await;
    ran.unwrap_or_else(|_panic| Err(JobError::Broken("it panicked".to_owned())))
}
