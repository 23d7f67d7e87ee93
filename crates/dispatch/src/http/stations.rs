//! Stations: which there are, entered and corrected by an administrator.

use super::{
    App, on_call,
    problem::Problem,
    session::Visitor,
    words::{self, SHORT, unprocessable},
};
use crate::view::{Page, Place};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, State},
};
use incident::{
    choice::Skill,
    ladder::{OnCall, clock},
};
use model::{StationId, Wgs84};
use serde::{Deserialize, Serialize};
use store::{PutStation, Station, StationLoad};
use utoipa::ToSchema;

/// Spans of hours a station may have: three on each day.
const SPANS: usize = 21;

/// Hours of the week in which somebody works at a station.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct StationHours {
    /// `mon` to `sun`: the days on which the hours begin.
    days: Vec<String>,
    /// `08:00`, in Shanghai.
    from: String,
    /// `18:00`; on the next day if it is earlier, and equal to `from` it means round the clock.
    to: String,
}

impl From<OnCall> for StationHours {
    fn from(hours: OnCall) -> Self {
        Self { days: on_call::days(hours), from: clock(hours.hours.from), to: clock(hours.hours.to) }
    }
}

/// A station.
#[derive(Debug, Serialize, ToSchema)]
pub struct StationItem {
    /// Its id.
    #[schema(value_type = String)]
    id: StationId,
    /// Its name.
    name: String,
    /// Where it is (WGS-84).
    place: Place,
    /// Where somebody answers.
    telephone: String,
    /// Whether it may be asked to go.
    on_duty: bool,
    /// When somebody works there; empty: always. At other hours it is not recommended.
    hours: Vec<StationHours>,
    /// What it can do besides going there.
    skills: Vec<Skill>,
    /// Its tasks that have not ended.
    load: u32,
    /// Accounts of those who work there.
    accounts: u32,
    /// Whether a screen of it is up; null while nobody knows, because other processes cannot be heard.
    online: Option<bool>,
}

fn item(app: &App, StationLoad { station, live_tasks, accounts }: StationLoad) -> StationItem {
    StationItem {
        online: app.hub.station_online(&station.id),
        place: Place { lat: station.place.lat(), lon: station.place.lon() },
        id: station.id,
        name: station.name,
        telephone: station.telephone,
        on_duty: station.on_duty,
        hours: station.hours.into_iter().map(StationHours::from).collect(),
        skills: station.skills,
        load: live_tasks,
        accounts,
    }
}

/// All stations by name.
#[utoipa::path(get, path = "/api/stations", operation_id = "list_stations", responses(
    (status = 200, body = Page<StationItem>)))]
pub async fn list(State(app): State<App>, visitor: Visitor) -> Result<Json<Page<StationItem>>, Problem> {
    visitor.may(Action::ReadStations, &Subject::Nothing, None)?;
    let found = app.shared.stations().await?;
    Ok(Json(Page { items: found.into_iter().map(|load| item(&app, load)).collect(), next: None }))
}

/// What is known of a station.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StationRecord {
    /// Its name.
    name: String,
    /// Where it is (WGS-84).
    place: Place,
    /// Where somebody answers.
    telephone: String,
    /// Whether it may be asked to go.
    on_duty: bool,
    /// When somebody works there; empty: always.
    #[serde(default)]
    hours: Vec<StationHours>,
    /// What it can do besides going there.
    #[serde(default)]
    skills: Vec<Skill>,
}

impl StationRecord {
    fn hours(&self) -> Result<Vec<OnCall>, Problem> {
        if self.hours.len() > SPANS {
            return Err(unprocessable(format!("hours has at most {SPANS} spans")));
        }
        self.hours.iter().map(|one| on_call::read(&one.days, &one.from, &one.to)).collect()
    }

    fn skills(&self) -> Vec<Skill> {
        let mut skills = self.skills.clone();
        skills.sort_unstable();
        skills.dedup();
        skills
    }
}

/// Enters a station under this id, or replaces what is known of it.
#[utoipa::path(put, path = "/api/stations/{id}", operation_id = "put_station", params(("id" = String, Path)),
    request_body = StationRecord, responses(
    (status = 200, body = StationItem), (status = 422, body = super::problem::ProblemView)))]
pub async fn put(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(record): Json<StationRecord>,
) -> Result<Json<StationItem>, Problem> {
    visitor.may(Action::ManageStations, &Subject::Nothing, None)?;
    let id = StationId::new(id).map_err(|error| unprocessable(format!("id: {error}")))?;
    let place = Wgs84::new(record.place.lat, record.place.lon);
    let station = Station {
        id: id.clone(),
        name: words::needed("name", &record.name, SHORT)?,
        place: place.map_err(|error| unprocessable(format!("place: {error}")))?,
        telephone: words::needed("telephone", &record.telephone, SHORT)?,
        on_duty: record.on_duty,
        hours: record.hours()?,
        skills: record.skills(),
    };
    let audit = vec![visitor.audit("put_station", id.as_str(), station.name.clone())];
    app.shared.store.write(PutStation { station, audit }).await?;
    let found = app.shared.stations().await?.into_iter().find(|load| load.station.id == id);
    found.map(|load| Json(item(&app, load))).ok_or_else(|| Problem::not_found("station"))
}
