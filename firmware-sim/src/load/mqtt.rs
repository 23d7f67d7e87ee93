//! The part of MQTT a handset needs, in versions 3.1.1 and 5: packets out as bytes, bytes in as packets.
//!
//! A generator that shares two cores with the platform cannot afford a general client: here a PUBLISH is a few copies
//! and a PUBACK is read in place. Nothing is sent with QoS 0 or 2, retained, or under an alias.

use std::fmt;

/// Which MQTT is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 3.1.1.
    V3,
    /// 5.0, with empty properties.
    V5,
}

impl Version {
    /// The number people say.
    pub fn number(self) -> u8 {
        match self {
            Self::V3 => 3,
            Self::V5 => 5,
        }
    }

    fn level(self) -> u8 {
        match self {
            Self::V3 => 4,
            Self::V5 => 5,
        }
    }
}

/// Ends a session without its last will.
pub(super) const DISCONNECT: [u8; 2] = [0xe0, 0];
/// Asks for a sign of life.
pub(super) const PING: [u8; 2] = [0xc0, 0];

/// What a log-in says.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogIn<'a> {
    /// Names the session.
    pub client_id: &'a str,
    /// The handset.
    pub user: &'a str,
    /// Its secret.
    pub password: &'a str,
    /// After one and a half times this silence the door may hang up.
    pub keep_alive_s: u16,
    /// Published by the door when the connection is lost: topic and payload.
    pub will: (&'a str, &'a [u8]),
}

/// CONNECT with a clean session and a last will of QoS 1.
pub(super) fn connect(out: &mut Vec<u8>, version: Version, log_in: &LogIn<'_>) {
    const USER_PASSWORD_WILL_QOS1_CLEAN: u8 = 0b1100_1110;
    let mut body = Vec::with_capacity(256);
    text(&mut body, b"MQTT");
    body.extend([version.level(), USER_PASSWORD_WILL_QOS1_CLEAN]);
    body.extend(log_in.keep_alive_s.to_be_bytes());
    no_properties(&mut body, version);
    text(&mut body, log_in.client_id.as_bytes());
    no_properties(&mut body, version);
    text(&mut body, log_in.will.0.as_bytes());
    text(&mut body, log_in.will.1);
    text(&mut body, log_in.user.as_bytes());
    text(&mut body, log_in.password.as_bytes());
    out.push(0x10);
    length(out, body.len());
    out.extend(body);
}

/// SUBSCRIBE to one filter with QoS 1.
pub(super) fn subscribe(out: &mut Vec<u8>, version: Version, packet_id: u16, filter: &str) {
    let properties = usize::from(version == Version::V5);
    out.push(0x82);
    length(out, 2 + properties + 2 + filter.len() + 1);
    out.extend(packet_id.to_be_bytes());
    no_properties(out, version);
    text(out, filter.as_bytes());
    out.push(1);
}

/// PUBLISH with QoS 1. The flag of a repeated delivery is never set: it belongs to a session that outlives its
/// connection, and a handset begins a new one each time.
pub(super) fn publish(out: &mut Vec<u8>, version: Version, packet_id: u16, topic: &str, payload: &[u8]) {
    let properties = usize::from(version == Version::V5);
    out.push(0x32);
    length(out, 2 + topic.len() + 2 + properties + payload.len());
    text(out, topic.as_bytes());
    out.extend(packet_id.to_be_bytes());
    no_properties(out, version);
    out.extend(payload);
}

/// PUBACK.
pub(super) fn puback(out: &mut Vec<u8>, packet_id: u16) {
    out.extend([0x40, 2]);
    out.extend(packet_id.to_be_bytes());
}

fn no_properties(out: &mut Vec<u8>, version: Version) {
    if version == Version::V5 {
        out.push(0);
    }
}

fn text(out: &mut Vec<u8>, bytes: &[u8]) {
    // Ids, topics and wills of a handset are short; a longer one would be cut, never sent with a lying length.
    let count = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.extend(count.to_be_bytes());
    out.extend(bytes.iter().take(usize::from(count)));
}

fn length(out: &mut Vec<u8>, mut count: usize) {
    loop {
        let low = u8::try_from(count & 0x7f).unwrap_or(0);
        count >>= 7;
        if count == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packet<'a> {
    /// The answer to the log-in.
    ConnAck {
        /// Zero is yes.
        code: u8,
        /// How many publishes may be in flight, where the door said so.
        receive_max: Option<u16>,
    },
    /// The answer to the subscription.
    SubAck {
        /// Whether the door refused it.
        refused: bool,
    },
    /// A publish is taken.
    PubAck {
        /// Which.
        packet_id: u16,
        /// MQTT 5 can say no here.
        refused: bool,
    },
    /// Something came down.
    Publish {
        /// Where to.
        topic: &'a [u8],
        /// What.
        payload: &'a [u8],
        /// Set for QoS 1: it wants a PUBACK.
        packet_id: Option<u16>,
    },
    /// The door hangs up and says why.
    Disconnect {
        /// The reason code of MQTT 5.
        code: u8,
    },
    /// Nothing that needs an answer.
    Other,
}

/// What came in cannot be MQTT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the door sent what is not MQTT")
    }
}

impl std::error::Error for Malformed {}

/// Reads the first packet and says how many bytes it took; `None` while it is not whole.
pub(super) fn read(bytes: &[u8], version: Version) -> Result<Option<(Packet<'_>, usize)>, Malformed> {
    let Some((&first, rest)) = bytes.split_first() else { return Ok(None) };
    let Some((count, digits)) = read_length(rest)? else { return Ok(None) };
    let Some(body) = rest.get(digits..digits + count) else { return Ok(None) };
    let packet = read_body(first, body, version).ok_or(Malformed)?;
    Ok(Some((packet, 1 + digits + count)))
}

/// A length of up to four digits of seven bits.
fn read_length(bytes: &[u8]) -> Result<Option<(usize, usize)>, Malformed> {
    let mut count = 0;
    for (digit, byte) in bytes.iter().enumerate().take(4) {
        count |= usize::from(byte & 0x7f) << (7 * digit);
        if byte & 0x80 == 0 {
            return Ok(Some((count, digit + 1)));
        }
    }
    if bytes.len() < 4 { Ok(None) } else { Err(Malformed) }
}

fn read_body(first: u8, body: &[u8], version: Version) -> Option<Packet<'_>> {
    Some(match first >> 4 {
        2 => {
            let code = *body.get(1)?;
            let receive_max = if version == Version::V5 { receive_max(body.get(2..)?) } else { None };
            Packet::ConnAck { code, receive_max }
        }
        3 => read_publish(first, body, version)?,
        4 => Packet::PubAck { packet_id: number(body)?, refused: *body.get(2).unwrap_or(&0) >= 0x80 },
        9 => Packet::SubAck { refused: *body.last()? >= 0x80 },
        13 => Packet::Other,
        14 => Packet::Disconnect { code: *body.first().unwrap_or(&0) },
        _ => return None,
    })
}

fn read_publish(first: u8, body: &[u8], version: Version) -> Option<Packet<'_>> {
    let count = usize::from(number(body)?);
    let topic = body.get(2..2 + count)?;
    let mut rest = body.get(2 + count..)?;
    let mut packet_id = None;
    if first & 0b0110 != 0 {
        packet_id = Some(number(rest)?);
        rest = rest.get(2..)?;
    }
    if version == Version::V5 {
        let (count, digits) = read_length(rest).ok()??;
        rest = rest.get(digits + count..)?;
    }
    Some(Packet::Publish { topic, payload: rest, packet_id })
}

fn number(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]))
}

/// Looks through the properties of a CONNACK for the receive maximum.
fn receive_max(bytes: &[u8]) -> Option<u16> {
    let (count, digits) = read_length(bytes).ok()??;
    let mut rest = bytes.get(digits..digits + count)?;
    while let Some((&name, value)) = rest.split_first() {
        let size = match name {
            0x21 => return number(value),
            0x24 | 0x25 | 0x28 | 0x29 | 0x2a => 1,
            0x13 | 0x22 => 2,
            0x11 | 0x27 => 4,
            0x12 | 0x15 | 0x16 | 0x1a | 0x1c | 0x1f => 2 + usize::from(number(value)?),
            0x26 => {
                let key = 2 + usize::from(number(value)?);
                key + 2 + usize::from(number(value.get(key..)?)?)
            }
            _ => return None,
        };
        rest = value.get(size..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_standard() {
        for (count, bytes) in [
            (0, &[0][..]),
            (127, &[0x7f]),
            (128, &[0x80, 0x01]),
            (16_383, &[0xff, 0x7f]),
            (2_097_152, &[0x80, 0x80, 0x80, 0x01]),
        ] {
            let mut out = Vec::new();
            length(&mut out, count);
            assert_eq!(out, bytes);
            assert_eq!(read_length(bytes), Ok(Some((count, bytes.len()))));
        }
        assert_eq!(read_length(&[0xff; 4]), Err(Malformed));
        assert_eq!(read_length(&[0xff; 3]), Ok(None));
    }

    #[test]
    fn what_is_published_is_read_back_whole_and_cut_anywhere_it_waits() {
        for version in [Version::V3, Version::V5] {
            let mut out = Vec::new();
            publish(&mut out, version, 513, "jjl/h/fix", &[b'x'; 300]);
            for cut in 0..out.len() {
                assert_eq!(read(&out[..cut], version), Ok(None), "{version:?} {cut}");
            }
            let whole = out.len();
            out.extend(PING);
            let (packet, taken) = read(&out, version).unwrap().unwrap();
            assert_eq!(taken, whole);
            let payload = &[b'x'; 300][..];
            assert_eq!(packet, Packet::Publish { topic: b"jjl/h/fix", payload, packet_id: Some(513) });
        }
    }

    #[test]
    fn answers_are_read() {
        let all = [
            (&[0x20, 2, 0, 5][..], Version::V3, Packet::ConnAck { code: 5, receive_max: None }),
            (
                &[0x20, 8, 0, 0, 5, 0x24, 1, 0x21, 0, 64],
                Version::V5,
                Packet::ConnAck { code: 0, receive_max: Some(64) },
            ),
            (&[0x40, 2, 1, 2], Version::V3, Packet::PubAck { packet_id: 258, refused: false }),
            (&[0x40, 3, 1, 2, 0x87], Version::V5, Packet::PubAck { packet_id: 258, refused: true }),
            (&[0x90, 3, 0, 1, 0x80], Version::V3, Packet::SubAck { refused: true }),
            (&[0xe0, 2, 0x8d, 0], Version::V5, Packet::Disconnect { code: 0x8d }),
            (&[0xd0, 0], Version::V3, Packet::Other),
        ];
        for (bytes, version, packet) in all {
            assert_eq!(read(bytes, version), Ok(Some((packet, bytes.len()))), "{bytes:x?}");
        }
    }

    #[test]
    fn rubbish_is_refused() {
        for bytes in [&[0x00, 0][..], &[0x40, 1, 0], &[0x32, 4, 0, 9, b'x', b'y'], &[0x20, 0]] {
            assert_eq!(read(bytes, Version::V3), Err(Malformed), "{bytes:x?}");
        }
    }
}
