//! How fast a handset may speak. Whoever has got hold of a secret must not fill the journal as fast as the line carries; what a
//! handset kept while it was out of reach must pass. Nothing is lost at the MQTT door: what comes too fast waits for its
//! acknowledgement, and a connection has so many on their way. Presses and falls are not counted.
//!
//! A client sends in order and has a few publishes under way, so a press behind what waits stands in the handset, where no
//! door can look for it. What a handset may have kept is therefore never held back, however long it was away; whoever has
//! sent more than that has not kept it. Meanwhile it takes no more from others than any connection may: 64 publishes, or
//! 1 MiB and one batch of positions, under way.

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
/// A larger message counts for one in each so many bytes: five positions, or the words of a status many times over.
const COUNTED_BYTES: usize = 1024;
/// What may come at once: three days of positions, one a second and one a message. In bytes it is no more than 300 MB.
const AT_ONCE: u32 = 300_000;
/// Nothing waits longer, whatever was counted before: behind what waits, on the same connection, may be a press.
const LONGEST: Duration = Duration::from_secs(1);

/// Until when each handset has spoken for.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<HandsetId, Instant>>);

impl Pace {
    /// Counts one more message of so many bytes, and says how long it waits before it is taken. A report of a telephone may be
    /// a call for help and never waits; its door asks [`Pace::has_room`].
    pub(super) fn wait(&self, handset: &HandsetId, kind: UpKind, bytes: usize, now: Instant) -> Duration {
        let is_waiting = match kind {
            UpKind::Press | UpKind::Fall => return Duration::ZERO,
            UpKind::OsmAnd => false,
            UpKind::Fix | UpKind::Status | UpKind::Answer | UpKind::OwnTracks => true,
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = all.get(handset).copied().unwrap_or(now).max(now) + EACH * counted(bytes);
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

/// How many messages one of this size counts for.
fn counted(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(COUNTED_BYTES)).unwrap_or(AT_ONCE).clamp(1, AT_ONCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A position, alone in its message.
    const ONE: usize = 200;

    #[test]
    fn a_backlog_passes_at_once_and_a_flood_waits() {
        let (pace, now) = (Pace::default(), Instant::now());
        let [h1, h2] = ["h1", "h2"].map(|name| HandsetId::new(name).unwrap());
        for nth in 0..AT_ONCE {
            assert!(pace.has_room(&h1, now), "{nth}");
            assert_eq!(pace.wait(&h1, UpKind::Fix, ONE, now), Duration::ZERO, "{nth}");
        }
        assert!(!pace.has_room(&h1, now) && pace.has_room(&h2, now));
        assert_eq!(pace.wait(&h1, UpKind::Status, ONE, now), EACH);
        assert_eq!(pace.wait(&h1, UpKind::Fix, ONE, now), EACH * 2, "each after the one before");
        for kind in [UpKind::Press, UpKind::Fall, UpKind::OsmAnd] {
            assert_eq!(pace.wait(&h1, kind, ONE, now), Duration::ZERO, "{kind:?} may be a call for help");
        }
        assert_eq!(pace.wait(&h2, UpKind::Fix, ONE, now), Duration::ZERO, "another is not held up");
        let later = now + Duration::from_hours(1);
        assert!(pace.has_room(&h1, later));
        for nth in 0..AT_ONCE {
            assert_eq!(pace.wait(&h1, UpKind::Fix, ONE, later), Duration::ZERO, "{nth}: rested");
        }
        assert_eq!(pace.wait(&h1, UpKind::Fix, ONE, later), EACH, "nothing more is saved up");
    }

    /// In order, one a second and one a message: its press comes behind all of them.
    #[test]
    fn three_days_out_of_reach_hold_back_no_press() {
        let (pace, now) = (Pace::default(), Instant::now());
        let handset = HandsetId::new("h1").unwrap();
        for second in 0..3 * 24 * 60 * 60 {
            assert_eq!(pace.wait(&handset, UpKind::Fix, ONE, now), Duration::ZERO, "{second}");
        }
    }

    #[test]
    fn a_large_message_counts_for_what_it_holds() {
        for (bytes, messages) in [(0, 1), (1, 1), (1024, 1), (1025, 2), (1024 * 1024, 1024)] {
            assert_eq!(counted(bytes), messages, "{bytes}");
        }
        let (pace, now) = (Pace::default(), Instant::now());
        let handset = HandsetId::new("h1").unwrap();
        for _ in 0..AT_ONCE / 1024 {
            assert_eq!(pace.wait(&handset, UpKind::Fix, 1024 * 1024, now), Duration::ZERO);
        }
        let over = (AT_ONCE / 1024 + 1) * 1024 - AT_ONCE;
        assert_eq!(pace.wait(&handset, UpKind::Fix, 1024 * 1024, now), EACH * over, "300 MB are there");
        assert_eq!(pace.wait(&handset, UpKind::Fix, 1024 * 1024, now), LONGEST);
    }

    #[test]
    fn whatever_was_counted_a_press_behind_it_is_read_within_a_second() {
        let (pace, now) = (Pace::default(), Instant::now());
        let handset = HandsetId::new("h1").unwrap();
        for _report in 0..3 * AT_ONCE {
            assert_eq!(pace.wait(&handset, UpKind::OsmAnd, ONE, now), Duration::ZERO);
        }
        assert_eq!(pace.wait(&handset, UpKind::Fix, ONE, now), LONGEST);
    }

    #[test]
    fn two_hundred_a_second_never_wait() {
        let (pace, now) = (Pace::default(), Instant::now());
        let handset = HandsetId::new("h1").unwrap();
        for nth in 0..3 * AT_ONCE {
            assert_eq!(pace.wait(&handset, UpKind::Fix, ONE, now + EACH * nth), Duration::ZERO, "{nth}");
        }
    }
}
