//! The watch: the shell of the watching engine. It follows what arrives, lets `geofence` say what it means, and brings the
//! signals to disk together with the states they came of.
//!
//! - [`follow`] is the loop: it reads the logs of fixes, messages and presses by cursor, puts them in the order of their arrival
//!   ([`source`]), and hands them to the shards.
//! - [`shard`]: residents are divided among some tasks, each of which takes its residents' events one after the other. A full
//!   queue to a shard holds up the reading, and nothing else: doors and desk never wait for the watch.
//! - [`known`]: fences, zones and policies, followed by the log of their changes; and the rules, which reach the shards in the same
//!   way.
//! - [`company`]: whether a companion's handset is near; what it says is handed to the shard of whoever it goes with.
//! - [`lease`]: of several processes that share a store one watches; the next takes over within ten seconds.
//! - [`habits`]: what is usual for somebody, learned each night from the track of the day before.
//! - [`questions`]: questions about falls whose time is over. That a fall is raised or asked about is done at the door. And what a clock
//!   that was set back changes of what is waited for: nothing.
//!
//! **Nothing is lost and nothing is told twice.** A signal and the state it came of are one transaction. A state without a
//! signal is written once a minute, and the cursors stand behind the oldest one that waits for that; after a crash what
//! came since is taken again, and gives the same signals under the same ids, which are then there already.
//!
//! **Time** is that of arrival. A deadline of the engine is due when everything has been read that arrived before it, a second
//! late, so that no message is overtaken by the news that it did not come.

mod company;
mod follow;
mod habits;
mod known;
mod lease;
mod progress;
mod questions;
#[cfg(test)]
mod rebuilt_tests;
mod resident;
mod shard;
mod source;

pub use follow::follow;
pub use habits::follow_habits;
pub use progress::{Lag, Progress};
pub use questions::{follow_questions, keep_what_was_left};

use bus::Bus;
use geofence::Rules;
use std::{sync::Arc, time::Duration};
use store::{Clock, KeepStates, Lease, Store};

/// The numbers that are watched by now. Whoever holds the other end puts others live.
pub type LiveRules = tokio::sync::watch::Receiver<Arc<Rules>>;

/// What the watch works with; cheap to clone.
#[derive(Debug, Clone)]
pub struct Watch {
    /// What is on disk.
    pub store: Store,
    /// Where it says that there are signals.
    pub bus: Arc<dyn Bus>,
    /// The time.
    pub clock: Clock,
    /// The numbers it watches by, which may be exchanged while it runs.
    pub rules: LiveRules,
    /// How often a handset says something at least, in seconds, where nobody said so of it or its wearer; none: then its silence is
    /// not supervised.
    pub usual_heartbeat_s: Option<f64>,
    /// How far it has come.
    pub progress: Progress,
    /// The process, by a name that it has again after a restart: of several that share a store one watches.
    pub holder: Arc<str>,
    /// Under which it writes, once it watches.
    pub lease: Option<Lease>,
}

/// What nobody waits for is given up after so long, and tried again later: on a full disk it is not written at all, and the
/// watch goes on.
const KEPT_WITHIN: Duration = Duration::from_secs(2);

impl Watch {
    /// Writes what can wait; false if it could not be written now.
    async fn keep(&self, job: KeepStates) -> Result<bool, Trouble> {
        let job = KeepStates { lease: self.lease, ..job };
        if self.store.health().disk_full {
            return Ok(false);
        }
        match tokio::time::timeout(KEPT_WITHIN, self.store.write(job)).await {
            Ok(written) => written.map(|()| true).map_err(Into::into),
            Err(_given_up) => Ok(false),
        }
    }
}

/// Counts a fix that was not judged, by its reason.
fn count_passed_over(reason: &'static str) {
    metrics::counter!("jujiale_watch_fixes_passed_over_total", "reason" => reason).increment(1);
}

/// Why the watch cannot go on.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// Something cannot be read.
    #[error("{0}")]
    Read(#[from] store::StoreError),
    /// Something cannot be written.
    #[error("the watch's memory cannot be written")]
    Write(store::JobError),
    /// Another process watches now.
    #[error("another process watches")]
    Superseded,
    /// A part of it has ended.
    #[error("a shard of the watch has ended")]
    Ended,
}

impl From<store::JobError> for Trouble {
    fn from(error: store::JobError) -> Self {
        match error {
            // Nothing that the watch writes can be in conflict with anything but another watch.
            store::JobError::Conflict => Self::Superseded,
            error => Self::Write(error),
        }
    }
}
