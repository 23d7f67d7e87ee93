//! What somebody wanted to hear nothing of, at the time at which they said so.

use super::file::{ResidentsFile, SnoozeEntry, SnoozedEntry};
use super::person::Person;
use crate::zone::Zones;
use model::Timestamp;
use std::cmp::Reverse;

/// Those of a recording that are still to be said, the next one last, each with its resident's number.
#[derive(Debug, Default)]
pub(super) struct Snoozes(Vec<(usize, SnoozeEntry)>);

impl Snoozes {
    pub(super) fn of(file: &ResidentsFile) -> Self {
        let each = file.residents.iter().enumerate();
        let mut all: Vec<(usize, SnoozeEntry)> = each
            .flat_map(|(number, entry)| entry.snoozes.iter().map(move |one| (number, one.clone())))
            .collect();
        all.sort_by_key(|(_, one)| Reverse(one.from));
        Self(all)
    }

    /// The next one that is said by then.
    pub(super) fn next(&mut self, until: Timestamp) -> Option<(usize, SnoozeEntry)> {
        self.0.pop_if(|(_, one)| one.from <= until)
    }
}

impl Person {
    /// Of what was said before the recording begins: it is of whoever is out from the first fix on. Zones need none of it, for who
    /// is first heard in one is told of once.
    pub(super) fn stand(&mut self, said: &SnoozeEntry) {
        if let SnoozedEntry::Fence(id) = &said.about {
            let number = self.resident.fences.iter().position(|fence| fence.id == *id);
            self.standing.extend(number.map(|number| (number, said.until)));
        }
    }

    /// Takes up what stood, once it is known whether they are out.
    pub(super) fn take_up(&mut self) {
        let Self { resident, state, standing, .. } = self;
        standing.retain(|(number, until)| {
            if let Some(raised_at) = state.raised_at(*number) {
                state.snooze(*number, raised_at, *until);
                return false;
            }
            !resident.fences.get(*number).is_some_and(|fence| state.is_right(*number, fence.kind))
        });
    }

    /// Of what was told before it was said; what is raised later is news.
    pub(super) fn snooze(&mut self, zones: &Zones, said: &SnoozeEntry) {
        let SnoozeEntry { about, from, until } = said;
        let is_known = |raised_at: Option<Timestamp>| raised_at.is_some_and(|raised_at| raised_at <= *from);
        match about {
            SnoozedEntry::Fence(id) => {
                let number = self.resident.fences.iter().position(|fence| fence.id == *id);
                if let Some(number) = number.filter(|number| is_known(self.state.raised_at(*number))) {
                    self.state.snooze(number, *from, *until);
                }
            }
            SnoozedEntry::Zone(id) => {
                let zone = zones.number(id);
                if let Some(zone) = zone.filter(|zone| is_known(self.state.zone_raised_at(*zone))) {
                    self.state.snooze_zone(zone, *from, *until);
                }
            }
        }
    }
}
