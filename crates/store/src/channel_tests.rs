//! The last test of each channel to people outside.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, db::on, micros, reading, rows,
    script::Script,
};
use async_trait::async_trait;
use model::Timestamp;

/// How a test went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTest {
    /// Of which channel.
    pub channel: String,
    /// When.
    pub at: Timestamp,
    /// Whether the other side took the message.
    pub is_ok: bool,
    /// How long that took.
    pub took_ms: i64,
    /// Why not, in words; or what the other side calls it.
    pub detail: String,
    /// By whom.
    pub by: String,
}

/// Writes down how a test went.
#[derive(Debug)]
pub struct NoteChannelTest {
    /// The test.
    pub test: ChannelTest,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for NoteChannelTest {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let test = &self.test;
        let mut script = Script::default();
        script.add(
            "INSERT INTO channel_tests (channel, at_us, ok, took_ms, detail, tested_by) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (channel) DO UPDATE SET at_us = excluded.at_us, ok = excluded.ok, took_ms = excluded.took_ms,
               detail = excluded.detail, tested_by = excluded.tested_by",
            [
                test.channel.as_str().into(),
                micros(test.at).into(),
                test.is_ok.into(),
                test.took_ms.into(),
                test.detail.as_str().into(),
                test.by.as_str().into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

impl Store {
    /// The last test of each channel that was ever tested.
    pub async fn channel_tests(&self) -> Result<Vec<ChannelTest>, StoreError> {
        let what = "tests of channels";
        let found: Vec<(String, i64, bool, i64, String, String)> =
            on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT channel, at_us, ok, took_ms, detail, tested_by FROM channel_tests ORDER BY channel",
        )
        .fetch_all(to)
        .await)
            .map_err(reading(what))?;
        let test = |(channel, at, is_ok, took_ms, detail, by): (String, i64, bool, i64, String, String)| {
            Ok(ChannelTest { channel, at: rows::time(what, at)?, is_ok, took_ms, detail, by })
        };
        found.into_iter().map(test).collect()
    }
}
