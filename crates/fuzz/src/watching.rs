//! The watching engine: whatever the residents' file says and whatever happens, it never panics, its deadlines come to an end, and
//! the same events say the same.
//!
//! An input is a residents' file as JSON up to the first zero byte, and behind it the events, each a few bytes. What cannot be
//! read as a file is passed over for a resident whose fences and zones are made of the bytes too.

use geofence::replay::ResidentsFile;
use geofence::silence::Told;
use geofence::{Event, Signal, State, World, next_deadline, standing, step};
use model::{Fix, Method, Timestamp, Wgs84};
use serde_json::{Value, json};

/// So many deadlines are fired between two events; every one of them must lie after the one before.
const DEADLINES: usize = 300;
const EVENTS: usize = 60;
/// A file with more than this makes an input slow and finds nothing new.
const RESIDENTS: usize = 4;
const HOME: (f64, f64) = (33.9624, 118.2757);

/// Takes bytes from the front; zeros when there are none left.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn choose<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }

    fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// From -1 to 1.
    fn share(&mut self) -> f64 {
        f64::from(i16::from_le_bytes([self.byte(), self.byte()])) / 32_768.0
    }

    /// Any eight bytes as a number, or one that is often met.
    fn number(&mut self, usual: f64) -> f64 {
        match self.byte() % 8 {
            0 => f64::from_le_bytes(std::array::from_fn(|_| self.byte())),
            1 => self.choose(&[0.0, -0.0, -1.0, 1e-300, 1e300, f64::NAN, f64::INFINITY, f64::MIN]),
            _ => usual * (1.0 + self.share()),
        }
    }

    /// Longitude and latitude: mostly near home, sometimes at an end of the earth.
    fn position(&mut self) -> [f64; 2] {
        match self.byte() % 8 {
            0 => self.choose(&[
                [0.0, 90.0],
                [180.0, -90.0],
                [180.0, 33.9],
                [-180.0, 33.9],
                [179.9999, 0.0],
                [f64::NAN, 0.0],
            ]),
            1 => [self.share() * 180.0, self.share() * 90.0],
            _ => [HOME.1 + self.share() * 0.02, HOME.0 + self.share() * 0.02],
        }
    }

    /// From 1970 to 2099, mostly about now.
    fn time(&mut self, now: Timestamp) -> Timestamp {
        let second = match self.byte() % 8 {
            0 => self.choose(&[0_i64, -1, 4_102_444_799, i64::from(i32::MAX), 951_782_400, 1_798_732_799]),
            1 => i64::from(u32::from_le_bytes(std::array::from_fn(|_| self.byte()))) % 4_102_444_800,
            _ => now.as_second() + i64::from(self.byte()) * 2 - 60,
        };
        Timestamp::from_second(second).unwrap_or(now)
    }
}

fn shape(bytes: &mut Bytes<'_>) -> Value {
    let ring = |bytes: &mut Bytes<'_>| {
        let mut ring: Vec<[f64; 2]> = (0..bytes.byte() % 9).map(|_| bytes.position()).collect();
        if !bytes.byte().is_multiple_of(8) {
            ring.extend(ring.first().copied());
        }
        ring
    };
    match bytes.byte() % 4 {
        0 => json!({"type": "Polygon", "coordinates": [ring(bytes), ring(bytes)]}),
        1 => json!({"type": "Corridor", "line": ring(bytes), "width_m": bytes.number(60.0)}),
        2 => json!({"type": "MultiPolygon", "coordinates": [[ring(bytes)], [ring(bytes)]]}),
        _ => json!({"type": "Circle", "center": bytes.position(), "radius_m": bytes.number(200.0)}),
    }
}

fn schedule(bytes: &mut Bytes<'_>) -> Value {
    let times = ["00:00", "24:00", "22:00", "06:00", "12:30", "23:59", "25:00", ""];
    let entries = (0..bytes.byte() % 4).map(|_| {
        let mut entry =
            json!({"from": bytes.choose(&times), "to": bytes.choose(&times), "armed": bytes.flag()});
        if bytes.flag() {
            entry["days"] = json!([bytes.choose(&["mon", "sun", "wed", "frog"])]);
        } else {
            entry["date"] =
                json!(bytes.choose(&["2026-12-31", "2027-01-01", "2024-02-29", "2026-02-30", "9999-12-31"]));
        }
        entry
    });
    Value::Array(entries.collect())
}

fn resident(bytes: &mut Bytes<'_>, number: u8) -> Value {
    let fences = (0..bytes.byte() % 4).map(|fence| {
        json!({"id": format!("f{fence}"), "kind": bytes.choose(&["safe", "forbidden"]), "shape": shape(bytes),
            "schedule": schedule(bytes), "dwell_s": bytes.choose(&[0.0, 60.0, 86_400.0, -1.0]),
            "home_by": [bytes.choose(&["18:00", "24:00", "00:00"])]})
    });
    let fences: Vec<Value> = fences.collect();
    json!({"id": format!("r{number}"), "fences": fences,
        "policy": {"dementia": bytes.flag(), "lives_alone": bytes.flag(), "companion": bytes.flag()},
        "handset": {"id": format!("h{number}"), "heartbeat_s": bytes.number(300.0)}})
}

fn made(bytes: &mut Bytes<'_>) -> ResidentsFile {
    let residents: Vec<Value> = (0..=bytes.byte() % 2).map(|number| resident(bytes, number)).collect();
    let zones: Vec<Value> = (0..bytes.byte() % 4)
        .map(|zone| json!({"id": format!("z{zone}"), "shape": shape(bytes), "dwell_s": bytes.choose(&[0.0, 90.0])}))
        .collect();
    let rules = bytes.flag().then(|| {
        json!({"threshold": bytes.number(7.2), "fix_at_most": bytes.number(6.2), "repeat_s": bytes.number(1_800.0),
            "vehicle_mps": bytes.number(4.5), "impossible_mps": bytes.number(40.0)})
    });
    // What is no number becomes null, and a file with that is refused as a whole.
    serde_json::from_value(json!({"residents": residents, "zones": zones, "rules": rules}))
        .unwrap_or_default()
}

fn fix(bytes: &mut Bytes<'_>, now: Timestamp) -> Option<Fix> {
    let [lon, lat] = bytes.position();
    let accuracy_m = match bytes.byte() % 4 {
        0 => bytes.choose(&[0.0, -1.0, f64::NAN, f64::INFINITY, 50_000.0, 20_000.0, 1e-300]),
        _ => f64::from(bytes.byte()),
    };
    Some(Fix {
        boot: None,
        seq: None,
        fix_time: bytes.time(now),
        position: Wgs84::new(lat, lon).ok()?,
        accuracy_m,
        method: bytes.choose(&[Method::Gps, Method::Gps, Method::Wifi, Method::Aflt, Method::Cell]),
        speed_mps: bytes.choose(&[None, Some(0.0), Some(9.0), Some(f64::NAN), Some(-1.0)]),
        bearing_deg: None,
        battery_pct: None,
    })
}

fn told(bytes: &mut Bytes<'_>) -> Told {
    let flags = [None, Some(true), Some(false)];
    let (online, charging, worn) = (bytes.choose(&flags), bytes.choose(&flags), bytes.choose(&flags));
    let battery_pct = match bytes.byte() % 4 {
        0 => bytes.choose(&[None, Some(f64::NAN), Some(-5.0), Some(1e300)]),
        _ => Some(f64::from(bytes.byte()) / 2.5),
    };
    Told { online, battery_pct, charging, worn }
}

/// One resident's life by the bytes; what was told, and what is remembered.
fn live(world: &World, resident: &geofence::Resident, mut bytes: Bytes<'_>) -> (Vec<Signal>, State) {
    let (mut state, mut out) = (State::default(), Vec::new());
    let mut now = Timestamp::from_second(1_795_420_800).expect("a moment");
    for _ in 0..EVENTS {
        if bytes.0.is_empty() {
            break;
        }
        let next = bytes.time(now);
        // The clock of a server is never set back by an event; it may leap.
        let until = next.max(now);
        for _ in 0..DEADLINES {
            let Some(due) = next_deadline(&state).filter(|due| *due <= until) else { break };
            assert!(due > now, "a deadline of the past: {due} at {now}");
            now = due;
            step(world, resident, &mut state, Event::Tick, now, &mut out);
        }
        now = until;
        let kind = bytes.byte() % 8;
        let fixes: Vec<Fix> =
            (0..[0, 0, 0, 1, 1, 1, 4, 9][usize::from(kind)]).filter_map(|_| fix(&mut bytes, now)).collect();
        let event = match kind {
            0 => Event::Status(told(&mut bytes)),
            1 if bytes.flag() => Event::Press,
            1 if bytes.flag() => Event::Fall { at: bytes.time(now) },
            1 => Event::Heard,
            2 if bytes.flag() => Event::Snooze { fence: "f0", until: bytes.time(now) },
            2 => Event::Companion { until: bytes.time(now) },
            _ => Event::Fixes(&fixes),
        };
        step(world, resident, &mut state, event, now, &mut out);
        assert!(next_deadline(&state).is_none_or(|due| due > now), "a deadline that is over");
        for number in 0..resident.fences.len() {
            assert!(standing(world, resident, &state, number, now).is_some());
        }
    }
    (out, state)
}

pub(crate) fn watching(input: &[u8]) {
    let (text, events) = match input.iter().position(|byte| *byte == 0) {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (input, &[][..]),
    };
    let mut bytes = Bytes(if text.first() == Some(&b'{') { events } else { input });
    let file: ResidentsFile = serde_json::from_slice(text).unwrap_or_else(|_| made(&mut bytes));
    let mut problems = Vec::new();
    let world = file.world(&mut problems);
    for entry in file.residents.iter().take(RESIDENTS) {
        let resident = entry.resident(&mut problems);
        let (told, state) = live(&world, &resident, Bytes(bytes.0));
        let (again, same) = live(&world, &resident, Bytes(bytes.0));
        assert_eq!(told, again);
        assert_eq!(serde_json::to_string(&state).ok(), serde_json::to_string(&same).ok());
        for signal in &told {
            assert!(signal.since <= signal.at, "{signal:?}");
            assert!(!signal.evidence.why.is_empty());
        }
    }
    for problem in &problems {
        assert!(!problem.to_string().is_empty());
    }
}
