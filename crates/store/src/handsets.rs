//! Handsets: their credentials, whom they are bound to and since when, and what else they say.

use crate::{
    Connection, Job, JobError, Lane, Store, StoreError, db::on, micros, reading, rows, script::Script,
};
use async_trait::async_trait;
use model::{Fix, HandsetId, ResidentId, SignedDuration, Timestamp};
use serde_json::Value;

/// What a handset must know to log in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Credential {
    /// The argon2id hash of its secret.
    pub secret_hash: String,
    /// The keyed tag of the secret that last matched, by which it is known quickly when it returns.
    pub quick_tag: Option<Vec<u8>>,
    /// The hash of a secret that was fetched for a claim code and has not logged in yet.
    pub pending_secret_hash: Option<String>,
    /// It is in wrong hands: whoever shows its secret stays outside.
    pub is_stolen: bool,
    /// The number of the last change for which its sessions must log in again ([`Store::handsets_changed`]); 0: none.
    pub change_number: i64,
}

/// Adds a handset.
#[derive(Debug)]
pub struct AddHandset {
    /// Its id, also its MQTT user name.
    pub handset: HandsetId,
    /// The hash of its secret.
    pub secret_hash: String,
}

#[async_trait]
impl Job for AddHandset {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO handsets (handset_id, secret_hash) VALUES ($1, $2)")
            .bind(self.handset.as_str())
            .bind(&self.secret_hash)
            .execute(to)
            .await
            .map(drop))?;
        Ok(())
    }
}

/// Adds the handsets that are missing of these, thousands in one statement: each is known by the tag of its secret as if it had
/// proved itself before, and no hash is kept of it. One that was added so and cut short before it had its tag gets it now.
#[derive(Debug)]
pub struct AddProved {
    /// Their ids, each with its tag ([`Keys::quick_tag`](crate::Keys::quick_tag)).
    pub handsets: Vec<(HandsetId, [u8; 32])>,
}

/// In the place of a hash: no secret has it.
const ADD_PROVED: [&str; 2] = [
    "INSERT INTO handsets (handset_id, secret_hash, quick_tag)
     SELECT named.value ->> 0, '-', unhex(named.value ->> 1) FROM json_each($1) AS named
     WHERE TRUE ON CONFLICT (handset_id) DO UPDATE SET quick_tag = excluded.quick_tag
       WHERE handsets.secret_hash = '-' AND handsets.quick_tag IS NULL",
    "INSERT INTO handsets (handset_id, secret_hash, quick_tag)
     SELECT named.value ->> 0, '-', decode(named.value ->> 1, 'hex') FROM json_array_elements(CAST($1 AS JSON)) AS named (value)
     WHERE TRUE ON CONFLICT (handset_id) DO UPDATE SET quick_tag = excluded.quick_tag
       WHERE handsets.secret_hash = '-' AND handsets.quick_tag IS NULL",
];

#[async_trait]
impl Job for AddProved {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let named = self.handsets.iter().map(|(id, tag)| {
            let halves = tag.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            let hex: String = halves.filter_map(|half| char::from_digit(half.into(), 16)).collect();
            Value::Array(vec![id.as_str().into(), hex.into()])
        });
        let named = Value::Array(named.collect()).to_string();
        let mut script = Script::default();
        script.add_in_both(ADD_PROVED, [named.into()]);
        script.run(connection).await.map(drop)
    }
}

/// Keeps the tag by which a handset that has proved itself once is known again.
#[derive(Debug)]
pub struct SetQuickTag {
    /// The handset.
    pub handset: HandsetId,
    /// The tag.
    pub tag: [u8; 32],
    /// The hash of the secret that the tag is of; another one has come meanwhile, and nothing is kept.
    pub secret_hash: String,
}

#[async_trait]
impl Job for SetQuickTag {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query("UPDATE handsets SET quick_tag = $1 WHERE handset_id = $2 AND secret_hash = $3")
            .bind(self.tag.as_slice())
            .bind(self.handset.as_str())
            .bind(&self.secret_hash)
            .execute(to)
            .await
            .map(drop))?;
        Ok(())
    }
}

/// Binds a handset to a resident from a moment on; an earlier binding of it ends there.
#[derive(Debug)]
pub struct BindHandset {
    /// The handset.
    pub handset: HandsetId,
    /// Who carries it now.
    pub resident: ResidentId,
    /// Since when.
    pub from: Timestamp,
}

#[async_trait]
impl Job for BindHandset {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => {
            sqlx::query("UPDATE bindings SET to_us = $1 WHERE handset_id = $2 AND to_us IS NULL")
                .bind(micros(self.from))
                .bind(self.handset.as_str())
                .execute(&mut *to)
                .await?;
            sqlx::query("INSERT INTO bindings (handset_id, resident_id, from_us) VALUES ($1, $2, $3)")
                .bind(self.handset.as_str())
                .bind(self.resident.as_str())
                .bind(micros(self.from))
                .execute(to)
                .await
                .map(drop)
        })?;
        Ok(())
    }
}

/// Keeps a message of a handset that is neither a fix nor a press.
#[derive(Debug)]
pub struct TakeMessage {
    /// Whose.
    pub handset: HandsetId,
    /// `status`, `answer` or `fall`; of a telephone the name of its dialect's message.
    pub kind: &'static str,
    /// By which a repeat is known, where there is such a thing.
    pub identity: Option<String>,
    /// Its bytes.
    pub payload: Vec<u8>,
    /// When it reached us.
    pub received_at: Timestamp,
}

#[async_trait]
impl Job for TakeMessage {
    /// Whether it was new.
    type Output = bool;
    const LANE: Lane = Lane::Fixes;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        insert_message(connection, self).await
    }
}

pub(crate) async fn insert_message(
    connection: &mut Connection,
    message: &TakeMessage,
) -> Result<bool, JobError> {
    let rows = on!(Connection, connection, to => sqlx::query(
        "INSERT INTO handset_messages (handset_id, kind, received_at_us, identity, payload)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (identity) DO NOTHING",
    )
    .bind(message.handset.as_str())
    .bind(message.kind)
    .bind(micros(message.received_at))
    .bind(message.identity.as_deref())
    .bind(&message.payload)
    .execute(to)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// A message of a handset that is neither a fix nor a press.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HandsetMessage {
    /// What kind of message it is.
    pub kind: String,
    /// Its bytes.
    pub payload: Vec<u8>,
}

/// The newest word of a handset about itself, and how far its clock is ahead.
#[derive(Debug)]
pub struct PutStatus {
    /// Whose.
    pub handset: HandsetId,
    /// How far its clock is ahead of ours, where measured.
    pub clock_ahead: Option<SignedDuration>,
    /// What it said of itself, as JSON.
    pub status: Option<String>,
    /// When that reached us.
    pub at: Timestamp,
}

#[async_trait]
impl Job for PutStatus {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let ahead = self.clock_ahead.and_then(|ahead| i64::try_from(ahead.as_micros()).ok());
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO handset_state (handset_id, clock_ahead_us, status, status_at_us) VALUES ($1, $2, $3, $4)
             ON CONFLICT (handset_id) DO UPDATE SET
               clock_ahead_us = COALESCE(excluded.clock_ahead_us, handset_state.clock_ahead_us),
               status = COALESCE(excluded.status, handset_state.status),
               status_at_us = CASE WHEN excluded.status IS NULL
                 THEN handset_state.status_at_us ELSE excluded.status_at_us END",
        )
        .bind(self.handset.as_str())
        .bind(ahead)
        .bind(self.status.as_deref())
        .bind(micros(self.at))
        .execute(to)
        .await
        .map(drop))?;
        Ok(())
    }
}

const BOUND: &str = "SELECT resident_id FROM bindings
    WHERE handset_id = $1 AND from_us <= $2 AND (to_us IS NULL OR to_us > $2)
    ORDER BY from_us DESC LIMIT 1";

pub(crate) async fn bound_resident(
    connection: &mut Connection,
    handset: &HandsetId,
    at: Timestamp,
) -> Result<Option<ResidentId>, JobError> {
    let found: Option<(String,)> = on!(Connection, connection, to =>
        sqlx::query_as(BOUND).bind(handset.as_str()).bind(micros(at)).fetch_optional(to).await)?;
    resident_id(found.map(|(id,)| id))
}

/// Of a handset's last position what may be said of who carries it: nothing if somebody else carried it then.
pub(crate) async fn own_position(
    connection: &mut Connection,
    handset: &HandsetId,
    resident: Option<&ResidentId>,
    last_known: Option<&Fix>,
) -> Result<Option<Fix>, JobError> {
    let (Some(fix), Some(resident)) = (last_known, resident) else { return Ok(last_known.cloned()) };
    let carried_by = bound_resident(connection, handset, fix.fix_time).await?;
    Ok(carried_by.is_none_or(|then| then == *resident).then(|| fix.clone()))
}

pub(crate) fn resident_id(text: Option<String>) -> Result<Option<ResidentId>, JobError> {
    text.map(|id| ResidentId::new(id).map_err(|error| JobError::Broken(error.to_string()))).transpose()
}

impl Store {
    /// What a handset must know to log in, if there is such a handset.
    pub async fn credential(&self, handset: &HandsetId) -> Result<Option<Credential>, StoreError> {
        on!(Pool, &self.pool, to =>
            sqlx::query_as(
                "SELECT secret_hash, quick_tag, pending_secret_hash, state = 'stolen' AS is_stolen,
                   COALESCE(change_number, 0) AS change_number FROM handsets
                 WHERE handset_id = $1",
            )
                .bind(handset.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("a handset's credential"))
    }

    /// Who carried the handset at that time.
    pub async fn resident_of(
        &self,
        handset: &HandsetId,
        at: Timestamp,
    ) -> Result<Option<ResidentId>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as(BOUND).bind(handset.as_str()).bind(micros(at)).fetch_optional(to).await)
        .map_err(reading("a binding"))?;
        found.map(|(id,)| rows::resident("a binding", id)).transpose()
    }

    /// Whether a position of the handset may be told as this resident's: nobody else carried it then.
    pub async fn is_own_position(
        &self,
        handset: &HandsetId,
        resident: Option<&ResidentId>,
        fix: &Fix,
    ) -> Result<bool, StoreError> {
        let Some(resident) = resident else { return Ok(true) };
        Ok(self.resident_of(handset, fix.fix_time).await?.is_none_or(|then| then == *resident))
    }

    /// The handset a resident carries now.
    pub async fn handset_of(&self, resident: &ResidentId) -> Result<Option<HandsetId>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT handset_id FROM bindings WHERE resident_id = $1 AND to_us IS NULL ORDER BY from_us DESC LIMIT 1",
        )
        .bind(resident.as_str())
        .fetch_optional(to)
        .await)
        .map_err(reading("a binding"))?;
        found.map(|(id,)| rows::handset("a binding", id)).transpose()
    }

    /// What a handset said beside its fixes and presses, newest first.
    pub async fn messages_of(
        &self,
        handset: &HandsetId,
        limit: u32,
    ) -> Result<Vec<HandsetMessage>, StoreError> {
        on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT kind, payload FROM handset_messages WHERE handset_id = $1 ORDER BY row_id DESC LIMIT $2",
        )
        .bind(handset.as_str())
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading("a handset's messages"))
    }

    /// How far a handset's clock was last measured to be ahead of ours.
    pub async fn clock_ahead(&self, handset: &HandsetId) -> Result<Option<SignedDuration>, StoreError> {
        let found: Option<(Option<i64>,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT clock_ahead_us FROM handset_state WHERE handset_id = $1")
                .bind(handset.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("a handset's clock"))?;
        Ok(found.and_then(|(ahead,)| ahead).map(SignedDuration::from_micros))
    }
}
