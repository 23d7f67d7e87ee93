//! The smallest parts of a block: numbers of variable length, texts, and a checksum over the whole.

use super::CodecError;

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
pub(super) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(low_byte(number) | 0x80);
        number >>= 7;
    }
    out.push(low_byte(number));
}

/// A signed number as an unsigned one: small in either direction stays small.
pub(super) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put_number(out, (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
}

/// The lowest eight bits.
pub(super) fn low_byte(number: u64) -> u8 {
    number.to_le_bytes().first().copied().unwrap_or_default()
}

/// Reads from the front of some bytes.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn left(&self) -> usize {
        self.0.len()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], CodecError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(CodecError::CutShort)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, CodecError> {
        let (first, rest) = self.0.split_first().ok_or(CodecError::CutShort)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(super) fn number(&mut self) -> Result<u64, CodecError> {
        let mut number = 0_u64;
        for place in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            number |= bits << place;
            if byte & 0x80 == 0 {
                // Of the tenth byte one bit has room.
                return if place == 63 && bits > 1 { Err(CodecError::Number) } else { Ok(number) };
            }
        }
        Err(CodecError::Number)
    }

    pub(super) fn signed(&mut self) -> Result<i64, CodecError> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg())
    }

    /// A count of things of which each takes at least a byte of what is left.
    pub(super) fn count(&mut self) -> Result<usize, CodecError> {
        let count = self.number()?;
        usize::try_from(count).ok().filter(|count| *count <= self.left()).ok_or(CodecError::CutShort)
    }
}

/// Thirty-two bits that differ when anything in the bytes does: eight bytes at a time, multiplied and turned.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let words = bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        u64::from_le_bytes(word)
    });
    let start = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let sum = words.fold(start, |sum, word| (sum ^ word).wrapping_mul(FACTOR).rotate_left(29));
    let mixed = (sum ^ (sum >> 32)).wrapping_mul(FACTOR);
    u32::try_from(mixed >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(number: u64, signed: i64) {
            let mut out = Vec::new();
            put_number(&mut out, number);
            put_signed(&mut out, signed);
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.number(), Ok(number));
            prop_assert_eq!(reader.signed(), Ok(signed));
            prop_assert_eq!(reader.left(), 0);
        }

        #[test]
        fn one_bit_changes_the_checksum(bytes in prop::collection::vec(any::<u8>(), 1..200), place: prop::sample::Index, bit in 0..8_u32) {
            let mut changed = bytes.clone();
            changed[place.index(bytes.len())] ^= 1_u8 << bit;
            prop_assert_ne!(checksum(&bytes), checksum(&changed));
        }
    }

    #[test]
    fn a_number_without_an_end_is_refused() {
        assert_eq!(Reader::new(&[0x80; 20]).number(), Err(CodecError::Number));
        assert_eq!(Reader::new(&[0x80; 3]).number(), Err(CodecError::CutShort));
        assert_eq!(
            Reader::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]).number(),
            Err(CodecError::Number)
        );
    }
}
