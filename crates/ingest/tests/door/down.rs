//! What goes down to a handset: once a session, until somebody acknowledges.

use std::collections::HashSet;

use model::HandsetId;
use rmqtt_codec::types::QoS;
use rmqtt_codec::{MqttPacket, v3};

use crate::common::{BOTH, Door, Hello, Version, until};

const ALL: &str = "jjl/h1/down/#";
const RECEIPT: &str = "jjl/h1/down/receipt";

fn wake(door: &Door) {
    door.sessions.wake(&HandsetId::new("h1").expect("an id"));
}

#[tokio::test]
async fn what_waits_is_sent_on_subscribing_and_settled_by_its_puback() {
    for version in BOTH {
        let door = Door::open().await;
        door.hall.put(1, "h1", RECEIPT, "one");
        door.hall.put(2, "h2", "jjl/h2/down/receipt", "not mine");
        let mut client = door.client(version, "h1", "c").await;
        assert_eq!(client.subscribe(&[(ALL, QoS::ExactlyOnce)]).await, [1]);
        let one = client.delivery().await;
        assert_eq!((&one.payload[..], one.qos), (&b"one"[..], QoS::AtLeastOnce));
        assert!(door.hall.settled().is_empty());
        client.acknowledge(&one).await;
        until("it is settled", || door.hall.settled() == [1]).await;
        door.hall.put(3, "h1", RECEIPT, "two");
        wake(&door);
        assert_eq!(&client.delivery().await.payload[..], b"two");
        wake(&door);
        client.hears_nothing().await;
    }
}

#[tokio::test]
async fn unacknowledged_it_comes_again_in_the_next_session_and_in_every_session_beside() {
    let door = Door::open().await;
    door.hall.put(1, "h1", RECEIPT, "one");
    for client_id in ["a", "b"] {
        let mut client = door.client(Version::V3, "h1", client_id).await;
        client.subscribe(&[(ALL, QoS::AtLeastOnce)]).await;
        assert_eq!(&client.delivery().await.payload[..], b"one");
    }
    let mut first = door.client(Version::V3, "h1", "a").await;
    let mut second = door.client(Version::V5, "h1", "b").await;
    for client in [&mut first, &mut second] {
        client.subscribe(&[(ALL, QoS::AtLeastOnce)]).await;
    }
    let (one, again) = (first.delivery().await, second.delivery().await);
    second.acknowledge(&again).await;
    until("it is settled", || door.hall.settled() == [1]).await;
    first.acknowledge(&one).await;
    door.client(Version::V3, "h1", "c").await.subscribe(&[(ALL, QoS::AtLeastOnce)]).await;
}

#[tokio::test]
async fn at_qos_0_it_is_sent_once_and_settles_nothing() {
    let door = Door::open().await;
    door.hall.put(1, "h1", RECEIPT, "one");
    let mut client = door.client(Version::V3, "h1", "c").await;
    assert_eq!(client.subscribe(&[(ALL, QoS::AtMostOnce)]).await, [0]);
    let one = client.delivery().await;
    assert_eq!((one.qos, one.packet_id), (QoS::AtMostOnce, None));
    wake(&door);
    client.hears_nothing().await;
    assert!(door.hall.settled().is_empty());
}

#[tokio::test]
async fn sixteen_are_under_way_at_most_or_fewer_if_the_client_says_so() {
    let door = Door::open().await;
    for row in 1..=40 {
        door.hall.put(row, "h1", RECEIPT, &row.to_string());
    }
    for (receive_max, window) in [(0, 16), (3, 3)] {
        let mut hello = Hello::new("h1", "c");
        hello.receive_max = receive_max;
        let mut client = door.client_with(Version::V5, hello).await;
        client.subscribe(&[(ALL, QoS::AtLeastOnce)]).await;
        let mut first = None;
        let mut ids = HashSet::new();
        for row in 1..=window {
            let delivery = client.delivery().await;
            assert_eq!(delivery.payload, row.to_string());
            assert!(ids.insert(delivery.packet_id));
            first.get_or_insert(delivery);
        }
        client.hears_nothing().await;
        if receive_max > 0 {
            client.acknowledge(&first.unwrap()).await;
            assert_eq!(client.delivery().await.payload, (window + 1).to_string());
        }
    }
}

#[tokio::test]
async fn a_client_that_acknowledges_gets_everything_in_order() {
    let door = Door::open().await;
    for row in 1..=200 {
        door.hall.put(row, "h1", RECEIPT, &row.to_string());
    }
    let mut client = door.client(Version::V3, "h1", "c").await;
    client.subscribe(&[(ALL, QoS::AtLeastOnce)]).await;
    for row in 1..=200 {
        let delivery = client.delivery().await;
        assert_eq!(delivery.payload, row.to_string());
        client.acknowledge(&delivery).await;
    }
    until("all are settled", || door.hall.settled().len() == 200).await;
}

#[tokio::test]
async fn it_reads_nothing_but_its_own() {
    let door = Door::open().await;
    let foreign = ["jjl/h2/down/#", "#", "jjl/+/down/receipt", "jjl/h1/#", "$share/g/jjl/h1/down/#"];
    let odd = [
        "jjl/h1/down/\0",
        "jjl/h1\0/down/#",
        "jjl/h1/down/#/receipt",
        "jjl/h1/down/re#",
        "+/h1/down/receipt",
    ];
    let filters: Vec<&str> = [ALL].into_iter().chain(foreign).chain(odd).collect();
    let asked: Vec<_> = filters.iter().map(|filter| (*filter, QoS::AtLeastOnce)).collect();
    let answer = |refused: u8| [vec![1], vec![refused; foreign.len() + odd.len()]].concat();
    let mut old = door.client(Version::V3, "h1", "old").await;
    assert_eq!(old.subscribe(&asked).await, answer(0x80));
    let mut new = door.client(Version::V5, "h1", "new").await;
    assert_eq!(new.subscribe(&asked).await, answer(0x87));
    // No filter at all is no packet at all.
    let empty = old.subscribe_packet(&[("", QoS::AtLeastOnce)]);
    old.send_bytes(&empty).await;
    assert!(old.receive().await.is_none());
}

#[tokio::test]
async fn after_unsubscribing_nothing_comes_and_a_later_filter_gets_what_was_passed_over() {
    let door = Door::open().await;
    let mut client = door.client(Version::V3, "h1", "c").await;
    client.subscribe(&[(RECEIPT, QoS::AtLeastOnce)]).await;
    door.hall.put(1, "h1", "jjl/h1/down/command", "ring");
    wake(&door);
    client.hears_nothing().await;
    let packet_id = 9.try_into().unwrap();
    let topic_filters = vec![RECEIPT.into()];
    client.send(MqttPacket::V3(v3::Packet::Unsubscribe { packet_id, topic_filters })).await;
    let answer = client.receive().await;
    assert!(matches!(answer, Some(MqttPacket::V3(v3::Packet::UnsubscribeAck { .. }))), "{answer:?}");
    door.hall.put(2, "h1", RECEIPT, "one");
    wake(&door);
    client.hears_nothing().await;
    client.subscribe(&[(ALL, QoS::AtLeastOnce)]).await;
    assert_eq!(&client.delivery().await.payload[..], b"ring");
    assert_eq!(&client.delivery().await.payload[..], b"one");
}
