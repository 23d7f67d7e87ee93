//! What could not be understood, kept whole with the reason.

use crate::{Connection, Job, JobError, Lane, Store, StoreError, db::on, micros, reading, rows};
use async_trait::async_trait;
use model::{HandsetId, ResidentId, Timestamp};

/// Keeps a message nobody could use.
#[derive(Debug)]
pub struct Quarantine {
    /// Who sent it, where known.
    pub handset: Option<HandsetId>,
    /// Where it was sent.
    pub topic: String,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Why it could not be used, for people.
    pub reason: String,
    /// Its bytes.
    pub payload: Vec<u8>,
}

#[async_trait]
impl Job for Quarantine {
    type Output = ();
    const LANE: Lane = Lane::Fixes;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        insert(connection, self).await
    }
}

pub(crate) async fn insert(connection: &mut Connection, message: &Quarantine) -> Result<(), JobError> {
    on!(Connection, connection, to => sqlx::query(
        "INSERT INTO quarantine (handset_id, topic, received_at_us, reason, payload) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(message.handset.as_ref().map(HandsetId::as_str))
    // PostgreSQL's text cannot hold a NUL; the bytes beside it keep everything.
    .bind(message.topic.replace('\0', "\u{2400}"))
    .bind(micros(message.received_at))
    .bind(message.reason.replace('\0', "\u{2400}"))
    .bind(&message.payload)
    .execute(to)
    .await
    .map(drop))?;
    Ok(())
}

/// A message in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedMessage {
    /// Its place.
    pub row: i64,
    /// Who sent it, where known.
    pub handset: Option<HandsetId>,
    /// Who carried that handset then.
    pub resident: Option<ResidentId>,
    /// Where it was sent.
    pub topic: String,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Why it could not be used.
    pub reason: String,
    /// Its bytes.
    pub payload: Vec<u8>,
}

type Row = (i64, Option<String>, Option<String>, String, i64, String, Vec<u8>);

impl Store {
    /// Messages in quarantine, newest first, older than the place of the last one seen.
    pub async fn quarantined(&self, before: i64, limit: u32) -> Result<Vec<QuarantinedMessage>, StoreError> {
        let found: Vec<Row> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, handset_id,
               (SELECT resident_id FROM bindings WHERE bindings.handset_id = quarantine.handset_id
                  AND from_us <= received_at_us AND (to_us IS NULL OR to_us > received_at_us)
                ORDER BY from_us DESC LIMIT 1),
               topic, received_at_us, reason, payload FROM quarantine
             WHERE row_id < $1 ORDER BY row_id DESC LIMIT $2",
        )
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading("the quarantine"))?;
        found
            .into_iter()
            .map(|(row, handset, resident, topic, at, reason, payload)| {
                Ok(QuarantinedMessage {
                    row,
                    handset: handset.map(|id| rows::handset("the quarantine", id)).transpose()?,
                    resident: resident.map(|id| rows::resident("the quarantine", id)).transpose()?,
                    topic,
                    received_at: rows::time("the quarantine", at)?,
                    reason,
                    payload,
                })
            })
            .collect()
    }

    /// How many blocks of the journal of fixes are in quarantine, since they cannot be read.
    pub async fn blocks_in_quarantine(&self) -> Result<i64, StoreError> {
        let (count,): (i64,) = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT COUNT(*) FROM quarantine WHERE topic = 'journal' AND handset_id IS NULL",
        )
        .fetch_one(to)
        .await)
        .map_err(reading("the quarantine"))?;
        Ok(count)
    }

    /// How many messages of a handset are in quarantine since a time.
    pub async fn count_quarantined(
        &self,
        handset: Option<&HandsetId>,
        since: Timestamp,
    ) -> Result<i64, StoreError> {
        let (count,): (i64,) = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT COUNT(*) FROM quarantine WHERE COALESCE(handset_id, '') = $1 AND received_at_us >= $2",
        )
        .bind(handset.map_or("", HandsetId::as_str))
        .bind(micros(since))
        .fetch_one(to)
        .await)
        .map_err(reading("the quarantine"))?;
        Ok(count)
    }
}
