//! Of whoever is not seen any more it is not said that they are still there, nor that what a deadline tells is late.

use crate::common::{Watched, fix, place, resident, time};
use crate::episodes::{kept, send, stand, watched};
use geofence::{Rules, Signal, World};
use model::Method::{Cell, Gps};
use model::Remark;
use serde_json::json;

const HOUR: u32 = 3_600;

fn told<'a>(watched: &'a Watched, rule: &str) -> Vec<&'a Signal> {
    watched.told.iter().filter(|signal| signal.evidence.rule == rule).collect()
}

fn is_late(signal: &Signal) -> bool {
    let raised = signal.to_model(None).unwrap();
    raised.remarks.contains(&Remark::Late) || raised.late_by_s > 0
}

/// Out from one o'clock on, and not seen any more from half past one on.
#[test]
fn a_repeat_says_how_old_the_last_position_is_and_is_not_late() {
    let mut watched = watched(&json!({}));
    stand(&mut watched, 400.0, HOUR, HOUR + 1_800);
    watched.until(time(8.0 * 3_600.0));
    let repeats = told(&watched, "fence/still_outside");
    assert!(repeats.len() > 10, "they are not found yet: {:?}", watched.rules());
    for signal in &repeats {
        let (why, at) = (&signal.evidence.why, signal.at);
        assert!(!is_late(signal), "{at}: {why}");
        let is_known = at <= time(f64::from(HOUR + 1_680 + HOUR));
        assert_eq!(why.contains("仍在「home」之外"), is_known, "{at}: {why}");
        assert_eq!(why.contains("现在不清楚"), !is_known, "{at}: {why}");
    }
    let last = &repeats.last().unwrap().evidence;
    assert!(last.why.contains("，最后一次明确的定位在6小时前，现在不清楚"), "{}", last.why);
    assert!(last.why.contains("最新一次在6小时前"), "{}", last.why);
    let unsupported = last.findings.iter().find(|one| one.name == "unsupported_s").unwrap();
    assert_eq!(unsupported.limit, Some(3_600.0));
}

#[test]
fn cells_that_go_on_make_no_side_clear() {
    let mut watched = watched(&json!({}));
    stand(&mut watched, 400.0, HOUR, HOUR + 1_800);
    for second in (HOUR + 1_800..5 * HOUR).step_by(300) {
        let second = f64::from(second);
        watched.until(time(second));
        watched.take(&fix(400.0, 0.0, 800.0, Cell, second));
    }
    let repeats = told(&watched, "fence/still_outside");
    let why = &repeats.last().unwrap().evidence.why;
    assert!(why.contains("最后一次明确的定位在3小时前，现在不清楚"), "{why}");
    assert!(why.contains("最新一次在") && !why.contains("最新一次在3小时前"), "{why}");
}

#[test]
fn an_hour_and_a_zone_are_told_in_the_same_way() {
    let mut by_six = self::watched(&json!({"armed": true, "home_by": ["18:00"],
        "schedule": [{"days": ["mon"], "from": "22:00", "to": "23:00"}]}));
    stand(&mut by_six, 400.0, 14 * HOUR, 14 * HOUR + 1_800);
    by_six.until(time(18.0 * 3_600.0));
    let signal = told(&by_six, "fence/home_by")[0];
    assert!(!is_late(signal), "{signal:?}");
    let why = &signal.evidence.why;
    assert!(why.contains("到18:00仍未见回到「home」，自14:00起在外，最后一次明确的定位在3小时前"), "{why}");

    let pond = place(1_000.0, 0.0);
    let fence = json!({"id": "pond", "kind": "forbidden",
        "shape": {"type": "Circle", "center": [pond.lon(), pond.lat()], "radius_m": 60}});
    let mut near = Watched::new(resident(&json!({"id": "r1", "name": "王秀英", "fences": [fence]})));
    stand(&mut near, 700.0, 0, 600);
    stand(&mut near, 1_000.0, 600, 1_200);
    near.until(time(3.0 * 3_600.0));
    let repeats = told(&near, "fence/still_inside");
    let signal = repeats.last().unwrap();
    assert!(!is_late(signal), "{signal:?}");
    assert!(
        signal.evidence.why.contains("内，最后一次明确的定位在2小时前，现在不清楚"),
        "{}",
        signal.evidence.why
    );
}

#[test]
fn the_rules_say_when_a_side_is_unclear() {
    for (unknown_after_s, is_unclear) in [(1_200.0, true), (7_200.0, false)] {
        let mut watched = watched(&json!({}));
        let rules = Rules { version: "other".to_owned(), unknown_after_s, ..Rules::default() };
        watched.world = World { rules, ..World::default() };
        stand(&mut watched, 400.0, HOUR, HOUR + 600);
        watched.until(time(f64::from(HOUR + 2_400)));
        let why = &told(&watched, "fence/still_outside")[0].evidence.why;
        assert_eq!(why.contains("现在不清楚"), is_unclear, "{why}");
    }
}

/// A track that comes in late brings its signal late, also where a deadline says that it has come in whole; the repeats are on time.
#[test]
fn what_a_late_position_brings_is_late() {
    let mut watched = watched(&json!({}));
    let arrived = send(&mut watched, &kept(400.0, HOUR, 2 * HOUR), 18_000.0);
    watched.until(time(arrived + 2_000.0));
    assert_eq!(watched.rules(), ["fence/exit", "fence/still_outside"]);
    assert!(is_late(&watched.told[0]), "{:?}", watched.told[0]);
    assert!(watched.told[0].evidence.why.contains("现在不清楚"), "{:?}", watched.told[0]);
    assert!(!is_late(&watched.told[1]), "{:?}", watched.told[1]);
    // An exit that waited for its dwell is on time, although no fix came since.
    let mut dwells = self::watched(&json!({"dwell_s": 1_800}));
    stand(&mut dwells, 400.0, HOUR, HOUR + 300);
    dwells.until(time(f64::from(HOUR + 2_000)));
    assert_eq!(dwells.rules(), ["fence/exit"]);
    assert!(!is_late(&dwells.told[0]), "{:?}", dwells.told[0]);
    dwells.take(&fix(400.0, 0.0, 10.0, Gps, f64::from(HOUR + 2_100)));
    assert_eq!(dwells.told.len(), 1);
}

/// Armed by night only. Seen at home at ten in the morning, indoors found by cells alone from three until shortly before half past seven
/// in the evening, and then seen to be out.
#[test]
fn who_was_found_by_cells_about_home_after_the_hour_has_not_missed_it() {
    let all = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    let hours = json!([{"days": all, "from": "22:00", "to": "06:00"}]);
    for (cells_m, cells_to, told) in [
        (0.0, 19 * HOUR + 1_800, vec![]),
        (100.0, 19 * HOUR + 1_800, vec![]),
        // The last of them is from before the hour, and those that speak against home say nothing for it.
        (0.0, 17 * HOUR + 1_800, vec!["fence/home_by"]),
        (4_000.0, 19 * HOUR + 1_800, vec!["fence/home_by"]),
    ] {
        let mut watched = self::watched(&json!({"schedule": hours, "home_by": ["18:00"]}));
        stand(&mut watched, 0.0, 10 * HOUR, 10 * HOUR + 600);
        for second in (15 * HOUR..cells_to).step_by(300) {
            let second = f64::from(second);
            watched.until(time(second));
            watched.take(&fix(cells_m, 0.0, 800.0, Cell, second));
        }
        stand(&mut watched, 400.0, 19 * HOUR + 1_800, 20 * HOUR);
        let missed: Vec<_> = watched.rules().into_iter().filter(|rule| *rule == "fence/home_by").collect();
        assert_eq!(missed, told, "cells {cells_m} m off until {cells_to}");
    }
}
