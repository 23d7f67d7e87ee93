//! Handsets that speak seldom: what they were silent after is told by their last word, not by when they are given up.

use crate::common::{Watched, fix, place, resident, time};
use geofence::Event;
use model::{Method::Gps, Severity};
use serde_json::json;

/// Given up a day after its last word.
fn seldom() -> Watched {
    let home = place(0.0, 0.0);
    let circle = json!({"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": 200.0});
    Watched::new(resident(&json!({"id": "r1", "policy": {"wandering": false},
        "handset": {"id": "h1", "heartbeat_s": 28_800},
        "fences": [{"id": "home", "kind": "safe", "shape": circle}]})))
}

fn silence(watched: &Watched) -> Vec<(&str, Severity)> {
    let told = watched.told.iter().filter(|told| told.evidence.rule.starts_with("silence/"));
    told.map(|told| (told.evidence.rule.as_str(), told.severity)).collect()
}

#[test]
fn silence_after_a_press_is_urgent_however_seldom_the_handset_speaks() {
    let mut pressed = seldom();
    pressed.event(Event::Press, time(0.0));
    pressed.until(time(100_000.0));
    assert_eq!(silence(&pressed), [("silence/after_press", Severity::Urgent)]);
    // Heard for more than a day after it.
    let mut calm = seldom();
    calm.event(Event::Press, time(0.0));
    for second in (20_000..=100_000_u32).step_by(20_000) {
        calm.until(time(f64::from(second)));
        calm.event(Event::Heard, time(f64::from(second)));
    }
    calm.until(time(300_000.0));
    assert_eq!(silence(&calm), [("silence/offline", Severity::Technical)]);
}

#[test]
fn who_was_outside_as_a_handset_that_speaks_seldom_fell_silent_is_looked_for() {
    let mut outside = seldom();
    for minute in 0..10_u32 {
        let second = f64::from(minute) * 60.0;
        outside.until(time(second));
        outside.take(&fix(900.0, 0.0, 10.0, Gps, second));
    }
    outside.until(time(100_000.0));
    assert_eq!(silence(&outside), [("silence/outside", Severity::Urgent)]);
}
