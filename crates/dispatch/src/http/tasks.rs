//! Tasks of stations: what there is to do, and how far it has come.

use super::{
    App,
    case_looks::about_now,
    incident_acts::{Request, act as act_upon},
    incidents::{find, may_read_among, subject},
    problem::Problem,
    session::{Visitor, shown_to},
    words::unprocessable,
};
use crate::{
    desk::acts::Act,
    view::{IncidentView, Page, TaskView},
};
use access::{Action, Decision, Role, Subject, may_override};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::HeaderMap,
};
use incident::{Command, Incident, OnScene, Refusal, Task, TaskAct};
use model::{IncidentId, TaskId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Incidents whose tasks are listed at once.
const AT_MOST: u32 = 200;

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TaskFilter {
    /// `live` (the default): those that have not ended; `all`: also those that have.
    state: Option<String>,
}

/// Tasks, that with the newest move first: to a station its own, to the desk all.
#[utoipa::path(get, path = "/api/tasks", operation_id = "list_tasks", params(TaskFilter), responses(
    (status = 200, body = Page<TaskView>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(TaskFilter { state }): Query<TaskFilter>,
) -> Result<Json<Page<TaskView>>, Problem> {
    visitor.may(Action::ListTasks, &Subject::Nothing, None)?;
    let only_live = match state.as_deref() {
        None | Some("live") => true,
        Some("all") => false,
        Some(_) => return Err(Problem::bad_request("state must be live or all")),
    };
    let station = match (visitor.who.role, &visitor.who.station) {
        (Role::Station, None) => return Ok(Json(Page { items: Vec::new(), next: None })),
        (Role::Station, Some(station)) => Some(station),
        (_, _) => None,
    };
    // One that cannot be read is named in the health by whoever looks for what is due.
    let incidents = app.shared.store.incidents_with_tasks(station, only_live, AT_MOST).await?.whole;
    let known =
        app.shared.store.named(incidents.iter().filter_map(|incident| incident.resident.as_ref())).await?;
    let mut items = Vec::new();
    for incident in &incidents {
        // Of what has ended a station is told that it has, without the person.
        let answer = may_read_among(&visitor, incident, &known);
        if station.is_none() && !answer.is_allowed() {
            continue;
        }
        let view = app.hub.view_among(incident, &known).await?;
        let is_in_short = station.is_none() && answer == Decision::AllowedWithReason;
        let view = if is_in_short { view.in_short() } else { view };
        let is_shown = |task: &TaskView| {
            station.is_none_or(|station| task.task.station.id == *station)
                && (!only_live || task.task.state.is_live())
        };
        let told = |task: TaskView| if station.is_some() { task.at_station() } else { task };
        items.extend(TaskView::of(&view).into_iter().filter(is_shown).map(told));
    }
    let shown = items.iter().filter_map(|task| task.resident.as_ref()).map(|resident| &resident.id);
    visitor.record("list_tasks", "tasks", shown_to(shown)).await?;
    Ok(Json(Page { items, next: None }))
}

/// What is done with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActName {
    /// Somebody at the station takes it.
    Acknowledge,
    /// The station cannot go.
    Decline,
    /// Somebody sets out.
    EnRoute,
    /// Somebody has arrived.
    OnScene,
    /// It is done.
    Finish,
    /// It cannot be done after all.
    Fail,
    /// The call centre takes it back.
    Withdraw,
    /// The station takes back the step it has just taken.
    Undo,
    /// Nobody opens the door.
    NoAnswer,
    /// The ambulance is needed.
    NeedAmbulance,
    /// Whoever is there needs help.
    NeedHelp,
    /// Whoever is there is still at it and needs nothing.
    StillAtIt,
}

/// What that is to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Act(TaskAct),
    Undo,
    Say(OnScene),
}

impl ActName {
    pub(super) fn deed(self) -> (Deed, &'static str) {
        match self {
            Self::Acknowledge => (Deed::Act(TaskAct::Acknowledge), "acknowledge_task"),
            Self::Decline => (Deed::Act(TaskAct::Decline), "decline_task"),
            Self::EnRoute => (Deed::Act(TaskAct::EnRoute), "task_en_route"),
            Self::OnScene => (Deed::Act(TaskAct::OnScene), "task_on_scene"),
            Self::Finish => (Deed::Act(TaskAct::Finish), "finish_task"),
            Self::Fail => (Deed::Act(TaskAct::Fail), "fail_task"),
            Self::Withdraw => (Deed::Act(TaskAct::Withdraw), "withdraw_task"),
            Self::Undo => (Deed::Undo, "undo_task"),
            Self::NoAnswer => (Deed::Say(OnScene::NoAnswer), "nobody_opens"),
            Self::NeedAmbulance => (Deed::Say(OnScene::NeedAmbulance), "ambulance_needed"),
            Self::NeedHelp => (Deed::Say(OnScene::NeedHelp), "help_needed"),
            Self::StillAtIt => (Deed::Say(OnScene::StillAtIt), "still_at_it"),
        }
    }
}

/// A word about a task.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TaskWord {
    /// The task's version on the screen.
    pub(super) expected_version: u64,
    /// Why, where it is declined, failed or withdrawn.
    #[serde(default)]
    reason: String,
    /// What came of it, where it is finished.
    #[serde(default)]
    result: String,
    /// What else is to be known.
    #[serde(default)]
    note: String,
    /// Of the desk in the station's place: what the station said by telephone.
    #[serde(default)]
    words: String,
}

impl TaskWord {
    pub(super) fn all(&self) -> String {
        let parts = [&self.reason, &self.result, &self.words, &self.note];
        let said: Vec<&str> =
            parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        said.join("；")
    }
}

/// Says how far a station has come with its task. The station does; in its place the holder of the incident or a
/// supervisor, with the words that were said. Only the desk withdraws.
#[utoipa::path(post, path = "/api/tasks/{id}/{act}", operation_id = "act_on_task", request_body = TaskWord,
    params(("id" = String, Path), ("act" = ActName, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = TaskView), (status = 404, body = super::problem::ProblemView),
        (status = 409, body = super::problem::ProblemView, description = "The task is further, or nobody of this account's may."),
        (status = 422, body = super::problem::ProblemView, description = "Words are missing.")))]
pub async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, name)): Path<(String, ActName)>,
    headers: HeaderMap,
    Json(word): Json<TaskWord>,
) -> Result<Json<TaskView>, Problem> {
    visitor.may(Action::ListTasks, &Subject::Nothing, None)?;
    let no_such = || Problem::not_found("task");
    let id = TaskId::new(id).map_err(|_shape| no_such())?;
    let incident = app.shared.store.incident_of_task(&id).await?.ok_or_else(no_such)?;
    let (deed, audited) = name.deed();
    if deed == Deed::Undo && visitor.who.role == Role::Station {
        return undo(&app, &visitor, &incident, &id, word.expected_version).await;
    }
    let incident = find(&app, &visitor, incident.to_string()).await.map_err(|_hidden| no_such())?;
    visitor.may(Action::DoTask, &subject(&incident), None)?;
    let task = incident.task(&id).ok_or_else(no_such)?;
    let on_behalf = whose_word(&visitor, &incident, task, deed)?;
    let words = word.all();
    let (task, by, seen) = (id.clone(), visitor.who.username.clone(), Some(word.expected_version));
    let command = match deed {
        Deed::Act(act) => Command::Task { task, seen, act, by, on_behalf, words: words.clone() },
        Deed::Undo => Command::UndoTask { task, seen, by },
        Deed::Say(said) => Command::SayOnScene { task, said, by, words: words.clone() },
    };
    let request = Request::new(Action::DoTask, audited, &headers, incident.version, command).saying(&words);
    let Json(view) = act_upon(&app, &visitor, incident.id.to_string(), request).await?;
    let task = after(&view, &id).ok_or_else(no_such)?;
    Ok(Json(if visitor.who.role == Role::Station { task.at_station() } else { task }))
}

/// Takes back a step of the station's own. The step may have ended the task, and with it the station's sight of the incident:
/// so this asks for the task alone.
async fn undo(
    app: &App,
    visitor: &Visitor,
    incident: &IncidentId,
    id: &TaskId,
    seen: u64,
) -> Result<Json<TaskView>, Problem> {
    let no_such = || Problem::not_found("task");
    let found = app.shared.store.incident(incident).await?.ok_or_else(no_such)?;
    let task = found.task(id).ok_or_else(no_such)?;
    if visitor.who.station.as_ref() != Some(&task.station) {
        return Err(no_such());
    }
    let command = Command::UndoTask { task: id.clone(), seen: Some(seen), by: visitor.who.username.clone() };
    let audit = vec![visitor.audit("undo_task", incident.as_str(), about_now("", found.resident.as_ref()))];
    let undone = Act { command, expected_version: None, audit, looks: Vec::new(), idempotency: None };
    let view = app.hub.view(&app.desk.act(incident, undone).await?).await?;
    after(&view, id).map(TaskView::at_station).map(Json).ok_or_else(no_such)
}

pub(super) fn after(view: &IncidentView, id: &TaskId) -> Option<TaskView> {
    TaskView::of(view).into_iter().find(|task| task.task.id == *id)
}

/// Whether the word is the desk's in the station's place; a refusal if it is nobody's who may.
fn whose_word(visitor: &Visitor, incident: &Incident, task: &Task, deed: Deed) -> Result<bool, Problem> {
    if visitor.who.role == Role::Station {
        if visitor.who.station.as_ref() != Some(&task.station) {
            return Err(Problem::not_found("task"));
        }
        if deed == Deed::Act(TaskAct::Withdraw) {
            return Err(unprocessable(
                "only the call centre takes a task back; decline it, or say that it failed",
            ));
        }
        return Ok(false);
    }
    let holder = incident.holder().ok_or(Refusal::NotClaimed)?;
    if holder.username != visitor.who.username && !may_override(visitor.who.role) {
        return Err(Refusal::NotHolder { holder: holder.clone() }.into());
    }
    Ok(deed != Deed::Act(TaskAct::Withdraw))
}
