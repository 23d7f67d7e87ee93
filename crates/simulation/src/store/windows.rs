//! Windows within which presses and falls of a handset are tests.

use super::{Span, Store};
use model::{HandsetId, Signal, SignalKind, SignedDuration, Timestamp};

/// The platform lived for up to so long after the last moment on record, and a window may have ended meanwhile.
const PULSE_AGE: SignedDuration = SignedDuration::from_secs(10);

impl Store {
    /// Whether it is a test: pressed within a window that was open for its handset.
    pub(crate) fn is_drill(&self, signal: &Signal, ends_count: bool) -> bool {
        let is_tried = matches!(signal.kind, SignalKind::Press | SignalKind::Fall);
        let holds = |window: &Span<HandsetId>| {
            Some(&window.of) == signal.handset.as_ref()
                && window.from <= signal.received_at
                && (window.to > signal.received_at || !ends_count)
        };
        // Of several the last that began: what was pressed before that is no test.
        let window = self.windows.iter().filter(|window| holds(window)).map(|window| window.from).max();
        is_tried && window.is_some_and(|from| signal.at >= from)
    }

    /// Staff open a window; the one that runs ends. What is on record in the same moment was pressed before.
    pub(crate) fn open_window(&mut self, of: HandsetId, now: Timestamp, lasts: SignedDuration) {
        let later = self.alive_at.and_then(|at| at.checked_add(SignedDuration::from_micros(1)).ok());
        let from = later.map_or(now, |later| later.max(now));
        let to = from.checked_add(lasts).unwrap_or(from);
        for window in self.windows.iter_mut().filter(|window| window.of == of && window.from < from) {
            window.to = window.to.min(from);
        }
        self.windows.push(Span { of, from, to });
    }

    /// By a clock that was set back a window ends when it would have, and one that was over stays so.
    pub(super) fn set_windows_back(&mut self, last_alive: Timestamp, now: Timestamp) {
        let by = now.duration_since(last_alive);
        if !by.is_negative() {
            return;
        }
        let over_by = last_alive.checked_add(PULSE_AGE).unwrap_or(last_alive);
        for window in &mut self.windows {
            if window.to <= over_by {
                window.to = window.to.min(now);
            } else {
                window.from = window.from.checked_add(by).unwrap_or(Timestamp::MIN);
                window.to = window.to.checked_add(by).unwrap_or(Timestamp::MIN);
            }
        }
    }
}
