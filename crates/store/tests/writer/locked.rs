//! Another process holds the database file.

use std::time::Duration;

use sqlx::{ConnectOptions as _, SqliteConnection};
use store::{Database, TakenPress, WriterHealth};

use crate::common::{
    A_WHILE, House, answer,
    jobs::{BACKGROUND, Before, LIFE, Noted},
    made::{at, press, take},
    soon,
};

async fn lock(house: &House) -> SqliteConnection {
    let Database::Sqlite(options) = &house.database else { unreachable!("a file") };
    let mut other =
        options.clone().busy_timeout(Duration::from_secs(5)).connect().await.expect("a connection");
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.expect("the lock");
    other
}

#[tokio::test]
async fn jobs_wait_for_a_locked_file_and_are_done_in_order() {
    let house = House::sqlite().await;
    let mut other = lock(&house).await;
    let mut waiting = Vec::new();
    for place in 0..80 {
        waiting.push(house.hand_in(Noted::<LIFE>::new(place, Before::Nothing)).await);
    }
    let pressed = house.hand_in(take("h1", press("p-1"), at(0))).await;
    let abandoned = house.hand_in(Noted::<BACKGROUND>::new("abandoned", Before::Nothing)).await;
    let failing = soon("the trouble shows", async || house.store.health().failing).await;
    assert!(failing.contains("locked"), "{failing}");
    assert!(!house.store.health().disk_full);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(
        !pressed.is_finished() && waiting.iter().all(|job| !job.is_finished()),
        "nothing is said too early"
    );
    assert_eq!(house.noted().await.len(), 0, "reading goes on");
    abandoned.abort();
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    for job in waiting {
        answer(job).await.unwrap();
    }
    assert!(matches!(answer(pressed).await.unwrap(), TakenPress::New(_)));
    let well = soon("it recovers", async || {
        let health = house.store.health();
        (health == WriterHealth::default()).then_some(health)
    });
    well.await;
    house.close().await;
    assert_eq!(house.noted().await, (0..80).map(|place| place.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_stop_while_locked_tells_those_who_wait() {
    let house = House::sqlite().await;
    let other = lock(&house).await;
    let waiting = house.hand_in(take("h1", press("p-1"), at(0))).await;
    tokio::time::sleep(A_WHILE).await;
    house.close().await;
    let refused = answer(waiting).await.unwrap_err();
    assert!(store::is_writer_gone(&refused), "never taken for done: {refused}");
    drop(other);
}
