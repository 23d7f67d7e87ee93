//! What happened to an incident, as it is stored for ever.
//!
//! The JSON of these types is a format with old files behind it: a field may be added if it has a
//! default, nothing may be renamed or given another meaning. A test holds one line of each.

use crate::Contact;
use model::{Signal, SignalId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The incident's version after it; the first is 1.
    pub version: u64,
    /// When, by our clock.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What happened, with every deadline that it set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A signal opened the incident.
    Opened {
        /// The signal.
        signal: Box<Signal>,
        /// When the ladder takes its first step.
        deadline_at: Timestamp,
    },
    /// A signal joined it.
    SignalJoined {
        /// The signal.
        signal: Box<Signal>,
        /// Until when the holder has to act upon it; absent if it asks for no answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_by: Option<Timestamp>,
    },
    /// An operator took it.
    Claimed {
        /// The account.
        by: String,
        /// The holder who had not answered and from whom it was taken over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        taken_from: Option<String>,
        /// When the holder is asked how it goes.
        deadline_at: Timestamp,
    },
    /// It was handed back.
    Released {
        /// The account.
        by: String,
        /// Why.
        reason: String,
        /// When the ladder takes its first step.
        deadline_at: Timestamp,
    },
    /// Something was done or learnt.
    Noted {
        /// The account.
        by: String,
        /// What.
        text: String,
        /// Who was spoken to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<Contact>,
        /// For a note of the holder: it answers what waited, and this is when the holder is asked
        /// again. For a note of anybody else: absent, and nothing else changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline_at: Option<Timestamp>,
    },
    /// It ended.
    Closed {
        /// The account.
        by: String,
        /// Code of the cause.
        cause: String,
        /// Code of the outcome.
        outcome: String,
        /// What the codes cannot say.
        note: String,
    },
    /// Nobody had claimed it in time; more people are called.
    LadderStepped {
        /// The step now taken, counted from 1.
        step: u32,
        /// When the next one comes.
        deadline_at: Timestamp,
    },
    /// The holder did not act in time; everybody is called.
    AnswerOverdue {
        /// The step now taken, counted from 1.
        step: u32,
        /// The signals that waited; none if the holder was only silent for too long.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        signals: Vec<SignalId>,
        /// When everybody is called again.
        deadline_at: Timestamp,
    },
    /// Our clock was set back; the deadlines were moved with it.
    ClockWentBack {
        /// By how much.
        by: SignedDuration,
        /// The deadline on the new clock.
        deadline_at: Timestamp,
        /// The awaited answer's time on the new clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_by: Option<Timestamp>,
    },
}

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
            | Self::Closed { by, .. } => Some(by),
            Self::Opened { .. }
            | Self::SignalJoined { .. }
            | Self::LadderStepped { .. }
            | Self::AnswerOverdue { .. }
            | Self::ClockWentBack { .. } => None,
        }
    }

    /// The signal that came with it.
    pub fn signal(&self) -> Option<&Signal> {
        match self {
            Self::Opened { signal, .. } | Self::SignalJoined { signal, .. } => Some(signal),
            Self::Claimed { .. }
            | Self::Released { .. }
            | Self::Noted { .. }
            | Self::Closed { .. }
            | Self::LadderStepped { .. }
            | Self::AnswerOverdue { .. }
            | Self::ClockWentBack { .. } => None,
        }
    }
}
