//! Whose fault a failure is: the job's own, or the database's, which is then tried again.

use crate::JobError;

/// Whether the failure is this job's alone (a broken rule or value, a wrong statement) and not a database in trouble.
pub(crate) fn is_the_jobs_own(error: &JobError) -> bool {
    match error {
        JobError::Database(sqlx::Error::Database(database)) => !is_trouble(database.code().as_deref()),
        JobError::Database(error) => matches!(
            error,
            sqlx::Error::ColumnDecode { .. }
                | sqlx::Error::Decode(_)
                | sqlx::Error::Encode(_)
                | sqlx::Error::RowNotFound
        ),
        JobError::Conflict | JobError::Document(_) | JobError::Broken(_) => true,
    }
}

/// Of SQLite, whose codes are numbers: permission, busy, locked, no memory, read-only, interrupted, I/O, corrupt,
/// full, cannot open, protocol, not a database. Of PostgreSQL, whose classes are the first two characters:
/// connection, transaction state, account, rollback, resources, locks, intervention, system, internal.
fn is_trouble(code: Option<&str>) -> bool {
    let Some(code) = code else { return true };
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 3 | 5..=11 | 13..=15 | 26),
        _ => matches!(code.get(..2), Some("08" | "25" | "28" | "40" | "53" | "55" | "57" | "58" | "XX")),
    }
}

/// SQLITE_FULL, SQLite's write error on a file system without room, or PostgreSQL's `disk_full`.
pub(crate) fn is_full(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("13" | "778" | "1034" | "53100"))
}
