//! What is done with an incident while it is at work: signals confirmed, steps of the plan, relatives' answers, and incidents
//! put together or taken apart.

use super::{
    App,
    case_looks::{about_now, answered, by},
    dispatching::known,
    incident_acts::{Request, act, idempotency},
    incidents::{carried_by, find, found, subject},
    problem::Problem,
    session::Visitor,
    words::unprocessable,
};
use crate::{desk::together::Asked, view::IncidentView};
use access::{Action, may_override};
use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use incident::{Answer, Command, Incident, PlanOutcome, PlanStep};
use model::{IncidentId, ResidentId, SignalId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which signals were seen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Confirm {
    /// The incident's version on the screen.
    expected_version: u64,
    /// Their ids.
    signals: Vec<String>,
}

/// Says that the holder has seen signals that joined; each sounds until then.
#[utoipa::path(post, path = "/api/incidents/{id}/confirm", request_body = Confirm,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView),
        (status = 422, body = super::problem::ProblemView)))]
pub async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Confirm>,
) -> Result<Json<IncidentView>, Problem> {
    let command = Command::Confirm {
        by: visitor.who.username.clone(),
        role_may_override: may_override(visitor.who.role),
        signals: signals(&body.signals)?,
    };
    let request = Request::new(Action::Note, "confirm", &headers, body.expected_version, command);
    act(&app, &visitor, id, request).await
}

fn signals(told: &[String]) -> Result<Vec<SignalId>, Problem> {
    let signal = |id: &String| SignalId::new(id.clone()).map_err(|error| unprocessable(error.to_string()));
    told.iter().map(signal).collect()
}

/// How a step of the plan went.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MarkStep {
    /// The incident's version on the screen.
    expected_version: u64,
    /// Which step.
    step: PlanStep,
    /// How it went.
    outcome: PlanOutcome,
    /// What the outcome cannot say; needed where the step is not needed.
    #[serde(default)]
    text: String,
}

/// Writes down how a step of the action plan went.
#[utoipa::path(post, path = "/api/incidents/{id}/step", request_body = MarkStep,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView),
        (status = 422, body = super::problem::ProblemView)))]
pub async fn mark_step(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<MarkStep>,
) -> Result<Json<IncidentView>, Problem> {
    let command = Command::MarkStep {
        by: visitor.who.username.clone(),
        step: body.step,
        outcome: body.outcome,
        text: body.text.clone(),
    };
    let request =
        Request::new(Action::Note, "mark_step", &headers, body.expected_version, command).saying(&body.text);
    act(&app, &visitor, id, request).await
}

/// What a relative says.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AnswerBody {
    /// What they do.
    answer: Answer,
    /// In their own words; needed with `other`.
    #[serde(default)]
    text: String,
}

/// That it was taken down.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answered {
    /// What was said.
    answer: Answer,
}

/// Takes down what a relative does about an incident. The desk sees it at once; it ends nothing.
#[utoipa::path(post, path = "/api/incidents/{id}/answer", request_body = AnswerBody,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Answered), (status = 404, body = super::problem::ProblemView),
        (status = 409, body = super::problem::ProblemView), (status = 422, body = super::problem::ProblemView)))]
pub async fn answer(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<AnswerBody>,
) -> Result<Json<Answered>, Problem> {
    let command =
        Command::Answer { by: visitor.who.username.clone(), answer: body.answer, text: body.text.clone() };
    let request =
        Request::new(Action::AnswerAsRelative, "answer", &headers, None, command).saying(&body.text);
    drop(act(&app, &visitor, id, request).await?);
    Ok(Json(Answered { answer: body.answer }))
}

/// Which incident is the same matter.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Merge {
    /// The incident's version on the screen.
    expected_version: u64,
    /// The incident that ends in this one.
    from: String,
}

/// Puts two incidents about one person together. The other one ends, its signals go on in this one.
#[utoipa::path(post, path = "/api/incidents/{id}/merge", request_body = Merge,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 404, body = super::problem::ProblemView),
        (status = 409, body = super::problem::ProblemView)))]
pub async fn merge(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Merge>,
) -> Result<Json<IncidentView>, Problem> {
    let incident = theirs(&app, &visitor, id).await?;
    let from = theirs(&app, &visitor, body.from).await?.id;
    let asked = asked(&visitor, &headers, "merge", &incident, body.expected_version, [from.as_str(); 2])?;
    if app.desk.done_together(&asked).await?.is_some() {
        return done(&app, &visitor, &incident.id).await;
    }
    let after = app.desk.merge(&incident.id, &from, &asked).await?;
    kept_from_changed(&app, after.resident.as_ref()).await?;
    Ok(Json(app.hub.view(&after).await?))
}

/// Which signals are about somebody else.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Split {
    /// The incident's version on the screen.
    expected_version: u64,
    /// The signals' ids; not that of the one that opened the incident.
    signals: Vec<String>,
    /// Whom they are about; null if nobody knows.
    resident: Option<String>,
}

/// Takes signals out of an incident into one of their own, which nobody has yet: it sounds until somebody takes it. Whom it names is
/// reviewed: a name opens that person's card and way.
#[utoipa::path(post, path = "/api/incidents/{id}/split", request_body = Split,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView, description = "The new incident."),
        (status = 403, body = super::problem::ProblemView, description = "The person lives outside the account's scope."),
        (status = 404, body = super::problem::ProblemView), (status = 409, body = super::problem::ProblemView),
        (status = 422, body = super::problem::ProblemView)))]
pub async fn split(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Split>,
) -> Result<Json<IncidentView>, Problem> {
    let incident = theirs(&app, &visitor, id).await?;
    let moved = body.signals.join(" ");
    let whole = format!("{moved} {}", body.resident.as_deref().unwrap_or_default());
    let said = [whole.trim(), moved.as_str()];
    let mut asked = asked(&visitor, &headers, "split", &incident, body.expected_version, said)?;
    if let Some(opened) = app.desk.done_together(&asked).await? {
        return done(&app, &visitor, &opened.id).await;
    }
    let resident = match &body.resident {
        None => None,
        Some(told) => Some(known(&app, &visitor, told).await?),
    };
    // Each of the two may ask who looked, and is not to learn of the other.
    let named = resident.iter().map(|is| about_now(moved.as_str(), Some(is)));
    asked.audit.extend(named.map(|detail| visitor.audit("split", incident.id.as_str(), detail)));
    let reason = format!("split {}", incident.id);
    asked.looks = resident.iter().map(|is| by(&visitor, "split", is, &reason)).collect();
    let ids = signals(&body.signals)?;
    let handset = carried_by(&app, resident.as_ref()).await?;
    let whom = (resident.as_ref(), handset.as_ref());
    let opened = app.desk.split(&incident.id, &ids, whom, &asked).await?;
    kept_from_changed(&app, opened.resident.as_ref()).await?;
    Ok(Json(app.hub.view(&opened).await?))
}

/// What is kept of an incident is kept of what became of it: the screens of those from whom it is begin anew.
pub(super) async fn kept_from_changed(app: &App, resident: Option<&ResidentId>) -> Result<(), Problem> {
    let Some(resident) = resident else { return Ok(()) };
    for kept in app.shared.store.withholdings(resident).await? {
        app.rights_changed(&kept.username);
    }
    Ok(())
}

async fn theirs(app: &App, visitor: &Visitor, id: String) -> Result<Incident, Problem> {
    let incident = find(app, visitor, id).await?;
    visitor.may(Action::Dispatch, &subject(&incident), None)?;
    Ok(incident)
}

/// What was asked for before and done then, as it stands now.
async fn done(app: &App, visitor: &Visitor, id: &IncidentId) -> Result<Json<IncidentView>, Problem> {
    let (incident, answer) = found(app, visitor, id.to_string()).await?;
    Ok(Json(answered(answer, &incident, app.hub.view(&incident).await?)))
}

/// `said`: what makes it this request, and what of it goes on record with whom the incident is about.
fn asked(
    visitor: &Visitor,
    headers: &HeaderMap,
    name: &str,
    incident: &Incident,
    expected_version: u64,
    [said, detail]: [&str; 2],
) -> Result<Asked, Problem> {
    let (id, said) = (&incident.id, format!("{expected_version} {said}"));
    Ok(Asked {
        by: visitor.who.username.clone(),
        role_may_override: may_override(visitor.who.role),
        expected_version,
        audit: vec![visitor.audit(name, id.as_str(), about_now(detail, incident.resident.as_ref()))],
        looks: Vec::new(),
        idempotency: idempotency(visitor, headers, &format!("{name}/{id}"), &said)?,
    })
}
