//! Logging in and out.

use super::{
    App,
    crowd::{self, Here},
    fresh, lasting,
    passwords::{self, Checked},
    problem::Problem,
    serve::Encrypted,
    session::{self, COOKIE, Owed, Visitor},
    throttle::Wait,
};
use crate::view::ResidentRef;
use access::{Action, Role, Subject};
use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{AppendHeaders, IntoResponse},
};
use model::{Division, SignedDuration, StationId, Timestamp};
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, net::IpAddr};
use store::{
    Account, AddSession, AuditRow, EndSession, EndSessions, Session, SessionsOf, StoreError, WriteAudit,
};
use utoipa::ToSchema;

/// How long a browser keeps the cookie: as long as browsers allow. Whether the session runs is said here.
const COOKIE_KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Who wants to log in.
#[derive(Deserialize, ToSchema)]
pub struct LogIn {
    /// The account's name.
    username: String,
    /// Its password.
    password: String,
    /// The present code of its second factor, where it has one.
    code: Option<String>,
}

impl std::fmt::Debug for LogIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogIn").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Who is logged in.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own to whoever reads it")]
pub struct Me {
    /// The account's name.
    username: String,
    /// The name others see.
    display_name: String,
    /// What the account is for.
    role: Role,
    /// Somebody else chose the password: nothing is done before it is changed.
    must_change_password: bool,
    /// A code is asked for at log-in.
    second_factor: bool,
    /// The role logs in with a second factor: nothing is done before one is added.
    must_add_second_factor: bool,
    /// The division whose residents the account is for; null: everybody's.
    #[schema(value_type = Option<String>)]
    scope: Option<Division>,
    /// Of station staff: where they work.
    #[schema(value_type = Option<String>)]
    station: Option<StationId>,
    /// The screen is locked.
    locked: bool,
    /// Of a relative: whom they may see now. Null where that is not told: at log-in, and while something is to be done first.
    residents: Option<Vec<ResidentRef>>,
}

impl Me {
    pub(super) fn new(app: &App, account: Account) -> Self {
        Self {
            must_add_second_factor: app.demands_second_factor(account.role) && !account.has_second_factor,
            scope: account.scope,
            station: account.station,
            username: account.username,
            display_name: account.display_name,
            role: account.role,
            must_change_password: account.must_change_password,
            second_factor: account.has_second_factor,
            locked: false,
            residents: None,
        }
    }
}

/// Where a request comes from.
#[derive(Debug)]
pub struct Source {
    /// The peer's address.
    pub(super) address: String,
    /// The same, where it is known.
    pub(super) peer: Option<IpAddr>,
    /// The network it is counted by.
    pub(super) network: String,
    /// What the browser says it is.
    pub(super) agent: String,
    /// Whether the connection is encrypted.
    pub(super) encrypted: bool,
}

impl<S: Sync> FromRequestParts<S> for Source {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            peer: session::peer(parts),
            network: session::network(parts),
            address: session::source(parts),
            agent: session::agent(&parts.headers),
            encrypted: parts.extensions.get::<Encrypted>().is_some(),
        })
    }
}

impl Source {
    /// What goes on record of somebody who has no session yet.
    pub(super) fn audit(&self, at: Timestamp, username: &str, action: &str, subject: &str) -> AuditRow {
        AuditRow {
            at,
            username: username.chars().filter(|sign| !sign.is_control()).take(64).collect(),
            source: self.address.clone(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: String::new(),
        }
    }

    /// A session that begins now.
    pub(super) fn session(
        &self,
        username: &str,
        role: Role,
        now: Timestamp,
        audit: Vec<AuditRow>,
    ) -> Result<AddSession, Problem> {
        Ok(AddSession {
            username: username.to_owned(),
            token: fresh::token()?,
            at: now,
            expires_at: lasting::unused(role, now),
            source: self.address.clone(),
            agent: self.agent.clone(),
            audit,
        })
    }
}

/// The cookie that is the session. One that was set on an encrypted connection is sent on such ones alone.
pub(super) fn cookie(token: &str, source: &Source) -> AppendHeaders<[(header::HeaderName, String); 1]> {
    let kept = COOKIE_KEPT.as_secs();
    let secure = if source.encrypted { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={kept}{secure}");
    AppendHeaders([(header::SET_COOKIE, cookie)])
}

/// Begins a try, or says no while somebody has failed too often here. Failures end no session and lock out nobody
/// elsewhere; a try counts as one until it [`succeeds`]. What comes back is to be held until the password is checked.
pub(super) async fn try_once(
    app: &App,
    name: &str,
    source: &Source,
    now: Timestamp,
) -> Result<Trying, Problem> {
    let trying = enter(app, name, source)?;
    let mut begun = app.throttle.begin(name, &source.network, now);
    if matches!(begun, Err(Wait::Strangers(_))) && is_at_home(app, name, source, now).await? {
        app.throttle.note_home(&source.network, now);
        begun = app.throttle.begin(name, &source.network, now);
    }
    let Err(Wait::Here(wait_s) | Wait::Strangers(wait_s)) = begun else { return Ok(trying) };
    Err(passwords::throttled(wait_s))
}

/// The same for somebody who is logged in, counted by their session: whoever tries from the same network from outside holds
/// nobody up who sits before a locked desk.
pub(super) fn try_inside(app: &App, name: &str, session: &str, now: Timestamp) -> Result<Trying, Problem> {
    name_fits(name)?;
    app.throttle.begin_inside(name, session, now).map_err(passwords::throttled)?;
    // Without a place among those of its address: who fills these from outside keeps no desk locked.
    Ok(Trying(None))
}

fn enter(app: &App, name: &str, source: &Source) -> Result<Trying, Problem> {
    let place = source.peer.map(|peer| app.checking.enter(peer).ok_or_else(crowded)).transpose()?;
    name_fits(name)?;
    Ok(Trying(place))
}

fn name_fits(name: &str) -> Result<(), Problem> {
    if name.chars().count() > NAME_CHARACTERS {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "bad_credentials", "no name is that long"));
    }
    Ok(())
}

/// Whether a session of the account was begun in the network of whoever tries.
async fn is_at_home(app: &App, name: &str, source: &Source, now: Timestamp) -> Result<bool, StoreError> {
    let theirs = SessionsOf { username: Some(name), scope: None };
    let sessions = app.shared.store.sessions(&theirs, None, LOOKED_AT, now).await?;
    let network =
        |address: &str| address.parse::<IpAddr>().map(|address| crowd::network(address).to_string());
    Ok(sessions.iter().any(|session| network(&session.source).is_ok_and(|known| known == source.network)))
}

/// A try of a password, and its place among those of its address.
#[derive(Debug)]
#[must_use]
pub(super) struct Trying(#[expect(dead_code, reason = "it is held, not read")] Option<Here>);

/// Of the sessions of somebody who is guessed at; nobody is at so many places.
const LOOKED_AT: u32 = 500;
/// What a log-in that failed is on record as.
const FAILED: &str = "log_in_failed";
/// What is remembered of failures has no room for more.
const NAME_CHARACTERS: usize = 64;
const CROWDED_S: u64 = 2;

fn crowded() -> Problem {
    let detail = "too many log-ins from this address wait to be checked; try again";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "crowded", detail).retry_after(CROWDED_S)
}

/// What was tried was right: nothing of before counts any more.
pub(super) fn succeeds(app: &App, name: &str, source: &Source, now: Timestamp) {
    app.throttle.succeeded(name, &source.network, now);
}

/// Logs in.
#[utoipa::path(post, path = "/api/session", request_body = LogIn, responses(
    (status = 200, body = Me, description = "Logged in; the cookie jujiale_session is the session."),
    (status = 401, body = super::problem::ProblemView, description = "Name or password is wrong (`bad_credentials`), or a code is asked for (`code_required`) or wrong (`bad_code`)."),
    (status = 403, body = super::problem::ProblemView, description = "The account has been shut out."),
    (status = 429, body = super::problem::ProblemView, description = "Too many failures or requests; wait.")))]
pub async fn log_in(
    State(app): State<App>,
    source: Source,
    Json(request): Json<LogIn>,
) -> Result<impl IntoResponse, Problem> {
    let (now, username) = (app.shared.clock.now(), &request.username);
    let _trying = try_once(&app, username, &source, now).await?;
    let (password, code) = (request.password, request.code.as_deref());
    let checked = passwords::check(&app, username, &source.network, password, code, now).await?;
    let (action, refusal) = match checked {
        Checked::Right(account) => {
            succeeds(&app, username, &source, now);
            let audit = vec![source.audit(now, username, "log_in", "session")];
            let session = source.session(&account.username, account.role, now, audit)?;
            let cookie = cookie(&session.token, &source);
            app.shared.store.write(session).await?;
            return Ok((cookie, Json(Me::new(&app, account))));
        }
        // Nothing was guessed: the password was right and the code not asked for yet. Whoever has only the password stops here.
        Checked::CodeMissing => {
            let detail = "this account has a second factor: send the present code as code";
            ("log_in_without_code", Problem::new(StatusCode::UNAUTHORIZED, "code_required", detail))
        }
        Checked::Wrong => {
            let detail = "the name or the password is wrong";
            (FAILED, Problem::new(StatusCode::UNAUTHORIZED, "bad_credentials", detail))
        }
        Checked::CodeWrong => {
            let detail = "the code is wrong or was used before; wait for the next one";
            (FAILED, Problem::new(StatusCode::UNAUTHORIZED, "bad_code", detail))
        }
        Checked::ShutOut => {
            let detail = "this account has been shut out; ask an administrator";
            (FAILED, Problem::new(StatusCode::FORBIDDEN, "shut_out", detail))
        }
    };
    app.shared.store.write(WriteAudit(vec![source.audit(now, username, action, "session")])).await?;
    Err(refusal)
}

/// Logs out.
#[utoipa::path(delete, path = "/api/session", responses((status = 204, description = "Logged out.")))]
pub async fn log_out(
    State(app): State<App>,
    source: Source,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let (store, now) = (&app.shared.store, app.shared.clock.now());
    if let Some(token) = session::token(&headers) {
        let session = store.session(&token, now).await?;
        let row =
            |(session, _): (Session, Account)| source.audit(now, &session.username, "log_out", "session");
        let left = session.as_ref().map(|(session, _)| session.username.clone());
        let audit = session.into_iter().map(row).collect();
        store.write(EndSessions { which: EndSession::Token(token), audit }).await?;
        if let Some(username) = left {
            app.hub.attendance().left(&username);
        }
    }
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
}

/// Who is logged in.
#[utoipa::path(get, path = "/api/me", responses(
    (status = 200, body = Me),
    (status = 401, body = super::problem::ProblemView, description = "Nobody.")))]
pub async fn me(State(app): State<App>, visitor: Visitor) -> Result<Json<Me>, Problem> {
    let tells_names = !visitor.is_locked && visitor.owes.is_none();
    let residents = if tells_names { Some(seen_by(&app, &visitor).await?) } else { None };
    Ok(Json(Me {
        username: visitor.who.username,
        display_name: visitor.display_name,
        role: visitor.who.role,
        must_change_password: visitor.owes == Some(Owed::Password),
        second_factor: visitor.has_second_factor,
        must_add_second_factor: visitor.owes == Some(Owed::SecondFactor),
        scope: visitor.who.scope,
        station: visitor.who.station,
        locked: visitor.is_locked,
        residents,
    }))
}

/// Whom a relative may see now. Whoever looks people up holds no grants, and is told nobody.
async fn seen_by(app: &App, visitor: &Visitor) -> Result<Vec<ResidentRef>, Problem> {
    let mut seen: Vec<ResidentRef> = Vec::new();
    for id in visitor.who.granted.iter().map(|grant| &grant.resident) {
        let subject = Subject::Resident { id: id.clone(), has_open_incident: false, division: None };
        if seen.iter().all(|known| known.id != *id)
            && visitor.may(Action::ReadResident, &subject, None).is_ok()
            && let Some(name) = app.shared.store.resident_name(id).await?
        {
            seen.push(ResidentRef { id: id.clone(), name });
        }
    }
    Ok(seen)
}
