//! The one place where the simulator asks what time it is.

use model::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// The wall clock as it stood at the start, carried on by the monotonic one: a step of the machine's clock in the
/// middle of a run changes nothing here.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Timestamp,
    anchor: Instant,
}

impl Clock {
    /// Takes the machine's time now.
    #[expect(clippy::disallowed_methods, reason = "the simulator's single reading of the machine's clocks")]
    pub fn start() -> Self {
        Self { wall: Timestamp::now(), anchor: Instant::now() }
    }

    /// The time of the start and what has passed since.
    pub fn now(&self) -> Timestamp {
        later(self.wall, self.anchor.elapsed())
    }

    /// The time of the start.
    pub fn started(&self) -> Timestamp {
        self.wall
    }

    /// What has passed since the start.
    pub fn elapsed(&self) -> Duration {
        self.anchor.elapsed()
    }

    /// Waits until that time; at once when it has passed.
    pub async fn sleep_until(&self, time: Timestamp) {
        let wait = Duration::try_from(time.duration_since(self.wall)).unwrap_or_default();
        // Far deadlines are capped: nobody waits a day here, and adding more could overflow the timer.
        tokio::time::sleep_until(self.anchor + wait.min(Duration::from_hours(24 * 30))).await;
    }
}

/// That much later; the end of time where there is no such time.
pub(crate) fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
