//! What is remembered of each handset between its messages. All of it can be rebuilt from the store.

use super::{Accept, sameness::Seen};
use model::{Fix, HandsetId, SignedDuration};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Mutex as AsyncMutex;

/// How far back repeats are looked for in the journal after a restart: a handset that was out of reach for
/// two days has long given up resending what was acknowledged before.
const REPEATS_WITHIN: SignedDuration = SignedDuration::from_hours(48);

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Fixes seen, by boot and number.
    pub(super) seen: Seen,
    /// How far the handset's clock is ahead of ours, once that was measured.
    pub(super) clock_ahead: Option<SignedDuration>,
    loaded: bool,
}

/// The memories of all handsets, each loaded at the handset's first message.
#[derive(Debug, Default)]
pub(super) struct Handsets(Mutex<HashMap<HandsetId, Arc<AsyncMutex<Memory>>>>);

impl Handsets {
    fn of(&self, handset: &HandsetId) -> Arc<AsyncMutex<Memory>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(handset.clone()).or_default())
    }
}

impl Accept {
    /// The handset's memory, rebuilt from the store if this is its first message since the start.
    pub(super) async fn memory(&self, handset: &HandsetId) -> tokio::sync::OwnedMutexGuard<Memory> {
        let mut memory = self.handsets.of(handset).lock_owned().await;
        if !memory.loaded {
            match self.load(handset).await {
                Ok(loaded) => *memory = loaded,
                // Without it a repeat may be kept twice in the track; the next message tries again.
                Err(error) => tracing::warn!(event = "handset_memory_unreadable", %error, %handset),
            }
        }
        memory
    }

    async fn load(&self, handset: &HandsetId) -> Result<Memory, store::StoreError> {
        let since = self.now().checked_sub(REPEATS_WITHIN).unwrap_or_default();
        let mut seen = Seen::default();
        for (boot, seq) in self.store.fix_numbers(handset, since).await? {
            if let Ok(seq) = u64::try_from(seq) {
                seen.note(&boot, seq);
            }
        }
        if let Some(fix) = self.store.newest_fix(handset).await? {
            self.bus.put_position(handset, &fix);
        }
        Ok(Memory { seen, clock_ahead: self.store.clock_ahead(handset).await?, loaded: true })
    }

    /// How far the handset's clock is known to be ahead.
    pub(super) async fn clock_ahead(&self, handset: &HandsetId) -> Option<SignedDuration> {
        self.memory(handset).await.clock_ahead
    }

    /// The newest position held of a handset, from memory or from disk.
    pub async fn position(&self, handset: &HandsetId) -> Option<Fix> {
        if self.bus.position(handset).is_none() {
            drop(self.memory(handset).await);
        }
        self.bus.position(handset)
    }
}
