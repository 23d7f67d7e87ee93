//! Falls the handset saw, kept until MQTT acknowledges them. Like a press, none is dropped; unlike a press it has no
//! receipt of its own, so the acknowledgement ends it.

use super::Token;

/// One fall without its acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pending {
    fall_id: String,
    payload: Vec<u8>,
    in_flight: Option<Token>,
}

/// All falls without an acknowledgement, oldest first.
#[derive(Debug, Default)]
pub struct Falls {
    waiting: Vec<Pending>,
}

impl Falls {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether all have been acknowledged.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn add(&mut self, fall_id: String, payload: Vec<u8>) {
        self.waiting.push(Pending { fall_id, payload, in_flight: None });
    }

    /// Takes one that is not on its way, to be sent under this token.
    pub(super) fn take(&mut self, token: Token) -> Option<(String, Vec<u8>)> {
        let pending = self.waiting.iter_mut().find(|pending| pending.in_flight.is_none())?;
        pending.in_flight = Some(token);
        Some((pending.fall_id.clone(), pending.payload.clone()))
    }

    /// The fall of that token is on the other side.
    pub(super) fn acked(&mut self, token: Token) -> Option<String> {
        let index = self.waiting.iter().position(|pending| pending.in_flight == Some(token))?;
        Some(self.waiting.remove(index).fall_id)
    }

    /// The connection is lost: what was on its way goes again.
    pub(super) fn restore(&mut self) {
        for pending in &mut self.waiting {
            pending.in_flight = None;
        }
    }
}
