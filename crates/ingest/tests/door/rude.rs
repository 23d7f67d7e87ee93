//! Clients that break the rules lose their connection, and nobody else does.

use std::time::Duration;

use protocol::UpKind;
use rmqtt_codec::types::QoS;
use tokio::io::AsyncWriteExt as _;

use crate::common::{BOTH, Door, Version, publish, until};

#[tokio::test]
async fn malformed_packets_and_misplaced_ones_end_the_connection() {
    let door = Door::open().await;
    let mut bystander = door.client(Version::V3, "h2", "c").await;
    for (bytes, reason) in [
        (&b"\x30\xff\xff\xff\xff\x7f"[..], 0x81),
        (b"\x36\x05\x00\x01a\x00\x01", 0x81),
        (b"\x32\x05\x00\x01a\x00\x00", 0x81),
        (b"\x32\x03\x00\x09a", 0x81),
        (b"\x82\x03\x00\x01\x00", 0x81),
        (b"\x00\x00", 0x81),
        (b"\x20\x03\x00\x00\x00", 0x82),
        (b"\x50\x02\x00\x01", 0x82),
        (b"\x70\x02\x00\x01", 0x82),
        (b"\xd0\x00", 0x82),
        (b"\x82\x09\x00\x01\x02\x0b\x05\x00\x01a\x00", 0xa1),
    ] {
        let mut new = door.client(Version::V5, "h1", "new").await;
        new.send_bytes(bytes).await;
        assert_eq!(new.ends().await, Some(reason), "{bytes:02x?}");
        let mut old = door.client(Version::V3, "h1", "old").await;
        old.send_bytes(&bytes[..bytes.len().min(2)]).await;
        old.stream.shutdown().await.unwrap();
        assert_eq!(old.ends().await, None);
        bystander.ping().await;
    }
    assert!(door.hall.arrived().is_empty());
}

/// Each breaks another rule: an alias of zero, a server's subscription identifier, an unknown property, properties that do not end,
/// packet ids of zero. What has a packet id is acknowledged first: it would come again in each connection to come.
#[tokio::test]
async fn a_publish_against_the_rules_is_taken_for_what_can_be_read_and_ends_its_connection() {
    for (version, before_payload, payload, reason) in [
        (Version::V5, &b"\x00\x01\x03\x23\x00\x00"[..], "help", Some(0x81)),
        (Version::V5, b"\x00\x01\x02\x0b\x07", "help", Some(0x82)),
        (Version::V5, b"\x00\x01\x02\x7f\x00", "help", Some(0x81)),
        (Version::V5, b"\x00\x01\x7f", "\x7fhelp", Some(0x81)),
        (Version::V5, b"\x00\x00\x00", "help", Some(0x81)),
        (Version::V3, b"\x00\x00", "help", None),
    ] {
        for topic in [&b"jjl/h1/press"[..], b"jjl/h2/press"] {
            let door = Door::open().await;
            let body = [&b"\x00\x0c"[..], topic, before_payload, b"help"].concat();
            let packet = [&[0x32, u8::try_from(body.len()).unwrap()][..], body.as_slice()].concat();
            let mut client = door.client(version, "h1", "c").await;
            client.send_bytes(&packet).await;
            if topic == b"jjl/h1/press" && before_payload[1] == 1 {
                assert_eq!(client.puback().await, (1, 0), "{before_payload:02x?}");
            }
            assert_eq!(client.ends().await, reason, "{before_payload:02x?}");
            let misfits = door.hall.misfits();
            if topic == b"jjl/h1/press" {
                assert_eq!(door.hall.arrived_payloads(), [payload], "{before_payload:02x?}");
                assert_eq!(door.hall.arrived()[0].kind, UpKind::Press);
                assert!(misfits.is_empty());
            } else {
                assert!(door.hall.arrived().is_empty());
                assert_eq!((misfits.len(), misfits[0].0.as_str()), (1, "jjl/h2/press"));
            }
        }
    }
}

#[tokio::test]
async fn ten_thousand_broken_packets_lose_nothing_of_others() {
    let door = Door::open().await;
    let mut steady = door.client(Version::V3, "h2", "c").await;
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    println!("seed {seed:#x}");
    for round in 0..100_u16 {
        let mut rude = door.client(Version::V5, "h1", "c").await;
        let mut noise = Vec::new();
        for _ in 0..100 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let bytes = seed.to_le_bytes();
            noise.extend_from_slice(&[bytes[0], bytes[1] & 0x0f]);
            noise.extend_from_slice(&bytes[2..usize::from(2 + (bytes[1] & 0x03))]);
        }
        // It may be closed in the middle of it.
        if let Err(error) = rude.stream.write_all(&noise).await {
            println!("round {round}: {error}");
        }
        steady.publish(publish("jjl/h2/press", round.to_string(), round + 1)).await;
        assert_eq!(steady.puback().await, (round + 1, 0));
    }
    let presses = door.hall.arrived().iter().filter(|message| message.handset.as_str() == "h2").count();
    assert_eq!(presses, 100);
}

#[tokio::test]
async fn a_second_connect_ends_the_connection() {
    let door = Door::open().await;
    let mut client = door.client(Version::V3, "h1", "c").await;
    client.send_bytes(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00").await;
    assert_eq!(client.ends().await, None);
}

#[tokio::test]
async fn a_client_that_does_not_read_is_closed_and_what_it_sent_is_kept() {
    let door = Door::open_with(|config| config.write_timeout_ms = 300).await;
    for row in 1..=400 {
        door.hall.put(row, "h1", "jjl/h1/down/command", &"x".repeat(60_000));
    }
    let mut client = door.client(Version::V3, "h1", "c").await;
    client.subscribe(&[("jjl/h1/down/#", QoS::AtMostOnce)]).await;
    client.publish(publish("jjl/h1/press", "help", 1)).await;
    until("it is closed", || door.sessions.count() == 0).await;
    assert_eq!(door.hall.arrived_payloads(), ["help"]);
}

#[tokio::test]
async fn without_keep_alive_our_own_limit_of_silence_holds() {
    let door = Door::open_with(|config| config.silence_limit_s = 1).await;
    let mut hello = crate::common::Hello::new("h1", "c");
    hello.keep_alive_s = 0;
    let mut client = door.client_with(Version::V5, hello).await;
    assert_eq!(client.ends().await, Some(0x8d));
}

/// A dead connection with a keep-alive of eighteen hours would pass for a handset that is there.
#[tokio::test]
async fn an_endless_keep_alive_does_not_make_silence_endless() {
    let door = Door::open_with(|config| config.longest_silence_s = 1).await;
    let mut hello = crate::common::Hello::new("h1", "c");
    hello.keep_alive_s = u16::MAX;
    let mut client = door.client_with(Version::V3, hello).await;
    assert_eq!(client.ends().await, None, "3.1.1 has no word for it");
}

#[tokio::test]
async fn while_the_door_does_not_read_the_silence_is_not_the_clients() {
    let door = Door::open().await;
    door.hall.hold();
    let mut hello = crate::common::Hello::new("h1", "c");
    hello.keep_alive_s = 1;
    let mut client = door.client_with(Version::V3, hello).await;
    for number in 1..=65 {
        client.publish(publish("jjl/h1/fix", number.to_string(), number)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    door.hall.let_all_through();
    for number in 1..=65 {
        assert_eq!(client.puback().await, (number, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishes_that_dribble_in_hold_up_nobody_and_are_taken_once_they_are_whole() {
    const DRIBBLING: u16 = 30;
    let door = Door::open().await;
    let mut steady = door.client(Version::V3, "h2", "c").await;
    let mut dribbling = Vec::new();
    for number in 0..DRIBBLING {
        let mut client = door.client(BOTH[usize::from(number % 2)], &format!("d{number}"), "c").await;
        let press = publish(&format!("jjl/d{number}/press"), number.to_string().repeat(20), 1);
        let packet = client.publish_packet(press);
        let bytes = client.encode(packet);
        dribbling.push((client, bytes));
    }
    for place in 0..60 {
        for (client, bytes) in &mut dribbling {
            if let Some(byte) = bytes.get(place..=place) {
                client.send_bytes(byte).await;
            }
        }
        let number = u16::try_from(place).unwrap() + 1;
        steady.publish(publish("jjl/h2/press", place.to_string(), number)).await;
        assert_eq!(steady.puback().await, (number, 0));
    }
    for (client, bytes) in &mut dribbling {
        if let Some(rest) = bytes.get(60..) {
            client.send_bytes(rest).await;
        }
        assert_eq!(client.puback().await, (1, 0));
    }
    assert_eq!(door.hall.stored().len(), 60 + usize::from(DRIBBLING));
}
