//! A state that goes to disk and comes back between any two events tells what one tells that was kept: over minutes as over weeks.

use crate::{
    known::Person,
    resident::Watched,
    source::{Arrived, Happening},
};
use geofence::habits::{Habits, learn};
use geofence::replay::ResidentEntry;
use geofence::silence::Told;
use geofence::zone::{Zone, ZoneEntry, Zones};
use geofence::{Signal, World};
use model::{Fix, HandsetId, Method, ResidentId, Timestamp, Wgs84};
use serde_json::{Value, json};
use std::sync::Arc;
use store::Places;

/// Monday 23 November 2026, midnight in Suqian.
const MIDNIGHT: i64 = 1_795_363_200;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What arrived, and at which second after midnight.
type Life = Vec<(i64, Happening)>;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(MIDNIGHT + second).unwrap()
}

fn fix(north_m: f64, second: i64) -> Fix {
    let position = Wgs84::new(33.96 + north_m / 111_195.0, 118.28).unwrap();
    let (boot, seq, speed_mps, bearing_deg, battery_pct) = Default::default();
    let (fix_time, accuracy_m, method) = (at(second), 8.0, Method::Gps);
    Fix { boot, seq, fix_time, position, accuracy_m, method, speed_mps, bearing_deg, battery_pct }
}

fn stands(north_m: f64, second: i64) -> (i64, Happening) {
    (second + 1, Happening::Fixes(vec![fix(north_m, second)]))
}

fn says(told: Told, second: i64) -> (i64, Happening) {
    (second, Happening::Status(told))
}

fn person(policy: &Value, heartbeat_s: Option<f64>) -> Person {
    let entry = json!({"id": "r1", "policy": policy, "handset": {"id": "h1", "heartbeat_s": heartbeat_s}});
    let entry: ResidentEntry = serde_json::from_value(entry).unwrap();
    Person {
        resident: entry.resident(&mut Vec::new()),
        fences: Vec::new(),
        handset: Some(HandsetId::new("h1").unwrap()),
        companions: Vec::new(),
        is_tracked: true,
    }
}

/// Which rules told, and at which second; with a state that is built anew from what is on disk before each event, or one that is kept.
fn lived(person: &Person, world: &World, life: Life, is_rebuilt: bool) -> Vec<(String, i64)> {
    let id = ResidentId::new("r1").unwrap();
    let (mut watched, mut told) = (Watched::new(person.clone(), Places::default()), Vec::<Signal>::new());
    for (second, what) in life {
        if is_rebuilt {
            let stored = watched.stored(&id, world);
            watched = Watched::new(person.clone(), Places::default());
            watched.remember(&stored, world, at(second));
        }
        let resident = Arc::new(id.clone());
        watched.take(world, &Arrived { resident, received_at: at(second), place: second, what }, &mut told);
    }
    told.iter().map(|signal| (signal.evidence.rule.clone(), signal.at.as_second() - MIDNIGHT)).collect()
}

/// The same either way.
fn told(person: &Person, world: &World, life: impl Fn() -> Life) -> Vec<(String, i64)> {
    let kept = lived(person, world, life(), false);
    assert_eq!(lived(person, world, life(), true), kept, "built anew it tells the same");
    kept
}

fn names(told: &[(String, i64)]) -> Vec<&str> {
    told.iter().map(|(rule, _)| rule.as_str()).collect()
}

#[test]
fn a_way_that_leads_nowhere_is_found_over_restarts() {
    let paces = || {
        let place = |number: i64| {
            let leg = u32::try_from(number % 24).unwrap();
            f64::from(if leg < 12 { leg } else { 24 - leg }) * 7.0
        };
        (0..240).map(|number| stands(place(number), 10 * HOUR + number * 10)).collect()
    };
    let policy = json!({"dementia": true, "zones": false, "habits": false});
    let told = told(&person(&policy, None), &World::default(), paces);
    assert!(told.len() == 1 && told[0].0.starts_with("wandering/"), "{told:?}");
}

#[test]
fn silence_is_told_over_restarts() {
    let life = || vec![stands(0.0, 10 * HOUR), (12 * HOUR, Happening::Heard)];
    let told = told(&person(&json!({}), Some(300.0)), &World::default(), life);
    assert_eq!(told, [("silence/offline".to_owned(), 10 * HOUR + 1 + 900)]);
}

#[test]
fn a_visit_is_told_repeated_and_ended_over_restarts() {
    let shape = json!({"type": "Circle", "center": [118.28, 33.96], "radius_m": 100});
    let lake: ZoneEntry = serde_json::from_value(json!({"id": "lake", "shape": shape})).unwrap();
    let world = World { zones: Zones::new(vec![Zone::try_from(&lake).unwrap()]), ..World::default() };
    let life = || {
        let mut life = vec![stands(1_500.0, 10 * HOUR)];
        life.extend((0..16).map(|number| stands(0.0, 10 * HOUR + 900 + number * 300)));
        life.extend((0..3).map(|number| stands(1_500.0, 12 * HOUR + number * 300)));
        life
    };
    let policy = json!({"dementia": true, "wandering": false, "habits": false});
    let told = told(&person(&policy, None), &world, life);
    let names = names(&told);
    assert_eq!((names.first(), names.last()), (Some(&"zone/entry"), Some(&"zone/left")), "{told:?}");
    let again = names.iter().filter(|rule| **rule == "zone/still_inside").count();
    assert_eq!((again, names.len()), (3, 5), "each half hour of an hour and a half: {told:?}");
}

#[test]
fn taken_off_and_a_forgotten_charger_are_told_over_restarts() {
    let of = |pct: f64, worn: bool| Told {
        battery_pct: Some(pct),
        charging: Some(false),
        worn: Some(worn),
        ..Told::default()
    };
    let life = || {
        let (noon, evening) = (14 * HOUR, 21 * HOUR);
        vec![
            says(of(100.0, true), noon),
            says(of(58.0, false), evening),
            (evening + 40 * MINUTE, Happening::Heard),
        ]
    };
    let told = told(&person(&json!({}), None), &World::default(), life);
    let (off, forgotten) = (21 * HOUR + 15 * MINUTE, 21 * HOUR + 30 * MINUTE);
    assert_eq!(
        told,
        [("body/taken_off".to_owned(), off), ("battery/charger_forgotten".to_owned(), forgotten)]
    );
}

/// Nine days with a way out each second hour, and one without any.
#[test]
fn a_day_without_movement_is_told_over_restarts() {
    let life = || {
        let place = |second: i64| {
            let (day, hour, minute) = (second / DAY, second % DAY / HOUR, second % HOUR / MINUTE);
            let is_out = day < 9 && (7..21).contains(&hour) && hour % 2 == 1;
            f64::from(u32::try_from(if is_out { minute } else { 0 }).unwrap()) * 20.0
        };
        let seconds = (0..9 * DAY + 13 * HOUR).step_by(600);
        seconds.map(|second| stands(place(second), second)).collect()
    };
    let policy = json!({"lives_alone": true, "wandering": false});
    let told = told(&person(&policy, None), &World::default(), life);
    assert_eq!(names(&told), ["body/no_movement"], "{told:?}");
    let (day, hour) = (told[0].1 / DAY, told[0].1 % DAY / HOUR);
    assert!(day == 9 && (11..=12).contains(&hour), "four hours after seven on the last day: {told:?}");
}

/// Out at eight on each of thirty mornings; up by half past nine is what is asked.
fn mornings() -> Habits {
    let mut habits = Habits::default();
    for day in -31..-1 {
        let fixes: Vec<Fix> = (0..48)
            .map(|half| fix(if half == 16 { 600.0 } else { 0.0 }, day * DAY + half * 30 * MINUTE))
            .collect();
        assert!(learn(&mut habits, &fixes));
    }
    habits
}

#[test]
fn who_is_not_up_is_told_of_over_restarts() {
    let mut sleeper = person(&json!({"lives_alone": true, "wandering": false}), None);
    sleeper.resident.habits = Some(Arc::new(mornings()));
    let life = || {
        let mut life = vec![stands(0.0, -5 * HOUR)];
        life.extend([30, 40].map(|minute| stands(300.0, -5 * HOUR + minute * MINUTE)));
        life.extend((0..31).map(|half| stands(0.0, -4 * HOUR + half * 30 * MINUTE)));
        life
    };
    let told = told(&sleeper, &World::default(), life);
    assert_eq!(names(&told), ["body/not_up"], "{told:?}");
    assert!((9 * HOUR + 30 * MINUTE..10 * HOUR).contains(&told[0].1), "{told:?}");
}
