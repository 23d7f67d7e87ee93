//! Load with a memory: handsets press as fast as frightened people never would, and everything that happens to each
//! press is written down, so that a test may kill the platform again and again and compare afterwards.

mod journal;

pub use journal::Journal;

use crate::clock::Clock;
use crate::driver::Driver;
use crate::fleet::{FleetHandset, radio, spawn};
use crate::handset::Notice;
use crate::life::{Life, Plan, Traits};
use crate::observer::{Observer, Tally};
use crate::world::Ground;
use anyhow::{Context, Result};
use model::{HandsetId, Timestamp};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often the end is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// After a kill the door is back within a second or two; waiting long would be idle time of the test.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

/// What to do, for how long, and where to write it down.
#[derive(Debug, Clone)]
pub struct HammerConfig {
    /// The door, `host:port`.
    pub mqtt: String,
    /// Who presses.
    pub handsets: Vec<FleetHandset>,
    /// The same seed gives the same presses at the same moments after the start.
    pub seed: u64,
    /// For so long new presses are made.
    pub press_for: Duration,
    /// The mean pause between two presses of one handset.
    pub press_every: Duration,
    /// How often each handset measures a position.
    pub fix_every: Duration,
    /// So long after the last press the receipts of all may take.
    pub drain: Duration,
    /// The journal; lines are appended.
    pub journal: PathBuf,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Presses made.
    pub presses: usize,
    /// Presses receipted.
    pub receipted: usize,
    /// Fixes acknowledged.
    pub fixes_acked: usize,
}

impl Outcome {
    /// Whether every press was receipted.
    pub fn complete(self) -> bool {
        self.presses == self.receipted
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { presses, receipted, fixes_acked } = self;
        write!(f, "{presses} presses, {receipted} receipted, {fixes_acked} fixes acknowledged")
    }
}

/// Presses until the time is over, then waits until everything is receipted or the patience ends.
pub async fn run(config: HammerConfig, stop: CancellationToken) -> Result<Outcome> {
    let observer = Arc::new(Record { tally: Tally::default(), journal: Journal::open(&config.journal)? });
    let (clock, tracker, lives_stop) = (Clock::start(), TaskTracker::new(), stop.child_token());
    let presses_end = deadline(config.press_for);
    for handset in &config.handsets {
        let id = HandsetId::new(&handset.id).with_context(|| format!("handset {:?}", handset.id))?;
        let home = Ground::from_degrees(handset.home.0, handset.home.1);
        let life = Life::begin(id.clone(), home, Traits::default(), plan(&config), config.seed, clock.now());
        let radio = radio(&config.mqtt, id.clone(), &handset.password, RECONNECT, &tracker)?;
        let watching: Arc<dyn Observer> = observer.clone();
        spawn(&tracker, id, Driver::new(life, radio, clock, watching), lives_stop.clone());
    }
    stop.run_until_cancelled(tokio::time::sleep_until(presses_end)).await;
    stop.run_until_cancelled(all_receipted(&observer.tally, presses_end + config.drain)).await;
    lives_stop.cancel();
    tracker.close();
    tracker.wait().await;
    observer.journal.check()?;
    Ok(Outcome {
        presses: observer.tally.presses(),
        receipted: observer.tally.receipts(),
        fixes_acked: observer.tally.fixes_acked(),
    })
}

fn deadline(after: Duration) -> Instant {
    Instant::now() + after
}

async fn all_receipted(tally: &Tally, until: Instant) {
    while tally.receipts() < tally.presses() && Instant::now() < until {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn plan(config: &HammerConfig) -> Plan {
    Plan {
        starts_after: Duration::ZERO,
        fix_every: config.fix_every,
        press_every: Some(config.press_every),
        presses_until: Some(config.press_for),
        ..Plan::default()
    }
}

/// Counts and writes down.
struct Record {
    tally: Tally,
    journal: Journal,
}

impl Observer for Record {
    fn notice(&self, handset: &HandsetId, at: Timestamp, notice: &Notice) {
        // Written before it is counted: when the counters say that all is done, the journal says so too.
        self.journal.notice(handset, at, notice);
        self.tally.notice(handset, at, notice);
    }
}
