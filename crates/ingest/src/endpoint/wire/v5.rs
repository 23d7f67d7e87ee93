//! The packets of 5: what 3.1.1 does not have, and what the client wants of ours.

use std::num::NonZeroU16;

use bytes::BytesMut;
use rmqtt_codec::error::{DecodeError, EncodeError};
use rmqtt_codec::types::{Publish as WirePublish, QoS};
use rmqtt_codec::v5::{
    Codec, ConnectAck, Disconnect, DisconnectReasonCode, Packet, PublishAck, PublishAck2, PublishAck2Reason,
    PublishAckReason, PublishProperties, SubscribeAck, SubscribeAckReason, UnsubscribeAck,
    UnsubscribeAckReason,
};
use tokio_util::codec::{Decoder as _, Encoder as _};

use super::{Grant, Inbound, Outbound, Publish, Rejection, wire_publish};

/// The codec, and what its client wants of our packets.
#[derive(Debug)]
pub(in crate::endpoint) struct V5 {
    codec: Codec,
    limits: Limits,
}

/// What a client said about the packets it takes.
#[derive(Debug, Clone, Copy)]
pub(in crate::endpoint) struct Limits {
    /// No larger packet may be sent to it.
    pub(in crate::endpoint) packet_bytes_max: usize,
    /// Whether it wants to hear in words why something is refused (request problem information).
    pub(in crate::endpoint) with_words: bool,
}

impl Default for V5 {
    fn default() -> Self {
        let limits = Limits { packet_bytes_max: usize::MAX, with_words: true };
        Self { codec: Codec::new(0, 0), limits }
    }
}

impl V5 {
    pub(super) fn keep_to(&mut self, limits: Limits) {
        self.limits = limits;
    }

    pub(in crate::endpoint) fn decode(
        &mut self,
        input: &mut BytesMut,
    ) -> Result<Option<Packet>, DecodeError> {
        Ok(self.codec.decode(input)?.map(|(packet, _)| packet))
    }

    /// Appends a packet, without its words where the client does not want them or has no room for them. What is too
    /// large for it all the same may not be sent.
    pub(in crate::endpoint) fn encode(
        &mut self,
        packet: Packet,
        output: &mut BytesMut,
    ) -> Result<(), EncodeError> {
        let Some(wordless) = without_words(&packet) else { return self.put(packet, output) };
        if self.limits.with_words && self.put(packet, output).is_ok() {
            return Ok(());
        }
        self.put(wordless, output)
    }

    fn put(&mut self, packet: Packet, output: &mut BytesMut) -> Result<(), EncodeError> {
        let begin = output.len();
        self.codec.encode(packet, output)?;
        let (size, max) = (output.len() - begin, self.limits.packet_bytes_max);
        if size <= max {
            return Ok(());
        }
        output.truncate(begin);
        let saturated = |size| u32::try_from(size).unwrap_or(u32::MAX);
        Err(EncodeError::OverMaxPacketSize { size: saturated(size), max: saturated(max) })
    }
}

/// A refusal without its words; none if the packet has no words.
fn without_words(packet: &Packet) -> Option<Packet> {
    match packet {
        Packet::ConnectAck(ack) if ack.reason_string.is_some() => {
            Some(Packet::ConnectAck(Box::new(ConnectAck { reason_string: None, ..(**ack).clone() })))
        }
        Packet::PublishAck(ack) if ack.reason_string.is_some() => {
            Some(Packet::PublishAck(PublishAck { reason_string: None, ..ack.clone() }))
        }
        Packet::PublishReceived(ack) if ack.reason_string.is_some() => {
            Some(Packet::PublishReceived(PublishAck { reason_string: None, ..ack.clone() }))
        }
        Packet::SubscribeAck(ack) if ack.reason_string.is_some() => {
            Some(Packet::SubscribeAck(SubscribeAck { reason_string: None, ..ack.clone() }))
        }
        Packet::Disconnect(disconnect) if disconnect.reason_string.is_some() => {
            Some(Packet::Disconnect(Disconnect { reason_string: None, ..disconnect.clone() }))
        }
        _ => None,
    }
}

pub(super) fn read(packet: Packet) -> Inbound {
    match packet {
        Packet::Publish(publish) => Publish::read(*publish),
        Packet::PublishAck(ack) => {
            Inbound::PublishAck { packet_id: ack.packet_id, failed: u8::from(ack.reason_code) >= 0x80 }
        }
        Packet::PublishRelease(release) => Inbound::PublishRelease { packet_id: release.packet_id },
        Packet::Subscribe(subscribe) if subscribe.id.is_some() => Inbound::SubscribeWithId,
        Packet::Subscribe(subscribe) => Inbound::Subscribe {
            packet_id: subscribe.packet_id,
            filters: subscribe
                .topic_filters
                .into_iter()
                .map(|(filter, o)| (filter.to_string(), o.qos))
                .collect(),
        },
        Packet::Unsubscribe(unsubscribe) => Inbound::Unsubscribe {
            packet_id: unsubscribe.packet_id,
            filters: unsubscribe.topic_filters.into_iter().map(|filter| filter.to_string()).collect(),
        },
        Packet::PingRequest => Inbound::Ping,
        Packet::Disconnect(disconnect) => Inbound::Disconnect {
            with_will: disconnect.reason_code == DisconnectReasonCode::DisconnectWithWillMessage,
        },
        Packet::Auth(_) => Inbound::Authenticate,
        Packet::Connect(_)
        | Packet::ConnectAck(_)
        | Packet::PublishReceived(_)
        | Packet::PublishComplete(_)
        | Packet::SubscribeAck(_)
        | Packet::UnsubscribeAck(_)
        | Packet::PingResponse => Inbound::Unexpected,
    }
}

pub(super) fn write(packet: Outbound) -> Packet {
    match packet {
        Outbound::PublishAck { packet_id, refused } => Packet::PublishAck(publish_ack(packet_id, refused)),
        Outbound::PublishReceived { packet_id, refused } => {
            Packet::PublishReceived(publish_ack(packet_id, refused))
        }
        Outbound::PublishComplete { packet_id, known } => Packet::PublishComplete(PublishAck2 {
            packet_id,
            reason_code: if known { PublishAck2Reason::Success } else { PublishAck2Reason::PacketIdNotFound },
            ..PublishAck2::default()
        }),
        Outbound::SubscribeAck { packet_id, grants } => Packet::SubscribeAck(SubscribeAck {
            packet_id,
            properties: Vec::new(),
            reason_string: grants.iter().find_map(|grant| grant.refusal()).map(Into::into),
            status: grants.into_iter().map(grant).collect(),
        }),
        Outbound::UnsubscribeAck { packet_id, existed } => Packet::UnsubscribeAck(UnsubscribeAck {
            packet_id,
            properties: Vec::new(),
            reason_string: None,
            status: existed.into_iter().map(existed_reason).collect(),
        }),
        Outbound::Publish { packet_id, topic, payload, expires_in_s } => {
            let expires = |interval| PublishProperties {
                message_expiry_interval: Some(interval),
                ..PublishProperties::default()
            };
            let properties = expires_in_s.map(expires);
            Packet::Publish(Box::new(WirePublish { properties, ..wire_publish(packet_id, topic, payload) }))
        }
        Outbound::Pong => Packet::PingResponse,
        Outbound::Disconnect(ending) => Packet::Disconnect(Disconnect {
            reason_string: Some(ending.words().into()),
            ..Disconnect::new(ending.reason())
        }),
    }
}

/// Whatever the reason, a publish that is answered does not come again (MQTT 5, 4.4).
fn publish_ack(packet_id: NonZeroU16, refused: Option<Rejection>) -> PublishAck {
    let reason_code = match refused {
        None => PublishAckReason::Success,
        Some(Rejection::NotItsTopic) => PublishAckReason::NotAuthorized,
        Some(Rejection::TooLarge) => PublishAckReason::QuotaExceeded,
    };
    let reason_string = refused.map(|why| why.words().into());
    PublishAck { packet_id, reason_code, reason_string, ..PublishAck::default() }
}

fn grant(grant: Grant) -> SubscribeAckReason {
    match grant {
        Grant::Granted(QoS::AtMostOnce) => SubscribeAckReason::GrantedQos0,
        Grant::Granted(QoS::AtLeastOnce | QoS::ExactlyOnce) => SubscribeAckReason::GrantedQos1,
        Grant::NotAuthorized => SubscribeAckReason::NotAuthorized,
        Grant::QuotaExceeded => SubscribeAckReason::QuotaExceeded,
    }
}

fn existed_reason(existed: bool) -> UnsubscribeAckReason {
    if existed { UnsubscribeAckReason::Success } else { UnsubscribeAckReason::NoSubscriptionExisted }
}
