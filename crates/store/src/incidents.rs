//! Incidents: their events, which are the truth, and beside them the state they add up to, for quick reading.

use crate::{
    Sifted, Store, StoreError,
    db::{Pool, follow, on},
    micros, reading, rows,
};
use incident::{Event, Incident, evolve};
use model::{Division, HandsetId, IncidentId, ResidentId, Timestamp};

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

    pub(crate) fn key(&self) -> String {
        match self {
            Self::Resident(id) => format!("resident:{id}"),
            Self::Handset(id) => format!("handset:{id}"),
            Self::Unknown(id) => format!("unknown:{id}"),
        }
    }
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

/// An incident that moved.
#[derive(Debug, Clone)]
pub struct MovedIncident {
    /// The place of its newest event.
    pub row: i64,
    /// As it stands.
    pub incident: Incident,
    /// The name of the resident it is about, where known.
    pub resident_name: Option<String>,
}

/// A text for each: only one that says which state it asks for is answered from an index of that state. With a scope: of those
/// that are closed the ones about whoever lives in it, or nowhere on record.
macro_rules! page {
    ($state:literal) => {
        concat!(
            "SELECT incident_id, snapshot FROM incidents WHERE ",
            $state,
            " (opened_at_us < $1 OR (opened_at_us = $1 AND incident_id < $2)) AND subject <> 'handset:platform-probe'
               AND ($4 = '' OR state <> 'closed' OR NOT EXISTS (SELECT 1 FROM residents
                 WHERE residents.resident_id = incidents.resident_id AND division NOT LIKE $4 || '%'))
             ORDER BY opened_at_us DESC, incident_id DESC LIMIT $3"
        )
    };
}
const OPEN_PAGE: &str = page!("state <> 'closed' AND");
const CLOSED_PAGE: &str = page!("state = 'closed' AND");
const PAGE: &str = page!("");

fn incident(snapshot: &str) -> Result<Incident, StoreError> {
    rows::document("an incident", snapshot)
}

/// The events of many incidents, each's in a row and in order, as the incidents' histories. What was emptied with the person, since it
/// could not be read, is passed over: nothing brings it back, and the others are told all the same.
pub(crate) fn histories(
    what: &'static str,
    found: Vec<(String, String)>,
) -> Result<Vec<(IncidentId, Vec<Event>)>, StoreError> {
    let mut histories: Vec<(IncidentId, Vec<Event>)> = Vec::new();
    for (id, body) in found.into_iter().filter(|(_, body)| !body.is_empty()) {
        let event = rows::document(what, &body)?;
        match histories.last_mut() {
            Some((last, events)) if last.as_str() == id => events.push(event),
            Some(_) | None => histories.push((rows::incident(what, id)?, vec![event])),
        }
    }
    Ok(histories)
}

impl Store {
    /// What its snapshot says; where that is damaged, what its events add up to, which are the truth: nobody's case is hidden by
    /// it, and the next event mends it.
    async fn as_it_stands(&self, id: &str, snapshot: &str) -> Result<Incident, StoreError> {
        let damaged = match incident(snapshot) {
            Ok(incident) => return Ok(incident),
            Err(error) => error,
        };
        let events = match self.incident_events(&rows::incident("an incident", id.to_owned())?).await {
            Ok(events) => events,
            // One that cannot be read at all is named by whoever asked.
            Err(StoreError::Broken { .. }) => return Err(damaged),
            // A store that is away is no damage.
            Err(away) => return Err(away),
        };
        tracing::error!(event = "snapshot_damaged", incident = id, error = %damaged, "its events are read");
        events.iter().fold(None, evolve).ok_or(damaged)
    }

    pub(crate) async fn each_as_it_stands(
        &self,
        found: Vec<(String, String)>,
    ) -> Result<Sifted<Incident>, StoreError> {
        let mut read = Vec::with_capacity(found.len());
        for (id, snapshot) in found {
            match self.as_it_stands(&id, &snapshot).await {
                Err(error) if !matches!(error, StoreError::Broken { .. }) => return Err(error),
                incident => read.push((id, incident)),
            }
        }
        Ok(read.into_iter().collect())
    }

    /// One incident as it stands.
    pub async fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT snapshot FROM incidents WHERE incident_id = $1")
                .bind(id.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("an incident"))?;
        match found {
            Some((snapshot,)) => self.as_it_stands(id.as_str(), &snapshot).await.map(Some),
            None => Ok(None),
        }
    }

    /// The open incident about a subject.
    pub async fn open_incident(
        &self,
        subject: &Subject,
        drill: bool,
    ) -> Result<Option<Incident>, StoreError> {
        let found: Option<(String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT incident_id, snapshot FROM incidents WHERE subject = $1 AND drill = $2 AND state <> 'closed'",
        )
        .bind(subject.key())
        .bind(drill)
        .fetch_optional(to)
        .await)
        .map_err(reading("an open incident"))?;
        match found {
            Some((id, snapshot)) => self.as_it_stands(&id, &snapshot).await.map(Some),
            None => Ok(None),
        }
    }

    /// The open incidents whose deadline has passed, the most overdue first. One that cannot be read hides none of the others.
    pub async fn due_incidents(&self, now: Timestamp, limit: u32) -> Result<Sifted<Incident>, StoreError> {
        let found: Vec<(String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT incident_id, snapshot FROM incidents WHERE state <> 'closed' AND deadline_at_us <= $1
             ORDER BY deadline_at_us LIMIT $2",
        )
        .bind(micros(now))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading("due incidents"))?;
        self.each_as_it_stands(found).await
    }

    /// Incidents, newest first, older than the place of the last one seen. The platform's own drills are no news to anybody. With
    /// a scope: of the closed ones those within it.
    pub async fn incidents(
        &self,
        filter: IncidentFilter,
        scope: Option<&Division>,
        before: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Sifted<Incident>, StoreError> {
        let (before_us, before_id) = before.unwrap_or((i64::MAX, String::new()));
        let statement = match filter {
            IncidentFilter::Open => OPEN_PAGE,
            IncidentFilter::Closed => CLOSED_PAGE,
            IncidentFilter::All => PAGE,
        };
        let found: Vec<(String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(statement)
        .bind(before_us)
        .bind(before_id)
        .bind(i64::from(limit))
        .bind(scope.map_or("", Division::as_str))
        .fetch_all(to)
        .await)
        .map_err(reading("incidents"))?;
        self.each_as_it_stands(found).await
    }

    /// Every open incident. One that cannot be read hides none of the others.
    pub async fn open_incidents(&self) -> Result<Sifted<Incident>, StoreError> {
        let found: Vec<(String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT incident_id, snapshot FROM incidents WHERE state <> 'closed' ORDER BY opened_at_us, incident_id",
        )
        .fetch_all(to)
        .await)
        .map_err(reading("open incidents"))?;
        self.each_as_it_stands(found).await
    }

    /// Whether an incident about this resident is open.
    pub async fn has_open_incident(&self, resident: &ResidentId) -> Result<bool, StoreError> {
        let subject = Subject::Resident(resident.clone());
        // In a drill the desk works as it always does, and needs the card.
        Ok(self.open_incident(&subject, false).await?.is_some()
            || self.open_incident(&subject, true).await?.is_some())
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

    /// The histories of the incidents that were opened in a span of time, its end excluded, at most so many.
    pub async fn histories(
        &self,
        from: Timestamp,
        to: Timestamp,
        limit: u32,
    ) -> Result<Vec<(IncidentId, Vec<Event>)>, StoreError> {
        let what = "the events of incidents";
        let found: Vec<(String, String)> = on!(Pool, &self.pool, to_it => sqlx::query_as(
            "SELECT incident_id, body FROM incident_events WHERE incident_id IN (
               SELECT incident_id FROM incidents WHERE opened_at_us >= $1 AND opened_at_us < $2
               ORDER BY opened_at_us LIMIT $3)
             ORDER BY incident_id, version",
        )
        .bind(micros(from))
        .bind(micros(to))
        .bind(i64::from(limit))
        .fetch_all(to_it)
        .await)
        .map_err(reading(what))?;
        histories(what, found)
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

    /// The incidents that moved after a place in the log of all events, each as it stands now at the place of its
    /// newest event among these, and the last place looked at.
    pub async fn moved_after(
        &self,
        row: i64,
        limit: u32,
    ) -> Result<(Option<i64>, Vec<MovedIncident>), StoreError> {
        let found: Vec<(i64, String, String, Option<String>)> = follow!(
            &self.pool,
            (i64, String, String, Option<String>),
            "SELECT row_id, incident_id, snapshot, residents.name FROM incident_events
             JOIN incidents USING (incident_id) LEFT JOIN residents USING (resident_id) WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading("the log of incidents"))?;
        let end = found.last().map(|(row, ..)| *row);
        let mut moved: Vec<MovedIncident> = Vec::new();
        for (row, id, snapshot, resident_name) in found.into_iter().rev() {
            if moved.iter().any(|later| later.incident.id.as_str() == id) {
                continue;
            }
            match self.as_it_stands(&id, &snapshot).await {
                Ok(incident) => moved.push(MovedIncident { row, incident, resident_name }),
                Err(error @ StoreError::Broken { .. }) => {
                    tracing::error!(event = "row_unreadable", incident = id, %error, "nobody is shown that it moved");
                }
                Err(away) => return Err(away),
            }
        }
        moved.reverse();
        Ok((end, moved))
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
