//! `transition`, `waypoint`, `waypoints`: the app's own regions. They are kept; what a fence means here is decided
//! here, so nothing follows from them.

use super::location::read_time;
use crate::defect::Defects;
use crate::gps_one::{Fields, read_accuracy, read_position};
use model::{Timestamp, Wgs84};
use serde_json::{Map, Value};

/// The phone says that it entered or left one of its regions.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// Entered, not left.
    pub entered: bool,
    /// The region's name.
    pub description: Option<String>,
    /// The region's id, the same after its name was changed.
    pub region_id: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// Where the phone was then.
    pub position: Option<Wgs84>,
    /// How far that may be off; the app demands it and leaves it out.
    pub accuracy_m: Option<f64>,
}

/// A region as the phone keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Waypoint {
    /// Its name.
    pub description: Option<String>,
    /// Its id, the same after its name was changed.
    pub region_id: Option<String>,
    /// When it was made, in seconds; an id rather than a time.
    pub made_at_s: Option<u64>,
    /// Its middle; a beacon has none.
    pub middle: Option<Wgs84>,
    /// Its radius.
    pub radius_m: Option<f64>,
}

/// A transition that does not say whether it was entered or left is none.
pub(super) fn read_transition(
    object: &Map<String, Value>,
    received_at: Timestamp,
    defects: &mut Defects,
) -> Option<Transition> {
    let mut fields = Fields::new(object, "", defects);
    let event = fields.text("event").map(|event| event.trim().to_ascii_lowercase());
    let entered = match event.as_deref() {
        Some("enter") => Some(true),
        Some("leave") => Some(false),
        Some(_) | None => {
            fields.refuse("event", "is neither enter nor leave");
            None
        }
    };
    let has_position = fields.get("lat").is_some() || fields.get("lon").is_some();
    let transition = Transition {
        entered: entered?,
        description: fields.text("desc"),
        region_id: fields.text("rid"),
        at: read_time(&mut fields, received_at).0,
        position: if has_position { read_position(&mut fields, ["lat", "lon"]) } else { None },
        accuracy_m: fields
            .number("acc")
            .filter(|acc| *acc != 0.0)
            .and_then(|_| read_accuracy(&mut fields, "acc")),
    };
    Some(transition)
}

pub(super) fn read_waypoint(object: &Map<String, Value>, path: &str, defects: &mut Defects) -> Waypoint {
    let mut fields = Fields::new(object, path, defects);
    let is_beacon = fields.get("uuid").is_some();
    Waypoint {
        description: fields.text("desc"),
        region_id: fields.text("rid"),
        made_at_s: fields.count("tst"),
        middle: if is_beacon { None } else { read_position(&mut fields, ["lat", "lon"]) },
        radius_m: if is_beacon { None } else { fields.number_within("rad", 0.0, 100_000.0) },
    }
}

/// Every waypoint of an export that is one.
pub(super) fn read_waypoints(object: &Map<String, Value>, defects: &mut Defects) -> Vec<Waypoint> {
    let Some(Value::Array(list)) = object.get("waypoints") else {
        defects.add("waypoints", "is not a list");
        return Vec::new();
    };
    let mut waypoints = Vec::new();
    for (place, value) in list.iter().enumerate() {
        let path = format!("waypoints[{place}]");
        match value.as_object() {
            Some(object) => waypoints.push(read_waypoint(object, &path, defects)),
            None => defects.add(path, "is not a waypoint"),
        }
    }
    waypoints
}
