//! `jjl/<h>/press`: the emergency button. A press is a press whatever its bytes are, so decoding cannot fail.

use super::fields::{Fields, Told};
use super::fix::{Around, read_value};
use super::identity::Parts;
use super::payload::{Opened, open_object};
use crate::defect::{Decoded, Defects};
use model::{Fix, HandsetId, Timestamp};
use serde_json::{Map, Value};

/// How much of a payload could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// All that was there.
    Whole,
    /// Some of it; the defects say what not.
    Partly,
    /// Nothing of use.
    Unreadable,
    /// There was nothing.
    Empty,
}

impl Reading {
    /// What the defects and the yield of a payload amount to.
    pub(crate) fn of(defects: &Defects, knows_something: bool) -> Self {
        match (defects.is_empty(), knows_something) {
            (true, _) => Self::Whole,
            (false, true) => Self::Partly,
            (false, false) => Self::Unreadable,
        }
    }
}

/// A press of the button, or the cancel of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Press {
    /// The id the handset gave it.
    pub press_id: Option<String>,
    /// The handset's boot.
    pub boot: Option<String>,
    /// Counts up within the boot.
    pub seq: Option<u64>,
    /// When the button was pressed, as the handset's clock had it.
    pub pressed_at: Option<Timestamp>,
    /// What was said instead, when it cannot have been meant; canonical.
    pub pressed_at_text: Option<String>,
    /// The resident takes an earlier press back.
    pub cancel: bool,
    /// The position it came with.
    pub fix: Option<Fix>,
    /// Charge of the battery.
    pub battery_pct: Option<f64>,
    /// How much of the payload this is.
    pub reading: Reading,
    /// Something that tells this press from others was there and was not read, or may have been cut off: it
    /// must not be taken for a repeat, so it has no identity.
    pub doubtful: bool,
}

impl Press {
    /// A press of which nothing is known but that it was made.
    pub(crate) fn bare(reading: Reading) -> Self {
        Self {
            press_id: None,
            boot: None,
            seq: None,
            pressed_at: None,
            pressed_at_text: None,
            cancel: false,
            fix: None,
            battery_pct: None,
            reading,
            doubtful: true,
        }
    }

    /// The text that is equal for two messages exactly when the second is a repeat of the first; `None` when
    /// this press cannot be told from others, and so is never taken for one.
    pub fn identity(&self, handset: &HandsetId) -> Option<String> {
        if self.doubtful {
            return None;
        }
        let parts = Parts {
            id: self.press_id.as_deref(),
            boot: self.boot.as_deref(),
            seq: self.seq,
            time: self.pressed_at,
            time_text: self.pressed_at_text.as_deref(),
            kind: if self.cancel { "cancel" } else { "press" },
        };
        parts.identity(handset)
    }

    fn knows_something(&self) -> bool {
        self.press_id.is_some()
            || self.boot.is_some()
            || self.seq.is_some()
            || self.pressed_at.is_some()
            || self.pressed_at_text.is_some()
            || self.cancel
            || self.fix.is_some()
            || self.battery_pct.is_some()
    }
}

/// Reads the payload of a press topic.
pub fn decode_press(payload: &[u8], received_at: Timestamp) -> Decoded<Press> {
    let mut defects = Defects::default();
    let press = match open_object(payload, &mut defects) {
        Ok((object, cut_off)) => read_press(&object, cut_off, received_at, &mut defects),
        Err(Opened::Empty) => Press::bare(Reading::Empty),
        Err(Opened::Unreadable | Opened::Json { .. }) => Press::bare(Reading::Unreadable),
    };
    defects.with(press)
}

fn read_press(
    object: &Map<String, Value>,
    cut_off: bool,
    received_at: Timestamp,
    defects: &mut Defects,
) -> Press {
    let mut fields = Fields::new(object, "", defects);
    let mut press = Press {
        press_id: fields.text("press_id"),
        boot: fields.text("boot"),
        seq: fields.count("seq"),
        cancel: fields.flag("cancel").unwrap_or(false),
        battery_pct: fields.battery_pct(),
        ..Press::bare(Reading::Whole)
    };
    let told = fields.time("pressed_at", received_at);
    let is_time_doubtful = is_doubtful(&told, "pressed_at", fields.defects());
    (press.pressed_at, press.pressed_at_text) = split(told);
    if let Some(value) = fields.get("fix") {
        let time = Some(press.pressed_at.unwrap_or(received_at));
        let around = Around { received_at, boot: press.boot.as_deref(), time, cut_off };
        press.fix = read_value(value, "fix", around, fields.defects());
    }
    let is_any_refused = ["press_id", "boot", "seq", "cancel"].into_iter().any(|field| defects.touch(field));
    press.doubtful = cut_off || is_time_doubtful || is_any_refused;
    press.reading = Reading::of(defects, press.knows_something());
    press
}

/// Whether the time fails to tell this message from others: it was there, but is not known exactly.
pub(crate) fn is_doubtful(told: &Told, field: &str, defects: &Defects) -> bool {
    match told {
        Told::Absent => defects.touch(field),
        Told::Believed(_) => false,
        Told::Unbelieved { exact, .. } => !exact,
    }
}

/// The time, or the text that stands where it should.
pub(crate) fn split(told: Told) -> (Option<Timestamp>, Option<String>) {
    match told {
        Told::Absent => (None, None),
        Told::Believed(time) => (Some(time), None),
        Told::Unbelieved { text, .. } => (None, Some(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T08:20:00Z".parse().unwrap()
    }

    fn decode(payload: &str) -> Press {
        decode_press(payload.as_bytes(), now()).message
    }

    fn identity(payload: &str) -> Option<String> {
        decode(payload).identity(&HandsetId::new("h").unwrap())
    }

    const WHOLE: &str = r#"{"press_id":"p-1","boot":"b","seq":1,"pressed_at":"2026-11-23T08:00:00Z","fix":null,"battery_pct":70}"#;

    #[test]
    fn a_whole_press_is_read() {
        let decoded = decode_press(WHOLE.as_bytes(), now());
        assert_eq!(decoded.defects, []);
        let expected = Press {
            press_id: Some("p-1".to_owned()),
            boot: Some("b".to_owned()),
            seq: Some(1),
            pressed_at: Some("2026-11-23T08:00:00Z".parse().unwrap()),
            battery_pct: Some(70.0),
            doubtful: false,
            ..Press::bare(Reading::Whole)
        };
        assert_eq!(decoded.message, expected);
        assert_eq!(decode("{}").reading, Reading::Whole);
    }

    #[test]
    fn whatever_the_bytes_it_is_a_press() {
        for (payload, reading) in [
            ("", Reading::Empty),
            (" \0", Reading::Empty),
            ("help", Reading::Unreadable),
            ("[]", Reading::Unreadable),
            ("{", Reading::Unreadable),
            (r#"{"press_id":"p-"#, Reading::Unreadable),
            (r#"{"press_id":{}}"#, Reading::Unreadable),
            (r#"{"press_id":"p-1""#, Reading::Partly),
            (r#"{"press_id":"p-1","battery_pct":900}"#, Reading::Partly),
        ] {
            assert_eq!(decode(payload).reading, reading, "{payload}");
        }
        assert_eq!(decode_press(b"\xff\xfe\x00", now()).message.reading, Reading::Unreadable);
    }

    #[test]
    fn a_cut_off_press_keeps_what_stood_before_the_cut_and_has_no_identity() {
        let cut = WHOLE.split_at(70).0;
        let press = decode(cut);
        assert_eq!(
            (press.press_id.as_deref(), press.boot.as_deref(), press.seq),
            (Some("p-1"), Some("b"), Some(1))
        );
        assert_eq!((press.reading, identity(cut)), (Reading::Partly, None));
    }

    #[test]
    fn a_broken_fix_costs_the_fix_alone() {
        for fix in [
            r#"{"lat":nan,"lon":nan}"#,
            r#"{"lat":99,"lon":118,"fix_time":1795421704}"#,
            r#"{"lat":0,"lon":0,"fix_time":1795421704}"#,
            "7",
        ] {
            let payload = WHOLE.replace("null", fix);
            let press = decode(&payload);
            assert_eq!((press.fix.is_some(), press.reading), (false, Reading::Partly), "{fix}");
            assert_eq!(identity(&payload), identity(WHOLE), "{fix}");
        }
    }

    #[test]
    fn a_position_with_a_wrong_date_stands_at_the_time_of_the_press() {
        for time in ["", r#","fix_time":0"#, r#","fix_time":"2099-01-01T00:00:00Z""#] {
            let press = decode(&WHOLE.replace("null", &format!(r#"{{"lat":33.9,"lon":118.2{time}}}"#)));
            let fix = press.fix.unwrap();
            assert_eq!(Some(fix.fix_time), press.pressed_at);
            assert_eq!((fix.boot.as_deref(), press.reading), (Some("b"), Reading::Partly));
        }
    }

    #[test]
    fn a_fix_that_lost_its_end_gets_the_widest_circle() {
        let press =
            decode(r#"{"press_id":"p","fix":{"lat":33.9624,"lon":118.2757,"fix_time":1795421704,"accu"#);
        assert!((press.fix.unwrap().accuracy_m - 1500.0).abs() < 1e-9);
    }

    #[test]
    fn spellings_of_one_press_are_one_press() {
        for other in [
            WHOLE.replace("\"seq\":1", "\"seq\":\"1.0\""),
            WHOLE.replace("08:00:00Z", "16:00:00+08:00"),
            WHOLE.replace("\"2026-11-23T08:00:00Z\"", "1795420800"),
            WHOLE.replace("70}", "12,\"cancel\":0}"),
            format!("{WHOLE}\0\0"),
        ] {
            assert_eq!(identity(&other), identity(WHOLE), "{other}");
        }
    }

    #[test]
    fn two_presses_are_never_one() {
        for other in [
            WHOLE.replace("p-1", "p-2"),
            WHOLE.replace("\"b\"", "\"c\""),
            WHOLE.replace("\"seq\":1", "\"seq\":2"),
            WHOLE.replace("08:00:00Z", "08:00:01Z"),
            WHOLE.replace("2026-11-23T08:00:00Z", "1970-01-01T00:00:00Z"),
            WHOLE.replace("2026-11-23T08:00:00Z", "soon"),
            WHOLE.replace("70}", "70,\"cancel\":true}"),
        ] {
            assert!(identity(&other).is_some(), "{other}");
            assert_ne!(identity(&other), identity(WHOLE), "{other}");
        }
    }

    #[test]
    fn what_cannot_be_told_apart_has_no_identity() {
        for payload in [
            r#"{"press_id":"p-1"}"#.to_owned(),
            r#"{"press_id":"p-1","boot":"b"}"#.to_owned(),
            r#"{"boot":"b","seq":1,"pressed_at":1795420800}"#.to_owned(),
            WHOLE.replace("\"seq\":1", "\"seq\":-1"),
            WHOLE.replace("\"seq\":1", "\"seq\":nan"),
            WHOLE.replace("p-1", "p\\u0000"),
            WHOLE.replace("p-1", &"p".repeat(300)),
            WHOLE.replace("\"2026-11-23T08:00:00Z\"", "{}"),
            WHOLE.replace("\"2026-11-23T08:00:00Z\"", "nan"),
            WHOLE.replace("70}", "70,\"cancel\":\"perhaps\"}"),
            format!("{WHOLE}{WHOLE}"),
        ] {
            assert_eq!(identity(&payload), None, "{payload}");
        }
    }

    #[test]
    fn a_repeat_is_one_also_when_its_date_became_believable_meanwhile() {
        let payload = WHOLE.replace("2026-11-23", "2028-12-23");
        let later: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let early = decode(&payload);
        let late = decode_press(payload.as_bytes(), later).message;
        assert!(early.pressed_at.is_none() && late.pressed_at.is_some());
        let handset = HandsetId::new("h").unwrap();
        assert_eq!(early.identity(&handset), late.identity(&handset));
    }
}
