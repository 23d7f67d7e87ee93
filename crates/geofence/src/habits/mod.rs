//! What is usual for one resident: where they go on foot, when they are at home, when they are first out of a morning.
//!
//! [`learn`] takes the fixes of one day and adds them; [`Habits`] is all that is remembered, a few kilobytes, with a version,
//! and can be written down, shown ([`Habits::places`]), and forgotten whole or in part ([`Habits::forget_near`]). It lies
//! beside the engine's state: whoever runs the engine learns once a day and hands it in with the resident.
//!
//! Ground is a grid of squares of 75 m; a square is usual when it was walked on two days or more. Nothing is judged before
//! [`DAYS_LEAST`] days were learned. [`off::Off`] watches whether somebody has left the usual ground, and
//! [`Habits::up_by`] says by when they were always out.
//!
//! To learn something else: a field, where `learn` fills it, [`VERSION`] up by one, and what old values mean without it.

mod learn;
pub mod off;

pub use learn::learn;

use crate::moment::Moment;
use crate::number;
use crate::plane::{Plane, Point};
use model::Wgs84;
use serde::{Deserialize, Serialize};

/// The form of [`Habits`]; another one is learned anew.
pub const VERSION: u8 = 1;
/// Four weeks: what people with dementia do is nearly all foreseen by then.
pub const DAYS_LEAST: u16 = 28;
/// The side of a square.
pub const SQUARE_M: f64 = 75.0;
/// Walked on so many days, a square is usual.
const USUAL_DAYS: u8 = 2;
/// Squares that are kept; the least walked and longest unseen go first.
const SQUARES: usize = 512;
/// A square unseen for so many days is forgotten.
const KEPT_DAYS: u16 = 90;
/// Mornings that are remembered, and how many of them may have had no way out.
const MORNINGS: usize = 28;
const MORNINGS_MISSED: usize = 2;
/// How much later than ever somebody may be first out.
const LATER_MIN: u16 = 90;
/// No way out that day.
const NONE: u16 = u16::MAX;

/// What is usual for one resident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Habits {
    version: u8,
    /// Where the grid begins, in ten millionths of a degree.
    origin: Option<(i32, i32)>,
    /// Where the nights are spent.
    home: Option<(i16, i16)>,
    /// The first and the newest day that was learned, since 1970, and how many were.
    first_day: i64,
    last_day: i64,
    days: u16,
    /// In the order of their place.
    squares: Vec<Square>,
    /// For each hour of the day: days on which a fix told, and those of them at home.
    seen: [u8; 24],
    at_home: [u8; 24],
    /// The minute of the first way out of each of the last days, newest first.
    mornings: Vec<u16>,
}

/// One square of ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Square {
    at: (i16, i16),
    /// On so many days.
    days: u8,
    /// The newest of them, since the first that was learned.
    last: u16,
}

impl Square {
    /// One of which no day is told.
    fn alone(at: (i16, i16)) -> Self {
        Self { at, days: 0, last: 0 }
    }
}

/// A place somebody usually walks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The middle of the square.
    pub middle: (f64, f64),
    /// On so many days.
    pub days: u8,
}

/// The usual ground nearest to somewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    /// How far its edge is; 0 within.
    pub distance_m: f64,
    /// What it is.
    pub place: Place,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            version: VERSION,
            origin: None,
            home: None,
            first_day: 0,
            last_day: i64::MIN,
            days: 0,
            squares: Vec::new(),
            seen: [0; 24],
            at_home: [0; 24],
            mornings: Vec::new(),
        }
    }
}

impl Habits {
    /// Days that were learned.
    pub fn days(&self) -> u16 {
        self.days
    }

    /// The newest day that was learned, since 1970 on a calendar in Suqian.
    pub fn last_day(&self) -> Option<i64> {
        (self.days > 0).then_some(self.last_day)
    }

    /// Whether enough was learned to judge by, in the form that is known.
    pub fn is_ready(&self) -> bool {
        self.version == VERSION && self.days >= DAYS_LEAST
    }

    /// Forgets everything.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Forgets the ground within so many metres of a place: nobody can read from it that somebody goes there, or lives there. With the
    /// home go the hours spent in it, until it is known anew where the nights are spent.
    pub fn forget_near(&mut self, place: Wgs84, within_m: f64) {
        let Some(there) = self.plane().map(|plane| plane.of(place)) else { return };
        self.squares.retain(|square| from_edge_m(*square, there) > within_m);
        if self.home.is_some_and(|at| from_edge_m(Square::alone(at), there) <= within_m) {
            (self.home, self.seen, self.at_home) = (None, [0; 24], [0; 24]);
        }
        if there.distance_m(Point::default()) <= within_m {
            self.begin_elsewhere();
        }
    }

    /// The grid begins where the first fix of all was, so it is begun at what is left, by whole squares: those stay where they are.
    fn begin_elsewhere(&mut self) {
        let left = self.squares.first().map(|square| square.at).or(self.home);
        let corner = |at: (i16, i16)| Point { x: f64::from(at.0) * SQUARE_M, y: f64::from(at.1) * SQUARE_M };
        let begin = left.zip(self.plane()).map(|(at, plane)| (at, plane.degrees(corner(at))));
        self.origin = begin.map(|(_, (lat, lon))| ten_millionths(lat, lon));
        let Some(((east, north), _)) = begin else { return };
        let home = self.home.iter_mut();
        for at in self.squares.iter_mut().map(|square| &mut square.at).chain(home) {
            *at = (at.0.saturating_sub(east), at.1.saturating_sub(north));
        }
    }

    /// The usual ground, for a screen that shows what was learned.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.usual().map(|square| self.place(square))
    }

    /// The usual ground nearest to a place, if any is known.
    pub fn nearest(&self, place: Wgs84) -> Option<Nearest> {
        let there = self.plane()?.of(place);
        let near = self.usual().map(|square| (from_edge_m(square, there), square));
        let (distance_m, square) = near.min_by(|(one, _), (other, _)| one.total_cmp(other))?;
        Some(Nearest { distance_m, place: self.place(square) })
    }

    /// The share of days on which somebody was at home in that hour of the day, if enough days tell.
    pub fn at_home_share(&self, at: Moment) -> Option<f64> {
        let hour = usize::from(at.local().minute / 60);
        let (seen, home) = (*self.seen.get(hour)?, *self.at_home.get(hour)?);
        (seen >= 14).then(|| f64::from(home) / f64::from(seen))
    }

    /// The minute of the day by which somebody should have been out, if every morning but a few there was a way out: later than
    /// the latest by an hour and a half.
    pub fn up_by(&self) -> Option<u16> {
        let out = self.mornings.iter().filter(|minute| **minute != NONE);
        let is_regular = self.mornings.len() >= MORNINGS
            && out.clone().count() >= MORNINGS.saturating_sub(MORNINGS_MISSED);
        let latest = out.max().copied()?;
        (self.is_ready() && is_regular).then(|| latest.saturating_add(LATER_MIN))
    }

    /// How many bytes it takes, with what it points to.
    pub fn bytes(&self) -> usize {
        let squares = self.squares.capacity().saturating_mul(size_of::<Square>());
        let mornings = self.mornings.capacity().saturating_mul(size_of::<u16>());
        size_of::<Self>().saturating_add(squares).saturating_add(mornings)
    }

    fn usual(&self) -> impl Iterator<Item = Square> + '_ {
        self.squares.iter().copied().filter(|square| square.days >= USUAL_DAYS)
    }

    fn plane(&self) -> Option<Plane> {
        let (lat, lon) = self.origin?;
        Some(Plane::about(f64::from(lat) / 1e7, f64::from(lon) / 1e7))
    }

    fn place(&self, square: Square) -> Place {
        let middle = Point { x: middle_m(square.at.0), y: middle_m(square.at.1) };
        let middle = self.plane().map_or((0.0, 0.0), |plane| plane.degrees(middle));
        Place { middle, days: square.days }
    }
}

/// Degrees as the place is kept where the grid begins.
fn ten_millionths(lat: f64, lon: f64) -> (i32, i32) {
    (number::whole(lat * 1e7), number::whole(lon * 1e7))
}

fn middle_m(number: i16) -> f64 {
    (f64::from(number) + 0.5) * SQUARE_M
}

fn square_of(point: Point) -> (i16, i16) {
    let number = |metres: f64| {
        i16::try_from(number::whole((metres / SQUARE_M).floor())).unwrap_or(if metres < 0.0 {
            i16::MIN
        } else {
            i16::MAX
        })
    };
    (number(point.x), number(point.y))
}

/// How far a point is from a square; 0 within.
fn from_edge_m(square: Square, point: Point) -> f64 {
    let beyond = |number: i16, at: f64| ((at - middle_m(number)).abs() - SQUARE_M / 2.0).max(0.0);
    beyond(square.at.0, point.x).hypot(beyond(square.at.1, point.y))
}
