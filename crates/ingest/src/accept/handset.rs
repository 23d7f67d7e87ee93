//! What is remembered of each handset between its messages. All of it can be rebuilt from the store.

use super::Accept;
use bus::Bus;
use model::{Fix, HandsetId, SignedDuration};
use protocol::Track;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{Clock, PutStatus, Store, StoreError};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore};

/// How far back repeats are looked for in the journal after a restart: a handset that was out of reach for
/// two days has long given up resending what was acknowledged before.
pub const REPEATS_WITHIN: SignedDuration = SignedDuration::from_hours(48);

/// Reading what belongs to a press must not hold it up when the store is in trouble.
pub(super) const LOOK_UP_WITHIN: Duration = Duration::from_millis(300);

/// What is known of a handset before its press or fall.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// How far its clock is ahead.
    pub(super) clock_ahead: Option<SignedDuration>,
    /// Where it was last.
    pub(super) last_known: Option<Fix>,
}

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The fixes seen and the clock.
    pub(super) track: Track,
    /// The skew that is on disk.
    pub(super) kept_clock_ahead: Option<SignedDuration>,
    loaded: bool,
}

/// Memories loaded at once: when everybody comes back after an outage, log-ins and presses find a
/// reader of the store that is free.
const LOADS_AT_ONCE: usize = 2;

/// What is remembered of all handsets, each one's loaded when it comes in or at the latest with its first message.
#[derive(Debug)]
pub(super) struct Handsets {
    store: Store,
    bus: Arc<dyn Bus>,
    clock: Clock,
    memories: Mutex<HashMap<HandsetId, Arc<AsyncMutex<Memory>>>>,
    /// Whose report of a fall is being taken; a lock of its own, since a memory is held while positions wait for room.
    falls: Mutex<HashMap<HandsetId, Arc<AsyncMutex<()>>>>,
    /// Those of which the journal holds no position.
    unlocated: Mutex<HashSet<HandsetId>>,
    loads: Semaphore,
}

impl Handsets {
    pub(super) fn new(store: Store, bus: Arc<dyn Bus>, clock: Clock) -> Self {
        Self {
            store,
            bus,
            clock,
            memories: Mutex::default(),
            falls: Mutex::default(),
            unlocated: Mutex::default(),
            loads: Semaphore::new(LOADS_AT_ONCE),
        }
    }

    fn of(&self, handset: &HandsetId) -> Arc<AsyncMutex<Memory>> {
        let mut all = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(handset.clone()).or_default())
    }

    /// The turn of a report of a fall: those of one handset are taken in the order in which they came.
    pub(super) async fn turn_of_fall(&self, handset: &HandsetId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut all = self.falls.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(handset.clone()).or_default())
        };
        turn.lock_owned().await
    }

    fn is_unlocated(&self, handset: &HandsetId) -> bool {
        self.unlocated.lock().unwrap_or_else(PoisonError::into_inner).contains(handset)
    }

    fn note_unlocated(&self, handset: &HandsetId) {
        self.unlocated.lock().unwrap_or_else(PoisonError::into_inner).insert(handset.clone());
    }

    fn note_located(&self, handset: &HandsetId) {
        self.unlocated.lock().unwrap_or_else(PoisonError::into_inner).remove(handset);
    }

    /// The handset's memory, rebuilt from the store if this is its first message since the start.
    pub(super) async fn memory(&self, handset: &HandsetId) -> OwnedMutexGuard<Memory> {
        let mut memory = self.of(handset).lock_owned().await;
        if memory.loaded {
            return memory;
        }
        let _place = self.loads.acquire().await;
        // In a box of its own: thousands may wait for their place at once, and what a load needs is not small.
        match Box::pin(self.load(handset)).await {
            Ok(loaded) => *memory = loaded,
            // Without it a repeat may be kept twice in the track; the next message tries again.
            Err(error) => tracing::warn!(event = "handset_memory_unreadable", %error, %handset),
        }
        memory
    }

    async fn load(&self, handset: &HandsetId) -> Result<Memory, StoreError> {
        let since = self.clock.now().checked_sub(REPEATS_WITHIN).unwrap_or_default();
        let kept_clock_ahead = self.store.clock_ahead(handset).await?;
        let mut track = Track::with_clock(kept_clock_ahead);
        for (boot, seq) in self.store.fix_numbers(handset, since).await? {
            track.note_seen(&boot, seq);
        }
        self.last_known(handset).await?;
        Ok(Memory { track, kept_clock_ahead, loaded: true })
    }

    /// What a press or a fall is told of its handset. It is in a hurry: it waits for nobody's load, reads no more than
    /// these two, and goes without them when the store is in trouble.
    pub(super) async fn known(&self, handset: &HandsetId) -> Known {
        let clock_ahead = tokio::time::timeout(LOOK_UP_WITHIN, self.clock_ahead(handset));
        let last_known = tokio::time::timeout(LOOK_UP_WITHIN, self.last_known(handset));
        let (clock_ahead, last_known) = tokio::join!(clock_ahead, last_known);
        Known {
            clock_ahead: clock_ahead.ok().and_then(Result::ok).flatten(),
            last_known: last_known.ok().and_then(Result::ok).flatten(),
        }
    }

    /// How far the handset's clock is known to be ahead.
    async fn clock_ahead(&self, handset: &HandsetId) -> Result<Option<SignedDuration>, StoreError> {
        if let Ok(memory) = self.of(handset).try_lock()
            && memory.loaded
        {
            return Ok(memory.track.clock_ahead());
        }
        self.store.clock_ahead(handset).await
    }

    /// Where the handset was last. That it never was anywhere is remembered, for that takes longest to find out.
    async fn last_known(&self, handset: &HandsetId) -> Result<Option<Fix>, StoreError> {
        let position = self.bus.position(handset);
        if position.is_some() || self.is_unlocated(handset) {
            return Ok(position);
        }
        let newest = self.store.newest_fix(handset).await?;
        match &newest {
            Some(fix) => self.located(handset, fix),
            None => self.note_unlocated(handset),
        }
        Ok(newest)
    }

    /// A position of the handset; the newest is where it is.
    pub(super) fn located(&self, handset: &HandsetId, fix: &Fix) {
        self.note_located(handset);
        self.bus.put_position(handset, fix);
    }
}

impl Accept {
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
