//! A track as it leaves the platform: GeoJSON, GPX or CSV. Pure; piece by piece, so that a month of it is never in memory
//! as text.

use model::{HandsetId, Method, ResidentId, SignedDuration, Timestamp};
use serde::Serialize;
use std::fmt::Write as _;
use store::{Track, TrackPoint};
use utoipa::ToSchema;

/// Points in one piece of text: some hundred kilobytes.
const POINTS_IN_A_PIECE: usize = 500;
/// After so long without a fix a line would only pretend to know the way.
const GAP: SignedDuration = SignedDuration::from_mins(10);

/// How a track is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrackFormat {
    /// RFC 7946, a point a fix.
    GeoJson,
    /// GPX 1.1.
    Gpx,
    /// RFC 4180 with a head line.
    Csv,
}

impl TrackFormat {
    /// Every format, by its name in a request.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::GeoJson, "geojson"), (Self::Gpx, "gpx"), (Self::Csv, "csv")];

    /// The format's name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(format, _)| *format == self).map_or("geojson", |(_, name)| name)
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Gpx => "application/gpx+xml",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// What is said of a track beside its points.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrackHead {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `WGS-84`: the datum of every coordinate.
    pub datum: &'static str,
    /// Whose.
    #[schema(value_type = String)]
    pub resident: ResidentId,
    /// The first moment that was looked at.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// The first moment after it.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// How many fixes there are in that time, also where fewer are shown.
    pub fixes: usize,
    /// Blocks of fixes that cannot be read: there were more.
    pub unreadable: usize,
}

/// A track (RFC 7946, coordinates in WGS-84).
#[derive(Debug, Serialize, ToSchema)]
pub struct TrackView {
    #[serde(flatten)]
    head: TrackHead,
    /// The fixes, in the order of their times.
    features: Vec<TrackFeature>,
}

/// One fix of a track.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrackFeature {
    /// `Feature`.
    #[serde(rename = "type")]
    kind: &'static str,
    geometry: TrackGeometry,
    properties: TrackProperties,
}

/// Where it was.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrackGeometry {
    /// `Point`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Longitude, latitude.
    coordinates: [f64; 2],
}

/// When, and how sure that is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrackProperties {
    /// When it held.
    #[schema(value_type = String, format = DateTime)]
    fix_time: Timestamp,
    /// When it reached the platform.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// The time the handset told, where it cannot be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    told_time: Option<Timestamp>,
    /// Radius that holds the truth with 68 %, in metres.
    accuracy_m: f64,
    /// How it was found.
    method: Method,
    /// Speed over ground, metres a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    speed_mps: Option<f64>,
    /// Course over ground, degrees clockwise from north.
    #[serde(skip_serializing_if = "Option::is_none")]
    bearing_deg: Option<f64>,
    /// Charge of the battery.
    #[serde(skip_serializing_if = "Option::is_none")]
    battery_pct: Option<f64>,
    /// The handset it came from.
    #[schema(value_type = String)]
    handset: HandsetId,
}

/// A track that is being written.
#[derive(Debug)]
pub struct TrackText {
    format: TrackFormat,
    head: TrackHead,
    track: Track,
    place: usize,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Begin,
    Points,
    Done,
}

impl TrackText {
    /// A track to be written in this form.
    pub fn new(format: TrackFormat, head: TrackHead, track: Track) -> Self {
        Self { format, head, track, place: 0, state: State::Begin }
    }

    fn begin(&self) -> String {
        match self.format {
            TrackFormat::GeoJson => {
                let head = serde_json::to_string(&self.head).unwrap_or_default();
                format!("{},\"features\":[", head.strip_suffix('}').unwrap_or(&head))
            }
            TrackFormat::Gpx => gpx_head(&self.head),
            TrackFormat::Csv => CSV_HEAD.to_owned(),
        }
    }

    fn end(&self) -> &'static str {
        match self.format {
            TrackFormat::GeoJson => "]}",
            TrackFormat::Gpx if self.track.points.is_empty() => "</trk></gpx>\n",
            TrackFormat::Gpx => "</trkseg></trk></gpx>\n",
            TrackFormat::Csv => "",
        }
    }

    fn points(&self) -> String {
        let mut text = String::new();
        let points = self.track.points.iter().enumerate().skip(self.place).take(POINTS_IN_A_PIECE);
        for (place, point) in points {
            let before = place.checked_sub(1).and_then(|before| self.track.points.get(before));
            self.write(&mut text, before, point);
        }
        text
    }

    fn write(&self, text: &mut String, before: Option<&TrackPoint>, point: &TrackPoint) {
        let Some(handset) = self.track.handsets.get(point.handset) else { return };
        let written = match self.format {
            TrackFormat::GeoJson => {
                let comma = if before.is_some() { "," } else { "" };
                let feature = serde_json::to_string(&TrackFeature::new(point, handset)).unwrap_or_default();
                write!(text, "{comma}{feature}")
            }
            TrackFormat::Gpx => write!(text, "{}{}", gpx_segment(before, point), gpx_point(point, handset)),
            TrackFormat::Csv => writeln!(text, "{}\r", csv_line(point, handset)),
        };
        // A text takes all that memory holds.
        written.unwrap_or_default();
    }
}

impl Iterator for TrackText {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        match self.state {
            State::Begin => {
                self.state = State::Points;
                Some(self.begin())
            }
            State::Points if self.place < self.track.points.len() => {
                let text = self.points();
                self.place = self.place.saturating_add(POINTS_IN_A_PIECE);
                Some(text)
            }
            State::Points => {
                self.state = State::Done;
                Some(self.end().to_owned())
            }
            State::Done => None,
        }
    }
}

impl TrackFeature {
    fn new(point: &TrackPoint, handset: &HandsetId) -> Self {
        Self {
            kind: "Feature",
            geometry: TrackGeometry {
                kind: "Point",
                coordinates: [point.position.lon(), point.position.lat()],
            },
            properties: TrackProperties {
                fix_time: point.fix_time,
                received_at: point.received_at,
                told_time: point.told_time,
                accuracy_m: point.accuracy_m,
                method: point.method,
                speed_mps: point.speed_mps,
                bearing_deg: point.bearing_deg,
                battery_pct: point.battery_pct,
                handset: handset.clone(),
            },
        }
    }
}

fn gpx_head(head: &TrackHead) -> String {
    // Ids are made of letters, digits and . _ - : alone, so nothing here needs escaping.
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\" creator=\"JuJiaLe\" \
         xmlns=\"http://www.topografix.com/GPX/1/1\" xmlns:jjl=\"urn:jujiale:track\">\n\
         <metadata><desc>{} fixes from {} to {}; coordinates in WGS-84; accuracy is the radius in metres that holds the \
         truth with 68 %{}</desc><extensions><jjl:fixes>{}</jjl:fixes><jjl:unreadable>{}</jjl:unreadable></extensions>\
         </metadata>\n<trk><name>{}</name>",
        head.fixes,
        head.from,
        head.to,
        missing(head),
        head.fixes,
        head.unreadable,
        head.resident
    )
}

/// In words, where a reader of the file would take it for all there was.
fn missing(head: &TrackHead) -> String {
    if head.unreadable == 0 {
        return String::new();
    }
    format!("; there were more: {} blocks of fixes cannot be read", head.unreadable)
}

fn gpx_segment(before: Option<&TrackPoint>, point: &TrackPoint) -> &'static str {
    match before {
        None => "<trkseg>\n",
        Some(before)
            if before.handset != point.handset || point.fix_time.duration_since(before.fix_time) > GAP =>
        {
            "</trkseg>\n<trkseg>\n"
        }
        Some(_) => "",
    }
}

fn gpx_point(point: &TrackPoint, handset: &HandsetId) -> String {
    let some = |name: &str, value: Option<f64>| {
        value.map(|value| format!("<jjl:{name}>{value}</jjl:{name}>")).unwrap_or_default()
    };
    format!(
        "<trkpt lat=\"{}\" lon=\"{}\"><time>{}</time><src>{}</src><extensions>{}{}{}{}<jjl:received_at>{}</jjl:received_at>{}\
         <jjl:handset>{handset}</jjl:handset></extensions></trkpt>\n",
        point.position.lat(),
        point.position.lon(),
        point.fix_time,
        point.method.as_str(),
        some("accuracy_m", Some(point.accuracy_m)),
        some("speed_mps", point.speed_mps),
        some("bearing_deg", point.bearing_deg),
        some("battery_pct", point.battery_pct),
        point.received_at,
        point.told_time.map(|told| format!("<jjl:told_time>{told}</jjl:told_time>")).unwrap_or_default(),
    )
}

const CSV_HEAD: &str = "fix_time,lat_wgs84,lon_wgs84,accuracy_m,method,speed_mps,bearing_deg,battery_pct,received_at,\
    told_time,handset\r\n";

fn csv_line(point: &TrackPoint, handset: &HandsetId) -> String {
    let some = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    format!(
        "{},{},{},{},{},{},{},{},{},{},{}",
        point.fix_time,
        point.position.lat(),
        point.position.lon(),
        point.accuracy_m,
        point.method.as_str(),
        some(point.speed_mps),
        some(point.bearing_deg),
        some(point.battery_pct),
        point.received_at,
        point.told_time.map(|told| told.to_string()).unwrap_or_default(),
        csv_text(handset.as_str()),
    )
}

/// A text that no spreadsheet takes for a formula, or for the end of a cell.
fn csv_text(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// At most so many points: the time is cut into equal spans, and of each the first point stays and the one farthest from
/// it, so that no way out and back is lost. From three points on the newest is one of them: it is where somebody is now.
pub fn thin(mut points: Vec<TrackPoint>, at_most: usize) -> Vec<TrackPoint> {
    if points.len() <= at_most {
        return points;
    }
    let newest = if at_most > 2 { points.pop() } else { None };
    let room = at_most.saturating_sub(usize::from(newest.is_some()));
    let spans = i128::try_from(room.div_ceil(2).max(1)).unwrap_or(1);
    let micros = |point: &TrackPoint| i128::from(point.fix_time.as_microsecond());
    let first = points.first().map(micros).unwrap_or_default();
    let length = points.last().map(micros).unwrap_or_default() - first + 1;
    let span = |point: &TrackPoint| (micros(point) - first) * spans / length;
    let mut kept = Vec::with_capacity(at_most);
    for of_a_span in points.chunk_by(|one, other| span(one) == span(other)) {
        let Some((begin, rest)) = of_a_span.split_first() else { continue };
        kept.push(*begin);
        let away = |point: &&TrackPoint| begin.position.distance_m(point.position);
        kept.extend(rest.iter().max_by(|one, other| away(one).total_cmp(&away(other))));
    }
    // An odd limit may leave a point over that two spans of two would not.
    kept.truncate(room);
    kept.extend(newest);
    kept
}

#[cfg(test)]
#[path = "track_tests.rs"]
mod tests;
