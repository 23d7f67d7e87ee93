//! Websocket frames (RFC 6455), taken apart as they come.
//!
//! A frame is never collected: what it carries is handed on as it arrives. So no frame costs more memory than a read, and
//! none is too large; what has a limit is the MQTT packet inside, and a huge press in one frame is judged by its beginning
//! like any other.

use bytes::{BufMut as _, BytesMut};

/// The longest header a client sends: two bytes, eight of length, four of mask.
const HEADER_BYTES_MAX: usize = 14;
/// The longest payload of a control frame.
const CONTROL_BYTES_MAX: u64 = 125;

/// The frames a server sends, as the first byte of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    Binary = 0x82,
    Close = 0x88,
    Pong = 0x8a,
}

/// What a client asks for beside its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Control {
    Ping(Vec<u8>),
    /// With what it gave as the reason.
    Close(Vec<u8>),
}

/// A rule that was broken; the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Violation {
    /// MQTT is bytes: it may come in binary frames only.
    Text,
    Protocol,
}

impl Violation {
    /// The status of the Close frame that says so.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::Text => 1003,
            Self::Protocol => 1002,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Binary,
    Ping,
    Pong,
    Close,
}

/// A frame under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Frame {
    kind: Kind,
    is_final: bool,
    left_bytes: u64,
    mask: [u8; 4],
}

/// Takes frames apart.
#[derive(Debug, Default)]
pub(super) struct Unframer {
    header: [u8; HEADER_BYTES_MAX],
    header_bytes: usize,
    frame: Option<Frame>,
    /// The payload of the control frame under way.
    control: Vec<u8>,
    /// A message of several frames is under way.
    in_message: bool,
}

impl Unframer {
    /// Takes what was read and leaves at its beginning what the binary frames carried; gives the number of those bytes.
    /// A violation stands behind them: what came before it was whole.
    pub(super) fn take(
        &mut self,
        bytes: &mut [u8],
        controls: &mut Vec<Control>,
    ) -> (usize, Option<Violation>) {
        let (mut kept, mut at) = (0, 0);
        while let Some(&byte) = bytes.get(at) {
            if let Some(frame) = &mut self.frame {
                let there = bytes.len() - at;
                let count = usize::try_from(frame.left_bytes).map_or(there, |left| left.min(there));
                frame.unmask(bytes.get_mut(at..at + count).unwrap_or_default());
                if frame.kind == Kind::Binary {
                    bytes.copy_within(at..at + count, kept);
                    kept += count;
                } else {
                    self.control.extend_from_slice(bytes.get(at..at + count).unwrap_or_default());
                }
                at += count;
            } else {
                at += 1;
                if let Err(violation) = self.take_header(byte) {
                    return (kept, Some(violation));
                }
            }
            if self.frame.is_some_and(|frame| frame.left_bytes == 0)
                && let Some(frame) = self.frame.take()
                && self.finish(frame, controls)
            {
                return (kept, None);
            }
        }
        (kept, None)
    }

    /// One more byte of a header.
    fn take_header(&mut self, byte: u8) -> Result<(), Violation> {
        if let Some(slot) = self.header.get_mut(self.header_bytes) {
            *slot = byte;
        }
        self.header_bytes += 1;
        let header = self.header.get(..self.header_bytes).unwrap_or_default();
        if let Some(frame) = read_header(header, self.in_message)? {
            self.header_bytes = 0;
            self.frame = Some(frame);
        }
        Ok(())
    }

    /// The frame has come whole; true if it was the last one.
    fn finish(&mut self, frame: Frame, controls: &mut Vec<Control>) -> bool {
        match frame.kind {
            Kind::Binary => self.in_message = !frame.is_final,
            Kind::Pong => self.control = Vec::new(),
            Kind::Ping => controls.push(Control::Ping(std::mem::take(&mut self.control))),
            Kind::Close => controls.push(Control::Close(std::mem::take(&mut self.control))),
        }
        frame.kind == Kind::Close
    }
}

impl Frame {
    fn unmask(&mut self, bytes: &mut [u8]) {
        for (byte, mask) in bytes.iter_mut().zip(self.mask.iter().cycle()) {
            *byte ^= mask;
        }
        self.mask.rotate_left(bytes.len() % 4);
        self.left_bytes = self.left_bytes.saturating_sub(bytes.len() as u64);
    }
}

/// The frame that a header announces; `None` while bytes of the header are missing.
fn read_header(header: &[u8], in_message: bool) -> Result<Option<Frame>, Violation> {
    let [first, second, rest @ ..] = header else { return Ok(None) };
    let kind = read_kind(*first, in_message)?;
    let is_final = first & 0x80 != 0;
    let (is_masked, short) = (second & 0x80 != 0, second & 0x7f);
    let is_control = kind != Kind::Binary;
    if !is_masked || (is_control && (!is_final || u64::from(short) > CONTROL_BYTES_MAX)) {
        return Err(Violation::Protocol);
    }
    let length_bytes = match short {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let Some((length, mask)) = rest.split_at_checked(length_bytes) else { return Ok(None) };
    let Ok(mask) = <[u8; 4]>::try_from(mask) else { return Ok(None) };
    let left_bytes = match length {
        [] => u64::from(short),
        bytes => bytes.iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
    };
    if left_bytes >> 63 != 0 {
        return Err(Violation::Protocol);
    }
    Ok(Some(Frame { kind, is_final, left_bytes, mask }))
}

fn read_kind(first: u8, in_message: bool) -> Result<Kind, Violation> {
    // The three reserved bits belong to extensions, and none was agreed.
    match (first & 0x70, first & 0x0f) {
        (0, 0) if in_message => Ok(Kind::Binary),
        (0, 2) if !in_message => Ok(Kind::Binary),
        (0, 1) => Err(Violation::Text),
        (0, 8) => Ok(Kind::Close),
        (0, 9) => Ok(Kind::Ping),
        (0, 10) => Ok(Kind::Pong),
        _ => Err(Violation::Protocol),
    }
}

/// Appends a frame of ours; a server's are not masked.
pub(super) fn put(kind: Sent, payload: &[u8], output: &mut BytesMut) {
    output.reserve(payload.len() + 10);
    output.put_u8(kind as u8);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ ..126), _) => output.put_u8(length),
        (_, Ok(length)) => {
            output.put_u8(126);
            output.put_u16(length);
        }
        _ => {
            output.put_u8(127);
            output.put_u64(payload.len() as u64);
        }
    }
    output.put_slice(payload);
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
