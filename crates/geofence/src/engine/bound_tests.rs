//! What is left out for speed changes nothing: the same events, with everything measured and judged each time and every zone looked
//! at, say the same after each of them, and remember the same.

use super::{Arrived, Crowd, Event, Resident, State, World, next_deadline, standing, step};
use crate::habits::{Habits, learn};
use crate::moment::Moment;
use crate::replay::ResidentEntry;
use crate::signal::Signal;
use crate::silence::Told;
use crate::zone::{Zone, ZoneEntry, Zones};
use model::{Fix, Method, Timestamp, Wgs84};
use proptest::prelude::*;
use serde_json::json;
use std::sync::{Arc, LazyLock};

const HOME: (f64, f64) = (33.9624, 118.2757);

fn resident(policy: &serde_json::Value) -> Resident {
    let ring = json!([[[118.270, 33.958], [118.282, 33.959], [118.280, 33.968], [118.270, 33.958]]]);
    let entry: ResidentEntry = serde_json::from_value(json!({
        "id": "r1", "policy": policy, "handset": {"id": "h1", "heartbeat_s": 900},
        "fences": [
            {"id": "home", "kind": "safe", "shape": {"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 250}},
            {"id": "quarter", "kind": "safe", "home_by": ["18:00"],
             "shape": {"type": "Polygon", "coordinates": ring}},
            {"id": "way", "kind": "forbidden", "dwell_s": 100,
             "schedule": [{"days": ["mon", "tue"], "from": "08:00", "to": "16:00"}],
             "shape": {"type": "Corridor", "line": [[118.279, 33.95], [118.279, 33.97]], "width_m": 40}},
        ]}))
    .unwrap();
    entry.resident(&mut Vec::new())
}

fn zones() -> Vec<Zone> {
    let circle = |id: &str, lon: f64, lat: f64, radius_m: f64| {
        let shape = json!({"type": "Circle", "center": [lon, lat], "radius_m": radius_m});
        serde_json::from_value::<ZoneEntry>(json!({"id": id, "shape": shape})).unwrap()
    };
    let all = [circle("pond", 118.273, 33.9624, 50.0), circle("canal", 118.2765, 33.965, 90.0)];
    all.iter().map(|entry| Zone::try_from(entry).unwrap()).collect()
}

/// What happens next, and how many seconds later.
#[derive(Debug, Clone)]
enum Next {
    /// So many fixes about there, metres from home, as one message or each by itself.
    Stay {
        east_m: f64,
        north_m: f64,
        fixes: usize,
        accuracy_m: f64,
        method: Method,
        together: bool,
    },
    Status(Told),
    Press,
    Fall,
    Companion,
    Snooze,
    /// We heard nobody until now.
    Deaf,
    /// Nothing, until the deadline if there is one so soon.
    Wait,
}

fn any_next() -> impl Strategy<Value = (i64, Next)> {
    let far = prop_oneof![3 => -60.0..60.0_f64, 2 => -400.0..400.0_f64, 1 => -4_000.0..4_000.0_f64];
    let method = prop::sample::select(vec![
        Method::Gps,
        Method::Gps,
        Method::Gps,
        Method::Wifi,
        Method::Aflt,
        Method::Cell,
    ]);
    let stay = (far.clone(), far, 1..12_usize, 4.0..60.0_f64, method, prop::bool::weighted(0.2));
    let flag = || prop::option::of(any::<bool>());
    let told = (flag(), prop::option::of(3.0..100.0_f64), flag(), flag());
    let next = prop_oneof![
        12 => stay.prop_map(|(east_m, north_m, fixes, accuracy_m, method, together)| {
            Next::Stay { east_m, north_m, fixes, accuracy_m, method, together }
        }),
        2 => told.prop_map(|(online, battery_pct, charging, worn)| {
            Next::Status(Told { online, battery_pct, charging, worn })
        }),
        1 => Just(Next::Press),
        1 => Just(Next::Fall),
        1 => Just(Next::Companion),
        1 => Just(Next::Snooze),
        1 => Just(Next::Deaf),
        3 => Just(Next::Wait),
    ];
    (prop_oneof![5 => 20..300_i64, 1 => 300..30_000_i64], next)
}

fn fix(east_m: f64, north_m: f64, accuracy_m: f64, method: Method, fix_time: Timestamp) -> Fix {
    let position = Wgs84::new(HOME.0 + north_m / 111_195.0, HOME.1 + east_m / 92_230.0).unwrap();
    let (boot, seq, speed_mps, bearing_deg, battery_pct) = (None, None, None, None, None);
    Fix { boot, seq, fix_time, position, accuracy_m, method, speed_mps, bearing_deg, battery_pct }
}

/// Four weeks and more of nights about there and a walk at half past eight each morning, metres from home.
fn learned(east_m: f64, north_m: f64) -> Arc<Habits> {
    let begin = Moment::from("2026-10-22T16:00:00Z".parse::<Timestamp>().unwrap());
    let mut habits = Habits::default();
    for day in 0..30_u32 {
        let fixes: Vec<Fix> = (0..288_u32)
            .map(|step| {
                let out_m = if (102..120).contains(&step) { 200.0 } else { 0.0 };
                let at = begin.plus_s(f64::from(day) * 86_400.0 + f64::from(step) * 300.0);
                fix(east_m + out_m, north_m, 10.0, Method::Gps, at.timestamp())
            })
            .collect();
        assert!(learn(&mut habits, &fixes));
    }
    Arc::new(habits)
}

/// What is usual at home, and for somebody who lived a kilometre away until now.
static HERE: LazyLock<Arc<Habits>> = LazyLock::new(|| learned(0.0, 0.0));
static ELSEWHERE: LazyLock<Arc<Habits>> = LazyLock::new(|| learned(700.0, 700.0));

/// The same resident twice.
struct Both {
    world: World,
    plain_world: World,
    resident: Resident,
    /// All that was told.
    told: Vec<Signal>,
    crowd: Crowd,
    slot: super::Slot,
    plain: State,
    now: Timestamp,
}

impl Both {
    fn new(policy: &serde_json::Value, habits: Option<&Arc<Habits>>) -> Self {
        let resident = Resident { habits: habits.cloned(), ..resident(policy) };
        let mut crowd = Crowd::default();
        let slot = crowd.add(resident.clone(), State::default()).unwrap();
        let world = World { zones: Zones::new(zones()), ..World::default() };
        let plain_world = World { zones: Zones::without_grid(zones()), ..World::default() };
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        let (plain, told) = (State::default(), Vec::new());
        Self { world, plain_world, resident, told, crowd, slot, plain, now }
    }

    fn after(&mut self, seconds: i64) {
        self.now = Timestamp::from_second(self.now.as_second().saturating_add(seconds)).unwrap();
    }

    /// One event: what is told, when to come back, where the resident stands and what is remembered are the same.
    fn take(&mut self, event: Event<'_>) -> Result<(), TestCaseError> {
        let (mut told, mut expected) = (Vec::new(), Vec::new());
        let arrived = [Arrived { slot: self.slot, event, now: self.now }];
        self.crowd.step_all(&self.world, &arrived, &mut told);
        remember_nothing_measured(&mut self.plain);
        step(&self.plain_world, &self.resident, &mut self.plain, event, self.now, &mut expected);
        prop_assert_eq!(&told, &expected);
        self.told.extend(told);
        let (_, fast) = self.crowd.get(self.slot).unwrap();
        prop_assert_eq!(next_deadline(fast), next_deadline(&self.plain));
        for number in 0..3 {
            let stands = |state| standing(&self.world, &self.resident, state, number, self.now);
            prop_assert_eq!(stands(fast), stands(&self.plain));
        }
        let (mut fast, mut plain) = (fast.clone(), self.plain.clone());
        remember_nothing_measured(&mut fast);
        remember_nothing_measured(&mut plain);
        prop_assert_eq!(fast, plain);
        Ok(())
    }

    fn happen(&mut self, next: &Next) -> Result<(), TestCaseError> {
        match next {
            Next::Stay { east_m, north_m, fixes, accuracy_m, method, together } => {
                let mut all = Vec::new();
                for number in 0..*fixes {
                    self.after(60);
                    let jitter_m = f64::from(u32::try_from(number % 4).unwrap()) * 4.0;
                    let one = fix(east_m + jitter_m, north_m - jitter_m, *accuracy_m, *method, self.now);
                    if !together {
                        self.take(Event::Fixes(std::slice::from_ref(&one)))?;
                    }
                    all.push(one);
                }
                if *together { self.take(Event::Fixes(&all)) } else { Ok(()) }
            }
            Next::Status(told) => self.take(Event::Status(*told)),
            Next::Press => self.take(Event::Press),
            Next::Fall => self.take(Event::Fall { at: self.now }),
            Next::Companion => self.take(Event::Companion { until: self.now }),
            Next::Snooze => self.take(Event::Snooze { fence: "home", until: self.now }),
            Next::Deaf => self.take(Event::Deaf),
            Next::Wait => self.take(Event::Tick),
        }
    }

    /// Fires every deadline until then.
    fn pass(&mut self, seconds: i64) -> Result<(), TestCaseError> {
        let until = Timestamp::from_second(self.now.as_second().saturating_add(seconds)).unwrap();
        while let Some(due) = next_deadline(&self.plain).filter(|due| *due <= until) {
            prop_assert!(due > self.now);
            self.now = due;
            self.take(Event::Tick)?;
        }
        self.now = until;
        Ok(())
    }
}

fn remember_nothing_measured(state: &mut State) {
    state.stir();
    state.clear = None;
    state.watch.judge_whole();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn bounds_say_what_measuring_says(
        life in prop::collection::vec(any_next(), 1..50),
        dementia in any::<bool>(),
        lives_alone in any::<bool>(),
        habits in prop::option::of(prop::bool::ANY),
    ) {
        let habits = habits.map(|is_here| if is_here { &*HERE } else { &*ELSEWHERE });
        let mut both = Both::new(&json!({"dementia": dementia, "lives_alone": lives_alone}), habits);
        for (seconds, next) in &life {
            both.pass(*seconds)?;
            both.happen(next)?;
        }
    }
}

fn at_home(fixes: usize) -> Next {
    let (east_m, north_m, accuracy_m) = (20.0, 10.0, 10.0);
    Next::Stay { east_m, north_m, fixes, accuracy_m, method: Method::Gps, together: false }
}

/// The test above would hold for an engine that spares nothing.
#[test]
fn who_stays_at_home_is_not_measured() {
    let mut both = Both::new(&json!({"dementia": true}), None);
    both.happen(&at_home(30)).unwrap();
    let (_, fast) = both.crowd.get(both.slot).unwrap();
    let calm = fast.calm.unwrap();
    assert_eq!(calm.supported_at, fast.newest);
    assert!(fast.fences.iter().all(|held| held.tracker.supported_at < fast.newest));
}

/// Whoever is not measured is still looked for where they are not usually, and out of bed by the usual hour.
#[test]
fn who_is_not_measured_is_watched_by_their_habits() {
    let count =
        |both: &Both, rule: &str| both.told.iter().filter(|signal| signal.evidence.rule == rule).count();
    let mut moved = Both::new(&json!({"dementia": true}), Some(&ELSEWHERE));
    moved.happen(&at_home(3)).unwrap();
    assert_eq!(count(&moved, "wandering/unusual"), 0);
    moved.happen(&at_home(10)).unwrap();
    assert!(moved.crowd.get(moved.slot).unwrap().1.calm.is_some());
    assert_eq!(count(&moved, "wandering/unusual"), 1);

    let mut in_bed = Both::new(&json!({"lives_alone": true}), Some(&HERE));
    in_bed.happen(&at_home(12)).unwrap();
    // Until the deadline at ten, an hour and a half after the latest morning.
    while in_bed.now < "2026-11-24T01:55:00Z".parse().unwrap() {
        assert_eq!(count(&in_bed, "body/not_up"), 0);
        in_bed.pass(540).unwrap();
        in_bed.happen(&at_home(1)).unwrap();
    }
    in_bed.pass(540).unwrap();
    assert!(in_bed.crowd.get(in_bed.slot).unwrap().1.calm.is_some());
    assert_eq!(count(&in_bed, "body/not_up"), 1);
}
