//! The worst hour: a base station, a district or the platform was away, and everybody comes back at once.

use super::message::{Kind, Message};
use crate::seed::mix;
use protocol::FIXES_AT_MOST;
use std::{collections::BTreeSet, time::Duration};

/// What was missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// How long nobody could send.
    pub lasting: Duration,
    /// How often each handset measured its position meanwhile.
    pub apart: Duration,
    /// How many presses were made meanwhile, by chance over time and handsets.
    pub presses: u64,
    /// Whether a handset tells everything in the order in which it happened, one position a message.
    pub oldest_first: bool,
}

impl Outage {
    /// The positions each handset kept, the newest included.
    pub fn positions(&self) -> u32 {
        let apart = self.apart.as_millis().max(1);
        u32::try_from(self.lasting.as_millis() / apart).unwrap_or(u32::MAX).max(1)
    }

    fn apart_ms(&self) -> u32 {
        u32::try_from(self.apart.as_millis()).unwrap_or(u32::MAX)
    }

    /// What one handset sends, in its order: where it is now, then the past, oldest first, in full batches; or one by one,
    /// where it is now last of all. Its numbers begin at `first`, the newest position having the last of them.
    pub(super) fn messages(&self, first: u32, now_ms: i64) -> Vec<Message> {
        let last = first.saturating_add(self.positions() - 1);
        let apart_ms = self.apart_ms();
        let message = |kind, count: u16, seq: u32| {
            let newest = seq + u32::from(count) - 1;
            let at_ms = now_ms - i64::from(last - newest) * i64::from(apart_ms);
            Message { kind, late: true, intended_ns: 0, count, seq, at_ms, apart_ms }
        };
        if self.oldest_first {
            let past = (first..last).map(|seq| message(Kind::Fixes, 1, seq));
            return past.chain([message(Kind::Newest, 1, last)]).collect();
        }
        let mut messages = vec![message(Kind::Newest, 1, last)];
        let mut seq = first;
        while seq < last {
            let count =
                u16::try_from((last - seq).min(u32::try_from(FIXES_AT_MOST).unwrap_or(1))).unwrap_or(1);
            messages.push(message(Kind::Fixes, count, seq));
            seq += u32::from(count);
        }
        messages
    }

    /// Who pressed and when, in milliseconds of the Unix epoch.
    pub(super) fn presses(&self, seed: u64, handsets: usize, now_ms: i64) -> Vec<(usize, i64)> {
        let lasting_ms = u64::try_from(self.lasting.as_millis()).unwrap_or(u64::MAX).max(1);
        let handsets = u64::try_from(handsets).unwrap_or(u64::MAX).max(1);
        let press = |number: u64| {
            let drawn = mix(seed ^ mix(number));
            let ago_ms = i64::try_from(drawn % lasting_ms).unwrap_or(0);
            (usize::try_from(mix(drawn) % handsets).unwrap_or(0), now_ms - ago_ms)
        };
        (0..self.presses).map(press).collect()
    }

    /// How many handsets these presses are of: chance may draw one twice.
    pub(super) fn pressers(&self, seed: u64, handsets: usize) -> usize {
        self.presses(seed, handsets, 0).into_iter().map(|(who, _)| who).collect::<BTreeSet<_>>().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outage(minutes: u64) -> Outage {
        let lasting = Duration::from_mins(minutes);
        Outage { lasting, apart: Duration::from_secs(10), presses: 40, oldest_first: false }
    }

    #[test]
    fn the_newest_comes_first_then_the_past_without_a_gap() {
        let now_ms = 1_795_421_704_000;
        let messages = outage(240).messages(5, now_ms);
        let sizes: Vec<u16> = messages.iter().map(|m| m.count).collect();
        assert_eq!(sizes, [1, 500, 500, 439]);
        assert_eq!((messages[0].kind, messages[0].seq, messages[0].at_ms), (Kind::Newest, 1_444, now_ms));
        let mut next = 5;
        for past in &messages[1..] {
            assert_eq!((past.kind, past.seq), (Kind::Fixes, next));
            next += u32::from(past.count);
            assert_eq!(past.at_ms, now_ms - i64::from(1_444 - (next - 1)) * 10_000);
        }
        assert_eq!(next, 1_444);
        assert_eq!(outage(0).messages(1, now_ms).len(), 1, "somebody who missed nothing still says where");
    }

    #[test]
    fn one_by_one_everything_comes_in_the_order_in_which_it_happened() {
        let now_ms = 1_795_421_704_000;
        let messages = Outage { oldest_first: true, ..outage(60) }.messages(5, now_ms);
        assert_eq!(messages.len(), 360);
        for (seq, message) in (5..).zip(&messages) {
            assert_eq!((message.count, message.seq), (1, seq));
            assert_eq!(message.at_ms, now_ms - i64::from(364 - seq) * 10_000);
            assert_eq!(message.kind == Kind::Newest, seq == 364);
        }
    }

    #[test]
    fn late_presses_fall_into_the_outage() {
        let now_ms = 1_795_421_704_000;
        let presses = outage(60).presses(1, 10, now_ms);
        assert_eq!(presses.len(), 40);
        assert!(presses.iter().all(|(who, at)| *who < 10 && (now_ms - 3_600_000..=now_ms).contains(at)));
        assert_ne!(presses, outage(60).presses(2, 10, now_ms));
        // Forty presses of ten handsets are of ten at most, and of one they are of that one.
        let who: BTreeSet<usize> = presses.iter().map(|(who, _)| *who).collect();
        assert_eq!((outage(60).pressers(1, 10), outage(60).pressers(1, 1)), (who.len(), 1));
        assert!((2..=10).contains(&who.len()), "{who:?}");
    }
}
