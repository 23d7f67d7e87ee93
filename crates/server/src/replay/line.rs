//! A line of a recording, and whose handset it is of.

use anyhow::{Context as _, anyhow, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use geofence::replay::{PhoneEntry, ResidentsFile};
use model::{HandsetId, ResidentId, Timestamp};
use protocol::{PhoneName, UpKind, UpTopic};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, hash_map::Entry};

/// The first level of the topic of an OsmAnd phone's report. Such a phone speaks HTTP and has no topic; in a recording it is
/// named by its handset.
const OSMAND: &str = "osmand";
const OWNTRACKS: &str = "owntracks";

/// A recorded message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// When it reached us.
    pub(crate) received_at: Timestamp,
    /// On which topic.
    pub(crate) topic: String,
    /// What was no JSON was recorded as text.
    pub(crate) payload: Value,
    /// It was no text either: the payload is its bytes in base64.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) base64: bool,
    /// Who carried the handset then, where whoever recorded it knew; otherwise the residents' file says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resident: Option<ResidentId>,
    /// Its times are those that were believed when it came, and repeats were left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) believed: bool,
}

impl Line {
    /// Its payload as it came.
    pub(crate) fn bytes(&self) -> anyhow::Result<Vec<u8>> {
        match &self.payload {
            Value::String(text) if self.base64 => {
                BASE64_STANDARD.decode(text).map_err(|error| anyhow!("the payload is no base64: {error}"))
            }
            Value::String(text) => Ok(text.clone().into_bytes()),
            other => Ok(serde_json::to_vec(other)?),
        }
    }
}

/// Whose a message is, and in which form it speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) handset: HandsetId,
    pub(super) kind: UpKind,
    /// The app, where it is one's.
    pub(super) phone: Option<PhoneName>,
}

/// Which apps stand in for which handsets.
#[derive(Debug, Default)]
pub(super) struct Phones(HashMap<PhoneName, HandsetId>);

impl Phones {
    /// Those that the residents' file names, and what is wrong with the others.
    pub(super) fn of(file: &ResidentsFile) -> (Self, Vec<String>) {
        let (mut known, mut problems) = (HashMap::new(), Vec::new());
        let handsets = file.residents.iter().filter_map(|resident| resident.handset.as_ref());
        for (handset, phone) in handsets.filter_map(|handset| Some((&handset.id, handset.phone.as_ref()?))) {
            let PhoneEntry { user, device } = phone;
            match PhoneName::new(user, device).map(|name| known.entry(name)) {
                Ok(Entry::Vacant(vacant)) => {
                    vacant.insert(handset.clone());
                }
                Ok(Entry::Occupied(held)) => {
                    problems.push(format!(
                        "handset {handset}: {} is that of {} already",
                        held.key(),
                        held.get()
                    ));
                }
                Err(error) => problems.push(format!("handset {handset}: its phone: {error}")),
            }
        }
        (Self(known), problems)
    }

    /// Who speaks on a topic.
    pub(super) fn sender(&self, topic: &str) -> anyhow::Result<Sender> {
        let (first, rest) = topic.split_once('/').unwrap_or((topic, ""));
        match first {
            OWNTRACKS => self.app(topic),
            OSMAND if rest.is_empty() => bail!(
                "topic {topic:?}: an OsmAnd report does not say whose it is; in a recording its topic is \
                 \"osmand/HANDSET\""
            ),
            OSMAND => {
                let handset = HandsetId::new(rest).with_context(|| format!("topic {topic:?}"))?;
                Ok(Sender { handset, kind: UpKind::OsmAnd, phone: None })
            }
            _ => {
                let UpTopic { handset, kind } =
                    UpTopic::parse(topic).with_context(|| format!("topic {topic:?}"))?;
                Ok(Sender { handset, kind, phone: None })
            }
        }
    }

    fn app(&self, topic: &str) -> anyhow::Result<Sender> {
        let name = PhoneName::of_topic(topic)
            .with_context(|| format!("topic {topic:?}: an OwnTracks app does not publish there"))?;
        let Some(handset) = self.0.get(&name).cloned() else {
            bail!(
                "topic {topic:?}: no handset of the residents' file has this phone; say \
                 \"phone\":{{\"user\":{:?},\"device\":{:?}}} of the handset that it stands in for",
                name.user(),
                name.device()
            );
        };
        Ok(Sender { handset, kind: UpKind::OwnTracks, phone: Some(name) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn phones() -> (Phones, Vec<String>) {
        let of = |id: &str, handset: Value| json!({"id": id, "handset": handset});
        let file = json!({"residents": [
            of("r1", json!({"id": "h1", "phone": {"user": "wang", "device": "redmi"}})),
            of("r2", json!({"id": "h2", "phone": {"user": "wang", "device": "redmi"}})),
            of("r3", json!({"id": "h3", "phone": {"user": "a/b", "device": "c"}})),
            of("r4", json!({"id": "h4"})),
        ]});
        Phones::of(&serde_json::from_value(file).unwrap())
    }

    #[test]
    fn a_topic_is_a_handsets_or_a_phones_that_the_file_names() {
        let (phones, problems) = phones();
        assert_eq!(problems.len(), 2, "{problems:?}");
        for (topic, handset, kind) in [
            ("jjl/h9/fix", "h9", UpKind::Fix),
            ("owntracks/wang/redmi", "h1", UpKind::OwnTracks),
            ("owntracks/wang/redmi/event", "h1", UpKind::OwnTracks),
            ("osmand/h4", "h4", UpKind::OsmAnd),
        ] {
            let sender = phones.sender(topic).unwrap();
            assert_eq!((sender.handset.as_str(), sender.kind), (handset, kind), "{topic}");
        }
        for (topic, words) in [
            ("owntracks/li/mate", "\"phone\":{\"user\":\"li\",\"device\":\"mate\"}"),
            ("owntracks/li", "does not publish there"),
            ("osmand", "osmand/HANDSET"),
            ("osmand/a b", "topic \"osmand/a b\""),
            ("jjl/h1/locate", "a handset sends"),
        ] {
            let refused = format!("{:#}", phones.sender(topic).unwrap_err());
            assert!(refused.contains(words), "{topic}: {refused}");
        }
    }

    #[test]
    fn a_line_is_written_as_it_is_read() {
        let plain =
            json!({"received_at": "2026-11-28T08:00:00Z", "topic": "jjl/h1/answer", "payload": "no JSON"});
        let line: Line = serde_json::from_value(plain.clone()).unwrap();
        assert_eq!(
            (line.bytes().unwrap(), serde_json::to_value(&line).unwrap()),
            (b"no JSON".to_vec(), plain)
        );
        let told = Line { resident: Some(ResidentId::new("r1").unwrap()), believed: true, ..line };
        let again: Line = serde_json::from_str(&serde_json::to_string(&told).unwrap()).unwrap();
        assert_eq!(again, told);
        let bytes = Line { payload: json!("aGVscP8="), base64: true, ..told };
        assert_eq!(bytes.bytes().unwrap(), b"help\xff");
        assert!(Line { payload: json!("help!"), ..bytes }.bytes().is_err());
    }
}
