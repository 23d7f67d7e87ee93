//! What a shard of the live watch does with each fix (`crates/watch/src/shard.rs`): one after the other, whose it is out of a map by the
//! handset's name, the resident out of a map by theirs, a step, and the deadline moved among all the others. What it does besides
//! (bindings by time, marks of what is on disk, signals brought there) is not in it, so the platform itself is slower.

use crate::data::{Batch, District, Failure};
use crate::measure;
use crate::race::{Runner, Taken};
use geofence::{Event, Resident, State, World, next_deadline, step};
use model::{Fix, HandsetId, ResidentId, Timestamp};
use std::{
    collections::{BTreeSet, HashMap},
    hint::black_box,
    sync::Arc,
    time::Duration,
};

/// A share of all residents, which is here all of them.
pub(crate) struct Live {
    world: World,
    carried: HashMap<HandsetId, Arc<ResidentId>>,
    people: HashMap<Arc<ResidentId>, (Resident, State)>,
    deadlines: BTreeSet<(Timestamp, Arc<ResidentId>)>,
}

impl Live {
    pub(crate) fn new(district: &District) -> Result<Self, Failure> {
        let (mut carried, mut people) = (HashMap::new(), HashMap::new());
        for (number, home) in district.homes.iter().enumerate() {
            let resident = home.resident(number)?;
            let id = Arc::new(resident.id.clone());
            carried.insert(home.handset.clone(), Arc::clone(&id));
            people.insert(id, (resident, State::default()));
        }
        Ok(Self { world: district.world()?, carried, people, deadlines: BTreeSet::new() })
    }

    fn take(&mut self, handset: &HandsetId, fix: &Fix) -> usize {
        let Some(id) = self.carried.get(handset) else { return 0 };
        let Some((resident, state)) = self.people.get_mut(id) else { return 0 };
        let (before, mut told) = (next_deadline(state), Vec::new());
        let event = Event::Fixes(std::slice::from_ref(fix));
        black_box(step(&self.world, resident, state, event, fix.fix_time, &mut told));
        let after = next_deadline(state);
        if before != after {
            if let Some(before) = before {
                self.deadlines.remove(&(before, Arc::clone(id)));
            }
            self.deadlines.extend(after.map(|after| (after, Arc::clone(id))));
        }
        told.len()
    }
}

impl Runner for Live {
    fn run(&mut self, round: &[Batch]) -> Taken {
        let mut stepped = Duration::ZERO;
        for batch in round {
            let mut told = 0_usize;
            stepped += measure(|| {
                told = batch.iter().map(|(handset, fix)| self.take(handset, fix)).sum();
            });
            black_box(told);
        }
        Taken { stepped, ..Taken::default() }
    }
}
