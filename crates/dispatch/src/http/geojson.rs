//! Lists of what lies on a map, for programs that read GeoJSON.

use super::tracks::accepted;
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use geofence::shape::ShapeError;
use serde::Serialize;
use serde_json::{Value, json};

const GEOJSON: &str = "application/geo+json";

/// Whether GeoJSON is asked for before anything that our own form answers.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let known = [GEOJSON, "application/json", "application/*", "*/*"];
    accepted(headers).into_iter().find(|range| known.contains(range)) == Some(GEOJSON)
}

/// A list in our own form. Which form it has the header says, so a cache must look at it.
pub(super) fn own(list: impl Serialize) -> Response {
    varied(Json(list).into_response())
}

/// The same as a `FeatureCollection`. A shape that cannot be read any more is left out; our own form says why it is not watched.
pub(super) fn collection(features: impl Iterator<Item = Result<Value, ShapeError>>) -> Response {
    let features: Vec<Value> = features.filter_map(Result::ok).collect();
    let mut response = Json(json!({ "type": "FeatureCollection", "features": features })).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(GEOJSON));
    varied(response)
}

fn varied(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geojson_is_for_whoever_asks_for_it_first() {
        for (accept, expected) in [
            ("application/geo+json", true),
            ("application/geo+json, application/json;q=0.5", true),
            ("text/html, application/geo+json", true),
            ("application/json, application/geo+json", false),
            ("application/geo+json;q=0", false),
            ("*/*", false),
            ("image/png", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(is_wanted(&headers), expected, "{accept}");
        }
        assert!(!is_wanted(&HeaderMap::new()));
    }
}
