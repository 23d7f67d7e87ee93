//! The end of the writer: what waits is written, and nobody waits for ever for what is not.

use crate::common::{
    House, SOON, answer,
    jobs::{AUDIT, Before, FIXES, LIFE, Noted},
    made::{at, press, take},
};

#[tokio::test]
async fn a_stop_writes_what_waits() {
    let house = House::sqlite().await;
    let gate = house.hold().await;
    let mut waiting = Vec::new();
    for place in 0..100 {
        waiting.push(house.hand_in(Noted::<FIXES>::new(place, Before::Nothing)).await);
        waiting.push(house.hand_in(Noted::<AUDIT>::new(place, Before::Nothing)).await);
    }
    house.stop.cancel();
    gate.open();
    house.close().await;
    for job in waiting {
        answer(job).await.unwrap();
    }
    assert_eq!(house.noted().await.len(), 200);
}

#[tokio::test]
async fn after_the_end_a_write_says_that_the_writer_is_gone() {
    let house = House::sqlite().await;
    house.close().await;
    let late = tokio::time::timeout(SOON, house.store.write(take("h1", press("p-1"), at(0)))).await;
    let refused = late.expect("nobody waits for a writer that is gone").unwrap_err();
    assert!(store::is_writer_gone(&refused), "{refused}");
    assert!(house.store.health().failing.is_some(), "and whoever asks is told");
}

/// A fault in the program must show, not leave everybody waiting.
#[tokio::test]
async fn a_writer_that_panicked_tells_everybody() {
    let house = House::sqlite().await;
    let gate = house.hold().await;
    let same_group = house.hand_in(take("h1", press("p-1"), at(0))).await;
    let panicking = house.hand_in(Noted::<LIFE>::new("never", Before::Panics)).await;
    let mut waiting = Vec::new();
    for place in 0..300 {
        waiting.push(house.hand_in(Noted::<FIXES>::new(place, Before::Nothing)).await);
    }
    gate.open();
    assert!(store::is_writer_gone(&answer(panicking).await.unwrap_err()));
    assert!(store::is_writer_gone(&answer(same_group).await.unwrap_err()));
    for job in waiting {
        assert!(store::is_writer_gone(&answer(job).await.unwrap_err()));
    }
    assert!(house.store.health().failing.is_some());
}
