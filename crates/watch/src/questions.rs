//! Questions about falls whose time is over, and what a clock that was set back changes of what is waited for: nothing. The stored
//! deadline is the only one there is, so a restart resumes them all.

use crate::Watch;
use bus::{Hint, POLL_EVERY};
use geofence::Remembered;
use model::{SignedDuration, Timestamp};
use store::{EndQuestions, KeepWatch, StoreError, StoredState};
use tokio_util::sync::CancellationToken;

/// Looks for questions that are due until stopped.
pub async fn follow_questions(watch: Watch, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(POLL_EVERY)).await.is_some() {
        let now = watch.clock.now();
        match watch.store.are_questions_due(now).await {
            Ok(false) => {}
            Ok(true) => match watch.store.write(EndQuestions { now }).await {
                Ok(_) => watch.bus.hint(Hint::Signals),
                Err(error) => tracing::error!(event = "fall_questions_not_ended", %error),
            },
            Err(error) => tracing::error!(event = "fall_questions_unreadable", %error),
        }
    }
}

/// At a start whose wall clock is behind the last moment on record: what was left of everything that is waited for is left of it
/// now, of the time to answer and of every timer of everybody's state.
pub async fn keep_what_was_left(watch: &Watch, last_alive: Timestamp) -> Result<(), StoreError> {
    let at = watch.clock.now();
    let by = last_alive.duration_since(at);
    if by <= SignedDuration::from_secs(2) {
        return Ok(());
    }
    let stored = watch.store.watch_states(None).await?;
    let states = stored.into_iter().filter_map(|state| moved(state, by, at)).collect();
    let keep = KeepWatch { last_alive, by, states, at };
    let kept = watch.store.write(keep).await;
    kept.map(drop).map_err(|source| StoreError::Write { what: "what the watch waits for", source })
}

/// None of one that cannot be read: whoever takes it up says so.
fn moved(state: StoredState, by: SignedDuration, now: Timestamp) -> Option<StoredState> {
    let remembered: Remembered = serde_json::from_str(&state.document).ok()?;
    let document = serde_json::to_string(&remembered.after_the_clock_went_back(by, now)).ok()?;
    let due = state.due.map(|due| due.checked_sub(by).unwrap_or(due));
    Some(StoredState { document, due, ..state })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geofence::{Event, State, World, next_deadline, replay::ResidentEntry, step, zone::Zones};
    use model::ResidentId;
    use serde_json::json;
    use store::Places;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_413_600 + second).unwrap()
    }

    #[test]
    fn a_silence_on_disk_is_due_as_soon_by_a_clock_that_was_set_back() {
        let entry = json!({"id": "r1", "handset": {"id": "h1", "heartbeat_s": 300}});
        let entry: ResidentEntry = serde_json::from_value(entry).unwrap();
        let (resident, mut state) = (entry.resident(&mut Vec::new()), State::default());
        step(&World::default(), &resident, &mut state, Event::Heard, at(0), &mut Vec::new());
        assert_eq!(next_deadline(&state), Some(at(900)));
        let stored = StoredState {
            resident: ResidentId::new("r1").unwrap(),
            document: serde_json::to_string(&Remembered::of(&state, &[], &Zones::default())).unwrap(),
            places: Places { message: 7, ..Places::default() },
            due: Some(at(900)),
        };
        let back = |stored| moved(stored, SignedDuration::from_hours(1), at(0));
        let moved = back(stored.clone()).unwrap();
        assert_eq!((moved.due, moved.places), (Some(at(900 - 3_600)), stored.places));
        let read: Remembered = serde_json::from_str(&moved.document).unwrap();
        let again = read.restore(&[], &Zones::default(), |_| false);
        assert_eq!(next_deadline(&again), Some(at(900 - 3_600)));
        let unreadable = StoredState { document: "{".to_owned(), ..stored };
        assert_eq!(back(unreadable), None);
    }

    /// The hours of an absence are those of the clock, and stay where they are: what was taken of it is taken.
    #[test]
    fn an_absence_that_was_over_is_over_by_a_clock_that_was_set_back() {
        for (taken, left) in [(-50_000, -50_000), (1_800, 0)] {
            let remembered = Remembered::of(&State::default(), &[], &Zones::default()).back_since(at(taken));
            let back = remembered.after_the_clock_went_back(SignedDuration::from_hours(1), at(0));
            assert_eq!(back.away_until(), Some(at(left)), "taken until {taken}");
        }
    }
}
