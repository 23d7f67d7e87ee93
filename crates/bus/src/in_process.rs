//! The bus within one process.

use crate::{
    Bus, BusHealth, Hint, Listener, Share, listener::Teller, positions::Positions, present::Present,
};
use model::{Fix, HandsetId, Signal, SignalId, StationId};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Hints over a broadcast channel, boards in memory.
#[derive(Debug, Default)]
pub struct InProcess {
    teller: Teller,
    positions: Positions,
    online: Mutex<HashSet<Present>>,
    unsaved: Mutex<BTreeMap<SignalId, Arc<Signal>>>,
}

impl InProcess {
    fn online_now(&self) -> MutexGuard<'_, HashSet<Present>> {
        self.online.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, who: Present, online: bool) {
        if online {
            self.online_now().insert(who);
        } else {
            self.online_now().remove(&who);
        }
    }
}

impl Bus for InProcess {
    fn hint(&self, hint: Hint) {
        self.teller.tell(hint);
    }

    fn listen_to(&self, share: Share) -> Listener {
        self.teller.listener(share)
    }

    fn put_position(&self, handset: &HandsetId, fix: &Fix) -> bool {
        self.positions.put(handset, fix)
    }

    fn position(&self, handset: &HandsetId) -> Option<Fix> {
        self.positions.get(handset)
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

    fn put_presence(&self, handset: &HandsetId, online: bool) {
        self.put(handset.into(), online);
    }

    fn is_online(&self, handset: &HandsetId) -> bool {
        self.online_now().contains(&Present::from(handset))
    }

    fn online(&self) -> Vec<HandsetId> {
        self.online_now().iter().filter_map(Present::handset).cloned().collect()
    }

    fn put_station(&self, station: &StationId, online: bool) {
        self.put(station.into(), online);
    }

    fn is_station_online(&self, station: &StationId) -> bool {
        self.online_now().contains(&Present::from(station))
    }

    fn health(&self) -> BusHealth {
        BusHealth::default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    #[tokio::test]
    async fn the_bus_in_process_holds_the_contract() {
        crate::conformance::holds(|| {
            let bus = Arc::new(super::InProcess::default());
            [bus.clone(), bus]
        })
        .await;
    }
}
