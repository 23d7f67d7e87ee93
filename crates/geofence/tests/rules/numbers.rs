//! Other numbers than the built-in ones: each changes what it is about, and a file of them is refused by the name of what is wrong.

use crate::common::{Watched, fix, resident, time};
use geofence::habits::{DAYS_LEAST, Habits, learn};
use geofence::silence::{Link, Told, Watch};
use geofence::{Event, Moment, Remembered, Rules};
use model::{Fix, Method::Gps};
use serde_json::{Value, json};
use std::sync::Arc;

fn watched(rules: Rules) -> Watched {
    let one =
        json!({"id": "r1", "policy": {"lives_alone": true}, "handset": {"id": "h1", "heartbeat_s": 300}});
    let mut watched = Watched::new(resident(&one));
    watched.world.rules = rules;
    watched
}

fn battery(pct: f64) -> Event<'static> {
    Event::Status(Told { battery_pct: Some(pct), ..Told::default() })
}

#[test]
fn a_handset_is_late_and_offline_after_its_heartbeats() {
    let mut silent = watched(Rules { offline_heartbeats: 5.0, ..Rules::default() });
    silent.event(Event::Heard, time(0.0));
    silent.until(time(50_000.0));
    assert_eq!((silent.rules(), silent.told[0].at), (vec!["silence/offline"], time(1_500.0)));
    let mut watch = Watch::default();
    watch.hear(Moment::from(time(0.0)));
    for (late_heartbeats, link) in [(1.5, Link::Late), (2.0, Link::Online)] {
        let rules = Rules { late_heartbeats, ..Rules::default() };
        assert_eq!(watch.link(&rules, Some(100.0), Moment::from(time(160.0))), link, "{late_heartbeats}");
    }
}

#[test]
fn a_battery_is_low_below_the_rules_own_levels() {
    let mut held = watched(Rules { battery_low_pct: 25.0, battery_very_low_pct: 15.0, ..Rules::default() });
    for (second, pct, told) in [(0.0, 26.0, 0), (60.0, 24.0, 1), (120.0, 16.0, 1), (180.0, 14.0, 2)] {
        held.event(battery(pct), time(second));
        assert_eq!(held.told.len(), told, "{pct}");
    }
    let limits: Vec<_> = held.told.iter().map(|signal| signal.evidence.findings[0].limit).collect();
    assert_eq!(limits, [Some(25.0), Some(15.0)]);
}

#[test]
fn taken_off_is_told_after_the_rules_own_while() {
    let mut off = watched(Rules { taken_off_after_s: 300.0, ..Rules::default() });
    off.event(Event::Status(Told { worn: Some(false), ..Told::default() }), time(0.0));
    off.until(time(400.0));
    assert_eq!((off.rules(), off.told[0].at), (vec!["body/taken_off"], time(300.0)));
}

/// Nine days of movement by day, then none after nine in the morning.
#[test]
fn a_rest_is_told_when_it_is_longer_than_the_rules_say() {
    let told = |rules: Rules| {
        let mut still = watched(rules);
        for step in 0..10 * 360_u32 {
            let (day, minute) = (step / 360, step % 360 * 4);
            let until = if day == 9 { 9 * 60 } else { 21 * 60 };
            let moves = (7 * 60..until).contains(&minute) && (minute / 60) % 2 == 0;
            let second = f64::from(day) * 86_400.0 + f64::from(minute) * 60.0;
            still.until(time(second));
            still.take(&fix(if moves { f64::from(minute % 60) * 20.0 } else { 0.0 }, 0.0, 10.0, Gps, second));
        }
        still.told.iter().find(|signal| signal.evidence.rule == "body/no_movement").map(|signal| signal.at)
    };
    let usual = told(Rules::default()).unwrap();
    assert!(told(Rules { still_least_s: 6.0 * 3_600.0, ..Rules::default() }).unwrap() > usual);
    assert_eq!(told(Rules { still_times_usual: 50.0, ..Rules::default() }), None);
}

#[test]
fn off_the_usual_ground_is_as_far_as_the_rules_say() {
    let mut habits = Habits::default();
    for day in -i32::from(DAYS_LEAST)..0 {
        let at_s = |step: u32| f64::from(day) * 86_400.0 + f64::from(step) * 600.0;
        let fixes: Vec<Fix> = (0..144_u32).map(|step| fix(0.0, 0.0, 10.0, Gps, at_s(step))).collect();
        assert!(learn(&mut habits, &fixes));
    }
    let count = |off_usual_m: f64| {
        let mut away = Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true}})));
        away.world.rules.off_usual_m = off_usual_m;
        away.resident.habits = Some(Arc::new(habits.clone()));
        for minute in 0..40_u32 {
            let west_m = (f64::from(minute) * 50.0).min(900.0);
            away.take(&fix(-west_m, 0.0, 10.0, Gps, 14.0 * 3_600.0 + f64::from(minute) * 60.0));
        }
        away.count("wandering/unusual")
    };
    assert_eq!((count(250.0), count(2_000.0)), (1, 0));
}

/// What nothing can have become due of by the old numbers may be due by the new ones.
#[test]
fn a_state_that_is_taken_up_by_other_numbers_is_judged_by_them() {
    let mut held = watched(Rules::default());
    held.event(battery(22.0), time(0.0));
    held.event(Event::Heard, time(60.0));
    assert_eq!(held.told, vec![]);
    let zones = &held.world.zones;
    held.state = Remembered::of(&held.state, &[], zones).restore(&[], zones, |_| false);
    held.world.rules.battery_low_pct = 25.0;
    held.event(Event::Heard, time(120.0));
    assert_eq!(held.rules(), ["battery/low"]);
}

/// Evidence names the version, so two sets of numbers have no version in common.
#[test]
fn the_built_in_numbers_are_those_of_their_version() {
    let known = json!({
        "version": "2026.11.4",
        "threshold": 7.2,
        "fix_at_most": 6.2,
        "repeat_s": 1_800.0,
        "steps_m": [500.0, 1_000.0, 2_000.0],
        "zone_dwell_s": 90.0,
        "ride_dwell_s": 300.0,
        "vehicle_mps": 4.5,
        "impossible_mps": 40.0,
        "unknown_after_s": 3_600.0,
        "cross_within_s": 600.0,
        "wandering_limit": 2.1,
        "off_usual_m": 250.0,
        "late_heartbeats": 1.5,
        "offline_heartbeats": 3.0,
        "battery_low_pct": 20.0,
        "battery_very_low_pct": 10.0,
        "taken_off_after_s": 900.0,
        "still_least_s": 14_400.0,
        "still_times_usual": 1.5,
    });
    assert_eq!(
        json!(Rules::default()),
        known,
        "other numbers are another version: give Rules::default() a new one, and write it and the numbers down here, in \
         docs/geofence.md and in the expected lines of the stories"
    );
}

#[test]
fn a_file_of_rules_is_refused_by_the_name_of_what_is_wrong() {
    let told = |file: &Value| {
        let refused = Rules::to_work_by(file).err()?;
        let source = std::error::Error::source(&refused).map(ToString::to_string).unwrap_or_default();
        Some(format!("{refused}: {source}"))
    };
    for (file, words) in [
        (json!({"version": "2026-12", "treshold": 8}), "there is no rule \"treshold\""),
        (
            json!({"version": "2026-12", "battery_low_pct": "20"}),
            "battery_low_pct cannot be read: invalid type",
        ),
        (json!({"version": "2026-12", "wandering_limit": "2"}), "wandering_limit cannot be read"),
        (json!({"version": "2026-12", "steps_m": [1, 2]}), "steps_m cannot be read"),
        (
            json!({"version": "2026-12", "battery_low_pct": 60}),
            "battery_low_pct is 60; it is a number from 0 to 30",
        ),
        (json!({"version": "2026-12", "offline_heartbeats": 0}), "offline_heartbeats is 0"),
        (json!({"threshold": 8.0}), "need a name of their own"),
        (json!({"version": "", "threshold": 8.0}), "need a name of their own"),
        (json!([]), "no object of rules"),
    ] {
        let said = told(&file).unwrap_or_default();
        assert!(said.contains(words), "{file}: {said}");
    }
    for file in [json!({}), json!({"version": "2026-12"}), json!({"version": "2026-12", "threshold": 8})] {
        assert_eq!(told(&file), None, "{file}");
    }
    // To be tried, numbers need no name.
    assert!(Rules::from_json(&json!({"threshold": 8.0})).is_ok());
}
