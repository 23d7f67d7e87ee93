//! `jjl/<h>/status`: how the handset is; the broker says it for the handset as its last will.

use super::fields::Fields;
use super::payload::open_object;
use crate::defect::{Decoded, Defects};
use model::Timestamp;

/// What a handset says of itself; what it leaves out is unknown, not false.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Status {
    /// Connected; false in the last will.
    pub online: Option<bool>,
    /// Charge of the battery.
    pub battery_pct: Option<f64>,
    /// On its charger.
    pub charging: Option<bool>,
    /// On its wearer.
    pub worn: Option<bool>,
    /// The version of its software.
    pub firmware: Option<String>,
    /// When it was so, as the handset's clock had it; a last will was written at connect.
    pub at: Option<Timestamp>,
}

/// Reads the payload of a status topic.
pub fn decode_status(payload: &[u8], received_at: Timestamp) -> Decoded<Status> {
    let mut defects = Defects::default();
    let Ok((object, _)) = open_object(payload, &mut defects) else {
        return defects.with(Status::default());
    };
    let mut fields = Fields::new(&object, "", &mut defects);
    let status = Status {
        online: fields.flag("online"),
        battery_pct: fields.battery_pct(),
        charging: fields.flag("charging"),
        worn: fields.flag("worn"),
        firmware: fields.text("firmware"),
        at: fields.believed_time("at", received_at),
    };
    defects.with(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(payload: &str) -> Decoded<Status> {
        decode_status(payload.as_bytes(), "2026-11-23T08:20:00Z".parse().unwrap())
    }

    #[test]
    fn a_status_is_read() {
        let decoded = decode(
            r#"{"online":1,"battery_pct":"71","charging":"false","worn":true,"firmware":"1.2","at":1795421704}"#,
        );
        let expected = Status {
            online: Some(true),
            battery_pct: Some(71.0),
            charging: Some(false),
            worn: Some(true),
            firmware: Some("1.2".to_owned()),
            at: Some("2026-11-23T08:15:04Z".parse().unwrap()),
        };
        assert_eq!(decoded, Decoded { message: expected, defects: vec![] });
    }

    #[test]
    fn what_lies_is_unknown() {
        let decoded = decode(r#"{"online":2,"battery_pct":900,"worn":null,"at":0}"#);
        assert_eq!((decoded.message, decoded.defects.len()), (Status::default(), 3));
        for payload in ["", "online", "[]"] {
            assert_eq!(decode(payload).message, Status::default());
            assert_eq!(decode(payload).defects.len(), 1, "{payload}");
        }
    }
}
