//! What is written comes back, and what was not written by us is refused.

use super::*;
use proptest::prelude::*;

fn any_row() -> impl Strategy<Value = Row> {
    let time = -3_000_000_000_000_000..6_000_000_000_000_000_i64;
    let measured = prop_oneof![
        (0..3_000_000_i64).prop_map(|whole| whole.to_string().parse::<f64>().unwrap() / 10.0),
        any::<f64>().prop_filter("a number", |value| value.is_finite()),
    ];
    (
        (any::<i64>(), 0..3_u32, prop::option::of(0..2_u32), prop::option::of(any::<u64>())),
        (time.clone(), time.clone(), prop::option::of(time), -90.0..90.0_f64, 0.001..180.0_f64),
        (
            measured.clone(),
            0..4_usize,
            prop::option::of(measured.clone()),
            prop::option::of(measured.clone()),
        ),
        prop::option::of(measured),
    )
        .prop_map(|(names, places, measures, battery_pct)| Row {
            number: names.0,
            handset: names.1,
            boot: names.2,
            seq: names.3,
            fix_us: places.0,
            received_us: places.1,
            told_us: places.2,
            lat: places.3,
            lon: places.4,
            accuracy_m: measures.0,
            method: METHODS[measures.1],
            speed_mps: measures.2,
            bearing_deg: measures.3,
            battery_pct,
        })
}

fn block_of(rows: Vec<Row>) -> Block {
    let handsets = ["h-1", "h-2", "x"].map(|name| HandsetId::new(name).unwrap()).to_vec();
    Block { handsets, boots: vec!["7f3a".to_owned(), "启动\0".to_owned()], rows }
}

proptest! {
    #[test]
    fn any_block_comes_back(rows in prop::collection::vec(any_row(), 0..80)) {
        let block = block_of(rows);
        prop_assert_eq!(decode(&encode(&block)), Ok(block));
    }

    #[test]
    fn cut_short_or_changed_is_refused(
        rows in prop::collection::vec(any_row(), 0..20),
        place: prop::sample::Index,
        bit in 0..8_u32,
    ) {
        let bytes = encode(&block_of(rows));
        let cut = place.index(bytes.len());
        prop_assert!(decode(&bytes[..cut]).is_err());
        let mut changed = bytes.clone();
        changed[cut] ^= 1_u8 << bit;
        prop_assert_eq!(decode(&changed), Err(CodecError::Checksum));
    }

    /// Past the checksum, as if somebody had made it fit.
    #[test]
    fn garbage_gives_an_error_or_a_block(
        rows in prop::collection::vec(any_row(), 0..20),
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut: prop::sample::Index,
    ) {
        let bytes = encode(&block_of(rows));
        let mut body = bytes[..bytes.len() - CHECKSUM].to_vec();
        for (place, byte) in noise {
            let place = place.index(body.len());
            body[place] = byte;
        }
        if let Ok(block) = decode_body(&body) {
            prop_assert!(block.rows.len() <= ROWS_AT_MOST);
        }
        prop_assert!(decode_body(&body[..cut.index(body.len())]).is_err());
    }

    #[test]
    fn noise_alone_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(decode(&bytes).is_err());
        decode_body(&bytes).map(drop).unwrap_or_default();
    }
}

fn sealed(mut body: Vec<u8>) -> Vec<u8> {
    let sum = checksum(&body);
    body.extend_from_slice(&sum.to_le_bytes());
    body
}

#[test]
fn each_defect_has_its_word() {
    assert_eq!(decode(&[]), Err(CodecError::CutShort));
    assert_eq!(decode(&sealed(vec![])), Err(CodecError::CutShort));
    assert_eq!(decode(&sealed(vec![9])), Err(CodecError::Version(9)));
    assert_eq!(decode(&sealed(vec![VERSION, 0xff, 0xff, 0xff, 0x7f])), Err(CodecError::Rows(0x0fff_ffff)));
    let mut empty = encode(&Block::default());
    empty.truncate(empty.len() - CHECKSUM);
    empty.push(0);
    assert_eq!(decode(&sealed(empty)), Err(CodecError::LeftOver(1)));
}

/// A few bytes that claim much: the most rows of nothing but repeats, and names that each repeat the one before.
#[test]
fn a_small_block_never_unfolds_to_much() {
    let mut bomb = vec![VERSION];
    put_number(&mut bomb, 4_096);
    put_number(&mut bomb, 4_096);
    for _ in 0..4_096 {
        put_number(&mut bomb, 1 << 40);
        put_number(&mut bomb, 0);
    }
    assert_eq!(decode(&sealed(bomb)), Err(CodecError::Name));
    let same = Row { number: 1, ..sample(0) };
    let block = Block { rows: vec![same; ROWS_AT_MOST], ..block_of(Vec::new()) };
    let bytes = encode(&block);
    assert!(bytes.len() < 8_000, "{}", bytes.len());
    assert_eq!(decode(&bytes).unwrap().rows.len(), ROWS_AT_MOST);
    let more = Block { rows: vec![same; ROWS_AT_MOST + 1], ..block };
    assert_eq!(decode(&encode(&more)), Err(CodecError::Rows(4_097)));
}

fn sample(place: i64) -> Row {
    Row {
        number: 1_000_000 + place * 100_000,
        handset: 0,
        boot: Some(0),
        seq: Some(u64::try_from(41 + place).unwrap()),
        fix_us: 1_795_000_000_000_000 + place * 10_000_000,
        received_us: 1_795_000_000_840_000 + place * 10_000_000,
        told_us: None,
        lat: 33.9624,
        lon: 118.2757,
        accuracy_m: 18.0,
        method: Method::Gps,
        speed_mps: Some(0.8),
        bearing_deg: Some(120.0),
        battery_pct: Some(71.0),
    }
}

/// What stands on disk must stay readable: these bytes were written by version 1.
#[test]
fn version_1_stays_readable() {
    let block = Block { rows: (0..3).map(sample).collect(), ..block_of(Vec::new()) };
    let byte = |place: usize| u8::from_str_radix(&VERSION_1[place..place + 2], 16).unwrap();
    let written: Vec<u8> = (0..VERSION_1.len()).step_by(2).map(byte).collect();
    assert_eq!(decode(&written), Ok(block));
}

const VERSION_1: &str = "0103030003682d31020132000178020004376633610007e590afe58aa80002000004d00f00c80105809becaf0d00140100\
     900d0000020200000001000252240104000000d0ba290104000000cab090010100000000240101000000100100000000f001010000\
     00008e011fd67688";

#[test]
fn zz_seeds() {
    use proptest::strategy::{Strategy as _, ValueTree as _};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for n in 0..4 {
        let rows = proptest::collection::vec(any_row(), 0..8).new_tree(&mut runner).unwrap().current();
        let bytes = encode(&block_of(rows));
        std::fs::write(format!("/work/main/fuzz/corpus/journal/block-{n}"), &bytes[..bytes.len() - CHECKSUM]).unwrap();
    }
    let bytes = encode(&Block::default());
    std::fs::write("/work/main/fuzz/corpus/journal/empty", &bytes[..bytes.len() - CHECKSUM]).unwrap();
}
