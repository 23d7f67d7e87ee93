//! The platform's clock: one look at the wall at the start, then a monotonic count from there, so that
//! nobody who sets the wall clock can postpone a deadline or make a press look old.

use model::{SignedDuration, Timestamp};
use std::time::{Instant, SystemTime};

/// A wall clock more than this far from ours has been set by somebody.
const STEP_ALARM: SignedDuration = SignedDuration::from_secs(2);

/// Tells the time that everything here is stamped with.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    anchor: Timestamp,
    started: Instant,
}

impl Clock {
    /// Anchors the clock at the wall's time now.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clocks")]
    pub fn start() -> Self {
        Self { anchor: wall(), started: Instant::now() }
    }

    /// The time now; never goes back. In whole microseconds, as it is stored: what is told now and what is
    /// read back later are the same.
    pub fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::MAX);
        let now = self.anchor.checked_add(elapsed).unwrap_or(Timestamp::MAX);
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// The wall clock's time now, whatever it was set to: for what must agree with other people's clocks, as one-time codes do.
    /// Nothing is stamped with it.
    pub fn wall_now() -> Timestamp {
        wall()
    }

    /// How far the wall clock is ahead of ours (negative: behind), if it was set meanwhile.
    pub fn wall_step(&self) -> Option<SignedDuration> {
        let step = wall().duration_since(self.now());
        (step.abs() > STEP_ALARM).then_some(step)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clocks")]
fn wall() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}
