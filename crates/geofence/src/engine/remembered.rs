//! A state as it is written down: with the names of the fences and zones it knows by their numbers, so that it can be taken
//! up again when these are others.

use super::change::{Change, Was};
use super::state::{FenceState, State};
use crate::fence::tracker::Side;
use crate::moment::Moment;
use crate::zone::Zones;
use model::{HandsetId, SignedDuration, Timestamp};
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
    /// How often zones had been drawn by then; what is drawn after it is new.
    #[serde(default = "all")]
    drawn: i64,
    /// Whose word the state of the handset is; none of what was kept before that was written down.
    #[serde(default)]
    handset: Option<HandsetId>,
    /// Whether zones were watched; none of what was kept before that was written down.
    #[serde(default)]
    watches_zones: Option<bool>,
    /// The end of the last planned absence that was taken.
    #[serde(default = "past")]
    away_until: Moment,
    state: State,
}

/// Of what was kept before it could be said.
fn past() -> Moment {
    Moment::PAST
}

/// What was kept before zones counted their drawing knows them all.
fn all() -> i64 {
    i64::MAX
}

impl Remembered {
    /// The state of a resident with these fences, in a world with these zones.
    pub fn of(state: &State, fences: &[FenceKey], zones: &Zones) -> Self {
        let name = |number| zones.get(number).map_or_else(String::new, |zone| zone.id.clone());
        let names = state.visited().map(name).collect();
        Self {
            fences: fences.to_vec(),
            zones: names,
            drawn: zones.drawn(),
            handset: None,
            watches_zones: None,
            away_until: Moment::PAST,
            state: state.clone(),
        }
    }

    /// The same, of who carries this handset.
    #[must_use]
    pub fn carrying(self, handset: Option<HandsetId>) -> Self {
        Self { handset, ..self }
    }

    /// The same, of who is watched for zones or is not.
    #[must_use]
    pub fn watching_zones(self, watches_zones: bool) -> Self {
        Self { watches_zones: Some(watches_zones), ..self }
    }

    /// The same, of who was away as planned until then.
    #[must_use]
    pub fn back_since(self, away_until: Timestamp) -> Self {
        Self { away_until: away_until.into(), ..self }
    }

    /// The end of the last planned absence that was taken, the beginning of time if none was; none of what was kept before that was
    /// written down.
    pub fn away_until(&self) -> Option<Timestamp> {
        (self.away_until != Moment::PAST).then(|| self.away_until.timestamp())
    }

    /// The same by a clock that was set back by so much, and says `now`. Absences end at their hour by whatever clock there is: one that
    /// was taken stays taken, unless it is not over yet.
    #[must_use]
    pub fn after_the_clock_went_back(mut self, by: SignedDuration, now: Timestamp) -> Self {
        self.away_until = self.away_until.min(now.into());
        self.state.clock_went_back(by);
        self
    }

    /// Whether zones were watched otherwise than now, as far as is known.
    pub fn watched_zones_otherwise(&self, watches_zones: bool) -> bool {
        self.watches_zones.is_some_and(|before| before != watches_zones)
    }

    /// Whether another handset than this was carried, as far as is known.
    pub fn carried_other(&self, handset: Option<&HandsetId>) -> bool {
        self.handset.is_some() && self.handset.as_ref() != handset
    }

    /// Whether the resident was last believed outside of the fence with this id.
    pub fn is_outside_of(&self, fence: &str) -> bool {
        let mut known = self.fences.iter().zip(&self.state.fences);
        let is_it =
            |(key, held): (&FenceKey, &FenceState)| key.id == fence && held.tracker.side == Side::Outside;
        self.state.calm.is_none() && known.any(is_it)
    }

    /// The state where the resident has these fences and the world these zones; the rules may be others too. Zones that were drawn
    /// since, or are said to be new, may be lived in by whoever is in them now.
    pub fn restore(self, fences: &[FenceKey], zones: &Zones, is_new: impl Fn(&str) -> bool) -> State {
        let Self { fences: before, zones: visited, drawn, mut state, .. } = self;
        if before != fences {
            let was: Vec<Option<Was>> = fences.iter().map(|fence| was(&before, fence)).collect();
            state.keep_fences(&was);
        }
        let numbers: Vec<Option<u32>> = visited.iter().map(|id| zones.number(id)).collect();
        state.renumber_zones(|place| numbers.get(place).copied().flatten());
        let is_new = |number| zones.get(number).is_some_and(|zone| zone.drawn > drawn || is_new(&zone.id));
        state.live_in_new_zones(zones, is_new);
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
