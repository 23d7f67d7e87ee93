//! The whole answer: yes or no, for which reason, and of a person how much is shown and of which time.

use crate::{Action, Decision, Sight, Subject, Who, decide, sight};
use model::Timestamp;

/// The whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Allowed {
        /// What of the person it is about is shown, and from when on; nothing where it is about no person.
        sight: Sight,
        /// Whether it is a yes for the sake of the reason alone.
        needed_reason: bool,
    },
    /// It would be a yes with a reason, and none was given.
    ReasonNeeded,
    /// No; the sentence says why, for the account to read.
    Refused(&'static str),
}

/// What this account is answered that wants to do this now, for this reason. A blank reason is none.
pub fn answer(who: &Who, action: Action, subject: &Subject, reason: Option<&str>, now: Timestamp) -> Answer {
    let is_said = reason.is_some_and(|reason| !reason.trim().is_empty());
    let needed_reason = match decide(who, action, subject, now) {
        Decision::Allowed => false,
        Decision::AllowedWithReason if is_said => true,
        Decision::AllowedWithReason => return Answer::ReasonNeeded,
        Decision::Refused(why) => return Answer::Refused(why),
    };
    let sight = match subject {
        Subject::Resident { id, has_open_incident, .. } => sight(who, id, *has_open_incident, now),
        Subject::Incident { resident: Some(id), open, .. } => sight(who, id, *open, now),
        Subject::Incident { resident: None, .. }
        | Subject::Nothing
        | Subject::Everybody
        | Subject::Account { .. } => Sight::NOTHING,
    };
    Answer::Allowed { sight, needed_reason }
}
