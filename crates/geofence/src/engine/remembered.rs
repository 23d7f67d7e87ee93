//! A state as it is written down: with the names of the fences and zones it knows by their numbers, so that it can be taken
//! up again when these are others.

use super::change::{Change, Was};
use super::state::State;
use crate::zone::Zones;
use serde::{Deserialize, Serialize};

/// A fence as a state knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FenceKey {
    /// Its id.
    pub id: String,
    /// Counts its changes.
    pub version: i64,
    /// The version at which its edge or its kind last changed.
    pub drawn: i64,
}

/// A state with the names of what it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    fences: Vec<FenceKey>,
    zones: Vec<String>,
    state: State,
}

impl Remembered {
    /// The state of a resident with these fences, in a world with these zones.
    pub fn of(state: &State, fences: &[FenceKey], zones: &Zones) -> Self {
        let name = |number| zones.get(number).map_or_else(String::new, |zone| zone.id.clone());
        Self { fences: fences.to_vec(), zones: state.visited().map(name).collect(), state: state.clone() }
    }

    /// The state where the resident has these fences and the world these zones; the rules may be others too. Zones that are said
    /// to be new are lived in by whoever is in them now.
    pub fn restore(self, fences: &[FenceKey], zones: &Zones, is_new: impl Fn(&str) -> bool) -> State {
        let Self { fences: before, zones: visited, mut state } = self;
        if before != fences {
            let was: Vec<Option<Was>> = fences.iter().map(|fence| was(&before, fence)).collect();
            state.keep_fences(&was);
        }
        let numbers: Vec<Option<u32>> = visited.iter().map(|id| zones.number(id)).collect();
        state.renumber_zones(|place| numbers.get(place).copied().flatten());
        state.live_in_new_zones(zones, |number| zones.get(number).is_some_and(|zone| is_new(&zone.id)));
        state.watch.judge_whole();
        state
    }
}

fn was(before: &[FenceKey], fence: &FenceKey) -> Option<Was> {
    let number = before.iter().position(|known| known.id == fence.id)?;
    let known = before.get(number)?;
    let change = if known.drawn != fence.drawn {
        Change::Edge
    } else if known.version != fence.version {
        Change::Hours
    } else {
        Change::None
    };
    Some(Was { number, change })
}
