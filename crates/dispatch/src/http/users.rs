//! Accounts, for the administrator: who there is, shutting somebody out, letting them in again.

use super::{
    App, invitations,
    page::Paging,
    problem::Problem,
    session::Visitor,
    words::{SHORT, hides_what_it_holds, optional, unprocessable},
};
use crate::view::Page;
use access::{Action, Role, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use model::{Division, StationId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Account, ChangeUser, StoreError, UserChange};
use utoipa::ToSchema;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserItem {
    /// The name to log in with.
    username: String,
    /// The name others see.
    display_name: String,
    /// What the account is for.
    role: Role,
    /// The division whose residents the account is for; null: everybody's.
    #[schema(value_type = Option<String>)]
    scope: Option<Division>,
    /// Of station staff: where they work.
    #[schema(value_type = Option<String>)]
    station: Option<StationId>,
    /// A code is asked for at log-in.
    second_factor: bool,
    /// The password must be changed before anything else.
    must_change_password: bool,
    /// Since when the account is shut out.
    #[schema(value_type = Option<String>, format = DateTime)]
    disabled_at: Option<Timestamp>,
}

impl From<Account> for UserItem {
    fn from(account: Account) -> Self {
        Self {
            username: account.username,
            display_name: account.display_name,
            role: account.role,
            scope: account.scope,
            station: account.station,
            second_factor: account.has_second_factor,
            must_change_password: account.must_change_password,
            disabled_at: account.disabled_at,
        }
    }
}

/// Accounts by name: those that belong to the own part of the district.
#[utoipa::path(get, path = "/api/users", operation_id = "list_users", params(Paging), responses(
    (status = 200, body = Page<UserItem>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<UserItem>>, Problem> {
    visitor.may(Action::ManageAccounts, &Subject::Nothing, None)?;
    let limit = paging.limit()?;
    let (after, scope) = (paging.cursor.unwrap_or_default(), visitor.who.scope.as_ref());
    let found = app.shared.store.accounts(&after, scope, visitor.now(), limit).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(|last| last.username.clone());
    visitor.record("list_users", "users", format!("{} shown", found.len())).await?;
    Ok(Json(Page { items: found.into_iter().map(UserItem::from).collect(), next }))
}

/// What changes about an account: one of these.
#[derive(Deserialize, ToSchema)]
pub struct UserUpdate {
    /// Whether the account is shut out.
    disabled: Option<bool>,
    /// The code of the division whose residents the account is for; the empty text: everybody's.
    scope: Option<String>,
    /// Of station staff: where they work; the empty text: nowhere.
    station: Option<String>,
    /// Where they are reached by message when the ladder calls them; the empty text: nowhere.
    telephone: Option<String>,
}

hides_what_it_holds!(UserUpdate);

/// Shuts an account out, which also logs it out everywhere, lets it in again, or says whose residents it is for, or
/// at which station its owner works.
#[utoipa::path(put, path = "/api/users/{username}", operation_id = "change_user", params(("username" = String, Path)),
    request_body = UserUpdate, responses(
    (status = 200, body = UserItem), (status = 404, body = super::problem::ProblemView),
    (status = 422, body = super::problem::ProblemView, description = "It is the own account, or no such division.")))]
pub async fn change(
    State(app): State<App>,
    visitor: Visitor,
    Path(username): Path<String>,
    Json(request): Json<UserUpdate>,
) -> Result<Json<UserItem>, Problem> {
    visitor.may(Action::ManageAccounts, &Subject::Nothing, None)?;
    let account = find(&app, &username).await?;
    let is_within = match &request {
        UserUpdate { scope: None, station: None, telephone: None, .. } => keeps(&visitor, &account).await?,
        // Whoever sees everybody is narrowed, moved and reached elsewhere by those who keep the whole.
        UserUpdate { .. } => visitor.who.may_give(account.scope.as_ref()),
    };
    visitor.may(Action::ManageAccounts, &Subject::Account { is_within }, None)?;
    if username == visitor.who.username {
        return Err(unprocessable(
            "nobody shuts out or narrows their own account; another administrator does",
        ));
    }
    let (change, account, action, detail) = match request {
        UserUpdate { disabled: Some(disabled), scope: None, station: None, telephone: None } => {
            let disabled_at = disabled.then(|| visitor.now());
            let action = if disabled { "shut_out_user" } else { "let_in_user" };
            (UserChange::Disabled(disabled_at), Account { disabled_at, ..account }, action, String::new())
        }
        UserUpdate { disabled: None, scope: Some(code), station: None, telephone: None } => {
            let scope = scope(&code)?;
            invitations::may_give(&visitor, scope.as_ref())?;
            let change = UserChange::Scope(scope.clone(), visitor.now());
            (change, Account { scope, ..account }, "set_scope", code)
        }
        UserUpdate { disabled: None, scope: None, station: Some(id), telephone: None } => {
            if account.role != Role::Station {
                return Err(unprocessable("only station staff work at a station"));
            }
            let station = station(&app, &id).await?;
            (UserChange::Station(station.clone()), Account { station, ..account }, "set_station", id)
        }
        UserUpdate { disabled: None, scope: None, station: None, telephone: Some(number) } => {
            let number = optional("telephone", &number, SHORT)?;
            let kept = (!number.is_empty()).then(|| (number, Box::new(app.shared.store.keys().clone())));
            (UserChange::Telephone(kept), account, "set_telephone", String::new())
        }
        UserUpdate { .. } => return Err(unprocessable("send one of: disabled, scope, station, telephone")),
    };
    let audit = vec![visitor.audit(action, &username, detail)];
    app.shared.store.write(ChangeUser { username: username.clone(), change, audit }).await?;
    app.rights_changed(&username);
    Ok(Json(UserItem::from(account)))
}

pub(super) async fn station(app: &App, id: &str) -> Result<Option<StationId>, Problem> {
    if id.trim().is_empty() {
        return Ok(None);
    }
    let no_such = || unprocessable(format!("there is no station {id:?}"));
    let id = StationId::new(id.trim()).map_err(|_shape| no_such())?;
    app.shared.store.station(&id).await?.map(|station| Some(station.id)).ok_or_else(no_such)
}

fn scope(code: &str) -> Result<Option<Division>, Problem> {
    let code = code.trim();
    if code.is_empty() {
        return Ok(None);
    }
    Division::new(code).map(Some).map_err(|error| unprocessable(error.to_string()))
}

/// Ends all sessions of an account.
#[utoipa::path(delete, path = "/api/users/{username}/sessions", operation_id = "end_user_sessions",
    params(("username" = String, Path)), responses(
    (status = 204, description = "They have ended."), (status = 404, body = super::problem::ProblemView)))]
pub async fn end_sessions(
    State(app): State<App>,
    visitor: Visitor,
    Path(username): Path<String>,
) -> Result<StatusCode, Problem> {
    visitor.may(Action::ManageSessions, &Subject::Nothing, None)?;
    find(&app, &username).await?;
    may_end_sessions(&visitor, &username).await?;
    let which = store::EndSession::OthersOf(username.clone(), visitor.token.clone());
    let audit = vec![visitor.audit("end_sessions", &username, "")];
    app.shared.store.write(store::EndSessions { which, audit }).await?;
    app.rights_changed(&username);
    Ok(StatusCode::NO_CONTENT)
}

/// Lets the visitor log an account out that belongs to their part of the district; it does not if it sees more, or other residents.
pub(super) async fn may_end_sessions(visitor: &Visitor, username: &str) -> Result<(), Problem> {
    let (scope, now) = (visitor.who.scope.as_ref(), visitor.now());
    let is_within = visitor.store.is_account_within(username, scope, now).await?;
    visitor.may(Action::ManageSessions, &Subject::Account { is_within }, None)
}

/// Whether the visitor may shut the account out: it belongs to their part of the district and to no other. A station goes to
/// everybody; a relative's residents live there, each of them.
async fn keeps(visitor: &Visitor, account: &Account) -> Result<bool, StoreError> {
    let (store, scope, now) = (&visitor.store, visitor.who.scope.as_ref(), visitor.now());
    if !store.is_account_within(&account.username, scope, now).await? {
        return Ok(false);
    }
    if scope.is_none() || account.role != Role::Relative {
        return Ok(true);
    }
    for grant in store.grants(&account.username).await? {
        if grant.runs(now) && !visitor.who.covers(store.division_of(&grant.resident).await?.as_ref()) {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) async fn find(app: &App, username: &str) -> Result<Account, Problem> {
    app.shared.store.account(username).await?.ok_or_else(|| Problem::not_found("account"))
}
