//! Who was away as planned: what was told meanwhile asked nobody to look, so what still holds is told once more at its end.

use crate::common::{HOME, Watched, fix, resident, time};
use geofence::Event;
use geofence::silence::Told;
use model::Method::Gps;
use model::Severity;
use serde_json::json;

const DAY: f64 = 86_400.0;
const NOON: f64 = DAY / 2.0;

/// Last seen outside of a fence that is not armed, by a handset that speaks every five minutes.
fn outside() -> Watched {
    let circle = json!({"type": "Circle", "center": [HOME.1, HOME.0], "radius_m": 200});
    let home = json!({"id": "home", "kind": "safe", "armed": false, "shape": circle});
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"wandering": false},
        "handset": {"id": "h1", "heartbeat_s": 300}, "fences": [home]})));
    for minute in 0..5_u32 {
        watched.take(&fix(0.0, 450.0, 8.0, Gps, NOON + f64::from(minute) * 60.0));
    }
    watched
}

/// They were away for these days.
fn back(watched: &mut Watched, from: f64, to: f64) {
    watched.until(time(to));
    watched.event(Event::Expected { away: &[(time(from), time(to))] }, time(to + 1.0));
}

fn says(watched: &mut Watched, worn: bool, battery_pct: f64, second: f64) {
    let told = Told { worn: Some(worn), battery_pct: Some(battery_pct), ..Told::default() };
    watched.until(time(second));
    watched.event(Event::Status(told), time(second));
}

#[test]
fn a_silence_that_still_holds_is_told_once_more_and_as_gravely() {
    let mut watched = outside();
    back(&mut watched, 0.0, 10.0 * DAY);
    assert_eq!(watched.rules(), ["silence/outside", "silence/outside"]);
    let [first, second] = watched.told.as_slice() else { panic!("two") };
    assert_ne!(first.id, second.id, "another signal, of the same silence");
    assert_eq!((first.since, first.severity), (second.since, Severity::Urgent));
    assert_eq!((second.severity, second.evidence.again), (Severity::Urgent, Some(1)));
    watched.until(time(20.0 * DAY));
    assert_eq!(watched.told.len(), 2);
}

#[test]
fn what_is_over_or_was_told_at_another_time_is_not_told_again() {
    // Heard again meanwhile.
    let mut watched = outside();
    watched.until(time(DAY));
    watched.event(Event::Heard, time(10.0 * DAY - 60.0));
    back(&mut watched, 0.0, 10.0 * DAY);
    assert_eq!(watched.rules(), ["silence/outside"]);
    // Silent before they went, and since they are back: somebody was asked to look.
    for (from, to) in [(NOON + 7_200.0, 10.0 * DAY), (0.0, NOON)] {
        let mut watched = outside();
        watched.until(time(10.0 * DAY));
        watched.event(Event::Expected { away: &[(time(from), time(to))] }, time(10.0 * DAY + 1.0));
        assert_eq!(watched.rules(), ["silence/outside"], "away from {from} to {to}");
    }
    // After a press somebody was asked to look, too.
    let mut watched = outside();
    watched.event(Event::Press, time(NOON + 600.0));
    back(&mut watched, 0.0, 10.0 * DAY);
    assert_eq!(watched.rules(), ["silence/after_press"]);
}

#[test]
fn a_battery_and_a_handset_that_is_off_are_told_once_more() {
    let mut watched = outside();
    says(&mut watched, true, 15.0, NOON + 400.0);
    says(&mut watched, false, 8.0, NOON + 500.0);
    for second in [700.0, 900.0, 1_100.0, 1_300.0, 1_500.0] {
        watched.event(Event::Heard, time(NOON + second));
    }
    let before = ["battery/low", "battery/very_low", "body/taken_off"];
    assert_eq!(watched.rules(), before);
    back(&mut watched, NOON, NOON + 1_600.0);
    assert_eq!(watched.rules()[3..], ["battery/very_low", "body/taken_off"]);
    let mut ids: Vec<_> = watched.told.iter().map(|told| told.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5, "each is a signal of its own");
    assert!(watched.told.iter().all(|told| told.severity == Severity::Notice), "they are outside");
}

/// That a handset says the same again while they are away is no news: what counts is when it was told.
#[test]
fn a_battery_that_was_told_at_another_time_is_not_told_again() {
    let spans = [("they went", 600.0, 1_000.0), ("they came back", 0.0, 300.0)];
    for (before_or_after, from, to) in spans {
        let mut watched = outside();
        says(&mut watched, true, 15.0, NOON + 400.0);
        says(&mut watched, true, 15.0, NOON + 800.0);
        let away = [(time(NOON + from), time(NOON + to))];
        watched.event(Event::Expected { away: &away }, time(NOON + 1_001.0));
        assert_eq!(watched.rules(), ["battery/low"], "told before or after {before_or_after}");
    }
}

/// Somebody was asked to look between two absences.
#[test]
fn of_several_absences_each_counts_by_itself() {
    let mut watched = outside();
    says(&mut watched, true, 15.0, NOON + 400.0);
    let [first, second, third] =
        [(0.0, 300.0), (350.0, 500.0), (600.0, 700.0)].map(|(from, to)| (time(NOON + from), time(NOON + to)));
    watched.event(Event::Expected { away: &[first, third] }, time(NOON + 701.0));
    assert_eq!(watched.rules(), ["battery/low"]);
    watched.event(Event::Expected { away: &[first, second, second, third] }, time(NOON + 702.0));
    assert_eq!(watched.rules(), ["battery/low", "battery/low"], "once, however many they are");
}
