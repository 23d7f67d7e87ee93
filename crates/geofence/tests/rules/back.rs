//! A clock that was set back by an hour between two runs: nothing is late by it, and hours of the day stay where they are.

use crate::common::{HOME, Watched, fix, resident, time};
use geofence::silence::Told;
use geofence::zone::{Zone, ZoneEntry, Zones};
use geofence::{Event, State, next_deadline};
use model::{Method::Gps, SignedDuration};
use serde_json::{Value, json};

const HOUR: f64 = 3_600.0;
const NOON: f64 = 12.0 * HOUR;
const BACK: SignedDuration = SignedDuration::from_hours(1);

/// Somebody with a safe fence of 200 m round home, and a pond 3 km north of it.
fn life(fence: &Value, heartbeat_s: Option<f64>) -> Watched {
    let circle = json!({"type": "Circle", "center": [HOME.1, HOME.0], "radius_m": 200});
    let mut home = json!({"id": "home", "kind": "safe", "shape": circle});
    home.as_object_mut().unwrap().extend(fence.as_object().unwrap().clone());
    let mut handset = json!({"id": "h1"});
    if let Some(heartbeat_s) = heartbeat_s {
        handset["heartbeat_s"] = heartbeat_s.into();
    }
    let policy = json!({"dementia": true, "wandering": false, "habits": false});
    let mut watched =
        Watched::new(resident(&json!({"id": "r1", "policy": policy, "handset": handset, "fences": [home]})));
    let middle = [HOME.1, HOME.0 + 3_000.0 / 111_195.0];
    let pond = json!({"id": "pond", "shape": {"type": "Circle", "center": middle, "radius_m": 80}});
    let pond: ZoneEntry = serde_json::from_value(pond).unwrap();
    watched.world.zones = Zones::new(vec![Zone::try_from(&pond).unwrap()]);
    watched
}

/// Fixes there, a minute apart, so many from a second on.
fn stay(watched: &mut Watched, north_m: f64, from: f64, fixes: u32) {
    for minute in 0..fixes {
        watched.take(&fix(0.0, north_m, 8.0, Gps, from + f64::from(minute) * 60.0));
    }
}

/// The rule that is told next by the deadlines alone, and how many seconds after midnight.
fn next(watched: &mut Watched) -> (String, i64) {
    watched.told.clear();
    while watched.told.is_empty() {
        let due = next_deadline(&watched.state).expect("something is due");
        watched.event(Event::Tick, due);
    }
    let told = &watched.told[0];
    (told.evidence.rule.clone(), told.at.as_second() - time(0.0).as_second())
}

fn silent_outside() -> Watched {
    let mut watched = life(&json!({"armed": false}), Some(300.0));
    stay(&mut watched, 0.0, NOON - 1_200.0, 5);
    stay(&mut watched, 450.0, NOON - 900.0, 16);
    watched
}

fn dwells() -> Watched {
    let mut watched = life(&json!({"dwell_s": 1_200}), None);
    stay(&mut watched, 0.0, NOON - 1_200.0, 5);
    stay(&mut watched, 450.0, NOON - 900.0, 5);
    watched
}

fn is_out_still() -> Watched {
    let mut watched = life(&json!({}), None);
    stay(&mut watched, 0.0, NOON - 1_200.0, 5);
    stay(&mut watched, 450.0, NOON - 900.0, 16);
    watched
}

fn is_snoozed() -> Watched {
    let mut watched = is_out_still();
    watched.event(Event::Snooze { fence: "home", until: time(NOON + 2.0 * HOUR) }, time(NOON));
    watched
}

fn is_at_the_pond() -> Watched {
    let mut watched = life(&json!({"armed": false}), None);
    stay(&mut watched, 1_500.0, NOON - HOUR, 5);
    stay(&mut watched, 3_000.0, NOON, 15);
    watched
}

fn has_taken_it_off() -> Watched {
    let mut watched = life(&json!({}), None);
    let off = Told { worn: Some(false), battery_pct: Some(80.0), ..Told::default() };
    watched.event(Event::Status(off), time(NOON));
    watched
}

fn has_fallen() -> Watched {
    let mut watched = life(&json!({}), None);
    stay(&mut watched, 0.0, NOON - 1_200.0, 20);
    watched.event(Event::Fall { at: time(NOON) }, time(NOON));
    stay(&mut watched, 0.0, NOON + 60.0, 1);
    watched
}

/// Who may be out by day, and is to be home by two.
fn is_out_till_two() -> Watched {
    let night =
        json!([{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "22:00", "to": "06:00"}]);
    let mut watched = life(&json!({"home_by": ["14:00"], "schedule": night}), None);
    stay(&mut watched, 0.0, NOON - 1_200.0, 5);
    stay(&mut watched, 450.0, NOON - 900.0, 16);
    watched
}

/// Who lives something until the clock is set back, and what is told then.
type Story = (fn() -> Watched, &'static str);

const STORIES: [Story; 7] = [
    (silent_outside, "silence/outside"),
    (dwells, "fence/exit"),
    (is_out_still, "fence/still_outside"),
    (is_snoozed, "fence/still_outside"),
    (is_at_the_pond, "zone/still_inside"),
    (has_taken_it_off, "body/taken_off"),
    (has_fallen, "body/still_after_fall"),
];

#[test]
fn what_was_left_of_every_timer_is_left() {
    for (story, rule) in STORIES {
        let (told, due) = next(&mut story());
        assert_eq!(told, rule, "by the clock as it was");
        let mut watched = story();
        watched.state.clock_went_back(BACK);
        assert_eq!(next(&mut watched), (told, due - 3_600), "by the clock that was set back");
    }
}

/// Silent outside home since noon by a clock that was an hour fast, and due a quarter of an hour later; at one minute past eleven the
/// platform is there again.
#[test]
fn a_silence_is_not_an_hour_late() {
    let mut watched = silent_outside();
    watched.state.clock_went_back(BACK);
    watched.event(Event::Deaf, time(NOON - HOUR + 60.0));
    let (told, due) = next(&mut watched);
    assert_eq!((told.as_str(), due), ("silence/outside", 11 * 3_600 + 960));
}

/// And a fix by the clock there is now is no history.
#[test]
fn where_they_are_is_followed_from_the_first_fix_on() {
    let mut watched = is_out_still();
    watched.state.clock_went_back(BACK);
    watched.told.clear();
    stay(&mut watched, 0.0, NOON - HOUR + 120.0, 4);
    assert_eq!(watched.rules(), ["fence/return"]);
}

#[test]
fn an_hour_of_the_day_stays_where_it_is() {
    let by_two = ("fence/home_by".to_owned(), 14 * 3_600);
    assert_eq!(next(&mut is_out_till_two()), by_two);
    let mut watched = is_out_till_two();
    watched.state.clock_went_back(BACK);
    // Everybody is looked at once after a start.
    watched.event(Event::Deaf, time(NOON - HOUR + 60.0));
    assert_eq!(next(&mut watched), by_two);
    // What a clock told that was fast is told once more at its hour, and not again before.
    let mut watched = is_out_till_two();
    next(&mut watched);
    watched.state.clock_went_back(BACK);
    watched.event(Event::Deaf, time(NOON + HOUR + 60.0));
    assert_eq!(next(&mut watched), by_two);
}

/// Every moment in the years that are lived in, by its path.
fn moments(of: &Value, path: &str, found: &mut Vec<(String, i64)>) {
    match of {
        Value::Number(number) => {
            let ms = number.as_i64().filter(|ms| (1_500_000_000_000..4_000_000_000_000).contains(ms));
            found.extend(ms.map(|ms| (path.to_owned(), ms)));
        }
        Value::Array(all) => {
            for one in all {
                moments(one, path, found);
            }
        }
        Value::Object(all) => {
            for (name, one) in all {
                moments(one, &format!("{path}/{name}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// But for hours of the day, and for when they are looked at next, which are found anew.
fn timers(state: &State) -> Vec<(String, i64)> {
    let mut found = Vec::new();
    moments(&serde_json::to_value(state).unwrap(), "", &mut found);
    found.retain(|(path, _)| !path.ends_with("/hours_at") && !path.contains("/quiet/"));
    found
}

fn is_nearly_empty() -> Watched {
    let mut watched = is_out_still();
    watched.event(Event::Status(Told { battery_pct: Some(15.0), ..Told::default() }), time(NOON + 60.0));
    assert_eq!(watched.rules().last(), Some(&"battery/low"));
    watched
}

/// A moment that is added to the state goes back too, or stands above with its reason.
#[test]
fn no_moment_of_a_state_is_left_behind() {
    let others: [fn() -> Watched; 2] = [is_out_till_two, is_nearly_empty];
    for story in STORIES.map(|(story, _)| story).into_iter().chain(others) {
        let mut state = story().state;
        let before = timers(&state);
        assert!(before.len() > 2, "{before:?}");
        state.clock_went_back(BACK);
        let expected: Vec<_> = before.into_iter().map(|(path, ms)| (path, ms - 3_600_000)).collect();
        assert_eq!(timers(&state), expected);
    }
}

#[test]
fn what_is_not_set_stays_so() {
    let mut state = State::default();
    state.clock_went_back(SignedDuration::from_hours(25));
    assert_eq!(state, State::default());
}
