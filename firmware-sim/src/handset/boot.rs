//! The boot id and the sequence: together they name every message a handset ever made.

use crate::seed;
use model::{HandsetId, Timestamp};

/// One run of the firmware between two starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boot {
    id: String,
    number: u64,
    seq: u64,
}

impl Boot {
    /// The first start. The time of it is part of the id: a simulation run twice on the same store must not use the
    /// ids of the first run again, or its messages would be taken for repeats.
    pub fn first(handset: &HandsetId, now: Timestamp) -> Self {
        Self::numbered(handset, 1, now)
    }

    /// The start after this one.
    #[must_use]
    pub fn next(&self, handset: &HandsetId, now: Timestamp) -> Self {
        Self::numbered(handset, self.number.saturating_add(1), now)
    }

    fn numbered(handset: &HandsetId, number: u64, now: Timestamp) -> Self {
        let mixed = seed::hash(&[handset.as_str(), &number.to_string(), &now.as_nanosecond().to_string()]);
        Self { id: format!("{:08x}", mixed >> 32), number, seq: 0 }
    }

    /// The id of this boot.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The next number of this boot, from 1.
    pub fn next_seq(&mut self) -> u64 {
        self.seq = self.seq.saturating_add(1);
        self.seq
    }
}
