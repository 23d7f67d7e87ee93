//! Consents: what a resident or guardian agreed to, and that they did no longer.

use super::{
    App, fresh,
    problem::Problem,
    session::Visitor,
    tracks::moment,
    words::{self, LONG, SHORT, unprocessable},
};
use crate::view::Page;
use access::{Action, Shares, Subject};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use model::{ResidentId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{AddConsent, Consent, WithdrawConsent};
use utoipa::ToSchema;

/// The purpose on which a relative's grant stands.
pub(super) const FAMILY: &str = "family";
const PURPOSES: [&str; 2] = [FAMILY, "tracking"];
const GIVERS: [&str; 2] = ["resident", "guardian"];
const CHANNELS: [&str; 3] = ["paper", "in_person", "telephone"];
/// A clock may be so much ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// A consent as it was given.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewConsent {
    /// `family` (a relative may see) or `tracking` (positions may be kept).
    purpose: String,
    /// `resident` or `guardian`.
    given_by: String,
    /// The giver's name.
    giver: String,
    /// Which data, in the words that were read to them.
    data: String,
    /// Of a consent for the family, what a relative may see: `news`, `position`, `track`; all of them unless it is said.
    shares: Option<Vec<String>>,
    /// The version of that text.
    text_version: String,
    /// How it was given: `paper`, `in_person` or `telephone`.
    channel: String,
    /// When it was given (RFC 3339); now, unless it is said.
    given_at: Option<String>,
}

/// A consent on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentItem {
    /// Its id.
    id: String,
    /// About whose data.
    #[schema(value_type = String)]
    resident: ResidentId,
    /// `family` or `tracking`.
    purpose: String,
    /// `resident` or `guardian`.
    given_by: String,
    /// The giver's name.
    giver: String,
    /// Which data.
    data: String,
    /// Of a consent for the family, what a relative may see: `news`, `position`, `track`.
    shares: Vec<&'static str>,
    /// The version of the text.
    text_version: String,
    /// How it was given.
    channel: String,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    given_at: Timestamp,
    /// When it was entered here.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// By whom.
    recorded_by: String,
    /// When it was withdrawn.
    #[schema(value_type = Option<String>, format = DateTime)]
    withdrawn_at: Option<Timestamp>,
}

impl From<Consent> for ConsentItem {
    fn from(consent: Consent) -> Self {
        Self {
            id: consent.id,
            resident: consent.resident,
            purpose: consent.purpose,
            given_by: consent.given_by,
            giver: consent.giver,
            data: consent.data,
            shares: consent.shares.codes(),
            text_version: consent.text_version,
            channel: consent.channel,
            given_at: consent.given_at,
            recorded_at: consent.recorded_at,
            recorded_by: consent.recorded_by,
            withdrawn_at: consent.withdrawn.map(|(at, _)| at),
        }
    }
}

/// The consents about a resident, newest first.
#[utoipa::path(get, path = "/api/residents/{id}/consents", operation_id = "list_consents", params(("id" = String, Path)), responses(
    (status = 200, body = Page<ConsentItem>), (status = 404, body = super::problem::ProblemView)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Page<ConsentItem>>, Problem> {
    let resident = kept_by(&app, &visitor, id).await?;
    let found = app.shared.store.consents(&resident).await?;
    visitor.record("list_consents", resident.as_str(), format!("{} shown", found.len())).await?;
    Ok(Json(Page { items: found.into_iter().map(ConsentItem::from).collect(), next: None }))
}

/// Enters a consent.
#[utoipa::path(post, path = "/api/residents/{id}/consents", operation_id = "add_consent", params(("id" = String, Path)),
    request_body = NewConsent, responses(
    (status = 201, body = ConsentItem), (status = 404, body = super::problem::ProblemView),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn add(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(request): Json<NewConsent>,
) -> Result<impl IntoResponse, Problem> {
    let (resident, now) = (kept_by(&app, &visitor, id).await?, visitor.now());
    if app.shared.store.erased_at(&resident).await?.is_some() {
        return Err(Problem::not_found("resident"));
    }
    let given_at = moment("given_at", request.given_at.as_deref())?.unwrap_or(now);
    if given_at.duration_since(now) > AHEAD {
        return Err(unprocessable("given_at is in the future"));
    }
    let consent = Consent {
        id: fresh::id("c")?,
        resident,
        purpose: words::one_of("purpose", &request.purpose, &PURPOSES)?,
        given_by: words::one_of("given_by", &request.given_by, &GIVERS)?,
        giver: words::needed("giver", &request.giver, SHORT)?,
        data: words::needed("data", &request.data, LONG)?,
        shares: shares(request.shares.as_deref())?,
        text_version: words::needed("text_version", &request.text_version, SHORT)?,
        channel: words::one_of("channel", &request.channel, &CHANNELS)?,
        given_at,
        recorded_at: now,
        recorded_by: visitor.who.username.clone(),
        withdrawn: None,
    };
    let audit = vec![visitor.audit("add_consent", consent.resident.as_str(), consent.id.clone())];
    app.shared.store.write(AddConsent { consent: consent.clone(), audit }).await?;
    Ok((StatusCode::CREATED, Json(ConsentItem::from(consent))))
}

fn shares(told: Option<&[String]>) -> Result<Shares, Problem> {
    let Some(told) = told else { return Ok(Shares::ALL) };
    Shares::from_codes(told.iter().map(String::as_str))
        .ok_or_else(|| unprocessable("shares names at least one of news, position, track, and nothing else"))
}

/// Enters that a consent was withdrawn. What stands on it ends at this moment: grants, and invitations to them.
#[utoipa::path(post, path = "/api/consents/{id}/withdraw", operation_id = "withdraw_consent", params(("id" = String, Path)), responses(
    (status = 200, body = ConsentItem), (status = 404, body = super::problem::ProblemView)))]
pub async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<ConsentItem>, Problem> {
    visitor.may(Action::ManageConsents, &Subject::Nothing, None)?;
    let consent = app.shared.store.consent(&id).await?.ok_or_else(|| Problem::not_found("consent"))?;
    visitor.may_about(Action::ManageConsents, &consent.resident, None).await?;
    if consent.withdrawn.is_some() {
        return Ok(Json(consent.into()));
    }
    let (now, by) = (visitor.now(), visitor.who.username.clone());
    let relatives = app.shared.store.relatives(&consent.resident, now).await?;
    let audit = vec![visitor.audit("withdraw_consent", consent.resident.as_str(), id.clone())];
    app.shared.store.write(WithdrawConsent { id: id.clone(), at: now, by: by.clone(), audit }).await?;
    for relative in relatives.iter().filter(|relative| relative.consent.as_ref() == Some(&id)) {
        app.rights_changed(&relative.username);
    }
    Ok(Json(Consent { withdrawn: Some((now, by)), ..consent }.into()))
}

/// A resident whose consents the account keeps.
async fn kept_by(app: &App, visitor: &Visitor, id: String) -> Result<ResidentId, Problem> {
    visitor.may(Action::ManageConsents, &Subject::Nothing, None)?;
    let resident = known(app, id).await?;
    visitor.may_about(Action::ManageConsents, &resident, None).await?;
    Ok(resident)
}

/// A resident that is there.
pub(super) async fn known(app: &App, id: String) -> Result<ResidentId, Problem> {
    let id = ResidentId::new(id).map_err(|_shape| Problem::not_found("resident"))?;
    let name = app.shared.store.resident_name(&id).await?;
    name.map(|_| id).ok_or_else(|| Problem::not_found("resident"))
}
