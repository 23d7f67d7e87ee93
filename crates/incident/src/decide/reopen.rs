//! A case that was closed too early goes on.

use super::Seen;
use crate::effect::{Effect, Stage};
use crate::ladder::after;
use crate::{Decision, Ladder, Refusal, What, say};
use model::{SignedDuration, Timestamp};

/// How long a closed case can go on; later it is another one.
const WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Whoever reopens it has it.
pub(super) fn reopen(
    seen: &Seen<'_>,
    by: &str,
    reason: &str,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let incident = seen.current()?;
    let closing = incident.closing().ok_or(Refusal::NotClosed)?;
    if let Some(into) = &closing.merged_into {
        return Err(Refusal::Merged { into: into.clone() });
    }
    if now.duration_since(closing.at) > WITHIN {
        return Err(Refusal::TooLate);
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::Missing { field: "reason" });
    }
    let deadline_at = after(now, ladder.follow_up_s);
    let what = What::Reopened { by: by.to_owned(), reason: reason.to_owned(), deadline_at };
    let progress = Effect::Progress { stage: Stage::Claimed, say: say::REOPENED.into(), at: now };
    Ok(Decision::next(incident, now, what, vec![progress]))
}
