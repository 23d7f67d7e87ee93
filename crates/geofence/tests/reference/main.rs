//! Distances, zones and sides against the crate `geo`, fix by fix, on whatever shapes chance draws. It knows nothing of maps, grids
//! or what is spared: every shape is looked at, every place is measured on the sphere.
#![expect(clippy::unwrap_used, reason = "a test fails by a panic, in its helpers too")]

mod sides;
mod sphere;

use geofence::Shape;
use geofence::shape::{Limits, Position};
use geofence::zone::{REACH_M, Zone, Zones};
use model::Wgs84;
use proptest::prelude::*;
use std::f64::consts::TAU;

/// So far the two may differ: single precision, the cosine half-way, and edges that are straight here and great circles there.
fn may_differ_m(apart_m: f64) -> f64 {
    0.3 + 2e-3 * apart_m.abs()
}

/// The place so many metres from another.
fn off((lat, lon): (f64, f64), east_m: f64, north_m: f64) -> (f64, f64) {
    let metres = 111_195.0;
    (
        lat + north_m / metres,
        (lon + east_m / metres / lat.to_radians().cos() + 540.0).rem_euclid(360.0) - 180.0,
    )
}

fn position((lat, lon): (f64, f64)) -> Position {
    Position::new(lon, lat)
}

/// A ring about a middle, closed, seen as a star from there.
fn star(middle: (f64, f64), size_m: f64, shares: &[f64], clockwise: bool) -> Vec<Position> {
    let count = f64::from(u32::try_from(shares.len()).unwrap());
    let corner = |(number, share): (u32, &f64)| {
        let angle = f64::from(number) / count * TAU * if clockwise { -1.0 } else { 1.0 };
        position(off(middle, size_m * share * angle.cos(), size_m * share * angle.sin()))
    };
    let mut ring: Vec<Position> = (0..).zip(shares).map(corner).collect();
    ring.push(ring[0]);
    ring
}

/// A shape of some kind about a middle.
fn any_shape(middle: (f64, f64), most_m: f64) -> impl Strategy<Value = Shape> {
    let shares = || prop::collection::vec(0.5..1.0_f64, 5..80);
    let size = 40.0..most_m;
    prop_oneof![
        size.clone().prop_map(move |radius_m| Shape::Circle { center: position(middle), radius_m }),
        (shares(), prop::option::of(shares()), size.clone(), any::<bool>()).prop_map(
            move |(outer, hole, size_m, clockwise)| {
                let hole = hole.map(|shares| star(middle, size_m * 0.4, &shares, clockwise));
                let rings = [star(middle, size_m, &outer, true)].into_iter().chain(hole);
                Shape::Polygon { coordinates: rings.collect() }
            }
        ),
        (shares(), shares(), size.clone()).prop_map(move |(one, other, size_m)| {
            let beside = off(middle, 2.1 * size_m, 0.0);
            let polygons = [star(middle, size_m, &one, false), star(beside, size_m, &other, true)];
            Shape::MultiPolygon { coordinates: polygons.into_iter().map(|ring| vec![ring]).collect() }
        }),
        (prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64), 2..40), size).prop_map(
            move |(line, size_m)| {
                let corner = |(x, y): &(f64, f64)| position(off(middle, x * size_m, y * size_m));
                Shape::Corridor { line: line.iter().map(corner).collect(), width_m: size_m / 1.5 }
            }
        ),
    ]
}

fn any_middle() -> impl Strategy<Value = (f64, f64)> {
    prop_oneof![4 => Just((33.9624, 118.2757)), 1 => (-65.0..65.0_f64, -179.0..179.0_f64)]
}

/// A shape and places about it, most of them near its edge.
fn any_case() -> impl Strategy<Value = (Shape, Vec<(f64, f64)>)> {
    any_middle().prop_flat_map(|middle| {
        let far = || prop_oneof![3 => -1.2..1.2_f64, 1 => -8.0..8.0_f64];
        let places = prop::collection::vec((far(), far()), 1..12);
        (40.0..3_000.0_f64, places).prop_flat_map(move |(size_m, places)| {
            let there = |(x, y): &(f64, f64)| off(middle, x * size_m, y * size_m);
            (any_shape(middle, size_m * 1.01), Just(places.iter().map(there).collect()))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn distances_are_those_on_the_sphere((shape, places) in any_case()) {
        let area = shape.check(&Limits::FENCE).unwrap();
        for (lat, lon) in places {
            let (place, truly_m) = (Wgs84::new(lat, lon).unwrap(), sphere::apart_m(&shape, (lat, lon)));
            let apart_m = area.signed_distance_m(place);
            prop_assert!((apart_m - truly_m).abs() <= may_differ_m(truly_m), "{apart_m} {truly_m} at {lat} {lon}");
            let within_m = area.within_reach_m(place, 500.0);
            let is_near = truly_m + may_differ_m(truly_m) < 500.0;
            let agrees = if is_near { (within_m - apart_m).abs() < 1e-9 } else { within_m > 490.0 };
            prop_assert!(agrees, "{within_m} {apart_m}");
        }
    }

    #[test]
    fn zones_are_found_as_by_looking_at_all(
        zones in prop::collection::vec((-4_000.0..4_000.0_f64, -4_000.0..4_000.0_f64), 1..40).prop_flat_map(|middles| {
            middles.into_iter().map(|(x, y)| any_shape(off((33.9624, 118.2757), x, y), 900.0)).collect::<Vec<_>>()
        }),
        places in prop::collection::vec((-6_000.0..6_000.0_f64, -6_000.0..6_000.0_f64), 1..40),
    ) {
        let all = zones.iter().enumerate().map(|(number, shape)| {
            let (id, area) = (number.to_string(), shape.check(&Limits::ZONE).unwrap());
            Zone { name: id.clone(), id, area, dwell_s: None, drawn: 0 }
        });
        let by_grid = Zones::new(all.collect());
        for (east_m, north_m) in places {
            let (lat, lon) = off((33.9624, 118.2757), east_m, north_m);
            let mut found = vec![None; zones.len()];
            let nearest_m = by_grid.near(Wgs84::new(lat, lon).unwrap(), |number, apart_m| {
                found[usize::try_from(number).unwrap()] = Some(apart_m);
            });
            for (shape, found) in zones.iter().zip(found) {
                let truly_m = sphere::apart_m(shape, (lat, lon));
                let slack_m = may_differ_m(truly_m);
                prop_assert!(nearest_m <= truly_m + slack_m, "said to be clear for {nearest_m}, but {truly_m}");
                match found {
                    Some(apart_m) => prop_assert!((apart_m - truly_m).abs() <= slack_m, "{apart_m} {truly_m}"),
                    None => prop_assert!(truly_m + slack_m >= REACH_M, "not found at {truly_m}"),
                }
            }
        }
    }
}
