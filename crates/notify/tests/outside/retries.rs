//! When the next attempt is due.

use crate::servers::now;
use model::{SignedDuration, Timestamp};
use notify::{
    Again,
    retry::{Kind, after_failure, next_attempt},
};
use proptest::prelude::*;

fn seconds(wait: SignedDuration) -> f64 {
    wait.as_secs_f64()
}

fn wait(kind: Kind, id: &str, attempts: u32, failed_after_s: f64) -> Option<f64> {
    let failed = now() + SignedDuration::from_secs_f64(failed_after_s);
    next_attempt(kind, id, attempts, now(), failed).map(|due| seconds(due.duration_since(failed)))
}

#[test]
fn the_first_attempt_is_due_when_the_message_is() {
    for kind in [Kind::Life, Kind::Other] {
        let due = now() - SignedDuration::from_hours(1);
        assert_eq!(next_attempt(kind, "n", 0, due, now()), Some(due));
    }
}

#[test]
fn life_alarms_are_tried_within_seconds_and_for_ever() {
    for (attempts, longest) in
        [(1, 5.0), (2, 15.0), (3, 30.0), (4, 60.0), (5, 60.0), (900, 60.0), (u32::MAX, 60.0)]
    {
        let waited = wait(Kind::Life, "n-1", attempts, 30.0 * 24.0 * 3_600.0).unwrap();
        assert!((longest * 0.9..=longest).contains(&waited), "after {attempts}: {waited}");
    }
}

#[test]
fn everything_else_follows_the_standard_and_ends() {
    let schedule = [5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0];
    let mut failed_after = 0.0;
    for (attempts, shortest) in (1..).zip(schedule) {
        let waited = wait(Kind::Other, "n-1", attempts, failed_after).unwrap();
        assert!((shortest..=shortest * 1.1).contains(&waited), "after {attempts}: {waited}");
        failed_after += waited + 30.0;
    }
    assert_eq!(wait(Kind::Other, "n-1", 10, failed_after), None);
    assert_eq!(wait(Kind::Other, "n-1", u32::MAX, 0.0), None);
    // The platform stood still for a week: last week's report helps nobody.
    assert_eq!(wait(Kind::Other, "n-1", 1, 7.0 * 24.0 * 3_600.0), None);
}

#[test]
fn what_the_other_side_said_counts() {
    let at = |seconds: i64| Again::NotBefore(now() + SignedDuration::from_secs(seconds));
    let cases = [
        (Kind::Other, Again::Later, Some(5.0..=5.5)),
        (Kind::Other, Again::Never, None),
        (Kind::Other, Again::Gone, None),
        (Kind::Other, at(-10), Some(5.0..=5.5)),
        (Kind::Other, at(3_600), Some(3_600.0..=3_600.0)),
        (Kind::Other, at(5 * 24 * 3_600), None),
        (Kind::Life, Again::Later, Some(4.5..=5.0)),
        (Kind::Life, Again::Never, Some(4.5..=5.0)),
        (Kind::Life, Again::Gone, Some(4.5..=5.0)),
        (Kind::Life, at(20), Some(20.0..=20.0)),
        (Kind::Life, at(3_600), Some(60.0..=60.0)),
    ];
    for (kind, again, expected) in cases {
        let due = after_failure(kind, "n-1", 1, now(), now(), again);
        let waited = due.map(|due| seconds(due.duration_since(now())));
        match expected {
            None => assert_eq!(waited, None, "{kind:?} {again:?}"),
            Some(range) => assert!(range.contains(&waited.unwrap()), "{kind:?} {again:?}: {waited:?}"),
        }
    }
}

#[test]
fn messages_that_failed_together_come_back_apart() {
    let waits = (0..200).map(|number| wait(Kind::Life, &format!("n-{number}"), 4, 0.0).unwrap());
    let mut waits: Vec<_> = waits.collect();
    waits.sort_by(f64::total_cmp);
    waits.dedup();
    assert!(waits.len() > 150, "{} different moments for 200 messages", waits.len());
    assert!(waits.last().unwrap() - waits.first().unwrap() > 5.0);
}

proptest! {
    #[test]
    fn a_life_alarm_always_has_a_next_attempt_within_a_minute(
        id: String, attempts in 1_u32.., due in -1_000_000_000_i64..1_000_000_000, now in 0_i64..4_000_000_000,
        asked in 0_i64..10_000_000_000,
    ) {
        let now = Timestamp::from_second(now).unwrap();
        let first = Timestamp::from_second(due).unwrap();
        let asked = Again::NotBefore(Timestamp::from_second(asked).unwrap());
        for again in [Again::Later, Again::Never, Again::Gone, asked] {
            let due = after_failure(Kind::Life, &id, attempts, first, now, again).unwrap();
            let waited = due.duration_since(now);
            prop_assert!(waited > SignedDuration::ZERO && waited <= SignedDuration::from_secs(60), "{waited}");
            prop_assert_eq!(after_failure(Kind::Life, &id, attempts, first, now, again), Some(due));
        }
    }

    #[test]
    fn no_message_is_tried_before_its_time_or_after_its_end(
        id: String, attempts in 1_u32..12, late in 0_i64..1_000_000, asked in -1_000_i64..1_000_000,
    ) {
        let failed = now() + SignedDuration::from_secs(late);
        let again = Again::NotBefore(failed + SignedDuration::from_secs(asked));
        if let Some(due) = after_failure(Kind::Other, &id, attempts, now(), failed, again) {
            prop_assert!(due > failed && due.duration_since(failed) >= SignedDuration::from_secs(asked));
            prop_assert!(due.duration_since(now()) <= SignedDuration::from_hours(96));
        }
    }
}
