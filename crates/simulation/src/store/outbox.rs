//! What waits to be told: messages to handsets, and calls to people who do not sit at the desk.

use model::{HandsetId, IncidentId, SignedDuration, Timestamp};
use std::{collections::BTreeMap, rc::Rc};

/// How long the last word about an incident that is over is worth hearing, and how long another is kept.
pub(super) const LAST_WORD_KEPT: SignedDuration = SignedDuration::from_hours(1);
pub(super) const WORD_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a receipt waits for its handset.
pub(super) const RECEIPT_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A message that waits for a handset.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) handset: HandsetId,
    key: String,
    pub(crate) payload: Rc<Vec<u8>>,
    pub(crate) is_receipt: bool,
    is_command: bool,
    expires_at: Timestamp,
}

/// Messages to handsets; one stays until a handset took it, a newer one with the same key replaced it, or it expired.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: BTreeMap<u64, Message>,
    last_row: u64,
    /// Handsets for which something was put since this was last taken.
    woken: Vec<HandsetId>,
}

impl Outbox {
    pub(crate) fn put(
        &mut self,
        handset: HandsetId,
        key: String,
        payload: Vec<u8>,
        created_at: Timestamp,
        kept_for: SignedDuration,
    ) {
        self.waiting.retain(|_, message| message.handset != handset || message.key != key);
        self.last_row += 1;
        self.woken.push(handset.clone());
        let expires_at = created_at.checked_add(kept_for).unwrap_or(Timestamp::MAX);
        let (is_receipt, is_command) = (key.starts_with("receipt"), key.starts_with("command"));
        let message = Message { handset, key, payload: Rc::new(payload), is_receipt, is_command, expires_at };
        self.waiting.insert(self.last_row, message);
    }

    /// The platform goes on after a pause, perhaps by another clock: what was left of the time of what waits is left of it. A
    /// command does not wait for the pause.
    pub(super) fn resume(&mut self, last_alive: Timestamp, now: Timestamp) {
        let paused = now.duration_since(last_alive);
        let waits_on = |message: &Message| {
            message.expires_at > last_alive && (!message.is_command || paused.is_negative())
        };
        if paused.is_negative() {
            for message in self.waiting.values_mut().filter(|message| message.expires_at <= last_alive) {
                message.expires_at = message.expires_at.min(now);
            }
        }
        for message in self.waiting.values_mut().filter(|message| waits_on(message)) {
            message.expires_at = message.expires_at.checked_add(paused).unwrap_or(Timestamp::MAX);
        }
    }

    pub(crate) fn take_woken(&mut self) -> Vec<HandsetId> {
        std::mem::take(&mut self.woken)
    }

    /// What waits for a handset after a row, in order.
    pub(crate) fn waiting(&self, handset: &HandsetId, after: u64, now: Timestamp) -> Vec<(u64, &Message)> {
        let rows = self.waiting.range(after.saturating_add(1)..);
        let is_for = |message: &Message| message.handset == *handset && message.expires_at > now;
        rows.filter(|(_, message)| is_for(message)).map(|(row, message)| (*row, message)).collect()
    }

    /// The handset has it; another's word does not count.
    pub(crate) fn settle(&mut self, handset: &HandsetId, row: u64) {
        if self.waiting.get(&row).is_some_and(|message| message.handset == *handset) {
            self.waiting.remove(&row);
        }
    }
}

/// A call to somebody who can be reached by telephone, because everybody must hear of an incident.
#[derive(Debug)]
pub(crate) struct Notice {
    /// The effect's name, by which the gateway knows a repeated request.
    pub(crate) effect: String,
    pub(crate) incident: IncidentId,
    pub(crate) version: u64,
    pub(crate) attempts: u32,
    /// Not before this, in virtual time: a process has taken it, or it failed.
    pub(crate) not_before: i64,
    pub(crate) is_done: bool,
}

impl Notice {
    pub(super) fn new(effect: String, incident: IncidentId, version: u64) -> Self {
        Self { effect, incident, version, attempts: 0, not_before: 0, is_done: false }
    }
}
