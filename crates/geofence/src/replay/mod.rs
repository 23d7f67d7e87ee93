//! Recorded messages through the engine, and what it would have said.
//!
//! A [`Recording`] is what a shell does around the engine, without a store: it knows who carries which handset, fires
//! every deadline before the message that comes after it, and lets time run on when the messages end. Whoever reads the
//! lines decodes them (bytes are not this crate's matter) and hands in [`Event`]s.
//!
//! A fall report is [`Event::Heard`] here: the handset lives. What a detector makes of its samples is a line of its own and
//! stands beside the lines from here.

mod file;

pub use file::{HandsetEntry, Problem, ResidentEntry, ResidentsFile};

use crate::engine::{Event, Resident, State, World, Worn, step};
use crate::moment::Moment;
use crate::signal::Signal;
use model::{HandsetId, ResidentId, Timestamp};
use std::collections::{BTreeSet, HashMap, hash_map::Entry};

/// Residents with their states, at one moment of a recording.
#[derive(Debug)]
pub struct Recording {
    world: World,
    people: Vec<(Resident, State)>,
    carried: HashMap<HandsetId, usize>,
    deadlines: BTreeSet<(Moment, usize)>,
    now: Moment,
}

impl Recording {
    /// The beginning of a recording, and what in the file could not be used.
    pub fn new(file: &ResidentsFile) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let world = file.world(&mut problems);
        let (mut people, mut carried) = (Vec::<(Resident, State)>::new(), HashMap::<HandsetId, usize>::new());
        for entry in &file.residents {
            let handset = entry.handset.as_ref().map(|handset| handset.id.clone());
            match handset.map(|handset| carried.entry(handset)) {
                Some(Entry::Vacant(vacant)) => {
                    vacant.insert(people.len());
                }
                Some(Entry::Occupied(held)) => {
                    let first = people.get(*held.get()).map_or(&entry.id, |(first, _)| &first.id).clone();
                    let (handset, second) = (held.key().clone(), entry.id.clone());
                    problems.push(Problem::Handset { handset, first, second });
                }
                None => {}
            }
            people.push((entry.resident(&mut problems), State::default()));
        }
        let (deadlines, now) = (BTreeSet::new(), Moment::PAST);
        (Self { world, people, carried, deadlines, now }, problems)
    }

    /// Who carries a handset.
    pub fn resident(&self, handset: &HandsetId) -> Option<&ResidentId> {
        let (resident, _) = self.people.get(*self.carried.get(handset)?)?;
        Some(&resident.id)
    }

    /// Where a handset is worn, as the residents' file says.
    pub fn worn(&self, handset: &HandsetId) -> Option<Worn> {
        let (resident, _) = self.people.get(*self.carried.get(handset)?)?;
        resident.worn
    }

    /// Takes what a handset sent, after every deadline until then.
    pub fn take(
        &mut self,
        handset: &HandsetId,
        event: Event<'_>,
        received_at: Timestamp,
        out: &mut Vec<Signal>,
    ) {
        self.run_until(received_at, out);
        if let Some(number) = self.carried.get(handset).copied() {
            self.step(number, event, out);
        }
    }

    /// Lets time run on.
    pub fn run_until(&mut self, time: Timestamp, out: &mut Vec<Signal>) {
        let until = Moment::from(time).max(self.now);
        while let Some((deadline, number)) = self.deadlines.first().copied().filter(|(due, _)| *due <= until)
        {
            self.now = self.now.max(deadline);
            self.deadlines.remove(&(deadline, number));
            self.step(number, Event::Tick, out);
        }
        self.now = until;
    }

    fn step(&mut self, number: usize, event: Event<'_>, out: &mut Vec<Signal>) {
        let Some((resident, state)) = self.people.get_mut(number) else { return };
        self.deadlines.remove(&(state.deadline(), number));
        step(&self.world, resident, state, event, self.now.timestamp(), out);
        if state.deadline() != Moment::NEVER {
            self.deadlines.insert((state.deadline(), number));
        }
    }
}
