//! People who send where they are, and how wrong that is.

use model::{Fix, HandsetId, Method, SignedDuration, Timestamp, Wgs84};
use store::JournalFix;

/// What follows is said for so much time; between two fixes lies a multiple of it.
const STEP_S: u32 = 10;
/// How much a little error has in common with that ten seconds before, and how far it deviates, in metres.
const ALIKE: f64 = 0.9;
const DEVIATION_M: f64 = 1.5;
/// The error of GPS, with the numbers of the simulator (`firmware-sim/src/world/error.rs`): the radius at its best and at its worst,
/// for how long errors are alike, how often they are so many times as large, and the deviation on each axis for a metre of radius.
const BEST_M: f64 = 4.0;
const WORST_M: f64 = 32.0;
const ALIKE_S: f64 = 45.0;
const BAD_SHARE: f64 = 0.08;
const BAD_FACTOR: f64 = 3.0;
const DEVIATION_OF_RADIUS: f64 = 0.620;

/// Numbers that look like chance and are the same each time.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 20
    }

    fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound)).unwrap_or_default()
    }

    fn part(&mut self) -> f64 {
        f64::from(self.below(1 << 30)) / f64::from(1 << 30)
    }

    fn about(&mut self, deviation: f64) -> f64 {
        ((0..12).map(|_| self.part()).sum::<f64>() - 6.0) * deviation
    }
}

/// How wrong the positions of one handset are, over time.
#[derive(Clone, Copy)]
pub(crate) struct Error {
    /// In metres where it is little, else in deviations.
    north: f64,
    east: f64,
    /// What GPS has for some minutes; absent: the error is little.
    conditions: Option<Conditions>,
}

#[derive(Clone, Copy)]
struct Conditions {
    radius_m: f64,
    factor: f64,
    seconds_left: f64,
}

/// Metres to the north and to the east, and the radius that is told.
#[expect(clippy::struct_field_names, reason = "metres, all of them")]
struct Told {
    north_m: f64,
    east_m: f64,
    radius_m: f64,
}

impl Error {
    /// A few metres that change slowly, whatever is told of it.
    pub(crate) fn little() -> Self {
        Self { north: 0.0, east: 0.0, conditions: None }
    }

    /// As the simulator has it for GPS.
    pub(crate) fn simulated() -> Self {
        // Over at once, so that each handset begins with some of its own.
        let none = Conditions { radius_m: WORST_M, factor: 1.0, seconds_left: 0.0 };
        Self { conditions: Some(none), ..Self::little() }
    }

    fn next(&mut self, tens: f64, chance: &mut Chance) -> Told {
        let Some(conditions) = &mut self.conditions else {
            let alike = ALIKE.powf(tens);
            // As wide as ever, and the less alike the longer ago.
            let deviation_m = DEVIATION_M * ((1.0 - alike.powi(2)) / (1.0 - ALIKE.powi(2))).sqrt();
            self.north = self.north * alike + chance.about(deviation_m);
            self.east = self.east * alike + chance.about(deviation_m);
            let radius_m = f64::from(8 + chance.below(25));
            return Told { north_m: self.north, east_m: self.east, radius_m };
        };
        let passed_s = tens * f64::from(STEP_S);
        let alike = (-passed_s / ALIKE_S).exp();
        let new = (1.0 - alike * alike).sqrt();
        self.north = self.north * alike + chance.about(new);
        self.east = self.east * alike + chance.about(new);
        conditions.seconds_left -= passed_s;
        if conditions.seconds_left <= 0.0 {
            *conditions = Conditions::new(chance);
        }
        let radius_m = conditions.radius_m * (0.9 + 0.2 * chance.part());
        let deviation_m = radius_m * DEVIATION_OF_RADIUS * conditions.factor;
        Told {
            north_m: self.north * deviation_m,
            east_m: self.east * deviation_m,
            radius_m: (radius_m * 10.0).round() / 10.0,
        }
    }
}

impl Conditions {
    /// More often good than bad, and for three times as long as errors are alike, by chance.
    fn new(chance: &mut Chance) -> Self {
        let draw = chance.part();
        Self {
            radius_m: BEST_M + (WORST_M - BEST_M) * draw * draw,
            factor: if chance.part() < BAD_SHARE { BAD_FACTOR } else { 1.0 },
            seconds_left: -3.0 * ALIKE_S * (1.0 - chance.part()).ln(),
        }
    }
}

/// Somebody who is at home most of the time and walks for some hours a day.
pub(crate) struct Walker {
    handset: HandsetId,
    chance: Chance,
    lat: f64,
    lon: f64,
    error: Error,
    battery: f64,
    seq: u64,
    /// Tens of seconds between two fixes.
    tens: u32,
}

impl Walker {
    pub(crate) fn new(number: usize, every_s: u32, error: Error) -> Self {
        let mut chance = Chance(u64::try_from(number).unwrap_or_default() * 7_919 + 13);
        for _ in 0..8 {
            chance.next();
        }
        Self {
            handset: HandsetId::new(format!("h-{number:06}")).expect("an id"),
            lat: 33.8 + chance.part() * 0.3,
            lon: 118.1 + chance.part() * 0.3,
            error,
            battery: 100.0,
            seq: 0,
            tens: every_s / STEP_S,
            chance,
        }
    }

    pub(crate) fn fix(&mut self, second: i64) -> JournalFix {
        let chance = &mut self.chance;
        let walks = (second / 3_600) % 6 == 4;
        let tens = f64::from(self.tens);
        if walks {
            self.lat += tens * (6e-5 + chance.about(1e-5));
            self.lon += tens * (7e-5 + chance.about(1e-5));
        }
        let Told { north_m, east_m, radius_m } = self.error.next(tens, chance);
        self.battery = if self.battery < 5.0 { 100.0 } else { self.battery - 0.01 * tens };
        self.seq += 1;
        let digits = |value: f64| (value * 1e7).round() / 1e7;
        let fix_time = Timestamp::from_second(second + i64::from(chance.below(10) == 0)).expect("a time");
        let position =
            Wgs84::new(digits(self.lat + north_m / 111_000.0), digits(self.lon + east_m / 92_000.0));
        let delay = SignedDuration::from_micros(200_000 + i64::from(chance.below(1_500_000)));
        JournalFix {
            handset: self.handset.clone(),
            told_time: None,
            received_at: fix_time.checked_add(delay).expect("a time"),
            fix: Fix {
                boot: Some("7f3a".to_owned()),
                seq: Some(self.seq),
                fix_time,
                position: position.expect("a place"),
                accuracy_m: radius_m,
                method: if chance.below(30) == 0 { Method::Wifi } else { Method::Gps },
                speed_mps: Some(f64::from(chance.below(5) + if walks { 8 } else { 0 }) / 10.0),
                bearing_deg: Some(f64::from(chance.below(360))),
                battery_pct: Some(self.battery.round()),
            },
        }
    }
}
