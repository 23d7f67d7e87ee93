use crate::common::{Chance, Watched, fix, place, resident, time};
use geofence::zone::{REACH_M, Zone, ZoneEntry, Zones};
use model::{
    Method::{Gps, Wifi},
    Wgs84,
};
use serde_json::json;
use std::collections::BTreeMap;

fn canal() -> Zones {
    let (south, north) = (place(500.0, -2_000.0), place(500.0, 2_000.0));
    let entry: ZoneEntry = serde_json::from_value(json!({"id": "canal", "kind": "forbidden", "shape":
        {"type": "Corridor", "width_m": 60,
         "line": [[south.lon(), south.lat()], [north.lon(), north.lat()]]}}))
    .unwrap();
    Zones::new(vec![Zone::try_from(&entry).unwrap()])
}

fn watched(policy: &serde_json::Value) -> Watched {
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": policy})));
    watched.world.zones = canal();
    watched
}

/// Goes from home to the east, a fix every so many seconds.
fn go(watched: &mut Watched, from_m: f64, to_m: f64, pace_mps: f64, every_s: f64, begin_s: f64) -> f64 {
    // By day; a way by night is another matter.
    let (mut second, mut east_m) = (begin_s.max(36_000.0), from_m);
    while east_m < to_m {
        watched.until(time(second));
        watched.take(&fix(east_m, 0.0, 8.0, Gps, second));
        second += every_s;
        east_m += pace_mps * every_s;
    }
    second
}

#[test]
fn who_stays_in_the_canal_is_told_and_leaving_it_too() {
    let mut watched = watched(&json!({"dementia": true}));
    let second = go(&mut watched, 0.0, 505.0, 1.0, 30.0, 0.0);
    for number in 0..10_u32 {
        watched.take(&fix(500.0, 0.0, 8.0, Gps, second + f64::from(number) * 30.0));
    }
    let zone_rules: Vec<_> = watched.told.iter().filter(|signal| signal.zone.is_some()).collect();
    assert_eq!(zone_rules.len(), 1);
    assert_eq!(
        (zone_rules[0].evidence.rule.as_str(), zone_rules[0].zone.as_deref()),
        ("zone/entry", Some("canal"))
    );
    go(&mut watched, 500.0, 900.0, 1.0, 30.0, second + 400.0);
    assert_eq!(watched.count("zone/left"), 1);
}

/// Rests in the canal, a fix every five minutes until so many seconds later; says when that is.
fn rest(watched: &mut Watched, from: f64, for_s: f64) -> f64 {
    let mut second = from;
    while second < from + for_s {
        watched.until(time(second));
        watched.take(&fix(500.0, 0.0, 8.0, Gps, second));
        second += 300.0;
    }
    second
}

#[test]
fn who_stays_in_a_zone_is_told_again_each_half_hour_unless_somebody_wants_to_hear_nothing() {
    let mut watched = watched(&json!({"dementia": true, "wandering": false}));
    let second = go(&mut watched, 0.0, 505.0, 1.0, 30.0, 0.0);
    let second = rest(&mut watched, second, 6_900.0);
    assert_eq!(
        watched.rules(),
        ["zone/entry", "zone/still_inside", "zone/still_inside", "zone/still_inside"]
    );
    let again: Vec<_> = watched.told.iter().map(|signal| signal.evidence.again).collect();
    assert_eq!(again, [Some(0), Some(1), Some(2), Some(3)]);
    assert_eq!(watched.state.zone_raised_at(0), Some(watched.told[0].at));
    // Until then and no longer.
    let until = time(second + 7_200.0);
    watched.state.snooze_zone(0, time(second), until);
    let second = rest(&mut watched, second, 7_500.0);
    assert_eq!(watched.rules()[4..], ["zone/still_inside"]);
    assert_eq!(watched.told[4].at, until);
    // Whoever has left and enters again is news.
    watched.state.snooze_zone(0, time(second), time(second + 36_000.0));
    let second = go(&mut watched, 500.0, 900.0, 1.0, 30.0, second);
    rest(&mut watched, second + 600.0, 1_500.0);
    assert_eq!(watched.rules()[5..], ["zone/left", "zone/entry"]);
    assert_eq!(watched.state.zone_raised_at(1), None);
}

/// Eight flower beds about the place where somebody stands, and a pond behind them.
#[test]
fn of_many_zones_the_nearest_are_watched() {
    let circle = |id: &str, east_m: f64, north_m: f64, radius_m: f64| {
        let middle = place(east_m, north_m);
        let shape = json!({"type": "Circle", "center": [middle.lon(), middle.lat()], "radius_m": radius_m});
        let entry: ZoneEntry = serde_json::from_value(json!({"id": id, "shape": shape})).unwrap();
        Zone::try_from(&entry).unwrap()
    };
    let bed = |number: u32| {
        let (sin, cos) = (f64::from(number) * std::f64::consts::FRAC_PI_4).sin_cos();
        circle(&format!("bed-{number}"), 23.0 * cos, 23.0 * sin, 20.0)
    };
    let mut zones: Vec<Zone> = (0..8).map(bed).collect();
    zones.push(circle("pond", 110.0, 0.0, 30.0));
    let mut watched =
        Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true, "wandering": false}})));
    watched.world.zones = Zones::new(zones);
    for number in 0..30_u32 {
        let (east_m, second) = (if number < 10 { 0.0 } else { 110.0 }, 36_000.0 + f64::from(number) * 60.0);
        watched.until(time(second));
        watched.take(&fix(east_m, 0.0, 8.0, Gps, second));
    }
    let told: Vec<_> = watched.told.iter().filter_map(|signal| signal.zone.as_deref()).collect();
    assert_eq!(told, ["pond"], "{:?}", watched.rules());
}

#[test]
fn a_bus_and_a_bridge_are_no_alarm() {
    for (pace_mps, every_s) in [(9.0, 10.0), (9.0, 30.0), (9.0, 120.0), (1.2, 10.0), (1.2, 60.0)] {
        let mut watched = watched(&json!({"dementia": true}));
        go(&mut watched, 0.0, 1_500.0, pace_mps, every_s, 0.0);
        assert_eq!(watched.told, vec![], "{pace_mps} m/s every {every_s} s");
    }
}

#[test]
fn a_bus_that_is_held_up_on_the_bridge_is_no_alarm_and_who_stays_there_is_told_of() {
    for (held_s, told) in [(180.0, 0), (1_200.0, 1)] {
        let mut watched = watched(&json!({"dementia": true, "wandering": false}));
        let begin = go(&mut watched, 0.0, 505.0, 10.0, 10.0, 0.0);
        let mut second = begin;
        while second < begin + held_s {
            watched.until(time(second));
            watched.take(&fix(500.0, 0.0, 8.0, Gps, second));
            second += 10.0;
        }
        go(&mut watched, 500.0, 1_500.0, 10.0, 10.0, second);
        assert_eq!(watched.count("zone/entry"), told, "held up {held_s} s");
        let is_soon = |signal: &geofence::Signal| signal.at < time(begin + 300.0);
        assert!(!watched.told.iter().any(is_soon), "{:?}", watched.rules());
    }
}

#[test]
fn zones_are_for_those_whose_policy_asks() {
    for (policy, told) in
        [(json!({}), 0), (json!({"zones": true}), 1), (json!({"dementia": true, "zones": false}), 0)]
    {
        let mut watched = watched(&policy);
        let second = go(&mut watched, 300.0, 500.0, 1.0, 30.0, 0.0);
        for number in 0..10_u32 {
            watched.take(&fix(500.0, 0.0, 8.0, Gps, second + f64::from(number) * 30.0));
        }
        assert_eq!(watched.count("zone/entry"), told, "{policy}");
    }
}

/// So many hours at one place, east of home, a fix every five minutes; then five minutes 500 m away, and back.
fn first_heard(fence_m: f64, hours: f64) -> Watched {
    let home = place(500.0, 0.0);
    let circle = json!({"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": fence_m});
    let fences =
        if fence_m > 0.0 { json!([{"id": "home", "kind": "safe", "shape": circle}]) } else { json!([]) };
    let policy = json!({"dementia": true, "wandering": false});
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": policy, "fences": fences})));
    watched.world.zones = canal();
    let mut second = 36_000.0;
    let mut stand = |watched: &mut Watched, east_m: f64, fixes: f64| {
        let until = second + fixes * 300.0;
        while second < until {
            watched.until(time(second));
            watched.take(&fix(east_m, 0.0, 8.0, Gps, second));
            second += 300.0;
        }
    };
    stand(&mut watched, 500.0, hours * 12.0);
    stand(&mut watched, 1_000.0, 4.0);
    stand(&mut watched, 500.0, 4.0);
    watched.told.retain(|signal| signal.zone.is_some());
    watched
}

#[test]
fn who_is_first_heard_in_a_zone_is_told_of_once_and_lives_there_only_if_they_stay() {
    for (fence_m, hours, told) in [
        // Nothing says that this is home: told once, not repeated, and the way back in is an entry.
        (0.0, 2.0, vec!["zone/first_heard", "zone/left", "zone/entry"]),
        // After a day it is: coming home is no entry.
        (0.0, 9.0, vec!["zone/first_heard", "zone/left"]),
        // A home in a zone, by its own fence.
        (600.0, 9.0, vec![]),
        // The fence was drawn over the canal; whoever leaves it soon does not live in it.
        (600.0, 2.0, vec!["zone/entry"]),
    ] {
        let watched = first_heard(fence_m, hours);
        assert_eq!(watched.rules(), told, "fence {fence_m} m, {hours} h");
    }
}

/// Somebody with dementia, with a safe fence round a home so many metres east, unless it is 0 m wide; no zone is drawn yet.
fn living(east_m: f64, fence_m: f64) -> Watched {
    let home = place(east_m, 0.0);
    let circle = json!({"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": fence_m});
    let fences =
        if fence_m > 0.0 { json!([{"id": "home", "kind": "safe", "shape": circle}]) } else { json!([]) };
    let policy = json!({"dementia": true, "wandering": false});
    Watched::new(resident(&json!({"id": "r1", "policy": policy, "fences": fences})))
}

/// The canal is there from now on.
fn draw(watched: &mut Watched) {
    watched.world.zones = canal();
    watched.state.live_in_new_zones(&watched.world.zones, |_| true);
}

/// Stands there for ten minutes, a fix each half minute; says when they are over.
fn stand(watched: &mut Watched, east_m: f64, from: f64) -> f64 {
    for number in 0..20_u32 {
        let second = from + f64::from(number) * 30.0;
        watched.until(time(second));
        watched.take(&fix(east_m, 0.0, 8.0, Gps, second));
    }
    from + 600.0
}

/// By networks, whose error reaches over the edge that is 30 m away.
#[test]
fn who_is_at_home_beside_a_zone_is_told_of_when_they_walk_into_it_first() {
    for (fence_m, drawn_at) in [(0.0, 0), (0.0, 15), (200.0, 0), (200.0, 15)] {
        let (mut watched, mut second) = (living(440.0, fence_m), 36_000.0);
        for number in 0..30 {
            if number == drawn_at {
                draw(&mut watched);
            }
            watched.until(time(second));
            watched.take(&fix(440.0, 0.0, 100.0, Wifi, second));
            second += 300.0;
        }
        assert_eq!(watched.told, vec![]);
        let second = go(&mut watched, 440.0, 505.0, 1.0, 30.0, second);
        stand(&mut watched, 500.0, second);
        assert_eq!(watched.rules(), ["zone/entry"], "fence {fence_m} m, drawn at {drawn_at}");
    }
}

#[test]
fn who_passes_as_a_zone_is_drawn_does_not_live_there_and_who_rests_in_it_does() {
    let comes_again = |watched: &mut Watched, second: f64| {
        let second = go(watched, 500.0, 900.0, 1.0, 30.0, second);
        let second = go(watched, 300.0, 505.0, 1.0, 30.0, second + 1_200.0);
        stand(watched, 500.0, second);
        watched.count("zone/entry")
    };
    for drawn_m in [490.0, 515.0] {
        let mut passes = living(0.0, 0.0);
        let second = go(&mut passes, 300.0, drawn_m, 1.0, 30.0, 0.0);
        draw(&mut passes);
        assert_eq!(passes.state.visited().count(), 1, "they are in it at {drawn_m} m");
        assert_eq!(comes_again(&mut passes, second), 1, "{drawn_m} m");
    }
    let mut rests = living(0.0, 0.0);
    let second = stand(&mut rests, 500.0, 36_000.0);
    draw(&mut rests);
    let second = stand(&mut rests, 500.0, second);
    assert_eq!(comes_again(&mut rests, second), 0, "{:?}", rests.rules());
    // Whoever goes out before the next fix has a home all the same.
    let mut goes_out = living(0.0, 0.0);
    let second = stand(&mut goes_out, 500.0, 36_000.0);
    draw(&mut goes_out);
    assert_eq!(comes_again(&mut goes_out, second), 0, "{:?}", goes_out.rules());
}

#[test]
fn who_is_driven_away_from_a_zone_has_left_it() {
    let mut watched = watched(&json!({"dementia": true, "wandering": false}));
    let second = go(&mut watched, 0.0, 505.0, 1.0, 30.0, 0.0);
    let second = rest(&mut watched, second, 900.0);
    assert_eq!(watched.rules(), ["zone/entry"]);
    // The ride lasts beyond the half hour after which it is told again.
    go(&mut watched, 500.0, 20_500.0, 10.0, 30.0, second);
    assert_eq!(watched.rules(), ["zone/entry", "zone/left"]);
}

/// Zones of all sizes over the district.
fn many(chance: &mut Chance, count: usize) -> Zones {
    let zones = (0..count).map(|number| {
        let middle = (chance.between(-9_000.0, 9_000.0), chance.between(-9_000.0, 9_000.0));
        let size_m = chance.between(30.0, 1_500.0);
        let corners = 3 + chance.next() % 60;
        let corner = |n: u64, radius_m: f64| {
            let angle = f64::from(u32::try_from(n).unwrap()) / f64::from(u32::try_from(corners).unwrap());
            let (sin, cos) = (angle * std::f64::consts::TAU).sin_cos();
            let at = place(middle.0 + radius_m * cos, middle.1 + radius_m * sin);
            [at.lon(), at.lat()]
        };
        let mut ring: Vec<_> =
            (0..corners).map(|n| corner(n, size_m * (0.7 + 0.3 * chance.share()))).collect();
        ring.push(ring[0]);
        let entry = json!({"id": format!("z{number}"), "shape": {"type": "Polygon", "coordinates": [ring]}});
        Zone::try_from(&serde_json::from_value::<ZoneEntry>(entry).unwrap()).unwrap()
    });
    Zones::new(zones.collect())
}

#[test]
fn the_grid_finds_what_looking_at_all_finds() {
    let mut chance = Chance(5);
    let zones = many(&mut chance, 300);
    let mut moves = 0;
    for _ in 0..4_000 {
        let at = (chance.between(-12_000.0, 12_000.0), chance.between(-12_000.0, 12_000.0));
        let here = place(at.0, at.1);
        let (mut fast, mut plain) = (BTreeMap::new(), BTreeMap::new());
        let nearest_m = zones.near(here, |zone, distance_m| assert!(fast.insert(zone, distance_m).is_none()));
        zones.near_by_looking_at_all(here, |zone, distance_m| {
            assert!(plain.insert(zone, distance_m).is_none());
        });
        assert_eq!(fast, plain, "{at:?}");
        let truly_m = plain.values().copied().fold(REACH_M, f64::min);
        assert!(nearest_m.min(REACH_M) <= truly_m, "{nearest_m} {truly_m}");
        if nearest_m > REACH_M {
            // Anywhere nearer than that, nothing is within reach.
            moves += 1;
            let angle = chance.between(0.0, std::f64::consts::TAU);
            let moved_m = (nearest_m - REACH_M) * 0.99;
            let there = place(at.0 + moved_m * angle.cos(), at.1 + moved_m * angle.sin());
            zones.near_by_looking_at_all(there, |zone, distance_m| {
                panic!("{zone} {distance_m} {at:?} {moved_m}")
            });
        }
    }
    assert!(moves > 100, "{moves}");
}

/// A cell costs memory and time, whether or not anything is in it.
#[test]
fn zones_at_the_ends_of_the_earth_make_no_millions_of_cells() {
    let zone = |lon: f64, lat: f64| {
        let shape = json!({"type": "Circle", "center": [lon, lat], "radius_m": 100.0});
        Zone::try_from(&serde_json::from_value::<ZoneEntry>(json!({"id": "z", "shape": shape})).unwrap())
            .unwrap()
    };
    let zones = Zones::new(vec![zone(-179.9, -60.0), zone(179.9, 60.0), zone(118.28, 33.96)]);
    assert!(zones.cells() <= 2_000, "{}", zones.cells());
    let mut found = Vec::new();
    zones.near(Wgs84::new(33.96, 118.28).unwrap(), |number, _| found.push(number));
    assert_eq!(found, [2]);
}

#[test]
fn no_zones_and_places_at_the_ends_of_the_earth() {
    let zones = many(&mut Chance(1), 5);
    for (lat, lon) in [(90.0, 0.0), (-90.0, 180.0), (33.9, -180.0), (33.9, 180.0)] {
        let here = Wgs84::new(lat, lon).unwrap();
        let clear_m = zones.near(here, |_, _| panic!("nothing is here"));
        assert!(clear_m > 1_000.0);
        assert!(Zones::default().near(here, |_, _| panic!("nothing is anywhere")) > REACH_M);
    }
}
