//! Whether a shape was drawn on a map in another datum.
//!
//! Two numbers do not say their datum. But a fence drawn round a home on a Chinese map lies half a kilometre beside the
//! home, always to the same side, and converting it brings it back. Where a place is known that the fence should hold (the
//! resident's registered home, or where the handset rests at night), that can be seen.

use super::{Position, Shape};
use model::{Bd09, Gcj02, Wgs84};

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
