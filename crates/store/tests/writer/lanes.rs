//! Who goes first, who still gets a turn, and that nobody passes within a lane.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::common::{
    House, answer,
    jobs::{AUDIT, BACKGROUND, Before, FIXES, LIFE, Noted},
    made::{at, press, take},
};

const SLOW: Duration = Duration::from_millis(1);

#[tokio::test]
async fn presses_overtake_a_pile_of_fixes() {
    let house = House::sqlite().await;
    let gate = house.hold().await;
    let mut pile = Vec::new();
    for place in 0..200 {
        pile.push(house.hand_in(Noted::<FIXES>::new(place, Before::Takes(SLOW))).await);
    }
    let first = house.hand_in(take("h1", press("p-1"), at(0))).await;
    gate.open();
    answer(first).await.unwrap();
    assert!(house.noted().await.len() < 20, "only what is left of the group stands before a press");
    let second =
        tokio::time::timeout(Duration::from_secs(2), house.store.write(take("h1", press("p-2"), at(1))));
    second.await.expect("a press comes through while the pile goes down").unwrap();
    assert!(house.noted().await.len() < 200);
    for job in pile {
        answer(job).await.unwrap();
    }
    house.close().await;
}

#[tokio::test]
async fn nobody_passes_within_a_lane() {
    let house = House::sqlite().await;
    let gate = house.hold().await;
    let mut jobs = Vec::new();
    for place in 0..150 {
        let before = match place % 40 {
            17 => Before::FailsOnce(AtomicBool::new(false)),
            _ => Before::Takes(SLOW),
        };
        jobs.push(house.hand_in(Noted::<FIXES>::new(format!("f{place}"), before)).await);
        jobs.push(house.hand_in(Noted::<AUDIT>::new(format!("a{place}"), Before::Nothing)).await);
    }
    gate.open();
    for job in jobs {
        answer(job).await.unwrap();
    }
    let noted = house.noted().await;
    for lane in ["f", "a"] {
        let of_lane: Vec<_> = noted.iter().filter_map(|name| name.strip_prefix(lane)).collect();
        assert_eq!(of_lane, (0..150).map(|place| place.to_string()).collect::<Vec<_>>());
    }
    house.close().await;
}

/// An operator's look is answered after its audit row; a flood of messages must not lock the desk out.
#[tokio::test]
async fn every_lane_gets_a_turn_in_a_flood_of_fixes() {
    let house = House::sqlite().await;
    in_a_flood_of::<FIXES>(&house, async || {
        house.store.write(Noted::<AUDIT>::new("look", Before::Nothing)).await.unwrap();
        house.store.write(Noted::<BACKGROUND>::new("seal", Before::Nothing)).await.unwrap();
    })
    .await;
    house.close().await;
}

/// Presses stand before all others, and the others are owed a turn after them.
#[tokio::test]
async fn every_lane_gets_a_turn_in_a_flood_of_presses() {
    let house = House::sqlite().await;
    in_a_flood_of::<LIFE>(&house, async || {
        house.store.write(Noted::<FIXES>::new("fix", Before::Nothing)).await.unwrap();
        house.store.write(Noted::<AUDIT>::new("look", Before::Nothing)).await.unwrap();
        house.store.write(Noted::<BACKGROUND>::new("seal", Before::Nothing)).await.unwrap();
    })
    .await;
    house.close().await;
}

async fn in_a_flood_of<const LANE: usize>(house: &House, turns: impl AsyncFnOnce()) {
    let stop = CancellationToken::new();
    let gate = house.hold().await;
    for _ in 0..150 {
        let (store, stop) = (house.store.clone(), stop.clone());
        house.tasks.spawn(async move {
            while !stop.is_cancelled() {
                store.write(Noted::<LANE>::new("flood", Before::Takes(SLOW))).await.expect("written");
            }
        });
    }
    tokio::task::yield_now().await;
    gate.open();
    tokio::time::timeout(Duration::from_secs(3), turns()).await.expect("a turn");
    stop.cancel();
}

#[tokio::test]
async fn what_nobody_waits_for_is_left_out_and_a_press_never_is() {
    let house = House::sqlite().await;
    let gate = house.hold().await;
    let abandoned = house.hand_in(Noted::<BACKGROUND>::new("abandoned", Before::Nothing)).await;
    let press = house.hand_in(Noted::<LIFE>::new("press", Before::Nothing)).await;
    abandoned.abort();
    press.abort();
    while !(abandoned.is_finished() && press.is_finished()) {
        tokio::task::yield_now().await;
    }
    gate.open();
    house.write(Noted::<AUDIT>::new("after", Before::Nothing)).await;
    house.close().await;
    assert_eq!(house.noted().await, ["press", "after"]);
}

/// The writer's room for fixes is bounded: who feeds it waits, and nothing is dropped.
#[tokio::test]
async fn a_full_lane_pushes_back_and_drops_nothing() {
    let house = House::sqlite().await;
    let gate = house.hold().await;
    let done = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for place in 0..600 {
        let (store, done) = (house.store.clone(), std::sync::Arc::clone(&done));
        house.tasks.spawn(async move {
            store.write(Noted::<FIXES>::new(place, Before::Nothing)).await.unwrap();
            done.fetch_add(1, Ordering::Relaxed);
        });
    }
    let press = house.hand_in(take("h1", press("p-1"), at(0))).await;
    gate.open();
    answer(press).await.unwrap();
    crate::common::soon("all are written", async || (done.load(Ordering::Relaxed) == 600).then_some(()))
        .await;
    assert_eq!(house.noted().await.len(), 600);
    house.close().await;
}
