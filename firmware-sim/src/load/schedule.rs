//! When which handset sends what: an open loop. The times follow from the rate alone, never from how the platform is
//! doing, and every latency counts from them. Whoever waits for the answer before looking at the clock again measures
//! the platform only when it is well (coordinated omission).

use super::message::Kind;
use crate::seed::mix;
use std::iter::Peekable;
use std::time::Duration;

const NS_A_SECOND: f64 = 1e9;

/// One message of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Nanoseconds after the begin of the load.
    pub at_ns: u64,
    /// Whose turn it is.
    pub handset: usize,
    /// What it sends.
    pub kind: Kind,
}

/// Messages of one kind: one in each slot of `1/rate`, somewhere in it.
#[derive(Debug, Clone)]
struct Stream {
    kind: Kind,
    slot_ns: f64,
    next: u64,
    count: u64,
    handsets: u64,
    seed: u64,
}

impl Stream {
    fn new(kind: Kind, per_second: f64, lasting: Duration, handsets: usize, seed: u64) -> Self {
        let count = if per_second > 0.0 { whole(per_second * lasting.as_secs_f64()) } else { 0 };
        let handsets = u64::try_from(handsets).unwrap_or(u64::MAX).max(1);
        Self { kind, slot_ns: NS_A_SECOND / per_second.max(1e-9), next: 0, count, handsets, seed }
    }

    /// Positions take turns, so that every handset has the same pace; buttons are pressed by chance.
    fn handset(&self, number: u64) -> usize {
        let turn = match self.kind {
            Kind::Fixes | Kind::Newest => {
                number.wrapping_mul(stride(self.handsets)).wrapping_add(self.seed % self.handsets)
            }
            Kind::Press => mix(self.seed ^ number.wrapping_mul(3)),
        };
        usize::try_from(turn % self.handsets).unwrap_or(0)
    }
}

impl Iterator for Stream {
    type Item = Due;

    fn next(&mut self) -> Option<Due> {
        if self.next >= self.count {
            return None;
        }
        let number = self.next;
        self.next += 1;
        let at = (float(number) + share(mix(self.seed ^ number))) * self.slot_ns;
        Some(Due { at_ns: whole(at), handset: self.handset(number), kind: self.kind })
    }
}

/// The whole plan, in the order of time.
#[derive(Debug, Clone)]
pub struct Schedule {
    fixes: Peekable<Stream>,
    presses: Peekable<Stream>,
}

impl Schedule {
    /// So many messages a second of each kind, for so long, from so many handsets.
    pub fn new(
        fix_messages_a_second: f64,
        presses_a_second: f64,
        lasting: Duration,
        handsets: usize,
        seed: u64,
    ) -> Self {
        let stream =
            |kind, rate, salt| Stream::new(kind, rate, lasting, handsets, mix(seed ^ salt)).peekable();
        Self {
            fixes: stream(Kind::Fixes, fix_messages_a_second, 1),
            presses: stream(Kind::Press, presses_a_second, 2),
        }
    }

    /// When the next message is due.
    pub fn next_ns(&mut self) -> Option<u64> {
        let (fix, press) = (self.fixes.peek(), self.presses.peek());
        [fix, press].into_iter().flatten().map(|due| due.at_ns).min()
    }

    /// Takes the next message if it is due by then.
    pub fn take_until(&mut self, ns: u64) -> Option<Due> {
        let press_first = match (self.fixes.peek(), self.presses.peek()) {
            (Some(fix), Some(press)) => press.at_ns <= fix.at_ns,
            (fix, _) => fix.is_none(),
        };
        let stream = if press_first { &mut self.presses } else { &mut self.fixes };
        stream.next_if(|due| due.at_ns <= ns)
    }
}

/// A step that has no divisor in common with the number of handsets reaches each of them once a round, and neighbours
/// in number do not follow one another in time.
fn stride(handsets: u64) -> u64 {
    let mut step = whole(float(handsets) * 0.618).max(1);
    while divisor(step, handsets) != 1 {
        step += 1;
    }
    step
}

fn divisor(mut one: u64, mut other: u64) -> u64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// Mixed bits as a number from zero up to one.
pub(super) fn share(mixed: u64) -> f64 {
    float(mixed >> 11) / float(1 << 53)
}

#[expect(clippy::cast_precision_loss, reason = "counts and times of a load are far below 2^53")]
pub(super) fn float(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates; that is what is wanted"
)]
pub(super) fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn all(mut schedule: Schedule) -> Vec<Due> {
        std::iter::from_fn(|| schedule.take_until(u64::MAX)).collect()
    }

    #[test]
    fn the_rate_is_kept_in_every_second() {
        let dues = all(Schedule::new(1_000.0, 10.0, Duration::from_secs(20), 50, 7));
        assert!(dues.is_sorted_by_key(|due| due.at_ns));
        assert_eq!(dues.len(), 20_000 + 200);
        for second in 0..20 {
            let within = |due: &&Due| due.at_ns / 1_000_000_000 == second;
            assert_eq!(dues.iter().filter(within).filter(|due| due.kind == Kind::Press).count(), 10);
            assert_eq!(dues.iter().filter(within).count(), 1_010, "second {second}");
        }
    }

    #[test]
    fn positions_take_turns_and_every_handset_has_the_same_pace() {
        for handsets in [1, 2, 3, 50, 200, 1_999, 2_000] {
            let lasting = Duration::from_secs(3);
            let rate = f64::from(u32::try_from(handsets).unwrap());
            let mut times: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
            for due in all(Schedule::new(rate, 0.0, lasting, handsets, 1)) {
                times.entry(due.handset).or_default().push(due.at_ns);
            }
            assert_eq!(times.len(), handsets);
            for (handset, times) in times {
                assert_eq!(times.len(), 3, "handset {handset} of {handsets}");
                let slot_ns = 1_000_000_000 / u64::try_from(handsets).unwrap();
                assert!(times.windows(2).all(|t| (t[1] - t[0]).abs_diff(1_000_000_000) <= slot_ns + 1));
            }
        }
    }

    #[test]
    fn nothing_comes_before_its_time_and_the_same_seed_is_the_same_plan() {
        let plan = || Schedule::new(100.0, 1.0, Duration::from_secs(4), 10, 3);
        assert_eq!(all(plan()), all(plan()));
        assert_ne!(all(plan()), all(Schedule::new(100.0, 1.0, Duration::from_secs(4), 10, 4)));
        let mut schedule = plan();
        let first = schedule.next_ns().unwrap();
        assert_eq!(schedule.take_until(first - 1), None);
        assert_eq!(schedule.take_until(first).map(|due| due.at_ns), Some(first));
        assert_eq!(all(Schedule::new(0.0, 0.0, Duration::from_secs(9), 10, 3)), []);
    }
}
