//! From what the engine decided to what is written.

use incident::{Callee, Decision, Effect, Incident, What, evolve};
use model::{HandsetId, SignalId, SignedDuration, Timestamp};
use protocol::{DownKind, Progress, Stage, down_topic};
use store::{DownMessage, DueCall, IncidentChange, is_probe};

/// How long the last word about an incident that is over is worth hearing.
const LAST_WORD_KEPT: SignedDuration = SignedDuration::from_hours(1);
/// How long a word about one that is not is kept for a handset that is away; a newer one takes its place before.
const WORD_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What the person hears before every word of a drill.
const DRILL: &str = "演练：";

/// An incident on which decisions gather until they are written together.
#[derive(Debug)]
pub(super) struct Working {
    base_version: u64,
    /// As it stands after what was decided so far.
    pub(super) incident: Option<Incident>,
    events: Vec<incident::Event>,
    signals: Vec<SignalId>,
    moved_signals: Vec<SignalId>,
    outbox: Vec<DownMessage>,
    calls: Vec<DueCall>,
}

impl Working {
    pub(super) fn on(incident: Option<Incident>) -> Self {
        let base_version = incident.as_ref().map_or(0, |incident| incident.version);
        let (events, signals, moved_signals, outbox, calls) = Default::default();
        Self { base_version, incident, events, signals, moved_signals, outbox, calls }
    }

    /// Takes up a decision made on the incident as it stands here.
    pub(super) fn take(&mut self, decision: Decision, now: Timestamp) -> Result<(), serde_json::Error> {
        for event in decision.events {
            self.signals.extend(event.what.signal().map(|signal| signal.id.clone()));
            if let What::MergedFrom { signals, .. } = &event.what {
                self.moved_signals.extend(signals.iter().map(|signal| signal.id.clone()));
            }
            self.incident = evolve(self.incident.take(), &event);
            self.events.push(event);
        }
        for effect in decision.effects {
            self.calls.extend(self.calls_of(&effect, now));
            self.outbox.extend(self.messages(&effect, now)?);
        }
        Ok(())
    }

    /// Whom this calls beyond the screens, which see it in the incident itself. For the platform's own drill nobody is called.
    fn calls_of(&self, effect: &Effect, at: Timestamp) -> Vec<DueCall> {
        let handset = self.incident.as_ref().and_then(|incident| incident.handset.as_ref());
        if handset.is_some_and(is_probe) {
            return Vec::new();
        }
        let version = self.incident.as_ref().map_or(0, |incident| incident.version);
        let call = |step: u32, callee: Callee| DueCall { version, step, callee, at };
        match effect {
            Effect::Call { step, callees } => {
                let beyond = |callee: &&Callee| !matches!(callee, Callee::Operators | Callee::Everyone);
                callees.iter().filter(beyond).map(|callee| call(*step, *callee)).collect()
            }
            Effect::NextStation => vec![call(0, Callee::Station)],
            Effect::Sound { .. } | Effect::Progress { .. } | Effect::LastWord { .. } => Vec::new(),
        }
    }

    /// Signals that this incident takes over from another one.
    pub(super) fn take_over_signals(&mut self) {
        self.moved_signals.append(&mut self.signals);
    }

    /// What the handsets hear. Sound is for screens, which see it in the incident itself.
    fn messages(&self, effect: &Effect, now: Timestamp) -> Result<Vec<DownMessage>, serde_json::Error> {
        let Some(incident) = &self.incident else { return Ok(Vec::new()) };
        let (stage, say, at, handsets) = match effect {
            Effect::Progress { stage, say, at } => (*stage, say, *at, incident.listeners()),
            // For them it is over.
            Effect::LastWord { handset, say, at } => (incident::Stage::Closed, say, *at, [handset].into()),
            Effect::Call { .. } | Effect::NextStation | Effect::Sound { .. } => return Ok(Vec::new()),
        };
        let say = if incident.drill { format!("{DRILL}{say}") } else { say.clone() };
        let progress = Progress { incident_id: incident.id.clone(), stage: on_the_wire(stage), at, say };
        let payload = serde_json::to_string(&progress)?;
        let is_last = stage == incident::Stage::Closed || !incident.is_open();
        let message = |handset: &HandsetId| DownMessage {
            key: format!("progress:{}", incident.id),
            topic: down_topic(handset, DownKind::Progress),
            payload: payload.clone(),
            created_at: now,
            kept_for: if is_last { LAST_WORD_KEPT } else { WORD_KEPT },
            handset: handset.clone(),
        };
        Ok(handsets.into_iter().map(message).collect())
    }

    /// What is to be written; nothing if nothing happened.
    pub(super) fn into_change(self) -> Option<IncidentChange> {
        let incident = self.incident?;
        (!self.events.is_empty()).then_some(IncidentChange {
            incident,
            base_version: self.base_version,
            events: self.events,
            signals: self.signals,
            moved_signals: self.moved_signals,
            outbox: self.outbox,
            calls: self.calls,
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
