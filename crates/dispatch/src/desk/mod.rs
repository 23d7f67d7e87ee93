//! The shell of the incident engine: load, step, one transaction, then tell.
//!
//! - [`signals`] follows the log of signals by a durable cursor.
//! - [`deadlines`] fires what is due; the stored deadline is the only one there is.
//! - [`acts`] does what people at the desk ask.
//!
//! Each ends in one [`CommitDesk`](store::CommitDesk): events, state, messages to the handset, cursor and audit
//! together or not at all. Whoever loses the race for a version decides again on what is there now.

pub mod acts;
mod change;
pub mod deadlines;
pub mod signals;

use crate::Shared;
use bus::Hint;
use incident::Ladder;
use model::HandsetId;
use store::{CommitDesk, JobError};

/// The desk: what decides about incidents, and on which ladder.
#[derive(Debug, Clone)]
pub struct Desk {
    shared: Shared,
    ladder: Ladder,
}

impl Desk {
    /// A desk over these parts.
    pub fn new(shared: Shared, ladder: Ladder) -> Self {
        Self { shared, ladder }
    }

    /// Commits, then tells whoever follows incidents and whoever carries a handset concerned.
    async fn commit(&self, commit: CommitDesk) -> Result<(), JobError> {
        let told = Told::of(&commit);
        self.shared.store.write(commit).await?;
        self.tell(told);
        Ok(())
    }

    fn tell(&self, told: Told) {
        if told.has_moved {
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
    handsets: Vec<HandsetId>,
}

impl Told {
    fn of(commit: &CommitDesk) -> Self {
        let messages = commit.changes.iter().flat_map(|change| &change.outbox);
        Self {
            has_moved: !commit.changes.is_empty(),
            handsets: messages.map(|message| message.handset.clone()).collect(),
        }
    }
}
