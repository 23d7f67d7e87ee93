//! Notices of the channel `websocket`: that an incident was on the screens of an account, a row for each incident and account at the
//! desk and in the family, and for each task and account at a station.
//!
//! Nobody sends them: a live screen has told what they say by the time they are written, so they are never due, and no address
//! and no text is sealed in them.

use crate::{Connection, Job, JobError, Lane, acknowledged, micros, script::Script};
use async_trait::async_trait;
use incident::Event;
use model::{IncidentId, TaskId, Timestamp};
use serde::Serialize;
use std::collections::BTreeSet;

/// Whose screens they are, by what is asked of them there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScreenOf {
    /// The desk's, where somebody is to take it.
    Desk,
    /// A relative's, who may see it.
    Relative,
    /// Those of a station that is to go.
    Station {
        /// By which task.
        task: TaskId,
    },
}

impl ScreenOf {
    /// The kind of recipient.
    fn kind(&self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Relative => "relative",
            Self::Station { .. } => "station",
        }
    }

    /// The notice's id: one for each incident and account, at a station for each task and account.
    pub(crate) fn notice_id(&self, incident: &str, username: &str) -> String {
        match self {
            Self::Desk => format!("screen:{incident}:{username}"),
            Self::Relative => format!("family:{incident}:{username}"),
            Self::Station { task } => format!("{}{username}", of_task(task)),
        }
    }
}

/// What is known of one account's screens and one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnScreen {
    /// Which incident.
    pub incident: IncidentId,
    /// What they are for.
    pub of: ScreenOf,
    /// Whose screens.
    pub username: String,
    /// Whether any of them was up when it was due.
    pub has_screen: bool,
    /// When it called for this account first.
    pub due_at: Timestamp,
    /// When a frame that tells it was written to one of them.
    pub sent_at: Option<Timestamp>,
    /// When a page answered that it has it.
    pub delivered_at: Option<Timestamp>,
    /// When a page answered that it shows it and is looked at.
    pub seen_at: Option<Timestamp>,
}

/// How the ids at a station begin: among those of what it was sent about the same task, and like none of them.
pub(crate) fn of_task(task: &TaskId) -> String {
    format!("task:{task}:screen:")
}

/// Writes down what screens showed. A row only ever moves forward: of two times the earlier stands, and what is not known takes nothing
/// back. Of an incident and an account, or a task and an account, there is one row at most. What is not on disk, or is nobody's any more, has none.
#[derive(Debug)]
pub struct NoteOnScreens(pub Vec<OnScreen>);

/// A row as the statement reads it, its times in microseconds since 1970.
#[derive(Serialize)]
struct Told<'a> {
    id: String,
    incident: &'a str,
    kind: &'static str,
    username: &'a str,
    due: i64,
    sent: Option<i64>,
    delivered: Option<i64>,
    seen: Option<i64>,
    failed: Option<i64>,
}

impl<'a> Told<'a> {
    fn of(one: &'a OnScreen) -> Self {
        let (incident, username) = (one.incident.as_str(), one.username.as_str());
        Self {
            id: one.of.notice_id(incident, username),
            incident,
            kind: one.of.kind(),
            username,
            due: micros(one.due_at),
            sent: one.sent_at.map(micros),
            delivered: one.delivered_at.map(micros),
            seen: one.seen_at.map(micros),
            failed: (!one.has_screen && one.sent_at.is_none()).then_some(micros(one.due_at)),
        }
    }
}

/// The earlier of what stands and what comes.
macro_rules! earlier {
    ($column:literal) => {
        concat!(
            "CASE WHEN excluded.",
            $column,
            " < notices.",
            $column,
            " THEN excluded.",
            $column,
            " ELSE COALESCE(notices.",
            $column,
            ", excluded.",
            $column,
            ") END"
        )
    };
}

/// What is said of a missing screen holds until something was sent to one.
macro_rules! until_sent {
    ($column:literal) => {
        concat!(
            "CASE WHEN COALESCE(notices.sent_at_us, excluded.sent_at_us) IS NULL THEN COALESCE(notices.",
            $column,
            ", excluded.",
            $column,
            ") END"
        )
    };
}

/// All rows with one statement, told as JSON: the screens of one press must not hold up the next one.
macro_rules! put {
    ($told:literal) => {
        concat!(
            "INSERT INTO notices (notice_id, incident_id, recipient_kind, recipient, channel, is_life, key_id, address_sealed,
               address_last4, message_sealed, due_at_us, attempts, sent_at_us, delivered_at_us, seen_at_us, took_ms,
               undelivered_at_us, ended_at_us, why)
             SELECT told.id, told.incident, told.kind, told.username, 'websocket', FALSE, '', $2,
               '', $2, told.due, CASE WHEN told.sent IS NULL THEN 0 ELSE 1 END, told.sent, told.delivered, told.seen,
               (told.seen - told.sent) / 1000, told.failed, told.failed,
               CASE WHEN told.failed IS NOT NULL THEN 'no_screen' END
             FROM ", $told, " JOIN incidents ON incidents.incident_id = told.incident WHERE NOT incidents.nameless
             ON CONFLICT (notice_id) DO UPDATE SET due_at_us = ", earlier!("due_at_us"),
            ", sent_at_us = ", earlier!("sent_at_us"),
            ", delivered_at_us = ", earlier!("delivered_at_us"),
            ", seen_at_us = ", earlier!("seen_at_us"),
            ", took_ms = (", earlier!("seen_at_us"), " - ", earlier!("sent_at_us"), ") / 1000",
            ", attempts = CASE WHEN COALESCE(notices.sent_at_us, excluded.sent_at_us) IS NULL THEN 0 ELSE 1 END",
            ", undelivered_at_us = ", until_sent!("undelivered_at_us"),
            ", ended_at_us = ", until_sent!("ended_at_us"),
            ", why = ", until_sent!("why")
        )
    };
}

#[async_trait]
impl Job for NoteOnScreens {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let told: Vec<Told<'_>> = self.0.iter().map(Told::of).collect();
        let incidents: BTreeSet<&str> = told.iter().map(|one| one.incident).collect();
        put(connection, serde_json::to_string(&told)?).await?;
        let mut script = Script::default();
        for (incident, body) in answers(connection, serde_json::to_string(&incidents)?).await? {
            // One that cannot be read keeps no other from being written.
            if let Ok(event) = serde_json::from_str::<Event>(&body) {
                acknowledged::on_screens(&mut script, &incident, &event);
            }
        }
        script.run(connection).await.map(drop)
    }
}

async fn put(connection: &mut Connection, told: String) -> Result<(), JobError> {
    let nothing: Vec<u8> = Vec::new();
    match connection {
        Connection::Sqlite(to) => sqlx::query(put!(
            "(SELECT value ->> 'id' AS id, value ->> 'incident' AS incident, value ->> 'kind' AS kind,
                value ->> 'username' AS username, value ->> 'due' AS due, value ->> 'sent' AS sent, value ->> 'delivered' AS delivered,
                value ->> 'seen' AS seen, value ->> 'failed' AS failed FROM json_each($1)) AS told"
        ))
        .bind(told)
        .bind(nothing)
        .execute(to)
        .await
        .map(drop)?,
        Connection::Postgres(to) => sqlx::query(put!(
            "jsonb_to_recordset($1::jsonb) AS told (id TEXT, incident TEXT, kind TEXT, username TEXT, due BIGINT, sent BIGINT,
               delivered BIGINT, seen BIGINT, failed BIGINT)"
        ))
        .bind(told)
        .bind(nothing)
        .execute(to)
        .await
        .map(drop)?,
    }
    Ok(())
}

/// A claim, a confirmation, a relative's answer and a station's word, as events are written down.
macro_rules! is_an_answer {
    () => {
        r#"(body LIKE '%"kind":"claimed"%' OR body LIKE '%"kind":"confirmed"%' OR body LIKE '%"kind":"answered"%'
            OR body LIKE '%"kind":"task_moved"%' OR body LIKE '%"kind":"said_on_scene"%')"#
    };
}

/// The answers in these incidents: whoever was faster than their row is found here.
async fn answers(
    connection: &mut Connection,
    incidents: String,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    match connection {
        Connection::Sqlite(to) => {
            sqlx::query_as(concat!(
                "SELECT incident_id, body FROM incident_events
                 WHERE incident_id IN (SELECT value FROM json_each($1)) AND ",
                is_an_answer!(),
                " ORDER BY incident_id, version"
            ))
            .bind(incidents)
            .fetch_all(to)
            .await
        }
        Connection::Postgres(to) => {
            sqlx::query_as(concat!(
                "SELECT incident_id, body FROM incident_events
                 WHERE incident_id IN (SELECT value FROM jsonb_array_elements_text($1::jsonb) AS asked (value)) AND ",
                is_an_answer!(),
                " ORDER BY incident_id, version"
            ))
            .bind(incidents)
            .fetch_all(to)
            .await
        }
    }
}
