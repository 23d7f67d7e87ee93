//! What people type into fields: not empty, not endless, and nothing in it that is no sign.

use super::problem::Problem;
use axum::http::StatusCode;

/// What was typed into these is in no log: their debug text is their name.
macro_rules! hides_what_it_holds {
    ($($name:ident)+) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        })+
    };
}
pub(super) use hides_what_it_holds;

/// Characters a name or a short remark may have.
pub(super) const SHORT: usize = 100;
/// Characters a reason may have.
pub(super) const LONG: usize = 1_000;

/// The words without the space around them.
pub(super) fn needed(field: &str, text: &str, at_most: usize) -> Result<String, Problem> {
    let words = optional(field, text, at_most)?;
    if words.is_empty() {
        return Err(unprocessable(format!("{field} must say something")));
    }
    Ok(words)
}

/// The same of a field that may be left empty.
pub(super) fn optional(field: &str, text: &str, at_most: usize) -> Result<String, Problem> {
    let words = text.trim();
    if words.chars().count() > at_most {
        return Err(unprocessable(format!("{field} has at most {at_most} characters")));
    }
    if words.chars().any(|sign| sign.is_control() && sign != '\n') {
        return Err(unprocessable(format!("{field} holds a control character")));
    }
    Ok(words.to_owned())
}

/// One of a few words.
pub(super) fn one_of(field: &str, word: &str, words: &[&str]) -> Result<String, Problem> {
    if words.contains(&word) {
        return Ok(word.to_owned());
    }
    Err(unprocessable(format!("{field} is one of: {}", words.join(", "))))
}

/// A field whose words cannot be taken.
pub(super) fn unprocessable(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", detail)
}
