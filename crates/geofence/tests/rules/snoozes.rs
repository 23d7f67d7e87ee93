//! A snooze is of what held when it was said, also where positions that say so come later.

use crate::common::{Watched, fix, place, resident, time};
use crate::episodes::{kept, send, stand, watched};
use geofence::zone::{Zone, ZoneEntry, Zones};
use geofence::{Event, Signal, Standing, standing};
use model::Method::Gps;
use serde_json::json;

/// When somebody says that they want to hear nothing until then.
const SAID: u32 = 10_000;
const UNTIL: f64 = 30_000.0;
/// When what the handset kept arrives.
const ARRIVES: f64 = 18_000.0;

type Queue = [(f64, f64)];

/// Told to be out, then out of reach; what the handset kept meanwhile comes after the snooze. What is told from then on.
fn told_after(queue: &Queue, arrive: fn(&mut Watched, &Queue)) -> (Watched, Vec<Signal>) {
    let mut watched = watched(&json!({}));
    stand(&mut watched, 400.0, 3_600, 4_200);
    watched.until(time(f64::from(SAID)));
    watched.event(Event::Snooze { fence: "home", until: time(UNTIL) }, time(f64::from(SAID)));
    let before = watched.told.len();
    watched.until(time(ARRIVES));
    assert_eq!(watched.told.len(), before, "it is snoozed");
    arrive(&mut watched, queue);
    watched.until(time(UNTIL + 10.0));
    let told = watched.told[before..].to_vec();
    (watched, told)
}

fn by_and_by(watched: &mut Watched, queue: &Queue) {
    send(watched, queue, ARRIVES);
}

/// All in one message, up to now.
fn at_once(watched: &mut Watched, queue: &Queue) {
    let mut fixes: Vec<_> =
        queue.iter().map(|(east_m, second)| fix(*east_m, 0.0, 10.0, Gps, *second)).collect();
    fixes.push(fix(queue.last().unwrap().0, 0.0, 10.0, Gps, ARRIVES));
    watched.batch(&fixes, time(ARRIVES));
}

fn in_their_time(queue: &Queue) -> Vec<Signal> {
    let mut watched = watched(&json!({}));
    stand(&mut watched, 400.0, 3_600, 4_200);
    let mut is_said = false;
    for (east_m, second) in queue {
        if *second > f64::from(SAID) && !std::mem::replace(&mut is_said, true) {
            watched.until(time(f64::from(SAID)));
            watched.event(Event::Snooze { fence: "home", until: time(UNTIL) }, time(f64::from(SAID)));
            watched.told.clear();
        }
        watched.until(time(*second));
        watched.take(&fix(*east_m, 0.0, 10.0, Gps, *second));
    }
    watched.until(time(UNTIL + 10.0));
    watched.told
}

/// What rests on when something arrived.
fn plain(told: &[Signal]) -> Vec<(&str, model::Timestamp)> {
    told.iter().map(|signal| (signal.evidence.rule.as_str(), signal.since)).collect()
}

#[test]
fn who_was_back_and_out_again_before_it_was_said_stays_snoozed() {
    let queue = [kept(0.0, 4_320, 7_200), kept(400.0, 7_200, 17_900)].concat();
    let expected = in_their_time(&queue);
    assert_eq!(plain(&expected), [("fence/still_outside", time(7_200.0))]);
    for arrive in [by_and_by, at_once] {
        let (watched, told) = told_after(&queue, arrive);
        // That they were back is news; that they are out is what was said.
        assert_eq!(plain(&told), [("fence/return", time(4_320.0)), ("fence/still_outside", time(7_200.0))]);
        assert_eq!((told[1].at, expected[0].at), (time(UNTIL), time(UNTIL)));
        assert_eq!(watched.state.raised_at(0), Some(time(f64::from(SAID))));
        let (stands, _) =
            standing(&watched.world, &watched.resident, &watched.state, 0, time(ARRIVES)).unwrap();
        assert_eq!(stands, Standing::Outside { since: time(7_200.0) });
    }
}

#[test]
fn who_goes_out_after_it_was_said_is_news() {
    for (what, queue) in [
        ("back before", [kept(0.0, 4_320, 12_000), kept(400.0, 12_000, 17_900)].concat()),
        (
            "back after",
            [kept(400.0, 4_320, 11_000), kept(0.0, 11_000, 13_000), kept(400.0, 13_000, 17_900)].concat(),
        ),
        (
            "out before and after",
            [
                kept(0.0, 4_320, 6_000),
                kept(400.0, 6_000, 8_000),
                kept(0.0, 8_000, 12_000),
                kept(400.0, 12_000, 17_900),
            ]
            .concat(),
        ),
    ] {
        let expected = in_their_time(&queue);
        for arrive in [by_and_by, at_once] {
            let (_, told) = told_after(&queue, arrive);
            let rules: Vec<_> = told.iter().map(|signal| signal.evidence.rule.as_str()).collect();
            assert_eq!(rules[..2], ["fence/return", "fence/exit"], "{what}");
            let exit = |told: &[Signal]| {
                told.iter().find(|signal| signal.evidence.rule == "fence/exit").map(|signal| signal.since)
            };
            assert_eq!(exit(&told), exit(&expected), "{what}");
        }
    }
}

#[test]
fn who_stays_back_is_snoozed_no_more() {
    let queue = kept(0.0, 4_320, 17_900);
    for arrive in [by_and_by, at_once] {
        let (mut watched, told) = told_after(&queue, arrive);
        assert_eq!(plain(&told), [("fence/return", time(4_320.0))]);
        assert_eq!(watched.state.raised_at(0), None);
        stand(&mut watched, 400.0, 30_120, 30_600);
        assert_eq!(watched.rules().last(), Some(&"fence/exit"));
    }
    // Nor while it would still hold.
    let mut watched = watched(&json!({}));
    stand(&mut watched, 400.0, 3_600, 4_200);
    watched.until(time(f64::from(SAID)));
    watched.event(Event::Snooze { fence: "home", until: time(UNTIL) }, time(f64::from(SAID)));
    by_and_by(&mut watched, &queue);
    stand(&mut watched, 400.0, 18_120, 18_600);
    assert_eq!(watched.rules().last(), Some(&"fence/exit"));
}

#[test]
fn of_a_handset_whose_clock_is_behind_every_leaving_is_news() {
    let mut watched = watched(&json!({}));
    let speak = |watched: &mut Watched, east_m: f64, from: u32, to: u32| {
        for second in (from..to).step_by(20) {
            watched.until(time(f64::from(second) + 3_600.0));
            watched
                .batch(&[fix(east_m, 0.0, 10.0, Gps, f64::from(second))], time(f64::from(second) + 3_600.0));
        }
    };
    speak(&mut watched, 0.0, 3_620, 4_000);
    speak(&mut watched, 400.0, 4_000, 5_000);
    watched.event(Event::Snooze { fence: "home", until: time(UNTIL) }, time(8_600.0));
    let before = watched.told.len();
    speak(&mut watched, 0.0, 5_020, 6_000);
    speak(&mut watched, 400.0, 6_000, 7_000);
    assert_eq!(watched.rules()[before..], ["fence/return", "fence/exit"]);
}

/// In a canal, told and snoozed; what comes late says that they were out of it and in again before that.
#[test]
fn the_same_holds_of_a_zone() {
    let (south, north) = (place(500.0, -2_000.0), place(500.0, 2_000.0));
    let line = [[south.lon(), south.lat()], [north.lon(), north.lat()]];
    let shape = json!({"type": "Corridor", "width_m": 60, "line": line});
    let entry: ZoneEntry = serde_json::from_value(json!({"id": "canal", "shape": shape})).unwrap();
    for (again_from, expected) in [
        (8_000, vec!["zone/left", "zone/still_inside"]),
        (12_000, vec!["zone/left", "zone/entry", "zone/still_inside"]),
    ] {
        let policy = json!({"dementia": true, "wandering": false});
        let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": policy})));
        watched.world.zones = Zones::new(vec![Zone::try_from(&entry).unwrap()]);
        stand(&mut watched, 300.0, 3_000, 3_600);
        stand(&mut watched, 500.0, 3_600, 4_800);
        assert_eq!(watched.rules(), ["zone/entry"]);
        watched.state.snooze_zone(0, time(f64::from(SAID)), time(UNTIL));
        let queue = [kept(900.0, 4_920, again_from), kept(500.0, again_from, 17_900)].concat();
        let arrived = send(&mut watched, &queue, ARRIVES);
        watched.until(time(arrived + 31.0));
        assert_eq!(watched.rules()[1..], expected[..expected.len() - 1], "again from {again_from} s");
        watched.until(time(UNTIL + 10.0));
        assert!(watched.rules()[1..].starts_with(&expected), "{:?}", watched.rules());
        let repeated =
            watched.told.iter().find(|signal| signal.evidence.rule == "zone/still_inside").unwrap();
        assert_eq!(repeated.at == time(UNTIL), again_from < SAID);
    }
}
