//! The made-up district: markets, parks and dead zones on lattices, so that wherever somebody lives there is a
//! market within a walk, and neighbours share it.

use model::{CoordinateError, Wgs84};

/// The corner the lattices are counted from.
const ORIGIN_LAT: f64 = 33.96;
const ORIGIN_LON: f64 = 118.28;
/// Metres in a degree of latitude; at the size of a district the earth is flat.
const DEGREE_M: f64 = 111_320.0;

/// Markets and parks lie this far apart: nobody walks more than 600 m to either.
const MARKET_LATTICE_M: f64 = 800.0;
const PARK_LATTICE_M: f64 = 850.0;
/// Dead zones (a basement, a hollow without a base station) are rarer and small.
const DEAD_LATTICE_M: f64 = 1_300.0;
const DEAD_RADIUS_M: f64 = 110.0;

/// A point of the district in metres from its origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ground {
    /// Metres to the east.
    pub east_m: f64,
    /// Metres to the north.
    pub north_m: f64,
}

impl Ground {
    /// The point of these degrees.
    pub fn from_degrees(lat: f64, lon: f64) -> Self {
        let east_m = (lon - ORIGIN_LON) * DEGREE_M * ORIGIN_LAT.to_radians().cos();
        Self { east_m, north_m: (lat - ORIGIN_LAT) * DEGREE_M }
    }

    /// The point as a handset tells it: seven decimals are a centimetre.
    pub fn position(self) -> Result<Wgs84, CoordinateError> {
        let lat = ORIGIN_LAT + self.north_m / DEGREE_M;
        let lon = ORIGIN_LON + self.east_m / (DEGREE_M * ORIGIN_LAT.to_radians().cos());
        Wgs84::new(round_to(lat, 1e7), round_to(lon, 1e7))
    }

    /// The distance to another point, in metres.
    pub fn distance_m(self, other: Self) -> f64 {
        (self.east_m - other.east_m).hypot(self.north_m - other.north_m)
    }

    /// The compass direction to another point, degrees clockwise from north.
    pub fn bearing_deg(self, other: Self) -> f64 {
        (other.east_m - self.east_m).atan2(other.north_m - self.north_m).to_degrees().rem_euclid(360.0)
    }

    /// That many metres further towards another point, and not beyond it.
    #[must_use]
    pub fn towards(self, other: Self, metres: f64) -> Self {
        let distance = self.distance_m(other);
        if distance <= metres {
            return other;
        }
        let share = metres / distance;
        self.moved((other.east_m - self.east_m) * share, (other.north_m - self.north_m) * share)
    }

    /// Moved by that many metres.
    #[must_use]
    pub fn moved(self, east_m: f64, north_m: f64) -> Self {
        Self { east_m: self.east_m + east_m, north_m: self.north_m + north_m }
    }

    pub(super) fn nearest_of_lattice(self, step_m: f64, phase_m: f64) -> Self {
        let snap = |metres: f64| ((metres - phase_m) / step_m).round() * step_m + phase_m;
        Self { east_m: snap(self.east_m), north_m: snap(self.north_m) }
    }
}

/// A number with no more decimals than its scale has zeros.
pub(crate) fn round_to(number: f64, scale: f64) -> f64 {
    (number * scale).round() / scale
}

/// The market people of this home go to.
pub fn market_near(home: Ground) -> Ground {
    home.nearest_of_lattice(MARKET_LATTICE_M, 170.0)
}

/// The park people of this home go to.
pub fn park_near(home: Ground) -> Ground {
    home.nearest_of_lattice(PARK_LATTICE_M, -240.0)
}

/// Whether no base station reaches here.
pub fn in_dead_zone(place: Ground) -> bool {
    place.distance_m(place.nearest_of_lattice(DEAD_LATTICE_M, 520.0)) < DEAD_RADIUS_M
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_and_metres_agree_with_the_great_circle() {
        let ground = Ground::from_degrees(33.9624, 118.2757);
        let other = ground.moved(300.0, 400.0);
        let distance = ground.position().unwrap().distance_m(other.position().unwrap());
        assert!((distance - 500.0).abs() < 1.5, "{distance}");
        assert!((ground.bearing_deg(other) - 36.87).abs() < 0.01);
    }

    #[test]
    fn nobody_walks_far_to_the_market() {
        for north in 0..40 {
            let home = Ground { east_m: f64::from(north) * 77.0, north_m: f64::from(north) * -131.0 };
            assert!(home.distance_m(market_near(home)) <= 600.0);
            assert!(home.distance_m(park_near(home)) <= 620.0);
        }
    }

    #[test]
    fn a_step_never_goes_beyond_its_end() {
        let (here, there) = (Ground { east_m: 0.0, north_m: 0.0 }, Ground { east_m: 3.0, north_m: 4.0 });
        assert_eq!(here.towards(there, 9.0), there);
        assert!((here.distance_m(here.towards(there, 2.0)) - 2.0).abs() < 1e-9);
    }
}
