//! The pieces of a way.

use super::place::Ground;
use std::time::Duration;

/// A bus in a town, stops not counted.
const BUS_MPS: f64 = 8.0;

/// How somebody moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// At the person's own pace.
    Foot,
    /// At half of it: tired, lost, or in the dark.
    SlowFoot,
    /// In a vehicle.
    Bus,
}

impl By {
    /// The speed for a person of that pace.
    pub fn speed_mps(self, pace_mps: f64) -> f64 {
        match self {
            Self::Foot => pace_mps,
            Self::SlowFoot => pace_mps * 0.5,
            Self::Bus => BUS_MPS,
        }
    }
}

/// A straight piece of a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    /// Where it leads.
    pub to: Ground,
    /// How.
    pub by: By,
    /// How long one stays there before the next.
    pub then: Duration,
}

impl Leg {
    /// On foot from corner to corner, without stops.
    pub fn on_foot(corners: Vec<Ground>) -> Vec<Self> {
        corners.into_iter().map(|to| Self { to, by: By::Foot, then: Duration::ZERO }).collect()
    }

    /// On foot as the streets run: along, then across.
    pub fn along_streets(from: Ground, to: Ground) -> Vec<Self> {
        Self::on_foot(vec![Ground { east_m: to.east_m, north_m: from.north_m }, to])
    }

    /// The same, otherwise moved.
    #[must_use]
    pub fn moved_by(self, by: By) -> Self {
        Self { by, ..self }
    }
}
