//! Why a command cannot be done to an incident now.

use crate::{Holder, TaskState};
use model::IncidentId;

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
    /// The station was asked already, and its task is not over.
    #[error("{station} has been asked already, and that task is not over")]
    AlreadyAsked {
        /// Its name.
        station: String,
    },
    /// The incident has no such task.
    #[error("there is no such task")]
    NoTask,
    /// The task has moved since it was seen.
    #[error("the task has changed since it was shown, it is {} now", state.as_str())]
    TaskMoved {
        /// How far it has come.
        state: TaskState,
    },
    /// The act makes no sense in the task's state.
    #[error("this cannot be done with a task that is {}", state.as_str())]
    TaskState {
        /// How far it has come.
        state: TaskState,
    },
    /// The incident has no such signal.
    #[error("there is no such signal in this incident")]
    NoSignal,
    /// A press or a fall joined, and its holder has not confirmed it.
    #[error("a press or a fall that joined is unconfirmed; confirm it first, or let a supervisor close it")]
    Unconfirmed,
    /// Nobody was spoken to yet.
    #[error(
        "nobody has spoken with the person, with a witness or with 120 or 110 yet; note whom you spoke to, or let a \
         supervisor close it"
    )]
    NoContact,
    /// Calling a service is more than a mark.
    #[error(
        "calling 120, 110 or 119 is done by handing the incident over, with the service that was told and what it answered"
    )]
    ByHandingOver,
    /// Sending somebody is more than a mark.
    #[error(
        "a station is sent by asking one (dispatch); a mark alone sends nobody, and can only say why none is needed"
    )]
    BySending,
    /// It is too late to take the step back.
    #[error(
        "a step can be taken back for 10 s, and that a task was taken only where no other station was told of it; ring the call centre"
    )]
    TooLateToUndo,
    /// The two incidents are not one matter.
    #[error("the two incidents are about different people; only those of one person can be put together")]
    AnotherMatter,
    /// The signal that opened an incident stays in it.
    #[error("the signal that opened the incident stays in it; say instead whom the incident is about")]
    OpeningSignal,
    /// Signals of the same person stay together.
    #[error("signals about the same person stay in one incident; say whom the others are about")]
    SamePerson,
    /// Stations are still at it.
    #[error("a station is still at it; let it finish, or take the task back")]
    TasksOpen,
    /// It is not closed.
    #[error("the incident is not closed")]
    NotClosed,
    /// It goes on in another one.
    #[error("the incident goes on in {into}; open that one again")]
    Merged {
        /// Which.
        into: IncidentId,
    },
    /// It was closed too long ago.
    #[error("the incident was closed more than 24 hours ago; open a new one")]
    TooLate,
    /// It is given to whoever has it already.
    #[error("{} has the incident already", holder.username)]
    SameHolder {
        /// Who.
        holder: Holder,
    },
    /// No fence was left or entered, and no zone.
    #[error(
        "there is no fence or zone in this incident whose repeats could be snoozed; close it without snooze_until"
    )]
    NothingToSnooze,
    /// A snooze has an end.
    #[error("snooze_until must lie in the future, within 24 hours")]
    SnoozeEnd,
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
            Self::AlreadyAsked { .. } => "already_asked",
            Self::NoTask => "no_task",
            Self::TaskMoved { .. } => "task_conflict",
            Self::TaskState { .. } => "task_state",
            Self::NoSignal => "no_signal",
            Self::Unconfirmed => "unconfirmed",
            Self::NoContact => "no_contact",
            Self::ByHandingOver => "by_handing_over",
            Self::BySending => "by_sending",
            Self::TooLateToUndo => "too_late_to_undo",
            Self::AnotherMatter => "another_matter",
            Self::OpeningSignal => "opening_signal",
            Self::SamePerson => "same_person",
            Self::TasksOpen => "tasks_open",
            Self::NotClosed => "not_closed",
            Self::Merged { .. } => "merged",
            Self::TooLate => "too_late",
            Self::SameHolder { .. } => "same_holder",
            Self::NothingToSnooze => "nothing_to_snooze",
            Self::SnoozeEnd => "snooze_end",
            Self::Drill => "drill",
        }
    }

    /// Who has the incident, where that is the reason.
    pub fn holder(&self) -> Option<&Holder> {
        match self {
            Self::Conflict { holder, .. } => holder.as_ref(),
            Self::NotHolder { holder } | Self::AlreadyClaimed { holder } | Self::SameHolder { holder } => {
                Some(holder)
            }
            Self::NotClaimed
            | Self::AlreadyClosed
            | Self::Missing { .. }
            | Self::UnknownCode { .. }
            | Self::NoIncident
            | Self::AlreadyAsked { .. }
            | Self::NoTask
            | Self::TaskMoved { .. }
            | Self::TaskState { .. }
            | Self::NoSignal
            | Self::Unconfirmed
            | Self::NoContact
            | Self::ByHandingOver
            | Self::BySending
            | Self::TooLateToUndo
            | Self::AnotherMatter
            | Self::OpeningSignal
            | Self::SamePerson
            | Self::TasksOpen
            | Self::NotClosed
            | Self::Merged { .. }
            | Self::TooLate
            | Self::NothingToSnooze
            | Self::SnoozeEnd
            | Self::Drill => None,
        }
    }
}
