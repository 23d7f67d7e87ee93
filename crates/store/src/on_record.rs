//! Putting on record what is done with the records from outside of the platform, such as copying them.

use crate::{AuditRow, Connection, Database, JobError, StoreError, audit, db::on};
use sqlx::Connection as _;

/// Puts acts on record in a store that is there, whether the platform runs or stands still; nothing else of it is changed.
/// False where the store can only be read: a copy that is kept has no place for it.
pub async fn put_on_record(database: &Database, rows: &[AuditRow]) -> Result<bool, StoreError> {
    let mut connection = database.for_a_note().await.map_err(StoreError::Open)?;
    let noted = note(&mut connection, rows).await;
    let closed = on!(Connection, connection, to => to.close().await);
    match noted {
        Ok(()) => closed.map(|()| true).map_err(StoreError::Open),
        Err(JobError::Database(error)) if is_read_only(&error) => Ok(false),
        Err(source) => Err(StoreError::Write { what: "the audit log", source }),
    }
}

async fn note(connection: &mut Connection, rows: &[AuditRow]) -> Result<(), JobError> {
    connection.begin().await?;
    audit::write(connection, rows).await?;
    connection.run("COMMIT").await?;
    Ok(())
}

fn is_read_only(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| says_read_only(&code))
}

/// SQLite has several words for it, of which the low byte is the same; PostgreSQL has one, and always five signs.
fn says_read_only(code: &str) -> bool {
    const READ_ONLY: u32 = 8;
    const OF_POSTGRES: &str = "25006";
    let of_sqlite =
        || code.len() < OF_POSTGRES.len() && code.parse().is_ok_and(|code: u32| code & 0xff == READ_ONLY);
    code == OF_POSTGRES || of_sqlite()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::look_only;
    use model::Timestamp;
    use sqlx::ConnectOptions as _;

    #[test]
    fn what_can_only_be_read_is_told_from_what_failed() {
        for (code, expected) in [
            ("8", true),
            ("1032", true),
            ("1544", true),
            ("25006", true),
            ("13", false),
            ("53000", false),
            ("", false),
        ] {
            assert_eq!(says_read_only(code), expected, "{code}");
        }
    }

    #[tokio::test]
    async fn a_row_is_written_beside_the_platform_and_not_where_nothing_can_be() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jujiale.db");
        let database = Database::from_url(&format!("sqlite://{}", file.display())).unwrap();
        let row = AuditRow {
            at: Timestamp::UNIX_EPOCH,
            username: "system".to_owned(),
            source: "command line".to_owned(),
            action: "back_up".to_owned(),
            subject: "records".to_owned(),
            detail: String::new(),
        };
        assert!(put_on_record(&database, std::slice::from_ref(&row)).await.is_err(), "no store is made");
        let mut platform = database.writer(1_000).await.unwrap();
        platform.migrate().await.unwrap();
        assert!(put_on_record(&database, std::slice::from_ref(&row)).await.unwrap());
        let mut reader = Connection::Sqlite(look_only(&file).connect().await.unwrap());
        let refused = note(&mut reader, std::slice::from_ref(&row)).await;
        let is_told = matches!(&refused, Err(JobError::Database(error)) if is_read_only(error));
        assert!(is_told, "{refused:?}");
        let Connection::Sqlite(platform) = &mut platform else { unreachable!("a file") };
        let (rows,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM audit WHERE action = 'back_up'")
            .fetch_one(platform)
            .await
            .unwrap();
        assert_eq!(rows, 1);
    }
}
