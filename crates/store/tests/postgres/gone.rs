//! The server ends our connection, or somebody holds what we need.

use std::time::Duration;

use sqlx::Executor as _;
use store::{TakenPress, WriterHealth};

use crate::common::{
    House, answer,
    made::{at, press, take},
    postgres::Server,
    soon,
};

async fn is_well(house: &House) {
    soon("it recovers", async || (house.store.health() == WriterHealth::default()).then_some(())).await;
}

#[tokio::test]
async fn a_connection_that_was_ended_is_opened_again_and_no_job_is_lost() {
    let server = Server::start().await;
    let house = House::postgres(&server, "ended").await;
    let mut other = server.connect("ended").await;
    let mut pressed = Vec::new();
    for number in 0..300 {
        pressed.push(house.hand_in(take("h1", press(&format!("p-{number}")), at(number))).await);
        if number % 100 == 50 {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = 'ended' AND pid <> pg_backend_pid()";
            other.execute(end).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for job in pressed {
        answer(job).await.unwrap();
    }
    assert_eq!(house.ask("SELECT COUNT(*) FROM presses").await, 300, "each is there, and once");
    is_well(&house).await;
    house.close().await;
}

/// An administrator's statement that holds a table must show, and the press must not be refused for it.
#[tokio::test]
async fn a_table_held_by_somebody_else_is_said_and_waited_for() {
    let server = Server::start().await;
    let house = House::postgres(&server, "held").await;
    let mut other = server.connect("held").await;
    other.execute("BEGIN").await.unwrap();
    other.execute("LOCK TABLE presses").await.unwrap();
    let pressed = house.hand_in(take("h1", press("p-1"), at(0))).await;
    let failing = soon("the trouble shows", async || house.store.health().failing).await;
    assert!(failing.contains("lock"), "{failing}");
    assert!(!pressed.is_finished());
    other.execute("ROLLBACK").await.unwrap();
    assert!(matches!(answer(pressed).await.unwrap(), TakenPress::New(_)));
    is_well(&house).await;
    house.close().await;
}

/// A platform that stops in the middle of a transaction (a frozen machine) must not hold up the others.
#[tokio::test]
async fn a_platform_that_froze_does_not_hold_the_others() {
    let server = Server::start().await;
    let house = House::postgres(&server, "frozen").await;
    let neighbour = house.another().await;
    let gate = house.hold().await;
    let pressed = neighbour.hand_in(take("h1", press("p-1"), at(0))).await;
    assert!(matches!(answer(pressed).await.unwrap(), TakenPress::New(_)));
    gate.open();
    is_well(&house).await;
    house.write(take("h1", press("p-2"), at(1))).await;
    assert_eq!(house.noted().await.len(), 0);
    neighbour.close().await;
    house.close().await;
}
