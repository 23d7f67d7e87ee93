//! What will happen, in the order of virtual time; of two at the same moment the one planned first.

use crate::{chance::Micros, handset::Publish, people::Request};
use incident::Incident;
use std::{cmp::Ordering, collections::BinaryHeap, rc::Rc};

/// A process in one of its lives: what was meant for a life that ended does not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) process: usize,
    pub(crate) epoch: u32,
}

/// One step of the world. Between any two of them a process may die.
#[derive(Debug, Clone)]
pub(crate) enum Happening {
    /// Somebody presses, cancels, rings, or a watcher notices something.
    Need,
    /// A handset sends what is due.
    Send { handset: u32 },
    /// A press reaches the door of a process.
    Arrive { life: Life, handset: u32, session: u32, publish: Rc<Publish> },
    /// The writer of a process commits what waits.
    Commit { life: Life },
    /// What was committed is acknowledged and told.
    Answer { life: Life },
    /// A process reads the log of signals.
    Follow { life: Life },
    /// A process looks for due deadlines.
    Look { life: Life },
    /// A process shows people what moved.
    Show { life: Life },
    /// A process reads the outbox for a handset's session.
    Down { handset: u32, session: u32 },
    /// A message from the outbox reaches a handset.
    Heard { handset: u32, session: u32, row: u64, payload: Rc<Vec<u8>>, is_receipt: bool },
    /// A handset hears that its publish was taken.
    Taken { handset: u32, session: u32, number: u64 },
    /// A process hears that a message was taken.
    Settle { life: Life, handset: u32, row: u64 },
    /// A handset logs in again.
    Reconnect { handset: u32 },
    /// A person's screen finds a process again.
    Connect { person: usize },
    /// A person looks at an incident as their screen shows it.
    See { person: usize, shown: Rc<Incident> },
    /// A person's request reaches a process.
    Ask { request: Rc<Request>, tries: u32 },
    /// A process takes a call to be made from the outbox.
    Ring { life: Life },
    /// A process does what the ladder asks of stations.
    CallOut { life: Life },
    /// A process looks whether holders are there.
    Miss { life: Life },
    /// What became of a call.
    Rung { life: Life, notice: usize, told: bool },
    /// Something breaks.
    Fault,
    /// Somebody who went away is back.
    Return { person: usize },
    /// A process that stood still goes on.
    Resume { life: Life },
    /// A process starts.
    Start { process: usize },
    /// People come to the healed desk.
    Relief,
    /// Nothing; time goes on.
    Wait,
}

impl Happening {
    /// The life of the process that does it, if one does.
    pub(crate) fn life(&self) -> Option<Life> {
        match self {
            Self::Arrive { life, .. }
            | Self::Commit { life }
            | Self::Answer { life }
            | Self::Follow { life }
            | Self::Look { life }
            | Self::Show { life }
            | Self::Settle { life, .. }
            | Self::Ring { life }
            | Self::CallOut { life }
            | Self::Miss { life }
            | Self::Rung { life, .. } => Some(*life),
            Self::Need
            | Self::Send { .. }
            | Self::Down { .. }
            | Self::Heard { .. }
            | Self::Taken { .. }
            | Self::Reconnect { .. }
            | Self::Connect { .. }
            | Self::See { .. }
            | Self::Ask { .. }
            | Self::Fault
            | Self::Return { .. }
            | Self::Resume { .. }
            | Self::Start { .. }
            | Self::Relief
            | Self::Wait => None,
        }
    }

    /// What it is, for whoever reads a log.
    pub(crate) fn describe(&self) -> String {
        let by = |life: &Life, does: &str| format!("process {} {does}", life.process);
        match self {
            Self::Need => "somebody needs help".to_owned(),
            Self::Send { handset } => format!("h{handset} sends what is due"),
            Self::Arrive { life, handset, publish, .. } => {
                by(life, &format!("gets press {} of h{handset}", publish.number))
            }
            Self::Commit { life } => by(life, "commits"),
            Self::Answer { life } => by(life, "answers for what it committed"),
            Self::Follow { life } => by(life, "reads the log of signals"),
            Self::Look { life } => by(life, "looks for due deadlines"),
            Self::Show { life } => by(life, "shows what moved"),
            Self::Down { handset, .. } => format!("h{handset} is sent what waits for it"),
            Self::Heard { handset, payload, .. } => {
                format!("h{handset} hears {}", String::from_utf8_lossy(payload))
            }
            Self::Taken { handset, number, .. } => format!("h{handset} hears that press {number} was taken"),
            Self::Settle { life, handset, .. } => by(life, &format!("hears that h{handset} has a message")),
            Self::Reconnect { handset } => format!("h{handset} logs in again"),
            Self::Connect { person } => format!("person {person} finds a process"),
            Self::See { person, shown } => {
                format!("person {person} looks at {} in version {}", shown.id, shown.version)
            }
            Self::Ask { request, tries } => format!("{}, try {tries}", request.what),
            Self::Ring { life } => by(life, "takes a call from the outbox"),
            Self::CallOut { life } => by(life, "asks a station as the ladder wants"),
            Self::Miss { life } => by(life, "looks whether holders are there"),
            Self::Rung { life, told, .. } => {
                by(life, if *told { "made a call" } else { "failed to make a call" })
            }
            Self::Fault => "something breaks".to_owned(),
            Self::Return { person } => format!("person {person} comes back"),
            Self::Resume { life } => by(life, "goes on"),
            Self::Start { process } => format!("process {process} starts"),
            Self::Relief => "people come to the desk".to_owned(),
            Self::Wait => "time goes on".to_owned(),
        }
    }
}

#[derive(Debug)]
struct Entry {
    at: Micros,
    order: u64,
    what: Happening,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    /// The heap gives its greatest first, which must be the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: BinaryHeap<Entry>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: Micros, what: Happening) {
        self.planned += 1;
        self.entries.push(Entry { at, order: self.planned, what });
    }

    pub(crate) fn next(&mut self) -> Option<(Micros, Happening)> {
        self.entries.pop().map(|entry| (entry.at, entry.what))
    }
}
