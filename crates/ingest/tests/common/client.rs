//! A client made of packets: it does nothing of its own accord, not even acknowledge.

use std::net::SocketAddr;
use std::num::NonZeroU16;

use bytes::{Bytes, BytesMut};
use rmqtt_codec::types::{Publish, QoS};
use rmqtt_codec::{MqttCodec, MqttPacket, v3, v5};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::codec::{Decoder as _, Encoder as _};

use super::{A_WHILE, SOON};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V3,
    V5,
}

pub(crate) const BOTH: [Version; 2] = [Version::V3, Version::V5];

/// What a CONNECT says.
#[derive(Debug, Clone)]
pub(crate) struct Hello {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) client_id: String,
    pub(crate) keep_alive_s: u16,
    /// Topic, payload, delay in seconds (5 only).
    pub(crate) will: Option<(String, String, u32)>,
    pub(crate) receive_max: u16,
}

impl Hello {
    pub(crate) fn new(handset: &str, client_id: &str) -> Self {
        Self {
            username: handset.to_owned(),
            password: handset.to_owned(),
            client_id: client_id.to_owned(),
            keep_alive_s: 60,
            will: None,
            receive_max: 0,
        }
    }

    pub(crate) fn will(mut self, topic: &str, payload: &str, delay_s: u32) -> Self {
        self.will = Some((topic.to_owned(), payload.to_owned(), delay_s));
        self
    }

    fn packet(self, version: Version) -> MqttPacket {
        match version {
            Version::V3 => {
                let last_will = self.will.map(|(topic, message, _)| v3::LastWill {
                    qos: QoS::AtLeastOnce,
                    retain: false,
                    topic: topic.into(),
                    message: message.into(),
                });
                MqttPacket::V3(v3::Packet::Connect(Box::new(v3::Connect {
                    clean_session: true,
                    keep_alive: self.keep_alive_s,
                    last_will,
                    client_id: self.client_id.into(),
                    username: Some(self.username.into()),
                    password: Some(self.password.into()),
                    ..v3::Connect::default()
                })))
            }
            Version::V5 => {
                let last_will = self.will.map(|(topic, message, delay_s)| v5::LastWill {
                    qos: QoS::AtLeastOnce,
                    retain: false,
                    topic: topic.into(),
                    message: message.into(),
                    will_delay_interval_sec: Some(delay_s),
                    correlation_data: None,
                    message_expiry_interval: None,
                    content_type: None,
                    user_properties: Vec::new(),
                    is_utf8_payload: None,
                    response_topic: None,
                });
                MqttPacket::V5(v5::Packet::Connect(Box::new(v5::Connect {
                    clean_start: true,
                    keep_alive: self.keep_alive_s,
                    last_will,
                    receive_max: NonZeroU16::new(self.receive_max),
                    client_id: self.client_id.into(),
                    username: Some(self.username.into()),
                    password: Some(self.password.into()),
                    ..v5::Connect::default()
                })))
            }
        }
    }
}

/// A publish; packet id 0 means QoS 0.
pub(crate) fn publish(topic: &str, payload: impl Into<Bytes>, packet_id: u16) -> Publish {
    let packet_id = NonZeroU16::new(packet_id);
    Publish {
        dup: false,
        retain: false,
        qos: if packet_id.is_some() { QoS::AtLeastOnce } else { QoS::AtMostOnce },
        topic: topic.to_owned().into(),
        packet_id,
        payload: payload.into(),
        properties: None,
    }
}

pub(crate) struct Client<S = TcpStream> {
    pub(crate) stream: S,
    version: Version,
    codec: MqttCodec,
    input: BytesMut,
}

impl Client {
    pub(crate) async fn dial(address: SocketAddr, version: Version) -> Self {
        let stream = TcpStream::connect(address).await.expect("the door is open");
        stream.set_nodelay(true).expect("nodelay");
        Self::over(stream, version)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// A client on whatever carries bytes to the door.
    pub(crate) fn over(stream: S, version: Version) -> Self {
        let codec = match version {
            Version::V3 => MqttCodec::V3(v3::Codec::new(0)),
            Version::V5 => MqttCodec::V5(v5::Codec::new(0, 0)),
        };
        Self { stream, version, codec, input: BytesMut::new() }
    }

    /// Sends a CONNECT; the code of the CONNACK, `None` if the connection was closed instead.
    pub(crate) async fn connect(&mut self, hello: Hello) -> Option<u8> {
        self.send(hello.packet(self.version)).await;
        self.connack().await
    }

    /// A CONNECT as bytes.
    pub(crate) fn hello(&mut self, hello: Hello) -> BytesMut {
        let packet = hello.packet(self.version);
        self.encode(packet)
    }

    pub(crate) async fn connack(&mut self) -> Option<u8> {
        match self.receive().await? {
            MqttPacket::V3(v3::Packet::ConnectAck(ack)) => Some(ack.return_code.into()),
            MqttPacket::V5(v5::Packet::ConnectAck(ack)) => Some(ack.reason_code.into()),
            other => unreachable!("instead of a CONNACK: {other:?}"),
        }
    }

    pub(crate) fn encode(&mut self, packet: MqttPacket) -> BytesMut {
        let mut bytes = BytesMut::new();
        self.codec.encode(packet, &mut bytes).expect("a packet");
        bytes
    }

    pub(crate) async fn send(&mut self, packet: MqttPacket) {
        let bytes = self.encode(packet);
        self.send_bytes(&bytes).await;
    }

    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the door reads");
    }

    pub(crate) fn publish_packet(&self, publish: Publish) -> MqttPacket {
        match self.version {
            Version::V3 => MqttPacket::V3(v3::Packet::Publish(Box::new(publish))),
            Version::V5 => MqttPacket::V5(v5::Packet::Publish(Box::new(publish))),
        }
    }

    pub(crate) async fn publish(&mut self, publish: Publish) {
        let packet = self.publish_packet(publish);
        self.send(packet).await;
    }

    /// The next packet; `None` once the door has closed the connection.
    pub(crate) async fn receive(&mut self) -> Option<MqttPacket> {
        let next = async {
            loop {
                if let Some((packet, _)) = self.codec.decode(&mut self.input).expect("the door speaks MQTT") {
                    return Some(packet);
                }
                if self.stream.read_buf(&mut self.input).await.unwrap_or(0) == 0 {
                    return None;
                }
            }
        };
        tokio::time::timeout(SOON, next).await.expect("a packet or the end, in time")
    }

    /// Nothing comes for a while, and the connection stays.
    pub(crate) async fn hears_nothing(&mut self) {
        let heard = tokio::time::timeout(A_WHILE, self.stream.read_buf(&mut self.input)).await;
        assert!(heard.is_err(), "heard {:?} {:02x?}", heard, self.input);
    }

    /// The packet id and reason of the next packet, which is a PUBACK.
    pub(crate) async fn puback(&mut self) -> (u16, u8) {
        match self.receive().await {
            Some(MqttPacket::V3(v3::Packet::PublishAck { packet_id })) => (packet_id.get(), 0),
            Some(MqttPacket::V5(v5::Packet::PublishAck(ack))) => {
                (ack.packet_id.get(), ack.reason_code.into())
            }
            other => unreachable!("instead of a PUBACK: {other:?}"),
        }
    }

    /// The connection ends; the reason of the DISCONNECT before it, if there was one.
    pub(crate) async fn ends(&mut self) -> Option<u8> {
        self.ends_after(&[]).await
    }

    /// The same, where these may be acknowledged before, if there is time for it.
    pub(crate) async fn ends_after(&mut self, may_be_acknowledged: &[u16]) -> Option<u8> {
        let mut reason = None;
        while let Some(packet) = self.receive().await {
            match packet {
                MqttPacket::V3(v3::Packet::PublishAck { packet_id })
                    if may_be_acknowledged.contains(&packet_id.get()) => {}
                MqttPacket::V5(v5::Packet::PublishAck(ack))
                    if may_be_acknowledged.contains(&ack.packet_id.get()) => {}
                MqttPacket::V5(v5::Packet::Disconnect(disconnect)) => {
                    reason = Some(disconnect.reason_code.into());
                }
                other => unreachable!("instead of the end: {other:?}"),
            }
        }
        reason
    }

    /// A SUBSCRIBE as bytes.
    pub(crate) fn subscribe_packet(&mut self, filters: &[(&str, QoS)]) -> BytesMut {
        let packet_id = NonZeroU16::MIN;
        let packet = match self.version {
            Version::V3 => MqttPacket::V3(v3::Packet::Subscribe {
                packet_id,
                topic_filters: filters
                    .iter()
                    .map(|(filter, qos)| ((*filter).to_owned().into(), *qos))
                    .collect(),
            }),
            Version::V5 => MqttPacket::V5(v5::Packet::Subscribe(v5::Subscribe {
                packet_id,
                id: None,
                user_properties: Vec::new(),
                topic_filters: filters
                    .iter()
                    .map(|(filter, qos)| {
                        let options =
                            v5::SubscriptionOptions { qos: *qos, ..v5::SubscriptionOptions::default() };
                        ((*filter).to_owned().into(), options)
                    })
                    .collect(),
            })),
        };
        self.encode(packet)
    }

    /// Subscribes; the codes granted.
    pub(crate) async fn subscribe(&mut self, filters: &[(&str, QoS)]) -> Vec<u8> {
        let bytes = self.subscribe_packet(filters);
        self.send_bytes(&bytes).await;
        match self.receive().await {
            Some(MqttPacket::V3(v3::Packet::SubscribeAck { status, .. })) => status
                .into_iter()
                .map(|code| match code {
                    v3::SubscribeReturnCode::Success(qos) => qos.value(),
                    v3::SubscribeReturnCode::Failure => 0x80,
                })
                .collect(),
            Some(MqttPacket::V5(v5::Packet::SubscribeAck(ack))) => {
                ack.status.into_iter().map(u8::from).collect()
            }
            other => unreachable!("instead of a SUBACK: {other:?}"),
        }
    }

    /// The next packet, which is a publish.
    pub(crate) async fn delivery(&mut self) -> Publish {
        match self.receive().await {
            Some(
                MqttPacket::V3(v3::Packet::Publish(publish)) | MqttPacket::V5(v5::Packet::Publish(publish)),
            ) => *publish,
            other => unreachable!("instead of a publish: {other:?}"),
        }
    }

    pub(crate) async fn acknowledge(&mut self, publish: &Publish) {
        let packet_id = publish.packet_id.expect("QoS 1");
        let packet = match self.version {
            Version::V3 => MqttPacket::V3(v3::Packet::PublishAck { packet_id }),
            Version::V5 => MqttPacket::V5(v5::Packet::PublishAck(v5::PublishAck {
                packet_id,
                ..v5::PublishAck::default()
            })),
        };
        self.send(packet).await;
    }

    pub(crate) async fn ping(&mut self) {
        self.send_bytes(&[0xc0, 0]).await;
        let answer = self.receive().await;
        let pong = matches!(
            answer,
            Some(MqttPacket::V3(v3::Packet::PingResponse) | MqttPacket::V5(v5::Packet::PingResponse))
        );
        assert!(pong, "instead of a PINGRESP: {answer:?}");
    }
}
