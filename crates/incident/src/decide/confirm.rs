//! The holder has seen signals that joined.

use super::{Seen, shows_up};
use crate::ladder::after;
use crate::{Decision, Ladder, Refusal, What};
use model::{SignalId, Timestamp};

/// Each is confirmed by name: "third press, 40 s ago" is news of its own. Those that are not named sound on.
pub(super) fn confirm(
    seen: &Seen<'_>,
    by: &str,
    role_may_override: bool,
    signals: &[SignalId],
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let (incident, _) = seen.held(by, role_may_override)?;
    if signals.is_empty() {
        return Err(Refusal::Missing { field: "signals" });
    }
    if signals.iter().any(|signal| !incident.holds(signal)) {
        return Err(Refusal::NoSignal);
    }
    let awaited = incident.answer().map(|awaited| awaited.signals.as_slice()).unwrap_or_default();
    let signals: Vec<SignalId> = awaited.iter().filter(|signal| signals.contains(signal)).cloned().collect();
    if signals.is_empty() {
        return Ok(Decision::nothing());
    }
    let what = What::Confirmed { by: by.to_owned(), signals, deadline_at: after(now, ladder.follow_up_s) };
    let progress = shows_up(incident, by, now);
    Ok(Decision::next(incident, now, what, progress.into_iter().collect()))
}
