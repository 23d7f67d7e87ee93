//! One position of a handset, and what may be believed of it.

use crate::{Timestamp, Wgs84};
use serde::{Deserialize, Serialize};

/// How a position was found; each method has its own size of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Satellites, with or without assistance.
    Gps,
    /// Advanced forward link trilateration between base stations.
    Aflt,
    /// Known wireless networks near by.
    Wifi,
    /// The cell or sector the handset is in.
    Cell,
}

impl Method {
    /// The accuracy (68 %) assumed when the handset gave none: the upper end of what each method
    /// usually reaches, since too small a circle would send help to the wrong house.
    pub fn usual_accuracy_m(self) -> f64 {
        match self {
            Self::Gps => 30.0,
            Self::Wifi => 60.0,
            Self::Aflt => 200.0,
            Self::Cell => 1500.0,
        }
    }

    /// The method's name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gps => "gps",
            Self::Aflt => "aflt",
            Self::Wifi => "wifi",
            Self::Cell => "cell",
        }
    }

    /// The method of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "gps" => Some(Self::Gps),
            "aflt" => Some(Self::Aflt),
            "wifi" => Some(Self::Wifi),
            "cell" => Some(Self::Cell),
            _ => None,
        }
    }
}

/// One position with its time, as the handset told it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// The handset's boot in which it was taken; with `seq` it names the fix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<String>,
    /// Counts up within one boot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// When the handset says the position held.
    pub fix_time: Timestamp,
    /// Where.
    #[serde(flatten)]
    pub position: Wgs84,
    /// Radius that holds the truth with 68 %, in metres.
    pub accuracy_m: f64,
    /// How it was found.
    pub method: Method,
    /// Speed over ground, metres a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_mps: Option<f64>,
    /// Course over ground, degrees clockwise from north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearing_deg: Option<f64>,
    /// Charge of the battery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery_pct: Option<f64>,
}
