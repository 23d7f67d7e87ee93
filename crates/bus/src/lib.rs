//! The bus: hints that something is worth looking at in the store, and what is known right now.
//!
//! **The contract** (the suite in [`conformance`] holds every implementation to it):
//! - A [`Hint`] may be lost or repeated; hints about one subject are never reordered. Whoever gets
//!   [`Heard::Gap`] reads the store from its own cursor. Everybody polls every [`POLL_EVERY`] besides, so a
//!   silent bus costs time and never a press.
//! - Positions and unsaved presses are boards: the last word per handset or signal, readable at any time.
//!   All of it can be rebuilt from the store or from the sender; nothing here is the only copy of anything.
//!
//! To add an implementation, implement [`Bus`] and call [`conformance::holds`] from a test beside it.

pub mod conformance;
mod in_process;

pub use in_process::InProcess;

use model::{Fix, HandsetId, Signal, SignalId};
use std::{sync::Arc, time::Duration};
use tokio::sync::broadcast;

/// How long anybody waits for a hint before looking into the store anyway.
pub const POLL_EVERY: Duration = Duration::from_millis(250);

/// Something in the store (or on a board) is worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// The log of signals has grown.
    Signals,
    /// The log of incident events has grown.
    Incidents,
    /// A message waits for this handset.
    Down(HandsetId),
    /// The board of unsaved presses has changed.
    Unsaved,
}

/// What a listener hears next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A hint.
    Hint(Hint),
    /// Hints were lost: look at everything you follow.
    Gap,
    /// The bus has ended.
    Ended,
}

/// One listener's end of the bus.
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Hint>);

impl Listener {
    /// The next hint, in order.
    pub async fn hear(&mut self) -> Heard {
        match self.0.recv().await {
            Ok(hint) => Heard::Hint(hint),
            Err(broadcast::error::RecvError::Lagged(_)) => Heard::Gap,
            Err(broadcast::error::RecvError::Closed) => Heard::Ended,
        }
    }

    /// Waits until a hint passes `wanted`, hints were lost, or the poll is due.
    pub async fn hear_or_poll(&mut self, wanted: impl Fn(&Hint) -> bool) {
        let heard = async {
            loop {
                match self.hear().await {
                    Heard::Hint(hint) if !wanted(&hint) => {}
                    Heard::Hint(_) | Heard::Gap => return,
                    Heard::Ended => std::future::pending().await,
                }
            }
        };
        // A timeout is the poll: both ways lead to a look at the store.
        tokio::time::timeout(POLL_EVERY, heard).await.unwrap_or_default();
    }
}

/// The seam: hints, live positions, unsaved presses.
pub trait Bus: Send + Sync + std::fmt::Debug + 'static {
    /// Tells every listener; never waits.
    fn hint(&self, hint: Hint);
    /// A new listener, hearing what is told from now on.
    fn listen(&self) -> Listener;

    /// Notes a position unless a newer one is held; says whether it became the live one.
    fn put_position(&self, handset: &HandsetId, fix: &Fix) -> bool;
    /// The newest position held of a handset.
    fn position(&self, handset: &HandsetId) -> Option<Fix>;

    /// Shows a press that could not be committed in time to everybody on duty.
    fn put_unsaved(&self, signal: Arc<Signal>);
    /// Takes it off the board: it is on disk now.
    fn drop_unsaved(&self, id: &SignalId);
    /// The presses that are not on disk.
    fn unsaved(&self) -> Vec<Arc<Signal>>;
}
