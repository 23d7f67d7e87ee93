//! Fixes as they are remembered: short, and measured from the newest one.

use super::state::Clear;
use crate::fence::belief;
use crate::moment::Moment;
use crate::number;
use crate::plane::Plane;
use model::{Method, Wgs84};
use serde::{Deserialize, Serialize};

/// So many fixes are kept as evidence.
const NEWEST: usize = 6;
/// Speed is measured over so many seconds.
pub(super) const TRAVEL_S: std::ops::RangeInclusive<f64> = 25.0..=300.0;
/// To a degree.
const PARTS: f64 = 1e7;

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

impl Place {
    /// Latitude and longitude in degrees.
    pub(super) fn degrees(self) -> (f64, f64) {
        degrees(self.lat, self.lon)
    }

    pub(super) fn position(self) -> Option<Wgs84> {
        let (lat, lon) = self.degrees();
        Wgs84::new(lat, lon).ok()
    }
}

fn degrees(lat: i32, lon: i32) -> (f64, f64) {
    (f64::from(lat) / PARTS, f64::from(lon) / PARTS)
}

/// The fix that is looked at, with the map about it: every distance of it is measured on that one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here {
    pub(super) place: Place,
    pub(super) position: Wgs84,
    pub(super) map: Plane,
}

impl Here {
    pub(super) fn new(position: Wgs84, sigma_m: f64, method: Method, at: Moment) -> Self {
        let whole = |degrees: f64| number::whole(degrees * PARTS);
        let (lat, lon) = (whole(position.lat()), whole(position.lon()));
        let place = Place { lat, lon, sigma_m: number::single(sigma_m), method, at };
        Self { place, position, map: Plane::about(position.lat(), position.lon()) }
    }

    pub(super) fn sigma_m(&self) -> f64 {
        f64::from(self.place.sigma_m)
    }

    /// Metres to another fix.
    pub(super) fn away_m(&self, other: Place) -> f64 {
        let (lat, lon) = other.degrees();
        self.map.away_m(lat, lon)
    }

    /// How far everything is that was so far from another place; less by what the two maps may differ.
    pub(super) fn clear_m(&self, clear: Clear) -> f64 {
        let (lat, lon) = degrees(clear.lat, clear.lon);
        f64::from(clear.metres) - MAPS_DIFFER * self.map.away_m(lat, lon)
    }

    /// Everything is so far from here. Nothing is said near the poles, where maps differ.
    pub(super) fn clear(&self, metres: f64) -> Clear {
        let is_straight = self.position.lat().abs() <= STRAIGHT_TO_DEG;
        let metres = if is_straight { metres.min(CLEAR_AT_MOST_M) - ROUNDED_M } else { 0.0 };
        Clear { lat: self.place.lat, lon: self.place.lon, metres: number::single(metres) }
    }
}

/// Whoever moves a metre on the map about themselves moves at most so much on the map of a shape within reach: the cosine differs
/// by less than 3 % over 100 km up to [`STRAIGHT_TO_DEG`] of latitude.
pub(super) const MAPS_DIFFER: f64 = 1.1;
const STRAIGHT_TO_DEG: f64 = 70.0;
/// What single precision and whole parts of a degree may have added.
const ROUNDED_M: f64 = 0.1;
/// Infinity cannot be written down.
const CLEAR_AT_MOST_M: f64 = 1e6;

/// The newest fixes, in a ring.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Newest {
    ring: [Option<Place>; NEWEST],
    /// Where the next one goes, which is where the oldest is.
    next: u8,
    /// Whether the newest that decides was said to ride.
    #[serde(default)]
    rides: bool,
}

impl Newest {
    /// Keeps a fix as evidence. Where so many follow within seconds that none would be left to measure a speed from, one between the
    /// oldest and the newest gives way.
    pub(super) fn keep(&mut self, place: Place) {
        let gives_way = self.gives_way(place.at);
        if gives_way > 0 {
            self.ring.rotate_left(usize::from(self.next).min(NEWEST));
            self.next = 0;
            if let Some(younger) = self.ring.get_mut(gives_way..) {
                younger.rotate_left(1);
            }
            if let Some(newest) = self.ring.last_mut() {
                *newest = Some(place);
            }
            return;
        }
        let next = usize::from(self.next);
        if let Some(slot) = self.ring.get_mut(next) {
            *slot = Some(place);
        }
        self.next = if next.saturating_add(1) < NEWEST { self.next.saturating_add(1) } else { 0 };
    }

    /// The number of the fix that gives way, counted from the oldest. Of those that decide the oldest stays until speed can be measured
    /// from the second, and that one until it is its turn.
    fn gives_way(&self, now: Moment) -> usize {
        if self.ring.iter().any(Option::is_none) {
            return 0;
        }
        let ago_s = |place: &Place| now.seconds_since(place.at);
        let decides = |place: &Place| belief::decides(place.method) && ago_s(place) <= *TRAVEL_S.end();
        let mut deciding = self.iter().enumerate().filter(|(_, place)| decides(place));
        let (first, second) = (deciding.next(), deciding.next());
        if second.is_some_and(|(_, place)| ago_s(&place) >= *TRAVEL_S.start()) {
            return 0;
        }
        let stays = |number: usize| [first, second].into_iter().flatten().any(|(kept, _)| kept == number);
        (0..NEWEST).find(|number| !stays(*number)).unwrap_or(0)
    }

    /// Notes whether a fix that decides is said to ride; whether the one before it was.
    pub(super) fn says_ride(&mut self, rides: bool) -> bool {
        std::mem::replace(&mut self.rides, rides)
    }

    /// From the oldest to the newest.
    pub(super) fn iter(&self) -> impl Iterator<Item = Place> {
        let (newer, older) = self.ring.split_at_checked(usize::from(self.next)).unwrap_or((&self.ring, &[]));
        older.iter().chain(newer).flatten().copied()
    }

    /// All of them, in any order.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        self.ring.iter_mut().flatten()
    }

    pub(super) fn touch(&self) -> usize {
        self.ring.iter().flatten().filter(|place| place.sigma_m > 0.0).count()
    }
}
