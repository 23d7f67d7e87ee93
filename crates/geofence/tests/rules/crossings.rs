//! Forbidden ground that was passed between two fixes, and one fix that only seems to say so.

use crate::common::{Watched, fix, place, resident, time};
use crate::episodes::stand;
use model::Method::{Gps, Wifi};
use serde_json::json;

/// What is told of somebody on one side of forbidden ground, and on the other so many seconds later.
fn passed(shape: &serde_json::Value, dwell_s: f64, gap_s: u32) -> Watched {
    let fence = json!({"id": "pond", "kind": "forbidden", "shape": shape, "dwell_s": dwell_s});
    let mut watched = Watched::new(resident(&json!({"id": "r1", "name": "王秀英", "fences": [fence]})));
    stand(&mut watched, 700.0, 0, 600);
    stand(&mut watched, 1_300.0, 480 + gap_s, 480 + gap_s + 240);
    watched
}

#[test]
fn ground_was_passed_only_if_nobody_could_walk_round_it_and_they_were_in_it_for_its_dwell() {
    let (pond, south, north) = (place(1_000.0, 0.0), place(1_000.0, -2_000.0), place(1_000.0, 2_000.0));
    let pond = json!({"type": "Circle", "center": [pond.lon(), pond.lat()], "radius_m": 60});
    let canal = json!({"type": "Corridor", "width_m": 60,
        "line": [[south.lon(), south.lat()], [north.lon(), north.lat()]]});
    for (shape, dwell_s, gap_s, told) in [
        (&pond, 0.0, 120, 1),
        // In nine minutes anybody gets round a pond.
        (&pond, 0.0, 540, 0),
        (&canal, 0.0, 540, 1),
        // A tenth of the way leads through it.
        (&canal, 20.0, 300, 1),
        (&canal, 60.0, 300, 0),
        (&canal, 600.0, 300, 0),
        (&pond, 600.0, 120, 0),
    ] {
        let watched = passed(shape, dwell_s, gap_s);
        assert_eq!(watched.count("fence/cross"), told, "{shape}, {dwell_s} s, {gap_s} s");
        assert_eq!(watched.told.len(), told, "{:?}", watched.rules());
        let is_named = |signal: &geofence::Signal| {
            let evidence = &signal.evidence;
            let detour = evidence.findings.iter().find(|one| one.name == "detour_m").unwrap();
            !evidence.why.contains("快速")
                && evidence.why.contains("穿过「pond」，步行绕行来不及")
                && detour.value > detour.limit.unwrap()
        };
        assert!(watched.told.iter().all(is_named), "{:?}", watched.told);
        // Told by the second fix beyond, of the way since the last before.
        let told_at = time(f64::from(480 + gap_s + 120));
        let is_timely = |signal: &geofence::Signal| (signal.since, signal.at) == (time(480.0), told_at);
        assert!(watched.told.iter().all(is_timely), "{:?}", watched.told);
    }
}

/// After the first fix beyond a pond the way goes on to the north, where nothing lies between it and where they came from.
#[test]
fn who_goes_round_a_corner_behind_it_has_crossed_and_who_goes_on_before_it_has_not() {
    let pond = place(1_000.0, 0.0);
    let pond = json!({"type": "Circle", "center": [pond.lon(), pond.lat()], "radius_m": 60});
    let fence = json!({"id": "pond", "kind": "forbidden", "shape": pond});
    for (east_m, north_m, told) in [
        (1_300.0, 400.0, vec!["fence/cross"]),
        // No ground lies between that one and the fix beyond, which was off.
        (850.0, 350.0, vec![]),
    ] {
        let mut watched =
            Watched::new(resident(&json!({"id": "r1", "policy": {"wandering": false}, "fences": [fence]})));
        stand(&mut watched, 700.0, 0, 600);
        stand(&mut watched, 1_300.0, 600, 720);
        for second in [720.0, 840.0, 960.0] {
            watched.until(time(second));
            watched.take(&fix(east_m, north_m, 10.0, Gps, second));
        }
        assert_eq!(watched.rules(), told, "{east_m} {north_m}");
    }
}

/// Somebody whose bed stands 60 m from a ditch of 20 m that is two kilometres long.
fn beside_a_ditch() -> Watched {
    let (south, north) = (place(70.0, -1_000.0), place(70.0, 1_000.0));
    let ditch = json!({"type": "Corridor", "width_m": 20,
        "line": [[south.lon(), south.lat()], [north.lon(), north.lat()]]});
    let fence = json!({"id": "ditch", "kind": "forbidden", "shape": ditch});
    let mut watched =
        Watched::new(resident(&json!({"id": "r1", "policy": {"wandering": false}, "fences": [fence]})));
    stand(&mut watched, 0.0, 0, 3_600);
    watched
}

#[test]
fn one_fix_beyond_is_no_crossing_nor_is_the_next_at_home() {
    let mut watched = beside_a_ditch();
    watched.take(&fix(150.0, 0.0, 10.0, Gps, 3_600.0));
    stand(&mut watched, 0.0, 3_720, 7_200);
    assert_eq!(watched.told, vec![]);
    // Whoever goes over and stays there is told of, and so is the way back.
    stand(&mut watched, 150.0, 7_200, 7_800);
    stand(&mut watched, 0.0, 7_800, 8_400);
    assert_eq!(watched.rules(), ["fence/cross", "fence/cross"]);
    assert_eq!((watched.told[0].at, watched.told[1].at), (time(7_320.0), time(7_920.0)));
}

/// A network is mapped to the other bank.
#[test]
fn a_change_of_method_is_no_crossing() {
    let mut watched = beside_a_ditch();
    for number in 0..60_u32 {
        let second = 3_600.0 + f64::from(number) * 60.0;
        watched.until(time(second));
        let seen = if number % 2 == 0 {
            fix(150.0, 0.0, 30.0, Wifi, second)
        } else {
            fix(0.0, 0.0, 10.0, Gps, second)
        };
        watched.take(&seen);
    }
    assert_eq!(watched.told, vec![]);
}

/// What waits is written down with the rest, and what knows its fence by a number ends where fences get other numbers.
#[test]
fn a_crossing_that_waits_is_remembered() {
    for (is_renumbered, told) in [(false, vec!["fence/cross"]), (true, vec![])] {
        let mut watched = beside_a_ditch();
        watched.take(&fix(150.0, 0.0, 10.0, Gps, 3_600.0));
        let text = serde_json::to_string(&watched.state).unwrap();
        watched.state = serde_json::from_str(&text).unwrap();
        if is_renumbered {
            watched.state.keep_fences(&[None]);
        }
        stand(&mut watched, 150.0, 3_720, 4_200);
        assert_eq!(watched.rules(), told);
    }
}
