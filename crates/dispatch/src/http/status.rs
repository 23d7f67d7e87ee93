//! Health, readiness, metrics, and the description of the interface.

use super::{App, problem::Problem, session};
use crate::health::{HealthView, Status};
use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use std::net::SocketAddr;

/// What a proxy says of whom it speaks for.
const PASSED_ON: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// What is wrong, in full. 200 as long as the process serves: degraded is said, not hidden behind an error.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = HealthView)))]
pub async fn healthz(State(app): State<App>) -> Json<HealthView> {
    app.shared.health.look(&app.shared.store, &*app.shared.bus, &app.shared.clock);
    Json(app.shared.health.view(app.shared.clock.now()))
}

/// Whether presses can be taken and receipted now.
#[utoipa::path(get, path = "/readyz", responses(
    (status = 200, body = HealthView),
    (status = 503, body = HealthView, description = "Presses are shown unsaved, not receipted.")))]
pub async fn readyz(State(app): State<App>) -> impl IntoResponse {
    app.shared.health.look(&app.shared.store, &*app.shared.bus, &app.shared.clock);
    let view = app.shared.health.view(app.shared.clock.now());
    let cannot_write = view.status == Status::Degraded && app.shared.store.health().failing.is_some();
    let status = if cannot_write { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, Json(view))
}

/// Figures are for this machine, where a proxy may be but says so, and for whoever brings the token.
pub(super) async fn metrics(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let is_passed_on = PASSED_ON.iter().any(|name| headers.contains_key(*name));
    let is_from_here = peer.ip().to_canonical().is_loopback() && !is_passed_on;
    if !is_from_here && !app.may_measure(session::bearer(&headers).as_deref()) {
        let detail = "figures are for this machine and for whoever brings http.metrics_token as a bearer";
        return Err(Problem::new(StatusCode::FORBIDDEN, "not_for_you", detail));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (app.metrics)()))
}

pub(super) async fn openapi() -> Result<impl IntoResponse, Problem> {
    let text = super::openapi_json().map_err(|error| {
        tracing::error!(event = "openapi_failed", %error);
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "this is our fault; it is in the log")
    })?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text))
}
