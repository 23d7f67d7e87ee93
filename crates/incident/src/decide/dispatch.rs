//! The holder asks stations to go.

use super::{Seen, link::desk_stage_by, shows_up};
use crate::effect::{Effect, Stage};
use crate::ladder::after;
use crate::{Decision, Incident, Ladder, Offer, Refusal, TaskState, What, say};
use model::{StationId, TaskId, Timestamp};

/// A task for each of the stations; none may have one in this incident that is not over.
pub(super) fn dispatch(
    seen: &Seen<'_>,
    by: &str,
    role_may_override: bool,
    stations: &[(StationId, String)],
    note: &str,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let (incident, _) = seen.held(by, role_may_override)?;
    let offers = offers(incident, stations)?;
    let what = What::Dispatched {
        by: by.to_owned(),
        offers,
        note: note.trim().to_owned(),
        answer_by: after(now, ladder.task_answer_s),
        deadline_at: Some(after(now, ladder.follow_up_s)),
    };
    // Whoever is on the way already is more than a question that was asked.
    let is_first = !incident.is_any(TaskState::is_live);
    let stage = desk_stage_by(incident, by);
    let say = asked(stage);
    let progress = is_first.then(|| Effect::Progress { stage, say: say.into(), at: now });
    let progress = progress.or_else(|| shows_up(incident, by, now));
    Ok(Decision::next(incident, now, what, progress.into_iter().collect()))
}

/// What the person hears when stations were asked and none has answered.
pub(super) fn asked(desk: Stage) -> &'static str {
    if desk == Stage::Received { say::STATION_ASKED } else { say::DISPATCHED }
}

/// The ladder asks the nearest station directly, or the next one when the first stays silent. What the desk owes is owed
/// as before.
pub(super) fn by_ladder(
    incident: &Incident,
    station: &(StationId, String),
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    if !incident.is_open() {
        return Err(Refusal::AlreadyClosed);
    }
    let offers = offers(incident, std::slice::from_ref(station))?;
    let answer_by = after(now, ladder.task_answer_s);
    let what =
        What::Dispatched { by: String::new(), offers, note: String::new(), answer_by, deadline_at: None };
    let is_first = incident.holder().is_none() && !incident.is_any(TaskState::is_live);
    let progress = is_first.then(|| Effect::Progress {
        stage: Stage::Received,
        say: say::STATION_ASKED.into(),
        at: now,
    });
    Ok(Decision::next(incident, now, what, progress.into_iter().collect()))
}

fn offers(incident: &Incident, stations: &[(StationId, String)]) -> Result<Vec<Offer>, Refusal> {
    let version = incident.version.saturating_add(1);
    let mut offers: Vec<Offer> = Vec::new();
    for (station, name) in stations {
        let is_at_it = |task: &crate::Task| task.station == *station && task.state.is_live();
        if incident.tasks.iter().any(is_at_it) {
            return Err(Refusal::AlreadyAsked { station: name.clone() });
        }
        if offers.iter().all(|offer| offer.station != *station) {
            let task = TaskId::offered(&incident.id, version, station);
            offers.push(Offer { task, station: station.clone(), name: name.clone() });
        }
    }
    if offers.is_empty() { Err(Refusal::Missing { field: "stations" }) } else { Ok(offers) }
}
