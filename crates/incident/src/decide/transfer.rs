//! The holder gives the incident to another operator.

use super::Seen;
use crate::effect::{Effect, Stage};
use crate::ladder::after;
use crate::{Decision, Ladder, Refusal, What, say};
use model::Timestamp;

/// From one hand into the other: there is no moment in which nobody has it.
pub(super) fn transfer(
    seen: &Seen<'_>,
    by: &str,
    role_may_override: bool,
    to: &str,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let (incident, holder) = seen.held(by, role_may_override)?;
    let to = to.trim();
    if to.is_empty() {
        return Err(Refusal::Missing { field: "to" });
    }
    if holder.username == to {
        return Err(Refusal::SameHolder { holder: holder.clone() });
    }
    // Soon: whoever gets it has not looked at it yet.
    let deadline_at = after(now, ladder.answer_s);
    let what = What::Transferred { by: by.to_owned(), to: to.to_owned(), deadline_at };
    let stage = incident.stage(Stage::Claimed);
    let progress = Effect::Progress { stage, say: say::TRANSFERRED.into(), at: now };
    Ok(Decision::next(incident, now, what, vec![progress]))
}
