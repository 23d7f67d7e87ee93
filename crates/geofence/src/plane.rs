//! Metres round a place: degrees become a flat map that is right there.
//!
//! An equirectangular map about the middle of a shape, with the cosine taken half-way between the middle and the point.
//! It uses the same sphere as [`Wgs84::distance_m`] (6 371 008.8 m), so that a radius here is a distance there. At
//! 33.96 N a degree of latitude is 111.195 km and one of longitude 92.23 km. Distances from the middle are right to a
//! metre at 40 km; the ellipsoid differs from the sphere by 0.25 % at most, half a metre at a fence of 200 m.

use model::Wgs84;

const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point in metres east and north of the middle of its [`Plane`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the east.
    pub x: f64,
    /// To the north.
    pub y: f64,
}

impl Point {
    /// From here to there, in metres.
    pub fn distance_m(self, other: Self) -> f64 {
        (self.x - other.x, self.y - other.y).length_m()
    }
}

/// The length of a way on a flat map. Nothing on earth is so long that its square does not fit, so `hypot` and its care for
/// that are not needed.
pub(crate) trait Length {
    /// In metres.
    fn length_m(self) -> f64;
}

impl Length for (f64, f64) {
    fn length_m(self) -> f64 {
        (self.0 * self.0 + self.1 * self.1).sqrt()
    }
}

/// The shorter way round the earth, of a difference between two longitudes.
pub(crate) fn shorter(east: f64) -> f64 {
    if east > 180.0 {
        east - 360.0
    } else if east < -180.0 {
        east + 360.0
    } else {
        east
    }
}

/// A flat map about one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    lat: f64,
    lon: f64,
    cos: f64,
    sin: f64,
}

impl Plane {
    /// The map about this place, in degrees.
    pub fn about(lat: f64, lon: f64) -> Self {
        let (sin, cos) = lat.to_radians().sin_cos();
        Self { lat, lon, cos: cos.max(1e-6), sin }
    }

    /// The point of these degrees; the shorter way round the earth.
    pub fn point(&self, lat: f64, lon: f64) -> Point {
        let north = (lat - self.lat).to_radians();
        let east = shorter(lon - self.lon);
        // The cosine half-way, by its tangent: exact to 1e-7 within 50 km, and no call of `cos` for each fix.
        let cos = (self.cos - self.sin * north * 0.5).max(0.0);
        Point { x: EARTH_RADIUS_M * east.to_radians() * cos, y: EARTH_RADIUS_M * north }
    }

    /// Metres from the middle of the map to these degrees.
    pub fn away_m(&self, lat: f64, lon: f64) -> f64 {
        self.point(lat, lon).distance_m(Point::default())
    }

    /// As [`Plane::point`].
    pub fn of(&self, place: Wgs84) -> Point {
        self.point(place.lat(), place.lon())
    }

    /// Latitude and longitude of a point.
    pub fn degrees(&self, point: Point) -> (f64, f64) {
        let north = point.y / EARTH_RADIUS_M;
        let cos = (self.cos - self.sin * north * 0.5).max(1e-9);
        (self.lat + north.to_degrees(), self.lon + (point.x / (EARTH_RADIUS_M * cos)).to_degrees())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_at_suqian() {
        let plane = Plane::about(33.9624, 118.2757);
        for (lat, lon, expected_m) in
            [(33.9630, 118.2760, 72.226), (33.9624, 118.2857, 922.257), (33.9714, 118.2757, 1_000.756)]
        {
            let distance_m = plane.point(lat, lon).distance_m(Point::default());
            assert!((distance_m - expected_m).abs() < 0.01, "{distance_m} {expected_m}");
        }
    }

    #[test]
    fn it_agrees_with_the_great_circle_and_can_be_undone() {
        let middle = Wgs84::new(33.9624, 118.2757).unwrap();
        let plane = Plane::about(middle.lat(), middle.lon());
        for step in -20..=20 {
            let there =
                Wgs84::new(33.9624 + f64::from(step) * 0.01, 118.2757 - f64::from(step) * 0.013).unwrap();
            let point = plane.of(there);
            assert!((point.distance_m(Point::default()) - there.distance_m(middle)).abs() < 1.0);
            let (lat, lon) = plane.degrees(point);
            assert!((lat - there.lat()).abs() < 1e-9 && (lon - there.lon()).abs() < 1e-9);
        }
    }

    #[test]
    fn poles_and_the_date_line() {
        let east = Plane::about(33.96, 179.999);
        assert!(east.point(33.96, -179.999).distance_m(Point::default()) < 200.0);
        for (lat, lon) in [(90.0, 0.0), (-90.0, 180.0), (0.0, -180.0)] {
            let point = Plane::about(lat, lon).point(-lat, -lon);
            assert!(point.x.is_finite() && point.y.is_finite());
        }
    }
}
