//! What is on disk, as lines.

use super::{
    Span,
    parts::{Log, Parts, Place},
    residents::{LATE, People},
};
use crate::replay::Line;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use model::{Fix, HandsetId, ResidentId, SignedDuration, Timestamp};
use protocol::{UpKind, UpTopic, decode_osmand};
use serde_json::{Value, json};
use store::{NumberedFix, RecordedMessage, RecordedPress, Store};

/// A handset's clock is believed to be ahead by no more than this.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// Where lines are read from, and of whom.
pub(super) struct Source<'a> {
    pub(super) store: &'a Store,
    pub(super) people: &'a People,
    pub(super) span: Span,
}

impl Source<'_> {
    /// What arrived beside positions from a time on and before another.
    pub(super) async fn messages(
        &self,
        from: Timestamp,
        to: Timestamp,
        parts: &mut Parts,
    ) -> anyhow::Result<()> {
        for press in self.store.presses_between(from, to).await? {
            let Some(resident) = press.resident.clone().filter(|id| self.people.is_wanted(id)) else {
                continue;
            };
            let place = Place { log: Log::Press, number: press.row };
            parts.put(place, &of_press(press, resident))?;
        }
        for message in self.store.messages_between(from, to).await? {
            let carrier = self.people.carrier(&message.handset, message.received_at).cloned();
            let Some(resident) = carrier else { continue };
            let place = Place { log: Log::Message, number: message.row };
            parts.put(place, &of_message(message, resident))?;
        }
        Ok(())
    }

    /// The positions of a handset, message by message.
    pub(super) async fn fixes(&self, handset: &HandsetId, parts: &mut Parts) -> anyhow::Result<()> {
        let from = self.span.lead.checked_sub(LATE).unwrap_or(Timestamp::MIN);
        let to = self.span.to.checked_add(AHEAD).unwrap_or(Timestamp::MAX);
        let found = self.store.fixes_of(handset, from, to).await?;
        let within = found.into_iter().filter(|one| parts.holds(one.fix.received_at)).collect();
        for batch in self.batches(handset, within) {
            parts.put(Place { log: Log::Fix, number: batch.number }, &batch.line(handset))?;
        }
        Ok(())
    }

    /// The fixes of one message, each to whoever carried the handset when it was taken; of who goes with them, to nobody.
    fn batches(&self, handset: &HandsetId, fixes: Vec<NumberedFix>) -> Vec<Batch> {
        let (is_companion, mut batches) = (self.people.is_companion(handset), Vec::<Batch>::new());
        for NumberedFix { number, fix: one } in fixes {
            let resident = self.people.carrier(handset, one.fix.fix_time);
            if resident.is_none() && !is_companion {
                continue;
            }
            let same = batches
                .last_mut()
                .filter(|last| last.received_at == one.received_at && last.resident.as_ref() == resident);
            match same {
                Some(last) => last.fixes.push(one.fix),
                None => batches.push(Batch {
                    number,
                    received_at: one.received_at,
                    resident: resident.cloned(),
                    fixes: vec![one.fix],
                }),
            }
        }
        batches
    }
}

/// Fixes that came together.
struct Batch {
    number: i64,
    received_at: Timestamp,
    resident: Option<ResidentId>,
    fixes: Vec<Fix>,
}

impl Batch {
    fn line(self, handset: &HandsetId) -> Line {
        Line {
            received_at: self.received_at,
            topic: topic(handset, UpKind::Fix),
            payload: json!({ "fixes": self.fixes }),
            base64: false,
            resident: self.resident,
            believed: true,
        }
    }
}

fn topic(handset: &HandsetId, kind: UpKind) -> String {
    UpTopic { handset: handset.clone(), kind }.name()
}

/// A press as it came. One of an OsmAnd phone stands in a report, whose positions are lines of their own.
fn of_press(press: RecordedPress, resident: ResidentId) -> Line {
    let RecordedPress { handset, received_at, payload, .. } = press;
    let is_osmand = !decode_osmand(&payload, received_at).message.presses.is_empty();
    let topic = if is_osmand { format!("osmand/{handset}") } else { topic(&handset, UpKind::Press) };
    let (payload, base64) = as_json(&payload);
    Line { received_at, topic, payload, base64, resident: Some(resident), believed: is_osmand }
}

/// What telephones say beside their positions is a sign of life and no more, and their last will is none.
fn of_message(message: RecordedMessage, resident: ResidentId) -> Line {
    let RecordedMessage { handset, kind, received_at, payload, .. } = message;
    let (kind, (payload, base64)) = match kind.as_str() {
        "status" => (UpKind::Status, as_json(&payload)),
        "answer" => (UpKind::Answer, as_json(&payload)),
        "fall" => (UpKind::Fall, as_json(&payload)),
        "lwt" => (UpKind::Status, (json!({ "online": false }), false)),
        _ => (UpKind::Answer, (json!({}), false)),
    };
    let topic = topic(&handset, kind);
    Line { received_at, topic, payload, base64, resident: Some(resident), believed: false }
}

/// A payload that comes back as the same bytes, and whether they stand there in base64 because they are no text: what is told apart by
/// its bytes stays told apart.
fn as_json(payload: &[u8]) -> (Value, bool) {
    let parsed = serde_json::from_slice::<Value>(payload).ok();
    let is_same = |value: &Value| {
        let is_json = value.is_object() || value.is_array();
        is_json && serde_json::to_vec(value).is_ok_and(|again| again == payload)
    };
    match (parsed.filter(is_same), std::str::from_utf8(payload)) {
        (Some(value), _) => (value, false),
        (None, Ok(text)) => (Value::String(text.to_owned()), false),
        (None, Err(_)) => (Value::String(BASE64_STANDARD.encode(payload)), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_keeps_its_bytes() {
        for (payload, expected) in [
            (r#"{"a":1}"#, json!({"a": 1})),
            (r#"{"b":1,"a":2}"#, json!(r#"{"b":1,"a":2}"#)),
            (r#"{"a": 1}"#, json!(r#"{"a": 1}"#)),
            (r#""help""#, json!(r#""help""#)),
            ("help", json!("help")),
            ("", json!("")),
        ] {
            assert_eq!(as_json(payload.as_bytes()), (expected, false), "{payload}");
        }
    }

    /// A press that cannot be read is told from others by its bytes; two that differ must not become one in a recording.
    #[test]
    fn what_is_no_text_comes_back_byte_by_byte() {
        let handset = HandsetId::new("h1").unwrap();
        let at: Timestamp = "2026-11-28T08:00:00Z".parse().unwrap();
        for payload in
            [&b"help\xff"[..], b"help\xfe", b"\xe5\xb1", b"{\"a\":\"\x80\"}", b"\0", "求助".as_bytes()]
        {
            let resident = ResidentId::new("r1").unwrap();
            let press = RecordedPress {
                row: 1,
                handset: handset.clone(),
                resident: None,
                received_at: at,
                payload: payload.to_vec(),
            };
            let line = of_press(press, resident);
            let read: Line = serde_json::from_str(&serde_json::to_string(&line).unwrap()).unwrap();
            assert_eq!(read.bytes().unwrap(), payload, "{line:?}");
            assert_eq!(read.base64, std::str::from_utf8(payload).is_err(), "{line:?}");
        }
    }

    #[test]
    fn each_kind_of_message_is_a_line() {
        let (h1, r1) = (HandsetId::new("h1").unwrap(), ResidentId::new("r1").unwrap());
        let at: Timestamp = "2026-11-28T08:00:00Z".parse().unwrap();
        for (kind, topic, payload) in [
            ("status", "jjl/h1/status", json!({"worn": true})),
            ("answer", "jjl/h1/answer", json!({"worn": true})),
            ("fall", "jjl/h1/fall", json!({"worn": true})),
            ("lwt", "jjl/h1/status", json!({"online": false})),
            ("transition", "jjl/h1/answer", json!({})),
            ("osmand", "jjl/h1/answer", json!({})),
        ] {
            let payload_was = br#"{"worn":true}"#.to_vec();
            let message = RecordedMessage {
                row: 1,
                handset: h1.clone(),
                kind: kind.to_owned(),
                received_at: at,
                payload: payload_was,
            };
            let line = of_message(message, r1.clone());
            assert_eq!((line.topic.as_str(), line.payload), (topic, payload), "{kind}");
        }
        let press = |payload: &str| {
            let payload = payload.as_bytes().to_vec();
            let press =
                RecordedPress { row: 1, handset: h1.clone(), resident: None, received_at: at, payload };
            let line = of_press(press, r1.clone());
            (line.topic, line.believed)
        };
        assert_eq!(press(r#"{"press_id":"p1"}"#), ("jjl/h1/press".to_owned(), false));
        assert_eq!(press("alarm=sos&lat=33.9&lon=118.2"), ("osmand/h1".to_owned(), true));
    }
}
