//! The end of an incident: somebody has it, and says what it was and how it ended.

use super::Seen;
use crate::codes::{self, CAUSES, Code, OUTCOMES};
use crate::effect::{Effect, Stage};
use crate::{Decision, Incident, Refusal, What, say};
use model::{SignedDuration, Timestamp};

/// What it was and how it ended.
pub(super) struct Reasons<'a> {
    pub(super) cause: &'a str,
    pub(super) outcome: &'a str,
    pub(super) note: &'a str,
    pub(super) snooze_until: Option<Timestamp>,
}

/// Nobody answers today for what may be tomorrow.
const SNOOZED_AT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// Closes it. What nobody has claimed cannot be closed: a press would end unheard, and so would one that joined and was not
/// confirmed. Who pressed or fell must have been spoken to, or somebody who sees them; what a supervisor knows better, a
/// supervisor answers for.
pub(super) fn close(
    seen: &Seen<'_>,
    by: &str,
    role_may_override: bool,
    reasons: &Reasons<'_>,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let (incident, _) = seen.held(by, role_may_override)?;
    if incident.is_cry_awaited() && !role_may_override {
        return Err(Refusal::Unconfirmed);
    }
    if incident.needs_contact() && !role_may_override {
        return Err(Refusal::NoContact);
    }
    snooze(incident, reasons.snooze_until, now)?;
    let what = What::Closed {
        by: by.to_owned(),
        cause: known("cause", CAUSES, reasons.cause)?,
        outcome: known("outcome", OUTCOMES, reasons.outcome)?,
        note: reasons.note.trim().to_owned(),
        snooze_until: reasons.snooze_until,
    };
    let effects = vec![Effect::Progress { stage: Stage::Closed, say: say::CLOSED.into(), at: now }];
    Ok(Decision::next(incident, now, what, effects))
}

/// What is snoozed is that somebody is still out of a fence or in a zone, which takes one; presses and falls are heard at all times.
fn snooze(incident: &Incident, until: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    let Some(until) = until else { return Ok(()) };
    if incident.fences().is_empty() && incident.zones().is_empty() {
        return Err(Refusal::NothingToSnooze);
    }
    let left = until.duration_since(now);
    let is_within = left > SignedDuration::ZERO && left <= SNOOZED_AT_MOST;
    if is_within { Ok(()) } else { Err(Refusal::SnoozeEnd) }
}

fn known(field: &'static str, list: &[Code], code: &str) -> Result<String, Refusal> {
    let code = code.trim();
    if code.is_empty() {
        Err(Refusal::Missing { field })
    } else if codes::has(list, code) {
        Ok(code.to_owned())
    } else {
        Err(Refusal::UnknownCode { field, code: code.to_owned() })
    }
}
