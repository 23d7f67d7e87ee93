//! Two databases behind one SQL text: SQLite for one machine, PostgreSQL for many.
//!
//! A statement is written once, with `$1` parameters and types both know (64-bit integers for times, text,
//! bytes, doubles, booleans). [`on!`] runs it on whichever connection there is; [`follow!`] reads a log by
//! cursor and keeps below PostgreSQL's oldest running transaction. Where the two truly differ (a list of row
//! numbers), both texts stand side by side.

use crate::StoreError;
use sqlx::{
    ConnectOptions, Connection as _, PgConnection, PgPool, SqliteConnection, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

/// Readers beside the one writer. Reads are short; more would only wait for the same two cores.
const READERS: u32 = 4;

/// How long a statement waits for another process's lock before the writer hears of it and says so.
const BUSY_TIMEOUT: Duration = Duration::from_millis(100);
/// Pages of SQLite's file that the writer keeps in memory: what the statements of a press go through in a district's indexes.
const WRITER_PAGES_KIB: u32 = 16 * 1024;
/// Statements that the writer keeps compiled: more than all jobs have, so that none of a press is compiled anew.
const WRITER_STATEMENTS: usize = 512;

/// PostgreSQL: how long a statement waits for somebody else's lock before the writer hears of it and says so,
/// and how long a transaction may stand still before the server ends it. A group takes milliseconds; a platform
/// that froze within one must not keep the others from writing.
const WRITER_LIMITS: &str = "SET lock_timeout = '1s'; SET idle_in_transaction_session_timeout = '5s'";

/// PostgreSQL: writers of several platforms take turns. Row numbers are then given in the order of commits, so
/// none appears behind a reader's cursor, and what one looks up the other cannot change before it commits.
const BEGIN_POSTGRES: &str = "BEGIN; SELECT pg_advisory_xact_lock(4984265)";

/// Where the data lives.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file in WAL mode, every commit synced.
    Sqlite(SqliteConnectOptions),
    /// A server; its own `synchronous_commit` must be on, which is its default.
    Postgres(PgConnectOptions),
}

/// Connections that read.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The connection that writes.
#[derive(Debug)]
pub enum Connection {
    /// To a file.
    Sqlite(SqliteConnection),
    /// To a server.
    Postgres(PgConnection),
}

/// Runs one statement text on whichever connection or pool there is.
macro_rules! on {
    ($kind:ident, $database:expr, $to:ident => $body:expr) => {
        match $database {
            $crate::db::$kind::Sqlite($to) => $body,
            $crate::db::$kind::Postgres($to) => $body,
        }
    };
}
pub(crate) use on;

/// Reads a log after a cursor, at most `limit` rows. The text ends in a `WHERE` clause.
macro_rules! follow {
    ($pool:expr, $row:ty, $select:literal, $after:expr, $limit:expr) => {
        match $pool {
            $crate::db::Pool::Sqlite(pool) => {
                sqlx::query_as::<_, $row>(concat!($select, " AND row_id > $1 ORDER BY row_id LIMIT $2"))
                    .bind($after)
                    .bind($limit)
                    .fetch_all(pool)
                    .await
            }
            $crate::db::Pool::Postgres(pool) => {
                sqlx::query_as::<_, $row>(concat!(
                    $select,
                    " AND written_by < pg_snapshot_xmin(pg_current_snapshot())",
                    " AND row_id > $1 ORDER BY row_id LIMIT $2"
                ))
                .bind($after)
                .bind($limit)
                .fetch_all(pool)
                .await
            }
        }
    };
}
pub(crate) use follow;

/// A connection to read on, whoever's it is: the writer's own, or a look's.
pub(crate) enum View<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// Several reads that see one and the same moment. Dropped, it ends.
pub(crate) enum Look {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Look {
    pub(crate) fn view(&mut self) -> View<'_> {
        match self {
            Self::Sqlite(to) => View::Sqlite(&mut *to),
            Self::Postgres(to) => View::Postgres(&mut *to),
        }
    }
}

impl Pool {
    pub(crate) async fn look(&self) -> Result<Look, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Look::Sqlite(pool.begin().await?),
            Self::Postgres(pool) => {
                Look::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }
}

impl Database {
    /// Reads `sqlite://path` or `postgres://user@host/name`.
    pub fn from_url(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|source| StoreError::Url { url: hide_password(url), source })?;
            return Ok(Self::Postgres(options.log_statements(tracing::log::LevelFilter::Trace)));
        }
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|source| StoreError::Url { url: hide_password(url), source })?;
        Ok(Self::Sqlite(
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(BUSY_TIMEOUT)
                .log_statements(tracing::log::LevelFilter::Trace)
                .log_slow_statements(tracing::log::LevelFilter::Debug, Duration::from_millis(250)),
        ))
    }

    /// The data file; a server has none here.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite(options) => Some(options.get_filename().to_path_buf()),
            Self::Postgres(_) => None,
        }
    }

    /// The folder of the data file; a server has none here.
    pub fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite(options) => options.get_filename().parent().map(Path::to_path_buf),
            Self::Postgres(_) => None,
        }
    }

    pub(crate) async fn readers(&self) -> Result<Pool, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(options) => Pool::Sqlite(
                SqlitePoolOptions::new()
                    // A file does not go away as a server does; asking first would double what a read costs.
                    .test_before_acquire(false)
                    .max_connections(READERS)
                    .connect_with(options.clone())
                    .await?,
            ),
            Self::Postgres(options) => Pool::Postgres(
                PgPoolOptions::new().max_connections(READERS).connect_with(options.clone()).await?,
            ),
        })
    }

    /// One connection that can change nothing, to a store that must be there.
    pub(crate) async fn for_a_look(&self) -> Result<Pool, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(options) => Pool::Sqlite(
                SqlitePoolOptions::new()
                    .test_before_acquire(false)
                    .max_connections(1)
                    .connect_with(look_only(options.get_filename()))
                    .await?,
            ),
            Self::Postgres(options) => {
                let options = options.clone().options([("default_transaction_read_only", "on")]);
                Pool::Postgres(PgPoolOptions::new().max_connections(1).connect_with(options).await?)
            }
        })
    }

    /// One connection that writes a row beside the platform's own writer, to a store that must be there.
    pub(crate) async fn for_a_note(&self) -> Result<Connection, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(options) => {
                let options = look_only(options.get_filename()).read_only(false);
                Connection::Sqlite(options.synchronous(SqliteSynchronous::Full).connect().await?)
            }
            Self::Postgres(options) => Connection::Postgres(options.connect().await?),
        })
    }

    /// SQLite's own log may grow to so many pages.
    pub(crate) async fn writer(&self, log_pages: u64) -> Result<Connection, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(options) => {
                let options = options
                    .clone()
                    .pragma("wal_autocheckpoint", log_pages.to_string())
                    .pragma("cache_size", format!("-{WRITER_PAGES_KIB}"))
                    .statement_cache_capacity(WRITER_STATEMENTS);
                Connection::Sqlite(options.connect().await?)
            }
            Self::Postgres(options) => {
                let mut connection = options.connect().await?;
                sqlx::raw_sql(WRITER_LIMITS).execute(&mut connection).await?;
                Connection::Postgres(connection)
            }
        })
    }
}

/// The file as it is: not made if it is not there, no journal mode set, nothing written.
pub(crate) fn look_only(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(10))
        .log_statements(tracing::log::LevelFilter::Trace)
        .log_slow_statements(tracing::log::LevelFilter::Trace, Duration::from_hours(1))
}

impl Connection {
    /// To read within the writer's transaction.
    pub(crate) fn view(&mut self) -> View<'_> {
        match self {
            Self::Sqlite(to) => View::Sqlite(to),
            Self::Postgres(to) => View::Postgres(to),
        }
    }

    pub(crate) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => sqlx::query("BEGIN IMMEDIATE").execute(connection).await.map(drop),
            Self::Postgres(connection) => sqlx::raw_sql(BEGIN_POSTGRES).execute(connection).await.map(drop),
        }
    }

    pub(crate) async fn run(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        on!(Connection, self, connection => sqlx::query(statement).execute(connection).await.map(drop))
    }

    pub(crate) async fn is_alive(&mut self) -> bool {
        on!(Connection, self, connection => connection.ping().await.is_ok())
    }
}

/// An address for people to read, without its password, which may stand before the host or among the parameters.
fn hide_password(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            let user = url.get(scheme + 3..at).and_then(|login| login.split(':').next()).unwrap_or_default();
            format!("{}://{user}:***{}", &url[..scheme], &url[at..])
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_cannot_be_used_is_told_without_its_password() {
        for (url, told) in [
            ("postgres://jjl:s3cret@h:port/jjl", "postgres://jjl:***@h:port/jjl"),
            ("postgres://jjl:s3cret@with@h:port/jjl", "postgres://jjl:***@h:port/jjl"),
            ("postgres://h:port/jjl?password=s3cret", "postgres://h:port/jjl"),
        ] {
            let refused = Database::from_url(url).unwrap_err();
            let whole = format!("{refused} {refused:?}");
            assert!(whole.contains(told) && !whole.contains("s3cret"), "{whole}");
        }
    }
}
