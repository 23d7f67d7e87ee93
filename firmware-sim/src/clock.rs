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
    /// While a story runs fast: how fast, and how long it truly takes.
    fast: Option<(u32, Duration)>,
}

impl Clock {
    /// Takes the machine's time now.
    #[expect(clippy::disallowed_methods, reason = "the simulator's single reading of the machine's clocks")]
    pub fn start() -> Self {
        Self { wall: Timestamp::now(), anchor: Instant::now(), fast: None }
    }

    /// A clock that runs `speed` times as fast for a story that lasts that long, and shows the true time at the story's
    /// end and from then on. It begins in the past, so that no time it shows is ever ahead of the true one.
    pub fn fast(lasting: Duration, speed: u32) -> Self {
        let (clock, speed) = (Self::start(), speed.max(1));
        let truly = lasting / speed;
        let wall = later(clock.wall, truly).checked_sub(truly * speed).unwrap_or(clock.wall);
        Self { wall, fast: Some((speed, truly)), ..clock }
    }

    /// The time of the start and what has passed since.
    pub fn now(&self) -> Timestamp {
        later(self.wall, self.shown_after(self.anchor.elapsed()))
    }

    /// What the clock shows after that much true time, since its start.
    fn shown_after(&self, elapsed: Duration) -> Duration {
        match self.fast {
            Some((speed, truly)) if elapsed < truly => elapsed * speed,
            Some((speed, truly)) => truly * speed + elapsed.saturating_sub(truly),
            None => elapsed,
        }
    }

    /// The true time after which the clock shows that much.
    fn elapsed_until(&self, shown: Duration) -> Duration {
        match self.fast {
            Some((speed, truly)) if shown < truly * speed => shown / speed,
            Some((speed, truly)) => truly + shown.saturating_sub(truly * speed),
            None => shown,
        }
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
        let wait = self.elapsed_until(wait.min(Duration::from_hours(24 * 30)));
        tokio::time::sleep_until(self.anchor + wait).await;
    }
}

/// That much later; the end of time where there is no such time.
pub(crate) fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_ends_at_the_true_time_and_goes_on_with_it() {
        let clock = Clock::fast(Duration::from_hours(2), 60);
        assert_eq!(clock.shown_after(Duration::from_mins(1)), Duration::from_hours(1));
        assert_eq!(clock.shown_after(Duration::from_mins(2)), Duration::from_hours(2));
        assert_eq!(clock.shown_after(Duration::from_mins(3)), Duration::from_mins(121));
        let ends = later(clock.started(), Duration::from_hours(2));
        let begins_true = Clock::start().started();
        // Between the two clocks' starts next to nothing has passed; two minutes would be the story's true length.
        assert!(ends.duration_since(begins_true) <= model::SignedDuration::from_mins(2));
        assert!(ends.duration_since(begins_true) > model::SignedDuration::from_secs(60));
        for minutes in [0, 1, 59, 119, 120, 121, 500] {
            let shown = Duration::from_mins(minutes);
            assert_eq!(clock.shown_after(clock.elapsed_until(shown)), shown);
        }
    }
}
