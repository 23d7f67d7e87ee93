//! Asking a handset where it is, in the words of its dialect.

use model::{HandsetId, SignedDuration, Timestamp};
use protocol::{Command, CommandKind, DownKind, OwnTracksCommand, PhoneName, down_topic};
use store::{DownMessage, Phone};

/// After this an answer is no answer to the question any more.
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// The question, once for each way the handset can be reached; nothing if it cannot be asked. A newer question takes
/// an unheard one's place.
pub fn questions(handset: &HandsetId, phones: &[Phone], now: Timestamp) -> Vec<DownMessage> {
    if phones.is_empty() {
        return vec![to_gps_one(handset, now)];
    }
    let apps = phones.iter().filter_map(|phone| match phone {
        Phone::OwnTracks(name) => Some(name),
        // Its protocol has no way down.
        Phone::OsmAnd => None,
    });
    apps.map(|name| to_owntracks(handset, name, now)).collect()
}

/// When a question asked now is void.
pub fn expires_at(now: Timestamp) -> Timestamp {
    now.checked_add(ANSWERED_WITHIN).unwrap_or(now)
}

fn to_gps_one(handset: &HandsetId, now: Timestamp) -> DownMessage {
    let command = Command {
        command_id: format!("locate-{}", now.as_microsecond()),
        kind: CommandKind::Locate,
        expires_at: expires_at(now),
        say: None,
    };
    let payload = String::from_utf8_lossy(&command.to_json()).into_owned();
    question(handset, "locate".to_owned(), down_topic(handset, DownKind::Command), payload, now)
}

fn to_owntracks(handset: &HandsetId, name: &PhoneName, now: Timestamp) -> DownMessage {
    let topic = name.command_topic();
    let payload = OwnTracksCommand::ReportLocation.to_json();
    question(handset, format!("locate:{topic}"), topic, payload, now)
}

fn question(handset: &HandsetId, key: String, topic: String, payload: String, now: Timestamp) -> DownMessage {
    DownMessage { handset: handset.clone(), key, topic, payload, created_at: now, kept_for: ANSWERED_WITHIN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(phones: &[Phone]) -> Vec<(String, String)> {
        let now = "2026-11-23T08:15:00Z".parse().unwrap();
        let questions = questions(&HandsetId::new("h1").unwrap(), phones, now);
        questions.into_iter().map(|message| (message.topic, message.payload)).collect()
    }

    #[test]
    fn each_is_asked_in_its_own_words() {
        let gps_one =
            r#"{"command_id":"locate-1795421700000000","kind":"locate","expires_at":"2026-11-23T08:20:00Z"}"#;
        assert_eq!(asked(&[]), [("jjl/h1/down/command".to_owned(), gps_one.to_owned())]);
        let name = |device: &str| Phone::OwnTracks(PhoneName::new("u", device).unwrap());
        let report = r#"{"_type":"cmd","action":"reportLocation"}"#.to_owned();
        let both = ["owntracks/u/a/cmd", "owntracks/u/b/cmd"].map(|topic| (topic.to_owned(), report.clone()));
        assert_eq!(asked(&[name("a"), Phone::OsmAnd, name("b")]), both);
        assert_eq!(asked(&[Phone::OsmAnd]), []);
    }
}
