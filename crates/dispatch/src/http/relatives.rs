//! Relatives: who of the family may see a resident, and what staff keep from one of them.

use super::{
    App, consents, fresh,
    problem::Problem,
    residents::Reason,
    session::Visitor,
    words::{self, LONG, unprocessable},
};
use access::{Action, Role, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use model::{IncidentId, ResidentId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{EndGrant, EndWithholding, Relative, Withhold, Withholding};
use utoipa::ToSchema;

/// Somebody of the family who may see the resident.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelativeItem {
    /// The account; relatives are not told those of others.
    username: Option<String>,
    /// The name others see.
    display_name: String,
    /// What they are to the resident.
    relation: String,
    /// The consent their sight stands on; staff alone are told.
    consent: Option<String>,
    /// Since when they may see.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// It is the account that asks.
    own: bool,
}

/// Something that is kept from a relative.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithholdingItem {
    /// Its id.
    id: String,
    /// From whom.
    username: String,
    /// Of this incident; null: of all.
    #[schema(value_type = Option<String>)]
    incident: Option<IncidentId>,
    /// Why.
    reason: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Who began it.
    by: String,
}

/// Who sees a resident.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelativesView {
    /// Who of the family, oldest grant first.
    relatives: Vec<RelativeItem>,
    /// What is kept from them; shown to staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    withheld: Option<Vec<WithholdingItem>>,
}

impl From<Withholding> for WithholdingItem {
    fn from(kept: Withholding) -> Self {
        Self {
            id: kept.id,
            username: kept.username,
            incident: kept.incident,
            reason: kept.reason,
            since: kept.from,
            by: kept.by,
        }
    }
}

/// Who of the family may see a resident; each of them sees who else does.
#[utoipa::path(get, path = "/api/residents/{id}/relatives", operation_id = "list_relatives", params(("id" = String, Path), Reason), responses(
    (status = 200, body = RelativesView), (status = 403, body = super::problem::ProblemView),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<RelativesView>, Problem> {
    let id = ResidentId::new(id).map_err(|_shape| Problem::not_found("resident"))?;
    let glance = visitor.may_look(Action::ReadRelatives, &id, reason.as_deref()).await?;
    let id = consents::known(&app, id.to_string()).await?;
    visitor.looked("list_relatives", &glance, "").await?;
    let is_staff = visitor.who.role != Role::Relative;
    let item = |relative: Relative| {
        let own = relative.username == visitor.who.username;
        RelativeItem {
            username: (is_staff || own).then_some(relative.username),
            display_name: relative.display_name,
            relation: relative.relation,
            consent: relative.consent.filter(|_| is_staff),
            since: relative.from,
            own,
        }
    };
    let relatives = app.shared.store.relatives(&id, visitor.now()).await?.into_iter().map(item).collect();
    let withheld = if is_staff {
        let kept = app.shared.store.withholdings(&id).await?;
        Some(kept.into_iter().map(WithholdingItem::from).collect())
    } else {
        None
    };
    Ok(Json(RelativesView { relatives, withheld }))
}

/// Ends a relative's sight of a resident, whatever consent it stands on.
#[utoipa::path(delete, path = "/api/residents/{id}/relatives/{username}", operation_id = "end_grant",
    params(("id" = String, Path), ("username" = String, Path)), responses(
    (status = 204, description = "They see nothing any more."), (status = 404, body = super::problem::ProblemView)))]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, username)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let resident = relative_of(&app, &visitor, Action::ManageConsents, id, &username).await?;
    let audit = vec![visitor.audit("end_grant", resident.as_str(), username.clone())];
    app.shared
        .store
        .write(EndGrant { username: username.clone(), resident, at: visitor.now(), audit })
        .await?;
    app.rights_changed(&username);
    Ok(StatusCode::NO_CONTENT)
}

/// The resident whose relative that is, where the account may do this about them.
async fn relative_of(
    app: &App,
    visitor: &Visitor,
    action: Action,
    id: String,
    username: &str,
) -> Result<ResidentId, Problem> {
    visitor.may(action, &Subject::Nothing, None)?;
    let resident = consents::known(app, id).await?;
    visitor.may_about(action, &resident, None).await?;
    let relatives = app.shared.store.relatives(&resident, visitor.now()).await?;
    let is_one = relatives.iter().any(|relative| relative.username == username);
    is_one.then_some(resident).ok_or_else(|| Problem::not_found("relative of this resident"))
}

/// What is to be kept from whom.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewWithholding {
    /// The relative's account.
    username: String,
    /// One incident; null: all of them. Where the person is from its beginning on, of all from now on, is kept with it.
    incident: Option<String>,
    /// Why; it stays with staff.
    reason: String,
}

/// Keeps news and position of a resident from a relative, who does not learn of it.
#[utoipa::path(post, path = "/api/residents/{id}/withholdings", operation_id = "withhold", params(("id" = String, Path)),
    request_body = NewWithholding, responses(
    (status = 201, body = WithholdingItem), (status = 404, body = super::problem::ProblemView),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn withhold(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(request): Json<NewWithholding>,
) -> Result<impl IntoResponse, Problem> {
    let resident = relative_of(&app, &visitor, Action::Withhold, id, &request.username).await?;
    let incident = match request.incident {
        None => None,
        Some(id) => Some(incident_about(&app, id, &resident).await?),
    };
    let withholding = Withholding {
        id: fresh::id("w")?,
        username: request.username,
        resident,
        incident,
        reason: words::needed("reason", &request.reason, LONG)?,
        from: visitor.now(),
        by: visitor.who.username.clone(),
    };
    let detail = format!("{} from {}", withholding.id, withholding.username);
    let audit = vec![visitor.audit("withhold", withholding.resident.as_str(), detail)];
    app.shared.store.write(Withhold { withholding: withholding.clone(), audit }).await?;
    app.rights_changed(&withholding.username);
    Ok((StatusCode::CREATED, Json(WithholdingItem::from(withholding))))
}

async fn incident_about(app: &App, id: String, resident: &ResidentId) -> Result<IncidentId, Problem> {
    let no_such = || unprocessable("there is no such incident about this resident");
    let id = IncidentId::new(id).map_err(|_shape| no_such())?;
    let incident = app.shared.store.incident(&id).await?.ok_or_else(no_such)?;
    if incident.resident.as_ref() == Some(resident) { Ok(id) } else { Err(no_such()) }
}

/// Ends a withholding: the relative sees again what their grant gives.
#[utoipa::path(delete, path = "/api/withholdings/{id}", operation_id = "end_withholding", params(("id" = String, Path)), responses(
    (status = 204, description = "It has ended."), (status = 404, body = super::problem::ProblemView)))]
pub async fn give_back(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    visitor.may(Action::Withhold, &Subject::Nothing, None)?;
    let kept = app.shared.store.withholding(&id).await?.ok_or_else(|| Problem::not_found("withholding"))?;
    visitor.may_about(Action::Withhold, &kept.resident, None).await?;
    let audit = vec![visitor.audit("end_withholding", kept.resident.as_str(), id.clone())];
    let by = visitor.who.username.clone();
    app.shared.store.write(EndWithholding { id, at: visitor.now(), by, audit }).await?;
    app.rights_changed(&kept.username);
    Ok(StatusCode::NO_CONTENT)
}
