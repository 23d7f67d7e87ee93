//! The kind of a store and its pulse.

use incident::Command;
use model::SignedDuration;
use std::collections::BTreeSet;
use store::{CommitDesk, Kind, NoteAttempt, Notice, Pulse, PutNotices, StoreError};

use crate::common::{
    House,
    made::{at, change, opening, press, signal, take},
};

pub(crate) async fn a_store_is_demo_or_real_from_the_start(house: &House) {
    house.store.found(Kind::Demo, at(0)).await.unwrap();
    house.store.found(Kind::Demo, at(1)).await.unwrap();
    let refused = house.store.found(Kind::Real, at(2)).await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Kind(why) if why.contains("demo") && why.contains("real")),
        "{refused}"
    );

    let name = house.store.store_id().await.unwrap();
    assert_eq!(name.len(), 16);
    let again = house.another().await;
    assert_eq!(again.store.store_id().await.unwrap(), name);
    assert!(again.store.found(Kind::Real, at(3)).await.is_err());
    again.close().await;
}

pub(crate) async fn the_pulse_only_grows_until_it_is_set_back(house: &House) {
    assert_eq!(house.store.last_alive().await.unwrap(), None);
    house.store.found(Kind::Real, at(0)).await.unwrap();
    for (pulse, known) in [(10, 10), (5, 10), (20, 20)] {
        house.write(Pulse(at(pulse))).await;
        assert_eq!(house.store.last_alive().await.unwrap(), Some(at(known)));
    }
    house.store.resume(at(20), at(3)).await.unwrap();
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(3)));
}

pub(crate) async fn a_clock_set_back_is_corrected_once(house: &House) {
    house.store.found(Kind::Real, at(0)).await.unwrap();
    house.write(take("h1", press("p-1"), at(3_600))).await;
    let opened = opening(signal("s1", Some("r1"), "h1", at(3_605)));
    house.write(CommitDesk { changes: vec![opened.clone()], ..CommitDesk::default() }).await;
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(3_605)));
    assert_eq!(house.store.moved_to_the_clock().await.unwrap(), BTreeSet::new());
    let era = house.store.clock_era().await.unwrap();

    let back = Command::ClockWentBack { by: SignedDuration::from_secs(3_595) };
    let moved = change(Some(&opened.incident), &back, at(10));
    house.write(CommitDesk { changes: vec![moved], ..CommitDesk::default() }).await;
    // A start that ends here finds the next morning what it has done.
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(3_605)));
    assert_eq!(house.store.moved_to_the_clock().await.unwrap(), BTreeSet::from([opened.incident.id]));

    house.store.resume(at(3_605), at(11)).await.unwrap();
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(11)), "the old stamps say nothing any more");
    assert_eq!(house.store.moved_to_the_clock().await.unwrap(), BTreeSet::new());
    assert_ne!(house.store.clock_era().await.unwrap(), era, "what is named by its time has another name now");
    house.write(take("h2", press("p-2"), at(20))).await;
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(20)));
}

pub(crate) async fn anything_stamped_later_than_the_pulse_is_life(house: &House) {
    house.store.found(Kind::Real, at(0)).await.unwrap();
    house.write(take("h1", press("p-1"), at(60))).await;
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(60)));
}

/// A clock that was years ahead at a start makes nothing old, however often it is started with it, until a day has passed; set
/// right it is believed at once.
pub(crate) async fn by_a_clock_far_ahead_nothing_is_old_at_first(house: &House) {
    const DAY_S: i64 = 24 * 3_600;
    house.store.found(Kind::Real, at(0)).await.unwrap();
    let held = async || house.store.removals_held_until().await.unwrap();
    house.store.resume(at(0), at(7 * DAY_S)).await.unwrap();
    assert_eq!(held().await, None, "a week without the machine");
    let ahead = 730 * DAY_S;
    house.store.resume(at(7 * DAY_S), at(ahead)).await.unwrap();
    assert_eq!(held().await, Some(at(ahead + DAY_S)));
    house.store.resume(at(ahead), at(ahead + 60)).await.unwrap();
    assert_eq!(held().await, Some(at(ahead + DAY_S)), "started again");
    house.store.resume(at(ahead + 60), at(8 * DAY_S)).await.unwrap();
    assert_eq!(held().await, None, "set right");
}

/// An hour back is no hour more in which nobody is called.
pub(crate) async fn what_is_to_be_sent_is_due_as_soon_by_a_clock_set_back(house: &House) {
    house.store.found(Kind::Real, at(0)).await.unwrap();
    let notice = |id: &str, due: i64| Notice {
        id: id.to_owned(),
        incident: None,
        recipient_kind: "roster".to_owned(),
        recipient: "李强".to_owned(),
        is_life: true,
        goes_first: true,
        channel: "sms".to_owned(),
        to: "13900000002".to_owned(),
        message: "{}".to_owned(),
        due_at: at(due),
    };
    let notices = vec![notice("was due", 5), notice("in ten seconds", 20), notice("sent", 1)];
    house.write(PutNotices { notices, keys: house.store.keys().clone() }).await;
    let sent = NoteAttempt {
        id: "sent".to_owned(),
        attempts: 1,
        at: at(2),
        took_ms: 7,
        is_sent: true,
        provider_id: None,
        why: None,
        next_at: None,
    };
    house.write(sent).await;
    let due = async |second| {
        let due = house.store.due_notices(at(second), 10).await.unwrap().whole;
        due.into_iter().map(|due| due.notice.id).collect::<Vec<_>>()
    };
    house.store.resume(at(10), at(-3_590)).await.unwrap();
    assert_eq!(due(-3_590).await, ["was due"]);
    assert_eq!(due(-3_581).await, ["was due"]);
    assert_eq!(due(-3_580).await, ["was due", "in ten seconds"]);
    // A clock set ahead, or a pause, lets them come at once.
    house.store.resume(at(-3_585), at(10_000)).await.unwrap();
    assert_eq!(due(10_000).await.len(), 2);
}
