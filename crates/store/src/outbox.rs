//! Messages to handsets. They wait here and nowhere else; the first PUBACK of any session settles one.

use crate::{
    Connection, Job, JobError, Keys, Lane, Store, StoreError,
    db::{follow, on},
    is_probe, micros,
    phones::record_of,
    reading, rows,
    script::{Script, Value},
};
use async_trait::async_trait;
use model::{HandsetId, IncidentId, SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// What a message is sealed as, with its handset and its key.
pub(crate) const PAYLOAD: &str = "down_payload";

/// A message to be sent to a handset.
#[derive(Debug, Clone)]
pub struct DownMessage {
    /// To whom.
    pub handset: HandsetId,
    /// A newer message with the same key takes the older one's place: of the news about an incident only
    /// the newest is worth hearing.
    pub key: String,
    /// The MQTT topic.
    pub topic: String,
    /// The JSON text.
    pub payload: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// After this nobody needs it any more.
    pub kept_for: SignedDuration,
}

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingMessage {
    /// Its place in the outbox.
    pub row: i64,
    /// The MQTT topic.
    pub topic: String,
    /// The JSON text.
    pub payload: String,
    /// After this nobody needs it any more.
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct WaitingRow {
    row_id: i64,
    message_key: String,
    topic: String,
    payload: String,
    payload_sealed: Option<Vec<u8>>,
    expires_at_us: i64,
}

impl WaitingRow {
    fn into_message(self, keys: &Keys, handset: &HandsetId) -> Result<WaitingMessage, StoreError> {
        let expires_at = rows::time("the outbox", self.expires_at_us)?;
        let payload = match &self.payload_sealed {
            Some(sealed) => keys.open(PAYLOAD, &record_of(handset.as_str(), &self.message_key), sealed)?,
            None => self.payload,
        };
        Ok(WaitingMessage { row: self.row_id, topic: self.topic, payload, expires_at })
    }
}

/// Puts a message out, in the place of the one with the same key; it gets a place of its own at the end. A word about an incident
/// stays on record when a newer one takes its place.
pub(crate) fn put(script: &mut Script, message: &DownMessage) {
    insert(script, message, message.payload.as_str().into(), ["".into(), None::<Vec<u8>>.into()]);
}

/// The same where it tells a number or somebody's words: on disk it is sealed.
pub(crate) fn put_sealed(script: &mut Script, keys: &Keys, message: &DownMessage) -> Result<(), JobError> {
    let record = record_of(message.handset.as_str(), &message.key);
    let sealed =
        keys.seal(PAYLOAD, &record, &message.payload).map_err(|error| JobError::Broken(error.to_string()))?;
    insert(script, message, "".into(), [keys.key_id().into(), sealed.as_slice().into()]);
    Ok(())
}

fn insert(script: &mut Script, message: &DownMessage, payload: Value, [key_id, sealed]: [Value; 2]) {
    let expires_at = message.created_at.checked_add(message.kept_for).unwrap_or(Timestamp::MAX);
    let (handset, key) = (message.handset.as_str(), message.key.as_str());
    if key.starts_with("progress:") && !is_probe(&message.handset) {
        script.add(
            "INSERT INTO earlier_words (outbox_row, handset_id, message_key, payload, created_at_us, settled_at_us)
             SELECT row_id, handset_id, message_key, payload, created_at_us, settled_at_us FROM outbox
             WHERE handset_id = $1 AND message_key = $2",
            [handset.into(), key.into()],
        );
    }
    script.add("DELETE FROM outbox WHERE handset_id = $1 AND message_key = $2", [handset.into(), key.into()]);
    script.add(
        "INSERT INTO outbox (handset_id, message_key, topic, payload, created_at_us, expires_at_us, key_id, payload_sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            handset.into(),
            key.into(),
            message.topic.as_str().into(),
            payload,
            micros(message.created_at).into(),
            micros(expires_at).into(),
            key_id,
            sealed,
        ],
    );
}

/// Notes that a message that was just put out carries a command.
pub(crate) fn carries(script: &mut Script, message: &DownMessage, command: &str) {
    script.add(
        "UPDATE outbox SET command_id = $3 WHERE handset_id = $1 AND message_key = $2",
        [message.handset.as_str().into(), message.key.as_str().into(), command.into()],
    );
}

/// Notes that a handset has a message.
#[derive(Debug)]
pub struct Settle {
    /// Which handset says so; another's word does not count.
    pub handset: HandsetId,
    /// The message's place.
    pub row: i64,
    /// When it said so.
    pub at: Timestamp,
}

#[async_trait]
impl Job for Settle {
    type Output = ();
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let (at, row, handset) = (micros(self.at), self.row, self.handset.as_str());
        let mut script = Script::default();
        script.add(
            "UPDATE outbox SET settled_at_us = $1
             WHERE row_id = $2 AND handset_id = $3 AND settled_at_us IS NULL",
            [at.into(), row.into(), handset.into()],
        );
        // On its way to the handset when a newer word took its place.
        script.add(
            "UPDATE earlier_words SET settled_at_us = $1
             WHERE outbox_row = $2 AND handset_id = $3 AND settled_at_us IS NULL",
            [at.into(), row.into(), handset.into()],
        );
        script.add(
            "UPDATE commands SET sent_at_us = $1 WHERE handset_id = $3 AND sent_at_us IS NULL AND command_id =
               (SELECT command_id FROM outbox WHERE row_id = $2 AND handset_id = $3)",
            [at.into(), row.into(), handset.into()],
        );
        script.run(connection).await.map(drop)
    }
}

/// What a handset was told, and whether it has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Which handset.
    pub handset: HandsetId,
    /// About what: of a receipt the signal of the press (of one before that the press's id), of progress the incident.
    pub key: String,
    /// The JSON text.
    pub payload: String,
    /// When a session of the handset took it.
    pub settled_at: Option<Timestamp>,
}

type SaidRow = (String, i64, Option<i64>, Option<i64>);

/// A word about an incident, as a handset was to hear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidWord {
    /// Which handset.
    pub handset: HandsetId,
    /// The JSON text.
    pub payload: String,
    /// When it was said.
    pub said_at: Timestamp,
    /// When a session of the handset took it.
    pub heard_at: Option<Timestamp>,
    /// Until when it is worth hearing; absent once a newer word has its place.
    pub waits_until: Option<Timestamp>,
}

impl Store {
    /// All that handsets were to hear about an incident, in the order in which it was said.
    pub async fn said(
        &self,
        incident: &IncidentId,
        handsets: &BTreeSet<&HandsetId>,
    ) -> Result<Vec<SaidWord>, StoreError> {
        let what = "what handsets were told";
        let mut said = Vec::new();
        for handset in handsets {
            let found: Vec<SaidRow> = on!(Pool, &self.pool, to => sqlx::query_as(
                "SELECT payload, created_at_us, settled_at_us, expires_at_us FROM (
                   SELECT outbox_row, payload, created_at_us, settled_at_us, CAST(NULL AS BIGINT) AS expires_at_us
                     FROM earlier_words WHERE handset_id = $1 AND message_key = $2
                   UNION ALL SELECT row_id, payload, created_at_us, settled_at_us, expires_at_us FROM outbox
                     WHERE handset_id = $1 AND message_key = $2) AS words
                 ORDER BY outbox_row",
            )
            .bind(handset.as_str())
            .bind(format!("progress:{incident}"))
            .fetch_all(to)
            .await)
            .map_err(reading(what))?;
            let time = |at: Option<i64>| at.map(|at| rows::time(what, at)).transpose();
            for (payload, said_at, heard_at, waits_until) in found {
                said.push(SaidWord {
                    handset: (*handset).clone(),
                    payload,
                    said_at: rows::time(what, said_at)?,
                    heard_at: time(heard_at)?,
                    waits_until: time(waits_until)?,
                });
            }
        }
        said.sort_by_key(|word| word.said_at);
        Ok(said)
    }

    /// The receipts of handsets, and the newest word about an incident that each was told.
    pub async fn told(
        &self,
        incident: &IncidentId,
        handsets: &BTreeSet<&HandsetId>,
    ) -> Result<Vec<Told>, StoreError> {
        let mut told = Vec::new();
        for handset in handsets {
            let found: Vec<(String, String, Option<i64>)> = on!(Pool, &self.pool, to => sqlx::query_as(
                "SELECT message_key, payload, settled_at_us FROM outbox
                 WHERE handset_id = $1 AND (message_key LIKE 'receipt%' OR message_key = $2)",
            )
            .bind(handset.as_str())
            .bind(format!("progress:{incident}"))
            .fetch_all(to)
            .await)
            .map_err(reading("the outbox"))?;
            for (key, payload, settled_at) in found {
                let settled_at = settled_at.map(|at| rows::time("the outbox", at)).transpose()?;
                told.push(Told { handset: (*handset).clone(), key, payload, settled_at });
            }
        }
        Ok(told)
    }

    /// Messages of which each is read by itself: behind one that cannot be opened the handset's receipts and news do not wait.
    fn readable(&self, found: Vec<WaitingRow>, handset: &HandsetId) -> Vec<WaitingMessage> {
        let read = |row: WaitingRow| {
            let place = row.row_id;
            let told = |error: &StoreError| {
                tracing::error!(event = "row_unreadable", outbox = place, %handset, %error, "the handset is not told it");
            };
            row.into_message(&self.keys, handset).inspect_err(told).ok()
        };
        found.into_iter().filter_map(read).collect()
    }

    /// What waits for a handset after a place in the outbox, in order. What cannot be read is left out, and what is behind it comes in its
    /// place: fewer than the limit are all there are.
    pub async fn waiting(
        &self,
        handset: &HandsetId,
        after: i64,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<WaitingMessage>, StoreError> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let (mut waiting, mut after) = (Vec::new(), after);
        loop {
            let found = self.waiting_after(handset, after, limit, now).await?;
            let last = found.last().map(|row| row.row_id).filter(|_| found.len() >= most);
            waiting.extend(self.readable(found, handset));
            match last {
                Some(last) if waiting.len() < most => after = last,
                Some(_) | None => break,
            }
        }
        waiting.truncate(most);
        Ok(waiting)
    }

    async fn waiting_after(
        &self,
        handset: &HandsetId,
        after: i64,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<WaitingRow>, StoreError> {
        on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, message_key, topic, payload, payload_sealed, expires_at_us FROM outbox
             WHERE handset_id = $1 AND row_id > $2 AND settled_at_us IS NULL AND expires_at_us > $3
             ORDER BY row_id LIMIT $4",
        )
        .bind(handset.as_str())
        .bind(after)
        .bind(micros(now))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading("the outbox"))
    }

    /// What waits for a handset on one of its topics, oldest first: for one that asks instead of listening. What cannot be read is
    /// left out.
    pub async fn waiting_on(
        &self,
        handset: &HandsetId,
        topic: &str,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<WaitingMessage>, StoreError> {
        let found: Vec<WaitingRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, message_key, topic, payload, payload_sealed, expires_at_us FROM outbox
             WHERE handset_id = $1 AND topic = $2 AND settled_at_us IS NULL AND expires_at_us > $3
             ORDER BY row_id LIMIT $4",
        )
        .bind(handset.as_str())
        .bind(topic)
        .bind(micros(now))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading("the outbox"))?;
        Ok(self.readable(found, handset))
    }

    /// Which handsets have had messages put out for them after a place in the outbox.
    pub async fn outbox_after(&self, row: i64, limit: u32) -> Result<Vec<(i64, HandsetId)>, StoreError> {
        let found: Vec<(i64, String)> = follow!(
            &self.pool,
            (i64, String),
            "SELECT row_id, handset_id FROM outbox WHERE settled_at_us IS NULL",
            row,
            i64::from(limit)
        )
        .map_err(reading("the outbox"))?;
        found.into_iter().map(|(row, id)| Ok((row, rows::handset("the outbox", id)?))).collect()
    }

    /// The newest place in the outbox.
    pub async fn outbox_end(&self) -> Result<i64, StoreError> {
        let (end,): (i64,) = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT COALESCE(MAX(row_id), 0) FROM outbox").fetch_one(to).await)
        .map_err(reading("the outbox"))?;
        Ok(end)
    }
}
