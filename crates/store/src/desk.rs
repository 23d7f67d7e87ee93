//! What the desk decided, committed as one: events, the state they add up to, messages to handsets, cursor, audit.
//!
//! A change names the version it was decided on. Of two changes decided on the same version one is
//! committed; the other comes back as [`JobError::Conflict`], is decided anew, and nothing of it was written.
//! The tables' own rules see to that: two events of one incident cannot have the same version.

use crate::{
    AuditRow, Connection, DoneCall, DownMessage, DueCall, Job, JobError, Lane, Look, Subject, acknowledged,
    audit, calls, carried, db::on, drills, looks, micros, outbox, script::Script, stations,
};
use async_trait::async_trait;
use incident::{Event, Incident};
use model::{ResidentId, SignalId, Timestamp};
use sqlx::error::ErrorKind;

/// One incident moved by some events.
#[derive(Debug, Clone)]
pub struct IncidentChange {
    /// The incident as it stands after the events.
    pub incident: Incident,
    /// The version it was decided on; 0 for one that is opened.
    pub base_version: u64,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Signals that joined with these events.
    pub signals: Vec<SignalId>,
    /// Signals that were in another incident and are in this one now.
    pub moved_signals: Vec<SignalId>,
    /// What the handset is told.
    pub outbox: Vec<DownMessage>,
    /// Whom the ladder calls beyond the screens.
    pub calls: Vec<DueCall>,
}

/// How far dispatch has read the log of signals.
#[derive(Debug, Clone)]
pub struct CursorMove {
    /// Who reads.
    pub name: &'static str,
    /// Where it stood.
    pub from: i64,
    /// Where it stands now.
    pub to: i64,
}

/// A request's name for itself, so that sending it twice does it once.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// Whose request.
    pub username: String,
    /// Its name.
    pub key: String,
    /// What it asked, to tell a repeat from another request under the same name.
    pub request: String,
    /// When.
    pub at: Timestamp,
}

/// Everything that one decision of the desk changes, in one transaction.
#[derive(Debug, Clone, Default)]
pub struct CommitDesk {
    /// The incidents that moved.
    pub changes: Vec<IncidentChange>,
    /// The signals this took care of.
    pub cursor: Option<CursorMove>,
    /// The call of the ladder that this answers: done with it, or not at all. A [`JobError::Conflict`] if it was done before.
    pub done_call: Option<DoneCall>,
    /// Who did it, for acts of people.
    pub audit: Vec<AuditRow>,
    /// What of it opens somebody's records as a look does, for a supervisor to review; the same look once, as by
    /// [`RecordLookOnce`](crate::RecordLookOnce).
    pub looks: Vec<Look>,
    /// The request's name for itself.
    pub idempotency: Option<Idempotency>,
}

#[async_trait]
impl Job for CommitDesk {
    /// The place of the last event in the log of all events, where the database says it. Those of one commit stand
    /// side by side.
    type Output = Option<i64>;
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<Option<i64>, JobError> {
        if let (Some(key), Some(change)) = (&self.idempotency, self.changes.first())
            && claim_key(connection, key, change.incident.id.as_str()).await?.is_some()
        {
            return Err(JobError::Conflict);
        }
        if let Some(done) = &self.done_call
            && !calls::finish(connection, done).await?
        {
            return Err(JobError::Conflict);
        }
        let mut script = Script::default();
        for change in &self.changes {
            write_snapshot(&mut script, change)?;
            write_signals(&mut script, change);
            carried::carry(connection, &mut script, change).await?;
            stations::write_tasks(&mut script, &change.incident, change.base_version);
            acknowledged::note(&mut script, change);
            drills::end_with(&mut script, change);
            for message in &change.outbox {
                outbox::put(&mut script, message);
            }
            crate::watch::insert_snoozes(&mut script, change);
            for call in &change.calls {
                calls::insert(&mut script, &change.incident, call);
            }
        }
        if let Some(cursor) = &self.cursor {
            move_cursor(&mut script, cursor);
        }
        audit::insert(&mut script, &self.audit);
        for look in &self.looks {
            looks::insert_once(&mut script, look);
        }
        // The last, so that the last row is theirs.
        for change in &self.changes {
            write_events(&mut script, change)?;
        }
        let is_any = self.changes.iter().any(|change| !change.events.is_empty());
        match script.run(connection).await {
            Ok(row) => Ok(row.filter(|_| is_any)),
            Err(error) if is_lost_race(&error) => Err(JobError::Conflict),
            Err(error) => Err(error),
        }
    }
}

fn number(version: u64) -> Result<i64, JobError> {
    i64::try_from(version).map_err(|error| JobError::Broken(error.to_string()))
}

fn write_snapshot(script: &mut Script, change: &IncidentChange) -> Result<(), JobError> {
    let incident = &change.incident;
    let statement = if change.base_version == 0 {
        "INSERT INTO incidents (incident_id, version, state, subject, drill, resident_id, opened_at_us,
           deadline_at_us, snapshot) VALUES ($1, $2, $3, $5, $6, $7, $8, $9, $10)"
    } else {
        "UPDATE incidents SET version = $2, state = $3, subject = $5, drill = $6, resident_id = $7,
           opened_at_us = $8, deadline_at_us = $9, snapshot = $10
         WHERE incident_id = $1 AND version = $4 AND nameless = FALSE"
    };
    script.add(
        statement,
        [
            incident.id.as_str().into(),
            number(incident.version)?.into(),
            incident.state_name().as_str().into(),
            number(change.base_version)?.into(),
            Subject::of(incident).key().into(),
            incident.drill.into(),
            incident.resident.as_ref().map(ResidentId::as_str).into(),
            micros(incident.opened_at).into(),
            incident.due_at().map(micros).into(),
            serde_json::to_string(incident)?.into(),
        ],
    );
    Ok(())
}

fn write_events(script: &mut Script, change: &IncidentChange) -> Result<(), JobError> {
    let id = change.incident.id.as_str();
    for event in &change.events {
        script.add(
            "INSERT INTO incident_events (incident_id, version, at_us, body) VALUES ($1, $2, $3, $4)",
            [
                id.into(),
                number(event.version)?.into(),
                micros(event.at).into(),
                serde_json::to_string(event)?.into(),
            ],
        );
    }
    Ok(())
}

fn write_signals(script: &mut Script, change: &IncidentChange) {
    for signal in &change.signals {
        script.add(
            "INSERT INTO incident_signals (signal_id, incident_id) VALUES ($1, $2)",
            [signal.as_str().into(), change.incident.id.as_str().into()],
        );
    }
    for signal in &change.moved_signals {
        script.add(
            "UPDATE incident_signals SET incident_id = $2 WHERE signal_id = $1",
            [signal.as_str().into(), change.incident.id.as_str().into()],
        );
    }
}

/// A cursor that was never moved stands at 0 and has no row. One that does not stand where it should has no
/// position to go to, which the table refuses.
pub(crate) fn move_cursor(script: &mut Script, cursor: &CursorMove) {
    script.add(
        "INSERT INTO cursors (name, position) VALUES ($1, CASE
           WHEN COALESCE((SELECT position FROM cursors WHERE name = $1), 0) = $2 THEN $3 END)
         ON CONFLICT (name) DO UPDATE SET position = excluded.position",
        [cursor.name.into(), cursor.from.into(), cursor.to.into()],
    );
}

/// Whether somebody else moved the incident or the cursor first. Any other broken rule is this change's own fault.
pub(crate) fn is_lost_race(error: &JobError) -> bool {
    let JobError::Database(sqlx::Error::Database(database)) = error else { return false };
    // PostgreSQL names the table; SQLite names its columns in the message.
    let about = database.table().unwrap_or_else(|| database.message());
    let names = |table: &str| about == table || about.contains(&format!(" {table}."));
    match database.kind() {
        ErrorKind::UniqueViolation => names("incidents") || names("incident_events"),
        ErrorKind::NotNullViolation => names("cursors"),
        _ => false,
    }
}

/// Takes the request's name, or says what was done under it before; another request under it is refused.
pub(crate) async fn claim_key(
    connection: &mut Connection,
    key: &Idempotency,
    result: &str,
) -> Result<Option<String>, JobError> {
    let found: Option<(String, String)> = on!(Connection, connection, to => sqlx::query_as(
        "SELECT request, incident_id FROM idempotency WHERE username = $1 AND idempotency_key = $2",
    )
    .bind(&key.username)
    .bind(&key.key)
    .fetch_optional(&mut *to)
    .await)?;
    if let Some((request, earlier)) = found {
        return if request == key.request { Ok(Some(earlier)) } else { Err(JobError::Conflict) };
    }
    on!(Connection, connection, to => sqlx::query(
        "INSERT INTO idempotency (username, idempotency_key, request, incident_id, at_us)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&key.username)
    .bind(&key.key)
    .bind(&key.request)
    .bind(result)
    .bind(micros(key.at))
    .execute(to)
    .await
    .map(drop))?;
    Ok(None)
}
