//! Planned absences: a resident in hospital or on holiday, with an end. It quiets what follows from nobody being at home, and
//! never a press or a fall, nor what follows from either. What still holds at its end the watch tells once more.

use super::{
    App, consents, fresh,
    problem::Problem,
    session::Visitor,
    words::{one_of, unprocessable},
};
use crate::view::Page;
use access::Action;
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Absence, EndAbsence, EnterAbsence};
use utoipa::ToSchema;

/// Whoever is away longer is entered anew: an absence that nobody remembers must not last.
const LONGEST: SignedDuration = SignedDuration::from_hours(92 * 24);
const REASONS: [&str; 4] = ["hospital", "holiday", "family", "other"];

/// Somebody is away as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AbsenceView {
    id: String,
    /// `hospital`, `holiday`, `family` or `other`.
    reason: String,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// The account that entered it; the family is not told.
    by: Option<String>,
}

impl AbsenceView {
    /// The same without who entered it.
    #[must_use]
    pub(crate) fn without_staff(self) -> Self {
        Self { by: None, ..self }
    }
}

impl From<Absence> for AbsenceView {
    fn from(absence: Absence) -> Self {
        let Absence { id, reason, from, to, by, .. } = absence;
        Self { id, reason, from, to, by: Some(by) }
    }
}

/// An absence to be entered.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAbsence {
    /// `hospital`, `holiday`, `family` or `other`.
    reason: String,
    /// From when; absent: from now on.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Until when; at most 92 days later.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
}

/// The absences of a resident that have not ended, the next first.
#[utoipa::path(get, path = "/api/residents/{id}/absences", operation_id = "list_absences", params(("id" = String, Path)),
    responses((status = 200, body = Page<AbsenceView>), (status = 404, body = super::problem::ProblemView)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Page<AbsenceView>>, Problem> {
    let resident = consents::known(&app, id).await?;
    visitor.may_about(Action::ManageDrills, &resident, None).await?;
    let found = app.shared.store.absences(&resident, visitor.now()).await?;
    visitor.record("list_absences", resident.as_str(), format!("{} shown", found.len())).await?;
    Ok(Json(Page { items: found.into_iter().map(AbsenceView::from).collect(), next: None }))
}

/// Enters an absence. Until its end a resident who is not seen at home, does not move or does not come back is no news; a
/// press, a fall, a call and a place of danger are.
#[utoipa::path(post, path = "/api/residents/{id}/absences", operation_id = "enter_absence", request_body = NewAbsence,
    params(("id" = String, Path)), responses((status = 201, body = AbsenceView),
        (status = 404, body = super::problem::ProblemView), (status = 422, body = super::problem::ProblemView)))]
pub async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(body): Json<NewAbsence>,
) -> Result<(StatusCode, Json<AbsenceView>), Problem> {
    let resident = consents::known(&app, id).await?;
    visitor.may_about(Action::ManageDrills, &resident, None).await?;
    let now = visitor.now();
    let (from, to) = (as_kept(body.from.unwrap_or(now)), as_kept(body.to));
    if to <= now || to <= from || to.duration_since(from) > LONGEST {
        return Err(unprocessable("an absence ends after it begins, later than now and within 92 days"));
    }
    let absence = Absence {
        id: fresh::id("absence")?,
        resident: resident.clone(),
        reason: one_of("reason", &body.reason, &REASONS)?,
        from,
        to,
        by: visitor.who.username.clone(),
    };
    let audit = vec![visitor.audit("enter_absence", resident.as_str(), format!("{from} to {to}"))];
    app.shared.store.write(EnterAbsence { absence: absence.clone(), audit }).await?;
    Ok((StatusCode::CREATED, Json(absence.into())))
}

/// Ends an absence before its time: the resident is back.
#[utoipa::path(delete, path = "/api/residents/{id}/absences/{absence}", operation_id = "end_absence",
    params(("id" = String, Path), ("absence" = String, Path)), responses((status = 204),
        (status = 404, body = super::problem::ProblemView)))]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, absence)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let resident = consents::known(&app, id).await?;
    visitor.may_about(Action::ManageDrills, &resident, None).await?;
    let audit = vec![visitor.audit("end_absence", resident.as_str(), absence.as_str())];
    let end = EndAbsence { resident, id: absence, at: visitor.now(), audit };
    let was_there = app.shared.store.write(end).await?;
    if was_there { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("absence")) }
}

/// As the records keep it, so that what is answered now is what is read later.
fn as_kept(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}
