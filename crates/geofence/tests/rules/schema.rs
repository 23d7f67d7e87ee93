//! The schema of the residents' file takes what the program takes, and refuses what it refuses.

use geofence::Rules;
use geofence::habits::Habits;
use geofence::replay::{Recording, ResidentsFile};
use serde_json::{Map, Value, json};

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/residents.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// As much of JSON Schema as the file uses. A keyword it does not know is a failure, lest a rule go unread.
fn accepts(root: &Value, schema: &Value, value: &Value) -> bool {
    let rules = schema.as_object().unwrap();
    rules.iter().all(|(keyword, rule)| holds(root, rules, (keyword, rule), value))
}

fn holds(root: &Value, rules: &Map<String, Value>, (keyword, rule): (&str, &Value), value: &Value) -> bool {
    let list = |rule: &Value| rule.as_array().unwrap().clone();
    let length = value.as_array().map(Vec::len);
    match keyword {
        "$schema" | "$id" | "$defs" | "title" | "description" => true,
        "$ref" => {
            let target = root.pointer(rule.as_str().unwrap().strip_prefix('#').unwrap()).unwrap();
            accepts(root, target, value)
        }
        "type" => match rule {
            Value::Array(names) => names.iter().any(|name| is_a(value, name.as_str().unwrap())),
            name => is_a(value, name.as_str().unwrap()),
        },
        "enum" => list(rule).contains(value),
        "const" => rule == value,
        "required" => {
            let object = value.as_object();
            object
                .is_none_or(|object| list(rule).iter().all(|key| object.contains_key(key.as_str().unwrap())))
        }
        "properties" => value.as_object().is_none_or(|object| {
            object.iter().all(|(key, value)| rule.get(key).is_none_or(|rule| accepts(root, rule, value)))
        }),
        "additionalProperties" => {
            let known = rules.get("properties").and_then(Value::as_object).unwrap();
            *rule == json!(false)
                && value.as_object().is_none_or(|object| object.keys().all(|key| known.contains_key(key)))
        }
        "items" => value.as_array().is_none_or(|items| items.iter().all(|item| accepts(root, rule, item))),
        "anyOf" => list(rule).iter().any(|schema| accepts(root, schema, value)),
        "minItems" => length.is_none_or(|length| length as u64 >= rule.as_u64().unwrap()),
        "maxItems" => length.is_none_or(|length| length as u64 <= rule.as_u64().unwrap()),
        "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
        "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
        "pattern" => value.as_str().is_none_or(|text| matches(rule.as_str().unwrap(), text)),
        other => unreachable!("{other} in {rules:?} is no keyword this test knows"),
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => unreachable!("no type {other}"),
    }
}

/// The three patterns of the schema, by hand: no library of regular expressions is worth that.
fn matches(pattern: &str, text: &str) -> bool {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    match pattern {
        "^[A-Za-z0-9._:-]{1,64}$" => {
            (1..=64).contains(&text.len())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "._:-".contains(c))
        }
        "^([01]?[0-9]|2[0-3]):[0-5]?[0-9]$|^24:00?$" => {
            let below = |text: &str, most: u32| {
                (1..=2).contains(&text.len()) && text.parse::<u32>().is_ok_and(|number| number < most)
            };
            let halves = text.split_once(':');
            ["24:0", "24:00"].contains(&text)
                || halves.is_some_and(|(hour, minute)| below(hour, 24) && below(minute, 60))
        }
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => {
            let parts: Vec<&str> = text.split('-').collect();
            matches!(parts[..], [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
        }
        days if days.starts_with("^([Mm]") => {
            let short: String = text.to_lowercase().chars().take(3).collect();
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(&short.as_str())
        }
        other => unreachable!("no pattern {other}"),
    }
}

/// Whether the program takes the file without a word.
fn is_taken(file: &Value) -> bool {
    let file: Result<ResidentsFile, _> = serde_json::from_value(file.clone());
    file.is_ok_and(|file| Recording::new(&file).1.is_empty())
}

fn of_resident(more: &Value) -> Value {
    let mut resident = json!({"id": "r1"});
    resident.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"residents": [resident]})
}

fn of_fence(more: &Value) -> Value {
    let circle = json!({"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200});
    let mut fence = json!({"id": "home", "kind": "safe", "shape": circle});
    fence.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    of_resident(&json!({"fences": [fence]}))
}

fn of_shape(shape: &Value) -> Value {
    of_fence(&json!({"shape": shape}))
}

fn snooze(what: &str, which: impl Into<Value>) -> Value {
    json!({what: which.into(), "from": "2026-11-28T08:00:00Z", "until": "2026-11-28T10:00:00Z"})
}

fn absence() -> Value {
    json!({"from": "2026-11-26T08:00:00Z", "to": "2026-11-28T10:00:00Z"})
}

fn of_zone(more: &Value) -> Value {
    let circle = json!({"type": "Circle", "center": [118.27, 33.96], "radius_m": 30});
    let mut zone = json!({"id": "canal", "shape": circle});
    zone.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"residents": [], "zones": [zone]})
}

#[test]
fn good_files_and_bad_ones() {
    let hours = |hours: Value| of_fence(&json!({"schedule": [hours]}));
    let cases = [
        (true, json!({"residents": []})),
        (true, json!({"residents": [], "zones": [], "note": "passed over"})),
        (false, json!({})),
        (false, json!([])),
        (false, json!({"residents": {}})),
        (false, json!({"residents": [{}]})),
        (false, json!({"residents": [{"id": ""}]})),
        (false, json!({"residents": [{"id": "王秀英"}]})),
        (true, of_resident(&json!({"name": "王秀英", "policy": {"dementia": true, "zones": null}}))),
        (false, of_resident(&json!({"name": 7}))),
        (false, of_resident(&json!({"policy": {"dementia": "yes"}}))),
        (false, of_resident(&json!({"policy": {"dementia": null}}))),
        (true, of_resident(&json!({"policy": {"wandering": false, "habits": true, "inactivity": true}}))),
        (true, of_resident(&json!({"handset": null}))),
        (true, of_resident(&json!({"handset": {"id": "h1", "worn": "wrist", "heartbeat_s": 300}}))),
        (false, of_resident(&json!({"handset": {"id": "h1", "worn": "neck"}}))),
        (false, of_resident(&json!({"handset": {"worn": "wrist"}}))),
        (true, of_resident(&json!({"handset": {"id": "h1", "phone": {"user": "wang", "device": "redmi"}}}))),
        (true, of_resident(&json!({"handset": {"id": "h1", "phone": null}}))),
        (false, of_resident(&json!({"handset": {"id": "h1", "phone": "owntracks/wang/redmi"}}))),
        (false, of_resident(&json!({"handset": {"id": "h1", "phone": {"user": "wang"}}}))),
        (true, of_resident(&json!({"companions": ["h2", "h3"]}))),
        (false, of_resident(&json!({"companions": "h2"}))),
        (true, of_resident(&json!({"snoozes": [snooze("fence", "home"), snooze("zone", "canal")]}))),
        (true, of_resident(&json!({"snoozes": []}))),
        (false, of_resident(&json!({"snoozes": null}))),
        (false, of_resident(&json!({"snoozes": [snooze("road", "canal")]}))),
        (false, of_resident(&json!({"snoozes": [snooze("fence", 7)]}))),
        (false, of_resident(&json!({"snoozes": [{"fence": "home", "from": "2026-11-28T08:00:00Z"}]}))),
        (true, of_resident(&json!({"absences": [absence()]}))),
        (false, of_resident(&json!({"absences": null}))),
        (false, of_resident(&json!({"absences": [{"from": "2026-11-28T08:00:00Z"}]}))),
        (true, of_resident(&json!({"habits": null}))),
        (true, of_resident(&json!({"habits": Habits::default()}))),
        (false, of_resident(&json!({"habits": {"version": 1}}))),
        (false, of_fence(&json!({"kind": "home"}))),
        (false, of_fence(&json!({"id": 4}))),
        (true, of_fence(&json!({"name": "家", "armed": false}))),
        (true, of_fence(&json!({"datum": "gcj02"}))),
        (true, of_fence(&json!({"datum": null}))),
        (false, of_fence(&json!({"datum": "mars"}))),
        (false, of_fence(&json!({"dwell": 60}))),
        (true, of_fence(&json!({"name": null, "armed": null}))),
        (false, of_fence(&json!({"armed": "no"}))),
        (true, of_fence(&json!({"dwell_s": 60, "home_by": ["18:00", "24:00"]}))),
        (false, of_fence(&json!({"dwell_s": -1}))),
        (false, of_fence(&json!({"dwell_s": 90_000}))),
        (false, of_fence(&json!({"home_by": ["25:00"]}))),
        (true, hours(json!({"days": ["Monday"], "from": "22:00", "to": "06:00"}))),
        (true, hours(json!({"days": ["mon", "sun"], "from": "22:00", "to": "06:00"}))),
        (true, hours(json!({"date": "2026-12-31", "from": "00:00", "to": "24:00", "armed": false}))),
        (false, hours(json!({"from": "00:00", "to": "24:00"}))),
        (false, hours(json!({"days": ["someday"], "from": "00:00", "to": "24:00"}))),
        (true, hours(json!({"days": ["mon"], "from": "0:00", "to": "24:00"}))),
        (false, hours(json!({"days": ["mon"], "from": "noon", "to": "24:01"}))),
        (false, hours(json!({"date": "tomorrow", "from": "00:00", "to": "24:00"}))),
        (true, of_zone(&json!({"kind": "forbidden", "dwell_s": 30}))),
        (true, of_zone(&json!({"name": "运河"}))),
        (false, of_zone(&json!({"name": 7}))),
        (false, of_zone(&json!({"kind": "safe"}))),
        (true, of_zone(&json!({"kind": "river", "datum": "bd09"}))),
        (true, of_zone(&json!({"kind": "railway"}))),
        (false, of_zone(&json!({"kind": "park"}))),
        (false, of_zone(&json!({"dwell": 60}))),
        (false, of_zone(&json!({"dwell_s": -5}))),
        (true, json!({"residents": [], "rules": {"version": "trial", "threshold": 8.0}})),
        (true, json!({"residents": [], "rules": null})),
        (false, json!({"residents": [], "rules": {"threshold": 0.0}})),
        (false, json!({"residents": [], "rules": {"repeat_s": 1}})),
        (false, json!({"residents": [], "rules": {"steps_m": [500, 1000, 0]}})),
        (
            true,
            json!({"residents": [], "rules": {"wandering_limit": 3, "battery_low_pct": 25, "still_least_s": 7200}}),
        ),
        (false, json!({"residents": [], "rules": {"wandering_limit": "3"}})),
        (false, json!({"residents": [], "rules": {"wandering_limit": 100}})),
        (false, json!({"residents": [], "rules": {"off_usual_m": 0}})),
        (false, json!({"residents": [], "rules": {"late_heartbeats": 0.5}})),
        (false, json!({"residents": [], "rules": {"offline_heartbeats": -3}})),
        (false, json!({"residents": [], "rules": {"battery_low_pct": 31}})),
        (false, json!({"residents": [], "rules": {"battery_very_low_pct": -1}})),
        (false, json!({"residents": [], "rules": {"taken_off_after_s": 5}})),
        (false, json!({"residents": [], "rules": {"still_least_s": 60}})),
        (false, json!({"residents": [], "rules": {"still_times_usual": 0}})),
        (false, json!({"residents": [], "rules": {"threshold": "8"}})),
        (false, json!({"residents": [], "rules": {"steps_m": [500, 1000]}})),
    ];
    judge(cases);
}

#[test]
fn good_shapes_and_bad_ones() {
    let ring = json!([[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]]);
    let line = json!([[118.27, 33.96], [118.28, 33.96]]);
    let cases = [
        (true, of_shape(&json!({"type": "Polygon", "coordinates": [ring]}))),
        (true, of_shape(&json!({"type": "MultiPolygon", "coordinates": [[ring]]}))),
        (true, of_shape(&json!({"type": "Corridor", "line": line, "width_m": 60}))),
        (true, of_shape(&json!({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}))),
        (false, of_shape(&json!({"type": "Point", "coordinates": [118.27, 33.96]}))),
        (
            true,
            of_shape(&json!({"type": "Feature", "properties": {"radius_m": 200},
            "geometry": {"type": "Point", "coordinates": [118.27, 33.96]}})),
        ),
        (
            true,
            of_shape(&json!({"type": "Feature", "properties": {"width_m": 60},
            "geometry": {"type": "LineString", "coordinates": line}})),
        ),
        (
            false,
            of_shape(&json!({"type": "Feature", "properties": {},
            "geometry": {"type": "Point", "coordinates": [118.27, 33.96]}})),
        ),
        (false, of_shape(&json!({"type": "Circle", "center": [118.27], "radius_m": 200}))),
        (false, of_shape(&json!({"type": "Circle", "center": [118.27, 33.96], "radius_m": 1}))),
        (false, of_shape(&json!({"type": "Polygon", "coordinates": [line]}))),
        (false, of_shape(&json!({"type": "Corridor", "line": line}))),
        (false, of_shape(&json!(null))),
    ];
    judge(cases);
}

/// The program and the schema say the same of each.
fn judge(cases: impl IntoIterator<Item = (bool, Value)>) {
    let schema = schema();
    for (expected, file) in cases {
        assert_eq!(is_taken(&file), expected, "the program: {file}");
        assert_eq!(accepts(&schema, &schema, &file), expected, "the schema: {file}");
    }
}

#[test]
fn every_key_the_program_writes_stands_in_the_schema() {
    let schema = schema();
    let named = |of: &str, written: &Value| {
        for key in written.as_object().unwrap().keys() {
            assert!(schema.pointer(&format!("/$defs/{of}/properties/{key}")).is_some(), "{of}: {key}");
        }
    };
    named("rules", &serde_json::to_value(Rules::default()).unwrap());
    named("habits", &serde_json::to_value(Habits::default()).unwrap());
    let policy = json!({"zones": true, "wandering": true, "habits": true, "inactivity": true});
    let full = json!({"residents": [{
        "id": "r1", "name": "n", "policy": policy, "companions": ["h2"], "habits": Habits::default(),
        "handset": {"id": "h1", "worn": "waist", "heartbeat_s": 60, "phone": {"user": "u", "device": "d"}},
        "snoozes": [snooze("fence", "f"), snooze("zone", "z")], "absences": [absence()],
        "fences": [{
            "id": "f", "name": "f", "armed": true, "kind": "safe", "shape": {}, "schedule": [{}], "dwell_s": 1,
            "home_by": ["18:00"], "datum": "wgs84",
        }],
    }], "zones": [{"id": "z", "name": "z", "kind": "forbidden", "shape": {}, "dwell_s": 1, "datum": "wgs84"}]});
    let file: ResidentsFile = serde_json::from_value(full).unwrap();
    let written = serde_json::to_value(&file).unwrap();
    let resident = &written["residents"][0];
    named("resident", resident);
    named("policy", &resident["policy"]);
    named("handset", &resident["handset"]);
    named("phone", &resident["handset"]["phone"]);
    named("fence", &resident["fences"][0]);
    named("snooze", &resident["snoozes"][0]);
    named("snooze", &resident["snoozes"][1]);
    named("absence", &resident["absences"][0]);
    named("zone", &written["zones"][0]);
}
