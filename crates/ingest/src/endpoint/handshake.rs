//! From the accepted socket to a session that may begin: CONNECT, log-in, the will's topic.
//!
//! Whoever is slow here is slow alone: each connection has its own task, its own deadline, and at most one CONNECT's
//! worth of memory.

use std::net::IpAddr;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use model::HandsetId;
use protocol::Rights;
use rmqtt_codec::v3;
use rmqtt_codec::v5::{self, ConnectAck, ConnectAckReason};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout_at;
use tokio_util::codec::Encoder as _;
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::config::{CONNECT_BYTES_MAX, IN_FLIGHT_MAX, TOPIC_ALIAS_MAX};
use super::connect::{self, Connect, Unreadable, WillRequest};
use super::errand;
use super::frame::Header;
use super::places::Place;
use super::refusal::Refused;
use super::session::{Refusal, Work};
use super::socket::{Socket, read_some};
use super::will::Will;
use super::wire::Codec;
use crate::hall::LogIn;

/// Who may begin a session, and on which terms.
pub(super) struct Admitted {
    pub(super) codec: Codec,
    pub(super) handset: HandsetId,
    /// Which topics are its own.
    pub(super) rights: Rights,
    /// Of which change of the handset it knows.
    pub(super) as_of: i64,
    pub(super) client_id: String,
    /// The CONNACK, to be sent when the seat is taken.
    pub(super) welcome: BytesMut,
    /// How long the client may be silent.
    pub(super) silence: Duration,
    pub(super) will: Option<Will>,
    pub(super) receive_max: Option<NonZeroU16>,
    pub(super) packet_bytes_max: usize,
}

/// Brings a client in, or tells it why not; `None` ends the connection.
pub(super) async fn shake_hands<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    place: &mut Place,
    from: IpAddr,
    shared: &Arc<Shared>,
) -> Option<Admitted> {
    let read = tokio::select! {
        read = timeout_at(place.until(), read_connect(socket)) => read,
        () = place.sent_away() => {
            count_refused("gave_way");
            return None;
        }
    };
    let (mut codec, connect) = match read {
        Ok(Ok(read)) => read,
        Ok(Err(Unreadable { answer, why })) => {
            count_refused(why);
            socket.output.extend_from_slice(&answer);
            return None;
        }
        Err(_) => {
            count_refused("handshake_timeout");
            return None;
        }
    };
    if !place.keep() {
        count_refused("gave_way");
        return None;
    }
    match admit(&mut codec, connect, from, shared).await {
        Ok(mut admitted) => {
            admitted.codec = codec;
            Some(admitted)
        }
        Err(refused) => {
            count_refused(refused.name());
            refused.encode(&mut codec, &mut socket.output);
            None
        }
    }
}

async fn read_connect<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
) -> Result<(Codec, Connect), Unreadable> {
    loop {
        let header = Header::read(&socket.input).map_err(|_malformed| Unreadable::silent("malformed"))?;
        // The first byte alone tells that this is not MQTT; nothing more is read from it.
        if socket.input.first().is_some_and(|first| *first != 0x10) {
            return Err(Unreadable::silent("not_connect"));
        }
        if let Some(header) = header {
            if !header.is_connect() || header.body_bytes > CONNECT_BYTES_MAX {
                return Err(Unreadable::silent("connect_too_large"));
            }
            if socket.input.len() >= header.total_bytes() {
                let read = connect::decode(&mut socket.input);
                socket.taken();
                return read;
            }
        }
        match read_some(&mut socket.reader, &mut socket.input, 0).await {
            Ok(read) if read > 0 => {}
            Ok(_) | Err(_) => return Err(Unreadable::silent("vanished")),
        }
    }
}

async fn admit(
    codec: &mut Codec,
    connect: Connect,
    from: IpAddr,
    shared: &Arc<Shared>,
) -> Result<Admitted, Refused> {
    if let Some(limits) = connect.limits {
        codec.keep_to(limits);
    }
    if connect.wants_enhanced_authentication {
        return Err(Refused::AuthenticationMethod);
    }
    let (rights, as_of) = log_in(&connect, from, shared).await?;
    let will = match connect.will {
        Some(request) => Some(check_will(&rights, request, shared).await?),
        None => None,
    };
    let assigned = connect.client_id.is_empty().then(|| shared.sessions.assign_client_id());
    let imposed_keep_alive_s = imposed_keep_alive_s(codec, connect.keep_alive_s, shared);
    let mut welcome = BytesMut::new();
    let terms = Terms { assigned: assigned.as_deref(), imposed_keep_alive_s, shared };
    encode_welcome(codec, &terms, connect.session_expiry_s, &mut welcome)?;
    Ok(Admitted {
        codec: Codec::v3(),
        handset: rights.handset().clone(),
        rights,
        as_of,
        client_id: assigned.unwrap_or(connect.client_id),
        welcome,
        silence: allowed_silence(imposed_keep_alive_s.unwrap_or(connect.keep_alive_s), shared),
        will,
        receive_max: connect.receive_max,
        packet_bytes_max: connect.limits.map_or(usize::MAX, |limits| limits.packet_bytes_max),
    })
}

async fn log_in(connect: &Connect, from: IpAddr, shared: &Shared) -> Result<(Rights, i64), Refused> {
    let Some(username) = &connect.username else { return Err(Refused::Credentials) };
    let checked = shared.hall.log_in(username, &connect.password, from);
    match tokio::time::timeout(shared.config.log_in_timeout(), checked).await {
        Ok(LogIn::Welcome { rights, as_of }) => Ok((rights, as_of)),
        Ok(LogIn::Refused) => Err(Refused::Credentials),
        Ok(LogIn::Crowded | LogIn::Unavailable) | Err(_) => Err(Refused::Unavailable),
    }
}

async fn check_will(rights: &Rights, will: WillRequest, shared: &Arc<Shared>) -> Result<Will, Refused> {
    let WillRequest { topic, payload, delay_s } = will;
    let reason = match Will::check(rights, &topic, Bytes::clone(&payload), delay_s) {
        Ok(will) => return Ok(will),
        Err(reason) => reason,
    };
    let work = Work::Quarantine { why: Refusal::NotItsTopic, topic, payload, reason };
    let kept = CancellationToken::new();
    let report = kept.clone();
    if errand::begin(shared, rights.handset(), work, move |_outcome| report.cancel()).is_none() {
        kept.cancelled().await;
    }
    Err(Refused::Will)
}

/// One and a half keep-alives, or our own limit where the client named none or an endless one.
fn allowed_silence(keep_alive_s: u16, shared: &Shared) -> Duration {
    match keep_alive_s {
        0 => shared.config.silence_limit(),
        seconds => (Duration::from_secs(seconds.into()) * 3 / 2).min(shared.config.longest_silence()),
    }
}

/// The keep-alive that a client is told (MQTT 5) which has none, or one so long that a dead connection would pass for a
/// handset that is there: then it is closed after the same silence as one without.
fn imposed_keep_alive_s(codec: &Codec, asked_s: u16, shared: &Shared) -> Option<u16> {
    let longest_s = u16::try_from(shared.config.silence_limit_s * 2 / 3).unwrap_or(u16::MAX);
    (codec.is_v5() && (asked_s == 0 || asked_s > longest_s)).then_some(longest_s)
}

struct Terms<'a> {
    assigned: Option<&'a str>,
    imposed_keep_alive_s: Option<u16>,
    shared: &'a Shared,
}

/// Retained messages are accepted and not retained: nobody could read one back, and clients that set the flag by habit
/// (OwnTracks does) would otherwise refuse to publish. So the CONNACK does not deny them.
fn encode_welcome(
    codec: &mut Codec,
    terms: &Terms<'_>,
    session_expiry_s: u32,
    output: &mut BytesMut,
) -> Result<(), Refused> {
    let encoded = match codec {
        Codec::V3(codec) => {
            let return_code = v3::ConnectAckReason::ConnectionAccepted;
            let ack = v3::ConnectAck { return_code, session_present: false };
            codec.encode(v3::Packet::ConnectAck(ack), output)
        }
        Codec::V5(codec) => {
            let ack = ConnectAck {
                reason_code: ConnectAckReason::Success,
                // No session outlives its connection, and a client that asked for one is told.
                session_expiry_interval_secs: (session_expiry_s > 0).then_some(0),
                receive_max: u16::try_from(IN_FLIGHT_MAX)
                    .ok()
                    .and_then(NonZeroU16::new)
                    .unwrap_or(NonZeroU16::MAX),
                max_packet_size: u32::try_from(terms.shared.config.max_packet_bytes).ok(),
                assigned_client_id: terms.assigned.map(Into::into),
                topic_alias_max: TOPIC_ALIAS_MAX,
                subscription_identifiers_available: false,
                shared_subscription_available: false,
                server_keepalive_sec: terms.imposed_keep_alive_s,
                ..ConnectAck::default()
            };
            codec.encode(v5::Packet::ConnectAck(Box::new(ack)), output)
        }
    };
    encoded.map_err(|error| {
        tracing::debug!(event = "mqtt_connack_not_encoded", %error);
        Refused::PacketSize
    })
}

pub(super) fn count_refused(why: &'static str) {
    metrics::counter!("jujiale_mqtt_refused_total", "why" => why).increment(1);
    tracing::debug!(event = "mqtt_connection_refused", why);
}
