//! A process of the platform: door, writer and desk in one. What it holds in memory dies with it.
//!
//! - [`door`]: presses in, receipts and news out.
//! - [`writer`]: the group commit, and what is told after it.
//! - [`desk`]: the log of signals, the deadlines and the acts of people, each load → decide → one transaction.
//! - [`gateway`]: calls to people away from the desk; [`calls`]: stations that the ladder asks for.
//! - [`lease`]: holders whom nobody has seen for a while; [`together`]: two incidents that are one, and one that is two.

mod calls;
mod desk;
mod door;
mod gateway;
mod lease;
mod life;
mod together;
mod working;
mod writer;

pub(crate) use gateway::Gateway;
pub(crate) use lease::MISSED_AFTER;
pub(crate) use life::FAULT_KINDS;
pub use life::fault_names;

use crate::{
    agenda::Life,
    chance::Micros,
    people::Request,
    store::{CommitDesk, TakePress},
};
use model::{HandsetId, IncidentId, Signal, Timestamp};
use std::{collections::BTreeSet, rc::Rc};

/// What waits for the writer.
#[derive(Debug, Clone)]
pub(crate) enum Job {
    /// A press, and the session to which the door answers.
    Press { take: Box<TakePress>, number: u32, session: u32 },
    /// Something a watcher or an operator noticed.
    Signal(Box<Signal>),
    /// Signals that were read from the log, as they were decided on.
    Place(CommitDesk),
    /// A deadline that was due, or a clock that went back.
    Fire(CommitDesk),
    /// What a person asked.
    Act { request: Rc<Request>, commit: CommitDesk, tries: u32 },
    /// A station that the ladder asked for.
    Call(CommitDesk),
    /// A handset is asked where it is.
    Locate { request: Rc<Request>, handset: HandsetId, at: Timestamp },
}

/// What is to be told once the commit is on disk.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Taken { handset: u32, session: u32, number: u64 },
    Done { request: Rc<Request>, version: u64, incident: IncidentId },
}

/// Which of its steps are on the agenda already.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "five steps, each planned or not, none of which bears on another"
)]
struct Planned {
    commit: bool,
    follow: bool,
    show: bool,
    ring: bool,
    call_out: bool,
}

/// One process.
#[derive(Debug, Default)]
pub(crate) struct Process {
    pub(crate) epoch: u32,
    pub(crate) is_alive: bool,
    /// It does nothing before this: stopped, swapped out, in a long pause.
    pub(crate) stalled_until: Micros,
    /// The network between it and the store is cut until then.
    pub(crate) cut_until: Micros,
    /// How far its clock is ahead of virtual time; fixed at its start.
    pub(crate) ahead: Micros,
    started_at: Micros,
    jobs: Vec<Job>,
    answers: Vec<Answer>,
    planned: Planned,
    look_planned: Option<Micros>,
    miss_planned: Option<Micros>,
    /// Holders whom it may miss.
    leases: incident::Leases,
    /// How far it has shown the log of events to people.
    shown: usize,
    /// For a shell that keeps its deadlines in memory.
    timers: BTreeSet<IncidentId>,
}

impl Process {
    /// Everything it held is gone.
    fn die(&mut self) {
        *self =
            Self { epoch: self.epoch + 1, ahead: self.ahead, cut_until: self.cut_until, ..Self::default() };
    }

    /// Whatever was in its way is gone; what it had planned for later it plans anew.
    fn is_revived(&mut self, now: Micros) {
        (self.stalled_until, self.cut_until) = (now, now);
        (self.look_planned, self.miss_planned) = (None, None);
        self.planned = Planned { commit: self.planned.commit, ..Planned::default() };
    }

    pub(crate) fn life(&self, process: usize) -> Life {
        Life { process, epoch: self.epoch }
    }

    pub(crate) fn serves(&self, now: Micros) -> bool {
        self.is_alive && self.cut_until <= now && self.stalled_until <= now
    }
}
