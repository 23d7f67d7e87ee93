//! Stories of people who are asked whether they are all right, and of a telephone that stands in for a handset.

use crate::made::{Life, Story, home, somebody, time};
use crate::synthetic::Body;
use model::{HandsetId, SignalId, SignalKind, Timestamp};
use protocol::decode_fall;
use serde_json::{Value, json};

/// Three times somebody sits down so hard that the handset asks. She is well; she is not; she says nothing.
pub(crate) fn are_you_all_right() -> Story {
    let mut life = Life::begin(14, 11.0, 120.0, 10.0);
    life.stay(4.0);
    for (id, answer) in [
        ("f1", Some(json!({ "ok": true, "detail": "yes" }))),
        ("f2", Some(json!({ "ok": true, "detail": "help" }))),
        ("f3", None),
    ] {
        let samples = json!({ "hz": 25, "unit": "mg", "xyz": Body::sits_down_hard().seen(25.0, None) });
        let report = json!({
            "fall_id": id, "boot": "7f3a", "seq": life.seq, "at": time(life.at_s), "samples": samples,
        });
        life.say("jjl/h1/fall", &report);
        if let Some(mut answer) = answer {
            answer["command_id"] = json!(question(&report, time(life.at_s + 1.0)));
            life.at_s += 20.0;
            life.say("jjl/h1/answer", &answer);
        }
        life.stay(10.0);
    }
    let mut residents = somebody(&json!({ "lives_alone": true }), &home());
    residents["residents"][0]["handset"]["worn"] = json!("waist");
    Story { name: "are-you-all-right", residents, messages: life.messages }
}

/// The command by which the handset asks about a report: the platform names it by the signal, which the report names.
fn question(report: &Value, received_at: Timestamp) -> String {
    let fall = decode_fall(&serde_json::to_vec(report).unwrap(), received_at).message;
    let identity = fall.identity(&HandsetId::new("h1").unwrap()).unwrap();
    format!("ask-{}", SignalId::from_cause(SignalKind::Fall.as_str(), &[&identity]))
}

/// Falls on the way to the gate, half a minute after a fix, and lies there. A watch that samples fast and speaks SI.
pub(crate) fn a_watch_on_the_way() -> Story {
    let mut life = Life::begin(22, 9.0, 60.0, 10.0);
    life.stay(10.0);
    life.go((200.0, 0.0), 0.8);
    let seen = Body::falls().seen(50.0, None);
    let xyz: Vec<[f64; 3]> =
        seen.iter().map(|row| row.map(|value| (value * 9.806_65).round() / 1_000.0)).collect();
    let at_s = life.at_s;
    life.at_s = at_s - 30.0;
    let report = json!({
        "fall_id": "w1", "boot": "7f3a", "seq": life.seq, "at": time(life.at_s),
        "samples": { "hz": 50, "unit": "m/s2", "xyz": xyz },
    });
    life.say("jjl/h1/fall", &report);
    life.at_s = at_s;
    life.stay(12.0);
    let mut residents = somebody(&json!({ "lives_alone": true }), &home());
    residents["residents"][0]["handset"]["worn"] = json!("wrist");
    Story { name: "a-watch-on-the-way", residents, messages: life.messages }
}

/// Goes out with a telephone instead of a handset, which is lost on the way.
pub(crate) fn by_telephone() -> Story {
    let mut life = Life::begin(15, 14.0, 120.0, 12.0);
    life.stay(40.0);
    life.go((600.0, 0.0), 1.0);
    life.messages.iter_mut().for_each(as_app);
    life.say("owntracks/wang/redmi", &json!({ "_type": "lwt", "tst": 1_795_400_000 }));
    life.at_s += 1_000.0;
    life.say("jjl/h2/status", &json!({ "online": true, "battery_pct": 80, "at": time(life.at_s) }));
    let mut residents = somebody(&json!({}), &home());
    residents["residents"][0]["handset"] =
        json!({ "id": "h1", "heartbeat_s": 300, "phone": { "user": "wang", "device": "redmi" } });
    residents["residents"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "id": "r2", "name": "李建国", "handset": { "id": "h2" } }));
    Story { name: "by-telephone", residents, messages: life.messages }
}

/// A handset's fix as an app says it.
fn as_app(message: &mut Value) {
    let fix = message["payload"].take();
    let fix_time: Timestamp = fix["fix_time"].as_str().unwrap().parse().unwrap();
    message["topic"] = json!("owntracks/wang/redmi");
    message["payload"] = json!({
        "_type": "location", "lat": fix["lat"], "lon": fix["lon"], "acc": fix["accuracy_m"], "tst": fix_time.as_second(),
        "bs": 1,
    });
}
