//! It turns out whom an incident is about, or that it is about somebody else.

use super::Seen;
use crate::{Carries, Decision, Effect, Event, Incident, Refusal, What, evolve, say};
use model::{HandsetId, ResidentId, Timestamp};

/// Anybody at the desk may know the voice; it need not be the holder.
pub(super) fn identify(
    seen: &Seen<'_>,
    by: &str,
    resident: Option<&ResidentId>,
    handset: Option<&HandsetId>,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let incident = seen.open()?;
    if incident.resident.as_ref() == resident {
        return Ok(Decision::nothing());
    }
    let (resident, was) = (resident.cloned(), incident.resident.clone());
    let carries = Some(Carries { handset: handset.cloned() });
    let what = What::Identified { by: by.to_owned(), resident, was, carries };
    let mut decision = Decision::next(incident, now, what, Vec::new());
    decision.effects = told(incident, &decision.events, now);
    Ok(decision)
}

/// Whoever is told of it from now on hears how it stands; whoever was told until now hears that it was never about them.
fn told(before: &Incident, events: &[Event], now: Timestamp) -> Vec<Effect> {
    let Some(after) = events.iter().fold(Some(before.clone()), evolve) else { return Vec::new() };
    let (heard, hear) = (before.listeners(), after.listeners());
    let progress = (!hear.is_subset(&heard)).then(|| Effect::Progress {
        stage: after.stage(after.desk_stage()),
        say: say::as_it_stands(&after).into(),
        at: now,
    });
    let last_word = |handset: &&HandsetId| Effect::LastWord {
        handset: HandsetId::clone(handset),
        say: say::NOT_ABOUT_YOU.into(),
        at: now,
    };
    let gone = heard.difference(&hear).map(last_word);
    progress.into_iter().chain(gone).collect()
}
