//! Brings what is committed from SQLite's log (WAL) into the file, beside the writer.
//!
//! By itself SQLite does it within whichever commit makes the log long, and then a press waits for thousands of pages and
//! a second sync. Here a connection of its own does it all along; it never stands in the writer's way (`PASSIVE`). While
//! commits go on it never quite finishes, and the log can only begin anew when it has: so a commit still does the rest
//! once the log is [`long`], and little is left for it then.

use crate::Database;
use sqlx::{ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often.
const EVERY: Duration = Duration::from_secs(1);
/// With so many pages left, somebody writes fast: it goes on at once.
const MANY: i64 = 1_000;
const PAGE_BYTES: u64 = 4_096;

/// Pages in the log from which a commit does the rest: what is in the log must find room in the file on a full disk as
/// well, where there is only what the ballast gave up.
pub(crate) fn long(ballast_bytes: u64) -> u64 {
    ballast_bytes / 2 / PAGE_BYTES
}

/// Goes on until stopped. A server does this by itself.
pub(crate) async fn keep(database: &Database, stop: &CancellationToken) {
    let Database::Sqlite(options) = database else { return };
    stop.run_until_cancelled(go_on(options)).await.unwrap_or_default();
}

async fn go_on(options: &SqliteConnectOptions) {
    let mut connection = None;
    loop {
        let pause = match checkpoint(&mut connection, options).await {
            Ok(left) if left > MANY => EVERY / 10,
            Ok(_few) => EVERY,
            Err(error) => {
                // Nothing is lost: it stays in the log until a later turn, or until a commit does it.
                tracing::warn!(event = "checkpoint_failed", %error);
                EVERY * 10
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// One turn. Says how many pages came meanwhile or are held back by a reader.
async fn checkpoint(
    connection: &mut Option<SqliteConnection>,
    options: &SqliteConnectOptions,
) -> Result<i64, sqlx::Error> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(options.connect().await?),
    };
    let (_busy, pages, done): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(connection).await?;
    Ok(pages.saturating_sub(done))
}
