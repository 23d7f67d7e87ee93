//! Logging in and out.

use super::{
    App, hexadecimal,
    problem::Problem,
    session::{self, COOKIE, SESSION_RUNS, Visitor},
};
use access::Role;
use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{AppendHeaders, IntoResponse},
};
use model::SignedDuration;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use store::{Account, AddSession, AuditRow, EndSession, WriteAudit, secrets};
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
}

impl std::fmt::Debug for LogIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogIn").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Who is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The account's name.
    username: String,
    /// The name others see.
    display_name: String,
    /// What the account is for.
    role: Role,
}

/// The peer's address.
#[derive(Debug)]
pub struct Source(String);

impl<S: Sync> FromRequestParts<S> for Source {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(session::source(parts)))
    }
}

/// Logs in.
#[utoipa::path(post, path = "/api/session", request_body = LogIn, responses(
    (status = 200, body = Me, description = "Logged in; the cookie jujiale_session is the session."),
    (status = 401, body = super::problem::ProblemView, description = "Name or password is wrong."),
    (status = 429, body = super::problem::ProblemView, description = "Too many failures; wait.")))]
pub async fn log_in(
    State(app): State<App>,
    Source(source): Source,
    Json(request): Json<LogIn>,
) -> Result<impl IntoResponse, Problem> {
    let now = app.shared.clock.now();
    if let Some(wait_s) = app.throttle.wait_s(&request.username, &source, now) {
        let detail = format!("too many failed attempts; try again in {wait_s} s");
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail).retry_after(wait_s));
    }
    let account = app.shared.store.account(&request.username).await?;
    let record = |action: &str| AuditRow {
        at: now,
        username: request.username.chars().take(64).collect(),
        source: source.clone(),
        action: action.to_owned(),
        subject: "session".to_owned(),
        detail: String::new(),
    };
    let Some(account) = verified(&app, account, request.password.clone()).await? else {
        app.throttle.failed(&request.username, &source, now);
        app.shared.store.write(WriteAudit(vec![record("log_in_failed")])).await?;
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "bad_credentials",
            "the name or the password is wrong",
        ));
    };
    app.throttle.succeeded(&request.username, &source);
    let token = new_token()?;
    let expires_at = now.checked_add(SESSION_RUNS).unwrap_or(now);
    let session =
        AddSession { username: account.username.clone(), token: token.clone(), at: now, expires_at };
    app.shared.store.write(session).await?;
    app.shared.store.write(WriteAudit(vec![record("log_in")])).await?;
    let cookie =
        format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}", COOKIE_KEPT.as_secs());
    let me = Me { username: account.username, display_name: account.display_name, role: account.role };
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(me)))
}

/// The account, if the password is its own. A name nobody has takes as long as a wrong password.
async fn verified(app: &App, account: Option<Account>, password: String) -> Result<Option<Account>, Problem> {
    let failed = |detail: String| {
        tracing::error!(event = "log_in_failed", detail);
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "logging in is not possible now; try again",
        )
    };
    let _turn = app.hashing.acquire().await.map_err(|error| failed(error.to_string()))?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let check = move || match hash {
        Some(hash) => secrets::verify(password.as_bytes(), &hash),
        None => secrets::decoy_hash().is_ok_and(|_| false),
    };
    let is_right = tokio::task::spawn_blocking(check).await.map_err(|error| failed(error.to_string()))?;
    Ok(account.filter(|_| is_right))
}

fn new_token() -> Result<String, Problem> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(event = "no_randomness", %error);
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "logging in is not possible now; try again",
        )
    })?;
    Ok(hexadecimal(&bytes))
}

/// Logs out.
#[utoipa::path(delete, path = "/api/session", responses((status = 204, description = "Logged out.")))]
pub async fn log_out(State(app): State<App>, headers: HeaderMap) -> Result<impl IntoResponse, Problem> {
    if let Some(token) = session::token(&headers) {
        app.shared.store.write(EndSession(token)).await?;
    }
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
}

/// Who is logged in.
#[utoipa::path(get, path = "/api/me", responses(
    (status = 200, body = Me),
    (status = 401, body = super::problem::ProblemView, description = "Nobody.")))]
pub async fn me(visitor: Visitor) -> Json<Me> {
    Json(Me { username: visitor.who.username, display_name: visitor.display_name, role: visitor.who.role })
}
