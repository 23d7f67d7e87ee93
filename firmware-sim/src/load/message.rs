//! What a handset of the load sends: the wire format of the real ones, written straight into the buffer.
//!
//! A message is a few numbers until it goes out, and the same bytes whenever it goes out again.

use super::{schedule::float, text};
use crate::seed;
use model::{HandsetId, Timestamp};
use protocol::{UpKind, UpTopic};

/// Of the street that each walks to and fro, a metre a fix.
const STREET_M: i64 = 400;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Positions of the schedule, or the past of an outage.
    Fixes,
    /// The newest position after an outage.
    Newest,
    /// The button.
    Press,
}

/// One message, not yet bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message {
    /// What it is about.
    pub(super) kind: Kind,
    /// Made during an outage: it is late before it is sent.
    pub(super) late: bool,
    /// When it should go out, in nanoseconds since the start: latencies count from here.
    pub(super) intended_ns: u64,
    /// How many positions are in it.
    pub(super) count: u16,
    /// The number of the first position, or of the press.
    pub(super) seq: u32,
    /// The time of the last position, or of the press, in milliseconds of the Unix epoch.
    pub(super) at_ms: i64,
    /// The time between two positions.
    pub(super) apart_ms: u32,
}

/// Who sends it.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    id: HandsetId,
    boot: String,
    home_e7: (i64, i64),
}

/// The two ends of the street that a handset of this name walks, the one it begins at first: latitude and longitude.
pub fn street(id: &HandsetId) -> [(f64, f64); 2] {
    let degrees = |e7: i64| float(e7.unsigned_abs()) / 1e7;
    [0, STREET_M].map(|metres| {
        let (lat, lon) = along_e7(home_e7(id), metres);
        (degrees(lat), degrees(lon))
    })
}

/// Where a handset begins, in ten millionths of a degree: the same in every run.
fn home_e7(id: &HandsetId) -> (i64, i64) {
    let within = |part: &str, width: u64| {
        let draw = seed::hash(&[id.as_str(), part]) % width;
        i64::try_from(draw).unwrap_or(0)
    };
    (339_400_000 + within("lat", 400_000), 1_182_600_000 + within("lon", 400_000))
}

fn along_e7(home_e7: (i64, i64), metres: i64) -> (i64, i64) {
    (home_e7.0 + metres * 45, home_e7.1 + metres * 91)
}

impl Sender {
    /// The same handset at the same start has the same boot id; at another start it has another, so that a run on a
    /// store that saw the last one sends no repeats.
    pub(super) fn new(id: HandsetId, start: Timestamp) -> Self {
        let mixed = seed::hash(&[id.as_str(), "load", &start.as_nanosecond().to_string()]);
        Self { boot: format!("{:08x}", mixed >> 32), home_e7: home_e7(&id), id }
    }

    /// Whose messages these are.
    pub(super) fn id(&self) -> &HandsetId {
        &self.id
    }

    /// The id by which the receipt will name this press.
    pub(super) fn press_id(&self, message: &Message) -> String {
        format!("{}{}", self.press_prefix(), message.seq)
    }

    /// How the ids of this run's presses begin.
    pub(super) fn press_prefix(&self) -> String {
        format!("l-{}-", self.boot)
    }

    /// The topic of this kind.
    pub(super) fn topic(&self, kind: Kind) -> String {
        let kind = match kind {
            Kind::Fixes | Kind::Newest => UpKind::Fix,
            Kind::Press => UpKind::Press,
        };
        UpTopic { handset: self.id.clone(), kind }.name()
    }

    /// Appends the payload.
    pub(super) fn write(&self, out: &mut Vec<u8>, message: &Message) {
        match (message.kind, message.count) {
            (Kind::Press, _) => self.write_press(out, message),
            (Kind::Fixes | Kind::Newest, 1) => {
                self.write_boot(out);
                out.push(b',');
                self.write_fix(out, message.seq, message.at_ms);
                out.push(b'}');
            }
            (Kind::Fixes | Kind::Newest, _) => self.write_batch(out, message),
        }
    }

    fn write_boot(&self, out: &mut Vec<u8>) {
        out.extend(b"{\"boot\":\"");
        out.extend(self.boot.as_bytes());
        out.push(b'"');
    }

    fn write_batch(&self, out: &mut Vec<u8>, message: &Message) {
        self.write_boot(out);
        out.extend(b",\"fixes\":[");
        for (index, seq) in (message.seq..).take(usize::from(message.count)).enumerate() {
            out.extend(if index == 0 { &b"{"[..] } else { b",{" });
            let before_last = i64::from(message.count) - 1 - i64::from(seq - message.seq);
            self.write_fix(out, seq, message.at_ms - before_last * i64::from(message.apart_ms));
            out.push(b'}');
        }
        out.extend(b"]}");
    }

    fn write_press(&self, out: &mut Vec<u8>, message: &Message) {
        out.extend(b"{\"press_id\":\"");
        out.extend(self.press_id(message).as_bytes());
        out.extend(b"\",\"boot\":\"");
        out.extend(self.boot.as_bytes());
        out.extend(b"\",\"seq\":");
        text::number(out, u64::from(message.seq));
        out.extend(b",\"pressed_at\":\"");
        text::time(out, message.at_ms);
        out.extend(b"\",\"fix\":{");
        self.write_fix(out, message.seq, message.at_ms);
        out.extend(b"},\"battery_pct\":71}");
    }

    /// The inner of a fix: its boot stands outside.
    fn write_fix(&self, out: &mut Vec<u8>, seq: u32, at_ms: i64) {
        let (lat, lon) = self.position_e7(seq);
        out.extend(b"\"seq\":");
        text::number(out, u64::from(seq));
        out.extend(b",\"fix_time\":\"");
        text::time(out, at_ms);
        out.extend(b"\",\"lat\":");
        text::degrees(out, lat);
        out.extend(b",\"lon\":");
        text::degrees(out, lon);
        out.extend(b",\"accuracy_m\":");
        text::number(out, u64::from(6 + seq % 23));
        out.extend(b",\"method\":\"gps\",\"speed_mps\":0.8,\"bearing_deg\":120,\"battery_pct\":71");
    }

    /// To and fro along the street.
    fn position_e7(&self, seq: u32) -> (i64, i64) {
        let along = i64::from(seq) % (2 * STREET_M);
        along_e7(self.home_e7, along.min(2 * STREET_M - along))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{decode_fixes, decode_press};

    fn sender(start: &str) -> Sender {
        Sender::new(HandsetId::new("demo-0001").unwrap(), start.parse().unwrap())
    }

    fn message(kind: Kind, count: u16) -> Message {
        Message {
            kind,
            late: false,
            intended_ns: 0,
            count,
            seq: 41,
            at_ms: 1_795_421_704_123,
            apart_ms: 10_000,
        }
    }

    #[test]
    fn the_platform_reads_every_message_without_a_defect() {
        let (sender, now) = (sender("2026-11-23T08:00:00Z"), "2026-11-23T08:20:00Z".parse().unwrap());
        for count in [1, 2, 20, 500] {
            let mut out = Vec::new();
            sender.write(&mut out, &message(Kind::Fixes, count));
            let decoded = decode_fixes(&out, now);
            assert!(decoded.defects.is_empty(), "{:?}", decoded.defects);
            let fixes = decoded.message;
            assert_eq!(fixes.len(), usize::from(count));
            let last = fixes.last().unwrap();
            assert_eq!(last.fix_time.as_millisecond(), 1_795_421_704_123);
            assert_eq!(fixes[0].seq, Some(41));
            assert_eq!(last.seq, Some(40 + u64::from(count)));
            assert!(
                fixes.windows(2).all(|two| two[1].fix_time.duration_since(two[0].fix_time).as_secs() == 10)
            );
            assert_eq!(fixes[0].boot.as_deref(), Some(sender.boot.as_str()));
        }
        let (mut out, press) = (Vec::new(), message(Kind::Press, 0));
        sender.write(&mut out, &press);
        let decoded = decode_press(&out, now);
        assert!(decoded.defects.is_empty(), "{:?}", decoded.defects);
        assert_eq!(decoded.message.press_id, Some(sender.press_id(&press)));
        assert!(decoded.message.fix.is_some() && !decoded.message.doubtful);
    }

    #[test]
    fn the_way_lies_between_the_ends_of_the_street() {
        let sender = sender("2026-11-23T08:00:00Z");
        let [begin, end] = street(sender.id());
        let at = |seq: u32| {
            let (lat, lon) = sender.position_e7(seq);
            (float(lat.unsigned_abs()) / 1e7, float(lon.unsigned_abs()) / 1e7)
        };
        assert_eq!([at(0), at(400), at(800), at(1_200)], [begin, end, begin, end]);
        assert_eq!(at(399), at(401));
        assert!(begin < at(200) && at(200) < end);
    }

    #[test]
    fn another_run_has_another_boot_and_the_same_run_the_same_bytes() {
        let write = |sender: &Sender| {
            let mut out = Vec::new();
            sender.write(&mut out, &message(Kind::Fixes, 3));
            out
        };
        let first = write(&sender("2026-11-23T08:00:00Z"));
        assert_eq!(first, write(&sender("2026-11-23T08:00:00Z")));
        assert_ne!(first, write(&sender("2026-11-23T08:00:01Z")));
    }
}
