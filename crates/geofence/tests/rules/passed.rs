//! Fixes that are not judged: each says why.

use crate::common::{fix, place, resident, time};
use geofence::zone::{Zone, ZoneEntry, Zones};
use geofence::{Event, PassedOver, Resident, State, World, step};
use model::{Fix, Method};
use serde_json::json;

fn anybody() -> Resident {
    resident(&json!({"id": "r1", "policy": {"dementia": true}}))
}

fn passed(world: &World, state: &mut State, fixes: &[Fix], second: f64) -> Vec<PassedOver> {
    step(world, &anybody(), state, Event::Fixes(fixes), time(second), &mut Vec::new())
}

#[test]
fn a_fix_that_is_not_judged_says_why() {
    let (world, mut state) = (World::default(), State::default());
    let gps = |east_m: f64, second: f64| fix(east_m, 0.0, 10.0, Method::Gps, second);
    let mut take = |fixes: &[Fix], second: f64| passed(&world, &mut state, fixes, second);
    assert_eq!(take(&[gps(0.0, 0.0)], 0.0), []);
    assert_eq!(take(&[gps(0.0, 0.0)], 10.0), [PassedOver::History]);
    assert_eq!(take(&[fix(0.0, 0.0, 30_000.0, Method::Cell, 60.0)], 60.0), [PassedOver::Vague]);
    assert_eq!(take(&[gps(90_000.0, 120.0)], 120.0), [PassedOver::Outlier]);
    assert_eq!(take(&[fix(0.0, 0.0, 900.0, Method::Cell, 180.0)], 180.0), [], "a cell informs");
    // Of a message each fix by itself, in the order of their own time.
    let batch = [gps(0.0, 300.0), gps(0.0, 30.0), gps(-90_000.0, 240.0)];
    assert_eq!(take(&batch, 300.0), [PassedOver::History, PassedOver::Outlier]);
    assert_eq!(passed(&world, &mut State::default(), &[], 0.0), []);
}

#[test]
fn a_zone_that_is_not_looked_at_for_all_the_others_is_one_more_reason() {
    let home = place(0.0, 0.0);
    let zone = |number: u32| {
        let radius_m = 30.0 + f64::from(number);
        let shape = json!({"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": radius_m});
        let entry = json!({"id": format!("z{number}"), "shape": shape});
        Zone::try_from(&serde_json::from_value::<ZoneEntry>(entry).unwrap()).unwrap()
    };
    for (zones, told) in [(8, vec![]), (9, vec![PassedOver::Crowded])] {
        let world = World { zones: Zones::new((0..zones).map(zone).collect()), ..World::default() };
        let one = fix(0.0, 0.0, 10.0, Method::Gps, 0.0);
        assert_eq!(passed(&world, &mut State::default(), &[one], 0.0), told, "{zones} zones");
    }
}
