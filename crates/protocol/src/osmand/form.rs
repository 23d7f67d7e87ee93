//! The query form: `lat=…&lon=…&timestamp=…`, in any order. The speed is in knots.

use super::Report;
use super::report::{self, Envelope, Shape};
use crate::defect::Defects;
use model::Timestamp;
use serde_json::{Map, Value, map::Entry};

const SHAPE: Shape = Shape { speed_unit_mps: 1852.0 / 3600.0, battery_full: 100.0 };

pub(super) fn read(payload: &[u8], received_at: Timestamp, defects: &mut Defects) -> Report {
    let mut object = Map::new();
    for (name, value) in form_urlencoded::parse(payload) {
        let value = value.into_owned();
        match object.entry(name.into_owned()) {
            Entry::Vacant(entry) => drop(entry.insert(Value::String(value))),
            Entry::Occupied(mut entry) if entry.key() == "alarm" => add_alarm(entry.get_mut(), &value),
            // Of the same parameter twice, the first counts, as in the protocol's own server.
            Entry::Occupied(_) => {}
        }
    }
    rename(&mut object, "heading", "bearing");
    part_location(&mut object, defects);
    let mut report = Report::default();
    let envelope = Envelope { shape: SHAPE, payload, received_at, cut_off: false };
    report::read(object, envelope, &mut report, defects);
    report
}

/// No alarm hides behind another.
fn add_alarm(alarms: &mut Value, alarm: &str) {
    if let Value::String(alarms) = alarms {
        alarms.push(',');
        alarms.push_str(alarm);
    }
}

fn rename(object: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = object.remove(from) {
        object.entry(to).or_insert(value);
    }
}

/// `location=lat,lon` stands for both.
fn part_location(object: &mut Map<String, Value>, defects: &mut Defects) {
    let Some(Value::String(both)) = object.remove("location") else { return };
    match both.split_once(',') {
        Some((lat, lon)) => {
            object.entry("lat").or_insert_with(|| Value::String(lat.trim().to_owned()));
            object.entry("lon").or_insert_with(|| Value::String(lon.trim().to_owned()));
        }
        None => defects.add("location", "is not lat,lon"),
    }
}
