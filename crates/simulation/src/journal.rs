//! The log of one world: a line of JSON for its seed, one for each step, one for its end.

use crate::{agenda::Happening, chance::Micros, options::Options, run::Outcome};
use serde::{Deserialize, Serialize};

/// The first line of a log: what is needed to run the world again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The seed.
    pub seed: u64,
    /// How it was run.
    pub options: Options,
}

/// A step of a log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Counted from 1.
    pub step: u64,
    /// Virtual time in seconds.
    pub at_s: f64,
    /// What happened.
    pub what: String,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Journal {
    lines: Vec<String>,
    notes: Vec<String>,
}

impl Journal {
    pub(crate) fn new(seed: u64, options: Options) -> Self {
        Self { lines: vec![line(&Header { seed, options })], notes: Vec::new() }
    }

    pub(crate) fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    pub(crate) fn step(&mut self, step: u64, at: Micros, what: &Happening) {
        let notes = std::mem::take(&mut self.notes);
        // Milliseconds say enough, and read back as they were written.
        let at_s = f64::from(i32::try_from(at / 1_000).unwrap_or(i32::MAX)) / 1_000.0;
        self.lines.push(line(&Step { step, at_s, what: what.describe(), notes }));
    }

    pub(crate) fn end(mut self, outcome: &Outcome) -> Vec<String> {
        if !self.notes.is_empty() {
            let notes = std::mem::take(&mut self.notes);
            let step = outcome.stats.events;
            self.lines.push(line(&Step { step, at_s: 0.0, what: "the end".to_owned(), notes }));
        }
        self.lines
    }
}

fn line(what: &impl Serialize) -> String {
    serde_json::to_string(what).unwrap_or_default()
}
