//! Why a signal was raised, so that a person can be told in a sentence and a rule can be argued with.

use crate::{Method, Timestamp};
use serde::{Deserialize, Serialize};

/// What a rule decided on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// The rule that decided, like `fence/exit`.
    pub rule: String,
    /// The version of the rules, or of the detector.
    pub version: String,
    /// The reason as a sentence for an operator (zh-Hans).
    pub why: String,
    /// When it began, as well as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub since: Option<Timestamp>,
    /// The resident's own fence it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<String>,
    /// The zone shared by all it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// How often the same was told before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<u16>,
    /// Of a fall: that it was one, from 0 to 1; none if nothing could be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Metres from the edge; negative inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
    /// Metres beyond the edge that were passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_m: Option<f64>,
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

/// One fix that was used.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = EvidenceFix))]
pub struct FixUsed {
    /// When it held.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = EvidenceFinding))]
pub struct Finding {
    /// Its name with the unit last.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// The value from which on it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
}
