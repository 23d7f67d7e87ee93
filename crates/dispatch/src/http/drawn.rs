//! What was drawn on a map: taken in once, in the datum it was drawn in, and refused with the place of the fault.

use super::{
    problem::Problem,
    words::{one_of, unprocessable},
};
use crate::view::Place;
use axum::{
    Json,
    extract::{FromRequest, Request},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use geofence::{
    Shape,
    fence::FenceError,
    shape::{Area, Datum, Limits, ShapeError, looks_like},
    zone::ZoneError,
};
use model::Wgs84;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::error::Error;

/// What a body may say of the map it was drawn on.
const DATUMS: [&str; 3] = ["wgs84", "gcj02", "bd09"];
/// Bytes of a body that holds a fence of 5,000 positions with room to spare.
pub(super) const FENCE_BYTES: usize = 512 * 1024;
/// And of a zone of 20,000.
pub(super) const ZONE_BYTES: usize = 2 * 1024 * 1024;

/// What is sent with a shape in it, and how much of it is read.
pub trait Drawn: DeserializeOwned {
    /// What it is called.
    const WHAT: &'static str;
    /// What its shape may be.
    const LIMITS: Limits;
    /// Bytes of a body.
    const BYTES: usize;
}

/// A body with a shape in it. One that is too large to be read is refused in the words of one that was read and has too many
/// positions: whoever drew it can do the same about either.
pub struct Body<T>(pub T);

impl<T: Drawn, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(record)) => Ok(Self(record)),
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(too_large::<T>().into_response())
            }
            Err(refused) => Err(refused.into_response()),
        }
    }
}

fn too_large<T: Drawn>() -> Problem {
    let (what, positions, bytes) = (T::WHAT, T::LIMITS.positions, T::BYTES);
    let detail = format!("a {what} has at most {positions} positions in {bytes} bytes; simplify its shape");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail).about("/shape", None)
}

/// The shape in WGS-84. `datum` is what the body says of it; where it says nothing, it must not look shifted against
/// what is known: `known` are places that such a shape is drawn round.
pub(super) fn take(
    shape: &Value,
    datum: Option<&str>,
    known: &[Wgs84],
    check: impl Fn(&Shape) -> Result<Area, ShapeError>,
) -> Result<Value, Problem> {
    let drawn = Shape::from_geojson(shape).map_err(|error| refused_shape(&error))?;
    let said = datum.map(|datum| one_of("datum", datum, &DATUMS)).transpose()?;
    let taken = match said.as_deref() {
        Some("gcj02") => drawn.converted(Datum::Gcj02),
        Some("bd09") => drawn.converted(Datum::Bd09),
        Some(_) | None => Ok(drawn),
    };
    let taken = taken.map_err(|error| refused_shape(&error))?;
    let area = check(&taken).map_err(|error| refused_shape(&error))?;
    if said.is_none() {
        ask_for_datum(&taken, &area, known)?;
    }
    serde_json::to_value(&taken).map_err(|error| unprocessable(format!("shape: {error}")))
}

/// A shape that holds a known place is where it was meant to be. One that lies beside all of them by just what another datum
/// shifts is asked about, and neither taken nor converted on a guess.
fn ask_for_datum(shape: &Shape, area: &Area, known: &[Wgs84]) -> Result<(), Problem> {
    if known.iter().any(|place| area.signed_distance_m(*place) <= 0.0) {
        return Ok(());
    }
    let Some(datum) = known.iter().find_map(|place| looks_like(shape, *place)) else { return Ok(()) };
    let (name, word) = match datum {
        Datum::Gcj02 => ("GCJ-02", "gcj02"),
        Datum::Bd09 => ("BD-09", "bd09"),
    };
    let detail = format!(
        "shape: these look like {name}: they lie beside where the resident is known to be by just the shift of that datum. Say \
         \"datum\":\"{word}\" to have them converted, or \"datum\":\"wgs84\" to take them as they are"
    );
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "datum_unclear", detail).about("/datum", None))
}

/// What is wrong with a shape, and where.
fn refused_shape(error: &ShapeError) -> Problem {
    let place = match error {
        ShapeError::Crosses { lat, lon } => Some(Place { lat: *lat, lon: *lon }),
        ShapeError::NotAShape { .. }
        | ShapeError::Datum { .. }
        | ShapeError::Coordinate { .. }
        | ShapeError::Empty
        | ShapeError::FewPositions { .. }
        | ShapeError::ShortLine { .. }
        | ShapeError::Open { .. }
        | ShapeError::HoleOutside { .. }
        | ShapeError::HoleWithin { .. }
        | ShapeError::PolygonWithin { .. }
        | ShapeError::Flat { .. }
        | ShapeError::ManyPositions { .. }
        | ShapeError::Large { .. }
        | ShapeError::DateLine
        | ShapeError::Small { .. } => None,
    };
    let detail = format!("shape: {error}");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), detail).about("/shape", place)
}

/// What is wrong with a fence.
pub(super) fn refused_fence(error: &FenceError) -> Problem {
    let of = |code, pointer: String, detail: String| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).about(&pointer, None)
    };
    let at = |number: &usize| number.saturating_sub(1);
    match error {
        FenceError::Shape(shape) => refused_shape(shape),
        FenceError::HomeBy { number, .. } => of("home_by", format!("/home_by/{}", at(number)), chain(error)),
        FenceError::Schedule { number, .. } => {
            of("schedule", format!("/schedule/{}", at(number)), chain(error))
        }
        FenceError::Dwell(_) => of("dwell", "/dwell_s".to_owned(), chain(error)),
    }
}

/// What is wrong with a zone.
pub(super) fn refused_zone(error: &ZoneError) -> Problem {
    match error {
        ZoneError::Shape(shape) => refused_shape(shape),
        ZoneError::Kind(_) => unprocessable(chain(error)),
        ZoneError::Dwell(_) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "dwell", chain(error)).about("/dwell_s", None)
        }
    }
}

/// An error with what caused it.
pub(super) fn chain(error: &dyn Error) -> String {
    let (mut said, mut cause) = (error.to_string(), error.source());
    while let Some(next) = cause {
        said = format!("{said}: {next}");
        cause = next.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const HOME: (f64, f64) = (33.9624, 118.2757);

    fn circle(lon: f64, lat: f64) -> Value {
        json!({"type": "Circle", "center": [lon, lat], "radius_m": 200.0})
    }

    fn taken(shape: &Value, datum: Option<&str>, known: &[Wgs84]) -> Result<Value, String> {
        take(shape, datum, known, |shape| shape.check(&Limits::FENCE))
            .map_err(|problem| format!("{problem:?}"))
    }

    #[test]
    fn another_datum_is_asked_about_and_never_guessed() {
        let home = [Wgs84::new(HOME.0, HOME.1).expect("a place")];
        let shifted = circle(118.281_206, 33.961_053);
        let asked = taken(&shifted, None, &home).expect_err("asked");
        assert!(asked.contains("datum_unclear") && asked.contains("these look like GCJ-02"), "{asked}");
        assert_eq!(taken(&shifted, Some("wgs84"), &home).as_ref(), Ok(&shifted));
        assert_eq!(taken(&shifted, None, &[]).as_ref(), Ok(&shifted), "nothing is known to hold it against");
        let converted = taken(&shifted, Some("gcj02"), &home).expect("converted");
        let apart = |place: &Value| {
            let at = |number: usize| place["center"][number].as_f64().expect("a number");
            Wgs84::new(at(1), at(0)).expect("a place").distance_m(home[0])
        };
        assert!(apart(&converted) < 1.0, "{converted}");
        // Whoever was seen where it is drawn was seen there.
        let seen = [home[0], Wgs84::new(33.961_053, 118.281_206).expect("a place")];
        assert_eq!(taken(&shifted, None, &seen).as_ref(), Ok(&shifted));
        assert!(taken(&shifted, Some("GCJ02"), &home).expect_err("a word").contains("datum is one of"));
    }

    #[test]
    fn a_crossing_is_shown_where_it_is() {
        let bow = json!({"type": "Polygon",
            "coordinates": [[[118.27, 33.96], [118.28, 33.97], [118.28, 33.96], [118.27, 33.97], [118.27, 33.96]]]});
        let refused = taken(&bow, None, &[]).expect_err("it crosses itself");
        for part in ["shape_crosses", "crosses itself near 33.965", "118.275", "/shape"] {
            assert!(refused.contains(part), "{part}: {refused}");
        }
    }
}
