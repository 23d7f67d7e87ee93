//! How far the watch has come, for the health of the platform.

use model::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};

/// Behind by more than this, the watch is in trouble.
const BEHIND_FROM: SignedDuration = SignedDuration::from_secs(5);

#[derive(Debug, Default)]
struct Held {
    /// For each shard, up to when it has judged what arrived.
    through: Vec<Timestamp>,
    trouble: Option<String>,
}

/// How far it has come; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Mutex<Held>>);

/// How far the watch is behind, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lag {
    /// By how much; none before the first look.
    pub by: Option<SignedDuration>,
    /// What stands in its way, if that is known.
    pub trouble: Option<String>,
}

impl Lag {
    /// What people must know, if anything.
    pub fn detail(&self) -> Option<String> {
        if let Some(trouble) = &self.trouble {
            return Some(format!(
                "fences, zones and handsets are not watched now ({trouble}); presses and falls go on"
            ));
        }
        let by = self.by.filter(|by| *by > BEHIND_FROM)?;
        Some(format!(
            "fences, zones and handsets are judged {} s late; presses and falls go on",
            by.as_secs()
        ))
    }
}

impl Progress {
    /// Begins with so many shards, none of which has seen anything since.
    pub(crate) fn begin(&self, shards: usize, at: Timestamp) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.through = vec![at; shards];
    }

    /// Another process watches: this one is behind in nothing.
    pub(crate) fn stand_by(&self) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (held.through, held.trouble) = (Vec::new(), None);
    }

    pub(crate) fn note(&self, shard: usize, through: Timestamp) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = held.through.get_mut(shard) {
            *known = through;
        }
    }

    pub(crate) fn trouble(&self, trouble: Option<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).trouble = trouble;
    }

    /// How far it is behind now.
    pub fn lag(&self, now: Timestamp) -> Lag {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let by = held.through.iter().min().map(|through| now.duration_since(*through));
        Lag { by, trouble: held.trouble.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_shard_counts_and_five_seconds_are_trouble() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let progress = Progress::default();
        assert_eq!(progress.lag(at(9)).detail(), None);
        progress.begin(2, at(10));
        progress.note(0, at(20));
        assert_eq!(progress.lag(at(15)).detail(), None);
        assert!(progress.lag(at(16)).detail().is_some_and(|detail| detail.contains("6 s")));
        progress.note(1, at(18));
        assert_eq!(progress.lag(at(20)).by, Some(SignedDuration::from_secs(2)));
        progress.trouble(Some("no disk".to_owned()));
        assert!(progress.lag(at(20)).detail().is_some_and(|detail| detail.contains("no disk")));
    }
}
