//! Websockets that break the rules, and what their clients' presses come to.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::BytesMut;
use futures_util::{SinkExt as _, StreamExt as _};
use rmqtt_codec::types::QoS;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::common::websocket::dial;
use crate::common::{A_WHILE, Client, Door, Hello, SOON, Version, publish, until};

/// A frame's header with a mask of zeros, which leaves the payload as it is.
fn header(first: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first, 0xff];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes
}

/// A websocket of which nothing is left but its socket, with a CONNECT that was answered.
async fn naked(address: SocketAddr) -> TcpStream {
    let mut websocket = dial(address).await;
    let mut client = Client::over(tokio::io::empty(), Version::V3);
    let hello = client.hello(Hello::new("h1", "c").will("jjl/h1/status", "gone", 0));
    websocket.send(Message::binary(hello.freeze())).await.expect("the door reads");
    let answer = websocket.next().await.expect("an answer").expect("a frame");
    assert!(answer.is_binary(), "instead of a CONNACK: {answer:?}");
    websocket.into_inner()
}

/// All that comes until the door closes.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    tokio::time::timeout(SOON, stream.read_to_end(&mut rest)).await.expect("an end, in time").unwrap_or(0);
    rest
}

#[tokio::test]
async fn a_text_frame_ends_the_connection_and_what_came_before_it_is_taken() {
    let door = Door::open().await;
    let address = door.websocket();
    let mut client = Client::over(tokio::io::empty(), Version::V3);
    let mut websocket = dial(address).await;
    let mut bytes = client.hello(Hello::new("h1", "c").will("jjl/h1/status", "gone", 0));
    let packet = client.publish_packet(publish("jjl/h1/press", "help", 1));
    bytes.extend_from_slice(&client.encode(packet));
    websocket.feed(Message::binary(bytes.freeze())).await.unwrap();
    websocket.send(Message::text("and now in words")).await.unwrap();
    let mut closed = None;
    while let Some(Ok(message)) = websocket.next().await {
        if let Message::Close(frame) = message {
            closed = frame.map(|frame| frame.code);
        }
    }
    assert_eq!(closed, Some(CloseCode::Unsupported));
    until("press and will", || door.hall.arrived_payloads() == ["help", "gone"]).await;
}

#[tokio::test]
async fn a_breach_of_the_protocol_ends_the_connection_and_touches_no_other() {
    let door = Door::open().await;
    let address = door.websocket();
    let mut steady = door.client(Version::V3, "h2", "c").await;
    for (number, breach) in [
        &b"\x82\x01x"[..],
        b"\xc2\x81\0\0\0\0x",
        b"\x80\x81\0\0\0\0x",
        b"\x83\x81\0\0\0\0x",
        b"\x09\x81\0\0\0\0x",
        b"\x89\xfe\x00\x7e\0\0\0\0",
        b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0",
    ]
    .into_iter()
    .enumerate()
    {
        let mut stream = naked(address).await;
        stream.write_all(breach).await.unwrap();
        assert_eq!(rest(&mut stream).await, b"\x88\x02\x03\xea", "{breach:02x?}");
        until("the will", || door.hall.arrived().len() == number + 1).await;
        steady.ping().await;
    }
}

#[tokio::test]
async fn a_frame_of_a_gigabyte_is_judged_by_the_packet_in_it() {
    let door = Door::open_with(|config| config.max_packet_bytes = 2 * 1024 * 1024).await;
    let address = door.websocket();
    // A press too large to be read is still a press.
    let mut client = Client::over(tokio::io::empty(), Version::V3);
    let packet = client.publish_packet(publish("jjl/h1/press", vec![b'x'; 3 * 1024 * 1024], 1));
    let bytes = client.encode(packet);
    let mut stream = naked(address).await;
    stream.write_all(&header(0x82, 1 << 30)).await.unwrap();
    stream.write_all(&bytes[..200_000]).await.unwrap();
    until("the press", || door.hall.stored().len() == 1).await;
    assert_eq!(door.hall.stored()[0].oversized, Some(3 * 1024 * 1024));
    // The frame goes on, and so does the connection.
    stream.write_all(&bytes[200_000..]).await.unwrap();
    let packet = client.publish_packet(publish("jjl/h1/press", "again", 2));
    let again = client.encode(packet);
    for (number, more) in [(1, again), (2, BytesMut::new())] {
        let mut acknowledged = [0; 6];
        let read = tokio::time::timeout(SOON, stream.read_exact(&mut acknowledged)).await;
        read.expect("a PUBACK, in time").unwrap();
        assert_eq!(acknowledged, [0x82, 4, 0x40, 2, 0, number]);
        stream.write_all(&more).await.unwrap();
    }
    drop(stream);
    until("both presses and the will", || door.hall.stored().len() == 3).await;
    // What is no CONNECT is not read at all.
    let mut stranger = dial(address).await.into_inner();
    stranger.write_all(&header(0x82, 1 << 30)).await.unwrap();
    stranger.write_all(&[0; 100]).await.unwrap();
    assert_eq!(rest(&mut stranger).await, b"\x88\x02\x03\xe8");
}

#[tokio::test]
async fn whoever_does_not_finish_its_handshake_is_closed_and_holds_up_nobody() {
    let door = Door::open_with(|config| config.handshake_timeout_ms = 300).await;
    let address = door.websocket();
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut dribbling = TcpStream::connect(address).await.unwrap();
    let mut shaken = dial(address).await;
    let mut noise = TcpStream::connect(address).await.unwrap();
    noise.write_all(b"\x10\x20\x00\x04MQTT, but not on this port\r\n\r\n").await.unwrap();
    let dribble = async {
        for byte in b"GET /mqtt HTTP/1.1\r\nHost: h\r\n" {
            if dribbling.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        rest(&mut dribbling).await
    };
    let others = async {
        assert_eq!(rest(&mut silent).await, b"");
        // Past the websocket's handshake the CONNECT has to come within the same time.
        assert!(matches!(shaken.next().await, Some(Ok(Message::Close(_)))));
        rest(&mut noise).await
    };
    let press = async {
        let mut client = door.client(Version::V3, "h1", "c").await;
        client.publish(publish("jjl/h1/press", "help", 1)).await;
        client.puback().await
    };
    let (_, _, acknowledged) = tokio::join!(dribble, others, press);
    assert_eq!(acknowledged, (1, 0));
}

#[tokio::test]
async fn a_client_that_pings_and_does_not_read_is_closed() {
    let door = Door::open_with(|config| config.write_timeout_ms = 300).await;
    for row in 1..=400 {
        door.hall.put(row, "h1", "jjl/h1/down/command", &"x".repeat(60_000));
    }
    let mut stream = naked(door.websocket()).await;
    let mut client = Client::over(tokio::io::empty(), Version::V3);
    let subscribe = client.subscribe_packet(&[("jjl/h1/down/#", QoS::AtMostOnce)]);
    let mut bytes = header(0x82, subscribe.len() as u64);
    bytes.extend_from_slice(&subscribe);
    stream.write_all(&bytes).await.unwrap();
    let ping = [&[0x89, 0xfd, 0, 0, 0, 0][..], &[7; 125]].concat().repeat(100);
    let pinging = async {
        while stream.write_all(&ping).await.is_ok() {
            tokio::time::sleep(A_WHILE / 10).await;
        }
    };
    tokio::time::timeout(SOON, pinging).await.expect("closed in time");
    until("it is closed", || door.sessions.count() == 0).await;
}
