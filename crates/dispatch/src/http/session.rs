//! Who asks: the session's cookie, and what goes on record about the asker.

use super::{App, problem::Problem};
use access::{Action, Decision, Subject, Who, decide};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use model::{SignedDuration, Timestamp};
use std::net::SocketAddr;
use store::{AuditRow, Clock, ExtendSession, Store};

/// The name of the cookie.
pub const COOKIE: &str = "jujiale_session";

/// How long a session runs that nobody uses.
pub(super) const SESSION_RUNS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Somebody with a running session.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The account.
    pub who: Who,
    /// The name others see.
    pub display_name: String,
    /// The peer's address.
    pub source: String,
    pub(super) token: String,
    store: Store,
    clock: Clock,
}

impl Visitor {
    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether the session still runs. A store that cannot be read ends nobody's session.
    pub async fn is_still_in(&self) -> bool {
        self.store.account_of(&self.token, self.now()).await.map_or(true, |found| found.is_some())
    }

    /// Lets the session run on: a desk on duty is never logged out.
    pub async fn stay(&self) {
        let now = self.now();
        let after = |time: SignedDuration| now.checked_add(time).unwrap_or(now);
        let extend = ExtendSession {
            token: self.token.clone(),
            unless_beyond: after(SESSION_RUNS / 2),
            expires_at: after(SESSION_RUNS),
        };
        if let Err(error) = self.store.write(extend).await {
            tracing::warn!(event = "session_not_extended", %error);
        }
    }

    /// Lets the account do it, or says why not. A decision that needs a reason needs one that is not blank.
    pub(super) fn may(&self, action: Action, subject: &Subject, reason: Option<&str>) -> Result<(), Problem> {
        match decide(&self.who, action, subject, self.now()) {
            Decision::Allowed => Ok(()),
            Decision::AllowedWithReason if reason.is_some_and(|reason| !reason.trim().is_empty()) => Ok(()),
            Decision::AllowedWithReason => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "reason_required",
                "no incident about this resident is open; say why you look with ?reason=…, it goes on record",
            )),
            Decision::Refused(why) => Err(Problem::forbidden(why)),
        }
    }

    /// What goes on record about an act or a look.
    pub(super) fn audit(&self, action: &str, subject: &str, detail: impl Into<String>) -> AuditRow {
        AuditRow {
            at: self.now(),
            username: self.who.username.clone(),
            source: self.source.clone(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: detail.into(),
        }
    }
}

/// The session's token among the cookies.
pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| token.to_owned())
}

/// The peer's address without its port.
pub(super) fn source(parts: &Parts) -> String {
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or_else(|| "unknown".to_owned(), |ConnectInfo(peer)| peer.ip().to_string())
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let log_in =
            || Problem::new(StatusCode::UNAUTHORIZED, "not_logged_in", "log in first: POST /api/session");
        let token = token(&parts.headers).ok_or_else(log_in)?;
        let store = app.shared.store.clone();
        let clock = app.shared.clock;
        let account = store.account_of(&token, clock.now()).await?.ok_or_else(log_in)?;
        let granted = store.grants(&account.username).await?;
        Ok(Self {
            who: Who { username: account.username, role: account.role, granted },
            display_name: account.display_name,
            source: source(parts),
            token,
            store,
            clock,
        })
    }
}
