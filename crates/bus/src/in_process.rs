//! The bus within one process.

use crate::{Bus, Hint, Listener};
use model::{Fix, HandsetId, Signal, SignalId};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use tokio::sync::broadcast;

/// Hints a slow listener may fall behind by before it hears of a gap. A hint is a few words; a listener
/// that lost one looks into the store, so the size only decides how often that happens in a flood.
const HINTS_HELD: usize = 4096;

/// Hints over a broadcast channel, boards in memory.
#[derive(Debug)]
pub struct InProcess {
    hints: broadcast::Sender<Hint>,
    positions: RwLock<HashMap<HandsetId, Fix>>,
    unsaved: Mutex<BTreeMap<SignalId, Arc<Signal>>>,
}

impl Default for InProcess {
    fn default() -> Self {
        Self {
            hints: broadcast::channel(HINTS_HELD).0,
            positions: RwLock::default(),
            unsaved: Mutex::default(),
        }
    }
}

impl Bus for InProcess {
    fn hint(&self, hint: Hint) {
        // Nobody listening is not a failure: a listener that comes later starts from the store.
        self.hints.send(hint).unwrap_or_default();
    }

    fn listen(&self) -> Listener {
        Listener(self.hints.subscribe())
    }

    fn put_position(&self, handset: &HandsetId, fix: &Fix) -> bool {
        let mut positions = self.positions.write().unwrap_or_else(PoisonError::into_inner);
        match positions.get(handset) {
            Some(held) if held.fix_time >= fix.fix_time => false,
            _ => {
                positions.insert(handset.clone(), fix.clone());
                true
            }
        }
    }

    fn position(&self, handset: &HandsetId) -> Option<Fix> {
        self.positions.read().unwrap_or_else(PoisonError::into_inner).get(handset).cloned()
    }

    fn put_unsaved(&self, signal: Arc<Signal>) {
        let mut board = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        board.insert(signal.id.clone(), signal);
        drop(board);
        self.hint(Hint::Unsaved);
    }

    fn drop_unsaved(&self, id: &SignalId) {
        let removed = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        if removed.is_some() {
            self.hint(Hint::Unsaved);
        }
    }

    fn unsaved(&self) -> Vec<Arc<Signal>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn the_bus_in_process_holds_the_contract() {
        crate::conformance::holds(|| Box::new(super::InProcess::default())).await;
    }
}
