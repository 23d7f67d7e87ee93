//! Many messages, one statement: fixes gather while the batch before them is being committed, and a moment longer when
//! many come. So the writer stands idle most of the time, and a press finds it free.

use std::time::Duration;
use store::{AppendFixes, JournalFix, PutStatus, Quarantine, Store};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Rows in one statement; beyond it a transaction would hold up a press.
const ROWS: usize = 1_000;
/// A batch of more than one message gathers so long after the one before it.
const GATHERS_FOR: Duration = Duration::from_millis(10);
/// Messages that may wait to be gathered before their senders do.
const WAITING: usize = 4_096;
/// Side notes that may wait; one that finds no room is measured again by the next message.
const ASIDE: usize = 256;
/// How long to wait before a batch is tried again when the writer is gone or refuses it.
const RETRY_AFTER: Duration = Duration::from_secs(1);

struct Waiting {
    rows: Vec<JournalFix>,
    on_disk: oneshot::Sender<()>,
}

/// Gathers fixes and appends them in the order they came.
#[derive(Debug)]
pub(super) struct Batcher {
    queue: mpsc::Sender<Waiting>,
    aside: mpsc::Sender<PutStatus>,
}

impl Batcher {
    pub(super) fn start(store: Store, tracker: &TaskTracker, stop: CancellationToken) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        let (aside, notes) = mpsc::channel(ASIDE);
        tracker.spawn(gather(store.clone(), waiting, stop.clone()));
        tracker.spawn(note(store, notes, stop));
        Self { queue, aside }
    }

    /// Takes these rows in their turn. What is given back ends when they, and all that were handed in before them, are on disk.
    pub(super) async fn hand_in(&self, rows: Vec<JournalFix>) -> impl Future<Output = ()> {
        let (on_disk, done) = oneshot::channel();
        let is_taken = self.queue.send(Waiting { rows, on_disk }).await.is_ok();
        async move {
            if !is_taken || done.await.is_err() {
                // The platform is stopping: not on disk, so never acknowledged.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Writes something small that nobody waits for.
    pub(super) fn aside(&self, job: PutStatus) {
        if let Err(error) = self.aside.try_send(job) {
            tracing::debug!(event = "side_note_skipped", %error);
        }
    }
}

async fn gather(store: Store, mut waiting: mpsc::Receiver<Waiting>, stop: CancellationToken) {
    let mut batch = Vec::new();
    let mut closes = Instant::now();
    loop {
        let first = tokio::select! {
            biased;
            first = waiting.recv() => first,
            () = stop.cancelled() => None,
        };
        let Some(first) = first else { return };
        let mut rows = first.rows.len();
        batch.push(first);
        while rows < ROWS
            && let Some(next) = next_until(closes, &mut waiting).await
        {
            rows = rows.saturating_add(next.rows.len());
            batch.push(next);
        }
        let are_many = batch.len() > 1;
        append(&store, &mut batch).await;
        closes = Instant::now() + if are_many { GATHERS_FOR } else { Duration::ZERO };
    }
}

/// What waits already, or comes until then.
async fn next_until(closes: Instant, waiting: &mut mpsc::Receiver<Waiting>) -> Option<Waiting> {
    match waiting.try_recv() {
        Ok(next) => Some(next),
        Err(_none) if Instant::now() >= closes => None,
        Err(_none) => timeout_at(closes, waiting.recv()).await.ok().flatten(),
    }
}

async fn append(store: &Store, batch: &mut Vec<Waiting>) {
    let rows: Vec<JournalFix> = batch.iter_mut().flat_map(|one| std::mem::take(&mut one.rows)).collect();
    metrics::counter!("jujiale_fixes_total").increment(u64::try_from(rows.len()).unwrap_or(u64::MAX));
    for part in rows.chunks(ROWS) {
        let mut refused = 0;
        while let Err(error) = store.write(AppendFixes(part.to_vec())).await {
            tracing::error!(event = "fixes_refused_by_store", %error, rows = part.len());
            refused += 1;
            if refused == 3 && !store::is_writer_gone(&error) {
                one_by_one(store, part).await;
                break;
            }
            tokio::time::sleep(RETRY_AFTER).await;
        }
    }
    for one in batch.drain(..) {
        // A handset that has gone sends it again, and it is known then.
        one.on_disk.send(()).unwrap_or_default();
    }
}

/// A batch that is refused for what it holds: each row alone, and the one at fault to quarantine.
async fn one_by_one(store: &Store, rows: &[JournalFix]) {
    for row in rows {
        if let Err(error) = store.write(AppendFixes(vec![row.clone()])).await {
            let kept = Quarantine {
                handset: Some(row.handset.clone()),
                topic: format!("jjl/{}/fix", row.handset),
                received_at: row.received_at,
                reason: format!("the store refuses this fix: {error}"),
                payload: serde_json::to_vec(&row.fix).unwrap_or_default(),
            };
            if let Err(error) = store.write(kept).await {
                tracing::error!(event = "fix_lost_to_store", %error, handset = %row.handset, fix = ?row.fix);
            }
        }
    }
}

async fn note(store: Store, mut notes: mpsc::Receiver<PutStatus>, stop: CancellationToken) {
    while let Some(job) = stop.run_until_cancelled(notes.recv()).await.flatten() {
        if let Err(error) = store.write(job).await {
            tracing::warn!(event = "handset_state_not_kept", %error);
        }
    }
}
