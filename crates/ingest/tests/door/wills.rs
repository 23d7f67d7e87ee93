//! Last wills: whose, when, and when not.

use std::time::Duration;

use model::HandsetId;
use protocol::UpKind;

use crate::common::{A_WHILE, BOTH, Client, Door, Hello, Version, publish, until};

const STATUS: &str = "jjl/h1/status";

fn hello(client_id: &str, delay_s: u32) -> Hello {
    Hello::new("h1", client_id).will(STATUS, "gone", delay_s)
}

#[tokio::test]
async fn a_will_is_published_when_the_client_vanishes_and_not_after_its_good_bye() {
    let door = Door::open().await;
    for version in BOTH {
        let mut polite = door.client_with(version, hello("c", 0)).await;
        polite.send_bytes(&[0xe0, 0]).await;
        assert_eq!(polite.ends().await, None);
    }
    tokio::time::sleep(A_WHILE).await;
    assert!(door.hall.arrived().is_empty());
    for (number, version) in BOTH.into_iter().enumerate() {
        drop(door.client_with(version, hello("c", 0)).await);
        until("the will", || door.hall.arrived().len() == number + 1).await;
    }
    assert!(door.hall.arrived().iter().all(|will| will.topic == STATUS && will.payload == "gone"));
}

#[tokio::test]
async fn a_good_bye_that_asks_for_the_will_gets_it() {
    let door = Door::open().await;
    let mut client = door.client_with(Version::V5, hello("c", 0)).await;
    client.send_bytes(&[0xe0, 1, 4]).await;
    until("the will", || door.hall.arrived_payloads() == ["gone"]).await;
}

#[tokio::test]
async fn a_will_on_anothers_topic_is_kept_aside_and_the_connection_refused() {
    let door = Door::open().await;
    for (version, code) in [(Version::V3, 5), (Version::V5, 0x87)] {
        for topic in [
            "jjl/h2/status",
            "jjl/h1/down/receipt",
            "owntracks/u/other",
            "jjl/h1/status\0",
            "jjl/+/status",
            "jjl/h1/#",
        ] {
            let mut client = Client::dial(door.address, version).await;
            let hello = Hello::new("h1", "c").will(topic, "lie", 0);
            assert_eq!(client.connect(hello).await, Some(code));
        }
    }
    assert_eq!(door.hall.misfits().len(), 12);
    assert!(door.hall.arrived().is_empty());
}

#[tokio::test]
async fn a_phones_will_stands_on_its_own_topic() {
    let door = Door::open().await;
    let hello = Hello::new("h1", "app").will("owntracks/u/d", r#"{"_type":"lwt","tst":1}"#, 0);
    drop(door.client_with(Version::V3, hello).await);
    until("the will", || door.hall.arrived().len() == 1).await;
    let will = door.hall.arrived().remove(0);
    assert_eq!((will.kind, will.topic.as_str()), (UpKind::OwnTracks, "owntracks/u/d"));
}

#[tokio::test]
async fn at_a_take_over_the_will_comes_before_anything_the_newcomer_says() {
    let door = Door::open().await;
    for _ in 0..20 {
        let _old = door.client_with(Version::V3, hello("c", 0)).await;
        let mut new = door.client(Version::V3, "h1", "c").await;
        new.publish(publish(STATUS, "here", 1)).await;
        assert_eq!(new.puback().await, (1, 0));
    }
    assert_eq!(door.hall.arrived_payloads(), ["gone", "here"].repeat(20));
}

#[tokio::test]
async fn a_delayed_will_waits_and_is_cancelled_by_the_return_of_its_session() {
    let door = Door::open().await;
    drop(door.client_with(Version::V5, hello("c", 1)).await);
    until("it has gone", || door.sessions.count() == 0).await;
    let back = door.client_with(Version::V5, hello("c", 1)).await;
    // A take-over is a return too.
    let again = door.client_with(Version::V5, hello("c", 1)).await;
    tokio::time::sleep(Duration::from_millis(1300)).await;
    assert!(door.hall.arrived().is_empty());
    drop((back, again));
    tokio::time::sleep(A_WHILE).await;
    assert!(door.hall.arrived().is_empty());
    until("the will, after its delay", || door.hall.arrived_payloads() == ["gone"]).await;
}

/// A thief does not press by being cut off, nor by having been cut off just before.
#[tokio::test]
async fn a_delayed_will_is_called_off_when_its_handset_must_log_in_again() {
    let door = Door::open().await;
    let handset = HandsetId::new("h1").unwrap();
    drop(door.client_with(Version::V5, Hello::new("h1", "c").will("jjl/h1/press", "thief", 1)).await);
    until("it has gone", || door.sessions.count() == 0).await;
    door.sessions.dismiss(&handset, 0);
    drop(door.client_with(Version::V5, Hello::new("h1", "d").will("jjl/h1/press", "thief", 1)).await);
    until("it has gone too", || door.sessions.count() == 0).await;
    // Their log-ins knew of no change.
    door.sessions.dismiss(&handset, 1);
    tokio::time::sleep(Duration::from_millis(1300)).await;
    assert!(door.hall.arrived().is_empty(), "{:?}", door.hall.arrived_payloads());
    drop(door.client_with(Version::V5, Hello::new("h2", "c").will("jjl/h2/press", "help", 1)).await);
    until("it has gone as well", || door.sessions.count() == 0).await;
    door.sessions.dismiss(&handset, 2);
    until("another's stands", || door.hall.arrived_payloads() == ["help"]).await;
}

#[tokio::test]
async fn silence_beyond_the_keep_alive_ends_the_connection_with_its_will() {
    let door = Door::open().await;
    let mut hello = hello("c", 0);
    hello.keep_alive_s = 1;
    let mut client = door.client_with(Version::V5, hello).await;
    let started = tokio::time::Instant::now();
    tokio::time::sleep(Duration::from_millis(900)).await;
    client.ping().await;
    assert_eq!(client.ends().await, Some(0x8d));
    assert!(started.elapsed() >= Duration::from_millis(2400), "{:?}", started.elapsed());
    until("the will", || door.hall.arrived_payloads() == ["gone"]).await;
}

#[tokio::test]
async fn a_stop_of_ours_publishes_no_will() {
    let door = Door::open().await;
    let mut client = door.client_with(Version::V5, hello("c", 0)).await;
    door.stop.cancel();
    assert_eq!(client.ends().await, Some(0x8b));
    door.tasks.close();
    door.tasks.wait().await;
    assert!(door.hall.arrived().is_empty());
}
