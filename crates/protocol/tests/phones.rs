//! What holds for every payload of a telephone, also for those that no app should send.

use model::{HandsetId, Timestamp};
use proptest::prelude::*;
use protocol::{
    NONCE_BYTES, OwnTracks, Passphrase, PhoneName, decode_osmand, decode_owntracks, split_osmand, told_topic,
};

const LOCATION: &str = r#"{"_type":"location","acc":15,"alt":440,"batt":46,"bs":2,"lat":33.9624,"lon":118.2757,"t":"u","tst":1795421704,"vel":18}"#;
const WAYPOINTS: &str = r#"{"_type":"waypoints","waypoints":[{"_type":"waypoint","desc":"home","lat":33.96,"lon":118.27,"rad":"50","tst":1}]}"#;
const ENCRYPTED: &str =
    r#"{"_type":"encrypted","data":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXSvrMdfOvsAQywtLb01Zi"}"#;
const FORM: &str =
    "id=0123456789abcdef&lat=33.9624&lon=118.2757&timestamp=1795421704&speed=1&batt=79&alarm=sos&charge=true";
const JSON: &str = r#"{"device_id":"0123456789abcdef","location":{"timestamp":"2026-11-23T08:15:04.000Z","coords":{"latitude":33.9624,"longitude":118.2757,"speed":-1},"battery":{"level":0.5},"alarm":"sos"}}"#;

fn now() -> Timestamp {
    "2026-11-23T08:20:00Z".parse().expect("a time")
}

fn phone() -> PhoneName {
    PhoneName::new("demo", "phone").expect("a name")
}

/// One cut or change of bytes, as a bad line or a full buffer makes it.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let base = prop::sample::select(vec![LOCATION, WAYPOINTS, ENCRYPTED, FORM, JSON]);
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..6);
    (base, changes).prop_map(|(base, changes)| {
        let mut bytes = base.as_bytes().to_vec();
        for (index, byte, change) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            match change {
                0 => bytes.truncate(at),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, byte),
                _ => bytes[at] = byte,
            }
        }
        bytes
    })
}

fn anything() -> impl Strategy<Value = Vec<u8>> {
    let json_like = r#"([\{\}\[\]:,"\\ 0-9a-z\.\-]|"_type"|"location"|"lat":|"tst":|"alarm":"sos"|null|nan|&id=|&lat=|%){0,40}"#;
    prop_oneof![mutated(), prop::collection::vec(any::<u8>(), 0..300), json_like.prop_map(String::into_bytes)]
}

fn location(payload: &str) -> protocol::Decoded<OwnTracks> {
    decode_owntracks(&phone(), payload.as_bytes(), now())
}

proptest! {
    #[test]
    fn no_payload_panics_and_none_gives_a_position_from_nowhere(payload in anything()) {
        let decoded = decode_owntracks(&phone(), &payload, now());
        if let OwnTracks::Encrypted(data) = &decoded.message {
            prop_assert!(Passphrase::new("demo-phone").expect("words").open(data).is_err());
        }
        told_topic(&payload);
        let (_, rest) = split_osmand(&payload);
        let report = decode_osmand(&rest, now());
        let fixes = report.message.fixes.iter().chain(match &decoded.message {
            OwnTracks::Location(location) => location.fix.as_ref(),
            _ => None,
        });
        for fix in fixes {
            prop_assert!(fix.accuracy_m > 0.0 && fix.accuracy_m.is_finite());
            prop_assert_eq!(fix.boot.is_some(), fix.seq.is_some());
            prop_assert!(fix.seq.is_none_or(|seq| i64::try_from(seq).is_ok()));
            prop_assert!(fix.fix_time.as_second() >= 1_577_836_800);
        }
        for press in &report.message.presses {
            press.identity(&HandsetId::new("h").expect("an id"));
        }
        for defect in report.defects.iter().chain(&decoded.defects) {
            prop_assert!(!defect.to_string().contains('\0'));
        }
    }

    #[test]
    fn a_location_that_was_written_reads_the_same(
        lat in -90.0..90.0_f64, lon in -180.0..180.0_f64, acc in 1..100_000_u32, vel in 0..1_000_u16, batt in 0..=100_u8,
        tst in 1_600_000_000..1_795_421_704_i64, in_quotes: bool,
    ) {
        let text = if in_quotes {
            format!(r#"{{"_type":"location","lat":"{lat}","lon":"{lon}","acc":"{acc}","vel":"{vel}","batt":"{batt}","tst":"{tst}"}}"#)
        } else {
            serde_json::json!({"_type":"location","lat":lat,"lon":lon,"acc":acc,"vel":vel,"batt":batt,"tst":tst}).to_string()
        };
        let decoded = location(&text);
        prop_assert_eq!(&decoded.defects, &vec![]);
        let OwnTracks::Location(read) = decoded.message else { return Err(TestCaseError::fail("no location")) };
        let fix = read.fix.expect("a fix");
        prop_assert!((fix.position.lat() - lat).abs() < 1e-9);
        prop_assert_eq!((fix.fix_time.as_second(), fix.battery_pct), (tst, Some(f64::from(batt))));
        prop_assert!((fix.accuracy_m - f64::from(acc)).abs() < 1e-9);
        prop_assert!((fix.speed_mps.expect("a speed") * 3.6 - f64::from(vel)).abs() < 1e-9);
    }

    #[test]
    fn what_was_sealed_opens_with_its_own_words_alone(
        words in "[a-zA-Z0-9]{1,32}", other in "[a-zA-Z0-9]{1,32}", nonce: [u8; NONCE_BYTES],
        message in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let data = Passphrase::new(&words).expect("words").seal(&nonce, &message);
        prop_assert_eq!(Passphrase::new(&words).expect("words").open(&data), Ok(message));
        prop_assert_eq!(Passphrase::new(&other).expect("words").open(&data).is_ok(), words == other);
    }

    #[test]
    fn a_form_that_was_written_reads_the_same(
        lat in -90.0..90.0_f64, lon in -180.0..180.0_f64, knots in 0..500_u16, tst in 1_600_000_000..1_795_421_704_i64,
        pressed: bool,
    ) {
        let alarm = if pressed { "&alarm=sos" } else { "" };
        let rest = format!("speed={knots}&lat={lat}&timestamp={tst}{alarm}&lon={lon}");
        let decoded = decode_osmand(rest.as_bytes(), now());
        prop_assert_eq!(decoded.defects, vec![]);
        prop_assert_eq!(decoded.message.presses.len(), usize::from(pressed));
        let fix = &decoded.message.fixes[0];
        prop_assert_eq!(fix.fix_time.as_second(), tst);
        prop_assert!((fix.speed_mps.expect("a speed") - f64::from(knots) * 0.514_444_4).abs() < 1e-4);
        prop_assert!((fix.position.lon() - lon).abs() < 1e-9);
    }

    #[test]
    fn no_id_is_left_in_what_is_kept(id in "[A-Za-z0-9._~:-]{16,40}", in_json: bool) {
        let payload = if in_json { JSON } else { FORM }.replace("0123456789abcdef", &id);
        let (found, rest) = split_osmand(payload.as_bytes());
        prop_assert_eq!(found.as_deref(), Some(id.as_str()));
        prop_assert!(!String::from_utf8_lossy(&rest).contains(&id));
        let decoded = decode_osmand(&rest, now());
        prop_assert_eq!((decoded.message.presses.len(), decoded.message.fixes.len(), decoded.defects), (1, 1, vec![]));
    }
}
