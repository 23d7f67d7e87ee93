//! Incidents: their events, which are the truth, and beside them the state they add up to, for quick reading.
//!
//! A change names the version it was decided on. Of two changes decided on the same version one is
//! committed; the other comes back as [`JobError::Conflict`], is decided anew, and nothing of it was written.

use crate::{
    AuditRow, Connection, DownMessage, Job, JobError, Lane, Store, StoreError, audit,
    db::{Pool, follow, on},
    micros, outbox, reading, rows,
};
use async_trait::async_trait;
use incident::{Event, Incident};
use model::{HandsetId, IncidentId, ResidentId, SignalId, Timestamp};

/// Whom an incident is about: a resident, or a handset that is bound to nobody. At most one incident is
/// open about each, drills apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A known person.
    Resident(ResidentId),
    /// A handset without one.
    Handset(HandsetId),
    /// A call about somebody nobody knows: a case of its own each time.
    Unknown(IncidentId),
}

impl Subject {
    /// The subject of an incident.
    pub fn of(incident: &Incident) -> Self {
        match (&incident.resident, &incident.handset) {
            (Some(resident), _) => Self::Resident(resident.clone()),
            (None, Some(handset)) => Self::Handset(handset.clone()),
            (None, None) => Self::Unknown(incident.id.clone()),
        }
    }

    fn key(&self) -> String {
        match self {
            Self::Resident(id) => format!("resident:{id}"),
            Self::Handset(id) => format!("handset:{id}"),
            Self::Unknown(id) => format!("unknown:{id}"),
        }
    }
}

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
    /// What the handset is told.
    pub outbox: Vec<DownMessage>,
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
    /// Who did it, for acts of people.
    pub audit: Vec<AuditRow>,
    /// The request's name for itself.
    pub idempotency: Option<Idempotency>,
}

#[async_trait]
impl Job for CommitDesk {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        if let (Some(key), Some(change)) = (&self.idempotency, self.changes.first())
            && claim_key(connection, key, change.incident.id.as_str()).await?.is_some()
        {
            return Err(JobError::Conflict);
        }
        for change in &self.changes {
            write_snapshot(connection, change).await?;
            write_events(connection, change).await?;
            for message in &change.outbox {
                outbox::put(connection, message).await?;
            }
        }
        if let Some(cursor) = &self.cursor {
            move_cursor(connection, cursor).await?;
        }
        audit::insert(connection, &self.audit).await
    }
}

async fn write_snapshot(connection: &mut Connection, change: &IncidentChange) -> Result<(), JobError> {
    let incident = &change.incident;
    let version = i64::try_from(incident.version).map_err(|error| JobError::Broken(error.to_string()))?;
    let base = i64::try_from(change.base_version).map_err(|error| JobError::Broken(error.to_string()))?;
    let snapshot = serde_json::to_string(incident)?;
    let rows = on!(Connection, connection, to => {
        let statement = if base == 0 {
            sqlx::query(
                "INSERT INTO incidents (incident_id, version, state, subject, drill, resident_id, opened_at_us,
                   deadline_at_us, snapshot) VALUES ($1, $2, $3, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
            )
        } else {
            sqlx::query(
                "UPDATE incidents SET version = $2, state = $3, subject = $5, drill = $6, resident_id = $7,
                   opened_at_us = $8, deadline_at_us = $9, snapshot = $10
                 WHERE incident_id = $1 AND version = $4",
            )
        };
        statement
            .bind(incident.id.as_str())
            .bind(version)
            .bind(incident.state.name().as_str())
            .bind(base)
            .bind(Subject::of(incident).key())
            .bind(incident.drill)
            .bind(incident.resident.as_ref().map(ResidentId::as_str))
            .bind(micros(incident.opened_at))
            .bind(incident.deadline_at.map(micros))
            .bind(snapshot)
            .execute(to)
            .await
            .map(|done| done.rows_affected())
    })?;
    if rows == 0 { Err(JobError::Conflict) } else { Ok(()) }
}

async fn write_events(connection: &mut Connection, change: &IncidentChange) -> Result<(), JobError> {
    let id = change.incident.id.as_str();
    for event in &change.events {
        let version = i64::try_from(event.version).map_err(|error| JobError::Broken(error.to_string()))?;
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO incident_events (incident_id, version, at_us, body) VALUES ($1, $2, $3, $4)",
        )
        .bind(id)
        .bind(version)
        .bind(micros(event.at))
        .bind(serde_json::to_string(event)?)
        .execute(to)
        .await
        .map(drop))?;
    }
    for signal in &change.signals {
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO incident_signals (signal_id, incident_id) VALUES ($1, $2)",
        )
        .bind(signal.as_str())
        .bind(id)
        .execute(to)
        .await
        .map(drop))?;
    }
    Ok(())
}

async fn move_cursor(connection: &mut Connection, cursor: &CursorMove) -> Result<(), JobError> {
    // A cursor that was never moved stands at 0 and has no row.
    let statement = if cursor.from == 0 {
        "INSERT INTO cursors (name, position) VALUES ($1, $3)
         ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE cursors.position = $2"
    } else {
        "UPDATE cursors SET position = $3 WHERE name = $1 AND position = $2"
    };
    let rows = on!(Connection, connection, to => sqlx::query(statement)
    .bind(cursor.name)
    .bind(cursor.from)
    .bind(cursor.to)
    .execute(to)
    .await
    .map(|done| done.rows_affected()))?;
    if rows == 0 { Err(JobError::Conflict) } else { Ok(()) }
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

/// Which incidents a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentFilter {
    /// Those not closed.
    Open,
    /// Those closed.
    Closed,
    /// All.
    All,
}

/// An event with its place in the log of all.
#[derive(Debug, Clone)]
pub struct LoggedEvent {
    /// Its place.
    pub row: i64,
    /// Whose.
    pub incident: IncidentId,
}

fn incident(snapshot: &str) -> Result<Incident, StoreError> {
    rows::document("an incident", snapshot)
}

impl Store {
    /// One incident as it stands.
    pub async fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT snapshot FROM incidents WHERE incident_id = $1")
                .bind(id.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("an incident"))?;
        found.map(|(snapshot,)| incident(&snapshot)).transpose()
    }

    /// The open incident about a subject.
    pub async fn open_incident(
        &self,
        subject: &Subject,
        drill: bool,
    ) -> Result<Option<Incident>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT snapshot FROM incidents WHERE subject = $1 AND drill = $2 AND state <> 'closed'",
        )
        .bind(subject.key())
        .bind(drill)
        .fetch_optional(to)
        .await)
        .map_err(reading("an open incident"))?;
        found.map(|(snapshot,)| incident(&snapshot)).transpose()
    }

    /// The open incidents whose deadline has passed, the most overdue first.
    pub async fn due_incidents(&self, now: Timestamp, limit: u32) -> Result<Vec<Incident>, StoreError> {
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT snapshot FROM incidents WHERE state <> 'closed' AND deadline_at_us <= $1
             ORDER BY deadline_at_us LIMIT $2",
        )
        .bind(micros(now))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading("due incidents"))?;
        found.iter().map(|(snapshot,)| incident(snapshot)).collect()
    }

    /// Incidents, newest first, older than the place of the last one seen.
    pub async fn incidents(
        &self,
        filter: IncidentFilter,
        before: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<Incident>, StoreError> {
        let (before_us, before_id) = before.unwrap_or((i64::MAX, String::new()));
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT snapshot FROM incidents
             WHERE ($1 = 'all' OR ($1 = 'open' AND state <> 'closed') OR ($1 = 'closed' AND state = 'closed'))
               AND (opened_at_us < $2 OR (opened_at_us = $2 AND incident_id < $3))
             ORDER BY opened_at_us DESC, incident_id DESC LIMIT $4",
        )
        .bind(match filter {
            IncidentFilter::Open => "open",
            IncidentFilter::Closed => "closed",
            IncidentFilter::All => "all",
        })
        .bind(before_us)
        .bind(before_id)
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading("incidents"))?;
        found.iter().map(|(snapshot,)| incident(snapshot)).collect()
    }

    /// Every open incident.
    pub async fn open_incidents(&self) -> Result<Vec<Incident>, StoreError> {
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT snapshot FROM incidents WHERE state <> 'closed' ORDER BY opened_at_us, incident_id",
        )
        .fetch_all(to)
        .await)
        .map_err(reading("open incidents"))?;
        found.iter().map(|(snapshot,)| incident(snapshot)).collect()
    }

    /// Whether an incident about this resident is open.
    pub async fn has_open_incident(&self, resident: &ResidentId) -> Result<bool, StoreError> {
        Ok(self.open_incident(&Subject::Resident(resident.clone()), false).await?.is_some())
    }

    /// The events of one incident, in order.
    pub async fn incident_events(&self, id: &IncidentId) -> Result<Vec<Event>, StoreError> {
        let found: Vec<(String,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT body FROM incident_events WHERE incident_id = $1 ORDER BY version")
                .bind(id.as_str())
                .fetch_all(to)
                .await)
        .map_err(reading("the events of an incident"))?;
        found.iter().map(|(body,)| rows::document("an event", body)).collect()
    }

    /// Which incidents moved after a place in the log of all events.
    pub async fn events_after(&self, row: i64, limit: u32) -> Result<Vec<LoggedEvent>, StoreError> {
        let found: Vec<(i64, String)> = follow!(
            &self.pool,
            (i64, String),
            "SELECT row_id, incident_id FROM incident_events WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading("the log of incidents"))?;
        found
            .into_iter()
            .map(|(row, id)| Ok(LoggedEvent { row, incident: rows::incident("the log of incidents", id)? }))
            .collect()
    }

    /// A place in the log of events that everything up to has been written.
    pub async fn events_end(&self) -> Result<i64, StoreError> {
        let (end,): (i64,) = match &self.pool {
            Pool::Sqlite(pool) => {
                sqlx::query_as("SELECT COALESCE(MAX(row_id), 0) FROM incident_events").fetch_one(pool).await
            }
            Pool::Postgres(pool) => {
                sqlx::query_as(
                    "SELECT COALESCE(MAX(row_id), 0) FROM incident_events
                     WHERE written_by < pg_snapshot_xmin(pg_current_snapshot())",
                )
                .fetch_one(pool)
                .await
            }
        }
        .map_err(reading("the log of incidents"))?;
        Ok(end)
    }

    /// Where a reader of a log stands.
    pub async fn cursor(&self, name: &str) -> Result<i64, StoreError> {
        let found: Option<(i64,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT position FROM cursors WHERE name = $1").bind(name).fetch_optional(to).await)
        .map_err(reading("a cursor"))?;
        Ok(found.map_or(0, |(position,)| position))
    }

    /// What was done before under a request's name for itself.
    pub async fn done_under(
        &self,
        username: &str,
        key: &str,
    ) -> Result<Option<(String, String)>, StoreError> {
        on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT request, incident_id FROM idempotency WHERE username = $1 AND idempotency_key = $2",
        )
        .bind(username)
        .bind(key)
        .fetch_optional(to)
        .await)
        .map_err(reading("an idempotency key"))
    }
}
