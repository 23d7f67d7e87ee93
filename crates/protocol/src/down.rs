//! What the handset hears back: the receipt of a press and the progress of its incident.

use model::{IncidentId, Timestamp};
use serde::{Deserialize, Serialize};

/// *Your press is on disk here*: sent only when that is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The press it is about; null when the press could not say its id.
    pub press_id: Option<String>,
    /// When the press first reached us.
    pub received_at: Timestamp,
    /// Whether it is about the cancel that has the same id, and not about the press.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancel: bool,
}

/// How far help has come, in the words of the handset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The incident is open; nobody has taken it yet.
    Received,
    /// An operator has taken it.
    Claimed,
    /// Somebody has set out.
    OnTheWay,
    /// Somebody is there.
    OnScene,
    /// The case is closed.
    Closed,
}

impl Stage {
    /// The stage's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Claimed => "claimed",
            Self::OnTheWay => "on_the_way",
            Self::OnScene => "on_scene",
            Self::Closed => "closed",
        }
    }
}

/// One step of the incident, told to the person who pressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Which incident.
    pub incident_id: IncidentId,
    /// How far it has come.
    pub stage: Stage,
    /// Since when.
    pub at: Timestamp,
    /// The sentence the handset shows or speaks.
    pub say: String,
}

/// What a handset can be asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// Say where you are now.
    Locate,
    /// Show or speak the words of `say`; the person answers yes, no, or nothing.
    Ask,
    /// Tell the position every `interval_s` seconds from now on.
    Interval,
    /// Ring the number of `number`.
    Call,
    /// Make a noise by which it is found.
    Ring,
    /// Speak the words of `say`.
    Say,
}

impl CommandKind {
    /// Every kind, for tables and tests.
    pub const ALL: [Self; 6] = [Self::Locate, Self::Ask, Self::Interval, Self::Call, Self::Ring, Self::Say];

    /// The kind's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Locate => "locate",
            Self::Ask => "ask",
            Self::Interval => "interval",
            Self::Call => "call",
            Self::Ring => "ring",
            Self::Say => "say",
        }
    }
}

/// Something a handset is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Its name, by which the answer says what it answers.
    pub command_id: String,
    /// What.
    pub kind: CommandKind,
    /// After this it need not be done any more.
    pub expires_at: Timestamp,
    /// Of a question, or of what is to be said: the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// Of an interval: how many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_s: Option<u32>,
    /// Of a call: whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

impl Command {
    /// One that needs nothing more said.
    pub fn new(command_id: String, kind: CommandKind, expires_at: Timestamp) -> Self {
        let (say, interval_s, number) = (None, None, None);
        Self { command_id, kind, expires_at, say, interval_s, number }
    }
}

macro_rules! json {
    ($name:ident) => {
        impl $name {
            /// The payload as it is published.
            pub fn to_json(&self) -> Vec<u8> {
                serde_json::to_vec(self).expect("texts and times always have a JSON form")
            }

            /// Reads a payload as a handset does.
            pub fn from_json(payload: &[u8]) -> Result<Self, serde_json::Error> {
                serde_json::from_slice(payload)
            }
        }
    };
}

json!(Receipt);
json!(Progress);
json!(Command);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payloads_are_those_of_the_interface() {
        let received_at: Timestamp = "2026-11-23T08:15:05Z".parse().unwrap();
        let receipt = Receipt { press_id: Some("p-1".to_owned()), received_at, cancel: false };
        let text = r#"{"press_id":"p-1","received_at":"2026-11-23T08:15:05Z"}"#;
        assert_eq!(receipt.to_json(), text.as_bytes());
        assert_eq!(Receipt::from_json(text.as_bytes()).unwrap(), receipt);
        let of_cancel = Receipt { cancel: true, ..receipt };
        let text = r#"{"press_id":"p-1","received_at":"2026-11-23T08:15:05Z","cancel":true}"#;
        assert_eq!(of_cancel.to_json(), text.as_bytes());
        assert_eq!(Receipt::from_json(text.as_bytes()).unwrap(), of_cancel);

        let incident_id = IncidentId::new("i-1").unwrap();
        let say = "站员已出发".to_owned();
        let progress = Progress { incident_id, stage: Stage::OnTheWay, at: received_at, say };
        let text =
            r#"{"incident_id":"i-1","stage":"on_the_way","at":"2026-11-23T08:15:05Z","say":"站员已出发"}"#;
        assert_eq!(progress.to_json(), text.as_bytes());
        assert_eq!(Progress::from_json(text.as_bytes()).unwrap(), progress);
    }

    #[test]
    fn a_command_is_that_of_the_interface() {
        let expires_at: Timestamp = "2026-11-23T08:20:05Z".parse().unwrap();
        let command = Command::new("c-1".to_owned(), CommandKind::Locate, expires_at);
        let text = r#"{"command_id":"c-1","kind":"locate","expires_at":"2026-11-23T08:20:05Z"}"#;
        assert_eq!(command.to_json(), text.as_bytes());
        assert_eq!(Command::from_json(text.as_bytes()).unwrap(), command);

        let say = Some("您还好吗？".to_owned());
        let command = Command { say, ..Command::new("ask-1".to_owned(), CommandKind::Ask, expires_at) };
        let text =
            r#"{"command_id":"ask-1","kind":"ask","expires_at":"2026-11-23T08:20:05Z","say":"您还好吗？"}"#;
        assert_eq!(command.to_json(), text.as_bytes());
        assert_eq!(Command::from_json(text.as_bytes()).unwrap(), command);

        let command = Command {
            interval_s: Some(30),
            number: Some("120".to_owned()),
            ..Command::new("c-2".to_owned(), CommandKind::Interval, expires_at)
        };
        let text = r#"{"command_id":"c-2","kind":"interval","expires_at":"2026-11-23T08:20:05Z","interval_s":30,"number":"120"}"#;
        assert_eq!(command.to_json(), text.as_bytes());
        for kind in CommandKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("{:?}", kind.as_str()));
        }
    }

    #[test]
    fn a_stage_is_named_on_the_wire_as_in_code() {
        for stage in [Stage::Received, Stage::Claimed, Stage::OnTheWay, Stage::OnScene, Stage::Closed] {
            assert_eq!(serde_json::to_string(&stage).unwrap(), format!("{:?}", stage.as_str()));
        }
    }
}
