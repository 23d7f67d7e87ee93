//! The action plan: what is done about a signal, in which order, and how it went.
//!
//! The steps follow from the gravest kind of signal in the incident. What was done marks them: an operator says so, or
//! the act itself does ([`What::Dispatched`](crate::What::Dispatched) is the step of sending, as long as the station comes). Nothing here forbids an act
//! that is not in the plan; it says what comes next, so that at four in the morning nobody has to remember.

use crate::{Incident, Task, TaskState, state::is_cry};
use model::{Signal, SignalId, SignalKind, Timestamp};
use serde::{Deserialize, Serialize};

/// Something to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlanStep {
    /// Ask the handset where it is.
    Locate,
    /// Ring the person up.
    RingResident,
    /// Ring the contacts, in their order.
    RingContacts,
    /// Ask a station to go.
    SendStation,
    /// Tell the ambulance, the police or the fire brigade.
    HandOver,
}

impl PlanStep {
    /// Every step.
    pub const ALL: [Self; 5] =
        [Self::Locate, Self::RingResident, Self::RingContacts, Self::SendStation, Self::HandOver];

    /// The name as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Locate => "locate",
            Self::RingResident => "ring_resident",
            Self::RingContacts => "ring_contacts",
            Self::SendStation => "send_station",
            Self::HandOver => "hand_over",
        }
    }

    /// What a screen in simplified Chinese shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::Locate => "定位终端",
            Self::RingResident => "致电老人",
            Self::RingContacts => "按顺序致电联系人",
            Self::SendStation => "派服务站上门",
            Self::HandOver => "联系120、110或119",
        }
    }

    /// What a screen in English shows.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Locate => "Locate the handset",
            Self::RingResident => "Ring the resident",
            Self::RingContacts => "Ring the contacts in order",
            Self::SendStation => "Send a station",
            Self::HandOver => "Call 120, 110 or 119",
        }
    }
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlanOutcome {
    /// It was done.
    Done,
    /// Somebody answered and could be understood.
    Answered,
    /// Nobody answered, or nobody could be understood.
    NoAnswer,
    /// It is not needed here.
    NotNeeded,
}

impl PlanOutcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Done, Self::Answered, Self::NoAnswer, Self::NotNeeded];

    /// The name as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Answered => "answered",
            Self::NoAnswer => "no_answer",
            Self::NotNeeded => "not_needed",
        }
    }

    /// What a screen in simplified Chinese shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::Done => "已完成",
            Self::Answered => "已接通",
            Self::NoAnswer => "无人应答",
            Self::NotNeeded => "不需要",
        }
    }

    /// What a screen in English shows.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Answered => "Answered",
            Self::NoAnswer => "No answer",
            Self::NotNeeded => "Not needed",
        }
    }
}

/// That a step was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanMark {
    /// Which.
    pub step: PlanStep,
    /// How it went.
    pub outcome: PlanOutcome,
    /// When, by the clock there is now.
    pub at: Timestamp,
    /// The account.
    pub by: String,
    /// The last cry for help that had joined by then, where that was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cry: Option<SignalId>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// It was done; its mark says how it went.
    Done,
    /// It is to be done now.
    Current,
    /// It comes later.
    Pending,
}

/// A step of an incident's plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Which.
    pub step: PlanStep,
    /// Where it stands.
    pub state: StepState,
    /// How it went when it was done last; none where that says nothing of how it stands now.
    pub mark: Option<&'a PlanMark>,
}

/// The steps for this kind of signal, in order.
fn steps(kind: SignalKind) -> &'static [PlanStep] {
    use PlanStep::{HandOver, Locate, RingContacts, RingResident, SendStation};
    match kind {
        SignalKind::Press | SignalKind::Call | SignalKind::Fall => {
            &[RingResident, RingContacts, SendStation, HandOver]
        }
        SignalKind::Wandering
        | SignalKind::FenceExit
        | SignalKind::ZoneEntry
        | SignalKind::Overdue
        | SignalKind::Inactivity
        | SignalKind::Silence => &[Locate, RingResident, RingContacts, SendStation, HandOver],
        SignalKind::LowBattery | SignalKind::TakenOff | SignalKind::LoginRefused | SignalKind::TwoPlaces => {
            &[RingResident, RingContacts]
        }
    }
}

/// The plan of an incident: that of its gravest signal, of several as grave that of the first.
///
/// When the person's voice does not answer, somebody is sent: that step is then due at once, beside the one that is. A mark
/// that is not true any more is none: it stays in the history, and the step is to be done again.
pub fn plan(incident: &Incident) -> Vec<Standing<'_>> {
    let gravest = incident.signals.iter().rev().max_by_key(|signal| signal.severity());
    let Some(gravest) = gravest else { return Vec::new() };
    let mark = |step: PlanStep| {
        let last = incident.plan.iter().rev().find(|mark| mark.step == step);
        last.filter(|mark| counts(incident, mark))
    };
    let is_unheard = mark(PlanStep::RingResident).is_some_and(|mark| mark.outcome == PlanOutcome::NoAnswer);
    let mut is_next_found = false;
    let standing = |step: &PlanStep| {
        let mark = mark(*step);
        let is_urgent = is_unheard && *step == PlanStep::SendStation;
        let state = match mark {
            Some(_) => StepState::Done,
            None if is_urgent || !is_next_found => StepState::Current,
            None => StepState::Pending,
        };
        is_next_found |= state == StepState::Current;
        Standing { step: *step, state, mark }
    };
    steps(gravest.kind).iter().map(standing).collect()
}

/// The cries for help that joined after the signal that opened the incident: before that one nothing was done.
fn joined_cries(incident: &Incident) -> impl DoubleEndedIterator<Item = &Signal> {
    incident.signals.iter().skip(1).filter(|signal| is_cry(signal) && !signal.cancel)
}

/// The last of them.
pub(crate) fn last_cry(incident: &Incident) -> Option<&SignalId> {
    joined_cries(incident).next_back().map(|signal| &signal.id)
}

/// Whether nobody has cried for help since then. What had joined by then needs no clock, which may have been set back meanwhile.
fn is_since_all(incident: &Incident, at: Timestamp, cry: Option<&SignalId>) -> bool {
    let cries: Vec<&Signal> = joined_cries(incident).collect();
    let place = cries.iter().position(|known| Some(&known.id) == cry);
    let known = place.map_or(0, |place| place.saturating_add(1));
    cries.iter().skip(known).all(|later| at >= later.received_at)
}

/// Whether what was marked still says how the step stands. Whoever cries again must be rung again, and be seen by somebody who
/// comes since then; a station that was asked and does not come is none that was sent.
fn counts(incident: &Incident, mark: &PlanMark) -> bool {
    let is_since = is_since_all(incident, mark.at, mark.cry.as_ref());
    match mark.step {
        PlanStep::RingResident => is_since && (mark.outcome != PlanOutcome::Answered || incident.is_heard),
        PlanStep::SendStation => {
            let is_seen = |task: &Task| is_since_all(incident, task.since, task.cry.as_ref());
            let is_sent =
                |task: &Task| task.state.is_live() || (task.state == TaskState::Finished && is_seen(task));
            let is_needless = mark.outcome == PlanOutcome::NotNeeded && is_since;
            is_needless || incident.tasks.iter().any(is_sent)
        }
        PlanStep::Locate | PlanStep::RingContacts | PlanStep::HandOver => true,
    }
}
