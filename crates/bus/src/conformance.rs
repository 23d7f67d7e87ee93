//! What every implementation of [`Bus`] must hold. Call [`holds`] from a test beside it; it panics with
//! what is broken.

use crate::{Bus, Heard, Hint};
use model::{Fix, HandsetId, Method, Signal, SignalId, SignalKind, Timestamp, Wgs84};
use std::sync::Arc;

/// Runs the whole suite, each part on a bus of its own.
pub async fn holds(bus: impl Fn() -> Box<dyn Bus>) {
    hints_keep_their_order(&*bus()).await;
    a_flood_is_heard_as_a_gap(&*bus()).await;
    an_older_position_never_replaces_a_newer(&*bus());
    unsaved_presses_stay_until_they_are_saved(&*bus()).await;
}

fn handset(name: &str) -> HandsetId {
    HandsetId::new(name).expect("a valid id")
}

fn fix(second: i64) -> Fix {
    Fix {
        boot: None,
        seq: None,
        fix_time: Timestamp::from_second(1_795_000_000 + second).expect("a valid time"),
        position: Wgs84::new(33.9624, 118.2757).expect("a valid place"),
        accuracy_m: 10.0,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: None,
    }
}

async fn hints_keep_their_order(bus: &dyn Bus) {
    let mut listener = bus.listen();
    let told = [Hint::Signals, Hint::Down(handset("a")), Hint::Down(handset("b")), Hint::Incidents];
    for hint in &told {
        bus.hint(hint.clone());
    }
    for hint in told {
        assert_eq!(listener.hear().await, Heard::Hint(hint));
    }
}

async fn a_flood_is_heard_as_a_gap(bus: &dyn Bus) {
    let mut listener = bus.listen();
    for _ in 0..100_000 {
        bus.hint(Hint::Signals);
    }
    bus.hint(Hint::Incidents);
    let mut gap = false;
    loop {
        match listener.hear().await {
            Heard::Hint(Hint::Incidents) => break,
            Heard::Gap => gap = true,
            Heard::Hint(_) => {}
            Heard::Ended => unreachable!("the bus is alive"),
        }
    }
    assert!(gap, "a listener that lost hints must be told so");
}

fn an_older_position_never_replaces_a_newer(bus: &dyn Bus) {
    let demo = handset("demo");
    assert!(bus.put_position(&demo, &fix(10)));
    assert!(!bus.put_position(&demo, &fix(5)), "a late point is history");
    assert_eq!(bus.position(&demo), Some(fix(10)));
    assert!(bus.put_position(&demo, &fix(11)));
    assert_eq!(bus.position(&handset("other")), None);
}

async fn unsaved_presses_stay_until_they_are_saved(bus: &dyn Bus) {
    let signal = Arc::new(Signal {
        id: SignalId::from_cause("press", &["h", "1"]),
        kind: SignalKind::Press,
        handset: Some(handset("h")),
        resident: None,
        press_id: None,
        cancel: false,
        at: Timestamp::UNIX_EPOCH,
        received_at: Timestamp::UNIX_EPOCH,
        late_by_s: 0,
        remarks: Vec::new(),
        fix: None,
        caller: None,
        words: None,
    });
    let mut listener = bus.listen();
    bus.put_unsaved(Arc::clone(&signal));
    bus.put_unsaved(Arc::clone(&signal));
    assert_eq!(listener.hear().await, Heard::Hint(Hint::Unsaved));
    assert_eq!(bus.unsaved(), vec![Arc::clone(&signal)]);
    bus.drop_unsaved(&signal.id);
    assert!(bus.unsaved().is_empty());
}
