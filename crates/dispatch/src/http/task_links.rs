//! The link in a station's message: it opens one task alone, without a log-in, until that task ends.
//!
//! Whoever has the link is the station for this task: sees what it needs to go there, and says how far it has come. Nothing else
//! opens with it, and a task that is over looks as if there had never been one; only the step that ended it can be taken back for a
//! moment, as every step can.

use super::{
    App,
    case_looks::about_now,
    login::Source,
    problem::Problem,
    tasks::{ActName, Deed, TaskWord, after},
    words::unprocessable,
};
use crate::{
    desk::acts::Act,
    view::{ResidentCard, TaskView},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use incident::{Command, Incident, TaskAct};
use model::{IncidentId, SignedDuration, TaskId, Timestamp};
use serde::Serialize;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use store::{AuditRow, WriteAudit};
use utoipa::ToSchema;

/// A page looks every few seconds whether the task is still there; that is one look.
const ONE_LOOK: SignedDuration = SignedDuration::from_mins(10);

/// From where each task was looked at by its link, and when that was put on record.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<HashMap<(TaskId, String), Timestamp>>);

impl Looks {
    /// Whether it is on record that this task was looked at from there a moment ago.
    fn is_known(&self, task: &TaskId, from: &str, now: Timestamp) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.get(&(task.clone(), from.to_owned()));
        at.is_some_and(|at| now.duration_since(*at) < ONE_LOOK)
    }

    /// It is on record now.
    fn keep(&self, task: &TaskId, from: &str, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, at| now.duration_since(*at) < ONE_LOOK);
        all.insert((task.clone(), from.to_owned()), now);
    }
}

/// One task, with who it is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkedTask {
    /// The task.
    task: TaskView,
    /// The person's card; null if nobody knows whom it is about.
    resident: Option<ResidentCard>,
}

/// The task that a link opens. Every look goes on record; a page that asks again every few seconds is one look in ten minutes.
#[utoipa::path(get, path = "/api/task/{token}", operation_id = "read_linked_task", params(("token" = String, Path)),
    responses((status = 200, body = LinkedTask),
        (status = 404, body = super::problem::ProblemView, description = "The task is over, or the link is none.")))]
pub async fn read(
    State(app): State<App>,
    source: Source,
    Path(token): Path<String>,
) -> Result<Json<LinkedTask>, Problem> {
    let linked = app.shared.store.linked_task(&token).await?;
    let (id, incident) = opened(&app, linked).await?;
    let now = app.shared.clock.now();
    let view = app.hub.view(&incident).await?;
    let task = after(&view, &id).ok_or_else(over)?;
    let resident = match &incident.resident {
        None => None,
        Some(resident) => app.shared.store.resident(resident).await?,
    };
    let handset = incident.handset.clone();
    let resident = resident.map(|resident| ResidentCard::new(resident, handset, task.position.clone(), now));
    if !app.linked.is_known(&id, &source.address, now) {
        let subject = incident.resident.as_ref().map_or(incident.id.as_str(), model::ResidentId::as_str);
        let look = source.audit(now, &account(&task), "read_linked_task", subject);
        app.shared.store.write(WriteAudit(vec![look])).await?;
        // Not before it is on disk: whoever asks again meanwhile must not be answered without a row.
        app.linked.keep(&id, &source.address, now);
    }
    Ok(Json(LinkedTask { task, resident }))
}

/// Says how far the station has come with the task that a link opens.
#[utoipa::path(post, path = "/api/task/{token}/{act}", operation_id = "act_on_linked_task", request_body = TaskWord,
    params(("token" = String, Path), ("act" = ActName, Path)), responses((status = 200, body = TaskView),
        (status = 404, body = super::problem::ProblemView, description = "The task is over, or the link is none."),
        (status = 409, body = super::problem::ProblemView), (status = 422, body = super::problem::ProblemView)))]
pub async fn act(
    State(app): State<App>,
    source: Source,
    Path((token, name)): Path<(String, ActName)>,
    Json(word): Json<TaskWord>,
) -> Result<Json<TaskView>, Problem> {
    let (deed, audited) = name.deed();
    let store = &app.shared.store;
    // The step that is taken back may have ended the task; for how long it can be, the engine says.
    let linked = match deed {
        Deed::Undo => store.once_linked_task(&token).await?,
        Deed::Act(_) | Deed::Say(_) => store.linked_task(&token).await?,
    };
    let (task, incident) = opened(&app, linked).await?;
    let view = app.hub.view(&incident).await?;
    let by = account(&after(&view, &task).ok_or_else(over)?);
    let (words, seen) = (word.all(), Some(word.expected_version));
    let id = task.clone();
    let command = match deed {
        Deed::Act(TaskAct::Withdraw) => {
            return Err(unprocessable(
                "only the call centre takes a task back; decline it, or say that it failed",
            ));
        }
        Deed::Act(act) => Command::Task { task, seen, act, by: by.clone(), on_behalf: false, words },
        Deed::Undo => Command::UndoTask { task, seen, by: by.clone() },
        Deed::Say(said) => Command::SayOnScene { task, said, by: by.clone(), words },
    };
    let audit = source.audit(app.shared.clock.now(), &by, audited, incident.id.as_str());
    let audit = vec![AuditRow { detail: about_now("", incident.resident.as_ref()), ..audit }];
    let act = Act { command, expected_version: None, audit, looks: Vec::new(), idempotency: None };
    let view = app.hub.view(&app.desk.act(&incident.id, act).await?).await?;
    after(&view, &id).map(Json).ok_or_else(over)
}

/// Under which name it goes on record: nobody logged in, so it is the station's link.
fn account(task: &TaskView) -> String {
    format!("link:{}", task.task.station.id)
}

fn over() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "task_over",
        "this task is over, or there never was one; ring the call centre",
    )
}

async fn opened(app: &App, linked: Option<(TaskId, IncidentId)>) -> Result<(TaskId, Incident), Problem> {
    let (task, incident) = linked.ok_or_else(over)?;
    let incident = app.shared.store.incident(&incident).await?.filter(Incident::is_open).ok_or_else(over)?;
    Ok((task, incident))
}
