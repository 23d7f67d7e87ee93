//! Handsets, for the administrator: claim codes, who carries which, and what becomes of one that is lost.

use super::{
    App, consents, fresh,
    handsets::{known, may_about},
    login::Source,
    page::Paging,
    passwords,
    policies::check_heartbeat,
    problem::Problem,
    session::{Visitor, shown_to},
    words::unprocessable,
};
use crate::view::Page;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use model::{HandsetId, ResidentId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{
    Binding, Carried, ChangeHandset, HandsetChange, HandsetLine, HandsetState, JobError, OfferClaim,
    TakeClaim, is_probe, secrets,
};
use utoipa::{IntoParams, ToSchema};

/// How long a claim code can be used.
const VALID: SignedDuration = SignedDuration::from_hours(72);

/// A handset in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandsetItem {
    /// Its id, also its MQTT user name.
    #[schema(value_type = String)]
    id: HandsetId,
    /// `active`, `retired` (it may still press) or `stolen` (it is cut off).
    state: &'static str,
    /// Who carries it.
    resident: Option<Carrier>,
    /// Whether it is connected now.
    online: bool,
    /// Until when its claim code can be used, where it has one.
    #[schema(value_type = Option<String>, format = DateTime)]
    claim_expires_at: Option<Timestamp>,
    /// How often it says something at least, in seconds, where somebody said so; 0: its silence is not supervised.
    heartbeat_s: Option<f64>,
}

/// Who carries a handset.
#[derive(Debug, Serialize, ToSchema)]
pub struct Carrier {
    /// The resident's id.
    #[schema(value_type = String)]
    id: ResidentId,
    /// Full name.
    name: String,
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HandsetSearch {
    /// Part of a handset's id, or of the name of who carries it.
    q: Option<String>,
}

fn item(app: &App, line: HandsetLine) -> HandsetItem {
    HandsetItem {
        online: app.shared.bus.is_online(&line.id),
        id: line.id,
        state: line.state.as_str(),
        resident: line.resident.map(|(id, name)| Carrier { id, name }),
        claim_expires_at: line.claim_expires_at,
        heartbeat_s: line.heartbeat_s,
    }
}

/// Handsets by name.
#[utoipa::path(get, path = "/api/handsets", operation_id = "list_handsets", params(HandsetSearch, Paging), responses(
    (status = 200, body = Page<HandsetItem>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(HandsetSearch { q }): Query<HandsetSearch>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<HandsetItem>>, Problem> {
    visitor.may(Action::ManageHandsets, &Subject::Nothing, None)?;
    let (limit, part) = (paging.limit()?, q.unwrap_or_default());
    let after = paging.cursor.unwrap_or_default();
    let found =
        app.shared.store.handsets(&part, visitor.who.scope.as_ref(), &after, limit, visitor.now()).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(|last| last.id.to_string());
    let carriers = found.iter().filter_map(|line| line.resident.as_ref()).map(|(id, _)| id);
    visitor
        .record("list_handsets", "handsets", format!("looked for {part:?}, {}", shown_to(carriers)))
        .await?;
    Ok(Json(Page { items: found.into_iter().map(|line| item(&app, line)).collect(), next }))
}

/// Who carried a handset.
#[derive(Debug, Serialize, ToSchema)]
pub struct BindingItem {
    /// Who.
    #[schema(value_type = String)]
    resident: ResidentId,
    /// Full name.
    name: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
}

impl From<Binding> for BindingItem {
    fn from(Binding { resident, name, from, to }: Binding) -> Self {
        Self { resident, name, from, to }
    }
}

/// Who carried a handset, newest first.
#[utoipa::path(get, path = "/api/handsets/{id}/bindings", operation_id = "list_bindings", params(("id" = String, Path)), responses(
    (status = 200, body = Page<BindingItem>), (status = 404, body = super::problem::ProblemView)))]
pub async fn bindings(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Page<BindingItem>>, Problem> {
    visitor.may(Action::ManageHandsets, &Subject::Nothing, None)?;
    let (id, _) = known(&app, id).await?;
    may_manage(&app, &visitor, &id).await?;
    let found = app.shared.store.bindings_of(&id, visitor.who.scope.as_ref()).await?;
    let carriers = shown_to(found.iter().map(|binding| &binding.resident));
    visitor.record("list_bindings", id.as_str(), carriers).await?;
    Ok(Json(Page { items: found.into_iter().map(BindingItem::from).collect(), next: None }))
}

/// A handset that somebody carries or carried.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarriedItem {
    /// Which.
    #[schema(value_type = String)]
    handset: HandsetId,
    /// `handset`, or `telephone` where an app stands in its place now.
    kind: &'static str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
}

impl From<Carried> for CarriedItem {
    fn from(Carried { handset, is_telephone, from, to }: Carried) -> Self {
        Self { handset, kind: if is_telephone { "telephone" } else { "handset" }, from, to }
    }
}

/// Which handsets a resident carried, newest first.
#[utoipa::path(get, path = "/api/residents/{id}/handsets", operation_id = "list_carried", params(("id" = String, Path)), responses(
    (status = 200, body = Page<CarriedItem>), (status = 404, body = super::problem::ProblemView)))]
pub async fn carried(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Page<CarriedItem>>, Problem> {
    visitor.may(Action::ManageHandsets, &Subject::Nothing, None)?;
    let id = consents::known(&app, id).await?;
    visitor.may_about(Action::ManageHandsets, &id, None).await?;
    let found = app.shared.store.carried_by(&id).await?;
    visitor.record("list_carried", id.as_str(), format!("{} handsets", found.len())).await?;
    Ok(Json(Page { items: found.into_iter().map(CarriedItem::from).collect(), next: None }))
}

/// A claim code. It is shown this once.
#[derive(Serialize, ToSchema)]
pub struct ClaimView {
    /// Whose it is.
    #[schema(value_type = String)]
    handset: HandsetId,
    /// The code; the handset reads it from a QR code.
    code: String,
    /// What the QR code says; the handset adds the address it was given for this platform.
    qr: String,
    /// Until when it can be used.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl std::fmt::Debug for ClaimView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClaimView").field("handset", &self.handset).finish_non_exhaustive()
    }
}

/// Gives a handset a claim code; the handset is added where there is none of that name. Whoever shows the code first
/// gets a new secret. The old one is void once the new one has logged in, and opens the door until then: if it may have leaked,
/// report the handset stolen first, and the old one is void at once.
#[utoipa::path(post, path = "/api/handsets/{id}/claim", operation_id = "offer_claim", params(("id" = String, Path)), responses(
    (status = 201, body = ClaimView), (status = 422, body = super::problem::ProblemView)))]
pub async fn offer_claim(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    visitor.may(Action::ManageHandsets, &Subject::Nothing, None)?;
    let handset = HandsetId::new(id).map_err(|error| unprocessable(error.to_string()))?;
    if is_probe(&handset) {
        return Err(unprocessable(format!("{handset} is the platform's own; choose another name")));
    }
    may_manage(&app, &visitor, &handset).await?;
    let (code, now) = (fresh::code()?, visitor.now());
    let expires_at = now.checked_add(VALID).unwrap_or(now);
    let nobody_knows = fresh::token()?;
    let no_secret_hash = hash(&app, nobody_knows).await?;
    let audit = vec![visitor.audit("offer_claim", handset.as_str(), "")];
    let by = visitor.who.username.clone();
    let offer = OfferClaim {
        handset: handset.clone(),
        no_secret_hash,
        code: code.clone(),
        at: now,
        expires_at,
        by,
        audit,
    };
    app.shared.store.write(offer).await?;
    let qr = format!("jjl-claim:{code}");
    Ok((StatusCode::CREATED, Json(ClaimView { handset, code, qr, expires_at })))
}

/// Whoever keeps a part of the district manages the handsets of those who live there, and those that nobody carries.
pub(super) async fn may_manage(app: &App, visitor: &Visitor, handset: &HandsetId) -> Result<(), Problem> {
    may_about(app, visitor, Action::ManageHandsets, handset).await.map(drop)
}

async fn hash(app: &App, secret: String) -> Result<String, Problem> {
    passwords::in_turn(app, move |_| secrets::hash_handset_secret(secret.as_bytes())).await?.map_err(
        |error| {
            tracing::error!(event = "secret_not_hashed", %error);
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "this is not possible now; try again",
            )
        },
    )
}

/// What happens to a handset: one of these.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HandsetUpdate {
    /// Who carries it from now on.
    resident: Option<String>,
    /// True: nobody carries it.
    unbound: Option<bool>,
    /// `active`, `retired` or `stolen`.
    state: Option<String>,
    /// It says something so often at least, in seconds, from 30 to 86400; 0: its silence is not supervised.
    heartbeat_s: Option<f64>,
    /// True: nothing is said of that, and it is supervised as is usual.
    usual_heartbeat: Option<bool>,
}

/// Binds a handset to a resident or to nobody, retires it, cuts off a stolen one, takes one into use again, or says how often it is
/// heard. It comes into effect at once, also for sessions that run.
#[utoipa::path(put, path = "/api/handsets/{id}", operation_id = "change_handset", params(("id" = String, Path)),
    request_body = HandsetUpdate, responses(
    (status = 200, body = HandsetItem), (status = 404, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "It is not in use and can be carried by nobody."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn change(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(request): Json<HandsetUpdate>,
) -> Result<Json<HandsetItem>, Problem> {
    visitor.may(Action::ManageHandsets, &Subject::Nothing, None)?;
    let (handset, state) = known(&app, id).await?;
    may_manage(&app, &visitor, &handset).await?;
    let (change, action, detail) = change_of(&app, &visitor, request, state).await?;
    let audit = vec![visitor.audit(action, handset.as_str(), detail)];
    let at = visitor.now();
    app.shared.store.write(ChangeHandset { handset: handset.clone(), change, at, audit }).await?;
    let lines = app.shared.store.handset_line(&handset, at).await?;
    lines.map(|line| Json(item(&app, line))).ok_or_else(|| Problem::not_found("handset"))
}

async fn change_of(
    app: &App,
    visitor: &Visitor,
    request: HandsetUpdate,
    state: HandsetState,
) -> Result<(HandsetChange, &'static str, String), Problem> {
    let usual = request.usual_heartbeat.filter(|is_usual| *is_usual).map(|_| None);
    let heartbeat = request.heartbeat_s.map(Some).or(usual);
    match (request.resident, request.unbound, request.state, heartbeat) {
        (None, Some(true), None, None) => Ok((HandsetChange::Unbind, "unbind_handset", String::new())),
        (Some(id), None, None, None) => {
            if state != HandsetState::Active {
                let detail = format!("this handset is {}; take it into use first", state.as_str());
                return Err(Problem::new(StatusCode::CONFLICT, "not_in_use", detail));
            }
            let resident = consents::known(app, id).await?;
            visitor.may_about(Action::ManageHandsets, &resident, None).await?;
            if app.shared.store.erased_at(&resident).await?.is_some() {
                return Err(unprocessable("this resident has been erased"));
            }
            Ok((HandsetChange::Bind(resident.clone()), "bind_handset", resident.to_string()))
        }
        (None, None, Some(name), None) => {
            let state = HandsetState::from_name(&name)
                .ok_or_else(|| unprocessable("state is one of: active, retired, stolen"))?;
            Ok((HandsetChange::State(state), "set_handset_state", name))
        }
        (None, None, None, Some(heartbeat_s)) => {
            check_heartbeat(heartbeat_s)?;
            let detail =
                heartbeat_s.map_or_else(|| "as is usual".to_owned(), |seconds| format!("{seconds} s"));
            Ok((HandsetChange::Heartbeat(heartbeat_s), "set_heartbeat", detail))
        }
        _ => Err(unprocessable(
            "send one of: resident (an id), unbound (true), state, heartbeat_s, usual_heartbeat (true)",
        )),
    }
}

/// A handset that shows its claim code.
#[derive(Deserialize, ToSchema)]
pub struct ClaimRequest {
    /// The code from the QR code, with or without `jjl-claim:` before it.
    code: String,
}

/// What the handset logs in with. It is shown this once.
#[derive(Serialize, ToSchema)]
pub struct Provisioned {
    /// Its id, which is its MQTT user name.
    #[schema(value_type = String)]
    handset: HandsetId,
    /// Its password.
    secret: String,
}

impl std::fmt::Debug for ClaimRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClaimRequest").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Provisioned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provisioned").field("handset", &self.handset).finish_non_exhaustive()
    }
}

/// Gives a handset its secret for its claim code. Nobody needs to be logged in. The secret holds from its first log-in on,
/// and with that the code is used up; until then it may be asked for again, for an answer may be lost on the way.
#[utoipa::path(post, path = "/api/provision", operation_id = "provision", request_body = ClaimRequest, responses(
    (status = 200, body = Provisioned),
    (status = 404, body = super::problem::ProblemView, description = "The code opens nothing (any more).")))]
pub async fn provision(
    State(app): State<App>,
    source: Source,
    Json(ClaimRequest { code }): Json<ClaimRequest>,
) -> Result<Json<Provisioned>, Problem> {
    let now = app.shared.clock.now();
    let code = code.trim().trim_start_matches("jjl-claim:").to_owned();
    let void =
        || Problem::new(StatusCode::NOT_FOUND, "claim_void", "this code was used, replaced or has expired");
    let handset = app.shared.store.claimed_handset(&code, now).await?.ok_or_else(void)?;
    let secret = fresh::token()?;
    let secret_hash = hash(&app, secret.clone()).await?;
    let audit = vec![source.audit(now, handset.as_str(), "provision", handset.as_str())];
    let claim =
        TakeClaim { code, handset: handset.clone(), secret_hash, at: now, source: source.address, audit };
    app.shared.store.write(claim).await.map_err(|error| match error {
        JobError::Conflict => void(),
        error => error.into(),
    })?;
    Ok(Json(Provisioned { handset, secret }))
}
