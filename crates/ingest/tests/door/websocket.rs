//! MQTT over websocket: the same door, on a port of its own and as a route of an HTTP server.

use axum::http::StatusCode;
use futures_util::{SinkExt as _, StreamExt as _};
use rmqtt_codec::types::QoS;
use tokio::io::DuplexStream;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

use crate::common::websocket::{bytes_of, dial, shake};
use crate::common::{ANY_PORT, BOTH, Client, Door, Hello, Version, publish, until};

const STATUS: &str = "jjl/h1/status";

/// A client that is in, over frames of at most this size.
async fn client(door: &Door, version: Version, frame_bytes: usize) -> Client<DuplexStream> {
    let stream = bytes_of(dial(door.websocket()).await, frame_bytes);
    let mut client = Client::over(stream, version);
    let hello = Hello::new("h1", "c").will(STATUS, "gone", 0);
    assert_eq!(client.connect(hello).await, Some(0));
    client
}

#[tokio::test]
async fn a_press_is_acknowledged_and_a_receipt_comes_however_the_bytes_are_framed() {
    for version in BOTH {
        for frame_bytes in [1, 7, 64 * 1024] {
            let door = Door::open().await;
            door.hall.put(1, "h1", "jjl/h1/down/receipt", &"taken".repeat(10_000));
            let mut client = client(&door, version, frame_bytes).await;
            assert_eq!(client.subscribe(&[("jjl/h1/down/#", QoS::AtLeastOnce)]).await, [1]);
            let receipt = client.delivery().await;
            assert_eq!(receipt.payload, "taken".repeat(10_000));
            client.acknowledge(&receipt).await;
            until("it is settled", || door.hall.settled() == [1]).await;
            for number in 1..=20 {
                client.publish(publish("jjl/h1/press", format!("help {number}"), number)).await;
            }
            for number in 1..=20 {
                assert_eq!(client.puback().await, (number, 0));
            }
            client.ping().await;
            client.send_bytes(&[0xe0, 0]).await;
            assert_eq!(client.ends().await, None);
            until("it has gone", || door.sessions.count() == 0).await;
            assert_eq!(door.hall.stored().len(), 20, "and no will");
        }
    }
}

#[tokio::test]
async fn a_client_that_vanishes_leaves_its_will_and_one_that_only_closes_the_websocket_too() {
    let door = Door::open().await;
    drop(client(&door, Version::V5, 1024).await);
    until("its will", || door.hall.arrived_payloads() == ["gone"]).await;

    let mut websocket = dial(door.websocket()).await;
    let hello =
        Client::over(tokio::io::empty(), Version::V3).hello(Hello::new("h1", "c").will(STATUS, "closed", 0));
    websocket.send(Message::binary(hello.freeze())).await.unwrap();
    assert!(websocket.next().await.unwrap().unwrap().is_binary(), "the CONNACK");
    websocket.close(None).await.unwrap();
    until("its will", || door.hall.arrived_payloads() == ["gone", "closed"]).await;
    assert!(matches!(websocket.next().await, Some(Ok(Message::Close(_)))), "the close is answered");
    assert!(websocket.next().await.is_none(), "and the connection ends");
}

#[tokio::test]
async fn a_press_of_10_megabytes_in_one_frame_is_taken_whole() {
    let door = Door::open().await;
    let mut websocket = dial(door.websocket()).await;
    let mut client = Client::over(tokio::io::empty(), Version::V3);
    let mut bytes = client.hello(Hello::new("h1", "c"));
    let packet = client.publish_packet(publish("jjl/h1/press", vec![b'x'; 10_000_000], 1));
    bytes.extend_from_slice(&client.encode(packet));
    websocket.send(Message::binary(bytes.freeze())).await.unwrap();
    let mut heard = Vec::new();
    while heard.len() < 8 {
        heard.extend_from_slice(&websocket.next().await.unwrap().unwrap().into_data());
    }
    assert_eq!(heard, [0x20, 2, 0, 0, 0x40, 2, 0, 1]);
    assert_eq!(door.hall.stored()[0].payload.len(), 10_000_000);
}

#[tokio::test]
async fn a_ping_is_answered_between_the_frames_of_a_message() {
    let door = Door::open().await;
    let mut websocket = dial(door.websocket()).await;
    for payload in ["", "are you there?"] {
        websocket.send(Message::Ping(Bytes::from(payload))).await.unwrap();
        let pong = websocket.next().await.unwrap().unwrap();
        assert_eq!(pong, Message::Pong(Bytes::from(payload)));
    }
}

#[tokio::test]
async fn the_path_and_the_subprotocol_are_checked() {
    let door = Door::open().await;
    let address = door.websocket();
    for (path, offered, agreed) in [
        ("/mqtt", "mqtt", Some("mqtt")),
        ("/mqtt", "chat, mqttv3.1", Some("mqttv3.1")),
        ("/mqtt?from=page", "", None),
    ] {
        let (_, response) = shake(address, path, offered).await.unwrap();
        let got = response.headers().get("Sec-WebSocket-Protocol").map(|name| name.to_str().unwrap());
        assert_eq!(got, agreed, "{path} {offered}");
    }
    for (path, offered, status) in
        [("/", "mqtt", StatusCode::NOT_FOUND), ("/mqtt", "chat, superchat", StatusCode::BAD_REQUEST)]
    {
        let refused = shake(address, path, offered).await;
        assert!(matches!(&refused, Err(Error::Http(response)) if response.status() == status), "{refused:?}");
    }
}

#[tokio::test]
async fn the_route_of_an_http_server_is_the_same_door() {
    let door = Door::open_with(|config| config.max_connections = 1).await;
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let address = listener.local_addr().unwrap();
    door.tasks.spawn(async move { axum::serve(listener, door.endpoint.routes()).await.unwrap() });
    let (websocket, response) = shake(address, "/mqtt", "mqtt").await.unwrap();
    assert_eq!(response.headers()["Sec-WebSocket-Protocol"], "mqtt");
    let mut client = Client::over(bytes_of(websocket, 1024), Version::V5);
    assert_eq!(client.connect(Hello::new("h1", "c")).await, Some(0));
    client.publish(publish("jjl/h1/press", "help", 1)).await;
    assert_eq!(client.puback().await, (1, 0));
    // Its place counts like any other.
    let refused = shake(address, "/mqtt", "mqtt").await;
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    assert!(
        matches!(&refused, Err(Error::Http(response)) if response.status() == unavailable),
        "{refused:?}"
    );
    let refused = shake(address, "/mqtt", "chat").await;
    assert!(matches!(&refused, Err(Error::Http(response)) if response.status() == StatusCode::BAD_REQUEST));
    client.ping().await;
}

#[tokio::test]
async fn a_stop_tells_clients_of_the_websocket_too() {
    let door = Door::open().await;
    let mut client = client(&door, Version::V5, 1024).await;
    door.hall.hold();
    client.publish(publish("jjl/h1/press", "help", 1)).await;
    until("it arrived", || door.hall.arrived().len() == 1).await;
    door.stop.cancel();
    assert_eq!(client.ends().await, Some(0x8b));
    door.hall.let_all_through();
    door.tasks.close();
    door.tasks.wait().await;
    assert_eq!(door.hall.stored().len(), 1);
}
