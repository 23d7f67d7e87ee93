use crate::common::{Watched, fix, resident, time};
use geofence::silence::{Link, Told};
use geofence::{Event, Kind};
use model::{Fix, Method::Gps, Severity};
use serde_json::json;

pub(super) fn watched() -> Watched {
    Watched::new(resident(&json!({"id": "r1", "policy": {"lives_alone": true},
        "handset": {"id": "h1", "heartbeat_s": 300}})))
}

fn status(watched: &mut Watched, told: Told, second: f64) {
    watched.until(time(second));
    watched.event(Event::Status(told), time(second));
}

#[test]
fn silence_is_told_once_after_three_heartbeats() {
    let mut watched = watched();
    watched.event(Event::Heard, time(0.0));
    watched.until(time(50_000.0));
    assert_eq!(watched.rules(), ["silence/offline"]);
    assert_eq!((watched.told[0].at, watched.told[0].since), (time(900.0), time(0.0)));
    assert_eq!(watched.told[0].severity, Severity::Technical);
    watched.event(Event::Heard, time(50_000.0));
    watched.until(time(60_000.0));
    assert_eq!(watched.rules().len(), 2);
}

#[test]
fn silence_after_a_press_is_no_technical_matter() {
    let mut watched = watched();
    watched.event(Event::Press, time(0.0));
    watched.until(time(1_000.0));
    assert_eq!(watched.rules(), ["silence/after_press"]);
    assert_eq!(watched.told[0].severity, Severity::Urgent);
}

#[test]
fn a_last_will_is_no_sign_of_life() {
    let mut watched = watched();
    watched.event(Event::Heard, time(0.0));
    status(&mut watched, Told { online: Some(false), ..Told::default() }, 600.0);
    watched.until(time(950.0));
    assert_eq!(watched.rules(), ["silence/offline"]);
}

#[test]
fn the_battery_is_told_at_two_levels_and_says_when_it_is_empty() {
    let mut watched = watched();
    for step in 0..100_u32 {
        let battery_pct = Some(100.0 - f64::from(step));
        status(&mut watched, Told { battery_pct, ..Told::default() }, f64::from(step) * 200.0);
    }
    assert_eq!(watched.rules(), ["battery/low", "battery/very_low"]);
    assert!(watched.told[0].evidence.why.contains("耗尽"), "{}", watched.told[0].evidence.why);
    status(&mut watched, Told { battery_pct: Some(90.0), charging: Some(true), ..Told::default() }, 20_000.0);
    status(
        &mut watched,
        Told { battery_pct: Some(15.0), charging: Some(false), ..Told::default() },
        20_100.0,
    );
    assert_eq!(watched.count("battery/low"), 2);
}

/// A telephone says nothing of itself but where it is and how full its battery is.
#[test]
fn the_battery_that_comes_with_fixes_is_told() {
    let carrying = |pct: f64, second: f64| Fix { battery_pct: Some(pct), ..fix(0.0, 0.0, 10.0, Gps, second) };
    let mut watched = watched();
    for (second, pct, told) in [
        (0.0, 40.0, 0),
        (100.0, 19.0, 1),
        (200.0, 19.0, 1),
        (300.0, 9.0, 2),
        (400.0, f64::NAN, 2),
        (500.0, 90.0, 2),
        (600.0, 15.0, 3),
    ] {
        watched.take(&carrying(pct, second));
        assert_eq!(watched.rules().len(), told, "{pct} % at {second}");
    }
    assert_eq!(watched.rules(), ["battery/low", "battery/very_low", "battery/low"]);
    // A batch tells by its newest fix, and history tells nothing.
    watched.batch(&[carrying(80.0, 900.0), carrying(5.0, 700.0)], time(900.0));
    watched.batch(&[carrying(5.0, 800.0)], time(1_000.0));
    assert_eq!(watched.rules().len(), 3);
    // On the charger a low battery is no news; taken off, it is.
    status(&mut watched, Told { charging: Some(true), ..Told::default() }, 1_100.0);
    watched.take(&carrying(12.0, 1_150.0));
    assert_eq!(watched.rules().len(), 3);
    status(&mut watched, Told { charging: Some(false), ..Told::default() }, 1_200.0);
    assert_eq!(watched.count("battery/low"), 3);
}

#[test]
fn a_forgotten_charger_is_told_in_the_evening() {
    let mut watched = watched();
    for step in 0..160_u32 {
        let battery_pct = Some(100.0 - f64::from(step) * 0.35);
        let second = 8.0 * 3_600.0 + f64::from(step) * 300.0;
        status(&mut watched, Told { battery_pct, ..Told::default() }, second);
    }
    watched.until(time(21.6 * 3_600.0));
    assert_eq!(watched.count("battery/charger_forgotten"), 0, "it lasts until morning");
    let mut watched = self::watched();
    for step in 0..160_u32 {
        let battery_pct = Some(100.0 - f64::from(step) * 0.48);
        let second = 8.0 * 3_600.0 + f64::from(step) * 300.0;
        status(&mut watched, Told { battery_pct, ..Told::default() }, second);
    }
    watched.event(Event::Heard, time(21.4 * 3_600.0));
    watched.until(time(21.55 * 3_600.0));
    assert_eq!(watched.rules(), ["battery/charger_forgotten"]);
    let evidence = &watched.told[0].evidence;
    for words in ["晚上没有充电", "耗尽，用不到早上07:00", "约明天0", "请放上充电器"] {
        assert!(evidence.why.contains(words), "{words}: {}", evidence.why);
    }
    let lasts = evidence.findings.iter().find(|one| one.name == "empty_in_s").unwrap();
    assert!(lasts.value < lasts.limit.unwrap(), "{lasts:?}");
}

#[test]
fn taken_off_is_told_after_a_while_and_not_on_the_charger() {
    let off = Told { worn: Some(false), ..Told::default() };
    let mut watched = watched();
    status(&mut watched, off, 0.0);
    watched.event(Event::Heard, time(800.0));
    watched.until(time(1_000.0));
    assert_eq!(watched.rules(), ["body/taken_off"]);
    let mut watched = self::watched();
    status(&mut watched, Told { charging: Some(true), ..off }, 0.0);
    watched.event(Event::Heard, time(800.0));
    watched.until(time(1_000.0));
    assert_eq!(watched.told, vec![]);
}

#[test]
fn a_day_without_movement_is_measured_by_the_days_before() {
    let mut watched = watched();
    let day = |watched: &mut Watched, day: u32, moves_until: u32| {
        for minute in (0..24 * 60_u32).step_by(4) {
            let second = f64::from(day) * 86_400.0 + f64::from(minute) * 60.0;
            let moves = (7 * 60..moves_until).contains(&minute) && (minute / 60) % 2 == 0;
            let east_m = if moves { f64::from(minute % 60) * 20.0 } else { 0.0 };
            watched.until(time(second));
            watched.take(&fix(east_m, 0.0, 10.0, Gps, second));
        }
    };
    for number in 0..9 {
        day(&mut watched, number, 21 * 60);
    }
    let before = watched.told.iter().filter(|signal| signal.kind == Kind::Inactivity).count();
    assert_eq!(before, 0);
    day(&mut watched, 9, 9 * 60);
    assert_eq!(watched.count("body/no_movement"), 1);
}

pub(super) const HOUR: u32 = 60;

/// A day in fixes of every four minutes: on the way in the hours that are named, else at home. What `sees` leaves out is not sent.
pub(super) fn live(watched: &mut Watched, day: u32, out: &[u32], sees: impl Fn(u32) -> bool) {
    for minute in (0..24 * HOUR).step_by(4).filter(|minute| sees(*minute)) {
        let second = f64::from(day * 24 * HOUR + minute) * 60.0;
        let east_m = if out.contains(&(minute / HOUR)) { f64::from(minute % HOUR) * 20.0 } else { 0.0 };
        watched.until(time(second));
        watched.take(&fix(east_m, 0.0, 10.0, Gps, second));
    }
}

/// Nine days of somebody who is out for an hour each second hour.
fn lively() -> (Watched, Vec<u32>) {
    let (mut watched, out) = (watched(), (7..21).step_by(2).collect::<Vec<_>>());
    (0..9).for_each(|day| live(&mut watched, day, &out, |_| true));
    assert_eq!(still(&watched), vec![]);
    (watched, out)
}

/// On which day and at which hour it was told that nothing moves, and how often before.
pub(super) fn still(watched: &Watched) -> Vec<(u32, u32, Option<u16>)> {
    let at = |told: &geofence::Signal| {
        let second = told.at.as_second() - time(0.0).as_second();
        let hour = u32::try_from(second / 3_600).unwrap();
        (hour / 24, hour % 24, told.evidence.again)
    };
    watched.told.iter().filter(|told| told.evidence.rule == "body/no_movement").map(at).collect()
}

#[test]
fn days_without_a_word_are_no_rests_that_were_seen() {
    let (mut watched, _) = lively();
    // Nobody expects this handset to be heard: it has no heartbeat.
    watched.until(time(12.0 * 86_400.0));
    live(&mut watched, 12, &[], |_| true);
    assert_eq!(still(&watched).first().map(|told| told.0), Some(12), "{:?}", still(&watched));
}

#[test]
fn a_rest_that_nobody_saw_is_told_of_nobody() {
    let on_charger =
        |charging: bool, worn: bool| Told { charging: Some(charging), worn: Some(worn), ..Told::default() };
    // On the charger from half past eight on, and worn again before two.
    let (mut charged, _) = lively();
    let begin = 9 * 24 * HOUR;
    let at = |minute: u32| f64::from(begin + minute) * 60.0;
    live(&mut charged, 9, &[7], |minute| minute <= 8 * HOUR + 30);
    status(&mut charged, on_charger(true, false), at(8 * HOUR + 31));
    for hour in 9..14 {
        charged.event(Event::Heard, time(at(hour * HOUR)));
        charged.take(&fix(0.0, 0.0, 10.0, Gps, at(hour * HOUR + 1)));
    }
    status(&mut charged, on_charger(false, true), at(13 * HOUR + 40));
    live(&mut charged, 9, &[], |minute| (13 * HOUR + 41..17 * HOUR).contains(&minute));
    assert_eq!(still(&charged), []);
    live(&mut charged, 9, &[], |minute| minute > 17 * HOUR);
    assert_eq!(still(&charged), [(9, 17, Some(0))], "four hours after it was put on");
    // Heard and not seen: told once a fix shows it, and not if that shows them elsewhere.
    for (out, told) in [(&[7][..], vec![(9, 15, Some(0))]), (&[7, 15, 16, 17, 18, 19, 20], vec![])] {
        let (mut unseen, _) = lively();
        live(&mut unseen, 9, out, |minute| minute < 9 * HOUR);
        for minute in (9 * HOUR..15 * HOUR).step_by(4) {
            unseen.until(time(at(minute)));
            unseen.event(Event::Heard, time(at(minute)));
        }
        assert_eq!(still(&unseen), []);
        live(&mut unseen, 9, out, |minute| minute >= 15 * HOUR + 8);
        assert_eq!(still(&unseen), told);
    }
    // Out of reach: it begins anew when the handset is heard.
    let (mut away, _) = lively();
    live(&mut away, 9, &[7], |minute| !(9 * HOUR..15 * HOUR).contains(&minute));
    assert_eq!(still(&away), [(9, 19, Some(0))]);
}

#[test]
fn who_does_not_move_is_told_of_each_day_until_they_do() {
    let (mut watched, out) = lively();
    (9..13).for_each(|day| live(&mut watched, day, &[], |_| true));
    assert_eq!(still(&watched), [(9, 11, Some(0)), (10, 11, Some(1)), (11, 11, Some(2)), (12, 11, Some(3))]);
    live(&mut watched, 13, &out, |_| true);
    // It was no emergency, so it is usual now; what was said before is not said again.
    (14..17).for_each(|day| live(&mut watched, day, &[8], |_| true));
    assert_eq!(still(&watched).len(), 4);
}

#[test]
fn taken_off_counts_from_the_charger_on() {
    let told =
        |charging: bool, worn: bool| Told { charging: Some(charging), worn: Some(worn), ..Told::default() };
    let mut watched = watched();
    status(&mut watched, told(true, false), 0.0);
    for second in (300..32_400).step_by(300) {
        status(&mut watched, Told::default(), f64::from(second));
    }
    status(&mut watched, told(false, false), 32_400.0);
    status(&mut watched, told(false, true), 32_700.0);
    assert_eq!(watched.told, vec![], "it takes a while to put it on");
    status(&mut watched, told(true, false), 60_000.0);
    watched.told.clear();
    status(&mut watched, told(false, false), 60_060.0);
    watched.event(Event::Heard, time(60_660.0));
    watched.until(time(60_960.0));
    assert_eq!(watched.rules(), ["body/taken_off"]);
    assert_eq!(watched.told[0].since, time(60_060.0));
}

#[test]
fn what_a_handset_says_of_itself_is_graver_outside() {
    let shape = |radius_m: f64| {
        let home = crate::common::place(0.0, 0.0);
        json!({"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": radius_m})
    };
    let fences = json!([{"id": "home", "kind": "safe", "shape": shape(200.0)}]);
    for (east_m, severity) in [(0.0, Severity::Technical), (900.0, Severity::Notice)] {
        let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"wandering": false},
            "handset": {"id": "h1", "heartbeat_s": 3_600}, "fences": fences})));
        stand(&mut watched, east_m, 0, 600);
        let low = Told { battery_pct: Some(5.0), worn: Some(false), ..Told::default() };
        status(&mut watched, low, 660.0);
        watched.until(time(1_700.0));
        let of = |rule: &str| watched.told.iter().find(|told| told.evidence.rule == rule).unwrap().severity;
        assert_eq!((of("battery/very_low"), of("body/taken_off")), (severity, severity), "{east_m} m");
    }
}

#[test]
fn of_another_handset_nothing_is_known() {
    let mut watched = watched();
    let low = Told { battery_pct: Some(15.0), charging: Some(false), ..Told::default() };
    status(&mut watched, low, 0.0);
    status(&mut watched, Told { worn: Some(false), ..Told::default() }, 60.0);
    watched.state.change_handset(time(120.0));
    assert_eq!(watched.state.empty_at(), None);
    assert_eq!(watched.state.link(&watched.world.rules, Some(300.0), time(120.0)).1, None);
    status(&mut watched, Told::default(), 180.0);
    for second in (300..2_000).step_by(300) {
        status(&mut watched, Told::default(), f64::from(second));
    }
    assert_eq!(watched.rules(), ["battery/low"], "it is not said to be off");
    status(&mut watched, low, 2_000.0);
    assert_eq!(watched.rules(), ["battery/low", "battery/low"], "its own battery is low too");
}

#[test]
fn a_handset_that_never_spoke_is_silent_too() {
    let mut watched = watched();
    watched.until(time(10_000.0));
    assert_eq!(watched.told, vec![], "nobody has said that it should");
    watched.state.supervise(time(10_000.0));
    watched.event(Event::Tick, time(10_000.0));
    watched.state.supervise(time(10_600.0));
    let link =
        |watched: &Watched, second: f64| watched.state.link(&watched.world.rules, Some(300.0), time(second));
    assert_eq!(link(&watched, 10_800.0), (Link::Unknown, None));
    assert_eq!(link(&watched, 10_900.0), (Link::Offline, None));
    watched.until(time(50_000.0));
    assert_eq!(watched.rules(), ["silence/offline"]);
    assert_eq!((watched.told[0].at, watched.told[0].since), (time(10_900.0), time(10_000.0)));
    watched.event(Event::Heard, time(50_000.0));
    assert_eq!(link(&watched, 50_010.0).0, Link::Online);
    // While the platform was down it may have spoken.
    let mut deaf = self::watched();
    deaf.state.supervise(time(0.0));
    deaf.event(Event::Deaf, time(5_000.0));
    deaf.until(time(5_800.0));
    assert_eq!(deaf.told, vec![]);
    deaf.until(time(5_900.0));
    assert_eq!(deaf.rules(), ["silence/offline"]);
}

/// A fix each minute from one second to another, so many metres east of home.
fn stand(watched: &mut Watched, east_m: f64, from: u32, to: u32) {
    for second in (from..to).step_by(60) {
        watched.until(time(f64::from(second)));
        watched.take(&fix(east_m, 0.0, 10.0, Gps, f64::from(second)));
    }
}

/// At home for ten minutes, then a fall that is told five seconds later.
fn fallen() -> Watched {
    let mut watched = watched();
    stand(&mut watched, 0.0, 0, 600);
    watched.event(Event::Fall { at: time(600.0) }, time(605.0));
    watched
}

#[test]
fn who_does_not_move_after_a_fall_is_told_once() {
    let mut watched = fallen();
    stand(&mut watched, 3.0, 660, 2_400);
    assert_eq!(watched.rules(), ["body/still_after_fall"]);
    let told = &watched.told[0];
    assert_eq!((told.kind, told.severity), (Kind::Inactivity, Severity::Urgent));
    assert_eq!((told.since, told.at), (time(600.0), time(905.0)));
    assert!(told.evidence.why.contains("跌倒后没有发现移动"), "{}", told.evidence.why);
}

#[test]
fn who_moves_after_a_fall_or_cannot_be_seen_to_is_not_said_to_lie_still() {
    let mut moves = fallen();
    stand(&mut moves, 150.0, 720, 2_400);
    assert_eq!(moves.told, vec![]);
    // Without a fix nobody can say; silence is as grave as after a press.
    let mut unseen = fallen();
    unseen.until(time(3_000.0));
    assert_eq!(unseen.rules(), ["silence/after_press"]);
    assert_eq!(unseen.told[0].severity, Severity::Urgent);
    let mut taken_off = fallen();
    status(&mut taken_off, Told { worn: Some(false), ..Told::default() }, 640.0);
    stand(&mut taken_off, 0.0, 660, 1_400);
    assert_eq!(taken_off.told, vec![]);
    // A report that comes late, of somebody who has moved since.
    let mut late = watched();
    stand(&mut late, 0.0, 0, 600);
    stand(&mut late, 150.0, 600, 3_000);
    late.event(Event::Fall { at: time(300.0) }, time(3_000.0));
    stand(&mut late, 150.0, 3_000, 4_000);
    assert_eq!(late.told, vec![]);
}

#[test]
fn what_fixes_decided_is_told_with_them() {
    let newest = |told: &geofence::Signal| told.to_model(None).unwrap().fix.map(|fix| fix.fix_time);
    let mut still = fallen();
    stand(&mut still, 3.0, 660, 2_400);
    let told = &still.told[0];
    assert_eq!((told.evidence.fixes.len(), newest(told)), (6, Some(time(900.0))));
    assert!(told.evidence.fixes.iter().all(|fix| fix.inside.is_none() && fix.distance_m.is_none()));
    assert!(!told.evidence.why.contains("次定位"), "{}", told.evidence.why);

    let home = crate::common::place(0.0, 0.0);
    let circle = json!({"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": 200.0});
    let mut outside = Watched::new(resident(&json!({"id": "r1", "policy": {"wandering": false},
        "handset": {"id": "h1", "heartbeat_s": 300},
        "fences": [{"id": "home", "kind": "safe", "shape": circle}]})));
    stand(&mut outside, 900.0, 0, 600);
    status(&mut outside, Told { battery_pct: Some(5.0), ..Told::default() }, 610.0);
    outside.until(time(2_000.0));
    let of = |rule: &str| outside.told.iter().find(|told| told.evidence.rule == rule).unwrap();
    assert_eq!(newest(of("silence/outside")), Some(time(540.0)), "where they were seen last");
    assert_eq!(newest(of("battery/very_low")), None, "no fix says how full it is");
}

#[test]
fn who_was_seen_outside_a_day_ago_is_missed_like_anybody() {
    let home = crate::common::place(0.0, 0.0);
    let circle = json!({"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": 200.0});
    for (heard_for_s, rule, severity) in
        [(1_200, "silence/outside", Severity::Urgent), (90_000, "silence/offline", Severity::Technical)]
    {
        let mut outside = Watched::new(resident(&json!({"id": "r1", "policy": {"wandering": false},
            "handset": {"id": "h1", "heartbeat_s": 300},
            "fences": [{"id": "home", "kind": "safe", "shape": circle.clone()}]})));
        stand(&mut outside, 900.0, 0, 600);
        for second in (600..heard_for_s).step_by(200) {
            status(&mut outside, Told::default(), f64::from(second));
        }
        outside.until(time(f64::from(heard_for_s) + 2_000.0));
        let of = |told: &&geofence::Signal| told.evidence.rule.starts_with("silence/");
        let told = outside.told.iter().find(of).unwrap();
        assert_eq!((told.evidence.rule.as_str(), told.severity), (rule, severity));
    }
}
