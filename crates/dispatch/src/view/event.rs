//! What happened to an incident, as screens and other programs see it.

use incident::{Contact, Event, EventKind, Offer, TaskState, What};
use model::{ResidentId, SignalId, TaskId, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One thing that happened to an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventView {
    /// The incident's version after it.
    pub version: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// By whom, if by a person.
    pub by: Option<String>,
    /// What was said.
    pub text: Option<String>,
    /// Who was spoken to.
    pub contact: Option<Contact>,
    /// The signal that came with it.
    #[schema(value_type = Option<String>)]
    pub signal: Option<SignalId>,
    /// The ladder's step taken.
    pub ladder_step: Option<u32>,
    /// The task it happened to.
    #[schema(value_type = Option<String>)]
    pub task: Option<TaskId>,
    /// How far that has come.
    pub task_state: Option<TaskState>,
}

impl EventView {
    /// The same without what was said and written.
    #[must_use]
    pub fn wordless(self) -> Self {
        Self { text: None, ..self }
    }

    /// The same with whom the incident was about and whom it is, where the event says so; of those who are not `known`, that it is
    /// somebody.
    #[must_use]
    pub fn naming(self, event: &Event, known: &BTreeMap<ResidentId, String>) -> Self {
        match &event.what {
            What::Identified { resident, was, .. } => {
                Self { text: whom(was.as_ref(), resident.as_ref(), known), ..self }
            }
            _ => self,
        }
    }
}

/// `王秀英（r-1） → 李桂兰（r-2）`; whom it is alone, where it was about nobody known until then, and nothing once both are
/// forgotten.
fn whom(
    was: Option<&ResidentId>,
    is: Option<&ResidentId>,
    known: &BTreeMap<ResidentId, String>,
) -> Option<String> {
    let who = |id| known.get(id).map_or("另一位老人", String::as_str);
    match (was, is) {
        (None, None) => None,
        (None, Some(is)) => Some(who(is).to_owned()),
        (Some(was), None) => Some(format!("{} → 身份未知", who(was))),
        (Some(was), Some(is)) => Some(format!("{} → {}", who(was), who(is))),
    }
}

/// Which stations were asked, and what they were told.
fn asked(offers: &[Offer], note: &str) -> String {
    let names: Vec<&str> = offers.iter().map(|offer| offer.name.as_str()).collect();
    let note = if note.is_empty() { String::new() } else { format!("：{note}") };
    format!("{}{note}", names.join("、"))
}

impl From<&Event> for EventView {
    fn from(event: &Event) -> Self {
        let (text, contact, ladder_step) = match &event.what {
            What::Released { reason, .. } | What::Reopened { reason, .. } => {
                (Some(reason.clone()), None, None)
            }
            What::Noted { text, contact, .. } => (Some(text.clone()), *contact, None),
            What::Closed { note, .. } => (Some(note.clone()), None, None),
            What::StepMarked { step, outcome, text, .. } => {
                let text = if text.is_empty() { String::new() } else { format!("：{text}") };
                (Some(format!("{} {}{text}", step.label(), outcome.label())), None, None)
            }
            What::Answered { answer, text, .. } => {
                let text = if text.is_empty() { String::new() } else { format!("：{text}") };
                (Some(format!("{}{text}", answer.label())), None, None)
            }
            What::SaidOnScene { said, on_the_way, words, .. } => {
                (Some(format!("{} {words}", said.label(*on_the_way)).trim_end().to_owned()), None, None)
            }
            What::MergedFrom { from: other, .. }
            | What::MergedInto { into: other, .. }
            | What::SplitOff { into: other, .. } => (Some(other.to_string()), None, None),
            What::LadderStepped { step, .. } | What::AnswerOverdue { step, .. } => (None, None, Some(*step)),
            What::Claimed { taken_from, .. } => (taken_from.clone(), None, None),
            What::Dispatched { offers, note, .. } => (Some(asked(offers, note)), None, None),
            What::TaskMoved { words, .. } => (Some(words.clone()), None, None),
            What::Transferred { to, .. } => (Some(to.clone()), None, None),
            What::HandedOver { to, words, .. } => (Some(format!("{}：{words}", to.as_str())), None, None),
            What::Returned { of } => (Some(of.why.clone()), None, None),
            What::Opened { .. }
            | What::SignalJoined { .. }
            | What::Confirmed { .. }
            | What::HolderLost { .. }
            | What::HolderBack { .. }
            | What::TaskUndone { .. }
            | What::TaskOverdue { .. }
            | What::Identified { .. }
            | What::Resolved { .. }
            | What::ClockWentBack { .. } => (None, None, None),
        };
        let (task, task_state) = match &event.what {
            What::TaskMoved { task, to, .. } | What::TaskUndone { task, to, .. } => {
                (Some(task.clone()), Some(*to))
            }
            What::TaskOverdue { task, .. } | What::SaidOnScene { task, .. } => (Some(task.clone()), None),
            _ => (None, None),
        };
        Self {
            version: event.version,
            at: event.at,
            kind: event.what.kind(),
            by: event.what.by().map(str::to_owned),
            text: text.filter(|text| !text.is_empty()),
            contact,
            signal: event.what.signal().map(|signal| signal.id.clone()),
            ladder_step,
            task,
            task_state,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_whom_it_was_about_and_whom_it_is_to_those_who_may_know() {
        let id = |id: &str| ResidentId::new(id).expect("an id");
        let both = BTreeMap::from([
            (id("r-1"), "王秀英（r-1）".to_owned()),
            (id("r-2"), "李桂兰（r-2）".to_owned()),
        ]);
        let one = BTreeMap::from([(id("r-2"), "李桂兰（r-2）".to_owned())]);
        let table = [
            // whom it was about, whom it is, who is known to whoever reads it, what they read
            (Some("r-1"), Some("r-2"), &both, Some("王秀英（r-1） → 李桂兰（r-2）")),
            (Some("r-1"), Some("r-2"), &one, Some("另一位老人 → 李桂兰（r-2）")),
            (None, Some("r-2"), &both, Some("李桂兰（r-2）")),
            (Some("r-1"), None, &both, Some("王秀英（r-1） → 身份未知")),
            (None, None, &both, None),
        ];
        for (was, is, known, text) in table {
            let (resident, was) = (is.map(id), was.map(id));
            let what = What::Identified { by: "anna".to_owned(), resident, was, carries: None };
            let event = Event { version: 2, at: Timestamp::UNIX_EPOCH, what };
            let view = EventView::from(&event);
            assert_eq!(view.text, None, "{event:?}");
            assert_eq!(view.naming(&event, known).text.as_deref(), text, "{event:?}");
        }
    }
}
