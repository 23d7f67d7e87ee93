//! The JSON form: `{"location":{"timestamp":…,"coords":{…},"battery":{…},…}}`, or a list of such locations. The speed
//! is in metres a second, the battery from 0 to 1.

use super::Report;
use super::report::{self, Envelope, Shape};
use crate::defect::Defects;
use crate::gps_one::open_object;
use model::Timestamp;
use serde_json::{Map, Value};

const SHAPE: Shape = Shape { speed_unit_mps: 1.0, battery_full: 1.0 };

/// Where a member of a location stands, and under which name it is read.
const MEMBERS: [(&[&str], &str); 11] = [
    (&["timestamp"], "timestamp"),
    (&["coords", "latitude"], "lat"),
    (&["coords", "longitude"], "lon"),
    (&["coords", "accuracy"], "accuracy"),
    (&["coords", "speed"], "speed"),
    (&["coords", "heading"], "bearing"),
    (&["battery", "level"], "batt"),
    (&["battery", "is_charging"], "charge"),
    (&["mock"], "mock"),
    (&["event"], "event"),
    (&["extras", "event"], "event"),
];

pub(super) fn read(payload: &[u8], received_at: Timestamp, defects: &mut Defects) -> Report {
    let mut report = Report { says_more: true, ..Report::default() };
    let Ok((object, cut_off)) = open_object(payload, defects) else {
        report.presses.extend(report::press_by_its_word(payload));
        return report;
    };
    let envelope = Envelope { shape: SHAPE, payload, received_at, cut_off };
    let outer = object.get("alarm");
    report.says_more = outer.is_some();
    match object.get("location") {
        Some(Value::Object(location)) => {
            report::read(flat(location, outer), envelope, &mut report, defects);
        }
        Some(Value::Array(list)) => read_list(list, outer, envelope, &mut report, defects),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
            defects.add("location", "is missing");
            report::read(flat(&Map::new(), outer), envelope, &mut report, defects);
        }
    }
    let is_broken = !defects.is_empty();
    if report.presses.is_empty() && is_broken {
        report.presses.extend(report::press_by_its_word(payload));
    }
    report
}

/// An alarm beside the list is the alarm of the newest, which stands last.
fn read_list(
    list: &[Value],
    outer: Option<&Value>,
    envelope: Envelope<'_>,
    report: &mut Report,
    defects: &mut Defects,
) {
    for (place, value) in list.iter().enumerate() {
        let is_last = place.saturating_add(1) == list.len();
        match value.as_object() {
            Some(location) => {
                report::read(flat(location, outer.filter(|_| is_last)), envelope, report, defects);
            }
            None => defects.add(format!("location[{place}]"), "is not a location"),
        }
    }
}

/// The members that mean something, under the names both shapes have; all alarms together.
fn flat(location: &Map<String, Value>, outer_alarm: Option<&Value>) -> Map<String, Value> {
    let mut flat = Map::new();
    for (path, name) in MEMBERS {
        if let Some(value) = member(location, path) {
            flat.entry(name).or_insert_with(|| value.clone());
        }
    }
    let own = [member(location, &["alarm"]), member(location, &["extras", "alarm"])];
    let alarms: Vec<Value> = own.into_iter().flatten().chain(outer_alarm).cloned().collect();
    if !alarms.is_empty() {
        flat.insert("alarm".to_owned(), Value::Array(alarms));
    }
    flat
}

/// The member at this path, unless it says nothing.
fn member<'a>(location: &'a Map<String, Value>, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let found = rest.iter().try_fold(location.get(*first)?, |value, key| value.as_object()?.get(*key))?;
    Some(found).filter(|value| !value.is_null() && value.as_str() != Some(""))
}
