//! Positions that arrive long after they were taken: where somebody was, and not where they are.
//!
//! A handset that was out of reach sends what it kept, oldest first and often one fix a message. Judged message by message that
//! would tell of somebody who left hours ago, and then that they came back. So while such a track comes in nothing is
//! told of fences and zones; once it has come to the present, or nothing more follows, it is judged where they are by then.
//! Ways are not looked for in it either: what it shows of them is over.

use super::state::State;
use crate::moment::Moment;
use crate::number;
use model::{Fix, Timestamp};
use serde::{Deserialize, Serialize};

/// What is older than this on arrival is late, and says so.
pub(super) const LATE_FROM_S: f64 = 600.0;
/// A fix as young as this says where somebody is now, also at the end of a track that was late.
const PRESENT_S: f64 = 60.0;
/// After so long without a further piece the track is taken to have come in whole.
const SETTLES_S: f64 = 30.0;
/// A track that comes in draws nearer to the present by so much from piece to piece or over some of them; that of a handset whose
/// clock is behind does not, and is judged as it comes.
const NEARER_S: f64 = 30.0;
/// However long it takes to come in, nothing is held back for longer: somebody may be outside now.
const HELD_S: f64 = 600.0;

/// A track that arrives late.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Late {
    /// How old its newest fix was when the end was set.
    by_s: f32,
    /// When its first piece came.
    since: Moment,
    /// Until then nothing is told by it.
    until: Moment,
}

impl Late {
    fn begin(by_s: f64, now: Moment) -> Self {
        Self { by_s: number::single(by_s), since: now, until: now.plus_s(SETTLES_S) }
    }

    /// After a message whose newest fix is so old.
    fn after(held: Option<Self>, by_s: f64, now: Moment) -> Option<Self> {
        if by_s <= PRESENT_S {
            return None;
        }
        let begin = || (by_s > LATE_FROM_S).then(|| Self::begin(by_s, now));
        let Some(held) = held else { return begin() };
        if (by_s - f64::from(held.by_s)).abs() < NEARER_S {
            return Some(held);
        }
        if !held.holds(now) {
            return begin();
        }
        let until = now.plus_s(SETTLES_S).min(held.since.plus_s(HELD_S));
        Some(Self { by_s: number::single(by_s), until, ..held })
    }

    fn holds(self, now: Moment) -> bool {
        now < self.until
    }
}

impl State {
    /// Notes how late the fixes of a message are; what is not newer than the newest says nothing of it.
    pub(super) fn note_late(&mut self, fixes: &[Fix], now: Moment) {
        let newest = fixes.iter().map(|fix| Moment::from(fix.fix_time).min(now)).max();
        let Some(newest) = newest.filter(|newest| *newest > self.newest) else { return };
        let held = self.late.as_deref().copied();
        let late = Late::after(held, now.seconds_since(newest), now);
        if late != held {
            self.late = late.map(Box::new);
        }
    }

    /// Whether what arrives is where somebody was, and more of it may follow.
    pub(super) fn is_held(&self, now: Moment) -> bool {
        self.late.as_deref().is_some_and(|late| late.holds(now))
    }

    /// When it is judged where they are, although nothing more came.
    pub(super) fn late_wakes_at(&self) -> Moment {
        self.late.as_deref().map_or(Moment::NEVER, |late| late.until)
    }

    /// Until when nothing is told of fences and zones, since a track that is late may not have come in whole.
    pub fn held_until(&self) -> Option<Timestamp> {
        self.late_wakes_at().set()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each message: when it comes and how old its newest fix is, both in seconds; and whether nothing is told then.
    #[test]
    fn a_track_is_held_until_it_has_come_in() {
        let cases: [(&str, &[(f64, f64, bool)]); 6] = [
            ("as it comes", &[(0.0, 1.0, false), (120.0, 500.0, false), (240.0, 590.0, false)]),
            ("one old piece, and one as old", &[(0.0, 7_200.0, true), (31.0, 7_201.0, false)]),
            ("to the present", &[(0.0, 3_600.0, true), (1.0, 100.0, true), (2.0, 40.0, false)]),
            ("with a pause", &[(0.0, 9_000.0, true), (20.0, 7_000.0, true), (80.0, 4_960.0, true)]),
            (
                "a clock that is behind",
                &[(0.0, 4_000.0, true), (20.0, 4_001.0, true), (40.0, 3_999.0, false)],
            ),
            (
                "in small pieces",
                &[(0.0, 900.0, true), (10.0, 880.0, true), (20.0, 860.0, true), (45.0, 810.0, true)],
            ),
        ];
        for (what, messages) in cases {
            let mut late = None;
            for (second, by_s, is_held) in messages {
                let now = Moment::from_ms(0).plus_s(*second);
                late = Late::after(late, *by_s, now);
                assert_eq!(late.is_some_and(|late| late.holds(now)), *is_held, "{what}, after {second} s");
            }
        }
    }

    #[test]
    fn nothing_is_held_for_ever() {
        let (mut late, mut looked_s): (Option<Late>, _) = (None, 0.0);
        for piece in 0..2_000_u32 {
            let now = Moment::from_ms(0).plus_s(f64::from(piece));
            if late.is_some_and(|late| !late.holds(now)) {
                looked_s = f64::from(piece);
                break;
            }
            late = Late::after(late, 100_000.0 - f64::from(piece) * 40.0, now);
        }
        assert!((599.0..=601.0).contains(&looked_s), "{looked_s}");
    }
}
