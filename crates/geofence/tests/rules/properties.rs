use crate::common::{Watched, fix, resident, time};
use geofence::{Event, Kind, Moment, silence::Told};
use model::{Fix, Method, Timestamp, Wgs84};
use proptest::prelude::*;
use serde_json::json;

/// One message: fixes of whatever kind, or something else.
#[derive(Debug, Clone)]
enum Message {
    Fixes(Vec<Fix>),
    Status(Told),
    Press,
    Tick,
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        8 => (0.0..200_000.0).prop_map(time),
        1 => Just("1970-01-01T00:00:00Z".parse().unwrap()),
        1 => Just("2099-12-31T23:59:59Z".parse().unwrap()),
    ]
}

fn any_fix() -> impl Strategy<Value = Fix> {
    let near = (-0.01..0.01, -0.01..0.01).prop_map(|(north, east)| (33.9624 + north, 118.2757 + east));
    let strange =
        prop::sample::select(vec![(90.0, 0.0), (-90.0, 180.0), (33.96, 180.0), (33.96, -180.0), (0.0, 1e-9)]);
    let accuracy_m = prop_oneof![
        4 => 1.0..2_000.0_f64,
        1 => prop::sample::select(vec![0.0, -1.0, f64::NAN, f64::INFINITY, 50_000.0, 1e-300]),
    ];
    let method = prop::sample::select(vec![Method::Gps, Method::Wifi, Method::Aflt, Method::Cell]);
    let speed_mps = prop::option::of(prop::sample::select(vec![0.0, 1.0, 9.0, f64::NAN]));
    (prop_oneof![9 => near, 1 => strange], accuracy_m, method, any_time(), speed_mps, any_battery()).prop_map(
        |((lat, lon), accuracy_m, method, fix_time, speed_mps, battery_pct)| Fix {
            boot: None,
            seq: None,
            fix_time,
            position: Wgs84::new(lat, lon).unwrap(),
            accuracy_m,
            method,
            speed_mps,
            bearing_deg: None,
            battery_pct,
        },
    )
}

fn any_battery() -> impl Strategy<Value = Option<f64>> {
    prop::option::of(prop::sample::select(vec![-5.0, 3.0, 15.0, 90.0, f64::NAN]))
}

fn any_message() -> impl Strategy<Value = Message> {
    let flag = || prop::option::of(any::<bool>());
    let told = (flag(), any_battery(), flag(), flag())
        .prop_map(|(online, battery_pct, charging, worn)| Told { online, battery_pct, charging, worn });
    prop_oneof![
        10 => prop::collection::vec(any_fix(), 0..6).prop_map(Message::Fixes),
        2 => told.prop_map(Message::Status),
        1 => Just(Message::Press),
        3 => Just(Message::Tick),
    ]
}

fn watched() -> Watched {
    let ring = [[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.97], [118.27, 33.96]];
    Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true, "lives_alone": true},
    "handset": {"id": "h1", "heartbeat_s": 300},
    "fences": [
        {"id": "home", "kind": "safe", "home_by": ["18:00"],
         "shape": {"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200}},
        {"id": "yard", "kind": "safe", "shape": {"type": "Polygon", "coordinates": [ring]},
         "schedule": [{"days": ["mon", "tue", "wed"], "from": "22:00", "to": "06:00"}]},
        {"id": "pond", "kind": "forbidden", "dwell_s": 60,
         "shape": {"type": "Corridor", "line": [[118.27, 33.965], [118.28, 33.965]], "width_m": 50}},
    ]})))
}

fn play(messages: &[(f64, Message)]) -> Watched {
    let mut watched = watched();
    let mut second = 0.0;
    for (passed, message) in messages {
        second += passed;
        let now = time(second);
        watched.until(now);
        let event = match message {
            Message::Fixes(fixes) => Event::Fixes(fixes),
            Message::Status(told) => Event::Status(*told),
            Message::Press => Event::Press,
            Message::Tick => Event::Tick,
        };
        watched.event(event, now);
        let next = geofence::next_deadline(&watched.state);
        assert!(next.is_none_or(|next| next > now), "a deadline of the past would never end: {next:?} {now}");
    }
    watched
}

/// Two hours from one second on, at a pace east of home; says how many bytes are remembered then.
fn live(watched: &mut Watched, from_s: f64, every_s: usize, east_m: impl Fn(f64) -> f64) -> usize {
    for second in (0..7_200_u32).step_by(every_s).map(f64::from) {
        watched.until(time(from_s + second));
        watched.take(&fix(east_m(second), 0.0, 10.0, Method::Gps, from_s + second));
    }
    watched.state.bytes()
}

/// One in twenty is out and sends every half minute, the others every two minutes.
#[test]
fn a_resident_takes_less_than_a_kilobyte_in_the_mean() {
    let (mut rests, mut walks) = (watched(), watched());
    let at_home = live(&mut rests, 36_000.0, 120, |_| 0.0);
    let out = live(&mut walks, 36_000.0, 30, |second| second * 0.9);
    assert!(out > at_home + 150, "the way is in it: {out} and {at_home} bytes");
    assert!(19 * at_home + out <= 20 * 1_024, "{out} and {at_home} bytes");
    // What a way took is given back.
    let settled = live(&mut walks, 43_200.0, 120, |_| 6_480.0);
    assert!(settled + 100 <= out, "{settled} of {out} bytes");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_panics_and_every_history_gives_the_same(messages in prop::collection::vec((0.0..5_000.0, any_message()), 1..60)) {
        let (one, other) = (play(&messages), play(&messages));
        prop_assert_eq!(&one.told, &other.told);
        // An episode takes 40 bytes more while it lasts.
        prop_assert!(one.state.bytes() <= 1_024 + 3 * 40, "{} bytes", one.state.bytes());
        let text = serde_json::to_string(&one.state).unwrap();
        prop_assert_eq!(serde_json::from_str::<geofence::State>(&text).unwrap().fences_told(), one.state.fences_told());
    }

    #[test]
    fn one_alarm_an_episode_and_never_after_its_time(messages in prop::collection::vec((0.0..5_000.0, any_message()), 1..60)) {
        let watched = play(&messages);
        for fence in ["home", "yard", "pond"] {
            let mut open = false;
            let own = watched.told.iter().filter(|signal| signal.fence.as_deref() == Some(fence));
            for signal in own.filter(|signal| signal.evidence.rule != "fence/cross") {
                prop_assert!(signal.since <= signal.at);
                if signal.kind == Kind::FenceReturn {
                    prop_assert!(open, "a return from nowhere");
                    open = false;
                } else {
                    prop_assert_eq!(signal.evidence.again == Some(0), !open, "{:?}", signal.evidence.rule);
                    open = true;
                }
            }
        }
    }

    #[test]
    fn what_is_not_newer_changes_nothing(messages in prop::collection::vec((1.0..5_000.0, any_message()), 1..30), late in any_fix()) {
        let mut watched = play(&messages);
        let now = time(400_000.0);
        watched.until(now);
        prop_assume!(watched.state.newest != Moment::PAST);
        let late = Fix { fix_time: watched.state.newest.timestamp().min(late.fix_time), ..late };
        let told = watched.told.len();
        watched.batch(&[late], now);
        prop_assert_eq!(watched.told.get(told..), Some(&[][..]));
    }
}
