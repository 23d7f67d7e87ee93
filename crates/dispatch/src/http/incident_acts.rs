//! What people do to an incident. Each names the version it was decided on; 409 says who has it now.

use super::{
    App,
    case_looks::{self, about_now},
    incidents::{TEXT_CHARACTERS, found, subject},
    problem::Problem,
    session::Visitor,
};
use crate::{desk::acts::Act, view::IncidentView};
use access::{Action, may_override};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use incident::{Command, Contact, Incident};
use model::{IncidentId, ResidentId, Timestamp};
use serde::Deserialize;
use store::{AuditRow, Idempotency, Look, secrets};
use utoipa::ToSchema;

/// The longest `Idempotency-Key`.
const KEY_CHARACTERS: usize = 128;

/// Which version was seen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Claim {
    /// The incident's version on the screen.
    expected_version: u64,
}

/// Why it is handed back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Release {
    /// The incident's version on the screen.
    expected_version: u64,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// What was done or learnt.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Note {
    /// The incident's version on the screen.
    expected_version: u64,
    /// What.
    #[serde(default)]
    text: String,
    /// Who was spoken to.
    contact: Option<Contact>,
}

/// How it ended.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Close {
    /// The incident's version on the screen.
    expected_version: u64,
    /// Code of the cause, from /api/codes.
    cause: String,
    /// Code of the outcome, from /api/codes.
    outcome: String,
    /// What the codes cannot say.
    #[serde(default)]
    note: String,
    /// Until when it is not told again that the resident is still on the wrong side of the fences in it, or in its zones; at most
    /// 24 hours on. What is new is told all the same: a return and another leaving, the next step of distance, an hour by which
    /// somebody should be home, and every press and fall.
    #[schema(value_type = Option<String>, format = DateTime)]
    snooze_until: Option<Timestamp>,
}

/// A request's name for itself, if it has one.
pub(super) fn idempotency(
    visitor: &Visitor,
    headers: &HeaderMap,
    path: &str,
    request: &str,
) -> Result<Option<Idempotency>, Problem> {
    let Some(key) = headers.get("Idempotency-Key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= KEY_CHARACTERS);
    let key =
        key.ok_or_else(|| Problem::bad_request("Idempotency-Key must be 1 to 128 visible ASCII characters"))?;
    Ok(Some(Idempotency {
        username: visitor.who.username.clone(),
        key: key.to_owned(),
        // What was said is kept once, in the incident; here only whether it was the same.
        request: secrets::digest(&format!("{path} {request}")),
        at: visitor.now(),
    }))
}

/// An act upon an incident.
pub(super) struct Request<'a> {
    pub(super) action: Action,
    pub(super) name: &'static str,
    /// The version that was seen; none where it does not matter.
    pub(super) expected_version: Option<u64>,
    pub(super) headers: &'a HeaderMap,
    /// The longest of what was written.
    pub(super) text: &'a str,
    pub(super) command: Command,
    /// What the client said, where the command holds what was found for it.
    pub(super) said: Option<String>,
    /// What of it a supervisor reviews as a look.
    pub(super) looks: Vec<Look>,
}

impl<'a> Request<'a> {
    pub(super) fn new(
        action: Action,
        name: &'static str,
        headers: &'a HeaderMap,
        expected_version: impl Into<Option<u64>>,
        command: Command,
    ) -> Self {
        let (expected_version, looks) = (expected_version.into(), Vec::new());
        Self { action, name, expected_version, headers, text: "", command, said: None, looks }
    }

    /// The longest of what was written.
    pub(super) fn saying(self, text: &'a str) -> Self {
        Self { text, ..self }
    }

    /// A supervisor reviews it as this look.
    pub(super) fn reviewed(self, look: Option<Look>) -> Self {
        Self { looks: look.into_iter().collect(), ..self }
    }

    /// It is the same request whenever the client says the same, whatever is found for it then.
    pub(super) fn told(self, said: String) -> Self {
        Self { said: Some(said), ..self }
    }

    /// What makes it this request.
    fn asked(&self) -> String {
        match (&self.said, &self.command) {
            (Some(said), _) => said.clone(),
            // What they carry is looked up each time.
            (None, Command::Identify { resident, .. }) => format!("{resident:?}"),
            (None, command) => format!("{command:?}"),
        }
    }
}

/// The incident as it stands, if this was done before: then nothing is looked for that would be another thing now.
pub(super) async fn done_before(
    app: &App,
    visitor: &Visitor,
    id: &IncidentId,
    (name, headers, said): (&str, &HeaderMap, &str),
) -> Result<Option<Json<IncidentView>>, Problem> {
    let key = idempotency(visitor, headers, &format!("{name}/{id}"), said)?;
    let Some(done) = app.desk.done_before(id, key.as_ref()).await? else { return Ok(None) };
    let (_, answer) = found(app, visitor, id.to_string()).await?;
    Ok(Some(Json(case_looks::answered(answer, &done, app.hub.view(&done).await?))))
}

pub(super) async fn act(
    app: &App,
    visitor: &Visitor,
    id: String,
    request: Request<'_>,
) -> Result<Json<IncidentView>, Problem> {
    let (incident, answer) = found(app, visitor, id).await?;
    visitor.may(request.action, &subject(&incident), None)?;
    if request.text.chars().count() > TEXT_CHARACTERS {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "too_long",
            "the text is limited to 4000 characters",
        ));
    }
    let path = format!("{}/{}", request.name, incident.id);
    let idempotency = idempotency(visitor, request.headers, &path, &request.asked())?;
    let act = Act {
        audit: on_record(visitor, &request, &incident),
        command: request.command,
        expected_version: request.expected_version,
        looks: request.looks,
        idempotency,
    };
    let after = app.desk.act(&incident.id, act).await?;
    Ok(Json(case_looks::answered(answer, &after, app.hub.view(&after).await?)))
}

/// What goes on record beside the act: whom the incident is about. What was written stands in the incident. Who it was about and
/// who it is have a row each, for each of them may ask who looked, and neither is to learn of the other.
fn on_record(visitor: &Visitor, request: &Request<'_>, incident: &Incident) -> Vec<AuditRow> {
    let row = |detail: &str, whom: Option<&ResidentId>| {
        visitor.audit(request.name, incident.id.as_str(), about_now(detail, whom))
    };
    let named = match &request.command {
        Command::Identify { resident, .. } if *resident != incident.resident => resident,
        _ => return vec![row("", incident.resident.as_ref())],
    };
    let left = incident.resident.iter().map(|was| row("it is about somebody else", Some(was)));
    let named = named.iter().map(|is| row("this is whom it is about", Some(is)));
    left.chain(named).collect()
}

/// Takes an incident. One operator gets it.
#[utoipa::path(post, path = "/api/incidents/{id}/claim", request_body = Claim,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView)))]
pub async fn claim(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Claim>,
) -> Result<Json<IncidentView>, Problem> {
    let request = Request {
        action: Action::Claim,
        name: "claim",
        expected_version: Some(body.expected_version),
        headers: &headers,
        text: "",
        command: Command::Claim { by: visitor.who.username.clone() },
        said: None,
        looks: Vec::new(),
    };
    act(&app, &visitor, id, request).await
}

/// Hands an incident back; the ladder begins anew.
#[utoipa::path(post, path = "/api/incidents/{id}/release", request_body = Release,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView)))]
pub async fn release(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Release>,
) -> Result<Json<IncidentView>, Problem> {
    let request = Request {
        action: Action::Release,
        name: "release",
        expected_version: Some(body.expected_version),
        headers: &headers,
        text: &body.reason,
        command: Command::Release {
            by: visitor.who.username.clone(),
            role_may_override: may_override(visitor.who.role),
            reason: body.reason.clone(),
        },
        said: None,
        looks: Vec::new(),
    };
    act(&app, &visitor, id, request).await
}

/// Writes down what was done or learnt. The holder's note says that the holder goes on with it; signals that wait are confirmed by name.
#[utoipa::path(post, path = "/api/incidents/{id}/note", request_body = Note,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView)))]
pub async fn note(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Note>,
) -> Result<Json<IncidentView>, Problem> {
    let request = Request {
        action: Action::Note,
        name: "note",
        expected_version: Some(body.expected_version),
        headers: &headers,
        text: &body.text,
        command: Command::Note {
            by: visitor.who.username.clone(),
            text: body.text.clone(),
            contact: body.contact,
        },
        said: None,
        looks: Vec::new(),
    };
    act(&app, &visitor, id, request).await
}

/// Ends an incident.
#[utoipa::path(post, path = "/api/incidents/{id}/close", request_body = Close,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 409, body = super::problem::ProblemView)))]
pub async fn close(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Close>,
) -> Result<Json<IncidentView>, Problem> {
    let (incident, _) = found(&app, &visitor, id.clone()).await?;
    visitor.may(Action::Close, &subject(&incident), None)?;
    let looks = case_looks::of_calls_by_hand(&app, &incident).await?;
    let request = Request {
        action: Action::Close,
        name: "close",
        expected_version: Some(body.expected_version),
        headers: &headers,
        text: &body.note,
        command: Command::Close {
            by: visitor.who.username.clone(),
            role_may_override: may_override(visitor.who.role),
            cause: body.cause.clone(),
            outcome: body.outcome.clone(),
            note: body.note.clone(),
            snooze_until: body.snooze_until,
        },
        said: None,
        looks,
    };
    act(&app, &visitor, id, request).await
}
