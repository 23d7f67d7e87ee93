//! Where jobs wait for the writer, one queue a lane, each with its own room.

use crate::job::{Lane, Queued};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Jobs that may wait in each lane before whoever feeds it has to. Life holds what 5,000 handsets
/// pressing twice at once would bring; the others hold a few groups, so that a flood waits in the
/// handsets, where it is safe, and not here.
const ROOM: [usize; 5] = [10_000, 2_048, 256, 1_024, 64];

type Waiting = [VecDeque<Box<dyn Queued>>; 5];

pub(crate) struct Lanes {
    waiting: Mutex<Waiting>,
    room: [Arc<Semaphore>; 5],
    news: Notify,
    is_closed: AtomicBool,
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            room: ROOM.map(|jobs| Arc::new(Semaphore::new(jobs))),
            news: Notify::new(),
            is_closed: AtomicBool::new(false),
        }
    }
}

impl std::fmt::Debug for Lanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lengths: Vec<usize> = self.locked().iter().map(VecDeque::len).collect();
        f.debug_struct("Lanes").field("waiting", &lengths).finish_non_exhaustive()
    }
}

impl Lanes {
    fn locked(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place in the lane; the place is given back when the job has been answered.
    pub(crate) async fn room(&self, lane: Lane) -> OwnedSemaphorePermit {
        match Arc::clone(&self.room[lane as usize]).acquire_owned().await {
            Ok(permit) => permit,
            Err(_closed) => std::future::pending().await,
        }
    }

    pub(crate) fn push(&self, lane: Lane, job: Box<dyn Queued>) {
        let mut waiting = self.locked();
        if self.is_closed.load(Ordering::Acquire) {
            // Dropping the job tells whoever waits for it that the writer is gone.
            return;
        }
        waiting[lane as usize].push_back(job);
        drop(waiting);
        self.knock();
    }

    /// Lets go of everything that waits or will come: the writer has ended.
    pub(crate) fn close(&self) {
        let mut waiting = self.locked();
        self.is_closed.store(true, Ordering::Release);
        let let_go = std::mem::take(&mut *waiting);
        drop(waiting);
        drop(let_go);
    }

    /// Puts jobs back where they came from, in front, in their old order.
    pub(crate) fn put_back(&self, jobs: Vec<(Lane, Box<dyn Queued>)>) {
        if jobs.is_empty() {
            return;
        }
        let mut waiting = self.locked();
        for (lane, job) in jobs.into_iter().rev() {
            waiting[lane as usize].push_front(job);
        }
        drop(waiting);
        self.knock();
    }

    /// Takes up to `jobs` in order of priority, from the lanes that are served.
    pub(crate) fn take(&self, is_served: impl Fn(Lane) -> bool, jobs: usize) -> Vec<(Lane, Box<dyn Queued>)> {
        let lanes = [Lane::Life, Lane::Acknowledgement, Lane::Fixes, Lane::Audit, Lane::Background];
        let mut waiting = self.locked();
        let mut taken = Vec::new();
        for lane in lanes.into_iter().filter(|lane| is_served(*lane)) {
            let queue = &mut waiting[lane as usize];
            // At least one of each lane, however many are before it.
            let count = queue.len().min(jobs.saturating_sub(taken.len()).max(1));
            taken.extend(queue.drain(..count).map(|job| (lane, job)));
        }
        let is_more = lanes.into_iter().any(|lane| is_served(lane) && !waiting[lane as usize].is_empty());
        drop(waiting);
        if is_more {
            self.knock();
        }
        taken
    }

    /// Whether anything waits in the lane.
    pub(crate) fn is_waiting(&self, lane: Lane) -> bool {
        !self.locked()[lane as usize].is_empty()
    }

    pub(crate) fn knock(&self) {
        self.news.notify_one();
    }

    pub(crate) async fn wait(&self) {
        self.news.notified().await;
    }
}
