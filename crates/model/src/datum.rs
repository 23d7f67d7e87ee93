//! Coordinates, one type a datum, so that a position is converted at the edge, once, and never twice.
//!
//! Inside the platform everything is [`Wgs84`]. Chinese phone maps give GCJ-02, Baidu gives BD-09; at
//! Suqian they lie 530 m and 1.2 km beside the truth, which is the width of a village. The formulas are the
//! published ones (Krasovsky 1940 radius 6 378 245 m); the inverse of GCJ-02 is iterated to below a millimetre.

use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// Semi-major axis of the ellipsoid that GCJ-02 is built on, in metres.
const AXIS_M: f64 = 6_378_245.0;
/// Its squared eccentricity.
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// Mean radius of the earth used for distances, in metres (IUGG R1).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Why two numbers cannot be a position.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CoordinateError {
    /// NaN or infinite.
    #[error("a coordinate must be a finite number")]
    NotFinite,
    /// Beyond a pole.
    #[error("latitude {0} is outside -90..90")]
    Latitude(f64),
    /// Beyond the date line.
    #[error("longitude {0} is outside -180..180")]
    Longitude(f64),
    /// What handsets send when they have no position.
    #[error("0/0 is what a handset without a fix sends, not a place")]
    NullIsland,
}

/// A position in WGS-84 degrees: what satellites give and everything here is stored in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPosition")]
pub struct Wgs84 {
    lat: f64,
    lon: f64,
}

#[derive(Deserialize)]
struct RawPosition {
    lat: f64,
    lon: f64,
}

impl TryFrom<RawPosition> for Wgs84 {
    type Error = CoordinateError;
    fn try_from(raw: RawPosition) -> Result<Self, CoordinateError> {
        Self::new(raw.lat, raw.lon)
    }
}

fn check(lat: f64, lon: f64) -> Result<(), CoordinateError> {
    if !lat.is_finite() || !lon.is_finite() {
        return Err(CoordinateError::NotFinite);
    }
    if !(-90.0..=90.0).contains(&lat) {
        return Err(CoordinateError::Latitude(lat));
    }
    if !(-180.0..=180.0).contains(&lon) {
        return Err(CoordinateError::Longitude(lon));
    }
    if lat == 0.0 && lon == 0.0 {
        return Err(CoordinateError::NullIsland);
    }
    Ok(())
}

impl Wgs84 {
    /// Takes two numbers as a position, or says why they cannot be one.
    pub fn new(lat: f64, lon: f64) -> Result<Self, CoordinateError> {
        check(lat, lon)?;
        Ok(Self { lat, lon })
    }

    /// Latitude in degrees.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Longitude in degrees.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Great-circle distance in metres (haversine).
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.lat.to_radians(), other.lat.to_radians());
        let d_lat = lat_b - lat_a;
        let d_lon = (other.lon - self.lon).to_radians();
        let h = (d_lat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (d_lon / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }

    /// The same place in GCJ-02 (outside China the two are the same).
    pub fn to_gcj02(self) -> Gcj02 {
        let (lat, lon) = shift(self.lat, self.lon);
        Gcj02 { lat, lon }
    }
}

/// A position in GCJ-02 degrees, as Chinese phone map kits give it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gcj02 {
    lat: f64,
    lon: f64,
}

impl Gcj02 {
    /// Takes two numbers as a position, or says why they cannot be one.
    pub fn new(lat: f64, lon: f64) -> Result<Self, CoordinateError> {
        check(lat, lon)?;
        Ok(Self { lat, lon })
    }

    /// Latitude in degrees.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Longitude in degrees.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// The same place in WGS-84. The shift has no closed inverse: each round takes off the error that is
    /// left, about a factor of 10,000 a round; ten rounds are far more than any place in China needs.
    pub fn to_wgs84(self) -> Result<Wgs84, CoordinateError> {
        let (mut lat, mut lon) = (self.lat, self.lon);
        for _ in 0..10 {
            let (lat_there, lon_there) = shift(lat, lon);
            lat += self.lat - lat_there;
            lon += self.lon - lon_there;
        }
        Wgs84::new(lat, lon)
    }

    /// The same place in BD-09.
    pub fn to_bd09(self) -> Bd09 {
        let radius = self.lon.hypot(self.lat) + 0.000_02 * (self.lat * PI * 3000.0 / 180.0).sin();
        let angle = self.lat.atan2(self.lon) + 0.000_003 * (self.lon * PI * 3000.0 / 180.0).cos();
        Bd09 { lat: radius * angle.sin() + 0.006, lon: radius * angle.cos() + 0.0065 }
    }
}

/// A position in BD-09 degrees, as Baidu's map kit gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bd09 {
    lat: f64,
    lon: f64,
}

impl Bd09 {
    /// Takes two numbers as a position, or says why they cannot be one.
    pub fn new(lat: f64, lon: f64) -> Result<Self, CoordinateError> {
        check(lat, lon)?;
        Ok(Self { lat, lon })
    }

    /// Latitude in degrees.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Longitude in degrees.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// The same place in GCJ-02 (the published one-step inverse; 0.1 m at Suqian).
    pub fn to_gcj02(self) -> Result<Gcj02, CoordinateError> {
        let (x, y) = (self.lon - 0.0065, self.lat - 0.006);
        let radius = x.hypot(y) - 0.000_02 * (y * PI * 3000.0 / 180.0).sin();
        let angle = y.atan2(x) - 0.000_003 * (x * PI * 3000.0 / 180.0).cos();
        Gcj02::new(radius * angle.sin(), radius * angle.cos())
    }
}

/// The rough box in which the shift applies, as the published libraries have it.
fn in_china(lat: f64, lon: f64) -> bool {
    (0.8293..=55.8271).contains(&lat) && (72.004..=137.8347).contains(&lon)
}

fn shift(lat: f64, lon: f64) -> (f64, f64) {
    if !in_china(lat, lon) {
        return (lat, lon);
    }
    let (d_lat, d_lon) = offsets(lon - 105.0, lat - 35.0);
    let radians = lat.to_radians();
    let magic = 1.0 - ECCENTRICITY_SQUARED * radians.sin().powi(2);
    let root = magic.sqrt();
    let north = d_lat * 180.0 / ((AXIS_M * (1.0 - ECCENTRICITY_SQUARED)) / (magic * root) * PI);
    let east = d_lon * 180.0 / (AXIS_M / root * radians.cos() * PI);
    (lat + north, lon + east)
}

/// The published polynomials with their sines, in metres to the north and east.
fn offsets(x: f64, y: f64) -> (f64, f64) {
    let both = 20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin();
    let north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    let north_waves = both
        + 20.0 * (y * PI).sin()
        + 40.0 * (y / 3.0 * PI).sin()
        + 160.0 * (y / 12.0 * PI).sin()
        + 320.0 * (y / 30.0 * PI).sin();
    let east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    let east_waves = both
        + 20.0 * (x * PI).sin()
        + 40.0 * (x / 3.0 * PI).sin()
        + 150.0 * (x / 12.0 * PI).sin()
        + 300.0 * (x / 30.0 * PI).sin();
    (north + north_waves * 2.0 / 3.0, east + east_waves * 2.0 / 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance, "{a} is not within {tolerance} of {b}");
    }

    /// Published and computed pairs: WGS-84 and GCJ-02.
    const SHIFTED: [(f64, f64, f64, f64); 7] = [
        (31.177_427_6, 121.527_210_6, 31.175_303_983_645_97, 121.531_541_859_215),
        (22.543_847, 113.912_316, 22.540_796_131_694_766, 113.917_176_480_836_3),
        (39.911_954, 116.377_817, 39.913_345_455_360_69, 116.384_047_224_556_57),
        (39.915, 116.404, 39.916_404_281_501_64, 116.410_244_499_169_38),
        (33.9624, 118.2757, 33.961_052_959_440_49, 118.281_206_151_298_45),
        (33.9575, 118.2421, 33.956_140_21, 118.247_606_61),
        (33.7700, 118.3900, 33.768_780_29, 118.395_648_84),
    ];

    #[test]
    fn wgs84_to_gcj02_gives_the_published_vectors() {
        for (lat, lon, gcj_lat, gcj_lon) in SHIFTED {
            let there = Wgs84::new(lat, lon).unwrap().to_gcj02();
            near(there.lat(), gcj_lat, 1e-8);
            near(there.lon(), gcj_lon, 1e-8);
        }
    }

    #[test]
    fn gcj02_comes_back_to_within_a_millimetre() {
        for (lat, lon, gcj_lat, gcj_lon) in SHIFTED {
            let back = Gcj02::new(gcj_lat, gcj_lon).unwrap().to_wgs84().unwrap();
            assert!(back.distance_m(Wgs84::new(lat, lon).unwrap()) < 0.002);
        }
        let iterated = Gcj02::new(39.915, 116.404).unwrap().to_wgs84().unwrap();
        near(iterated.lat(), 39.913_596_235_609_404, 1e-9);
        near(iterated.lon(), 116.397_755_754_574_85, 1e-9);
    }

    #[test]
    fn bd09_gives_the_published_vectors() {
        let there = Gcj02::new(39.915, 116.404).unwrap().to_bd09();
        near(there.lon(), 116.410_369_493_710_29, 1e-12);
        near(there.lat(), 39.921_336_993_510_21, 1e-12);
        let back = Bd09::new(39.915, 116.404).unwrap().to_gcj02().unwrap();
        near(back.lon(), 116.397_627_291_193_15, 1e-12);
        near(back.lat(), 39.908_656_739_576_31, 1e-12);
        let suqian = Wgs84::new(33.9624, 118.2757).unwrap().to_gcj02().to_bd09();
        near(suqian.lat(), 33.966_895_589_978_044, 1e-9);
        near(suqian.lon(), 118.287_752_481_934_59, 1e-9);
    }

    /// Another library publishes vectors of a BD-09 whose waves have the factor π instead of 3000π/180. They are
    /// not ours; they show how far apart the two are, which is why BD-09 is converted at the edge, once, and named.
    #[test]
    fn the_other_published_bd09_lies_within_fifty_metres() {
        for (bd, wgs) in [
            ((29.199_786, 120.019_809), (29.196_131_605_295_484, 120.008_778_011_496_91)),
            ((29.210_504, 120.036_455), (29.206_795_749_156_136, 120.025_385_397_084_6)),
        ] {
            let back = Bd09::new(bd.0, bd.1).unwrap().to_gcj02().unwrap().to_wgs84().unwrap();
            let apart_m = back.distance_m(Wgs84::new(wgs.0, wgs.1).unwrap());
            assert!((5.0..50.0).contains(&apart_m), "{apart_m} m");
        }
    }

    #[test]
    fn distances_match_the_reference() {
        let home = Wgs84::new(33.9624, 118.2757).unwrap();
        for (lat, lon, metres) in
            [(33.9630, 118.2760, 72.226), (33.9624, 118.2857, 922.257), (33.9714, 118.2757, 1000.756)]
        {
            near(home.distance_m(Wgs84::new(lat, lon).unwrap()), metres, 0.001);
        }
    }

    #[test]
    fn what_cannot_be_a_place_is_refused() {
        assert_eq!(Wgs84::new(99.0, 118.0), Err(CoordinateError::Latitude(99.0)));
        assert_eq!(Wgs84::new(33.0, 181.0), Err(CoordinateError::Longitude(181.0)));
        assert_eq!(Wgs84::new(f64::NAN, 118.0), Err(CoordinateError::NotFinite));
        assert_eq!(Wgs84::new(0.0, 0.0), Err(CoordinateError::NullIsland));
        assert!(serde_json::from_str::<Wgs84>(r#"{"lat":99,"lon":1}"#).is_err());
    }

    proptest! {
        #[test]
        fn any_place_in_china_survives_the_round_trip(lat in 18.0..53.0, lon in 74.0..134.0) {
            let place = Wgs84::new(lat, lon).unwrap();
            let back = place.to_gcj02().to_wgs84().unwrap();
            prop_assert!(back.distance_m(place) < 0.001);
            let through_baidu = place.to_gcj02().to_bd09().to_gcj02().unwrap().to_wgs84().unwrap();
            prop_assert!(through_baidu.distance_m(place) < 1.0);
        }
    }
}
