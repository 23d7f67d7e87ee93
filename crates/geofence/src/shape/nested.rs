//! Whether rings that cross nowhere lie within one another as they must: holes in their own polygon and in no other hole, and
//! polygons in a hole of another at most. The inside is told by counting edges, so what lies on the same ground twice would be
//! open ground.

use super::{Position, ShapeError};
use crate::plane::{Plane, Point};

/// A ring in metres, with its number over the whole shape and the box round it.
struct Ring {
    number: usize,
    corners: Vec<Point>,
    low: Point,
    high: Point,
}

impl Ring {
    fn new(plane: &Plane, number: usize, positions: &[Position]) -> Self {
        let corners: Vec<Point> =
            positions.iter().map(|position| plane.point(position.lat, position.lon)).collect();
        let (least, most) = (f64::NEG_INFINITY, f64::INFINITY);
        let (mut low, mut high) = (Point { x: most, y: most }, Point { x: least, y: least });
        for Point { x, y } in &corners {
            low = Point { x: low.x.min(*x), y: low.y.min(*y) };
            high = Point { x: high.x.max(*x), y: high.y.max(*y) };
        }
        Self { number, corners, low, high }
    }

    /// Whether the other lies within it. They do not cross, so one corner answers for all.
    fn holds(&self, other: &Self) -> bool {
        let is_boxed = self.low.x <= other.low.x
            && self.low.y <= other.low.y
            && self.high.x >= other.high.x
            && self.high.y >= other.high.y;
        is_boxed && other.corners.first().is_some_and(|corner| self.surrounds(*corner))
    }

    /// Whether a way to the east crosses an odd number of edges.
    fn surrounds(&self, at: Point) -> bool {
        let edges = self.corners.iter().zip(self.corners.iter().skip(1));
        let crossed = edges.filter(|(from, to)| {
            let is_between = (from.y > at.y) != (to.y > at.y);
            is_between && at.x < from.x + (at.y - from.y) / (to.y - from.y) * (to.x - from.x)
        });
        crossed.count() & 1 == 1
    }
}

/// The first ring or polygon that lies where it must not.
pub(super) fn check(plane: &Plane, polygons: &[Vec<Vec<Position>>]) -> Result<(), ShapeError> {
    let mut numbers = 1_usize..;
    let mut ring =
        |positions: &Vec<Position>| Ring::new(plane, numbers.next().unwrap_or_default(), positions);
    let polygons: Vec<Vec<Ring>> =
        polygons.iter().map(|rings| rings.iter().map(&mut ring).collect()).collect();
    polygons.iter().try_for_each(|rings| check_holes(rings))?;
    check_apart(&polygons)
}

fn check_holes(rings: &[Ring]) -> Result<(), ShapeError> {
    let Some((outer, holes)) = rings.split_first() else { return Ok(()) };
    for hole in holes {
        if !outer.holds(hole) {
            return Err(ShapeError::HoleOutside { ring: hole.number, outer: outer.number });
        }
        if let Some(other) = holes.iter().find(|other| other.number != hole.number && other.holds(hole)) {
            return Err(ShapeError::HoleWithin { ring: hole.number, other: other.number });
        }
    }
    Ok(())
}

/// An island in a lake is ground of its own; a polygon anywhere else in another is not.
fn check_apart(polygons: &[Vec<Ring>]) -> Result<(), ShapeError> {
    let numbered = || (1_usize..).zip(polygons);
    let outer = numbered().filter_map(|(number, rings)| Some((number, rings.split_first()?)));
    for (polygon, (inner, _)) in outer.clone() {
        let within = |(other, (around, holes)): &(usize, (&Ring, &[Ring]))| {
            *other != polygon && around.holds(inner) && !holes.iter().any(|hole| hole.holds(inner))
        };
        if let Some((other, _)) = outer.clone().find(within) {
            return Err(ShapeError::PolygonWithin { polygon, other });
        }
    }
    Ok(())
}
