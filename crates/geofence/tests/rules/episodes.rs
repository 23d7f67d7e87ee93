use crate::common::{Watched, at_home, fix, place, resident, time};
use geofence::{Event, Kind, Standing, State, standing};
use model::Method::{self, Cell, Gps};
use serde_json::json;

/// Stands so many metres east of home from one second to another, a fix every two minutes.
pub(crate) fn stand(watched: &mut Watched, east_m: f64, from: u32, to: u32) {
    for second in (from..to).step_by(120) {
        let second = f64::from(second);
        watched.until(time(second));
        watched.take(&fix(east_m, 0.0, 10.0, Gps, second));
    }
}

/// At home since midnight; the hours of the fence as given.
pub(crate) fn watched(extra: &serde_json::Value) -> Watched {
    let home = place(0.0, 0.0);
    let mut fence = json!({"id": "home", "kind": "safe",
        "shape": {"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": 200}});
    for (key, value) in extra.as_object().unwrap() {
        fence[key] = value.clone();
    }
    let mut watched = Watched::new(resident(&json!({"id": "r1", "name": "王秀英", "fences": [fence]})));
    stand(&mut watched, 0.0, 0, 3_600);
    watched
}

#[test]
fn one_alarm_then_repeats_steps_and_the_return() {
    let mut watched = watched(&json!({}));
    stand(&mut watched, 400.0, 3_600, 7_800);
    assert_eq!(watched.rules(), ["fence/exit", "fence/still_outside", "fence/still_outside"]);
    let (first, second) = (&watched.told[0], &watched.told[1]);
    assert_eq!((first.kind, first.since, first.at), (Kind::FenceExit, time(3_600.0), time(3_720.0)));
    assert_eq!((second.evidence.again, second.at), (Some(1), time(3_720.0 + 1_800.0)));
    assert_ne!(first.id, second.id);
    stand(&mut watched, 1_400.0, 7_800, 8_400);
    stand(&mut watched, 0.0, 8_400, 9_000);
    stand(&mut watched, 400.0, 9_000, 9_600);
    assert_eq!(watched.rules()[3..], ["fence/distance", "fence/return", "fence/exit"]);
    assert_eq!(watched.told[3].evidence.step_m, Some(1_000.0));
    assert!(!watched.told[4].raised);
}

#[test]
fn every_signal_tells_why() {
    let mut watched = watched(&json!({}));
    stand(&mut watched, 400.0, 3_600, 3_900);
    let evidence = &watched.told[0].evidence;
    assert_eq!(evidence.fixes.len(), 6);
    let inside: Vec<_> = evidence.fixes.iter().filter_map(|fix| fix.inside).collect();
    assert!(inside[0] > 0.99 && inside[5] < 0.01, "{inside:?}");
    assert!((evidence.fixes[5].distance_m.unwrap() - 200.0).abs() < 1.0);
    assert!(!evidence.version.is_empty());
    assert!(evidence.why.starts_with("王秀英自01:00起离开「home」"), "{}", evidence.why);
    assert!(evidence.why.contains("界外200米"), "{}", evidence.why);
}

#[test]
fn a_snooze_has_an_end() {
    let mut watched = watched(&json!({}));
    stand(&mut watched, 400.0, 3_600, 4_200);
    watched.event(Event::Snooze { fence: "home", until: time(10_000.0) }, time(4_200.0));
    stand(&mut watched, 400.0, 4_320, 10_800);
    assert_eq!(watched.rules(), ["fence/exit", "fence/still_outside"]);
    assert_eq!(watched.told[1].at, time(10_000.0));
}

#[test]
fn whoever_is_out_when_the_hours_begin_is_overdue() {
    let all = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    let mut watched = watched(&json!({"schedule": [{"days": all, "from": "22:00", "to": "06:00"}]}));
    stand(&mut watched, 400.0, 10 * 3_600, 11 * 3_600);
    assert_eq!(watched.told, vec![]);
    watched.until(time(22.0 * 3_600.0 + 10.0));
    assert_eq!(watched.rules(), ["fence/hours_began"]);
    assert_eq!((watched.told[0].kind, watched.told[0].at), (Kind::Overdue, time(22.0 * 3_600.0)));
    assert_eq!(watched.told[0].since, time(10.0 * 3_600.0));
    // By day nobody is told again, and the return is still said.
    watched.until(time(35.0 * 3_600.0));
    let nightly = watched.told.len();
    assert!(watched.told.iter().all(|signal| signal.at <= time(30.0 * 3_600.0)));
    stand(&mut watched, 0.0, 36 * 3_600, 36 * 3_600 + 600);
    assert_eq!(watched.rules()[nightly..], ["fence/return"]);
}

#[test]
fn not_home_by_the_hour() {
    let mut watched = watched(&json!({"home_by": ["18:00"]}));
    stand(&mut watched, 400.0, 17 * 3_600, 19 * 3_600);
    let overdue: Vec<_> = watched.told.iter().filter(|signal| signal.kind == Kind::Overdue).collect();
    assert_eq!(overdue.len(), 1);
    assert_eq!(overdue[0].at, time(18.0 * 3_600.0));
}

/// Armed by night only: by day they may be out, and by six they should be back.
fn by_night(armed: bool, home_by: &str) -> Watched {
    let all = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    let hours = json!([{"days": all, "from": "22:00", "to": "06:00"}]);
    watched(&json!({"armed": armed, "schedule": hours, "home_by": [home_by]}))
}

#[test]
fn the_hour_to_be_home_holds_while_the_fence_is_not_armed() {
    let mut watched = by_night(true, "18:00");
    stand(&mut watched, 0.0, 6 * 3_600, 10 * 3_600);
    stand(&mut watched, 400.0, 17 * 3_600, 18 * 3_600 + 2_700);
    assert_eq!(watched.rules(), ["fence/home_by", "fence/still_outside"]);
    let (first, second) = (&watched.told[0], &watched.told[1]);
    assert_eq!((first.kind, first.at), (Kind::Overdue, time(18.0 * 3_600.0)));
    assert_eq!((second.evidence.again, second.at), (Some(1), time(18.5 * 3_600.0)));
    stand(&mut watched, 0.0, 18 * 3_600 + 2_700, 19 * 3_600);
    assert_eq!(watched.rules()[2..], ["fence/return"]);
    // One that is switched off says nothing.
    let mut watched = by_night(false, "18:00");
    stand(&mut watched, 400.0, 17 * 3_600, 19 * 3_600);
    assert_eq!(watched.told, vec![]);
}

#[test]
fn who_is_seen_to_be_out_only_after_the_hour_has_missed_it_and_who_leaves_then_has_not() {
    let mut late = by_night(true, "18:00");
    stand(&mut late, 0.0, 17 * 3_600, 18 * 3_600 - 60);
    stand(&mut late, 400.0, 18 * 3_600 - 60, 18 * 3_600 + 600);
    assert_eq!(late.rules(), ["fence/home_by"]);
    assert_eq!(late.told[0].since, time(18.0 * 3_600.0 - 60.0));
    let mut leaves = by_night(true, "18:00");
    stand(&mut leaves, 0.0, 17 * 3_600, 18 * 3_600 + 300);
    stand(&mut leaves, 400.0, 18 * 3_600 + 300, 20 * 3_600);
    assert_eq!(leaves.told, vec![]);
}

/// Seldom heard: last at home, and out, at these hours; the hour to be home is six in the evening.
#[test]
fn who_was_last_seen_at_home_before_the_hour_and_out_after_it_has_missed_it() {
    for (home, out, expected) in [
        (Some(15), 19, vec!["fence/home_by"]),
        (Some(15), 27, vec!["fence/home_by"]),
        // Never seen at home, or not since the fence was drawn.
        (None, 19, vec!["fence/home_by"]),
        // Who was not heard all night may have been at home, and may be out in the morning.
        (Some(15), 33, vec![]),
        (None, 33, vec![]),
        (None, 17, vec![]),
    ] {
        let mut watched = by_night(true, "18:00");
        match home {
            Some(hour) => stand(&mut watched, 0.0, hour * 3_600, hour * 3_600 + 600),
            None => watched.state = State::default(),
        }
        stand(&mut watched, 400.0, out * 3_600, out * 3_600 + 600);
        assert_eq!(watched.rules(), expected, "{home:?}, {out}");
        for told in watched.told.iter().filter(|signal| signal.evidence.rule == "fence/home_by") {
            assert_eq!(told.at, time(f64::from(out) * 3_600.0 + 120.0));
            let why = &told.evidence.why;
            let words = format!("到18:00仍未见回到「home」，自{:02}:00起在外", out % 24);
            assert!(why.contains(&words), "{why}");
        }
    }
}

#[test]
fn the_hour_to_be_home_may_lie_after_midnight() {
    let all = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    let hours = json!([{"days": all, "from": "08:00", "to": "18:00"}]);
    let mut watched = watched(&json!({"schedule": hours, "home_by": ["00:30"]}));
    stand(&mut watched, 0.0, 20 * 3_600, 22 * 3_600);
    stand(&mut watched, 400.0, 22 * 3_600, 25 * 3_600);
    assert_eq!(watched.rules(), ["fence/home_by"]);
    assert_eq!(watched.told[0].at, time(24.5 * 3_600.0));
}

#[test]
fn a_batch_tells_once_and_by_its_newest() {
    let mut watched = watched(&json!({}));
    let away = |number: u32| fix(400.0, 0.0, 10.0, Gps, 3_600.0 + f64::from(number) * 60.0);
    let mut fixes: Vec<_> = (0..500).map(away).collect();
    fixes.reverse();
    watched.batch(&fixes, time(40_000.0));
    assert_eq!(watched.told, vec![], "more may follow");
    watched.until(time(40_030.0));
    assert_eq!(watched.rules(), ["fence/exit"]);
    assert_eq!((watched.told[0].since, watched.told[0].at), (time(3_600.0), time(40_030.0)));
    assert_eq!(watched.told[0].evidence.late_by_s, 40_030 - (3_600 + 499 * 60));
    // Out and back within one batch is history.
    let mut watched = self::watched(&json!({}));
    let mut fixes: Vec<_> = (0..10).map(away).collect();
    fixes.extend((10..20).map(|number| fix(0.0, 0.0, 10.0, Gps, 3_600.0 + f64::from(number) * 60.0)));
    watched.batch(&fixes, time(40_000.0));
    watched.until(time(40_100.0));
    assert_eq!(watched.told, vec![]);
}

/// What the handset kept while it was out of reach: so many metres east of home, a fix every two minutes.
pub(crate) fn kept(east_m: f64, from: u32, to: u32) -> Vec<(f64, f64)> {
    (from..to).step_by(120).map(|second| (east_m, f64::from(second))).collect()
}

/// Sends that as queues do: one fix a message, the oldest first, ten of them a second. Says when the last has arrived.
pub(crate) fn send(watched: &mut Watched, queue: &[(f64, f64)], from: f64) -> f64 {
    let mut now = from;
    for (east_m, second) in queue {
        now += 0.1;
        watched.until(time(now));
        watched.batch(&[fix(*east_m, 0.0, 10.0, Gps, *second)], time(now));
    }
    now
}

#[test]
fn out_and_back_hours_ago_is_history() {
    for back_until in [7_200, 17_900] {
        let mut watched = watched(&json!({}));
        let queue = [kept(400.0, 3_600, 5_400), kept(0.0, 5_400, back_until)].concat();
        let arrived = send(&mut watched, &queue, 18_000.0);
        watched.until(time(arrived + 600.0));
        stand(&mut watched, 0.0, 18_700, 19_300);
        assert_eq!(watched.told, vec![], "back until {back_until} s");
    }
}

#[test]
fn out_for_hours_and_still_out_is_told_once() {
    for out_until in [7_200, 17_900] {
        let mut watched = watched(&json!({}));
        let arrived = send(&mut watched, &kept(400.0, 3_600, out_until), 18_000.0);
        assert_eq!(watched.told, vec![], "more may follow");
        watched.until(time(arrived + 31.0));
        assert_eq!(watched.rules(), ["fence/exit"], "out until {out_until} s");
        assert_eq!(watched.told[0].since, time(3_600.0));
        stand(&mut watched, 400.0, 18_120, 19_000);
        assert_eq!(watched.rules(), ["fence/exit"]);
    }
}

#[test]
fn a_queue_that_reaches_the_present_is_judged_by_it_at_once() {
    let mut watched = watched(&json!({}));
    let arrived = send(&mut watched, &kept(400.0, 3_600, 17_900), 18_000.0);
    watched.take(&fix(400.0, 0.0, 10.0, Gps, arrived + 1.0));
    assert_eq!(watched.rules(), ["fence/exit"]);
    // What was told before it was out of reach ends with what it brings.
    send(&mut watched, &kept(0.0, 18_120, 18_600), 19_500.0);
    assert_eq!(watched.rules(), ["fence/exit", "fence/return"]);
}

/// An hour in a minute, as `firmware-sim story --speed 60` tells it.
#[test]
fn a_life_that_is_told_fast_is_judged_as_it_is_told() {
    let mut watched = watched(&json!({}));
    for number in 0..60_u32 {
        let east_m = if (10..30).contains(&number) { 400.0 } else { 0.0 };
        let (second, now) = (3_600.0 + f64::from(number) * 120.0, 10_680.0 + f64::from(number) * 2.0);
        watched.until(time(now));
        watched.batch(&[fix(east_m, 0.0, 10.0, Gps, second)], time(now));
    }
    assert_eq!(watched.rules(), ["fence/exit", "fence/return"]);
    assert!(watched.told[0].at <= time(10_680.0 + 12.0 * 2.0), "{}", watched.told[0].at);
}

#[test]
fn a_handset_whose_clock_is_behind_is_judged_as_it_speaks() {
    let mut watched = watched(&json!({}));
    for number in 0..40_u32 {
        let (second, east_m) = (3_620.0 + f64::from(number) * 20.0, if number < 20 { 0.0 } else { 400.0 });
        watched.until(time(second + 3_600.0));
        watched.batch(&[fix(east_m, 0.0, 10.0, Gps, second)], time(second + 3_600.0));
    }
    assert_eq!(watched.rules(), ["fence/exit"]);
    assert!(watched.told[0].at <= time(3_620.0 + 22.0 * 20.0 + 3_600.0), "{}", watched.told[0].at);
}

#[test]
fn ten_thousand_in_one_batch_and_dates_of_all_kinds() {
    let mut watched = watched(&json!({}));
    let fixes: Vec<_> =
        (0..10_000_u32).map(|number| fix(400.0, 0.0, 10.0, Gps, 4_000.0 + f64::from(number))).collect();
    watched.batch(&fixes, time(20_000.0));
    watched.until(time(20_030.0));
    assert_eq!(watched.count("fence/exit"), 1);
    // From 1970 it is late; from 2099 it holds now and blocks nothing.
    for (date, now) in [("1970-01-01T00:00:00Z", 20_100.0), ("2099-01-01T00:00:00Z", 20_200.0)] {
        let mut strange = fix(0.0, 0.0, 10.0, Gps, 0.0);
        strange.fix_time = date.parse().unwrap();
        watched.batch(&[strange], time(now));
    }
    stand(&mut watched, 0.0, 20_300, 20_700);
    assert_eq!(watched.count("fence/return"), 1);
}

#[test]
fn cells_inform_and_never_decide() {
    for (east_m, method, accuracy_m) in [(5_000.0, Cell, 300.0), (5_000.0, Cell, 1.0), (300.0, Gps, 50_000.0)]
    {
        let mut watched = watched(&json!({}));
        for number in 0..200_u32 {
            watched.take(&fix(east_m, 0.0, accuracy_m, method, 3_600.0 + f64::from(number) * 60.0));
        }
        assert_eq!(watched.told, vec![], "{method:?}");
        let (standing, armed) =
            standing(&watched.world, &watched.resident, &watched.state, 0, time(15_600.0)).unwrap();
        assert!(matches!(standing, Standing::Unknown { age_s: Some(_) }) && armed, "{standing:?}");
    }
}

#[test]
fn a_jump_nobody_can_make_waits_for_a_second_fix() {
    let mut watched = watched(&json!({}));
    watched.take(&fix(90_000.0, 0.0, 10.0, Gps, 3_610.0));
    stand(&mut watched, 0.0, 3_720, 4_200);
    assert_eq!(watched.told, vec![]);
    for number in 0..3_u32 {
        watched.take(&fix(90_000.0, 0.0, 10.0, Gps, 4_300.0 + f64::from(number) * 60.0));
    }
    assert_eq!(watched.rules(), ["fence/exit"]);
}

#[test]
fn forbidden_ground_entered_passed_and_left() {
    let pond = place(1_000.0, 0.0);
    let one = json!({"id": "r1", "fences": [{"id": "pond", "kind": "forbidden",
        "shape": {"type": "Circle", "center": [pond.lon(), pond.lat()], "radius_m": 60}}]});
    let mut watched = Watched::new(resident(&one));
    stand(&mut watched, 800.0, 0, 600);
    stand(&mut watched, 1_000.0, 600, 900);
    stand(&mut watched, 1_300.0, 900, 1_500);
    stand(&mut watched, 700.0, 1_500, 1_740);
    assert_eq!(watched.rules(), ["fence/entry", "fence/return", "fence/cross"]);
    // What was passed hours ago is behind them.
    let told = watched.told.len();
    send(&mut watched, &[kept(700.0, 1_740, 2_400), kept(1_300.0, 2_400, 3_200)].concat(), 18_000.0);
    watched.until(time(18_100.0));
    assert_eq!(watched.told.len(), told);
}

#[test]
fn an_exception_by_date_takes_out_the_hour_to_be_home_too() {
    // In hospital on that day.
    let off = |date: &str| json!([{"date": date, "from": "00:00", "to": "24:00", "armed": false}]);
    let mut away = watched(&json!({"home_by": ["09:00"], "schedule": off("2026-11-23")}));
    stand(&mut away, 400.0, 3_600, 23 * 3_600);
    assert_eq!(away.told, vec![]);
    stand(&mut away, 400.0, 23 * 3_600, 34 * 3_600);
    assert_eq!((away.rules()[0], away.count("fence/home_by")), ("fence/hours_began", 1));
    // One that was missed the evening before is not repeated on it either.
    let mut missed = watched(&json!({"home_by": ["23:00"], "schedule": off("2026-11-24")}));
    stand(&mut missed, 0.0, 3_600, 22 * 3_600);
    stand(&mut missed, 400.0, 22 * 3_600, 24 * 3_600);
    assert_eq!(missed.count("fence/home_by"), 1);
    let told = missed.told.len();
    stand(&mut missed, 400.0, 24 * 3_600, 48 * 3_600 - 120);
    assert_eq!(missed.rules()[told..], [""; 0]);
    stand(&mut missed, 400.0, 48 * 3_600, 49 * 3_600);
    assert_eq!(missed.rules()[told], "fence/still_outside");
}

#[test]
fn an_overdue_names_its_hour() {
    let all = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    let nightly = json!({"schedule": [{"days": all, "from": "22:00", "to": "06:00"}]});
    for (extra, words, minute) in [
        (json!({"home_by": ["18:00"]}), "到18:00仍未回到「home」", 1_080.0),
        (nightly, "到22:00仍未", 1_320.0),
    ] {
        let mut watched = watched(&extra);
        stand(&mut watched, 400.0, 17 * 3_600, 23 * 3_600);
        let overdue = watched.told.iter().find(|signal| signal.kind == Kind::Overdue).unwrap();
        assert!(overdue.evidence.why.contains(words), "{}", overdue.evidence.why);
        let named = overdue.evidence.findings.iter().find(|one| one.name == "hour_min").unwrap();
        assert!((named.value - minute).abs() < 1e-9, "{named:?}");
    }
}

#[test]
fn of_who_was_never_seen_inside_it_is_not_said_that_they_left() {
    let mut outside = Watched::new(at_home(200.0, 0.0));
    stand(&mut outside, 400.0, 0, 600);
    assert_eq!(outside.rules(), ["fence/exit"]);
    let evidence = &outside.told[0].evidence;
    assert!(
        evidence.why.contains("之外，此前没有见其在内") && !evidence.why.contains("离开"),
        "{}",
        evidence.why
    );
    assert!(evidence.findings.iter().any(|one| one.name == "seen_before"), "{evidence:?}");
    // Whoever was seen inside has left.
    stand(&mut outside, 0.0, 720, 1_320);
    stand(&mut outside, 400.0, 1_320, 1_920);
    let last = &outside.told.last().unwrap().evidence;
    assert!(last.why.contains("离开") && last.findings.is_empty(), "{last:?}");
}

#[test]
fn accuracies_that_cannot_be_are_replaced() {
    for accuracy_m in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        for method in [Gps, Method::Wifi, Method::Aflt, Cell] {
            let mut watched = Watched::new(at_home(200.0, 0.0));
            for number in 0..50_u32 {
                watched.take(&fix(5.0, 5.0, accuracy_m, method, f64::from(number) * 60.0));
            }
            assert_eq!(watched.told, vec![]);
        }
    }
}
