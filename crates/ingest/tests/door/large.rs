//! Large payloads: a press may be, anything else may not, and what is behind is read whatever was too large.

use std::num::NonZeroU16;

use bytes::Bytes;
use rmqtt_codec::types::Publish;
use rmqtt_codec::v5;

use crate::common::{BOTH, Client, Door, Version, publish, until};

const MEBIBYTE: usize = 1024 * 1024;

/// Publishes as bytes, one behind the other.
fn in_a_row(client: &mut Client, publishes: impl IntoIterator<Item = Publish>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for one in publishes {
        let packet = client.publish_packet(one);
        bytes.extend_from_slice(&client.encode(packet));
    }
    bytes
}

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
        let huge = publish("jjl/h1/press", vec![b'x'; 3 * MEBIBYTE], 1);
        let bytes = in_a_row(&mut client, [huge, publish("jjl/h1/press", "again", 2)]);
        let (beginning, rest) = bytes.split_at(200_000);
        client.send_bytes(beginning).await;
        until("its beginning is on disk", || door.hall.stored().len() == 1).await;
        client.hears_nothing().await;
        client.send_bytes(rest).await;
        assert_eq!(client.puback().await, (1, 0), "it is a press, and it is taken");
        assert_eq!(client.puback().await, (2, 0));
        client.ping().await;
        let stored = door.hall.stored();
        assert_eq!(stored.len(), 2);
        assert_eq!(stored[0].oversized, Some(3 * MEBIBYTE as u64));
        assert_eq!(stored[0].payload, Bytes::from(vec![b'x'; 64 * 1024]));
        assert_eq!((stored[1].oversized, &stored[1].payload), (None, &Bytes::from("again")));
    }
}

#[tokio::test]
async fn positions_of_four_mebibytes_are_taken_whole_in_their_order() {
    let door = Door::open().await;
    for version in BOTH {
        let mut client = door.client(version, "h1", "c").await;
        let all = [
            publish("jjl/h1/fix", vec![b'y'; 4 * MEBIBYTE], 1),
            publish("jjl/h1/fix", vec![b'z'; MEBIBYTE + 1], 2),
            publish("jjl/h1/press", "help", 3),
        ];
        let bytes = in_a_row(&mut client, all);
        client.send_bytes(&bytes).await;
        for id in 1..=3 {
            assert_eq!(client.puback().await, (id, 0));
        }
    }
    let sizes: Vec<usize> = door.hall.stored().iter().map(|message| message.payload.len()).collect();
    assert_eq!(sizes, [4 * MEBIBYTE, MEBIBYTE + 1, 4, 4 * MEBIBYTE, MEBIBYTE + 1, 4]);
    assert!(door.hall.misfits().is_empty());
}

#[tokio::test]
async fn anything_else_beyond_a_mebibyte_is_kept_in_part_and_a_press_behind_it_is_taken() {
    let door = Door::open().await;
    for version in BOTH {
        let mut client = door.client(version, "h1", "c").await;
        let all = [
            publish("jjl/h1/status", vec![b'y'; MEBIBYTE], 1),
            publish("jjl/h1/status", vec![b'z'; MEBIBYTE + 1], 2),
            publish("jjl/h1/fix", vec![b'z'; 5 * MEBIBYTE], 0),
            publish("jjl/h1/press", "help", 3),
        ];
        let bytes = in_a_row(&mut client, all);
        client.send_bytes(&bytes).await;
        assert_eq!(client.puback().await, (1, 0), "the limit itself is allowed");
        let too_large = if version == Version::V5 { 0x97 } else { 0 };
        assert_eq!(client.puback().await, (2, too_large), "or it would come again, before the press");
        assert_eq!(client.puback().await, (3, 0), "QoS 0 has no answer");
        client.ping().await;
    }
    let presses = door.hall.stored().iter().filter(|message| message.payload == "help").count();
    assert_eq!(presses, 2);
    let misfits = door.hall.misfits();
    assert_eq!(misfits.len(), 2);
    for (topic, payload, reason) in misfits {
        assert!(topic == "jjl/h1/status" && payload.len() == 64 * 1024, "{topic} {}", payload.len());
        assert!(reason.contains("1048577"), "{reason}");
    }
    let stored = door.hall.stored();
    let cut: Vec<_> = stored.iter().filter(|message| message.oversized.is_some()).collect();
    assert_eq!(cut.len(), 2, "the positions at the beginning of too many are positions");
    for fixes in cut {
        assert_eq!((fixes.topic.as_str(), fixes.payload.len()), ("jjl/h1/fix", 64 * 1024));
        assert_eq!(fixes.oversized, Some(5 * MEBIBYTE as u64));
    }
}

/// The disk takes nothing: what goes by needs no room.
#[tokio::test]
async fn a_press_behind_what_is_too_large_is_heard_although_the_disk_takes_nothing() {
    for version in BOTH {
        let door = Door::open().await;
        door.hall.hold();
        let mut client = door.client(version, "h1", "c").await;
        let fix = publish("jjl/h1/fix", vec![b'z'; 5 * MEBIBYTE], 1);
        let bytes = in_a_row(&mut client, [fix, publish("jjl/h1/press", "help", 2)]);
        client.send_bytes(&bytes).await;
        let is_help = |payload: &String| payload == "help";
        until("the press is there", || door.hall.arrived_payloads().iter().any(is_help)).await;
        client.hears_nothing().await;
        door.hall.let_all_through();
        assert_eq!(client.puback().await.0, 1);
        assert_eq!(client.puback().await, (2, 0));
        assert_eq!(door.hall.arrived().len(), 2);
    }
}

/// Its alias is zero.
#[tokio::test]
async fn a_large_press_against_the_rules_is_a_press_known_by_its_beginning() {
    let door = Door::open().await;
    let mut client = door.client(Version::V5, "h1", "c").await;
    let mut press = publish("jjl/h1/press", vec![b'x'; 2 * MEBIBYTE], 1);
    press.properties =
        Some(v5::PublishProperties { topic_alias: NonZeroU16::new(1), ..v5::PublishProperties::default() });
    let mut bytes = in_a_row(&mut client, [press]);
    let alias = bytes.windows(3).position(|window| window == [0x23, 0, 1]).unwrap();
    bytes[alias + 2] = 0;
    client.send_bytes(&bytes[..100_000]).await;
    until("its beginning is on disk", || door.hall.stored().len() == 1).await;
    let press = door.hall.stored().remove(0);
    assert_eq!((press.payload.len(), press.oversized), (64 * 1024, Some(2 * MEBIBYTE as u64)));
    until("its connection has ended", || door.sessions.count() == 0).await;
}

/// What is read whole takes room until it is on disk: whoever has no more is held back, but not for long.
#[tokio::test]
async fn a_press_behind_positions_that_are_read_whole_is_heard_although_the_disk_takes_nothing() {
    let rows: [&[usize]; 4] =
        [&[2 * MEBIBYTE], &[4 * MEBIBYTE], &[MEBIBYTE - 1, 4 * MEBIBYTE], &[2 * MEBIBYTE, 2 * MEBIBYTE]];
    for (version, sizes) in BOTH.iter().flat_map(|version| rows.map(|sizes| (*version, sizes))) {
        let door = Door::open_with(|config| config.bulk_timeout_ms = 300).await;
        door.hall.hold();
        let mut client = door.client(version, "h1", "c").await;
        let fixes = (1..).zip(sizes).map(|(id, size)| publish("jjl/h1/fix", vec![b'z'; *size], id));
        let bytes = in_a_row(&mut client, fixes.chain([publish("jjl/h1/press", "help", 9)]));
        client.send_bytes(&bytes).await;
        let is_help = |payload: &String| payload == "help";
        until("the press is there", || door.hall.arrived_payloads().iter().any(is_help)).await;
        client.hears_nothing().await;
        door.hall.let_all_through();
        for (id, _) in (1..).zip(sizes) {
            assert_eq!(client.puback().await, (id, 0), "{sizes:?}");
        }
        assert_eq!(client.puback().await, (9, 0), "{sizes:?}");
    }
}

#[tokio::test]
async fn a_press_behind_a_large_publish_on_anothers_topic_is_taken() {
    for version in BOTH {
        let door = Door::open().await;
        let mut client = door.client(version, "h1", "c").await;
        let foreign = publish("jjl/h2/press", vec![b'z'; 2 * MEBIBYTE], 1);
        let bytes = in_a_row(&mut client, [foreign, publish("jjl/h1/press", "help", 2)]);
        client.send_bytes(&bytes).await;
        match version {
            Version::V3 => assert_eq!(client.ends_after(&[2]).await, None, "it has no other way to refuse"),
            Version::V5 => {
                assert_eq!(client.puback().await, (1, 0x87));
                assert_eq!(client.puback().await, (2, 0));
            }
        }
        until("the press is taken", || door.hall.stored().len() == 1).await;
        assert_eq!(door.hall.arrived_payloads(), ["help"]);
        let misfits = door.hall.misfits();
        assert_eq!(misfits.len(), 1);
        assert_eq!((misfits[0].0.as_str(), misfits[0].1.len()), ("jjl/h2/press", 64 * 1024));
    }
}

#[tokio::test]
async fn a_control_packet_of_a_megabyte_ends_the_connection() {
    let door = Door::open().await;
    let mut client = door.client(Version::V5, "h1", "c").await;
    client.send_bytes(&[0x82, 0x80, 0x80, 0x40]).await;
    assert_eq!(client.ends().await, Some(0x95));
}

#[tokio::test]
async fn a_press_behind_a_large_control_packet_is_taken_before_the_connection_ends() {
    for version in BOTH {
        let door = Door::open().await;
        let mut client = door.client(version, "h1", "c").await;
        // A SUBSCRIBE of 100,000 bytes.
        let mut bytes = vec![0x82, 0xa0, 0x8d, 0x06];
        bytes.resize(bytes.len() + 100_000, 0);
        bytes.extend(in_a_row(&mut client, [publish("jjl/h1/press", "help", 1)]));
        client.send_bytes(&bytes).await;
        assert_eq!(client.ends_after(&[1]).await, (version == Version::V5).then_some(0x95));
        until("the press is taken", || door.hall.stored().len() == 1).await;
    }
}
