//! Who rides: however often their handset speaks, and whatever it says of their speed.

use crate::common::{Watched, fix, place, resident, time};
use geofence::zone::{Zone, ZoneEntry, Zones};
use model::{
    Fix,
    Method::{Cell, Gps},
};
use serde_json::json;

/// A road of thirty kilometres to the east, forbidden to whoever goes on foot.
fn beside_the_road() -> Watched {
    let policy = json!({"dementia": true, "wandering": false});
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": policy})));
    let (west, east) = (place(0.0, 0.0), place(30_000.0, 0.0));
    let entry: ZoneEntry = serde_json::from_value(json!({"id": "road", "kind": "forbidden", "shape":
        {"type": "Corridor", "width_m": 60, "line": [[west.lon(), west.lat()], [east.lon(), east.lat()]]}}))
    .unwrap();
    watched.world.zones = Zones::new(vec![Zone::try_from(&entry).unwrap()]);
    watched
}

/// So many metres of the way: from the north down to the road, and along it.
fn on_the_way(metres: f64, second: f64) -> Fix {
    let (east_m, north_m) = if metres < 600.0 { (1_000.0, 600.0 - metres) } else { (400.0 + metres, 0.0) };
    fix(east_m, north_m, 10.0, Gps, second)
}

/// Goes so many seconds, a fix each so many, with a cell between two of them if it says so.
fn go(watched: &mut Watched, pace_mps: f64, every_s: f64, for_s: f64, cells: bool) {
    let (begin, mut gone_s) = (36_000.0, 0.0);
    while gone_s < for_s {
        let second = begin + gone_s;
        watched.until(time(second));
        let here = on_the_way(pace_mps * gone_s, second);
        watched.take(&here);
        if cells {
            let cell =
                Fix { accuracy_m: 500.0, method: Cell, fix_time: time(second + every_s / 2.0), ..here };
            watched.take(&cell);
        }
        gone_s += every_s;
    }
}

#[test]
fn a_ride_along_a_road_is_no_alarm_however_often_the_handset_speaks() {
    for (every_s, for_s, cells) in [
        (1.0, 1_200.0, false),
        (2.0, 1_200.0, false),
        (4.0, 1_200.0, false),
        (5.0, 1_200.0, true),
        (10.0, 1_200.0, false),
        (120.0, 2_400.0, false),
        (600.0, 2_500.0, false),
    ] {
        let mut watched = beside_the_road();
        go(&mut watched, 10.0, every_s, for_s, cells);
        assert_eq!(watched.rules(), Vec::<&str>::new(), "every {every_s} s, cells: {cells}");
    }
}

#[test]
fn a_bus_that_is_held_up_on_the_road_is_no_alarm_however_often_the_handset_speaks() {
    for every_s in [1.0, 2.0, 4.0, 10.0] {
        let (mut watched, mut gone_s) = (beside_the_road(), 0.0_f64);
        while gone_s < 500.0 {
            // Three minutes in the middle nothing moves.
            let metres = 10.0 * (gone_s.min(100.0) + (gone_s - 280.0).max(0.0));
            watched.until(time(36_000.0 + gone_s));
            watched.take(&on_the_way(metres, 36_000.0 + gone_s));
            gone_s += every_s;
        }
        assert_eq!(watched.rules(), Vec::<&str>::new(), "every {every_s} s");
    }
}

#[test]
fn a_walk_along_a_road_is_told_of_however_often_the_handset_speaks() {
    for every_s in [1.0, 2.0, 4.0, 10.0, 120.0, 600.0] {
        let mut watched = beside_the_road();
        go(&mut watched, 1.2, every_s, 4_000.0, false);
        assert!(watched.count("zone/entry") > 0, "every {every_s} s: {:?}", watched.rules());
    }
}

/// In the road, five minutes and more; a handset that says once a while that they go like a bus.
#[test]
fn one_speed_that_the_way_contradicts_is_no_ride_and_two_are() {
    let told = |rides: &[u32]| {
        let mut watched = beside_the_road();
        for number in 0..60_u32 {
            let second = 36_000.0 + f64::from(number) * 10.0;
            watched.until(time(second));
            let here = on_the_way(if number < 20 { 400.0 } else { 600.0 }, second);
            let speed_mps = Some(if rides.contains(&number) { 12.0 } else { 0.3 });
            watched.take(&Fix { speed_mps, ..here });
        }
        watched.count("zone/entry")
    };
    assert_eq!(told(&[]), 1);
    assert_eq!(told(&[26, 32, 38, 44, 50, 56]), 1, "each time for once");
    assert_eq!(told(&[26, 27, 38, 39, 50, 51]), 0, "twice in a row");
}
