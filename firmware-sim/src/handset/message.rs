//! The JSON a handset writes.

use super::{Answers, PressKey};
use crate::world::{Reading, Window};
use model::{Fix, Timestamp};
use serde::Serialize;

/// The firmware's version as it reports it.
const FIRMWARE: &str = concat!("sim-", env!("CARGO_PKG_VERSION"));

#[derive(Debug, Serialize)]
pub(super) struct PressMessage<'a> {
    press_id: &'a str,
    boot: &'a str,
    seq: u64,
    pressed_at: Timestamp,
    fix: Option<Fix>,
    battery_pct: f64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cancel: bool,
}

impl<'a> PressMessage<'a> {
    pub(super) fn new(key: &'a PressKey, fix: Option<Fix>, battery_pct: f64) -> Self {
        Self {
            press_id: &key.press_id,
            boot: &key.boot,
            seq: key.seq,
            pressed_at: key.pressed_at,
            fix,
            battery_pct,
            cancel: key.cancel,
        }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        json(self)
    }
}

/// What the accelerometer saw, as it goes over the wire.
#[derive(Debug, Serialize)]
struct Samples<'a> {
    hz: u32,
    unit: &'static str,
    xyz: &'a [[i32; 3]],
}

#[derive(Debug, Serialize)]
pub(super) struct FallMessage<'a> {
    fall_id: &'a str,
    boot: &'a str,
    seq: u64,
    at: Timestamp,
    fix: Option<Fix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    samples: Option<Samples<'a>>,
}

impl<'a> FallMessage<'a> {
    pub(super) fn new(
        fall_id: &'a str,
        boot: &'a str,
        seq: u64,
        at: Timestamp,
        fix: Option<Fix>,
        window: Option<&'a Window>,
    ) -> Self {
        let samples = window.map(|window| Samples { hz: window.hz, unit: "mg", xyz: &window.xyz });
        Self { fall_id, boot, seq, at, fix, samples }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        json(self)
    }
}

#[derive(Debug, Serialize)]
pub(super) struct StatusMessage {
    online: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    battery_pct: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charging: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    worn: Option<bool>,
    firmware: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
}

impl StatusMessage {
    pub(super) fn online(battery_pct: f64, charging: bool, worn: bool, at: Timestamp) -> Self {
        let (battery_pct, charging) = (Some(battery_pct), Some(charging));
        Self {
            online: true,
            battery_pct,
            charging,
            worn: Some(worn && !charging.unwrap_or(false)),
            firmware: FIRMWARE,
            at: Some(at),
        }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        json(self)
    }
}

#[derive(Debug, Serialize)]
pub(super) struct AnswerMessage<'a> {
    command_id: &'a str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
}

impl<'a> AnswerMessage<'a> {
    /// What the person says to a question; nothing, if they say nothing.
    pub(super) fn of(command_id: &'a str, answers: Answers) -> Option<Self> {
        let (ok, detail) = match answers {
            Answers::Yes => (true, None),
            Answers::No => (true, Some("help")),
            Answers::Nothing => return None,
        };
        Some(Self { command_id, ok, detail })
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        json(self)
    }
}

/// The last will: it is given at the log-in, so it can say nothing of the moment it will be published.
pub fn will() -> Vec<u8> {
    let offline = StatusMessage {
        online: false,
        battery_pct: None,
        charging: None,
        worn: None,
        firmware: FIRMWARE,
        at: None,
    };
    offline.to_json()
}

/// A reading as a numbered fix.
pub(super) fn fix_of(reading: &Reading, boot: &str, seq: u64, fix_time: Timestamp) -> Fix {
    Fix {
        boot: Some(boot.to_owned()),
        seq: Some(seq),
        fix_time,
        position: reading.position,
        accuracy_m: reading.accuracy_m,
        method: reading.method,
        speed_mps: reading.speed_mps,
        bearing_deg: reading.bearing_deg,
        battery_pct: Some(reading.battery_pct),
    }
}

#[derive(Debug, Serialize)]
struct Batch<'a> {
    boot: Option<&'a str>,
    fixes: &'a [Fix],
}

/// One fix stands alone, several stand in a batch.
pub(super) fn fixes_payload(fixes: &[Fix]) -> Vec<u8> {
    match fixes {
        [only] => json(only),
        [first, ..] => json(&Batch { boot: first.boot.as_deref(), fixes }),
        [] => json(&Batch { boot: None, fixes }),
    }
}

fn json(message: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(message).expect("texts, numbers and times always have a JSON form")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Method, Wgs84};
    use protocol::{decode_fixes, decode_press, decode_status};

    fn fix(seq: u64) -> Fix {
        let reading = Reading {
            position: Wgs84::new(33.9624, 118.2757).unwrap(),
            accuracy_m: 18.0,
            method: Method::Gps,
            speed_mps: Some(0.8),
            bearing_deg: Some(120.0),
            battery_pct: 71.0,
            charging: false,
        };
        fix_of(&reading, "7f3a", seq, "2026-11-23T08:15:04Z".parse().unwrap())
    }

    #[test]
    fn the_platform_reads_every_message_without_a_defect() {
        let key = PressKey {
            press_id: "p-1".to_owned(),
            boot: "7f3a".to_owned(),
            seq: 3,
            pressed_at: "2026-11-23T08:15:04Z".parse().unwrap(),
            cancel: true,
        };
        let press = decode_press(&PressMessage::new(&key, Some(fix(2)), 70.0).to_json(), key.pressed_at);
        assert!(press.defects.is_empty(), "{:?}", press.defects);
        let one = decode_fixes(&fixes_payload(&[fix(1)]), key.pressed_at);
        let two = decode_fixes(&fixes_payload(&[fix(1), fix(2)]), key.pressed_at);
        assert!(one.defects.is_empty() && two.defects.is_empty());
        assert_eq!(two.message, [fix(1), fix(2)]);
        let status = StatusMessage::online(70.0, true, true, key.pressed_at);
        assert!(decode_status(&status.to_json(), key.pressed_at).defects.is_empty());
        assert!(decode_status(&will(), key.pressed_at).defects.is_empty());
    }
}
