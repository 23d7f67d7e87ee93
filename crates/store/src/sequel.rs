//! What is done about signals in the very transaction that brings them.
//!
//! Within one process nobody need wait for a second sync between a press on disk and its incident on disk. The
//! sequel runs last in the group, in a savepoint of its own: if it fails, the press is committed all the same, and
//! whoever follows the log of signals by cursor does the work, as it does for signals that other processes wrote.

use crate::{Connection, JobError, contained, trouble::is_the_jobs_own};
use async_trait::async_trait;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is done once the transaction is on disk; dropped if it is undone.
pub type Afterwards = Box<dyn FnOnce() + Send>;

/// The work that follows from signals.
#[async_trait]
pub trait Sequel: Send + Sync + 'static {
    /// Reads and writes within the transaction. What the world must hear of it is said in the answer, which runs
    /// after the commit. May be called again for the same signals, if the transaction was undone.
    async fn run(&self, connection: &mut Connection) -> Result<Afterwards, JobError>;
}

/// Runs it as the last part of a transaction; its own failure, a panic too, undoes nothing but itself. The savepoint
/// is released by the commit.
pub(crate) async fn run(
    sequel: &dyn Sequel,
    connection: &mut Connection,
) -> Result<Option<Afterwards>, sqlx::Error> {
    connection.run("SAVEPOINT sequel").await?;
    match contained(sequel.run(connection)).await {
        Ok(afterwards) => Ok(Some(afterwards)),
        Err(error) if is_the_jobs_own(&error) => {
            tracing::warn!(event = "sequel_undone", %error, "the signals wait for whoever follows the log");
            connection.run("ROLLBACK TO SAVEPOINT sequel").await?;
            Ok(None)
        }
        Err(JobError::Database(error)) => Err(error),
        Err(_own) => Ok(None),
    }
}

/// Tells of it. What is on disk stays on disk, and whoever does not hear of it looks into the store.
pub(crate) fn tell(afterwards: Afterwards) {
    if catch_unwind(AssertUnwindSafe(afterwards)).is_err() {
        tracing::error!(event = "sequel_untold", "whoever follows the logs finds it");
    }
}
