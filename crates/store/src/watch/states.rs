//! What is remembered of each resident, the signals that came of it, and what is read to go on.

use super::returns::{FenceReturn, insert_return};
use crate::{
    Connection, Job, JobError, Lane, Lease, Store, StoreError,
    db::{follow, on},
    micros, reading, rows,
    script::Script,
};
use async_trait::async_trait;
use model::{HandsetId, ResidentId, Signal, Timestamp};

/// Its name begins with [`crate::READER`]: it holds back the log of fixes.
const JOURNAL: &str = "journal:watch";
const MESSAGES: &str = "watch:messages";
const SIGNALS: &str = "watch:signals";

/// Where the three logs end.
pub(super) const LOG_ENDS: &str = "
    SELECT COALESCE((SELECT row_id + fixes - 1 FROM fix_log ORDER BY row_id DESC LIMIT 1), 0),
      COALESCE((SELECT MAX(row_id) FROM handset_messages), 0),
      COALESCE((SELECT MAX(row_id) FROM signals), 0)";

/// Places in the three logs that are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Places {
    /// The number of the last fix.
    pub fix: i64,
    /// The last message of a handset.
    pub message: i64,
    /// The last signal.
    pub signal: i64,
}

impl Places {
    /// The earlier of both, log by log.
    #[must_use]
    pub fn least(self, other: Self) -> Self {
        Self {
            fix: self.fix.min(other.fix),
            message: self.message.min(other.message),
            signal: self.signal.min(other.signal),
        }
    }
}

/// What is remembered of a resident.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredState {
    /// Of whom.
    pub resident: ResidentId,
    /// What, as JSON.
    pub document: String,
    /// Up to where it holds.
    pub places: Places,
    /// When it must be looked at although nothing comes.
    pub due: Option<Timestamp>,
}

/// Keeps states that brought no signal, and notes up to where all that came is in states that are kept.
#[derive(Debug, Default)]
pub struct KeepStates {
    /// The states.
    pub states: Vec<StoredState>,
    /// Where a restart begins to read.
    pub cursors: Option<Places>,
    /// When.
    pub at: Option<Timestamp>,
    /// Under which lease; otherwise it is a [`JobError::Conflict`].
    pub lease: Option<Lease>,
}

#[async_trait]
impl Job for KeepStates {
    type Output = ();
    const LANE: Lane = Lane::Background;
    // Whoever gave up waiting has newer ones by now.
    const ABANDONABLE: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        crate::leases::check(connection, self.lease).await?;
        put_states(connection, &self.states, self.at.map_or(0, micros)).await?;
        let Some(cursors) = self.cursors else { return Ok(()) };
        let mut script = Script::default();
        for (name, place) in [(JOURNAL, cursors.fix), (MESSAGES, cursors.message), (SIGNALS, cursors.signal)]
        {
            script.add(
                "INSERT INTO cursors (name, position) VALUES ($1, $2)
                 ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                [name.into(), place.into()],
            );
        }
        script.run(connection).await.map(drop)
    }
}

/// Raises signals, with the states they came of. One that was raised before is not raised again.
#[derive(Debug)]
pub struct RaiseSignals {
    /// The signals.
    pub signals: Vec<Signal>,
    /// Who came back.
    pub returns: Vec<FenceReturn>,
    /// The states.
    pub states: Vec<StoredState>,
    /// When.
    pub at: Timestamp,
    /// Under which lease; otherwise it is a [`JobError::Conflict`].
    pub lease: Option<Lease>,
}

#[async_trait]
impl Job for RaiseSignals {
    type Output = ();
    const LANE: Lane = Lane::Life;
    const BRINGS_SIGNALS: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        crate::leases::check(connection, self.lease).await?;
        let mut script = Script::default();
        for signal in &self.signals {
            crate::signals::insert_once(&mut script, signal)?;
        }
        for one in &self.returns {
            insert_return(&mut script, one)?;
        }
        script.run(connection).await?;
        put_states(connection, &self.states, micros(self.at)).await
    }
}

pub(super) async fn put_states(
    connection: &mut Connection,
    states: &[StoredState],
    written_at_us: i64,
) -> Result<(), JobError> {
    if states.is_empty() {
        return Ok(());
    }
    on!(Connection, connection, to => {
        let mut insert = sqlx::QueryBuilder::new(
            "INSERT INTO watch_states (resident_id, document, fix_place, message_place, signal_place, due_us, written_at_us) ",
        );
        insert.push_values(states, |mut row, state| {
            row.push_bind(state.resident.as_str())
                .push_bind(state.document.as_str())
                .push_bind(state.places.fix)
                .push_bind(state.places.message)
                .push_bind(state.places.signal)
                .push_bind(state.due.map(micros))
                .push_bind(written_at_us);
        });
        insert.push(
            " ON CONFLICT (resident_id) DO UPDATE SET document = excluded.document, fix_place = excluded.fix_place,
               message_place = excluded.message_place, signal_place = excluded.signal_place, due_us = excluded.due_us,
               written_at_us = excluded.written_at_us",
        );
        insert.build().persistent(false).execute(to).await.map(drop)
    })?;
    Ok(())
}

/// A message that is neither a fix nor a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardMessage {
    /// Its place.
    pub row: i64,
    /// Whose.
    pub handset: HandsetId,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Of a status: its bytes.
    pub status: Option<Vec<u8>>,
    /// It is a telephone's last will: nobody said it but the door.
    pub is_gone: bool,
}

/// A signal of the log; whom it is about if it was a press or a fall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardCry {
    /// Its place.
    pub row: i64,
    /// Who pressed or fell; none if it was something else or nobody knows.
    pub resident: Option<ResidentId>,
    /// Of a fall: when it happened.
    pub fell_at: Option<Timestamp>,
    /// When it reached us.
    pub received_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct StateRow {
    resident_id: String,
    document: String,
    fix_place: i64,
    message_place: i64,
    signal_place: i64,
    due_us: Option<i64>,
}

type CryRow = (i64, Option<String>, i64, Option<String>);

const STATE: &str = "a watched resident's state";

impl TryFrom<StateRow> for StoredState {
    type Error = StoreError;

    fn try_from(row: StateRow) -> Result<Self, StoreError> {
        Ok(Self {
            resident: rows::resident(STATE, row.resident_id)?,
            document: row.document,
            places: Places { fix: row.fix_place, message: row.message_place, signal: row.signal_place },
            due: row.due_us.map(|due_us| rows::time(STATE, due_us)).transpose()?,
        })
    }
}

/// Place, handset, when it came, what a status says, whether it is a telephone's last will.
type MessageRow = (i64, String, i64, Option<Vec<u8>>, bool);

impl Store {
    /// What is remembered of a resident, or of everybody.
    pub async fn watch_states(&self, of: Option<&ResidentId>) -> Result<Vec<StoredState>, StoreError> {
        let found: Vec<StateRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT resident_id, document, fix_place, message_place, signal_place, due_us FROM watch_states
             WHERE $1 = '' OR resident_id = $1",
        )
        .bind(of.map_or("", ResidentId::as_str))
        .fetch_all(to)
        .await)
        .map_err(reading(STATE))?;
        found.into_iter().map(StoredState::try_from).collect()
    }

    /// Where the watch begins to read after a start; none before its first.
    pub async fn watch_places(&self) -> Result<Option<Places>, StoreError> {
        let (known,): (bool,) = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT EXISTS (SELECT 1 FROM cursors WHERE name = $1)")
                .bind(JOURNAL)
                .fetch_one(to)
                .await)
        .map_err(reading("a cursor"))?;
        if !known {
            return Ok(None);
        }
        Ok(Some(Places {
            fix: self.cursor(JOURNAL).await?,
            message: self.cursor(MESSAGES).await?,
            signal: self.cursor(SIGNALS).await?,
        }))
    }

    /// The ends of the three logs.
    pub async fn log_ends(&self) -> Result<Places, StoreError> {
        let (fix, message, signal): (i64, i64, i64) =
            on!(Pool, &self.pool, to => sqlx::query_as(LOG_ENDS).fetch_one(to).await)
                .map_err(reading("the ends of the logs"))?;
        Ok(Places { fix, message, signal })
    }

    /// The messages after a place, in order.
    pub async fn messages_after(&self, row: i64, limit: u32) -> Result<Vec<HeardMessage>, StoreError> {
        let what = "handsets' messages";
        let found: Vec<MessageRow> = follow!(
            &self.pool,
            MessageRow,
            "SELECT row_id, handset_id, received_at_us, CASE WHEN kind = 'status' THEN payload END, kind = 'lwt'
             FROM handset_messages WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading(what))?;
        let message = |(row, handset, at_us, status, is_gone)| {
            let (handset, received_at) = (rows::handset(what, handset)?, rows::time(what, at_us)?);
            Ok(HeardMessage { row, handset, received_at, status, is_gone })
        };
        found.into_iter().map(message).collect()
    }

    /// The signals after a place, in order, with whom they are about where they are presses or falls.
    pub async fn cries_after(&self, row: i64, limit: u32) -> Result<Vec<HeardCry>, StoreError> {
        let what = "the log of signals";
        let found: Vec<CryRow> = follow!(
            &self.pool,
            CryRow,
            "SELECT row_id, CASE WHEN kind IN ('press', 'fall') THEN resident_id END, received_at_us,
               CASE WHEN kind = 'fall' THEN body END FROM signals WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading(what))?;
        let cry = |(row, resident, at_us, body): CryRow| {
            let resident = resident.map(|id| rows::resident(what, id)).transpose()?;
            let received_at = rows::time(what, at_us)?;
            // One that cannot be read holds up nothing: it was not long before we heard of it.
            let fell_at =
                |body: String| serde_json::from_str(&body).map_or(received_at, |fall: Signal| fall.at);
            Ok(HeardCry { row, resident, fell_at: body.map(fell_at), received_at })
        };
        found.into_iter().map(cry).collect()
    }
}
