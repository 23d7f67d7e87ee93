//! Where a resident was: for those who may know, with the reason on record.

use super::{App, problem::Problem, session::Visitor};
use crate::view::{TrackFormat, TrackHead, TrackText, TrackView, thin};
use access::{Action, is_hidden};
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use model::{ResidentId, SignedDuration, Timestamp};
use serde::Deserialize;
use std::{convert::Infallible, iter};
use store::{StoreError, Track};
use tokio::task::spawn_blocking;
use utoipa::IntoParams;

/// The longest time one request may look at.
const DAYS_AT_MOST: i64 = 31;
/// How far back a track goes unless it is said.
const USUAL: SignedDuration = SignedDuration::from_hours(24);
/// A handset's clock may be so far ahead and is believed: what it sends now is not cut off.
const CLOCKS_AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// Points that can be asked for; a month at ten seconds has fewer.
const POINTS_AT_MOST: usize = 1_000_000;
/// How many blocks of fixes cannot be read, for forms that have no place to say it.
const UNREADABLE: &str = "track-unreadable";

/// Which part of the track, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrackQuery {
    /// The first moment (RFC 3339); a day ago, or a day before `to`, unless it is said.
    from: Option<String>,
    /// The first moment after it; five minutes from now unless it is said. At most 31 days after `from`.
    to: Option<String>,
    /// `geojson` (the default), `gpx` or `csv`; without it the header Accept decides.
    format: Option<String>,
    /// Thins the track to at most so many points; from three on the newest is one of them.
    max_points: Option<usize>,
    /// Why, where no incident about the resident is open; it goes on record.
    reason: Option<String>,
}

/// A resident's track in the order of the fixes' own times, in WGS-84. Whose track a fix is on is decided by who carried the
/// handset when it was taken. A relative sees it from the beginning of the grant on. Every look goes on record.
#[utoipa::path(get, path = "/api/residents/{id}/track", operation_id = "read_track", params(("id" = String, Path), TrackQuery), responses(
    (status = 200, description = "The track, in the form that was asked for.", content(
        (TrackView = "application/geo+json"), (String = "application/gpx+xml"), (String = "text/csv")),
        headers(("track-unreadable" = usize, description = "Blocks of fixes that cannot be read: there were more."))),
    (status = 400, body = super::problem::ProblemView, description = "A range, format or number that cannot be."),
    (status = 403, body = super::problem::ProblemView, description = "A reason is needed, or it is not for this role."),
    (status = 404, body = super::problem::ProblemView),
    (status = 406, body = super::problem::ProblemView, description = "No form of it is accepted.")))]
pub async fn track(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<TrackQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = ResidentId::new(id).map_err(|_shape| Problem::not_found("resident"))?;
    let glance = visitor.may_look(Action::ReadTrack, &id, query.reason.as_deref()).await?;
    let format = format_of(query.format.as_deref(), &headers)?;
    let at_most = points_of(query.max_points)?;
    let (from, to) = range_of(&query, visitor.now())?;
    app.shared.store.resident_name(&id).await?.ok_or_else(|| Problem::not_found("resident"))?;
    let sight = glance.sight;
    let from = from.max(sight.track_from).min(to);
    let mut track = app.shared.store.track(&id, from, to).await?;
    // Of what is kept the same answer as where nothing is known, and what was before it as ever.
    track.points.retain(|point| !is_hidden(&visitor.who, &id, point.fix_time));
    let fixes = track.points.len();
    track.points = thin(std::mem::take(&mut track.points), at_most);
    let detail = format!("{from} to {to}, {} of {fixes} fixes as {}", track.points.len(), format.name());
    let head = TrackHead {
        kind: "FeatureCollection",
        datum: "WGS-84",
        resident: id,
        from,
        to,
        fixes,
        unreadable: track.unreadable,
    };
    // The text of a day is made while the look goes on record; none of it leaves before it has.
    let made = spawn_blocking({
        let head = head.clone();
        move || begin(format, head, track)
    });
    let (made, looked) = tokio::join!(made, visitor.looked("read_track", &glance, &detail));
    looked?;
    let (begun, rest) =
        made.map_err(|error| StoreError::Broken { what: "a track's text", problem: error.to_string() })?;
    Ok(answer(format, &head, begun, rest))
}

/// The text of a day, and what is longer, which is written as it is sent: a slow reader holds points, not text.
fn begin(format: TrackFormat, head: TrackHead, track: Track) -> (String, TrackText) {
    let mut text = TrackText::new(format, head, track);
    (text.ahead(), text)
}

fn answer(format: TrackFormat, head: &TrackHead, begun: String, rest: TrackText) -> Response {
    let name = format!("track-{}-{}.{}", head.resident, head.from.as_second(), format.name());
    let disposition = format!("attachment; filename=\"{}\"", name.replace(':', "_"));
    let unreadable = HeaderValue::from(head.unreadable);
    let pieces = iter::once(begun).chain(rest).map(Ok::<_, Infallible>);
    let mut response = Body::from_stream(stream::iter(pieces)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(UNREADABLE, unreadable);
    if format != TrackFormat::GeoJson
        && let Ok(disposition) = HeaderValue::from_str(&disposition)
    {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// The form that is asked for by name, or the first that the header names.
fn format_of(name: Option<&str>, headers: &HeaderMap) -> Result<TrackFormat, Problem> {
    if let Some(name) = name {
        let known = TrackFormat::ALL.iter().find(|(_, known)| *known == name);
        return known
            .map(|(format, _)| *format)
            .ok_or_else(|| Problem::bad_request("format must be geojson, gpx or csv"));
    }
    let accepted = accepted(headers);
    let format = |range: &&str| match *range {
        "application/geo+json" | "application/json" | "application/*" | "*/*" => Some(TrackFormat::GeoJson),
        "application/gpx+xml" => Some(TrackFormat::Gpx),
        "text/csv" | "text/*" => Some(TrackFormat::Csv),
        _ => None,
    };
    if accepted.is_empty() {
        return Ok(TrackFormat::GeoJson);
    }
    accepted.iter().find_map(format).ok_or_else(|| {
        let detail = "a track is application/geo+json, application/gpx+xml or text/csv";
        Problem::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail)
    })
}

/// What the header Accept names, in its order; what it refuses is left out.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<&str> {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter(|range| !range.replace(' ', "").ends_with(";q=0"))
        .map(|range| range.split(';').next().unwrap_or_default().trim())
        .collect()
}

fn points_of(max_points: Option<usize>) -> Result<usize, Problem> {
    match max_points.unwrap_or(POINTS_AT_MOST) {
        points @ 2..=POINTS_AT_MOST => Ok(points),
        other => Err(Problem::bad_request(format!("max_points must be 2 to {POINTS_AT_MOST}, not {other}"))),
    }
}

fn range_of(query: &TrackQuery, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
    let said = moment("to", query.to.as_deref())?;
    let usual = said.unwrap_or(now).checked_sub(USUAL).unwrap_or(Timestamp::MIN);
    let to = said.unwrap_or_else(|| now.checked_add(CLOCKS_AHEAD).unwrap_or(now));
    let from = moment("from", query.from.as_deref())?.unwrap_or(usual);
    let length = to.duration_since(from);
    if length <= SignedDuration::ZERO {
        return Err(Problem::bad_request(format!("from ({from}) must be before to ({to})")));
    }
    if length > SignedDuration::from_hours(24 * DAYS_AT_MOST) {
        let detail =
            format!("from {from} to {to} is more than {DAYS_AT_MOST} days; ask for it month by month");
        return Err(Problem::bad_request(detail));
    }
    Ok((from, to))
}

pub(super) fn moment(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    // A plus sign that was not escaped arrives as a space.
    let time = text.replace(' ', "+").parse();
    time.map(Some).map_err(|_not_one| {
        Problem::bad_request(format!(
            "{name} must be a time such as 2026-11-23T08:00:00Z (RFC 3339), not {text:?}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(text: &'static str) -> Result<TrackFormat, StatusCode> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(text));
        format_of(None, &headers).map_err(|problem| problem.into_response().status())
    }

    #[test]
    fn every_form_says_in_a_header_what_is_missing() {
        for (format, _) in TrackFormat::ALL {
            let head = TrackHead {
                kind: "FeatureCollection",
                datum: "WGS-84",
                resident: ResidentId::new("r1").unwrap(),
                from: Timestamp::UNIX_EPOCH,
                to: Timestamp::UNIX_EPOCH,
                fixes: 0,
                unreadable: 7,
            };
            let (begun, rest) = begin(format, head.clone(), Track::default());
            let response = answer(format, &head, begun, rest);
            assert_eq!(response.headers()[UNREADABLE], "7", "{}", format.name());
        }
    }

    #[test]
    fn the_header_chooses_the_form_unless_the_name_does() {
        assert_eq!(accepting("text/html,application/xhtml+xml,*/*;q=0.8"), Ok(TrackFormat::GeoJson));
        assert_eq!(accepting("application/json"), Ok(TrackFormat::GeoJson));
        assert_eq!(accepting("application/gpx+xml, */*;q=0.1"), Ok(TrackFormat::Gpx));
        assert_eq!(accepting("application/geo+json;q=0, text/csv"), Ok(TrackFormat::Csv));
        assert_eq!(accepting("image/png"), Err(StatusCode::NOT_ACCEPTABLE));
        let none = HeaderMap::new();
        assert_eq!(format_of(None, &none).ok(), Some(TrackFormat::GeoJson));
        assert_eq!(format_of(Some("csv"), &none).ok(), Some(TrackFormat::Csv));
        assert!(format_of(Some("CSV "), &none).is_err());
    }

    #[test]
    fn a_range_is_at_most_a_month_and_has_a_beginning_before_its_end() {
        let now: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let range = |from: Option<&str>, to: Option<&str>| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let query =
                TrackQuery { from: owned(from), to: owned(to), format: None, max_points: None, reason: None };
            range_of(&query, now).ok().map(|(from, to)| (from.to_string(), to.to_string()))
        };
        let pair = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(range(None, None), pair("2026-11-22T08:00:00Z", "2026-11-23T08:05:00Z"));
        assert_eq!(
            range(None, Some("2026-11-01T08:00:00Z")),
            pair("2026-10-31T08:00:00Z", "2026-11-01T08:00:00Z")
        );
        assert_eq!(
            range(Some("2026-11-01T08:00:00 08:00"), Some("2026-12-01T08:00:00+08:00")),
            pair("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")
        );
        let end = Some("2026-11-23T08:00:00Z");
        assert_eq!(
            range(Some("2026-10-23T08:00:00Z"), end),
            pair("2026-10-23T08:00:00Z", "2026-11-23T08:00:00Z")
        );
        assert_eq!(range(Some("2026-10-23T07:59:59Z"), end), None, "longer than 31 days");
        assert_eq!(range(end, end), None, "nothing between");
        assert_eq!(range(Some("yesterday"), None), None);
        assert_eq!(range(Some("-9999-01-01T00:00:00Z"), Some("9999-12-30T00:00:00Z")), None);
    }
}
