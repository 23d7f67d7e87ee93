//! The shell of the incident engine: load, step, one transaction, then tell.
//!
//! - [`signals`] follows the log of signals by a durable cursor.
//! - [`deadlines`] fires what is due; the stored deadline is the only one there is.
//! - [`acts`] does what people at the desk ask; [`together`] what they ask of two incidents at once.
//! - [`lease`] misses holders whose link to the desk is gone.
//! - [`returns`] puts on the timeline that somebody came back within a fence, [`answers`] what they said about a fall.
//! - [`whereabouts`] asks handsets where they are while a life may depend on it.
//! - [`callers`] calls whom the ladder calls beyond the screens. [`probe`] ends the platform's own drill.
//!
//! Each ends in one [`CommitDesk`](store::CommitDesk): events, state, messages to the handset, cursor and audit
//! together or not at all. Whoever loses the race for a version decides again on what is there now.

pub mod acts;
pub mod answers;
pub mod callers;
mod change;
pub mod deadlines;
pub mod ladder;
pub mod lease;
pub mod probe;
pub mod returns;
pub mod signals;
pub mod together;
pub mod whereabouts;

use crate::{
    Shared,
    live::{Hub, News},
};
use bus::Hint;
use incident::Ladder;
use model::HandsetId;
use std::sync::{Arc, PoisonError, RwLock, atomic::AtomicBool};
use store::{CommitDesk, CursorMove, JobError};

/// Who does what the platform does by itself.
pub(crate) const PLATFORM: &str = "platform";

/// The desk: what decides about incidents, and on which ladder.
#[derive(Debug, Clone)]
pub struct Desk {
    shared: Shared,
    ladder: Arc<RwLock<Arc<Ladder>>>,
    hub: Hub,
    /// What reaches people outside the screens, where it is set up.
    pub(crate) outside: Option<crate::outside::Outside>,
    /// The signals of this process were placed in the transaction that brought them: hints about them are old news.
    is_prompt: Arc<AtomicBool>,
}

impl Desk {
    /// A desk over these parts, whose commits this hub shows.
    pub fn new(shared: Shared, ladder: Ladder, hub: Hub) -> Self {
        let ladder = Arc::new(ladder);
        hub.call_by(Arc::clone(&ladder));
        let ladder = Arc::new(RwLock::new(ladder));
        Self { shared, ladder, hub, outside: None, is_prompt: Arc::default() }
    }

    /// The ladder that runs.
    pub fn ladder(&self) -> Arc<Ladder> {
        Arc::clone(&self.ladder.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on this ladder runs. Deadlines that are set stay as they are.
    pub fn run_ladder(&self, ladder: Ladder) {
        let ladder = Arc::new(ladder);
        self.hub.call_by(Arc::clone(&ladder));
        *self.ladder.write().unwrap_or_else(PoisonError::into_inner) = ladder;
    }

    /// Commits, then tells whoever follows incidents and whoever carries a handset concerned.
    async fn commit(&self, commit: CommitDesk) -> Result<(), JobError> {
        let last_row = self.shared.store.write(commit.clone()).await?;
        self.tell(Told::of(commit, Vec::new(), last_row));
        Ok(())
    }

    /// Moves a cursor behind rows at the end of what was read that cannot be read or placed, and names all that were passed over: each
    /// would hide whatever follows it for ever.
    async fn step_over(
        &self,
        (cursor, kind): (&'static str, &'static str),
        (from, end): (i64, Option<i64>),
        passed_over: &[String],
    ) -> Result<(), JobError> {
        self.shared.stepped_over(kind, passed_over);
        let Some(to) = end.filter(|end| *end > from) else { return Ok(()) };
        let cursor = Some(CursorMove { name: cursor, from, to });
        self.commit(CommitDesk { cursor, ..CommitDesk::default() }).await
    }

    fn tell(&self, told: Told) {
        let has_moved = told.has_moved;
        if let Some(news) = told.news {
            self.hub.take(news);
        }
        if has_moved {
            self.shared.bus.hint(Hint::Incidents);
        }
        for handset in told.handsets {
            self.shared.bus.hint(Hint::Down(handset));
        }
    }
}

/// What must be told once a commit is on disk.
#[derive(Debug)]
struct Told {
    has_moved: bool,
    news: Option<News>,
    handsets: Vec<HandsetId>,
}

impl Told {
    /// `names` are those of the residents, change by change, where they were looked up.
    fn of(commit: CommitDesk, names: Vec<Option<String>>, last_row: Option<i64>) -> Self {
        let messages = commit.changes.iter().flat_map(|change| &change.outbox);
        let handsets = messages.map(|message| message.handset.clone()).collect();
        let events: usize = commit.changes.iter().map(|change| change.events.len()).sum();
        let names = names.into_iter().chain(std::iter::repeat(None));
        let incidents = commit.changes.into_iter().map(|change| change.incident);
        let moved: Vec<_> = incidents.zip(names).collect();
        let has_moved = !moved.is_empty();
        let news = last_row.map(|last_row| News { events, last_row, moved });
        Self { has_moved, news, handsets }
    }
}
