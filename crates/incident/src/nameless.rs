//! What is kept of a case when whom it was about is to be forgotten: what happened and when, and no more who and where.

use crate::{Event, Incident, State, What};
use model::{Evidence, Signal};

/// The same event without the person: no resident, no position, nothing that was said or written. Times, kinds, codes
/// and the accounts of those who worked on it stay: the figures and the answer to "was it done in time" are made of them.
#[must_use]
pub fn nameless(event: &Event) -> Event {
    let mut event = event.clone();
    for signal in event.what.signals_mut() {
        *signal = nameless_signal(signal);
    }
    match &mut event.what {
        What::Released { reason, .. } | What::Reopened { reason, .. } => reason.clear(),
        What::Noted { text, .. } | What::StepMarked { text, .. } => text.clear(),
        // A relative is somebody of the family: who answered is as telling as a name.
        What::Answered { by, text, .. } => {
            by.clear();
            text.clear();
        }
        What::TaskMoved { words, .. } | What::HandedOver { words, .. } | What::SaidOnScene { words, .. } => {
            words.clear();
        }
        What::Returned { of } => {
            (of.fence, of.zone) = (None, None);
            of.why.clear();
        }
        What::Identified { resident, was, carries, .. } => {
            (*resident, *was) = (None, None);
            if let Some(carries) = carries {
                carries.handset = None;
            }
        }
        What::Dispatched { note, .. } | What::Closed { note, .. } => note.clear(),
        What::Opened { .. }
        | What::SignalJoined { .. }
        | What::MergedFrom { .. }
        | What::Claimed { .. }
        | What::Confirmed { .. }
        | What::HolderLost { .. }
        | What::HolderBack { .. }
        | What::TaskUndone { .. }
        | What::MergedInto { .. }
        | What::SplitOff { .. }
        | What::TaskOverdue { .. }
        | What::Transferred { .. }
        | What::Resolved { .. }
        | What::LadderStepped { .. }
        | What::AnswerOverdue { .. }
        | What::ClockWentBack { .. } => {}
    }
    event
}

/// The same of an incident as it stands, for one whose events cannot all be read.
#[must_use]
pub fn nameless_incident(incident: &Incident) -> Incident {
    let mut incident = incident.clone();
    (incident.resident, incident.handset) = (None, None);
    for signal in &mut incident.signals {
        *signal = nameless_signal(signal);
    }
    for task in &mut incident.tasks {
        task.note.clear();
        task.words.clear();
    }
    match &mut incident.state {
        State::Closed { closing } => closing.note.clear(),
        State::Raised { .. } | State::Claimed { .. } => {}
    }
    incident
}

/// The same of a signal. Not even the handset stays: who carried it then is known for longer.
#[must_use]
pub fn nameless_signal(signal: &Signal) -> Signal {
    Signal {
        resident: None,
        handset: None,
        fix: None,
        caller: None,
        words: None,
        evidence: signal.evidence.as_deref().map(nameless_evidence).map(Box::new),
        ..signal.clone()
    }
}

/// Which rule decided and what it measured; the places and the sentence with the name go.
fn nameless_evidence(evidence: &Evidence) -> Evidence {
    Evidence { why: String::new(), fence: None, zone: None, fixes: Vec::new(), ..evidence.clone() }
}
