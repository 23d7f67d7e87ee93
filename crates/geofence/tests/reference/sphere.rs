//! How far a place is from a shape, by `geo`.

use geo::{Bearing, Contains, Coord, Distance, Euclidean, Haversine, LineString, Point, Polygon, coord};
use geofence::Shape;
use geofence::shape::Position;

/// Metres to the edge, negative inside.
pub(crate) fn apart_m(shape: &Shape, (lat, lon): (f64, f64)) -> f64 {
    let from = Point::new(lon, lat);
    match shape {
        Shape::Circle { center, radius_m } => {
            Haversine.distance(from, Point::new(center.lon, center.lat)) - radius_m
        }
        Shape::Corridor { line, width_m } => edge_m(&seen(from, line)) - width_m / 2.0,
        Shape::Polygon { coordinates } => of_polygon(from, coordinates),
        Shape::MultiPolygon { coordinates } => {
            coordinates.iter().map(|rings| of_polygon(from, rings)).fold(f64::INFINITY, f64::min)
        }
    }
}

fn of_polygon(from: Point, rings: &[Vec<Position>]) -> f64 {
    let mut rings: Vec<LineString> = rings.iter().map(|ring| seen(from, ring)).collect();
    let nearest_m = rings.iter().map(edge_m).fold(f64::INFINITY, f64::min);
    let outer = rings.remove(0);
    if Polygon::new(outer, rings).contains(&Point::new(0.0, 0.0)) { -nearest_m } else { nearest_m }
}

fn edge_m(line: &LineString) -> f64 {
    Euclidean.distance(&Point::new(0.0, 0.0), line)
}

/// A line as it is seen from a place: how far each corner is on the sphere, and in which direction.
fn seen(from: Point, line: &[Position]) -> LineString {
    let corner = |position: &Position| -> Coord {
        let there = Point::new(position.lon, position.lat);
        let (far_m, towards) = (Haversine.distance(from, there), Haversine.bearing(from, there).to_radians());
        coord! { x: far_m * towards.sin(), y: far_m * towards.cos() }
    };
    line.iter().map(corner).collect()
}
