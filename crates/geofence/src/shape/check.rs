//! What a shape must be to be used. Each refusal is a sentence for the person who drew it.

use super::{Area, Position, Shape, area, crossing, nested};
use crate::plane::{Plane, Point};
use model::{CoordinateError, Wgs84};
use serde_json::Value;

/// How large a shape may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Positions in all.
    pub positions: usize,
    /// From one side to the other.
    pub extent_km: f64,
    /// The smallest radius of a circle, and width of a corridor.
    pub least_m: f64,
}

impl Limits {
    /// Of a resident's own fence: nobody's neighbourhood is wider, and below 20 m no position can tell the sides apart.
    pub const FENCE: Self = Self { positions: 5_000, extent_km: 30.0, least_m: 20.0 };
    /// Of a zone shared by all: rivers and railways cross a district, and are drawn finely.
    pub const ZONE: Self = Self { positions: 20_000, extent_km: 120.0, least_m: 5.0 };
}

/// Why a shape cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ShapeError {
    /// Not one of the shapes there are.
    #[error("this is no Circle, Polygon, MultiPolygon or Corridor: {problem}")]
    NotAShape {
        /// What the reader found.
        problem: String,
    },
    /// Another reference system was named.
    #[error("coordinates must be WGS-84, this names {named:?}; convert them once, where they come from")]
    Datum {
        /// The name it gave.
        named: String,
    },
    /// A position that cannot be one.
    #[error("position {number} cannot be one (longitude comes first): {problem}")]
    Coordinate {
        /// Which, counted from 1 over the whole shape.
        number: usize,
        /// What is wrong with it.
        problem: CoordinateError,
    },
    /// Nothing is drawn.
    #[error("there is nothing in it")]
    Empty,
    /// A ring that encloses nothing.
    #[error(
        "a ring needs at least three corners and its first position again at the end; this has {positions}"
    )]
    FewPositions {
        /// How many it has.
        positions: usize,
    },
    /// A route that leads nowhere.
    #[error("a corridor's line needs at least two positions; this has {positions}")]
    ShortLine {
        /// How many it has.
        positions: usize,
    },
    /// A ring whose ends do not meet.
    #[error("ring {ring} is open: its last position must be its first again")]
    Open {
        /// Which, counted from 1.
        ring: usize,
    },
    /// A ring without a surface.
    #[error("ring {ring} encloses no surface")]
    Flat {
        /// Which, counted from 1.
        ring: usize,
    },
    /// Lines that cross.
    #[error("it crosses itself near {lat:.5}, {lon:.5}")]
    Crosses {
        /// Where.
        lat: f64,
        /// Where.
        lon: f64,
    },
    /// A hole where there is nothing to cut it from.
    #[error("ring {ring} is a hole and must lie within ring {outer}, the outer one of its polygon")]
    HoleOutside {
        /// Which, counted from 1 over the whole shape.
        ring: usize,
        /// The outer ring of its polygon.
        outer: usize,
    },
    /// A hole in a hole, which would be ground again.
    #[error("ring {ring} lies within ring {other}, and both are holes; take one of them away")]
    HoleWithin {
        /// Which, counted from 1 over the whole shape.
        ring: usize,
        /// In which.
        other: usize,
    },
    /// A polygon on the ground of another, which would be open ground.
    #[error(
        "polygon {polygon} lies within polygon {other} and is drawn twice; take it away, or draw it as a hole"
    )]
    PolygonWithin {
        /// Which, counted from 1.
        polygon: usize,
        /// In which.
        other: usize,
    },
    /// Too finely drawn.
    #[error("it has {positions} positions, {at_most} are the most; simplify it")]
    ManyPositions {
        /// How many it has.
        positions: usize,
        /// How many are allowed.
        at_most: usize,
    },
    /// Larger than anything that could be meant.
    #[error("it is {extent_km:.0} km wide, {at_most_km:.0} km are the most; a fence is no district")]
    Large {
        /// How wide it is.
        extent_km: f64,
        /// How wide it may be.
        at_most_km: f64,
    },
    /// It reaches from one side of the date line to the other, or seems to.
    #[error("it reaches over half of the earth; shapes across longitude 180 are drawn as two")]
    DateLine,
    /// Smaller than positions can tell.
    #[error("{what} is {metres} m; it must be a number from {at_least_m} m on")]
    Small {
        /// Which measure.
        what: &'static str,
        /// What it is.
        metres: f64,
        /// What it must be.
        at_least_m: f64,
    },
}

impl ShapeError {
    /// A name for programs; the sentence is for people.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAShape { .. } => "not_a_shape",
            Self::Datum { .. } => "shape_datum",
            Self::Coordinate { .. } => "shape_coordinate",
            Self::Empty => "shape_empty",
            Self::FewPositions { .. } | Self::ShortLine { .. } => "shape_few_positions",
            Self::Open { .. } => "shape_open",
            Self::Flat { .. } => "shape_flat",
            Self::Crosses { .. } => "shape_crosses",
            Self::HoleOutside { .. } | Self::HoleWithin { .. } | Self::PolygonWithin { .. } => "shape_nested",
            Self::ManyPositions { .. } => "shape_many_positions",
            Self::Large { .. } | Self::DateLine => "shape_large",
            Self::Small { .. } => "shape_small",
        }
    }
}

/// A ring narrower than this is a line.
const FLAT_M: f64 = 1.0;
const DATUM_KEYS: [&str; 3] = ["crs", "datum", "coordinate_system"];
const WGS84_NAMES: [&str; 5] = ["WGS84", "WGS-84", "CRS84", "EPSG:4326", "EPSG::4326"];

/// Refuses an object that says of itself that it is in another reference system.
pub fn says_wgs84(value: &Value) -> Result<(), ShapeError> {
    let named = DATUM_KEYS.iter().filter_map(|key| value.get(key)).find(|named| !named.is_null());
    let Some(named) = named.map(ToString::to_string) else { return Ok(()) };
    let upper = named.to_uppercase();
    if WGS84_NAMES.iter().any(|name| upper.contains(name)) {
        return Ok(());
    }
    Err(ShapeError::Datum { named })
}

/// The shape in metres, or the first thing that is wrong with it. What is cheap to see is looked for first.
pub(super) fn check(shape: &Shape, limits: &Limits) -> Result<Area, ShapeError> {
    let positions = shape.positions().count();
    if positions > limits.positions {
        return Err(ShapeError::ManyPositions { positions, at_most: limits.positions });
    }
    for (index, position) in shape.positions().enumerate() {
        Wgs84::new(position.lat, position.lon)
            .map_err(|problem| ShapeError::Coordinate { number: index.saturating_add(1), problem })?;
    }
    let plane = plane_of(shape, limits)?;
    match shape {
        Shape::Circle { radius_m, .. } => circle(plane, *radius_m, limits),
        Shape::Corridor { line, width_m } => corridor(plane, line, *width_m, limits),
        Shape::Polygon { coordinates } => rings(plane, std::slice::from_ref(coordinates)),
        Shape::MultiPolygon { coordinates } => rings(plane, coordinates),
    }
}

/// The map about the middle of the shape, if the shape is of a size that has one.
fn plane_of(shape: &Shape, limits: &Limits) -> Result<Plane, ShapeError> {
    let (mut west, mut east, mut south, mut north) = (180.0_f64, -180.0_f64, 90.0_f64, -90.0_f64);
    for Position { lon, lat } in shape.positions() {
        (west, east) = (west.min(lon), east.max(lon));
        (south, north) = (south.min(lat), north.max(lat));
    }
    if west > east {
        return Err(ShapeError::Empty);
    }
    if east - west > 180.0 {
        return Err(ShapeError::DateLine);
    }
    let plane = Plane::about(f64::midpoint(south, north), f64::midpoint(west, east));
    let extent_km = plane.point(south, west).distance_m(plane.point(north, east)) / 1_000.0;
    if extent_km > limits.extent_km {
        return Err(ShapeError::Large { extent_km, at_most_km: limits.extent_km });
    }
    Ok(plane)
}

fn circle(plane: Plane, radius_m: f64, limits: &Limits) -> Result<Area, ShapeError> {
    at_least("radius_m", radius_m, limits.least_m)?;
    let extent_km = radius_m * 2.0 / 1_000.0;
    if extent_km > limits.extent_km {
        return Err(ShapeError::Large { extent_km, at_most_km: limits.extent_km });
    }
    Ok(Area::disc(plane, radius_m))
}

fn corridor(plane: Plane, line: &[Position], width_m: f64, limits: &Limits) -> Result<Area, ShapeError> {
    at_least("width_m", width_m, limits.least_m)?;
    if width_m / 1_000.0 > limits.extent_km {
        return Err(ShapeError::Large { extent_km: width_m / 1_000.0, at_most_km: limits.extent_km });
    }
    if line.len() < 2 {
        return Err(ShapeError::ShortLine { positions: line.len() });
    }
    Ok(Area::corridor(plane, line, width_m / 2.0))
}

fn at_least(what: &'static str, metres: f64, at_least_m: f64) -> Result<(), ShapeError> {
    // A comparison with what is no number is false, so that is refused too.
    if metres >= at_least_m { Ok(()) } else { Err(ShapeError::Small { what, metres, at_least_m }) }
}

/// The rings of some polygons.
fn rings(plane: Plane, polygons: &[Vec<Vec<Position>>]) -> Result<Area, ShapeError> {
    let drawn = polygons.iter().flatten();
    let mut is_empty = true;
    for (index, ring) in drawn.clone().enumerate() {
        is_empty = false;
        check_ring(&plane, ring, index.saturating_add(1))?;
    }
    if is_empty {
        return Err(ShapeError::Empty);
    }
    let area = Area::rings(plane, drawn);
    if let Some(point) = crossing::find(area.edges()) {
        let (lat, lon) = plane.degrees(point);
        return Err(ShapeError::Crosses { lat, lon });
    }
    nested::check(&plane, polygons)?;
    Ok(area)
}

fn check_ring(plane: &Plane, ring: &[Position], number: usize) -> Result<(), ShapeError> {
    if ring.len() < 4 {
        return Err(ShapeError::FewPositions { positions: ring.len() });
    }
    if ring.first() != ring.last() {
        return Err(ShapeError::Open { ring: number });
    }
    let positions = area::corners(plane, ring).len();
    if positions < 4 {
        return Err(ShapeError::FewPositions { positions });
    }
    if width_m(plane, ring) < FLAT_M { Err(ShapeError::Flat { ring: number }) } else { Ok(()) }
}

/// How far the corners lie beside the line from the first to the one furthest from it.
fn width_m(plane: &Plane, ring: &[Position]) -> f64 {
    let points = ring.iter().map(|position| plane.point(position.lat, position.lon));
    let Some(first) = points.clone().next() else { return 0.0 };
    let further = |a: &Point, b: &Point| a.distance_m(first).total_cmp(&b.distance_m(first));
    let furthest = points.clone().max_by(further).unwrap_or(first);
    let length_m = furthest.distance_m(first).max(f64::MIN_POSITIVE);
    let (x, y) = ((furthest.x - first.x) / length_m, (furthest.y - first.y) / length_m);
    points.map(|point| ((point.x - first.x) * y - (point.y - first.y) * x).abs()).fold(0.0, f64::max)
}
