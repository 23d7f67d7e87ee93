//! What a register's file may look like, and what is said of one that may not.

use super::*;
use serde_json::json;

fn square(west: f64, south: f64) -> Value {
    let (east, north) = (west + 0.002, south + 0.002);
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    json!({ "type": "Polygon", "coordinates": [ring] })
}

fn feature(name: &str, kind: &str, geometry: &Value) -> Value {
    json!({ "type": "Feature", "properties": { "name": name, "kind": kind }, "geometry": geometry })
}

fn file(features: &[Value]) -> Value {
    json!({ "type": "FeatureCollection", "features": features })
}

fn refused(file: &Value) -> String {
    format!("{:#}", collection(file, Drawn::Wgs84).unwrap_err())
}

#[test]
fn each_feature_is_a_zone_with_the_same_id_every_time() {
    let river = json!({ "type": "LineString", "coordinates": [[118.25, 33.98], [118.28, 33.982]] });
    let mut canal = feature("北运河", "canal", &river);
    canal["properties"]["width_m"] = json!(40);
    let mut pond = feature("塘", "pond", &square(118.26, 33.95));
    (pond["id"], pond["properties"]["dwell_s"]) = (json!(17), json!(30));
    let features = [canal, pond, feature("塘", "pond", &square(118.27, 33.95))];
    let entries = collection(&file(&features), Drawn::Wgs84).unwrap();
    let told: Vec<_> = entries.iter().map(|entry| (entry.name.as_deref(), entry.dwell_s)).collect();
    assert_eq!(told, [(Some("北运河"), None), (Some("塘"), Some(30.0)), (Some("塘"), None)]);
    assert_eq!((entries[0].shape["type"].as_str(), entries[1].id.as_str()), (Some("Corridor"), "17"));
    assert_eq!(collection(&file(&features), Drawn::Wgs84).unwrap(), entries);
    let known: Vec<StoredZone> = entries
        .iter()
        .map(|entry| StoredZone {
            entry: entry.clone(),
            version: 3,
            drawn: 1,
            created_at: Timestamp::UNIX_EPOCH,
        })
        .collect();
    assert!(Plan::of(entries.clone(), &known).zones.is_empty(), "as they are");
    let mut renamed = entries;
    renamed[1].name = Some("鱼塘".to_owned());
    let plan = Plan::of(renamed, &known[1..]);
    let versions: Vec<_> = plan.zones.iter().map(|(_, from_version)| *from_version).collect();
    assert_eq!((versions, plan.added), (vec![None, Some(3)], 1));
}

#[test]
fn what_is_written_out_is_read_back_as_it_was() {
    let entry = |id: &str, name: Option<&str>, shape: Value, dwell_s: Option<f64>| {
        let (name, kind) = (name.map(str::to_owned), name.is_none().then(|| "forbidden".to_owned()));
        ZoneEntry { id: id.to_owned(), name, kind, shape, dwell_s }
    };
    let line = json!([[118.25, 33.98], [118.28, 33.982]]);
    let entries = [
        entry(
            "well",
            Some("井"),
            json!({ "type": "Circle", "center": [118.26, 33.95], "radius_m": 25 }),
            None,
        ),
        entry(
            "canal",
            Some("北运河"),
            json!({ "type": "Corridor", "line": line, "width_m": 40 }),
            Some(30.0),
        ),
        entry("z-pond.2", None, square(118.26, 33.95), None),
    ];
    let mut out = Vec::new();
    export(&entries, &mut out).unwrap();
    let written: Value = serde_json::from_slice(&out).unwrap();
    let kinds: Vec<_> =
        written["features"].as_array().unwrap().iter().map(|one| &one["geometry"]["type"]).collect();
    assert_eq!(kinds, ["Point", "LineString", "Polygon"]);
    let again = collection(&written, Drawn::Wgs84).unwrap();
    let known: Vec<StoredZone> = entries
        .into_iter()
        .map(|entry| StoredZone { entry, version: 1, drawn: 0, created_at: Timestamp::UNIX_EPOCH })
        .collect();
    assert!(Plan::of(again.clone(), &known).zones.is_empty(), "all are as they were: {again:#?}");
    let mut moved = again;
    moved[0].shape["radius_m"] = json!(30);
    assert_eq!(Plan::of(moved, &known).zones.len(), 1);
    let mut nothing = Vec::new();
    export(&[], &mut nothing).unwrap();
    assert!(collection(&serde_json::from_slice(&nothing).unwrap(), Drawn::Wgs84).unwrap().is_empty());
}

#[test]
fn what_is_drawn_on_a_chinese_map_is_converted_once() {
    let drawn = file(&[feature("塘", "pond", &square(118.26, 33.95))]);
    let corner = |datum: Drawn| {
        let shape = collection(&drawn, datum).unwrap().remove(0).shape;
        let at = |number: usize| shape["coordinates"][0][0][number].as_f64().unwrap();
        model::Wgs84::new(at(1), at(0)).unwrap()
    };
    assert!((450.0..650.0).contains(&corner(Drawn::Wgs84).distance_m(corner(Drawn::Gcj02))));
    assert!(corner(Drawn::Wgs84).distance_m(corner(Drawn::Bd09)) > 900.0);
    for (said, datum, is_taken) in [
        (json!("WGS-84"), Drawn::Wgs84, true),
        (json!("wgs84"), Drawn::Wgs84, true),
        (json!("gcj02"), Drawn::Gcj02, true),
        (Value::Null, Drawn::Gcj02, true),
        (json!("WGS-84"), Drawn::Gcj02, false),
        (json!("GCJ-02"), Drawn::Bd09, false),
        (json!("GJC-02"), Drawn::Wgs84, false),
        (json!("GJC-02"), Drawn::Gcj02, false),
        (json!(2), Drawn::Gcj02, false),
    ] {
        let mut telling = drawn.clone();
        telling["features"][0]["properties"]["datum"] = said.clone();
        let told = collection(&telling, datum).map_err(|error| format!("{error:#}"));
        assert_eq!(told.is_ok(), is_taken, "{said} {datum:?}: {told:?}");
        assert!(told.is_ok() || told.is_err_and(|error| error.contains("properties.datum")), "{said}");
    }
    let mut named = drawn.clone();
    named["crs"] = json!({ "type": "name", "properties": { "name": "GCJ-02" } });
    assert!(refused(&named).contains("coordinates must be WGS-84"));
    named["crs"] = json!({ "type": "name", "properties": { "name": "urn:ogc:def:crs:OGC:1.3:CRS84" } });
    assert!(collection(&named, Drawn::Wgs84).is_ok());
}

#[test]
fn one_that_is_wrong_is_named_and_nothing_is_taken() {
    let good = || feature("塘", "pond", &square(118.26, 33.95));
    let with = |key: &str, value: Value| {
        let mut feature = good();
        feature["properties"][key] = value;
        feature
    };
    let open = json!({ "type": "Polygon", "coordinates": [[[118.26, 33.95], [118.27, 33.95], [118.27, 33.96], [118.26, 33.96]]] });
    let line = json!({ "type": "LineString", "coordinates": [[118.25, 33.98], [118.28, 33.982]] });
    let mut odd = good();
    odd["id"] = json!("塘 1");
    for (wrong, words) in [
        (feature("河", "river", &open), "ring 1 is open"),
        (feature("河", "river", &line), "width_m"),
        (
            feature("河", "river", &json!({ "type": "Point", "coordinates": [118.2, 33.9] })),
            "no Circle, Polygon",
        ),
        (with("kind", json!("park")), "properties.kind is park; it is one of forbidden, river"),
        (with("kind", Value::Null), "properties.kind is missing"),
        (with("name", json!("  ")), "properties.name"),
        (with("dwell_s", json!(-5)), "dwell_s is -5"),
        (with("dwell_s", json!("long")), "dwell_s is a number"),
        (with("datum", json!("GCJ-02")), "properties.datum says that it is drawn in GCJ-02"),
        (odd, "its id \"塘 1\""),
        (json!({ "type": "Polygon" }), "it is no Feature"),
    ] {
        let said = refused(&file(&[good(), wrong, good()]));
        assert!(said.contains("feature 2 (") && said.contains(words), "{words}: {said}");
        assert!(!said.contains("feature 1") && !said.contains("feature 3"), "{said}");
    }
    let mut twice = [good(), good()];
    for feature in &mut twice {
        feature["id"] = json!("p1");
    }
    assert!(refused(&file(&twice)).contains("its id \"p1\" is that of feature 1 too"));
    assert!(refused(&json!({ "type": "Feature" })).contains("no GeoJSON FeatureCollection"));
    let many: Vec<Value> = (0..30).map(|_| with("kind", json!("park"))).collect();
    let said = refused(&file(&many));
    assert!(said.contains("feature 20 (") && !said.contains("feature 21 (") && said.contains("and 10 more"));
}
