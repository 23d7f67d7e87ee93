use super::*;
use model::Wgs84;
use serde_json::Value;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

fn point(second: i64, lat: f64) -> TrackPoint {
    TrackPoint {
        number: second,
        handset: 0,
        fix_time: at(second),
        received_at: at(second + 1),
        told_time: None,
        position: Wgs84::new(lat, -118.2757).unwrap(),
        accuracy_m: 18.5,
        method: Method::Wifi,
        speed_mps: Some(0.8),
        bearing_deg: None,
        battery_pct: Some(71.0),
    }
}

fn text(format: TrackFormat, points: Vec<TrackPoint>) -> String {
    text_of(format, points, 0)
}

fn text_of(format: TrackFormat, points: Vec<TrackPoint>, unreadable: usize) -> String {
    let head = TrackHead {
        kind: "FeatureCollection",
        datum: "WGS-84",
        resident: ResidentId::new("r1").unwrap(),
        from: at(0),
        to: at(10_000),
        fixes: points.len(),
        unreadable,
    };
    let handsets = vec![HandsetId::new("-2:h1").unwrap(), HandsetId::new("h2").unwrap()];
    TrackText::new(format, head, Track { handsets, points, unreadable }).collect()
}

#[test]
fn geojson_has_a_point_for_each_fix_with_longitude_first() {
    let points: Vec<_> = (0..1_234).map(|second| point(second, 33.9624)).collect();
    let whole: Value = serde_json::from_str(&text(TrackFormat::GeoJson, points)).unwrap();
    assert_eq!((&whole["type"], &whole["datum"]), (&"FeatureCollection".into(), &"WGS-84".into()));
    let features = whole["features"].as_array().unwrap();
    assert_eq!((features.len(), &whole["fixes"]), (1_234, &1_234.into()));
    assert_eq!(
        features[7]["geometry"],
        serde_json::json!({"type": "Point", "coordinates": [-118.2757, 33.9624]})
    );
    let properties = serde_json::json!({"fix_time": at(7), "received_at": at(8), "accuracy_m": 18.5, "method": "wifi",
        "speed_mps": 0.8, "battery_pct": 71.0, "handset": "-2:h1"});
    assert_eq!(features[7]["properties"], properties);
    let none: Value = serde_json::from_str(&text(TrackFormat::GeoJson, Vec::new())).unwrap();
    assert_eq!(none["features"], serde_json::json!([]));
}

#[test]
fn gpx_breaks_the_line_where_nothing_is_known_or_the_handset_changed() {
    let mut other = point(30, 33.9);
    other.handset = 1;
    let gpx = text(
        TrackFormat::Gpx,
        vec![point(0, 33.9), point(10, 33.9), point(20, 33.9), other, point(900, 33.9)],
    );
    assert_eq!(gpx.matches("<trkseg>").count(), 3);
    assert_eq!(gpx.matches("</trkseg>").count(), 3);
    assert_eq!(gpx.matches("<trkpt lat=\"33.9\" lon=\"-118.2757\"><time>").count(), 5);
    assert!(gpx.contains("WGS-84") && gpx.contains("<jjl:accuracy_m>18.5</jjl:accuracy_m>"), "{gpx}");
    assert!(gpx.ends_with("</trk></gpx>\n"));
    let none = text(TrackFormat::Gpx, Vec::new());
    assert_eq!(none.matches("trkseg").count(), 0);
}

#[test]
fn gpx_says_what_is_missing_and_what_the_handset_told() {
    let mut wrong = point(0, 33.9);
    wrong.told_time = Some(at(99));
    let gpx = text_of(TrackFormat::Gpx, vec![wrong, point(10, 33.9)], 3);
    let told = format!("<jjl:told_time>{}</jjl:told_time>", at(99));
    assert_eq!((gpx.matches(&told).count(), gpx.matches("told_time").count()), (1, 2), "{gpx}");
    assert!(gpx.contains("<jjl:fixes>2</jjl:fixes><jjl:unreadable>3</jjl:unreadable>"), "{gpx}");
    assert!(gpx.contains("there were more: 3 blocks of fixes cannot be read"), "{gpx}");
    let whole = text(TrackFormat::Gpx, vec![point(0, 33.9)]);
    assert!(whole.contains("<jjl:unreadable>0</jjl:unreadable>") && !whole.contains("there were more"));
}

#[test]
fn csv_has_a_line_for_each_fix_and_no_formula() {
    let csv = text(TrackFormat::Csv, vec![point(0, 33.9624), point(10, -33.9)]);
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with("fix_time,lat_wgs84,lon_wgs84,accuracy_m,"));
    assert_eq!(lines[2], format!("{},-33.9,-118.2757,18.5,wifi,0.8,,71,{},,'-2:h1", at(10), at(11)));
    assert!(lines.iter().take(3).all(|line| line.split(',').count() == 11));
    for (text, cell) in
        [("=1+1", "'=1+1"), ("@x", "'@x"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("h-1", "h-1")]
    {
        assert_eq!(csv_text(text), cell);
    }
}

#[test]
fn thinned_it_keeps_the_way_out_and_back() {
    // At home for a day, but for five minutes at the river.
    let track: Vec<_> = (0..8_640)
        .map(|place| point(place * 10, if (4_000..4_030).contains(&place) { 33.98 } else { 33.96 }))
        .collect();
    assert_eq!(thin(track.clone(), 8_640).len(), 8_640);
    for at_most in [2, 3, 100, 999, 8_639] {
        let kept = thin(track.clone(), at_most);
        assert!(kept.len() <= at_most && kept.len() * 3 > at_most, "{} of {at_most}", kept.len());
        assert!(kept.is_sorted_by_key(|point| point.fix_time));
        assert_eq!(kept[0], track[0]);
        assert!(at_most == 2 || kept.last() == track.last(), "{at_most}: the newest is where they are");
        assert!(kept.iter().any(|point| point.position.lat() > 33.97), "{at_most}");
    }
    assert!(thin(Vec::new(), 2).is_empty());
}
