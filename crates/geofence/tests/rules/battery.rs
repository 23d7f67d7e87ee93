//! Where a discharge begins, and that the charger is asked for once an evening.

use crate::common::{Watched, fix, resident, time};
use geofence::Event;
use geofence::silence::Told;
use model::Fix;
use model::Method::Gps;
use serde_json::json;

const HOUR: f64 = 3_600.0;

fn watched() -> Watched {
    Watched::new(resident(&json!({"id": "r1", "handset": {"id": "h1"}})))
}

fn says(watched: &mut Watched, pct: f64, second: f64) {
    watched.until(time(second));
    watched.event(Event::Status(Told { battery_pct: Some(pct), ..Told::default() }), time(second));
}

/// Charged from a half to the full by a handset that never says so, and then emptied faster than before.
#[test]
fn a_discharge_begins_where_a_charge_in_small_steps_ends() {
    let mut watched = watched();
    says(&mut watched, 100.0, 0.0);
    for step in 0..=50_u32 {
        says(&mut watched, 50.0 + f64::from(step), 5.0 * HOUR + f64::from(step) * 120.0);
    }
    let charged = 5.0 * HOUR + 50.0 * 120.0;
    assert_eq!(watched.state.empty_at(), None, "it has not fallen yet");
    says(&mut watched, 80.0, charged + HOUR);
    assert_eq!(watched.state.empty_at(), Some(time(charged + 5.0 * HOUR)), "a fifth an hour");
}

/// Two per cent an hour, so that it is empty before morning.
#[test]
fn the_charger_is_asked_for_in_the_evening_unless_the_evening_has_told_of_the_battery() {
    for (low_at, told) in
        [(15.0, vec!["battery/low", "battery/charger_forgotten"]), (19.0, vec!["battery/low"])]
    {
        let (mut watched, low_at) = (watched(), (24.0 + low_at) * HOUR);
        says(&mut watched, 59.0, low_at - 20.0 * HOUR);
        says(&mut watched, 19.0, low_at);
        watched.until(time(47.0 * HOUR));
        assert_eq!(watched.rules(), told);
    }
}

#[test]
fn an_empty_battery_is_not_told_of_every_evening() {
    let mut watched = watched();
    says(&mut watched, 59.0, 10.0 * HOUR);
    says(&mut watched, 19.0, 14.0 * HOUR);
    watched.until(time(96.0 * HOUR));
    assert_eq!(watched.rules(), ["battery/low"], "empty at four");
}

/// The word that it was taken off its charger did not arrive; the battery says it.
#[test]
fn what_empties_hangs_on_no_charger() {
    let on_charger = Told { battery_pct: Some(90.0), charging: Some(true), ..Told::default() };
    let mut watched = watched();
    watched.event(Event::Status(on_charger), time(0.0));
    for step in 0..=87_u32 {
        says(&mut watched, 90.0 - f64::from(step), 300.0 * f64::from(step));
    }
    assert_eq!(watched.rules(), ["battery/low", "battery/very_low"]);
    assert!(watched.state.empty_at().is_some());
    // It rises again: it was on its charger, or is now.
    for (step, is_known) in [(90_u32, true), (91, false), (92, false)] {
        says(&mut watched, if step == 90 { 2.0 } else { f64::from(step) }, 300.0 * f64::from(step));
        assert_eq!(watched.state.empty_at().is_some(), is_known, "{step}");
    }
    // Whoever says again and again that it charges is believed: a weak charger does not keep up.
    let mut weak = self::watched();
    for step in 0..=87_u32 {
        let second = 300.0 * f64::from(step);
        weak.until(time(second));
        let told = Told { battery_pct: Some(90.0 - f64::from(step)), ..on_charger };
        weak.event(Event::Status(told), time(second));
    }
    assert_eq!(weak.rules(), Vec::<&str>::new());
    // Full and topped up now and then, it is on its charger still.
    let mut full = self::watched();
    full.event(Event::Status(Told { battery_pct: Some(100.0), ..on_charger }), time(0.0));
    for step in 0..200_u32 {
        says(&mut full, 100.0 - f64::from(step % 3), 600.0 * f64::from(step));
    }
    assert_eq!(full.state.empty_at(), None);
}

/// The handset says once that it charges and that nobody wears it; what its fixes say after that is the charger's own ups and downs, or
/// that it was taken off.
#[test]
fn what_a_charger_tops_up_again_was_not_taken_off_it() {
    let six_hours = [100.0, 99.0, 98.0, 97.0, 96.0, 100.0, 99.0, 97.0, 96.0, 95.0, 95.0, 100.0];
    for (levels, told) in [
        (six_hours, vec![]),
        ([100.0, 97.0, 94.0, 91.0, 88.0, 85.0, 82.0, 79.0, 76.0, 73.0, 70.0, 67.0], vec!["body/taken_off"]),
        ([86.0, 84.0, 82.0, 80.0, 78.0, 76.0, 74.0, 72.0, 70.0, 68.0, 66.0, 64.0], vec!["body/taken_off"]),
    ] {
        let mut watched = watched();
        let begins =
            Told { battery_pct: Some(levels[0]), charging: Some(true), worn: Some(false), ..Told::default() };
        watched.event(Event::Status(begins), time(0.0));
        for (battery_pct, number) in levels.into_iter().zip(1_u32..) {
            let second = 1_800.0 * f64::from(number);
            watched.until(time(second));
            watched.take(&Fix { battery_pct: Some(battery_pct), ..fix(0.0, 0.0, 10.0, Gps, second) });
        }
        assert_eq!(watched.rules(), told, "{levels:?}");
    }
}

/// Ten per cent in a night, and then forty in two hours.
#[test]
fn how_long_it_lasts_is_reckoned_from_what_it_took_lately() {
    let mut watched = watched();
    for step in 0..=60_u32 {
        says(&mut watched, 100.0 - f64::from(step) / 6.0, 600.0 * f64::from(step));
    }
    let idle = watched.state.empty_at().unwrap();
    assert!((time(95.0 * HOUR)..time(105.0 * HOUR)).contains(&idle), "{idle}");
    for step in 1..=12_u32 {
        says(&mut watched, 90.0 - f64::from(step) * 10.0 / 3.0, 10.0 * HOUR + 600.0 * f64::from(step));
    }
    let busy = watched.state.empty_at().unwrap();
    assert!((time(14.2 * HOUR)..time(14.8 * HOUR)).contains(&busy), "{busy}");
}
