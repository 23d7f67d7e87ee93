//! The packets of 3.1.1.

use rmqtt_codec::v3::{Packet, SubscribeReturnCode};

use super::{Grant, Inbound, Outbound, Publish, wire_publish};

pub(super) fn read(packet: Packet) -> Inbound {
    match packet {
        Packet::Publish(publish) => Publish::read(*publish),
        Packet::PublishAck { packet_id } => Inbound::PublishAck { packet_id, failed: false },
        Packet::PublishRelease { packet_id } => Inbound::PublishRelease { packet_id },
        Packet::Subscribe { packet_id, topic_filters } => Inbound::Subscribe {
            packet_id,
            filters: topic_filters.into_iter().map(|(filter, qos)| (filter.to_string(), qos)).collect(),
        },
        Packet::Unsubscribe { packet_id, topic_filters } => Inbound::Unsubscribe {
            packet_id,
            filters: topic_filters.into_iter().map(|filter| filter.to_string()).collect(),
        },
        Packet::PingRequest => Inbound::Ping,
        Packet::Disconnect => Inbound::Disconnect { with_will: false },
        Packet::Connect(_)
        | Packet::ConnectAck(_)
        | Packet::PublishReceived { .. }
        | Packet::PublishComplete { .. }
        | Packet::SubscribeAck { .. }
        | Packet::UnsubscribeAck { .. }
        | Packet::PingResponse => Inbound::Unexpected,
    }
}

/// A refusal has no packet in 3.1.1, so it becomes silence; the session closes the connection instead.
pub(super) fn write(packet: Outbound) -> Option<Packet> {
    Some(match packet {
        Outbound::PublishAck { refused: Some(_), .. }
        | Outbound::PublishReceived { refused: Some(_), .. }
        | Outbound::Disconnect(_) => return None,
        Outbound::PublishAck { packet_id, .. } => Packet::PublishAck { packet_id },
        Outbound::PublishReceived { packet_id, .. } => Packet::PublishReceived { packet_id },
        Outbound::PublishComplete { packet_id, .. } => Packet::PublishComplete { packet_id },
        Outbound::SubscribeAck { packet_id, grants } => {
            Packet::SubscribeAck { packet_id, status: grants.into_iter().map(grant).collect() }
        }
        Outbound::UnsubscribeAck { packet_id, .. } => Packet::UnsubscribeAck { packet_id },
        Outbound::Publish { packet_id, topic, payload, .. } => {
            Packet::Publish(Box::new(wire_publish(packet_id, topic, payload)))
        }
        Outbound::Pong => Packet::PingResponse,
    })
}

fn grant(grant: Grant) -> SubscribeReturnCode {
    match grant {
        Grant::Granted(qos) => SubscribeReturnCode::Success(qos),
        Grant::NotAuthorized | Grant::QuotaExceeded => SubscribeReturnCode::Failure,
    }
}
