//! How fast a handset may speak. Whoever has got hold of a secret must not fill the journal as fast as the line carries; what a
//! handset kept while it was out of reach must pass. Nothing is lost at the MQTT door: what comes too fast waits for its
//! acknowledgement, and a connection has so many on their way. Presses and falls are not counted.

use model::HandsetId;
use protocol::UpKind;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// 200 messages a second for ever; a handset tells its position once a second at most, and a message may hold many.
const EACH: Duration = Duration::from_millis(5);
/// What may come at once: nearly three hours of positions, one a second and one a message.
const AT_ONCE: u32 = 10_000;
/// Nothing waits longer, whatever was counted before: behind what waits, on the same connection, may be a press.
const LONGEST: Duration = Duration::from_secs(1);

/// Until when each handset has spoken for.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<HandsetId, Instant>>);

impl Pace {
    /// Counts one more message, and says how long it waits before it is taken. A report of a telephone may be a call for help and
    /// never waits; its door asks [`Pace::has_room`].
    pub(super) fn wait(&self, handset: &HandsetId, kind: UpKind, now: Instant) -> Duration {
        let is_waiting = match kind {
            UpKind::Press | UpKind::Fall => return Duration::ZERO,
            UpKind::OsmAnd => false,
            UpKind::Fix | UpKind::Status | UpKind::Answer | UpKind::OwnTracks => true,
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = all.get(handset).copied().unwrap_or(now).max(now) + EACH;
        let until = until.min(now + EACH * AT_ONCE + LONGEST);
        if let Some(kept) = all.get_mut(handset) {
            *kept = until;
        } else {
            all.insert(handset.clone(), until);
        }
        let wait = until.saturating_duration_since(now).saturating_sub(EACH * AT_ONCE);
        if is_waiting { wait } else { Duration::ZERO }
    }

    /// Whether one more need not wait. Nothing is counted.
    pub(super) fn has_room(&self, handset: &HandsetId, now: Instant) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(handset).is_none_or(|until| until.saturating_duration_since(now) < EACH * AT_ONCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_passes_at_once_and_a_flood_waits() {
        let (pace, now) = (Pace::default(), Instant::now());
        let [h1, h2] = ["h1", "h2"].map(|name| HandsetId::new(name).unwrap());
        for nth in 0..AT_ONCE {
            assert!(pace.has_room(&h1, now), "{nth}");
            assert_eq!(pace.wait(&h1, UpKind::Fix, now), Duration::ZERO, "{nth}");
        }
        assert!(!pace.has_room(&h1, now) && pace.has_room(&h2, now));
        assert_eq!(pace.wait(&h1, UpKind::Status, now), EACH);
        assert_eq!(pace.wait(&h1, UpKind::Fix, now), EACH * 2, "each after the one before");
        for kind in [UpKind::Press, UpKind::Fall, UpKind::OsmAnd] {
            assert_eq!(pace.wait(&h1, kind, now), Duration::ZERO, "{kind:?} may be a call for help");
        }
        assert_eq!(pace.wait(&h2, UpKind::Fix, now), Duration::ZERO, "another is not held up");
        let later = now + Duration::from_mins(1);
        assert!(pace.has_room(&h1, later));
        for nth in 0..AT_ONCE {
            assert_eq!(pace.wait(&h1, UpKind::Fix, later), Duration::ZERO, "{nth}: rested");
        }
        assert_eq!(pace.wait(&h1, UpKind::Fix, later), EACH, "nothing more is saved up");
    }

    #[test]
    fn whatever_was_counted_a_press_behind_it_is_read_within_a_second() {
        let (pace, now) = (Pace::default(), Instant::now());
        let handset = HandsetId::new("h1").unwrap();
        for _report in 0..3 * AT_ONCE {
            assert_eq!(pace.wait(&handset, UpKind::OsmAnd, now), Duration::ZERO);
        }
        assert_eq!(pace.wait(&handset, UpKind::Fix, now), LONGEST);
    }

    #[test]
    fn two_hundred_a_second_never_wait() {
        let (pace, now) = (Pace::default(), Instant::now());
        let handset = HandsetId::new("h1").unwrap();
        for nth in 0..3 * AT_ONCE {
            assert_eq!(pace.wait(&handset, UpKind::Fix, now + EACH * nth), Duration::ZERO, "{nth}");
        }
    }
}
