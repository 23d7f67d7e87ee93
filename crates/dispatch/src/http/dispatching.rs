//! What is done about an incident beyond claim and close: stations, other operators, 120, and whom it is about.

use super::{
    App, case_looks,
    handling::kept_from_changed,
    incident_acts::{Request, act, done_before},
    incidents::{carried_by, find, found, subject},
    problem::Problem,
    residents::Reason,
    rights::not_erased,
    session::Visitor,
    words::unprocessable,
};
use crate::{
    candidates::{CandidatesView, ranked},
    view::IncidentView,
};
use access::{Action, Decision, Role, may_override};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
};
use incident::{Command, Incident, Service};
use model::{ResidentId, StationId};
use serde::Deserialize;
use utoipa::ToSchema;

/// The stations that could be asked, in order, each with its distance, its load, and why it had better not be.
#[utoipa::path(get, path = "/api/incidents/{id}/candidates", params(("id" = String, Path), Reason), responses(
    (status = 200, body = CandidatesView),
    (status = 403, body = super::problem::ProblemView, description = "It is closed, and a reason is needed."),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn candidates(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<CandidatesView>, Problem> {
    // How far each is from the person tells where that is.
    let glance = case_looks::look(&app, &visitor, id, reason.as_deref()).await?;
    visitor.may(Action::ReadFile, &subject(&glance.incident), None)?;
    let view = ranked(&app.shared, &app.hub, &glance.incident).await?;
    case_looks::looked(&visitor, "list_candidates", &glance, &format!("{} shown", view.items.len())).await?;
    Ok(Json(view))
}

/// The incident, if the account may do such things to it.
async fn theirs(app: &App, visitor: &Visitor, id: String) -> Result<Incident, Problem> {
    let incident = find(app, visitor, id).await?;
    visitor.may(Action::Dispatch, &subject(&incident), None)?;
    Ok(incident)
}

/// Which stations are asked to go: some, or the one that is recommended.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Dispatch {
    /// The incident's version on the screen.
    expected_version: u64,
    /// The stations' ids.
    #[serde(default)]
    stations: Vec<String>,
    /// True instead: the one that is recommended now.
    #[serde(default)]
    recommended: bool,
    /// What they are told.
    #[serde(default)]
    note: String,
}

/// Asks stations to go.
#[utoipa::path(post, path = "/api/incidents/{id}/dispatch", request_body = Dispatch,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView),
        (status = 422, body = super::problem::ProblemView, description = "There is no such station, or none was named.")))]
pub async fn dispatch(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Dispatch>,
) -> Result<Json<IncidentView>, Problem> {
    let incident = theirs(&app, &visitor, id.clone()).await?;
    // Whoever asks again with the same words means the same: by now another station may be the recommended one, or none.
    let said = format!("{:?} {} {:?}", body.stations, body.recommended, body.note);
    if let Some(done) = done_before(&app, &visitor, &incident.id, ("dispatch", &headers, &said)).await? {
        return Ok(done);
    }
    let stations = match (body.stations.as_slice(), body.recommended) {
        ([], true) => vec![recommended(&app, &incident).await?],
        (named, false) => by_name(&app, named).await?,
        (_, true) => return Err(unprocessable("send either stations or recommended")),
    };
    let command = Command::Dispatch {
        by: visitor.who.username.clone(),
        role_may_override: may_override(visitor.who.role),
        stations,
        note: body.note.clone(),
    };
    let request = Request::new(Action::Dispatch, "dispatch", &headers, body.expected_version, command)
        .saying(&body.note)
        .told(said);
    act(&app, &visitor, id, request).await
}

async fn recommended(app: &App, incident: &Incident) -> Result<(StationId, String), Problem> {
    let best = ranked(&app.shared, &app.hub, incident)
        .await?
        .items
        .into_iter()
        .find(|candidate| candidate.recommended);
    let none = || {
        let detail = "no station can be recommended now; choose one from the list, or ring 120";
        Problem::new(StatusCode::CONFLICT, "none_recommended", detail)
    };
    best.map(|candidate| (candidate.station.id, candidate.station.name)).ok_or_else(none)
}

async fn by_name(app: &App, named: &[String]) -> Result<Vec<(StationId, String)>, Problem> {
    let known = app.shared.stations().await?;
    let find = |id: &String| {
        let found = known.iter().find(|load| load.station.id.as_str() == id);
        let station = found.map(|load| (load.station.id.clone(), load.station.name.clone()));
        station.ok_or_else(|| unprocessable(format!("there is no station {id:?}")))
    };
    named.iter().map(find).collect()
}

/// Who has it from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Transfer {
    /// The incident's version on the screen.
    expected_version: u64,
    /// The account of an operator or supervisor.
    to: String,
}

/// Gives an incident to another operator.
#[utoipa::path(post, path = "/api/incidents/{id}/transfer", request_body = Transfer,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView),
        (status = 422, body = super::problem::ProblemView, description = "Nobody at the desk has this name.")))]
pub async fn transfer(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Transfer>,
) -> Result<Json<IncidentView>, Problem> {
    theirs(&app, &visitor, id.clone()).await?;
    let account = app.shared.store.account(&body.to).await?;
    let is_at_the_desk = account.is_some_and(|account| {
        account.disabled_at.is_none() && matches!(account.role, Role::Operator | Role::Supervisor)
    });
    if !is_at_the_desk {
        return Err(unprocessable("to is the account of an operator or a supervisor"));
    }
    let command = Command::Transfer {
        by: visitor.who.username.clone(),
        role_may_override: may_override(visitor.who.role),
        to: body.to.clone(),
    };
    let request = Request::new(Action::Dispatch, "transfer", &headers, body.expected_version, command);
    act(&app, &visitor, id, request).await
}

/// To whom it was given, and what was said.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HandOver {
    /// The incident's version on the screen.
    expected_version: u64,
    /// `120`, `110` or `119`.
    to: Service,
    /// What was said, and what they answered.
    words: String,
}

/// Writes down that the ambulance, the police or the fire brigade was told.
#[utoipa::path(post, path = "/api/incidents/{id}/handover", request_body = HandOver,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView),
        (status = 422, body = super::problem::ProblemView)))]
pub async fn hand_over(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<HandOver>,
) -> Result<Json<IncidentView>, Problem> {
    let command = Command::HandOver {
        by: visitor.who.username.clone(),
        role_may_override: may_override(visitor.who.role),
        to: body.to,
        words: body.words.clone(),
    };
    let request = Request::new(Action::Dispatch, "hand_over", &headers, body.expected_version, command)
        .saying(&body.words);
    act(&app, &visitor, id, request).await
}

/// Whom it is about.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Identify {
    /// The incident's version on the screen.
    expected_version: u64,
    /// The resident's id; null: nobody known.
    resident: Option<String>,
}

/// Says whom an incident is about. That it was about somebody else before is reviewed: a name opens that person's card and way.
#[utoipa::path(post, path = "/api/incidents/{id}/resident", request_body = Identify,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView),
        (status = 403, body = super::problem::ProblemView, description = "The person lives outside the account's scope."),
        (status = 422, body = super::problem::ProblemView, description = "There is no such resident.")))]
pub async fn identify(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Identify>,
) -> Result<Json<IncidentView>, Problem> {
    let before = theirs(&app, &visitor, id.clone()).await?;
    let resident = match &body.resident {
        None => None,
        Some(told) => Some(known(&app, &visitor, told).await?),
    };
    let handset = carried_by(&app, resident.as_ref()).await?;
    let left = before.resident.as_ref().filter(|was| resident.as_ref() != Some(*was));
    let reason = format!("identify {}", before.id);
    let look = left.map(|left| case_looks::by(&visitor, "identify", left, &reason));
    let command = Command::Identify { by: visitor.who.username.clone(), resident, handset };
    let request = Request::new(Action::Dispatch, "identify", &headers, body.expected_version, command);
    let after = act(&app, &visitor, id, request.reviewed(look)).await?;
    kept_from_changed(&app, after.resident.as_ref().map(|resident| &resident.id)).await?;
    Ok(after)
}

/// A resident on record who was not erased. To name somebody opens their card and way, so it is somebody whom the account may look up.
pub(super) async fn known(app: &App, visitor: &Visitor, told: &str) -> Result<ResidentId, Problem> {
    let no_such = || unprocessable("there is no such resident");
    let id = ResidentId::new(told).map_err(|_shape| no_such())?;
    app.shared.store.resident_name(&id).await?.ok_or_else(no_such)?;
    not_erased(app, &id).await?;
    visitor.may_about(Action::ReadResident, &id, Some("named in an incident")).await?;
    Ok(id)
}

/// Which version was seen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Resolve {
    /// The incident's version on the screen.
    expected_version: u64,
}

/// Says that the need is over; the papers are not.
#[utoipa::path(post, path = "/api/incidents/{id}/resolve", request_body = Resolve,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView)))]
pub async fn resolve(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Resolve>,
) -> Result<Json<IncidentView>, Problem> {
    let command = Command::Resolve {
        by: visitor.who.username.clone(),
        role_may_override: may_override(visitor.who.role),
    };
    let request = Request::new(Action::Dispatch, "resolve", &headers, body.expected_version, command);
    act(&app, &visitor, id, request).await
}

/// Why it goes on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Reopen {
    /// The incident's version on the screen.
    expected_version: u64,
    /// Why.
    reason: String,
}

/// Opens an incident again that was closed within the last 24 hours. Whoever does has it; of whoever had no part in it the reason
/// is reviewed.
#[utoipa::path(post, path = "/api/incidents/{id}/reopen", request_body = Reopen,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView),
        (status = 422, body = super::problem::ProblemView)))]
pub async fn reopen(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Reopen>,
) -> Result<Json<IncidentView>, Problem> {
    let (incident, answer) = found(&app, &visitor, id.clone()).await?;
    visitor.may(Action::Dispatch, &subject(&incident), None)?;
    if let Some(resident) = &incident.resident {
        known(&app, &visitor, resident.as_str()).await?;
    }
    // It opens a record as a look does, and for the same reason.
    let record = incident.resident.as_ref().filter(|_| answer == Decision::AllowedWithReason);
    let look = record.map(|resident| case_looks::by(&visitor, "reopen", resident, body.reason.trim()));
    let command = Command::Reopen { by: visitor.who.username.clone(), reason: body.reason.clone() };
    let request = Request::new(Action::Dispatch, "reopen", &headers, body.expected_version, command)
        .saying(&body.reason)
        .reviewed(look);
    act(&app, &visitor, id, request).await
}
