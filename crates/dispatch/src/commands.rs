//! Asking a handset to do something, in the words of its dialect.
//!
//! Every command has an end, by default two minutes from now, so that nothing wakes anybody hours later. A newer one of the same
//! kind takes an unheard one's place.

use model::{HandsetId, IncidentId, SignedDuration, Timestamp};
use protocol::{Command, CommandKind, DownKind, OwnTracksCommand, PhoneName, down_topic};
use store::{DownMessage, HandsetCommand, Phone};

/// After so long a command is void, unless whoever asks says otherwise.
pub const WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// What a handset is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What.
    pub kind: CommandKind,
    /// The words, of a kind that has some.
    pub say: Option<String>,
    /// Of an interval: how many seconds.
    pub interval_s: Option<u32>,
    /// Of a call: whom.
    pub number: Option<String>,
}

impl Wish {
    /// That it says where it is.
    pub const LOCATE: Self = Self { kind: CommandKind::Locate, say: None, interval_s: None, number: None };
}

/// Who asks whom, and why.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The command's name.
    pub id: String,
    /// Who is asked.
    pub handset: &'a HandsetId,
    /// The telephones that are this handset, if it is none of its own.
    pub phones: &'a [Phone],
    /// On account of which incident.
    pub incident: Option<&'a IncidentId>,
    /// The account that asks; empty where the platform does.
    pub by: &'a str,
    /// When.
    pub at: Timestamp,
    /// How long it may take.
    pub within: SignedDuration,
}

/// The command with a message for each way the handset can be reached; nothing if it cannot be asked that.
pub fn command(asked: &Asked<'_>, wish: &Wish) -> Option<(HandsetCommand, Vec<DownMessage>)> {
    let expires_at = asked.at.checked_add(asked.within).unwrap_or(asked.at);
    let messages = if asked.phones.is_empty() {
        vec![to_gps_one(asked, wish, expires_at)]
    } else {
        to_phones(asked, wish.kind)
    };
    let command = HandsetCommand {
        id: asked.id.clone(),
        handset: asked.handset.clone(),
        kind: wish.kind.as_str().to_owned(),
        incident: asked.incident.cloned(),
        by: asked.by.to_owned(),
        at: asked.at,
        expires_at,
    };
    (!messages.is_empty()).then_some((command, messages))
}

fn to_gps_one(asked: &Asked<'_>, wish: &Wish, expires_at: Timestamp) -> DownMessage {
    let command = Command {
        say: wish.say.clone(),
        interval_s: wish.interval_s,
        number: wish.number.clone(),
        ..Command::new(asked.id.clone(), wish.kind, expires_at)
    };
    let payload = String::from_utf8_lossy(&command.to_json()).into_owned();
    let key = format!("command:{}", wish.kind.as_str());
    message(asked, key, down_topic(asked.handset, DownKind::Command), payload)
}

/// The apps know one of them: where are you?
fn to_phones(asked: &Asked<'_>, kind: CommandKind) -> Vec<DownMessage> {
    let apps = asked.phones.iter().filter_map(|phone| match phone {
        Phone::OwnTracks(name) => Some(name),
        // Its protocol has no way down.
        Phone::OsmAnd => None,
    });
    let locate = |name: &PhoneName| {
        let topic = name.command_topic();
        let payload = OwnTracksCommand::ReportLocation.to_json();
        message(asked, format!("command:locate:{topic}"), topic, payload)
    };
    apps.filter(|_| kind == CommandKind::Locate).map(locate).collect()
}

fn message(asked: &Asked<'_>, key: String, topic: String, payload: String) -> DownMessage {
    let (handset, created_at, kept_for) = (asked.handset.clone(), asked.at, asked.within);
    DownMessage { handset, key, topic, payload, created_at, kept_for }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(phones: &[Phone], wish: &Wish) -> Vec<(String, String)> {
        let handset = HandsetId::new("h1").unwrap();
        let at = "2026-11-23T08:15:00Z".parse().unwrap();
        let id = "c-1".to_owned();
        let asked = Asked { id, handset: &handset, phones, incident: None, by: "", at, within: WITHIN };
        let messages = command(&asked, wish).map(|(_, messages)| messages).unwrap_or_default();
        messages.into_iter().map(|message| (message.topic, message.payload)).collect()
    }

    #[test]
    fn each_is_asked_in_its_own_words() {
        let gps_one = r#"{"command_id":"c-1","kind":"locate","expires_at":"2026-11-23T08:17:00Z"}"#;
        assert_eq!(asked(&[], &Wish::LOCATE), [("jjl/h1/down/command".to_owned(), gps_one.to_owned())]);
        let name = |device: &str| Phone::OwnTracks(PhoneName::new("u", device).unwrap());
        let report = r#"{"_type":"cmd","action":"reportLocation"}"#.to_owned();
        let both = ["owntracks/u/a/cmd", "owntracks/u/b/cmd"].map(|topic| (topic.to_owned(), report.clone()));
        let phones = [name("a"), Phone::OsmAnd, name("b")];
        assert_eq!(asked(&phones, &Wish::LOCATE), both);
        assert_eq!(asked(&[Phone::OsmAnd], &Wish::LOCATE), []);
        let ring = Wish { kind: CommandKind::Ring, ..Wish::LOCATE };
        assert_eq!(asked(&phones, &ring), [], "an app cannot be made to ring");
        assert_eq!(asked(&[], &ring).len(), 1);
    }
}
