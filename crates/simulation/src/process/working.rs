//! From what the engine decided to what is written.

use crate::store::{Change, Due, Given, Handed};
use incident::{Command, Decision, Incident, Ladder, Refusal, What, effect_id, evolve, step};
use model::{SignalId, Timestamp};
use std::rc::Rc;

/// An incident on which decisions gather until they are written together.
#[derive(Debug)]
pub(super) struct Working {
    base_version: u64,
    pub(super) incident: Option<Incident>,
    events: Vec<incident::Event>,
    signals: Vec<SignalId>,
    moved: Vec<SignalId>,
    effects: Vec<Due>,
    given: Vec<Given>,
}

impl Working {
    pub(super) fn on(incident: Option<&Rc<Incident>>) -> Self {
        let incident = incident.map(|incident| (**incident).clone());
        let base_version = incident.as_ref().map_or(0, |incident| incident.version);
        let (events, signals, moved, effects, given) = Default::default();
        Self { base_version, incident, events, signals, moved, effects, given }
    }

    /// Lets the engine decide on it as it stands here, and takes that up.
    pub(super) fn give(
        &mut self,
        command: Command,
        expected_version: Option<u64>,
        ladder: &Ladder,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let decision = step(&mut self.incident, &command, expected_version, ladder, now)?;
        self.take(decision);
        self.given.push(Given { what: Handed::Command(Box::new(command)), expected_version, now });
        Ok(())
    }

    /// Takes up a half of what was decided about two incidents.
    pub(super) fn take_half(&mut self, decision: Decision, now: Timestamp) {
        for event in &decision.events {
            self.incident = evolve(self.incident.take(), event);
        }
        let what = Handed::Made(decision.events.clone());
        self.take(decision);
        // Signals of a half were in the other incident before.
        self.moved.append(&mut self.signals);
        self.given.push(Given { what, expected_version: None, now });
    }

    fn take(&mut self, decision: Decision) {
        let (Some(version), Some(incident)) = (decision.version(), &self.incident) else { return };
        for event in decision.events {
            self.signals.extend(event.what.signal().map(|signal| signal.id.clone()));
            if let What::MergedFrom { signals, .. } = &event.what {
                self.moved.extend(signals.iter().map(|signal| signal.id.clone()));
            }
            self.events.push(event);
        }
        for (index, effect) in decision.effects.into_iter().enumerate() {
            self.effects.push(Due { id: effect_id(&incident.id, version, index), version, effect });
        }
    }

    pub(super) fn effects(&mut self) -> &mut Vec<Due> {
        &mut self.effects
    }

    /// What is to be written; nothing if nothing happened.
    pub(super) fn into_change(self) -> Option<Change> {
        let incident = Rc::new(self.incident?);
        (!self.events.is_empty()).then_some(Change {
            incident,
            base_version: self.base_version,
            events: self.events,
            signals: self.signals,
            moved: self.moved,
            effects: self.effects,
            given: self.given,
        })
    }
}
