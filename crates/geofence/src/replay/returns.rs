//! When somebody who was away as planned is expected again: what was told meanwhile and still holds is told once more.

use super::file::{AbsenceEntry, ResidentsFile};
use model::Timestamp;
use std::cmp::Reverse;

/// Somebody is expected again, at the end of the last of their absences that lie over one another.
#[derive(Debug)]
pub(super) struct Return {
    pub(super) number: usize,
    pub(super) at: Timestamp,
    /// From when they were away, and until when.
    pub(super) away: Vec<(Timestamp, Timestamp)>,
}

/// Those of a recording that are still to come, the next one last.
#[derive(Debug, Default)]
pub(super) struct Returns(Vec<Return>);

impl Returns {
    pub(super) fn of(file: &ResidentsFile) -> Self {
        let each = file.residents.iter().enumerate();
        let mut all: Vec<Return> =
            each.flat_map(|(number, entry)| returns(number, &entry.absences)).collect();
        all.sort_by_key(|one| Reverse(one.at));
        Self(all)
    }

    /// The next one by then.
    pub(super) fn next(&mut self, until: Timestamp) -> Option<Return> {
        self.0.pop_if(|one| one.at <= until)
    }
}

fn returns(number: usize, absences: &[AbsenceEntry]) -> Vec<Return> {
    let mut sorted = absences.to_vec();
    sorted.sort_by_key(|one| one.to);
    let (mut all, mut away) = (Vec::new(), Vec::new());
    for (place, one) in sorted.iter().enumerate() {
        away.push((one.from, one.to));
        let mut later = sorted.iter().skip(place.saturating_add(1));
        if !later.any(|other| other.to == one.to || other.from <= one.to) {
            all.push(Return { number, at: one.to, away: std::mem::take(&mut away) });
        }
    }
    all
}
