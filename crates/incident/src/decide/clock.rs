//! Our clock was set back. A deadline at 10:00 that was a minute away is still a minute away.

use crate::ladder::before;
use crate::{Decision, Incident, What};
use model::{SignedDuration, Timestamp};

/// Moves the deadlines with the clock, so that what is left of them stays, and what was done before with them: by its old time it
/// would be later than all that comes.
pub(super) fn went_back(incident: &Incident, by: SignedDuration, now: Timestamp) -> Decision {
    let Some(deadline) = incident.deadline_at else { return Decision::nothing() };
    if by <= SignedDuration::ZERO {
        return Decision::nothing();
    }
    let deadline_at = before(deadline, by);
    let answer_by = incident.answer().map(|awaited| before(awaited.by, by));
    let what = What::ClockWentBack { by, deadline_at, answer_by, stamps: true };
    Decision::next(incident, now, what, Vec::new())
}
