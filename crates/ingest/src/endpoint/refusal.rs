//! Why a CONNECT is refused, in the words of each version.

use bytes::BytesMut;
use rmqtt_codec::v3;
use rmqtt_codec::v5::{self, ConnectAck, ConnectAckReason};
use tokio_util::codec::Encoder as _;

use super::wire::Codec;

/// Why a client that can be read may not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Nobody's credentials, or none.
    Credentials,
    /// They cannot be checked now.
    Unavailable,
    /// The will is on a topic that is not the handset's own.
    Will,
    /// Enhanced authentication (MQTT 5) is not offered.
    AuthenticationMethod,
    /// No client id where the version demands one.
    ClientId,
    /// A CONNECT that breaks off or contradicts itself.
    Malformed,
    /// The client takes no packet as large as a receipt (MQTT 5).
    PacketSize,
}

impl Refused {
    /// The label in metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Unavailable => "unavailable",
            Self::Will => "will",
            Self::AuthenticationMethod => "authentication_method",
            Self::ClientId => "client_id",
            Self::Malformed => "malformed",
            Self::PacketSize => "packet_size",
        }
    }

    /// The CONNACK that says so; nothing where 3.1.1 has no word for it.
    pub(super) fn encode(self, codec: &mut Codec, output: &mut BytesMut) {
        let encoded = match codec {
            Codec::V3(codec) => self.code_v3().map_or(Ok(()), |return_code| {
                let ack = v3::ConnectAck { return_code, session_present: false };
                codec.encode(v3::Packet::ConnectAck(ack), output)
            }),
            Codec::V5(codec) => {
                let ack = ConnectAck {
                    reason_code: self.code_v5(),
                    reason_string: Some(self.words().into()),
                    ..ConnectAck::default()
                };
                codec.encode(v5::Packet::ConnectAck(Box::new(ack)), output)
            }
        };
        if let Err(error) = encoded {
            tracing::warn!(event = "mqtt_connack_not_encoded", %error);
        }
    }

    /// The same in words (MQTT 5), for whoever reads a handset's log.
    fn words(self) -> &'static str {
        match self {
            Self::Credentials => "no such handset, or not its secret",
            Self::Unavailable => "the secret cannot be checked now; come back",
            Self::Will => "the will is not on a topic of this handset",
            Self::AuthenticationMethod => "enhanced authentication is not offered",
            Self::ClientId => "no client id",
            Self::Malformed => "a CONNECT that cannot be read",
            Self::PacketSize => "a maximum packet size that leaves no room for a receipt",
        }
    }

    fn code_v3(self) -> Option<v3::ConnectAckReason> {
        match self {
            Self::Credentials => Some(v3::ConnectAckReason::BadUserNameOrPassword),
            Self::Unavailable => Some(v3::ConnectAckReason::ServiceUnavailable),
            Self::Will | Self::AuthenticationMethod => Some(v3::ConnectAckReason::NotAuthorized),
            Self::ClientId => Some(v3::ConnectAckReason::IdentifierRejected),
            Self::Malformed | Self::PacketSize => None,
        }
    }

    fn code_v5(self) -> ConnectAckReason {
        match self {
            Self::Credentials => ConnectAckReason::BadUserNameOrPassword,
            Self::Unavailable => ConnectAckReason::ServerUnavailable,
            Self::Will => ConnectAckReason::NotAuthorized,
            Self::AuthenticationMethod => ConnectAckReason::BadAuthenticationMethod,
            Self::ClientId => ConnectAckReason::ClientIdentifierNotValid,
            Self::Malformed => ConnectAckReason::MalformedPacket,
            Self::PacketSize => ConnectAckReason::PacketTooLarge,
        }
    }
}
