//! The holder hands an incident back, and the ladder begins anew.

use super::Seen;
use crate::effect::{Effect, Stage};
use crate::ladder::after;
use crate::{Attention, Decision, Ladder, Refusal, What, say};
use model::Timestamp;

/// Back to nobody; the person is told that it went back a step, and why.
pub(super) fn release(
    seen: &Seen<'_>,
    by: &str,
    role_may_override: bool,
    reason: &str,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let (incident, _) = seen.held(by, role_may_override)?;
    let rule = ladder.rule_of(incident, now);
    let deadline_at = after(now, Ladder::wait_after_s(rule, 0));
    let what = What::Released { by: by.to_owned(), reason: reason.trim().to_owned(), deadline_at };
    let effects = vec![
        Effect::Sound { attention: Attention::Operators },
        Effect::Call { step: 0, callees: Ladder::first_calls(rule, 0) },
        Effect::Progress { stage: incident.stage(Stage::Received), say: say::RELEASED.into(), at: now },
    ];
    Ok(Decision::next(incident, now, what, effects))
}
