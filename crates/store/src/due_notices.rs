//! Notices that are due: read, taken for an attempt, and given back by whoever died over one.

use crate::{
    Connection, Job, JobError, Lane, Notice, Sifted, Store, StoreError,
    db::on,
    micros,
    notices::{NoticeRow, WHAT},
    reading, rows,
};
use async_trait::async_trait;
use model::Timestamp;

/// Takes a notice for an attempt, so that of several processes one makes it. Whoever dies over it gives it back at its next start
/// ([`FreeNotices`]), and if it never starts again, when the time is over.
#[derive(Debug)]
pub struct TakeNotice {
    /// Which notice.
    pub id: String,
    /// Who takes it; after a restart the same as before.
    pub by: String,
    /// When it was due, as it was read.
    pub next_at: Timestamp,
    /// Until when it is taken.
    pub until: Timestamp,
}

#[async_trait]
impl Job for TakeNotice {
    /// Whether it was free.
    type Output = bool;
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let taken = on!(Connection, connection, to => sqlx::query(
            "UPDATE notices SET next_at_us = $3, taken_by = $4 WHERE notice_id = $1 AND next_at_us = $2",
        )
        .bind(&self.id)
        .bind(micros(self.next_at))
        .bind(micros(self.until))
        .bind(&self.by)
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(taken > 0)
    }
}

/// Gives back what a process had taken when it ended: nobody knows how far those attempts came, so they are made again at once, each
/// under its own id.
#[derive(Debug)]
pub struct FreeNotices {
    /// Who had taken them.
    pub by: String,
    /// From when on they are due.
    pub now: Timestamp,
}

#[async_trait]
impl Job for FreeNotices {
    /// How many there were.
    type Output = u64;
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<u64, JobError> {
        Ok(on!(Connection, connection, to => sqlx::query(
            "UPDATE notices SET next_at_us = $2, taken_by = NULL WHERE taken_by = $1 AND next_at_us > $2",
        )
        .bind(&self.by)
        .bind(micros(self.now))
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?)
    }
}

/// A notice that is due.
#[derive(Debug, Clone)]
pub struct DueNotice {
    /// The notice.
    pub notice: Notice,
    /// How often it was tried.
    pub attempts: u32,
    /// When this attempt was due.
    pub next_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    notice: NoticeRow,
    attempts: i64,
    next_at_us: i64,
}

macro_rules! due {
    ($whose:literal) => {
        concat!(
            "SELECT notice_id, incident_id, recipient_kind, recipient, channel, is_life, goes_first, address_sealed,
               message_sealed, due_at_us, attempts, next_at_us FROM notices WHERE next_at_us <= $1 AND ",
            $whose,
            " ORDER BY goes_first DESC, is_life DESC, next_at_us LIMIT $2"
        )
    };
}
const TO_PEOPLE: &str = due!("channel <> 'webhook'");
const TO_PROGRAMS: &str = due!("channel = 'webhook'");

impl Store {
    /// Notices to people that are due: those of presses, calls and falls first, then all others about a life, then the longest due.
    /// One that cannot be opened hides none of the others.
    pub async fn due_notices(&self, now: Timestamp, limit: u32) -> Result<Sifted<DueNotice>, StoreError> {
        self.due(TO_PEOPLE, now, limit).await
    }

    /// The same for other programs. Of these there may be thousands, and none of them is counted among those to people.
    pub async fn due_webhooks(&self, now: Timestamp, limit: u32) -> Result<Sifted<DueNotice>, StoreError> {
        self.due(TO_PROGRAMS, now, limit).await
    }

    async fn due(
        &self,
        statement: &'static str,
        now: Timestamp,
        limit: u32,
    ) -> Result<Sifted<DueNotice>, StoreError> {
        let found: Vec<Row> = on!(Pool, &self.pool, to => sqlx::query_as(statement)
        .bind(micros(now))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        Ok(found.into_iter().map(|row| (row.notice.notice_id.clone(), self.due_notice(row))).collect())
    }

    fn due_notice(&self, row: Row) -> Result<DueNotice, StoreError> {
        Ok(DueNotice {
            notice: row.notice.open(&self.keys)?,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            next_at: rows::time(WHAT, row.next_at_us)?,
        })
    }
}
