//! `firmware-sim load`: as much as a district, a city or a bad hour would send, from one thread.
//!
//! The handsets here are plainer than [`crate::Life`]: they do not walk, and no surroundings fail them. What is measured
//! is the platform, so the generator must cost little of the machine both share, and must not lie:
//!
//! - [`Schedule`]: every message has an intended time, whatever the platform does; latencies count from there.
//! - `mqtt`, `message`, `text`: bytes of the wire without general clients and formatters.
//! - `link`: one handset's session without a socket. Fixes are sent until acknowledged, also over a new connection; a
//!   press is repeated until its receipt.
//! - `engine`, `line`, `poller`, `socket`: all sessions driven by one loop over epoll.
//! - [`Book`], [`Report`]: what is counted, and how it is told.
//!
//! To add a message kind, add it to [`Kind`] and let `message` write it and `link` settle it; to add a scenario, fill
//! the handsets before the loop begins, as [`Outage`] does.

mod book;
mod engine;
mod line;
mod link;
mod message;
mod mqtt;
mod outage;
mod poller;
mod progress;
mod report;
mod schedule;
mod socket;
mod text;

pub use book::{Book, Waits};
pub use message::{Kind, street};
pub use mqtt::Version;
pub use outage::Outage;
pub use progress::Progress;
pub use report::Report;
pub use schedule::{Due, Schedule};

use crate::clock::Clock;
use anyhow::Result;
use report::Ran;
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What to do to whom.
#[derive(Debug, Clone)]
pub struct LoadConfig {
    /// The door, `host:port`.
    pub mqtt: String,
    /// The MQTT the handsets speak.
    pub version: Version,
    /// How many there are, numbered from 1.
    pub handsets: usize,
    /// What stands before the number; id and password are the same.
    pub prefix: String,
    /// The number's digits.
    pub width: usize,
    /// The same seed gives the same plan.
    pub seed: u64,
    /// Positions a second of all handsets together.
    pub fixes_a_second: f64,
    /// Positions in a message.
    pub batch: u16,
    /// The time between two positions of a message.
    pub apart_ms: u32,
    /// Presses a second of all handsets together.
    pub presses_a_second: f64,
    /// For so long; without it until stopped, which suits connections that are only held.
    pub lasting: Option<Duration>,
    /// What was missed before all came back, if that is the scenario.
    pub outage: Option<Outage>,
    /// How long answers may take after the last message.
    pub drain: Duration,
    /// How long all log-ins may take before the load begins.
    pub connect_within: Duration,
    /// So many log-ins are under way at once.
    pub connecting: usize,
    /// So many fix messages of one handset wait for their PUBACK at once.
    pub window: usize,
    /// The loop goes around this often; zero: at each event.
    pub tick: Duration,
}

impl LoadConfig {
    /// Messages a second of both kinds.
    pub fn messages_a_second(&self) -> f64 {
        self.fixes_a_second / f64::from(self.batch.max(1)) + self.presses_a_second
    }

    fn schedule(&self) -> Schedule {
        let fix_messages = self.fixes_a_second / f64::from(self.batch.max(1));
        let lasting = self.lasting.unwrap_or_default();
        Schedule::new(fix_messages, self.presses_a_second, lasting, self.handsets, self.seed)
    }
}

/// Runs a load to its end, on the calling thread.
pub fn run(config: &LoadConfig, stop: &CancellationToken, progress: &mut Progress) -> Result<Report> {
    let clock = Clock::start();
    let engine = engine::Engine::new(config.clone(), clock)?;
    let book = engine.run(stop, progress);
    progress.end();
    let book = book?;
    let ran = Ran {
        load: clock.elapsed().saturating_sub(Duration::from_nanos(book.begin_ns)),
        cpu: processor_time().saturating_sub(book.begin_cpu),
        all_up: book.up == config.handsets,
    };
    Ok(Report::new(config, &book, clock.started(), ran))
}

/// What this process has used of the processors so far.
fn processor_time() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = Duration::from_secs(u64::try_from(used.tv_sec).unwrap_or(0));
    seconds + Duration::from_nanos(u64::try_from(used.tv_nsec).unwrap_or(0))
}
