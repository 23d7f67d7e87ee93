//! Somebody of a station on the way, as the desk sees them.

use super::{IncidentView, PositionView, StationRef};
use model::{Timestamp, Wgs84};
use serde::Serialize;
use std::time::Duration;
use store::Responder;
use utoipa::ToSchema;

/// A way through a town is longer than the line; by so much.
const DETOUR: f64 = 1.3;
/// On a bicycle or through traffic, lights and stairs included.
const SPEED_MPS: f64 = 4.0;
const LONGEST_S: f64 = 86_400.0;

/// Somebody who goes to the person and lets it be seen where they are, as long as their task is open.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ResponderView {
    /// Which task.
    pub task: String,
    /// In which incident.
    pub incident: String,
    /// Of which station.
    pub station: StationRef,
    /// The account.
    pub responder: String,
    /// Where they are; null: it is to be seen no more.
    pub position: Option<ResponderPlace>,
}

/// Where, and how far from the person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ResponderPlace {
    /// Degrees north (WGS-84).
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// How far off that may be (68 %), in metres.
    pub accuracy_m: f64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How far from the person as the crow flies, in metres; null if nobody knows where they are.
    pub distance_m: Option<f64>,
    /// About how long they will take, in seconds.
    pub eta_s: Option<u32>,
}

impl ResponderView {
    /// With the task it is about, if that stands in the incident and is live.
    pub fn of(responder: &Responder, incident: &IncidentView) -> Option<Self> {
        let task = incident.tasks.iter().find(|task| task.id == responder.task && task.state.is_live())?;
        Some(Self {
            task: responder.task.to_string(),
            incident: incident.id.clone(),
            station: task.station.clone(),
            responder: responder.username.clone(),
            position: Some(ResponderPlace::new(responder, incident.position.as_ref())),
        })
    }

    /// The same once it is to be seen no more.
    #[must_use]
    pub fn gone(mut self) -> Self {
        self.position = None;
        self
    }
}

impl ResponderPlace {
    /// Seen from where help is needed.
    pub fn new(responder: &Responder, needed_at: Option<&PositionView>) -> Self {
        let there = needed_at.and_then(|position| Wgs84::new(position.lat, position.lon).ok());
        let distance_m = there.map(|there| responder.place.distance_m(there).round());
        Self {
            lat: responder.place.lat(),
            lon: responder.place.lon(),
            accuracy_m: responder.accuracy_m,
            at: responder.at,
            distance_m,
            eta_s: distance_m.map(eta_s),
        }
    }
}

/// An estimate and no promise: begun half minutes, at most a day.
fn eta_s(distance_m: f64) -> u32 {
    let seconds = (distance_m * DETOUR / SPEED_MPS).min(LONGEST_S);
    let half_minutes = Duration::from_secs_f64(seconds.max(0.0)).as_secs().div_ceil(30);
    u32::try_from(half_minutes * 30).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::eta_s;

    #[test]
    fn an_estimate_in_half_minutes() {
        assert_eq!([0.0, 10.0, 1_000.0, 5_000.0, f64::MAX].map(eta_s), [0, 30, 330, 1_650, 86_400]);
    }
}
