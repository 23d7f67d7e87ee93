//! The need is over. The case is not: what it was and how it ended must be written down.

use super::{Seen, shows_up};
use crate::ladder::after;
use crate::{Decision, Ladder, Refusal, TaskState, What};
use model::Timestamp;

/// Not while a station is at it, for then it is not over.
pub(super) fn resolve(
    seen: &Seen<'_>,
    by: &str,
    role_may_override: bool,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let (incident, _) = seen.held(by, role_may_override)?;
    if incident.is_any(TaskState::is_live) {
        return Err(Refusal::TasksOpen);
    }
    let what = What::Resolved { by: by.to_owned(), deadline_at: after(now, ladder.follow_up_s) };
    let progress = shows_up(incident, by, now);
    Ok(Decision::next(incident, now, what, progress.into_iter().collect()))
}
