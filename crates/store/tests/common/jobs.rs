//! Jobs of the tests' own: a statement, a question, and jobs that misbehave.

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Row as _};
use store::{Connection, Job, JobError, Lane};

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
