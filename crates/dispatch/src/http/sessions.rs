//! Sessions: where an account is logged in, ending one from afar, and the lock screen.

use super::{
    App, incidents, login, me,
    passwords::{self, Checked},
    problem::Problem,
    session::{Owed, Visitor},
    users,
};
use crate::view::Page;
use access::{Action, Decision, Role, Subject, Who, decide};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::{EndSession, EndSessions, LockSession, Session, SessionsOf};
use utoipa::{IntoParams, ToSchema};

/// The most a page holds, and what it holds unless another number is said: most are shown whole.
const PAGE: u32 = 500;

/// Whose sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// An account's name, or `*` for all; the own one unless it is said.
    username: Option<String>,
    /// How many items, at most 500, which is also the number unless it is said.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A session that runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionItem {
    /// Its name.
    id: String,
    /// Whose.
    username: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// From where it was begun.
    source: String,
    /// What the browser says it is.
    agent: String,
    /// The screen is locked.
    locked: bool,
    /// It is the one that asks.
    own: bool,
}

impl SessionItem {
    fn new(session: Session, visitor: &Visitor) -> Self {
        Self {
            own: session.id == visitor.session.id,
            id: session.id,
            username: session.username,
            since: session.created_at,
            source: session.source,
            agent: session.agent,
            locked: session.locked_at.is_some(),
        }
    }
}

/// Sessions that run, newest first: the own ones, or those of accounts within the own scope.
#[utoipa::path(get, path = "/api/sessions", operation_id = "list_sessions", params(Whose), responses(
    (status = 200, body = Page<SessionItem>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(Whose { username, limit, cursor }): Query<Whose>,
) -> Result<Json<Page<SessionItem>>, Problem> {
    let before = incidents::place(cursor.as_deref())?;
    let limit = limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(Problem::bad_request(format!("limit must be 1 to {PAGE}, not {limit}")));
    }
    let whose = username.unwrap_or_else(|| visitor.who.username.clone());
    if whose != visitor.who.username {
        visitor.may(Action::ManageSessions, &Subject::Nothing, None)?;
        visitor.record("list_sessions", &whose, "").await?;
    }
    let username = Some(whose.as_str()).filter(|whose| *whose != "*");
    // The own ones are never beyond the own scope.
    let of = SessionsOf { username, scope: visitor.who.scope.as_ref() };
    let found = app.shared.store.sessions(&of, before.as_ref(), limit, visitor.now()).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let place = |last: &Session| format!("{}_{}", last.created_at.as_microsecond(), last.id);
    let next = found.last().filter(|_| full).map(place);
    let items = found.into_iter().map(|session| SessionItem::new(session, &visitor)).collect();
    Ok(Json(Page { items, next }))
}

/// Ends a session: the own ones always, those of others where the role allows it.
#[utoipa::path(delete, path = "/api/sessions/{id}", operation_id = "end_session", params(("id" = String, Path)), responses(
    (status = 204, description = "It has ended."), (status = 404, body = super::problem::ProblemView)))]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let session = find(&app, &visitor, &id).await?;
    if session.username != visitor.who.username {
        users::may_end_sessions(&visitor, &session.username).await?;
    }
    let audit = vec![visitor.audit("end_session", &session.username, id)];
    app.shared.store.write(EndSessions { which: EndSession::Hash(session.token_hash), audit }).await?;
    app.rights_changed(&session.username);
    Ok(StatusCode::NO_CONTENT)
}

/// One of the own sessions, or anybody's for those who look after them.
async fn find(app: &App, visitor: &Visitor, id: &str) -> Result<Session, Problem> {
    let may = visitor.may(Action::ManageSessions, &Subject::Nothing, None).is_ok();
    let found = app.shared.store.session_named(id, visitor.now()).await?;
    let found = found.filter(|session| may || session.username == visitor.who.username);
    found.ok_or_else(|| Problem::not_found("session"))
}

/// Locks the own screen: names and positions are hidden, the queue goes on and sounds.
#[utoipa::path(post, path = "/api/session/lock", responses((status = 204, description = "It is locked.")))]
pub async fn lock(State(app): State<App>, visitor: Visitor) -> Result<StatusCode, Problem> {
    let audit = vec![visitor.audit("lock_screen", "session", "")];
    set_lock(&app, &visitor, Some(visitor.now()), audit).await
}

async fn set_lock(
    app: &App,
    visitor: &Visitor,
    locked_at: Option<Timestamp>,
    audit: Vec<store::AuditRow>,
) -> Result<StatusCode, Problem> {
    let token_hash = visitor.session.token_hash.clone();
    app.shared.store.write(LockSession { token_hash, locked_at, audit }).await?;
    // Whoever unlocks it is there.
    visitor.lately.note(&visitor.session.id, visitor.now());
    app.rights_changed(&visitor.who.username);
    Ok(StatusCode::NO_CONTENT)
}

/// How a screen is unlocked.
#[derive(Deserialize, ToSchema)]
pub struct Unlock {
    /// The password of the account, or that of the supervisor named.
    password: String,
    /// A supervisor who unlocks it in the holder's place.
    supervisor: Option<String>,
    /// The supervisor's code, where that account has a second factor.
    code: Option<String>,
}

impl std::fmt::Debug for Unlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unlock").field("supervisor", &self.supervisor).finish_non_exhaustive()
    }
}

/// Unlocks the own screen, by the own password or by a supervisor's.
#[utoipa::path(post, path = "/api/session/unlock", request_body = Unlock, responses(
    (status = 204, description = "It is unlocked."),
    (status = 403, body = super::problem::ProblemView, description = "The password is wrong, or that account is no supervisor's, or its owner owes a password or a second factor (`password_change_required`, `second_factor_required`)."),
    (status = 429, body = super::problem::ProblemView, description = "Too many failures or requests; wait.")))]
pub async fn unlock(
    State(app): State<App>,
    visitor: Visitor,
    Json(request): Json<Unlock>,
) -> Result<StatusCode, Problem> {
    let by = match &request.supervisor {
        None => {
            me::is_own_password(&app, &visitor, request.password).await?;
            visitor.who.username.clone()
        }
        Some(name) => by_supervisor(&app, &visitor, name, request.password, request.code.as_deref()).await?,
    };
    let audit = vec![visitor.audit("unlock_screen", "session", format!("by {by}"))];
    set_lock(&app, &visitor, None, audit).await
}

/// Tries are counted by whose desk it is, not by its session alone: whoever has an account begins as many sessions as they like.
async fn by_supervisor(
    app: &App,
    visitor: &Visitor,
    name: &str,
    password: String,
    code: Option<&str>,
) -> Result<String, Problem> {
    // Nobody but who sits at a desk has one that a supervisor opens, and from nowhere else is a supervisor's password tried so fast.
    if matches!(visitor.who.role, Role::Relative | Role::Station | Role::Service) {
        return Err(Problem::forbidden("a supervisor opens the screen of a desk alone"));
    }
    let now = visitor.now();
    let desk = format!("desk of {}", visitor.who.username);
    let _trying = login::try_inside(app, name, &desk, now)?;
    if let Checked::Right(account) = passwords::check(app, name, &desk, password, code, now).await? {
        let (username, role) = (account.username.clone(), account.role);
        let who = Who { scope: account.scope.clone(), ..Who::plain(username, role) };
        let may = decide(&who, Action::ManageSessions, &Subject::Nothing, now) == Decision::Allowed;
        // Whoever keeps a part of the district opens no screen that shows more than that.
        if may && who.may_give(visitor.who.scope.as_ref()) {
            // Nobody does for others what they may not do themselves yet.
            if let Some(owed) = Owed::of(app, &account) {
                visitor.record("unlock_refused", name, "").await?;
                return Err(owed.problem());
            }
            app.throttle.succeeded_inside(name, &desk);
            return Ok(account.username);
        }
    }
    visitor.record("unlock_refused", name, "").await?;
    let detail = "name, password or code is wrong, or this account may unlock nobody's screen";
    Err(Problem::new(StatusCode::FORBIDDEN, "bad_credentials", detail))
}
