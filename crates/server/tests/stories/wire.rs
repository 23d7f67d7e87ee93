//! What becomes of a report of a fall that is damaged on its way.

use crate::synthetic::Body;
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
