//! Packets that the codec does not take and that may hold a press all the same.
//!
//! MQTT 5 allows some things that the codec forbids: a CONNECT without client id that does not ask for a clean start, an expiry
//! interval of zero. They are put so that it takes them; nobody here reads either. Of a publish that breaks the rules topic and payload
//! are read as far as they can be: the connection ends, but what was said is not lost.

use std::num::NonZeroU16;

use bytes::{Bytes, BytesMut};

use super::ending::Ending;
use super::frame::{Header, cut_short, variable_length};
use super::wire::Publish;

/// A publish against the rules of its version, as far as it could be read.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) publish: Publish,
    /// How its connection ends.
    pub(super) ending: Ending,
    /// Set if its payload is only the kept beginning of a larger one: the size of that.
    pub(super) oversized: Option<u64>,
}

/// Protocol name and version of a CONNECT of 5; its flags follow.
const NAME_AND_VERSION_BYTES: usize = 7;
const CLEAN_START: u8 = 0x02;
const HAS_WILL: u8 = 0x04;
/// The property that says for how many seconds a message is worth reading.
const EXPIRY: u8 = 0x02;

/// What stands before the payload of a publish.
#[derive(Debug)]
pub(super) struct Opening {
    /// It, as a packet without payload that the codec can judge.
    pub(super) packet: BytesMut,
    /// Its bytes, with the fixed header.
    pub(super) bytes: usize,
    topic: String,
    packet_id: Option<NonZeroU16>,
}

impl Opening {
    /// Reads the start of a publish of which this much is there. Where topic, packet id or properties do not end, all behind that is
    /// taken for payload.
    pub(super) fn read(input: &[u8], header: Header, is_v5: bool) -> Self {
        let nothing: &[u8] = &[];
        let body = input.get(header.own_bytes..).unwrap_or_default();
        let (topic, rest) = text(body).unwrap_or((nothing, body));
        let (packet_id, rest) = match rest.split_first_chunk::<2>() {
            Some((id, rest)) if quality(header) > 0 => (NonZeroU16::new(u16::from_be_bytes(*id)), rest),
            Some(_) | None => (None, rest),
        };
        let found = if is_v5 { properties(rest) } else { None };
        let (found, payload) = found.unwrap_or((nothing, rest));
        let body_bytes = body.len() - payload.len();
        let mut packet = cut_short(input, header, body_bytes);
        // The properties are the last of it.
        let from = packet.len() - found.len();
        lengthen_expiry(packet.get_mut(from..).unwrap_or_default());
        let topic = String::from_utf8_lossy(topic).into_owned();
        Self { packet, bytes: header.own_bytes + body_bytes, topic, packet_id }
    }

    /// The publish, as it can be read without the codec.
    pub(super) fn publish(self, header: Header, payload: Bytes) -> Publish {
        Publish {
            packet_id: self.packet_id,
            exactly_once: quality(header) == 2,
            duplicate: header.first_byte & 0x08 != 0,
            topic: self.topic,
            alias: None,
            payload,
        }
    }
}

/// The quality of service of a publish; 3 is none.
fn quality(header: Header) -> u8 {
    (header.first_byte >> 1) & 3
}

/// Makes a CONNECT of 5 one that the codec takes. Each session here begins anew, whether its client asks for that or not.
pub(super) fn ease_connect(input: &mut [u8]) {
    let Ok(Some(header)) = Header::read(input) else { return };
    let body = input.get_mut(header.own_bytes..).unwrap_or_default();
    let Some(flags) = body.get_mut(NAME_AND_VERSION_BYTES) else { return };
    *flags |= CLEAN_START;
    if *flags & HAS_WILL == 0 {
        return;
    }
    if let Some((from, to)) = will_properties(body) {
        lengthen_expiry(body.get_mut(from..to).unwrap_or_default());
    }
}

/// Where the properties of the will stand: behind the flags, the keep-alive, the properties and the client id.
fn will_properties(body: &[u8]) -> Option<(usize, usize)> {
    let (_, rest) = properties(body.get(NAME_AND_VERSION_BYTES + 3..)?)?;
    let (_, rest) = text(rest)?;
    let (found, behind) = properties(rest)?;
    let to = body.len() - behind.len();
    Some((to - found.len(), to))
}

/// A text or bytes with their length before them, and what is behind them.
fn text(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = input.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// Properties without their length, and what is behind them.
fn properties(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, own_bytes) = variable_length(input)?;
    input.get(own_bytes..)?.split_at_checked(length)
}

/// A message that is worth nothing after no time at all is worth a second: a press is taken whatever it says of that.
fn lengthen_expiry(properties: &mut [u8]) {
    let mut rest = properties;
    while let Some((id, behind)) = std::mem::take(&mut rest).split_first_mut() {
        let Some(bytes) = value_bytes(*id, behind) else { return };
        let Some((value, behind)) = behind.split_at_mut_checked(bytes) else { return };
        if *id == EXPIRY
            && value.iter().all(|byte| *byte == 0)
            && let Some(last) = value.last_mut()
        {
            *last = 1;
        }
        rest = behind;
    }
}

/// How many bytes the value of a property takes that a publish or a will may have.
fn value_bytes(id: u8, rest: &[u8]) -> Option<usize> {
    let of_text = |at: usize| text(rest.get(at..)?).map(|(found, _)| at + 2 + found.len());
    match id {
        0x01 => Some(1),
        0x02 | 0x18 => Some(4),
        0x03 | 0x08 | 0x09 => of_text(0),
        0x0b => variable_length(rest).map(|(_, bytes)| bytes),
        0x23 => Some(2),
        0x26 => of_text(of_text(0)?),
        _ => None,
    }
}
