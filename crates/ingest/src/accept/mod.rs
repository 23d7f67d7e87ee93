//! The hall behind every door: what handsets say becomes rows on disk, and only then an acknowledgement.
//!
//! - [`press`]: the way that may not fail. One job at the writer; operators see the press unsaved if that takes
//!   longer than two seconds.
//! - [`fixes`]: sameness, the handset's clock, the batch, the live position.
//! - [`messages`]: falls, status, answers. [`misfits`]: what could not be understood.
//! - [`phones`]: the dialects of telephones, which end in the same.
//! - [`login`]: who may come in, [`turns`]: whose turn it is to be checked, [`refusals`]: what is told of those who may not and of doubles,
//!   [`refused_lines`]: what is logged of them; [`cut_off`]: who must log in again. [`pace`]: how fast a handset may speak. [`down`]: waking sessions when the outbox has news for them.
//! - [`heard`]: in which hours a handset was heard at all.
//!
//! To take a new kind of message: decode it in `protocol`, give it a job in `store`, and a file here with
//! what happens on the way; add it to the match in [`Accept::take`].

mod batcher;
mod cut_off;
mod down;
mod fixes;
mod handset;
mod heard;
mod large;
mod login;
mod messages;
mod misfits;
mod pace;
mod phones;
mod press;
mod refusals;
mod refused_lines;
mod turns;
mod untracked;

use crate::hall::{Down, Hall, LogIn, Message};
use async_trait::async_trait;
use batcher::Batcher;
use bus::{Bus, Hint};
use bytes::Bytes;
use geofence::falls::episode::ANSWER_WITHIN;
use handset::Handsets;
use heard::Heard;
use large::Large;
use login::{Checked, Porter};
use misfits::Misfits;
use model::{HandsetId, SignedDuration};
use pace::Pace;
use phones::Noted;
use protocol::UpKind;
use refusals::Refusals;
use std::{net::IpAddr, sync::Arc, time::Duration};
use store::{Clock, Job, JobError, Settle, Store};
use tokio::{sync::Semaphore, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use untracked::Untracked;

pub use cut_off::dismiss_changed;
pub use down::wake_sessions;
pub use handset::REPEATS_WITHIN;
pub use refusals::tell_doubles;

/// How long to wait before a write that was refused is tried another way.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Everything the hall works with.
#[derive(Debug)]
pub struct Accept {
    store: Store,
    bus: Arc<dyn Bus>,
    clock: Clock,
    handsets: Arc<Handsets>,
    tracker: TaskTracker,
    stop: CancellationToken,
    porter: Porter,
    refusals: Refusals,
    misfits: Misfits,
    large: Large,
    noted: Noted,
    pace: Pace,
    batcher: Batcher,
    /// Bytes of positions that may be rows.
    as_rows: Semaphore,
    untracked: Untracked,
    heard: Arc<Heard>,
    answer_within: SignedDuration,
}

impl Accept {
    /// A hall over this store. Its background work runs on the tracker until stopped.
    pub fn new(
        store: Store,
        bus: Arc<dyn Bus>,
        clock: Clock,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> Self {
        Self {
            batcher: Batcher::start(store.clone(), tracker, stop.clone()),
            as_rows: Semaphore::new(fixes::ROWS_OF_BYTES as usize),
            untracked: Untracked::follow(store.clone(), tracker, stop.clone()),
            heard: Heard::follow(store.clone(), Arc::clone(&bus), clock, tracker, stop.clone()),
            handsets: Arc::new(Handsets::new(store.clone(), Arc::clone(&bus), clock)),
            tracker: tracker.clone(),
            stop: stop.clone(),
            porter: Porter::new(clock),
            refusals: Refusals::default(),
            misfits: Misfits::default(),
            large: Large::default(),
            noted: Noted::default(),
            pace: Pace::default(),
            store,
            bus,
            clock,
            answer_within: ANSWER_WITHIN,
        }
    }

    /// The same where a person who is asked about a fall has another time to answer.
    #[must_use]
    pub fn answering_within(self, answer_within: SignedDuration) -> Self {
        Self { answer_within, ..self }
    }

    /// Whether one more message of this handset is taken without waiting; a door where somebody waits for an answer asks first.
    pub(crate) fn has_pace(&self, handset: &HandsetId) -> bool {
        self.pace.has_room(handset, Instant::now())
    }

    /// Positions wait by the ten thousand after an outage: what the others need stands in boxes of its own.
    async fn take(&self, message: Message) {
        match message.kind {
            UpKind::Fix => self.take_fixes(message).await,
            UpKind::Press => Box::pin(self.take_press(message)).await,
            UpKind::Fall => Box::pin(self.take_fall(message)).await,
            UpKind::Status => Box::pin(self.take_status(message)).await,
            UpKind::Answer => Box::pin(self.take_answer(message)).await,
            UpKind::OwnTracks => Box::pin(self.take_owntracks(message)).await,
            UpKind::OsmAnd => Box::pin(self.take_osmand(message)).await,
        }
    }

    /// That somebody was turned away under a handset's name is for whoever looks after it.
    fn tell_refused(&self, checked: &Checked) {
        if let Checked::RefusedAs(handset) = checked {
            self.refusals.note(handset, &self.store, &self.tracker, self.now());
        }
    }

    /// Remembers the handset before it says anything, so that its press finds everything ready.
    fn remember(&self, handset: &HandsetId) {
        let (handsets, handset) = (Arc::clone(&self.handsets), handset.clone());
        let remembered = async move { drop(handsets.memory(&handset).await) };
        let stop = self.stop.clone();
        self.tracker.spawn(async move { stop.run_until_cancelled(remembered).await });
    }

    /// Writes, trying again as long as the writer itself is in trouble. A job refused for what it holds
    /// comes back, so that its bytes can be kept another way.
    async fn write<J: Job>(&self, make: impl Fn() -> J) -> Result<J::Output, JobError> {
        loop {
            match self.store.write(make()).await {
                // The platform is stopping: nothing may be acknowledged any more.
                Err(error) if store::is_writer_gone(&error) => {
                    tokio::time::sleep(RETRY_AFTER).await;
                }
                done => return done,
            }
        }
    }
}

#[async_trait]
impl Hall for Accept {
    async fn log_in(&self, username: &str, password: &[u8], from: IpAddr) -> LogIn {
        let checked = self.porter.check(&self.store, username, password, from).await;
        self.tell_refused(&checked);
        checked.into()
    }

    async fn accept(&self, message: Message) {
        metrics::counter!("jujiale_messages_total", "kind" => message.kind.as_str()).increment(1);
        self.heard.note(&message.handset, self.now());
        let bytes = message.payload.len();
        let wait = self.pace.wait(&message.handset, message.kind, bytes, Instant::now());
        if !wait.is_zero() {
            metrics::counter!("jujiale_messages_held_back_total").increment(1);
            Box::pin(tokio::time::sleep(wait)).await;
        }
        self.take(message).await;
    }

    async fn waiting(&self, handset: &HandsetId, after: i64, limit: usize) -> Vec<Down> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let now = self.clock.now();
        match self.store.waiting(handset, after, limit, now).await {
            Ok(found) => found.into_iter().map(|row| down::of(row, now)).collect(),
            Err(error) => {
                // The rows stay; the next hint or poll looks again.
                tracing::warn!(event = "outbox_unreadable", %error, %handset);
                Vec::new()
            }
        }
    }

    async fn settle(&self, handset: &HandsetId, row: i64) {
        let job = || Settle { handset: handset.clone(), row, at: self.clock.now() };
        if let Err(error) = self.write(job).await {
            tracing::warn!(event = "settle_failed", %error, %handset, row);
        }
    }

    fn presence(&self, handset: &HandsetId, online: bool) {
        tracing::debug!(event = "handset_presence", %handset, online);
        self.bus.put_presence(handset, online);
        if online {
            self.heard.note(handset, self.now());
            self.remember(handset);
            self.bus.hint(Hint::Down(handset.clone()));
        }
    }

    async fn quarantine(&self, handset: Option<&HandsetId>, topic: &str, payload: Bytes, reason: String) {
        self.keep_misfit(handset, topic, &payload, reason).await;
    }
}
