//! All that is remembered of one resident: under a kilobyte with three fences, and it can be written down.

use crate::fence::episode::Episode;
use crate::fence::rest::Rest;
use crate::fence::tracker::Tracker;
use crate::habits::off::Off;
use crate::moment::Moment;
use crate::number;
use crate::plane::{Plane, Point};
use crate::silence::Watch;
use crate::wandering::Wandering;
use crate::zone::visit::Visit;
use model::{Method, Wgs84};
use serde::{Deserialize, Serialize};

/// So many fixes are kept as evidence.
pub(super) const RECENT: usize = 6;
/// To a degree.
const PARTS: f64 = 1e7;

/// What is remembered of one resident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The newest fix that was evaluated; what is not newer is late.
    pub newest: Moment,
    /// The last fix that could decide.
    pub(super) last: Option<Place>,
    /// A fix that could not be reached from the last one.
    pub(super) suspect: Option<Box<Place>>,
    pub(super) rest: Option<Rest>,
    /// In the order of the resident's fences.
    pub(super) fences: Vec<FenceState>,
    /// The zones the resident is near.
    pub(super) visits: Vec<Visit>,
    /// No zone is nearer than so many metres to this place.
    pub(super) clear: Option<(Place, f32)>,
    /// Where all fences were last measured from.
    pub(super) measured: Option<Place>,
    pub(super) recent: Vec<Place>,
    pub(super) wandering: Wandering,
    pub(super) off: Off,
    pub(super) watch: Watch,
    pub(super) companion_until: Moment,
    pub(super) wakes_at: Moment,
}

/// A fix, as much of it as is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    /// Ten millionths of a degree, which is a centimetre.
    lat: i32,
    lon: i32,
    pub(super) sigma_m: f32,
    pub(super) method: Method,
    pub(super) at: Moment,
}

/// One fence of one resident.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct FenceState {
    pub(super) tracker: Tracker,
    /// What was said and is not over; none while the resident is on the right side.
    pub(super) episode: Option<Box<Episode>>,
    /// The signed distance of the place all fences were measured from.
    pub(super) measured_m: f32,
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
            measured: None,
            recent: Vec::new(),
            wandering: Wandering::default(),
            off: Off::default(),
            watch: Watch::default(),
            companion_until: Moment::PAST,
            wakes_at: Moment::NEVER,
        }
    }
}

impl Place {
    pub(super) fn new(place: Wgs84, sigma_m: f64, method: Method, at: Moment) -> Self {
        let whole = |degrees: f64| number::whole(degrees * PARTS);
        let (lat, lon) = (whole(place.lat()), whole(place.lon()));
        Self { lat, lon, sigma_m: number::single(sigma_m), method, at }
    }

    /// Latitude and longitude in degrees.
    pub(super) fn degrees(self) -> (f64, f64) {
        (f64::from(self.lat) / PARTS, f64::from(self.lon) / PARTS)
    }

    pub(super) fn position(self) -> Option<Wgs84> {
        let (lat, lon) = self.degrees();
        Wgs84::new(lat, lon).ok()
    }

    pub(super) fn distance_m(self, other: Self) -> f64 {
        let ((lat, lon), (other_lat, other_lon)) = (self.degrees(), other.degrees());
        Plane::about(lat, lon).point(other_lat, other_lon).distance_m(Point::default())
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

    /// What is remembered of the way on foot.
    pub fn wandering(&self) -> &Wandering {
        &self.wandering
    }

    /// When it must be looked at although nothing happens.
    pub fn deadline(&self) -> Moment {
        self.wakes_at
    }

    /// For each fence in turn, how often its present episode was told.
    pub fn fences_told(&self) -> Vec<u16> {
        let told = |held: &FenceState| {
            let episode = held.episode.as_ref().filter(|episode| episode.is_raised());
            episode.map_or(0, |episode| episode.again.saturating_add(1))
        };
        self.fences.iter().map(told).collect()
    }

    /// Reads a little of everything, so that it is in the processor's cache when it is needed. A shell that has many residents'
    /// fixes at hand touches the states of the next ones before it takes the first: the waits overlap.
    pub fn touch(&self) -> usize {
        let fences = self.fences.iter().map(|held| usize::from(held.measured_m > 0.0)).sum::<usize>();
        let visits = self.visits.iter().map(|visit| usize::from(visit.zone > 0)).sum::<usize>();
        let recent = self.recent.iter().map(|place| usize::from(place.sigma_m > 0.0)).sum::<usize>();
        let watch = usize::from(self.wakes_at > self.newest);
        [fences, visits, recent, watch, self.wandering.touch()].into_iter().fold(0, usize::wrapping_add)
    }

    /// How many bytes it takes, with what it points to.
    pub fn bytes(&self) -> usize {
        let of = |capacity: usize, each: usize| capacity.saturating_mul(each);
        size_of::<Self>()
            .saturating_add(of(self.fences.capacity(), size_of::<FenceState>()))
            .saturating_add(
                self.fences
                    .iter()
                    .filter(|held| held.episode.is_some())
                    .count()
                    .saturating_mul(size_of::<Episode>()),
            )
            .saturating_add(of(self.visits.capacity(), size_of::<Visit>()))
            .saturating_add(of(self.recent.capacity(), size_of::<Place>()))
            .saturating_add(self.wandering.bytes())
    }
}
