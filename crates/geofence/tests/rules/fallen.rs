//! Who lies where they fell, and who has got up: also of those who fell on their way.

use crate::common::{Watched, fix, resident, time};
use geofence::Event;
use model::Method::Gps;
use serde_json::json;

/// Walks east from home for ten minutes, so many metres each minute, and falls half a minute after the last fix.
fn falls_on_the_way(pace_m: f64) -> Watched {
    let mut watched =
        Watched::new(resident(&json!({"id": "r1", "handset": {"id": "h1", "heartbeat_s": 300}})));
    for minute in 0..=10_u32 {
        see(&mut watched, pace_m * f64::from(minute), f64::from(minute) * 60.0);
    }
    watched
}

fn see(watched: &mut Watched, east_m: f64, second: f64) {
    watched.until(time(second));
    watched.take(&fix(east_m, 0.0, 10.0, Gps, second));
}

fn reports(watched: &mut Watched, fell_at: f64, second: f64) {
    watched.until(time(second));
    watched.event(Event::Fall { at: time(fell_at) }, time(second));
}

#[test]
fn who_falls_on_the_way_and_lies_is_told_of() {
    // A hurried walk, one through a shop, and one too short for the place where they rest to be another.
    for pace_m in [80.0, 60.0, 30.0, 2.0] {
        let mut watched = falls_on_the_way(pace_m);
        reports(&mut watched, 630.0, 635.0);
        for minute in 0..15_u32 {
            see(&mut watched, pace_m * 10.5, 660.0 + f64::from(minute) * 60.0);
        }
        assert_eq!(watched.rules(), ["body/still_after_fall"], "{pace_m} m a minute");
        assert_eq!((watched.told[0].since, watched.told[0].at), (time(630.0), time(935.0)));
    }
}

#[test]
fn who_walks_on_after_a_fall_does_not_lie() {
    for pace_m in [80.0, 60.0, 40.0] {
        let mut watched = falls_on_the_way(pace_m);
        reports(&mut watched, 630.0, 635.0);
        for minute in 11..26_u32 {
            see(&mut watched, pace_m * f64::from(minute), f64::from(minute) * 60.0);
        }
        assert_eq!(watched.rules(), Vec::<&str>::new(), "{pace_m} m a minute");
    }
}

#[test]
fn one_fix_that_strays_is_no_getting_up() {
    let mut watched = falls_on_the_way(60.0);
    reports(&mut watched, 630.0, 635.0);
    for minute in 0..15_u32 {
        let strays_m = if minute == 2 { 90.0 } else { 0.0 };
        see(&mut watched, 630.0 + strays_m, 660.0 + f64::from(minute) * 60.0);
    }
    assert_eq!(watched.rules(), ["body/still_after_fall"]);
}

/// The report was on its way for two minutes; what was seen meanwhile shows them where they lie.
#[test]
fn who_lies_when_the_report_comes_late_is_told_of() {
    let mut watched = falls_on_the_way(60.0);
    for minute in 0..15_u32 {
        let second = 660.0 + f64::from(minute) * 60.0;
        if minute == 2 {
            reports(&mut watched, 630.0, second - 10.0);
        }
        see(&mut watched, 630.0, second);
    }
    assert_eq!(watched.rules(), ["body/still_after_fall"]);
}

#[test]
fn who_reports_again_and_again_from_the_floor_is_looked_at_no_later() {
    let mut watched = falls_on_the_way(60.0);
    for minute in 0..14_u32 {
        let second = 630.0 + f64::from(minute) * 60.0;
        if minute % 4 == 0 {
            reports(&mut watched, second, second + 5.0);
        }
        see(&mut watched, 630.0, second + 30.0);
    }
    let told = watched.told.iter().find(|told| told.evidence.rule == "body/still_after_fall").unwrap();
    assert_eq!((told.since, told.at), (time(630.0), time(935.0)));
}

#[test]
fn who_got_up_and_falls_again_is_looked_at_after_the_second_fall() {
    let mut watched = falls_on_the_way(60.0);
    reports(&mut watched, 630.0, 635.0);
    for minute in 11..14_u32 {
        see(&mut watched, 60.0 * f64::from(minute), f64::from(minute) * 60.0);
    }
    reports(&mut watched, 790.0, 795.0);
    for minute in 0..15_u32 {
        see(&mut watched, 790.0, 840.0 + f64::from(minute) * 60.0);
    }
    assert_eq!(watched.rules(), ["body/still_after_fall"]);
    assert_eq!((watched.told[0].since, watched.told[0].at), (time(790.0), time(1_095.0)));
}
