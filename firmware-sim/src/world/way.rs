//! The pieces of a way.

use super::district::bus_stops;
use super::place::Ground;
use std::time::Duration;

/// A bus in a town, stops not counted.
const BUS_MPS: f64 = 8.0;
/// It waits this long at each stop, and people for it.
const AT_A_STOP: Duration = Duration::from_secs(25);
const FOR_THE_BUS: Duration = Duration::from_mins(3);

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

/// To the nearest stop, along the line, and on foot to the goal.
pub fn by_bus(from: Ground, goal: Ground) -> Vec<Leg> {
    let stops = bus_stops();
    let nearest = |place: Ground| {
        let by_distance = |one: &(usize, &Ground), other: &(usize, &Ground)| {
            one.1.distance_m(place).total_cmp(&other.1.distance_m(place))
        };
        stops.iter().enumerate().min_by(by_distance).map_or(0, |(index, _)| index)
    };
    let (on, off) = (nearest(from), nearest(goal));
    let mut way = Vec::new();
    if let Some(stop) = stops.get(on) {
        way.extend(Leg::along_streets(from, *stop));
        if let Some(last) = way.last_mut() {
            last.then = FOR_THE_BUS;
        }
    }
    let (low, high) = (on.min(off), on.max(off));
    let mut ridden: Vec<Ground> = stops.iter().take(high + 1).skip(low).copied().collect();
    if on > off {
        ridden.reverse();
    }
    way.extend(ridden.into_iter().skip(1).map(|to| Leg { to, by: By::Bus, then: AT_A_STOP }));
    let alighted = stops.get(off).copied().unwrap_or(from);
    if alighted != goal {
        way.extend(Leg::along_streets(alighted, goal));
    }
    way
}
