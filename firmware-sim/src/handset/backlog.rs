//! Store and forward: fixes that are not acknowledged, as a small flash would hold them.
//!
//! The live fix goes first, since somebody may be looking for the person now; then the past, oldest first, in batches.
//! When the flash is full, every second fix of the older half goes: the track grows coarser, it does not end.

use super::Token;
use model::Fix;
use protocol::FIXES_AT_MOST;
use std::collections::{BTreeMap, VecDeque};

/// What the flash of such a handset holds: fourteen hours of a fix every ten seconds.
const CAPACITY: usize = 5_000;

/// The place of a fix in the order of capture, over all boots.
type Place = u64;

/// So many acknowledged fixes stay in the flash until others need their room.
const REMEMBERED: usize = 30;

/// Fixes waiting or in flight.
#[derive(Debug)]
pub struct Backlog {
    waiting: BTreeMap<Place, Fix>,
    live: Option<(Token, Place, Fix)>,
    batch: Option<(Token, Vec<(Place, Fix)>)>,
    /// The newest that were acknowledged, oldest first.
    done: VecDeque<(Place, Fix)>,
    last_place: Place,
    /// The newest place that ever went out on this connection: older ones are the past.
    sent_up_to: Place,
    capacity: usize,
}

impl Default for Backlog {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl Backlog {
    /// A flash that holds that many fixes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            waiting: BTreeMap::new(),
            live: None,
            batch: None,
            done: VecDeque::new(),
            last_place: 0,
            sent_up_to: 0,
            capacity,
        }
    }

    /// Fixes without an acknowledgement, waiting or in flight.
    pub fn len(&self) -> usize {
        let batch = self.batch.as_ref().map_or(0, |(_, fixes)| fixes.len());
        self.waiting.len() + batch + usize::from(self.live.is_some())
    }

    /// Whether everything was acknowledged.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keeps a fix until it is acknowledged; says how many older ones had to be thinned out for it.
    pub fn keep(&mut self, fix: Fix) -> usize {
        self.last_place = self.last_place.saturating_add(1);
        self.waiting.insert(self.last_place, fix);
        if self.waiting.len() > self.capacity { self.thin() } else { 0 }
    }

    /// Takes what is to be sent next under this token, if the line is free for it.
    pub fn take(&mut self, token: Token) -> Option<Vec<Fix>> {
        self.take_live(token).map(|fix| vec![fix]).or_else(|| self.take_batch(token))
    }

    /// The fixes of that token are on the other side; says how many they were.
    pub fn acked(&mut self, token: Token) -> usize {
        if let Some((_, place, fix)) = self.live.take_if(|(live, ..)| *live == token) {
            self.remember([(place, fix)]);
            return 1;
        }
        let Some((_, fixes)) = self.batch.take_if(|(batch, _)| *batch == token) else { return 0 };
        let count = fixes.len();
        self.remember(fixes);
        count
    }

    /// The flash has lost the marks of what was acknowledged last: that waits again, at its old place.
    pub fn forget_acknowledgements(&mut self) {
        self.waiting.extend(self.done.drain(..));
        self.sent_up_to = 0;
    }

    fn remember(&mut self, fixes: impl IntoIterator<Item = (Place, Fix)>) {
        self.done.extend(fixes);
        let too_many = self.done.len().saturating_sub(REMEMBERED);
        self.done.drain(..too_many);
    }

    /// The connection is lost: what was in flight waits again, at its old place.
    pub fn restore(&mut self) {
        if let Some((_, place, fix)) = self.live.take() {
            self.waiting.insert(place, fix);
        }
        if let Some((_, fixes)) = self.batch.take() {
            self.waiting.extend(fixes);
        }
        self.sent_up_to = 0;
    }

    fn take_live(&mut self, token: Token) -> Option<Fix> {
        let newest = self.waiting.last_key_value().map(|(place, _)| *place)?;
        if self.live.is_some() || newest <= self.sent_up_to {
            return None;
        }
        let fix = self.waiting.remove(&newest)?;
        self.sent_up_to = newest;
        self.live = Some((token, newest, fix.clone()));
        Some(fix)
    }

    /// The oldest fixes of one boot.
    fn take_batch(&mut self, token: Token) -> Option<Vec<Fix>> {
        if self.batch.is_some() {
            return None;
        }
        let boot = self.waiting.first_key_value()?.1.boot.clone();
        let mut batch = Vec::new();
        while batch.len() < FIXES_AT_MOST
            && let Some(oldest) = self.waiting.first_entry()
            && oldest.get().boot == boot
        {
            batch.push(oldest.remove_entry());
        }
        let fixes = batch.iter().map(|(_, fix)| fix.clone()).collect();
        self.sent_up_to = self.sent_up_to.max(batch.last().map_or(0, |(place, _)| *place));
        self.batch = Some((token, batch));
        Some(fixes)
    }

    fn thin(&mut self) -> usize {
        let older_half: Vec<Place> = self.waiting.keys().take(self.waiting.len() / 2).copied().collect();
        let gone: Vec<Place> = older_half.into_iter().skip(1).step_by(2).collect();
        for place in &gone {
            self.waiting.remove(place);
        }
        gone.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Method, Wgs84};

    fn fix(seq: u64, boot: &str) -> Fix {
        Fix {
            boot: Some(boot.to_owned()),
            seq: Some(seq),
            fix_time: model::Timestamp::UNIX_EPOCH,
            position: Wgs84::new(33.9, 118.2).unwrap(),
            accuracy_m: 9.0,
            method: Method::Gps,
            speed_mps: None,
            bearing_deg: None,
            battery_pct: None,
        }
    }

    fn seqs(fixes: Option<Vec<Fix>>) -> Vec<u64> {
        fixes.unwrap_or_default().iter().filter_map(|fix| fix.seq).collect()
    }

    #[test]
    fn the_live_fix_goes_first_then_the_past_oldest_first_in_batches() {
        let mut backlog = Backlog::default();
        for seq in 1..=1_201 {
            backlog.keep(fix(seq, "a"));
        }
        assert_eq!(seqs(backlog.take(1)), [1_201]);
        assert_eq!(seqs(backlog.take(2)), (1..=500).collect::<Vec<_>>());
        assert_eq!(backlog.take(3), None, "one live fix and one batch at a time");
        backlog.keep(fix(1_202, "a"));
        assert_eq!(backlog.acked(1), 1);
        assert_eq!(seqs(backlog.take(3)), [1_202], "a new fix overtakes the past");
        assert_eq!(backlog.acked(2), 500);
        assert_eq!(seqs(backlog.take(4)), (501..=1_000).collect::<Vec<_>>());
        assert_eq!(backlog.len(), 701);
    }

    #[test]
    fn what_was_in_flight_is_sent_again_in_its_old_order() {
        let mut backlog = Backlog::default();
        for seq in 1..=4 {
            backlog.keep(fix(seq, "a"));
        }
        backlog.take(1);
        backlog.take(2);
        backlog.restore();
        assert_eq!(backlog.acked(1), 0, "an acknowledgement of the lost connection means nothing");
        assert_eq!(seqs(backlog.take(3)), [4]);
        assert_eq!(seqs(backlog.take(4)), [1, 2, 3]);
    }

    #[test]
    fn forgotten_acknowledgements_send_the_newest_of_the_past_once_more() {
        let mut backlog = Backlog::default();
        for seq in 1..=100 {
            backlog.keep(fix(seq, "a"));
        }
        backlog.take(1);
        backlog.acked(1);
        backlog.take(2);
        backlog.acked(2);
        assert!(backlog.is_empty());
        backlog.forget_acknowledgements();
        assert_eq!(backlog.len(), REMEMBERED);
        assert_eq!(seqs(backlog.take(3)), [99], "what was acknowledged last");
        assert_eq!(seqs(backlog.take(4)), (70..=98).collect::<Vec<_>>());
    }

    #[test]
    fn a_batch_is_of_one_boot() {
        let mut backlog = Backlog::default();
        for (seq, boot) in [(1, "a"), (2, "a"), (1, "b"), (2, "b")] {
            backlog.keep(fix(seq, boot));
        }
        backlog.take(1);
        assert_eq!(seqs(backlog.take(2)), [1, 2]);
        backlog.acked(2);
        assert_eq!(seqs(backlog.take(3)), [1]);
    }

    #[test]
    fn a_full_flash_thins_the_older_half_and_keeps_both_ends() {
        let mut backlog = Backlog::with_capacity(100);
        let thinned: usize = (1..=1_000).map(|seq| backlog.keep(fix(seq, "a"))).sum();
        assert_eq!(thinned + backlog.len(), 1_000);
        assert!(backlog.len() <= 100);
        assert_eq!(seqs(backlog.take(1)), [1_000]);
        let rest = seqs(backlog.take(2));
        assert_eq!(rest.first(), Some(&1), "the beginning of the track is kept");
        assert!(rest.is_sorted());
        assert!(rest.ends_with(&[997, 998, 999]), "the recent past is kept whole");
    }
}
