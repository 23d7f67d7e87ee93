//! Presses that wait for their receipt. None is ever given up, dropped or thinned out.

use super::{PressKey, due_again, seconds};
use model::Timestamp;
use std::time::Duration;

/// How long to wait for the receipt after a press was sent that often (from 1): 2, 4, 8, then 15 s for ever.
pub fn pause_after(sends: u32) -> Duration {
    seconds(match sends {
        0 | 1 => 2,
        2 => 4,
        3 => 8,
        _ => 15,
    })
}

/// One press without a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) key: PressKey,
    pub(super) made_at: Timestamp,
    payload: Vec<u8>,
    sends: u32,
    due: Timestamp,
}

impl Pending {
    pub(super) fn new(key: PressKey, payload: Vec<u8>, now: Timestamp) -> Self {
        Self { key, made_at: now, payload, sends: 0, due: now }
    }
}

/// All presses without a receipt, oldest first.
#[derive(Debug, Default)]
pub struct Presses {
    waiting: Vec<Pending>,
}

impl Presses {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether all have been receipted.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// When the next one is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.waiting.iter().filter(|pending| !self.held_back(pending)).map(|pending| pending.due).min()
    }

    pub(super) fn add(&mut self, pending: Pending) {
        self.waiting.push(pending);
    }

    /// After a connection was lost nobody knows what arrived: everything goes out again. How often it was sent is
    /// kept, so that a network that flickers does not turn the pauses back to two seconds.
    pub(super) fn due_at_once(&mut self, now: Timestamp) {
        for pending in &mut self.waiting {
            pending.due = now;
        }
    }

    /// Takes what is to be sent now, oldest first, with how often that makes it, and sets when it is due again.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Vec<(PressKey, Vec<u8>, u32)> {
        let held: Vec<bool> = self.waiting.iter().map(|pending| self.held_back(pending)).collect();
        let mut due = Vec::new();
        for (pending, _) in self.waiting.iter_mut().zip(held).filter(|(p, held)| !held && p.due <= now) {
            pending.sends = pending.sends.saturating_add(1);
            pending.due = due_again(now, pending.sends);
            due.push((pending.key.clone(), pending.payload.clone(), pending.sends));
        }
        due
    }

    /// Settles what a receipt speaks of: the press, or the cancel that has the same id.
    pub(super) fn receipted(&mut self, press_id: &str, cancel: bool) -> Option<Pending> {
        let is_it = |p: &Pending| p.key.press_id == press_id && p.key.cancel == cancel;
        self.waiting.iter().position(is_it).map(|index| self.waiting.remove(index))
    }

    /// A cancel waits until its press is receipted: what is taken back should be known first.
    fn held_back(&self, pending: &Pending) -> bool {
        pending.key.cancel
            && self.waiting.iter().any(|p| p.key.press_id == pending.key.press_id && !p.key.cancel)
    }
}
