//! Links that open one task alone: a token for each task, of which only a digest stands here. A task that is over has none
//! that opens anything, whatever was sent; its last step alone can be taken back for a moment. Beside them, which stations are to be reminded of their tasks.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, PutNotices, Sifted, Store, StoreError, audit, db::on, micros,
    reading, rows, script::Script, sessions::token_hash,
};
use async_trait::async_trait;
use incident::TaskState;
use model::{IncidentId, StationId, TaskId, Timestamp};

const WHAT: &str = "a link to a task";

/// A task that was offered and of which its station was not told by message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntoldTask {
    /// Which.
    pub task: TaskId,
    /// In which incident.
    pub incident: IncidentId,
    /// Whose.
    pub station: StationId,
}

/// A station from which a word about its task was due that did not come, and which can be rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SilentTask {
    /// Which task.
    pub task: TaskId,
    /// The name of the notice that told of it, if it was told.
    pub told: String,
    /// The name of the notice that reminds of it, which is not there yet.
    pub reminder: String,
    /// In which state nothing is heard: nobody has answered the offer, somebody is on the way, or has arrived.
    pub state: TaskState,
}

/// Makes a link and puts out the message that carries it; nothing if the task has one.
#[derive(Debug)]
pub struct LinkTask {
    /// To which task.
    pub task: TaskId,
    /// The secret in the link; none if the station cannot be told by message.
    pub token: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The message.
    pub notices: PutNotices,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for LinkTask {
    /// Whether it was the first.
    type Output = bool;
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let hash = self.token.as_deref().map(token_hash);
        let made = on!(Connection, connection, to => sqlx::query(
            "INSERT INTO task_links (task_id, token_hash, made_at_us) VALUES ($1, $2, $3)
             ON CONFLICT (task_id) DO NOTHING",
        )
        .bind(self.task.as_str())
        .bind(hash)
        .bind(micros(self.at))
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        if made == 0 {
            return Ok(false);
        }
        self.notices.run(connection).await?;
        let mut script = Script::default();
        audit::insert(&mut script, &self.audit);
        script.run(connection).await?;
        Ok(true)
    }
}

impl Store {
    /// Tasks that are offered and have no link, the longest offered first. One that cannot be read hides none of the others.
    pub async fn untold_tasks(&self, limit: u32) -> Result<Sifted<UntoldTask>, StoreError> {
        let found: Vec<(String, String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT task_id, incident_id, station_id FROM tasks WHERE is_live AND state = 'offered'
               AND NOT EXISTS (SELECT 1 FROM task_links WHERE task_links.task_id = tasks.task_id)
             ORDER BY offered_at_us, task_id LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let task = |(task, incident, station): (String, String, String)| -> Result<UntoldTask, StoreError> {
            Ok(UntoldTask {
                task: TaskId::new(task).map_err(|error| rows::broken(WHAT, &error))?,
                incident: rows::incident(WHAT, incident)?,
                station: rows::station(WHAT, station)?,
            })
        };
        Ok(found.into_iter().map(|row| (row.0.clone(), task(row))).collect())
    }

    /// Tasks that nobody has answered although their stations were told by message, and those with which somebody is on the way or
    /// has arrived who can be rung, from whom a word is due and who were not reminded in this state since they last said something.
    /// The longest offered first. One that cannot be read hides none of the others.
    pub async fn silent_tasks(&self, limit: u32) -> Result<Sifted<SilentTask>, StoreError> {
        let found: Vec<(String, String, String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT task_id, told,
               CASE earlier WHEN 0 THEN reminder ELSE reminder || ':' || CAST(earlier AS TEXT) END,
               state
             FROM (
               SELECT task_id, station_id, responder, offered_at_us, told, reminder, state,
                 (SELECT COUNT(*) FROM notices WHERE notices.incident_id = owing.incident_id
                    AND channel <> 'websocket' AND (notice_id = reminder OR notice_id LIKE reminder || ':%')) AS earlier,
                 (SELECT COUNT(*) FROM notices WHERE notices.incident_id = owing.incident_id
                    AND channel <> 'websocket' AND (notice_id = reminder OR notice_id LIKE reminder || ':%')
                    AND acknowledged_at_us IS NULL) AS unanswered
               FROM (
                 SELECT task_id, incident_id, station_id, responder, offered_at_us, 'task:' || task_id AS told,
                   state, 'task:' || task_id
                     || CASE state WHEN 'offered' THEN ':1' WHEN 'en_route' THEN ':way' ELSE ':scene' END AS reminder
                 FROM tasks WHERE is_live AND overdue > 0 AND state IN ('offered', 'en_route', 'on_scene')) AS owing
               ) AS silent
             WHERE unanswered = 0 AND (EXISTS (SELECT 1 FROM notices WHERE notice_id = told)
               OR (state <> 'offered' AND (
                 EXISTS (SELECT 1 FROM stations WHERE stations.station_id = silent.station_id AND TRIM(telephone) <> '')
                 OR EXISTS (SELECT 1 FROM users WHERE username = silent.responder AND telephone_sealed IS NOT NULL
                   AND disabled_at_us IS NULL))))
             ORDER BY offered_at_us, task_id LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let task = |row: (String, String, String, String)| -> Result<SilentTask, StoreError> {
            let (task, told, reminder, state) = row;
            let task = TaskId::new(task).map_err(|error| rows::broken(WHAT, &error))?;
            let state =
                [TaskState::Offered, TaskState::EnRoute].into_iter().find(|one| one.as_str() == state);
            Ok(SilentTask { task, told, reminder, state: state.unwrap_or(TaskState::OnScene) })
        };
        Ok(found.into_iter().map(|row| (row.0.clone(), task(row))).collect())
    }

    /// Tasks that were taken back from a moment on, of which their stations were told by message, and not yet that they are over.
    /// One that cannot be read hides none of the others.
    pub async fn tasks_over(&self, since: Timestamp, limit: u32) -> Result<Sifted<TaskId>, StoreError> {
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT task_id FROM tasks WHERE state = 'withdrawn' AND since_us >= $1
               AND EXISTS (SELECT 1 FROM notices WHERE notice_id = 'task:' || task_id AND sent_at_us IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM notices WHERE notice_id = 'task:' || task_id || ':over')
             ORDER BY since_us, task_id LIMIT $2",
        )
        .bind(micros(since))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let task = |task: String| TaskId::new(task).map_err(|error| rows::broken(WHAT, &error));
        Ok(found.into_iter().map(|(id,)| (id.clone(), task(id))).collect())
    }

    /// The task that a token opens, with its incident, as long as it is live.
    pub async fn linked_task(&self, token: &str) -> Result<Option<(TaskId, IncidentId)>, StoreError> {
        self.task_behind(token, true).await
    }

    /// The task that a token opens or opened, with its incident: the step that ended it can be taken back for a moment.
    pub async fn once_linked_task(&self, token: &str) -> Result<Option<(TaskId, IncidentId)>, StoreError> {
        self.task_behind(token, false).await
    }

    async fn task_behind(
        &self,
        token: &str,
        only_live: bool,
    ) -> Result<Option<(TaskId, IncidentId)>, StoreError> {
        let found: Option<(String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT tasks.task_id, incident_id FROM task_links JOIN tasks ON tasks.task_id = task_links.task_id
             WHERE token_hash = $1 AND (is_live OR NOT $2)",
        )
        .bind(token_hash(token))
        .bind(only_live)
        .fetch_optional(to)
        .await)
        .map_err(reading(WHAT))?;
        let opened = |(task, incident): (String, String)| {
            let task = TaskId::new(task).map_err(|error| rows::broken(WHAT, &error))?;
            Ok((task, rows::incident(WHAT, incident)?))
        };
        found.map(opened).transpose()
    }
}
