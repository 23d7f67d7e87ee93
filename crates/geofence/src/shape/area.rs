//! A checked shape in metres, and how far a place is from its edge.
//!
//! Corners are kept as single-precision metres from the middle, which is 4 mm at 30 km, in one flat list: a fix reads them
//! from the front to the back and nothing else.

use super::crossing::Edge;
use super::{Position, Shape};
use crate::number;
use crate::plane::{Length as _, Plane, Point};
use model::Wgs84;

/// A place in single-precision metres.
pub(super) type Corner = [f32; 2];

/// Lines of corners one after another: all x, then all y of each, so that several edges are reckoned at once.
#[derive(Debug, Clone, PartialEq, Default)]
struct Lines {
    metres: Box<[f32]>,
    /// The number of corners of each line.
    lengths: Box<[usize]>,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Disc {
        radius_m: f64,
    },
    /// Closed rings.
    Rings(Lines),
    Corridor {
        line: Lines,
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
        let corners = corners(&plane, line);
        let (low, high) = around(&corners, half_width_m);
        let line = Lines::new(std::iter::once(corners));
        Self { plane, form: Form::Corridor { line, half_width_m }, low, high }
    }

    pub(super) fn rings<'a>(plane: Plane, rings: impl Iterator<Item = &'a Vec<Position>>) -> Self {
        let rings: Vec<Vec<Corner>> = rings.map(|ring| corners(&plane, ring)).collect();
        let (low, high) = around(&rings.concat(), 0.0);
        Self { plane, form: Form::Rings(Lines::new(rings.into_iter())), low, high }
    }

    /// The edges of its rings; none of a disc or corridor, which cannot cross themselves in a way that matters.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        let rings = match &self.form {
            Form::Rings(rings) => Some(rings),
            Form::Disc { .. } | Form::Corridor { .. } => None,
        };
        rings.into_iter().flat_map(Lines::each).enumerate().flat_map(|(ring, (xs, ys))| {
            let length = xs.len().saturating_sub(1);
            let corners = xs.iter().zip(ys).map(|(x, y)| wide([*x, *y]));
            let pairs = corners.clone().zip(corners.skip(1)).enumerate();
            pairs.map(move |(place, (from, to))| Edge { from, to, ring, place: (place, length) })
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

    /// How many bytes it takes, with all that it points to.
    pub fn bytes(&self) -> usize {
        let corners = match &self.form {
            Form::Disc { .. } => 0,
            Form::Rings(lines) | Form::Corridor { line: lines, .. } => lines.bytes(),
        };
        size_of::<Self>().saturating_add(corners)
    }

    /// Metres to the edge: negative inside, positive outside.
    pub fn signed_distance_m(&self, place: Wgs84) -> f64 {
        self.edge_apart_m(self.plane.of(place))
    }

    /// As [`Area::signed_distance_m`], but where the place is further away than `reach_m` any number from `reach_m` up
    /// to the truth: the box round the shape then answers for it.
    pub fn within_reach_m(&self, place: Wgs84, reach_m: f64) -> f64 {
        self.away_m((place.lat(), place.lon()), reach_m)
    }

    /// As [`Area::within_reach_m`], of latitude and longitude in degrees.
    pub(crate) fn away_m(&self, (lat, lon): (f64, f64), reach_m: f64) -> f64 {
        let point = self.plane.point(lat, lon);
        let apart_m = self.bounds_apart_m(point);
        if apart_m > reach_m { apart_m } else { self.edge_apart_m(point) }
    }

    /// Whether the middle of another shape lies within it: that of a house within its quarter does.
    pub(crate) fn holds_middle_of(&self, other: &Self) -> bool {
        let (low, high) = other.bounds();
        let middle = Point { x: f64::midpoint(low.x, high.x), y: f64::midpoint(low.y, high.y) };
        self.away_m(other.plane().degrees(middle), 0.0) < 0.0
    }

    fn bounds_apart_m(&self, point: Point) -> f64 {
        let x = (self.low.x - point.x).max(point.x - self.high.x).max(0.0);
        let y = (self.low.y - point.y).max(point.y - self.high.y).max(0.0);
        (x, y).length_m()
    }

    pub(super) fn edge_apart_m(&self, point: Point) -> f64 {
        match &self.form {
            Form::Disc { radius_m } => point.distance_m(Point::default()) - radius_m,
            Form::Corridor { line, half_width_m } => line.nearest(narrow(point)).0 - half_width_m,
            Form::Rings(rings) => {
                let (apart_m, is_inside) = rings.nearest(narrow(point));
                if is_inside { -apart_m } else { apart_m }
            }
        }
    }
}

impl Lines {
    fn new(lines: impl Iterator<Item = Vec<Corner>>) -> Self {
        let (mut metres, mut lengths) = (Vec::new(), Vec::new());
        for line in lines {
            metres.extend(line.iter().map(|[x, _]| *x));
            metres.extend(line.iter().map(|[_, y]| *y));
            lengths.push(line.len());
        }
        Self { metres: metres.into(), lengths: lengths.into() }
    }

    /// How many bytes it points to.
    fn bytes(&self) -> usize {
        size_of_val(&*self.metres).saturating_add(size_of_val(&*self.lengths))
    }

    /// The x and the y of each line.
    fn each(&self) -> impl Iterator<Item = (&[f32], &[f32])> {
        let mut rest: &[f32] = &self.metres;
        self.lengths.iter().map(move |length| {
            let (xs, after) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
            let (ys, after) = after.split_at_checked(*length).unwrap_or((after, &[]));
            rest = after;
            (xs, ys)
        })
    }

    /// The distance to the nearest edge, and whether a way to the east crosses an odd number of edges.
    fn nearest(&self, at: Corner) -> (f64, bool) {
        let nearest = self.each().map(|(xs, ys)| nearest(xs, ys, at));
        let (squared, crossings) = nearest
            .fold((f32::INFINITY, 0), |(squared, odd), (apart, crossed)| (squared.min(apart), odd ^ crossed));
        (f64::from(squared).sqrt(), crossings & 1 == 1)
    }
}

/// So many edges at once.
const LANES: usize = 8;
type Lane = [f32; LANES];

/// The squared distance to the nearest edge, and an odd number if a way to the east crosses an odd number of edges. No
/// branches and lanes of a fixed width, so that the compiler reckons several edges at once.
fn nearest(xs: &[f32], ys: &[f32], at: Corner) -> (f32, u32) {
    let edges = xs.len().min(ys.len()).saturating_sub(1);
    let slices = (xs.get(..edges), xs.get(1..), ys.get(..edges), ys.get(1..));
    let (Some(ax), Some(bx), Some(ay), Some(by)) = slices else { return (f32::INFINITY, 0) };
    let (mut squared, mut crossings) = ([f32::INFINITY; LANES], [0_u32; LANES]);
    let [ax, bx, ay, by] = [ax, bx, ay, by].map(<[f32]>::as_chunks::<LANES>);
    for ((ax, bx), (ay, by)) in ax.0.iter().zip(bx.0).zip(ay.0.iter().zip(by.0)) {
        eight([ax, bx, ay, by], at, &mut squared, &mut crossings);
    }
    // The last ones, filled up with an edge of no length that is the last corner.
    let padded = |rest: &[f32], line: &[f32]| {
        let mut lane = [line.last().copied().unwrap_or_default(); LANES];
        lane.iter_mut().zip(rest).for_each(|(slot, value)| *slot = *value);
        lane
    };
    let rest = [padded(ax.1, xs), padded(bx.1, xs), padded(ay.1, ys), padded(by.1, ys)];
    eight(rest.each_ref(), at, &mut squared, &mut crossings);
    let least = squared.into_iter().fold(f32::INFINITY, f32::min);
    (least, crossings.into_iter().fold(0, |odd, crossed| odd ^ crossed))
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "its loop becomes a handful of vector instructions only in its caller"
)]
#[expect(clippy::indexing_slicing, reason = "the lanes are as wide as the loop is long")]
fn eight([ax, bx, ay, by]: [&Lane; 4], [x, y]: Corner, squared: &mut Lane, crossings: &mut [u32; LANES]) {
    for lane in 0..LANES {
        let (dx, dy) = (bx[lane] - ax[lane], by[lane] - ay[lane]);
        let (px, py) = (x - ax[lane], y - ay[lane]);
        let length = dx * dx + dy * dy + f32::MIN_POSITIVE;
        let along = (px * dx + py * dy) / length;
        let along = if along > 0.0 { along } else { 0.0 };
        let along = if along < 1.0 { along } else { 1.0 };
        let (ex, ey) = (px - along * dx, py - along * dy);
        let apart = ex * ex + ey * ey;
        squared[lane] = if apart < squared[lane] { apart } else { squared[lane] };
        // Multiplied out, so that no edge costs a second division.
        let is_between = (ay[lane] > y) != (by[lane] > y);
        let is_east = (px * dy < py * dx) == (dy > 0.0);
        crossings[lane] ^= u32::from(is_between & is_east);
    }
}

/// The corners of a line as they are kept. A position that is said twice in a row is one corner: an edge of no length would stand between its
/// neighbours, which share a corner and do not cross.
pub(super) fn corners(plane: &Plane, line: &[Position]) -> Vec<Corner> {
    let corner = |position: &Position| narrow(plane.point(position.lat, position.lon));
    let mut corners: Vec<Corner> = line.iter().map(corner).collect();
    corners.dedup();
    corners
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
