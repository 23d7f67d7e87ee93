//! Notices that are due: read, taken for an attempt, and given back by whoever died over one.

use crate::{
    Connection, Job, JobError, Lane, Notice, Sifted, Store, StoreError,
    db::on,
    micros,
    notices::{ADDRESS, MESSAGE, WHAT},
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

type Row = (String, Option<String>, String, String, String, bool, Vec<u8>, Vec<u8>, i64, i64, i64);

impl Store {
    /// Notices that are due: those about a life first, then the longest due. One that cannot be opened hides none of the others.
    pub async fn due_notices(&self, now: Timestamp, limit: u32) -> Result<Sifted<DueNotice>, StoreError> {
        let found: Vec<Row> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT notice_id, incident_id, recipient_kind, recipient, channel, is_life, address_sealed,
               message_sealed, due_at_us, attempts, next_at_us FROM notices WHERE next_at_us <= $1 ORDER BY is_life DESC, next_at_us LIMIT $2",
        )
        .bind(micros(now))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        Ok(found.into_iter().map(|row| (row.0.clone(), self.due_notice(row))).collect())
    }

    fn due_notice(&self, row: Row) -> Result<DueNotice, StoreError> {
        let (id, incident, kind, recipient, channel, is_life, address, message, due_at, attempts, next_at) =
            row;
        let notice = Notice {
            incident: incident.map(|id| rows::incident(WHAT, id)).transpose()?,
            recipient_kind: kind,
            recipient,
            is_life,
            channel,
            to: self.keys.open(ADDRESS, &id, &address)?,
            message: self.keys.open(MESSAGE, &id, &message)?,
            id,
            due_at: rows::time(WHAT, due_at)?,
        };
        let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
        Ok(DueNotice { notice, attempts, next_at: rows::time(WHAT, next_at)? })
    }
}
