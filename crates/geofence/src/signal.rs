//! What the engine says: signals with the evidence for them.

use crate::moment::Moment;
pub use model::{Finding, FixUsed};
use model::{Fix, HandsetId, Remark, ResidentId, Severity, SignalId, SignalKind, Timestamp, Wgs84};
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
    /// How long the newest fix took to reach us, where it brought this and was late; else 0, as of all that a deadline tells.
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
    /// The newest fixes that were used, oldest first; of a way that was judged, places all along it before them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<FixUsed>,
    /// What else the rule looked at, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// A measure with its limit.
pub(crate) fn finding(name: &str, value: f64, limit: impl Into<Option<f64>>) -> Finding {
    Finding { name: name.to_owned(), value: crate::number::fine(value), limit: limit.into() }
}

impl Signal {
    /// As the rest of the platform knows it; `handset` is the one the resident carries. None of a return, which asks for
    /// nothing.
    pub fn to_model(&self, handset: Option<HandsetId>) -> Option<model::Signal> {
        let kind = self.kind.signal().filter(|_| self.raised)?;
        let Evidence { rule, version, why, late_by_s, again, step_m, distance_m, threshold, fixes, findings } =
            self.evidence.clone();
        let newest = self.evidence.fixes.last().copied();
        let evidence = model::Evidence {
            rule,
            version,
            why,
            since: Some(self.since),
            fence: self.fence.clone(),
            zone: self.zone.clone(),
            again,
            probability: None,
            distance_m,
            step_m,
            threshold,
            fixes,
            findings,
        };
        Some(model::Signal {
            id: self.id.clone(),
            kind,
            handset,
            resident: Some(self.resident.clone()),
            press_id: None,
            cancel: false,
            at: self.since,
            received_at: self.at,
            late_by_s,
            remarks: if late_by_s > 0 { vec![Remark::Late] } else { Vec::new() },
            fix: newest.and_then(as_fix),
            caller: None,
            words: None,
            graver: Some(self.severity).filter(|severity| *severity > kind.severity()),
            evidence: Some(Box::new(evidence)),
        })
    }
}

/// The position that a fix used stands for.
fn as_fix(used: FixUsed) -> Option<Fix> {
    Some(Fix {
        boot: None,
        seq: None,
        fix_time: used.fix_time,
        position: Wgs84::new(used.lat, used.lon).ok()?,
        accuracy_m: used.accuracy_m,
        method: used.method,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: None,
    })
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
