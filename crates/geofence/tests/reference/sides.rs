//! The whole engine as the shells run it, against where somebody truly stands.

use super::{any_shape, off, position, sphere};
use geofence::fence::{Fence, FenceKind};
use geofence::shape::Limits;
use geofence::{Arrived, Crowd, Event, Policy, Resident, Shape, Standing, State, World, standing};
use model::{Fix, Method, ResidentId, Timestamp, Wgs84};
use proptest::prelude::*;

const HOME: (f64, f64) = (33.9624, 118.2757);
/// A fix a minute with a radius of 10 m: after so many from one place its side is believed, if it is this far from the edge.
const STAYS: i64 = 5;
const SURE_M: f64 = 60.0;

fn resident(shapes: &[Shape]) -> Resident {
    let fence = |(number, shape): (usize, &Shape)| Fence {
        id: number.to_string(),
        name: number.to_string(),
        armed: true,
        kind: if number.is_multiple_of(2) { FenceKind::Safe } else { FenceKind::Forbidden },
        area: shape.check(&Limits::FENCE).unwrap(),
        schedule: geofence::schedule::Schedule::default(),
        dwell_s: 0.0,
        home_by: Vec::new(),
    };
    Resident {
        id: ResidentId::new("r1").unwrap(),
        name: "r1".to_owned(),
        policy: Policy::default(),
        fences: shapes.iter().enumerate().map(fence).collect(),
        heartbeat_s: None,
        worn: None,
        habits: None,
    }
}

fn fix((lat, lon): (f64, f64), minute: i64) -> Fix {
    Fix {
        boot: None,
        seq: None,
        fix_time: Timestamp::from_second(1_795_000_000 + minute * 60).unwrap(),
        position: Wgs84::new(lat, lon).unwrap(),
        accuracy_m: 10.0,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: None,
    }
}

/// Shapes about home, the first of them a circle round it.
fn any_shapes() -> impl Strategy<Value = Vec<Shape>> {
    let near = (-600.0..600.0_f64, -600.0..600.0_f64);
    let others = prop::collection::vec(near.prop_flat_map(|(x, y)| any_shape(off(HOME, x, y), 900.0)), 2..3);
    (100.0..800.0_f64, others).prop_map(|(radius_m, others)| {
        let round = Shape::Circle { center: position(HOME), radius_m };
        std::iter::once(round).chain(others).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whoever_stays_is_believed_where_they_are(
        shapes in any_shapes(),
        stays in prop::collection::vec((-900.0..900.0_f64, -900.0..900.0_f64, 0.0..6.0_f64), 1..12),
    ) {
        let (world, resident) = (World::default(), resident(&shapes));
        let mut crowd = Crowd::default();
        let slot = crowd.add(resident.clone(), State::default()).unwrap();
        let (mut minute, mut told) = (0, Vec::new());
        for (east_m, north_m, jitter_m) in stays {
            let place = |turn: i64| {
                let jitter_m = if turn % 2 == 0 { jitter_m } else { -jitter_m };
                off(HOME, east_m + jitter_m, north_m - jitter_m)
            };
            let fixes: Vec<Fix> = (0..STAYS).map(|turn| fix(place(turn), minute + turn)).collect();
            let arrived = |fix| Arrived {
                slot, event: Event::Fixes(std::slice::from_ref(fix)), now: fix.fix_time
            };
            crowd.step_all(&world, &fixes.iter().map(arrived).collect::<Vec<_>>(), &mut told);
            minute += STAYS;
            let (_, state) = crowd.get(slot).unwrap();
            for (number, shape) in shapes.iter().enumerate() {
                let truly_m = sphere::apart_m(shape, off(HOME, east_m, north_m));
                let (standing, _) =
                    standing(&world, &resident, state, number, fixes.last().unwrap().fix_time).unwrap();
                if truly_m.abs() > SURE_M {
                    let is_believed = match standing {
                        Standing::Inside { .. } => truly_m < 0.0,
                        Standing::Outside { .. } => truly_m > 0.0,
                        Standing::Unknown { .. } => false,
                    };
                    prop_assert!(is_believed, "fence {number} at {truly_m} m: {standing:?}");
                }
            }
        }
    }
}
