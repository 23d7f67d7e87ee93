//! Signals, acts and moments that the tests share.

use incident::{
    Attention, Callee, Command, Contact, Decision, Effect, Incident, Ladder, PlanOutcome, PlanStep, Refusal,
    Stage, TaskAct, evolve, step,
};
use model::{HandsetId, ResidentId, Signal, SignalId, SignalKind, StationId, TaskId, Timestamp};

/// So many seconds into the test.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).expect("a moment")
}

/// A signal of `handset-1` about `resident-1`.
pub(crate) fn signal(name: &str, kind: SignalKind, cancel: bool) -> Signal {
    Signal {
        id: SignalId::from_cause("test", &[name]),
        kind,
        handset: Some(HandsetId::new("handset-1").expect("an id")),
        resident: Some(ResidentId::new("resident-1").expect("an id")),
        press_id: Some(name.to_owned()),
        cancel,
        at: at(-5),
        received_at: at(0),
        late_by_s: 0,
        remarks: Vec::new(),
        fix: None,
        caller: None,
        words: None,
        graver: None,
        evidence: None,
    }
}

pub(crate) fn press(name: &str) -> Command {
    Command::Signal(Box::new(signal(name, SignalKind::Press, false)))
}

pub(crate) fn cancel(name: &str) -> Command {
    Command::Signal(Box::new(signal(name, SignalKind::Press, true)))
}

pub(crate) fn of_kind(name: &str, kind: SignalKind) -> Command {
    Command::Signal(Box::new(signal(name, kind, false)))
}

/// The same command as it comes in this second: a signal reaches us then.
pub(crate) fn arriving(command: &Command, second: i64) -> Command {
    let mut command = command.clone();
    if let Command::Signal(signal) | Command::Drill(signal) = &mut command {
        signal.received_at = at(second);
    }
    command
}

pub(crate) fn claim(by: &str) -> Command {
    Command::Claim { by: by.to_owned() }
}

pub(crate) fn release(by: &str, role_may_override: bool) -> Command {
    Command::Release { by: by.to_owned(), role_may_override, reason: "交班".to_owned() }
}

pub(crate) fn note(by: &str) -> Command {
    Command::Note { by: by.to_owned(), text: "已通话".to_owned(), contact: None }
}

/// A step of the plan was done.
pub(crate) fn mark(by: &str, step: PlanStep, outcome: PlanOutcome) -> Command {
    Command::MarkStep { by: by.to_owned(), step, outcome, text: "试过".to_owned() }
}

/// The person was spoken to.
pub(crate) fn spoken(by: &str) -> Command {
    Command::Note { by: by.to_owned(), text: String::new(), contact: Some(Contact::Resident) }
}

pub(crate) fn close(by: &str, role_may_override: bool) -> Command {
    Command::Close {
        by: by.to_owned(),
        role_may_override,
        cause: "fall".to_owned(),
        outcome: "family_attended".to_owned(),
        note: String::new(),
        snooze_until: None,
    }
}

/// Anna has seen these signals.
pub(crate) fn confirm(names: &[&str]) -> Command {
    let signals = names.iter().map(|name| SignalId::from_cause("test", &[name])).collect();
    Command::Confirm { by: "anna".to_owned(), role_may_override: false, signals }
}

/// It turns out whom it is about, and what they carry.
pub(crate) fn identify(resident: Option<&str>, handset: Option<&str>) -> Command {
    let resident = resident.map(|id| ResidentId::new(id).expect("an id"));
    let handset = handset.map(|id| HandsetId::new(id).expect("an id"));
    Command::Identify { by: "anna".to_owned(), resident, handset }
}

/// Two stations: one of the east, one of the west.
pub(crate) fn station(name: &str) -> StationId {
    StationId::new(name).expect("an id")
}

pub(crate) fn dispatch(by: &str, stations: &[&str]) -> Command {
    Command::Dispatch {
        by: by.to_owned(),
        role_may_override: false,
        stations: stations.iter().map(|name| (station(name), format!("{name}站"))).collect(),
        note: "敲门要久一点".to_owned(),
    }
}

/// An act of the station's staff upon the newest task of that station in this incident; upon one that there is not, if
/// it has none.
pub(crate) fn task(incident: Option<&Incident>, name: &str, act: TaskAct) -> Command {
    let tasks = incident.map(|incident| incident.tasks.as_slice()).unwrap_or_default();
    let of_station = tasks.iter().rev().find(|task| task.station == station(name));
    let none = TaskId::new("none").expect("an id");
    Command::Task {
        task: of_station.map_or(none, |task| task.id.clone()),
        seen: of_station.map(|task| task.version),
        act,
        by: format!("{name}-staff"),
        on_behalf: false,
        words: if act.needs_words() { "原因".to_owned() } else { String::new() },
    }
}

/// One incident under the default ladder.
pub(crate) struct Case {
    pub(crate) incident: Option<Incident>,
    pub(crate) ladder: Ladder,
}

impl Case {
    /// Nothing has happened yet.
    pub(crate) fn empty() -> Self {
        Self { incident: None, ladder: Ladder::default() }
    }

    /// Each command at its second; all of them must be accepted.
    pub(crate) fn after(commands: &[(i64, Command)]) -> Self {
        let mut case = Self::empty();
        for (second, command) in commands {
            case.give(*second, command).expect("accepted");
        }
        case
    }

    /// Gives a command on the present version.
    pub(crate) fn give(&mut self, second: i64, command: &Command) -> Result<Decision, Refusal> {
        let version = self.incident.as_ref().map(|incident| incident.version);
        step(&mut self.incident, &arriving(command, second), version, &self.ladder, at(second))
    }

    /// The same with what was decided elsewhere.
    pub(crate) fn clone_of(&self, decision: &Decision) -> Self {
        let incident = decision.events.iter().fold(self.incident.clone(), evolve);
        Self { incident, ladder: self.ladder.clone() }
    }

    /// The incident, which exists.
    pub(crate) fn now(&self) -> &Incident {
        self.incident.as_ref().expect("an incident")
    }

    /// An act upon the newest task of a station.
    pub(crate) fn task(&mut self, second: i64, name: &str, act: TaskAct) -> Result<Decision, Refusal> {
        let command = task(self.incident.as_ref(), name, act);
        self.give(second, &command)
    }

    /// When something is due, in seconds into the test.
    pub(crate) fn deadline(&self) -> Option<i64> {
        self.now().due_at().map(|deadline| deadline.as_second() - at(0).as_second())
    }
}

/// What the person is told.
pub(crate) fn said(effects: &[Effect]) -> Option<(Stage, &str)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Progress { stage, say, .. } => Some((*stage, say.as_str())),
        Effect::Sound { .. } | Effect::LastWord { .. } | Effect::Call { .. } | Effect::NextStation => None,
    })
}

/// Whether a sentence says that somebody at the desk has it.
pub(crate) fn names_operator(say: &str) -> bool {
    let words = ["接线员已接警", "接线员接警", "接线员正在", "接线员会", "接线员已请", "接线员为您处理"];
    words.iter().any(|words| say.contains(words))
}

/// Who is called.
pub(crate) fn sounded(effects: &[Effect]) -> Option<Attention> {
    effects.iter().find_map(|effect| match effect {
        Effect::Sound { attention } => Some(*attention),
        Effect::Progress { .. } | Effect::LastWord { .. } | Effect::Call { .. } | Effect::NextStation => None,
    })
}

/// Whom a step of the ladder calls beside the screens.
pub(crate) fn called(effects: &[Effect]) -> Option<&[Callee]> {
    effects.iter().find_map(|effect| match effect {
        Effect::Call { callees, .. } => Some(callees.as_slice()),
        Effect::Progress { .. } | Effect::LastWord { .. } | Effect::Sound { .. } | Effect::NextStation => {
            None
        }
    })
}
