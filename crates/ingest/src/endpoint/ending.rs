//! Why a connection ends, and what follows from it: what the client is told, whether its will is published, whether
//! what it had already sent is still taken.

use rmqtt_codec::v5::DisconnectReasonCode as Reason;

/// Every way a connection can end after its CONNACK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The client went away without a word.
    Vanished,
    /// DISCONNECT: a clean good-bye.
    Disconnected,
    /// DISCONNECT with reason 0x04 (MQTT 5): good-bye, but publish the will.
    DisconnectedWithWill,
    /// Nothing heard for one and a half keep-alives.
    Silent,
    /// It does not read what is written to it.
    SlowReader,
    /// The same client id of the same handset connected again.
    TakenOver,
    /// A fifth session came and this one had been silent longest.
    Crowded,
    /// The handset has a new secret, or was reported stolen.
    MustLogInAgain,
    /// MQTT 3.1.1 has no other way to refuse a publish.
    PublishRefused,
    /// A packet that cannot be read. What follows it cannot be read either.
    Malformed,
    /// A packet that may not come here.
    ProtocolError,
    /// A packet beyond its limit that is no publish.
    TooLarge,
    /// Enhanced authentication is not offered.
    AuthenticationUnsupported,
    /// Subscription identifiers are not offered, and the CONNACK said so.
    SubscriptionIdUnsupported,
    /// An alias beyond the maximum, or zero.
    AliasInvalid,
    /// More unreleased QoS 2 publishes than allowed.
    ReceiveMaximumExceeded,
    /// The hall died over a message; without an acknowledgement the handset sends it again.
    HallFailed,
    /// This process stops.
    Stopping,
}

impl Ending {
    /// Whether the client is still there to be told why. Not where it has gone, or has said good-bye itself.
    pub(super) fn is_told(self) -> bool {
        !matches!(self, Self::Vanished | Self::Disconnected | Self::DisconnectedWithWill | Self::SlowReader)
    }

    /// The reason of the MQTT 5 DISCONNECT.
    pub(super) fn reason(self) -> Reason {
        match self {
            Self::Vanished | Self::Disconnected | Self::DisconnectedWithWill | Self::SlowReader => {
                Reason::NormalDisconnection
            }
            Self::Silent => Reason::KeepAliveTimeout,
            Self::TakenOver => Reason::SessionTakenOver,
            Self::Crowded => Reason::QuotaExceeded,
            Self::PublishRefused | Self::MustLogInAgain => Reason::NotAuthorized,
            Self::Malformed => Reason::MalformedPacket,
            Self::ProtocolError => Reason::ProtocolError,
            Self::TooLarge => Reason::PacketTooLarge,
            Self::AuthenticationUnsupported => Reason::BadAuthenticationMethod,
            Self::SubscriptionIdUnsupported => Reason::SubscriptionIdentifiersNotSupported,
            Self::AliasInvalid => Reason::TopicAliasInvalid,
            Self::ReceiveMaximumExceeded => Reason::ReceiveMaximumExceeded,
            Self::HallFailed => Reason::UnspecifiedError,
            Self::Stopping => Reason::ServerShuttingDown,
        }
    }

    /// The same in words, for whoever reads a handset's log.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Vanished | Self::Disconnected | Self::DisconnectedWithWill | Self::SlowReader => "",
            Self::Silent => "nothing was heard for one and a half keep-alives",
            Self::TakenOver => "the same client id of this handset connected again",
            Self::Crowded => "a fifth session came, and this one had been silent longest",
            Self::MustLogInAgain => "this handset's secret or its standing has changed; log in again",
            Self::PublishRefused => "not a topic of this handset",
            Self::Malformed => "a packet that cannot be read",
            Self::ProtocolError => "a packet that may not come here",
            Self::TooLarge => "a packet beyond its limit",
            Self::AuthenticationUnsupported => "enhanced authentication is not offered",
            Self::SubscriptionIdUnsupported => "subscription identifiers are not offered",
            Self::AliasInvalid => "topic aliases go from 1 to 16",
            Self::ReceiveMaximumExceeded => "more unreleased publishes than the receive maximum",
            Self::HallFailed => "this message could not be taken; send it again",
            Self::Stopping => "the platform stops and comes back",
        }
    }

    /// A will speaks for a handset that can no longer speak. It is not published after a clean good-bye, nor when we
    /// stop or send it away: that says nothing about the handset, and a thief does not press by being cut off.
    pub(super) fn publishes_will(self) -> bool {
        !matches!(self, Self::Disconnected | Self::Stopping | Self::MustLogInAgain)
    }

    /// Whether whole publishes behind this point are still taken. Not where the stream can no longer be cut into
    /// packets, and not after the client's own good-bye.
    pub(super) fn drains(self) -> bool {
        match self {
            Self::Disconnected | Self::DisconnectedWithWill | Self::Malformed => false,
            Self::Vanished
            | Self::Silent
            | Self::SlowReader
            | Self::TakenOver
            | Self::Crowded
            | Self::MustLogInAgain
            | Self::PublishRefused
            | Self::ProtocolError
            | Self::TooLarge
            | Self::AuthenticationUnsupported
            | Self::SubscriptionIdUnsupported
            | Self::AliasInvalid
            | Self::ReceiveMaximumExceeded
            | Self::HallFailed
            | Self::Stopping => true,
        }
    }

    /// The name in logs and metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Vanished => "vanished",
            Self::Disconnected => "disconnected",
            Self::DisconnectedWithWill => "disconnected_with_will",
            Self::Silent => "silent",
            Self::SlowReader => "slow_reader",
            Self::TakenOver => "taken_over",
            Self::Crowded => "crowded",
            Self::MustLogInAgain => "must_log_in_again",
            Self::PublishRefused => "publish_refused",
            Self::Malformed => "malformed",
            Self::ProtocolError => "protocol_error",
            Self::TooLarge => "too_large",
            Self::AuthenticationUnsupported => "authentication_unsupported",
            Self::SubscriptionIdUnsupported => "subscription_id_unsupported",
            Self::AliasInvalid => "alias_invalid",
            Self::ReceiveMaximumExceeded => "receive_maximum_exceeded",
            Self::HallFailed => "hall_failed",
            Self::Stopping => "stopping",
        }
    }

    /// Whether the client broke a rule, as against went away or was asked to.
    pub(super) fn is_offence(self) -> bool {
        matches!(
            self,
            Self::SlowReader
                | Self::PublishRefused
                | Self::Malformed
                | Self::ProtocolError
                | Self::TooLarge
                | Self::AuthenticationUnsupported
                | Self::SubscriptionIdUnsupported
                | Self::AliasInvalid
                | Self::ReceiveMaximumExceeded
        )
    }
}
