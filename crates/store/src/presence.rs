//! When accounts that hold incidents were last seen at the desk.
//!
//! Kept in the store and not in memory, so that a holder whose link is gone is missed also by another process, and after
//! a restart.

use crate::{
    Connection, Job, JobError, Lane, Store, StoreError, db::on, micros, reading, rows, script::Script,
};
use async_trait::async_trait;
use model::Timestamp;

/// These accounts are at the desk now.
#[derive(Debug)]
pub struct SeenAtDesk {
    /// Their names.
    pub usernames: Vec<String>,
    /// When.
    pub at: Timestamp,
}

#[async_trait]
impl Job for SeenAtDesk {
    type Output = ();
    const LANE: Lane = Lane::Background;
    const ABANDONABLE: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        for username in &self.usernames {
            script.add(
                "INSERT INTO desk_presence (username, seen_at_us) SELECT username, $2 FROM users WHERE username = $1
                 ON CONFLICT (username) DO UPDATE SET seen_at_us = excluded.seen_at_us",
                [username.as_str().into(), micros(self.at).into()],
            );
        }
        script.run(connection).await.map(drop)
    }
}

impl Store {
    /// When an account was last seen at the desk, by any process.
    pub async fn seen_at_desk(&self, username: &str) -> Result<Option<Timestamp>, StoreError> {
        let what = "who is at the desk";
        let found: Option<(i64,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT seen_at_us FROM desk_presence WHERE username = $1")
                .bind(username)
                .fetch_optional(to)
                .await)
        .map_err(reading(what))?;
        found.map(|(at,)| rows::time(what, at)).transpose()
    }
}
