//! From bytes to packets, one at a time, with nothing waited for that will not be taken.

use bytes::{Buf as _, BytesMut};

use super::config::{CONTROL_BYTES_MAX, KEPT_BEGINNING_BYTES};
use super::ending::Ending;
use super::frame::{Header, cut_short};
use super::wire::{Codec, Inbound, Publish};

/// Topic, packet id and properties in front of the kept beginning of a payload.
const VARIABLE_HEADER_BYTES: usize = 1024;

/// What the input holds next.
#[derive(Debug)]
pub(super) enum Next {
    Packet(Inbound),
    /// More bytes are needed.
    Wait,
    /// A publish so large that it is judged by its beginning, see `Session::judge_beginning`. The payload in it is that
    /// beginning; [`Intake::read_whole`] lets it through.
    Judge {
        beginning: Publish,
        full_bytes: usize,
        packet_bytes: usize,
    },
    End(Ending),
}

/// Cuts the input into packets.
#[derive(Debug)]
pub(super) struct Intake {
    pub(super) codec: Codec,
    /// A publish with a larger body is judged before it is waited for.
    judged_above_bytes: usize,
    /// The packet at the start of the input has been judged and may be read whole.
    cleared: bool,
}

impl Intake {
    pub(super) fn new(codec: Codec, message_bytes_max: usize) -> Self {
        Self { codec, judged_above_bytes: message_bytes_max, cleared: false }
    }

    /// Lets the publish that was just judged through.
    pub(super) fn read_whole(&mut self) {
        self.cleared = true;
    }

    /// Takes the next packet off the input.
    pub(super) fn next(&mut self, input: &mut BytesMut) -> Next {
        let header = match Header::read(input) {
            Ok(Some(header)) => header,
            Ok(None) => return Next::Wait,
            Err(_) => return Next::End(Ending::Malformed),
        };
        if header.is_publish() {
            if header.body_bytes > self.judged_above_bytes && !self.cleared {
                return self.judge(input, header);
            }
        } else if header.body_bytes > CONTROL_BYTES_MAX {
            return Next::End(Ending::TooLarge);
        }
        if input.len() < header.total_bytes() {
            return Next::Wait;
        }
        self.cleared = false;
        self.codec.decode(input).map_or(Next::End(Ending::Malformed), Next::Packet)
    }

    /// How many bytes the packet at the start of the input still lacks, as far as is known.
    pub(super) fn lacking_bytes(input: &BytesMut) -> usize {
        match Header::read(input) {
            Ok(Some(header)) => header.total_bytes().saturating_sub(input.len()),
            Ok(None) | Err(_) => 0,
        }
    }

    fn judge(&mut self, input: &BytesMut, header: Header) -> Next {
        let body_bytes = header.body_bytes.min(KEPT_BEGINNING_BYTES + VARIABLE_HEADER_BYTES);
        if input.remaining() < header.own_bytes + body_bytes {
            return Next::Wait;
        }
        match self.codec.decode(&mut cut_short(input, header, body_bytes)) {
            Ok(Inbound::Publish(mut beginning)) => {
                let before_payload = body_bytes - beginning.payload.len();
                beginning.payload.truncate(KEPT_BEGINNING_BYTES);
                let full_bytes = header.body_bytes - before_payload;
                Next::Judge { beginning, full_bytes, packet_bytes: header.total_bytes() }
            }
            Ok(_) | Err(_) => Next::End(Ending::Malformed),
        }
    }
}
