//! One vocabulary for both protocol versions: what a client may say to us, and what we say to it.
//!
//! The codec has a set of packet types for each version. Everything above this file speaks [`Inbound`] and
//! [`Outbound`]; what a version lacks is left out here and nowhere else.

use std::num::NonZeroU16;

use bytes::{Bytes, BytesMut};
use rmqtt_codec::error::{DecodeError, EncodeError};
use rmqtt_codec::types::{Publish as WirePublish, QoS};
use rmqtt_codec::v5::{
    Disconnect, DisconnectReasonCode, PublishAck, PublishAck2, PublishAck2Reason, PublishAckReason,
    SubscribeAck, SubscribeAckReason, UnsubscribeAck, UnsubscribeAckReason,
};
use rmqtt_codec::{v3, v5};
use tokio_util::codec::{Decoder as _, Encoder as _};

/// A publish as it came.
#[derive(Debug, Clone)]
pub(super) struct Publish {
    /// Set for QoS 1 and 2.
    pub(super) packet_id: Option<NonZeroU16>,
    pub(super) exactly_once: bool,
    pub(super) duplicate: bool,
    /// Empty where an alias stands for it.
    pub(super) topic: String,
    pub(super) alias: Option<NonZeroU16>,
    pub(super) payload: Bytes,
}

/// What a client may say after its CONNECT.
#[derive(Debug)]
pub(super) enum Inbound {
    Publish(Publish),
    PublishAck {
        packet_id: NonZeroU16,
        failed: bool,
    },
    PublishRelease {
        packet_id: NonZeroU16,
    },
    Subscribe {
        packet_id: NonZeroU16,
        filters: Vec<(String, QoS)>,
    },
    SubscribeWithId,
    Unsubscribe {
        packet_id: NonZeroU16,
        filters: Vec<String>,
    },
    Ping,
    Disconnect {
        with_will: bool,
    },
    Authenticate,
    /// A packet that only a server sends, or one that may not come now.
    Unexpected,
}

/// What became of one filter of a SUBSCRIBE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grant {
    Granted(QoS),
    NotAuthorized,
    QuotaExceeded,
}

/// What we say after the CONNACK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outbound {
    PublishAck { packet_id: NonZeroU16, refused: bool },
    PublishReceived { packet_id: NonZeroU16, refused: bool },
    PublishComplete { packet_id: NonZeroU16, known: bool },
    SubscribeAck { packet_id: NonZeroU16, grants: Vec<Grant> },
    UnsubscribeAck { packet_id: NonZeroU16, existed: Vec<bool> },
    Publish { packet_id: Option<NonZeroU16>, topic: String, payload: Bytes },
    Pong,
    Disconnect(DisconnectReasonCode),
}

/// The codec of the version that the client chose.
#[derive(Debug)]
pub(super) enum Codec {
    V3(v3::Codec),
    V5(v5::Codec),
}

impl Codec {
    pub(super) fn is_v5(&self) -> bool {
        matches!(self, Self::V5(_))
    }

    /// Takes the packet at the start of the input, which must be there whole.
    pub(super) fn decode(&mut self, input: &mut BytesMut) -> Result<Inbound, DecodeError> {
        match self {
            Self::V3(codec) => {
                codec.decode(input)?.map(|(packet, _)| from_v3(packet)).ok_or(DecodeError::InvalidLength)
            }
            Self::V5(codec) => {
                codec.decode(input)?.map(|(packet, _)| from_v5(packet)).ok_or(DecodeError::InvalidLength)
            }
        }
    }

    /// Appends a packet to the output; appends nothing where the version has no such packet.
    pub(super) fn encode(&mut self, packet: Outbound, output: &mut BytesMut) -> Result<(), EncodeError> {
        match self {
            Self::V3(codec) => to_v3(packet).map_or(Ok(()), |packet| codec.encode(packet, output)),
            Self::V5(codec) => codec.encode(to_v5(packet), output),
        }
    }
}

fn from_wire(publish: WirePublish) -> Inbound {
    let properties = publish.properties.unwrap_or_default();
    if !properties.subscription_ids.is_empty() {
        return Inbound::Unexpected;
    }
    Inbound::Publish(Publish {
        packet_id: publish.packet_id,
        exactly_once: publish.qos == QoS::ExactlyOnce,
        duplicate: publish.dup,
        topic: publish.topic.to_string(),
        alias: properties.topic_alias,
        payload: publish.payload,
    })
}

fn from_v3(packet: v3::Packet) -> Inbound {
    match packet {
        v3::Packet::Publish(publish) => from_wire(*publish),
        v3::Packet::PublishAck { packet_id } => Inbound::PublishAck { packet_id, failed: false },
        v3::Packet::PublishRelease { packet_id } => Inbound::PublishRelease { packet_id },
        v3::Packet::Subscribe { packet_id, topic_filters } => Inbound::Subscribe {
            packet_id,
            filters: topic_filters.into_iter().map(|(filter, qos)| (filter.to_string(), qos)).collect(),
        },
        v3::Packet::Unsubscribe { packet_id, topic_filters } => Inbound::Unsubscribe {
            packet_id,
            filters: topic_filters.into_iter().map(|filter| filter.to_string()).collect(),
        },
        v3::Packet::PingRequest => Inbound::Ping,
        v3::Packet::Disconnect => Inbound::Disconnect { with_will: false },
        v3::Packet::Connect(_)
        | v3::Packet::ConnectAck(_)
        | v3::Packet::PublishReceived { .. }
        | v3::Packet::PublishComplete { .. }
        | v3::Packet::SubscribeAck { .. }
        | v3::Packet::UnsubscribeAck { .. }
        | v3::Packet::PingResponse => Inbound::Unexpected,
    }
}

fn from_v5(packet: v5::Packet) -> Inbound {
    match packet {
        v5::Packet::Publish(publish) => from_wire(*publish),
        v5::Packet::PublishAck(ack) => {
            Inbound::PublishAck { packet_id: ack.packet_id, failed: u8::from(ack.reason_code) >= 0x80 }
        }
        v5::Packet::PublishRelease(release) => Inbound::PublishRelease { packet_id: release.packet_id },
        v5::Packet::Subscribe(subscribe) if subscribe.id.is_some() => Inbound::SubscribeWithId,
        v5::Packet::Subscribe(subscribe) => Inbound::Subscribe {
            packet_id: subscribe.packet_id,
            filters: subscribe
                .topic_filters
                .into_iter()
                .map(|(filter, o)| (filter.to_string(), o.qos))
                .collect(),
        },
        v5::Packet::Unsubscribe(unsubscribe) => Inbound::Unsubscribe {
            packet_id: unsubscribe.packet_id,
            filters: unsubscribe.topic_filters.into_iter().map(|filter| filter.to_string()).collect(),
        },
        v5::Packet::PingRequest => Inbound::Ping,
        v5::Packet::Disconnect(disconnect) => Inbound::Disconnect {
            with_will: disconnect.reason_code == DisconnectReasonCode::DisconnectWithWillMessage,
        },
        v5::Packet::Auth(_) => Inbound::Authenticate,
        v5::Packet::Connect(_)
        | v5::Packet::ConnectAck(_)
        | v5::Packet::PublishReceived(_)
        | v5::Packet::PublishComplete(_)
        | v5::Packet::SubscribeAck(_)
        | v5::Packet::UnsubscribeAck(_)
        | v5::Packet::PingResponse => Inbound::Unexpected,
    }
}

fn wire_publish(packet_id: Option<NonZeroU16>, topic: String, payload: Bytes) -> Box<WirePublish> {
    let qos = if packet_id.is_some() { QoS::AtLeastOnce } else { QoS::AtMostOnce };
    Box::new(WirePublish {
        dup: false,
        retain: false,
        qos,
        topic: topic.into(),
        packet_id,
        payload,
        properties: None,
    })
}

/// A refusal has no packet in 3.1.1, so it becomes silence; the session closes the connection instead.
fn to_v3(packet: Outbound) -> Option<v3::Packet> {
    Some(match packet {
        Outbound::PublishAck { refused: true, .. }
        | Outbound::PublishReceived { refused: true, .. }
        | Outbound::Disconnect(_) => return None,
        Outbound::PublishAck { packet_id, .. } => v3::Packet::PublishAck { packet_id },
        Outbound::PublishReceived { packet_id, .. } => v3::Packet::PublishReceived { packet_id },
        Outbound::PublishComplete { packet_id, .. } => v3::Packet::PublishComplete { packet_id },
        Outbound::SubscribeAck { packet_id, grants } => {
            v3::Packet::SubscribeAck { packet_id, status: grants.into_iter().map(grant_v3).collect() }
        }
        Outbound::UnsubscribeAck { packet_id, .. } => v3::Packet::UnsubscribeAck { packet_id },
        Outbound::Publish { packet_id, topic, payload } => {
            v3::Packet::Publish(wire_publish(packet_id, topic, payload))
        }
        Outbound::Pong => v3::Packet::PingResponse,
    })
}

fn grant_v3(grant: Grant) -> v3::SubscribeReturnCode {
    match grant {
        Grant::Granted(qos) => v3::SubscribeReturnCode::Success(qos),
        Grant::NotAuthorized | Grant::QuotaExceeded => v3::SubscribeReturnCode::Failure,
    }
}

fn to_v5(packet: Outbound) -> v5::Packet {
    match packet {
        Outbound::PublishAck { packet_id, refused } => {
            v5::Packet::PublishAck(publish_ack(packet_id, refused))
        }
        Outbound::PublishReceived { packet_id, refused } => {
            v5::Packet::PublishReceived(publish_ack(packet_id, refused))
        }
        Outbound::PublishComplete { packet_id, known } => v5::Packet::PublishComplete(PublishAck2 {
            packet_id,
            reason_code: if known { PublishAck2Reason::Success } else { PublishAck2Reason::PacketIdNotFound },
            ..PublishAck2::default()
        }),
        Outbound::SubscribeAck { packet_id, grants } => v5::Packet::SubscribeAck(SubscribeAck {
            packet_id,
            properties: Vec::new(),
            reason_string: None,
            status: grants.into_iter().map(grant_v5).collect(),
        }),
        Outbound::UnsubscribeAck { packet_id, existed } => v5::Packet::UnsubscribeAck(UnsubscribeAck {
            packet_id,
            properties: Vec::new(),
            reason_string: None,
            status: existed.into_iter().map(existed_v5).collect(),
        }),
        Outbound::Publish { packet_id, topic, payload } => {
            v5::Packet::Publish(wire_publish(packet_id, topic, payload))
        }
        Outbound::Pong => v5::Packet::PingResponse,
        Outbound::Disconnect(reason) => v5::Packet::Disconnect(Disconnect::new(reason)),
    }
}

fn publish_ack(packet_id: NonZeroU16, refused: bool) -> PublishAck {
    let reason_code = if refused { PublishAckReason::NotAuthorized } else { PublishAckReason::Success };
    PublishAck { packet_id, reason_code, ..PublishAck::default() }
}

fn grant_v5(grant: Grant) -> SubscribeAckReason {
    match grant {
        Grant::Granted(QoS::AtMostOnce) => SubscribeAckReason::GrantedQos0,
        Grant::Granted(QoS::AtLeastOnce | QoS::ExactlyOnce) => SubscribeAckReason::GrantedQos1,
        Grant::NotAuthorized => SubscribeAckReason::NotAuthorized,
        Grant::QuotaExceeded => SubscribeAckReason::QuotaExceeded,
    }
}

fn existed_v5(existed: bool) -> UnsubscribeAckReason {
    if existed { UnsubscribeAckReason::Success } else { UnsubscribeAckReason::NoSubscriptionExisted }
}
