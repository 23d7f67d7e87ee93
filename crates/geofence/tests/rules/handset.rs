use crate::common::{Watched, fix, resident, time};
use geofence::silence::Told;
use geofence::{Event, Kind};
use model::{Fix, Method::Gps, Severity};
use serde_json::json;

fn watched() -> Watched {
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
    for words in ["晚上没有充电", "用不到早上07:00", "请放上充电器"] {
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
