//! What arrived in a stretch of time, read to be recorded: nothing of it is changed, and the platform may run meanwhile.
//!
//! Fixes are read by handset ([`Store::fixes_of`]), for that is how they lie; messages and presses by the time of their arrival.

use crate::{Database, Inspector, Keys, Store, StoreError, db::on, micros, reading, rows, writer::Writer};
use model::{HandsetId, ResidentId, Timestamp};

/// A message of a handset that is neither a fix nor a press, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedMessage {
    /// Its place among them.
    pub row: i64,
    /// Whose.
    pub handset: HandsetId,
    /// What kind of message it is.
    pub kind: String,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Its bytes.
    pub payload: Vec<u8>,
}

/// A press as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedPress {
    /// The place of its signal among all.
    pub row: i64,
    /// Of which handset.
    pub handset: HandsetId,
    /// Whose it was held to be.
    pub resident: Option<ResidentId>,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Its bytes, or the beginning of them.
    pub payload: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    row_id: i64,
    handset_id: String,
    kind: String,
    received_at_us: i64,
    payload: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct PressRow {
    row_id: i64,
    handset_id: String,
    resident_id: Option<String>,
    received_at_us: i64,
    payload: Vec<u8>,
}

const MESSAGES: &str = "handsets' messages";
const PRESSES: &str = "presses";

impl Store {
    /// Opens a store that is there, to read it and nothing else: no table is made, and whatever is handed in to be written is
    /// refused.
    pub async fn open_to_read(database: &Database, keys: Keys) -> Result<Self, StoreError> {
        let pool = Inspector::open(database).await?.into_pool();
        Ok(Self { pool, writer: Writer::ended(), keys })
    }

    /// What handsets said beside their fixes and presses, of what arrived from a time on and before another, in the order of
    /// its arrival.
    pub async fn messages_between(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<RecordedMessage>, StoreError> {
        let found: Vec<MessageRow> = on!(Pool, &self.pool, to_database => sqlx::query_as(
            "SELECT row_id, handset_id, kind, received_at_us, payload FROM handset_messages
             WHERE received_at_us >= $1 AND received_at_us < $2 ORDER BY received_at_us, row_id",
        )
        .bind(micros(from))
        .bind(micros(to))
        .fetch_all(to_database)
        .await)
        .map_err(reading(MESSAGES))?;
        let message = |row: MessageRow| {
            Ok(RecordedMessage {
                row: row.row_id,
                handset: rows::handset(MESSAGES, row.handset_id)?,
                kind: row.kind,
                received_at: rows::time(MESSAGES, row.received_at_us)?,
                payload: row.payload,
            })
        };
        found.into_iter().map(message).collect()
    }

    /// The presses of such a time, cancels included, in the order of their arrival; without those of which it was forgotten whose they
    /// were.
    pub async fn presses_between(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<RecordedPress>, StoreError> {
        let found: Vec<PressRow> = on!(Pool, &self.pool, to_database => sqlx::query_as(
            "SELECT signals.row_id, presses.handset_id, signals.resident_id, signals.received_at_us, presses.payload
             FROM signals JOIN presses ON presses.signal_id = signals.signal_id
             WHERE signals.received_at_us >= $1 AND signals.received_at_us < $2 AND presses.handset_id <> ''
             ORDER BY signals.received_at_us, signals.row_id",
        )
        .bind(micros(from))
        .bind(micros(to))
        .fetch_all(to_database)
        .await)
        .map_err(reading(PRESSES))?;
        let press = |row: PressRow| {
            let resident = row.resident_id.map(|id| rows::resident(PRESSES, id)).transpose()?;
            Ok(RecordedPress {
                row: row.row_id,
                handset: rows::handset(PRESSES, row.handset_id)?,
                resident,
                received_at: rows::time(PRESSES, row.received_at_us)?,
                payload: row.payload,
            })
        };
        found.into_iter().map(press).collect()
    }
}
