//! By what a repeated message of a telephone is known.
//!
//! The apps number nothing, so a number is made: the second of the fix in front, a digest behind. Numbers then grow
//! with time, and what [`Seen`](crate::seen::Seen) forgets first is what is oldest. They go to the journal with the
//! fix like any handset's, so the memory can be rebuilt from there.

use model::Timestamp;
use sha2::{Digest as _, Sha256};

/// Room for the digest: two different messages of one phone about one second are taken for one once in a milliard.
const DIGESTS: u64 = 1 << 30;

/// SHA-256 over parts, each with its length, so that none runs into the next.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// The beginning of a digest as a number.
fn beginning(parts: &[&[u8]]) -> u64 {
    let digest = digest(parts);
    digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

/// The number of a message with this time; none before 1970, where no message is believed.
pub(crate) fn number(time: Timestamp, parts: &[&[u8]]) -> Option<u64> {
    let second = u64::try_from(time.as_second()).ok()?;
    second.checked_mul(DIGESTS)?.checked_add(beginning(parts) % DIGESTS)
}

/// A short name for a series of numbers, the same for the same parts.
pub(crate) fn series(dialect: &str, parts: &[&[u8]]) -> String {
    format!("{dialect}:{:016x}", beginning(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_for_the_same_and_grows_with_time() {
        let at = |second: i64| Timestamp::from_second(1_795_400_000 + second).unwrap();
        let one = number(at(0), &[b"u", b"d", b"payload"]).unwrap();
        assert_eq!(number(at(0), &[b"u", b"d", b"payload"]), Some(one));
        for other in [[&b"u"[..], b"d", b"payloae"], [b"ud", b"", b"payload"], [b"u", b"dp", b"ayload"]] {
            assert_ne!(number(at(0), &other), Some(one), "{other:?}");
            assert!(number(at(1), &other) > Some(one) && number(at(-1), &other) < Some(one));
        }
        let last = number("2200-01-01T00:00:00Z".parse().unwrap(), &[]).unwrap();
        assert!(i64::try_from(last).is_ok(), "the store counts in 63 bits");
        assert_eq!(number("1969-12-31T23:59:59Z".parse().unwrap(), &[]), None);
    }
}
