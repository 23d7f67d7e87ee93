//! From what the engine decided to what is written.

use incident::{Decision, Effect, Incident, evolve};
use model::{SignalId, SignedDuration, Timestamp};
use protocol::{DownKind, Progress, Stage, down_topic};
use store::{DownMessage, IncidentChange};

/// How long news about an incident is worth hearing; a newer one takes its place long before.
const PROGRESS_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// An incident on which decisions gather until they are written together.
#[derive(Debug)]
pub(super) struct Working {
    base_version: u64,
    /// As it stands after what was decided so far.
    pub(super) incident: Option<Incident>,
    events: Vec<incident::Event>,
    signals: Vec<SignalId>,
    outbox: Vec<DownMessage>,
}

impl Working {
    pub(super) fn on(incident: Option<Incident>) -> Self {
        let base_version = incident.as_ref().map_or(0, |incident| incident.version);
        Self { base_version, incident, events: Vec::new(), signals: Vec::new(), outbox: Vec::new() }
    }

    /// Takes up a decision made on the incident as it stands here.
    pub(super) fn take(&mut self, decision: Decision, now: Timestamp) -> Result<(), serde_json::Error> {
        for event in decision.events {
            self.signals.extend(event.what.signal().map(|signal| signal.id.clone()));
            self.incident = evolve(self.incident.take(), &event);
            self.events.push(event);
        }
        for effect in decision.effects {
            if let Some(message) = self.message(effect, now)? {
                self.outbox.push(message);
            }
        }
        Ok(())
    }

    /// What the handset hears. Sound is for screens, which see it in the incident itself.
    fn message(&self, effect: Effect, now: Timestamp) -> Result<Option<DownMessage>, serde_json::Error> {
        let Effect::Progress { stage, say, at } = effect else { return Ok(None) };
        let Some(incident) = &self.incident else { return Ok(None) };
        let Some(handset) = incident.handset.clone() else { return Ok(None) };
        let progress = Progress { incident_id: incident.id.clone(), stage: on_the_wire(stage), at, say };
        Ok(Some(DownMessage {
            key: format!("progress:{}", incident.id),
            topic: down_topic(&handset, DownKind::Progress),
            payload: serde_json::to_string(&progress)?,
            created_at: now,
            kept_for: PROGRESS_KEPT,
            handset,
        }))
    }

    /// What is to be written; nothing if nothing happened.
    pub(super) fn into_change(self) -> Option<IncidentChange> {
        let incident = self.incident?;
        (!self.events.is_empty()).then_some(IncidentChange {
            incident,
            base_version: self.base_version,
            events: self.events,
            signals: self.signals,
            outbox: self.outbox,
        })
    }
}

fn on_the_wire(stage: incident::Stage) -> Stage {
    match stage {
        incident::Stage::Received => Stage::Received,
        incident::Stage::Claimed => Stage::Claimed,
        incident::Stage::OnTheWay => Stage::OnTheWay,
        incident::Stage::OnScene => Stage::OnScene,
        incident::Stage::Closed => Stage::Closed,
    }
}
