//! The platform's promises in a world where everything breaks, thousands of worlds a minute.
//!
//! A world has one thread, a virtual clock and a seed. In it live handsets behind a lossy network, processes of the
//! platform that die between any two steps, a store that keeps the rules of the tables, people who ignore or act on what
//! they no longer see, a telephone gateway that fails, and clocks that are set back. What decides is the real engine
//! (`incident`) and the real wire format (`protocol`, `model`); the shell round it is a copy of the product's in its order
//! of steps: load, decide, one transaction, acknowledge, tell. So what is tried here is that order and the engine, not
//! SQLite and not sockets; those have their own tests, with the real binary.
//!
//! After so many steps all faults end, and what must follow is waited for: every press has its receipt, every open alarm
//! reaches a person within the ladder's bound. The promises are in `check`, looked at after every step.
//!
//! The same seed gives the same world, on every machine: [`run`] says how it ended, [`run_traced`] gives its log as well.
//! [`Sabotage`] breaks the shell on purpose, which shows that the checks can fail.
//!
//! To extend it: what a person can do is a line of `people::can`; what breaks, a line of `process::life`; a step
//! that time brings, a variant of `agenda::Happening`; a promise, a function in `check` and a sabotage that breaks it.
#![warn(missing_docs)]

mod agenda;
mod chance;
mod check;
mod handset;
mod journal;
mod options;
mod people;
mod plan;
mod process;
mod run;
mod sabotage;
mod store;
mod world;

pub use journal::{Header, Step};
pub use options::Options;
pub use process::fault_names;
pub use run::{Failure, Outcome, Stats, run, run_traced};
pub use sabotage::Sabotage;
