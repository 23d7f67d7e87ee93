//! How small an hour gets, and what of it is exact.

use super::*;
use crate::journal::JournalFix;
use model::{Fix, Method, SignedDuration, Timestamp, Wgs84};

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        #[expect(clippy::cast_precision_loss, reason = "chance")]
        let part = (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
        part * bound
    }

    /// Roughly normal with this deviation.
    fn about(&mut self, deviation: f64) -> f64 {
        let sum: f64 = (0..12).map(|_| self.below(1.0)).sum();
        (sum - 6.0) * deviation
    }
}

/// A day of somebody who is at home most of the time and walks for some hours, as a handset sends it.
fn day(fixes: i64, others: f64) -> Block {
    let mut chance = Chance(7);
    let (mut lat, mut lon, mut battery) = (33.9624, 118.2757, 100.0);
    let (mut north, mut east) = (0.0, 0.0);
    let mut number = 1_f64;
    let start = 1_795_392_000_i64;
    let mut all = Vec::new();
    for place in 0..fixes {
        let walks = (place / 360) % 6 == 4;
        if walks {
            lat += chance.about(0.9) * 1e-5 + 6e-5;
            lon += chance.about(0.9) * 1e-5 + 7e-5;
        }
        // The error of a fix moves slowly.
        north = north * 0.9 + chance.about(1.5);
        east = east * 0.9 + chance.about(1.5);
        battery = (battery - 0.01_f64).max(1.0);
        let digits = |value: f64| (value * 1e7).round() / 1e7;
        let taken = start + place * 10 + i64::from(chance.below(1.0) < 0.1);
        let delay = 200_000.0 + chance.below(1_500_000.0);
        number += others + chance.about(others.sqrt());
        let fix = Fix {
            boot: Some("7f3a".to_owned()),
            seq: Some(u64::try_from(place).unwrap()),
            fix_time: Timestamp::from_second(taken).unwrap(),
            position: Wgs84::new(digits(lat + north / 111_000.0), digits(lon + east / 92_000.0)).unwrap(),
            accuracy_m: (8.0 + chance.below(25.0)).round(),
            method: if chance.below(1.0) < 0.03 { Method::Wifi } else { Method::Gps },
            speed_mps: Some(((if walks { 0.9 } else { 0.1 }) + chance.below(0.4) * 10.0).round() / 10.0),
            bearing_deg: Some(chance.below(360.0).round()),
            battery_pct: Some(battery.round()),
        };
        #[expect(clippy::cast_possible_truncation, reason = "chance")]
        let received_at = fix.fix_time.checked_add(SignedDuration::from_micros(delay as i64)).unwrap();
        let handset = model::HandsetId::new("demo-0007").unwrap();
        #[expect(clippy::cast_possible_truncation, reason = "chance")]
        all.push((number as i64, JournalFix { handset, fix, told_time: None, received_at }));
    }
    let mut block = Block::of(&all.iter().map(|(_, fix)| fix.clone()).collect::<Vec<_>>(), 0).unwrap();
    block.rows.iter_mut().zip(&all).for_each(|(row, (number, _))| row.number = *number);
    block
}

#[test]
fn an_hour_is_small() {
    for others in [200.0, 100_000.0] {
        let ripe = Ripe { before_us: i64::MAX, received_before_us: i64::MAX };
        let (parts, left) = parts(&day(8_640, others), &Bindings::default(), ripe, 64);
        assert!(left.is_empty());
        let bytes: usize = parts.iter().map(|part| part.body.len()).sum();
        eprintln!(
            "every {others}th fix is theirs: {} parts, {} thousandths of a byte a fix",
            parts.len(),
            bytes * 1000 / 8_640
        );
        assert_eq!(parts.len(), 24);
        assert!(bytes < 8_640 * 11, "{bytes}");
    }
}

#[test]
fn an_hour_is_rounded_as_it_says_and_no_further() {
    let ripe = Ripe { before_us: i64::MAX, received_before_us: i64::MAX };
    let mut block = day(100, 200.0);
    let odd = [0.05, 1e-3, 1e17, 12.345_678];
    for (row, value) in block.rows.iter_mut().zip(odd) {
        (row.accuracy_m, row.speed_mps, row.bearing_deg, row.battery_pct) =
            (value, Some(value), Some(value), Some(value));
        (row.lat, row.lon) = (33.123_456_789_12, -118.987_654_321_98);
    }
    (block.rows[4].lat, block.rows[4].lon) = (1e-9, -1e-9);
    let (parts, _) = parts(&block, &Bindings::default(), ripe, 64);
    let back = Block::decode(&parts[0].body).unwrap();
    let told = |row: usize| {
        let row = back.rows[row];
        (row.accuracy_m, row.speed_mps.unwrap(), row.bearing_deg.unwrap())
    };
    assert_eq!(told(0), (0.1, 0.05, 0.1));
    assert_eq!(told(1), (1e-3, 1e-3, 1e-3), "nothing is rounded to nothing");
    assert_eq!(told(2), (1e17, 1e17, 1e17));
    assert_eq!(told(3), (12.3, 12.35, 12.3));
    assert_eq!((back.rows[0].lat, back.rows[0].lon), (33.123_456_8, -118.987_654_3));
    assert_eq!((back.rows[4].lat, back.rows[4].lon), (1e-9, -1e-9), "0/0 is no place");
}

#[test]
fn what_is_not_ripe_or_too_much_is_left() {
    let block = day(8_640, 200.0);
    let first = hour_of(block.rows[0].fix_us);
    let young = Ripe { before_us: first + 5 * HOUR_US, received_before_us: i64::MIN };
    let (made, left) = parts(&block, &Bindings::default(), young, 64);
    assert_eq!((made.len(), left.len()), (5, 8_640 - 5 * 360));
    let (made, left) = parts(&block, &Bindings::default(), young, 2);
    assert_eq!((made.len(), left.len()), (2, 8_640 - 2 * 360));
    let came = Ripe { before_us: i64::MIN, received_before_us: first + HOUR_US };
    let (made, left) = parts(&block, &Bindings::default(), came, 64);
    assert_eq!((made.len(), left.len()), (1, 8_640 - 360), "by arrival");
}
