//! Where those are who are under way to somebody, by their own consent and as long as their task is open.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, db::on, micros, reading, rows,
    script::Script,
};
use async_trait::async_trait;
use incident::{Task, TaskState};
use model::{IncidentId, TaskId, Timestamp, Wgs84};

const WHAT: &str = "a responder's position";

/// Where somebody is who has a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Responder {
    /// Which task.
    pub task: TaskId,
    /// In which incident.
    pub incident: IncidentId,
    /// The account.
    pub username: String,
    /// Where.
    pub place: Wgs84,
    /// How far off that may be (68 %), in metres.
    pub accuracy_m: f64,
    /// When.
    pub at: Timestamp,
}

/// Keeps where somebody is, in the place of where they were.
#[derive(Debug)]
pub struct PutResponder {
    /// Who and where.
    pub responder: Responder,
    /// What goes on record when they are seen first with that task; where they went is nobody's to know.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for PutResponder {
    /// Whether they have consented, and the task is open.
    type Output = bool;
    const LANE: Lane = Lane::Fixes;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let one = &self.responder;
        let (is_seen,): (bool,) = on!(Connection, connection, to => sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM responder_positions WHERE task_id = $1 AND username = $2)",
        )
        .bind(one.task.as_str())
        .bind(&one.username)
        .fetch_one(&mut *to)
        .await)?;
        let kept = on!(Connection, connection, to => sqlx::query(
            "INSERT INTO responder_positions (task_id, incident_id, username, lat, lon, accuracy_m, at_us)
             SELECT $1, $2, $3, $4, $5, $6, $7
             WHERE EXISTS (SELECT 1 FROM position_consents WHERE username = $3)
               AND EXISTS (SELECT 1 FROM tasks WHERE task_id = $1 AND is_live)
             ON CONFLICT (task_id) DO UPDATE SET username = excluded.username, lat = excluded.lat,
               lon = excluded.lon, accuracy_m = excluded.accuracy_m, at_us = excluded.at_us",
        )
        .bind(one.task.as_str())
        .bind(one.incident.as_str())
        .bind(&one.username)
        .bind(one.place.lat())
        .bind(one.place.lon())
        .bind(one.accuracy_m)
        .bind(micros(one.at))
        .execute(&mut *to)
        .await
        .map(|done| done.rows_affected()))?;
        if kept > 0 && !is_seen {
            let mut script = Script::default();
            audit::insert(&mut script, &self.audit);
            script.run(connection).await?;
        }
        Ok(kept > 0)
    }
}

/// An account lets the desk see where it is while it is under way, or does so no more: then it is seen at once no more.
#[derive(Debug)]
pub struct SharePosition {
    /// Whose.
    pub username: String,
    /// From when; absent: no more.
    pub since: Option<Timestamp>,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for SharePosition {
    type Output = ();
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let username = self.username.as_str();
        let mut script = Script::default();
        if let Some(since) = self.since {
            script.add(
                "INSERT INTO position_consents (username, given_at_us) VALUES ($1, $2) ON CONFLICT (username) DO NOTHING",
                [username.into(), micros(since).into()],
            );
        } else {
            script.add("DELETE FROM position_consents WHERE username = $1", [username.into()]);
            script.add("DELETE FROM responder_positions WHERE username = $1", [username.into()]);
        }
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Who has done with a task, or took it by a slip and took that back, is seen no more.
pub(crate) fn forget_if_over(script: &mut Script, task: &Task) {
    if !task.state.is_live() || task.state == TaskState::Offered {
        script.add("DELETE FROM responder_positions WHERE task_id = $1", [task.id.as_str().into()]);
    }
}

impl Store {
    /// Since when an account lets the desk see where it is, if it does.
    pub async fn shares_position(&self, username: &str) -> Result<Option<Timestamp>, StoreError> {
        let what = "a consent";
        let found: Option<(i64,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT given_at_us FROM position_consents WHERE username = $1")
                .bind(username)
                .fetch_optional(to)
                .await)
        .map_err(reading(what))?;
        found.map(|(at,)| rows::time(what, at)).transpose()
    }

    /// Everybody who is under way and lets it be seen, by task.
    pub async fn responders(&self) -> Result<Vec<Responder>, StoreError> {
        type Row = (String, String, String, f64, f64, f64, i64);
        let found: Vec<Row> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT task_id, incident_id, username, lat, lon, accuracy_m, at_us FROM responder_positions
             ORDER BY task_id",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let responder = |(task, incident, username, lat, lon, accuracy_m, at): Row| {
            Ok(Responder {
                task: TaskId::new(task).map_err(|error| rows::broken(WHAT, &error))?,
                incident: rows::incident(WHAT, incident)?,
                username,
                place: Wgs84::new(lat, lon).map_err(|error| rows::broken(WHAT, &error))?,
                accuracy_m,
                at: rows::time(WHAT, at)?,
            })
        };
        found.into_iter().map(responder).collect()
    }
}
