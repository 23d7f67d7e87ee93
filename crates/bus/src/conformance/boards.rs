//! Boards: positions, unsaved presses, presence.

use super::{Ends, handset, joined, until};
use crate::{BusHealth, Heard, Hint, Listener};
use model::{Fix, HandsetId, Method, Signal, SignalId, SignalKind, StationId, Timestamp, Wgs84};
use std::{collections::HashSet, sync::Arc};

fn fix(second: i64) -> Fix {
    Fix {
        boot: Some("7f3a".to_owned()),
        seq: None,
        fix_time: Timestamp::from_second(1_795_000_000 + second).expect("a valid time"),
        position: Wgs84::new(33.9624, 118.2757).expect("a valid place"),
        accuracy_m: 10.25,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: Some(71.0),
    }
}

fn press(name: &str) -> Arc<Signal> {
    Arc::new(Signal {
        id: SignalId::from_cause("press", &[name]),
        kind: SignalKind::Press,
        handset: Some(handset(name)),
        resident: None,
        press_id: Some("p-1".to_owned()),
        cancel: false,
        at: Timestamp::UNIX_EPOCH,
        received_at: Timestamp::UNIX_EPOCH,
        late_by_s: 0,
        remarks: vec![model::Remark::Unsaved],
        fix: Some(fix(0)),
        caller: None,
        words: None,
        graver: None,
        evidence: None,
    })
}

/// Waits for the word that the board of unsaved presses has changed, or that it may have.
async fn hears_of_unsaved(listener: &mut Listener) {
    let heard = async { while !matches!(listener.hear().await, Heard::Hint(Hint::Unsaved) | Heard::Gap) {} };
    assert!(tokio::time::timeout(super::PATIENCE, heard).await.is_ok(), "nobody tells of it");
}

pub(super) async fn an_older_position_never_replaces_a_newer([bus, other]: &Ends) {
    let demo = handset("demo");
    assert!(bus.put_position(&demo, &fix(10)));
    assert!(!bus.put_position(&demo, &fix(5)), "a late point is history");
    assert!(!bus.put_position(&demo, &fix(10)), "the same point is no news");
    assert_eq!(bus.position(&demo), Some(fix(10)));
    assert!(bus.put_position(&demo, &fix(11)));
    assert_eq!(bus.position(&handset("other")), None);
    until("the other end knows the newest", || other.position(&demo) == Some(fix(11))).await;
    other.put_position(&demo, &fix(7));
    assert_eq!(other.position(&demo), Some(fix(11)));
}

/// Put at both ends before either knows of the other's.
pub(super) async fn the_newest_position_is_known_at_both_ends(ends: &Ends) {
    let handsets: Vec<HandsetId> = (0..50).map(|number| handset(&format!("h-{number}"))).collect();
    for (number, walker) in handsets.iter().enumerate() {
        let (old, new) = if number % 2 == 0 { (0, 1) } else { (1, 0) };
        ends[old].put_position(walker, &fix(1));
        ends[new].put_position(walker, &fix(2));
        ends[old].put_position(walker, &fix(0));
    }
    for end in ends {
        let newest = || handsets.iter().all(|walker| end.position(walker) == Some(fix(2)));
        until("the newest position of each is known", newest).await;
    }
}

pub(super) async fn unsaved_presses_stay_until_they_are_saved([bus, other]: &Ends) {
    let signal = press("h");
    joined(bus, other).await;
    let mut here = bus.listen();
    bus.put_unsaved(Arc::clone(&signal));
    bus.put_unsaved(Arc::clone(&signal));
    hears_of_unsaved(&mut here).await;
    assert_eq!(bus.unsaved(), vec![Arc::clone(&signal)]);
    // Whoever looks when told sees it.
    let mut there = other.listen();
    while other.unsaved() != vec![Arc::clone(&signal)] {
        hears_of_unsaved(&mut there).await;
    }
    bus.drop_unsaved(&signal.id);
    assert!(bus.unsaved().is_empty());
    while !other.unsaved().is_empty() {
        hears_of_unsaved(&mut there).await;
    }
}

pub(super) async fn a_press_saved_at_one_end_leaves_the_other([bus, other]: &Ends) {
    let (stays, goes) = (press("stays"), press("goes"));
    bus.put_unsaved(Arc::clone(&stays));
    bus.put_unsaved(Arc::clone(&goes));
    until("the other end sees both", || other.unsaved().len() == 2).await;
    // The handset repeated it there, and there it was committed.
    other.drop_unsaved(&goes.id);
    assert_eq!(other.unsaved(), vec![Arc::clone(&stays)]);
    until("it is gone where it stood", || bus.unsaved() == vec![Arc::clone(&stays)]).await;
    other.drop_unsaved(&SignalId::from_cause("press", &["never seen"]));
    assert_eq!(bus.unsaved().len(), 1);
}

pub(super) async fn who_is_online_is_known_at_both_ends(ends: &Ends) {
    let (a, b) = (handset("a"), handset("b"));
    ends[0].put_presence(&a, true);
    ends[0].put_presence(&a, true);
    ends[1].put_presence(&b, true);
    for end in ends {
        until("both are online", || end.is_online(&a) && end.is_online(&b)).await;
        assert_eq!(end.online().into_iter().collect::<HashSet<_>>(), HashSet::from([a.clone(), b.clone()]));
        assert!(!end.is_online(&handset("c")));
    }
    ends[0].put_presence(&a, false);
    ends[0].put_presence(&handset("never-here"), false);
    for end in ends {
        until("one has left", || end.online() == vec![b.clone()] && !end.is_online(&a)).await;
    }
}

/// A station is there where any of its screens is, and is no handset of the same name.
pub(super) async fn a_station_is_there_wherever_its_screen_is(ends: &Ends) {
    let (east, west) = ["east", "west"].map(|name| StationId::new(name).expect("a valid id")).into();
    ends[0].put_station(&east, true);
    ends[1].put_presence(&handset("west"), true);
    for end in ends {
        until("the station is there", || end.is_station_online(&east)).await;
        until("and the handset", || end.online() == [handset("west")]).await;
        assert!(!end.is_station_online(&west) && !end.is_online(&handset("east")));
    }
    ends[0].put_station(&east, false);
    for end in ends {
        until("its screen is gone", || !end.is_station_online(&east)).await;
    }
    assert_eq!(ends[0].online(), [handset("west")]);
}

/// More than are told one by one.
pub(super) async fn a_crowd_comes_and_goes(ends: &Ends) {
    let crowd: Vec<HandsetId> = (0..2_500).map(|number| handset(&format!("h-{number}"))).collect();
    for handset in &crowd {
        ends[0].put_presence(handset, true);
    }
    for end in ends {
        until("all are online", || end.online().len() == crowd.len()).await;
    }
    for handset in crowd.iter().skip(1) {
        ends[0].put_presence(handset, false);
    }
    for end in ends {
        until("one is left", || end.online() == crowd[..1]).await;
    }
}

pub(super) async fn a_healthy_bus_says_so([bus, other]: &Ends) {
    joined(bus, other).await;
    until("nothing is wrong", || bus.health() == BusHealth::default()).await;
    until("nor at the other end", || other.health() == BusHealth::default()).await;
}
