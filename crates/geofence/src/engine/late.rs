//! Positions that arrive long after they were taken: where somebody was, and not where they are.
//!
//! A handset that was out of reach sends what it kept, oldest first and often one fix a message. Judged message by message that
//! would tell of somebody who left hours ago, and then that they came back. So while such a track comes in nothing is
//! told of fences and zones; once it has come to the present, or nothing more follows, it is judged where they are by then.
//! Ways are not looked for in it either: what it shows of them is over.
//!
//! What comes in at a slower pace is no such track and is judged as it comes: that of a handset whose clock is behind, and a life
//! that is told as fast as an hour in a minute.

use super::state::State;
use crate::moment::Moment;
use crate::number;
use model::{Fix, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What is older than this on arrival is late, and says so.
pub(super) const LATE_FROM_S: f64 = 600.0;
/// A fix as young as this says where somebody is now, also at the end of a track that was late.
const PRESENT_S: f64 = 60.0;
/// After so long without a further piece the track is taken to have come in whole.
const SETTLES_S: f64 = 30.0;
/// However long it takes to come in, nothing is held back for longer: somebody may be outside now.
const HELD_S: f64 = 600.0;
/// A track comes in at least so many times as fast as it was lived: mostly hundreds of times, a fix of each minute in a tenth of a
/// second. A life that is told is sixty times as fast at most.
const PACE: f64 = 75.0;
/// Its pace is not known before.
const PACED_AFTER_S: f64 = 5.0;
/// Two pieces that are as old as each other to within this belong to no track that comes in.
const ALIKE_S: f64 = 30.0;

/// A track that arrives late.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Late {
    /// When its first piece came.
    since: Moment,
    /// How old the newest fix of that was, and of the last piece.
    first_s: f32,
    last_s: f32,
    /// Until then nothing is told by it.
    until: Moment,
    /// It comes in so slowly that it is judged as it comes.
    is_slow: bool,
}

impl Late {
    fn begin(by_s: f64, now: Moment) -> Option<Self> {
        let by = number::single(by_s);
        let until = now.plus_s(SETTLES_S);
        (by_s > LATE_FROM_S).then_some(Self { since: now, first_s: by, last_s: by, until, is_slow: false })
    }

    /// After a message whose newest fix is so old.
    fn after(held: Option<Self>, by_s: f64, now: Moment) -> Option<Self> {
        if by_s <= PRESENT_S {
            return None;
        }
        let Some(held) = held else { return Self::begin(by_s, now) };
        let older_s = by_s - f64::from(held.last_s);
        let next = Self { last_s: number::single(by_s), ..held };
        if held.is_slow {
            return if older_s > LATE_FROM_S { Self::begin(by_s, now) } else { Some(next) };
        }
        if !held.holds(now) {
            let is_alike = older_s.abs() < ALIKE_S;
            return if is_alike { Some(Self { is_slow: true, ..next }) } else { Self::begin(by_s, now) };
        }
        if held.is_slow_by(by_s, now) {
            return Some(Self { is_slow: true, until: now, ..next });
        }
        let until = now.plus_s(SETTLES_S).min(held.since.plus_s(HELD_S));
        Some(Self { until, ..next })
    }

    /// Whether less was lived since the first piece than a track brings that comes in.
    fn is_slow_by(self, by_s: f64, now: Moment) -> bool {
        let passed_s = now.seconds_since(self.since);
        let lived_s = f64::from(self.first_s) - by_s + passed_s;
        passed_s >= PACED_AFTER_S && lived_s < PACE * passed_s
    }

    /// Our clock was set back by so much.
    pub(super) fn clock_went_back(&mut self, by: SignedDuration) {
        for moment in [&mut self.since, &mut self.until] {
            moment.set_back(by);
        }
    }

    fn holds(self, now: Moment) -> bool {
        now < self.until
    }
}

impl State {
    /// Notes how late the fixes of a message are; what is not newer than the newest says nothing of it. Says whether their times
    /// can be held against those of our clock: of a handset whose clock is behind they cannot.
    pub(super) fn note_late(&mut self, fixes: &[Fix], now: Moment) -> bool {
        let newest = fixes.iter().map(|fix| Moment::from(fix.fix_time).min(now)).max();
        let Some(newest) = newest.filter(|newest| *newest > self.newest) else { return false };
        let (held, by_s) = (self.late.as_deref().copied(), now.seconds_since(newest));
        let late = Late::after(held, by_s, now);
        if late != held {
            self.late = late.map(Box::new);
        }
        by_s <= PRESENT_S || self.is_held(now)
    }

    /// Whether what arrives is where somebody was, and more of it may follow.
    pub(super) fn is_held(&self, now: Moment) -> bool {
        self.late.as_deref().is_some_and(|late| late.holds(now))
    }

    /// Whether it is only now that a track that was late has come in whole: at the last look more could follow.
    pub(super) fn has_settled(&self, now: Moment) -> bool {
        let until = self.late_wakes_at();
        until <= now && self.wakes_at <= until
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

    /// A message: when it comes and how old its newest fix is, both in seconds; and whether nothing is told then.
    type Piece = (f64, f64, bool);

    #[test]
    fn a_track_is_held_until_it_has_come_in() {
        let cases: [(&str, &[Piece]); 9] = [
            ("as it comes", &[(0.0, 1.0, false), (120.0, 500.0, false), (240.0, 590.0, false)]),
            ("one old piece, and one as old", &[(0.0, 7_200.0, true), (31.0, 7_201.0, false)]),
            ("one old piece, and one of now", &[(0.0, 7_200.0, true), (90.0, 400.0, false)]),
            ("to the present", &[(0.0, 3_600.0, true), (1.0, 100.0, true), (2.0, 40.0, false)]),
            ("a long one", &[(0.0, 9_000.0, true), (6.0, 5_000.0, true), (35.0, 1_000.0, true)]),
            ("with a pause", &[(0.0, 9_000.0, true), (2.0, 7_000.0, true), (80.0, 4_960.0, true)]),
            ("a clock behind", &[(0.0, 4_000.0, true), (20.0, 4_001.0, false), (40.0, 3_999.0, false)]),
            (
                "told fast",
                &[(0.0, 5_000.0, true), (4.0, 4_764.0, true), (6.0, 4_646.0, false), (8.0, 4_528.0, false)],
            ),
            ("out of reach again", &[(0.0, 900.0, true), (20.0, 901.0, false), (9_000.0, 5_000.0, true)]),
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
        for piece in 0..900_u32 {
            let now = Moment::from_ms(0).plus_s(f64::from(piece));
            if late.is_some_and(|late| !late.holds(now)) {
                looked_s = f64::from(piece);
                break;
            }
            late = Late::after(late, 100_000.0 - f64::from(piece) * 100.0, now);
        }
        assert!((599.0..=601.0).contains(&looked_s), "{looked_s}");
    }
}
