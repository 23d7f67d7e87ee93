//! Fixes a second on one core through the whole engine: 200,000 residents in random order, three fences each, 2,000 zones of 50 to
//! 500 points, all of them watched. Most residents stay put, one in twenty is out walking.

use geofence::replay::ResidentEntry;
use geofence::zone::{Zone, ZoneEntry, Zones};
use geofence::{Event, Resident, State, World, step};
use model::{Fix, Method, Timestamp, Wgs84};
use serde_json::{Value, json};
use std::{f64::consts::TAU, hint::black_box, io::Write as _, time::Duration};

const RESIDENTS: usize = 200_000;
const ZONES: usize = 2_000;
const FIXES: u32 = 1_000_000;
/// The states of so many fixes ahead are touched, so that waits for memory overlap.
const AHEAD: usize = 8;
const ROUNDS: u32 = 3;
/// The district: so many degrees to each side of its middle.
const MIDDLE: (f64, f64) = (33.96, 118.28);
const SPREAD: f64 = 0.25;

/// Chance from a seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        let share = f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / 4_294_967_296.0;
        low + (high - low) * share
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap_or(0) % count
    }
}

fn ring(chance: &mut Chance, lat: f64, lon: f64, radius_m: f64, corners: usize) -> Value {
    let corner = |n: usize, wobble: f64| {
        let angle =
            f64::from(u32::try_from(n).unwrap_or(0)) / f64::from(u32::try_from(corners).unwrap_or(1)) * TAU;
        let radius = radius_m * wobble / 111_195.0;
        [lon + radius * angle.cos() / MIDDLE.0.to_radians().cos(), lat + radius * angle.sin()]
    };
    let mut points: Vec<[f64; 2]> = (0..corners).map(|n| corner(n, chance.between(0.8, 1.0))).collect();
    points.extend(points.first().copied());
    json!({"type": "Polygon", "coordinates": [points]})
}

fn world(chance: &mut Chance) -> Result<World, Box<dyn std::error::Error>> {
    let mut zones = Vec::new();
    for number in 0..ZONES {
        let (lat, lon) = somewhere(chance);
        let (radius_m, corners) = (chance.between(30.0, 300.0), 50 + chance.below(451));
        let shape = ring(chance, lat, lon, radius_m, corners);
        let entry: ZoneEntry = serde_json::from_value(json!({"id": format!("z{number}"), "shape": shape}))?;
        zones.push(Zone::try_from(&entry)?);
    }
    Ok(World { zones: Zones::new(zones), ..World::default() })
}

fn somewhere(chance: &mut Chance) -> (f64, f64) {
    (MIDDLE.0 + chance.between(-SPREAD, SPREAD), MIDDLE.1 + chance.between(-SPREAD, SPREAD))
}

fn resident(
    chance: &mut Chance,
    number: usize,
) -> Result<(Resident, (f64, f64)), Box<dyn std::error::Error>> {
    let (lat, lon) = somewhere(chance);
    let entry: ResidentEntry = serde_json::from_value(json!({
    "id": format!("r{number}"), "policy": {"dementia": true},
    "handset": {"id": format!("h{number}"), "heartbeat_s": 300},
    "fences": [
        {"id": "home", "kind": "safe", "shape": {"type": "Circle", "center": [lon, lat], "radius_m": 250}},
        {"id": "quarter", "kind": "safe", "shape": ring(chance, lat, lon, 900.0, 40)},
        {"id": "pond", "kind": "forbidden", "shape": ring(chance, lat + 0.004, lon, 80.0, 24)},
    ]}))?;
    Ok((entry.resident(&mut Vec::new()), (lat, lon)))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut chance = Chance(7);
    let world = world(&mut chance)?;
    let people = (0..RESIDENTS).map(|number| resident(&mut chance, number)).collect::<Result<Vec<_>, _>>()?;
    let mut states = vec![State::default(); RESIDENTS];
    let mut out = std::io::stdout();
    let mut clock = Clock { begun: Timestamp::from_second(1_795_000_000)?, count: 0 };
    // Once through everybody, so that no state is new.
    run(&world, &people, &mut states, &mut chance, &mut clock, FIXES);
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let taken = run(&world, &people, &mut states, &mut chance, &mut clock, FIXES);
        rates.push(f64::from(FIXES) / taken.as_secs_f64());
    }
    rates.sort_by(f64::total_cmp);
    writeln!(
        out,
        "whole engine, {RESIDENTS} residents at random  {:>10.0} fixes/s   on one core, goal >= 1,000,000",
        rates[1]
    )?;
    let bytes = states.iter().map(State::bytes);
    let (sum, most) = bytes.fold((0, 0), |(sum, most), bytes| (sum + bytes, most.max(bytes)));
    writeln!(out, "state of a resident, mean {} and largest {most} bytes   goal <= 1,024", sum / RESIDENTS)?;
    zones(&world, &mut chance, &mut out)?;
    Ok(())
}

struct Clock {
    begun: Timestamp,
    count: u64,
}

/// Times the engine alone; making the fixes is not counted.
fn run(
    world: &World,
    people: &[(Resident, (f64, f64))],
    states: &mut [State],
    chance: &mut Chance,
    clock: &mut Clock,
    fixes: u32,
) -> Duration {
    let mut effects = Vec::new();
    let (mut taken, mut touched) = (Duration::ZERO, 0_usize);
    for _ in 0..fixes / 20_000 {
        let batch: Vec<(usize, Fix)> = (0..20_000).filter_map(|_| fix(people, chance, clock)).collect();
        taken += measure(|| {
            for (nth, (number, fix)) in batch.iter().enumerate() {
                let ahead = batch.get(nth + AHEAD).and_then(|(number, _)| states.get(*number));
                touched = touched.wrapping_add(ahead.map_or(0, State::touch));
                let Some(((resident, _), state)) = people.get(*number).zip(states.get_mut(*number)) else {
                    continue;
                };
                let event = Event::Fixes(std::slice::from_ref(fix));
                step(world, resident, state, event, fix.fix_time, &mut effects);
            }
        });
        black_box((&effects, touched));
        effects.clear();
    }
    taken
}

fn fix(people: &[(Resident, (f64, f64))], chance: &mut Chance, clock: &mut Clock) -> Option<(usize, Fix)> {
    clock.count += 1;
    let number = chance.below(people.len());
    let (_, (lat, lon)) = people.get(number)?;
    let far = if number.is_multiple_of(20) { 0.008 } else { 0.0001 };
    let (north, east) = (chance.between(-far, far), chance.between(-far, far));
    // 200,000 residents, a fix every two minutes each.
    let passed = i64::try_from(clock.count * 600).ok()?;
    let fix = Fix {
        boot: None,
        seq: None,
        fix_time: Timestamp::from_microsecond(clock.begun.as_microsecond() + passed).ok()?,
        position: Wgs84::new(lat + north, lon + east).ok()?,
        accuracy_m: 15.0,
        method: Method::Gps,
        speed_mps: Some(0.5),
        bearing_deg: None,
        battery_pct: None,
    };
    Some((number, fix))
}

/// Finding zones alone: by the grid, and by looking at every one.
fn zones(
    world: &World,
    chance: &mut Chance,
    out: &mut impl std::io::Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let places: Vec<Wgs84> = (0..200_000)
        .map(|_| somewhere(chance))
        .map(|(lat, lon)| Wgs84::new(lat, lon))
        .collect::<Result<_, _>>()?;
    let mut found = 0_u64;
    let by_grid = measure(|| {
        for place in &places {
            world.zones.near(*place, |_, _| found += 1);
        }
    });
    let few: Vec<_> = places.iter().take(2_000).collect();
    let by_all = measure(|| {
        for place in few {
            world.zones.near_by_looking_at_all(*place, |_, _| found += 1);
        }
    });
    let rate = |count: f64, taken: Duration| count / taken.as_secs_f64();
    writeln!(out, "zones near a place, by the grid      {:>12.0} places/s", rate(200_000.0, by_grid))?;
    writeln!(
        out,
        "zones near a place, by every edge    {:>12.0} places/s   the reference",
        rate(2_000.0, by_all)
    )?;
    black_box(found);
    Ok(())
}

/// Time on the processor, which the machine's other work does not change; by the clock where that is not told.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn measure(act: impl FnOnce()) -> Duration {
    let (begun, on_cpu) = (std::time::Instant::now(), on_cpu());
    act();
    match (on_cpu, self::on_cpu()) {
        (Some(before), Some(after)) if after > before => after.saturating_sub(before),
        _ => begun.elapsed(),
    }
}

fn on_cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}
