//! Connections that are cut: before a publish is whole it never was, after that it is taken.

use tokio::io::AsyncWriteExt as _;

use crate::common::{A_WHILE, BOTH, Client, Door, Version, publish, until};

#[tokio::test]
async fn a_publish_cut_anywhere_is_nothing_and_a_whole_one_is_taken() {
    let door = Door::open().await;
    for version in BOTH {
        let mut client = door.client(version, "h1", "c").await;
        let packet = client.publish_packet(publish("jjl/h1/press", "help me now", 5));
        let whole = client.encode(packet);
        for cut in 1..whole.len() {
            client.send_bytes(&whole[..cut]).await;
            client = door.client(version, "h1", "c").await;
        }
        drop(client);
    }
    until("all have gone", || door.sessions.count() == 0).await;
    assert!(door.hall.arrived().is_empty());
}

#[tokio::test]
async fn a_whole_publish_is_taken_although_the_connection_ends_before_its_puback() {
    let door = Door::open().await;
    door.hall.hold();
    for (number, version) in BOTH.into_iter().enumerate() {
        for hard in [false, true] {
            let mut client = door.client(version, "h1", "c").await;
            client.publish(publish("jjl/h1/press", "help", 5)).await;
            if hard {
                client.stream.set_zero_linger().unwrap();
                tokio::time::sleep(A_WHILE / 3).await;
            }
            drop(client);
        }
        until("both arrived", || door.hall.arrived().len() == 2 * (number + 1)).await;
    }
    until("all have gone", || door.sessions.count() == 0).await;
    assert!(door.hall.stored().is_empty());
    door.hall.let_all_through();
    until("all are on disk", || door.hall.stored().len() == 4).await;
}

#[tokio::test]
async fn publishes_behind_a_full_window_are_taken_when_the_client_hangs_up() {
    let door = Door::open().await;
    door.hall.hold();
    let mut client = door.client(Version::V3, "h1", "c").await;
    for number in 1..=100_u16 {
        client.publish(publish("jjl/h1/fix", number.to_string(), number)).await;
    }
    client.stream.shutdown().await.unwrap();
    drop(client);
    until("the window is full", || door.hall.arrived().len() >= 64).await;
    door.hall.let_all_through();
    until("the rest is taken too", || door.hall.stored().len() == 100).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_reconnects_none_loses_an_acknowledged_press_and_none_is_made_up() {
    let door = Door::open().await;
    let mut acknowledged = Vec::new();
    for round in 0..200_u16 {
        let version = BOTH[usize::from(round % 2)];
        let mut client = door.client(version, "h1", "c").await;
        let payload = format!("p-{round}");
        client.publish(publish("jjl/h1/press", payload.clone(), 1)).await;
        if round % 3 != 0 {
            assert_eq!(client.puback().await, (1, 0));
        }
        acknowledged.push(payload);
        if round % 5 == 0 {
            client.stream.shutdown().await.unwrap();
        }
    }
    until("all are on disk", || door.hall.stored().len() == 200).await;
    assert_eq!(door.hall.arrived_payloads(), acknowledged);
}

#[tokio::test]
async fn a_connection_that_breaks_touches_no_other() {
    let door = Door::open().await;
    let mut steady = door.client(Version::V3, "h2", "c").await;
    for number in 1..=20_u16 {
        let mut broken = Client::dial(door.address, Version::V3).await;
        broken.send_bytes(&[0x10, 0xff]).await;
        broken.stream.set_zero_linger().unwrap();
        drop(broken);
        steady.publish(publish("jjl/h2/fix", "x", number)).await;
        assert_eq!(steady.puback().await, (number, 0));
    }
}
