//! When a holder is missed: a claim is a lease, and lasts as long as its holder is seen at the desk.

use model::{IncidentId, SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// After so long unseen a holder is missed.
pub const MISSED_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// What is on record of a holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    /// Since when they have the incident.
    pub since: Timestamp,
    /// When any process last wrote that they are at the desk.
    pub seen: Option<Timestamp>,
}

/// The holders whom this process does not see itself, and since when what is on record of each is as it is.
///
/// A trace that changes was written since the last look, so the holder was there. Its stamps are never held against the clock of
/// whoever looks: another process may have written them with a clock that is an hour off, or this one before its own was set back.
/// What was written before this process began says nothing about now, for the desk needs a moment to come back.
#[derive(Debug, Default)]
pub struct Leases {
    noticed: BTreeMap<IncidentId, (Trace, Timestamp)>,
}

impl Leases {
    /// When a holder was there for certain, by the clock of whoever looks.
    pub fn last_seen(&mut self, incident: &IncidentId, trace: Trace, now: Timestamp) -> Timestamp {
        match self.noticed.get(incident) {
            Some((known, at)) if *known == trace => *at,
            _ => {
                self.noticed.insert(incident.clone(), (trace, now));
                now
            }
        }
    }

    /// Whoever is seen, or holds nothing, is nobody to wait for.
    pub fn keep(&mut self, is_unseen: impl Fn(&IncidentId) -> bool) {
        self.noticed.retain(|incident, _| is_unseen(incident));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    #[test]
    fn a_holder_was_there_when_what_is_on_record_of_them_last_changed_whatever_its_stamps_say() {
        let id = IncidentId::new("i-1").expect("an id");
        for (off, why) in
            [(0, "one clock"), (21, "set back a little"), (3_600, "set back"), (-3_600, "set forward")]
        {
            let mut leases = Leases::default();
            for (now, since, seen, last, why_now) in [
                (100, 90, None, 100, "found at the first look"),
                (102, 90, None, 100, "as it was"),
                (104, 90, Some(103), 104, "seen by another process"),
                (160, 90, Some(103), 104, "and not since"),
                (170, 165, Some(103), 170, "somebody took it"),
            ] {
                let trace = Trace { since: at(since + off), seen: seen.map(|seen| at(seen + off)) };
                assert_eq!(leases.last_seen(&id, trace, at(now)), at(last), "{why}: {why_now}");
            }
            leases.keep(|_| false);
            let trace = Trace { since: at(165 + off), seen: Some(at(103 + off)) };
            assert_eq!(
                leases.last_seen(&id, trace, at(300)),
                at(300),
                "{why}: gone only since they were there"
            );
        }
    }
}
