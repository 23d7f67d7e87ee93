//! All that is remembered of one resident: under a kilobyte with three fences in the mean, and it can be written down.
//!
//! Most of what a fix costs is waiting for memory, so what every fix needs lies together and in front, and what few need is
//! pointed to.

use super::crossing::Crossings;
use super::late::Late;
use super::place::{Newest, Place};
use crate::fence::episode::Episode;
use crate::fence::rest::Rest;
use crate::fence::tracker::Tracker;
use crate::habits::off::Off;
use crate::moment::Moment;
use crate::silence::Watch;
use crate::wandering::Wandering;
use crate::zone::visit::Visit;
use serde::{Deserialize, Serialize};

/// What is remembered of one resident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The newest fix that was evaluated; what is not newer is late.
    pub newest: Moment,
    /// The last fix that could decide.
    pub(super) last: Option<Place>,
    pub(super) rest: Option<Rest>,
    pub(super) calm: Option<Calm>,
    /// No zone is nearer than so many metres to this place.
    pub(super) clear: Option<Clear>,
    pub(super) recent: Newest,
    pub(super) watch: Watch,
    pub(super) wandering: Wandering,
    pub(super) off: Off,
    pub(super) companion_until: Moment,
    pub(super) wakes_at: Moment,
    /// When they were last seen to ride.
    #[serde(default = "past")]
    pub(super) rode_at: Moment,
    /// In the order of the resident's fences.
    pub(super) fences: Vec<FenceState>,
    /// The zones the resident is near, which is seldom.
    pub(super) visits: Visits,
    /// A fix that could not be reached from the last one.
    pub(super) suspect: Option<Box<Place>>,
    /// A track that arrives late.
    #[serde(default)]
    pub(super) late: Option<Box<Late>>,
    /// Forbidden ground that one fix says was passed.
    #[serde(default)]
    pub(super) crossings: Crossings,
}

/// Of what was kept before it was noted.
fn past() -> Moment {
    Moment::PAST
}

/// A place, and how far everything is from it at least.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Clear {
    /// Ten millionths of a degree, as in [`Place`].
    pub(super) lat: i32,
    pub(super) lon: i32,
    pub(super) metres: f32,
}

/// Every fence is on its right side and settled, so a fix far from every edge changes nothing but when they were supported.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Calm {
    /// Where they were last measured from, and how far the nearest edge is from there.
    pub(super) clear: Clear,
    /// The newest of the fixes that were found to be far from every edge since then.
    pub(super) supported_at: Moment,
}

/// Nearly everybody is near no zone, so a list that is empty takes no room.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Visits(Option<Box<Near>>);

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Near {
    visits: Vec<Visit>,
}

impl Visits {
    pub(super) fn all(&self) -> &[Visit] {
        self.0.as_ref().map_or(&[], |near| near.visits.as_slice())
    }

    pub(super) fn all_mut(&mut self) -> &mut [Visit] {
        self.0.as_mut().map_or(&mut [], |near| near.visits.as_mut_slice())
    }

    pub(super) fn push(&mut self, visit: Visit) {
        self.0.get_or_insert_default().visits.push(visit);
    }

    /// Keeps those for which it says so.
    pub(super) fn retain(&mut self, keeps: impl FnMut(&mut Visit) -> bool) {
        if let Some(near) = &mut self.0 {
            near.visits.retain_mut(keeps);
        }
        self.0.take_if(|near| near.visits.is_empty());
    }

    fn bytes(&self) -> usize {
        let of = |near: &Near| near.visits.capacity().saturating_mul(size_of::<Visit>());
        self.0.as_ref().map_or(0, |near| of(near).saturating_add(size_of::<Near>()))
    }
}

/// One fence of one resident.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct FenceState {
    pub(super) tracker: Tracker,
    /// What was said and is not over; none while the resident is on the right side.
    pub(super) episode: Option<Box<Episode>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            newest: Moment::PAST,
            last: None,
            rest: None,
            calm: None,
            clear: None,
            recent: Newest::default(),
            watch: Watch::default(),
            wandering: Wandering::default(),
            off: Off::default(),
            companion_until: Moment::PAST,
            wakes_at: Moment::NEVER,
            rode_at: Moment::PAST,
            fences: Vec::new(),
            visits: Visits::default(),
            suspect: None,
            late: None,
            crossings: Crossings::default(),
        }
    }
}

impl State {
    /// Ends the calm: what was left out is written into every fence.
    pub(super) fn stir(&mut self) {
        let Some(calm) = self.calm.take() else { return };
        for held in &mut self.fences {
            held.tracker.supported_at = held.tracker.supported_at.max(calm.supported_at);
        }
    }

    /// When a fix last supported the side of this fence.
    pub(super) fn supported_at(&self, held: &FenceState) -> Moment {
        let calm = self.calm.map_or(Moment::PAST, |calm| calm.supported_at);
        held.tracker.supported_at.max(calm)
    }

    /// What is remembered of the way on foot.
    pub fn wandering(&self) -> &Wandering {
        &self.wandering
    }

    /// When it must be looked at although nothing happens.
    pub fn deadline(&self) -> Moment {
        self.wakes_at
    }

    /// For each fence in turn, how often its present episode was told.
    pub fn fences_told(&self) -> Vec<u16> {
        let told = |held: &FenceState| {
            let episode = held.episode.as_ref().filter(|episode| episode.is_raised());
            episode.map_or(0, |episode| episode.again.saturating_add(1))
        };
        self.fences.iter().map(told).collect()
    }

    /// Reads a little of everything a fix needs in the state itself, so that it is in the processor's cache when it is needed.
    pub(super) fn touch(&self) -> usize {
        let moments = [self.newest, self.wakes_at, self.companion_until];
        let set = moments.iter().filter(|moment| **moment != Moment::NEVER).count();
        let calm = self.calm.map_or(0, |calm| usize::from(calm.clear.metres > 0.0));
        let clear = self.clear.map_or(0, |clear| usize::from(clear.metres > 0.0));
        let rest = self.rest.map_or(0, |rest| usize::from(rest.worth > 0.0));
        let last = self.last.map_or(0, |last| usize::from(last.sigma_m > 0.0));
        let lists = self.fences.len().wrapping_add(self.wandering.bytes());
        let own = [set, calm, clear, rest, last, lists, self.recent.touch(), self.watch.touch()];
        own.into_iter().fold(0, usize::wrapping_add)
    }

    /// Reads a little of what the state points to; [`State::touch`] comes first.
    pub(super) fn touch_far(&self) -> usize {
        self.wandering.touch()
    }

    /// How many bytes it takes, with all that it points to. The resident's own fences and zones' shapes are no part of it.
    pub fn bytes(&self) -> usize {
        let of = |capacity: usize, each: usize| capacity.saturating_mul(each);
        size_of::<Self>()
            .saturating_add(of(self.fences.capacity(), size_of::<FenceState>()))
            .saturating_add(
                self.fences
                    .iter()
                    .filter(|held| held.episode.is_some())
                    .count()
                    .saturating_mul(size_of::<Episode>()),
            )
            .saturating_add(self.visits.bytes())
            .saturating_add(self.suspect.as_ref().map_or(0, |_| size_of::<Place>()))
            .saturating_add(self.late.as_ref().map_or(0, |_| size_of::<Late>()))
            .saturating_add(self.crossings.bytes())
            .saturating_add(self.watch.bytes())
            .saturating_add(self.wandering.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_before_rides_were_noted_is_still_read() {
        let mut kept = serde_json::to_value(State::default()).unwrap();
        kept.as_object_mut().unwrap().remove("rode_at").unwrap();
        assert_eq!(serde_json::from_value::<State>(kept).unwrap(), State::default());
    }
}
