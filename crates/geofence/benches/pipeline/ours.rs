//! The engine of this crate.

use crate::data::{District, Failure, Fixes, Out, RESIDENTS, places};
use crate::measure;
use geofence::{Arrived, Carried, Crowd, Event, State, World};
use std::{hint::black_box, io::Write, time::Duration};

/// Taken together, as a shell takes what has arrived.
const BATCH: usize = 20_000;
const FIXES: u32 = 400_000;
const ROUNDS: usize = 5;

/// Fixes a second.
struct Rates {
    by_name: f64,
    by_slot: f64,
}

/// The engine with everybody in it.
struct Ours {
    world: World,
    crowd: Crowd,
    carried: Carried,
}

/// Prints all of it; the median of fixes a second.
pub(crate) fn measure_all(district: &District, out: &mut impl Write) -> Result<f64, Failure> {
    let mut ours = Ours::new(district)?;
    let mut fixes = Fixes::new(district)?;
    // Once through everybody, so that no state is new; then until every way is as long as is kept.
    ours.warm(&mut fixes, 3)?;
    let young = ours.median(&mut fixes)?;
    ours.warm(&mut fixes, 6)?;
    let walking = ours.median(&mut fixes)?;
    ours.bytes(out)?;
    fixes.out = Out::Leap;
    let leaping = ours.median(&mut fixes)?;
    let row = |name: &str, rate: f64| format!("{name:<41} {rate:>10.0} fixes/s");
    writeln!(out, "{}   goal >= 1,000,000", row("whole engine, one in twenty out walking", walking.by_name))?;
    writeln!(out, "{}", row("the same without looking names up", walking.by_slot))?;
    writeln!(out, "{}", row("the same, ways of six to sixteen fixes", young.by_name))?;
    writeln!(out, "{}", row("the same, who is out leaps at random", leaping.by_name))?;
    zones(&ours.world, out)?;
    Ok(walking.by_name)
}

impl Ours {
    fn new(district: &District) -> Result<Self, Failure> {
        let mut crowd = Crowd::with_capacity(RESIDENTS);
        let mut carried = Carried::with_capacity(RESIDENTS);
        for (number, home) in district.homes.iter().enumerate() {
            let slot = crowd.add(home.resident(number)?, State::default()).ok_or("too many residents")?;
            carried.insert(&home.handset, slot);
        }
        Ok(Self { world: district.world()?, crowd, carried })
    }

    fn warm(&mut self, fixes: &mut Fixes<'_>, rounds: usize) -> Result<(), Failure> {
        for _ in 0..rounds {
            self.run(fixes)?;
        }
        Ok(())
    }

    fn median(&mut self, fixes: &mut Fixes<'_>) -> Result<Rates, Failure> {
        let runs = (0..ROUNDS).map(|_| self.run(fixes)).collect::<Result<Vec<_>, Failure>>()?;
        let median = |of: &dyn Fn(&(Duration, Duration)) -> Duration| {
            let mut all: Vec<Duration> = runs.iter().map(of).collect();
            all.sort_unstable();
            all.get(ROUNDS / 2).map_or(0.0, |taken| f64::from(FIXES) / taken.as_secs_f64())
        };
        Ok(Rates {
            by_name: median(&|(found, stepped)| *found + *stepped),
            by_slot: median(&|(_, stepped)| *stepped),
        })
    }

    /// Times finding the residents and the engine; making the fixes is not counted.
    fn run(&mut self, fixes: &mut Fixes<'_>) -> Result<(Duration, Duration), Failure> {
        let (mut found, mut stepped, mut effects) = (Duration::ZERO, Duration::ZERO, Vec::new());
        for _ in 0..usize::try_from(FIXES)? / BATCH {
            let batch = fixes.batch(BATCH)?;
            let mut arrived: Vec<Arrived<'_>> = Vec::with_capacity(BATCH);
            found += measure(|| {
                self.carried.find_all(
                    &batch,
                    |(handset, _)| handset,
                    |(_, fix), slot| {
                        let event = Event::Fixes(std::slice::from_ref(fix));
                        arrived.push(Arrived { slot, event, now: fix.fix_time });
                    },
                );
            });
            stepped += measure(|| self.crowd.step_all(&self.world, &arrived, &mut effects));
            black_box(&effects);
            effects.clear();
        }
        Ok((found, stepped))
    }

    fn bytes(&self, out: &mut impl Write) -> Result<(), Failure> {
        let bytes = self.crowd.states().map(State::bytes);
        let (sum, most) = bytes.fold((0, 0), |(sum, most), bytes| (sum + bytes, most.max(bytes)));
        let mean = sum / RESIDENTS;
        writeln!(out, "state of a resident: mean {mean}, largest {most} bytes   goal <= 1,024")?;
        Ok(())
    }
}

/// Finding zones alone: by the grid, and by looking at every one.
fn zones(world: &World, out: &mut impl Write) -> Result<(), Failure> {
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
