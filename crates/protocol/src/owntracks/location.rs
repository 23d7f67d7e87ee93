//! `location`: where the phone is. The unit of its speed is km/h, a value that is zero is left out.

use super::PhoneName;
use crate::defect::Defects;
use crate::gps_one::{Fields, SPEED_AT_MOST_MPS, Told, read_position};
use crate::phone::{known, read_method};
use crate::sameness;
use model::{Fix, Timestamp};
use serde_json::{Map, Value};

/// Kilometres an hour in one metre a second.
const KMH_IN_MPS: f64 = 3.6;

/// A position with what else the app says beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// The position, unless it would lie.
    pub fix: Option<Fix>,
    /// Whether the phone is on its charger.
    pub charging: Option<bool>,
    /// Why it was sent: `p` ping, `u` by hand, `r` asked for, `t` timer, `c` region; nothing when it moved.
    pub trigger: Option<String>,
}

/// What a location is read with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Envelope<'a> {
    pub(super) name: &'a PhoneName,
    pub(super) payload: &'a [u8],
    pub(super) received_at: Timestamp,
    /// The payload lost its end.
    pub(super) cut_off: bool,
}

pub(super) fn read(object: &Map<String, Value>, envelope: Envelope<'_>, defects: &mut Defects) -> Location {
    let mut fields = Fields::new(object, "", defects);
    let position = read_position(&mut fields, ["lat", "lon"]);
    let (fix_time, is_own_time) = read_time(&mut fields, envelope.received_at);
    let (method, accuracy_m) = read_method(&mut fields, "acc", envelope.cut_off);
    let speed_kmh = known(&mut fields, "vel", SPEED_AT_MOST_MPS * KMH_IN_MPS);
    let bearing_deg = known(&mut fields, "cog", 360.0);
    let battery_pct = known(&mut fields, "batt", 100.0);
    let charging = match fields.count("bs") {
        Some(1) => Some(false),
        Some(2 | 3) => Some(true),
        Some(_) | None => None,
    };
    let trigger = fields.text("t");
    let seq = fix_time.filter(|_| is_own_time).and_then(|time| envelope.number(time));
    let fix = fix_time.zip(position).map(|(fix_time, position)| Fix {
        boot: seq.map(|_| envelope.series()),
        seq,
        fix_time,
        position,
        accuracy_m,
        method,
        speed_mps: speed_kmh.map(|kmh| kmh / KMH_IN_MPS),
        bearing_deg,
        battery_pct,
    });
    Location { fix, charging, trigger }
}

impl Envelope<'_> {
    /// A fix is the same by topic and payload. One without a time of its own is not: a phone at rest may say the same
    /// again an hour later and mean it.
    fn number(&self, fix_time: Timestamp) -> Option<u64> {
        let (user, device) = (self.name.user().as_bytes(), self.name.device().as_bytes());
        sameness::number(fix_time, &[user, device, self.payload])
    }

    fn series(&self) -> String {
        sameness::series("owntracks", &[self.name.user().as_bytes(), self.name.device().as_bytes()])
    }
}

/// The time of the fix, and whether the phone said it. Without one the position is the present one, as the app's own
/// recorder takes it.
pub(super) fn read_time(fields: &mut Fields<'_>, received_at: Timestamp) -> (Option<Timestamp>, bool) {
    match fields.time("tst", received_at) {
        Told::Believed(time) => (Some(time), true),
        Told::Absent => {
            fields.refuse("tst", "is missing; the time of arrival is used");
            (Some(received_at), false)
        }
        Told::Unbelieved { .. } => (None, true),
    }
}
