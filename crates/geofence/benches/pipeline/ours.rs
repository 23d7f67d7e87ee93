//! The engine of this crate, with residents side by side and a group of them made ready at a time.

use crate::data::{Batch, District, Failure, RESIDENTS, places};
use crate::measure;
use crate::race::{Runner, Taken};
use geofence::{Arrived, Carried, Crowd, Event, State, World};
use std::{hint::black_box, io::Write, time::Duration};

/// The engine with everybody in it.
pub(crate) struct Ours {
    pub(crate) world: World,
    pub(crate) crowd: Crowd,
    carried: Carried,
}

impl Ours {
    pub(crate) fn new(district: &District) -> Result<Self, Failure> {
        Self::of(district.world()?, district)
    }

    /// In a world that there is already.
    pub(crate) fn of(world: World, district: &District) -> Result<Self, Failure> {
        let mut crowd = Crowd::with_capacity(RESIDENTS);
        let mut carried = Carried::with_capacity(RESIDENTS);
        for (number, home) in district.homes.iter().enumerate() {
            let slot = crowd.add(home.resident(number)?, State::default()).ok_or("too many residents")?;
            carried.insert(&home.handset, slot);
        }
        Ok(Self { world, crowd, carried })
    }
}

impl Runner for Ours {
    /// Times finding the residents and the engine.
    fn run(&mut self, round: &[Batch]) -> Taken {
        let (mut taken, mut effects) = (Taken::default(), Vec::new());
        for batch in round {
            let mut arrived: Vec<Arrived<'_>> = Vec::with_capacity(batch.len());
            taken.found += measure(|| {
                self.carried.find_all(
                    batch,
                    |(handset, _)| handset,
                    |(_, fix), slot| {
                        let event = Event::Fixes(std::slice::from_ref(fix));
                        arrived.push(Arrived { slot, event, now: fix.fix_time });
                    },
                );
            });
            taken.stepped += measure(|| self.crowd.step_all(&self.world, &arrived, &mut effects));
            black_box(&effects);
            effects.clear();
        }
        taken
    }
}

/// Finding zones alone: by the grid, and by looking at every one.
pub(crate) fn zones(world: &World, out: &mut impl Write) -> Result<(), Failure> {
    let places = places(200_000)?;
    let mut found = 0_u64;
    let by_grid = measure(|| {
        for place in &places {
            world.zones.near(*place, |_, _| found += 1);
        }
    });
    let by_all = measure(|| {
        for place in places.iter().take(2_000) {
            world.zones.near_by_looking_at_all(*place, |_, _| found += 1);
        }
    });
    let rate = |count: f64, taken: Duration| count / taken.as_secs_f64();
    writeln!(out, "zones near a place, by the grid           {:>10.0} places/s", rate(200_000.0, by_grid))?;
    writeln!(out, "zones near a place, by looking at all     {:>10.0} places/s", rate(2_000.0, by_all))?;
    black_box(found);
    Ok(())
}
