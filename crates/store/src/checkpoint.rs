//! Brings what is committed from SQLite's log (WAL) into the file, beside the writer.
//!
//! By itself SQLite does it within whichever commit makes the log long, and then a press waits for thousands of pages and
//! a second sync. Here a connection of its own does it all along; it never stands in the writer's way (`PASSIVE`). While
//! commits go on it never quite finishes, and the log can only begin anew when it has: so a commit still does the rest
//! once the log is [`long`]; shortly before, the turns here follow closely, so that little is left for it.

use crate::Database;
use sqlx::{ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often.
const EVERY: Duration = Duration::from_secs(1);
/// How often while somebody writes fast, which is told by so many pages that came within a turn.
const OFTEN: Duration = Duration::from_millis(100);
const MANY: u64 = 1_000;
/// How often shortly before a commit does the rest, so that little is left for it.
const CLOSELY: Duration = Duration::from_millis(10);
const PAGE_BYTES: u64 = 4_096;

/// Pages in the log from which a commit does the rest: what is in the log must find room in the file on a full disk as
/// well, where there is only what the ballast gave up.
pub(crate) fn long(ballast_bytes: u64) -> u64 {
    ballast_bytes / 2 / PAGE_BYTES
}

/// Goes on until stopped. A server does this by itself.
pub(crate) async fn keep(database: &Database, log_pages: u64, stop: &CancellationToken) {
    let Database::Sqlite(options) = database else { return };
    stop.run_until_cancelled(go_on(options, log_pages)).await.unwrap_or_default();
}

async fn go_on(options: &SqliteConnectOptions, log_pages: u64) {
    let mut connection = None;
    loop {
        let pause = match checkpoint(&mut connection, options).await {
            Ok(log) if log.pages > log_pages / 8 * 7 && log.left > 0 => CLOSELY,
            Ok(log) if log.left > MANY => OFTEN,
            Ok(_quiet) => EVERY,
            Err(error) => {
                // Nothing is lost: it stays in the log until a later turn, or until a commit does it.
                tracing::warn!(event = "checkpoint_failed", %error);
                EVERY * 10
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// The log after a turn.
struct Log {
    pages: u64,
    /// What came meanwhile or is held back by a reader.
    left: u64,
}

async fn checkpoint(
    connection: &mut Option<SqliteConnection>,
    options: &SqliteConnectOptions,
) -> Result<Log, sqlx::Error> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(options.connect().await?),
    };
    let (_busy, pages, done): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(connection).await?;
    // Both are -1 while another connection is at it.
    let pages = u64::try_from(pages).unwrap_or_default();
    Ok(Log { pages, left: pages.saturating_sub(u64::try_from(done).unwrap_or_default()) })
}
