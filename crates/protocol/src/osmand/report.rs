//! One report, after both shapes have been brought to the same names: `timestamp lat lon accuracy hdop speed bearing
//! batt charge valid mock alarm event cell wifi`.

use super::{Report, time};
use crate::defect::Defects;
use crate::gps_one::{
    ACCURACY_AT_MOST_M, Fields, Reading, SPEED_AT_MOST_MPS, Told, found_by, read_position, split,
};
use crate::phone::{known, read_radius};
use crate::{Press, Status, sameness};
use model::{Fix, Method, SignedDuration, Timestamp, Wgs84};
use serde_json::{Map, Value};

/// The alarm that is a press.
const SOS: &str = "sos";
/// A press is taken for a repeat only if it comes within this of its own time. The app dates it by its newest
/// position, which of somebody who sits still may be an hour old and the same for two presses.
const TOLD_APART_WITHIN: SignedDuration = SignedDuration::from_secs(60);
/// How far off a position is for each unit of dilution: the error of a range to one satellite.
const RANGE_ERROR_M: f64 = 5.0;
/// The series of a phone's numbers; a handset has one such phone.
const SERIES: &str = "osmand";

/// In what a shape counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Its unit of speed in metres a second.
    pub(super) speed_unit_mps: f64,
    /// What a full battery is.
    pub(super) battery_full: f64,
}

/// What a report is read with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Envelope<'a> {
    pub(super) shape: Shape,
    /// Everything the request said, by which a press is told from others.
    pub(super) payload: &'a [u8],
    pub(super) received_at: Timestamp,
    /// The payload lost its end.
    pub(super) cut_off: bool,
}

/// Reads one report into what was read so far.
pub(super) fn read(
    mut object: Map<String, Value>,
    envelope: Envelope<'_>,
    report: &mut Report,
    defects: &mut Defects,
) {
    time::settle_zone(&mut object, defects);
    let mut fields = Fields::new(&object, "", defects);
    let told = fields.time(time::KEY, envelope.received_at);
    let shape = envelope.shape;
    let battery_pct =
        known(&mut fields, "batt", shape.battery_full).map(|part| part / shape.battery_full * 100.0);
    let charging = fields.flag("charge");
    let is_pressed = object.get("alarm").is_some_and(is_sos);
    let fix = read_fix(&mut fields, &told, is_pressed, envelope);
    if is_pressed {
        let fix = fix.clone().map(|fix| Fix { battery_pct, ..fix });
        report.presses.push(press(told, fix, battery_pct, envelope, defects));
    }
    let is_said = |key: &&str| object.contains_key(*key);
    report.says_more |= fix.is_none() || ["alarm", "event", "cell", "wifi"].iter().any(is_said);
    report.status = Status { battery_pct, charging, ..Status::default() };
    report.fixes.extend(fix.map(|fix| Fix { battery_pct, ..fix }));
}

/// Whether `sos` is among the alarms named.
fn is_sos(alarm: &Value) -> bool {
    match alarm {
        Value::String(names) => names.split([',', ';', ' ']).any(|name| name.eq_ignore_ascii_case(SOS)),
        Value::Array(alarms) => alarms.iter().any(is_sos),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// The position, unless the phone says itself that it has none, or that it is made up.
fn read_fix(fields: &mut Fields<'_>, told: &Told, is_pressed: bool, envelope: Envelope<'_>) -> Option<Fix> {
    if fields.flag("mock") == Some(true) {
        fields.refuse("mock", "the position is made up by another app");
        return None;
    }
    let has_position = fields.get("lat").is_some() || fields.get("lon").is_some();
    if !has_position || fields.flag("valid") == Some(false) {
        return None;
    }
    let position = read_position(fields, ["lat", "lon"]);
    let (method, accuracy_m) = read_how(fields, envelope.cut_off);
    let unit = envelope.shape.speed_unit_mps;
    let speed = known(fields, "speed", SPEED_AT_MOST_MPS / unit);
    let bearing_deg = known(fields, "bearing", 360.0);
    let position = position?;
    let (fix_time, seq) = match told {
        Told::Believed(time) => (*time, number_of(*time, position)),
        Told::Absent => (envelope.received_at, None),
        // Somebody who calls for help is somewhere, whatever the date.
        Told::Unbelieved { .. } if is_pressed => (envelope.received_at, None),
        Told::Unbelieved { .. } => return None,
    };
    let boot = seq.map(|_| SERIES.to_owned());
    let speed_mps = speed.map(|speed| speed * unit);
    Some(Fix { boot, seq, fix_time, position, accuracy_m, method, speed_mps, bearing_deg, battery_pct: None })
}

/// How the position was found, and how far it may be off. Where no accuracy is said there may be a dilution, which in OsmAnd's own
/// address is its accuracy in metres and in that of others what their receiver reckons; nothing tells the one from the other.
/// It is taken for the worse of the two, and never for better than a position of which nothing is said.
fn read_how(fields: &mut Fields<'_>, cut_off: bool) -> (Method, f64) {
    if let Some(accuracy_m) = read_radius(fields, "accuracy") {
        return found_by(Some(accuracy_m), cut_off);
    }
    let Some(dilution) = read_radius(fields, "hdop") else { return found_by(None, cut_off) };
    let (method, in_metres) = found_by(Some(dilution), cut_off);
    let worse_m = (in_metres * RANGE_ERROR_M).max(Method::Gps.usual_accuracy_m());
    (method, worse_m.min(ACCURACY_AT_MOST_M))
}

/// A fix is the same by phone, time and position.
fn number_of(time: Timestamp, position: Wgs84) -> Option<u64> {
    let place = format!("{time} {} {}", position.lat(), position.lon());
    sameness::number(time, &[place.as_bytes()])
}

/// The press. It is told from others by all that was said, if its time is of this minute; else by nothing.
fn press(
    told: Told,
    fix: Option<Fix>,
    battery_pct: Option<f64>,
    envelope: Envelope<'_>,
    defects: &Defects,
) -> Press {
    let (pressed_at, pressed_at_text) = split(told);
    let is_of_this_minute = |time: &Timestamp| {
        time.duration_since(envelope.received_at).unsigned_abs() <= TOLD_APART_WITHIN.unsigned_abs()
    };
    let seq = pressed_at
        .filter(|time| is_of_this_minute(time) && !envelope.cut_off)
        .and_then(|time| sameness::number(time, &[SOS.as_bytes(), envelope.payload]));
    Press {
        press_id: pressed_at.map(|time| format!("{SOS}-{time}")),
        boot: seq.map(|_| SERIES.to_owned()),
        seq,
        pressed_at,
        pressed_at_text,
        cancel: false,
        fix,
        battery_pct,
        reading: Reading::of(defects, true),
        doubtful: seq.is_none(),
    }
}

/// The press of a report that is so broken that only the word could be found.
pub(super) fn press_by_its_word(payload: &[u8]) -> Option<Press> {
    let quoted = format!("\"{SOS}\"");
    let is_there = payload.windows(quoted.len()).any(|window| window.eq_ignore_ascii_case(quoted.as_bytes()));
    is_there.then(|| Press::bare(Reading::Partly))
}
