//! MQTT as bytes, for clients that do what no library would: cut packets, break rules, choose versions.

use anyhow::{Context as _, Result, ensure};
use std::time::Duration;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// The protocol's version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 3.1.1.
    V3 = 4,
    /// 5.
    V5 = 5,
}

/// Type of a packet, the upper half of its first byte.
pub mod packet {
    pub const CONNACK: u8 = 2;
    pub const PUBLISH: u8 = 3;
    pub const PUBACK: u8 = 4;
    pub const PUBREC: u8 = 5;
    pub const PUBCOMP: u8 = 7;
    pub const SUBACK: u8 = 9;
    pub const DISCONNECT: u8 = 14;
}

/// A packet read off the socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// See [`packet`].
    pub kind: u8,
    /// All behind the fixed header.
    pub body: Vec<u8>,
}

fn framed(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mut left = body.len();
    loop {
        let low = u8::try_from(left % 128).unwrap_or_default();
        left /= 128;
        bytes.push(if left > 0 { low | 0x80 } else { low });
        if left == 0 {
            break;
        }
    }
    bytes.extend_from_slice(body);
    bytes
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

/// A clean CONNECT with user name and password.
pub fn connect(version: Version, client: &str, user: &str, password: &str) -> Vec<u8> {
    greeting(version, 0b1100_0010, &[], &[client, user, password])
}

/// The same in 3.1.1 with a last will of QoS 1.
pub fn connect_with_will(client: &str, user: &str, password: &str, will: (&str, &str)) -> Vec<u8> {
    greeting(Version::V3, 0b1100_1110, &[], &[client, will.0, will.1, user, password])
}

/// A CONNECT of 5 that asks for the session of before, and to have it kept for an hour.
pub fn connect_again(client: &str, user: &str, password: &str) -> Vec<u8> {
    let expires_in_an_hour = [0x11, 0, 0, 0x0e, 0x10];
    greeting(Version::V5, 0b1100_0000, &expires_in_an_hour, &[client, user, password])
}

/// Properties are a few bytes, and in 5 alone.
fn greeting(version: Version, flags: u8, properties: &[u8], parts: &[&str]) -> Vec<u8> {
    let mut body = Vec::new();
    text(&mut body, "MQTT");
    body.extend_from_slice(&[version as u8, flags, 0, 60]);
    if version == Version::V5 {
        body.push(u8::try_from(properties.len()).unwrap_or_default());
        body.extend_from_slice(properties);
    }
    for part in parts {
        text(&mut body, part);
    }
    framed(0x10, &body)
}

/// A PUBLISH; QoS 0 has no packet id.
pub fn publish(version: Version, topic: &str, qos: u8, packet_id: u16, payload: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    text(&mut body, topic);
    if qos > 0 {
        body.extend_from_slice(&packet_id.to_be_bytes());
    }
    if version == Version::V5 {
        body.push(0);
    }
    body.extend_from_slice(payload);
    framed(0x30 | (qos << 1), &body)
}

/// A SUBSCRIBE to one filter, with quality of service 1.
pub fn subscribe(version: Version, filter: &str, packet_id: u16) -> Vec<u8> {
    let mut body = packet_id.to_be_bytes().to_vec();
    if version == Version::V5 {
        body.push(0);
    }
    text(&mut body, filter);
    body.push(1);
    framed(0x82, &body)
}

/// A PUBACK.
pub fn acknowledge(packet_id: u16) -> Vec<u8> {
    framed(0x40, &packet_id.to_be_bytes())
}

/// A PUBREL.
pub fn release(packet_id: u16) -> Vec<u8> {
    framed(0x62, &packet_id.to_be_bytes())
}

/// A socket with a session on it.
#[derive(Debug)]
pub struct Wire<S = TcpStream> {
    /// The socket, or what is spoken over it.
    pub tcp: S,
    /// What is spoken.
    pub version: Version,
}

impl Wire {
    /// Connects and logs in as a handset of the demo.
    pub async fn connect(port: u16, version: Version, id: &str) -> Result<Self> {
        let tcp = TcpStream::connect(("127.0.0.1", port)).await?;
        tcp.set_nodelay(true)?;
        Self::over(tcp, version, id).await
    }

    /// Connects and shows a secret; nothing if it is refused.
    pub async fn try_in(port: u16, id: &str, secret: &str) -> Result<Option<Self>> {
        let tcp = TcpStream::connect(("127.0.0.1", port)).await?;
        let mut wire = Self { tcp, version: Version::V3 };
        wire.send(&connect(Version::V3, &format!("{id}-wire"), id, secret)).await?;
        let answer = wire.read().await?.context("closed instead of CONNACK")?;
        Ok((answer.kind == packet::CONNACK && answer.body.get(1) == Some(&0)).then_some(wire))
    }

    /// Waits until the platform closes the connection.
    pub async fn ended(&mut self) -> Result<()> {
        while self.read().await?.is_some() {}
        Ok(())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// Logs in over whatever carries bytes to the door.
    pub async fn over(tcp: S, version: Version, id: &str) -> Result<Self> {
        let mut wire = Self { tcp, version };
        wire.send(&connect(version, &format!("{id}-wire"), id, id)).await?;
        let answer = wire.read().await?.context("closed instead of CONNACK")?;
        ensure!(answer.kind == packet::CONNACK && answer.body.get(1) == Some(&0), "{answer:?}");
        Ok(wire)
    }

    /// Writes bytes.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.tcp.write_all(bytes).await?)
    }

    /// Publishes and plays the exchange of its quality of service to the end.
    pub async fn publish(&mut self, topic: &str, qos: u8, packet_id: u16, payload: &[u8]) -> Result<()> {
        self.send(&publish(self.version, topic, qos, packet_id, payload)).await?;
        match qos {
            0 => Ok(()),
            1 => self.expect(packet::PUBACK, packet_id).await,
            _ => {
                self.expect(packet::PUBREC, packet_id).await?;
                self.send(&release(packet_id)).await?;
                self.expect(packet::PUBCOMP, packet_id).await
            }
        }
    }

    async fn expect(&mut self, kind: u8, packet_id: u16) -> Result<()> {
        let answer = self.read().await?.context("closed instead of an answer")?;
        let is_whole = answer.kind == kind && answer.body.starts_with(&packet_id.to_be_bytes());
        let is_yes = answer.body.get(2).is_none_or(|reason| *reason < 0x80);
        ensure!(is_whole && is_yes, "expected packet {kind} for {packet_id}: {answer:?}");
        Ok(())
    }

    /// The next packet; `None` if the platform closed the connection.
    pub async fn read(&mut self) -> Result<Option<Packet>> {
        timeout(ANSWER_WITHIN, self.read_packet()).await.context("no packet came")
    }

    async fn read_packet(&mut self) -> Option<Packet> {
        let first = self.tcp.read_u8().await.ok()?;
        let (mut length, mut shift) = (0_usize, 0);
        loop {
            let byte = self.tcp.read_u8().await.ok()?;
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 || shift > 21 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.tcp.read_exact(&mut body).await.ok()?;
        Some(Packet { kind: first >> 4, body })
    }
}
