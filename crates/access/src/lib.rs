//! Who may do what, to whose data, and when.
//!
//! [`decide`] is the one place that answers. It knows roles and grants and nothing else: whether the
//! thing can be done to the incident at all is asked of `incident`, and writing down who looked is the
//! shell's duty, for every answer that is not a refusal.
//!
//! To add something that can be done: a variant of [`Action`], and the compiler leads to the roles that
//! must say yes or no to it. A refusal says in a sentence what would make it a yes.
#![warn(missing_docs)]
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod relative;
mod role;
mod table;

pub use role::Role;
pub use table::table;

use model::{ResidentId, Timestamp};

/// Something that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See which incidents there are; each of them is a [`Action::ReadIncident`] of its own.
    ListIncidents,
    /// See one incident with its signals, positions and events.
    ReadIncident,
    /// Enter a telephone call, which opens an incident or joins one.
    OpenCall,
    /// Take an incident.
    Claim,
    /// Hand it back.
    Release,
    /// Write down what was done or learnt.
    Note,
    /// End it.
    Close,
    /// Ask a handset where it is.
    Locate,
    /// Look for residents by name.
    ListResidents,
    /// See one resident's card and position.
    ReadResident,
    /// See where a resident was, over a range of time.
    ReadTrack,
    /// See what arrived and could not be understood.
    ReadQuarantine,
    /// See who did and looked at what.
    ReadAudit,
    /// Be told as it happens; each thing told is a reading of its own.
    Live,
}

impl Action {
    /// Every action, for tables and tests.
    pub const ALL: [Self; 14] = [
        Self::ListIncidents,
        Self::ReadIncident,
        Self::OpenCall,
        Self::Claim,
        Self::Release,
        Self::Note,
        Self::Close,
        Self::Locate,
        Self::ListResidents,
        Self::ReadResident,
        Self::ReadTrack,
        Self::ReadQuarantine,
        Self::ReadAudit,
        Self::Live,
    ];
}

/// The account that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Its name.
    pub username: String,
    /// Its role; an account has one.
    pub role: Role,
    /// A relative's residents: whom, from when, until when.
    pub granted: Vec<(ResidentId, Timestamp, Option<Timestamp>)>,
}

/// What it is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Nothing in particular: a list, a subscription, something new.
    Nothing,
    /// One incident.
    Incident {
        /// Whom it is about, where known.
        resident: Option<ResidentId>,
        /// When it was opened.
        opened_at: Timestamp,
        /// Whether it still is.
        open: bool,
    },
    /// One resident.
    Resident {
        /// Who.
        id: ResidentId,
        /// Whether an incident about them is open.
        has_open_incident: bool,
    },
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allowed,
    /// Yes, if the reason for it is recorded first.
    AllowedWithReason,
    /// No; the sentence says why, for the account to read.
    Refused(&'static str),
}

impl Decision {
    /// Whether it is a yes, be it with a reason.
    pub fn is_allowed(self) -> bool {
        match self {
            Self::Allowed | Self::AllowedWithReason => true,
            Self::Refused(_) => false,
        }
    }
}

/// Whether this account may do this now.
pub fn decide(who: &Who, action: Action, subject: &Subject, now: Timestamp) -> Decision {
    match who.role {
        Role::Operator => desk(action, subject, false),
        Role::Supervisor => desk(action, subject, true),
        Role::Admin => admin(action, subject),
        Role::Station => Decision::Refused(
            "a station sees a resident only while a task of its own is open, and it has none",
        ),
        Role::Relative => relative::decide(who, action, subject, now),
        Role::Auditor => auditor(action),
    }
}

/// From when on this account may see of a resident what has a time of its own, such as a track: a relative from the
/// beginning of the grant that runs, all others without a beginning. Whether it may see anything is [`decide`]'s answer.
pub fn seen_from(who: &Who, resident: &ResidentId, now: Timestamp) -> Timestamp {
    match who.role {
        Role::Relative => relative::seen_from(who, resident, now),
        Role::Operator | Role::Supervisor | Role::Station | Role::Admin | Role::Auditor => Timestamp::MIN,
    }
}

/// Whether this role may release or close what another holds.
pub fn may_override(role: Role) -> bool {
    match role {
        Role::Supervisor => true,
        Role::Operator | Role::Station | Role::Relative | Role::Admin | Role::Auditor => false,
    }
}

/// The call centre's desk.
fn desk(action: Action, subject: &Subject, is_supervisor: bool) -> Decision {
    match action {
        Action::ListIncidents
        | Action::ReadIncident
        | Action::OpenCall
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::Live => Decision::Allowed,
        Action::Locate => locate(subject),
        Action::ListResidents | Action::ReadResident | Action::ReadTrack => look_at_people(subject),
        // A supervisor reviews the looks for which a reason was given.
        Action::ReadQuarantine | Action::ReadAudit if is_supervisor => Decision::Allowed,
        Action::ReadQuarantine => {
            Decision::Refused("quarantine is read by supervisors and administrators only")
        }
        Action::ReadAudit => AUDITED,
    }
}

const AUDITED: Decision = Decision::Refused("the audit log is read by auditors and supervisors only");

/// An auditor sees what others did and looked at; people and incidents are not theirs to see.
fn auditor(action: Action) -> Decision {
    match action {
        Action::ReadAudit => Decision::Allowed,
        Action::ListIncidents
        | Action::ReadIncident
        | Action::OpenCall
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::Locate
        | Action::ListResidents
        | Action::ReadResident
        | Action::ReadTrack
        | Action::ReadQuarantine
        | Action::Live => Decision::Refused("an auditor reads the audit log and nothing else"),
    }
}

/// An administrator keeps the platform; an incident belongs to those on duty.
fn admin(action: Action, subject: &Subject) -> Decision {
    match action {
        Action::ListIncidents | Action::ReadIncident | Action::ReadQuarantine | Action::Live => {
            Decision::Allowed
        }
        Action::ListResidents | Action::ReadResident | Action::ReadTrack => look_at_people(subject),
        Action::OpenCall
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::Locate => {
            Decision::Refused("an administrator handles no incidents; operators and supervisors do")
        }
        // Who keeps the platform is among those the log is about.
        Action::ReadAudit => AUDITED,
    }
}

/// Nobody is searched for who is not in need.
fn locate(subject: &Subject) -> Decision {
    match subject {
        Subject::Incident { open: true, .. } => Decision::Allowed,
        Subject::Incident { .. } | Subject::Resident { .. } | Subject::Nothing => Decision::Refused(
            "a handset is asked where it is only while an incident about its resident is open",
        ),
    }
}

/// Without an open incident nobody's name or point is shown unless the reason is on record. What was
/// searched for is such a reason; a bare list has none.
fn look_at_people(subject: &Subject) -> Decision {
    match subject {
        Subject::Resident { has_open_incident: true, .. } | Subject::Incident { open: true, .. } => {
            Decision::Allowed
        }
        Subject::Resident { .. } | Subject::Incident { .. } | Subject::Nothing => Decision::AllowedWithReason,
    }
}
