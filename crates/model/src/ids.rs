//! Names of things. Ids that the platform gives derive from their cause, so that a replay gives the same.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name space of every derived id; changing it would give every signal a second identity.
const NAMESPACE: Uuid = Uuid::from_u128(0x6a75_6a69_616c_6500_8000_6770_736f_6e65);

/// Why a text cannot be an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("an id must not be empty")]
    Empty,
    /// Longer than any id here.
    #[error("an id has at most 64 characters, this one has {0}")]
    TooLong(usize),
    /// A character that would not survive in a topic, a path or a log line.
    #[error("an id is made of letters, digits and . _ - : only, not {0:?}")]
    Character(char),
}

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > 64 {
        return Err(IdError::TooLong(text.chars().count()));
    }
    match text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':'))) {
        Some(c) => Err(IdError::Character(c)),
        None => Ok(()),
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text as this id, or says why it cannot be one.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// A GPS-one terminal, watch or phone app.
    HandsetId
}
id! {
    /// The person cared for.
    ResidentId
}
id! {
    /// One open or closed case about one resident (or one unbound handset).
    IncidentId
}
id! {
    /// Something that asked for attention, once.
    SignalId
}
id! {
    /// A home-care service station.
    StationId
}
id! {
    /// A station asked to go, once.
    TaskId
}

/// Joins the parts with their lengths, so that `["ab", "c"]` and `["a", "bc"]` differ.
fn derive(kind: &str, parts: &[&str]) -> String {
    let name = parts.iter().fold(kind.to_owned(), |name, part| format!("{name}|{}:{part}", part.len()));
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

impl SignalId {
    /// The id of the signal that these facts cause: the same facts give the same id, always.
    pub fn from_cause(kind: &str, parts: &[&str]) -> Self {
        Self(derive(kind, parts))
    }
}

impl IncidentId {
    /// The id of the incident that this signal opens.
    pub fn opened_by(signal: &SignalId) -> Self {
        Self(derive("incident", &[signal.as_str()]))
    }

    /// The id of the incident that this signal gets when it is taken out of another one.
    pub fn split_off(from: &Self, signal: &SignalId) -> Self {
        Self(derive("split", &[from.as_str(), signal.as_str()]))
    }
}

impl TaskId {
    /// The id of the task that this incident gives this station as it comes to this version.
    pub fn offered(incident: &IncidentId, version: u64, station: &StationId) -> Self {
        Self(derive("task", &[incident.as_str(), &version.to_string(), station.as_str()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_could_break_a_topic_is_refused() {
        for (text, why) in [
            ("", IdError::Empty),
            ("a/b", IdError::Character('/')),
            ("a+", IdError::Character('+')),
            ("h#", IdError::Character('#')),
            ("a\0", IdError::Character('\0')),
            ("手机", IdError::Character('手')),
        ] {
            assert_eq!(HandsetId::new(text), Err(why), "{text:?}");
        }
        assert!(matches!(HandsetId::new("x".repeat(65)), Err(IdError::TooLong(65))));
        assert!(HandsetId::new("demo-0001").is_ok());
    }

    #[test]
    fn the_same_cause_gives_the_same_signal_and_parts_do_not_run_together() {
        let one = SignalId::from_cause("press", &["h1", "p-1"]);
        assert_eq!(one, SignalId::from_cause("press", &["h1", "p-1"]));
        assert_ne!(one, SignalId::from_cause("press", &["h1p", "-1"]));
        assert_ne!(one, SignalId::from_cause("fall", &["h1", "p-1"]));
    }
}
