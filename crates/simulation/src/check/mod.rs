//! The promises, looked at after every step.
//!
//! The checks keep a copy of every incident of their own, folded from the events as they were committed, and know nothing of
//! how the shell came to them. A new promise: a function here that is called where it could be broken, and a
//! [`Sabotage`](crate::Sabotage) that breaks it, so that a test shows that it is found.

mod change;
mod last;
mod reached;
mod words;

use crate::{
    chance::{Micros, S},
    handset::Publish,
    people::Request,
    world::{SLACK, WORD_EVERY, World},
};
use incident::{Incident, Stage, State};
use model::{HandsetId, IncidentId};
use std::collections::{HashMap, HashSet};

/// What each step of the machine's clock may cost a deadline: the pulse is 5 s old, and older where a process was kept from
/// writing it several times; a step that looks like less than 2 s is not corrected.
const CLOCK_COSTS: Micros = 20 * S;
/// A window for drills is over so long after its end, whatever pauses moved it and its last press.
const WINDOW_OVER: Micros = 900 * S;
/// A command is void after so long.
const COMMAND_KEPT: Micros = 120 * S;

/// An incident as the checks know it.
#[derive(Debug)]
struct Shadow {
    incident: Incident,
    /// When the person last heard something, in healthy time.
    told_at: Micros,
    /// How often clocks had been set by then.
    told_steps: Micros,
    /// When its deadline is due, in healthy time, and in virtual time.
    due_at: Micros,
    due_true: Micros,
    /// How far clocks had been set forward when the deadline was set.
    forwarded: Micros,
    /// How often clocks had been set by then.
    clock_steps: Micros,
    /// How many calls each event asks for.
    calls: HashMap<u64, usize>,
    /// How many stations the ladder asked for, and how many were asked for it.
    wanted: usize,
    asked: usize,
    /// Since when its holder has it, in virtual time.
    held_since: Micros,
    is_reached: bool,
    /// By when a person must have heard of it.
    reached_by: Option<Micros>,
}

/// What the checks remember.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    shadows: Vec<Shadow>,
    by_id: HashMap<IncidentId, usize>,
    /// Those that are open.
    open: Vec<usize>,
    effects: HashSet<String>,
    /// When each handset was asked something last, and how often clocks had been set by then.
    pub(crate) asked: HashMap<u32, (Micros, Micros)>,
    /// When the last window of each handset was to end, in virtual time, which is set back by nobody.
    pub(crate) windows: HashMap<HandsetId, Micros>,
}

/// How far help has come, from nothing but the incident.
pub(crate) fn truth(incident: &Incident) -> Stage {
    let far = |task: &incident::Task| match task.state {
        incident::TaskState::OnScene => Some(Stage::OnScene),
        incident::TaskState::EnRoute => Some(Stage::OnTheWay),
        _ => None,
    };
    if let Some(closing) = incident.closing() {
        // Help goes on in the other one, however far it has come there: the end of this one is not the end of it.
        return if closing.merged_into.is_some() { Stage::OnScene } else { Stage::Closed };
    }
    let desk = if words::has_operator(incident) { Stage::Claimed } else { Stage::Received };
    incident.tasks.iter().filter_map(far).fold(desk, Stage::max)
}

/// Whether somebody told this heard more than is true.
fn is_more(said: Stage, truth: Stage) -> bool {
    said > truth || (said == Stage::Closed) != (truth == Stage::Closed)
}

impl Checks {
    fn shadow(&self, id: &IncidentId) -> Option<&Shadow> {
        self.by_id.get(id).and_then(|index| self.shadows.get(*index))
    }

    fn open(&self) -> impl Iterator<Item = &Shadow> {
        self.open.iter().filter_map(|index| self.shadows.get(*index))
    }
}

impl World {
    /// What time alone can break.
    pub(crate) fn check_step(&mut self) {
        let mut broken = None;
        for shadow in self.checks.open() {
            let (incident, id) = (&shadow.incident, &shadow.incident.id);
            let slack = SLACK + (self.clock_steps - shadow.clock_steps) * CLOCK_COSTS;
            let told_slack = SLACK + (self.clock_steps - shadow.told_steps) * CLOCK_COSTS;
            if self.healthy - shadow.due_at > slack {
                let late = (self.healthy - shadow.due_at) / S;
                broken = Some(("a running deadline", format!("nothing happened to {id} {late} s after it")));
            }
            let is_silent = matches!(incident.state, State::Raised { .. })
                && incident.handset.is_some()
                && self.healthy - shadow.told_at > WORD_EVERY + told_slack;
            if is_silent {
                let wait = (self.healthy - shadow.told_at) / S;
                let why = format!("nobody has claimed {id}, and the person heard nothing for {wait} s");
                broken = Some(("a word every 60 s while unclaimed", why));
            }
        }
        if let Some((promise, why)) = broken {
            self.fail(promise, why);
        }
        self.check_reached_in_time();
        self.check_missed();
        self.check_words_arrive();
    }

    /// A handset hears a command: in time, or never.
    pub(crate) fn check_in_time(&mut self, number: u32) {
        let Some((asked_at, steps)) = self.checks.asked.get(&number).copied() else { return };
        // A clock that is set back at a restart leaves what was left by the last pulse.
        let most = COMMAND_KEPT + (self.clock_steps - steps) * 60 * S + 60 * S;
        if self.now - asked_at > most {
            let why = format!("h{number} hears a command of {} s ago", (self.now - asked_at) / S);
            self.fail("nothing wakes her hours later", why);
        }
    }

    /// A handset took a receipt for this press.
    pub(crate) fn check_receipt(&mut self, number: u32, publish: &Publish) {
        self.stats.receipts += 1;
        let Some(handset) = self.handsets.get(&number) else { return };
        if !self.store.has_press(&handset.id, publish) {
            let why =
                format!("{} has a receipt for press {}, which is not on disk", handset.id, publish.number);
            self.fail("a receipted press is never lost", why);
        }
    }

    /// A telephone rings, for the so-manieth effect of this event.
    pub(crate) fn check_ring(&mut self, effect: &str, id: &IncidentId, version: u64, names: usize) {
        self.stats.calls += 1;
        let shadow = self.checks.shadow(id);
        let calls = shadow.and_then(|shadow| shadow.calls.get(&version)).copied();
        match calls {
            None => self.fail("nothing is done before it is on disk", format!("{effect} rings, and is not")),
            Some(calls) if names > calls => {
                self.fail("no effect twice", format!("version {version} of {id} rings again, as {effect}"));
            }
            Some(_) => {}
        }
    }

    /// Somebody was told that their act was done.
    pub(crate) fn check_done(&mut self, request: &Request, version: u64) {
        let by = self.people.get(request.person).map(|person| person.name.as_str());
        let row = self.store.incidents.get(&request.incident);
        let mut events = row.map(|row| row.events.iter()).into_iter().flatten();
        // An act repeated under its key is answered with the incident as it stands.
        if !events.any(|event| event.version <= version && event.what.by() == by) {
            self.fail("never two holders", format!("{}: done, they say, and it is not", request.what));
        }
    }
}
