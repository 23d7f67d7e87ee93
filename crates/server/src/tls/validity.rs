//! From when to when a certificate is valid: the one thing in it that is read here.

use model::{SignedDuration, Timestamp};

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// The version, which a certificate of version 1 does not have.
const VERSION: u8 = 0xa0;

/// Whoever renews does it earlier; with less left than this nobody did.
const WARNED_BEFORE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Of a short life the last third.
const WARNED_IN_LAST: i32 = 3;

/// The time a certificate is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    begin: Timestamp,
    end: Timestamp,
}

impl Validity {
    /// Reads it from a certificate in DER (RFC 5280, 4.1).
    pub(super) fn read(certificate: &[u8]) -> Option<Self> {
        let (certificate, _) = element(certificate, SEQUENCE)?;
        let (mut fields, _) = element(certificate, SEQUENCE)?;
        if let Some((_, behind)) = element(fields, VERSION) {
            fields = behind;
        }
        // Serial number, algorithm and issuer stand before it.
        for tag in [INTEGER, SEQUENCE, SEQUENCE] {
            (_, fields) = element(fields, tag)?;
        }
        let (validity, _) = element(fields, SEQUENCE)?;
        let (begin, behind) = time(validity)?;
        let (end, _) = time(behind)?;
        Some(Self { begin, end })
    }

    /// What is wrong with it now, for people.
    pub(super) fn trouble(self, now: Timestamp) -> Option<String> {
        let Self { begin, end } = self;
        let life = end.duration_since(begin);
        let warned_at = end.checked_sub((life / WARNED_IN_LAST).min(WARNED_BEFORE)).unwrap_or(end);
        if now < begin {
            Some(format!("the certificate is valid from {begin} on only; until then no handset trusts it"))
        } else if now >= end {
            Some(format!("the certificate ended at {end}; no handset can come in over TLS: renew it"))
        } else if now >= warned_at {
            Some(format!(
                "the certificate ends at {end} and has not been renewed; then no handset can come in over TLS"
            ))
        } else {
            None
        }
    }
}

/// The contents of the element at the start, which must have this tag, and what stands behind it.
fn element(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = input.split_first_chunk()?;
    if found != tag {
        return None;
    }
    if length < 0x80 {
        return rest.split_at_checked(length.into());
    }
    let (length, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
    // Nothing here is longer than four bytes can say.
    let bytes = length.iter().try_fold(0_u32, |sum, byte| Some(sum.checked_mul(256)? | u32::from(*byte)))?;
    rest.split_at_checked(usize::try_from(bytes).ok()?)
}

/// A time in either of its two forms, always in UTC and to the second.
fn time(input: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (digits, behind, year_digits) = match element(input, UTC_TIME) {
        Some((digits, behind)) => (digits, behind, 2),
        None => element(input, GENERALIZED_TIME).map(|(digits, behind)| (digits, behind, 4))?,
    };
    let text = std::str::from_utf8(digits).ok()?.strip_suffix('Z')?;
    let (year, rest) = text.split_at_checked(year_digits)?;
    let century = match year_digits {
        2 if year < "50" => "20",
        2 => "19",
        _ => "",
    };
    let part = |place: usize| rest.get(place..place + 2);
    let (month, day, hour, minute, second) = (part(0)?, part(2)?, part(4)?, part(6)?, part(8)?);
    let text = format!("{century}{year}-{month}-{day}T{hour}:{minute}:{second}Z");
    Some((text.parse().ok()?, behind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use proptest::{collection::vec, prelude::*, sample::Index};

    /// One as openssl makes it, for ninety days; its key is nowhere.
    const REAL: &str = "\
        MIIBgjCCASegAwIBAgIUCWmPB3a/fR39nb+EXgqrmrOyDugwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLampsLmV4YW1wbGUw\
        HhcNMjYxMTMwMjE1NDEzWhcNMjcwMjI4MjE1NDEzWjAWMRQwEgYDVQQDDAtqamwuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqG\
        SM49AwEHA0IABB1v99pG2WK9o8yotnfuMGnHwcCN5MezFNFEGit2a80zhj/46Z1Soi088oQnTs33uTwFT1khKQzG24ODR+tv\
        6ISjUzBRMB0GA1UdDgQWBBRxbit6B6mJwKteHFkPD6uQSzsqcjAfBgNVHSMEGDAWgBRxbit6B6mJwKteHFkPD6uQSzsqcjAP\
        BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDxyB7I1cf6GAhS8Oih99oR5B+pkIwc/dLP9buRlNzgMAIhAKp3\
        YHuvPp+G99VQh8/zo6avycIl31rJYm2UYe+25Tb5";

    fn put(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).unwrap();
        if length < 0x80 {
            [&[tag, length], content].concat()
        } else {
            [&[tag, 0x81, length], content].concat()
        }
    }

    /// As much of a certificate as is read, with a long issuer in front.
    fn certificate(version: bool, begin: &[u8], end: &[u8]) -> Vec<u8> {
        let version = if version { put(VERSION, &put(INTEGER, &[2])) } else { Vec::new() };
        let times = put(SEQUENCE, &[begin, end].concat());
        let issuer = put(SEQUENCE, &[7; 0x90]);
        let fields = [version, put(INTEGER, &[1, 2, 3]), put(SEQUENCE, &[]), issuer, times].concat();
        put(SEQUENCE, &put(SEQUENCE, &fields))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn both_forms_of_time_are_read() {
        let (utc, general) = (put(UTC_TIME, b"261123081500Z"), put(GENERALIZED_TIME, b"20501231235959Z"));
        for version in [true, false] {
            let validity = Validity::read(&certificate(version, &utc, &general));
            let want = Validity { begin: at("2026-11-23T08:15:00Z"), end: at("2050-12-31T23:59:59Z") };
            assert_eq!(validity, Some(want));
        }
        let old = Validity::read(&certificate(true, &put(UTC_TIME, b"991231000000Z"), &utc));
        assert_eq!(old.unwrap().begin, at("1999-12-31T00:00:00Z"));
    }

    #[test]
    fn what_is_cut_or_no_certificate_is_nothing() {
        let time = put(UTC_TIME, b"261123081500Z");
        let whole = certificate(true, &time, &time);
        for length in 0..whole.len() {
            assert_eq!(Validity::read(&whole[..length]), None, "{length}");
        }
        for odd in [&b"261123Z"[..], b"2611230815", b"2611230815001", b"26112308150\xffZ", b"269923081500Z"] {
            assert_eq!(Validity::read(&certificate(true, &put(UTC_TIME, odd), &time)), None, "{odd:02x?}");
        }
        assert_eq!(Validity::read(&[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1]), None);
    }

    #[test]
    fn it_warns_two_weeks_before_the_end_or_in_the_last_third_of_a_short_life() {
        let quarter = Validity { begin: at("2026-01-01T00:00:00Z"), end: at("2026-04-01T00:00:00Z") };
        let week = Validity { begin: at("2026-01-01T00:00:00Z"), end: at("2026-01-07T00:00:00Z") };
        for (validity, now, word) in [
            (quarter, "2025-12-31T23:59:59Z", Some("valid from")),
            (quarter, "2026-03-17T23:59:59Z", None),
            (quarter, "2026-03-18T00:00:00Z", Some("not been renewed")),
            (quarter, "2026-04-01T00:00:00Z", Some("ended at")),
            (week, "2026-01-04T23:00:00Z", None),
            (week, "2026-01-05T00:00:00Z", Some("not been renewed")),
        ] {
            let said = validity.trouble(at(now));
            assert_eq!(said.is_some(), word.is_some(), "{now}: {said:?}");
            assert!(said.unwrap_or_default().contains(word.unwrap_or_default()), "{now}");
        }
    }

    #[test]
    fn a_certificate_as_others_make_it_is_read() {
        let want = Validity { begin: at("2026-11-30T21:54:13Z"), end: at("2027-02-28T21:54:13Z") };
        assert_eq!(Validity::read(&STANDARD.decode(REAL).unwrap()), Some(want));
    }

    /// What is read of it is told, whatever it is.
    fn is_told(bytes: &[u8]) {
        if let Some(validity) = Validity::read(bytes) {
            for now in [validity.begin, validity.end, Timestamp::MIN, Timestamp::MAX] {
                validity.trouble(now);
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_end_the_program(bytes in vec(any::<u8>(), 0..300)) {
            is_told(&bytes);
        }

        #[test]
        fn no_certificate_that_is_bent_or_cut_ends_the_program(
            bends in vec((any::<Index>(), any::<u8>()), 0..8),
            cut in prop::option::of(any::<Index>()),
        ) {
            let mut bytes = STANDARD.decode(REAL).unwrap();
            for (place, with) in bends {
                *place.get_mut(&mut bytes) = with;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            is_told(&bytes);
        }

        #[test]
        fn no_time_ends_the_program(begin in vec(any::<u8>(), 0..20), end in "[0-9]{12,14}Z") {
            for tag in [UTC_TIME, GENERALIZED_TIME] {
                is_told(&certificate(true, &put(tag, &begin), &put(tag, end.as_bytes())));
                is_told(&certificate(false, &put(tag, end.as_bytes()), &put(tag, end.as_bytes())));
            }
        }
    }
}
