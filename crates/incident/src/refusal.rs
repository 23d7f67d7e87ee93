//! Why a command cannot be done to an incident now.

use crate::Holder;

/// Why nothing was done. A refused command leaves the incident as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The command was given on an older view of the incident.
    #[error("the incident has changed since it was shown, it is at version {version} now")]
    Conflict {
        /// Who has it now.
        holder: Option<Holder>,
        /// Its version now.
        version: u64,
    },
    /// Somebody else has it.
    #[error("only the holder, {}, can do this", holder.username)]
    NotHolder {
        /// Who has it.
        holder: Holder,
    },
    /// It has a holder, who may be the one who asks.
    #[error("{} has already claimed the incident", holder.username)]
    AlreadyClaimed {
        /// Who has it.
        holder: Holder,
    },
    /// Nobody has it, so nobody can hand it back or close it.
    #[error("nobody has claimed the incident; claim it first")]
    NotClaimed,
    /// It is over.
    #[error("the incident is closed")]
    AlreadyClosed,
    /// Something that has to be said was left empty.
    #[error("{field} must not be empty")]
    Missing {
        /// What was left empty.
        field: &'static str,
    },
    /// A code that is in no list.
    #[error("{code:?} is not a known {field}")]
    UnknownCode {
        /// Which list was looked in.
        field: &'static str,
        /// What was given.
        code: String,
    },
    /// There is no incident for this.
    #[error("there is no incident to do this to")]
    NoIncident,
    /// A real signal opens an incident of its own.
    #[error("the incident is a drill; a real signal opens one of its own")]
    Drill,
}

impl Refusal {
    /// A stable name for programs, as the HTTP interface gives it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "version_conflict",
            Self::NotHolder { .. } => "not_holder",
            Self::AlreadyClaimed { .. } => "already_claimed",
            Self::NotClaimed => "not_claimed",
            Self::AlreadyClosed => "already_closed",
            Self::Missing { .. } => "missing",
            Self::UnknownCode { .. } => "unknown_code",
            Self::NoIncident => "no_incident",
            Self::Drill => "drill",
        }
    }

    /// Who has the incident, where that is the reason.
    pub fn holder(&self) -> Option<&Holder> {
        match self {
            Self::Conflict { holder, .. } => holder.as_ref(),
            Self::NotHolder { holder } | Self::AlreadyClaimed { holder } => Some(holder),
            Self::NotClaimed
            | Self::AlreadyClosed
            | Self::Missing { .. }
            | Self::UnknownCode { .. }
            | Self::NoIncident
            | Self::Drill => None,
        }
    }
}
