//! A store in memory that keeps the rules of the tables: a press is a repeat by its identity, two events of one
//! incident never have the same version, one incident is open about a subject, a cursor moves from where it stands, a
//! signal is in one incident. A job is validated whole before anything of it is written, which is what a savepoint
//! gives; what is written here is on disk.

mod outbox;
mod press;

pub(crate) use outbox::{Notice, Outbox};
pub(crate) use press::TakePress;

use crate::sabotage::Sabotage;
use incident::{Command, Effect, Event, Incident};
use model::{HandsetId, IncidentId, Signal, SignalId, Timestamp};
use protocol::Progress;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

/// What an incident was given, as the journal has it: handed to the engine again it gives the same.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) command: Command,
    pub(crate) expected_version: Option<u64>,
    pub(crate) now: Timestamp,
}

/// Something to be done about an event, under its name.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) id: String,
    pub(crate) version: u64,
    pub(crate) effect: Effect,
}

/// One incident moved by some events.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) incident: Rc<Incident>,
    pub(crate) base_version: u64,
    pub(crate) events: Vec<Event>,
    pub(crate) signals: Vec<SignalId>,
    pub(crate) effects: Vec<Due>,
    pub(crate) given: Vec<Given>,
}

/// Everything that one decision of the desk changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommitDesk {
    pub(crate) changes: Vec<Change>,
    /// The log of signals was read from here to there.
    pub(crate) cursor: Option<(usize, usize)>,
    /// The request's name for itself.
    pub(crate) key: Option<u64>,
}

/// Why a job was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JobError {
    /// Somebody else was faster.
    Conflict,
    /// It breaks a rule of the tables, and always will.
    Broken(String),
}

/// An incident as it is stored.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) incident: Rc<Incident>,
    pub(crate) due_at: Option<Timestamp>,
    subject: String,
    pub(crate) events: Vec<Event>,
    pub(crate) given: Vec<Given>,
}

/// The disk.
#[derive(Debug, Default)]
pub(crate) struct Store {
    sabotage: Option<Sabotage>,
    presses: HashMap<String, Timestamp>,
    nameless: HashMap<(HandsetId, Vec<u8>), u32>,
    press_ids: HashMap<(HandsetId, String), (bool, bool)>,
    signal_ids: HashMap<SignalId, usize>,
    pub(crate) signals: Vec<Signal>,
    pub(crate) cursor: usize,
    pub(crate) incidents: BTreeMap<IncidentId, Row>,
    open: BTreeMap<String, IncidentId>,
    due: BTreeSet<(Timestamp, IncidentId)>,
    pub(crate) placed: HashMap<SignalId, IncidentId>,
    /// Which incident moved, in order.
    pub(crate) log: Vec<IncidentId>,
    pub(crate) outbox: Outbox,
    pub(crate) notices: Vec<Notice>,
    done: HashMap<u64, IncidentId>,
    /// The last moment on record.
    alive_at: Option<Timestamp>,
    /// The latest that was on record before the clock was corrected.
    ever_alive_at: Option<Timestamp>,
}

impl Store {
    pub(crate) fn new(sabotage: Option<Sabotage>) -> Self {
        Self { sabotage, ..Self::default() }
    }

    pub(crate) fn incident(&self, id: &IncidentId) -> Option<Rc<Incident>> {
        self.incidents.get(id).map(|row| Rc::clone(&row.incident))
    }

    /// What was done under a request's name.
    pub(crate) fn done_under(&self, key: u64) -> Option<Rc<Incident>> {
        self.done.get(&key).and_then(|id| self.incident(id))
    }

    /// The signals that wait to be placed, each with the open incident about its subject.
    pub(crate) fn unread(&self, limit: usize) -> Vec<(Signal, Option<Rc<Incident>>)> {
        let waiting = self.signals.iter().skip(self.cursor).take(limit);
        let open = |signal: &Signal| self.open.get(&subject_of(signal)).and_then(|id| self.incident(id));
        waiting.map(|signal| (signal.clone(), open(signal))).collect()
    }

    pub(crate) fn has_unread(&self) -> bool {
        self.cursor < self.signals.len()
    }

    pub(crate) fn due(&self, now: Timestamp, limit: usize) -> Vec<Rc<Incident>> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now).take(limit);
        due.filter_map(|(_, id)| self.incident(id)).collect()
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    pub(crate) fn is_running(&self, id: &IncidentId) -> bool {
        let due_at = self.incidents.get(id).and_then(|row| row.due_at);
        due_at.is_some_and(|at| self.due.contains(&(at, id.clone())))
    }

    pub(crate) fn open_incidents(&self) -> Vec<Rc<Incident>> {
        self.open.values().filter_map(|id| self.incident(id)).collect()
    }

    pub(crate) fn insert_signal(&mut self, signal: Signal) {
        self.lived(signal.received_at);
        self.signal_ids.insert(signal.id.clone(), self.signals.len());
        self.signals.push(signal);
    }

    pub(crate) fn has_signal(&self, id: &SignalId) -> bool {
        self.signal_ids.contains_key(id)
    }

    /// Something was stamped with this moment.
    pub(crate) fn lived(&mut self, at: Timestamp) {
        self.alive_at = self.alive_at.max(Some(at));
        self.ever_alive_at = self.ever_alive_at.max(Some(at));
    }

    /// The last moment the platform is known to have lived.
    pub(crate) fn last_alive(&self) -> Option<Timestamp> {
        if self.sabotage == Some(Sabotage::ClockCorrectedTwice) { self.ever_alive_at } else { self.alive_at }
    }

    /// Goes on at this time, which from now on is the truth.
    pub(crate) fn resume(&mut self, last_alive: Timestamp, now: Timestamp) {
        self.outbox.resume(last_alive, now);
        self.alive_at = Some(now);
    }

    /// One transaction's savepoint: all of it or nothing.
    pub(crate) fn commit(&mut self, commit: &CommitDesk) -> Result<(), JobError> {
        self.validate(commit)?;
        for change in &commit.changes {
            self.write(change);
        }
        if let Some((_, to)) = commit.cursor {
            self.cursor = to;
        }
        if let (Some(key), Some(change)) = (commit.key, commit.changes.first()) {
            self.done.insert(key, change.incident.id.clone());
        }
        Ok(())
    }

    fn validate(&self, commit: &CommitDesk) -> Result<(), JobError> {
        if commit.key.is_some_and(|key| self.done.contains_key(&key)) {
            return Err(JobError::Conflict);
        }
        if commit.cursor.is_some_and(|(from, _)| from != self.cursor) {
            return Err(JobError::Conflict);
        }
        commit.changes.iter().try_for_each(|change| self.validate_change(change))
    }

    fn validate_change(&self, change: &Change) -> Result<(), JobError> {
        let incident = &change.incident;
        let stored = self.incidents.get(&incident.id).map_or(0, |row| row.incident.version);
        if stored != change.base_version && self.sabotage != Some(Sabotage::VersionUnchecked) {
            return Err(JobError::Conflict);
        }
        let subject = subject(incident);
        let is_taken = self.open.get(&subject).is_some_and(|id| *id != incident.id);
        if incident.is_open() && is_taken {
            return Err(JobError::Conflict);
        }
        match change.signals.iter().find(|signal| self.placed.contains_key(*signal)) {
            Some(signal) => Err(JobError::Broken(format!("signal {signal} is in an incident already"))),
            None => Ok(()),
        }
    }

    fn write(&mut self, change: &Change) {
        let incident = &change.incident;
        let id = incident.id.clone();
        let (due_at, subject) = (incident.due_at(), subject(incident));
        if let Some(old) = self.incidents.get(&id) {
            if let Some(at) = old.due_at {
                self.due.remove(&(at, id.clone()));
            }
            if self.open.get(&old.subject) == Some(&id) {
                self.open.remove(&old.subject);
            }
        }
        if incident.is_open() {
            self.open.insert(subject.clone(), id.clone());
        }
        if let Some(at) = due_at {
            self.due.insert((at, id.clone()));
        }
        let row = self.incidents.entry(id.clone()).or_insert_with(|| Row {
            incident: Rc::clone(incident),
            due_at,
            subject: subject.clone(),
            events: Vec::new(),
            given: Vec::new(),
        });
        (row.incident, row.due_at, row.subject) = (Rc::clone(incident), due_at, subject);
        row.events.extend(change.events.iter().cloned());
        row.given.extend(change.given.iter().cloned());
        for signal in &change.signals {
            self.placed.insert(signal.clone(), id.clone());
        }
        for due in &change.effects {
            self.put(incident, due);
        }
        for event in &change.events {
            self.lived(event.at);
            self.log.push(id.clone());
        }
    }

    fn put(&mut self, incident: &Incident, due: &Due) {
        match &due.effect {
            Effect::Progress { stage, say, at } => {
                let stage = on_the_wire(*stage);
                let progress =
                    Progress { incident_id: incident.id.clone(), stage, at: *at, say: say.clone() };
                let kept_for = if incident.is_open() { outbox::WORD_KEPT } else { outbox::LAST_WORD_KEPT };
                for handset in incident.listeners() {
                    let key = format!("progress:{}", incident.id);
                    self.outbox.put(handset.clone(), key, progress.to_json(), *at, kept_for);
                }
            }
            Effect::Sound { attention } if *attention > incident::Attention::Operators => {
                let (incident, version) = (incident.id.clone(), due.version);
                self.notices.push(Notice::new(due.id.clone(), incident, version));
            }
            // Screens hear of it in the incident; whom the ladder calls beyond them is not in this world.
            Effect::Sound { .. } | Effect::Call { .. } | Effect::NextStation => {}
        }
    }
}

/// Whom an incident is about.
fn subject(incident: &Incident) -> String {
    match (&incident.resident, &incident.handset) {
        (Some(resident), _) => format!("resident:{resident}"),
        (None, Some(handset)) => format!("handset:{handset}"),
        (None, None) => format!("unknown:{}", incident.id),
    }
}

/// Whom a signal is about.
pub(crate) fn subject_of(signal: &Signal) -> String {
    match (&signal.resident, &signal.handset) {
        (Some(resident), _) => format!("resident:{resident}"),
        (None, Some(handset)) => format!("handset:{handset}"),
        (None, None) => format!("unknown:{}", IncidentId::opened_by(&signal.id)),
    }
}

/// The stage in the words of the handset.
pub(crate) fn on_the_wire(stage: incident::Stage) -> protocol::Stage {
    match stage {
        incident::Stage::Received => protocol::Stage::Received,
        incident::Stage::Claimed => protocol::Stage::Claimed,
        incident::Stage::OnTheWay => protocol::Stage::OnTheWay,
        incident::Stage::OnScene => protocol::Stage::OnScene,
        incident::Stage::Closed => protocol::Stage::Closed,
    }
}
