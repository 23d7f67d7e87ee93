//! The kind of a store and its pulse.

use incident::Command;
use model::SignedDuration;
use std::collections::BTreeSet;
use store::{CommitDesk, Kind, Pulse, StoreError};

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

    let back = Command::ClockWentBack { by: SignedDuration::from_secs(3_595) };
    let moved = change(Some(&opened.incident), &back, at(10));
    house.write(CommitDesk { changes: vec![moved], ..CommitDesk::default() }).await;
    // A start that ends here finds the next morning what it has done.
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(3_605)));
    assert_eq!(house.store.moved_to_the_clock().await.unwrap(), BTreeSet::from([opened.incident.id]));

    house.store.resume(at(3_605), at(11)).await.unwrap();
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(11)), "the old stamps say nothing any more");
    assert_eq!(house.store.moved_to_the_clock().await.unwrap(), BTreeSet::new());
    house.write(take("h2", press("p-2"), at(20))).await;
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(20)));
}

pub(crate) async fn anything_stamped_later_than_the_pulse_is_life(house: &House) {
    house.store.found(Kind::Real, at(0)).await.unwrap();
    house.write(take("h1", press("p-1"), at(60))).await;
    assert_eq!(house.store.last_alive().await.unwrap(), Some(at(60)));
}
