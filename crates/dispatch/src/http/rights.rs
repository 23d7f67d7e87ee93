//! What a person may ask for: a copy of everything held about them with who looked at it, and that it is forgotten.

use super::{
    App, consents,
    copy::copy,
    problem::Problem,
    residents::Reason,
    session::Visitor,
    tracks::moment,
    words::{self, LONG},
};
use crate::view::table::Csv;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{ResidentId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{AuditSearch, EraseResident, ForgetSignals, JobError, MakeNameless, Whose};
use utoipa::{IntoParams, ToSchema};

/// Looks that a copy names at most; who wants more asks for a range with `from` and `to`.
const LOOKS_AT_MOST: u32 = 10_000;

/// Which part.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `all` (the default, JSON) or `looks` (CSV): who looked at what, and why, the newest first and at most 10,000; the last line
    /// says whether there are more.
    part: Option<String>,
    /// Of `all`: true, and telephones, the address, the home and the identity number are whole; else they are masked. It goes on record.
    whole: Option<bool>,
    /// Of looks: from this time on, RFC 3339.
    from: Option<String>,
    /// Of looks: before this time, RFC 3339.
    to: Option<String>,
}

/// Everything held about a resident, for the resident. Telephones and numbers are masked unless whole ones are asked for. Who asked
/// for it is the reason.
#[utoipa::path(get, path = "/api/residents/{id}/export", operation_id = "export_resident",
    params(("id" = String, Path), ExportQuery, Reason), responses(
    (status = 200, description = "The copy, as a file.", content((serde_json::Value = "application/json"), (String = "text/csv"))),
    (status = 403, body = super::problem::ProblemView, description = "A reason is needed, or it is not for this role."),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn export(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(ExportQuery { part, whole, from, to }): Query<ExportQuery>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Response, Problem> {
    visitor.may(Action::AnswerForData, &Subject::Nothing, reason.as_deref())?;
    let id = consents::known(&app, id).await?;
    visitor.may_about(Action::AnswerForData, &id, reason.as_deref()).await?;
    let part = words::one_of("part", part.as_deref().unwrap_or("all"), &["all", "looks"])?;
    let (from, to) = (moment("from", from.as_deref())?, moment("to", to.as_deref())?);
    let why = words::needed("reason", &reason.unwrap_or_default(), LONG)?;
    let is_whole = part == "all" && whole.unwrap_or(false);
    let what = if is_whole { "all, whole" } else { part.as_str() };
    visitor.record("export_resident", id.as_str(), format!("{what}: {why}")).await?;
    if part == "looks" {
        let search = AuditSearch { resident: Some(id.clone()), from, to, ..AuditSearch::default() };
        return Ok(file(&format!("looks-{id}.csv"), "text/csv; charset=utf-8", looks(&app, &search).await?));
    }
    let copy = copy(&app, &id, is_whole, visitor.now()).await?;
    let text = serde_json::to_string_pretty(&copy).unwrap_or_default();
    Ok(file(&format!("resident-{id}.json"), "application/json", text))
}

fn file(name: &str, kind: &'static str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", name.replace([':', '"'], "_"));
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, text).into_response()
}

async fn looks(app: &App, search: &AuditSearch) -> Result<String, Problem> {
    let found = app.shared.store.audited(search, i64::MAX, LOOKS_AT_MOST).await?;
    let is_cut = found.len() >= usize::try_from(LOOKS_AT_MOST).unwrap_or(usize::MAX);
    // What happened in the same instant as the last one comes twice rather than never: the end is not part of a range.
    let instant = SignedDuration::from_micros(1);
    let after = |at: Timestamp| at.checked_add(instant).unwrap_or(at);
    let oldest = found.last().filter(|_| is_cut).map(|last| after(last.audit.at));
    let mut csv = Csv::new(&["at", "who", "from", "what", "subject", "why"]);
    for row in found.into_iter().map(|numbered| numbered.audit) {
        csv.row(&[&row.at.to_string(), &row.username, &row.source, &row.action, &row.subject, &row.detail]);
    }
    if let Some(oldest) = oldest {
        csv.row(&["", "", "", "more", "", &format!("there may be more: ask again with to={oldest}")]);
    }
    Ok(csv.into_text())
}

/// Who asks for it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Erasure {
    /// Who asked, and on what ground; it goes on record.
    reason: String,
    /// The resident's id once more, so that nobody is erased by a slip.
    confirm: String,
}

/// Refuses who was erased. Their row stays, empty, and whatever is said about that id anew would stay with it.
pub(super) async fn not_erased(app: &App, id: &ResidentId) -> Result<(), Problem> {
    match app.shared.store.erased_at(id).await? {
        None => Ok(()),
        Some(_) => Err(Problem::new(StatusCode::CONFLICT, "erased", "this resident has been erased")),
    }
}

/// Takes the person out of every incident about them; says of how many. Not while one is open.
async fn forget_incidents(app: &App, id: &ResidentId) -> Result<usize, Problem> {
    let is_open = || {
        let detail = "an incident about this resident is open; close it first";
        Problem::new(StatusCode::CONFLICT, "incident_open", detail)
    };
    let incidents = app.shared.store.incident_ids_of(id).await?;
    if incidents.iter().any(|(_, is_open)| *is_open) {
        return Err(is_open());
    }
    for (incident, _) in &incidents {
        let job = MakeNameless { incident: incident.clone(), audit: Vec::new() };
        app.shared.store.write(job).await.map_err(|error| match error {
            JobError::Conflict => is_open(),
            error => error.into(),
        })?;
    }
    Ok(incidents.len())
}

/// What was done, and what stays and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureView {
    /// Whom.
    #[schema(value_type = String)]
    resident: ResidentId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Cases from which the person was taken out.
    incidents: usize,
    /// What stays, and why.
    stays: Vec<&'static str>,
}

/// What stays of somebody who was erased.
const STAYS: [&str; 5] = [
    "incidents without the person: what happened and when, for the figures and for the answer to complaints",
    "the audit log: who looked when, by the resident's id, as the law asks for records of processing",
    "consents without names: that there was a ground for what was done",
    "what handsets said of themselves beside positions (status, fall reports), without a binding that is shown, until \
     retention.messages_days is over",
    "positions of the last hours are removed within two days, when their part of the journal is put in order",
];

/// Erases a resident: the record, contacts, tracks, and the person in every incident. Not while an incident is open. It
/// cannot be undone.
#[utoipa::path(post, path = "/api/residents/{id}/erase", operation_id = "erase_resident", params(("id" = String, Path)),
    request_body = Erasure, responses(
    (status = 200, body = ErasureView), (status = 404, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "An incident is open, or it was done before."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn erase(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(request): Json<Erasure>,
) -> Result<Json<ErasureView>, Problem> {
    visitor.may(Action::AnswerForData, &Subject::Nothing, Some(&request.reason))?;
    let id = consents::known(&app, id).await?;
    visitor.may_about(Action::AnswerForData, &id, Some(&request.reason)).await?;
    let why = words::needed("reason", &request.reason, LONG)?;
    if request.confirm != id.as_str() {
        return Err(words::unprocessable("confirm must be the resident's id"));
    }
    let (store, at) = (&app.shared.store, visitor.now());
    not_erased(&app, &id).await?;
    let relatives = store.relatives(&id, at).await?;
    visitor.record("erase_begun", id.as_str(), why.clone()).await?;
    let mut incidents = 0;
    while store.write(ForgetSignals(Whose::One(id.clone()))).await? > 0 {}
    // Somebody may press meanwhile; then it begins anew, and ends when that incident is closed.
    loop {
        incidents += forget_incidents(&app, &id).await?;
        // Last: until it is done the resident can be found, and erased again.
        let audit = vec![visitor.audit("erase_resident", id.as_str(), why.clone())];
        match store.write(EraseResident { resident: id.clone(), at, audit }).await {
            Ok(()) => break,
            Err(JobError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for relative in &relatives {
        app.rights_changed(&relative.username);
    }
    Ok(Json(ErasureView { resident: id, at, incidents, stays: STAYS.to_vec() }))
}
