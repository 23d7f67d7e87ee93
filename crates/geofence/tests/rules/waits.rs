//! What one fix does not decide: a side, what is due while the next may be back, and a fence that nobody was ever seen in.

use crate::common::{Watched, fix, place, resident, time};
use crate::episodes::{stand, watched};
use geofence::{Standing, standing};
use model::Method::{Cell, Gps};
use serde_json::{Value, json};

const HOUR: u32 = 3_600;

/// A fix of satellites, so many metres east of home, after what is due until then.
fn seen(watched: &mut Watched, east_m: f64, second: u32) {
    let second = f64::from(second);
    watched.until(time(second));
    watched.take(&fix(east_m, 0.0, 10.0, Gps, second));
}

/// What cells say before it weighs less than what one fix leaves to the threshold, also of the way back.
#[test]
fn after_cells_one_fix_decides_no_more_than_without() {
    for (from_m, to_m, rule) in [(0.0, 350.0, "fence/exit"), (350.0, 0.0, "fence/return")] {
        let mut watched = watched(&json!({}));
        stand(&mut watched, from_m, HOUR, 2 * HOUR);
        let told = watched.told.len();
        for second in [7_230.0, 7_260.0] {
            // So far off that each says all that a cell can, for the side that is not believed.
            let east_m = if to_m > 0.0 { 5_000.0 } else { 0.0 };
            watched.take(&fix(east_m, 0.0, 300.0, Cell, second));
        }
        seen(&mut watched, to_m, 7_320);
        stand(&mut watched, from_m, 7_440, 8_000);
        assert!(!watched.rules()[told..].contains(&rule), "{:?}", watched.rules());
        // Two of them do.
        stand(&mut watched, to_m, 8_040, 8_400);
        assert!(watched.rules()[told..].contains(&rule), "{:?}", watched.rules());
    }
}

fn nightly() -> Value {
    let all = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    json!([{"days": all, "from": "22:00", "to": "06:00"}])
}

/// At home until a quarter to ten; at five past ten come fixes from before ten, all of them out, and then nothing.
#[test]
fn hours_that_begin_between_a_fix_and_its_arrival_are_missed() {
    let mut watched = watched(&json!({"schedule": nightly()}));
    stand(&mut watched, 0.0, 20 * HOUR, 21 * HOUR + 2_700);
    let fixes: Vec<_> = (0..5_u32)
        .map(|number| fix(400.0, 0.0, 10.0, Gps, f64::from(21 * HOUR + 3_000 + number * 120)))
        .collect();
    let arrived = time(f64::from(22 * HOUR + 300));
    watched.until(arrived);
    watched.batch(&fixes, arrived);
    assert_eq!(watched.rules(), ["fence/hours_began"]);
    assert_eq!(watched.told[0].at, arrived);
    watched.until(time(f64::from(29 * HOUR)));
    assert!(watched.count("fence/still_outside") >= 12, "{:?}", watched.rules());
}

/// Home two minutes before six, and the second fix that shows it comes a second after.
#[test]
fn an_hour_waits_for_the_second_fix_at_home_and_no_longer_than_minutes() {
    let out = || {
        let mut watched = watched(&json!({"home_by": ["18:00"]}));
        stand(&mut watched, 400.0, 17 * HOUR, 18 * HOUR - 120);
        seen(&mut watched, 0.0, 18 * HOUR - 119);
        watched
    };
    let mut home = out();
    seen(&mut home, 0.0, 18 * HOUR + 1);
    home.until(time(f64::from(19 * HOUR)));
    assert_eq!(home.rules(), ["fence/exit", "fence/still_outside", "fence/return"]);
    let (mut silent, mut back) = (out(), out());
    silent.until(time(f64::from(18 * HOUR + 600)));
    seen(&mut back, 400.0, 18 * HOUR + 1);
    for (watched, told_at) in [(&silent, 18 * HOUR + 181), (&back, 18 * HOUR + 1)] {
        let told = watched.told.iter().find(|signal| signal.evidence.rule == "fence/home_by").unwrap();
        assert_eq!(told.at, time(f64::from(told_at)));
    }
}

#[test]
fn a_dwell_waits_for_the_second_fix_at_home_and_an_exit_without_one_for_nothing() {
    for (dwell_s, fixes, told) in [
        (150, vec![400.0, 400.0, 0.0, 0.0], vec![]),
        (150, vec![400.0, 400.0, 0.0], vec![("fence/exit", 3_600 + 120 + 300)]),
        (150, vec![400.0, 400.0, 400.0], vec![("fence/exit", 3_600 + 150)]),
        (0, vec![400.0, 400.0, 0.0, 0.0], vec![("fence/exit", 3_600 + 60), ("fence/return", 3_600 + 180)]),
    ] {
        let mut watched = watched(&json!({"dwell_s": dwell_s}));
        for (east_m, second) in fixes.iter().zip((HOUR..).step_by(60)) {
            seen(&mut watched, *east_m, second);
        }
        watched.until(time(f64::from(HOUR + 600)));
        let expected: Vec<_> = told.iter().map(|(rule, second)| (*rule, time(f64::from(*second)))).collect();
        let said: Vec<_> =
            watched.told.iter().map(|signal| (signal.evidence.rule.as_str(), signal.at)).collect();
        assert_eq!(said, expected, "{dwell_s} s, {fixes:?}");
    }
}

/// A safe circle about home of which more is said, and another one so many metres east of it, in which they should be by one at night.
fn with_another_and(home: &Value, east_m: f64, radius_m: f64) -> Watched {
    let circle = |id: &str, east_m: f64, radius_m: f64| {
        let middle = place(east_m, 0.0);
        let shape = json!({"type": "Circle", "center": [middle.lon(), middle.lat()], "radius_m": radius_m});
        json!({"id": id, "kind": "safe", "shape": shape})
    };
    let mut fences = json!([circle("home", 0.0, 200.0), circle("other", east_m, radius_m)]);
    fences[1]["home_by"] = json!(["01:00"]);
    for (key, value) in home.as_object().unwrap() {
        fences[0][key] = value.clone();
    }
    Watched::new(resident(&json!({"id": "r1", "policy": {"wandering": false}, "fences": fences})))
}

fn with_another(east_m: f64, radius_m: f64) -> Watched {
    with_another_and(&json!({}), east_m, radius_m)
}

/// What was told of the fence of that name, by rule.
fn of(watched: &Watched, fence: &str) -> Vec<String> {
    let own = watched.told.iter().filter(|signal| signal.fence.as_deref() == Some(fence));
    own.map(|signal| signal.evidence.rule.clone()).collect()
}

#[test]
fn of_two_homes_the_one_that_nobody_was_seen_in_does_not_alarm() {
    let mut watched = with_another(3_000.0, 200.0);
    stand(&mut watched, 0.0, 0, 2 * HOUR);
    assert_eq!(watched.told, vec![]);
    let (standing, armed) =
        standing(&watched.world, &watched.resident, &watched.state, 1, time(7_200.0)).unwrap();
    assert!(matches!(standing, Standing::Outside { .. }) && armed, "{standing:?}");
    // Outside of both it is as with any fence; at home again it is not repeated.
    stand(&mut watched, 400.0, 2 * HOUR, 2 * HOUR + 600);
    assert_eq!(of(&watched, "home"), ["fence/exit"]);
    assert_eq!(of(&watched, "other"), ["fence/exit"]);
    stand(&mut watched, 0.0, 2 * HOUR + 600, 4 * HOUR);
    assert_eq!(of(&watched, "other"), ["fence/exit"]);
    // From the first time within it on it alarms as any other.
    stand(&mut watched, 3_000.0, 4 * HOUR, 4 * HOUR + 600);
    stand(&mut watched, 0.0, 4 * HOUR + 600, 6 * HOUR);
    let other = of(&watched, "other");
    assert_eq!(other[..3], ["fence/exit", "fence/return", "fence/exit"]);
    assert!(other[3..].iter().any(|rule| rule == "fence/still_outside"), "{other:?}");
}

#[test]
fn who_leaves_a_home_within_a_large_quarter_is_told_of() {
    let mut watched = with_another(0.0, 2_000.0);
    stand(&mut watched, 0.0, 0, HOUR);
    stand(&mut watched, 400.0, HOUR, 2 * HOUR);
    assert_eq!(of(&watched, "home")[..2], ["fence/exit", "fence/still_outside"]);
    assert_eq!(of(&watched, "other"), [""; 0]);
}

/// First heard of in the quarter, they stay out: the quarter holds the home, and is no other one.
#[test]
fn who_was_never_seen_in_a_home_within_a_large_quarter_is_told_of() {
    let mut watched = with_another_and(&json!({"home_by": ["01:00"]}), 0.0, 2_000.0);
    stand(&mut watched, 600.0, 0, 2 * HOUR);
    let home = of(&watched, "home");
    assert_eq!(home[0], "fence/exit");
    assert_eq!(home.iter().filter(|rule| *rule == "fence/home_by").count(), 1, "{home:?}");
    assert_eq!(of(&watched, "other"), [""; 0]);
}

/// With its hours ends what it says for the other one, also where no fix comes.
#[test]
fn a_home_whose_hours_end_answers_for_no_other() {
    let all = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    let night = json!({"schedule": [{"days": all, "from": "22:00", "to": "02:00"}]});
    let mut watched = with_another_and(&night, 3_000.0, 200.0);
    stand(&mut watched, 0.0, 0, 2 * HOUR - 600);
    assert_eq!(watched.told, vec![]);
    watched.until(time(7_500.0));
    assert_eq!(of(&watched, "other"), ["fence/exit"]);
    assert_eq!(watched.told[0].at, time(7_200.0));
}
