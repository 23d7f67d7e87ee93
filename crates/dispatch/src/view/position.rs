//! A position with its age and uncertainty.

use model::{Fix, HandsetId, Method, ResidentId, Timestamp};
use serde::Serialize;
use store::TrackPoint;
use utoipa::ToSchema;

/// Where somebody was, when, and how sure that is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PositionView {
    /// WGS-84 latitude.
    pub lat: f64,
    /// WGS-84 longitude.
    pub lon: f64,
    /// Radius that holds the truth with 68 %, in metres.
    pub accuracy_m: f64,
    /// How it was found.
    pub method: Method,
    /// When it held.
    #[schema(value_type = String, format = DateTime)]
    pub fix_time: Timestamp,
    /// How long ago that was when this was made.
    pub age_s: i64,
}

impl PositionView {
    /// A point of somebody's track as it looks at this moment.
    pub fn of(point: &TrackPoint, now: Timestamp) -> Self {
        Self {
            lat: point.position.lat(),
            lon: point.position.lon(),
            accuracy_m: point.accuracy_m,
            method: point.method,
            fix_time: point.fix_time,
            age_s: now.duration_since(point.fix_time).as_secs().max(0),
        }
    }

    /// A fix as it looks at this moment.
    pub fn new(fix: &Fix, now: Timestamp) -> Self {
        Self {
            lat: fix.position.lat(),
            lon: fix.position.lon(),
            accuracy_m: fix.accuracy_m,
            method: fix.method,
            fix_time: fix.fix_time,
            age_s: now.duration_since(fix.fix_time).as_secs().max(0),
        }
    }
}

/// The live position of a handset.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LivePosition {
    /// Whose.
    #[schema(value_type = String)]
    pub handset: HandsetId,
    /// Who carries it, where the viewer may know.
    #[schema(value_type = Option<String>)]
    pub resident: Option<ResidentId>,
    /// Where.
    #[serde(flatten)]
    pub position: PositionView,
}
