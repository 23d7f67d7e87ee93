//! Health, readiness, metrics, and the description of the interface.

use super::{App, problem::Problem};
use crate::health::{HealthView, Status};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

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

pub(super) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (app.metrics)())
}

pub(super) async fn openapi() -> Result<impl IntoResponse, Problem> {
    let text = super::openapi_json().map_err(|error| {
        tracing::error!(event = "openapi_failed", %error);
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "this is our fault; it is in the log")
    })?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text))
}
