//! What the other processes said of themselves, as far as it was heard.
//!
//! Every process counts its changes. Whoever heard each change in turn has the whole; whoever missed one (or a
//! process it did not know yet) finds the count wrong, and looks at the whole again.

use super::wire::Versions;
use crate::present::Present;
use model::{Signal, SignalId};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

#[derive(Debug, Default)]
struct Other {
    /// Of the presence held here; `None` if nothing certain is held.
    online_version: Option<u64>,
    online: HashSet<Present>,
    unsaved_version: Option<u64>,
    unsaved: BTreeMap<SignalId, Arc<Signal>>,
}

/// The parts of another process's word that must be looked at again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stale {
    pub(super) online: bool,
    pub(super) unsaved: bool,
}

/// What was found when it was looked at.
#[derive(Debug)]
pub(super) struct Found {
    /// `None`: the process is dead.
    pub(super) versions: Option<Versions>,
    pub(super) online: Option<HashSet<Present>>,
    pub(super) unsaved: Option<BTreeMap<SignalId, Arc<Signal>>>,
}

/// All other processes.
#[derive(Debug, Default)]
pub(super) struct Others {
    processes: HashMap<String, Other>,
    stale: BTreeMap<String, Stale>,
}

impl Others {
    pub(super) fn is_online(&self, who: &Present) -> bool {
        self.processes.values().any(|other| other.online.contains(who))
    }

    pub(super) fn online(&self) -> impl Iterator<Item = &Present> {
        self.processes.values().flat_map(|other| &other.online)
    }

    pub(super) fn unsaved(&self) -> impl Iterator<Item = &Arc<Signal>> {
        self.processes.values().flat_map(|other| other.unsaved.values())
    }

    /// Takes a press off; says on whose boards it stood.
    pub(super) fn drop_unsaved(&mut self, id: &SignalId) -> Vec<String> {
        let mut boards = Vec::new();
        for (process, other) in &mut self.processes {
            if other.unsaved.remove(id).is_some() {
                boards.push(process.clone());
            }
        }
        boards
    }

    /// The board of unsaved presses of this process has changed.
    pub(super) fn unsaved_changed(&mut self, process: &str) {
        self.stale.entry(process.to_owned()).or_default().unsaved = true;
    }

    /// A process said who came and went. If that does not follow on what is held, it is looked at again.
    pub(super) fn moved(&mut self, process: &str, version: u64, moved: Option<(Vec<Present>, Vec<Present>)>) {
        let other = self.processes.get_mut(process);
        let held = other.as_ref().and_then(|other| other.online_version);
        match (other, moved) {
            (Some(_), _) if held >= Some(version) => {}
            (Some(other), Some((came, went))) if held.is_some_and(|held| held + 1 == version) => {
                other.online_version = Some(version);
                other.online.extend(came);
                for who in went {
                    other.online.remove(&who);
                }
            }
            _ => self.stale.entry(process.to_owned()).or_default().online = true,
        }
    }

    /// Forgets the processes that are not among these; says whether presses went with them.
    pub(super) fn forget_absent(&mut self, present: &[(String, Option<Versions>)]) -> bool {
        let is_present = |process: &String| present.iter().any(|(id, _)| id == process);
        let mut presses_went = false;
        self.processes.retain(|process, other| {
            presses_went |= !is_present(process) && !other.unsaved.is_empty();
            is_present(process)
        });
        self.stale.retain(|process, _| is_present(process));
        presses_went
    }

    /// The processes there are, `None` for one that is dead with presses still on its board. What of their
    /// word is not known is looked at again.
    pub(super) fn roll_call(&mut self, present: &[(String, Option<Versions>)]) {
        for (process, versions) in present {
            let other = self.processes.entry(process.clone()).or_default();
            if versions.is_none() {
                other.online.clear();
                other.online_version = None;
            }
            let stale = Stale {
                online: versions.is_some_and(|now| other.online_version != Some(now.online)),
                unsaved: versions.is_none_or(|now| other.unsaved_version != Some(now.unsaved)),
            };
            if stale != Stale::default() {
                let known = self.stale.entry(process.clone()).or_default();
                known.online |= stale.online;
                known.unsaved |= stale.unsaved;
            }
        }
    }

    pub(super) fn take_stale(&mut self) -> BTreeMap<String, Stale> {
        std::mem::take(&mut self.stale)
    }

    /// Takes what was found of a process; says whether its presses changed.
    pub(super) fn found(&mut self, process: &str, found: Found) -> bool {
        let other = self.processes.entry(process.to_owned()).or_default();
        if let Some(online) = found.online {
            other.online = online;
            other.online_version = found.versions.map(|versions| versions.online);
        }
        let Some(unsaved) = found.unsaved else { return false };
        let changed = !other.unsaved.keys().eq(unsaved.keys());
        other.unsaved = unsaved;
        other.unsaved_version = found.versions.map(|versions| versions.unsaved);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROCESS: &str = "0123456789abcdef";

    fn handsets(names: &[&str]) -> Vec<Present> {
        names.iter().map(|name| Present::named(name).expect("a name")).collect()
    }

    fn found(others: &mut Others, version: u64, names: &[&str]) {
        let online = Some(handsets(names).into_iter().collect());
        let versions = Some(Versions { online: version, unsaved: 0, presses: 0 });
        others.found(PROCESS, Found { versions, online, unsaved: None });
    }

    fn held(others: &Others) -> Vec<String> {
        let mut online: Vec<String> = others.online().map(Present::name).collect();
        online.sort_unstable();
        online
    }

    #[test]
    fn a_change_is_taken_in_its_turn_and_looked_at_again_out_of_it() {
        let mut others = Others::default();
        others.moved(PROCESS, 1, Some((handsets(&["a"]), Vec::new())));
        assert!(others.take_stale()[PROCESS].online, "who else is there is not known");
        found(&mut others, 1, &["a", "b"]);
        others.moved(PROCESS, 2, Some((handsets(&["c"]), handsets(&["a"]))));
        others.moved(PROCESS, 2, Some((handsets(&["a"]), Vec::new())));
        assert_eq!(held(&others), ["b", "c"], "told twice, heard once");
        assert!(others.take_stale().is_empty());
        others.moved(PROCESS, 4, Some((handsets(&["d"]), Vec::new())));
        assert_eq!(held(&others), ["b", "c"]);
        assert!(others.take_stale()[PROCESS].online, "the third was missed");
        others.moved(PROCESS, 5, None);
        assert!(others.take_stale()[PROCESS].online, "too many to be told");
    }

    #[test]
    fn the_dead_are_offline_and_their_presses_stay_until_they_expire() {
        let mut others = Others::default();
        found(&mut others, 1, &["a"]);
        let id = SignalId::from_cause("press", &["a"]);
        let json = format!(
            r#"{{"id":"{id}","kind":"press","at":"2026-11-23T08:00:00Z","received_at":"2026-11-23T08:00:00Z"}}"#
        );
        let signal: Arc<Signal> = Arc::new(serde_json::from_str(&json).expect("a signal"));
        let unsaved = Some(BTreeMap::from([(id, signal)]));
        assert!(others.found(PROCESS, Found { versions: None, online: None, unsaved }));
        let dead = [(PROCESS.to_owned(), None)];
        others.roll_call(&dead);
        assert!(!others.forget_absent(&dead));
        assert_eq!((held(&others).len(), others.unsaved().count()), (0, 1));
        assert!(others.forget_absent(&[]));
        assert_eq!(others.unsaved().count(), 0);
    }

    #[test]
    fn the_roll_call_finds_what_was_missed() {
        let mut others = Others::default();
        found(&mut others, 3, &["a"]);
        let versions =
            |online, unsaved| vec![(PROCESS.to_owned(), Some(Versions { online, unsaved, presses: 1 }))];
        others.roll_call(&versions(3, 1));
        assert_eq!(others.take_stale()[PROCESS], Stale { online: false, unsaved: true });
        others.roll_call(&versions(4, 1));
        assert_eq!(others.take_stale()[PROCESS], Stale { online: true, unsaved: true });
    }
}
