//! Invitations: one-use links by which staff and relatives get their accounts, or a new password for the one they have.
//!
//! The link's code stands behind `#`, so that it reaches no server's log on the way. A relative's invitation stands on a
//! consent; the grant begins when it is used.

use super::{
    App, case_looks, fresh, incidents,
    login::{self, Me, Source},
    page::Paging,
    passwords,
    problem::Problem,
    session::Visitor,
    users,
    words::{self, SHORT, unprocessable},
};
use crate::view::Page;
use access::{Action, Role, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use model::{Division, ResidentId, SignedDuration, StationId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{
    Account, AddGrant, AuditRow, Consent, Invitation, InvitationsOf, Invite, JobError, Join, Joining,
    StoreError, WithdrawInvitation,
};
use utoipa::ToSchema;

/// How long an invitation can be used.
const VALID: SignedDuration = SignedDuration::from_hours(72);
/// A user name's length.
const USERNAME_CHARACTERS: usize = 64;

/// Who is invited to what.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewInvitation {
    /// What the account will be for; not with `username` or `consent`.
    role: Option<Role>,
    /// The name others will see; not with `username`.
    display_name: Option<String>,
    /// The account that gets a new password.
    username: Option<String>,
    /// The consent a relative's grant stands on.
    consent: Option<String>,
    /// What the relative is to the resident.
    relation: Option<String>,
    /// With `role`: the division whose residents the account will be for; everybody's if none is named.
    #[schema(value_type = Option<String>)]
    scope: Option<Division>,
    /// With the role `station`: where they will work.
    station: Option<String>,
}

/// An invitation that can still be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationItem {
    /// Its id.
    id: String,
    /// The account that gets a new password; null for a new account.
    username: Option<String>,
    /// What the account is for.
    role: Role,
    /// Of staff: the division whose residents the account will be for; null: everybody's.
    #[schema(value_type = Option<String>)]
    scope: Option<Division>,
    /// Of station staff: where they will work.
    #[schema(value_type = Option<String>)]
    station: Option<StationId>,
    /// The name others will see.
    display_name: String,
    /// What a relative is to the resident.
    relation: String,
    /// The consent a relative's grant stands on.
    consent: Option<String>,
    /// Who invites.
    created_by: String,
    /// Until when it can be used.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<Invitation> for InvitationItem {
    fn from(it: Invitation) -> Self {
        Self {
            id: it.id,
            username: it.username,
            role: it.role,
            scope: it.scope,
            station: it.station,
            display_name: it.display_name,
            relation: it.relation,
            consent: it.consent,
            created_by: it.created_by,
            expires_at: it.expires_at,
        }
    }
}

/// An invitation with its link. The link is shown this once.
#[derive(Serialize, ToSchema)]
pub struct InvitationLink {
    /// The invitation.
    invitation: InvitationItem,
    /// The secret in the link.
    code: String,
    /// The link's path, to be put behind the address under which people reach this platform.
    path: String,
}

impl std::fmt::Debug for InvitationLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InvitationLink").field("invitation", &self.invitation).finish_non_exhaustive()
    }
}

/// Invites somebody. Supervisors invite relatives; administrators everybody.
#[utoipa::path(post, path = "/api/invitations", request_body = NewInvitation, responses(
    (status = 201, body = InvitationLink), (status = 422, body = super::problem::ProblemView)))]
pub async fn invite(
    State(app): State<App>,
    visitor: Visitor,
    Json(request): Json<NewInvitation>,
) -> Result<impl IntoResponse, Problem> {
    let invitation = asked(&app, &visitor, request).await?;
    let code = fresh::code()?;
    let subject = invitation.username.as_deref().unwrap_or(invitation.id.as_str());
    // Whoever asks who was let look at a resident finds it by whom it is about.
    let whom = whom(&app, &invitation).await?;
    let detail = case_looks::about_now(invitation.role.as_str(), whom.as_ref());
    let audit = vec![visitor.audit("invite", subject, detail)];
    app.shared.store.write(Invite { invitation: invitation.clone(), code: code.clone(), audit }).await?;
    let path = format!("/#/join/{code}");
    Ok((StatusCode::CREATED, Json(InvitationLink { invitation: invitation.into(), code, path })))
}

/// Whom a relative's invitation lets see.
async fn whom(app: &App, invitation: &Invitation) -> Result<Option<ResidentId>, StoreError> {
    let Some(id) = &invitation.consent else { return Ok(None) };
    Ok(app.shared.store.consent(id).await?.map(|consent| consent.resident))
}

async fn asked(app: &App, visitor: &Visitor, request: NewInvitation) -> Result<Invitation, Problem> {
    let now = visitor.now();
    let mut invitation = Invitation {
        id: fresh::id("i")?,
        username: None,
        role: Role::Relative,
        scope: None,
        station: None,
        display_name: String::new(),
        relation: String::new(),
        consent: None,
        created_at: now,
        created_by: visitor.who.username.clone(),
        expires_at: now.checked_add(VALID).unwrap_or(now),
    };
    match request {
        NewInvitation {
            consent: Some(id),
            display_name,
            relation,
            username: None,
            role: None | Some(Role::Relative),
            scope: None,
            station: None,
        } => {
            visitor.may(Action::ManageConsents, &Subject::Nothing, None)?;
            let consent = standing_consent(app, &id).await?;
            visitor.may_about(Action::ManageConsents, &consent.resident, None).await?;
            invitation.display_name =
                words::needed("display_name", &display_name.unwrap_or_default(), SHORT)?;
            invitation.relation = words::needed("relation", &relation.unwrap_or_default(), SHORT)?;
            invitation.consent = Some(consent.id);
        }
        NewInvitation {
            username: Some(username),
            role: None,
            display_name: None,
            consent: None,
            relation: None,
            scope: None,
            station: None,
        } => {
            visitor.may(Action::ManageAccounts, &Subject::Nothing, None)?;
            let account = users::find(app, &username).await?;
            may_give(visitor, account.scope.as_ref())?;
            invitation.role = account.role;
            invitation.display_name = account.display_name;
            invitation.username = Some(account.username);
        }
        NewInvitation {
            role: Some(role),
            display_name,
            scope,
            station,
            username: None,
            consent: None,
            relation: None,
        } if role != Role::Relative => {
            visitor.may(Action::ManageAccounts, &Subject::Nothing, None)?;
            may_give(visitor, scope.as_ref())?;
            invitation.role = role;
            invitation.scope = scope;
            if let Some(station) = station.filter(|_| role == Role::Station) {
                invitation.station = users::station(app, &station).await?;
            }
            invitation.display_name =
                words::needed("display_name", &display_name.unwrap_or_default(), SHORT)?;
        }
        _ => {
            return Err(unprocessable(
                "an invitation has either role and display_name (staff), or consent, display_name and relation (a \
                 relative), or username alone (a new password)",
            ));
        }
    }
    Ok(invitation)
}

/// Lets the visitor keep an account of this scope, or says that it lies beyond their own.
pub(super) fn may_give(visitor: &Visitor, scope: Option<&Division>) -> Result<(), Problem> {
    let is_within = visitor.who.may_give(scope);
    visitor.may(Action::ManageAccounts, &Subject::Account { is_within }, None)
}

/// A family consent that was not withdrawn.
async fn standing_consent(app: &App, id: &str) -> Result<Consent, Problem> {
    let found =
        app.shared.store.consent(id).await?.ok_or_else(|| unprocessable("there is no such consent"))?;
    if found.withdrawn.is_some() {
        return Err(unprocessable("this consent has been withdrawn"));
    }
    if found.purpose != super::consents::FAMILY {
        return Err(unprocessable("this consent is not about the family's sight"));
    }
    Ok(found)
}

/// Invitations that can still be used, newest first.
#[utoipa::path(get, path = "/api/invitations", operation_id = "list_invitations", params(Paging), responses(
    (status = 200, body = Page<InvitationItem>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<InvitationItem>>, Problem> {
    let which = own(&visitor)?;
    let (limit, before) = (paging.limit()?, incidents::place(paging.cursor.as_deref())?);
    let found = app.shared.store.invitations(&which, before.as_ref(), limit, visitor.now()).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let place = |last: &Invitation| format!("{}_{}", last.created_at.as_microsecond(), last.id);
    let next = found.last().filter(|_| full).map(place);
    visitor.record("list_invitations", "invitations", format!("{} shown", found.len())).await?;
    Ok(Json(Page { items: found.into_iter().map(InvitationItem::from).collect(), next }))
}

/// Those that the account keeps: a supervisor relatives', an account for a part of the district those of that part.
fn own(visitor: &Visitor) -> Result<InvitationsOf<'_>, Problem> {
    let is_of_relatives = visitor.may(Action::ManageAccounts, &Subject::Nothing, None).is_err();
    if is_of_relatives {
        visitor.may(Action::ManageConsents, &Subject::Nothing, None)?;
    }
    Ok(InvitationsOf { scope: visitor.who.scope.as_ref(), is_of_relatives })
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/api/invitations/{id}", operation_id = "withdraw_invitation", params(("id" = String, Path)), responses(
    (status = 204, description = "It opens nothing any more."), (status = 404, body = super::problem::ProblemView)))]
pub async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let found = app.shared.store.open_invitation(&own(&visitor)?, &id, visitor.now()).await?;
    let found = found.ok_or_else(|| Problem::not_found("invitation"))?;
    let whom = whom(&app, &found).await?;
    let detail = case_looks::about_now(found.role.as_str(), whom.as_ref());
    let audit = vec![visitor.audit("withdraw_invitation", &id, detail)];
    app.shared.store.write(WithdrawInvitation { id, at: visitor.now(), audit }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an invitation is for, for whoever holds its link.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinView {
    /// The account that gets a new password; null: a name is to be chosen.
    username: Option<String>,
    /// The name others will see.
    display_name: String,
    /// What the account is for.
    role: Role,
    /// What a relative is to the resident.
    relation: String,
    /// Until when it can be used.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

const VOID: &str = "this invitation has been used, taken back or has expired; ask for a new one";

pub(super) fn void() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "invitation_void", VOID)
}

/// Guessing 128 bits is hopeless, so whoever is wrong is held up by nothing: others may come from the same address.
pub(super) async fn held(app: &App, code: &str, now: Timestamp) -> Result<Invitation, Problem> {
    app.shared.store.invitation(code, now).await?.ok_or_else(void)
}

/// What an invitation is for. Nobody needs to be logged in.
#[utoipa::path(get, path = "/api/join/{code}", operation_id = "read_invitation", params(("code" = String, Path)), responses(
    (status = 200, body = JoinView), (status = 404, body = super::problem::ProblemView)))]
pub async fn read(State(app): State<App>, Path(code): Path<String>) -> Result<Json<JoinView>, Problem> {
    let it = held(&app, &code, app.shared.clock.now()).await?;
    Ok(Json(JoinView {
        username: it.username,
        display_name: it.display_name,
        role: it.role,
        relation: it.relation,
        expires_at: it.expires_at,
    }))
}

/// How the invited person will log in.
#[derive(Deserialize, ToSchema)]
pub struct JoinRequest {
    /// The name to log in with; not where the account is there already.
    username: Option<String>,
    /// The password.
    password: String,
}

impl std::fmt::Debug for JoinRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinRequest").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Uses an invitation, and logs in.
#[utoipa::path(post, path = "/api/join/{code}", operation_id = "join", params(("code" = String, Path)),
    request_body = JoinRequest, responses(
    (status = 200, body = Me, description = "Logged in; the cookie jujiale_session is the session."),
    (status = 404, body = super::problem::ProblemView, description = "The invitation opens nothing any more."),
    (status = 409, body = super::problem::ProblemView, description = "The name is taken."),
    (status = 422, body = super::problem::ProblemView, description = "Name or password may not be used.")))]
pub async fn join(
    State(app): State<App>,
    source: Source,
    Path(code): Path<String>,
    Json(request): Json<JoinRequest>,
) -> Result<impl IntoResponse, Problem> {
    let now = app.shared.clock.now();
    let it = held(&app, &code, now).await?;
    let username = match &it.username {
        Some(username) => username.clone(),
        None => new_username(&app, request.username.as_deref().unwrap_or_default()).await?,
    };
    let hash = passwords::hash_new(&app, &username, &request.password).await?;
    let account = Account {
        scope: it.scope.clone(),
        station: it.station.clone(),
        ..Account::new(&username, &it.display_name, it.role, hash.clone())
    };
    let mut row = source.audit(now, &username, "join", &it.id);
    let joining = if let Some(username) = &it.username {
        Joining::Password(username.clone(), hash)
    } else {
        let grant = grant(&app, &it, &username, now).await?;
        let whom = grant.as_ref().map(|grant| &grant.resident);
        row = AuditRow { detail: case_looks::about_now(it.role.as_str(), whom), ..row };
        Joining::Account(Box::new(account.clone()), grant)
    };
    let audit = vec![row];
    let session = source.session(&username, it.role, now, audit)?;
    let cookie = login::cookie(&session.token, &source);
    app.shared.store.write(Join { code, joining, session }).await.map_err(|error| match error {
        JobError::Conflict => void(),
        error => error.into(),
    })?;
    app.rights_changed(&username);
    Ok((cookie, Json(Me::new(&app, account))))
}

async fn new_username(app: &App, name: &str) -> Result<String, Problem> {
    let is_plain = |sign: char| sign.is_alphanumeric() || matches!(sign, '.' | '-' | '_');
    if !(1..=USERNAME_CHARACTERS).contains(&name.chars().count()) || !name.chars().all(is_plain) {
        return Err(unprocessable("username is 1 to 64 letters, digits, dots, dashes and underlines"));
    }
    // Rows of the audit log that are nobody's are the platform's own.
    let is_reserved = crate::is_reserved(name);
    if is_reserved || app.shared.store.account(name).await?.is_some() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "name_taken",
            "somebody has this name; take another one",
        ));
    }
    Ok(name.to_owned())
}

/// The grant that a relative's invitation brings.
pub(super) async fn grant(
    app: &App,
    invitation: &Invitation,
    username: &str,
    now: Timestamp,
) -> Result<Option<AddGrant>, Problem> {
    let Some(id) = &invitation.consent else { return Ok(None) };
    let consent = standing_consent(app, id).await.map_err(|_withdrawn| void())?;
    Ok(Some(AddGrant {
        username: username.to_owned(),
        resident: consent.resident,
        relation: invitation.relation.clone(),
        consent: Some(consent.id),
        from: now,
    }))
}
