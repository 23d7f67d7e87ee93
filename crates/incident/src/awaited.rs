//! What a holder owes the person: signals that joined after the claim, each with a time of its own.

use crate::ladder::before;
use model::{SignalId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Signals that joined after the claim and that the holder has not confirmed. Each waits until it is: whatever else the holder
/// does is about something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitedAnswer {
    /// Which signals, in order of arrival.
    pub signals: Vec<SignalId>,
    /// When everybody hears of it unless the holder confirms: the earliest of their times.
    pub by: Timestamp,
    /// The times of those that have longer than that.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub later: BTreeMap<SignalId, Timestamp>,
}

impl AwaitedAnswer {
    /// Until when this signal waits for the holder alone.
    pub fn until(&self, signal: &SignalId) -> Timestamp {
        self.later.get(signal).copied().unwrap_or(self.by)
    }

    /// One more beside those that wait already, if any do.
    pub(crate) fn and(waiting: Option<&Self>, signal: &SignalId, until: Timestamp) -> Option<Self> {
        let earlier = waiting.into_iter().flat_map(Self::each);
        Self::of(earlier.chain([(signal.clone(), until)]).collect())
    }

    /// Without those that were seen; nothing once the last of them was.
    pub(crate) fn without(&self, seen: &[SignalId]) -> Option<Self> {
        Self::of(self.each().filter(|(signal, _)| !seen.contains(signal)).collect())
    }

    /// All of them wait anew, for somebody who has not looked yet.
    pub(crate) fn restart(&mut self, until: Timestamp) {
        self.by = until;
        self.later.clear();
    }

    /// The clock was set back by so much.
    pub(crate) fn set_back(&mut self, by: SignedDuration) {
        self.by = before(self.by, by);
        for until in self.later.values_mut() {
            *until = before(*until, by);
        }
    }

    fn each(&self) -> impl Iterator<Item = (SignalId, Timestamp)> {
        self.signals.iter().map(move |signal| (signal.clone(), self.until(signal)))
    }

    fn of(waiting: Vec<(SignalId, Timestamp)>) -> Option<Self> {
        let by = waiting.iter().map(|(_, until)| *until).min()?;
        let later = waiting.iter().filter(|(_, until)| *until > by).cloned().collect();
        Some(Self { signals: waiting.into_iter().map(|(signal, _)| signal).collect(), by, later })
    }
}
