//! A relative says what they do. The desk sees it; nothing else changes, for nobody but the desk ends a case.

use crate::{Answer, Decision, Incident, Refusal, What};
use model::Timestamp;

/// Needs words only where the choice says nothing.
pub(super) fn answer(
    incident: &Incident,
    by: &str,
    answer: Answer,
    text: &str,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    if !incident.is_open() {
        return Err(Refusal::AlreadyClosed);
    }
    let text = text.trim();
    if answer == Answer::Other && text.is_empty() {
        return Err(Refusal::Missing { field: "text" });
    }
    let what = What::Answered { by: by.to_owned(), answer, text: text.to_owned() };
    Ok(Decision::next(incident, now, what, Vec::new()))
}
