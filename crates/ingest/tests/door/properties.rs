//! MQTT 5: what a client says of itself, and what it is told.

use std::num::{NonZeroU16, NonZeroU32};

use rmqtt_codec::types::QoS;
use rmqtt_codec::{MqttPacket, v5};

use crate::common::{Client, Door, Version, publish, until};

const ALL: &str = "jjl/h1/down/#";

/// A CONNECT of h1 that says more.
fn connect() -> v5::Connect {
    v5::Connect {
        clean_start: true,
        keep_alive: 60,
        client_id: "c".into(),
        username: Some("h1".into()),
        password: Some("h1".into()),
        ..v5::Connect::default()
    }
}

async fn connack(door: &Door, connect: v5::Connect) -> (Client, v5::ConnectAck) {
    let mut client = Client::dial(door.address, Version::V5).await;
    client.send(MqttPacket::V5(v5::Packet::Connect(Box::new(connect)))).await;
    match client.receive().await {
        Some(MqttPacket::V5(v5::Packet::ConnectAck(ack))) => (client, *ack),
        other => unreachable!("instead of a CONNACK: {other:?}"),
    }
}

fn words(reason: Option<impl AsRef<str>>) -> String {
    reason.map(|text| text.as_ref().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn every_refusal_says_why_in_words() {
    let door = Door::open().await;
    let (_, ack) = connack(&door, v5::Connect { password: Some("x".into()), ..connect() }).await;
    assert_eq!(words(ack.reason_string), "no such handset, or not its secret");
    let (mut client, ack) = connack(&door, connect()).await;
    assert_eq!(ack.reason_string, None);
    client.publish(publish("jjl/h2/press", "mine?", 1)).await;
    let Some(MqttPacket::V5(v5::Packet::PublishAck(ack))) = client.receive().await else {
        panic!("no PUBACK")
    };
    assert_eq!(words(ack.reason_string), "not a topic of this handset");
    client.send_bytes(&client_subscribes(&[ALL, "jjl/h2/down/#"])).await;
    let Some(MqttPacket::V5(v5::Packet::SubscribeAck(ack))) = client.receive().await else {
        panic!("no SUBACK")
    };
    assert_eq!(words(ack.reason_string), "a handset may read its own down topics only");
    client.send_bytes(&[0xf0, 0]).await;
    let Some(MqttPacket::V5(v5::Packet::Disconnect(end))) = client.receive().await else { panic!("no end") };
    assert_eq!(words(end.reason_string), "enhanced authentication is not offered");
}

fn client_subscribes(filters: &[&str]) -> Vec<u8> {
    let asked: Vec<_> = filters.iter().map(|filter| (*filter, QoS::AtLeastOnce)).collect();
    Client::over(tokio::io::empty(), Version::V5).subscribe_packet(&asked).to_vec()
}

#[tokio::test]
async fn a_client_that_wants_no_words_or_has_no_room_for_them_gets_the_code_alone() {
    let door = Door::open().await;
    let without = v5::Connect { request_problem_info: false, ..connect() };
    let (_, ack) = connack(&door, v5::Connect { password: Some("x".into()), ..without.clone() }).await;
    assert_eq!((u8::from(ack.reason_code), ack.reason_string), (0x86, None));
    let narrow = v5::Connect { max_packet_size: NonZeroU32::new(40), ..connect() };
    for connect in [without, narrow] {
        let (mut client, _) = connack(&door, connect).await;
        client.publish(publish("jjl/h2/press", "mine?", 1)).await;
        let Some(MqttPacket::V5(v5::Packet::PublishAck(ack))) = client.receive().await else {
            panic!("no PUBACK")
        };
        // Nineteen words would fit in forty bytes, and a PUBACK's do.
        assert_eq!(u8::from(ack.reason_code), 0x87);
        client.send_bytes(&client_subscribes(&["jjl/h2/down/#"])).await;
        let Some(MqttPacket::V5(v5::Packet::SubscribeAck(ack))) = client.receive().await else {
            panic!("no SUBACK")
        };
        assert_eq!((u8::from(ack.status[0]), ack.reason_string), (0x87, None));
        client.send_bytes(&[0xf0, 0]).await;
        let Some(MqttPacket::V5(v5::Packet::Disconnect(end))) = client.receive().await else {
            panic!("no end")
        };
        assert_eq!((u8::from(end.reason_code), end.reason_string), (0x8c, None));
    }
}

#[tokio::test]
async fn no_larger_packet_is_sent_than_the_client_takes() {
    let door = Door::open().await;
    door.hall.put(1, "h1", "jjl/h1/down/command", &"x".repeat(200));
    door.hall.put(2, "h1", "jjl/h1/down/receipt", "taken");
    let (mut client, _) =
        connack(&door, v5::Connect { max_packet_size: NonZeroU32::new(100), ..connect() }).await;
    assert_eq!(client.subscribe(&[(ALL, QoS::AtLeastOnce)]).await, [1]);
    assert_eq!(client.delivery().await.payload, "taken");
    client.hears_nothing().await;
    // One that has no room for anything is told before it waits for a receipt in vain.
    let (_, ack) = connack(&door, v5::Connect { max_packet_size: NonZeroU32::new(10), ..connect() }).await;
    assert_eq!(u8::from(ack.reason_code), 0x95);
}

#[tokio::test]
async fn a_down_message_says_how_long_it_is_worth_reading() {
    let door = Door::open().await;
    door.hall.put_for(1, "h1", "jjl/h1/down/receipt", "taken", NonZeroU32::new(3600));
    door.hall.put(2, "h1", "jjl/h1/down/receipt", "for ever");
    let (mut client, _) = connack(&door, connect()).await;
    client.subscribe(&[(ALL, QoS::AtLeastOnce)]).await;
    let expiry = |properties: Option<v5::PublishProperties>| {
        properties.and_then(|properties| properties.message_expiry_interval).map(NonZeroU32::get)
    };
    assert_eq!(expiry(client.delivery().await.properties), Some(3600));
    assert_eq!(expiry(client.delivery().await.properties), None);
    let mut old = door.client(Version::V3, "h1", "old").await;
    old.subscribe(&[(ALL, QoS::AtLeastOnce)]).await;
    assert_eq!(old.delivery().await.payload, "taken");
}

/// MQTT 5 forbids no interval of zero, and the codec writes none: one second is made zero.
fn expiring_at_once(packet: &[u8]) -> Vec<u8> {
    let a_second = [0x02, 0, 0, 0, 1];
    let at = packet.windows(a_second.len()).position(|window| window == a_second).expect("an interval");
    let mut packet = packet.to_vec();
    packet[at + 4] = 0;
    packet
}

#[tokio::test]
async fn a_press_that_expires_at_once_is_a_press_also_as_a_will() {
    let door = Door::open().await;
    let (mut client, _) = connack(&door, connect()).await;
    let mut press = publish("jjl/h1/press", "help", 7);
    let message_expiry_interval = NonZeroU32::new(1);
    press.properties =
        Some(v5::PublishProperties { message_expiry_interval, ..v5::PublishProperties::default() });
    let packet = client.publish_packet(press);
    let bytes = client.encode(packet);
    client.send_bytes(&expiring_at_once(&bytes)).await;
    assert_eq!(client.puback().await, (7, 0));
    let will = v5::LastWill {
        qos: QoS::AtLeastOnce,
        retain: false,
        topic: "jjl/h1/press".into(),
        message: "gone".into(),
        will_delay_interval_sec: None,
        correlation_data: None,
        message_expiry_interval,
        content_type: None,
        user_properties: Vec::new(),
        is_utf8_payload: None,
        response_topic: None,
    };
    let hello = v5::Connect { client_id: "w".into(), last_will: Some(will), ..connect() };
    let mut leaving = Client::dial(door.address, Version::V5).await;
    let bytes = leaving.encode(MqttPacket::V5(v5::Packet::Connect(Box::new(hello))));
    leaving.send_bytes(&expiring_at_once(&bytes)).await;
    assert_eq!(leaving.connack().await, Some(0));
    drop(leaving);
    until("the will", || door.hall.arrived_payloads() == ["help", "gone"]).await;
}

#[tokio::test]
async fn a_keep_alive_that_is_missing_or_endless_is_replaced_by_ours() {
    let door = Door::open_with(|config| config.silence_limit_s = 90).await;
    for (asked, told) in [(0, Some(60)), (u16::MAX, Some(60)), (60, None), (10, None)] {
        let (_, ack) = connack(&door, v5::Connect { keep_alive: asked, ..connect() }).await;
        assert_eq!(ack.server_keepalive_sec, told, "{asked}");
    }
}

#[tokio::test]
async fn a_session_ends_with_its_connection_and_the_connack_says_so() {
    let door = Door::open().await;
    for (asked, told) in [(0, None), (60, Some(0)), (u32::MAX, Some(0))] {
        let asking = v5::Connect { clean_start: false, session_expiry_interval_secs: asked, ..connect() };
        let (_, ack) = connack(&door, asking).await;
        assert_eq!((ack.session_expiry_interval_secs, ack.session_present), (told, false));
    }
}

#[tokio::test]
async fn user_properties_and_what_else_nobody_asked_for_change_nothing() {
    let door = Door::open().await;
    let chatty = vec![("model".into(), "GPS-one".into()), ("model".into(), "again".into())];
    let (mut client, ack) = connack(
        &door,
        v5::Connect { user_properties: chatty.clone(), request_response_info: true, ..connect() },
    )
    .await;
    assert!(ack.user_properties.is_empty());
    let mut press = publish("jjl/h1/press", "help", 1);
    press.properties = Some(v5::PublishProperties {
        correlation_data: Some("42".into()),
        content_type: Some("application/json".into()),
        response_topic: Some("jjl/h2/press".into()),
        message_expiry_interval: NonZeroU32::new(1),
        user_properties: chatty.clone(),
        ..v5::PublishProperties::default()
    });
    client.publish(press).await;
    assert_eq!(client.puback().await, (1, 0));
    assert_eq!(door.hall.arrived_payloads(), ["help"]);
    let packet_id = NonZeroU16::MIN;
    let acknowledged = v5::PublishAck { packet_id, properties: chatty, ..v5::PublishAck::default() };
    client.send(MqttPacket::V5(v5::Packet::PublishAck(acknowledged))).await;
    client.ping().await;
}
