//! Where those are who are on their way, by their own consent: they say so from their page while their task is open, and the
//! desk sees it. Nobody else does.

use super::{
    App, case_looks, incidents::subject, problem::Problem, residents::Reason, session::Visitor,
    words::unprocessable,
};
use crate::view::{Page, ResponderView};
use access::{Action, Role, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use model::{SignedDuration, TaskId, Timestamp, Wgs84};
use serde::{Deserialize, Serialize};
use store::{PutResponder, Responder, SharePosition};
use utoipa::ToSchema;

/// A position that is worse than this tells the desk nothing.
const WORST_M: f64 = 50_000.0;
/// What is older says where somebody was.
const OLDEST: SignedDuration = SignedDuration::from_mins(5);

/// Whether the desk may see where the account is while it is under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharingView {
    /// Whether it may.
    agreed: bool,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

/// The same, as somebody wishes it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Sharing {
    /// True: from now on, while a task of theirs is open. False: no more, and what is known is forgotten at once.
    agreed: bool,
}

/// Whether the own account lets the desk see where it is while it is under way.
#[utoipa::path(get, path = "/api/me/position", operation_id = "read_position_sharing", responses(
    (status = 200, body = SharingView)))]
pub async fn shared(State(app): State<App>, visitor: Visitor) -> Result<Json<SharingView>, Problem> {
    let since = app.shared.store.shares_position(&visitor.who.username).await?;
    Ok(Json(SharingView { agreed: since.is_some(), since }))
}

/// Lets the desk see where one is while one is under way, or does so no more. Only station staff are asked to go.
#[utoipa::path(put, path = "/api/me/position", operation_id = "share_position", request_body = Sharing, responses(
    (status = 200, body = SharingView), (status = 422, body = super::problem::ProblemView)))]
pub async fn share(
    State(app): State<App>,
    visitor: Visitor,
    Json(body): Json<Sharing>,
) -> Result<Json<SharingView>, Problem> {
    if visitor.who.role != Role::Station {
        return Err(unprocessable(
            "only station staff are asked to go, and nobody else's position is asked for",
        ));
    }
    let username = visitor.who.username.clone();
    let audited = if body.agreed { "agree_to_position" } else { "withdraw_position" };
    let audit = vec![visitor.audit(audited, &username, "")];
    let since = body.agreed.then(|| visitor.now());
    app.shared.store.write(SharePosition { username: username.clone(), since, audit }).await?;
    shared(State(app), visitor).await
}

/// Where somebody is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OwnPosition {
    /// Degrees north (WGS-84).
    lat: f64,
    /// Degrees east.
    lon: f64,
    /// How far off that may be (68 %), in metres.
    accuracy_m: f64,
    /// When it was measured.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Says where one is with a task of the own station that was taken and is open. The account must have agreed to that.
#[utoipa::path(post, path = "/api/tasks/{id}/position", operation_id = "put_position", request_body = OwnPosition,
    params(("id" = String, Path)), responses((status = 204),
        (status = 403, body = super::problem::ProblemView, description = "Nobody of this account's has agreed."),
        (status = 404, body = super::problem::ProblemView),
        (status = 409, body = super::problem::ProblemView, description = "The task is not under way."),
        (status = 422, body = super::problem::ProblemView)))]
pub async fn put(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(body): Json<OwnPosition>,
) -> Result<StatusCode, Problem> {
    visitor.may(Action::ListTasks, &Subject::Nothing, None)?;
    let no_such = || Problem::not_found("task");
    let task = TaskId::new(id).map_err(|_shape| no_such())?;
    let incident = app.shared.store.incident_of_task(&task).await?.ok_or_else(no_such)?;
    let found = app.shared.store.incident(&incident).await?.ok_or_else(no_such)?;
    if visitor.who.role != Role::Station {
        visitor.may(Action::DoTask, &subject(&found), None)?;
    }
    let its = found.task(&task).filter(|its| visitor.who.station.as_ref() == Some(&its.station));
    let state = its.ok_or_else(no_such)?.state;
    if !state.is_under_way() {
        return Err(not_under_way());
    }
    let (place, at) = read(&body, visitor.now())?;
    let username = visitor.who.username.clone();
    if app.shared.store.shares_position(&username).await?.is_none() {
        return Err(not_agreed());
    }
    let detail = case_looks::about_now(task.as_str(), found.resident.as_ref());
    let audit = vec![visitor.audit("put_position", incident.as_str(), detail)];
    let responder = Responder { task, incident, username, place, accuracy_m: body.accuracy_m, at };
    // Between the look and this the task may have ended, or the consent.
    let is_kept = app.shared.store.write(PutResponder { responder, audit }).await?;
    if is_kept { Ok(StatusCode::NO_CONTENT) } else { Err(not_under_way()) }
}

fn read(body: &OwnPosition, now: Timestamp) -> Result<(Wgs84, Timestamp), Problem> {
    let place = Wgs84::new(body.lat, body.lon).map_err(|error| unprocessable(error.to_string()))?;
    if !(body.accuracy_m > 0.0 && body.accuracy_m <= WORST_M) {
        return Err(unprocessable("accuracy_m is above 0 and at most 50000"));
    }
    if now.duration_since(body.at) > OLDEST {
        return Err(unprocessable("at is more than 5 minutes ago; send where you are now"));
    }
    // A telephone whose clock is ahead is here now.
    Ok((place, body.at.min(now)))
}

fn not_under_way() -> Problem {
    let detail = "this task is not under way; positions are taken from when it was accepted until it ends";
    Problem::new(StatusCode::CONFLICT, "not_under_way", detail)
}

fn not_agreed() -> Problem {
    let detail = "you have not agreed that the call centre sees where you are; PUT /api/me/position does";
    Problem::new(StatusCode::FORBIDDEN, "not_agreed", detail)
}

/// Who is on the way to an incident and lets it be seen where they are.
#[utoipa::path(get, path = "/api/incidents/{id}/responders", operation_id = "responders", params(("id" = String, Path), Reason),
    responses((status = 200, body = Page<ResponderView>), (status = 404, body = super::problem::ProblemView)))]
pub async fn of_incident(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<Page<ResponderView>>, Problem> {
    let glance = case_looks::look(&app, &visitor, id, reason.as_deref()).await?;
    let incident = &glance.incident;
    visitor.may(Action::ReadFile, &subject(incident), None)?;
    let view = app.hub.view(incident).await?;
    let responders = app.shared.store.responders().await?;
    let its = responders.iter().filter(|one| one.incident == incident.id);
    let items: Vec<ResponderView> = its.filter_map(|one| ResponderView::of(one, &view)).collect();
    case_looks::looked(&visitor, "list_responders", &glance, &format!("{} shown", items.len())).await?;
    Ok(Json(Page { items, next: None }))
}
