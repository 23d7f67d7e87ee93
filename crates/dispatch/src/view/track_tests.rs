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

/// A point with everything, one with nothing, and numbers whose texts are the odd ones.
fn odd_points() -> Vec<TrackPoint> {
    let mut whole = point(1, 33.962_412_3);
    (whole.told_time, whole.bearing_deg, whole.handset) = (Some(at(99)), Some(0.0), 1);
    let mut bare = point(2, 1e-7);
    (bare.speed_mps, bare.battery_pct, bare.method) = (None, None, Method::Cell);
    let mut odd = point(3, -0.0);
    odd.fix_time = Timestamp::from_microsecond(-1).unwrap();
    (odd.received_at, odd.accuracy_m) = (Timestamp::from_microsecond(1_795_000_000_120_000).unwrap(), 1e21);
    vec![
        whole,
        bare,
        odd,
        TrackPoint { method: Method::Gps, ..point(4, 90.0) },
        TrackPoint { method: Method::Aflt, ..point(5, 1.0) },
    ]
}

#[test]
fn geojson_that_is_written_by_hand_is_the_feature_to_the_last_byte() {
    let handsets = ["-2:h1", "h2"].map(|handset| HandsetId::new(handset).unwrap());
    let features = odd_points().into_iter().map(|point| TrackFeature {
        kind: "Feature",
        geometry: TrackGeometry { kind: "Point", coordinates: [point.position.lon(), point.position.lat()] },
        properties: TrackProperties {
            fix_time: point.fix_time,
            received_at: point.received_at,
            told_time: point.told_time,
            accuracy_m: point.accuracy_m,
            method: point.method,
            speed_mps: point.speed_mps,
            bearing_deg: point.bearing_deg,
            battery_pct: point.battery_pct,
            handset: handsets[point.handset].clone(),
        },
    });
    let features = serde_json::to_string(&features.collect::<Vec<_>>()).unwrap();
    let whole = text(TrackFormat::GeoJson, odd_points());
    assert!(whole.ends_with(&format!(",\"features\":{features}}}")), "{whole}\nand not\n{features}");
}

#[test]
fn a_day_is_one_text_and_what_is_longer_goes_on_in_pieces() {
    for (format, _) in TrackFormat::ALL {
        for (points, pieces) in [(0, 0), (1, 0), (8_640, 0), (POINTS_AHEAD + 1_234, 4)] {
            let head = TrackHead {
                kind: "FeatureCollection",
                datum: "WGS-84",
                resident: ResidentId::new("r1").unwrap(),
                from: at(0),
                to: at(10_000),
                fixes: points,
                unreadable: 0,
            };
            let handsets = vec![HandsetId::new("-2:h1").unwrap(), HandsetId::new("h2").unwrap()];
            let points: Vec<_> =
                (0..i64::try_from(points).unwrap()).map(|second| point(second, 33.9624)).collect();
            let track = Track { handsets, points: points.clone(), unreadable: 0 };
            let mut written = TrackText::new(format, head, track);
            let ahead = written.ahead();
            let rest: Vec<String> = written.collect();
            assert_eq!(rest.len(), pieces, "{} of {}", format.name(), points.len());
            assert!(ahead + &rest.concat() == text(format, points), "{}", format.name());
        }
    }
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
