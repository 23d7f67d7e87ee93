//! All that is remembered of one resident: under a kilobyte with three fences, and it can be written down.

use crate::fence::episode::Episode;
use crate::fence::rest::Rest;
use crate::fence::tracker::Tracker;
use crate::moment::Moment;
use crate::silence::Watch;
use crate::wandering::Wandering;
use crate::zone::visit::Visit;
use model::{Method, Wgs84};
use serde::{Deserialize, Serialize};

/// So many fixes are kept as evidence.
pub(super) const RECENT: usize = 6;

/// What is remembered of one resident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The newest fix that was evaluated; what is not newer is late.
    pub newest: Moment,
    /// The last fix that could decide.
    pub(super) last: Option<Place>,
    /// A fix that could not be reached from the last one.
    pub(super) suspect: Option<Place>,
    pub(super) rest: Option<Rest>,
    /// In the order of the resident's fences.
    pub(super) fences: Vec<FenceState>,
    /// The zones the resident is near.
    pub(super) visits: Vec<Visit>,
    /// No zone is nearer than its reach within so many metres of this place.
    pub(super) clear: Option<(f64, f64, f32)>,
    pub(super) recent: Vec<Place>,
    pub(super) wandering: Wandering,
    pub(super) watch: Watch,
    pub(super) companion_until: Moment,
    pub(super) wakes_at: Moment,
}

/// A fix, as much of it as is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) lat: f64,
    pub(super) lon: f64,
    pub(super) sigma_m: f32,
    pub(super) method: Method,
    pub(super) at: Moment,
}

/// One fence of one resident.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct FenceState {
    pub(super) tracker: Tracker,
    pub(super) episode: Episode,
    /// The least distance beyond the edge that the newest fix shows.
    pub(super) beyond_m: Option<f32>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            newest: Moment::PAST,
            last: None,
            suspect: None,
            rest: None,
            fences: Vec::new(),
            visits: Vec::new(),
            clear: None,
            recent: Vec::new(),
            wandering: Wandering::default(),
            watch: Watch::default(),
            companion_until: Moment::PAST,
            wakes_at: Moment::NEVER,
        }
    }
}

impl Place {
    pub(super) fn position(self) -> Option<Wgs84> {
        Wgs84::new(self.lat, self.lon).ok()
    }

    pub(super) fn distance_m(self, other: Self) -> f64 {
        let plane = crate::plane::Plane::about(self.lat, self.lon);
        plane.point(other.lat, other.lon).distance_m(crate::plane::Point::default())
    }
}

impl State {
    /// Keeps a fix as evidence.
    pub(super) fn keep(&mut self, place: Place) {
        if self.recent.capacity() == 0 {
            self.recent.reserve_exact(RECENT);
        }
        if self.recent.len() >= RECENT {
            self.recent.remove(0);
        }
        self.recent.push(place);
    }

    /// When it must be looked at although nothing happens.
    pub fn deadline(&self) -> Moment {
        self.wakes_at
    }

    /// How many bytes it takes, with what it points to.
    pub fn bytes(&self) -> usize {
        let of = |capacity: usize, each: usize| capacity.saturating_mul(each);
        size_of::<Self>()
            .saturating_add(of(self.fences.capacity(), size_of::<FenceState>()))
            .saturating_add(of(self.visits.capacity(), size_of::<Visit>()))
            .saturating_add(of(self.recent.capacity(), size_of::<Place>()))
            .saturating_add(self.wandering.bytes())
    }
}
