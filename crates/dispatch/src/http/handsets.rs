//! Handsets: asking one where it is.

use super::{App, commands, problem::Problem, session::Visitor};
use crate::commands::{WITHIN, Wish};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use incident::Incident;
use model::{HandsetId, ResidentId, Timestamp};
use serde::Serialize;
use store::{HandsetState, is_probe};
use utoipa::ToSchema;

/// What a handset was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocateView {
    /// Who was asked.
    #[schema(value_type = String)]
    handset: HandsetId,
    /// The MQTT topics on which the question waits for it.
    topics: Vec<String>,
    /// After this the question is void; the answer is a position like any other.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Asks a handset where it is. An incident about its resident must be open.
#[utoipa::path(post, path = "/api/handsets/{id}/locate", operation_id = "locate_handset",
    params(("id" = String, Path)), responses(
    (status = 202, body = LocateView, description = "The question is on its way; the answer comes as a position."),
    (status = 403, body = super::problem::ProblemView, description = "No incident about its resident is open, or it is not for this role."),
    (status = 422, body = super::problem::ProblemView, description = "This telephone cannot be asked.")))]
pub async fn locate(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<LocateView>), Problem> {
    let (command, topics) = commands::ask(&app, &visitor, id, &Wish::LOCATE, WITHIN).await?;
    let (handset, expires_at) = (command.handset, command.expires_at);
    Ok((StatusCode::ACCEPTED, Json(LocateView { handset, topics, expires_at })))
}

/// A handset that is there, and whether it is in use.
pub(super) async fn known(app: &App, id: String) -> Result<(HandsetId, HandsetState), Problem> {
    let id = HandsetId::new(id).ok().filter(|id| !is_probe(id));
    let id = id.ok_or_else(|| Problem::not_found("handset"))?;
    let state = app.shared.store.handset_state(&id).await?;
    state.map(|state| (id, state)).ok_or_else(|| Problem::not_found("handset"))
}

/// Lets the account do it about whoever carries the handset, or about nobody in particular if nobody does; says who carries it.
pub(super) async fn may_about(
    app: &App,
    visitor: &Visitor,
    action: Action,
    handset: &HandsetId,
) -> Result<Option<ResidentId>, Problem> {
    let carrier = app.shared.store.resident_of(handset, visitor.now()).await?;
    match &carrier {
        Some(resident) => visitor.may_about(action, resident, None).await?,
        None => visitor.may(action, &Subject::Nothing, None)?,
    }
    Ok(carrier)
}

/// The open incident about whoever carries the handset, or about the handset if nobody does; a drill is one too.
pub(super) async fn open_incident(
    app: &App,
    handset: &HandsetId,
    now: Timestamp,
) -> Result<Option<Incident>, Problem> {
    let store = &app.shared.store;
    let subject = match store.resident_of(handset, now).await? {
        Some(resident) => store::Subject::Resident(resident),
        None => store::Subject::Handset(handset.clone()),
    };
    for drill in [false, true] {
        if let Some(incident) = store.open_incident(&subject, drill).await? {
            return Ok(Some(incident));
        }
    }
    Ok(None)
}
