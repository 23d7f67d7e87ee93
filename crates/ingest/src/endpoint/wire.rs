//! One vocabulary for both protocol versions: what a client may say to us, and what we say to it.
//!
//! The codec has a set of packet types for each version. Everything above this file speaks [`Inbound`] and
//! [`Outbound`]; what a version lacks is left out in `v3` or `v5` and nowhere else.

use std::num::{NonZeroU16, NonZeroU32};

use bytes::{Bytes, BytesMut};
use rmqtt_codec::error::{DecodeError, EncodeError};
use rmqtt_codec::types::{Publish as WirePublish, QoS};
use tokio_util::codec::{Decoder as _, Encoder as _};

use super::ending::Ending;
use super::lenient::Broken;

mod v3;
mod v5;

pub(super) use v5::{Limits, V5};

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

impl Publish {
    /// Subscription identifiers are a server's to set; a client's publish has none.
    fn read(publish: WirePublish) -> Inbound {
        let properties = publish.properties.unwrap_or_default();
        let read = Self {
            packet_id: publish.packet_id,
            exactly_once: publish.qos == QoS::ExactlyOnce,
            duplicate: publish.dup,
            topic: publish.topic.to_string(),
            alias: properties.topic_alias,
            payload: publish.payload,
        };
        if properties.subscription_ids.is_empty() {
            return Inbound::Publish(read);
        }
        Inbound::Broken(Broken { publish: read, ending: Ending::ProtocolError, oversized: None })
    }
}

/// What a client may say after its CONNECT.
#[derive(Debug)]
pub(super) enum Inbound {
    Publish(Publish),
    Broken(Broken),
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

impl Grant {
    /// Why not, in words.
    fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Granted(_) => None,
            Self::NotAuthorized => Some("a handset may read its own down topics only"),
            Self::QuotaExceeded => Some("a session may name 32 different filters"),
        }
    }
}

/// Why a publish is not taken as it is. 5 has a word for it, 3.1.1 has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejection {
    NotItsTopic,
    /// Its beginning is kept, and it is not to come again.
    TooLarge,
}

impl Rejection {
    fn words(self) -> &'static str {
        match self {
            Self::NotItsTopic => "not a topic of this handset",
            Self::TooLarge => "too large: its beginning is kept, do not send it again",
        }
    }
}

/// What we say after the CONNACK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outbound {
    PublishAck {
        packet_id: NonZeroU16,
        refused: Option<Rejection>,
    },
    PublishReceived {
        packet_id: NonZeroU16,
        refused: Option<Rejection>,
    },
    PublishComplete {
        packet_id: NonZeroU16,
        known: bool,
    },
    SubscribeAck {
        packet_id: NonZeroU16,
        grants: Vec<Grant>,
    },
    UnsubscribeAck {
        packet_id: NonZeroU16,
        existed: Vec<bool>,
    },
    Publish {
        packet_id: Option<NonZeroU16>,
        topic: String,
        payload: Bytes,
        /// After so many seconds nobody needs it any more; none: not known.
        expires_in_s: Option<NonZeroU32>,
    },
    Pong,
    Disconnect(Ending),
}

/// The codec of the version that the client chose.
#[derive(Debug)]
pub(super) enum Codec {
    V3(rmqtt_codec::v3::Codec),
    V5(V5),
}

impl Codec {
    pub(super) fn v3() -> Self {
        Self::V3(rmqtt_codec::v3::Codec::new(0))
    }

    pub(super) fn v5() -> Self {
        Self::V5(V5::default())
    }

    pub(super) fn is_v5(&self) -> bool {
        matches!(self, Self::V5(_))
    }

    /// From now on our packets are as the client wants them.
    pub(super) fn keep_to(&mut self, limits: Limits) {
        if let Self::V5(five) = self {
            five.keep_to(limits);
        }
    }

    /// Takes the packet at the start of the input, which must be there whole.
    pub(super) fn decode(&mut self, input: &mut BytesMut) -> Result<Inbound, DecodeError> {
        match self {
            Self::V3(codec) => {
                codec.decode(input)?.map(|(packet, _)| v3::read(packet)).ok_or(DecodeError::InvalidLength)
            }
            Self::V5(five) => five.decode(input)?.map(v5::read).ok_or(DecodeError::InvalidLength),
        }
    }

    /// Appends a packet to the output; appends nothing where the version has no such packet.
    pub(super) fn encode(&mut self, packet: Outbound, output: &mut BytesMut) -> Result<(), EncodeError> {
        match self {
            Self::V3(codec) => v3::write(packet).map_or(Ok(()), |packet| codec.encode(packet, output)),
            Self::V5(five) => five.encode(v5::write(packet), output),
        }
    }
}

fn wire_publish(packet_id: Option<NonZeroU16>, topic: String, payload: Bytes) -> WirePublish {
    let qos = if packet_id.is_some() { QoS::AtLeastOnce } else { QoS::AtMostOnce };
    let topic = topic.into();
    WirePublish { dup: false, retain: false, qos, topic, packet_id, payload, properties: None }
}
