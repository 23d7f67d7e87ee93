//! A telephone's message without where it was: what is left to keep of somebody who is not tracked. What is not known to name no
//! place goes: apps say where they are in ever other words.

use crate::defect::Defects;
use crate::gps_one::open_object;
use crate::osmand::is_json;
use serde_json::{Map, Value};

/// What names no place.
const KEPT: [&str; 17] = [
    "_type",
    "t",
    "m",
    "tst",
    "created_at",
    "timestamp",
    "batt",
    "bs",
    "level",
    "charge",
    "is_charging",
    "conn",
    "event",
    "alarm",
    "valid",
    "mock",
    "tid",
];
/// What holds others, of which each is looked at.
const HOLDS: [&str; 4] = ["location", "battery", "extras", "waypoints"];

/// A payload of an OwnTracks or OsmAnd app without its place. Of one that cannot be read nothing is left.
pub fn without_place(payload: &[u8]) -> Vec<u8> {
    if !is_json(payload) {
        let pairs: Vec<&[u8]> =
            payload.split(|byte| *byte == b'&').filter(|pair| is_kept_pair(pair)).collect();
        return pairs.join(&b'&');
    }
    let object = open_object(payload, &mut Defects::default()).map(|(object, _)| object);
    Value::Object(kept(&object.unwrap_or_default())).to_string().into_bytes()
}

fn is_kept_pair(pair: &[u8]) -> bool {
    form_urlencoded::parse(pair).next().is_some_and(|(name, _)| KEPT.contains(&name.as_ref()))
}

fn kept(object: &Map<String, Value>) -> Map<String, Value> {
    object.iter().filter_map(|(name, value)| Some((name.clone(), kept_of(name, value)?))).collect()
}

fn kept_of(name: &str, value: &Value) -> Option<Value> {
    match value {
        Value::Object(object) => HOLDS.contains(&name).then(|| Value::Object(kept(object))),
        Value::Array(list) => HOLDS.contains(&name).then(|| {
            let objects = list.iter().filter_map(Value::as_object);
            Value::Array(objects.map(|object| Value::Object(kept(object))).collect())
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            KEPT.contains(&name).then(|| value.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_names_no_place() {
        for (payload, left) in [
            (
                "lat=33.9&lon=118.2&event=motion&location=33.9%2C118.2&cell=460,0&batt=7",
                "event=motion&batt=7",
            ),
            ("%6cat=33.9&alarm=tow", "alarm=tow"),
            (
                r#"{"_type":"transition","event":"enter","desc":"home","lat":33.9,"lon":118.2}"#,
                r#"{"_type":"transition","event":"enter"}"#,
            ),
            (
                r#"{"_type":"waypoints","waypoints":[{"_type":"waypoint","lat":33.9},[118.2],7]}"#,
                r#"{"_type":"waypoints","waypoints":[{"_type":"waypoint"}]}"#,
            ),
            (
                r#"{"location":{"coords":{"latitude":33.9},"event":"stop","battery":{"level":0.5},"extras":{"ssid":"x"}}}"#,
                r#"{"location":{"battery":{"level":0.5},"event":"stop","extras":{}}}"#,
            ),
            (r#"{"location":[33.9,118.2],"event":[33.9]}"#, r#"{"location":[]}"#),
            ("[33.9,118.2]", "{}"),
            ("", ""),
        ] {
            let found = without_place(payload.as_bytes());
            let is_same = match serde_json::from_str::<Value>(left) {
                Ok(wanted) => serde_json::from_slice::<Value>(&found).ok() == Some(wanted),
                Err(_) => found == left.as_bytes(),
            };
            assert!(is_same, "{payload}: {}", String::from_utf8_lossy(&found));
        }
    }
}
