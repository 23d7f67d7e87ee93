//! What can be asked of an incident.

use crate::{Answer, Contact, OnScene, PlanOutcome, PlanStep, Return, Service, TaskAct};
use model::{HandsetId, ResidentId, Signal, SignalId, SignedDuration, StationId, TaskId, Timestamp};

/// Something that comes to an incident from outside: a signal, a person's act, or time.
///
/// Whether a person may do such a thing at all is not asked here; that is `access`. What is asked here
/// is whether the thing can be done to this incident now.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Something asks for attention. Opens an incident, or joins the open one.
    Signal(Box<Signal>),
    /// The same within a window that staff opened for the handset: a test that runs like the real thing.
    Drill(Box<Signal>),
    /// An operator takes the incident.
    Claim {
        /// The account.
        by: String,
    },
    /// The incident is handed back, and the ladder begins anew.
    Release {
        /// The account.
        by: String,
        /// Whether the account may release what another holds.
        role_may_override: bool,
        /// Why; may be empty.
        reason: String,
    },
    /// Something was done or learnt.
    Note {
        /// The account.
        by: String,
        /// What; may be empty if a contact is named.
        text: String,
        /// Who was spoken to.
        contact: Option<Contact>,
    },
    /// The holder has seen signals that joined; each sounds until then.
    Confirm {
        /// The account.
        by: String,
        /// Whether the account may confirm what another holds.
        role_may_override: bool,
        /// Which signals.
        signals: Vec<SignalId>,
    },
    /// A step of the action plan was done, and with what outcome.
    MarkStep {
        /// The account.
        by: String,
        /// Which step.
        step: PlanStep,
        /// How it went.
        outcome: PlanOutcome,
        /// What the outcome cannot say; may be empty.
        text: String,
    },
    /// A relative says what they do about it. It ends nothing and answers for nobody else.
    Answer {
        /// The account.
        by: String,
        /// What they said.
        answer: Answer,
        /// In their own words; may be empty.
        text: String,
    },
    /// Somebody is on the right side of a fence again.
    Returned(Box<Return>),
    /// Nobody at the desk has seen the holder for a while.
    HolderLost,
    /// The holder is there again.
    HolderBack {
        /// The account.
        by: String,
    },
    /// Stations are asked to go.
    Dispatch {
        /// The account.
        by: String,
        /// Whether the account may dispatch what another holds.
        role_may_override: bool,
        /// Which stations, with their names.
        stations: Vec<(StationId, String)>,
        /// What they are told; may be empty.
        note: String,
    },
    /// Something is done with a task.
    Task {
        /// Which.
        task: TaskId,
        /// The version of the task that was seen; none where it does not matter.
        seen: Option<u64>,
        /// What.
        act: TaskAct,
        /// The account.
        by: String,
        /// The station said so by telephone, and the account writes it down.
        on_behalf: bool,
        /// Why, or with what result.
        words: String,
    },
    /// The ladder asks a station to go: nobody at the desk has, or the one that was asked is silent.
    DispatchByLadder {
        /// Which station, with its name.
        station: (StationId, String),
    },
    /// A station takes the step back that it has just taken by mistake.
    UndoTask {
        /// Which task.
        task: TaskId,
        /// The version of the task that was seen.
        seen: Option<u64>,
        /// The account.
        by: String,
    },
    /// Whoever is there says what they need.
    SayOnScene {
        /// Of which task.
        task: TaskId,
        /// What they say.
        said: OnScene,
        /// The account.
        by: String,
        /// In their own words; may be empty.
        words: String,
    },
    /// The holder gives it to another operator, who has it from now on.
    Transfer {
        /// The account.
        by: String,
        /// Whether the account may transfer what another holds.
        role_may_override: bool,
        /// The account that has it from now on.
        to: String,
    },
    /// It was given to the ambulance, the police or the fire brigade, who were told and have answered.
    HandOver {
        /// The account.
        by: String,
        /// Whether the account may hand over what another holds.
        role_may_override: bool,
        /// To whom.
        to: Service,
        /// What was said, and what they answered.
        words: String,
    },
    /// It turned out whom it is about.
    Identify {
        /// The account.
        by: String,
        /// Whom; none: nobody known after all.
        resident: Option<ResidentId>,
        /// The handset that they carry, where they carry one.
        handset: Option<HandsetId>,
    },
    /// The need is over, the papers are not.
    Resolve {
        /// The account.
        by: String,
        /// Whether the account may resolve what another holds.
        role_may_override: bool,
    },
    /// It was closed too early.
    Reopen {
        /// The account, which has it from now on.
        by: String,
        /// Why.
        reason: String,
    },
    /// The case is over.
    Close {
        /// The account.
        by: String,
        /// Whether the account may close what another holds.
        role_may_override: bool,
        /// A code of [`CAUSES`](crate::CAUSES).
        cause: String,
        /// A code of [`OUTCOMES`](crate::OUTCOMES).
        outcome: String,
        /// What the codes cannot say; may be empty.
        note: String,
        /// Until when nobody wants to hear again that the resident is still on the wrong side of the fences in it, or in its zones.
        snooze_until: Option<Timestamp>,
    },
    /// The stored deadline may have passed; too early does no harm.
    DeadlinePassed,
    /// Our clock was set back: what is left of every deadline stays what it was.
    ClockWentBack {
        /// By how much; nothing happens unless it is above zero.
        by: SignedDuration,
    },
}
