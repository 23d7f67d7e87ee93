//! Jobs of the tests' own: a statement, a question, and jobs that misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Row as _};
use store::{Connection, Job, JobError, Lane};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Runs a statement, as a press would.
pub(crate) struct Run(pub(crate) String);

#[async_trait]
impl Job for Run {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        execute(connection, &self.0).await
    }
}

pub(crate) async fn execute(connection: &mut Connection, statement: &str) -> Result<(), JobError> {
    let query = AssertSqlSafe(statement.to_owned());
    match connection {
        Connection::Sqlite(to) => sqlx::query(query).execute(to).await.map(drop)?,
        Connection::Postgres(to) => sqlx::query(query).execute(to).await.map(drop)?,
    }
    Ok(())
}

/// Asks for a number.
pub(crate) struct Ask(pub(crate) String);

#[async_trait]
impl Job for Ask {
    type Output = i64;
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<i64, JobError> {
        let query = AssertSqlSafe(self.0.clone());
        Ok(match connection {
            Connection::Sqlite(to) => sqlx::query(query).fetch_one(to).await?.get(0),
            Connection::Postgres(to) => sqlx::query(query).fetch_one(to).await?.get(0),
        })
    }
}

/// A job of a lane that does what a test wants and leaves a row in the quarantine, by which order is told.
pub(crate) struct Noted<const LANE: usize> {
    pub(crate) name: String,
    pub(crate) before: Before,
}

/// What happens before the row is written.
pub(crate) enum Before {
    /// Nothing.
    Nothing,
    /// It takes its time.
    Takes(Duration),
    /// It waits until the test lets it go on, once it has said that it is there.
    Waits(Arc<Gate>),
    /// Its first attempt ends as if the database were in trouble.
    FailsOnce(AtomicBool),
    /// It panics.
    Panics,
}

/// Holds the writer within a job.
#[derive(Default)]
pub(crate) struct Gate {
    reached: Notify,
    open: CancellationToken,
}

impl Gate {
    pub(crate) async fn reached(&self) {
        tokio::time::timeout(super::SOON, self.reached.notified())
            .await
            .expect("the writer reaches the gate");
    }

    /// As [`Self::reached`], but for a job that may be held up before it gets there.
    pub(crate) async fn reached_or_waits(&self) {
        self.reached.notified().await;
    }

    /// Says that the job is there and waits until it may go on.
    pub(crate) async fn pass(&self) {
        self.reached.notify_one();
        self.open.cancelled().await;
    }

    pub(crate) fn open(&self) {
        self.open.cancel();
    }
}

impl<const LANE: usize> Noted<LANE> {
    #[expect(clippy::needless_pass_by_value, reason = "a number or a text, as it stands in the test")]
    pub(crate) fn new(name: impl ToString, before: Before) -> Self {
        Self { name: name.to_string(), before }
    }
}

pub(crate) const LIFE: usize = 0;
pub(crate) const FIXES: usize = 2;
pub(crate) const AUDIT: usize = 3;
pub(crate) const BACKGROUND: usize = 4;

#[async_trait]
impl<const LANE: usize> Job for Noted<LANE> {
    type Output = ();
    const LANE: Lane = match LANE {
        LIFE => Lane::Life,
        FIXES => Lane::Fixes,
        AUDIT => Lane::Audit,
        _ => Lane::Background,
    };
    const ABANDONABLE: bool = LANE == BACKGROUND;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        match &self.before {
            Before::Nothing => {}
            Before::Takes(time) => tokio::time::sleep(*time).await,
            Before::Waits(gate) => gate.pass().await,
            Before::FailsOnce(failed) => {
                if !failed.swap(true, Ordering::Relaxed) {
                    return Err(sqlx::Error::Io(std::io::ErrorKind::BrokenPipe.into()).into());
                }
            }
            Before::Panics => unreachable!("this job panics, as its test wants"),
        }
        let name = &self.name;
        let note = format!(
            "INSERT INTO quarantine (topic, received_at_us, reason, payload) VALUES ('noted', 0, '{name}', '')"
        );
        execute(connection, &note).await
    }
}
