//! What everybody may change about their own account: the password and the second factor.

use super::{
    App, login, passwords,
    problem::Problem,
    session::Visitor,
    words::{hides_what_it_holds, unprocessable},
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use store::{ChangeUser, OfferSecondFactor, UserChange};
use utoipa::ToSchema;

/// A new password.
#[derive(Deserialize, ToSchema)]
pub struct NewPassword {
    /// The password that holds now.
    old: String,
    /// The one that holds from now on.
    new: String,
    /// The present code of the second factor, where the account has one.
    code: Option<String>,
}

/// A code of the second factor.
#[derive(Deserialize, ToSchema)]
pub struct OneTimeCode {
    /// Six digits.
    code: String,
}

/// The password, once more.
#[derive(Deserialize, ToSchema)]
pub struct Password {
    /// The password that holds now.
    password: String,
}

/// What takes the second factor off: both that one logs in with.
#[derive(Deserialize, ToSchema)]
pub struct PasswordAndCode {
    /// The password that holds now.
    password: String,
    /// The present code.
    code: Option<String>,
}

/// A second factor that is not confirmed yet.
#[derive(Serialize, ToSchema)]
pub struct SecondFactor {
    /// The shared secret, for an app that cannot read the QR code.
    secret: String,
    /// What the QR code says.
    otpauth: String,
}

hides_what_it_holds!(NewPassword OneTimeCode Password PasswordAndCode SecondFactor);

/// Changes the own password. All other sessions of the account end.
#[utoipa::path(post, path = "/api/me/password", request_body = NewPassword, responses(
    (status = 204, description = "It holds from now on."),
    (status = 403, body = super::problem::ProblemView, description = "The old password is wrong, or a code is asked for (`code_required`) or wrong (`bad_code`)."),
    (status = 422, body = super::problem::ProblemView, description = "The new one may not be used; the detail says why.")))]
pub async fn change_password(
    State(app): State<App>,
    visitor: Visitor,
    Json(request): Json<NewPassword>,
) -> Result<StatusCode, Problem> {
    is_own_password(&app, &visitor, request.old.clone()).await?;
    is_own_code(&app, &visitor, request.code.as_deref()).await?;
    if request.old == request.new {
        return Err(unprocessable("the new password is the old one"));
    }
    let username = visitor.who.username.clone();
    let hash = passwords::hash_new(&app, &username, &request.new).await?;
    let audit = vec![visitor.audit("change_password", &username, "")];
    let change = UserChange::Password { hash, at: visitor.now(), stays: Some(visitor.token.clone()) };
    let change = ChangeUser { username: username.clone(), change, audit };
    app.shared.store.write(change).await?;
    app.rights_changed(&username);
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever finds an open desk does not change its password by guessing.
pub(super) async fn is_own_password(app: &App, visitor: &Visitor, password: String) -> Result<(), Problem> {
    let (username, session, now) = (&visitor.who.username, visitor.desk(), visitor.now());
    let _trying = login::try_inside(app, username, &session, now)?;
    let account = app.shared.store.account(username).await?;
    let hash = account.map(|account| account.password_hash).unwrap_or_default();
    if passwords::in_turn(app, move |memory| memory.verify(password.as_bytes(), &hash)).await? {
        app.throttle.succeeded_inside(username, &session);
        return Ok(());
    }
    visitor.record("password_refused", username, "").await?;
    Err(Problem::new(StatusCode::FORBIDDEN, "bad_credentials", "this is not the account's password"))
}

/// Whoever has seen the password at an open desk has not got the second factor, where there is one.
async fn is_own_code(app: &App, visitor: &Visitor, code: Option<&str>) -> Result<(), Problem> {
    if !visitor.has_second_factor {
        return Ok(());
    }
    let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
        let detail = "this account has a second factor: send the present code as code";
        return Err(Problem::new(StatusCode::FORBIDDEN, "code_required", detail));
    };
    let (username, now) = (&visitor.who.username, visitor.now());
    // What it is for goes on record with what is done.
    if passwords::use_code(app, username, &visitor.desk(), code, now, Vec::new()).await? {
        return Ok(());
    }
    visitor.record("code_refused", username, "").await?;
    let detail = "the code is wrong or was used before; wait for the next one";
    Err(Problem::new(StatusCode::FORBIDDEN, "bad_code", detail))
}

/// Offers the own account a second factor; it counts from its first code on.
#[utoipa::path(post, path = "/api/me/totp", request_body = Password, responses(
    (status = 200, body = SecondFactor),
    (status = 403, body = super::problem::ProblemView, description = "The password is wrong."),
    (status = 409, body = super::problem::ProblemView, description = "The account has one; take it off first.")))]
pub async fn offer_code(
    State(app): State<App>,
    visitor: Visitor,
    Json(request): Json<Password>,
) -> Result<Json<SecondFactor>, Problem> {
    is_own_password(&app, &visitor, request.password).await?;
    if visitor.has_second_factor {
        let detail = "this account has a second factor; take it off first";
        return Err(Problem::new(StatusCode::CONFLICT, "has_second_factor", detail));
    }
    let (username, secret) = (visitor.who.username.clone(), passwords::new_secret()?);
    let keys = app.shared.store.keys().clone();
    let audit = vec![visitor.audit("offer_second_factor", &username, "")];
    let offer = OfferSecondFactor { username: username.clone(), secret: secret.clone(), keys, audit };
    app.shared.store.write(offer).await?;
    Ok(Json(SecondFactor { otpauth: passwords::otpauth(&username, &secret), secret }))
}

/// Confirms the own second factor with its first code; from now on one is asked for at log-in.
#[utoipa::path(put, path = "/api/me/totp", request_body = OneTimeCode, responses(
    (status = 204, description = "A code is asked for from now on."),
    (status = 403, body = super::problem::ProblemView, description = "The code is wrong.")))]
pub async fn confirm_code(
    State(app): State<App>,
    visitor: Visitor,
    Json(request): Json<OneTimeCode>,
) -> Result<StatusCode, Problem> {
    let (username, now) = (&visitor.who.username, visitor.now());
    let audit = vec![visitor.audit("add_second_factor", username, "")];
    if !passwords::use_code(&app, username, &visitor.desk(), &request.code, now, audit).await? {
        visitor.record("code_refused", username, "").await?;
        let detail =
            "the code is wrong; are the clocks of the telephone and of the platform's machine right?";
        return Err(Problem::new(StatusCode::FORBIDDEN, "bad_code", detail));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the own second factor off. Whose telephone is gone asks an administrator for a link to a new password.
#[utoipa::path(delete, path = "/api/me/totp", request_body = PasswordAndCode, responses(
    (status = 204, description = "No code is asked for any more."),
    (status = 403, body = super::problem::ProblemView, description = "The password is wrong, or a code is asked for (`code_required`) or wrong (`bad_code`).")))]
pub async fn remove_code(
    State(app): State<App>,
    visitor: Visitor,
    Json(request): Json<PasswordAndCode>,
) -> Result<StatusCode, Problem> {
    is_own_password(&app, &visitor, request.password).await?;
    is_own_code(&app, &visitor, request.code.as_deref()).await?;
    let username = visitor.who.username.clone();
    let audit = vec![visitor.audit("remove_second_factor", &username, "")];
    app.shared.store.write(ChangeUser { username, change: UserChange::NoSecondFactor, audit }).await?;
    Ok(StatusCode::NO_CONTENT)
}
