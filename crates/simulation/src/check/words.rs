//! What the sentences say, whatever stage they come with; and what the desk and the ladder owe besides.

use crate::{store::Change, world::World};
use incident::{Effect, Event, Incident, Task, TaskState, What};
use model::IncidentId;

/// Words that say that somebody at the desk has it.
const OF_OPERATORS: [&str; 6] =
    ["接线员已接警", "接线员接警", "接线员正在", "接线员会", "接线员已请", "接线员为您处理"];

/// Whether somebody at the desk has it, and is there.
pub(super) fn has_operator(incident: &Incident) -> bool {
    incident.holder().is_some() && !incident.is_holder_lost()
}

/// Whether a sentence may say that somebody at the desk has it: also of one that goes on in another, which is the desk's.
pub(super) fn may_name_operator(incident: &Incident) -> bool {
    let goes_on = incident.closing().is_some_and(|end| end.merged_into.is_some());
    has_operator(incident) || goes_on
}

pub(super) fn names_operator(say: &str) -> bool {
    OF_OPERATORS.iter().any(|words| say.contains(words))
}

impl World {
    /// A station that does not go after all, while nobody at the desk has it and no other may come, is followed by the next.
    pub(super) fn check_next_station(&mut self, change: &Change, event: &Event, after: &Incident) {
        let turns_down =
            matches!(&event.what, What::TaskMoved { to: TaskState::Declined | TaskState::Failed, .. });
        let may_come = |task: &Task| task.state.is_live() && !task.is_silent();
        let is_left_alone = after.is_open() && !has_operator(after) && !after.tasks.iter().any(may_come);
        let asks =
            |due: &crate::store::Due| due.version == event.version && due.effect == Effect::NextStation;
        if turns_down && is_left_alone && !change.effects.iter().any(asks) {
            let why = format!("{}: nobody is asked after version {}", after.id, event.version);
            self.fail("a station that does not go is followed by the next", why);
        }
    }

    /// What waited in an incident that ends in this one waits on here.
    pub(super) fn check_carried(&mut self, from: &IncidentId, after: &Incident) {
        let Some(waited) = self.checks.shadow(from).and_then(|shadow| shadow.incident.answer()) else {
            return;
        };
        let waits = after.answer().map(|awaited| awaited.signals.as_slice()).unwrap_or_default();
        let dropped = waited.signals.iter().find(|signal| !waits.contains(signal));
        if let Some(why) = dropped.map(|signal| format!("{signal} of {from} waits no more in {}", after.id)) {
            self.fail("a signal waits until it is confirmed", why);
        }
    }
}
