//! Whether the holder has yet to hear of a station: that it does not come, says nothing, or calls.

use crate::{Incident, State};
use model::TaskId;

/// A station does not come: taken back, it never said so.
pub(super) fn turned_down(incident: &mut Incident, task: &TaskId) {
    // Over a call or a silence it sounds already, whatever becomes of this task.
    if let State::Claimed { unheard, turned_down, .. } = &mut incident.state
        && (!*unheard || !turned_down.is_empty())
    {
        *unheard = true;
        turned_down.push(task.clone());
    }
}

/// They do not after all: the step was taken back.
pub(super) fn not_turned_down(incident: &mut Incident, task: &TaskId) {
    if let State::Claimed { unheard, turned_down, .. } = &mut incident.state {
        let told = turned_down.len();
        turned_down.retain(|other| other != task);
        if turned_down.len() < told && turned_down.is_empty() {
            *unheard = false;
        }
    }
}

/// Somebody called, or is silent: no step that is taken back ends it.
pub(super) fn called(incident: &mut Incident) {
    if let State::Claimed { unheard, turned_down, .. } = &mut incident.state {
        *unheard = true;
        turned_down.clear();
    }
}

/// The desk has heard, or there is nothing to hear any more.
pub(super) fn heard(incident: &mut Incident) {
    if let State::Claimed { unheard, turned_down, .. } = &mut incident.state {
        *unheard = false;
        turned_down.clear();
    }
}
