//! A relative's invitation used by somebody who has an account already: whose grant ended and was agreed to anew, or who has two
//! parents here.

use super::{App, invitations, problem::Problem, session::Visitor, words::unprocessable};
use access::Role;
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use store::JobError;
use utoipa::ToSchema;

/// What is used.
#[derive(Deserialize, ToSchema)]
pub struct Redemption {
    /// The secret in the invitation's link.
    code: String,
}

impl std::fmt::Debug for Redemption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redemption").finish_non_exhaustive()
    }
}

/// Uses a relative's invitation for the account that is logged in; its screens begin anew with whom it may see now.
#[utoipa::path(post, path = "/api/me/grants", operation_id = "redeem_invitation", request_body = Redemption, responses(
    (status = 204, description = "The account may see the resident from now on."),
    (status = 404, body = super::problem::ProblemView, description = "The invitation opens nothing any more."),
    (status = 422, body = super::problem::ProblemView, description = "It is none for a relative, or the account is none.")))]
pub async fn redeem(
    State(app): State<App>,
    visitor: Visitor,
    Json(request): Json<Redemption>,
) -> Result<StatusCode, Problem> {
    let (username, now) = (visitor.who.username.clone(), visitor.now());
    if visitor.who.role != Role::Relative {
        return Err(unprocessable("this account is no relative's; log in with that of a relative"));
    }
    let it = invitations::held(&app, &request.code, now).await?;
    let grant = invitations::grant(&app, &it, &username, now).await?;
    let grant = grant.ok_or_else(|| unprocessable("this invitation is for an account of its own"))?;
    let audit = vec![visitor.audit("join", grant.resident.as_str(), it.id)];
    let redeem = store::Redeem { code: request.code, grant, audit };
    app.shared.store.write(redeem).await.map_err(|error| match error {
        JobError::Conflict => invitations::void(),
        error => error.into(),
    })?;
    app.rights_changed(&username);
    Ok(StatusCode::NO_CONTENT)
}
