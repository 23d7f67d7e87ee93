//! A store in memory that keeps the rules of the tables: a press is a repeat by its identity, two events of one
//! incident never have the same version, one incident is open about a subject, a cursor moves from where it stands, a
//! signal is in one incident. A job is validated whole before anything of it is written, which is what a savepoint
//! gives; what is written here is on disk.

mod outbox;
mod press;
mod windows;

pub(crate) use outbox::{Notice, Outbox};
pub(crate) use press::TakePress;

use crate::sabotage::Sabotage;
use incident::{Callee, Command, Effect, Event, Incident, Stage, is_quiet_while_away};
use model::{HandsetId, IncidentId, ResidentId, Severity, Signal, SignalId, SignedDuration, Timestamp};
use protocol::Progress;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

/// What an incident was given, as the journal has it: handed to the engine again it gives the same.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) what: Handed,
    pub(crate) expected_version: Option<u64>,
    pub(crate) now: Timestamp,
}

/// A command, or the events of a decision about two incidents, of which each has its half.
#[derive(Debug, Clone)]
pub(crate) enum Handed {
    Command(Box<Command>),
    Made(Vec<Event>),
}

impl Given {
    pub(crate) fn is(&self, is_it: fn(&Command) -> bool) -> bool {
        matches!(&self.what, Handed::Command(command) if is_it(command))
    }
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
    /// Signals that were in another incident and are in this one now.
    pub(crate) moved: Vec<SignalId>,
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
    /// The call of the ladder that is done with it.
    pub(crate) done_call: Option<usize>,
}

/// Something that is so for a while: a window for drills, an absence.
#[derive(Debug)]
struct Span<T> {
    of: T,
    from: Timestamp,
    to: Timestamp,
}

/// A station that the ladder asks for.
#[derive(Debug)]
pub(crate) struct StationCall {
    pub(crate) incident: IncidentId,
    pub(crate) is_done: bool,
}

/// A signal that waits to be placed.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) signal: Signal,
    pub(crate) is_drill: bool,
    /// It opens an incident if there is none for it.
    pub(crate) opens: bool,
    pub(crate) open: Option<Rc<Incident>>,
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
    subject: Subject,
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
    open: BTreeMap<Subject, IncidentId>,
    windows: Vec<Span<HandsetId>>,
    absences: Vec<Span<ResidentId>>,
    pub(crate) calls: Vec<StationCall>,
    /// When holders were last at the desk, by the clock of whoever saw them.
    pub(crate) seen: BTreeMap<String, Timestamp>,
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
    pub(crate) fn unread(&self, limit: usize) -> Vec<Unread> {
        let ends_count = self.sabotage != Some(Sabotage::DrillNeverEnds);
        let waiting = self.signals.iter().skip(self.cursor).take(limit);
        let unread = |signal: &Signal| {
            let is_drill = self.is_drill(signal, ends_count);
            let is_silenced = self.sabotage == Some(Sabotage::AbsenceSilencesAll) && self.is_away(signal);
            let open = self.open.get(&(subject_of(signal), is_drill)).and_then(|id| self.incident(id));
            Unread { signal: signal.clone(), is_drill, opens: self.opens(signal) && !is_silenced, open }
        };
        waiting.map(unread).collect()
    }

    fn is_away(&self, signal: &Signal) -> bool {
        let holds = |absence: &Span<ResidentId>| {
            Some(&absence.of) == signal.resident.as_ref()
                && absence.from <= signal.received_at
                && absence.to > signal.received_at
        };
        self.absences.iter().any(holds)
    }

    /// Whether somebody must hear of it although nothing is open: what is technical waits for the day's list, and what
    /// somebody does not do at home who is away is no news.
    pub(crate) fn opens(&self, signal: &Signal) -> bool {
        let is_quiet = is_quiet_while_away(signal) && self.is_away(signal);
        signal.severity() > Severity::Technical && !is_quiet
    }

    /// The first moment of something that begins now: after all that was stamped before, by whatever clock.
    fn begins(&self, now: Timestamp) -> Timestamp {
        let later = self.ever_alive_at.and_then(|at| at.checked_add(SignedDuration::from_micros(1)).ok());
        later.map_or(now, |later| later.max(now))
    }

    pub(crate) fn enter_absence(&mut self, of: ResidentId, now: Timestamp, lasts: SignedDuration) {
        let from = self.begins(now);
        let to = from.checked_add(lasts).unwrap_or(from);
        self.absences.push(Span { of, from, to });
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

    pub(crate) fn open_ids(&self) -> impl Iterator<Item = &IncidentId> {
        self.open.values()
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
        self.set_windows_back(last_alive, now);
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
        if let Some(call) = commit.done_call.and_then(|place| self.calls.get_mut(place)) {
            call.is_done = true;
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
        let call = commit.done_call.and_then(|place| self.calls.get(place));
        if call.is_some_and(|call| call.is_done) {
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
        for signal in change.signals.iter().chain(&change.moved) {
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
                let kept_for = if incident.is_open() { outbox::WORD_KEPT } else { outbox::LAST_WORD_KEPT };
                for handset in incident.listeners() {
                    self.say(incident, handset, (*stage, say.as_str(), *at), kept_for);
                }
            }
            Effect::LastWord { handset, say, at } => {
                self.say(incident, handset, (Stage::Closed, say.as_str(), *at), outbox::LAST_WORD_KEPT);
            }
            Effect::Sound { attention } if *attention > incident::Attention::Operators => {
                let (incident, version) = (incident.id.clone(), due.version);
                self.notices.push(Notice::new(due.id.clone(), incident, version));
            }
            Effect::Call { callees, .. } if !callees.contains(&Callee::Station) => {}
            Effect::Call { .. } | Effect::NextStation => {
                self.calls.push(StationCall { incident: incident.id.clone(), is_done: false });
            }
            // Screens hear of it in the incident.
            Effect::Sound { .. } => {}
        }
    }

    fn say(
        &mut self,
        incident: &Incident,
        handset: &HandsetId,
        (stage, say, at): (Stage, &str, Timestamp),
        kept_for: SignedDuration,
    ) {
        let (incident_id, stage) = (incident.id.clone(), on_the_wire(stage));
        let progress = Progress { incident_id, stage, at, say: say.to_owned() };
        let key = format!("progress:{}", incident.id);
        self.outbox.put(handset.clone(), key, progress.to_json(), at, kept_for);
    }
}

/// Whom an incident is about, and whether it is a test: a test and what is real are never one.
pub(crate) type Subject = (String, bool);

fn subject(incident: &Incident) -> Subject {
    let whom = match (&incident.resident, &incident.handset) {
        (Some(resident), _) => format!("resident:{resident}"),
        (None, Some(handset)) => format!("handset:{handset}"),
        (None, None) => format!("unknown:{}", incident.id),
    };
    (whom, incident.drill)
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
