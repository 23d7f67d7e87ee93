//! Whoever was told and has answered since, as the incident's own events say it. Written with them.

use crate::{
    IncidentChange, micros,
    on_screens::{ScreenOf, of_task},
    script::Script,
};
use incident::{Event, TaskState, What};
use model::{IncidentId, TaskId};

/// Notes in the notices about an incident who has answered: a relative all that they were sent about it, a station what it was
/// sent about its task, somebody at the desk what their screens showed. Whoever has answered is not sent it again.
pub(crate) fn note(script: &mut Script, change: &IncidentChange) {
    let id = &change.incident.id;
    for event in &change.events {
        match &event.what {
            What::Answered { by, .. } => by_relative(script, id, by, event),
            // Only the desk takes a task back; every other word is the station's, whoever wrote it down.
            What::TaskMoved { task, to, .. } if *to != TaskState::Withdrawn => {
                by_station(script, id, task, event);
            }
            What::SaidOnScene { task, .. } => by_station(script, id, task, event),
            _ => on_screens(script, id.as_str(), event),
        }
    }
}

fn by_relative(script: &mut Script, incident: &IncidentId, username: &str, event: &Event) {
    script.add(
        "UPDATE notices SET acknowledged_at_us = COALESCE(acknowledged_at_us, $3), next_at_us = NULL,
           ended_at_us = COALESCE(ended_at_us, $3)
         WHERE incident_id = $1 AND recipient_kind = 'relative' AND recipient = $2",
        [incident.as_str().into(), username.into(), micros(event.at).into()],
    );
}

fn by_station(script: &mut Script, incident: &IncidentId, task: &TaskId, event: &Event) {
    script.add(
        "UPDATE notices SET acknowledged_at_us = COALESCE(acknowledged_at_us, $4), next_at_us = NULL,
           ended_at_us = COALESCE(ended_at_us, $4)
         WHERE incident_id = $1 AND (notice_id = $2 OR notice_id LIKE $3)",
        [
            incident.as_str().into(),
            format!("task:{task}").into(),
            format!("task:{task}:%").into(),
            micros(event.at).into(),
        ],
    );
}

/// What screens showed, whose row may not be written yet: whoever writes it comes here, too. At the desk a claim, and that signals were
/// seen, is the answer. Messages stand aside: one that was put out since is not answered by what was said before.
pub(crate) fn on_screens(script: &mut Script, incident: &str, event: &Event) {
    let at = micros(event.at);
    match &event.what {
        What::Claimed { by, .. } | What::Confirmed { by, .. } => {
            by_account(script, ScreenOf::Desk.notice_id(incident, by), at);
        }
        What::Answered { by, .. } => by_account(script, ScreenOf::Relative.notice_id(incident, by), at),
        What::TaskMoved { task, to, .. } if *to != TaskState::Withdrawn => {
            by_accounts(script, incident, task, at);
        }
        What::SaidOnScene { task, .. } => by_accounts(script, incident, task, at),
        _ => {}
    }
}

fn by_account(script: &mut Script, notice: String, at: i64) {
    script.add(
        "UPDATE notices SET acknowledged_at_us = COALESCE(acknowledged_at_us, $2) WHERE notice_id = $1",
        [notice.into(), at.into()],
    );
}

/// A station answers as one, whoever of them says it.
fn by_accounts(script: &mut Script, incident: &str, task: &TaskId, at: i64) {
    script.add(
        "UPDATE notices SET acknowledged_at_us = COALESCE(acknowledged_at_us, $3)
         WHERE incident_id = $1 AND notice_id LIKE $2",
        [incident.into(), format!("{}%", of_task(task)).into(), at.into()],
    );
}
