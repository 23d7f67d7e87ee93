//! The link in a station's message: it opens one task alone, without a log-in, until that task ends.
//!
//! Whoever has the link is the station for this task: sees what it needs to go there, and says how far it has come. Nothing else
//! opens with it, and a task that is over looks as if there had never been one; only the step that ended it can be taken back for a
//! moment, as every step can.

use super::{
    App,
    case_looks::about_now,
    incidents::subject,
    login::Source,
    problem::Problem,
    tasks::{ActName, Deed, TaskWord, after},
    words::unprocessable,
};
use crate::{
    desk::acts::Act,
    view::{ResidentCard, TaskView},
};
use access::{Action, Answer, OpenTask, Sight, Subject, Who, answer};
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
use store::{AuditRow, Resident, WriteAudit};
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
    let who = holder(&incident, &id).ok_or_else(over)?;
    may(&who, Action::ReadIncident, &subject(&incident), now)?;
    let view = app.hub.view(&incident).await?;
    let task = after(&view, &id).map(TaskView::at_station).ok_or_else(over)?;
    let resident = match &incident.resident {
        None => None,
        Some(whose) => {
            let (id, has_open_incident) = (whose.clone(), incident.is_open());
            let person = Subject::Resident { id, has_open_incident, division: None };
            let sight = may(&who, Action::ReadResident, &person, now)?;
            let found = app.shared.store.resident(whose).await?;
            found.map(|found| card(found, &incident, &task, sight, now))
        }
    };
    if !app.linked.is_known(&id, &source.address, now) {
        let whom = incident.resident.as_ref().map_or(incident.id.as_str(), model::ResidentId::as_str);
        let look = source.audit(now, &who.username, "read_linked_task", whom);
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
    let now = app.shared.clock.now();
    let who = holder(&incident, &task).ok_or_else(over)?;
    match deed {
        // With the step that ended it the station's sight of the incident has ended: so this is about the task alone.
        Deed::Undo => may(&who, Action::ListTasks, &Subject::Nothing, now)?,
        Deed::Act(_) | Deed::Say(_) => may(&who, Action::DoTask, &subject(&incident), now)?,
    };
    let by = who.username;
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
    let audit = source.audit(now, &by, audited, incident.id.as_str());
    let audit = vec![AuditRow { detail: about_now("", incident.resident.as_ref()), ..audit }];
    let act = Act { command, expected_version: None, audit, looks: Vec::new(), idempotency: None };
    let view = app.hub.view(&app.desk.act(&incident.id, act).await?).await?;
    after(&view, &id).map(TaskView::at_station).map(Json).ok_or_else(over)
}

/// Whoever has the link. Nobody logged in, so it goes on record under the name of the station's link.
fn holder(incident: &Incident, id: &TaskId) -> Option<Who> {
    let task = incident.task(id)?;
    let (resident, offered_at) = (incident.resident.clone(), task.offered_at);
    let open = OpenTask { incident: incident.id.clone(), resident, offered_at };
    Some(Who::by_link(task.station.clone(), task.state.is_live().then_some(open)))
}

/// What is not for whoever has the link looks like a task that is over.
fn may(who: &Who, action: Action, subject: &Subject, now: Timestamp) -> Result<Sight, Problem> {
    match answer(who, action, subject, None, now) {
        Answer::Allowed { sight, .. } => Ok(sight),
        Answer::ReasonNeeded | Answer::Refused(_) => Err(over()),
    }
}

/// The card as the station's staff see it. Its position is from the offer on; where the person was last stands in the task.
fn card(
    resident: Resident,
    incident: &Incident,
    task: &TaskView,
    sight: Sight,
    now: Timestamp,
) -> ResidentCard {
    let is_seen = |at: Timestamp| sight.position && at >= sight.from;
    let position = task.position.clone().filter(|position| is_seen(position.fix_time));
    let card = ResidentCard::new(resident, incident.handset.clone(), position, now);
    let card = if sight.record { card } else { card.without_record() };
    if sight.contact { card } else { card.masked() }
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
