//! Sessions side by side, take-over, the fifth one.

use std::time::Duration;

use model::HandsetId;

use crate::common::{Door, Hello, Version, publish, until};

#[tokio::test]
async fn the_same_client_id_takes_its_session_over_and_another_handset_may_use_it_too() {
    let door = Door::open().await;
    let mut other = door.client(Version::V5, "h2", "c").await;
    let mut old = door.client(Version::V5, "h1", "c").await;
    let mut new = door.client(Version::V3, "h1", "c").await;
    assert_eq!(old.ends().await, Some(0x8e));
    new.ping().await;
    other.ping().await;
    assert_eq!(door.sessions.count(), 2);
    assert_eq!(door.hall.presence_told(), [("h2".to_owned(), true), ("h1".to_owned(), true)]);
}

#[tokio::test]
async fn a_publish_that_had_arrived_before_the_take_over_is_taken() {
    let door = Door::open().await;
    door.hall.hold();
    let mut old = door.client(Version::V3, "h1", "c").await;
    old.publish(publish("jjl/h1/press", "help", 1)).await;
    let _new = door.client(Version::V3, "h1", "c").await;
    assert_eq!(old.ends().await, None);
    until("it arrived", || door.hall.arrived().len() == 1).await;
    door.hall.let_all_through();
    until("it is on disk", || door.hall.stored().len() == 1).await;
}

#[tokio::test]
async fn a_fifth_session_sends_the_one_away_that_was_silent_longest() {
    let door = Door::open().await;
    let mut clients = Vec::new();
    for name in ["a", "b", "c", "d"] {
        clients.push(door.client(Version::V5, "h1", name).await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    clients[0].ping().await;
    let mut fifth = door.client(Version::V5, "h1", "e").await;
    assert_eq!(clients[1].ends().await, Some(0x97));
    fifth.ping().await;
    for place in [0, 2, 3] {
        clients[place].ping().await;
    }
    assert_eq!(door.sessions.count(), 4);
}

#[tokio::test]
async fn presence_is_told_for_the_first_session_and_the_last() {
    let door = Door::open().await;
    let first = door.client(Version::V3, "h1", "a").await;
    let second = door.client(Version::V3, "h1", "b").await;
    drop(first);
    until("one has gone", || door.sessions.count() == 1).await;
    drop(second);
    until("it is told", || door.hall.presence_told().len() == 2).await;
    assert_eq!(door.hall.presence_told(), [("h1".to_owned(), true), ("h1".to_owned(), false)]);
}

/// Whoever copied a handset's secret is found while both speak, and nobody who only moved to another network.
#[tokio::test]
async fn a_handset_that_speaks_from_two_networks_is_seen() {
    const SIDE_BY_SIDE: Duration = Duration::from_millis(50);
    let door = Door::open().await;
    // The handset `h1` has a telephone, which is elsewhere as it likes.
    let in_two_places = || door.sessions.in_two_places(SIDE_BY_SIDE);
    let (mut here, mut beside) =
        (door.client(Version::V5, "h2", "a").await, door.client(Version::V3, "h2", "b").await);
    let mut handset = door.client(Version::V5, "h1", "a").await;
    let mut telephone = door.client_from("127.0.0.2", Hello::new("h1", "b")).await;
    let mut moved = door.client(Version::V5, "h3", "a").await;
    let mut elsewhere = door.client_from("127.0.0.2", Hello::new("h2", "c")).await;
    let mut where_it_moved = door.client_from("127.0.0.2", Hello::new("h3", "b")).await;
    moved.ping().await;
    assert!(in_two_places().is_empty(), "not for so long yet");
    tokio::time::sleep(2 * SIDE_BY_SIDE).await;
    for client in [&mut here, &mut beside, &mut where_it_moved, &mut handset, &mut telephone] {
        client.ping().await;
    }
    assert!(in_two_places().is_empty(), "one of each says nothing any more, or both are in one network");
    elsewhere.ping().await;
    assert_eq!(in_two_places(), [HandsetId::new("h2").unwrap()]);
    drop(elsewhere);
    until("it has gone", || in_two_places().is_empty()).await;
}
