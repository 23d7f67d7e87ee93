//! Who may do what, to whose data, and when.
//!
//! [`decide`] is the one place that says yes or no, and [`answer()`] the whole of it: for which reason, how much is shown, and of
//! which time. They know roles and grants and nothing else: whether the thing can be done to the incident at all is asked of
//! `incident`, and writing down who looked is the shell's duty, for every answer that is not a refusal.
//!
//! To add something that can be done: a variant of [`Action`], and the compiler leads to the roles that
//! must say yes or no to it. A refusal says in a sentence what would make it a yes.
#![warn(missing_docs)]
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod answer;
mod relative;
mod role;
mod shares;
mod sight;
mod staff;
mod station;
pub mod table;

pub use answer::{Answer, answer};
pub use role::Role;
pub use shares::Shares;
pub use sight::{Sight, hidden_since, hides_place, is_hidden, sight, withheld_since};

use model::{Division, IncidentId, ResidentId, StationId, Timestamp};

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
    /// Say as a relative what one does about an incident.
    AnswerAsRelative,
    /// Announce who rings, as a telephone exchange does.
    AnnounceCall,
    /// Ask stations to go, and all else that is done about an incident: give it to another operator, to 120, 110 or 119,
    /// say whom it is about, resolve or reopen it.
    Dispatch,
    /// Read what belongs to an incident: what was sent and asked, who could go, who went, and its file on paper.
    ReadFile,
    /// Say how far a station has come with its task.
    DoTask,
    /// See tasks; each of them is a [`Action::ReadIncident`] of its own.
    ListTasks,
    /// See how long people waited, without whom it was about.
    ReadReports,
    /// See which stations there are.
    ReadStations,
    /// Enter stations and correct them.
    ManageStations,
    /// See what is technical and wakes nobody.
    ReadTechnical,
    /// Open windows for drills, see whose button is to be tried, and say who is away as planned.
    ManageDrills,
    /// Say who is called when.
    ManageLadder,
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
    /// See who of the family may see a resident.
    ReadRelatives,
    /// Keep news and position of a resident from a relative, or give them back.
    Withhold,
    /// Enter and withdraw consents, and end a relative's sight.
    ManageConsents,
    /// See for which reasons residents without an open incident were looked at, and say what to think of it.
    ReviewLooks,
    /// Write down why an answer came late.
    ReviewLate,
    /// Add, invite and shut out accounts.
    ManageAccounts,
    /// See where others are logged in, log them out, and unlock their screens.
    ManageSessions,
    /// Add, bind, retire and cut off handsets.
    ManageHandsets,
    /// Enter residents and correct their records.
    ManageResidents,
    /// See a resident's fences, where they stand to them, and how they are watched.
    ReadWatch,
    /// Draw a resident's fences and say how they are watched.
    ManageWatch,
    /// See the zones shared by all.
    ReadZones,
    /// Draw the zones shared by all.
    ManageZones,
    /// Hand a resident everything held about them, or erase it.
    AnswerForData,
}

impl Action {
    /// Every action, for tables and tests.
    pub const ALL: [Self; 40] = [
        Self::ListIncidents,
        Self::ReadIncident,
        Self::OpenCall,
        Self::Claim,
        Self::Release,
        Self::Note,
        Self::Close,
        Self::AnswerAsRelative,
        Self::AnnounceCall,
        Self::Dispatch,
        Self::ReadFile,
        Self::DoTask,
        Self::ListTasks,
        Self::ReadReports,
        Self::ReadStations,
        Self::ManageStations,
        Self::ReadTechnical,
        Self::ManageDrills,
        Self::ManageLadder,
        Self::Locate,
        Self::ListResidents,
        Self::ReadResident,
        Self::ReadTrack,
        Self::ReadQuarantine,
        Self::ReadAudit,
        Self::Live,
        Self::ReadRelatives,
        Self::Withhold,
        Self::ManageConsents,
        Self::ReviewLooks,
        Self::ReviewLate,
        Self::ManageAccounts,
        Self::ManageSessions,
        Self::ManageHandsets,
        Self::ManageResidents,
        Self::ReadWatch,
        Self::ManageWatch,
        Self::ReadZones,
        Self::ManageZones,
        Self::AnswerForData,
    ];
}

/// The account that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Its name.
    pub username: String,
    /// Its role; an account has one.
    pub role: Role,
    /// Whose records it may look up and keep, closed incidents among them; everybody's if none is named. An open incident is
    /// never outside it: it belongs to whoever is on duty.
    pub scope: Option<Division>,
    /// A relative's residents.
    pub granted: Vec<Grant>,
    /// What is kept from a relative all the same.
    pub withheld: Vec<Withheld>,
    /// Of station staff: where they work.
    pub station: Option<StationId>,
    /// A station's tasks that are open.
    pub tasks: Vec<OpenTask>,
}

impl Who {
    /// An account that holds nothing but its role.
    pub fn plain(username: impl Into<String>, role: Role) -> Self {
        let (scope, station, granted, withheld, tasks) = Default::default();
        Self { username: username.into(), role, scope, granted, withheld, station, tasks }
    }

    /// Whoever holds the link to a task: the station for that one alone, as long as it is open.
    pub fn by_link(station: StationId, open: Option<OpenTask>) -> Self {
        let username = format!("link:{station}");
        let tasks = open.into_iter().collect();
        Self { station: Some(station), tasks, ..Self::plain(username, Role::Station) }
    }

    /// Whether it may give somebody such a scope, or act upon an account that has it: whoever keeps a part of the district
    /// gives nobody sight of more than that part.
    pub fn may_give(&self, scope: Option<&Division>) -> bool {
        match (&self.scope, scope) {
            (None, _) => true,
            (Some(own), Some(scope)) => own.contains(scope),
            (Some(_), None) => false,
        }
    }

    /// Whether somebody who lives there is within its scope. Who lives nowhere on record is within every scope, or nobody
    /// could put the record right.
    pub fn covers(&self, division: Option<&Division>) -> bool {
        match (&self.scope, division) {
            (Some(scope), Some(division)) => scope.contains(division),
            (None, _) | (_, None) => true,
        }
    }
}

/// Whom a relative may see, from when, until when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Whom.
    pub resident: ResidentId,
    /// The first moment of it.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Option<Timestamp>,
    /// What of them the consent covers.
    pub shares: Shares,
}

impl Grant {
    /// Whether it runs at that time.
    pub fn runs(&self, now: Timestamp) -> bool {
        self.from <= now && self.to.is_none_or(|to| now < to)
    }
}

/// What staff keep from a relative, who does not learn of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Of whom.
    pub resident: ResidentId,
    /// Of this incident; of all if none is named.
    pub incident: Option<IncidentId>,
    /// From when on it would tell of it where the resident was: when what that incident is about happened, which may be before it was
    /// opened; of all, when it began to be kept.
    pub since: Timestamp,
    /// Until when: when that incident was closed. While it is open, and of all, there is no end yet.
    pub until: Option<Timestamp>,
}

impl Withheld {
    /// Whether where the resident was then would tell of it.
    pub fn hides(&self, at: Timestamp) -> bool {
        self.since <= at && self.until.is_none_or(|until| at <= until)
    }
}

/// A task that a station has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTask {
    /// In which incident.
    pub incident: IncidentId,
    /// About whom, where known.
    pub resident: Option<ResidentId>,
    /// When it was offered.
    pub offered_at: Timestamp,
}

/// What it is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Nothing in particular: a list that ends at the account's scope, a subscription, something new.
    Nothing,
    /// A record about everybody, which no scope divides: what arrived and could not be understood, the audit log.
    Everybody,
    /// One account, or one that is to be.
    Account {
        /// Whether it belongs to the part of the district that is the asker's scope.
        is_within: bool,
    },
    /// One incident.
    Incident {
        /// Which; none of one that is not on disk yet.
        id: Option<IncidentId>,
        /// Whom it is about, where known.
        resident: Option<ResidentId>,
        /// When it was opened.
        opened_at: Timestamp,
        /// Whether it still is.
        open: bool,
        /// Of a closed one: whether the account had a part in it within the last day.
        handled: bool,
        /// Where that resident lives, where it is on record and was asked for.
        division: Option<Division>,
    },
    /// One resident.
    Resident {
        /// Who.
        id: ResidentId,
        /// Whether an incident about them is open.
        has_open_incident: bool,
        /// Where they live, where it is on record.
        division: Option<Division>,
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
    if let Some(refused) = outside(who, subject) {
        return refused;
    }
    match who.role {
        Role::Operator => staff::desk(action, subject, false),
        Role::Supervisor => staff::desk(action, subject, true),
        Role::Admin => staff::admin(action, subject),
        Role::Station => station::decide(who, action, subject),
        Role::Relative => relative::decide(who, action, subject, now),
        Role::Auditor => staff::auditor(action),
        Role::Service => staff::service(action),
    }
}

const OUTSIDE: Decision = Decision::Refused("this resident lives outside the division your account is for");
const MORE_THAN_A_PART: Decision =
    Decision::Refused("this is about everybody, and read by accounts for the whole district");
const BEYOND: Decision = Decision::Refused("this account lies beyond the division your account is for");

/// The refusal of what lies beyond the account's scope: somebody of another division who is not in need, what is everybody's,
/// and an account that is not of its part of the district.
fn outside(who: &Who, subject: &Subject) -> Option<Decision> {
    let (is_outside, refused) = match subject {
        Subject::Resident { has_open_incident: false, division, .. }
        | Subject::Incident { open: false, division, .. } => (!who.covers(division.as_ref()), OUTSIDE),
        Subject::Everybody => (who.scope.is_some(), MORE_THAN_A_PART),
        Subject::Account { is_within } => (!is_within, BEYOND),
        Subject::Resident { .. } | Subject::Incident { .. } | Subject::Nothing => return None,
    };
    is_outside.then_some(refused)
}

/// Whether this role is shown what was said and written about an incident: callers and their words, notes, the words of a
/// closing. The family is not: it may be about them.
pub fn hears_words(role: Role) -> bool {
    match role {
        Role::Operator | Role::Supervisor | Role::Station | Role::Admin => true,
        Role::Relative | Role::Auditor | Role::Service => false,
    }
}

/// Whether this role may have to ring a caller back, and so is shown the whole number while the incident is open; else only its
/// last signs are.
pub fn rings_back(role: Role) -> bool {
    match role {
        Role::Operator | Role::Supervisor | Role::Station => true,
        Role::Relative | Role::Admin | Role::Auditor | Role::Service => false,
    }
}

/// Whether this role may release or close what another holds.
pub fn may_override(role: Role) -> bool {
    match role {
        Role::Supervisor => true,
        Role::Operator | Role::Station | Role::Relative | Role::Admin | Role::Auditor | Role::Service => {
            false
        }
    }
}
