//! A resident's own fences: drawn by supervisors and administrators, with where the resident stands to each.

use super::{
    App, consents, drawn, fresh, geojson,
    problem::Problem,
    residents::Reason,
    session::{Glance, Visitor},
    standing::{StandingView, Stood},
    words::{self, SHORT, unprocessable},
};
use crate::view::Page;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use geofence::{
    Rules,
    fence::{Fence, FenceEntry, FenceKind},
    shape::Limits,
};
use model::{ResidentId, Timestamp, Wgs84};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{EndFence, JobError, PutFence, StoredFence};
use utoipa::ToSchema;

/// Fences of one resident at most: a home, a garden, a market and what must not be entered.
const FENCES: usize = 32;
/// Entries of one schedule at most: a year of exceptions.
const ENTRIES: usize = 400;
/// Characters of an id that is given elsewhere.
const ID: usize = 64;

/// A fence as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FenceRecord {
    /// Its id where it is given elsewhere; one is made up otherwise. Only for a new fence.
    id: Option<String>,
    /// What people call it.
    name: String,
    /// `safe` (leaving alarms) or `forbidden` (entering alarms).
    #[schema(value_type = String)]
    kind: FenceKind,
    /// A GeoJSON Polygon or MultiPolygon, a Feature with one, `{"type":"Circle","center":[lon,lat],"radius_m":200}` or
    /// `{"type":"Corridor","line":[[lon,lat],…],"width_m":60}`.
    #[schema(value_type = Object)]
    shape: Value,
    /// In what the shape is drawn: `wgs84`, `gcj02` or `bd09`; the latter two are converted. If nothing is said it is
    /// WGS-84, and asked about where a safe fence does not look like it. Forbidden ground lies anywhere, so nothing is asked of it: say it.
    datum: Option<String>,
    /// When it is armed; always, but for what is taken out, if no weekly entry arms it.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    schedule: Vec<Value>,
    /// Of a safe fence: times of day `HH:MM` by which the resident should be back.
    #[serde(default)]
    home_by: Vec<String>,
    /// Seconds on the wrong side before it is told.
    dwell_s: Option<f64>,
    /// Whether it alarms at all; one that does not is shown all the same.
    #[serde(default = "yes")]
    armed: bool,
    /// Of a change: the version that was seen.
    expected_version: Option<i64>,
}

impl drawn::Drawn for FenceRecord {
    const WHAT: &'static str = "fence";
    const LIMITS: Limits = Limits::FENCE;
    const BYTES: usize = drawn::FENCE_BYTES;
}

fn yes() -> bool {
    true
}

/// A fence, and where the resident stands to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FenceItem {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// `safe` or `forbidden`.
    #[schema(value_type = String)]
    kind: FenceKind,
    /// Whether it alarms at all.
    armed: bool,
    /// Its shape in WGS-84.
    #[schema(value_type = Object)]
    shape: Value,
    /// When it is armed.
    #[schema(value_type = Vec<Object>)]
    schedule: Vec<Value>,
    /// By when the resident should be back.
    home_by: Vec<String>,
    /// Seconds on the wrong side before it is told.
    dwell_s: Option<f64>,
    /// Counts its changes.
    version: i64,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Where the resident stands to it.
    standing: Option<StandingView>,
    /// Why it is not watched, where it cannot be used any more.
    trouble: Option<String>,
}

fn item(stored: StoredFence, stood: &Stood, place: usize, (rules, now): (&Rules, Timestamp)) -> FenceItem {
    let (standing, trouble) = match stood.to(place, rules, now) {
        Ok(standing) => (standing, None),
        Err(trouble) => (None, Some(trouble.to_owned())),
    };
    let entry = stored.entry;
    FenceItem {
        name: entry.name.unwrap_or_else(|| entry.id.clone()),
        id: entry.id,
        kind: entry.kind,
        armed: entry.armed.unwrap_or(true),
        shape: entry.shape,
        schedule: entry.schedule,
        home_by: entry.home_by,
        dwell_s: entry.dwell_s,
        version: stored.version,
        created_at: stored.created_at,
        standing,
        trouble,
    }
}

/// A resident's fences with where they stand to each. It says whether somebody is home, so it is a look like any other. With
/// `Accept: application/geo+json` the fences alone, as a FeatureCollection: a circle is a Point with `radius_m` among its properties,
/// a corridor a LineString with `width_m`.
#[utoipa::path(get, path = "/api/residents/{id}/fences", operation_id = "list_fences", params(("id" = String, Path), Reason),
    responses((status = 200, body = Page<FenceItem>),
    (status = 403, body = super::problem::ProblemView, description = "A reason is needed, or it is not for this role."),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, glance) = looked_at(&app, &visitor, id, reason).await?;
    let found = app.shared.store.fences(Some(&id)).await?;
    visitor.looked("list_fences", &glance, &format!("{} shown", found.len())).await?;
    if geojson::is_wanted(&headers) {
        return Ok(geojson::collection(found.iter().map(|stored| stored.entry.feature())));
    }
    let (stood, rules) = (Stood::of(&app.shared.store, &id, &found).await?, app.watch_rules());
    let by = (rules.as_ref(), visitor.now());
    let items: Vec<FenceItem> =
        found.into_iter().enumerate().map(|(place, fence)| item(fence, &stood, place, by)).collect();
    Ok(geojson::own(Page { items, next: None }))
}

/// Draws a fence. It is watched from the next second on.
#[utoipa::path(post, path = "/api/residents/{id}/fences", operation_id = "add_fence", params(("id" = String, Path)),
    request_body = FenceRecord, responses(
    (status = 201, body = FenceItem), (status = 404, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "There is a fence of this id."),
    (status = 422, body = super::problem::ProblemView, description = "`pointer` says which part cannot be taken, `place` where on the map, `code` why; `datum_unclear` asks for `datum`.")))]
pub async fn add(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    drawn::Body(record): drawn::Body<FenceRecord>,
) -> Result<impl IntoResponse, Problem> {
    let resident = drawn_by(&app, &visitor, id).await?;
    let fences = app.shared.store.fences(Some(&resident)).await?;
    if fences.len() >= FENCES {
        return Err(unprocessable(format!("a resident has at most {FENCES} fences")));
    }
    let id = record.id.clone().map_or_else(|| fresh::id("f"), |id| own_id(&id))?;
    let known = places(&app, &resident, &fences).await?;
    let entry = record.taken(id.clone(), &known)?;
    let audit = vec![visitor.audit("add_fence", resident.as_str(), id.clone())];
    let put = PutFence { resident: resident.clone(), entry, from_version: None, at: visitor.now(), audit };
    app.shared.store.write(put).await.map_err(|error| match error {
        JobError::Conflict => Problem::new(
            StatusCode::CONFLICT,
            "id_taken",
            "there is, or was, a fence of this id; take another",
        ),
        error => error.into(),
    })?;
    Ok((StatusCode::CREATED, one(&app, &visitor, &resident, &id).await?))
}

/// Changes a fence: all of it. A shape that is drawn elsewhere begins with nobody known to be inside.
#[utoipa::path(put, path = "/api/residents/{id}/fences/{fence}", operation_id = "change_fence",
    params(("id" = String, Path), ("fence" = String, Path)), request_body = FenceRecord, responses(
    (status = 200, body = FenceItem), (status = 404, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "Somebody else has changed it."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn change(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, fence)): Path<(String, String)>,
    drawn::Body(record): drawn::Body<FenceRecord>,
) -> Result<Json<FenceItem>, Problem> {
    let resident = drawn_by(&app, &visitor, id).await?;
    let fences = app.shared.store.fences(Some(&resident)).await?;
    let before = fences.iter().find(|known| known.entry.id == fence);
    let before = before.ok_or_else(|| Problem::not_found("fence"))?;
    let from_version = record
        .expected_version
        .ok_or_else(|| unprocessable("expected_version must say which version of the fence was seen"))?;
    // One that is left where it is was asked about when it was drawn.
    let is_moved = record.shape != before.entry.shape;
    let known = if is_moved { places(&app, &resident, &fences).await? } else { Vec::new() };
    let entry = record.taken(fence.clone(), &known)?;
    let audit = vec![visitor.audit("change_fence", resident.as_str(), fence.clone())];
    let (at, from_version) = (visitor.now(), Some(from_version));
    let put = PutFence { resident: resident.clone(), entry, from_version, at, audit };
    app.shared.store.write(put).await.map_err(|error| match error {
        JobError::Conflict => changed("fence"),
        error => error.into(),
    })?;
    one(&app, &visitor, &resident, &fence).await
}

/// Takes a fence away. An incident about it stays as it is.
#[utoipa::path(delete, path = "/api/residents/{id}/fences/{fence}", operation_id = "end_fence",
    params(("id" = String, Path), ("fence" = String, Path)), responses(
    (status = 204), (status = 404, body = super::problem::ProblemView)))]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, fence)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let resident = drawn_by(&app, &visitor, id).await?;
    let audit = vec![visitor.audit("end_fence", resident.as_str(), fence.clone())];
    app.shared.store.write(EndFence { resident, fence, at: visitor.now(), audit }).await.map_err(
        |error| match error {
            JobError::Conflict => Problem::not_found("fence"),
            error => error.into(),
        },
    )?;
    Ok(StatusCode::NO_CONTENT)
}

/// An id that is given elsewhere: it stands in addresses and logs.
pub(super) fn own_id(id: &str) -> Result<String, Problem> {
    let id = words::needed("id", id, ID)?;
    let is_plain = id.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_.".contains(sign));
    if is_plain { Ok(id) } else { Err(unprocessable("id has letters, digits, - _ and . only")) }
}

/// Somebody else was faster.
pub(super) fn changed(what: &str) -> Problem {
    let detail = format!("somebody else has changed this {what}; read it again");
    Problem::new(StatusCode::CONFLICT, "changed", detail)
}

/// A resident whom the account looks at, for the reason that was given; it goes on record once it is known what was shown.
pub(super) async fn looked_at(
    app: &App,
    visitor: &Visitor,
    id: String,
    reason: Option<String>,
) -> Result<(ResidentId, Glance), Problem> {
    let id = ResidentId::new(id).map_err(|_shape| Problem::not_found("resident"))?;
    let glance = visitor.may_look(Action::ReadWatch, &id, reason.as_deref()).await?;
    Ok((consents::known(app, id.to_string()).await?, glance))
}

/// A resident for whom the account draws.
pub(super) async fn drawn_by(app: &App, visitor: &Visitor, id: String) -> Result<ResidentId, Problem> {
    visitor.may(Action::ManageWatch, &Subject::Nothing, None)?;
    let resident = consents::known(app, id).await?;
    visitor.may_about(Action::ManageWatch, &resident, None).await?;
    if app.shared.store.erased_at(&resident).await?.is_some() {
        return Err(Problem::not_found("resident"));
    }
    Ok(resident)
}

async fn one(
    app: &App,
    visitor: &Visitor,
    resident: &ResidentId,
    fence: &str,
) -> Result<Json<FenceItem>, Problem> {
    let mut found = app.shared.store.fences(Some(resident)).await?;
    let stood = Stood::of(&app.shared.store, resident, &found).await?;
    let place = found.iter().position(|stored| stored.entry.id == fence);
    let place = place.ok_or_else(|| Problem::not_found("fence"))?;
    let rules = app.watch_rules();
    Ok(Json(item(found.swap_remove(place), &stood, place, (&rules, visitor.now()))))
}

/// Where the resident is known to live, to rest and to have been last: fences are drawn round such places.
async fn places(app: &App, resident: &ResidentId, fences: &[StoredFence]) -> Result<Vec<Wgs84>, Problem> {
    let store = &app.shared.store;
    let home = store.resident(resident).await?.and_then(|resident| resident.home);
    let rests = Stood::of(store, resident, fences).await?.about();
    let fix = match store.handset_of(resident).await? {
        Some(handset) => app.hub.live_fix(&handset, Some(resident)).await?,
        None => None,
    };
    Ok([home, rests, fix.map(|fix| fix.position)].into_iter().flatten().collect())
}

impl FenceRecord {
    fn taken(self, id: String, known: &[Wgs84]) -> Result<FenceEntry, Problem> {
        if self.schedule.len() > ENTRIES || self.home_by.len() > ENTRIES {
            return Err(unprocessable(format!("schedule and home_by have at most {ENTRIES} entries each")));
        }
        // Forbidden ground lies anywhere: no place is known that it should hold.
        let known = if self.kind == FenceKind::Safe { known } else { &[] };
        let entry = FenceEntry {
            id,
            name: Some(words::needed("name", &self.name, SHORT)?),
            armed: Some(self.armed),
            kind: self.kind,
            shape: drawn::take(&self.shape, self.datum.as_deref(), known, |shape| {
                shape.check(&Limits::FENCE)
            })?,
            schedule: self.schedule,
            dwell_s: self.dwell_s,
            home_by: self.home_by,
        };
        Fence::try_from(&entry).map_err(|error| drawn::refused_fence(&error))?;
        Ok(entry)
    }
}
