//! The connection cap: who gets a place, and who gives way.

use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use crate::common::{Client, Door, Hello, SOON, Version, publish, until};

#[tokio::test]
async fn beyond_the_cap_a_connection_is_closed_before_it_says_anything() {
    let door = Door::open_with(|config| config.max_connections = 2).await;
    let mut first = door.client(Version::V3, "h1", "c").await;
    let second = door.client(Version::V3, "h2", "c").await;
    let mut third = Client::dial(door.address, Version::V3).await;
    assert_eq!(third.ends().await, None);
    first.ping().await;
    drop(second);
    until("the place is free", || door.sessions.count() == 1).await;
    // The session is gone a moment before its place is.
    until_in(&door, "h3").await;
}

/// Dials until it gets in.
async fn until_in(door: &Door, handset: &str) {
    let again = async {
        loop {
            let mut client = Client::dial(door.address, Version::V3).await;
            let mut byte = [0];
            let read = tokio::time::timeout(Duration::from_millis(50), client.stream.read(&mut byte)).await;
            if read.is_err() {
                return client.connect(Hello::new(handset, "c")).await;
            }
        }
    };
    assert_eq!(tokio::time::timeout(SOON, again).await.expect("a place, in time"), Some(0));
}

#[tokio::test]
async fn when_all_places_are_taken_the_longest_silent_stranger_gives_way() {
    let door = Door::open_with(|config| config.max_connections = 3).await;
    let mut known = door.client(Version::V3, "h1", "c").await;
    let mut first = Client::dial(door.address, Version::V3).await;
    let mut second = Client::dial(door.address, Version::V3).await;
    // A beginning is not a CONNECT.
    first.send_bytes(b"\x10\x20\x00\x04MQ").await;
    let mut newcomer = door.client(Version::V5, "h2", "c").await;
    assert_eq!(first.ends().await, None);
    assert_eq!(second.connect(Hello::new("h3", "c")).await, Some(0), "the later stranger stays");
    for client in [&mut known, &mut newcomer, &mut second] {
        client.ping().await;
    }
    assert_eq!(Client::dial(door.address, Version::V3).await.ends().await, None, "all are known now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_strangers_keeps_no_handset_out() {
    let door = Door::open_with(|config| config.max_connections = 20).await;
    let mut steady = door.client(Version::V3, "h1", "c").await;
    let mut crowd = Vec::new();
    for number in 1..=50_u16 {
        for _ in 0..10 {
            crowd.push(Client::dial(door.address, Version::V3).await);
        }
        let handset = format!("n{number}");
        let mut newcomer = door.client(Version::V5, &handset, "c").await;
        newcomer.publish(publish(&format!("jjl/{handset}/press"), "help", 1)).await;
        assert_eq!(newcomer.puback().await, (1, 0));
        steady.publish(publish("jjl/h1/press", number.to_string(), number)).await;
        assert_eq!(steady.puback().await, (number, 0));
    }
    until("they are gone", || door.sessions.count() == 1).await;
    assert_eq!(door.hall.stored().len(), 100);
}

#[tokio::test]
async fn whoever_has_sent_its_connect_is_not_sent_away() {
    let door = Door::open_with(|config| config.max_connections = 1).await;
    let mut waiting = Client::dial(door.address, Version::V3).await;
    // Its secret takes long to check.
    let hello = waiting.hello(Hello::new("stuck", "c"));
    waiting.send_bytes(&hello).await;
    until("it is being checked", || door.hall.log_ins() == 1).await;
    assert_eq!(Client::dial(door.address, Version::V3).await.ends().await, None);
    waiting.hears_nothing().await;
}
