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
mod drawn;
mod file;
mod passed;
mod person;
mod returns;
mod snoozes;

pub use diff::{Change, Difference, diff};
pub use drawn::DrawnEntry;
pub use file::{
    AbsenceEntry, HandsetEntry, PhoneEntry, Problem, ResidentEntry, ResidentsFile, SnoozeEntry, SnoozedEntry,
};
pub use passed::Passed;

use crate::engine::{Event, World, Worn, step};
use crate::fence::{Fence, FenceKind};
use crate::moment::Moment;
use crate::plane::Point;
use crate::shape::{Datum, Shape, looks_like};
use crate::signal::Signal;
use model::{Fix, HandsetId, ResidentId, Timestamp};
use person::Person;
use returns::Returns;
use snoozes::Snoozes;
use std::collections::{BTreeSet, HashMap, HashSet, hash_map::Entry};

/// Residents with their states, at one moment of a recording.
#[derive(Debug)]
pub struct Recording {
    world: World,
    people: Vec<Person>,
    numbers: HashMap<ResidentId, usize>,
    carried: HashMap<HandsetId, usize>,
    companions: HashMap<HandsetId, Companion>,
    deadlines: BTreeSet<(Moment, usize)>,
    snoozes: Snoozes,
    returns: Returns,
    passed: Passed,
    now: Moment,
}

/// A handset that goes with somebody.
#[derive(Debug, Default)]
struct Companion {
    newest: Option<Fix>,
    /// The numbers of those it goes with.
    with: Vec<usize>,
}

impl Recording {
    /// The beginning of a recording, and what in the file could not be used.
    pub fn new(file: &ResidentsFile) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let world = file.world(&mut problems);
        let (mut people, mut carried) = (Vec::<Person>::new(), HashMap::<HandsetId, usize>::new());
        let mut companions = HashMap::<HandsetId, Companion>::new();
        let mut ids = HashSet::new();
        for entry in &file.residents {
            // Whoever is named twice keeps their place, for others are counted by it, and what the second carries is nobody's.
            if !ids.insert(&entry.id) {
                problems.push(Problem::Resident(entry.id.clone()));
                people.push(Person::new(entry.resident(&mut problems), Vec::new()));
                continue;
            }
            for companion in &entry.companions {
                companions.entry(companion.clone()).or_default().with.push(people.len());
            }
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
        let recording = Self {
            world,
            people,
            numbers,
            carried,
            companions,
            deadlines: BTreeSet::new(),
            snoozes: Snoozes::of(file),
            returns: Returns::of(file),
            passed: Passed::default(),
            now: Moment::PAST,
        };
        (recording, problems)
    }

    /// Who carries a handset.
    pub fn resident(&self, handset: &HandsetId) -> Option<&ResidentId> {
        Some(&self.people.get(*self.carried.get(handset)?)?.resident.id)
    }

    /// Where a resident wears their handset, as the residents' file says.
    pub fn worn(&self, resident: &ResidentId) -> Option<Worn> {
        self.people.get(*self.numbers.get(resident)?)?.resident.worn
    }

    /// What was not judged so far, and why.
    pub fn passed(&self) -> &Passed {
        &self.passed
    }

    /// Safe fences that lie beside where their resident rests by just the shift of a Chinese map: whose, which, and of what datum it looks.
    pub fn shifted(&self) -> Vec<(&ResidentId, &str, Datum)> {
        let of = |person: &Person, fence: &Fence| {
            let (lat, lon) = fence.area.plane().degrees(Point { x: 0.0, y: 0.0 });
            looks_like(&Shape::circle(lon, lat, 0.0), person.state.about()?)
        };
        let each = self.people.iter().flat_map(|person| {
            let safe = person.resident.fences.iter().filter(|fence| fence.kind == FenceKind::Safe);
            safe.map(move |fence| (person, fence))
        });
        let shifted = each
            .filter_map(|(person, fence)| Some((&person.resident.id, fence.id.as_str(), of(person, fence)?)));
        shifted.collect()
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
            if own.is_none() && !self.companions.contains_key(handset) {
                self.pass_over(handset, fixes);
            }
            self.meet(own, handset, fixes, out);
        }
        if let Some(number) = own {
            self.step(number, event, out);
        }
    }

    /// Fixes about nobody.
    fn pass_over(&mut self, handset: &HandsetId, fixes: &[Fix]) {
        self.passed.note("uncarried", fixes.len());
        if !fixes.is_empty() && !self.passed.uncarried.contains(handset) {
            self.passed.uncarried.insert(handset.clone());
        }
    }

    /// What fixes say besides where their resident is: who is together, and what is usual.
    fn meet(&mut self, own: Option<usize>, handset: &HandsetId, fixes: &[Fix], out: &mut Vec<Signal>) {
        let newest = fixes.iter().max_by_key(|fix| fix.fix_time).cloned();
        if let Some(held) = self.companions.get_mut(handset) {
            held.newest = newest.or_else(|| held.newest.take());
        }
        if let Some(person) = own.and_then(|number| self.people.get_mut(number)) {
            person.remember(fixes);
        }
        let near = |number: usize| {
            let person = self.people.get(number)?;
            let about = person.companions.iter().filter(|one| own == Some(number) || *one == handset);
            let newest = about.filter_map(|one| self.companions.get(one));
            let until = newest.filter_map(|one| person.company(one.newest.as_ref())).max()?;
            Some((number, until))
        };
        let concerned = self.concerned(own, handset).into_iter();
        let near: Vec<(usize, Timestamp)> = concerned.filter_map(near).collect();
        for (number, until) in near {
            self.step(number, Event::Companion { until }, out);
        }
    }

    /// Of whom a fix of that handset may say that they have company, in order: its own resident, and those it goes with. Of a hundred
    /// thousand others none is looked at.
    fn concerned(&self, own: Option<usize>, handset: &HandsetId) -> Vec<usize> {
        let with = self.companions.get(handset).into_iter().flat_map(|companion| &companion.with);
        let mut concerned: Vec<usize> = with.copied().chain(own).collect();
        concerned.sort_unstable();
        concerned.dedup();
        concerned
    }

    /// Lets time run on.
    pub fn run_until(&mut self, time: Timestamp, out: &mut Vec<Signal>) {
        // Of who was back before it began nothing was told in it.
        let is_beginning = self.now == Moment::PAST;
        while let Some(back) = self.returns.next(time) {
            if !is_beginning {
                self.say_until(back.at, out);
                self.step(back.number, Event::Expected { away: &back.away }, out);
            }
        }
        self.say_until(time, out);
        if is_beginning {
            self.supervise(time, out);
        }
    }

    /// Whoever should be heard is missed from the beginning on, also if their handset never speaks: nothing but its silence could say so.
    fn supervise(&mut self, time: Timestamp, out: &mut Vec<Signal>) {
        let mut carrying: Vec<usize> = self.carried.values().copied().collect();
        carrying.sort_unstable();
        for number in carrying {
            let Some(person) = self.people.get_mut(number) else { continue };
            if person.resident.heartbeat_s.is_some() {
                person.state.supervise(time);
                self.step(number, Event::Tick, out);
            }
        }
    }

    /// Lets time run on, with what was said meanwhile.
    fn say_until(&mut self, time: Timestamp, out: &mut Vec<Signal>) {
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
        let passed = step(&self.world, resident, state, event, self.now.timestamp(), out);
        if state.deadline() != Moment::NEVER {
            self.deadlines.insert((state.deadline(), number));
        }
        person.take_up();
        for why in passed {
            self.passed.note(why.as_str(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Work is counted and not timed: a fix looks at nobody whom it cannot concern.
    #[test]
    fn a_fix_looks_only_at_those_it_may_give_company() {
        let resident = |number: u32| {
            let companions = if number % 1_000 == 7 { json!(["with", "h5"]) } else { json!([]) };
            let (id, handset) = (format!("r{number}"), format!("h{number}"));
            json!({"id": id, "handset": {"id": handset}, "companions": companions})
        };
        let residents: Vec<Value> = (0..3_000).map(resident).collect();
        let file = serde_json::from_value(json!({ "residents": residents })).unwrap();
        let (recording, problems) = Recording::new(&file);
        assert!(problems.is_empty(), "{problems:?}");
        let concerned = |handset: &str| {
            let handset = HandsetId::new(handset).unwrap();
            recording.concerned(recording.carried.get(&handset).copied(), &handset)
        };
        assert_eq!(concerned("h12"), [12]);
        assert_eq!(concerned("with"), [7, 1_007, 2_007]);
        assert_eq!(concerned("h5"), [5, 7, 1_007, 2_007]);
        assert!(concerned("nobody").is_empty());
    }
}
