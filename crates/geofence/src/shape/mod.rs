//! Shapes on the ground: what a fence or zone looks like, in GeoJSON and in metres.
//!
//! - [`Shape`]: as it was drawn and is stored, in degrees. [`Shape::from_geojson`] reads it, serde writes it, and
//!   [`Shape::feature`] writes it as other programs read it.
//! - [`Area`]: the same, checked, in metres, able to answer [`Area::signed_distance_m`]. The only way to one is
//!   [`Shape::check`], so whatever the engine works with was checked.
//! - [`ShapeError`]: why a shape cannot be used, in a sentence for the person who drew it.
//!
//! To add a kind of shape: a variant of [`Shape`], its checks in `check.rs`, its distance in `area.rs`, its geometry in
//! `feature.rs`; the compiler names the places.

mod area;
mod check;
mod crossing;
mod datum;
mod feature;
mod nested;
mod passage;

pub use area::Area;
pub use check::{Limits, ShapeError, says_wgs84};
pub use datum::{Datum, looks_like};
pub use feature::Feature;
pub use passage::Passage;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longitude and latitude in degrees, in GeoJSON's order; a height that follows is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<f64>", into = "[f64; 2]")]
pub struct Position {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

impl Position {
    /// From longitude and latitude.
    pub const fn new(lon: f64, lat: f64) -> Self {
        Self { lon, lat }
    }
}

impl TryFrom<Vec<f64>> for Position {
    type Error = String;
    fn try_from(numbers: Vec<f64>) -> Result<Self, String> {
        match numbers.as_slice() {
            [lon, lat] | [lon, lat, _] => Ok(Self { lon: *lon, lat: *lat }),
            other => Err(format!("a position is [longitude, latitude], not {} numbers", other.len())),
        }
    }
}

impl From<Position> for [f64; 2] {
    fn from(position: Position) -> Self {
        [position.lon, position.lat]
    }
}

/// A shape in degrees of WGS-84.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Shape {
    /// All within a radius.
    Circle {
        /// The middle.
        center: Position,
        /// The radius in metres.
        radius_m: f64,
    },
    /// A ring and the holes in it.
    Polygon {
        /// Rings as in RFC 7946: the outer one first, each closed.
        coordinates: Vec<Vec<Position>>,
    },
    /// Several polygons as one.
    MultiPolygon {
        /// The polygons' rings.
        coordinates: Vec<Vec<Vec<Position>>>,
    },
    /// A route with a width.
    Corridor {
        /// The route.
        line: Vec<Position>,
        /// The whole width in metres; half of it to each side.
        width_m: f64,
    },
}

impl Shape {
    /// Reads a shape, or a GeoJSON Feature by its geometry; a Point is one with `radius_m` among its properties, a LineString with
    /// `width_m`. GeoJSON is WGS-84 by definition (RFC 7946, section 4); an
    /// object that names another reference system is refused and not converted, lest it be converted twice.
    pub fn from_geojson(value: &Value) -> Result<Self, ShapeError> {
        check::says_wgs84(value)?;
        let geometry = match value.get("type").and_then(Value::as_str) {
            Some("Feature") => {
                check::says_wgs84(value.get("geometry").unwrap_or(&Value::Null))?;
                feature::geometry(value)
            }
            Some(_) | None => value.clone(),
        };
        serde_json::from_value(geometry)
            .map_err(|source| ShapeError::NotAShape { problem: source.to_string() })
    }

    /// The shape in metres, or why it cannot be used.
    pub fn check(&self, limits: &Limits) -> Result<Area, ShapeError> {
        check::check(self, limits)
    }

    /// The positions it is drawn with, whatever it is.
    pub fn positions(&self) -> impl Iterator<Item = Position> + '_ {
        let (one, line, rings, polygons): (_, &[_], &[_], &[_]) = match self {
            Self::Circle { center, .. } => (Some(*center), &[], &[], &[]),
            Self::Corridor { line, .. } => (None, line, &[], &[]),
            Self::Polygon { coordinates } => (None, &[], coordinates, &[]),
            Self::MultiPolygon { coordinates } => (None, &[], &[], coordinates),
        };
        let lines = line.iter().copied();
        let rings = rings.iter().chain(polygons.iter().flatten()).flatten().copied();
        one.into_iter().chain(lines).chain(rings)
    }
}
