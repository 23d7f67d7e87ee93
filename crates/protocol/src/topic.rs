//! The topics of the handset: `jjl/<handset>/<kind>` up, `jjl/<handset>/down/<kind>` down.
//!
//! Whether a handset may publish or read is a comparison of levels, never of prefixes: `jjl/h1` is not `jjl/h10`.

use model::{HandsetId, IdError};

/// The first level of every topic of the GPS-one handset.
const ROOT: &str = "jjl";

/// What a handset sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UpKind {
    /// Positions.
    Fix,
    /// The emergency button, or its cancel.
    Press,
    /// A fall the handset saw.
    Fall,
    /// Battery, charging, worn; also the last will.
    Status,
    /// The answer to a command.
    Answer,
    /// A message of an OwnTracks app; its payload says what it is.
    OwnTracks,
    /// A report in OsmAnd's protocol.
    OsmAnd,
}

impl UpKind {
    /// The last level of the topic; of the dialects of telephones, their name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fix => "fix",
            Self::Press => "press",
            Self::Fall => "fall",
            Self::Status => "status",
            Self::Answer => "answer",
            Self::OwnTracks => "owntracks",
            Self::OsmAnd => "osmand",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Fix, Self::Press, Self::Fall, Self::Status, Self::Answer]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// What is sent to a handset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DownKind {
    /// A press is on disk.
    Receipt,
    /// The incident has come a step further, or a step back.
    Progress,
    /// The handset is asked to do something.
    Command,
}

impl DownKind {
    /// The last level of the topic.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Progress => "progress",
            Self::Command => "command",
        }
    }
}

/// Why a topic is not one a handset publishes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    /// Not of the form `jjl/<handset>/<kind>`.
    #[error("a handset publishes on jjl/<handset>/<kind>")]
    Shape,
    /// The second level is no handset id.
    #[error("the handset in the topic is not an id")]
    Handset(#[source] IdError),
    /// The third level is no kind of message.
    #[error("a handset sends fix, press, fall, status and answer only")]
    Kind,
}

/// A topic a handset publishes on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UpTopic {
    /// Whose it is.
    pub handset: HandsetId,
    /// What is sent there.
    pub kind: UpKind,
}

impl UpTopic {
    /// Reads a topic, or says why no handset publishes there.
    pub fn parse(topic: &str) -> Result<Self, TopicError> {
        let mut levels = topic.split('/');
        let (Some(ROOT), Some(handset), Some(kind), None) =
            (levels.next(), levels.next(), levels.next(), levels.next())
        else {
            return Err(TopicError::Shape);
        };
        let handset = HandsetId::new(handset).map_err(TopicError::Handset)?;
        let kind = UpKind::from_name(kind).ok_or(TopicError::Kind)?;
        Ok(Self { handset, kind })
    }

    /// The topic as it is published.
    pub fn name(&self) -> String {
        format!("{ROOT}/{}/{}", self.handset, self.kind.as_str())
    }
}

/// The topic on which this handset hears this kind.
pub fn down_topic(handset: &HandsetId, kind: DownKind) -> String {
    format!("{ROOT}/{handset}/down/{}", kind.as_str())
}

/// Whether a subscription can match nothing but what is sent down to this handset. Wildcards may stand below
/// `down/` only.
pub fn may_read(handset: &HandsetId, filter: &str) -> bool {
    let mut levels = filter.split('/');
    let own = [ROOT, handset.as_str(), "down"].into_iter().all(|level| levels.next() == Some(level));
    own && levels.next().is_some() && is_filter(filter)
}

/// Whether a topic filter is well formed: `+` fills a level alone, `#` fills the last one alone.
fn is_filter(filter: &str) -> bool {
    let mut levels = filter.split('/').peekable();
    while let Some(level) = levels.next() {
        let fits = match level {
            "+" => true,
            "#" => levels.peek().is_none(),
            plain => !plain.contains(['+', '#', '\0']),
        };
        if !fits {
            return false;
        }
    }
    !filter.is_empty()
}

/// MQTT matching (section 4.7 of both versions): `+` is one level, `#` the rest and its parent, and neither at
/// the front matches a topic that begins with `$`. A filter that is not well formed matches nothing.
pub fn filter_matches(filter: &str, topic: &str) -> bool {
    if !is_filter(filter) || topic.is_empty() || (topic.starts_with('$') && filter.starts_with(['+', '#'])) {
        return false;
    }
    let mut there = topic.split('/');
    for wanted in filter.split('/') {
        match (wanted, there.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (plain, Some(level)) if plain == level => {}
            (_, Some(_) | None) => return false,
        }
    }
    there.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handset(id: &str) -> HandsetId {
        HandsetId::new(id).unwrap()
    }

    #[test]
    fn a_topic_reads_and_writes_the_same() {
        for kind in [UpKind::Fix, UpKind::Press, UpKind::Fall, UpKind::Status, UpKind::Answer] {
            let topic = UpTopic { handset: handset("demo-0001"), kind };
            assert_eq!(UpTopic::parse(&topic.name()), Ok(topic));
        }
        assert_eq!(down_topic(&handset("h"), DownKind::Receipt), "jjl/h/down/receipt");
        assert_eq!(down_topic(&handset("h"), DownKind::Progress), "jjl/h/down/progress");
        assert_eq!(down_topic(&handset("h"), DownKind::Command), "jjl/h/down/command");
    }

    #[test]
    fn other_topics_are_nobodys() {
        for topic in ["", "jjl", "jjl/h", "jjl/h/press/", "/jjl/h/press", "JJL/h/press", "jjl/h/down/receipt"]
        {
            assert_eq!(UpTopic::parse(topic), Err(TopicError::Shape), "{topic}");
        }
        for topic in ["jjl//press", "jjl/+/press", "jjl/a b/press"] {
            assert!(matches!(UpTopic::parse(topic), Err(TopicError::Handset(_))), "{topic}");
        }
        for topic in ["jjl/h/Press", "jjl/h/", "jjl/h/down", "jjl/h/#"] {
            assert_eq!(UpTopic::parse(topic), Err(TopicError::Kind), "{topic}");
        }
    }

    #[test]
    fn a_handset_reads_its_own_down_only() {
        for filter in ["jjl/h/down/#", "jjl/h/down/+", "jjl/h/down/receipt", "jjl/h/down/x/+/#"] {
            assert!(may_read(&handset("h"), filter), "{filter}");
        }
        for filter in [
            "#",
            "+",
            "",
            "jjl/#",
            "jjl/+/down/#",
            "jjl/h/#",
            "jjl/h/+/receipt",
            "jjl/h/down",
            "jjl/h/press",
            "jjl/h2/down/#",
            "jjl/h/down/#/x",
            "jjl/h/down/a#",
            "jjl/h/down/+a",
            "$share/g/jjl/h/down/#",
            "+/h/down/#",
            "/jjl/h/down/#",
            "jjl/h/down/a\0",
        ] {
            assert!(!may_read(&handset("h"), filter), "{filter}");
        }
    }

    #[test]
    fn filters_match_as_the_standard_says() {
        for (filter, topic, matches) in [
            ("jjl/h/down/#", "jjl/h/down/receipt", true),
            ("jjl/h/down/#", "jjl/h/down", true),
            ("jjl/h/down/+", "jjl/h/down", false),
            ("jjl/h/down/+", "jjl/h/down/", true),
            ("jjl/h/down/+", "jjl/h/down/a/b", false),
            ("+/+", "/finance", true),
            ("/+", "/finance", true),
            ("+", "/finance", false),
            ("#", "a/b", true),
            ("a", "a/b", false),
            ("a/b", "a", false),
            ("#", "$SYS/x", false),
            ("+/x", "$SYS/x", false),
            ("$SYS/#", "$SYS/x", true),
            ("a/#/b", "a/x/b", false),
            ("a#", "a#", false),
        ] {
            assert_eq!(filter_matches(filter, topic), matches, "{filter} {topic}");
        }
    }
}
