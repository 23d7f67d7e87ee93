//! CONNECT: who gets in, and what the others cost.

use std::time::Duration;

use crate::common::{BOTH, Client, Door, Hello, Version};

#[tokio::test]
async fn the_right_password_gets_in_and_the_wrong_one_is_told() {
    let door = Door::open().await;
    for (username, password, old, new) in
        [("h1", "h1", 0, 0), ("h1", "h2", 4, 0x86), ("unavailable", "", 3, 0x88), ("a/b", "a/b", 4, 0x86)]
    {
        for version in BOTH {
            let mut client = Client::dial(door.address, version).await;
            let mut hello = Hello::new(username, "c");
            hello.password = password.to_owned();
            let want = if version == Version::V3 { old } else { new };
            assert_eq!(client.connect(hello).await, Some(want), "{username} {version:?}");
            if want != 0 {
                assert_eq!(client.ends().await, None);
            }
        }
    }
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_connect_is_closed_and_holds_up_nobody() {
    let door = Door::open_with(|config| config.handshake_timeout_ms = 300).await;
    let mut silent = Client::dial(door.address, Version::V3).await;
    let mut dribbling = Client::dial(door.address, Version::V3).await;
    let started = tokio::time::Instant::now();
    let dribble = async {
        for byte in b"\x10\x20\x00\x04MQTT\x04\xc2\x00\x3c" {
            dribbling.send_bytes(&[*byte]).await;
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        assert_eq!(dribbling.ends().await, None);
    };
    let ((), (), ()) = tokio::join!(async { assert_eq!(silent.ends().await, None) }, dribble, async {
        door.client(Version::V3, "h1", "c").await.ping().await;
    });
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_log_in_that_hangs_is_answered_as_unavailable() {
    let door = Door::open_with(|config| config.log_in_timeout_ms = 100).await;
    for (version, code) in [(Version::V3, 3), (Version::V5, 0x88)] {
        let mut client = Client::dial(door.address, version).await;
        assert_eq!(client.connect(Hello::new("stuck", "c")).await, Some(code));
    }
}

#[tokio::test]
async fn what_is_not_mqtt_is_closed_and_an_unknown_version_is_told() {
    let door = Door::open().await;
    for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"\x30\x03\x00\x01a", b"\x10\xff\xff\xff\x7f"] {
        let mut client = Client::dial(door.address, Version::V3).await;
        client.send_bytes(bytes).await;
        assert_eq!(client.ends().await, None);
    }
    let mut client = Client::dial(door.address, Version::V3).await;
    client.send_bytes(b"\x10\x0c\x00\x04MQTT\x09\x02\x00\x3c\x00\x00").await;
    assert_eq!(client.connack().await, Some(1));
}

#[tokio::test]
async fn a_client_without_a_name_gets_one() {
    use rmqtt_codec::{MqttPacket, v5};
    let door = Door::open().await;
    door.client(Version::V3, "h1", "").await.ping().await;
    let mut client = Client::dial(door.address, Version::V5).await;
    let mut connect =
        v5::Connect { clean_start: true, session_expiry_interval_secs: 60, ..v5::Connect::default() };
    (connect.username, connect.password) = (Some("h1".into()), Some("h1".into()));
    client.send(MqttPacket::V5(v5::Packet::Connect(Box::new(connect)))).await;
    let Some(MqttPacket::V5(v5::Packet::ConnectAck(ack))) = client.receive().await else {
        panic!("no CONNACK")
    };
    assert!(ack.assigned_client_id.is_some_and(|id| !id.is_empty()));
    assert!(!ack.session_present);
    assert_eq!(ack.session_expiry_interval_secs, Some(0));
    assert_eq!(ack.server_keepalive_sec, Some(800));
    assert_eq!((ack.receive_max.get(), ack.topic_alias_max), (64, 16));
    // 3.1.1, no client id, no clean session
    let mut client = Client::dial(door.address, Version::V3).await;
    client.send_bytes(b"\x10\x0c\x00\x04MQTT\x04\x00\x00\x3c\x00\x00").await;
    assert_eq!(client.connack().await, Some(2));
}

/// Paho for Python asks for a clean start with its first CONNECT alone, and never takes the name that it was given for its own.
#[tokio::test]
async fn a_client_of_5_without_a_name_comes_back_without_asking_for_a_clean_start() {
    use rmqtt_codec::{MqttPacket, v5};
    let door = Door::open().await;
    for clean_start in [true, false] {
        let mut client = Client::dial(door.address, Version::V5).await;
        let mut connect = v5::Connect { clean_start, ..v5::Connect::default() };
        (connect.username, connect.password) = (Some("h1".into()), Some("h1".into()));
        client.send(MqttPacket::V5(v5::Packet::Connect(Box::new(connect)))).await;
        assert_eq!(client.connack().await, Some(0), "{clean_start}");
        client.ping().await;
    }
}

#[tokio::test]
async fn enhanced_authentication_is_not_offered() {
    use rmqtt_codec::{MqttPacket, v5};
    let door = Door::open().await;
    let mut client = Client::dial(door.address, Version::V5).await;
    let connect =
        v5::Connect { clean_start: true, auth_method: Some("SCRAM".into()), ..v5::Connect::default() };
    client.send(MqttPacket::V5(v5::Packet::Connect(Box::new(connect)))).await;
    assert_eq!(client.connack().await, Some(0x8c));
    let mut client = door.client(Version::V5, "h1", "c").await;
    client.send_bytes(&[0xf0, 0]).await;
    assert_eq!(client.ends().await, Some(0x8c));
}
