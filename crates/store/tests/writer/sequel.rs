//! What follows from signals is committed with them, and never at their cost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use store::{Afterwards, Connection, JobError, Sequel};

use crate::common::{
    House,
    jobs::{Before, LIFE, Noted, execute},
    made::{at, press, take},
};

const NOTE: &str =
    "INSERT INTO quarantine (topic, received_at_us, reason, payload) VALUES ('noted', 0, 'sequel', '')";

/// How often it was run, and how often it was told that what it did is on disk.
#[derive(Clone, Default)]
struct Counted {
    runs: Arc<AtomicUsize>,
    afterwards: Arc<AtomicUsize>,
}

impl Counted {
    fn counts(&self) -> (usize, usize) {
        (self.runs.load(Ordering::Relaxed), self.afterwards.load(Ordering::Relaxed))
    }
}

/// Leaves a note, then does what the test wants.
struct Notes {
    counted: Counted,
    then: fn(usize) -> Result<(), JobError>,
}

#[async_trait]
impl Sequel for Notes {
    async fn run(&self, connection: &mut Connection) -> Result<Afterwards, JobError> {
        execute(connection, NOTE).await?;
        (self.then)(self.counted.runs.fetch_add(1, Ordering::Relaxed))?;
        let afterwards = Arc::clone(&self.counted.afterwards);
        Ok(Box::new(move || {
            afterwards.fetch_add(1, Ordering::Relaxed);
        }))
    }
}

async fn house_with(then: fn(usize) -> Result<(), JobError>) -> (House, Counted) {
    let (house, counted) = (House::sqlite().await, Counted::default());
    house.store.set_sequel(Notes { counted: counted.clone(), then });
    (house, counted)
}

#[tokio::test]
async fn it_is_on_disk_with_the_press() {
    let (house, counted) = house_with(|_| Ok(())).await;
    house.write(take("h1", press("p-1"), at(0))).await;
    assert_eq!(counted.counts(), (1, 1));
    assert_eq!(house.noted().await, ["sequel"]);
    house.close().await;
}

#[tokio::test]
async fn what_brings_no_signal_has_none() {
    let (house, counted) = house_with(|_| Ok(())).await;
    house.write(Noted::<LIFE>::new("a", Before::Nothing)).await;
    assert_eq!(counted.counts(), (0, 0));
    house.close().await;
}

#[tokio::test]
async fn a_press_is_committed_though_its_sequel_fails() {
    let (house, counted) = house_with(|_| Err(JobError::Broken("refused".to_owned()))).await;
    house.write(take("h1", press("p-1"), at(0))).await;
    assert_eq!(counted.counts(), (1, 0), "nobody hears of what is undone");
    assert!(house.noted().await.is_empty(), "its note is undone");
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals").await, 1);
    house.close().await;
}

#[tokio::test]
async fn a_press_is_committed_without_a_sequel_that_meets_trouble() {
    let trouble = |_| Err(sqlx::Error::Io(std::io::ErrorKind::BrokenPipe.into()).into());
    let (house, counted) = house_with(trouble).await;
    house.write(take("h1", press("p-1"), at(0))).await;
    assert_eq!(counted.counts(), (1, 0), "not tried again at the press's cost");
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals").await, 1);
    house.write(take("h1", press("p-2"), at(1))).await;
    assert_eq!(counted.counts().0, 2, "the next press has one again");
    house.close().await;
}

#[tokio::test]
async fn a_press_is_committed_though_its_sequel_panics() {
    let (house, counted) = house_with(|_| unreachable!("this sequel panics, as its test wants")).await;
    house.write(take("h1", press("p-1"), at(0))).await;
    assert_eq!(counted.counts(), (1, 0));
    assert!(house.noted().await.is_empty(), "its note is undone");
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals").await, 1);
    house.close().await;
}

/// Panics when it is told that what it did is on disk.
struct PanicsAfterwards;

#[async_trait]
impl Sequel for PanicsAfterwards {
    async fn run(&self, _connection: &mut Connection) -> Result<Afterwards, JobError> {
        Ok(Box::new(|| unreachable!("this panics, as its test wants")))
    }
}

#[tokio::test]
async fn a_press_is_answered_though_telling_of_its_sequel_panics() {
    let house = House::sqlite().await;
    house.store.set_sequel(PanicsAfterwards);
    house.write(take("h1", press("p-1"), at(0))).await;
    house.write(take("h1", press("p-2"), at(1))).await;
    house.close().await;
}
