//! The CONNECT packet of either version, in one shape.

use std::num::NonZeroU16;

use bytes::{Bytes, BytesMut};
use rmqtt_codec::error::DecodeError;
use rmqtt_codec::version::{ProtocolVersion, VersionCodec};
use rmqtt_codec::{v3, v5};
use tokio_util::codec::Decoder as _;

use super::lenient::ease_connect;
use super::refusal::Refused;
use super::wire::{Codec, Limits};

/// What a client asks for.
#[derive(Debug)]
pub(super) struct Connect {
    pub(super) client_id: String,
    pub(super) keep_alive_s: u16,
    pub(super) username: Option<String>,
    pub(super) password: Bytes,
    pub(super) will: Option<WillRequest>,
    pub(super) session_expiry_s: u32,
    pub(super) receive_max: Option<NonZeroU16>,
    /// What 5 lets the client say about our packets; 3.1.1 has nothing of the kind.
    pub(super) limits: Option<Limits>,
    pub(super) wants_enhanced_authentication: bool,
}

/// A last will before anybody has looked at its topic.
#[derive(Debug)]
pub(super) struct WillRequest {
    pub(super) topic: String,
    pub(super) payload: Bytes,
    pub(super) delay_s: u32,
}

/// A first packet that is no CONNECT we know, and what is answered to it.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) answer: Bytes,
    pub(super) why: &'static str,
}

/// CONNACK with return code 1, unacceptable protocol version, as every version before 5 understands it.
const UNACCEPTABLE_VERSION: &[u8] = &[0x20, 0x02, 0x00, 0x01];

impl Unreadable {
    /// The connection just closes.
    pub(super) fn silent(why: &'static str) -> Self {
        Self { answer: Bytes::new(), why }
    }
}

/// Takes the CONNECT at the start of the input, which must be there whole, and the codec for everything after it.
pub(super) fn decode(input: &mut BytesMut) -> Result<(Codec, Connect), Unreadable> {
    let mut codec = match VersionCodec.decode(input) {
        Ok(Some(ProtocolVersion::MQTT3)) => Codec::v3(),
        Ok(Some(ProtocolVersion::MQTT5)) => {
            ease_connect(input);
            Codec::v5()
        }
        Ok(None) => return Err(Unreadable::silent("malformed")),
        Err(_) => {
            return Err(Unreadable { answer: Bytes::from_static(UNACCEPTABLE_VERSION), why: "version" });
        }
    };
    match decode_with(&mut codec, input) {
        Ok(connect) => Ok((codec, connect)),
        Err(error) => Err(refuse(&mut codec, &error)),
    }
}

fn decode_with(codec: &mut Codec, input: &mut BytesMut) -> Result<Connect, DecodeError> {
    match codec {
        Codec::V3(codec) => match codec.decode(input)? {
            Some((v3::Packet::Connect(connect), _)) => Ok(from_v3(*connect)),
            _ => Err(DecodeError::MalformedPacket),
        },
        Codec::V5(codec) => match codec.decode(input)? {
            Some(v5::Packet::Connect(connect)) => Ok(from_v5(*connect)),
            _ => Err(DecodeError::MalformedPacket),
        },
    }
}

fn refuse(codec: &mut Codec, error: &DecodeError) -> Unreadable {
    let refused = match error {
        DecodeError::InvalidClientId => Refused::ClientId,
        _ => Refused::Malformed,
    };
    let mut answer = BytesMut::new();
    refused.encode(codec, &mut answer);
    Unreadable { answer: answer.freeze(), why: refused.name() }
}

fn from_v3(connect: v3::Connect) -> Connect {
    let will = connect.last_will.map(|will| WillRequest {
        topic: will.topic.to_string(),
        payload: will.message,
        delay_s: 0,
    });
    Connect {
        client_id: connect.client_id.to_string(),
        keep_alive_s: connect.keep_alive,
        username: connect.username.map(|name| name.to_string()),
        password: connect.password.unwrap_or_default(),
        will,
        session_expiry_s: 0,
        receive_max: None,
        limits: None,
        wants_enhanced_authentication: false,
    }
}

fn from_v5(connect: v5::Connect) -> Connect {
    let packet_bytes_max = connect.max_packet_size.and_then(|max| usize::try_from(max.get()).ok());
    let limits = Limits {
        packet_bytes_max: packet_bytes_max.unwrap_or(usize::MAX),
        with_words: connect.request_problem_info,
    };
    let will = connect.last_will.map(|will| WillRequest {
        topic: will.topic.to_string(),
        payload: will.message,
        delay_s: will.will_delay_interval_sec.unwrap_or(0),
    });
    Connect {
        client_id: connect.client_id.to_string(),
        keep_alive_s: connect.keep_alive,
        username: connect.username.map(|name| name.to_string()),
        password: connect.password.unwrap_or_default(),
        will,
        session_expiry_s: connect.session_expiry_interval_secs,
        receive_max: connect.receive_max,
        limits: Some(limits),
        wants_enhanced_authentication: connect.auth_method.is_some(),
    }
}
