//! A job that cannot be done takes nobody of its group with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use store::{Connection, Job, JobError, Lane, WriterHealth};

use crate::common::{
    House, answer,
    jobs::{Before, LIFE, Noted, Run, execute},
};

const NOTE: &str =
    "INSERT INTO quarantine (topic, received_at_us, reason, payload) VALUES ('noted', 0, 'poison', '');";

#[tokio::test]
async fn a_poisoned_job_takes_nobody_with_it() {
    let house = House::sqlite().await;
    let gate = house.hold().await;
    let mut poisoned = Vec::new();
    let mut sound = Vec::new();
    for (place, fault) in [
        "INSERT INTO cursors (name, position) VALUES ('a', 1), ('a', 2)",
        "INSERT INTO cursors (name, position) VALUES ('a', NULL)",
        "INSERT INTO platform VALUES (2, '', '', 0, 0)",
        "INSERT INTO bindings VALUES ('h', 'r', 0, NULL)",
        "INSERT INTO audit_seals VALUES ('text', 0, '')",
        "INSERT INTO audit_seals VALUES (1, 0, zeroblob(2000000000))",
        "INSERT INTO audit_seals VALUES (1, 0, abs(-9223372036854775808))",
        "SELECT * FROM json_each('not json')",
        "SELECT * FROM nowhere",
    ]
    .into_iter()
    .enumerate()
    {
        sound.push(house.hand_in(Noted::<LIFE>::new(place, Before::Nothing)).await);
        poisoned.push((fault, house.hand_in(Run(format!("{NOTE} {fault}"))).await));
    }
    gate.open();
    for (fault, handed_in) in poisoned {
        assert!(answer(handed_in).await.is_err(), "{fault}");
    }
    for handed_in in sound {
        answer(handed_in).await.unwrap();
    }
    assert_eq!(house.noted().await, (0..9).map(|place| place.to_string()).collect::<Vec<_>>());
    assert_eq!(house.store.health(), WriterHealth::default(), "the database was never in trouble");
    house.close().await;
}

/// Takes a name, but only at its first attempt; then it gives up.
struct TakesANameOnce(AtomicBool);

#[async_trait]
impl Job for TakesANameOnce {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        if self.0.swap(true, Ordering::Relaxed) {
            return Err(JobError::Conflict);
        }
        execute(connection, "INSERT INTO cursors VALUES ('name', 1)").await
    }
}

#[tokio::test]
async fn nobody_is_refused_on_the_word_of_what_was_undone() {
    let house = House::sqlite().await;
    let gate = house.hold().await;
    let first = house.hand_in(TakesANameOnce(AtomicBool::new(false))).await;
    let second = house.hand_in(Run("INSERT INTO cursors VALUES ('name', 2)".to_owned())).await;
    let third = house.hand_in(Noted::<LIFE>::new("third", Before::FailsOnce(AtomicBool::new(false)))).await;
    gate.open();
    assert!(matches!(answer(first).await, Err(JobError::Conflict)));
    answer(second).await.expect("the name is free, since the first taking of it was undone");
    answer(third).await.unwrap();
    house.close().await;
}

/// Breaks a rule that is looked at only at the commit, as long as somebody waits for it.
struct FailsAtTheCommit;

#[async_trait]
impl Job for FailsAtTheCommit {
    type Output = ();
    const LANE: Lane = Lane::Life;
    const ABANDONABLE: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        execute(connection, "INSERT INTO child VALUES (1)").await
    }
}

#[tokio::test]
async fn a_commit_that_failed_leaves_no_open_transaction() {
    let house = House::sqlite().await;
    house.run("CREATE TABLE parent (id INTEGER PRIMARY KEY)").await;
    house.run("CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)").await;
    let stuck = house.hand_in(FailsAtTheCommit).await;
    crate::common::soon("the commit fails", async || house.store.health().failing).await;
    stuck.abort();
    house.write(Noted::<LIFE>::new("after", Before::Nothing)).await;
    assert_eq!(house.noted().await, ["after"]);
    assert_eq!(house.store.health(), WriterHealth::default());
    house.close().await;
}

#[tokio::test]
async fn a_failure_of_the_database_is_nobodys_own() {
    let house = House::sqlite().await;
    let gate = house.hold().await;
    let mut handed_in = Vec::new();
    for place in 0..100 {
        let before =
            if place % 30 == 7 { Before::FailsOnce(AtomicBool::new(false)) } else { Before::Nothing };
        handed_in.push(house.hand_in(Noted::<LIFE>::new(place, before)).await);
    }
    Arc::clone(&gate).open();
    for job in handed_in {
        answer(job).await.unwrap();
    }
    assert_eq!(house.noted().await, (0..100).map(|place| place.to_string()).collect::<Vec<_>>());
    assert_eq!(house.store.health(), WriterHealth::default());
    house.close().await;
}
