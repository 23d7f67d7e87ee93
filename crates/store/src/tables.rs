//! The versions of the tables, and bringing a store up to this program's.

use crate::{Connection, Database};
use sqlx::migrate::{Migrate as _, MigrateError, Migrator};

/// The tables; PostgreSQL's have the same versions.
static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Versions that did the same in other words before any release had them, and the digest of those words: SQLite's and
/// PostgreSQL's. What a release had is never changed.
static IN_OTHER_WORDS: [(i64, [&str; 2]); 1] = [
    // It noted at once whom all rows of the audit log name, and nothing is left for later.
    (
        42,
        [
            "367ab608c27d3df222cbcb4ef9b2710a6accbf9214e733d0c483ace68836e15d76760cda28a77378e92c58139b3d4d9d",
            "cb2329a2084eadb580b2ba6842918dd4fbc407fe3ad5407c8f49e4033d974bcc72ee29fc5aa2f09cb2c9ffaed14cfb1f",
        ],
    ),
];

impl Database {
    /// The version of the tables that this program makes.
    pub(crate) fn newest_migration() -> i64 {
        SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default()
    }
}

impl Connection {
    /// Brings the tables up to date.
    pub(crate) async fn migrate(&mut self) -> Result<(), MigrateError> {
        let done = self.run_migrations().await;
        let Err(MigrateError::VersionMismatch(version)) = done else { return done };
        if self.ran_in_other_words(version).await? { self.run_migrations().await } else { done }
    }

    async fn run_migrations(&mut self) -> Result<(), MigrateError> {
        match self {
            Self::Sqlite(connection) => SQLITE.run(connection).await,
            Self::Postgres(connection) => POSTGRES.run(connection).await,
        }
    }

    /// Whether the store has this version in other words that are known; then it is written down as the present one.
    async fn ran_in_other_words(&mut self, version: i64) -> Result<bool, MigrateError> {
        let known = IN_OTHER_WORDS.iter().find(|(other, _)| *other == version);
        let Some((_, [on_sqlite, on_postgres])) = known else { return Ok(false) };
        let rows = match self {
            Self::Sqlite(connection) => sqlx::query(
                "UPDATE _sqlx_migrations SET checksum = $1 WHERE version = $2 AND lower(hex(checksum)) = $3",
            )
            .bind(digest(&SQLITE, version))
            .bind(version)
            .bind(*on_sqlite)
            .execute(connection)
            .await?
            .rows_affected(),
            Self::Postgres(connection) => {
                let done = sqlx::query(
                    "UPDATE _sqlx_migrations SET checksum = $1 WHERE version = $2 AND encode(checksum, 'hex') = $3",
                )
                .bind(digest(&POSTGRES, version))
                .bind(version)
                .bind(*on_postgres)
                .execute(&mut *connection)
                .await?;
                // Who is refused keeps the lock, and would hold it twice after the next try: no other process could start.
                connection.unlock().await?;
                done.rows_affected()
            }
        };
        Ok(rows == 1)
    }
}

/// By which the present words of a version are known.
fn digest(tables: &Migrator, version: i64) -> Option<Vec<u8>> {
    let of_it = tables.iter().find(|migration| migration.version == version);
    of_it.map(|migration| migration.checksum.to_vec())
}
