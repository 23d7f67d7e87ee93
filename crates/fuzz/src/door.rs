//! The door's way of a packet, over real sockets: whatever a stranger or a handset sends, the door closes or answers, and a
//! press of somebody else is taken meanwhile.

use async_trait::async_trait;
use bytes::Bytes;
use ingest::{
    endpoint::{Config, Endpoint, Sessions, Transport, WEBSOCKET_PATH},
    hall::{Down, Hall, LogIn, Message},
};
use model::HandsetId;
use protocol::{DownKind, Rights};
use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpStream},
    num::NonZeroU32,
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::runtime::Runtime;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Longer than the door ever takes over bytes that are there.
const SOON: Duration = Duration::from_secs(20);
/// Handset `h1` with the right password, MQTT 3.1.1, a clean session.
const HELLO: &[u8] = b"\x10\x16\x00\x04MQTT\x04\xc2\x00\x00\x00\x01c\x00\x02h1\x00\x03h-1";
/// The same in MQTT 5, without properties.
const HELLO_5: &[u8] = b"\x10\x17\x00\x04MQTT\x05\xc2\x00\x00\x00\x00\x01c\x00\x02h1\x00\x03h-1";
/// A press at QoS 1 and its acknowledgement.
const PRESS: &[u8] = b"\x32\x10\x00\x0cjjl/h2/press\x00\x07";
const TAKEN: &[u8] = b"\x40\x02\x00\x07";
const WELCOME: &[u8] = b"\x20\x02\x00\x00";
/// `h1` asks for what waits for it, at QoS 1; and the same in MQTT 5.
const SUBSCRIBE: &[u8] = b"\x82\x12\x00\x01\x00\x0djjl/h1/down/#\x01";
const SUBSCRIBE_5: &[u8] = b"\x82\x13\x00\x01\x00\x00\x0djjl/h1/down/#\x01";
/// Messages that wait for `h1`, at each of its sessions anew.
const WAITING: i64 = 6;

/// Takes everything; knows `h1` and `h2` by their passwords.
#[derive(Debug)]
struct Everything;

#[async_trait]
impl Hall for Everything {
    async fn log_in(&self, username: &str, password: &[u8], _from: IpAddr) -> LogIn {
        match (username, password) {
            ("h1", b"h-1") | ("h2", b"h-2") => HandsetId::new(username).map_or(LogIn::Refused, |id| {
                LogIn::Welcome { rights: Rights::new(id, Vec::new()), as_of: 0 }
            }),
            _ => LogIn::Refused,
        }
    }

    async fn accept(&self, message: Message) {
        assert!(message.topic.starts_with(&format!("jjl/{}/", message.handset)), "{message:?}");
    }

    async fn waiting(&self, handset: &HandsetId, after: i64, limit: usize) -> Vec<Down> {
        let last = if handset.as_str() == "h1" { WAITING } else { 0 };
        (1..=last).filter(|row| *row > after).take(limit).map(waits).collect()
    }

    async fn settle(&self, _: &HandsetId, _: i64) {}

    fn presence(&self, _: &HandsetId, _: bool) {}

    async fn quarantine(&self, _: Option<&HandsetId>, _: &str, _: Bytes, _: String) {}
}

/// The third is of many packets' length, and the fourth of no use any more in a minute.
fn waits(row: i64) -> Down {
    let kind = if row % 2 == 0 { DownKind::Progress } else { DownKind::Receipt };
    let payload = if row == 3 { Bytes::from(vec![b'x'; 20_000]) } else { Bytes::from_static(b"{}") };
    let expires_in_s = NonZeroU32::new(60).filter(|_| row == 4);
    Down { row, topic: format!("jjl/h1/down/{}", kind.as_str()), payload, expires_in_s }
}

/// A door that stays open for all inputs of a run.
struct Open {
    _runtime: Runtime,
    tcp: SocketAddr,
    websocket: SocketAddr,
}

static DOOR: LazyLock<Open> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let (tcp, websocket) = runtime.block_on(async {
        let hall = Arc::new(Everything);
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let door = Endpoint::new(Config::default(), hall, Sessions::new(), stop, tasks);
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listen = |transport| door.listen(any, transport).expect("a free port");
        (listen(Transport::Tcp), listen(Transport::Websocket))
    });
    Open { _runtime: runtime, tcp, websocket }
});

fn dial(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the door listens");
    stream.set_read_timeout(Some(SOON)).expect("a time limit");
    stream.set_write_timeout(Some(SOON)).expect("a time limit");
    stream
}

/// Sends and says that no more will come; the door must come to an end with it in time.
fn send_and_hear_out(mut stream: TcpStream, input: &[u8]) {
    // The door may hang up in the middle, which is its right.
    let _sent = stream.write_all(input).and_then(|()| stream.shutdown(Shutdown::Write));
    let mut heard = [0; 4096];
    loop {
        match stream.read(&mut heard) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                let waited = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                assert!(!waited, "the door neither answered nor closed for {SOON:?}");
                return;
            }
        }
    }
}

fn somebody_else_presses() {
    let hello = HELLO.iter().map(|byte| if *byte == b'1' { b'2' } else { *byte }).collect::<Vec<u8>>();
    let mut stream = dial(DOOR.tcp);
    stream.write_all(&hello).expect("a CONNECT");
    expect(&mut stream, WELCOME);
    stream.write_all(PRESS).expect("a press");
    expect(&mut stream, TAKEN);
}

fn expect(stream: &mut TcpStream, answer: &[u8]) {
    let mut heard = [0; 4];
    stream.read_exact(&mut heard).expect("an answer");
    assert_eq!(heard, answer);
}

/// Hears out a packet: its first byte, and what is behind its length.
fn hear_packet(stream: &mut TcpStream) -> (u8, Vec<u8>) {
    let (mut kind, mut digit) = ([0], [0x80]);
    stream.read_exact(&mut kind).expect("an answer");
    let (mut length, mut shift) = (0_usize, 0);
    while digit[0] & 0x80 != 0 {
        stream.read_exact(&mut digit).expect("a length");
        length |= usize::from(digit[0] & 0x7f) << shift;
        shift += 7;
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("all of it");
    (kind[0], body)
}

/// Hears out a CONNACK of MQTT 5, which has properties.
fn expect_welcome_5(stream: &mut TcpStream) {
    let (kind, body) = hear_packet(stream);
    assert!(kind == 0x20 && body.starts_with(&[0, 0]), "{kind:02x} {body:02x?}");
}

/// Subscribes and hears the first of what waits: the others are on their way, and none is acknowledged.
fn expect_what_waits(stream: &mut TcpStream, subscribe: &[u8]) {
    stream.write_all(subscribe).expect("a SUBSCRIBE");
    let (mut kind, mut body) = hear_packet(stream);
    // The SUBACK.
    if kind == 0x90 {
        (kind, body) = hear_packet(stream);
    }
    assert!(kind >> 4 == 3 && body.ends_with(b"{}"), "{kind:02x} {body:02x?}");
}

/// The first byte says whether a handset that is in says the rest, or a stranger (bit 0), in which version the handset
/// has logged in (bit 1: in MQTT 5), and whether it says the rest while messages are on their way down to it (bit 2).
pub(crate) fn mqtt(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else { return };
    let mut stream = dial(DOOR.tcp);
    match first & 3 {
        1 => {
            stream.write_all(HELLO).expect("a CONNECT");
            expect(&mut stream, WELCOME);
        }
        3 => {
            stream.write_all(HELLO_5).expect("a CONNECT");
            expect_welcome_5(&mut stream);
        }
        _ => {}
    }
    match first & 7 {
        5 => expect_what_waits(&mut stream, SUBSCRIBE),
        7 => expect_what_waits(&mut stream, SUBSCRIBE_5),
        _ => {}
    }
    send_and_hear_out(stream, rest);
    somebody_else_presses();
}

/// The first byte says whether the rest comes after a handshake.
pub(crate) fn websocket(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else { return };
    let mut stream = dial(DOOR.websocket);
    if first & 1 == 1 {
        let upgrade = format!(
            "GET {WEBSOCKET_PATH} HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: mqtt\r\n\r\n"
        );
        stream.write_all(upgrade.as_bytes()).expect("a request");
    }
    send_and_hear_out(stream, rest);
    somebody_else_presses();
}
