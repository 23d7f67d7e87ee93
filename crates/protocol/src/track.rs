//! What must be remembered of a handset to believe its next message: the fixes seen, and its clock.

use crate::{Status, event_time, seen::Seen, stepped::Stepped};
use model::{Fix, SignedDuration, Timestamp};

/// A clock this far off is worth noting; below it is transport and rounding.
const NOTED_SKEW: SignedDuration = SignedDuration::from_secs(120);
/// A measured skew replaces the noted one when it differs by more than this.
const SKEW_MOVED: SignedDuration = SignedDuration::from_secs(30);

/// A fix that was not seen before, with the time that is believed.
#[derive(Debug, Clone, PartialEq)]
pub struct Believed {
    /// The fix; its `fix_time` is the one believed.
    pub fix: Fix,
    /// The time the handset told, where another one is believed.
    pub told_time: Option<Timestamp>,
}

/// The memory of one handset. It can be rebuilt from its journal: hand in the numbers that are held and the
/// skew last noted.
#[derive(Debug, Clone, Default)]
pub struct Track {
    seen: Seen,
    clock_ahead: Option<SignedDuration>,
    stepped: Stepped,
    /// Whether the skew was read from fixes whose numbers rose and whose times fell, or may have been: what is kept of it does not say.
    is_stepped: bool,
}

impl Track {
    /// A memory with this skew and no fix seen yet.
    pub fn with_clock(clock_ahead: Option<SignedDuration>) -> Self {
        let is_behind = clock_ahead.is_some_and(|ahead| ahead.is_negative() && ahead.abs() > NOTED_SKEW);
        Self { clock_ahead, is_stepped: is_behind, ..Self::default() }
    }

    /// Notes a fix that is held already; false if it was noted before.
    pub fn note_seen(&mut self, boot: &str, seq: u64) -> bool {
        self.seen.note(boot, seq)
    }

    /// How far the handset's clock is ahead of ours, once that was measured.
    pub fn clock_ahead(&self) -> Option<SignedDuration> {
        self.clock_ahead
    }

    /// Those of the fixes that are new, at the times that are believed. A fix is the same by boot and number;
    /// one without them cannot be told from others and is always new.
    pub fn take(&mut self, fixes: Vec<Fix>, received_at: Timestamp) -> Vec<Believed> {
        self.measure(&fixes, received_at);
        self.measure_step(&fixes, received_at);
        let clock_ahead = self.clock_ahead;
        let is_new = |fix: &Fix| match (&fix.boot, fix.seq) {
            (Some(boot), Some(seq)) => self.seen.note(boot, seq),
            _ => true,
        };
        let believe = |fix: Fix| {
            let (fix_time, corrected) = event_time(Some(fix.fix_time), received_at, clock_ahead);
            Believed { told_time: corrected.then_some(fix.fix_time), fix: Fix { fix_time, ..fix } }
        };
        fixes.into_iter().filter(is_new).map(believe).collect()
    }

    /// A status is sent the moment it is true, so its time tells the handset's clock. A last will was written
    /// long before it is sent and tells nothing. Says the skew if it moved.
    pub fn take_status(&mut self, status: &Status, received_at: Timestamp) -> Option<SignedDuration> {
        let at = status.at.filter(|_| status.online != Some(false))?;
        self.is_stepped = false;
        self.note_skew(at.duration_since(received_at))
    }

    /// A clock that was set back while the handset ran dates what is lived now into the past, until another word says how it stands.
    fn measure_step(&mut self, fixes: &[Fix], received_at: Timestamp) {
        let Some(ahead) = self.stepped.take(fixes, received_at) else { return };
        if ahead.is_negative() && ahead.abs() > NOTED_SKEW {
            self.is_stepped = self.note_skew(ahead).is_some() || self.is_stepped;
        }
    }

    /// The newest fix of a message can be old, but not from the future: what is ahead is the clock's fault. Nor can one of now be told by
    /// a clock that fixes showed to be behind.
    fn measure(&mut self, fixes: &[Fix], received_at: Timestamp) {
        let Some(newest) = fixes.iter().map(|fix| fix.fix_time).max() else { return };
        let ahead = newest.duration_since(received_at);
        let was_ahead = self.clock_ahead.is_some_and(|known| known > NOTED_SKEW);
        if ahead > NOTED_SKEW {
            self.note_skew(ahead);
            self.is_stepped = false;
        } else if ahead.abs() <= NOTED_SKEW && (was_ahead || self.is_stepped) {
            self.note_skew(SignedDuration::ZERO);
            self.is_stepped = false;
        }
    }

    fn note_skew(&mut self, ahead: SignedDuration) -> Option<SignedDuration> {
        let moved = ahead.checked_sub(self.clock_ahead.unwrap_or_default()).unwrap_or(SignedDuration::MAX);
        if moved.abs() <= SKEW_MOVED {
            return None;
        }
        self.clock_ahead = Some(ahead);
        self.clock_ahead
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Method, Wgs84};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000_i64.saturating_add(second)).unwrap()
    }

    fn fix(boot: &str, seq: u64, second: i64) -> Fix {
        Fix {
            boot: Some(boot.to_owned()),
            seq: Some(seq),
            fix_time: at(second),
            position: Wgs84::new(33.96, 118.27).unwrap(),
            accuracy_m: 20.0,
            method: Method::Gps,
            speed_mps: None,
            bearing_deg: None,
            battery_pct: None,
        }
    }

    #[test]
    fn a_fix_is_taken_once() {
        let mut track = Track::default();
        assert_eq!(track.take(vec![fix("a", 1, 0), fix("a", 1, 0)], at(1)).len(), 1);
        assert!(track.take(vec![fix("a", 1, 0)], at(5)).is_empty());
        assert_eq!(track.take(vec![fix("b", 1, 0)], at(5)).len(), 1);
    }

    #[test]
    fn a_clock_a_year_ahead_is_corrected_and_blocks_nothing() {
        let year = 365 * 86_400;
        let mut track = Track::default();
        let ahead = track.take(vec![fix("a", 1, year)], at(0));
        assert!(
            ahead
                .iter()
                .all(|believed| believed.fix.fix_time <= at(0) && believed.told_time == Some(at(year)))
        );
        let mended = track.take(vec![fix("b", 1, 60)], at(61));
        assert!(
            mended.iter().all(|believed| believed.fix.fix_time == at(60) && believed.told_time.is_none())
        );
        assert_eq!(
            track.clock_ahead(),
            Some(SignedDuration::ZERO),
            "a skew that a message contradicts is dropped"
        );
    }
}
