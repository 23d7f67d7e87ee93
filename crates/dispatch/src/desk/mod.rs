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
        let handsets: Vec<_> = commit
            .changes
            .iter()
            .flat_map(|change| &change.outbox)
            .map(|message| message.handset.clone())
            .collect();
        let moved = !commit.changes.is_empty();
        self.shared.store.write(commit).await?;
        if moved {
            self.shared.bus.hint(Hint::Incidents);
        }
        for handset in handsets {
            self.shared.bus.hint(Hint::Down(handset));
        }
        Ok(())
    }
}
