//! Frames made here byte by byte, cut at every place.

use super::*;

const MASK: [u8; 4] = [0x11, 0x22, 0x33, 0x44];

/// A frame as a client sends it; `first` is its first byte.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..65_536 => {
            bytes.push(0xfe);
            bytes.extend_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            bytes.push(0xff);
            bytes.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(&MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// Feeds the bytes in pieces of this size; what they carried, what was asked, what was broken.
fn take(bytes: &[u8], piece: usize) -> (Vec<u8>, Vec<Control>, Option<Violation>) {
    let (mut unframer, mut carried, mut controls) = (Unframer::default(), Vec::new(), Vec::new());
    for part in bytes.chunks(piece) {
        let mut part = part.to_vec();
        let (kept, violation) = unframer.take(&mut part, &mut controls);
        carried.extend_from_slice(&part[..kept]);
        if violation.is_some() {
            return (carried, controls, violation);
        }
    }
    (carried, controls, None)
}

#[test]
fn what_frames_carry_is_the_same_however_they_are_cut() {
    let large = vec![7; 70_000];
    let mut bytes = frame(0x82, b"one");
    bytes.extend(frame(0x02, b"two "));
    bytes.extend(frame(0x89, b"are you there?"));
    bytes.extend(frame(0x00, b"in "));
    bytes.extend(frame(0x80, b"three parts"));
    bytes.extend(frame(0x8a, b"yes"));
    bytes.extend(frame(0x82, &[]));
    bytes.extend(frame(0x82, &large[..300]));
    bytes.extend(frame(0x82, &large));
    let mut want = b"onetwo in three parts".to_vec();
    want.extend(vec![7; 70_300]);
    for piece in [1, 2, 3, 7, 64, 1024, bytes.len()] {
        let (carried, controls, violation) = take(&bytes, piece);
        assert_eq!((carried == want, violation), (true, None), "in pieces of {piece}");
        assert_eq!(controls, [Control::Ping(b"are you there?".to_vec())]);
    }
}

#[test]
fn a_broken_rule_is_told_behind_what_was_whole() {
    let mut unmasked = frame(0x82, b"x");
    unmasked[1] &= 0x7f;
    let mut endless = frame(0x82, &vec![0; 70_000]);
    endless[2] = 0x80;
    let long_ping = frame(0x89, &[0; 126]);
    for (bytes, want) in [
        (frame(0x81, b"text"), Violation::Text),
        (frame(0x01, b"text"), Violation::Text),
        (unmasked, Violation::Protocol),
        (endless, Violation::Protocol),
        (long_ping, Violation::Protocol),
        (frame(0x09, b"a ping in parts"), Violation::Protocol),
        (frame(0xc2, b"compressed"), Violation::Protocol),
        (frame(0x80, b"goes on from nothing"), Violation::Protocol),
        (frame(0x83, b"of no kind"), Violation::Protocol),
    ] {
        let mut all = frame(0x82, b"before");
        all.extend_from_slice(&bytes);
        for piece in [1, 5, all.len()] {
            assert_eq!(take(&all, piece), (b"before".to_vec(), Vec::new(), Some(want)), "{bytes:02x?}");
        }
    }
    let mut begun_twice = frame(0x02, b"one");
    begun_twice.extend(frame(0x82, b"two"));
    assert_eq!(take(&begun_twice, 100), (b"one".to_vec(), Vec::new(), Some(Violation::Protocol)));
}

#[test]
fn nothing_counts_behind_a_close() {
    let mut bytes = frame(0x88, &[0x03, 0xe8]);
    bytes.extend(frame(0x82, b"too late"));
    assert_eq!(take(&bytes, bytes.len()), (Vec::new(), vec![Control::Close(vec![0x03, 0xe8])], None));
}

#[test]
fn any_noise_is_taken_or_refused_and_never_a_panic() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    println!("seed {seed:#x}");
    for _ in 0..20_000 {
        let mut noise = Vec::new();
        for _ in 0..8 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            noise.extend_from_slice(&seed.to_le_bytes());
        }
        let (carried, _, _) = take(&noise, 1 + usize::from(noise[0] % 17));
        assert!(carried.len() <= noise.len());
    }
}

#[test]
fn our_frames_say_their_length() {
    for (length, header) in [
        (0, &[0x82, 0][..]),
        (125, &[0x82, 125]),
        (126, &[0x82, 126, 0, 126]),
        (65_535, &[0x82, 126, 0xff, 0xff]),
        (65_536, &[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ] {
        let mut output = BytesMut::new();
        put(Sent::Binary, &vec![1; length], &mut output);
        assert_eq!((&output[..header.len()], output.len()), (header, header.len() + length));
    }
}
