//! Everybody comes back with hours of positions: what is large waits in the handsets, what is small and every press passes.

use crate::common::{A_WHILE, Client, Door, Version, publish, until};

const LARGE: usize = 900_000;
/// More than there is room for.
const CROWD: u16 = 30;
/// What there is room for.
const ROOM: usize = 16 * 1024 * 1024 / LARGE;

async fn send_large(door: &Door, number: u16, part: usize) -> Client {
    let handset = format!("h{number}");
    let mut client = door.client(Version::V5, &handset, "c").await;
    let packet = client.publish_packet(publish(&format!("jjl/{handset}/fix"), vec![b'x'; LARGE], 1));
    let bytes = client.encode(packet);
    // A socket takes only so much of what nobody reads.
    drop(tokio::time::timeout(A_WHILE, client.send_bytes(&bytes[..part])).await);
    client
}

#[tokio::test]
async fn large_batches_wait_in_the_handsets_and_a_press_passes_them() {
    let door = Door::open().await;
    door.hall.hold();
    let mut crowd = tokio::task::JoinSet::new();
    for number in 1..=CROWD {
        let (address, handset) = (door.address, format!("h{number}"));
        crowd.spawn(async move {
            let mut client = Client::dial(address, Version::V5).await;
            client.connect(crate::common::Hello::new(&handset, "c")).await;
            client.publish(publish(&format!("jjl/{handset}/fix"), vec![b'x'; LARGE], 1)).await;
            client.puback().await
        });
    }
    until("the room is full", || door.hall.arrived().len() == ROOM).await;
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(door.hall.arrived().len(), ROOM);
    let mut other = door.client(Version::V3, "other", "c").await;
    for (topic, payload, id) in [("fix", "small", 1), ("press", "pressed", 2)] {
        other.publish(publish(&format!("jjl/other/{topic}"), payload, id)).await;
        door.hall.let_through(payload);
        assert_eq!(other.puback().await, (id, 0));
    }
    other.publish(publish("jjl/other/fall", vec![b'f'; 200_000], 3)).await;
    until("the fall is there", || door.hall.arrived().len() == ROOM + 3).await;
    door.hall.let_all_through();
    for acknowledged in crowd.join_all().await {
        assert_eq!(acknowledged, (1, 0));
    }
    assert_eq!(door.hall.stored().len(), usize::from(CROWD) + 3);
}

#[tokio::test]
async fn a_press_behind_a_large_batch_is_heard_although_the_disk_takes_nothing() {
    let door = Door::open_with(|config| config.bulk_timeout_ms = 300).await;
    door.hall.hold();
    let mut crowd = Vec::new();
    for number in 1..=CROWD {
        crowd.push(send_large(&door, number, LARGE).await);
    }
    let mut last = door.client(Version::V5, "last", "c").await;
    last.publish(publish("jjl/last/fix", vec![b'x'; LARGE], 1)).await;
    last.publish(publish("jjl/last/press", "pressed", 2)).await;
    until("the press is there", || door.hall.arrived_payloads().iter().any(|payload| payload == "pressed"))
        .await;
}

/// Small batches of everybody fill what may be under way: each connection is read less of, but not for ever.
#[tokio::test]
async fn a_press_behind_a_small_batch_is_heard_although_the_disk_takes_nothing() {
    const SMALL: usize = 15_000;
    let door = Door::open_with(|config| config.bulk_timeout_ms = 300).await;
    door.hall.hold();
    let mut crowd = tokio::task::JoinSet::new();
    for number in 1..=20 {
        let (handset, mut client) =
            (format!("h{number}"), door.client(Version::V5, &format!("h{number}"), "c").await);
        crowd.spawn(async move {
            for id in 1..=64 {
                client.publish(publish(&format!("jjl/{handset}/fix"), vec![b'x'; SMALL], id)).await;
            }
            client
        });
    }
    until("much is under way", || door.hall.arrived().len() > 16 * 1024 * 1024 / SMALL).await;
    let mut last = door.client(Version::V5, "last", "c").await;
    last.publish(publish("jjl/last/fix", vec![b'x'; SMALL], 1)).await;
    last.publish(publish("jjl/last/press", "pressed", 2)).await;
    until("the press is there", || door.hall.arrived_payloads().iter().any(|payload| payload == "pressed"))
        .await;
}

#[tokio::test]
async fn batches_that_do_not_go_on_keep_nobody_waiting() {
    let door = Door::open_with(|config| config.bulk_timeout_ms = 300).await;
    let mut slow = Vec::new();
    for number in 1..=CROWD {
        slow.push(send_large(&door, number, LARGE / 2).await);
    }
    let mut other = door.client(Version::V3, "other", "c").await;
    other.publish(publish("jjl/other/fix", vec![b'y'; LARGE], 1)).await;
    assert_eq!(other.puback().await, (1, 0));
}
