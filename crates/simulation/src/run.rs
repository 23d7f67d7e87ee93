//! One world from its seed to its end.

use crate::{chance::Micros, journal::Journal, options::Options, process::FAULT_KINDS, world::World};
use serde::{Deserialize, Serialize};

/// A promise that was broken, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Which.
    #[serde(skip_deserializing)]
    pub promise: &'static str,
    /// What was found.
    pub why: String,
    /// After which step.
    pub step: u64,
    /// At which virtual time, in microseconds.
    pub at: Micros,
}

/// What happened in one world, or in many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Steps.
    pub events: u64,
    /// Buttons pressed.
    pub presses: u64,
    /// Presses receipted.
    pub receipts: u64,
    /// Incidents opened.
    pub incidents: u64,
    /// Events of incidents.
    pub incident_events: u64,
    /// Incidents closed.
    pub closed: u64,
    /// Acts done.
    pub acts: u64,
    /// Acts refused.
    pub refusals: u64,
    /// Races for a version that were lost.
    pub conflicts: u64,
    /// Faults of each kind ([`fault_names`](crate::fault_names)), apart from what the network loses, brings twice or late.
    pub faults: [u64; FAULT_KINDS],
    /// Processes that died.
    pub crashes: u64,
    /// Messages lost.
    pub lost: u64,
    /// Telephones that rang.
    pub calls: u64,
    /// Virtual time, in microseconds.
    pub virtual_us: u64,
}

impl Stats {
    /// Adds another world's.
    pub fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.presses += other.presses;
        self.receipts += other.receipts;
        self.incidents += other.incidents;
        self.incident_events += other.incident_events;
        self.closed += other.closed;
        self.acts += other.acts;
        self.refusals += other.refusals;
        self.conflicts += other.conflicts;
        for (all, one) in self.faults.iter_mut().zip(other.faults) {
            *all += one;
        }
        self.crashes += other.crashes;
        self.lost += other.lost;
        self.calls += other.calls;
        self.virtual_us += other.virtual_us;
    }
}

/// How a world ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The promise that was broken, if one was.
    pub failure: Option<Failure>,
    /// What happened.
    pub stats: Stats,
}

/// One world in how many is also read back through the text in which it is stored, which takes long.
const WITH_JSON: u64 = 8;

/// Runs a world to its end.
pub fn run(seed: u64, options: Options) -> Outcome {
    run_to_the_end(World::new(seed, options, None), seed).0
}

/// Runs it and keeps a log of every step.
pub fn run_traced(seed: u64, options: Options) -> (Outcome, Vec<String>) {
    let journal = Journal::new(seed, options);
    let (outcome, journal) = run_to_the_end(World::new(seed, options, Some(journal)), seed);
    (outcome.clone(), journal.map(|journal| journal.end(&outcome)).unwrap_or_default())
}

fn run_to_the_end(mut world: World, seed: u64) -> (Outcome, Option<Journal>) {
    while world.step() {}
    world.check_last(seed.is_multiple_of(WITH_JSON) || world.journal.is_some());
    world.stats.virtual_us = u64::try_from(world.now).unwrap_or(0);
    (Outcome { failure: world.failure, stats: world.stats }, world.journal)
}
