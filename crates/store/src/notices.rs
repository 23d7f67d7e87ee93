//! Messages to people: what is to be sent outside the screens, to whom, how often it was tried, and how it ended. What screens showed
//! ([`crate::NoteOnScreens`]) stands beside it.

use crate::{
    Connection, Job, JobError, Keys, Lane, Store, StoreError, db::on, micros, reading, rows, script::Script,
    seal::last_four,
};
use async_trait::async_trait;
use model::{IncidentId, Timestamp};

const ADDRESS: &str = "notice_address";
const MESSAGE: &str = "notice_message";

/// A message to one recipient by one channel.
#[derive(Clone)]
pub struct Notice {
    /// Its id: the same step for the same recipient is the same notice.
    pub id: String,
    /// About which incident.
    pub incident: Option<IncidentId>,
    /// `roster`, `relative`, `station` or `webhook`.
    pub recipient_kind: String,
    /// Their name, or the name of the receiver.
    pub recipient: String,
    /// Whether a person may be in need: then it is tried without end while nobody takes the incident.
    pub is_life: bool,
    /// Whether somebody pressed, rang or fell: then it goes before all others.
    pub goes_first: bool,
    /// By which way, as `sms` or `voice`.
    pub channel: String,
    /// The telephone number or the address.
    pub to: String,
    /// What is sent, as JSON.
    pub message: String,
    /// When it is to be sent first.
    pub due_at: Timestamp,
}

/// Whom it is for and what it says is in no log.
impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notice").field("id", &self.id).field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Puts notices out. One that is there already stays as it is, so that a step that is done twice sends once.
#[derive(Debug)]
pub struct PutNotices {
    /// Which.
    pub notices: Vec<Notice>,
    /// What seals them.
    pub keys: Keys,
}

#[async_trait]
impl Job for PutNotices {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        for notice in &self.notices {
            let id = &notice.id;
            let seal = |column: &str, text: &str| {
                self.keys.seal(column, id, text).map_err(|error| JobError::Broken(error.to_string()))
            };
            script.add(
                "INSERT INTO notices (notice_id, incident_id, recipient_kind, recipient, channel, is_life, goes_first,
                   key_id, address_sealed, address_last4, message_sealed, due_at_us, next_at_us, attempts)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 0)
                 ON CONFLICT (notice_id) DO NOTHING",
                [
                    id.as_str().into(),
                    notice.incident.as_ref().map(IncidentId::as_str).into(),
                    notice.recipient_kind.as_str().into(),
                    notice.recipient.as_str().into(),
                    notice.channel.as_str().into(),
                    notice.is_life.into(),
                    notice.goes_first.into(),
                    self.keys.key_id().into(),
                    seal(ADDRESS, &notice.to)?.as_slice().into(),
                    last_four(&notice.to).into(),
                    seal(MESSAGE, &notice.message)?.as_slice().into(),
                    micros(notice.due_at).into(),
                ],
            );
        }
        script.run(connection).await.map(drop)
    }
}

/// How an attempt at a notice ended.
#[derive(Debug, Clone)]
pub struct NoteAttempt {
    /// Of which notice.
    pub id: String,
    /// How many attempts that makes.
    pub attempts: u32,
    /// When.
    pub at: Timestamp,
    /// How long it took.
    pub took_ms: i64,
    /// The other side took it.
    pub is_sent: bool,
    /// What the other side calls it.
    pub provider_id: Option<String>,
    /// Why not, or why it ended.
    pub why: Option<String>,
    /// When it is tried again; absent: it has ended. Whoever has answered meanwhile is not sent it again.
    pub next_at: Option<Timestamp>,
}

#[async_trait]
impl Job for NoteAttempt {
    type Output = ();
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let at = micros(self.at);
        let mut script = Script::default();
        script.add(
            "UPDATE notices SET attempts = $2, took_ms = $4, provider_id = $5, why = $6, taken_by = NULL,
               next_at_us = CASE WHEN acknowledged_at_us IS NULL THEN $3 END,
               sent_at_us = COALESCE($7, sent_at_us), ended_at_us = CASE WHEN acknowledged_at_us IS NULL THEN $8 ELSE COALESCE(ended_at_us, $8) END,
               undelivered_at_us = CASE WHEN $7 IS NULL THEN undelivered_at_us END WHERE notice_id = $1",
            [
                self.id.as_str().into(),
                i64::from(self.attempts).into(),
                self.next_at.map(micros).into(),
                self.took_ms.into(),
                self.provider_id.as_deref().into(),
                self.why.as_deref().into(),
                self.is_sent.then_some(at).into(),
                self.next_at.is_none().then_some(at).into(),
            ],
        );
        script.run(connection).await.map(drop)
    }
}

/// What became of a message that the other side took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It is on the telephone.
    Delivered,
    /// Somebody took the call or read it.
    Seen,
    /// It did not arrive.
    Failed,
}

/// Notes what a provider reports of a message: of the newest that it calls so, or that we do. What has arrived, or was
/// answered, stays so, whatever is reported later.
#[derive(Debug)]
pub struct NoteArrival {
    /// By which way it went.
    pub channel: &'static str,
    /// The provider's name for it, or ours.
    pub id: String,
    /// What became of it.
    pub arrival: Arrival,
    /// Why it did not arrive.
    pub why: Option<String>,
    /// When this was told.
    pub at: Timestamp,
    /// When a life alarm that did not arrive is sent again.
    pub again_at: Timestamp,
}

#[async_trait]
impl Job for NoteArrival {
    /// Whether there is such a message.
    type Output = bool;
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let found: Option<(String,)> = on!(Connection, connection, to => sqlx::query_as(
            "SELECT notice_id FROM notices WHERE channel = $1 AND (provider_id = $2 OR notice_id = $2)
             ORDER BY sent_at_us DESC LIMIT 1",
        )
        .bind(self.channel)
        .bind(&self.id)
        .fetch_optional(&mut *to)
        .await)?;
        let Some((id,)) = found else { return Ok(false) };
        let (id, at) = (id.as_str(), micros(self.at));
        let mut script = Script::default();
        match self.arrival {
            Arrival::Delivered => script.add(
                "UPDATE notices SET delivered_at_us = COALESCE(delivered_at_us, $2), undelivered_at_us = NULL
                 WHERE notice_id = $1",
                [id.into(), at.into()],
            ),
            Arrival::Seen => script.add(
                "UPDATE notices SET delivered_at_us = COALESCE(delivered_at_us, $2),
                   seen_at_us = COALESCE(seen_at_us, $2), undelivered_at_us = NULL WHERE notice_id = $1",
                [id.into(), at.into()],
            ),
            // An attempt that is under way, or due, is the next one already.
            Arrival::Failed => script.add(
                "UPDATE notices SET undelivered_at_us = $2, why = $3,
                   next_at_us = CASE WHEN is_life THEN COALESCE(next_at_us, $4) ELSE next_at_us END,
                   ended_at_us = CASE WHEN is_life THEN NULL ELSE ended_at_us END
                 WHERE notice_id = $1 AND delivered_at_us IS NULL AND undelivered_at_us IS NULL
                   AND acknowledged_at_us IS NULL",
                [id.into(), at.into(), self.why.as_deref().into(), micros(self.again_at).into()],
            ),
        }
        script.run(connection).await?;
        Ok(true)
    }
}

/// How a notice stands, for people who look into it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct NoticeLine {
    /// Its id.
    pub notice_id: String,
    /// `roster`, `relative`, `station`, `webhook` or, on a screen, `desk`, `relative` or `station`.
    pub recipient_kind: String,
    /// Their name.
    pub recipient: String,
    /// By which way.
    pub channel: String,
    /// The last signs of the number; none of a screen.
    pub address_last4: String,
    /// When it was due, in microseconds since 1970.
    pub due_at_us: i64,
    /// When it is tried next.
    pub next_at_us: Option<i64>,
    /// How often it was tried.
    pub attempts: i64,
    /// When the other side took it.
    pub sent_at_us: Option<i64>,
    /// When the provider reported that it is on the telephone, or a page that it has it.
    pub delivered_at_us: Option<i64>,
    /// When it reported that somebody took the call or read it, or a page that it shows it and is looked at.
    pub seen_at_us: Option<i64>,
    /// When it reported that it did not arrive, or no screen was up.
    pub undelivered_at_us: Option<i64>,
    /// When the recipient answered: a relative about the incident, a station about its task, the desk by taking it or confirming a signal.
    pub acknowledged_at_us: Option<i64>,
    /// How long the last attempt took.
    pub took_ms: Option<i64>,
    /// When it ended.
    pub ended_at_us: Option<i64>,
    /// Why it failed, or ended.
    pub why: Option<String>,
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeState {
    /// It was not tried yet.
    Waiting,
    /// The other side took it.
    Sent,
    /// It is on the telephone.
    Delivered,
    /// Somebody took the call or read it.
    Seen,
    /// The recipient answered.
    Acknowledged,
    /// It did not go out, or did not arrive; it may be tried again.
    Failed,
    /// It was not needed any more, or was given up.
    Ended,
}

impl NoticeState {
    /// The state's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Seen => "seen",
            Self::Acknowledged => "acknowledged",
            Self::Failed => "failed",
            Self::Ended => "ended",
        }
    }
}

impl NoticeLine {
    /// How far it has come.
    pub fn state(&self) -> NoticeState {
        if self.acknowledged_at_us.is_some() {
            NoticeState::Acknowledged
        } else if self.seen_at_us.is_some() {
            NoticeState::Seen
        } else if self.delivered_at_us.is_some() {
            NoticeState::Delivered
        } else if self.undelivered_at_us.is_some() {
            NoticeState::Failed
        } else if self.sent_at_us.is_some() {
            NoticeState::Sent
        } else {
            match (self.next_at_us, self.attempts) {
                (Some(_), 0) => NoticeState::Waiting,
                // A frame that is on its way to a screen.
                (None, 0) if self.ended_at_us.is_none() => NoticeState::Waiting,
                (Some(_), _) => NoticeState::Failed,
                (None, _) => NoticeState::Ended,
            }
        }
    }
}

pub(crate) const WHAT: &str = "a notice";

/// A notice as it is kept.
#[derive(sqlx::FromRow)]
pub(crate) struct NoticeRow {
    pub(crate) notice_id: String,
    incident_id: Option<String>,
    recipient_kind: String,
    recipient: String,
    channel: String,
    is_life: bool,
    goes_first: bool,
    address_sealed: Vec<u8>,
    message_sealed: Vec<u8>,
    due_at_us: i64,
}

impl NoticeRow {
    pub(crate) fn open(self, keys: &Keys) -> Result<Notice, StoreError> {
        Ok(Notice {
            incident: self.incident_id.map(|id| rows::incident(WHAT, id)).transpose()?,
            recipient_kind: self.recipient_kind,
            recipient: self.recipient,
            is_life: self.is_life,
            goes_first: self.goes_first,
            channel: self.channel,
            to: keys.open(ADDRESS, &self.notice_id, &self.address_sealed)?,
            message: keys.open(MESSAGE, &self.notice_id, &self.message_sealed)?,
            id: self.notice_id,
            due_at: rows::time(WHAT, self.due_at_us)?,
        })
    }
}

impl Store {
    /// One notice, whatever has become of it.
    pub async fn notice(&self, id: &str) -> Result<Option<Notice>, StoreError> {
        let found: Option<NoticeRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT notice_id, incident_id, recipient_kind, recipient, channel, is_life, goes_first, address_sealed,
               message_sealed, due_at_us FROM notices WHERE notice_id = $1",
        )
        .bind(id)
        .fetch_optional(to)
        .await)
        .map_err(reading(WHAT))?;
        found.map(|row| row.open(&self.keys)).transpose()
    }

    /// The notices about an incident, in the order in which they were due.
    pub async fn notices_about(&self, incident: &IncidentId) -> Result<Vec<NoticeLine>, StoreError> {
        on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT notice_id, recipient_kind, recipient, channel, address_last4, due_at_us, next_at_us, attempts,
               sent_at_us, delivered_at_us, seen_at_us, undelivered_at_us, acknowledged_at_us, took_ms, ended_at_us, why
             FROM notices WHERE incident_id = $1
             ORDER BY due_at_us, notice_id",
        )
        .bind(incident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))
    }
}
