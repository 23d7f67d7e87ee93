//! A world: everything in it, and what each happening does. One thread, one agenda, one die.

mod healing;
mod needs;

pub(crate) use healing::{Healed, SLACK, WORD_EVERY};

use crate::{
    agenda::{Agenda, Happening, Life},
    chance::{Chance, MS, Micros, S},
    check::Checks,
    handset::Handset,
    journal::Journal,
    options::Options,
    people::{Person, Role},
    plan::Plan,
    process::{Gateway, Process},
    run::{Failure, Stats},
    store::Store,
};
use incident::Ladder;
use model::Timestamp;
use std::collections::{BTreeMap, HashSet};

/// The moment at which every world begins, in seconds since 1970.
const BEGINNING: Micros = 1_795_420_800 * S;
/// Worlds in which little happens are healed after this.
const CHAOS_AT_MOST: Micros = 3 * 3_600 * S;

/// Virtual time as a process with that clock stamps it.
pub(crate) fn stamp(at: Micros) -> Timestamp {
    Timestamp::from_microsecond(BEGINNING + at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The other way round.
pub(crate) fn micros(at: Timestamp) -> Micros {
    at.as_microsecond() - BEGINNING
}

/// One world.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) plan: Plan,
    pub(crate) ladder: Ladder,
    pub(crate) chance: Chance,
    pub(crate) now: Micros,
    /// How much of the time somebody could have done what was due.
    pub(crate) healthy: Micros,
    pub(crate) agenda: Agenda,
    pub(crate) store: Store,
    /// When it can be written again.
    pub(crate) store_back: Micros,
    pub(crate) processes: Vec<Process>,
    /// How far the machine's clock is ahead of virtual time; a process takes it at its start.
    pub(crate) wall_ahead: Micros,
    /// How far it was set forward, all in all.
    pub(crate) forwarded: Micros,
    /// How often it was set.
    pub(crate) clock_steps: Micros,
    /// What processes that stand still would have done.
    pub(crate) held: Vec<Happening>,
    pub(crate) gateway: Gateway,
    /// From its first press on.
    pub(crate) handsets: BTreeMap<u32, Handset>,
    /// When a handset sends next.
    pub(crate) sends: BTreeMap<u32, Micros>,
    pub(crate) swapped: BTreeMap<u32, Option<u32>>,
    pub(crate) cut_handsets: BTreeMap<u32, Micros>,
    pub(crate) network_back: Micros,
    pub(crate) people: Vec<Person>,
    pub(crate) requests: u64,
    pub(crate) answered: HashSet<u64>,
    pub(crate) checks: Checks,
    pub(crate) healed: Option<Healed>,
    pub(crate) stats: Stats,
    pub(crate) failure: Option<Failure>,
    pub(crate) journal: Option<Journal>,
}

impl World {
    pub(crate) fn new(seed: u64, options: Options, journal: Option<Journal>) -> Self {
        let mut chance = Chance::new(seed);
        let plan = Plan::draw(&mut chance);
        let mut world = Self {
            ladder: Ladder::default(),
            now: 0,
            healthy: 0,
            agenda: Agenda::default(),
            store: Store::new(options.sabotage),
            store_back: 0,
            processes: (0..plan.processes).map(|_| Process::default()).collect(),
            wall_ahead: 0,
            forwarded: 0,
            clock_steps: 0,
            held: Vec::new(),
            gateway: Gateway::default(),
            handsets: BTreeMap::new(),
            sends: BTreeMap::new(),
            swapped: BTreeMap::new(),
            cut_handsets: BTreeMap::new(),
            network_back: 0,
            people: staff(&plan),
            requests: 0,
            answered: HashSet::new(),
            checks: Checks::default(),
            healed: None,
            stats: Stats::default(),
            failure: None,
            journal,
            options,
            plan,
            chance,
        };
        world.begin();
        world
    }

    fn begin(&mut self) {
        for process in 0..self.processes.len() {
            self.start(process);
        }
        for person in 0..self.people.len() {
            self.plan_in(1, Happening::Connect { person });
        }
        self.plan_in(S, Happening::Need);
        let wait = self.chance.between(1, self.plan.fault_every);
        self.plan_in(wait, Happening::Fault);
    }

    /// The next step; false once the world is done, one way or the other.
    pub(crate) fn step(&mut self) -> bool {
        if self.healed.is_none() && (self.stats.events >= self.options.events || self.now > CHAOS_AT_MOST) {
            self.heal();
        }
        let Some((at, what)) = self.agenda.next() else { return false };
        self.pass_time(at);
        if !self.comes_true(&what) {
            return true;
        }
        self.stats.events += 1;
        self.happen(&what);
        self.check_step();
        if let Some(journal) = &mut self.journal {
            journal.step(self.stats.events, at, &what);
        }
        self.failure.is_none() && !self.is_done()
    }

    fn pass_time(&mut self, at: Micros) {
        let passed = at - self.now;
        let is_healthy =
            self.store_back <= self.now && self.processes.iter().any(|process| process.serves(self.now));
        if is_healthy {
            self.healthy += passed;
        }
        self.now = at;
    }

    /// Whether it happens at all: what was meant for a life that ended does not, nor what was planned anew since.
    fn comes_true(&mut self, what: &Happening) -> bool {
        if let Some(life) = what.life() {
            let Some(process) = self.processes.get(life.process) else { return false };
            if process.epoch != life.epoch || !process.is_alive {
                if let Happening::Arrive { .. } = what {
                    self.stats.lost += 1;
                }
                return false;
            }
            if process.stalled_until > self.now {
                if self.is_planned(what) {
                    self.held.push(what.clone());
                }
                return false;
            }
        }
        self.is_planned(what)
            && match what {
                Happening::Send { handset } => self.sends.get(handset) == Some(&self.now),
                Happening::Down { handset, session } => self.is_session(*handset, *session),
                Happening::Ask { request, .. } => !self.is_answered(request),
                Happening::Start { process } => {
                    self.processes.get(*process).is_some_and(|found| !found.is_alive)
                }
                Happening::Connect { person } | Happening::Return { person } => {
                    self.people.get(*person).is_some_and(|person| person.at.is_none()) && self.may_come()
                }
                Happening::Need | Happening::Fault => self.healed.is_none(),
                Happening::Reconnect { handset } => {
                    self.handsets.get(handset).is_some_and(|handset| handset.at.is_none())
                }
                _ => true,
            }
    }

    /// Of looks for deadlines the one that was planned last counts.
    fn is_planned(&self, what: &Happening) -> bool {
        match what {
            Happening::Look { life } => self.is_look_planned(*life),
            Happening::Miss { life } => self.is_miss_planned(*life),
            _ => true,
        }
    }

    fn happen(&mut self, what: &Happening) {
        match what {
            Happening::Need => self.need(),
            Happening::Send { handset } => self.send(*handset),
            Happening::Arrive { life, handset, session, publish } => {
                self.arrive(*life, *handset, *session, publish);
            }
            Happening::Commit { life } => self.commit(*life),
            Happening::Answer { life } => self.answer(*life),
            Happening::Follow { life } => self.follow(*life),
            Happening::Look { life } => self.look(*life),
            Happening::Show { life } => self.show(*life),
            Happening::Down { handset, session } => self.down(*handset, *session),
            Happening::Heard { handset, session, row, payload, is_receipt } => {
                self.heard(*handset, *session, *row, payload, *is_receipt);
            }
            Happening::Taken { handset, session, number } => self.taken(*handset, *session, *number),
            Happening::Settle { life, handset, row } => self.settle(*life, *handset, *row),
            Happening::Reconnect { handset } => self.reconnect(*handset),
            Happening::Connect { person } => self.connect(*person),
            Happening::See { person, shown } => self.see(*person, shown),
            Happening::Ask { request, tries } => self.ask(request, *tries),
            Happening::Ring { life } => self.ring(*life),
            Happening::CallOut { life } => self.call_out(*life),
            Happening::Miss { life } => self.miss(*life),
            Happening::Rung { life, notice, told } => self.rung(*life, *notice, *told),
            Happening::Fault => self.fault(),
            Happening::Return { person } => self.return_to_desk(*person),
            Happening::Resume { life } => self.resume(*life),
            Happening::Start { process } => self.start(*process),
            Happening::Relief => self.relieve(),
            Happening::Wait => {}
        }
    }

    pub(crate) fn plan_at(&mut self, at: Micros, what: Happening) {
        self.agenda.plan(at.max(self.now), what);
    }

    pub(crate) fn plan_in(&mut self, wait: Micros, what: Happening) {
        self.agenda.plan(self.now + wait.max(0), what);
    }

    /// Whether this process can do its work now.
    pub(crate) fn is_serving(&self, life: Life) -> bool {
        self.is_alive(life)
            && self.store_back <= self.now
            && self.processes.get(life.process).is_some_and(|process| process.serves(self.now))
    }

    pub(crate) fn is_alive(&self, life: Life) -> bool {
        self.processes
            .get(life.process)
            .is_some_and(|process| process.is_alive && process.epoch == life.epoch)
    }

    /// How long until a process that cannot work tries again.
    pub(crate) fn back_at(&mut self, process: usize) -> Micros {
        let wait = self.chance.between(1, 250 * MS);
        let until = self.processes.get(process).map_or(0, |found| found.cut_until.max(found.stalled_until));
        (until.max(self.store_back) - self.now).max(0) + wait
    }

    /// Some process that lives.
    pub(crate) fn a_life(&mut self) -> Option<Life> {
        let lives = self.processes.iter().enumerate().filter(|(_, process)| process.is_alive);
        let lives: Vec<Life> = lives.map(|(index, process)| process.life(index)).collect();
        self.chance.pick(&lives)
    }

    /// A promise was broken; the first one counts.
    pub(crate) fn fail(&mut self, promise: &'static str, why: String) {
        self.note(|| format!("BROKEN: {promise}: {why}"));
        self.failure.get_or_insert(Failure { promise, why, step: self.stats.events, at: self.now });
    }

    /// Goes into the log, where one is kept.
    pub(crate) fn note(&mut self, text: impl FnOnce() -> String) {
        if let Some(journal) = &mut self.journal {
            journal.note(text());
        }
    }
}

fn staff(plan: &Plan) -> Vec<Person> {
    let operators =
        (0..plan.operators).map(|number| Person::new(format!("operator{number}"), Role::Operator));
    let supervisor = Person::new("supervisor".to_owned(), Role::Supervisor);
    let stations =
        (0..plan.stations).map(|number| Person::new(format!("station{number}"), Role::Station(number)));
    let relative =
        plan.restless.first().and_then(|number| plan.owner(*number)).and_then(crate::plan::resident);
    let relative = relative.map(|resident| Person::new("relative".to_owned(), Role::Relative(resident)));
    operators.chain([supervisor]).chain(stations).chain(relative).collect()
}
