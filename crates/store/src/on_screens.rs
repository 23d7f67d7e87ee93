//! Notices of the channel `websocket`: that an incident was on the screens of an account, a row for each incident and account.
//!
//! Nobody sends them: a live screen has told what they say by the time they are written, so they are never due, and no address
//! and no text is sealed in them.

use crate::{Connection, Job, JobError, Lane, acknowledged, micros, script::Script};
use async_trait::async_trait;
use incident::Event;
use model::{IncidentId, Timestamp};
use serde::Serialize;
use std::collections::BTreeSet;

/// What is known of one account's screens and one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnScreen {
    /// Which incident.
    pub incident: IncidentId,
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

/// The notice's id: one for each incident and account.
pub(crate) fn notice_id(incident: &str, username: &str) -> String {
    format!("screen:{incident}:{username}")
}

/// Writes down what screens showed. A row only ever moves forward: of two times the earlier stands, and what is not known takes nothing
/// back. Of an incident and an account there is one row at most. What is not on disk, or is nobody's any more, has none.
#[derive(Debug)]
pub struct NoteOnScreens(pub Vec<OnScreen>);

/// A row as the statement reads it, its times in microseconds since 1970.
#[derive(Serialize)]
struct Told<'a> {
    id: String,
    incident: &'a str,
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
            id: notice_id(incident, username),
            incident,
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

/// All rows with one statement, told as JSON: a thousand screens of one press must not hold up the next one.
macro_rules! put {
    ($told:literal) => {
        concat!(
            "INSERT INTO notices (notice_id, incident_id, recipient_kind, recipient, channel, is_life, key_id, address_sealed,
               address_last4, message_sealed, due_at_us, attempts, sent_at_us, delivered_at_us, seen_at_us, took_ms,
               undelivered_at_us, ended_at_us, why)
             SELECT told.id, told.incident, 'desk', told.username, 'websocket', FALSE, '', $2,
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
                acknowledged::by_desk(&mut script, &incident, &event);
            }
        }
        script.run(connection).await.map(drop)
    }
}

async fn put(connection: &mut Connection, told: String) -> Result<(), JobError> {
    let nothing: Vec<u8> = Vec::new();
    match connection {
        Connection::Sqlite(to) => sqlx::query(put!(
            "(SELECT value ->> 'id' AS id, value ->> 'incident' AS incident, value ->> 'username' AS username,
                value ->> 'due' AS due, value ->> 'sent' AS sent, value ->> 'delivered' AS delivered,
                value ->> 'seen' AS seen, value ->> 'failed' AS failed FROM json_each($1)) AS told"
        ))
        .bind(told)
        .bind(nothing)
        .execute(to)
        .await
        .map(drop)?,
        Connection::Postgres(to) => sqlx::query(put!(
            "jsonb_to_recordset($1::jsonb) AS told (id TEXT, incident TEXT, username TEXT, due BIGINT, sent BIGINT,
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

/// The claims and confirmations of these incidents: whoever was faster than their row is found here.
async fn answers(
    connection: &mut Connection,
    incidents: String,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    match connection {
        Connection::Sqlite(to) => {
            sqlx::query_as(
                r#"SELECT incident_id, body FROM incident_events
                   WHERE incident_id IN (SELECT value FROM json_each($1))
                     AND (body LIKE '%"kind":"claimed"%' OR body LIKE '%"kind":"confirmed"%')
                   ORDER BY incident_id, version"#,
            )
            .bind(incidents)
            .fetch_all(to)
            .await
        }
        Connection::Postgres(to) => {
            sqlx::query_as(
                r#"SELECT incident_id, body FROM incident_events
                   WHERE incident_id IN (SELECT value FROM jsonb_array_elements_text($1::jsonb) AS asked (value))
                     AND (body LIKE '%"kind":"claimed"%' OR body LIKE '%"kind":"confirmed"%')
                   ORDER BY incident_id, version"#,
            )
            .bind(incidents)
            .fetch_all(to)
            .await
        }
    }
}
