use geofence::Shape;
use geofence::fence::Fence;
use geofence::shape::{Area, Datum, Limits, Position, ShapeError, looks_like};
use model::Wgs84;
use serde_json::{Value, json};

fn check(value: &Value) -> Result<Area, ShapeError> {
    Shape::from_geojson(value)?.check(&Limits::FENCE)
}

fn place(lat: f64, lon: f64) -> Wgs84 {
    Wgs84::new(lat, lon).unwrap()
}

fn polygon(rings: &Value) -> Value {
    json!({"type": "Polygon", "coordinates": rings})
}

#[test]
fn each_mistake_gets_an_answer_of_its_own() {
    let open = json!([[[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.97]]]);
    let bow = json!([[[118.27, 33.96], [118.28, 33.97], [118.28, 33.96], [118.27, 33.97], [118.27, 33.96]]]);
    let spike =
        json!([[[118.27, 33.96], [118.28, 33.96], [118.275, 33.96], [118.28, 33.97], [118.27, 33.96]]]);
    let wide = json!([[[117.5, 33.5], [118.9, 33.5], [118.9, 34.4], [117.5, 34.4], [117.5, 33.5]]]);
    let world = json!([[[-179.0, 33.0], [179.0, 33.0], [179.0, 34.0], [-179.0, 33.0]]]);
    let hole = json!([
        [[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]],
        [[118.275, 33.955], [118.276, 33.965], [118.277, 33.955], [118.275, 33.955]],
    ]);
    let cases = [
        (polygon(&json!([[[118.27, 33.96], [118.28, 33.96], [118.28, 33.97]]])), "at least three corners"),
        (polygon(&open), "is open"),
        (polygon(&bow), "crosses itself near 33.965"),
        (polygon(&spike), "crosses itself"),
        (polygon(&hole), "crosses itself"),
        (polygon(&wide), "a fence is no district"),
        (polygon(&world), "half of the earth"),
        (polygon(&json!([])), "nothing in it"),
        (
            polygon(&json!([[[118.27, 33.96], [118.28, 33.96], [118.29, 33.96], [118.27, 33.96]]])),
            "no surface",
        ),
        (
            polygon(&json!([[[33.96, 118.27], [33.96, 118.28], [33.97, 118.28], [33.96, 118.27]]])),
            "longitude comes first",
        ),
        (json!({"type": "Circle", "center": [0.0, 0.0], "radius_m": 200}), "without a fix"),
        (json!({"type": "Circle", "center": [118.27, 33.96], "radius_m": -5}), "radius_m is -5"),
        (json!({"type": "Circle", "center": [118.27, 33.96], "radius_m": 60_000}), "120 km wide"),
        (json!({"type": "Circle", "center": [118.27], "radius_m": 50}), "not 1 numbers"),
        (json!({"type": "Corridor", "line": [[118.27, 33.96]], "width_m": 60}), "at least two positions"),
        (
            json!({"type": "Corridor", "line": [[118.27, 33.96], [118.28, 33.96]], "width_m": 1}),
            "width_m is 1",
        ),
        (json!({"type": "Point", "coordinates": [118.27, 33.96]}), "no Circle, Polygon"),
        (
            json!({"type": "Circle", "center": [118.27, 33.96], "radius_m": 50, "crs": {"name": "GCJ02"}}),
            "WGS-84",
        ),
        (json!(null), "no Circle"),
    ];
    for (value, part) in cases {
        let answer = check(&value).expect_err(&value.to_string()).to_string();
        assert!(answer.contains(part), "{value}: {answer}");
    }
}

/// A square about the middle, so many hundredths of a minute to each side, and so many to the east.
fn square(half: f64, east: f64) -> Value {
    let (half, lon, lat) = (half / 6_000.0, 118.275 + east / 6_000.0, 33.965);
    let corner = |x: f64, y: f64| [lon + x * half, lat + y * half];
    json!([corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0), corner(-1.0, -1.0)])
}

#[test]
fn rings_lie_within_one_another_as_they_must() {
    let many = |polygons: Value| json!({"type": "MultiPolygon", "coordinates": polygons});
    let (wide, middle, small) = (square(30.0, 0.0), square(20.0, 0.0), square(10.0, 0.0));
    let (apart, beside) = (square(10.0, 100.0), square(4.0, 15.0));
    for (value, part) in [
        (polygon(&json!([wide, apart])), "ring 2 is a hole and must lie within ring 1"),
        (polygon(&json!([small, wide])), "ring 2 is a hole and must lie within ring 1"),
        (polygon(&json!([wide, middle, small])), "ring 3 lies within ring 2, and both are holes"),
        (polygon(&json!([wide, small, middle])), "ring 2 lies within ring 3, and both are holes"),
        (many(json!([[apart], [wide, apart]])), "crosses itself"),
        (many(json!([[apart], [middle, wide]])), "ring 3 is a hole and must lie within ring 2"),
        (many(json!([[wide], [small]])), "polygon 2 lies within polygon 1"),
        (many(json!([[small], [apart], [wide]])), "polygon 1 lies within polygon 3"),
        (many(json!([[wide, small], [beside]])), "polygon 2 lies within polygon 1"),
    ] {
        let refused = check(&value).expect_err(&value.to_string());
        assert!(refused.to_string().contains(part), "{value}: {refused}");
        assert!(["shape_nested", "shape_crosses"].contains(&refused.code()), "{refused:?}");
    }
    // An island in a lake, whatever comes first, and polygons beside one another.
    for polygons in
        [json!([[wide, middle], [small]]), json!([[small], [wide, middle]]), json!([[wide], [apart]])]
    {
        let area = check(&many(polygons.clone())).unwrap();
        assert!(area.signed_distance_m(place(33.965, 118.275)) < 0.0, "{polygons}");
    }
}

/// Registers repeat positions, and a repeated one is no crossing.
#[test]
fn a_position_that_is_said_twice_is_one_corner() {
    let plain = json!([[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]]);
    let twice = json!([[118.27, 33.96], [118.28, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]]);
    // Apart by less than is kept of a position, and at the seam.
    let nearly = json!([
        [118.27, 33.96],
        [118.28, 33.96],
        [118.28, 33.960_000_000_001],
        [118.28, 33.97],
        [118.27, 33.96],
        [118.27, 33.96],
    ]);
    for ring in [&twice, &nearly] {
        for limits in [Limits::FENCE, Limits::ZONE] {
            let area = |ring: &Value| Shape::from_geojson(&polygon(&json!([ring]))).unwrap().check(&limits);
            assert_eq!(area(ring).unwrap(), area(&plain).unwrap(), "{ring}");
        }
        let corridor = |line: &Value| check(&json!({"type": "Corridor", "line": line, "width_m": 60}));
        assert_eq!(corridor(ring).unwrap(), corridor(&plain).unwrap(), "{ring}");
    }
    let two = json!([[118.27, 33.96], [118.28, 33.96], [118.28, 33.96], [118.27, 33.96]]);
    let refused = check(&polygon(&json!([two]))).unwrap_err();
    assert_eq!(refused, ShapeError::FewPositions { positions: 3 });
}

#[test]
fn what_is_no_number_is_refused() {
    for (lon, lat, radius_m) in
        [(f64::NAN, 33.9, 50.0), (118.0, f64::INFINITY, 50.0), (118.0, 33.9, f64::NAN)]
    {
        assert!(Shape::circle(lon, lat, radius_m).check(&Limits::FENCE).is_err());
    }
}

#[test]
fn a_hundred_thousand_positions_are_too_many_and_as_many_as_allowed_are_fast() {
    let ring = |count: u32| {
        let angle = |n: u32| f64::from(n % count) / f64::from(count) * std::f64::consts::TAU;
        let at = |n: u32| Position::new(118.27 + 0.01 * angle(n).cos(), 33.96 + 0.01 * angle(n).sin());
        Shape::Polygon { coordinates: vec![(0..=count).map(at).collect()] }
    };
    let answer = ring(100_000).check(&Limits::FENCE).unwrap_err().to_string();
    assert_eq!(answer, "it has 100001 positions, 5000 are the most; simplify it");
    assert!(ring(4_999).check(&Limits::FENCE).is_ok());
}

#[test]
fn distances_are_signed_and_in_metres() {
    let circle = check(&json!({"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200})).unwrap();
    let corridor =
        check(&json!({"type": "Corridor", "line": [[118.27, 33.96], [118.28, 33.96]], "width_m": 60}))
            .unwrap();
    let ring = json!([
        [[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.97], [118.27, 33.96]],
        [[118.274, 33.964], [118.276, 33.964], [118.276, 33.966], [118.274, 33.966], [118.274, 33.964]],
    ]);
    let holed = check(&polygon(&ring)).unwrap();
    for (area, (lat, lon), expected_m) in [
        (&circle, (33.9624, 118.2757), -200.0),
        (&circle, (33.9624, 118.2857), 922.257 - 200.0),
        (&corridor, (33.96, 118.275), -30.0),
        (&corridor, (33.961, 118.275), 111.195 - 30.0),
        (&holed, (33.961, 118.275), -111.195),
        // In the hole, and beyond the outer edge.
        (&holed, (33.965, 118.275), 92.2),
        (&holed, (33.959, 118.275), 111.195),
    ] {
        let distance_m = area.signed_distance_m(place(lat, lon));
        assert!((distance_m - expected_m).abs() < 0.5, "{distance_m} {expected_m}");
    }
}

#[test]
fn what_is_far_away_may_be_answered_by_the_box() {
    let area = check(&json!({"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200})).unwrap();
    let far = place(34.0, 118.2757);
    assert!(
        area.within_reach_m(far, 500.0) >= 500.0
            && area.within_reach_m(far, 500.0) <= area.signed_distance_m(far)
    );
    let near = place(33.9650, 118.2757);
    assert!((area.within_reach_m(near, 500.0) - area.signed_distance_m(near)).abs() < 1e-9);
}

#[test]
fn shapes_are_written_as_they_were_read() {
    for value in [
        json!({"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200.0}),
        json!({"type": "Corridor", "line": [[118.27, 33.96], [118.28, 33.96]], "width_m": 60.0}),
        polygon(&json!([[[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]]])),
        json!({"type": "MultiPolygon", "coordinates": [[[[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]]]]}),
    ] {
        let shape = Shape::from_geojson(&value).unwrap();
        assert_eq!(serde_json::to_value(&shape).unwrap(), value);
        let feature = json!({"type": "Feature", "properties": {}, "geometry": value});
        assert_eq!(Shape::from_geojson(&feature).unwrap(), shape);
    }
}

#[test]
fn what_other_programs_read_is_plain_geojson_and_comes_back_as_it_was() {
    let ring = json!([[[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]]]);
    for (value, geometry, property) in [
        (json!({"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200.0}), "Point", "radius_m"),
        (
            json!({"type": "Corridor", "line": [[118.27, 33.96], [118.28, 33.96]], "width_m": 60.0}),
            "LineString",
            "width_m",
        ),
        (polygon(&ring), "Polygon", "name"),
        (json!({"type": "MultiPolygon", "coordinates": [ring]}), "MultiPolygon", "name"),
    ] {
        let shape = Shape::from_geojson(&value).unwrap();
        let feature = shape.feature().with("f1", json!({"name": "家"}));
        assert_eq!((feature["type"].as_str(), feature["id"].as_str()), (Some("Feature"), Some("f1")));
        assert_eq!(feature["geometry"]["type"], geometry);
        assert!(feature["properties"].get(property).is_some(), "{feature}");
        assert_eq!(Shape::from_geojson(&feature).unwrap(), shape);
    }
    let point = json!({"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [118.27, 33.96]}});
    assert!(Shape::from_geojson(&point).is_err(), "how wide it is is not said");
    let named = json!({"type": "Feature", "properties": {"radius_m": 100}, "geometry":
        {"type": "Point", "coordinates": [118.27, 33.96], "datum": "gcj02"}});
    assert!(matches!(Shape::from_geojson(&named), Err(ShapeError::Datum { .. })));
}

/// No way round is shorter than is said: half a circle round a pond, the far end of a canal, the open side of a yard.
#[test]
fn a_way_round_is_never_said_to_be_longer_than_it_is() {
    let (west, east) = (place(33.9624, 118.2725), place(33.9624, 118.2789));
    let pond = Shape::circle(118.2757, 33.9624, 100.0).check(&Limits::FENCE).unwrap();
    let passage = pond.passage(west, east, 10_000.0).unwrap();
    let straight_m = west.distance_m(east);
    assert!((passage.length_m - straight_m).abs() < 1.0, "{passage:?}");
    assert!((passage.inside_m - 200.0).abs() < 4.0, "{passage:?}");
    let by_m = 2.0 * (straight_m / 2.0).hypot(100.0);
    assert!(passage.detour_m <= by_m && passage.detour_m > by_m - 5.0, "{passage:?} {by_m}");
    assert!(pond.passage(west, place(33.97, 118.2725), 10_000.0).is_none(), "beside it");
    // A yard with walls to the west, north and east: the way round is by the south.
    let yard = polygon(&json!([[
        [118.2740, 33.9620],
        [118.2740, 33.9640],
        [118.2774, 33.9640],
        [118.2774, 33.9620],
        [118.2772, 33.9620],
        [118.2772, 33.9638],
        [118.2742, 33.9638],
        [118.2742, 33.9620],
        [118.2740, 33.9620]
    ]]));
    let yard = check(&yard).unwrap();
    let by_m = 2.0 * (straight_m / 2.0).hypot(place(33.9624, 118.2757).distance_m(place(33.9620, 118.2757)));
    let passage = yard.passage(west, east, 10_000.0).unwrap();
    assert!(passage.detour_m <= by_m + 30.0 && passage.detour_m > straight_m - 1.0, "{passage:?} {by_m}");
}

#[test]
fn a_fence_drawn_in_another_datum_is_seen_beside_the_home() {
    let home = place(33.9624, 118.2757);
    for (lon, lat, expected) in [
        (118.275_7, 33.962_4, None),
        (118.281_206, 33.961_053, Some(Datum::Gcj02)),
        (118.287_782, 33.966_895, Some(Datum::Bd09)),
        // Drawn elsewhere, but not shifted.
        (118.270_2, 33.963_7, None),
    ] {
        assert_eq!(looks_like(&Shape::circle(lon, lat, 200.0), home), expected, "{lon} {lat}");
    }
}

#[test]
fn a_shape_in_another_datum_is_converted_whole_and_stays_closed() {
    let home = place(33.9624, 118.2757);
    let drawn = Shape::circle(118.281_206, 33.961_053, 200.0).converted(Datum::Gcj02).unwrap();
    assert!(drawn.check(&Limits::FENCE).unwrap().signed_distance_m(home) < -199.0, "{drawn:?}");
    let ring = json!([[[118.28, 33.96], [118.29, 33.96], [118.29, 33.97], [118.28, 33.96]]]);
    for (datum, about_m) in [(Datum::Gcj02, 530.0), (Datum::Bd09, 1_200.0)] {
        let before = Shape::from_geojson(&polygon(&ring)).unwrap();
        let after = before.clone().converted(datum).unwrap();
        after.check(&Limits::FENCE).unwrap();
        for (before, after) in before.positions().zip(after.positions()) {
            let moved_m = place(before.lat, before.lon).distance_m(place(after.lat, after.lon));
            assert!((moved_m - about_m).abs() < 100.0, "{moved_m}");
        }
    }
    let nowhere = Shape::circle(0.0, 0.0, 200.0).converted(Datum::Gcj02);
    assert!(nowhere.is_err_and(|error| error.to_string().contains("position 1 cannot be one")));
}

/// Corners are what a shape is large by: two numbers of four bytes each, and how many they are.
#[test]
fn a_shape_says_how_many_bytes_it_takes() {
    let ring = |corners: u32| {
        let corner = |number: u32| {
            let angle = f64::from(number % corners) / f64::from(corners) * std::f64::consts::TAU;
            json!([118.2757 + 0.003 * angle.cos(), 33.9624 + 0.003 * angle.sin()])
        };
        polygon(&json!([(0..=corners).map(corner).collect::<Vec<_>>()]))
    };
    let bytes = |shape: &Value| check(shape).unwrap().bytes();
    let circle = bytes(&json!({"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 250}));
    assert_eq!(circle, size_of::<Area>());
    assert_eq!(bytes(&ring(10)), circle + 11 * 8 + size_of::<usize>());
    assert_eq!(bytes(&ring(40)) - bytes(&ring(10)), 30 * 8);
    let named = crate::common::at_home(250.0, 0.0).fences.iter().map(Fence::bytes).sum::<usize>();
    assert!((8..64).contains(&(named - size_of::<Fence>())), "its id and its name besides: {named}");
}
