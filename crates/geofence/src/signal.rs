//! What the engine says: signals with the evidence for them.

use crate::moment::Moment;
use model::{Method, ResidentId, Severity, SignalId, SignalKind, Timestamp};
use serde::{Deserialize, Serialize};

/// What kind of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Left a safe fence.
    FenceExit,
    /// Came back, or left forbidden ground: the end of an episode, no alarm.
    FenceReturn,
    /// Entered forbidden ground.
    ZoneEntry,
    /// Not home by the hour.
    Overdue,
    /// Pacing, lapping or random travel, or out by night.
    Wandering,
    /// No movement where some was expected.
    Inactivity,
    /// Nothing heard of the handset.
    Silence,
    /// The battery will not last.
    LowBattery,
    /// The handset was taken off.
    TakenOff,
}

impl Kind {
    /// The kind of signal the rest of the platform knows it by; a return is none, it ends one.
    pub fn signal(self) -> Option<SignalKind> {
        Some(match self {
            Self::FenceExit => SignalKind::FenceExit,
            Self::FenceReturn => return None,
            Self::ZoneEntry => SignalKind::ZoneEntry,
            Self::Overdue => SignalKind::Overdue,
            Self::Wandering => SignalKind::Wandering,
            Self::Inactivity => SignalKind::Inactivity,
            Self::Silence => SignalKind::Silence,
            Self::LowBattery => SignalKind::LowBattery,
            Self::TakenOff => SignalKind::TakenOff,
        })
    }

    /// The kind's name on the wire.
    pub fn as_str(self) -> &'static str {
        self.signal().map_or("fence_return", SignalKind::as_str)
    }
}

/// One signal, or the end of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Derived from the cause: a replay gives the same.
    pub id: SignalId,
    /// Whom it is about.
    pub resident: ResidentId,
    /// What it is.
    pub kind: Kind,
    /// The resident's own fence it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<String>,
    /// The zone shared by all it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// When it was raised.
    pub at: Timestamp,
    /// When it began, as well as the fixes tell.
    pub since: Timestamp,
    /// Whether it asks for attention.
    pub raised: bool,
    /// How grave it is by itself.
    pub severity: Severity,
    /// Why.
    pub evidence: Evidence,
}

/// Why a signal was raised, so that a person can be told and a rule can be argued with.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// The rule that decided, like `fence/exit`.
    pub rule: String,
    /// The version of the rules.
    pub version: String,
    /// The reason as a sentence for an operator.
    pub why: String,
    /// How long the newest fix took to reach us, when that matters; else 0.
    #[serde(default)]
    pub late_by_s: u64,
    /// How often this episode was told before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<u16>,
    /// Metres beyond the edge that were passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_m: Option<f64>,
    /// Metres from the edge, as last known; negative inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
    /// The evidence at which a side is believed, in natural logarithms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// The newest fixes that were used, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<FixUsed>,
    /// What else the rule looked at, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// One fix that was used.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FixUsed {
    /// When it held.
    pub fix_time: Timestamp,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// How it was found.
    pub method: Method,
    /// The 68 % radius it was taken for; larger than told where nobody believes what was told.
    pub accuracy_m: f64,
    /// Metres from the edge; negative inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
    /// P(inside) of this fix alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<f64>,
}

/// A measure a rule looked at, and where it alarms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Its name with the unit last.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// The value from which on it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
}

impl Finding {
    /// A measure with its limit.
    pub fn new(name: &str, value: f64, limit: impl Into<Option<f64>>) -> Self {
        Self { name: name.to_owned(), value: crate::number::fine(value), limit: limit.into() }
    }
}

/// A signal in the making: what all have in common.
#[derive(Debug, Clone)]
pub(crate) struct Draft<'a> {
    pub(crate) resident: &'a ResidentId,
    pub(crate) kind: Kind,
    /// What tells this episode from the others of its kind.
    pub(crate) cause: &'a str,
    pub(crate) since: Moment,
    pub(crate) at: Moment,
    pub(crate) severity: Severity,
    pub(crate) evidence: Evidence,
}

impl Draft<'_> {
    /// The signal; of the same resident, kind, cause, beginning and count it is always the same one.
    pub(crate) fn signal(self) -> Signal {
        let (since, again) = (self.since.ms().to_string(), self.evidence.again.unwrap_or(0).to_string());
        let rule = self.evidence.rule.clone();
        let parts = [self.resident.as_str(), &rule, self.cause, &since, &again];
        Signal {
            id: SignalId::from_cause(self.kind.as_str(), &parts),
            resident: self.resident.clone(),
            kind: self.kind,
            fence: None,
            zone: None,
            at: self.at.timestamp(),
            since: self.since.timestamp(),
            raised: self.kind != Kind::FenceReturn,
            severity: self.severity,
            evidence: self.evidence,
        }
    }
}
