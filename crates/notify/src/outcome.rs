//! How an attempt ended.

use model::Timestamp;
use std::{error::Error, fmt::Write as _, time::Duration};

/// The other side took it. That is not yet a person who knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What the other side calls it, by which its delivery report names it.
    pub provider_id: Option<String>,
    /// How long the attempt took.
    pub took: Duration,
}

/// It was not taken, or nobody knows whether it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Failed {
    /// In words for an operator; without secrets, recipient and text.
    pub why: String,
    /// Whether another attempt makes sense.
    pub again: Again,
    /// How long the attempt took.
    pub took: Duration,
}

/// Whether another attempt makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Yes, when it is due.
    Later,
    /// Yes, but the other side asked to be left alone until then.
    NotBefore(Timestamp),
    /// No: the same would be refused again.
    Never,
    /// No, and nothing else is to be sent there either until somebody has looked (410 of a webhook).
    Gone,
}

/// A failure before anybody knows how long it took.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) why: String,
    pub(crate) again: Again,
}

impl Refusal {
    pub(crate) fn never(why: impl Into<String>) -> Self {
        Self { why: why.into(), again: Again::Never }
    }

    pub(crate) fn later(why: impl Into<String>) -> Self {
        Self { why: why.into(), again: Again::Later }
    }
}

/// An error with everything behind it, in one line.
pub(crate) fn words(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let text = source.to_string();
        // Some errors repeat their source in their own text.
        if !said.contains(&text) && write!(said, ": {text}").is_err() {
            break;
        }
        next = source.source();
    }
    said
}
