//! A step of the action plan was done. That a service was told is done by the handing over, which says which one and what it
//! answered; that somebody was sent, by the sending.

use super::{Seen, shows_up};
use crate::ladder::after;
use crate::plan::last_cry;
use crate::{Decision, Ladder, PlanOutcome, PlanStep, Refusal, What};
use model::Timestamp;

/// Written down as a note is: anybody at the desk may help, and the holder's word says that the holder goes on with it.
pub(super) fn mark(
    seen: &Seen<'_>,
    by: &str,
    (step, outcome): (PlanStep, PlanOutcome),
    text: &str,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let incident = seen.open()?;
    let text = text.trim();
    if outcome == PlanOutcome::NotNeeded && text.is_empty() {
        return Err(Refusal::Missing { field: "text" });
    }
    if step == PlanStep::HandOver && matches!(outcome, PlanOutcome::Done | PlanOutcome::Answered) {
        return Err(Refusal::ByHandingOver);
    }
    if step == PlanStep::SendStation && outcome != PlanOutcome::NotNeeded {
        return Err(Refusal::BySending);
    }
    let progress = shows_up(incident, by, now);
    let is_holder = incident.holder().is_some_and(|holder| holder.username == by);
    let deadline_at = is_holder.then(|| after(now, ladder.follow_up_s));
    let (by, text, cry) = (by.to_owned(), text.to_owned(), last_cry(incident).cloned());
    let what = What::StepMarked { by, step, outcome, text, deadline_at, cry };
    Ok(Decision::next(incident, now, what, progress.into_iter().collect()))
}
