//! What was learned of a resident's ways: shown to whoever may look, forgotten on request.

use super::{
    App,
    fences::{drawn_by, looked_at},
    problem::Problem,
    residents::Reason,
    session::Visitor,
    words::unprocessable,
};
use crate::view::Place;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use geofence::{
    Moment,
    habits::{DAYS_LEAST, Habits},
};
use model::Wgs84;
use serde::{Deserialize, Serialize};
use store::{ForgetHabits, JobError};
use utoipa::{IntoParams, ToSchema};

/// How far round a place can be forgotten, in metres.
const WITHIN_M: std::ops::RangeInclusive<f64> = 0.0..=20_000.0;
const MINUTES_OF_AN_HOUR: u16 = 60;

/// What was learned.
#[derive(Debug, Serialize, ToSchema)]
pub struct HabitsView {
    /// Days that were learned.
    days: u16,
    /// From so many days on it is judged by.
    days_least: u16,
    /// Whether it is judged by.
    ready: bool,
    /// The ground usually walked: the middle of each square of 75 m, and on how many days.
    places: Vec<HabitPlace>,
    /// The time of day in Shanghai by which they are always out, `HH:MM`; null if mornings are not regular.
    up_by: Option<String>,
}

impl HabitsView {
    pub(super) fn new(habits: &Habits) -> Self {
        let clock =
            |minute: u16| format!("{:02}:{:02}", minute / MINUTES_OF_AN_HOUR, minute % MINUTES_OF_AN_HOUR);
        let place = |place: geofence::habits::Place| {
            let (lat, lon) = place.middle;
            HabitPlace { middle: Place { lat, lon }, days: place.days }
        };
        Self {
            days: habits.days(),
            days_least: DAYS_LEAST,
            ready: habits.is_ready(),
            places: habits.places().map(place).collect(),
            up_by: habits.up_by().map(clock),
        }
    }

    /// The same without where: the ground round a home tells where that is.
    #[must_use]
    pub(super) fn without_places(self) -> Self {
        Self { places: Vec::new(), ..self }
    }
}

/// A place somebody usually walks.
#[derive(Debug, Serialize, ToSchema)]
pub struct HabitPlace {
    /// Its middle.
    middle: Place,
    /// On so many days.
    days: u8,
}

/// What was learned of a resident's ways. It is learned each night from the track of the day, where the policy asks for it.
#[utoipa::path(get, path = "/api/residents/{id}/habits", operation_id = "read_habits", params(("id" = String, Path), Reason),
    responses((status = 200, body = HabitsView),
    (status = 403, body = super::problem::ProblemView, description = "A reason is needed, or it is not for this role."),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn read(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<HabitsView>, Problem> {
    let (id, glance) = looked_at(&app, &visitor, id, reason).await?;
    let habits =
        app.shared.store.habits(Some(&id)).await?.pop().map(|known| known.habits).unwrap_or_default();
    visitor.looked("read_habits", &glance, "").await?;
    Ok(Json(HabitsView::new(&habits)))
}

/// What is to be forgotten.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Near {
    /// WGS-84 latitude of a place; with `lon` and `within_m` only what is near it is forgotten.
    lat: Option<f64>,
    /// Its longitude.
    lon: Option<f64>,
    /// So many metres round it.
    within_m: Option<f64>,
}

/// Forgets what was learned: all of it, or what is near a place. What is forgotten whole is not learned again from the track there
/// is; learning begins anew tomorrow.
#[utoipa::path(delete, path = "/api/residents/{id}/habits", operation_id = "forget_habits", params(("id" = String, Path), Near),
    responses((status = 204), (status = 404, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "A day was being learned; ask again."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn forget(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(near): Query<Near>,
) -> Result<StatusCode, Problem> {
    let resident = drawn_by(&app, &visitor, id).await?;
    let near = near.place()?;
    let what = if near.is_some() { "near a place" } else { "all" };
    let audit = vec![visitor.audit("forget_habits", resident.as_str(), what)];
    let today = Moment::from(visitor.now()).local().day;
    let job = ForgetHabits { resident, near, today, audit };
    app.shared.store.write(job).await.map_err(|error| match error {
        JobError::Conflict => super::fences::changed("resident's habits"),
        error => error.into(),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

impl Near {
    fn place(&self) -> Result<Option<(Wgs84, f64)>, Problem> {
        match (self.lat, self.lon, self.within_m) {
            (None, None, None) => Ok(None),
            (Some(lat), Some(lon), Some(within_m)) if WITHIN_M.contains(&within_m) => {
                let place =
                    Wgs84::new(lat, lon).map_err(|error| unprocessable(format!("lat, lon: {error}")))?;
                Ok(Some((place, within_m)))
            }
            _ => Err(unprocessable("lat, lon and within_m (0 to 20000 m) belong together")),
        }
    }
}
