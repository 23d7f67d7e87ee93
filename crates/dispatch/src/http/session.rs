//! Who asks: the session's cookie, and what goes on record about the asker.

use super::{
    App,
    breadth::{Breadth, MANY},
    case_looks::about_now,
    crowd,
    lasting::{Lately, Use},
    places::Guest,
    problem::Problem,
    refusals,
};
use access::{Action, Answer, Role, Sight, Subject, Who, answer, decide};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, StatusCode, header, request::Parts},
};
use model::{ResidentId, Timestamp};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use store::{Account, AuditRow, Clock, JobError, Look, RecordLook, Session, Store, StoreError, WriteAudit};
use tokio::time::timeout;

/// The name of the cookie.
pub const COOKIE: &str = "jujiale_session";

/// How long it may hold up an answer to write that a session is in use, which is once an hour or less.
const STAYS_WITHIN: Duration = Duration::from_millis(200);

/// What may be asked while the screen is locked: who it is, to unlock it, to log out, and to hear that something is up.
const OPEN_WHILE_LOCKED: [&str; 4] = ["/api/me", "/api/session", "/api/session/unlock", "/api/live"];
/// What may be asked before a password that somebody else chose is changed.
const OPEN_BEFORE_CHANGE: [&str; 3] = ["/api/me", "/api/me/password", "/api/session"];
/// What may be asked before a second factor that is asked of the role is there.
const OPEN_BEFORE_FACTOR: [&str; 4] = ["/api/me", "/api/me/password", "/api/me/totp", "/api/session"];

/// What an account has to do before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owed {
    /// Somebody else chose the password.
    Password,
    /// The role is asked for a second factor, and the account has none yet.
    SecondFactor,
}

impl Owed {
    /// What this account owes.
    pub(super) fn of(app: &App, account: &Account) -> Option<Self> {
        if account.must_change_password {
            return Some(Self::Password);
        }
        let owes_factor = app.demands_second_factor(account.role) && !account.has_second_factor;
        owes_factor.then_some(Self::SecondFactor)
    }

    fn leaves_open(self) -> &'static [&'static str] {
        match self {
            Self::Password => &OPEN_BEFORE_CHANGE,
            Self::SecondFactor => &OPEN_BEFORE_FACTOR,
        }
    }

    pub(super) fn problem(self) -> Problem {
        let (code, detail) = match self {
            Self::Password => (
                "password_change_required",
                "somebody else chose this password; change it first: POST /api/me/password",
            ),
            Self::SecondFactor => (
                "second_factor_required",
                "this role logs in with a second factor; add one first: POST /api/me/totp",
            ),
        };
        Problem::new(StatusCode::FORBIDDEN, code, detail)
    }
}

/// A look at a resident that is allowed.
#[derive(Debug)]
pub(super) struct Glance {
    resident: ResidentId,
    /// How much of them is shown.
    pub(super) sight: Sight,
    needed_reason: bool,
    why: String,
}

/// Somebody with a running session.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The account.
    pub who: Who,
    /// The name others see.
    pub display_name: String,
    /// The peer's address.
    pub source: String,
    /// Whether the screen is locked: names and positions are not shown.
    pub is_locked: bool,
    pub(super) has_second_factor: bool,
    /// What the account has to do before anything else.
    pub(super) owes: Option<Owed>,
    pub(super) session: Session,
    pub(super) token: String,
    pub(super) store: Store,
    /// When sessions were last in use.
    pub(super) lately: Arc<Lately>,
    clock: Clock,
    /// At how many people each account looks; unknown to a live screen, which shows what is open.
    breadth: Option<Arc<Breadth>>,
}

impl Visitor {
    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The session of this token, if it still runs, with what its account holds now.
    async fn of(
        token: &str,
        source: String,
        store: &Store,
        lately: &Arc<Lately>,
        clock: Clock,
    ) -> Result<Option<Self>, StoreError> {
        let Some((session, account)) = store.session(token, clock.now()).await? else { return Ok(None) };
        let mut who = Who { scope: account.scope, ..Who::plain(account.username, account.role) };
        if who.role == Role::Relative {
            who.granted = store.grants(&who.username).await?;
            who.withheld = store.withheld(&who.username).await?;
        }
        if let (Role::Station, Some(station)) = (who.role, account.station) {
            who.tasks = store.open_tasks(&station).await?;
            who.station = Some(station);
        }
        Ok(Some(Self {
            who,
            display_name: account.display_name,
            source,
            is_locked: session.locked_at.is_some(),
            has_second_factor: account.has_second_factor,
            owes: account.must_change_password.then_some(Owed::Password),
            session,
            token: token.to_owned(),
            store: store.clone(),
            lately: Arc::clone(lately),
            clock,
            breadth: None,
        }))
    }

    /// The name by which tries of a password at this desk are counted.
    pub(super) fn desk(&self) -> String {
        format!("session {}", self.session.id)
    }

    /// The same visitor as they stand now; nobody if the session has ended. A store that cannot be read ends nobody's
    /// session.
    pub async fn anew(&self) -> Option<Self> {
        match Self::of(&self.token, self.source.clone(), &self.store, &self.lately, self.clock).await {
            Ok(Some(mut found)) => {
                found.is_locked |= self.stays_locked(&found);
                Some(found)
            }
            // What runs on while nothing can be written is not written down as such: it did not end for that.
            Ok(None) => {
                let is_over = self.session.expires_at <= self.now();
                (is_over && self.store.health().failing.is_some()).then(|| self.clone())
            }
            Err(error) => {
                tracing::warn!(event = "session_unreadable", %error);
                Some(self.clone())
            }
        }
    }

    /// Lets the account do it, or says why not. A decision that needs a reason needs one that is not blank.
    /// A no that is what the asker is told goes on record.
    pub(super) fn may(&self, action: Action, subject: &Subject, reason: Option<&str>) -> Result<(), Problem> {
        match answer(&self.who, action, subject, reason, self.now()) {
            Answer::Allowed { .. } => Ok(()),
            Answer::ReasonNeeded => Err(reason_required()),
            Answer::Refused(why) => {
                let row = self.audit(refusals::ACCESS_REFUSED, named(subject), refused(action, why, subject));
                Err(Problem::forbidden(why).on_record(row))
            }
        }
    }

    /// Lets the account do something about a resident that is no look, or says why not.
    pub(super) async fn may_about(
        &self,
        action: Action,
        resident: &ResidentId,
        reason: Option<&str>,
    ) -> Result<(), Problem> {
        self.may(action, &self.subject(resident).await?, reason)
    }

    /// Whether the account may read of a resident, be it for a reason.
    pub(super) async fn may_hear_of(&self, resident: &ResidentId) -> Result<bool, StoreError> {
        let subject = self.subject(resident).await?;
        Ok(decide(&self.who, Action::ReadResident, &subject, self.now()).is_allowed())
    }

    async fn subject(&self, resident: &ResidentId) -> Result<Subject, StoreError> {
        let has_open_incident = self.store.has_open_incident(resident).await?;
        let division = self.store.division_of(resident).await?;
        Ok(Subject::Resident { id: resident.clone(), has_open_incident, division })
    }

    /// Lets the account look at a resident, or says why not.
    pub(super) async fn may_look(
        &self,
        action: Action,
        resident: &ResidentId,
        reason: Option<&str>,
    ) -> Result<Glance, Problem> {
        let subject = self.subject(resident).await?;
        let (sight, needed_reason) = match answer(&self.who, action, &subject, reason, self.now()) {
            Answer::Allowed { sight, needed_reason } => (sight, needed_reason),
            Answer::ReasonNeeded => return Err(reason_required()),
            Answer::Refused(why) => {
                self.record("look_refused", resident.as_str(), why).await?;
                return Err(Problem::forbidden(why));
            }
        };
        let is_in_need = matches!(subject, Subject::Resident { has_open_incident: true, .. });
        let why = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let why = why.unwrap_or(if is_in_need { "open incident" } else { "by role or grant" });
        Ok(Glance { resident: resident.clone(), sight, needed_reason, why: why.to_owned() })
    }

    /// Puts a look on record; one that needed its reason also for a supervisor to review.
    pub(super) async fn looked(&self, action: &str, glance: &Glance, detail: &str) -> Result<(), JobError> {
        let parts = [detail, &glance.why].into_iter().filter(|part| !part.is_empty());
        let detail = parts.collect::<Vec<_>>().join(": ");
        let audit = vec![self.audit(action, glance.resident.as_str(), detail)];
        self.note_breadth(&glance.resident).await?;
        if !glance.needed_reason {
            return self.store.write(WriteAudit(audit)).await;
        }
        let look = Look {
            at: self.now(),
            username: self.who.username.clone(),
            action: action.to_owned(),
            resident: glance.resident.clone(),
            reason: glance.why.clone(),
        };
        self.store.write(RecordLook { look, audit }).await
    }

    /// Puts it on record and before a supervisor if this look makes them very many people within the hour.
    pub(super) async fn note_breadth(&self, resident: &ResidentId) -> Result<(), JobError> {
        let (username, at) = (&self.who.username, self.now());
        let breadth = self.breadth.as_ref().filter(|breadth| breadth.looked(username, resident, at));
        let Some(breadth) = breadth else { return Ok(()) };
        tracing::warn!(event = "many_looks", %username, more_than = MANY);
        let reason = format!("more than {MANY} residents within the hour");
        let audit = vec![self.audit("many_looks", username, reason.as_str())];
        let (username, action) = (username.clone(), "many_looks".to_owned());
        let look = Look { at, username, action, resident: resident.clone(), reason };
        self.store.write(RecordLook { look, audit }).await?;
        breadth.told(&self.who.username, at);
        Ok(())
    }

    /// Puts an act or a look on record that changes nothing else.
    pub(super) async fn record(
        &self,
        action: &str,
        subject: &str,
        detail: impl Into<String>,
    ) -> Result<(), JobError> {
        self.store.write(WriteAudit(vec![self.audit(action, subject, detail)])).await
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

/// Whom or what a subject names; nothing of one that the address alone can tell.
fn named(subject: &Subject) -> &str {
    match subject {
        Subject::Resident { id, .. } => id.as_str(),
        Subject::Incident { id: Some(id), .. } => id.as_str(),
        Subject::Incident { id: None, .. }
        | Subject::Account { .. }
        | Subject::Nothing
        | Subject::Everybody => "",
    }
}

/// What was refused and why, and of an incident whom it is about: whoever asks who tried to look at somebody finds it too.
fn refused(action: Action, why: &str, subject: &Subject) -> String {
    let whom = match subject {
        Subject::Incident { resident, .. } => resident.as_ref(),
        Subject::Resident { .. } | Subject::Account { .. } | Subject::Nothing | Subject::Everybody => None,
    };
    about_now(format!("{action:?}: {why}"), whom)
}

fn reason_required() -> Problem {
    let detail = "no open incident is the reason; say why you look with ?reason=…, it goes on record";
    Problem::new(StatusCode::FORBIDDEN, "reason_required", detail)
}

/// Whom a list or a screen showed, as it goes on record: how many, and each by name, so that the look is found by whom it
/// was at.
pub(super) fn shown_to<'a>(residents: impl Iterator<Item = &'a ResidentId>) -> String {
    let names: Vec<&str> = residents.map(ResidentId::as_str).collect();
    if names.is_empty() {
        return "nobody shown".to_owned();
    }
    format!("{} shown: {}", names.len(), names.join(" "))
}

/// The session's token: among the cookies, or as a bearer, as other programs send it.
pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    bearer(headers).or_else(|| in_cookies(headers))
}

pub(super) fn bearer(headers: &HeaderMap) -> Option<String> {
    let told = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = told.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn in_cookies(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| token.to_owned())
}

/// Who speaks.
pub(super) fn peer(parts: &Parts) -> Option<IpAddr> {
    peer_in(&parts.extensions)
}

/// The same, of a request that is not taken apart.
pub(super) fn peer_in(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip())
}

/// The network by which a peer is counted.
pub(super) fn network(parts: &Parts) -> String {
    peer(parts).map_or_else(|| "unknown".to_owned(), |peer| crowd::network(peer).to_string())
}

/// What the browser says it is, cut to a length that fits a list.
pub(super) fn agent(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.chars().take(200).collect()
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
        let (store, clock) = (&app.shared.store, app.shared.clock);
        let found = Self::of(&token, source(parts), store, &app.lately, clock).await?;
        let mut visitor = found.ok_or_else(log_in)?;
        visitor.breadth = Some(Arc::clone(&app.breadth));
        if let Some(guest) = parts.extensions.get::<Arc<Guest>>() {
            guest.keep_place();
        }
        app.throttle.note_home(&network(parts), visitor.now());
        app.pace.note_session(&token, visitor.now());
        if visitor.owes.is_none() && app.demands_second_factor(visitor.who.role) && !visitor.has_second_factor
        {
            visitor.owes = Some(Owed::SecondFactor);
        }
        app.hub.attendance().asked(&visitor.who, visitor.now());
        if !visitor.lock_if_left().await {
            timeout(STAYS_WITHIN, visitor.stay(Use::Request)).await.unwrap_or_default();
        }
        visitor.is_free_for(parts.uri.path())?;
        Ok(visitor)
    }
}

impl Visitor {
    fn is_free_for(&self, path: &str) -> Result<(), Problem> {
        if let Some(owed) = self.owes
            && !owed.leaves_open().contains(&path)
        {
            return Err(owed.problem());
        }
        if self.is_locked && !OPEN_WHILE_LOCKED.contains(&path) {
            let detail = "the screen is locked; unlock it first: POST /api/session/unlock";
            return Err(Problem::new(StatusCode::LOCKED, "locked", detail));
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
