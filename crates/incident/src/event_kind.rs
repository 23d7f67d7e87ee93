//! The names of what can happen to an incident, who did it, and what signals it brings.

use crate::What;
use model::Signal;
use serde::{Deserialize, Serialize};

/// The name of what happened, on the wire and on screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A signal opened it.
    Opened,
    /// A signal joined it.
    SignalJoined,
    /// An operator took it.
    Claimed,
    /// It was handed back.
    Released,
    /// Something was done or learnt.
    Noted,
    /// The holder has seen signals that joined.
    Confirmed,
    /// A step of the action plan was done.
    StepMarked,
    /// A relative said what they do about it.
    Answered,
    /// Somebody is on the right side of a fence again.
    Returned,
    /// Nobody at the desk has seen the holder for a while.
    HolderLost,
    /// The holder is there again.
    HolderBack,
    /// Stations were asked to go.
    Dispatched,
    /// A task came to another state.
    TaskMoved,
    /// A word was due from a station and did not come.
    TaskOverdue,
    /// A station took its last step back.
    TaskUndone,
    /// Whoever is there said what they need.
    SaidOnScene,
    /// What another incident held is in this one now.
    MergedFrom,
    /// It ended in another incident.
    MergedInto,
    /// Signals are in an incident of their own.
    SplitOff,
    /// The holder gave it to another operator.
    Transferred,
    /// It was given to the ambulance, the police or the fire brigade.
    HandedOver,
    /// It turned out whom it is about.
    Identified,
    /// The need is over, the papers are not.
    Resolved,
    /// It was closed too early.
    Reopened,
    /// It ended.
    Closed,
    /// Nobody had claimed it in time.
    LadderStepped,
    /// The holder did not act in time.
    AnswerOverdue,
    /// Our clock was set back.
    ClockWentBack,
}

impl EventKind {
    /// The name as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::SignalJoined => "signal_joined",
            Self::Claimed => "claimed",
            Self::Released => "released",
            Self::Noted => "noted",
            Self::Confirmed => "confirmed",
            Self::StepMarked => "step_marked",
            Self::Answered => "answered",
            Self::Returned => "returned",
            Self::HolderLost => "holder_lost",
            Self::HolderBack => "holder_back",
            Self::Dispatched => "dispatched",
            Self::TaskMoved => "task_moved",
            Self::TaskOverdue => "task_overdue",
            Self::TaskUndone => "task_undone",
            Self::SaidOnScene => "said_on_scene",
            Self::MergedFrom => "merged_from",
            Self::MergedInto => "merged_into",
            Self::SplitOff => "split_off",
            Self::Transferred => "transferred",
            Self::HandedOver => "handed_over",
            Self::Identified => "identified",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
            Self::Closed => "closed",
            Self::LadderStepped => "ladder_stepped",
            Self::AnswerOverdue => "answer_overdue",
            Self::ClockWentBack => "clock_went_back",
        }
    }
}

impl What {
    /// Its name.
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Opened { .. } => EventKind::Opened,
            Self::SignalJoined { .. } => EventKind::SignalJoined,
            Self::Claimed { .. } => EventKind::Claimed,
            Self::Released { .. } => EventKind::Released,
            Self::Noted { .. } => EventKind::Noted,
            Self::Confirmed { .. } => EventKind::Confirmed,
            Self::StepMarked { .. } => EventKind::StepMarked,
            Self::Answered { .. } => EventKind::Answered,
            Self::Returned { .. } => EventKind::Returned,
            Self::HolderLost { .. } => EventKind::HolderLost,
            Self::HolderBack { .. } => EventKind::HolderBack,
            Self::Dispatched { .. } => EventKind::Dispatched,
            Self::TaskMoved { .. } => EventKind::TaskMoved,
            Self::TaskOverdue { .. } => EventKind::TaskOverdue,
            Self::TaskUndone { .. } => EventKind::TaskUndone,
            Self::SaidOnScene { .. } => EventKind::SaidOnScene,
            Self::MergedFrom { .. } => EventKind::MergedFrom,
            Self::MergedInto { .. } => EventKind::MergedInto,
            Self::SplitOff { .. } => EventKind::SplitOff,
            Self::Transferred { .. } => EventKind::Transferred,
            Self::HandedOver { .. } => EventKind::HandedOver,
            Self::Identified { .. } => EventKind::Identified,
            Self::Resolved { .. } => EventKind::Resolved,
            Self::Reopened { .. } => EventKind::Reopened,
            Self::Closed { .. } => EventKind::Closed,
            Self::LadderStepped { .. } => EventKind::LadderStepped,
            Self::AnswerOverdue { .. } => EventKind::AnswerOverdue,
            Self::ClockWentBack { .. } => EventKind::ClockWentBack,
        }
    }

    /// The account that did it; absent where a signal or time did.
    pub fn by(&self) -> Option<&str> {
        match self {
            Self::Claimed { by, .. }
            | Self::Released { by, .. }
            | Self::Noted { by, .. }
            | Self::Confirmed { by, .. }
            | Self::StepMarked { by, .. }
            | Self::Answered { by, .. }
            | Self::HolderBack { by, .. }
            | Self::TaskMoved { by, .. }
            | Self::TaskUndone { by, .. }
            | Self::SaidOnScene { by, .. }
            | Self::MergedFrom { by, .. }
            | Self::MergedInto { by, .. }
            | Self::SplitOff { by, .. }
            | Self::Transferred { by, .. }
            | Self::HandedOver { by, .. }
            | Self::Identified { by, .. }
            | Self::Resolved { by, .. }
            | Self::Reopened { by, .. }
            | Self::Closed { by, .. } => Some(by),
            Self::Dispatched { by, .. } => Some(by.as_str()).filter(|by| !by.is_empty()),
            Self::Opened { .. }
            | Self::SignalJoined { .. }
            | Self::Returned { .. }
            | Self::HolderLost { .. }
            | Self::TaskOverdue { .. }
            | Self::LadderStepped { .. }
            | Self::AnswerOverdue { .. }
            | Self::ClockWentBack { .. } => None,
        }
    }

    /// The signals that it brings whole.
    pub fn signals_mut(&mut self) -> Vec<&mut Signal> {
        match self {
            Self::Opened { signal, .. } | Self::SignalJoined { signal, .. } => vec![&mut **signal],
            Self::MergedFrom { signals, .. } => signals.iter_mut().collect(),
            Self::Claimed { .. }
            | Self::Released { .. }
            | Self::Noted { .. }
            | Self::Confirmed { .. }
            | Self::StepMarked { .. }
            | Self::Answered { .. }
            | Self::Returned { .. }
            | Self::HolderLost { .. }
            | Self::HolderBack { .. }
            | Self::Dispatched { .. }
            | Self::TaskMoved { .. }
            | Self::TaskUndone { .. }
            | Self::TaskOverdue { .. }
            | Self::SaidOnScene { .. }
            | Self::MergedInto { .. }
            | Self::SplitOff { .. }
            | Self::Transferred { .. }
            | Self::HandedOver { .. }
            | Self::Identified { .. }
            | Self::Resolved { .. }
            | Self::Reopened { .. }
            | Self::Closed { .. }
            | Self::LadderStepped { .. }
            | Self::AnswerOverdue { .. }
            | Self::ClockWentBack { .. } => Vec::new(),
        }
    }

    /// The signal that came with it.
    pub fn signal(&self) -> Option<&Signal> {
        let (Self::Opened { signal, .. } | Self::SignalJoined { signal, .. }) = self else { return None };
        Some(signal)
    }
}
