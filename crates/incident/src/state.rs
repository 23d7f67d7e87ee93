//! An incident and the states it can be in.

use crate::decide::stage_of;
use crate::{AwaitedAnswer, PlanMark, Stage, Task, TaskState};
use model::{
    Evidence, HandsetId, IncidentId, ResidentId, Severity, Signal, SignalId, SignalKind, TaskId, Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The operator who has taken an incident; there is never more than one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holder {
    /// The account's name.
    pub username: String,
    /// When it was taken.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub since: Timestamp,
}

/// How and why an incident ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// The account that closed it.
    pub by: String,
    /// A code of [`CAUSES`](crate::CAUSES).
    pub cause: String,
    /// A code of [`OUTCOMES`](crate::OUTCOMES).
    pub outcome: String,
    /// What the codes cannot say.
    pub note: String,
    /// Until when it is not told again that the resident is still on the wrong side of the fences in it, or still in its zones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snooze_until: Option<Timestamp>,
    /// The incident in which it goes on, if it was the same matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<IncidentId>,
}

/// What is being done about an incident. Each variant has only the data that is true in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum State {
    /// Nobody has it yet; the ladder calls ever more people.
    Raised {
        /// The ladder's step: 0 calls operators, from 1 on everybody is called.
        step: u32,
    },
    /// Exactly one operator has it.
    Claimed {
        /// Who.
        holder: Holder,
        /// Signals that wait until the holder has confirmed them.
        answer: Option<AwaitedAnswer>,
        /// 0 is quiet; above 0 the ladder runs because the holder did not answer.
        step: u32,
        /// A station declined, failed or stays silent, and the holder has done nothing about it yet.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unheard: bool,
        /// The tasks that were declined or failed, where nothing else makes it unheard: a station may take its last step back.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        turned_down: Vec<TaskId>,
        /// The holder's link to the desk is gone; anybody may take it, and until then the holder stays named.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lost: bool,
        /// The need is over, the papers are not.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        resolved: bool,
    },
    /// Done. Only notes may still be added.
    Closed {
        /// How it ended.
        closing: Closing,
    },
}

/// A state's name on the wire and on screens, including those that need tasks of stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// Nobody has it.
    Raised,
    /// An operator has it.
    Claimed,
    /// A station was asked to go.
    Dispatched,
    /// Somebody is with the resident.
    OnScene,
    /// The need is over, the papers are not.
    Resolved,
    /// Done.
    Closed,
}

impl StateName {
    /// The name as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Claimed => "claimed",
            Self::Dispatched => "dispatched",
            Self::OnScene => "on_scene",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
        }
    }
}

/// Who must hear an incident now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// The operators on duty.
    Operators,
    /// Everybody at the desk, supervisors included.
    Everyone,
}

/// One case about one resident, or about one handset that is bound to nobody.
///
/// Stored as a snapshot beside its events; folding the events gives the very same value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Derived from the signal that opened it.
    pub id: IncidentId,
    /// Counts its events; a command that expects another one was given on an older view.
    pub version: u64,
    /// A test that staff opened a window for; kept out of the figures.
    pub drill: bool,
    /// Whom it is about, where known.
    pub resident: Option<ResidentId>,
    /// The handset to talk to: the one of the newest life signal, which for a call is that of whom it is about.
    pub handset: Option<HandsetId>,
    /// The gravest of its signals; falls only when the gravest turns out to be another matter.
    pub severity: Severity,
    /// What is being done about it.
    pub state: State,
    /// When the first signal opened it, by our clock.
    pub opened_at: Timestamp,
    /// When the ladder goes on; absent only when closed.
    pub deadline_at: Option<Timestamp>,
    /// Everything that asked for attention, in order of arrival.
    pub signals: Vec<Signal>,
    /// The stations that were asked to go, in the order in which they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// Since the last press or fall somebody has spoken with the person, with a witness, or with 120 or 110, or has seen the
    /// person: it can be closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_heard: bool,
    /// The tasks in which the person was seen, where nothing else makes it heard: a station may take its last step back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_in: Vec<TaskId>,
    /// What was done of the action plan, in the order in which it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<PlanMark>,
}

impl Incident {
    /// The name of its state. While an operator has it, the tasks say how far it has come.
    pub fn state_name(&self) -> StateName {
        match &self.state {
            State::Raised { .. } => StateName::Raised,
            State::Closed { .. } => StateName::Closed,
            State::Claimed { .. } if self.is_any(|state| state == TaskState::OnScene) => StateName::OnScene,
            State::Claimed { .. } if self.is_any(TaskState::is_live) => StateName::Dispatched,
            State::Claimed { resolved: true, .. } => StateName::Resolved,
            State::Claimed { .. } => StateName::Claimed,
        }
    }

    /// Whether a task is in such a state.
    pub(crate) fn is_any(&self, fits: impl Fn(TaskState) -> bool) -> bool {
        self.tasks.iter().any(|task| fits(task.state))
    }

    /// How far help has come when the desk has come so far: who is on the way or there stays so, whatever the desk does.
    pub(crate) fn stage(&self, desk: Stage) -> Stage {
        let stages = self.tasks.iter().filter_map(|task| stage_of(task.state));
        stages.fold(desk, Stage::max)
    }

    /// How far the desk itself has come. A holder who is gone is nobody who has it.
    pub(crate) fn desk_stage(&self) -> Stage {
        match &self.state {
            State::Raised { .. } | State::Claimed { lost: true, .. } => Stage::Received,
            State::Claimed { .. } => Stage::Claimed,
            State::Closed { .. } => Stage::Closed,
        }
    }

    /// A task of its own.
    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == *id)
    }

    /// The handsets that are told how it goes: the one to talk to, and every other by which somebody pressed or fell within
    /// it. Who pressed on one and then on another holds both, and the first must not keep showing what is long past.
    pub fn listeners(&self) -> BTreeSet<&HandsetId> {
        let cried = self.signals.iter().filter(|signal| signal.severity() == Severity::Life);
        cried.filter_map(|signal| signal.handset.as_ref()).chain(&self.handset).collect()
    }

    /// Whether any of its signals is a life signal: a person may be in need, and not a device alone.
    pub fn is_about_a_life(&self) -> bool {
        self.signals.iter().any(Signal::is_about_a_life)
    }

    /// When something is due: the next step of its ladder, or a word from a station. Absent only when closed.
    pub fn due_at(&self) -> Option<Timestamp> {
        let words = self.tasks.iter().filter_map(|task| task.deadline_at);
        self.deadline_at.into_iter().chain(words).min()
    }

    /// Whether the holder's link to the desk is gone.
    pub fn is_holder_lost(&self) -> bool {
        matches!(&self.state, State::Claimed { lost: true, .. })
    }

    /// Whether it may only be closed once somebody was spoken to: the person pressed, or fell.
    pub fn needs_contact(&self) -> bool {
        !self.drill && !self.is_heard && self.signals.iter().any(is_cry)
    }

    /// Whether a press or a fall waits until its holder has confirmed it.
    pub fn is_cry_awaited(&self) -> bool {
        let Some(awaited) = self.answer() else { return false };
        self.signals.iter().any(|signal| is_cry(signal) && awaited.signals.contains(&signal.id))
    }

    /// Whether the last step of one of its tasks can be taken back, as long as it is fresh.
    pub fn may_take_back(&self, task: &Task) -> bool {
        crate::decide::taken_back(self, task).is_some()
    }

    /// Who has it.
    pub fn holder(&self) -> Option<&Holder> {
        match &self.state {
            State::Claimed { holder, .. } => Some(holder),
            State::Raised { .. } | State::Closed { .. } => None,
        }
    }

    /// The signals that wait for the holder, with the time until which they do.
    pub fn answer(&self) -> Option<&AwaitedAnswer> {
        match &self.state {
            State::Claimed { answer, .. } => answer.as_ref(),
            State::Raised { .. } | State::Closed { .. } => None,
        }
    }

    /// How it ended, once it has.
    pub fn closing(&self) -> Option<&Closing> {
        match &self.state {
            State::Closed { closing } => Some(closing),
            State::Raised { .. } | State::Claimed { .. } => None,
        }
    }

    /// Whether somebody still has to do something about it.
    pub fn is_open(&self) -> bool {
        self.closing().is_none()
    }

    /// The ladder's present step; 0 before its first and when it rests.
    pub fn ladder_step(&self) -> u32 {
        match &self.state {
            State::Raised { step } | State::Claimed { step, .. } => *step,
            State::Closed { .. } => 0,
        }
    }

    /// Who must hear it, if it sounds ([`Self::is_sounding`]).
    pub fn attention(&self) -> Attention {
        if self.ladder_step() == 0 { Attention::Operators } else { Attention::Everyone }
    }

    /// Whether the desk must hear it now: nobody has it, or its holder owes an answer.
    pub fn is_sounding(&self) -> bool {
        match &self.state {
            State::Raised { .. } => true,
            State::Claimed { answer, step, unheard, .. } => answer.is_some() || *step > 0 || *unheard,
            State::Closed { .. } => false,
        }
    }

    /// The resident's own fences that its signals are about, each once.
    pub fn fences(&self) -> Vec<&str> {
        self.places(|evidence| evidence.fence.as_deref())
    }

    /// The zones shared by all that its signals are about, each once.
    pub fn zones(&self) -> Vec<&str> {
        self.places(|evidence| evidence.zone.as_deref())
    }

    fn places(&self, of: impl Fn(&Evidence) -> Option<&str>) -> Vec<&str> {
        let evidence = self.signals.iter().filter_map(|signal| signal.evidence.as_deref());
        let mut places: Vec<&str> = evidence.filter_map(of).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Whether this signal is one of its own already.
    pub fn holds(&self, signal: &SignalId) -> bool {
        self.signals.iter().any(|held| held.id == *signal)
    }
}

/// Whether somebody pressed, or fell.
pub(crate) fn is_cry(signal: &Signal) -> bool {
    matches!(signal.kind, SignalKind::Press | SignalKind::Fall)
}
