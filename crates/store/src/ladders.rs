//! The ladders that were saved. The text is kept as it was written; whether it is one is asked before.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, db::on, micros, reading, rows,
    script::Script,
};
use async_trait::async_trait;
use model::Timestamp;

/// A ladder as it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedLadder {
    /// Grows with each that is saved.
    pub version: i64,
    /// Its text.
    pub text: String,
    /// When it was saved.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// Saves a ladder.
#[derive(Debug)]
pub struct SaveLadder {
    /// Its text, which was checked.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for SaveLadder {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        script.add(
            "INSERT INTO ladders (text, saved_at_us, saved_by) VALUES ($1, $2, $3)",
            [self.text.as_str().into(), micros(self.at).into(), self.by.as_str().into()],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

impl Store {
    /// The newest ladders, the newest first.
    pub async fn ladders(&self, limit: u32) -> Result<Vec<SavedLadder>, StoreError> {
        let what = "the ladder";
        let found: Vec<(i64, String, i64, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, text, saved_at_us, saved_by FROM ladders ORDER BY row_id DESC LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let saved =
            |(version, text, at, by)| Ok(SavedLadder { version, text, at: rows::time(what, at)?, by });
        found.into_iter().map(saved).collect()
    }
}
