//! Who is told what on the live screen, as a table for people, made by asking [`Frame::is_for`].

use super::frame::{Example, Frame};
use access::{Action, Subject, Who, decide, table};
use model::{IncidentId, ResidentId, StationId, Timestamp};

/// The frames of the live screen as a table in Markdown: to whose screens each kind comes. A station hears of its own tasks alone.
pub fn frames_in_words(resident: &ResidentId, incident: &IncidentId, now: Timestamp) -> String {
    let heads = table::heads();
    let mut text = table::line(&[&["frame", "needs", "about"], &*heads].concat());
    text.push_str(&table::rule(heads.len() + 3));
    let columns = table::columns(resident, incident, now);
    for (kind, action, about, frame) in examples(resident, incident, now) {
        let word = |who| if is_told(&frame, who, now) { "yes" } else { "–" };
        let words: Vec<&str> = columns.iter().map(|(_, who)| word(who)).collect();
        let needs = format!("{action:?}");
        text.push_str(&table::line(&[&[kind, needs.as_str(), about], &*words].concat()));
    }
    text
}

fn examples(resident: &ResidentId, incident: &IncidentId, now: Timestamp) -> Vec<Example> {
    let Ok(station) = StationId::new(table::STATION) else { return Vec::new() };
    Frame::examples(resident, incident, table::opened_at(now), &station).into()
}

/// Nobody is told anything who may have no screen up.
fn is_told(frame: &Frame, who: &Who, now: Timestamp) -> bool {
    decide(who, Action::Live, &Subject::Nothing, now).is_allowed() && frame.is_for(who, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::frame::OPEN;
    use access::Role;

    /// What the line of a frame says it needs is what it is asked about: for every kind of account.
    #[test]
    fn a_frame_is_for_those_who_may_do_what_its_line_needs() {
        let resident = ResidentId::new("anybody").expect("an id");
        let incident = IncidentId::new("any").expect("an id");
        let now = Timestamp::from_second(1_795_000_000).expect("a time");
        let own = StationId::new(table::STATION).ok();
        let frames = examples(&resident, &incident, now);
        assert_eq!(frames.len(), 6);
        for (kind, action, about, frame) in frames {
            let subject = if about.is_empty() {
                Subject::Nothing
            } else {
                Subject::Incident {
                    id: Some(incident.clone()),
                    resident: Some(resident.clone()),
                    opened_at: table::opened_at(now),
                    open: about == OPEN,
                    handled: false,
                    division: None,
                }
            };
            for (head, who) in table::columns(&resident, &incident, now) {
                let may = |action, subject: &Subject| decide(&who, action, subject, now).is_allowed();
                let is_anothers_task = kind == "task" && who.role == Role::Station && who.station != own;
                let expected =
                    may(Action::Live, &Subject::Nothing) && may(action, &subject) && !is_anothers_task;
                assert_eq!(is_told(&frame, &who, now), expected, "{kind}, {about}: {head}");
            }
        }
    }
}
