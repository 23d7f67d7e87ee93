//! Many residents' watches in one place, and their events taken together.
//!
//! With 200,000 residents whose events come in no order, a step is shorter than the waits for memory before it. So events are taken
//! in groups: what a group needs is read once before its first step, and the waits overlap. That changes nothing else; an
//! event after the other through [`step`] says the same.
//!
//! Benchmarks and tests use it. The live watch (`crates/watch/src/shard.rs`) keeps its residents in maps and takes one event after the
//! other: between two fixes it moves a deadline and may wait for the disk, and a district is a fraction of that many.

use super::{Event, Resident, State, World, step};
use crate::signal::Signal;
use model::Timestamp;

/// So many events are made ready together: enough to overlap the waits, and few enough to stay in the cache closest to the
/// processor (a kilobyte each).
const GROUP: usize = 24;

/// The place of a resident in a [`Crowd`]. Whoever has many events for it keeps it, and looks no name up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot(pub(super) u32);

/// An event of the resident in that slot, and when it reached us.
#[derive(Debug, Clone, Copy)]
pub struct Arrived<'a> {
    /// Whose.
    pub slot: Slot,
    /// What.
    pub event: Event<'a>,
    /// When.
    pub now: Timestamp,
}

/// Residents with their states, side by side.
#[derive(Debug, Clone, Default)]
pub struct Crowd {
    people: Vec<(State, Resident)>,
}

impl Crowd {
    /// Room for so many.
    pub fn with_capacity(count: usize) -> Self {
        Self { people: Vec::with_capacity(count) }
    }

    /// Adds a resident; none if there are 4,294,967,295 already.
    pub fn add(&mut self, resident: Resident, state: State) -> Option<Slot> {
        let slot = u32::try_from(self.people.len()).ok().filter(|slot| *slot < u32::MAX)?;
        self.people.push((state, resident));
        Some(Slot(slot))
    }

    /// A resident and what is remembered of them.
    pub fn get(&self, slot: Slot) -> Option<(&Resident, &State)> {
        let (state, resident) = self.people.get(place(slot))?;
        Some((resident, state))
    }

    /// All states, in the order in which they were added.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.people.iter().map(|(state, _)| state)
    }

    /// Takes events in the order given, as [`step`] does one. Signals name their resident.
    pub fn step_all(&mut self, world: &World, arrived: &[Arrived<'_>], effects: &mut Vec<Signal>) {
        for group in arrived.chunks(GROUP) {
            self.touch(group);
            for Arrived { slot, event, now } in group {
                if let Some((state, resident)) = self.people.get_mut(place(*slot)) {
                    step(world, resident, state, *event, *now, effects);
                }
            }
        }
    }

    /// Reads a little of everything the group needs: the residents first, then what they point to.
    fn touch(&self, group: &[Arrived<'_>]) {
        let each = || group.iter().filter_map(|arrived| self.people.get(place(arrived.slot)));
        let near = each().map(|(state, resident)| state.touch().wrapping_add(resident.fences.len()));
        let near = near.fold(0, usize::wrapping_add);
        let far = each().map(|(state, _)| state.touch_far()).fold(0, usize::wrapping_add);
        std::hint::black_box((near, far));
    }
}

fn place(slot: Slot) -> usize {
    usize::try_from(slot.0).unwrap_or(usize::MAX)
}
