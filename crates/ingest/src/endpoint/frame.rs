//! Where one packet ends: the fixed header, read before the codec sees anything.
//!
//! The codec reserves a buffer for whatever length a header claims. So it is given only packets that have arrived
//! whole, and how much is waited for is decided here, from the header alone.

use bytes::{BufMut, BytesMut};

/// A fixed header: packet type and the sizes that follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) first_byte: u8,
    /// The fixed header itself, two to five bytes.
    pub(super) own_bytes: usize,
    /// Everything after it.
    pub(super) body_bytes: usize,
}

/// A remaining length of more than four bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

impl Header {
    /// Reads the header at the start of the input; `None` if more bytes are needed to know it.
    pub(super) fn read(input: &[u8]) -> Result<Option<Self>, Malformed> {
        let Some((&first_byte, rest)) = input.split_first() else { return Ok(None) };
        match variable_length(rest) {
            Some((body_bytes, bytes)) => Ok(Some(Self { first_byte, own_bytes: bytes + 1, body_bytes })),
            None if rest.len() >= 4 => Err(Malformed),
            None => Ok(None),
        }
    }

    pub(super) fn total_bytes(self) -> usize {
        self.own_bytes + self.body_bytes
    }

    pub(super) fn is_publish(self) -> bool {
        self.first_byte >> 4 == 3
    }

    pub(super) fn is_connect(self) -> bool {
        self.first_byte == 0x10
    }
}

/// A number of up to four bytes as MQTT writes its lengths, and how many bytes it takes; `None` if it does not end within them.
pub(super) fn variable_length(input: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0_usize;
    for (index, &byte) in input.iter().take(4).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}

/// The packet at the start of the input as if it ended after `body_bytes`: the same header with a smaller length. The
/// codec can then read topic and properties of a publish that will never be read whole.
pub(super) fn cut_short(input: &[u8], header: Header, body_bytes: usize) -> BytesMut {
    let body = input.get(header.own_bytes..).unwrap_or_default();
    let body = body.get(..body_bytes).unwrap_or(body);
    let mut packet = BytesMut::with_capacity(body.len() + 5);
    packet.put_u8(header.first_byte);
    let mut rest = body.len();
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap_or(0x7f);
        rest >>= 7;
        if rest == 0 {
            packet.put_u8(low);
            break;
        }
        packet.put_u8(low | 0x80);
    }
    packet.put_slice(body);
    packet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_known_as_soon_as_its_last_byte_is_there() {
        for (input, want) in [
            (&b""[..], Ok(None)),
            (b"\x30", Ok(None)),
            (b"\x30\x80", Ok(None)),
            (b"\x30\x00", Ok(Some((2, 0)))),
            (b"\x30\x7fxx", Ok(Some((2, 127)))),
            (b"\x30\x80\x01", Ok(Some((3, 128)))),
            (b"\x30\xff\xff\xff\x7f", Ok(Some((5, 268_435_455)))),
            (b"\x30\xff\xff\xff", Ok(None)),
            (b"\x30\xff\xff\xff\xff", Err(Malformed)),
        ] {
            let got = Header::read(input).map(|found| found.map(|h| (h.own_bytes, h.body_bytes)));
            assert_eq!(got, want, "{input:02x?}");
        }
    }

    #[test]
    fn a_packet_cut_short_has_the_length_that_is_left() {
        let mut input = vec![0x32, 0xac, 0x02];
        input.extend(std::iter::repeat_n(7, 300));
        let header = Header::read(&input).unwrap().unwrap();
        assert_eq!(header.body_bytes, 300);
        for left in [0, 1, 127, 128, 200] {
            let cut = cut_short(&input, header, left);
            let again = Header::read(&cut).unwrap().unwrap();
            assert_eq!((again.first_byte, again.body_bytes), (0x32, left));
            assert_eq!(cut.len(), again.total_bytes());
        }
    }
}
