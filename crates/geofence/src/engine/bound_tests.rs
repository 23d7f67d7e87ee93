//! What is left out for speed changes nothing: the same fixes, measured each time and only when near, say the same.

use super::{Event, Resident, State, World, step};
use crate::replay::ResidentEntry;
use crate::zone::{Zone, ZoneEntry, Zones};
use model::{Fix, Method, Timestamp, Wgs84};
use proptest::prelude::*;
use serde_json::json;

fn resident() -> Resident {
    let ring = json!([[[118.270, 33.958], [118.282, 33.959], [118.280, 33.968], [118.270, 33.958]]]);
    let entry: ResidentEntry = serde_json::from_value(json!({
        "id": "r1", "policy": {"dementia": true},
        "fences": [
            {"id": "home", "kind": "safe", "shape": {"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 250}},
            {"id": "quarter", "kind": "safe", "shape": {"type": "Polygon", "coordinates": ring}},
            {"id": "way", "kind": "forbidden",
             "shape": {"type": "Corridor", "line": [[118.279, 33.95], [118.279, 33.97]], "width_m": 40}},
        ]}))
    .unwrap();
    entry.resident(&mut Vec::new())
}

fn world() -> World {
    let entry: ZoneEntry = serde_json::from_value(json!({"id": "pond", "shape":
        {"type": "Circle", "center": [118.273, 33.9624], "radius_m": 50}}))
    .unwrap();
    World { zones: Zones::new(vec![Zone::try_from(&entry).unwrap()]), ..World::default() }
}

/// A walk of steps, with rests, as metres from home.
fn any_walk() -> impl Strategy<Value = Vec<(f64, f64, f64, u8)>> {
    let step = (-120.0..120.0_f64, -120.0..120.0_f64, 4.0..60.0_f64, 0..12_u8);
    prop::collection::vec(step, 1..80)
}

fn fixes(walk: &[(f64, f64, f64, u8)]) -> Vec<Fix> {
    let begun: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
    let (mut north, mut east, mut out) = (0.0, 0.0, Vec::new());
    for (x, y, accuracy_m, rests) in walk {
        (east, north) = (east * 0.9 + x, north * 0.9 + y);
        for rest in 0..=*rests {
            let jitter = f64::from(rest % 3) * 4.0;
            let seconds = i64::try_from(out.len()).unwrap().saturating_mul(60);
            out.push(Fix {
                boot: None,
                seq: None,
                fix_time: Timestamp::from_second(begun.as_second().saturating_add(seconds)).unwrap(),
                position: Wgs84::new(
                    33.9624 + (north + jitter) / 111_195.0,
                    118.2757 + (east - jitter) / 92_230.0,
                )
                .unwrap(),
                accuracy_m: *accuracy_m,
                method: if rest % 5 == 4 { Method::Wifi } else { Method::Gps },
                speed_mps: None,
                bearing_deg: None,
                battery_pct: None,
            });
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn bounds_say_what_measuring_says(walk in any_walk()) {
        let (world, resident) = (world(), resident());
        let (mut fast, mut plain) = (State::default(), State::default());
        let (mut told, mut expected) = (Vec::new(), Vec::new());
        for fix in fixes(&walk) {
            let event = Event::Fixes(std::slice::from_ref(&fix));
            step(&world, &resident, &mut fast, event, fix.fix_time, &mut told);
            plain.stir();
            plain.clear = None;
            step(&world, &resident, &mut plain, event, fix.fix_time, &mut expected);
            for (one, other) in fast.fences.iter().zip(&plain.fences) {
                prop_assert_eq!(one.tracker.side, other.tracker.side);
                prop_assert!((one.tracker.score - other.tracker.score).abs() < 0.05);
            }
        }
        let ids = |signals: &[crate::Signal]| signals.iter().map(|signal| signal.id.clone()).collect::<Vec<_>>();
        prop_assert_eq!(ids(&told), ids(&expected));
    }
}
