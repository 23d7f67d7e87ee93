//! A checked shape in metres, and how far a place is from its edge.
//!
//! Corners are kept as single-precision metres from the middle, which is 4 mm at 30 km, in one flat list: a fix reads them
//! from the front to the back and nothing else.

use super::crossing::Edge;
use super::{Position, Shape};
use crate::number;
use crate::plane::{Plane, Point};
use model::Wgs84;

/// A place in single-precision metres.
type Corner = [f32; 2];

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Disc {
        radius_m: f64,
    },
    /// Closed rings one after another, with the number of corners of each.
    Rings {
        corners: Box<[Corner]>,
        lengths: Box<[usize]>,
    },
    Corridor {
        line: Box<[Corner]>,
        half_width_m: f64,
    },
}

/// A checked shape in metres.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    plane: Plane,
    form: Form,
    /// The corners of the smallest box round it.
    low: Point,
    high: Point,
}

impl Area {
    pub(super) fn disc(plane: Plane, radius_m: f64) -> Self {
        let (low, high) = (Point { x: -radius_m, y: -radius_m }, Point { x: radius_m, y: radius_m });
        Self { plane, form: Form::Disc { radius_m }, low, high }
    }

    pub(super) fn corridor(plane: Plane, line: &[Position], half_width_m: f64) -> Self {
        let line: Box<[Corner]> = line.iter().map(|position| corner(&plane, *position)).collect();
        let (low, high) = around(&line, half_width_m);
        Self { plane, form: Form::Corridor { line, half_width_m }, low, high }
    }

    pub(super) fn rings<'a>(plane: Plane, rings: impl Iterator<Item = &'a Vec<Position>> + Clone) -> Self {
        let lengths = rings.clone().map(Vec::len).collect();
        let corners: Box<[Corner]> = rings.flatten().map(|position| corner(&plane, *position)).collect();
        let (low, high) = around(&corners, 0.0);
        Self { plane, form: Form::Rings { corners, lengths }, low, high }
    }

    /// The edges of its rings; none of a disc or corridor, which cannot cross themselves in a way that matters.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        each_ring(&self.form).enumerate().flat_map(|(ring, corners)| {
            let length = corners.len().saturating_sub(1);
            corners.windows(2).enumerate().filter_map(move |(place, two)| match two {
                [from, to] => Some(Edge { from: wide(*from), to: wide(*to), ring, place: (place, length) }),
                _ => None,
            })
        })
    }

    /// The map it is drawn on.
    pub fn plane(&self) -> &Plane {
        &self.plane
    }

    /// The south-west and north-east corners of the box round it, as points of its map.
    pub fn bounds(&self) -> (Point, Point) {
        (self.low, self.high)
    }

    /// Metres to the edge: negative inside, positive outside.
    pub fn signed_distance_m(&self, place: Wgs84) -> f64 {
        self.from_edge_m(self.plane.of(place))
    }

    /// As [`Area::signed_distance_m`], but where the place is further away than `reach_m` any number from `reach_m` up
    /// to the truth: the box round the shape then answers for it.
    pub fn within_reach_m(&self, place: Wgs84, reach_m: f64) -> f64 {
        let point = self.plane.of(place);
        let apart_m = self.from_bounds_m(point);
        if apart_m > reach_m { apart_m } else { self.from_edge_m(point) }
    }

    /// Whether the straight way from one place to another leads through it.
    pub fn is_crossed_by(&self, from: Wgs84, to: Wgs84) -> bool {
        let (a, b) = (self.plane.of(from), self.plane.of(to));
        let length_m = a.distance_m(b);
        let (mut gone_m, mut steps) = (0.0, 0_u32);
        // Sphere tracing: nothing of the shape is nearer than the distance says, so that much can be skipped.
        while gone_m <= length_m && steps < 512 {
            let share = if length_m > 0.0 { gone_m / length_m } else { 0.0 };
            let here = Point { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
            let apart_m = self.from_edge_m(here);
            if apart_m < 0.0 {
                return true;
            }
            gone_m += apart_m.max(1.0);
            steps = steps.saturating_add(1);
        }
        false
    }

    fn from_bounds_m(&self, point: Point) -> f64 {
        let x = (self.low.x - point.x).max(point.x - self.high.x).max(0.0);
        let y = (self.low.y - point.y).max(point.y - self.high.y).max(0.0);
        x.hypot(y)
    }

    fn from_edge_m(&self, point: Point) -> f64 {
        match &self.form {
            Form::Disc { radius_m } => point.distance_m(Point::default()) - radius_m,
            Form::Corridor { line, half_width_m } => {
                let (squared, _) = nearest(line, narrow(point));
                f64::from(squared).sqrt() - half_width_m
            }
            Form::Rings { .. } => {
                let at = narrow(point);
                let (mut squared, mut is_inside) = (f32::INFINITY, false);
                for ring in each_ring(&self.form) {
                    let (apart, crossed) = nearest(ring, at);
                    squared = squared.min(apart);
                    is_inside ^= crossed;
                }
                let apart_m = f64::from(squared).sqrt();
                if is_inside { -apart_m } else { apart_m }
            }
        }
    }
}

/// The squared distance to the nearest edge, and whether a line to the east crosses an odd number of them.
fn nearest(line: &[Corner], [x, y]: Corner) -> (f32, bool) {
    let (mut squared, mut crossed) = (f32::INFINITY, false);
    for two in line.windows(2) {
        let [[ax, ay], [bx, by]] = two else { continue };
        let (dx, dy, px, py) = (bx - ax, by - ay, x - ax, y - ay);
        let length = dx * dx + dy * dy;
        let along = ((px * dx + py * dy) / length.max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
        let (ex, ey) = (px - along * dx, py - along * dy);
        squared = squared.min(ex * ex + ey * ey);
        // Multiplied out, so that no edge costs a second division.
        let is_between = (*ay > y) != (*by > y);
        let is_east = (px * dy < py * dx) == (dy > 0.0);
        crossed ^= is_between & is_east;
    }
    (squared, crossed)
}

fn each_ring(form: &Form) -> impl Iterator<Item = &[Corner]> {
    let (mut rest, lengths): (&[Corner], &[usize]) = match form {
        Form::Rings { corners, lengths } => (corners, lengths),
        Form::Disc { .. } | Form::Corridor { .. } => (&[], &[]),
    };
    lengths.iter().map(move |length| {
        let (ring, after) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
        rest = after;
        ring
    })
}

fn corner(plane: &Plane, position: Position) -> Corner {
    narrow(plane.point(position.lat, position.lon))
}

fn narrow(point: Point) -> Corner {
    [number::single(point.x), number::single(point.y)]
}

fn wide([x, y]: Corner) -> Point {
    Point { x: f64::from(x), y: f64::from(y) }
}

fn around(corners: &[Corner], margin_m: f64) -> (Point, Point) {
    let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
    for [x, y] in corners {
        low = [low[0].min(*x), low[1].min(*y)];
        high = [high[0].max(*x), high[1].max(*y)];
    }
    let (low, high) = (wide(low), wide(high));
    (Point { x: low.x - margin_m, y: low.y - margin_m }, Point { x: high.x + margin_m, y: high.y + margin_m })
}

impl Shape {
    /// A circle, the shape most fences have.
    pub fn circle(lon: f64, lat: f64, radius_m: f64) -> Self {
        Self::Circle { center: Position::new(lon, lat), radius_m }
    }
}
