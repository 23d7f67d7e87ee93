//! What holds for every payload, also for those that no firmware should send.

use model::{HandsetId, SignedDuration, Timestamp};
use proptest::prelude::*;
use protocol::{
    Context, Reading, decode_answer, decode_fall, decode_fixes, decode_press, decode_status, fall_signal,
    press_signal,
};

const PRESS: &str = r#"{"press_id":"p-1","boot":"7f3a","seq":42,"pressed_at":"2026-11-23T08:15:04Z","fix":{"fix_time":1795421704,"lat":33.9624,"lon":118.2757,"accuracy_m":"18"},"battery_pct":71,"cancel":false}"#;
const FALL: &str = r#"{"fall_id":"f-1","boot":"7f3a","seq":43,"at":1795421704000,"fix":null,"samples":{"hz":50,"unit":"mg","xyz":[[0,0,1000],[1,2,3]]}}"#;
const BATCH: &str = r#"{"boot":"7f3a","fixes":[{"seq":1,"fix_time":1795421704,"lat":33.9,"lon":118.2},{"seq":2,"fix_time":1795421705,"lat":33.9,"lon":118.2}]}"#;
const GOOD: &str = r#"{"boot":"good","seq":1,"fix_time":1795421704,"lat":33.9624,"lon":118.2757}"#;

fn now() -> Timestamp {
    "2026-11-23T08:20:00Z".parse().expect("a time")
}

fn handset() -> HandsetId {
    HandsetId::new("h1").expect("an id")
}

/// One cut or change of bytes, as a bad line or a full buffer makes it.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let base = prop::sample::select(vec![PRESS, FALL, BATCH]);
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
    let json_like = r#"([\{\}\[\]:,"\\ 0-9a-z\.\-]|"press_id"|"fix"|"seq":|"boot":|"pressed_at":|"lat":|null|nan|true){0,40}"#;
    prop_oneof![mutated(), prop::collection::vec(any::<u8>(), 0..300), json_like.prop_map(String::into_bytes),]
}

/// An element that no list of fixes should hold, balanced in quotes and brackets.
fn broken_neighbour() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "nan",
            "7",
            "null",
            "[]",
            "{}",
            "\"x\"",
            "{\"lat\":nan}",
            "{lat:1}",
            "[[[1,2]]]",
            "{\"lat\":99,\"lon\":1}",
            "{\"a\":'b'}",
            "--1",
            "{\"lat\":1e999,\"lon\":0,\"fix_time\":0}",
        ])
        .prop_map(str::to_owned),
        "[a-z0-9 :.\\-+]{0,20}",
        "\\{\"[a-z]{1,5}\":[a-z0-9.\\-]{0,9}\\}",
        "\"[^\"\\\\]{0,20}\"",
    ]
}

fn choice(of: &[&str]) -> impl Strategy<Value = Option<String>> + use<> {
    prop::option::of(prop::sample::select(of.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()))
}

type Six = (Option<String>, Option<String>, Option<u64>, Option<String>, bool);

/// Few values for each part, and values that would run into each other if the parts were only joined.
fn six_fields() -> impl Strategy<Value = Six> {
    (
        choice(&["p", "p|1:b", "1:p", "-"]),
        choice(&["b", "1", "b|1:1", "-"]),
        prop::option::of(0..3_u64),
        choice(&["2026-11-23T08:00:00Z", "2026-11-23T08:00:01Z", "1970-01-01T00:00:00Z", "soon", "-"]),
        any::<bool>(),
    )
}

fn payload_of(six: &Six) -> Vec<u8> {
    let (press_id, boot, seq, pressed_at, cancel) = six;
    serde_json::json!({"press_id":press_id,"boot":boot,"seq":seq,"pressed_at":pressed_at,"cancel":cancel})
        .to_string()
        .into_bytes()
}

proptest! {
    #[test]
    fn no_payload_panics_and_every_press_and_fall_gives_a_signal(
        payload in anything(),
        ahead_s in prop::option::of(any::<i64>()),
    ) {
        decode_fixes(&payload, now());
        decode_status(&payload, now());
        decode_answer(&payload);
        let clock_ahead = ahead_s.map(SignedDuration::from_secs);
        let context = Context { clock_ahead, ..Context::of(handset()) };
        let press = decode_press(&payload, now());
        let fall = decode_fall(&payload, now());
        prop_assert_eq!(press.defects.is_empty(), press.message.reading == Reading::Whole);
        for signal in [
            press_signal(&press.message, &payload, &context, now()),
            fall_signal(&fall.message, &payload, &context, now()),
        ] {
            prop_assert!(signal.at.duration_since(now()) <= SignedDuration::from_mins(5));
            prop_assert!(serde_json::to_string(&signal).is_ok_and(|text| !text.contains("\\u0000")));
            prop_assert!(signal.fix.is_none_or(|fix| fix.fix_time.duration_since(now()) <= SignedDuration::from_mins(5)));
        }
        for defect in press.defects.iter().chain(&fall.defects) {
            prop_assert!(!defect.to_string().contains('\0'));
        }
    }

    #[test]
    fn two_presses_are_the_same_exactly_when_all_that_tells_them_apart_is(one in six_fields(), two in six_fields()) {
        let identities = [&one, &two].map(|six| decode_press(&payload_of(six), now()).message.identity(&handset()));
        for (six, identity) in [&one, &two].into_iter().zip(&identities) {
            let (press_id, boot, seq, pressed_at, _) = six;
            let told_apart = press_id.is_some() && ((boot.is_some() && seq.is_some()) || pressed_at.is_some());
            prop_assert_eq!(identity.is_some(), told_apart);
        }
        if let [Some(first), Some(second)] = &identities {
            prop_assert_eq!(first == second, one == two);
        }
    }

    #[test]
    fn a_good_fix_survives_any_neighbour(
        before in prop::collection::vec(broken_neighbour(), 0..3),
        after in prop::collection::vec(broken_neighbour(), 0..3),
    ) {
        let list: Vec<_> = before.iter().map(String::as_str).chain([GOOD]).chain(after.iter().map(String::as_str)).collect();
        let payload = format!(r#"{{"boot":"b","fixes":[{}]}}"#, list.join(","));
        let decoded = decode_fixes(payload.as_bytes(), now());
        let expected = decode_fixes(GOOD.as_bytes(), now()).message;
        prop_assert_eq!(decoded.message, expected, "{}", payload);
    }

    #[test]
    fn a_cut_payload_keeps_its_first_fixes(cut in 0..BATCH.len()) {
        let decoded = decode_fixes(&BATCH.as_bytes()[..cut], now());
        let whole = decode_fixes(BATCH.as_bytes(), now()).message;
        let complete = BATCH[..cut].matches("\"lon\":118.2}").count();
        prop_assert_eq!(decoded.message.as_slice(), &whole[..complete]);
        prop_assert!(!decoded.defects.is_empty());
    }

    #[test]
    fn a_cut_press_never_changes_what_it_says(cut in 1..PRESS.len()) {
        let whole = decode_press(PRESS.as_bytes(), now()).message;
        let press = decode_press(&PRESS.as_bytes()[..cut], now()).message;
        prop_assert!(press.press_id.is_none() || press.press_id == whole.press_id);
        prop_assert!(press.seq.is_none() || press.seq == whole.seq);
        prop_assert!(press.pressed_at.is_none() || press.pressed_at == whole.pressed_at);
        prop_assert!(press.battery_pct.is_none() || press.battery_pct == whole.battery_pct);
        prop_assert!(press.identity(&handset()).is_none());
    }

    #[test]
    fn a_fix_that_was_written_reads_the_same(
        lat in -90.0..90.0_f64, lon in -180.0..180.0_f64, accuracy_m in 0.1..100_000.0_f64,
        seq in prop::option::of(0..u64::try_from(i64::MAX).unwrap()), ms in 1_600_000_000_000..1_795_421_704_000_i64,
    ) {
        let text = serde_json::json!({"lat":lat,"lon":lon,"accuracy_m":accuracy_m,"seq":seq,"fix_time":ms,"method":"wifi"});
        let fixes = decode_fixes(text.to_string().as_bytes(), now());
        prop_assert_eq!(fixes.defects, vec![]);
        let again = decode_fixes(&serde_json::to_vec(&fixes.message[0]).unwrap(), now());
        prop_assert_eq!(fixes.message[0].fix_time.as_millisecond(), ms);
        prop_assert_eq!(fixes.message[0].seq, seq);
        prop_assert!((fixes.message[0].position.lat() - lat).abs() < 1e-9);
        prop_assert!(again.message[0].position.distance_m(fixes.message[0].position) < 0.001);
    }
}
