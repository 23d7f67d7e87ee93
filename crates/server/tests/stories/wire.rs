//! What becomes of a report of a fall that is damaged on its way.

use crate::{lines, replay_of, rule, synthetic::Body};
use geofence::falls::{Assessment, Unusable, Verdict, Window, Worn, assess};
use model::Timestamp;
use protocol::decode_fall;
use serde_json::{Value, json};

/// What the detector says of samples as they came.
fn judged(samples: &Value) -> Assessment {
    let report = json!({ "fall_id": "f1", "boot": "7f3a", "seq": 1, "samples": samples });
    let received_at: Timestamp = "2026-11-23T08:20:00Z".parse().unwrap();
    let fall = decode_fall(&serde_json::to_vec(&report).unwrap(), received_at).message;
    let Some(samples) = fall.samples else { return Assessment::without(Worn::Waist) };
    assess(&Window { hz: samples.hz, unit: &samples.unit, xyz: &samples.xyz }, Worn::Waist)
}

#[test]
fn a_broken_row_is_bridged_and_too_many_are_said_to_be_broken() {
    let with = |broken: usize, row: &Value| {
        let mut xyz: Vec<Value> = Body::walks().seen(25.0, None).iter().map(|row| json!(row)).collect();
        xyz.iter_mut().skip(100).take(broken).for_each(|one| *one = row.clone());
        judged(&json!({ "hz": 25, "unit": "mg", "xyz": xyz }))
    };
    for row in [json!([null, 1, 2]), json!([1, 2]), json!("7"), json!(null)] {
        let told = with(1, &row);
        assert!(told.probability().is_some() && !told.is_fall(), "{row}: {told:?}");
        assert!(!with(0, &row).is_fall());
        assert_eq!(with(150, &row).verdict, Verdict::Unusable(Unusable::NotNumbers), "{row}");
    }
}

#[test]
fn samples_that_cannot_be_read_are_not_said_to_be_missing() {
    let xyz = Body::walks().seen(25.0, None);
    for (samples, why) in [
        (json!(null), Unusable::NoSamples),
        (json!({ "hz": 25, "unit": "mg", "xyz": [] }), Unusable::NoSamples),
        (json!({ "hz": 25, "unit": "mg", "xyz": "AAEC" }), Unusable::NotNumbers),
        (json!("AAEC"), Unusable::NotNumbers),
        (json!({ "unit": "mg", "xyz": xyz }), Unusable::Rate),
        (json!({ "hz": 1e9, "unit": "mg", "xyz": xyz }), Unusable::Rate),
        (json!({ "hz": 25, "xyz": xyz }), Unusable::Unit),
    ] {
        assert_eq!(judged(&samples).verdict, Verdict::Unusable(why));
    }
}

/// Sits down so hard that the handset reports a fall, and says by its button that it was none: within the minute, and after it. What
/// says so of no fall is one.
pub(crate) fn a_cancel_is_a_yes_to_the_last_fall() {
    let samples = json!({ "hz": 25, "unit": "mg", "xyz": Body::sits_down_hard().seen(25.0, None) });
    let report = json!({ "fall_id": "f1", "boot": "7f3a", "seq": 1, "samples": samples });
    let again = json!({ "fall_id": "f2", "boot": "7f3a", "seq": 3, "samples": samples });
    let cancel = json!({ "fall_id": "f1", "boot": "7f3a", "seq": 2, "cancel": true });
    let at = |time: &str, payload: &Value| {
        let received_at = format!("2026-11-23T03:{time}Z");
        json!({ "received_at": received_at, "topic": "jjl/h1/fall", "payload": payload })
    };
    for (messages, told) in [
        (vec![at("00:00", &report), at("00:20", &cancel)], vec!["fall/asked", "well"]),
        (vec![at("00:00", &report), at("01:30", &cancel)], vec!["fall/asked", "fall/no_answer"]),
        (vec![at("00:00", &cancel)], vec!["fall/not_judged", "silence"]),
        (
            vec![at("00:00", &report), at("00:10", &again), at("00:20", &cancel)],
            vec!["fall/asked", "fall/asked", "well", "fall/no_answer"],
        ),
    ] {
        let text: Vec<String> = messages.iter().map(ToString::to_string).collect();
        let output = replay_of("are-you-all-right", text.join("\n").into_bytes(), &[]);
        assert_eq!(lines(&output).iter().map(rule).collect::<Vec<_>>(), told, "{text:?}");
    }
}
