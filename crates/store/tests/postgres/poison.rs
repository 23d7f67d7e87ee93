//! A failed statement ends PostgreSQL's transaction unless it stood in a savepoint.

use store::WriterHealth;

use crate::common::{
    House, answer,
    jobs::{Before, LIFE, Noted, Run},
    postgres::Server,
};

const FAULTS: [&str; 10] = [
    "INSERT INTO cursors (name, position) VALUES ('a', 1), ('a', 2)",
    "INSERT INTO cursors (name, position) VALUES ('a', NULL)",
    "INSERT INTO platform VALUES (2, '', '', 0, 0)",
    "INSERT INTO bindings VALUES ('h', 'r', 0, NULL)",
    "SELECT 'x'::bigint",
    "SELECT 9999999999::bigint::int",
    "INSERT INTO cursors VALUES ('x', TRUE)",
    "INSERT INTO cursors SELECT string_agg(md5(i::text), ''), 0 FROM generate_series(1, 1000) i",
    "SELECT '{\"a\":\"\\u0000\"}'::jsonb ->> 'a'",
    "SELECT * FROM nowhere",
];

#[tokio::test]
async fn a_poisoned_job_takes_nobody_with_it() {
    let server = Server::start().await;
    let house = House::postgres(&server, "poison").await;
    let gate = house.hold().await;
    let (mut poisoned, mut sound) = (Vec::new(), Vec::new());
    for (place, fault) in FAULTS.into_iter().enumerate() {
        sound.push(house.hand_in(Noted::<LIFE>::new(place, Before::Nothing)).await);
        poisoned.push((fault, house.hand_in(Run(fault.to_owned())).await));
    }
    gate.open();
    for (fault, handed_in) in poisoned {
        assert!(answer(handed_in).await.is_err(), "{fault}");
    }
    for handed_in in sound {
        answer(handed_in).await.unwrap();
    }
    assert_eq!(house.noted().await, (0..FAULTS.len()).map(|place| place.to_string()).collect::<Vec<_>>());
    assert_eq!(house.store.health(), WriterHealth::default(), "the database was never in trouble");
    house.close().await;
}
