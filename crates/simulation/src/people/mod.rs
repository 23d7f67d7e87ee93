//! The people at the desk and at the stations, who see what their screens show and do what they do, or nothing.

mod can;

pub(crate) use can::close;
use can::{CAN, Eyes};

use crate::{
    agenda::{Happening, Life},
    chance::{MS, Micros, S},
    sabotage::Sabotage,
    world::World,
};
use incident::{Attention, Command, Incident};
use model::{HandsetId, IncidentId, ResidentId, Severity, SignalId};
use std::{collections::BTreeMap, rc::Rc};

/// What somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    Operator,
    Supervisor,
    Station(usize),
    /// Of the family, who sees one resident.
    Relative(ResidentId),
}

/// Somebody with an account.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) is_present: bool,
    /// The process that serves their screen.
    pub(crate) at: Option<Life>,
    /// Since when, and when the last one was gone.
    pub(crate) there_since: Micros,
    pub(crate) left_at: Micros,
    /// How an incident looked to them before.
    seen: BTreeMap<IncidentId, Rc<Incident>>,
}

/// What somebody asked of an incident; sent again under the same key until it is answered.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) person: usize,
    pub(crate) incident: IncidentId,
    pub(crate) wish: Wish,
    pub(crate) expected_version: u64,
    pub(crate) key: u64,
    /// In words.
    pub(crate) what: String,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) enum Wish {
    /// Of the incident alone.
    Command(Box<Command>),
    /// Another incident ends in this one.
    Merge { from: IncidentId },
    /// Signals get an incident of their own.
    Split { signals: Vec<SignalId>, resident: Option<ResidentId>, handset: Option<HandsetId> },
    /// The handset is asked where it is.
    Locate,
}

impl Person {
    pub(crate) fn new(name: String, role: Role) -> Self {
        let (at, there_since, left_at, seen) = Default::default();
        Self { name, role, is_present: true, at, there_since, left_at, seen }
    }

    /// Whether their screen calls them to this incident, or it is their own.
    pub(crate) fn hears(&self, incident: &Incident) -> bool {
        match &self.role {
            Role::Operator => incident.is_sounding() || self.holds(incident),
            Role::Supervisor => {
                incident.is_sounding() && incident.attention() > Attention::Operators || self.holds(incident)
            }
            Role::Station(number) => {
                let is_theirs = |task: &incident::Task| can::number_of(&task.station) == Some(*number);
                incident.tasks.iter().any(|task| task.state.is_live() && is_theirs(task))
            }
            Role::Relative(resident) => incident.resident.as_ref() == Some(resident) && incident.is_open(),
        }
    }

    pub(crate) fn holds(&self, incident: &Incident) -> bool {
        incident.holder().is_some_and(|holder| holder.username == self.name)
    }
}

impl World {
    /// A process shows people what moved since it last did.
    pub(crate) fn show(&mut self, life: Life) {
        if !self.is_serving(life) {
            let back = self.back_at(life.process);
            return self.plan_in(back, Happening::Show { life });
        }
        let from = self.shown(life.process);
        let mut moved: Vec<&IncidentId> = self.store.log.iter().skip(from).collect();
        moved.sort_unstable();
        moved.dedup();
        let moved: Vec<_> = moved.into_iter().filter_map(|id| self.store.incident(id)).collect();
        for incident in moved {
            for person in 0..self.people.len() {
                if self.people.get(person).is_some_and(|found| found.at == Some(life)) {
                    self.calls(person, &incident);
                }
            }
        }
    }

    /// Somebody's screen calls them; whether they come is theirs.
    fn calls(&mut self, person: usize, incident: &Rc<Incident>) {
        let hears = self.people.get(person).is_some_and(|found| found.is_present && found.hears(incident));
        let is_hushed =
            self.options.sabotage == Some(Sabotage::LifeAlone) && incident.severity < Severity::Life;
        if !hears || is_hushed || !self.chance.hits(self.plan.zeal) {
            return;
        }
        // Now and then several reach for it in the same moment.
        let wait = match (self.is_healed(), self.chance.hits(200)) {
            (true, _) => self.chance.between(S, 4 * S),
            (false, true) => S,
            (false, false) => self.chance.between(50 * MS, 20 * S),
        };
        self.plan_in(wait, Happening::See { person, shown: Rc::clone(incident) });
    }

    pub(crate) fn connect(&mut self, person: usize) {
        let Some(life) = self.a_life() else {
            return self.plan_in(S, Happening::Connect { person });
        };
        let Some(found) = self.people.get_mut(person).filter(|found| found.is_present) else { return };
        (found.at, found.there_since) = (Some(life), self.now);
        for process in 0..self.processes.len() {
            self.plan_looks(process);
        }
        for incident in self.store.open_incidents() {
            self.calls(person, &incident);
        }
    }

    /// The screen lost its process and looks for another.
    pub(crate) fn disconnect(&mut self, person: usize) {
        self.leaves(person);
        let wait = self.chance.between(S, 5 * S);
        self.plan_in(wait, Happening::Connect { person });
    }

    pub(crate) fn return_to_desk(&mut self, person: usize) {
        if let Some(found) = self.people.get_mut(person).filter(|found| !found.is_present) {
            found.is_present = true;
            self.connect(person);
        }
    }

    /// Somebody looks at an incident and does something about it.
    pub(crate) fn see(&mut self, person: usize, shown: &Rc<Incident>) {
        let is_stale = self.chance.hits(self.plan.stale);
        let Some(found) = self.people.get_mut(person).filter(|found| found.is_present) else { return };
        let earlier = found.seen.insert(shown.id.clone(), Rc::clone(shown));
        let shown = earlier.filter(|_| is_stale).unwrap_or_else(|| Rc::clone(shown));
        // The family knows, and cannot send anybody.
        if !matches!(found.role, Role::Relative(_)) {
            self.check_reached(&shown.id);
        }
        let Some((what, wish)) = self.choose(person, &shown) else { return };
        let Some(found) = self.people.get(person) else { return };
        self.requests += 1;
        let what = format!("{}: {what} on {} in version {}", found.name, shown.id, shown.version);
        let request = Request {
            person,
            incident: shown.id.clone(),
            wish,
            expected_version: shown.version,
            key: self.requests,
            what,
        };
        self.plan_in(MS, Happening::Ask { request: Rc::new(request), tries: 0 });
    }

    fn choose(&mut self, person: usize, shown: &Incident) -> Option<(&'static str, Wish)> {
        let me = self.people.get(person)?;
        let staff = self.people.iter().filter(|person| !matches!(person.role, Role::Relative(_)));
        let names: Vec<&str> = staff.map(|person| person.name.as_str()).collect();
        let mut eyes = Eyes {
            me,
            incident: shown,
            names: &names,
            plan: &self.plan,
            store: &self.store,
            now: crate::world::stamp(self.now + self.wall_ahead),
            chance: &mut self.chance,
        };
        let offers: Vec<_> =
            CAN.iter().filter_map(|can| can.offer(&mut eyes).map(|wish| (can, wish))).collect();
        let index = eyes.chance.weighed(offers.iter().map(|(can, _)| can.weight))?;
        offers.into_iter().nth(index).map(|(can, wish)| (can.name, wish))
    }

    pub(crate) fn ask(&mut self, request: &Rc<Request>, tries: u32) {
        let life = self.people.get(request.person).and_then(|person| person.at);
        if tries < 3 {
            let again = Happening::Ask { request: Rc::clone(request), tries: tries + 1 };
            self.plan_in(4 * S, again);
        }
        if let Some(life) = life.filter(|life| self.is_serving(*life)) {
            self.act(life, request, 0);
        }
    }

    /// It was done, at this version; the answer may be lost on the way.
    pub(crate) fn done(&mut self, request: &Request, version: u64, incident: &IncidentId) {
        if self.chance.hits(self.plan.answer_lost) {
            self.note(|| "the answer is lost".to_owned());
            return;
        }
        let is_first = self.answered.insert(request.key);
        self.stats.acts += u64::from(is_first);
        self.check_done(request, version);
        let Some(incident) = self.store.incident(incident) else { return };
        // Whoever has done something goes on with it, if they do not forget it.
        if is_first && !self.is_healed() && self.chance.hits(600) {
            let wait = self.chance.between(100 * MS, 60 * S);
            self.plan_in(wait, Happening::See { person: request.person, shown: incident });
        }
    }

    pub(crate) fn is_answered(&self, request: &Request) -> bool {
        self.answered.contains(&request.key)
    }
}
