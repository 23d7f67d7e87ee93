//! The bus: hints that something is worth looking at in the store, and what is known right now.
//!
//! **The contract** (the suite in [`conformance`] holds every implementation to it):
//! - A [`Hint`] may be lost or repeated; hints about one subject are never reordered. Whoever gets
//!   [`Heard::Gap`] reads the store from its own cursor. Everybody polls every [`POLL_EVERY`] besides, so a
//!   silent bus costs time and never a press.
//! - Positions, presence and unsaved presses are boards: the last word per handset or signal, readable at any
//!   time. All of it can be rebuilt from the store or from the sender; nothing here is the only copy of anything.
//! - No method waits: not for a lock that is held for long, not for a network.
//! - All processes of one store are on one bus. What one tells, the others hear a moment later; what a process
//!   said of itself (its presence, its unsaved presses) expires if it dies.
//!
//! [`InProcess`] is the bus of one machine; [`OnRedis`] joins the processes of many.
//!
//! To add an implementation, implement [`Bus`] and call [`conformance::holds`] from a test beside it. To add a
//! hint, give it a variant of [`Hint`], a subject if it is about one handset or resident ([`Hint::subject`]), and
//! its word in `on_redis::wire`; processes that do not know the word yet hear a gap.

pub mod conformance;
mod in_process;
mod listener;
mod on_redis;
mod positions;
mod present;
mod share;

pub use in_process::InProcess;
pub use listener::{Heard, Listener};
#[doc(hidden)]
pub use on_redis::reread;
pub use on_redis::{BusError, OnRedis, Settings, Timing};
pub use share::{PARTITIONS, Share, partition};

use model::{Fix, HandsetId, Signal, SignalId, SignedDuration, StationId};
use std::{sync::Arc, time::Duration};

/// How long anybody waits for a hint before looking into the store anyway.
pub const POLL_EVERY: Duration = Duration::from_millis(250);

/// Something in the store (or on a board) is worth a look.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

impl Hint {
    /// The handset or resident it is about; a hint without a subject concerns everybody.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Down(handset) => Some(handset.as_str()),
            Self::Signals | Self::Incidents | Self::Unsaved => None,
        }
    }

    /// Whether somebody with this share should hear it.
    pub fn concerns(&self, share: Share) -> bool {
        self.subject().is_none_or(|subject| share.holds(subject))
    }
}

/// What is wrong with the bus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BusHealth {
    /// The other processes cannot be reached, and why. Hints and boards go on within this process.
    pub away: Option<String>,
    /// They are reached, but late time and again, and why that is known. What they say of themselves is late as well.
    pub slow: Option<String>,
    /// How far this machine's clock is ahead of the bus's (negative: behind), if that is too far.
    pub clock_off: Option<SignedDuration>,
}

/// The seam: hints, live positions, presence, unsaved presses.
pub trait Bus: Send + Sync + std::fmt::Debug + 'static {
    /// Tells every listener; never waits.
    fn hint(&self, hint: Hint);
    /// A new listener, hearing everything that is told from now on.
    fn listen(&self) -> Listener {
        self.listen_to(Share::ALL)
    }
    /// A new listener, hearing from now on what concerns this share.
    fn listen_to(&self, share: Share) -> Listener;

    /// Notes a position unless a newer one is held; says whether it became the live one.
    fn put_position(&self, handset: &HandsetId, fix: &Fix) -> bool;
    /// The newest position known here. One that another process heard is known a moment after it was first
    /// asked for; until then the store has it.
    fn position(&self, handset: &HandsetId) -> Option<Fix>;

    /// Shows a press that could not be committed in time to everybody on duty.
    fn put_unsaved(&self, signal: Arc<Signal>);
    /// Takes it off the board, whoever put it there: it is on disk now.
    fn drop_unsaved(&self, id: &SignalId);
    /// The presses that are not on disk.
    fn unsaved(&self) -> Vec<Arc<Signal>>;

    /// The first session of a handset came up in this process, or its last one here went.
    fn put_presence(&self, handset: &HandsetId, online: bool);
    /// Whether a handset has a session at any process.
    fn is_online(&self, handset: &HandsetId) -> bool;
    /// Every handset that has a session at any process, in no order.
    fn online(&self) -> Vec<HandsetId>;

    /// The first screen of a station came up in this process, or its last one here went.
    fn put_station(&self, station: &StationId, online: bool);
    /// Whether a screen of a station is up at any process. While the others cannot be reached ([`BusHealth::away`]) what they said
    /// last stands as it was.
    fn is_station_online(&self, station: &StationId) -> bool;

    /// What is wrong with the bus.
    fn health(&self) -> BusHealth;
}
