//! Recorded messages through the engine, and what it would have said.
//!
//! A [`Recording`] is what a shell does around the engine, without a store: it knows who carries which handset, fires
//! every deadline before the message that comes after it, and lets time run on when the messages end. Whoever reads the
//! lines decodes them (bytes are not this crate's matter) and hands in [`Event`]s.
//!
//! It learns too: fixes of a day that is over become habits, as a shell's night would do it, and a companion's handset that is near
//! is told to the engine. [`diff`] says what another version of the rules would have said.
//!
//! A fall report is [`Event::Heard`] here, and [`Event::Fall`] once it is raised. What follows from it is
//! [`crate::falls::episode`]'s, which whoever reads the lines runs beside this.

mod diff;
mod file;
mod person;
mod snoozes;

pub use diff::{Change, Difference, diff};
pub use file::{HandsetEntry, PhoneEntry, Problem, ResidentEntry, ResidentsFile, SnoozeEntry, SnoozedEntry};

use crate::engine::{Event, World, Worn, step};
use crate::moment::Moment;
use crate::signal::Signal;
use model::{Fix, HandsetId, ResidentId, Timestamp};
use person::Person;
use snoozes::Snoozes;
use std::collections::{BTreeSet, HashMap, hash_map::Entry};

/// Residents with their states, at one moment of a recording.
#[derive(Debug)]
pub struct Recording {
    world: World,
    people: Vec<Person>,
    numbers: HashMap<ResidentId, usize>,
    carried: HashMap<HandsetId, usize>,
    /// The newest fix of each companion's handset.
    companions: HashMap<HandsetId, Option<Fix>>,
    deadlines: BTreeSet<(Moment, usize)>,
    snoozes: Snoozes,
    now: Moment,
}

impl Recording {
    /// The beginning of a recording, and what in the file could not be used.
    pub fn new(file: &ResidentsFile) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let world = file.world(&mut problems);
        let (mut people, mut carried) = (Vec::<Person>::new(), HashMap::<HandsetId, usize>::new());
        let companions = file.residents.iter().flat_map(|entry| entry.companions.iter().cloned());
        let companions = companions.map(|handset| (handset, None)).collect();
        for entry in &file.residents {
            let handset = entry.handset.as_ref().map(|handset| handset.id.clone());
            match handset.map(|handset| carried.entry(handset)) {
                Some(Entry::Vacant(vacant)) => {
                    vacant.insert(people.len());
                }
                Some(Entry::Occupied(held)) => {
                    let first = people.get(*held.get()).map_or(&entry.id, |first| &first.resident.id).clone();
                    let (handset, second) = (held.key().clone(), entry.id.clone());
                    problems.push(Problem::Handset { handset, first, second });
                }
                None => {}
            }
            people.push(Person::new(entry.resident(&mut problems), entry.companions.clone()));
        }
        let named = people.iter().enumerate().rev();
        let numbers = named.map(|(number, person)| (person.resident.id.clone(), number)).collect();
        let (deadlines, snoozes, now) = (BTreeSet::new(), Snoozes::of(file), Moment::PAST);
        (Self { world, people, numbers, carried, companions, deadlines, snoozes, now }, problems)
    }

    /// Who carries a handset.
    pub fn resident(&self, handset: &HandsetId) -> Option<&ResidentId> {
        Some(&self.people.get(*self.carried.get(handset)?)?.resident.id)
    }

    /// Where a resident wears their handset, as the residents' file says.
    pub fn worn(&self, resident: &ResidentId) -> Option<Worn> {
        self.people.get(*self.numbers.get(resident)?)?.resident.worn
    }

    /// Takes what a handset sent, after every deadline until then.
    pub fn take(
        &mut self,
        handset: &HandsetId,
        event: Event<'_>,
        received_at: Timestamp,
        out: &mut Vec<Signal>,
    ) {
        let own = self.carried.get(handset).copied();
        self.take_of(own, handset, event, received_at, out);
    }

    /// The same of a handset that this resident carried when it sent it, whoever the residents' file says carries it.
    pub fn take_from(
        &mut self,
        resident: &ResidentId,
        handset: &HandsetId,
        event: Event<'_>,
        received_at: Timestamp,
        out: &mut Vec<Signal>,
    ) {
        let own = self.numbers.get(resident).copied();
        self.take_of(own, handset, event, received_at, out);
    }

    fn take_of(
        &mut self,
        own: Option<usize>,
        handset: &HandsetId,
        event: Event<'_>,
        received_at: Timestamp,
        out: &mut Vec<Signal>,
    ) {
        self.run_until(received_at, out);
        if let Some(person) = own.and_then(|number| self.people.get_mut(number)) {
            person.carry(handset, received_at);
        }
        if let Event::Fixes(fixes) = event {
            self.meet(own, handset, fixes, out);
        }
        if let Some(number) = own {
            self.step(number, event, out);
        }
    }

    /// What fixes say besides where their resident is: who is together, and what is usual.
    fn meet(&mut self, own: Option<usize>, handset: &HandsetId, fixes: &[Fix], out: &mut Vec<Signal>) {
        let newest = fixes.iter().max_by_key(|fix| fix.fix_time).cloned();
        if let Some(held) = self.companions.get_mut(handset) {
            *held = newest.or_else(|| held.take());
        }
        if let Some(person) = own.and_then(|number| self.people.get_mut(number)) {
            person.remember(fixes);
        }
        let companions = &self.companions;
        let near = |(number, person): (usize, &Person)| {
            let about = person.companions.iter().filter(|one| own == Some(number) || *one == handset);
            let until = about.filter_map(|one| person.company(companions.get(one)?.as_ref())).max()?;
            Some((number, until))
        };
        let near: Vec<(usize, Timestamp)> = self.people.iter().enumerate().filter_map(near).collect();
        for (number, until) in near {
            self.step(number, Event::Companion { until }, out);
        }
    }

    /// Lets time run on.
    pub fn run_until(&mut self, time: Timestamp, out: &mut Vec<Signal>) {
        let is_beginning = self.now == Moment::PAST;
        while let Some((number, said)) = self.snoozes.next(time) {
            if !is_beginning {
                self.pass(said.from, out);
            }
            let Some(person) = self.people.get_mut(number) else { continue };
            if is_beginning { person.stand(&said) } else { person.snooze(&self.world.zones, &said) }
        }
        self.pass(time, out);
    }

    /// Fires every deadline until then.
    fn pass(&mut self, time: Timestamp, out: &mut Vec<Signal>) {
        let until = Moment::from(time).max(self.now);
        while let Some((deadline, number)) = self.deadlines.first().copied().filter(|(due, _)| *due <= until)
        {
            self.now = self.now.max(deadline);
            self.deadlines.remove(&(deadline, number));
            self.step(number, Event::Tick, out);
        }
        self.now = until;
    }

    /// Nothing more comes: what arrived late is judged once it would have come in whole.
    pub fn settle(&mut self, out: &mut Vec<Signal>) {
        let held = self.people.iter().filter_map(|person| person.state.held_until()).max();
        if let Some(until) = held.filter(|until| Moment::from(*until) > self.now) {
            self.run_until(until, out);
        }
    }

    fn step(&mut self, number: usize, event: Event<'_>, out: &mut Vec<Signal>) {
        let Some(person) = self.people.get_mut(number) else { return };
        let Person { resident, state, .. } = &mut *person;
        self.deadlines.remove(&(state.deadline(), number));
        step(&self.world, resident, state, event, self.now.timestamp(), out);
        if state.deadline() != Moment::NEVER {
            self.deadlines.insert((state.deadline(), number));
        }
        person.take_up();
    }
}
