//! Whether lines cross: a sweep from west to east that compares only edges which overlap on the way.

use crate::plane::Point;

/// A line between two corners, and the ring it belongs to with its place there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub(super) from: Point,
    pub(super) to: Point,
    /// Number of the ring.
    pub(super) ring: usize,
    /// Number in the ring, and how many edges the ring has.
    pub(super) place: (usize, usize),
}

impl Edge {
    fn west(&self) -> f64 {
        self.from.x.min(self.to.x)
    }

    fn east(&self) -> f64 {
        self.from.x.max(self.to.x)
    }

    /// Neighbours share a corner and may; they must not run back over one another.
    fn is_next_to(&self, other: &Self) -> bool {
        let (a, length) = self.place;
        let apart = a.abs_diff(other.place.0);
        self.ring == other.ring && (apart == 1 || apart.saturating_add(1) == length)
    }
}

/// A point where two of the edges cross or touch, if there is one.
pub(super) fn find(edges: impl Iterator<Item = Edge>) -> Option<Point> {
    let mut edges: Vec<Edge> = edges.filter(|edge| edge.from != edge.to).collect();
    edges.sort_by(|a, b| a.west().total_cmp(&b.west()));
    let mut open: Vec<Edge> = Vec::new();
    for edge in edges {
        open.retain(|other| other.east() >= edge.west());
        if let Some(point) = open.iter().find_map(|other| meeting(other, &edge)) {
            return Some(point);
        }
        open.push(edge);
    }
    None
}

fn meeting(a: &Edge, b: &Edge) -> Option<Point> {
    if a.is_next_to(b) {
        return doubles_back(a, b);
    }
    let (near, far) = (side(a, b.from), side(a, b.to));
    let (left, right) = (side(b, a.from), side(b, a.to));
    if near * far < 0.0 && left * right < 0.0 {
        let share = near / (near - far);
        return Some(between(b.from, b.to, share));
    }
    // A corner that touches another line pinches the surface in two.
    [(near, a, b.from), (far, a, b.to), (left, b, a.from), (right, b, a.to)]
        .into_iter()
        .find(|(side, edge, point)| *side == 0.0 && lies_within(edge, *point))
        .map(|(_, _, point)| point)
}

/// Two neighbours that lie on one line and in the same direction from their common corner.
fn doubles_back(a: &Edge, b: &Edge) -> Option<Point> {
    let corner = if a.to == b.from { a.to } else { a.from };
    let (one, other) = if corner == a.to { (a.from, b.to) } else { (a.to, b.from) };
    let (u, v) = ((one.x - corner.x, one.y - corner.y), (other.x - corner.x, other.y - corner.y));
    let (across, along) = (u.0 * v.1 - u.1 * v.0, u.0 * v.0 + u.1 * v.1);
    (across.abs() < 1e-9 * along && along > 0.0).then_some(corner)
}

/// On which side of the line a point is; 0 on it.
fn side(edge: &Edge, point: Point) -> f64 {
    let Edge { from, to, .. } = edge;
    (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x)
}

fn lies_within(edge: &Edge, point: Point) -> bool {
    let Edge { from, to, .. } = edge;
    (from.x.min(to.x)..=from.x.max(to.x)).contains(&point.x)
        && (from.y.min(to.y)..=from.y.max(to.y)).contains(&point.y)
}

fn between(from: Point, to: Point, share: f64) -> Point {
    Point { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}
