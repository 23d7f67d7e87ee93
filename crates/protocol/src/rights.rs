//! Which topics are somebody's own, once the log-in has said who it is.

use crate::{PhoneName, UpKind, UpTopic, may_read};
use model::HandsetId;

/// A handset, and the phones that are bound to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    handset: HandsetId,
    phones: Vec<PhoneName>,
}

impl Rights {
    /// What this handset may do, and what the phones may that are bound to it.
    pub fn new(handset: HandsetId, phones: Vec<PhoneName>) -> Self {
        Self { handset, phones }
    }

    /// Whose they are.
    pub fn handset(&self) -> &HandsetId {
        &self.handset
    }

    /// Its phones.
    pub fn phones(&self) -> &[PhoneName] {
        &self.phones
    }

    /// Whether this phone is its own.
    pub fn has_phone(&self, name: &PhoneName) -> bool {
        self.phones.contains(name)
    }

    /// The kind of message if the topic is its own to publish on, the reason if it is not.
    pub fn publishes(&self, topic: &str) -> Result<UpKind, String> {
        match PhoneName::of_topic(topic) {
            Some(name) if self.has_phone(&name) => return Ok(UpKind::OwnTracks),
            Some(name) => return Err(format!("{name} is not bound to handset {}", self.handset)),
            None => {}
        }
        match UpTopic::parse(topic) {
            Ok(up) if up.handset == self.handset => Ok(up.kind),
            Ok(up) => Err(format!("handset {} published on a topic of {}", self.handset, up.handset)),
            Err(error) => Err(format!("not a topic that handsets publish on: {error}")),
        }
    }

    /// Whether a subscription can match nothing but what is sent to it. A phone reads its command topic, by its name.
    pub fn reads(&self, filter: &str) -> bool {
        may_read(&self.handset, filter) || self.phones.iter().any(|phone| phone.command_topic() == filter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights() -> Rights {
        let phones = [("demo", "phone"), ("demo", "watch")]
            .map(|(user, device)| PhoneName::new(user, device).unwrap());
        Rights::new(HandsetId::new("h1").unwrap(), phones.to_vec())
    }

    #[test]
    fn a_handset_publishes_on_its_own_topics_and_its_phones() {
        for (topic, kind) in [
            ("jjl/h1/press", UpKind::Press),
            ("owntracks/demo/phone", UpKind::OwnTracks),
            ("owntracks/demo/phone/event", UpKind::OwnTracks),
            ("owntracks/demo/watch/waypoints", UpKind::OwnTracks),
            ("owntracks/demo/phone/request", UpKind::OwnTracks),
        ] {
            assert_eq!(rights().publishes(topic), Ok(kind), "{topic}");
        }
        for (topic, why) in [
            ("jjl/h2/press", "handset h1 published on a topic of h2"),
            ("owntracks/demo/other", "owntracks/demo/other is not bound to handset h1"),
            ("owntracks/other/phone/event", "owntracks/other/phone is not bound to handset h1"),
            ("owntracks/demo/phone/cmd", "not a topic that handsets publish on: "),
            ("owntracks/demo/phone/event/x", "not a topic that handsets publish on: "),
            ("x", "not a topic that handsets publish on: "),
        ] {
            let refused = rights().publishes(topic).unwrap_err();
            assert!(refused.starts_with(why), "{topic}: {refused}");
        }
        let nobody = Rights::new(HandsetId::new("demo").unwrap(), Vec::new());
        assert!(nobody.publishes("owntracks/demo/phone").is_err(), "a name alone is no binding");
    }

    #[test]
    fn a_phone_reads_its_own_commands_and_nothing_else() {
        for filter in ["owntracks/demo/phone/cmd", "owntracks/demo/watch/cmd", "jjl/h1/down/#"] {
            assert!(rights().reads(filter), "{filter}");
        }
        for filter in [
            "owntracks/demo/other/cmd",
            "owntracks/+/+",
            "owntracks/demo/+/cmd",
            "owntracks/demo/phone/#",
            "owntracks/demo/phone/+",
            "owntracks/demo/phone",
            "owntracks/#",
            "#",
            "jjl/h2/down/#",
        ] {
            assert!(!rights().reads(filter), "{filter}");
        }
    }
}
