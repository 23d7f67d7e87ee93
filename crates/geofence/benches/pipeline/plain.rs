//! `geo` and `rstar` used plainly, on a flat map in metres: side and distance of a resident's three fences, and of the zones within
//! reach. Nothing is remembered and nothing decided.

use crate::data::{Batch, District, Failure, HOME_RADIUS_M, Home, METRES_PER_DEGREE, MIDDLE, Ring};
use crate::measure;
use crate::race::{Runner, Taken};
use geo::{BoundingRect as _, Contains as _, Coord, Distance as _, Euclidean, LineString, Point, Polygon};
use geofence::zone::REACH_M;
use model::{Fix, HandsetId};
use rstar::{RTree, primitives::GeomWithData, primitives::Rectangle};
use std::{collections::HashMap, hint::black_box, time::Duration};

struct Own {
    home: Point,
    rings: [Polygon; 2],
}

pub(crate) struct Plain {
    carried: HashMap<HandsetId, Own>,
    zones: Vec<Polygon>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl Runner for Plain {
    fn run(&mut self, round: &[Batch]) -> Taken {
        let mut stepped = Duration::ZERO;
        for batch in round {
            let mut sum = 0.0;
            stepped += measure(|| {
                sum = batch.iter().filter_map(|(handset, fix)| self.look(handset, fix)).sum::<f64>();
            });
            black_box(sum);
        }
        Taken { stepped, ..Taken::default() }
    }
}

impl Plain {
    pub(crate) fn new(district: &District) -> Result<Self, Failure> {
        let zones: Vec<Polygon> = district.zones.iter().map(polygon).collect();
        let within_reach = |(number, zone): (usize, &Polygon)| {
            let around = zone.bounding_rect()?;
            let low = [around.min().x - REACH_M, around.min().y - REACH_M];
            let high = [around.max().x + REACH_M, around.max().y + REACH_M];
            Some(GeomWithData::new(Rectangle::from_corners(low, high), number))
        };
        let boxes: Option<Vec<_>> = zones.iter().enumerate().map(within_reach).collect();
        let tree = RTree::bulk_load(boxes.ok_or("a zone without corners")?);
        let carried = district.homes.iter().map(|home| (home.handset.clone(), Own::of(home))).collect();
        Ok(Self { carried, zones, tree })
    }

    /// The sum of all distances, so that each is reckoned.
    fn look(&self, handset: &HandsetId, fix: &Fix) -> Option<f64> {
        let own = self.carried.get(handset)?;
        let here = Point(metres([fix.position.lon(), fix.position.lat()]));
        let fences = Euclidean.distance(here, own.home) - HOME_RADIUS_M
            + own.rings.iter().map(|ring| signed_m(here, ring)).sum::<f64>();
        let near = self.tree.locate_all_at_point(&[here.x(), here.y()]);
        let zones = near.filter_map(|found| self.zones.get(found.data));
        Some(fences + zones.map(|zone| signed_m(here, zone)).sum::<f64>())
    }
}

impl Own {
    fn of(home: &Home) -> Self {
        let rings = home.rings.each_ref().map(polygon);
        Self { home: Point(metres([home.lon, home.lat])), rings }
    }
}

fn signed_m(here: Point, polygon: &Polygon) -> f64 {
    let apart_m = Euclidean.distance(&here, polygon.exterior());
    if polygon.contains(&here) { -apart_m } else { apart_m }
}

fn polygon(ring: &Ring) -> Polygon {
    let ring: LineString = ring.iter().map(|position| metres(*position)).collect();
    Polygon::new(ring, Vec::new())
}

/// Metres from the middle of the district.
pub(crate) fn metres([lon, lat]: [f64; 2]) -> Coord {
    let east = (lon - MIDDLE.1) * METRES_PER_DEGREE * MIDDLE.0.to_radians().cos();
    Coord { x: east, y: (lat - MIDDLE.0) * METRES_PER_DEGREE }
}
