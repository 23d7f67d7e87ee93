//! Stations, and the tasks they were given.
//!
//! A task stands in its incident. The table beside it says where, for a station that looks for its own.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Sifted, Store, StoreError, audit, db::on, micros, reading,
    responders, rows, script::Script,
};
use access::OpenTask;
use async_trait::async_trait;
use incident::{Incident, choice::Skill, ladder::OnCall};
use model::{IncidentId, StationId, TaskId, Wgs84};

/// A home-care service station.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Its id.
    pub id: StationId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub place: Wgs84,
    /// Where somebody answers.
    pub telephone: String,
    /// Whether it may be asked to go.
    pub on_duty: bool,
    /// When somebody works there; none: always.
    pub hours: Vec<OnCall>,
    /// What it can do besides going there.
    pub skills: Vec<Skill>,
}

/// A station with what it has to do.
#[derive(Debug, Clone, PartialEq)]
pub struct StationLoad {
    /// Which.
    pub station: Station,
    /// Its tasks that have not ended.
    pub live_tasks: u32,
    /// Accounts of those who work there.
    pub accounts: u32,
}

/// Enters a station, or replaces what is known of it.
#[derive(Debug)]
pub struct PutStation {
    /// The station from now on.
    pub station: Station,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for PutStation {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let station = &self.station;
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO stations (station_id, name, lat, lon, telephone, on_duty, hours, skills)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (station_id) DO UPDATE SET name = excluded.name, lat = excluded.lat, lon = excluded.lon,
               telephone = excluded.telephone, on_duty = excluded.on_duty, hours = excluded.hours,
               skills = excluded.skills",
        )
        .bind(station.id.as_str())
        .bind(&station.name)
        .bind(station.place.lat())
        .bind(station.place.lon())
        .bind(&station.telephone)
        .bind(station.on_duty)
        .bind(serde_json::to_string(&station.hours)?)
        .bind(serde_json::to_string(&station.skills)?)
        .execute(to)
        .await
        .map(drop))?;
        let mut script = Script::default();
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// The rows of the tasks that have moved since a version of their incident.
pub(crate) fn write_tasks(script: &mut Script, incident: &Incident, since_version: u64) {
    for task in incident.tasks.iter().filter(|task| task.version > since_version) {
        script.add(
            "INSERT INTO tasks (task_id, incident_id, station_id, state, is_live, offered_at_us, since_us, overdue,
               responder)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (task_id) DO UPDATE SET state = excluded.state, is_live = excluded.is_live,
               since_us = excluded.since_us, overdue = excluded.overdue, responder = excluded.responder",
            [
                task.id.as_str().into(),
                incident.id.as_str().into(),
                task.station.as_str().into(),
                task.state.as_str().into(),
                task.state.is_live().into(),
                micros(task.offered_at).into(),
                micros(task.since).into(),
                i64::from(task.overdue).into(),
                task.responder.as_deref().into(),
            ],
        );
        responders::forget_if_over(script, task);
    }
}

#[derive(sqlx::FromRow)]
struct StationRow {
    station_id: String,
    name: String,
    lat: f64,
    lon: f64,
    telephone: String,
    on_duty: bool,
    hours: String,
    skills: String,
    live_tasks: i64,
    accounts: i64,
}

const STATION: &str = "a station";

impl TryFrom<StationRow> for StationLoad {
    type Error = StoreError;

    fn try_from(row: StationRow) -> Result<Self, StoreError> {
        let place = Wgs84::new(row.lat, row.lon).map_err(|error| rows::broken(STATION, &error))?;
        let station = Station {
            id: rows::station(STATION, row.station_id)?,
            name: row.name,
            place,
            telephone: row.telephone,
            on_duty: row.on_duty,
            hours: rows::document(STATION, &row.hours)?,
            skills: rows::document(STATION, &row.skills)?,
        };
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Self { station, live_tasks: count(row.live_tasks), accounts: count(row.accounts) })
    }
}

impl Store {
    /// All stations by name, with what they have to do. One that cannot be read hides none of the others.
    pub async fn stations(&self) -> Result<Sifted<StationLoad>, StoreError> {
        let found = self.station_rows().await?;
        Ok(found.into_iter().map(|row| (row.station_id.clone(), StationLoad::try_from(row))).collect())
    }

    async fn station_rows(&self) -> Result<Vec<StationRow>, StoreError> {
        on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT station_id, name, lat, lon, telephone, on_duty, hours, skills,
               (SELECT COUNT(*) FROM tasks WHERE tasks.station_id = stations.station_id AND is_live) AS live_tasks,
               (SELECT COUNT(*) FROM users WHERE users.station_id = stations.station_id AND disabled_at_us IS NULL)
                 AS accounts
             FROM stations ORDER BY name, station_id",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(STATION))
    }

    /// A station by its id.
    pub async fn station(&self, id: &StationId) -> Result<Option<Station>, StoreError> {
        let row = self.station_rows().await?.into_iter().find(|row| row.station_id == id.as_str());
        Ok(row.map(StationLoad::try_from).transpose()?.map(|load| load.station))
    }

    /// The incident that a task stands in.
    pub async fn incident_of_task(&self, task: &TaskId) -> Result<Option<IncidentId>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT incident_id FROM tasks WHERE task_id = $1")
                .bind(task.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("a task"))?;
        found.map(|(id,)| rows::incident("a task", id)).transpose()
    }

    /// The incidents in which a station, or any if none is named, has or had tasks, that with the newest move first. One that
    /// cannot be read hides none of the others.
    pub async fn incidents_with_tasks(
        &self,
        station: Option<&StationId>,
        only_live: bool,
        limit: u32,
    ) -> Result<Sifted<Incident>, StoreError> {
        let found: Vec<(String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT incidents.incident_id, snapshot FROM incidents JOIN (
               SELECT incident_id, MAX(since_us) AS moved_us FROM tasks
               WHERE ($1 = '' OR station_id = $1) AND (is_live OR NOT $2) GROUP BY incident_id
               ORDER BY moved_us DESC LIMIT $3) AS newest ON newest.incident_id = incidents.incident_id
             ORDER BY moved_us DESC",
        )
        .bind(station.map_or("", StationId::as_str))
        .bind(only_live)
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading("tasks"))?;
        self.each_as_it_stands(found).await
    }

    /// What a station has to do now, as the policy asks for it. What cannot be read opens nothing.
    pub async fn open_tasks(&self, station: &StationId) -> Result<Vec<OpenTask>, StoreError> {
        let incidents = self.incidents_with_tasks(Some(station), true, 200).await?.whole;
        let of_station = |incident: &Incident| {
            let task = incident.tasks.iter().find(|task| task.station == *station && task.state.is_live())?;
            Some(OpenTask {
                incident: incident.id.clone(),
                resident: incident.resident.clone(),
                offered_at: task.offered_at,
            })
        };
        Ok(incidents.iter().filter_map(of_station).collect())
    }
}
