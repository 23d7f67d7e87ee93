//! Who lives where, which zones there are, and the fixes: the same for everything that is measured.

use geofence::fence::{Fence, FenceKind};
use geofence::schedule::Schedule;
use geofence::shape::{Limits, Position};
use geofence::zone::{Zone, Zones};
use geofence::{Policy, Resident, Shape, World};
use model::{Fix, HandsetId, Method, ResidentId, Timestamp, Wgs84};
use std::f64::consts::TAU;

pub(crate) const RESIDENTS: usize = 200_000;
pub(crate) const ZONES: usize = 2_000;
/// The district: so many degrees to each side of its middle.
pub(crate) const MIDDLE: (f64, f64) = (33.96, 118.28);
const SPREAD: f64 = 0.25;
pub(crate) const METRES_PER_DEGREE: f64 = 111_195.0;
/// One in so many is out.
const OUT: usize = 20;
/// They walk round a loop of this radius at 0.9 m/s, from home and back.
const LOOP_M: f64 = 300.0;
const LOOP_S: f64 = LOOP_M * TAU / 0.9;
/// A fix of each resident every two minutes.
const FIX_EVERY_US: i64 = 120_000_000 / 200_000;

/// Taken together, as a shell takes what has arrived.
pub(crate) const BATCH: usize = 20_000;
/// Of a round.
pub(crate) const FIXES: u32 = 400_000;
pub(crate) type Batch = Vec<(HandsetId, Fix)>;

pub(crate) type Failure = Box<dyn std::error::Error>;

/// Chance from a seed (splitmix64).
pub(crate) struct Chance(pub(crate) u64);

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

/// Longitude and latitude, closed.
pub(crate) type Ring = Vec<[f64; 2]>;

/// A resident's own areas as they are drawn: a circle and two rings.
pub(crate) struct Home {
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    pub(crate) handset: HandsetId,
    pub(crate) rings: [Ring; 2],
}

pub(crate) const HOME_RADIUS_M: f64 = 250.0;

/// All of it.
pub(crate) struct District {
    pub(crate) homes: Vec<Home>,
    pub(crate) zones: Vec<Ring>,
}

impl District {
    pub(crate) fn new() -> Result<Self, Failure> {
        let mut chance = Chance(7);
        let zones = (0..ZONES)
            .map(|_| {
                let (lat, lon) = somewhere(&mut chance);
                let (radius_m, corners) = (chance.between(30.0, 300.0), 50 + chance.below(451));
                ring(&mut chance, lat, lon, radius_m, corners)
            })
            .collect();
        let homes = (0..RESIDENTS).map(|number| home(&mut chance, number)).collect::<Result<_, _>>()?;
        Ok(Self { homes, zones })
    }

    pub(crate) fn world(&self) -> Result<World, Failure> {
        let zones = self.zones.iter().enumerate().map(|(number, ring)| {
            let area = polygon(ring).check(&Limits::ZONE)?;
            let id = format!("z{number}");
            Ok(Zone { name: id.clone(), id, area, dwell_s: None, drawn: 0 })
        });
        Ok(World { zones: Zones::new(zones.collect::<Result<_, Failure>>()?), ..World::default() })
    }
}

impl Home {
    pub(crate) fn resident(&self, number: usize) -> Result<Resident, Failure> {
        let [quarter, pond] = &self.rings;
        let home = Shape::circle(self.lon, self.lat, HOME_RADIUS_M);
        Ok(Resident {
            id: ResidentId::new(format!("r{number}"))?,
            name: format!("r{number}"),
            policy: Policy { dementia: true, ..Policy::default() },
            fences: vec![
                fence("home", FenceKind::Safe, &home)?,
                fence("quarter", FenceKind::Safe, &polygon(quarter))?,
                fence("pond", FenceKind::Forbidden, &polygon(pond))?,
            ],
            heartbeat_s: Some(300.0),
            worn: None,
            habits: None,
        })
    }
}

fn fence(id: &str, kind: FenceKind, shape: &Shape) -> Result<Fence, Failure> {
    let (schedule, home_by) = (Schedule::default(), Vec::new());
    Ok(Fence {
        id: id.to_owned(),
        name: id.to_owned(),
        armed: true,
        kind,
        area: shape.check(&Limits::FENCE)?,
        schedule,
        dwell_s: 0.0,
        home_by,
    })
}

fn polygon(ring: &Ring) -> Shape {
    let ring = ring.iter().map(|[lon, lat]| Position::new(*lon, *lat)).collect();
    Shape::Polygon { coordinates: vec![ring] }
}

fn somewhere(chance: &mut Chance) -> (f64, f64) {
    (MIDDLE.0 + chance.between(-SPREAD, SPREAD), MIDDLE.1 + chance.between(-SPREAD, SPREAD))
}

/// Places anywhere in the district.
pub(crate) fn places(count: usize) -> Result<Vec<Wgs84>, Failure> {
    let mut chance = Chance(11);
    (0..count).map(|_| somewhere(&mut chance)).map(|(lat, lon)| Ok(Wgs84::new(lat, lon)?)).collect()
}

fn home(chance: &mut Chance, number: usize) -> Result<Home, Failure> {
    let (lat, lon) = somewhere(chance);
    let handset = HandsetId::new(format!("h{number}"))?;
    let rings = [ring(chance, lat, lon, 900.0, 40), ring(chance, lat + 0.004, lon, 80.0, 24)];
    Ok(Home { lat, lon, handset, rings })
}

fn ring(chance: &mut Chance, lat: f64, lon: f64, radius_m: f64, corners: usize) -> Ring {
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(1));
    let corner = |n: usize, wobble: f64| {
        let angle = count(n) / count(corners) * TAU;
        let radius = radius_m * wobble / METRES_PER_DEGREE;
        [lon + radius * angle.cos() / MIDDLE.0.to_radians().cos(), lat + radius * angle.sin()]
    };
    let mut points: Ring = (0..corners).map(|n| corner(n, chance.between(0.8, 1.0))).collect();
    points.extend(points.first().copied());
    points
}

/// What those who are out do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Out {
    /// They walk.
    Walk,
    /// They are anywhere within 900 m, at every fix elsewhere, as nobody can: the worst for what is spared when people stay.
    Leap,
}

/// The fixes, one after the other, of residents in random order.
pub(crate) struct Fixes<'a> {
    homes: &'a [Home],
    chance: Chance,
    begun: Timestamp,
    count: i64,
    pub(crate) out: Out,
}

impl<'a> Fixes<'a> {
    pub(crate) fn new(district: &'a District) -> Result<Self, Failure> {
        let begun = Timestamp::from_second(1_795_000_000)?;
        Ok(Self { homes: &district.homes, chance: Chance(5), begun, count: 0, out: Out::Walk })
    }

    pub(crate) fn batch(&mut self, count: usize) -> Result<Batch, Failure> {
        (0..count).map(|_| self.next()).collect()
    }

    fn next(&mut self) -> Result<(HandsetId, Fix), Failure> {
        self.count += 1;
        let number = self.chance.below(self.homes.len());
        let home = self.homes.get(number).ok_or("no home")?;
        let passed_us = self.count * FIX_EVERY_US;
        let (north_m, east_m) = self.away(number, passed_us);
        let degrees = |metres: f64| metres / METRES_PER_DEGREE;
        let lon = home.lon + degrees(east_m) / MIDDLE.0.to_radians().cos();
        let fix = Fix {
            boot: None,
            seq: None,
            fix_time: Timestamp::from_microsecond(self.begun.as_microsecond() + passed_us)?,
            position: Wgs84::new(home.lat + degrees(north_m), lon)?,
            accuracy_m: 15.0,
            method: Method::Gps,
            speed_mps: Some(0.5),
            bearing_deg: None,
            battery_pct: None,
        };
        Ok((home.handset.clone(), fix))
    }

    /// Metres from home.
    fn away(&mut self, number: usize, passed_us: i64) -> (f64, f64) {
        let far_m = if number.is_multiple_of(OUT) && self.out == Out::Leap { 890.0 } else { 11.0 };
        let error = (self.chance.between(-far_m, far_m), self.chance.between(-far_m, far_m));
        if !number.is_multiple_of(OUT) || self.out == Out::Leap {
            return error;
        }
        let seconds = f64::from(i32::try_from(passed_us / 1_000_000).unwrap_or(0));
        let (sin, cos) = (seconds / LOOP_S * TAU).sin_cos();
        (error.0 + LOOP_M * (1.0 - cos), error.1 + LOOP_M * sin)
    }
}
