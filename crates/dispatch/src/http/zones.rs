//! Zones shared by all: rivers, roads, railways, hazard areas.

use super::{
    App, drawn, fences, fresh, geojson,
    problem::Problem,
    session::Visitor,
    words::{self, SHORT, unprocessable},
};
use crate::view::Page;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use geofence::{
    shape::Limits,
    zone::{ZONES_AT_MOST, Zone, ZoneEntry},
};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{EndZone, JobError, PutZone, StoredZone};
use utoipa::ToSchema;

/// A zone as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ZoneRecord {
    /// Its id where it is given elsewhere; one is made up otherwise. Only for a new zone.
    id: Option<String>,
    /// What people call it.
    name: String,
    /// As of a fence.
    #[schema(value_type = Object)]
    shape: Value,
    /// In what the shape is drawn: `wgs84` (if nothing is said), `gcj02` or `bd09`. No place is known that a zone should hold, so nothing
    /// is asked: say it.
    datum: Option<String>,
    /// Seconds inside before it is told; the rules' own time if nothing is said.
    dwell_s: Option<f64>,
    /// Of a change: the version that was seen.
    expected_version: Option<i64>,
}

impl drawn::Drawn for ZoneRecord {
    const WHAT: &'static str = "zone";
    const LIMITS: Limits = Limits::ZONE;
    const BYTES: usize = drawn::ZONE_BYTES;
}

/// A zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct ZoneItem {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// Its shape in WGS-84.
    #[schema(value_type = Object)]
    shape: Value,
    /// Seconds inside before it is told.
    dwell_s: Option<f64>,
    /// Counts its changes.
    version: i64,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Why it is not watched, where it cannot be used any more.
    trouble: Option<String>,
}

impl From<StoredZone> for ZoneItem {
    fn from(StoredZone { entry, version, created_at, .. }: StoredZone) -> Self {
        let trouble = Zone::try_from(&entry).err().map(|error| drawn::chain(&error));
        let name = entry.name.unwrap_or_else(|| entry.id.clone());
        let ZoneEntry { id, shape, dwell_s, .. } = entry;
        Self { id, name, shape, dwell_s, version, created_at, trouble }
    }
}

/// All zones, in the order in which they were entered. With `Accept: application/geo+json` as a FeatureCollection, which `jujiale
/// zones import` reads: a circle is a Point with `radius_m` among its properties, a corridor a LineString with `width_m`.
#[utoipa::path(get, path = "/api/zones", operation_id = "list_zones", responses((status = 200, body = Page<ZoneItem>)))]
pub async fn list(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Result<Response, Problem> {
    visitor.may(Action::ReadZones, &Subject::Nothing, None)?;
    let found = app.shared.store.zones().await?;
    if geojson::is_wanted(&headers) {
        return Ok(geojson::collection(found.iter().map(|stored| stored.entry.feature())));
    }
    let items: Vec<ZoneItem> = found.into_iter().map(ZoneItem::from).collect();
    Ok(geojson::own(Page { items, next: None }))
}

/// Draws a zone. Who is in it as it comes to be lives there, and is not told of.
#[utoipa::path(post, path = "/api/zones", operation_id = "add_zone", request_body = ZoneRecord, responses(
    (status = 201, body = ZoneItem),
    (status = 409, body = super::problem::ProblemView, description = "There is a zone of this id."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn add(
    State(app): State<App>,
    visitor: Visitor,
    drawn::Body(record): drawn::Body<ZoneRecord>,
) -> Result<impl IntoResponse, Problem> {
    visitor.may(Action::ManageZones, &Subject::Nothing, None)?;
    if app.shared.store.zones().await?.len() >= ZONES_AT_MOST {
        return Err(unprocessable(format!("there are at most {ZONES_AT_MOST} zones")));
    }
    let id = record.id.clone().map_or_else(|| fresh::id("z"), |id| fences::own_id(&id))?;
    put(&app, &visitor, record, id.clone(), None).await.map_err(|error| match error {
        Refused::Conflict => {
            Problem::new(StatusCode::CONFLICT, "id_taken", "there is a zone of this id; take another")
        }
        Refused::Problem(problem) => problem,
    })?;
    Ok((StatusCode::CREATED, one(&app, &id).await?))
}

/// Changes a zone: all of it.
#[utoipa::path(put, path = "/api/zones/{id}", operation_id = "change_zone", params(("id" = String, Path)),
    request_body = ZoneRecord, responses(
    (status = 200, body = ZoneItem), (status = 404, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "Somebody else has changed it."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn change(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    drawn::Body(record): drawn::Body<ZoneRecord>,
) -> Result<Json<ZoneItem>, Problem> {
    visitor.may(Action::ManageZones, &Subject::Nothing, None)?;
    one(&app, &id).await.map(drop)?;
    let from_version = record
        .expected_version
        .ok_or_else(|| unprocessable("expected_version must say which version of the zone was seen"))?;
    put(&app, &visitor, record, id.clone(), Some(from_version)).await.map_err(|error| match error {
        Refused::Conflict => fences::changed("zone"),
        Refused::Problem(problem) => problem,
    })?;
    one(&app, &id).await
}

/// Takes a zone away.
#[utoipa::path(delete, path = "/api/zones/{id}", operation_id = "end_zone", params(("id" = String, Path)), responses(
    (status = 204), (status = 404, body = super::problem::ProblemView)))]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    visitor.may(Action::ManageZones, &Subject::Nothing, None)?;
    let audit = vec![visitor.audit("end_zone", &id, "")];
    app.shared.store.write(EndZone { zone: id, at: visitor.now(), audit }).await.map_err(
        |error| match error {
            JobError::Conflict => Problem::not_found("zone"),
            error => error.into(),
        },
    )?;
    Ok(StatusCode::NO_CONTENT)
}

enum Refused {
    Conflict,
    Problem(Problem),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

async fn put(
    app: &App,
    visitor: &Visitor,
    record: ZoneRecord,
    id: String,
    from_version: Option<i64>,
) -> Result<(), Refused> {
    // No place is known that a zone should hold.
    let shape = drawn::take(&record.shape, record.datum.as_deref(), &[], |shape| shape.check(&Limits::ZONE))?;
    let name = Some(words::needed("name", &record.name, SHORT)?);
    let entry = ZoneEntry { id: id.clone(), name, kind: None, shape, dwell_s: record.dwell_s };
    Zone::try_from(&entry).map_err(|error| drawn::refused_zone(&error))?;
    let action = if from_version.is_some() { "change_zone" } else { "add_zone" };
    let audit = vec![visitor.audit(action, &id, record.name)];
    let job = PutZone { entry, from_version, at: visitor.now(), audit };
    app.shared.store.write(job).await.map_err(|error| match error {
        JobError::Conflict => Refused::Conflict,
        error => Refused::Problem(error.into()),
    })
}

async fn one(app: &App, id: &str) -> Result<Json<ZoneItem>, Problem> {
    let found = app.shared.store.zones().await?.into_iter().find(|zone| zone.entry.id == id);
    found.map(|zone| Json(zone.into())).ok_or_else(|| Problem::not_found("zone"))
}
