//! From bytes to packets, one at a time, with nothing waited for that will not be taken.

use bytes::{Buf as _, Bytes, BytesMut};

use super::config::{CONTROL_BYTES_MAX, KEPT_BEGINNING_BYTES};
use super::ending::Ending;
use super::frame::Header;
use super::lenient::{Broken, Opening};
use super::wire::{Codec, Inbound, Publish};

/// Topic, packet id and properties in front of the kept beginning of a payload.
const VARIABLE_HEADER_BYTES: usize = 1024;

/// What the input holds next.
#[derive(Debug)]
pub(super) enum Next {
    Packet(Inbound),
    /// The rest of a publish that is not read has gone by, see [`Intake::pass_by`].
    Passed,
    /// More bytes are needed.
    Wait,
    /// A publish so large that it is judged by its beginning, see `Session::judge_beginning`. The payload in it is that
    /// beginning; [`Intake::read_whole`] lets it through, [`Intake::pass_by`] does not.
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
    /// What is still to be thrown away of a packet that is not read.
    passing_bytes: usize,
    /// The codec did not take a publish: nothing behind it is read.
    is_broken: bool,
}

impl Intake {
    pub(super) fn new(codec: Codec, message_bytes_max: usize) -> Self {
        Self {
            codec,
            judged_above_bytes: message_bytes_max,
            cleared: false,
            passing_bytes: 0,
            is_broken: false,
        }
    }

    /// Lets the publish that was just judged through.
    pub(super) fn read_whole(&mut self) {
        self.cleared = true;
    }

    /// The packet at the start of the input, of so many bytes, is not read. What has come of it and what is still to come
    /// is thrown away as it comes: none of it is gathered, and what follows it is read.
    pub(super) fn pass_by(&mut self, packet_bytes: usize) {
        self.passing_bytes = packet_bytes;
    }

    /// Whether the input begins in the middle of a packet that is thrown away.
    pub(super) fn is_passing(&self) -> bool {
        self.passing_bytes > 0
    }

    /// Takes the next packet off the input.
    pub(super) fn next(&mut self, input: &mut BytesMut) -> Next {
        if self.is_passing() {
            return self.throw_away(input);
        }
        if self.is_broken {
            return Next::End(Ending::Malformed);
        }
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
            self.pass_by(header.total_bytes());
            return Next::End(Ending::TooLarge);
        }
        if input.len() < header.total_bytes() {
            return Next::Wait;
        }
        self.cleared = false;
        if header.is_publish() {
            let packet = input.split_to(header.total_bytes()).freeze();
            let read = self.publish(&packet, header);
            return Next::Packet(read.map_or_else(Inbound::Broken, Inbound::Publish));
        }
        self.codec.decode(input).map_or(Next::End(Ending::Malformed), Next::Packet)
    }

    /// How many bytes the packet at the start of the input still lacks, as far as is known and for as long as they are
    /// to be gathered.
    pub(super) fn lacking_bytes(&self, input: &BytesMut) -> usize {
        if self.is_passing() {
            return 0;
        }
        match Header::read(input) {
            Ok(Some(header)) => header.total_bytes().saturating_sub(input.len()),
            Ok(None) | Err(_) => 0,
        }
    }

    fn throw_away(&mut self, input: &mut BytesMut) -> Next {
        let bytes = self.passing_bytes.min(input.len());
        input.advance(bytes);
        self.passing_bytes -= bytes;
        if self.is_passing() { Next::Wait } else { Next::Passed }
    }

    fn judge(&mut self, input: &BytesMut, header: Header) -> Next {
        let body_bytes = header.body_bytes.min(KEPT_BEGINNING_BYTES + VARIABLE_HEADER_BYTES);
        if input.remaining() < header.own_bytes + body_bytes {
            return Next::Wait;
        }
        let there = input.get(..header.own_bytes + body_bytes).unwrap_or(input);
        let lacking_bytes = header.body_bytes - body_bytes;
        let shorten = |publish: &mut Publish| {
            let full_bytes = publish.payload.len() + lacking_bytes;
            publish.payload.truncate(KEPT_BEGINNING_BYTES);
            full_bytes
        };
        match self.publish(&Bytes::copy_from_slice(there), header) {
            Ok(mut beginning) => {
                let full_bytes = shorten(&mut beginning);
                Next::Judge { beginning, full_bytes, packet_bytes: header.total_bytes() }
            }
            Err(mut broken) => {
                broken.oversized = u64::try_from(shorten(&mut broken.publish)).ok();
                self.pass_by(header.total_bytes());
                Next::Packet(Inbound::Broken(broken))
            }
        }
    }

    /// A publish, whole or as far as it is there. The codec sees what stands before its payload and nothing else.
    fn publish(&mut self, packet: &Bytes, header: Header) -> Result<Publish, Broken> {
        let mut opening = Opening::read(packet, header, self.codec.is_v5());
        let payload = packet.slice(opening.bytes..);
        match self.codec.decode(&mut opening.packet) {
            Ok(Inbound::Publish(publish)) => Ok(Publish { payload, ..publish }),
            Ok(Inbound::Broken(Broken { publish, ending, oversized })) => {
                Err(Broken { publish: Publish { payload, ..publish }, ending, oversized })
            }
            Ok(_) | Err(_) => {
                self.is_broken = true;
                let publish = opening.publish(header, payload);
                Err(Broken { publish, ending: Ending::Malformed, oversized: None })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::frame::cut_short;

    const CHUNK: usize = 4096;

    /// A fix of so many bytes of payload at QoS 1, and a PINGREQ behind it.
    fn large_and_ping(payload_bytes: usize) -> BytesMut {
        let body = [&b"\x00\x0ajjl/h1/fix\x00\x07"[..], vec![b'x'; payload_bytes].as_slice()].concat();
        let header = Header { first_byte: 0x32, own_bytes: 0, body_bytes: body.len() };
        let mut bytes = cut_short(&body, header, body.len());
        bytes.extend_from_slice(b"\xc0\x00");
        bytes
    }

    #[test]
    fn what_goes_by_is_never_gathered_and_what_follows_is_read() {
        const PAYLOAD: usize = 3_000_000;
        let mut intake = Intake::new(Codec::v3(), 1_000_000);
        let (mut input, mut heard, mut most) = (BytesMut::new(), Vec::new(), 0);
        for chunk in large_and_ping(PAYLOAD).chunks(CHUNK) {
            input.extend_from_slice(chunk);
            most = most.max(input.len());
            loop {
                match intake.next(&mut input) {
                    Next::Wait => break,
                    Next::Judge { beginning, full_bytes, packet_bytes } => {
                        assert_eq!((beginning.payload.len(), full_bytes), (KEPT_BEGINNING_BYTES, PAYLOAD));
                        heard.push("judged");
                        intake.pass_by(packet_bytes);
                    }
                    Next::Passed => heard.push("passed"),
                    Next::Packet(Inbound::Ping) => heard.push("ping"),
                    other => panic!("{other:?}"),
                }
                assert_eq!(intake.lacking_bytes(&input), 0, "nothing is made ready for it");
            }
        }
        assert_eq!(heard, ["judged", "passed", "ping"]);
        assert!(most <= KEPT_BEGINNING_BYTES + VARIABLE_HEADER_BYTES + 2 * CHUNK, "{most}");
    }
}
