//! The file itself: SQLite looks at its own pages and references.

use super::{Findings, Inspector};
use crate::{StoreError, db::Pool, reading};

impl Inspector {
    pub(super) async fn pages(&self) -> Result<Findings, StoreError> {
        let Pool::Sqlite(pool) = &self.pool else { return Ok(looked_after_by_the_server()) };
        let what = "the pages of the file";
        let (pages, size): (i64, i64) =
            sqlx::query_as("SELECT page_count, page_size FROM pragma_page_count, pragma_page_size")
                .fetch_one(pool)
                .await
                .map_err(reading(what))?;
        let said: Vec<(String,)> =
            sqlx::query_as("PRAGMA integrity_check").fetch_all(pool).await.map_err(reading(what))?;
        let mut findings =
            Findings { looked_at: format!("{pages} pages of {size} bytes"), ..Findings::default() };
        for (line,) in said.into_iter().filter(|(line,)| line != "ok") {
            findings.note(|| line);
        }
        Ok(findings)
    }

    pub(super) async fn references(&self) -> Result<Findings, StoreError> {
        let Pool::Sqlite(pool) = &self.pool else { return Ok(looked_after_by_the_server()) };
        let broken: Vec<(String, Option<i64>, String)> =
            sqlx::query_as("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check")
                .fetch_all(pool)
                .await
                .map_err(reading("the references between tables"))?;
        let mut findings = Findings { looked_at: "all references".to_owned(), ..Findings::default() };
        for (table, row, parent) in broken {
            let row = row.map_or_else(|| "a row".to_owned(), |row| format!("row {row}"));
            findings.note(|| format!("{row} of {table} points to a row of {parent} that is not there"));
        }
        Ok(findings)
    }
}

fn looked_after_by_the_server() -> Findings {
    Findings {
        looked_at: "left to PostgreSQL, which looks after these itself".to_owned(),
        ..Findings::default()
    }
}
