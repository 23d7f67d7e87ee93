//! Publishes: taken, acknowledged after the disk, in order; or refused.

use std::num::NonZeroU16;

use protocol::UpKind;
use rmqtt_codec::types::QoS;
use rmqtt_codec::{MqttPacket, v3, v5};

use crate::common::{BOTH, Door, Version, publish, until};

#[tokio::test]
async fn a_puback_follows_the_disk() {
    let door = Door::open().await;
    for version in BOTH {
        door.hall.hold();
        let mut client = door.client(version, "h1", "c").await;
        client.publish(publish("jjl/h1/press", "help", 7)).await;
        client.hears_nothing().await;
        door.hall.let_all_through();
        assert_eq!(client.puback().await, (7, 0));
    }
    let stored = door.hall.stored();
    assert_eq!(stored.len(), 2);
    assert!(
        stored.iter().all(|m| m.kind == UpKind::Press && m.handset.as_str() == "h1" && m.oversized.is_none())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pubacks_keep_the_order_of_arrival_whatever_reaches_the_disk_first() {
    let door = Door::open().await;
    door.hall.hold();
    let mut client = door.client(Version::V3, "h1", "c").await;
    for number in 1..=5 {
        client.publish(publish("jjl/h1/fix", number.to_string(), number)).await;
    }
    until("all arrive", || door.hall.arrived().len() == 5).await;
    for number in [5, 3, 2, 4] {
        door.hall.let_through(&number.to_string());
    }
    client.hears_nothing().await;
    door.hall.let_through("1");
    for number in 1..=5 {
        assert_eq!(client.puback().await, (number, 0));
    }
    assert_eq!(door.hall.arrived_payloads(), ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn a_publish_over_which_the_hall_dies_is_never_acknowledged() {
    let door = Door::open().await;
    for (version, reason) in [(Version::V3, None), (Version::V5, Some(0x80))] {
        let mut client = door.client(version, "h1", "c").await;
        client.publish(publish("jjl/h1/fix", "die", 1)).await;
        assert_eq!(client.ends().await, reason);
    }
    door.client(Version::V3, "h1", "c").await.ping().await;
}

#[tokio::test]
async fn reading_stops_at_64_in_flight_and_goes_on_below() {
    let door = Door::open().await;
    door.hall.hold();
    let mut client = door.client(Version::V3, "h1", "c").await;
    for number in 1..=100 {
        client.publish(publish("jjl/h1/fix", number.to_string(), number)).await;
    }
    until("64 arrive", || door.hall.arrived().len() == 64).await;
    client.hears_nothing().await;
    assert_eq!(door.hall.arrived().len(), 64);
    door.hall.let_through("1");
    until("one more arrives", || door.hall.arrived().len() == 65).await;
    door.hall.let_all_through();
    for number in 1..=100 {
        assert_eq!(client.puback().await, (number, 0));
    }
}

#[tokio::test]
async fn a_publish_on_a_topic_that_is_not_its_own_is_kept_aside_and_refused() {
    for topic in [
        "jjl/h2/press",
        "jjl/h1/down/receipt",
        "jjl/h1",
        "x",
        "jjl/h1/press/x",
        "jjl/h1/press\0",
        "jjl/h1\0/press",
        "jjl/+/press",
        "jjl/h1/#",
        "$SYS/broker",
        "JJL/h1/press",
        " jjl/h1/press",
    ] {
        let door = Door::open().await;
        let mut old = door.client(Version::V3, "h1", "old").await;
        let mut new = door.client(Version::V5, "h1", "new").await;
        for client in [&mut old, &mut new] {
            client.publish(publish(topic, "mine?", 3)).await;
        }
        assert_eq!(old.ends().await, None);
        assert_eq!(new.puback().await, (3, 0x87));
        new.publish(publish("jjl/h1/fix", "still here", 4)).await;
        assert_eq!(new.puback().await, (4, 0));
        let misfits = door.hall.misfits();
        assert_eq!(misfits.len(), 2);
        assert!(misfits.iter().all(|(at, payload, _)| at == topic && payload == "mine?"));
        assert_eq!(door.hall.arrived_payloads(), ["still here"]);
    }
}

#[tokio::test]
async fn qos_0_is_taken_and_not_answered_qos_2_is_exact() {
    let door = Door::open().await;
    let mut client = door.client(Version::V3, "h1", "c").await;
    client.publish(publish("jjl/h1/status", "zero", 0)).await;
    let mut twice = publish("jjl/h1/press", "two", 9);
    twice.qos = QoS::ExactlyOnce;
    let packet_id = NonZeroU16::new(9).unwrap();
    for dup in [false, true] {
        twice.dup = dup;
        client.publish(twice.clone()).await;
        let answer = client.receive().await;
        assert!(
            matches!(answer, Some(MqttPacket::V3(v3::Packet::PublishReceived { packet_id: id })) if id == packet_id)
        );
    }
    client.send(MqttPacket::V3(v3::Packet::PublishRelease { packet_id })).await;
    let answer = client.receive().await;
    assert!(
        matches!(answer, Some(MqttPacket::V3(v3::Packet::PublishComplete { packet_id: id })) if id == packet_id)
    );
    assert_eq!(door.hall.arrived_payloads(), ["zero", "two"]);
}

#[tokio::test]
async fn a_topic_alias_stands_for_its_topic() {
    let door = Door::open().await;
    let mut client = door.client(Version::V5, "h1", "c").await;
    for (topic, packet_id) in [("jjl/h1/fix", 1), ("", 2)] {
        let mut aliased = publish(topic, "x", packet_id);
        aliased.properties = Some(v5::PublishProperties {
            topic_alias: NonZeroU16::new(3),
            ..v5::PublishProperties::default()
        });
        client.publish(aliased).await;
        assert_eq!(client.puback().await, (packet_id, 0));
    }
    assert!(door.hall.arrived().iter().all(|message| message.topic == "jjl/h1/fix"));
    let mut wrong = publish("", "lost", 3);
    wrong.properties =
        Some(v5::PublishProperties { topic_alias: NonZeroU16::new(99), ..v5::PublishProperties::default() });
    client.publish(wrong).await;
    assert_eq!(client.ends().await, Some(0x94));
    assert_eq!(door.hall.misfits().len(), 1);
}

#[tokio::test]
async fn packets_may_come_byte_by_byte_or_all_at_once() {
    let door = Door::open().await;
    for version in BOTH {
        let mut client = door.client(version, "h1", "c").await;
        let mut bytes = Vec::new();
        for number in 1..=10 {
            let packet = client.publish_packet(publish("jjl/h1/fix", vec![b'x'; 150], number));
            bytes.extend_from_slice(&client.encode(packet));
        }
        client.send_bytes(&bytes).await;
        for number in 1..=10 {
            assert_eq!(client.puback().await, (number, 0));
        }
        for byte in &bytes {
            client.send_bytes(std::slice::from_ref(byte)).await;
            tokio::task::yield_now().await;
        }
        for number in 1..=10 {
            assert_eq!(client.puback().await, (number, 0));
        }
    }
    assert_eq!(door.hall.stored().len(), 40);
}
