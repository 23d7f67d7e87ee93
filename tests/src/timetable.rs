//! What is done at an even pace, whatever becomes of what was done before: whoever waits for an answer before the next question asks
//! least where answers are slowest, and never sees what that costs.

use crate::figures::ms;
use anyhow::Result;
use std::{hint, thread, time::Duration};
use tokio::time::Instant;

/// A sleep ends some tenth of a millisecond late, which would stand in every figure; so the last of it is waited awake.
const AWAKE: Duration = Duration::from_micros(200);

/// Moments that are as far from one another as the next two.
#[derive(Debug, Clone, Copy)]
pub struct Timetable {
    begin: Instant,
    every: Duration,
    times: u32,
}

impl Timetable {
    /// So many, of which that is the first.
    pub fn new(begin: Instant, every: Duration, times: u32) -> Self {
        Self { begin, every, times }
    }

    /// The same, each so much later.
    #[must_use]
    pub fn shifted(self, by: Duration) -> Self {
        Self { begin: self.begin + by, ..self }
    }

    /// The n-th moment, counted from 0.
    pub fn moment(&self, nth: u32) -> Instant {
        self.begin + self.every * nth
    }

    /// All of them.
    pub fn moments(self) -> impl Iterator<Item = Instant> {
        (0..self.times).map(move |nth| self.moment(nth))
    }

    /// Acts at each moment, on the thread that calls; what is behind its time is not waited for. How long after its moment each was
    /// done, in milliseconds.
    pub fn keep(&self, mut act: impl FnMut(u32) -> Result<()>) -> Result<Vec<f64>> {
        let mut done = Vec::new();
        for nth in 0..self.times {
            let moment = self.moment(nth);
            wait_for(moment);
            act(nth)?;
            done.push(ms(Instant::now() - moment));
        }
        Ok(done)
    }
}

fn wait_for(moment: Instant) {
    thread::sleep(moment.saturating_duration_since(Instant::now()).saturating_sub(AWAKE));
    while Instant::now() < moment {
        hint::spin_loop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_millis(5);

    #[test]
    fn what_waits_behind_something_slow_counts_from_its_own_moment() -> Result<()> {
        let slow = Duration::from_millis(60);
        let table = Timetable::new(Instant::now(), EVERY, 6);
        let done = table.keep(|nth| {
            thread::sleep(if nth == 1 { slow } else { Duration::ZERO });
            Ok(())
        })?;
        assert_eq!(done.len(), 6);
        // The second begins at its moment at the earliest, and four more had theirs within the next 20 ms.
        for (nth, done) in (0_u32..).zip(&done).skip(1) {
            let waited = ms(slow) - ms(EVERY) * f64::from(nth - 1);
            assert!(*done >= waited, "{nth}: {done} ms after its moment, at least {waited}");
        }
        Ok(())
    }

    #[test]
    fn a_moment_is_waited_for_and_a_second_timetable_runs_beside_the_first() -> Result<()> {
        let begin = Instant::now() + EVERY;
        let table = Timetable::new(begin, EVERY, 3);
        table.keep(|nth| {
            assert!(Instant::now() >= table.moment(nth), "{nth} was too early");
            Ok(())
        })?;
        let beside = table.shifted(EVERY / 2).moments().map(|moment| moment - begin).collect::<Vec<_>>();
        assert_eq!(beside, [EVERY / 2, EVERY * 3 / 2, EVERY * 5 / 2]);
        Ok(())
    }
}
