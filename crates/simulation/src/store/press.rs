//! Presses: the signal they cause and the receipt, in one transaction.

use super::{Store, outbox::RECEIPT_KEPT};
use crate::handset::Publish;
use model::{HandsetId, ResidentId, SignalId, SignalKind, SignedDuration, Timestamp};
use protocol::{Context, Press, Receipt, press_signal};
use std::rc::Rc;

/// A press as it came in, to be kept.
#[derive(Debug, Clone)]
pub(crate) struct TakePress {
    pub(crate) handset: HandsetId,
    pub(crate) resident: Option<ResidentId>,
    pub(crate) press: Press,
    pub(crate) publish: Rc<Publish>,
    pub(crate) received_at: Timestamp,
}

impl TakePress {
    pub(crate) fn receipt(&self, received_at: Timestamp) -> Receipt {
        Receipt { press_id: self.press.press_id.clone(), received_at, cancel: self.press.cancel }
    }
}

impl Store {
    /// Whether a press is on disk. One without identity is known by its bytes.
    pub(crate) fn has_press(&self, handset: &HandsetId, publish: &Publish) -> bool {
        match &publish.identity {
            Some(identity) => self.presses.contains_key(identity),
            None => self.nameless.contains_key(&(handset.clone(), publish.payload.clone())),
        }
    }

    /// Keeps it, or knows it for a repeat; true if it is new.
    pub(crate) fn take_press(&mut self, take: &TakePress) -> bool {
        let identity = take.press.identity(&take.handset);
        if let Some(identity) = &identity
            && let Some(first) = self.presses.get(identity).copied()
        {
            let signal = SignalId::from_cause(SignalKind::Press.as_str(), &[identity.as_str()]);
            self.put_receipt(take, &signal, first);
            return false;
        }
        let id = (take.handset.clone(), take.press.press_id.clone().unwrap_or_default());
        let used = self.press_ids.entry(id).or_default();
        let (same, other) = if take.press.cancel { (used.1, used.0) } else { *used };
        *(if take.press.cancel { &mut used.1 } else { &mut used.0 }) = true;
        let is_named = take.press.press_id.is_some();
        let context = Context {
            resident: take.resident.clone(),
            id_reused: is_named && same,
            press_known: is_named && take.press.cancel && other,
            cancelled_earlier: is_named && !take.press.cancel && other,
            ..Context::of(take.handset.clone())
        };
        let mut received_at = take.received_at;
        let mut signal = press_signal(&take.press, &take.publish.payload, &context, received_at);
        while identity.is_none() && self.has_signal(&signal.id) {
            received_at = received_at.checked_add(SignedDuration::from_micros(1)).unwrap_or(received_at);
            signal = press_signal(&take.press, &take.publish.payload, &context, received_at);
        }
        match identity {
            Some(identity) => drop(self.presses.insert(identity, take.received_at)),
            None => {
                *self.nameless.entry((take.handset.clone(), take.publish.payload.clone())).or_default() += 1;
            }
        }
        let signal_id = signal.id.clone();
        self.insert_signal(signal);
        self.put_receipt(take, &signal_id, take.received_at);
        true
    }

    fn put_receipt(&mut self, take: &TakePress, signal: &SignalId, received_at: Timestamp) {
        let kind = if take.press.cancel { "receipt-of-cancel" } else { "receipt" };
        let key = format!("{kind}:{}", take.press.press_id.as_ref().map_or("", |_named| signal.as_str()));
        let payload = take.receipt(received_at).to_json();
        self.outbox.put(take.handset.clone(), key, payload, take.received_at, RECEIPT_KEPT);
    }
}
