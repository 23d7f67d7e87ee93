//! The ladder: who is called about an incident, and how long each step waits for the one before.
//!
//! A ladder is a list of rules; the first that fits an incident at this hour tells its steps. It is written as a text
//! ([`file`]) that is checked as a whole when it is saved, so that a bad one never runs. The built-in one fits
//! everything, and runs where there is no other.

mod check;
mod file;
mod on_call;

pub use check::{Problem, clock, uncovered};
pub use file::{BUILT_IN, minutes, parse};
pub use on_call::{OnCall, uncovered_week, works_at};

use crate::{Incident, TaskState};
use model::{Local, Severity, Signal, SignalKind, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Somebody whom a step calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Callee {
    /// The operators on duty, on their screens; where none is, the supervisors at theirs.
    Operators,
    /// Everybody at the desk, supervisors included, on their screens.
    Everyone,
    /// The nearest station that may be asked.
    Station,
    /// The relatives who have a grant, by message.
    Relatives,
    /// Whoever stands on the roster for this hour, by telephone or message.
    Roster,
}

/// One step: who is called, and how long after the step before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// After so many seconds.
    pub after_s: u32,
    /// Whom it calls.
    pub call: Vec<Callee>,
}

/// A span of the day in Asia/Shanghai, its end excluded; over midnight if it ends before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Minutes after midnight.
    pub from: u16,
    /// Minutes after midnight.
    pub to: u16,
}

impl Hours {
    /// Whether a minute of the day lies in it.
    pub fn contains(&self, minute: u16) -> bool {
        if self.from < self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

/// Which incidents at which hours climb which steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What people call it.
    pub name: String,
    /// Only for incidents with a signal of such a kind; empty: any.
    pub kinds: Vec<SignalKind>,
    /// Only for incidents as grave; empty: any.
    pub severities: Vec<Severity>,
    /// Only at such hours; absent: always.
    pub hours: Option<Hours>,
    /// The steps in their order; the first is taken at once.
    pub steps: Vec<Step>,
    /// What is done again and again after the last step, until somebody takes the incident.
    pub repeat: Step,
}

impl Rule {
    /// The step of this number, counted from 0; after the last one that which is repeated.
    pub fn step(&self, number: u32) -> &Step {
        usize::try_from(number).ok().and_then(|number| self.steps.get(number)).unwrap_or(&self.repeat)
    }

    fn fits(&self, severity: Severity, kinds: &[SignalKind], minute: u16) -> bool {
        let is_kind = self.kinds.is_empty() || kinds.iter().any(|kind| self.kinds.contains(kind));
        let is_grave = self.severities.is_empty() || self.severities.contains(&severity);
        is_kind && is_grave && self.hours.is_none_or(|hours| hours.contains(minute))
    }
}

/// Who is called when, and the waits of everything else that somebody owes a word about, in seconds.
///
/// The built-in waits are sized by what alarm centres hold themselves to: nearly every call answered within 60 s, and every
/// one that took longer looked into; an unanswered press goes wider at 30 s and reaches the supervisor by 60 s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// How long a holder has to confirm a life signal that joins: the time a new call may take to be
    /// answered, since the holder may be on the telephone with somebody else.
    pub answer_s: u32,
    /// How long a holder may leave an incident without a note before it rings again: longer than a
    /// telephone call or an ambulance's way, shorter than forgetting a person.
    pub follow_up_s: u32,
    /// From one call to everybody to the next while a holder does not act.
    pub repeat_s: u32,
    /// How long a station has to take or decline a task before it is reminded, and as long again until the desk hears
    /// of it: the time it takes to reach for a telephone.
    pub task_answer_s: u32,
    /// How long a station may stay without setting out once it has taken a task.
    pub task_start_s: u32,
    /// How long somebody may be on the way, and with the person, without a word.
    pub task_way_s: u32,
    /// Which steps an incident climbs while nobody has it; the first that fits. The last fits everything.
    pub rules: Vec<Rule>,
}

impl Default for Ladder {
    /// The built-in one.
    fn default() -> Self {
        let steps = vec![
            Step { after_s: 0, call: vec![Callee::Operators] },
            Step { after_s: 30, call: vec![Callee::Everyone] },
            Step { after_s: 30, call: vec![Callee::Everyone, Callee::Station, Callee::Relatives] },
        ];
        let repeat = Step { after_s: 60, call: vec![Callee::Everyone, Callee::Roster] };
        let always = Rule {
            name: "built-in".to_owned(),
            kinds: Vec::new(),
            severities: Vec::new(),
            hours: None,
            steps,
            repeat,
        };
        Self {
            answer_s: 60,
            follow_up_s: 600,
            repeat_s: 60,
            task_answer_s: 60,
            task_start_s: 300,
            task_way_s: 1_800,
            rules: vec![always],
        }
    }
}

/// The waits after which somebody must be called whatever a ladder says: that it fits nothing cannot be, it is checked.
const FALLBACK_S: u32 = 60;

impl Ladder {
    /// The rule for an incident so grave, with signals of these kinds, at this moment.
    pub fn rule(&self, severity: Severity, kinds: &[SignalKind], now: Timestamp) -> Option<&Rule> {
        let minute = Local::at(now).minute;
        self.rules.iter().find(|rule| rule.fits(severity, kinds, minute))
    }

    /// The rule for an incident as it stands.
    pub(crate) fn rule_of(&self, incident: &Incident, now: Timestamp) -> Option<&Rule> {
        self.rule(incident.severity, &kinds(&incident.signals), now)
    }

    /// Whether supervisors are called at once about an incident as it stands, and not the operators on duty first.
    pub fn calls_everyone_at_once(&self, incident: &Incident, now: Timestamp) -> bool {
        self.rule_of(incident, now).is_none_or(|rule| rule.step(0).call.contains(&Callee::Everyone))
    }

    /// How long a raised incident waits once it has taken this step: until the next one is due.
    pub(crate) fn wait_after_s(rule: Option<&Rule>, step: u32) -> u32 {
        rule.map_or(FALLBACK_S, |rule| rule.step(step.saturating_add(1)).after_s)
    }

    /// Whom the first steps call, as far as this one, each once.
    pub(crate) fn first_calls(rule: Option<&Rule>, last: u32) -> Vec<Callee> {
        let called = rule.into_iter().flat_map(|rule| (0..=last).flat_map(move |step| &rule.step(step).call));
        let callees: BTreeSet<Callee> = called.copied().collect();
        callees.into_iter().collect()
    }

    /// How long a station may be silent in this state of a task; for ever once it has ended.
    pub(crate) fn task_wait_s(&self, state: TaskState) -> Option<u32> {
        match state {
            TaskState::Offered => Some(self.task_answer_s),
            TaskState::Acknowledged => Some(self.task_start_s),
            TaskState::EnRoute | TaskState::OnScene => Some(self.task_way_s),
            TaskState::Declined | TaskState::Finished | TaskState::Failed | TaskState::Withdrawn => None,
        }
    }
}

/// The kinds that choose among the rules. A cancel is none of them: it changes nothing, so that nothing has to be believed of
/// it.
pub(crate) fn kinds(signals: &[Signal]) -> Vec<SignalKind> {
    signals.iter().filter(|signal| !signal.cancel).map(|signal| signal.kind).collect()
}

/// The moment so many seconds after another.
pub(crate) fn after(moment: Timestamp, wait_s: u32) -> Timestamp {
    moment.checked_add(SignedDuration::from_secs(wait_s.into())).unwrap_or(Timestamp::MAX)
}

/// The moment so much before another.
pub(crate) fn before(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_sub(by).unwrap_or(Timestamp::MIN)
}
