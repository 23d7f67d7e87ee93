//! What happens to a case: the life of one incident, from the first signal until it is closed.
//!
//! Everything here is a function of what is handed in. [`decide`] looks at an incident and a command and
//! says what happens ([`Event`]s, to be stored for ever) and what must be done about it ([`Effect`]s, to
//! be performed once the events are on disk). [`evolve`] folds an event into the incident. [`step`] does
//! both. There is no clock, no randomness and no input or output, so the same journal gives the same
//! incidents on every machine.
//!
//! To add a way an incident can be in: give [`State`] a variant with the data that only it has, and the
//! compiler names every place where somebody must say what each command means there. To add something
//! that can happen: a variant of [`What`], its fold in `evolve`, and a file in `decide` that decides it.
//! Events carry every deadline they set, because a deadline that is computed again after a rule changed
//! is another deadline. The whole table follows; it is `STATES.md` beside this crate, written by its test.
//!
#![doc = include_str!("../STATES.md")]
#![warn(missing_docs)]
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod absence;
mod answer;
mod awaited;
pub mod choice;
mod codes;
mod command;
mod decide;
mod effect;
mod event;
mod event_kind;
mod evolve;
pub mod figures;
pub mod ladder;
mod lease;
mod merge;
mod nameless;
mod plan;
pub mod ranking;
mod refusal;
pub mod say;
mod state;
mod task;

pub use absence::is_quiet_while_away;
pub use answer::Answer;
pub use awaited::AwaitedAnswer;
pub use codes::{CAUSES, CONTACTS, Code, Contact, OUTCOMES, Service};
pub use command::Command;
pub use decide::{decide, step};
pub use effect::{Decision, Effect, Stage, effect_id};
pub use event::{Carries, Climb, Event, Return, What};
pub use event_kind::EventKind;
pub use evolve::evolve;
pub use ladder::{Callee, Ladder};
pub use lease::{Leases, MISSED_AFTER, Trace};
pub use merge::{Hand, Merged, Parted, merge, split};
pub use nameless::{nameless, nameless_incident, nameless_signal};
pub use plan::{PlanMark, PlanOutcome, PlanStep, Standing, StepState, plan};
pub use refusal::Refusal;
pub use state::{Attention, Closing, Holder, Incident, State, StateName};
pub use task::{Offer, OnScene, Task, TaskAct, TaskState};
