//! Looks at residents without an open incident, for the supervisor who reviews the reasons.

use super::{
    App,
    page::Paging,
    problem::Problem,
    session::{Visitor, shown_to},
    words::{self, LONG, unprocessable},
};
use crate::view::Page;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use model::{ResidentId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{JobError, NumberedLook, Review, ReviewLook};
use utoipa::{IntoParams, ToSchema};

const VERDICTS: [&str; 2] = ["justified", "questioned"];

/// Which looks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LookFilter {
    /// `waiting` for a review (the default) or `all`.
    state: Option<String>,
}

/// A look, and what was thought of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookItem {
    /// Its number.
    id: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who looked.
    username: String,
    /// At what.
    action: String,
    /// Whose.
    #[schema(value_type = String)]
    resident: ResidentId,
    /// Why, in the words of whoever looked.
    reason: String,
    /// What was thought of it.
    review: Option<ReviewView>,
}

/// What a supervisor thought of a look.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who.
    by: String,
    /// `justified` or `questioned`.
    verdict: String,
    /// What there is to say about it.
    note: String,
}

impl From<Review> for ReviewView {
    fn from(Review { at, by, verdict, note }: Review) -> Self {
        Self { at, by, verdict, note }
    }
}

impl From<NumberedLook> for LookItem {
    fn from(NumberedLook { row, look, review }: NumberedLook) -> Self {
        Self {
            id: row.to_string(),
            at: look.at,
            username: look.username,
            action: look.action,
            resident: look.resident,
            reason: look.reason,
            review: review.map(ReviewView::from),
        }
    }
}

/// Looks that needed a reason, newest first.
#[utoipa::path(get, path = "/api/looks", operation_id = "list_looks", params(LookFilter, Paging), responses(
    (status = 200, body = Page<LookItem>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(filter): Query<LookFilter>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<LookItem>>, Problem> {
    visitor.may(Action::ReviewLooks, &Subject::Nothing, None)?;
    let waiting = match filter.state.as_deref() {
        None | Some("waiting") => true,
        Some("all") => false,
        Some(_) => return Err(Problem::bad_request("state must be waiting or all")),
    };
    let (limit, before) = (paging.limit()?, paging.number()?.unwrap_or(i64::MAX));
    let found = app.shared.store.looks(waiting, visitor.who.scope.as_ref(), before, limit).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(|last| last.row.to_string());
    visitor.record("list_looks", "looks", shown_to(found.iter().map(|one| &one.look.resident))).await?;
    Ok(Json(Page { items: found.into_iter().map(LookItem::from).collect(), next }))
}

/// What is thought of a look.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReview {
    /// `justified` or `questioned`.
    verdict: String,
    /// What there is to say about it; needed where it is questioned.
    note: Option<String>,
}

/// Reviews a look. Nobody reviews their own, and the first review stands.
#[utoipa::path(post, path = "/api/looks/{id}/review", operation_id = "review_look", params(("id" = String, Path)),
    request_body = NewReview, responses(
    (status = 200, body = LookItem), (status = 403, body = super::problem::ProblemView),
    (status = 404, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "It has been reviewed."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn review(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(request): Json<NewReview>,
) -> Result<Json<LookItem>, Problem> {
    visitor.may(Action::ReviewLooks, &Subject::Nothing, None)?;
    let row = id.parse().map_err(|_not_one| Problem::not_found("look"))?;
    let found = app.shared.store.look(row).await?.ok_or_else(|| Problem::not_found("look"))?;
    visitor.may_about(Action::ReviewLooks, &found.look.resident, None).await?;
    if found.look.username == visitor.who.username {
        return Err(Problem::forbidden("nobody reviews their own look; another supervisor does"));
    }
    let note = words::optional("note", request.note.as_deref().unwrap_or_default(), LONG)?;
    let verdict = words::one_of("verdict", &request.verdict, &VERDICTS)?;
    if verdict == "questioned" && note.is_empty() {
        return Err(unprocessable("note must say what is questioned"));
    }
    let review = Review { at: visitor.now(), by: visitor.who.username.clone(), verdict, note };
    let audit =
        vec![visitor.audit("review_look", found.look.resident.as_str(), format!("{id}: {}", review.verdict))];
    app.shared.store.write(ReviewLook { row, review: review.clone(), audit }).await.map_err(|error| {
        match error {
            JobError::Conflict => Problem::new(
                StatusCode::CONFLICT,
                "reviewed",
                "somebody else has reviewed this look; read it again",
            ),
            error => error.into(),
        }
    })?;
    Ok(Json(NumberedLook { review: Some(review), ..found }.into()))
}
