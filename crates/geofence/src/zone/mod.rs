//! Zones shared by all: rivers, roads, railways, hazard areas from the registers.
//!
//! A zone is forbidden ground for those whose policy asks (by default people with dementia). It alarms after a dwell, a
//! longer one after a ride, and never at the speed of a vehicle: a bus over the canal, one that is held up on the bridge, and a walk
//! across it are no alarm.
//!
//! [`Zones`] finds those near a place: a grid of cells over the district, each with the zones whose box comes within [`REACH_M`] of
//! it. What is further away than that counts as exactly that far, which saturates the evidence all the same.

mod grid;
pub mod visit;

use crate::plane::{Plane, Point};
use crate::shape::{Area, Limits, Shape, ShapeError};
use grid::Grid;
use model::Wgs84;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How far from a zone its evidence matters.
pub const REACH_M: f64 = 150.0;

/// Zones at most: two and a half times what the watch is measured with.
pub const ZONES_AT_MOST: usize = 5_000;

/// What a zone may be said to be; whatever it is, it is forbidden ground for those whose policy asks.
pub const KINDS: [&str; 9] =
    ["forbidden", "river", "lake", "canal", "pond", "road", "motorway", "railway", "hazard"];

/// A zone as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZoneEntry {
    /// Its name.
    pub id: String,
    /// What people call it; its id, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// One of [`KINDS`]; forbidden, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// GeoJSON, a Circle or a Corridor.
    pub shape: Value,
    /// For how long somebody must be inside; the rules' own time if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dwell_s: Option<f64>,
}

/// A zone that was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where.
    pub area: Area,
    /// For how long somebody must be inside.
    pub dwell_s: Option<f64>,
    /// Counts the drawings of all zones, so that a larger number is an edge that was drawn later; 0 where nobody counts.
    pub drawn: i64,
}

/// Why a zone cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ZoneError {
    /// Its shape.
    #[error("its shape cannot be used")]
    Shape(#[from] ShapeError),
    /// Its kind.
    #[error("its kind is {0:?}; a zone shared by all is forbidden ground: {kinds}", kinds = KINDS.join(", "))]
    Kind(String),
    /// Its dwell.
    #[error("dwell_s is {0}; it is a number of seconds from 0 to 86400")]
    Dwell(f64),
}

impl ZoneEntry {
    /// As other programs read it, and as `jujiale zones import` does.
    pub fn feature(&self) -> Result<Value, ShapeError> {
        let name = self.name.as_ref().unwrap_or(&self.id);
        let mut properties = json!({ "name": name, "kind": "forbidden" });
        if let (Some(members), Some(dwell_s)) = (properties.as_object_mut(), self.dwell_s) {
            members.insert("dwell_s".to_owned(), json!(dwell_s));
        }
        Ok(Shape::from_geojson(&self.shape)?.feature().with(&self.id, properties))
    }

    /// Whether another entry says the same, in whatever words.
    pub fn says_as(&self, other: &Self) -> bool {
        let name = |entry: &Self| entry.name.clone().unwrap_or_else(|| entry.id.clone());
        let shape = |entry: &Self| Shape::from_geojson(&entry.shape).ok();
        self.id == other.id
            && name(self) == name(other)
            && self.dwell_s == other.dwell_s
            && (self.shape == other.shape || (shape(self).is_some() && shape(self) == shape(other)))
    }
}

impl TryFrom<&ZoneEntry> for Zone {
    type Error = ZoneError;
    fn try_from(entry: &ZoneEntry) -> Result<Self, ZoneError> {
        if let Some(kind) = entry.kind.as_ref().filter(|kind| !KINDS.contains(&kind.as_str())) {
            return Err(ZoneError::Kind(kind.clone()));
        }
        if let Some(dwell_s) = entry.dwell_s.filter(|dwell_s| !(0.0..=86_400.0).contains(dwell_s)) {
            return Err(ZoneError::Dwell(dwell_s));
        }
        let area = Shape::from_geojson(&entry.shape)?.check(&Limits::ZONE)?;
        let name = entry.name.clone().unwrap_or_else(|| entry.id.clone());
        Ok(Self { id: entry.id.clone(), name, area, dwell_s: entry.dwell_s, drawn: 0 })
    }
}

/// All zones, and where they are.
#[derive(Debug, Clone, Default)]
pub struct Zones {
    all: Box<[Zone]>,
    grid: Option<Grid>,
    /// The newest drawing among them.
    drawn: i64,
}

impl Zones {
    /// Puts the zones where they can be found.
    pub fn new(zones: Vec<Zone>) -> Self {
        let grid = Grid::new(zones.iter().map(|zone| degrees_around(&zone.area)));
        let drawn = zones.iter().map(|zone| zone.drawn).max().unwrap_or_default();
        Self { all: zones.into(), grid, drawn }
    }

    /// The zone of a number.
    pub fn get(&self, number: u32) -> Option<&Zone> {
        self.all.get(usize::try_from(number).ok()?)
    }

    /// The number of a zone.
    pub fn number(&self, id: &str) -> Option<u32> {
        let place = self.all.iter().position(|zone| zone.id == id)?;
        u32::try_from(place).ok()
    }

    /// The newest drawing among them.
    pub fn drawn(&self) -> i64 {
        self.drawn
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Of how many cells the grid is.
    pub fn cells(&self) -> usize {
        self.grid.as_ref().map_or(0, Grid::cells)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The zones within [`REACH_M`], with the signed distance to each. Returned is a distance that no zone is nearer than; it is
    /// never more than the truth.
    pub fn near(&self, place: Wgs84, mut found: impl FnMut(u32, f64)) -> f64 {
        let Some(grid) = &self.grid else { return self.far_from_all(place, found) };
        let (numbers, to_border_m) = grid.cell(place.lat(), place.lon());
        // What is not in the cell's list is further than the reach from all of the cell.
        let mut nearest_m = to_border_m + REACH_M;
        for number in numbers {
            let Some(zone) = self.get(*number) else { continue };
            let distance_m = zone.area.within_reach_m(place, REACH_M);
            if distance_m <= REACH_M {
                found(*number, distance_m);
            }
            nearest_m = nearest_m.min(distance_m);
        }
        nearest_m
    }

    /// Without a grid there are no zones, or they are looked at one by one.
    fn far_from_all(&self, place: Wgs84, found: impl FnMut(u32, f64)) -> f64 {
        self.near_by_looking_at_all(place, found);
        if self.is_empty() { f64::INFINITY } else { 0.0 }
    }

    /// Zones that are looked at one by one, to test the grid against.
    #[cfg(test)]
    pub(crate) fn without_grid(zones: Vec<Zone>) -> Self {
        Self { all: zones.into(), grid: None, drawn: 0 }
    }

    /// As [`Zones::near`], by looking at every one: what the grid is tested against.
    pub fn near_by_looking_at_all(&self, place: Wgs84, mut found: impl FnMut(u32, f64)) {
        for (number, zone) in (0_u32..).zip(&self.all) {
            let distance_m = zone.area.signed_distance_m(place);
            if distance_m <= REACH_M {
                found(number, distance_m);
            }
        }
    }
}

/// The box round an area with its reach: south, west, north, east.
fn degrees_around(area: &Area) -> [f64; 4] {
    let (low, high) = area.bounds();
    let plane: &Plane = area.plane();
    // A metre more, for the two maps differ a little.
    let margin_m = REACH_M + 1.0 + (high.x - low.x).hypot(high.y - low.y) * 1e-3;
    let corner = |x: f64, y: f64| plane.degrees(Point { x, y });
    let (west, east) = (low.x - margin_m, high.x + margin_m);
    let (south, north) = (low.y - margin_m, high.y + margin_m);
    let corners = [corner(west, south), corner(west, north), corner(east, south), corner(east, north)];
    corners.into_iter().fold([90.0, 180.0, -90.0, -180.0], |[s, w, n, e], (lat, lon)| {
        [f64::min(s, lat), f64::min(w, lon), f64::max(n, lat), f64::max(e, lon)]
    })
}
