//! What is looked at once in each world, at its end.

use super::{is_more, truth};
use crate::{
    store::{Handed, Row},
    world::World,
};
use incident::{Event, Incident, Stage, evolve, step};
use std::collections::HashMap;

impl World {
    pub(crate) fn check_last(&mut self, with_json: bool) {
        if self.failure.is_some() {
            return;
        }
        self.check_signals();
        let broken = self.store.incidents.values().find_map(|row| {
            let (promise, why) = self.check_row(row, with_json)?;
            Some((promise, format!("{}: {why}", row.incident.id)))
        });
        if let Some((promise, why)) = broken {
            self.fail(promise, why);
        }
        self.check_what_handsets_show();
    }

    fn check_signals(&mut self) {
        let mut times: HashMap<&model::SignalId, usize> = HashMap::new();
        // What ended in another incident holds its signals still, for its history.
        let is_counted = |incident: &Incident| incident.closing().is_none_or(|end| end.merged_into.is_none());
        let counted = self.store.incidents.values().filter(|row| is_counted(&row.incident));
        for signal in counted.flat_map(|row| &row.incident.signals) {
            *times.entry(&signal.id).or_default() += 1;
        }
        let is_wrong = |signal: &&model::Signal| match times.get(&signal.id) {
            None => self.store.opens(signal),
            Some(times) => *times != 1,
        };
        if let Some(signal) = self.store.signals.iter().find(is_wrong) {
            let count = times.get(&signal.id).copied().unwrap_or(0);
            let why = format!("{} {} is in {count}", signal.kind.as_str(), signal.id);
            self.fail("every press in exactly one incident", why);
        }
    }

    /// The journal handed to the engine again gives the same events and the same incident; so do the events, through the
    /// text in which they are stored.
    fn check_row(&self, row: &Row, with_json: bool) -> Option<(&'static str, String)> {
        let mut again: Option<Incident> = None;
        let mut events: Vec<Event> = Vec::new();
        for given in &row.given {
            let command = match &given.what {
                Handed::Command(command) => command,
                Handed::Made(made) => {
                    again = made.iter().fold(again, evolve);
                    events.extend(made.iter().cloned());
                    continue;
                }
            };
            match step(&mut again, command, given.expected_version, &self.ladder, given.now) {
                Ok(decision) => events.extend(decision.events),
                Err(refusal) => return Some(("the same journal gives the same", refusal.to_string())),
            }
        }
        if events != row.events || again.as_ref() != Some(&*row.incident) {
            return Some(("the same journal gives the same", format!("it gives {again:?}")));
        }
        if !with_json {
            return None;
        }
        let read = serde_json::to_string(&row.events)
            .and_then(|text| serde_json::from_str::<Vec<Event>>(&text))
            .and_then(|events| {
                let snapshot = serde_json::to_string(&*row.incident)?;
                Ok((events, serde_json::from_str::<Incident>(&snapshot)?))
            });
        match read {
            Ok((events, snapshot)) if events.iter().fold(None, evolve).as_ref() == Some(&snapshot) => None,
            Ok(_) => Some(("the events fold to the snapshot", "not as they are stored".to_owned())),
            Err(error) => Some(("the events fold to the snapshot", error.to_string())),
        }
    }

    /// A handset that has heard all that waited for it shows no more than is true.
    fn check_what_handsets_show(&mut self) {
        let mut broken = None;
        for row in self.store.incidents.values() {
            let incident = &row.incident;
            for handset in incident.listeners() {
                let number = crate::plan::number_of(handset);
                let Some(found) = number.and_then(|number| self.handsets.get(&number)) else { continue };
                let now = crate::world::stamp(self.now + self.wall_ahead);
                if !self.store.outbox.waiting(handset, 0, now).is_empty() {
                    continue;
                }
                let Some((shown, _)) = found.told.get(&incident.id) else { continue };
                let said = said(*shown);
                if is_more(said, truth(incident)) {
                    let truth = truth(incident);
                    broken =
                        Some(format!("{handset} shows {said:?} of {}, and it is {truth:?}", incident.id));
                }
            }
        }
        if let Some(why) = broken {
            self.fail("never more than is true", why);
        }
    }
}

/// The stage on the wire in the words of the engine.
fn said(shown: protocol::Stage) -> Stage {
    let stages = [Stage::Received, Stage::Claimed, Stage::OnTheWay, Stage::OnScene, Stage::Closed];
    let is_it = |stage: &Stage| crate::store::on_the_wire(*stage) == shown;
    stages.into_iter().find(is_it).unwrap_or(Stage::Received)
}
