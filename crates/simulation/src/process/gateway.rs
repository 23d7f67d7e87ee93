//! Calls to people away from the desk: a row of the outbox is taken for a while, the gateway is asked under the effect's
//! name, and the row is marked. Whatever is lost in between is asked again, under the same name.

use crate::{
    agenda::{Happening, Life},
    chance::{MS, Micros, S},
    sabotage::Sabotage,
    store::{Due, Notice},
    world::World,
};
use incident::{Attention, Effect};
use model::IncidentId;
use std::collections::{BTreeSet, HashMap};

/// A process that has taken a row and says nothing is taken for dead.
const TAKEN_FOR: Micros = 30 * S;
const RETRY_AT_MOST: Micros = 60 * S;

/// The gateway of a telephone company: it rings once for each name, however often it is asked.
#[derive(Debug, Default)]
pub(crate) struct Gateway {
    pub(crate) down_until: Micros,
    rang: HashMap<(IncidentId, u64), BTreeSet<String>>,
}

impl World {
    pub(crate) fn plan_ring(&mut self, process: usize) {
        let waiting = self.store.notices.iter().filter(|notice| !notice.is_done);
        let Some(at) = waiting.map(|notice| notice.not_before).min() else { return };
        let Some(found) = self.processes.get_mut(process).filter(|process| process.is_alive) else { return };
        if !std::mem::replace(&mut found.planned.ring, true) {
            let (life, wait) = (found.life(process), self.chance.between(1, 250) * MS);
            self.plan_at(at.max(self.now) + wait, Happening::Ring { life });
        }
    }

    pub(crate) fn ring(&mut self, life: Life) {
        let is_serving = self.is_serving(life);
        let back = self.back_at(life.process);
        let Some(process) = self.processes.get_mut(life.process) else { return };
        process.planned.ring = !is_serving;
        if !is_serving {
            return self.plan_in(back, Happening::Ring { life });
        }
        let now = self.now;
        let is_due = |notice: &Notice| !notice.is_done && notice.not_before <= now;
        if let Some(index) = self.store.notices.iter().position(is_due) {
            self.call(life, index);
        }
        self.plan_ring(life.process);
    }

    fn call(&mut self, life: Life, index: usize) {
        let Some(notice) = self.store.notices.get_mut(index) else { return };
        let incident = self.store.incidents.get(&notice.incident);
        // Nobody need hear any more of what somebody has taken meanwhile.
        if incident.is_none_or(|row| !row.incident.is_sounding()) {
            notice.is_done = true;
            return;
        }
        notice.attempts += 1;
        notice.not_before = self.now + TAKEN_FOR;
        let (name, incident, version) = (notice.effect.clone(), notice.incident.clone(), notice.version);
        let fails = self.gateway.down_until > self.now || self.chance.hits(self.plan.gateway_fails);
        // One that fails may have rung all the same: only its answer was lost.
        if !fails || self.chance.hits(300) {
            self.rings(&name, &incident, version);
        }
        let wait = if fails && self.chance.hits(300) { 10 * S } else { self.chance.between(100 * MS, 3 * S) };
        self.plan_in(wait, Happening::Rung { life, notice: index, told: !fails });
    }

    pub(crate) fn rung(&mut self, life: Life, index: usize, told: bool) {
        // A process that cannot write that down leaves it to whoever takes the row next.
        if !self.is_serving(life) {
            return;
        }
        let now = self.now;
        if let Some(notice) = self.store.notices.get_mut(index) {
            notice.is_done = told;
            let wait = S << notice.attempts.min(6);
            notice.not_before = now + wait.min(RETRY_AT_MOST);
        }
        self.plan_ring(life.process);
    }

    /// Somebody's telephone rings.
    fn rings(&mut self, name: &str, incident: &IncidentId, version: u64) {
        let names = self.gateway.rang.entry((incident.clone(), version)).or_default();
        names.insert(name.to_owned());
        let names = names.len();
        self.check_ring(name, incident, version, names);
    }

    pub(super) fn ring_too_early(&mut self, effects: &[Due]) {
        if self.options.sabotage != Some(Sabotage::EffectBeforeCommit) {
            return;
        }
        for due in effects {
            let is_call =
                matches!(&due.effect, Effect::Sound { attention } if *attention > Attention::Operators);
            if let Some((incident, _)) = due.id.split_once(':').filter(|_| is_call)
                && let Ok(incident) = IncidentId::new(incident)
            {
                self.rings(&due.id, &incident, due.version);
            }
        }
    }

    /// After a restart everything is told once more, and nobody can see that it is the same.
    pub(super) fn tell_anew(&mut self) {
        if self.options.sabotage != Some(Sabotage::EffectTwice) {
            return;
        }
        for notice in &mut self.store.notices {
            notice.is_done = false;
            notice.effect.push('+');
        }
    }
}
