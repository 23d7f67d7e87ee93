//! A track as it leaves the platform: GeoJSON, GPX or CSV. Pure; piece by piece, so that a month of it is never in memory
//! as text. A day of it is ten thousand points, so each is written straight into its piece, and nothing of it is put together
//! elsewhere before.

use model::{HandsetId, Method, ResidentId, SignedDuration, Timestamp};
use serde::Serialize;
use std::io::{self, Write as _};
use store::{Track, TrackPoint};
use utoipa::ToSchema;

/// Points in one piece of text: some hundred kilobytes.
const POINTS_IN_A_PIECE: usize = 500;
/// Points whose text is made before any of it may leave: more than the 8,640 of a day's track, some three megabytes.
const POINTS_AHEAD: usize = 10_000;
/// A point in GPX, the longest form, with all that can be known of it; a shorter one only leaves room.
const BYTES_OF_A_POINT: usize = 400;
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

// `geojson_point` writes it, which a test holds against this.
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
    points: Vec<TrackPoint>,
    /// The handsets of the points, each as its format has it.
    handsets: Vec<String>,
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
        let written = |handset: &HandsetId| match format {
            // Ids are made of letters, digits and . _ - : alone, so nothing here needs escaping.
            TrackFormat::GeoJson | TrackFormat::Gpx => handset.as_str().to_owned(),
            TrackFormat::Csv => csv_text(handset.as_str()),
        };
        let handsets = track.handsets.iter().map(written).collect();
        Self { format, head, points: track.points, handsets, place: 0, state: State::Begin }
    }

    /// As much of the text as is made before any of it may leave: all of a day. What follows comes of the iterator, piece by
    /// piece.
    pub fn ahead(&mut self) -> String {
        let points = self.points.len().min(POINTS_AHEAD);
        let mut text = Vec::with_capacity(points.saturating_mul(BYTES_OF_A_POINT));
        while self.place < POINTS_AHEAD && self.write_on(&mut text) {}
        as_text(text)
    }

    /// Writes the next part of it; false if there is none.
    fn write_on(&mut self, text: &mut Vec<u8>) -> bool {
        match self.state {
            State::Begin => {
                self.state = State::Points;
                text.extend_from_slice(self.begin().as_bytes());
            }
            State::Points if self.place < self.points.len() => {
                self.write_points(text);
                self.place = self.place.saturating_add(POINTS_IN_A_PIECE);
            }
            State::Points => {
                self.state = State::Done;
                text.extend_from_slice(self.end().as_bytes());
                // What is written is not kept twice for a slow reader.
                self.points = Vec::new();
            }
            State::Done => return false,
        }
        true
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
            TrackFormat::Gpx if self.points.is_empty() => "</trk></gpx>\n",
            TrackFormat::Gpx => "</trkseg></trk></gpx>\n",
            TrackFormat::Csv => "",
        }
    }

    fn write_points(&self, text: &mut Vec<u8>) {
        let points = self.points.iter().enumerate().skip(self.place).take(POINTS_IN_A_PIECE);
        for (place, point) in points {
            let before = place.checked_sub(1).and_then(|before| self.points.get(before));
            // A text takes all that memory holds.
            self.write(text, before, point).unwrap_or_default();
        }
    }

    fn write(&self, text: &mut Vec<u8>, before: Option<&TrackPoint>, point: &TrackPoint) -> io::Result<()> {
        let Some(handset) = self.handsets.get(point.handset) else { return Ok(()) };
        match self.format {
            TrackFormat::GeoJson => {
                if before.is_some() {
                    text.push(b',');
                }
                geojson_point(text, point, handset)
            }
            TrackFormat::Gpx => {
                text.extend_from_slice(gpx_segment(before, point).as_bytes());
                gpx_point(text, point, handset)
            }
            TrackFormat::Csv => csv_line(text, point, handset),
        }
    }
}

impl Iterator for TrackText {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut text = Vec::new();
        self.write_on(&mut text).then(|| as_text(text))
    }
}

/// Numbers, times, ids and words of ours are never anything but text.
fn as_text(written: Vec<u8>) -> String {
    String::from_utf8(written).unwrap_or_default()
}

/// What is known of some points and not of others, by its name in every form, in the order in which it is written.
fn measured(point: &TrackPoint) -> [(&'static str, Option<f64>); 3] {
    [("speed_mps", point.speed_mps), ("bearing_deg", point.bearing_deg), ("battery_pct", point.battery_pct)]
}

/// [`TrackFeature`] as JSON.
fn geojson_point(text: &mut Vec<u8>, point: &TrackPoint, handset: &str) -> io::Result<()> {
    text.extend_from_slice(br#"{"type":"Feature","geometry":{"type":"Point","coordinates":["#);
    json_number(text, point.position.lon())?;
    text.push(b',');
    json_number(text, point.position.lat())?;
    write!(
        text,
        r#"]}},"properties":{{"fix_time":"{}","received_at":"{}""#,
        point.fix_time, point.received_at
    )?;
    if let Some(told) = point.told_time {
        write!(text, r#","told_time":"{told}""#)?;
    }
    text.extend_from_slice(br#","accuracy_m":"#);
    json_number(text, point.accuracy_m)?;
    write!(text, r#","method":"{}""#, point.method.as_str())?;
    for (name, value) in measured(point) {
        if let Some(value) = value {
            write!(text, r#","{name}":"#)?;
            json_number(text, value)?;
        }
    }
    write!(text, r#","handset":"{handset}"}}}}"#)
}

/// As JSON has it: 71.0, and null for what is no number.
fn json_number(text: &mut Vec<u8>, number: f64) -> io::Result<()> {
    Ok(serde_json::to_writer(text, &number)?)
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

fn gpx_point(text: &mut Vec<u8>, point: &TrackPoint, handset: &str) -> io::Result<()> {
    write!(
        text,
        "<trkpt lat=\"{}\" lon=\"{}\"><time>{}</time><src>{}</src><extensions><jjl:accuracy_m>{}</jjl:accuracy_m>",
        point.position.lat(),
        point.position.lon(),
        point.fix_time,
        point.method.as_str(),
        point.accuracy_m,
    )?;
    for (name, value) in measured(point) {
        if let Some(value) = value {
            write!(text, "<jjl:{name}>{value}</jjl:{name}>")?;
        }
    }
    write!(text, "<jjl:received_at>{}</jjl:received_at>", point.received_at)?;
    if let Some(told) = point.told_time {
        write!(text, "<jjl:told_time>{told}</jjl:told_time>")?;
    }
    writeln!(text, "<jjl:handset>{handset}</jjl:handset></extensions></trkpt>")
}

const CSV_HEAD: &str = "fix_time,lat_wgs84,lon_wgs84,accuracy_m,method,speed_mps,bearing_deg,battery_pct,received_at,\
    told_time,handset\r\n";

fn csv_line(text: &mut Vec<u8>, point: &TrackPoint, handset: &str) -> io::Result<()> {
    write!(
        text,
        "{},{},{},{},{}",
        point.fix_time,
        point.position.lat(),
        point.position.lon(),
        point.accuracy_m,
        point.method.as_str(),
    )?;
    for (_, value) in measured(point) {
        text.push(b',');
        if let Some(value) = value {
            write!(text, "{value}")?;
        }
    }
    write!(text, ",{},", point.received_at)?;
    if let Some(told) = point.told_time {
        write!(text, "{told}")?;
    }
    writeln!(text, ",{handset}\r")
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
