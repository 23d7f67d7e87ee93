//! A log is followed by row number, so no row may appear behind a reader that has gone past it.

use std::sync::Arc;

use async_trait::async_trait;
use model::Signal;
use sqlx::Executor as _;
use store::{Connection, Job, JobError, Lane, TakePress};

use crate::common::{
    A_WHILE, House, answer,
    jobs::{Gate, execute},
    made::{at, press, signal, take},
    postgres::Server,
    soon,
};

fn insert(signal: &Signal) -> String {
    let body = serde_json::to_string(signal).expect("a document");
    format!(
        "INSERT INTO signals (signal_id, kind, received_at_us, body) VALUES ('{}', 'press', 0, '{body}')",
        signal.id
    )
}

async fn names(house: &House, after: i64) -> Vec<String> {
    let found = house.store.signals_after(after, 100).await.expect("readable");
    found.into_iter().filter_map(|logged| logged.signal.press_id).collect()
}

#[tokio::test]
async fn a_reader_stops_below_the_oldest_running_transaction() {
    let server = Server::start().await;
    let house = House::postgres(&server, "reader").await;
    let mut other = server.connect("reader").await;
    for end in ["COMMIT", "ROLLBACK"] {
        let first = signal(end, Some("r1"), "h1", at(0));
        other.execute("BEGIN").await.unwrap();
        other.execute(sqlx::AssertSqlSafe(insert(&first))).await.unwrap();
        let name = format!("after-{end}");
        house.write(take("h1", press(&name), at(1))).await;

        let begun = tokio::time::Instant::now();
        while begun.elapsed() < A_WHILE {
            assert!(
                !names(&house, 0).await.contains(&name),
                "it would stand before a row that is still to come"
            );
            tokio::time::sleep(A_WHILE / 20).await;
        }
        other.execute(end).await.unwrap();
        let seen = soon("the reader goes on", async || {
            let seen = names(&house, 0).await;
            seen.contains(&name).then_some(seen)
        })
        .await;
        let place = seen.iter().position(|other| *other == name).unwrap();
        assert_eq!(
            place.checked_sub(1).is_some_and(|before| seen[before] == end),
            end == "COMMIT",
            "{seen:?}"
        );
    }
    house.close().await;
}

/// A transaction that has its number already, but takes its place in the log only later.
struct Dawdles {
    gate: Arc<Gate>,
    signal: Signal,
}

#[async_trait]
impl Job for Dawdles {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        execute(connection, "INSERT INTO cursors VALUES ('dawdler', 1)").await?;
        self.gate.pass().await;
        execute(connection, &insert(&self.signal)).await
    }
}

/// A transaction that takes its place in the log and then takes its time.
struct Lingers {
    gate: Arc<Gate>,
    signal: Signal,
}

#[async_trait]
impl Job for Lingers {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        execute(connection, &insert(&self.signal)).await?;
        self.gate.pass().await;
        Ok(())
    }
}

/// The older transaction commits a later place in the log while the younger has not committed the earlier one.
#[tokio::test]
async fn two_platforms_leave_no_row_behind_a_reader() {
    let server = Server::start().await;
    let house = House::postgres(&server, "two").await;
    let neighbour = house.another().await;
    let (dawdling, lingering) = (Arc::new(Gate::default()), Arc::new(Gate::default()));
    let older = Dawdles { gate: Arc::clone(&dawdling), signal: signal("older", Some("r1"), "h1", at(0)) };
    let older = house.hand_in(older).await;
    dawdling.reached().await;
    let younger =
        Lingers { gate: Arc::clone(&lingering), signal: signal("younger", Some("r2"), "h2", at(0)) };
    let younger = neighbour.hand_in(younger).await;
    tokio::time::timeout(A_WHILE, lingering.reached_or_waits()).await.unwrap_or_default();
    dawdling.open();
    answer(older).await.unwrap();

    let mut seen = Vec::new();
    let mut cursor = 0;
    let begun = tokio::time::Instant::now();
    let mut follow = async || {
        for logged in house.store.signals_after(cursor, 100).await.unwrap() {
            cursor = logged.row;
            seen.extend(logged.signal.press_id);
        }
        seen.len()
    };
    while begun.elapsed() < A_WHILE {
        follow().await;
        tokio::time::sleep(A_WHILE / 20).await;
    }
    lingering.open();
    answer(younger).await.unwrap();
    soon("the reader has seen both", async || (follow().await == 2).then_some(())).await;
    neighbour.close().await;
    house.close().await;
}

/// A handset with a session at each of two platforms repeats its press to both.
#[tokio::test]
async fn one_press_at_two_platforms_is_one_press() {
    let server = Server::start().await;
    let house = House::postgres(&server, "twice").await;
    let neighbour = house.another().await;
    for number in 0..50 {
        let job = || -> TakePress { take("h1", press(&format!("p-{number}")), at(number)) };
        let (here, there) = tokio::join!(house.store.write(job()), neighbour.store.write(job()));
        here.expect("neither is refused");
        there.expect("neither is refused");
    }
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals").await, 50);
    neighbour.close().await;
    house.close().await;
}
