//! Whether somebody has spoken with the person, or seen them, since they asked for help last.

use crate::Incident;
use model::TaskId;

/// Somebody has spoken with the person, with a witness, or with 120 or 110.
pub(super) fn heard(incident: &mut Incident) {
    incident.is_heard = true;
    incident.seen_in.clear();
}

/// The person asks anew: what was said before does not tell how they are now.
pub(super) fn asked_anew(incident: &mut Incident) {
    incident.is_heard = false;
    incident.seen_in.clear();
}

/// Somebody of a station has seen the person.
pub(super) fn seen_in(incident: &mut Incident, task: &TaskId) {
    // What was said on the telephone stays said, whatever becomes of the task.
    if !incident.is_heard || !incident.seen_in.is_empty() {
        incident.is_heard = true;
        incident.seen_in.push(task.clone());
    }
}

/// They have not after all: a step was taken back.
pub(super) fn not_seen_in(incident: &mut Incident, task: &TaskId) {
    let told = incident.seen_in.len();
    incident.seen_in.retain(|seen_in| seen_in != task);
    if incident.seen_in.len() < told && incident.seen_in.is_empty() {
        incident.is_heard = false;
    }
}

/// It is over, and no step of a task can be taken back any more.
pub(super) fn settled(incident: &mut Incident) {
    incident.seen_in.clear();
}
