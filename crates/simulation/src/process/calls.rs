//! Stations that the ladder asks for: a row with the step, done once by whoever comes first.

use super::{Job, working::Working};
use crate::{
    agenda::{Happening, Life},
    chance::MS,
    plan,
    sabotage::Sabotage,
    store::CommitDesk,
    world::World,
};
use incident::{Command, Incident};
use model::StationId;

impl World {
    pub(super) fn plan_call_out(&mut self, process: usize) {
        if self.store.calls.iter().all(|call| call.is_done) {
            return;
        }
        let wait = self.chance.between(1, 250) * MS;
        let Some(found) = self.processes.get_mut(process).filter(|process| process.is_alive) else { return };
        if !std::mem::replace(&mut found.planned.call_out, true) {
            let life = found.life(process);
            self.plan_in(wait, Happening::CallOut { life });
        }
    }

    pub(crate) fn call_out(&mut self, life: Life) {
        let is_serving = self.is_serving(life);
        let back = self.back_at(life.process);
        let Some(process) = self.processes.get_mut(life.process) else { return };
        process.planned.call_out = !is_serving;
        if !is_serving {
            return self.plan_in(back, Happening::CallOut { life });
        }
        let waiting = self.store.calls.iter().position(|call| !call.is_done);
        let Some(place) = waiting else { return };
        let change = self.asked(life, place);
        let is_marked = self.options.sabotage != Some(Sabotage::CallsUnmarked) || change.is_none();
        let commit = CommitDesk {
            changes: change.into_iter().collect(),
            done_call: is_marked.then_some(place),
            ..CommitDesk::default()
        };
        self.enqueue(life, Job::Call(commit));
        self.plan_call_out(life.process);
    }

    /// The nearest station that may be asked; nothing if it is over, a station has it, or none is left.
    fn asked(&self, life: Life, place: usize) -> Option<crate::store::Change> {
        let now = self.clock(life.process);
        let id = self.store.calls.get(place).map(|call| call.incident.clone())?;
        let incident = self.store.incident(&id).filter(|incident| incident.is_open())?;
        if incident.tasks.iter().any(incident::Task::is_coming) {
            return None;
        }
        let station = self.free_station(&incident)?;
        let mut working = Working::on(Some(&incident));
        // What the engine refuses now need not be asked again: the next step of the ladder asks anew.
        working.give(Command::DispatchByLadder { station }, None, &self.ladder, now).ok()?;
        working.into_change()
    }

    fn free_station(&self, incident: &Incident) -> Option<(StationId, String)> {
        let is_free = |station: &StationId| incident.tasks.iter().all(|task| task.station != *station);
        let found = (0..self.plan.stations).filter_map(plan::station).find(is_free)?;
        Some((found.clone(), found.to_string()))
    }
}
