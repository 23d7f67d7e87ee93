//! `jjl/<h>/fall`: the handset believes its wearer fell, with what its accelerometer saw round the impact.

use super::fields::Fields;
use super::fix::{Around, read_value};
use super::identity::Parts;
use super::payload::{Opened, open_object};
use super::press::{Reading, is_doubtful, split};
use super::value;
use crate::defect::{Decoded, Defects};
use model::{Fix, HandsetId, Timestamp};
use serde_json::{Map, Value};

/// No accelerometer in a handset samples faster.
const HZ_AT_MOST: f64 = 10_000.0;
/// A row of samples that cannot be read.
const BROKEN: [f64; 3] = [f64::NAN; 3];

/// Accelerations round the impact, evenly spaced in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Samples a second; no number where that cannot be read.
    pub hz: f64,
    /// The unit of every value, as the handset names it; empty where it names none.
    pub unit: String,
    /// One row a sample; one that cannot be read is no numbers.
    pub xyz: Vec<[f64; 3]>,
}

/// A fall as the handset reports it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fall {
    /// The id the handset gave it.
    pub fall_id: Option<String>,
    /// The handset's boot.
    pub boot: Option<String>,
    /// Counts up within the boot.
    pub seq: Option<u64>,
    /// When it happened, as the handset's clock had it.
    pub at: Option<Timestamp>,
    /// What was said instead, when it cannot have been meant; canonical.
    pub at_text: Option<String>,
    /// Whether the wearer says that it was none.
    pub cancel: bool,
    /// The position it came with.
    pub fix: Option<Fix>,
    /// What the accelerometer saw.
    pub samples: Option<Samples>,
    /// How much of the payload this is.
    pub reading: Reading,
    /// As for a press: something that tells this fall from others is not known, so it has no identity.
    pub doubtful: bool,
}

impl Fall {
    fn bare(reading: Reading) -> Self {
        Self {
            fall_id: None,
            boot: None,
            seq: None,
            at: None,
            at_text: None,
            cancel: false,
            fix: None,
            samples: None,
            reading,
            doubtful: true,
        }
    }

    /// As [`crate::Press::identity`]: equal exactly for repeats, `None` when it cannot be told from others.
    pub fn identity(&self, handset: &HandsetId) -> Option<String> {
        if self.doubtful {
            return None;
        }
        let parts = Parts {
            id: self.fall_id.as_deref(),
            boot: self.boot.as_deref(),
            seq: self.seq,
            time: self.at,
            time_text: self.at_text.as_deref(),
            kind: if self.cancel { "fall_cancel" } else { "fall" },
        };
        parts.identity(handset)
    }

    fn knows_something(&self) -> bool {
        self.fall_id.is_some()
            || self.boot.is_some()
            || self.seq.is_some()
            || self.at.is_some()
            || self.at_text.is_some()
            || self.cancel
            || self.fix.is_some()
            || self.samples.is_some()
    }
}

/// Reads the payload of a fall topic. Like a press, a fall is one whatever its bytes are.
pub fn decode_fall(payload: &[u8], received_at: Timestamp) -> Decoded<Fall> {
    let mut defects = Defects::default();
    let fall = match open_object(payload, &mut defects) {
        Ok((object, cut_off)) => read_fall(&object, cut_off, received_at, &mut defects),
        Err(Opened::Empty) => Fall::bare(Reading::Empty),
        Err(Opened::Unreadable | Opened::Json { .. }) => Fall::bare(Reading::Unreadable),
    };
    defects.with(fall)
}

fn read_fall(
    object: &Map<String, Value>,
    cut_off: bool,
    received_at: Timestamp,
    defects: &mut Defects,
) -> Fall {
    let mut fields = Fields::new(object, "", defects);
    let mut fall = Fall {
        fall_id: fields.text("fall_id"),
        boot: fields.text("boot"),
        seq: fields.count("seq"),
        cancel: fields.flag("cancel").unwrap_or(false),
        ..Fall::bare(Reading::Whole)
    };
    let told = fields.time("at", received_at);
    let is_time_doubtful = is_doubtful(&told, "at", fields.defects());
    (fall.at, fall.at_text) = split(told);
    if let Some(value) = fields.get("fix") {
        let time = Some(fall.at.unwrap_or(received_at));
        let around = Around { received_at, boot: fall.boot.as_deref(), time, cut_off };
        fall.fix = read_value(value, "fix", around, fields.defects());
    }
    fall.samples = fields.get("samples").map(|value| read_samples(value, fields.defects()));
    let is_any_refused = ["fall_id", "boot", "seq", "cancel"].into_iter().any(|field| defects.touch(field));
    fall.doubtful = cut_off || is_time_doubtful || is_any_refused;
    fall.reading = Reading::of(defects, fall.knows_something());
    fall
}

/// The samples as far as they can be read; whoever judges them says what cannot be judged, and why. What was sent and cannot be read
/// is no number, for samples that came are not the same as none.
fn read_samples(value: &Value, defects: &mut Defects) -> Samples {
    let Some(object) = value.as_object() else {
        defects.add("samples", "is not an object");
        return Samples { hz: f64::NAN, unit: String::new(), xyz: vec![BROKEN] };
    };
    let mut fields = Fields::new(object, "samples", defects);
    for key in ["hz", "unit", "xyz"] {
        if fields.get(key).is_none() {
            fields.refuse(key, "is missing");
        }
    }
    let hz = fields.number_within("hz", 0.1, HZ_AT_MOST).unwrap_or(f64::NAN);
    let unit = fields.text("unit").unwrap_or_default();
    let xyz = read_rows(&mut fields);
    Samples { hz, unit, xyz }
}

/// A row that cannot be read stays in its place: left out it would move every later one in time.
fn read_rows(fields: &mut Fields<'_>) -> Vec<[f64; 3]> {
    let Some(value) = fields.get("xyz") else { return Vec::new() };
    let Some(rows) = value.as_array() else {
        fields.refuse("xyz", "is not a list");
        return vec![BROKEN];
    };
    let mut broken = rows.iter().enumerate().filter(|(_, row)| read_row(row).is_none()).map(|(at, _)| at);
    if let Some(first) = broken.next() {
        let more = broken.count();
        let problem =
            format!("is not three finite numbers, nor are {more} rows after it; each is taken as broken");
        fields.refuse(&format!("xyz[{first}]"), problem);
    }
    rows.iter().map(|row| read_row(row).unwrap_or(BROKEN)).collect()
}

fn read_row(row: &Value) -> Option<[f64; 3]> {
    match row.as_array()?.as_slice() {
        [x, y, z] => Some([value::number(x).ok()?, value::number(y).ok()?, value::number(z).ok()?]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T08:20:00Z".parse().unwrap()
    }

    fn payload(samples: &str) -> String {
        format!(r#"{{"fall_id":"f-1","boot":"b","seq":9,"at":1795421704,"fix":null,"samples":{samples}}}"#)
    }

    #[test]
    fn a_fall_is_read_with_its_samples() {
        let text = payload(r#"{"hz":50,"unit":"mg","xyz":[[0,0,1000],["1",-2.5,3]]}"#);
        let decoded = decode_fall(text.as_bytes(), now());
        assert_eq!(decoded.defects, []);
        let samples = decoded.message.samples.unwrap();
        let expected =
            Samples { hz: 50.0, unit: "mg".to_owned(), xyz: vec![[0.0, 0.0, 1000.0], [1.0, -2.5, 3.0]] };
        assert_eq!(samples, expected);
    }

    #[test]
    fn samples_that_cannot_be_read_are_no_numbers_and_the_fall_stays() {
        for (samples, field, whole) in [
            (r#"{"hz":50,"unit":"mg","xyz":[[0,0,1],[0,0]]}"#, "samples.xyz[1]", vec![true, false]),
            (r#"{"hz":50,"unit":"mg","xyz":[[0,0,"NaN"]]}"#, "samples.xyz[0]", vec![false]),
            (
                r#"{"hz":50,"unit":"mg","xyz":[[null,1,2],[0,0,1],7]}"#,
                "samples.xyz[0]",
                vec![false, true, false],
            ),
            (
                r#"{"hz":50,"unit":"mg","xyz":[[0,0,1],nan,[0,0,1]]}"#,
                "samples.xyz[1]",
                vec![true, false, true],
            ),
            (r#"{"hz":0,"unit":"mg","xyz":[]}"#, "samples.hz", vec![]),
            (r#"{"hz":50,"xyz":[]}"#, "samples.unit", vec![]),
            (r#"{"hz":50,"unit":"mg","xyz":{}}"#, "samples.xyz", vec![false]),
            (r#"{"hz":50,"unit":"mg"}"#, "samples.xyz", vec![]),
            ("7", "samples", vec![false]),
        ] {
            let decoded = decode_fall(payload(samples).as_bytes(), now());
            let read = decoded.message.samples.as_ref().unwrap();
            let is_whole = |row: &[f64; 3]| row.iter().all(|value| value.is_finite());
            assert_eq!(read.xyz.iter().map(is_whole).collect::<Vec<_>>(), whole, "{samples}");
            assert_eq!(read.hz.is_nan(), matches!(field, "samples.hz" | "samples"), "{samples}");
            assert_eq!(read.unit.is_empty(), matches!(field, "samples.unit" | "samples"), "{samples}");
            assert_eq!(decoded.message.reading, Reading::Partly, "{samples}");
            assert!(decoded.defects.iter().any(|defect| defect.field == field), "{samples}");
            assert!(decoded.message.identity(&HandsetId::new("h").unwrap()).is_some(), "{samples}");
        }
    }

    #[test]
    fn a_report_that_lost_its_end_keeps_the_samples_before_it() {
        let text = payload(r#"{"hz":50,"unit":"mg","xyz":[[0,0,1],[0,0,2],[0,0"#);
        let decoded = decode_fall(text.trim_end_matches('}').as_bytes(), now());
        assert_eq!(decoded.message.samples.unwrap().xyz.len(), 2);
        assert!(decoded.message.doubtful);
    }

    #[test]
    fn a_cancel_is_no_repeat_of_its_fall_and_what_may_be_one_is_a_fall() {
        let handset = HandsetId::new("h").unwrap();
        let read = |cancel: &str| {
            let text = payload("null").replace("\"fix\"", &format!("\"cancel\":{cancel},\"fix\""));
            let fall = decode_fall(text.as_bytes(), now()).message;
            (fall.cancel, fall.identity(&handset))
        };
        let (fall, cancel) = (read("false"), read("true"));
        assert_eq!((fall.0, cancel.0), (false, true));
        assert!(fall.1.is_some() && cancel.1.is_some() && fall.1 != cancel.1);
        assert_eq!(read("\"perhaps\""), (false, None));
    }

    #[test]
    fn whatever_the_bytes_it_is_a_fall() {
        assert_eq!(decode_fall(b"", now()).message.reading, Reading::Empty);
        assert_eq!(decode_fall(b"ouch", now()).message.reading, Reading::Unreadable);
    }
}
