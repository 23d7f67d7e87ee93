//! What must be done about a decision, once its events are on disk.

use crate::{Attention, Callee, Event, Incident, What};
use model::{HandsetId, IncidentId, Timestamp};
use serde::{Deserialize, Serialize};

/// How far help has come, as the handset shows it; a later one is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The platform has it, no person yet.
    Received,
    /// An operator has it.
    Claimed,
    /// Somebody has set out.
    OnTheWay,
    /// Somebody is with the person.
    OnScene,
    /// It is over.
    Closed,
}

impl Stage {
    /// The stage's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Claimed => "claimed",
            Self::OnTheWay => "on_the_way",
            Self::OnScene => "on_scene",
            Self::Closed => "closed",
        }
    }
}

/// One thing to do. Doing it twice under the same [`effect_id`] must be the same as doing it once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Tell the person, through every handset that listens ([`Incident::listeners`]).
    Progress {
        /// How far help has come.
        stage: Stage,
        /// What the person hears, in simplified Chinese.
        say: String,
        /// When that became true.
        at: Timestamp,
    },
    /// Tell somebody that it was never about them, through the handset that they were told by until now.
    LastWord {
        /// Which handset.
        handset: HandsetId,
        /// What the person hears, in simplified Chinese.
        say: String,
        /// When that became known.
        at: Timestamp,
    },
    /// A step of the ladder calls these. Screens see it in the incident itself; the others must be reached otherwise.
    Call {
        /// The step, counted from 0.
        step: u32,
        /// Whom.
        callees: Vec<Callee>,
    },
    /// A station that was asked stays silent, or cannot go while nobody at the desk has the incident: the next one is asked.
    NextStation,
    /// Make it heard at the desk.
    Sound {
        /// By whom.
        attention: Attention,
    },
}

/// What a command leads to: nothing, or one event with its effects.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decision {
    /// What happened, to be stored first.
    pub events: Vec<Event>,
    /// What to do about it, in this order.
    pub effects: Vec<Effect>,
}

impl Decision {
    /// Nothing happened.
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    /// This happened to the incident as its next version.
    pub(crate) fn next(incident: &Incident, at: Timestamp, what: What, effects: Vec<Effect>) -> Self {
        let version = incident.version.saturating_add(1);
        Self { events: vec![Event { version, at, what }], effects }
    }

    /// The version after it; absent if nothing happened.
    pub fn version(&self) -> Option<u64> {
        self.events.last().map(|event| event.version)
    }
}

/// The name of an effect: the version of the event it came with, and its place in [`Decision::effects`].
/// A replay gives the same names, so what was done already is known to be done.
pub fn effect_id(incident: &IncidentId, version: u64, index: usize) -> String {
    format!("{incident}:{version}:{index}")
}
