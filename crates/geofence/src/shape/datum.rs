//! Whether a shape was drawn on a map in another datum.
//!
//! Two numbers do not say their datum. But a fence drawn round a home on a Chinese map lies half a kilometre beside the
//! home, always to the same side, and converting it brings it back. Where a place is known that the fence should hold (the
//! resident's registered home, or where the handset rests at night), that can be seen.

use super::{Position, Shape, ShapeError};
use model::{Bd09, CoordinateError, Gcj02, Wgs84};

/// The conversion must bring the shape's middle nearer to the known place by this factor to be believed.
const NEARER_BY: f64 = 0.4;
/// The shift is about 530 m for GCJ-02 and 1.2 km for BD-09; what lies nearer than this is no shift.
const FROM_M: f64 = 250.0;

/// A datum that a shape seems to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datum {
    /// Of AMap and Tencent maps.
    Gcj02,
    /// Of Baidu maps.
    Bd09,
}

impl Datum {
    /// The datum of a name as people write it, `gcj02` or `GCJ-02`; none of WGS-84 and of what is no name of one.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_lowercase().replace('-', "").as_str() {
            "gcj02" => Some(Self::Gcj02),
            "bd09" => Some(Self::Bd09),
            _ => None,
        }
    }

    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gcj02 => "GCJ-02",
            Self::Bd09 => "BD-09",
        }
    }

    /// A position of this datum in WGS-84.
    pub fn to_wgs84(self, Position { lon, lat }: Position) -> Result<Position, CoordinateError> {
        let place = match self {
            Self::Gcj02 => Gcj02::new(lat, lon)?.to_wgs84()?,
            Self::Bd09 => Bd09::new(lat, lon)?.to_gcj02()?.to_wgs84()?,
        };
        Ok(Position::new(place.lon(), place.lat()))
    }
}

impl Shape {
    /// This shape, which was drawn in another datum, in WGS-84. Whoever takes it in does it, once; measures in metres stay.
    pub fn converted(mut self, from: Datum) -> Result<Self, ShapeError> {
        let mut number = 0_usize;
        for position in self.positions_mut() {
            number = number.saturating_add(1);
            *position =
                from.to_wgs84(*position).map_err(|problem| ShapeError::Coordinate { number, problem })?;
        }
        Ok(self)
    }

    fn positions_mut(&mut self) -> impl Iterator<Item = &mut Position> {
        let (one, line, rings, polygons): (_, &mut [_], &mut [_], &mut [_]) = match self {
            Self::Circle { center, .. } => (Some(center), &mut [], &mut [], &mut []),
            Self::Corridor { line, .. } => (None, line, &mut [], &mut []),
            Self::Polygon { coordinates } => (None, &mut [], coordinates, &mut []),
            Self::MultiPolygon { coordinates } => (None, &mut [], &mut [], coordinates),
        };
        let rings = rings.iter_mut().chain(polygons.iter_mut().flatten()).flatten();
        one.into_iter().chain(line).chain(rings)
    }
}

/// The datum in which this shape seems to have been drawn, if it is not WGS-84; `known` is a place in WGS-84 that lies
/// about in its middle.
pub fn looks_like(shape: &Shape, known: Wgs84) -> Option<Datum> {
    let middle = middle(shape)?;
    let apart_m = Wgs84::new(middle.lat, middle.lon).ok()?.distance_m(known);
    let gcj02 = Gcj02::new(middle.lat, middle.lon).ok().and_then(|middle| middle.to_wgs84().ok());
    let bd09 = Bd09::new(middle.lat, middle.lon).ok();
    let bd09 = bd09.and_then(|middle| middle.to_gcj02().ok()).and_then(|middle| middle.to_wgs84().ok());
    let left_m = |converted: Option<Wgs84>| converted.map_or(f64::INFINITY, |it| it.distance_m(known));
    let (datum, left_m) = if left_m(gcj02) <= left_m(bd09) {
        (Datum::Gcj02, left_m(gcj02))
    } else {
        (Datum::Bd09, left_m(bd09))
    };
    (apart_m > FROM_M && left_m < apart_m * NEARER_BY).then_some(datum)
}

/// The middle of the box round it.
fn middle(shape: &Shape) -> Option<Position> {
    let mut positions = shape.positions();
    let first = positions.next()?;
    let (low, high) = positions.fold((first, first), |(low, high), position| {
        (
            Position::new(low.lon.min(position.lon), low.lat.min(position.lat)),
            Position::new(high.lon.max(position.lon), high.lat.max(position.lat)),
        )
    });
    Some(Position::new(f64::midpoint(low.lon, high.lon), f64::midpoint(low.lat, high.lat)))
}
