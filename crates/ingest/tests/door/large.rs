//! Large payloads: a press may be, anything else may not.

use bytes::Bytes;

use crate::common::{BOTH, Door, Version, publish, until};

const MEBIBYTE: usize = 1024 * 1024;

#[tokio::test]
async fn a_press_of_10_megabytes_is_taken_whole() {
    let door = Door::open().await;
    for version in BOTH {
        let mut client = door.client(version, "h1", "c").await;
        client.publish(publish("jjl/h1/press", vec![b'x'; 10_000_000], 1)).await;
        assert_eq!(client.puback().await, (1, 0));
        client.publish(publish("jjl/h1/fix", "small", 2)).await;
        assert_eq!(client.puback().await, (2, 0));
    }
    let sizes: Vec<usize> = door.hall.stored().iter().map(|message| message.payload.len()).collect();
    assert_eq!(sizes, [10_000_000, 5, 10_000_000, 5]);
}

#[tokio::test]
async fn a_press_beyond_the_packet_limit_is_still_a_press_known_by_its_beginning() {
    for version in BOTH {
        let door = Door::open_with(|config| config.max_packet_bytes = 2 * MEBIBYTE).await;
        let mut client = door.client(version, "h1", "c").await;
        let packet = client.publish_packet(publish("jjl/h1/press", vec![b'x'; 3 * MEBIBYTE], 1));
        let bytes = client.encode(packet);
        client.send_bytes(&bytes[..200_000]).await;
        let want = (version == Version::V5).then_some(0x95);
        assert_eq!(client.ends().await, want);
        let stored = door.hall.stored();
        assert_eq!(stored.len(), 1);
        assert_eq!(stored[0].oversized, Some(3 * MEBIBYTE as u64));
        assert_eq!(stored[0].payload, Bytes::from(vec![b'x'; 64 * 1024]));
    }
}

#[tokio::test]
async fn anything_else_beyond_a_mebibyte_is_kept_in_part_and_ends_the_connection() {
    let door = Door::open().await;
    for version in BOTH {
        let mut client = door.client(version, "h1", "c").await;
        client.publish(publish("jjl/h1/fix", vec![b'y'; MEBIBYTE], 1)).await;
        assert_eq!(client.puback().await, (1, 0), "the limit itself is allowed");
        let packet = client.publish_packet(publish("jjl/h1/fix", vec![b'z'; MEBIBYTE + 1], 2));
        let bytes = client.encode(packet);
        client.send_bytes(&bytes[..100_000]).await;
        let want = (version == Version::V5).then_some(0x95);
        assert_eq!(client.ends().await, want);
    }
    let misfits = door.hall.misfits();
    assert_eq!(misfits.len(), 2);
    assert!(
        misfits.iter().all(|(_, payload, reason)| payload.len() == 64 * 1024 && reason.contains("1048577"))
    );
}

#[tokio::test]
async fn a_large_publish_on_anothers_topic_is_not_waited_for() {
    let door = Door::open().await;
    let mut client = door.client(Version::V5, "h1", "c").await;
    let packet = client.publish_packet(publish("jjl/h2/press", vec![b'z'; 2 * MEBIBYTE], 2));
    let bytes = client.encode(packet);
    client.send_bytes(&bytes[..100_000]).await;
    assert_eq!(client.ends().await, Some(0x95));
    until("it is kept aside", || door.hall.misfits().len() == 1).await;
    assert!(door.hall.arrived().is_empty());
}

#[tokio::test]
async fn a_control_packet_of_a_megabyte_ends_the_connection() {
    let door = Door::open().await;
    let mut client = door.client(Version::V5, "h1", "c").await;
    client.send_bytes(&[0x82, 0x80, 0x80, 0x40]).await;
    assert_eq!(client.ends().await, Some(0x95));
}
