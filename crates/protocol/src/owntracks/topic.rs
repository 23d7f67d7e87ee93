//! The topics of an OwnTracks app: `owntracks/<user>/<device>` and what may stand below it.
//!
//! A phone is always the pair of its user and its device. Joined in one text, `a-b` and `c` would be `a` and `b-c`.

use std::fmt;

/// The first level of every topic of the app.
const ROOT: &str = "owntracks";
/// Where commands are read.
const COMMAND: &str = "cmd";
/// A level longer than this is nobody's name.
const NAME_AT_MOST_BYTES: usize = 100;

/// Why a pair of names is no phone's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a user or a device has 1 to 100 bytes and none of / + # or control characters")]
pub struct PhoneNameError;

/// Under which user and device an OwnTracks app publishes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneName {
    user: String,
    device: String,
}

impl PhoneName {
    /// Takes the pair, or says why it could not stand in a topic.
    pub fn new(user: impl Into<String>, device: impl Into<String>) -> Result<Self, PhoneNameError> {
        let name = Self { user: user.into(), device: device.into() };
        let fits = is_level(&name.user) && is_level(&name.device);
        if fits { Ok(name) } else { Err(PhoneNameError) }
    }

    /// The user.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The device.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// The phone whose topic this is: its own, or one level below it. Whatever an app may come to publish there (an iPhone's
    /// `request`, for one) is its own word, and refusing it would cut the phone off; but commands come from here alone.
    pub fn of_topic(topic: &str) -> Option<Self> {
        let mut levels = topic.split('/');
        let (Some(ROOT), Some(user), Some(device)) = (levels.next(), levels.next(), levels.next()) else {
            return None;
        };
        let is_its_own =
            levels.next().is_none_or(|level| level != COMMAND && is_level(level)) && levels.next().is_none();
        Self::new(user, device).ok().filter(|_| is_its_own)
    }

    /// The topic on which its locations and its last will come.
    pub fn topic(&self) -> String {
        format!("{ROOT}/{}/{}", self.user, self.device)
    }

    /// The topic on which it reads commands.
    pub fn command_topic(&self) -> String {
        format!("{ROOT}/{}/{}/{COMMAND}", self.user, self.device)
    }
}

/// Whether this can stand as one level of a topic, with nothing in it that a filter or a log would misread.
fn is_level(level: &str) -> bool {
    (1..=NAME_AT_MOST_BYTES).contains(&level.len())
        && !level.contains(|c: char| matches!(c, '/' | '+' | '#') || c.is_control())
}

impl fmt::Display for PhoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.topic())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_its_phones_and_nobody_elses() {
        let demo = PhoneName::new("demo", "phone").unwrap();
        assert_eq!(PhoneName::of_topic(&demo.topic()), Some(demo.clone()));
        for below in
            ["event", "waypoint", "waypoints", "status", "info", "step", "dump", "beacon", "request", "later"]
        {
            assert_eq!(PhoneName::of_topic(&format!("owntracks/demo/phone/{below}")), Some(demo.clone()));
        }
        assert_eq!(demo.command_topic(), "owntracks/demo/phone/cmd");
        for topic in [
            "owntracks",
            "owntracks/demo",
            "owntracks/demo/",
            "owntracks//phone",
            "owntracks/demo/phone/",
            "owntracks/demo/phone/cmd",
            "owntracks/demo/phone/event/x",
            "owntracks/demo/phone/cmd/x",
            "owntracks/demo/phone/+",
            "owntracks/demo/phone/#",
            "owntracks/demo/phone/a\nb",
            "owntracks/demo/+",
            "owntracks/#",
            "/owntracks/demo/phone",
            "OwnTracks/demo/phone",
            "jjl/demo/phone",
        ] {
            assert_eq!(PhoneName::of_topic(topic), None, "{topic}");
        }
    }

    #[test]
    fn joined_names_are_different_phones() {
        let one = PhoneName::new("a", "b-c").unwrap();
        assert_ne!(one, PhoneName::new("a-b", "c").unwrap());
        assert!(PhoneName::new("奶奶", "小米 13").is_ok());
        for (user, device) in [("", "d"), ("u", ""), ("a/b", "d"), ("u", "#"), ("u", "d\0"), ("u\n", "d")] {
            assert_eq!(PhoneName::new(user, device), Err(PhoneNameError), "{user:?} {device:?}");
        }
        assert_eq!(PhoneName::new("u".repeat(101), "d"), Err(PhoneNameError));
    }
}
