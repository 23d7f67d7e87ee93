//! How the stories are made: who walks where, and what the handset says of it. The same seeds give the same messages.

use crate::asked::{a_watch_on_the_way, are_you_all_right, by_telephone};
use crate::days::{
    a_day_without_a_step, about_the_court, by_night_with_her_daughter, first_heard_in_the_canal, home_by_ten,
    pond_and_ditch,
};
use crate::synthetic::Body;
use geofence::habits::{Habits, learn};
use model::{Fix, Method, Timestamp, Wgs84};
use serde_json::{Value, json};

/// Home of everybody here, in Suqian.
const HOME: (f64, f64) = (33.9624, 118.2757);
const DEGREE_M: f64 = 111_195.0;
/// Monday 23 November 2026, midnight in Suqian.
const MIDNIGHT: i64 = 1_795_363_200;
pub(crate) const HOUR_S: f64 = 3_600.0;

/// A recording and who it is about.
pub(crate) struct Story {
    pub(crate) name: &'static str,
    pub(crate) residents: Value,
    pub(crate) messages: Vec<Value>,
}

/// Chance from a seed (splitmix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap()) / 4_294_967_296.0
    }

    /// About normal.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }
}

fn place(east_m: f64, north_m: f64) -> (f64, f64) {
    let parts = |degrees: f64| (degrees * 1e6).round() / 1e6;
    (parts(HOME.0 + north_m / DEGREE_M), parts(HOME.1 + east_m / (DEGREE_M * HOME.0.to_radians().cos())))
}

pub(crate) fn circle(east_m: f64, north_m: f64, radius_m: f64) -> Value {
    let (lat, lon) = place(east_m, north_m);
    json!({"type": "Circle", "center": [lon, lat], "radius_m": radius_m})
}

pub(crate) fn ring(corners: &[(f64, f64)]) -> Value {
    let corner = |(east_m, north_m): &(f64, f64)| {
        let (lat, lon) = place(*east_m, *north_m);
        json!([lon, lat])
    };
    let ring: Vec<Value> = corners.iter().chain(corners.first()).map(corner).collect();
    json!({"type": "Polygon", "coordinates": [ring]})
}

/// Somebody with a safe fence of 250 m about a place.
pub(crate) fn somebody(policy: &Value, fence: &Value) -> Value {
    json!({"residents": [{"id": "r1", "name": "王秀英", "policy": policy, "handset": {"id": "h1"}, "fences": [fence]}]})
}

pub(crate) fn home() -> Value {
    json!({"id": "家", "kind": "safe", "shape": circle(0.0, 0.0, 250.0)})
}

pub(crate) fn time(second: f64) -> Timestamp {
    Timestamp::from_millisecond(MIDNIGHT * 1_000 + whole(second * 1_000.0)).unwrap()
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds of a day")]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

/// What somebody's handset says, message by message.
pub(crate) struct Life {
    chance: Chance,
    pub(crate) at_s: f64,
    pub(crate) here: (f64, f64),
    every_s: f64,
    accuracy_m: f64,
    pub(crate) seq: u32,
    pub(crate) messages: Vec<Value>,
}

impl Life {
    pub(crate) fn begin(seed: u64, hour: f64, every_s: f64, accuracy_m: f64) -> Self {
        let (chance, at_s) = (Chance(seed), hour * HOUR_S);
        Self { chance, at_s, here: (0.0, 0.0), every_s, accuracy_m, seq: 0, messages: Vec::new() }
    }

    pub(crate) fn say(&mut self, topic: &str, payload: &Value) {
        let line = json!({"received_at": time(self.at_s + 1.0), "topic": topic, "payload": payload});
        self.messages.push(line);
    }

    /// A fix of where they are, as far off as the handset makes it.
    pub(crate) fn fix(&mut self, method: &str, accuracy_m: f64) -> Value {
        let off_m = accuracy_m * 0.6;
        let east_m = self.here.0 + off_m * self.chance.normal();
        let north_m = self.here.1 + off_m * self.chance.normal();
        let (lat, lon) = place(east_m, north_m);
        self.seq += 1;
        json!({"boot": "7f3a", "seq": self.seq, "fix_time": time(self.at_s), "lat": lat, "lon": lon,
               "accuracy_m": accuracy_m, "method": method})
    }

    fn tell(&mut self) {
        let fix = self.fix("gps", self.accuracy_m);
        self.say("jjl/h1/fix", &fix);
        self.at_s += self.every_s;
    }

    pub(crate) fn stay(&mut self, minutes: f64) {
        let until_s = self.at_s + minutes * 60.0;
        while self.at_s < until_s {
            self.tell();
        }
    }

    pub(crate) fn go(&mut self, there: (f64, f64), mps: f64) {
        let from = self.here;
        let (begun_s, lasts_s) = (self.at_s, (there.0 - from.0).hypot(there.1 - from.1) / mps);
        while self.at_s < begun_s + lasts_s {
            let share = (self.at_s - begun_s) / lasts_s;
            self.here = (from.0 + (there.0 - from.0) * share, from.1 + (there.1 - from.1) * share);
            self.tell();
        }
        self.here = there;
    }
}

/// All of them.
pub(crate) fn all() -> Vec<Story> {
    vec![
        lost_at_dusk(),
        home_near_the_edge(),
        late_point(),
        bus_over_the_canal(),
        bus_held_on_the_bridge(),
        into_the_canal(),
        pacing_in_the_courtyard(),
        market_morning(),
        two_falls(),
        silent_handset(),
        not_home_by_six(),
        datum_slip(),
        off_the_usual_way(),
        are_you_all_right(),
        a_watch_on_the_way(),
        by_telephone(),
        home_by_ten(),
        pond_and_ditch(),
        by_night_with_her_daughter(),
        about_the_court(),
        first_heard_in_the_canal(),
        a_day_without_a_step(),
    ]
}

/// Leaves at a quarter past five, goes straight on, is found after an hour and brought home.
fn lost_at_dusk() -> Story {
    let mut life = Life::begin(1, 16.5, 120.0, 12.0);
    life.stay(45.0);
    life.go((1_500.0, 1_100.0), 0.9);
    life.go((2_100.0, 1_200.0), 0.9);
    life.stay(20.0);
    life.go((0.0, 0.0), 3.0);
    life.stay(15.0);
    let residents = somebody(&json!({"dementia": true}), &home());
    Story { name: "lost-at-dusk", residents, messages: life.messages }
}

/// In bed, 30 m from the edge; every fourth fix comes from a cell a kilometre wide.
fn home_near_the_edge() -> Story {
    let mut life = Life::begin(2, 20.0, 180.0, 15.0);
    let until_s = life.at_s + 5.0 * HOUR_S;
    while life.at_s < until_s {
        if life.seq % 4 == 3 {
            let fix = life.fix("cell", 1_000.0);
            life.say("jjl/h1/fix", &fix);
            life.at_s += life.every_s;
        } else {
            life.tell();
        }
    }
    let fence = json!({"id": "家", "kind": "safe", "shape": circle(-220.0, 0.0, 250.0)});
    Story {
        name: "home-near-the-edge",
        residents: somebody(&json!({"dementia": true}), &fence),
        messages: life.messages,
    }
}

/// At home all the time; fixes of this morning's walk beyond the fence arrive in the afternoon.
fn late_point() -> Story {
    let mut life = Life::begin(3, 13.0, 180.0, 10.0);
    life.stay(60.0);
    let now_s = life.at_s;
    (life.at_s, life.here) = (8.5 * HOUR_S, (700.0, 200.0));
    let fixes: Vec<Value> = (0..5)
        .map(|_| {
            life.at_s += 120.0;
            life.fix("gps", 10.0)
        })
        .collect();
    (life.at_s, life.here) = (now_s, (0.0, 0.0));
    life.say("jjl/h1/fix", &json!({"boot": "7f3a", "fixes": fixes}));
    life.stay(60.0);
    Story {
        name: "late-point",
        residents: somebody(&json!({"dementia": true}), &home()),
        messages: life.messages,
    }
}

/// The canal runs north to south, 700 m to the east.
pub(crate) fn by_the_canal() -> Value {
    let fence = json!({"id": "城区", "kind": "safe", "shape": circle(0.0, 0.0, 5_000.0)});
    let mut residents = somebody(&json!({"dementia": true}), &fence);
    let canal = ring(&[(700.0, -900.0), (800.0, -900.0), (800.0, 900.0), (700.0, 900.0)]);
    residents["zones"] = json!([{"id": "运河", "kind": "forbidden", "shape": canal}]);
    residents
}

fn bus_over_the_canal() -> Story {
    let mut life = Life::begin(4, 9.0, 20.0, 10.0);
    life.stay(4.0);
    life.go((150.0, 0.0), 0.9);
    life.stay(5.0);
    life.go((1_800.0, 0.0), 8.0);
    life.go((2_000.0, 80.0), 0.9);
    life.stay(10.0);
    life.go((1_800.0, 0.0), 0.9);
    life.go((150.0, 0.0), 8.0);
    life.go((0.0, 0.0), 0.9);
    life.stay(5.0);
    Story { name: "bus-over-the-canal", residents: by_the_canal(), messages: life.messages }
}

/// Three minutes in a queue of cars, in the middle of the canal.
fn bus_held_on_the_bridge() -> Story {
    let mut life = Life::begin(16, 9.0, 10.0, 10.0);
    life.stay(4.0);
    life.go((150.0, 0.0), 0.9);
    life.stay(5.0);
    life.go((750.0, 0.0), 10.0);
    life.stay(3.0);
    life.go((1_800.0, 0.0), 10.0);
    life.stay(10.0);
    Story { name: "bus-held-on-the-bridge", residents: by_the_canal(), messages: life.messages }
}

fn into_the_canal() -> Story {
    let mut life = Life::begin(5, 15.0, 60.0, 10.0);
    life.stay(10.0);
    life.go((750.0, 40.0), 0.8);
    life.stay(12.0);
    life.go((300.0, 0.0), 0.8);
    life.stay(15.0);
    Story { name: "into-the-canal", residents: by_the_canal(), messages: life.messages }
}

fn pacing_in_the_courtyard() -> Story {
    let mut life = Life::begin(6, 10.0, 30.0, 10.0);
    life.stay(15.0);
    for _ in 0..7 {
        life.go((85.0, 20.0), 0.7);
        life.go((5.0, 0.0), 0.7);
    }
    life.stay(10.0);
    let residents = somebody(&json!({"dementia": true}), &home());
    Story { name: "pacing-in-the-courtyard", residents, messages: life.messages }
}

fn market_morning() -> Story {
    let mut life = Life::begin(7, 7.0, 60.0, 12.0);
    life.stay(10.0);
    life.go((420.0, 0.0), 0.8);
    for stall in 0..12_u32 {
        let along = f64::from(stall * 37 % 90);
        life.go((430.0 + along, f64::from(stall * 23 % 40)), 0.7);
        life.stay(2.0);
    }
    life.go((0.0, 0.0), 0.8);
    life.stay(10.0);
    let fence = json!({"id": "街道", "kind": "safe", "shape": circle(0.0, 0.0, 900.0)});
    Story {
        name: "market-morning",
        residents: somebody(&json!({"dementia": true}), &fence),
        messages: life.messages,
    }
}

/// One that looks like a fall to the floor, and one report of somebody who sat down hard.
fn two_falls() -> Story {
    let mut life = Life::begin(8, 11.0, 120.0, 10.0);
    life.stay(4.0);
    for (id, body) in [("f1", Body::falls()), ("f2", Body::sits_down_hard())] {
        let samples = json!({"hz": 25, "unit": "mg", "xyz": body.seen(25.0, None)});
        let at = time(life.at_s);
        life.say(
            "jjl/h1/fall",
            &json!({"fall_id": id, "boot": "7f3a", "seq": life.seq, "at": at, "samples": samples}),
        );
        life.stay(10.0);
    }
    let mut residents = somebody(&json!({"lives_alone": true}), &home());
    residents["residents"][0]["handset"]["worn"] = json!("waist");
    Story { name: "two-falls", residents, messages: life.messages }
}

/// The battery runs down, then nothing more is heard; a neighbour's handset shows that time goes on.
fn silent_handset() -> Story {
    let mut life = Life::begin(9, 14.0, 300.0, 10.0);
    for battery_pct in [34, 29, 24, 19, 14, 9, 7] {
        let status = json!({"online": true, "battery_pct": battery_pct, "charging": false, "worn": true, "at": time(life.at_s)});
        life.say("jjl/h1/status", &status);
        life.stay(10.0);
    }
    life.at_s += HOUR_S;
    let status = json!({"online": true, "battery_pct": 80, "at": time(life.at_s)});
    life.say("jjl/h2/status", &status);
    let mut residents = somebody(&json!({}), &home());
    residents["residents"][0]["handset"]["heartbeat_s"] = json!(300);
    residents["residents"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "r2", "name": "李建国", "handset": {"id": "h2"}}));
    Story { name: "silent-handset", residents, messages: life.messages }
}

/// Out since five, should be home by six, comes at a quarter to seven.
fn not_home_by_six() -> Story {
    let mut life = Life::begin(10, 16.0, 120.0, 12.0);
    life.stay(62.0);
    life.go((420.0, 100.0), 1.0);
    life.stay(92.0);
    life.go((0.0, 0.0), 1.0);
    life.stay(15.0);
    let mut fence = home();
    fence["home_by"] = json!(["18:00"]);
    Story {
        name: "not-home-by-six",
        residents: somebody(&json!({"lives_alone": true}), &fence),
        messages: life.messages,
    }
}

/// The first fence was drawn on a map that is shifted, and says so: it is refused, and the second one watches.
fn datum_slip() -> Story {
    let mut life = Life::begin(11, 14.0, 120.0, 10.0);
    life.stay(40.0);
    life.go((600.0, 0.0), 1.0);
    life.stay(10.0);
    let mut residents = somebody(&json!({}), &home());
    let mut shifted = circle(508.0, -150.0, 250.0);
    shifted["datum"] = json!("GCJ-02");
    let fence = json!({"id": "家（高德）", "kind": "safe", "shape": shifted});
    residents["residents"][0]["fences"].as_array_mut().unwrap().insert(0, fence);
    Story { name: "datum-slip", residents, messages: life.messages }
}

/// For five weeks to the market and back; today the other way, and on.
fn off_the_usual_way() -> Story {
    let mut life = Life::begin(12, 14.0, 60.0, 10.0);
    life.stay(20.0);
    life.go((-250.0, -80.0), 0.9);
    life.go((-600.0, -500.0), 0.9);
    life.go((-1_000.0, -650.0), 0.9);
    life.stay(5.0);
    let mut residents = somebody(&json!({"dementia": true}), &json!(null));
    residents["residents"][0]["fences"] = json!([]);
    residents["residents"][0]["habits"] = json!(five_weeks());
    Story { name: "off-the-usual-way", residents, messages: life.messages }
}

/// What is learned of five weeks that end two days before.
pub(crate) fn five_weeks() -> Habits {
    let (mut habits, mut chance) = (Habits::default(), Chance(13));
    for day in -36..-1_i32 {
        let fixes: Vec<Fix> = (0..300_u32).map(|number| usual(f64::from(day), number, &mut chance)).collect();
        assert!(learn(&mut habits, &fixes));
    }
    habits
}

/// A fix each three minutes from six to nine in the evening: at eight to the market, 600 m east, and home at half past nine.
fn usual(day: f64, number: u32, chance: &mut Chance) -> Fix {
    let hour = 6.0 + f64::from(number) * 0.05;
    let out = ((hour - 8.0) * 5.0).clamp(0.0, 1.0) - ((hour - 9.3) * 5.0).clamp(0.0, 1.0);
    let (lat, lon) = place(out * 600.0 + 6.0 * chance.normal(), out * 60.0 + 6.0 * chance.normal());
    Fix {
        boot: None,
        seq: None,
        fix_time: time((day * 24.0 + hour) * HOUR_S),
        position: Wgs84::new(lat, lon).unwrap(),
        accuracy_m: 10.0,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: None,
    }
}
