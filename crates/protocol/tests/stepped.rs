//! A clock that is set back while its handset runs, with and without a status that says so.
#![expect(clippy::unwrap_used, reason = "a test fails by a panic, in its helpers too")]

use model::{Fix, Method, SignedDuration, Timestamp, Wgs84};
use protocol::{Status, Track};

const BACK_S: i64 = 3 * 3_600;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

/// The time that is believed of a fix of that number, told and received at those seconds.
fn believed(track: &mut Track, seq: u64, told: i64, received: i64) -> Timestamp {
    let fix = Fix {
        boot: Some("a".to_owned()),
        seq: Some(seq),
        fix_time: at(told),
        position: Wgs84::new(33.96, 118.27).unwrap(),
        accuracy_m: 20.0,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: None,
    };
    track.take(vec![fix], at(received)).pop().unwrap().fix.fix_time
}

/// Heard each minute for five minutes, a second after each fix.
fn heard() -> Track {
    let mut track = Track::default();
    for (seq, second) in (1..=5).zip((60..).step_by(60)) {
        assert_eq!(believed(&mut track, seq, second, second + 1), at(second));
    }
    track
}

fn is_about(time: Timestamp, second: i64) -> bool {
    time.duration_since(at(second)).unsigned_abs().as_secs() <= 2
}

#[test]
fn a_clock_that_is_set_back_is_known_by_the_second_fix_after_it() {
    let mut track = heard();
    assert_eq!(believed(&mut track, 6, 360 - BACK_S, 361), at(360 - BACK_S), "nothing is sure yet");
    for (seq, second) in (7..12).zip((420..).step_by(60)) {
        let time = believed(&mut track, seq, second - BACK_S, second + 1);
        assert!(is_about(time, second), "{time} is not {}", at(second));
    }
    assert_eq!(track.clock_ahead(), Some(SignedDuration::from_secs(-BACK_S - 1)));
    // Set right again: what comes late after that is not moved.
    assert_eq!(believed(&mut track, 20, 900, 901), at(900));
    assert_eq!(track.clock_ahead(), Some(SignedDuration::ZERO));
    assert_eq!(believed(&mut track, 19, 840 - BACK_S, 902), at(840 - BACK_S));
}

#[test]
fn a_status_says_it_at_once() {
    let mut track = heard();
    let status = Status { online: Some(true), at: Some(at(330 - BACK_S)), ..Status::default() };
    track.take_status(&status, at(331));
    for (seq, second) in (6..9).zip((360..).step_by(60)) {
        let time = believed(&mut track, seq, second - BACK_S, second + 1);
        assert!(is_about(time, second), "{time} is not {}", at(second));
    }
    // Fixes may be dated by satellites: one that is of now says nothing against what the handset says of its own clock.
    assert_eq!(believed(&mut track, 9, 540, 541), at(540));
    assert_eq!(track.clock_ahead(), Some(SignedDuration::from_secs(-BACK_S - 1)));
}

#[test]
fn a_clock_that_is_set_right_after_a_restart_is_known_by_the_next_fix() {
    let behind = Some(SignedDuration::from_secs(-BACK_S - 1));
    let mut track = Track::with_clock(behind);
    assert!(is_about(believed(&mut track, 6, 360 - BACK_S, 361), 360), "it is still behind");
    assert_eq!(believed(&mut track, 7, 420, 421), at(420));
    assert_eq!(track.clock_ahead(), Some(SignedDuration::ZERO));
    assert_eq!(believed(&mut track, 5, 300 - BACK_S, 422), at(300 - BACK_S), "what was kept is not moved");
    // Where a status says once more how the clock stands, a fix of now was dated by satellites.
    let mut track = Track::with_clock(behind);
    let status = Status { online: Some(true), at: Some(at(330 - BACK_S)), ..Status::default() };
    track.take_status(&status, at(331));
    assert_eq!(believed(&mut track, 6, 360, 361), at(360));
    assert_eq!(track.clock_ahead(), behind);
}

#[test]
fn what_was_kept_is_no_clock_that_was_set_back() {
    // With its own, older numbers, as slowly as it was lived.
    let mut track = Track::default();
    believed(&mut track, 500, 0, 1);
    for (seq, second) in (1..60).zip((60..).step_by(60)) {
        assert_eq!(believed(&mut track, seq, second - BACK_S, second), at(second - BACK_S));
    }
    // With numbers that were given as it was sent, ten a second.
    let mut track = heard();
    for (seq, place) in (6..306).zip(0..) {
        let told = place * 60 - 2 * BACK_S;
        assert_eq!(believed(&mut track, seq, told, 400 + place / 10), at(told));
    }
    // A place that is known from long ago, told again and again.
    let mut track = heard();
    for (seq, second) in (6..60).zip((360..).step_by(60)) {
        assert_eq!(believed(&mut track, seq, -BACK_S, second), at(-BACK_S));
    }
    // A few that are out of their order.
    let mut track = heard();
    for (seq, told, received) in [(6, 100, 361), (7, 420, 421), (8, 200, 481), (9, 540, 541)] {
        assert_eq!(believed(&mut track, seq, told, received), at(told));
    }
    assert_eq!(track.clock_ahead(), None);
}
