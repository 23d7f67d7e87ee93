//! What is to be sent, and the values it gives to templates.

use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap, fmt};

/// The ways to people and machines outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A short message to a telephone.
    Sms,
    /// A call that reads the text aloud.
    Voice,
    /// A signed request to another platform.
    Webhook,
    /// An e-mail.
    Email,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 4] = [Self::Sms, Self::Voice, Self::Webhook, Self::Email];

    /// Its word in settings, tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Webhook => "webhook",
            Self::Email => "email",
        }
    }

    /// What stands before every text of a drill. The voice reads a sentence, since brackets cannot be heard.
    const fn drill_mark(self) -> &'static str {
        match self {
            Self::Sms | Self::Webhook | Self::Email => "【演练】",
            Self::Voice => "这是演练。",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One message to one recipient by one channel. It is the same at every attempt; only the moment differs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The idempotency key: the same at every attempt, so that a receiver can tell a repeat. At most 64 letters,
    /// digits and `_ - :`.
    pub id: String,
    /// By which way.
    pub channel: Channel,
    /// A telephone number, an e-mail address, or the name of a webhook's receiver in the settings.
    pub to: String,
    /// The line above an e-mail, and a field of a webhook.
    pub subject: String,
    /// What the person is to know.
    pub text: String,
    /// Where more can be seen and done.
    pub link: Option<String>,
    /// Values for the further variables that templates may name, and further data of a webhook. `type` is the
    /// webhook's event type.
    pub variables: BTreeMap<String, String>,
    /// A test: its texts are marked on every channel, whatever the templates say.
    pub drill: bool,
    /// When it was written.
    pub made_at: Timestamp,
}

/// Whom it is for and what it says is in no log.
impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .field("drill", &self.drill)
            .finish_non_exhaustive()
    }
}

/// The names every template may use.
pub(crate) const VARIABLES: &[&str] = &["to", "text", "subject", "link", "id", "channel", "drill", "made_at"];

impl Outgoing {
    /// The text, marked if this is a drill.
    pub(crate) fn marked_text(&self) -> Cow<'_, str> {
        self.marked(&self.text)
    }

    /// The subject, marked if this is a drill.
    pub(crate) fn marked_subject(&self) -> Cow<'_, str> {
        self.marked(&self.subject)
    }

    fn marked<'a>(&self, words: &'a str) -> Cow<'a, str> {
        let mark = self.channel.drill_mark();
        if self.drill && !words.starts_with(mark) {
            Cow::Owned(format!("{mark}{words}"))
        } else {
            Cow::Borrowed(words)
        }
    }

    /// The value of a template's variable. A further one that this message does not carry is empty.
    pub(crate) fn value(&self, name: &str) -> Cow<'_, str> {
        match name {
            "to" => Cow::Borrowed(&self.to),
            "text" => self.marked_text(),
            "subject" => self.marked_subject(),
            "link" => Cow::Borrowed(self.link.as_deref().unwrap_or_default()),
            "id" => Cow::Borrowed(&self.id),
            "channel" => Cow::Borrowed(self.channel.as_str()),
            "drill" => Cow::Borrowed(if self.drill { "true" } else { "false" }),
            "made_at" => Cow::Owned(self.made_at.to_string()),
            further => Cow::Borrowed(self.variables.get(further).map_or("", String::as_str)),
        }
    }

    /// Whether the id can stand in a header, in an address and between the dots of a signature.
    pub(crate) fn has_usable_id(&self) -> bool {
        let is_usable = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'_' | b'-' | b':');
        (1..=64).contains(&self.id.len()) && self.id.bytes().all(is_usable)
    }
}
