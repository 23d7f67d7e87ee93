//! Who watches the handsets: counters for a status line, a journal for a fault test, a screen for one press.

use crate::handset::Notice;
use model::{HandsetId, Timestamp};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Hears what happens to handsets, in order for each of them. It is called from the handset's own task and must be
/// quick.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn notice(&self, handset: &HandsetId, at: Timestamp, notice: &Notice);
}

/// Counts.
#[derive(Debug, Default)]
pub struct Tally {
    connected: AtomicUsize,
    connections: AtomicUsize,
    fixes_sent: AtomicUsize,
    fixes_acked: AtomicUsize,
    presses: AtomicUsize,
    press_sends: AtomicUsize,
    receipts: AtomicUsize,
    stages: AtomicUsize,
    falls: AtomicUsize,
    reboots: AtomicUsize,
    unreadable: AtomicUsize,
}

impl Tally {
    /// Handsets connected now.
    pub fn connected(&self) -> usize {
        self.connected.load(Relaxed)
    }

    /// Presses made, cancels included.
    pub fn presses(&self) -> usize {
        self.presses.load(Relaxed)
    }

    /// Presses receipted, cancels included.
    pub fn receipts(&self) -> usize {
        self.receipts.load(Relaxed)
    }

    /// Fixes acknowledged.
    pub fn fixes_acked(&self) -> usize {
        self.fixes_acked.load(Relaxed)
    }
}

impl Observer for Tally {
    fn notice(&self, _handset: &HandsetId, _at: Timestamp, notice: &Notice) {
        let (counter, by) = match notice {
            Notice::Connected => {
                self.connected.fetch_add(1, Relaxed);
                (&self.connections, 1)
            }
            Notice::Disconnected => {
                self.connected.fetch_sub(1, Relaxed);
                return;
            }
            Notice::FixesSent(count) => (&self.fixes_sent, *count),
            Notice::FixesAcked(count) => (&self.fixes_acked, *count),
            Notice::Pressed(_) => (&self.presses, 1),
            Notice::PressSent { .. } => (&self.press_sends, 1),
            Notice::PressReceipted { .. } => (&self.receipts, 1),
            Notice::Progress(_) => (&self.stages, 1),
            Notice::Fell(_) => (&self.falls, 1),
            Notice::Rebooted(_) => (&self.reboots, 1),
            Notice::Unreadable { .. } => (&self.unreadable, 1),
            Notice::PressAcked(_)
            | Notice::FallSent(_)
            | Notice::Asked(_)
            | Notice::Replied(_)
            | Notice::FallAcked(_)
            | Notice::Told(_)
            | Notice::FixesThinned(_)
            | Notice::Unreachable { .. } => return,
        };
        counter.fetch_add(by, Relaxed);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = |counter: &AtomicUsize| counter.load(Relaxed);
        write!(
            f,
            "connected {} (of {} connections), fixes sent {} acked {}, presses {} sent {} times receipted {}, \
             falls {}, stages heard {}, reboots {}, unreadable {}",
            read(&self.connected),
            read(&self.connections),
            read(&self.fixes_sent),
            read(&self.fixes_acked),
            read(&self.presses),
            read(&self.press_sends),
            read(&self.receipts),
            read(&self.falls),
            read(&self.stages),
            read(&self.reboots),
            read(&self.unreadable),
        )
    }
}
