//! What is remembered of each handset between its messages. All of it can be rebuilt from the store.

use super::Accept;
use model::{HandsetId, SignedDuration};
use protocol::Track;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::PutStatus;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore};

/// How far back repeats are looked for in the journal after a restart: a handset that was out of reach for
/// two days has long given up resending what was acknowledged before.
pub const REPEATS_WITHIN: SignedDuration = SignedDuration::from_hours(48);

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The fixes seen and the clock.
    pub(super) track: Track,
    /// The skew that is on disk.
    pub(super) kept_clock_ahead: Option<SignedDuration>,
    loaded: bool,
}

/// Memories loaded at once for what can wait: when everybody comes back after an outage, log-ins and presses find a
/// reader of the store that is free.
const LOADS_AT_ONCE: usize = 2;

/// The memories of all handsets, each loaded at the handset's first message.
#[derive(Debug)]
pub(super) struct Handsets {
    memories: Mutex<HashMap<HandsetId, Arc<AsyncMutex<Memory>>>>,
    loads: Semaphore,
}

impl Default for Handsets {
    fn default() -> Self {
        Self { memories: Mutex::default(), loads: Semaphore::new(LOADS_AT_ONCE) }
    }
}

impl Handsets {
    fn of(&self, handset: &HandsetId) -> Arc<AsyncMutex<Memory>> {
        let mut all = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(handset.clone()).or_default())
    }
}

impl Accept {
    /// The handset's memory, rebuilt from the store if this is its first message since the start.
    pub(super) async fn memory(&self, handset: &HandsetId) -> OwnedMutexGuard<Memory> {
        let memory = self.handsets.of(handset).lock_owned().await;
        if memory.loaded {
            return memory;
        }
        // A press of this handset may load it meanwhile.
        drop(memory);
        let _place = self.handsets.loads.acquire().await;
        let memory = self.handsets.of(handset).lock_owned().await;
        self.loaded(memory, handset).await
    }

    async fn loaded(
        &self,
        mut memory: OwnedMutexGuard<Memory>,
        handset: &HandsetId,
    ) -> OwnedMutexGuard<Memory> {
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
        let kept_clock_ahead = self.store.clock_ahead(handset).await?;
        let mut track = Track::with_clock(kept_clock_ahead);
        for (boot, seq) in self.store.fix_numbers(handset, since).await? {
            track.note_seen(&boot, seq);
        }
        if let Some(fix) = self.store.newest_fix(handset).await? {
            self.bus.put_position(handset, &fix);
        }
        Ok(Memory { track, kept_clock_ahead, loaded: true })
    }

    /// How far the handset's clock is known to be ahead. A press asks, so it waits for nobody's load.
    pub(super) async fn clock_ahead(&self, handset: &HandsetId) -> Option<SignedDuration> {
        let memory = self.handsets.of(handset).lock_owned().await;
        self.loaded(memory, handset).await.track.clock_ahead()
    }

    /// Keeps the handset's skew if it moved since it was last kept.
    pub(super) fn keep_clock(&self, handset: &HandsetId, memory: &mut Memory) {
        let clock_ahead = memory.track.clock_ahead();
        if clock_ahead == memory.kept_clock_ahead {
            return;
        }
        memory.kept_clock_ahead = clock_ahead;
        tracing::info!(event = "handset_clock_off", %handset, ahead_s = clock_ahead.map(|ahead| ahead.as_secs()));
        self.batcher.aside(PutStatus { handset: handset.clone(), clock_ahead, status: None, at: self.now() });
    }
}
