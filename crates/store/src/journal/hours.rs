//! The last form of a track: a handset's fixes of one hour while one resident carried it, as one block. Pure.
//!
//! Times, numbers, boots and order stay exact. Measurements are rounded, to well below what any handset can measure:
//!
//! | what | rounded to |
//! |---|---|
//! | latitude, longitude | 0.000 000 1 degrees (1.1 cm) |
//! | accuracy | 0.1 m |
//! | speed | 0.01 m/s |
//! | bearing | 0.1 degrees |
//! | battery | 0.1 % |
//!
//! What would round to nothing (a radius of 2 cm, say) stays as it is.

use super::{
    block::{Block, Row, Span},
    codec::ROWS_AT_MOST,
};
use crate::bindings::Bindings;
use model::{HandsetId, ResidentId, Wgs84};
use std::collections::BTreeMap;

/// An hour, in microseconds.
pub(crate) const HOUR_US: i64 = 3_600_000_000;

/// A part of an hour of a track: rows that come late are a further part of the same hour.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) handset: HandsetId,
    /// Who carried it, by the bindings as they stood when the part was written.
    pub(crate) resident: Option<ResidentId>,
    pub(crate) hour_us: i64,
    pub(crate) fixes: i64,
    pub(crate) span: Span,
    pub(crate) body: Vec<u8>,
}

/// The hour that a moment is in.
pub(crate) fn hour_of(us: i64) -> i64 {
    us.saturating_sub(us.rem_euclid(HOUR_US))
}

/// Which rows go to their hours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ripe {
    /// Those of hours before this one.
    pub(crate) before_us: i64,
    /// And whatever came before this, so that a fix of a wrong time does not stay for ever.
    pub(crate) received_before_us: i64,
}

/// Makes parts, at most so many, of the rows that are ripe; gives back the rows that are left.
pub(crate) fn parts(all: &Block, bindings: &Bindings, ripe: Ripe, at_most: usize) -> (Vec<Part>, Vec<Row>) {
    let mut hours: BTreeMap<(i64, u32, Option<&ResidentId>), Vec<Row>> = BTreeMap::new();
    let mut left = Vec::new();
    for row in &all.rows {
        let hour = hour_of(row.fix_us);
        let owner = all.handset(row).and_then(|handset| bindings.owner(handset, row.fix_us));
        let key = (hour, row.handset, owner);
        let is_ripe = hour < ripe.before_us || row.received_us < ripe.received_before_us;
        if is_ripe && (hours.len() < at_most || hours.contains_key(&key)) {
            hours.entry(key).or_default().push(*row);
        } else {
            left.push(*row);
        }
    }
    let mut made = Vec::new();
    for ((hour_us, _, resident), mut rows) in hours {
        rows.sort_unstable_by_key(|row| (row.fix_us, row.number));
        made.extend(rows.chunks(ROWS_AT_MOST).filter_map(|rows| part(all, resident.cloned(), hour_us, rows)));
    }
    (made, left)
}

fn part(all: &Block, resident: Option<ResidentId>, hour_us: i64, rows: &[Row]) -> Option<Part> {
    let handset = all.handset(rows.first()?)?.clone();
    let mut block = all.part(rows.iter());
    block.rows.iter_mut().for_each(round);
    let fixes = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    Some(Part { handset, resident, hour_us, fixes, span: block.span(), body: block.encode() })
}

fn round(row: &mut Row) {
    let (lat, lon) = (to(row.lat, 1e7), to(row.lon, 1e7));
    if Wgs84::new(lat, lon).is_ok() {
        (row.lat, row.lon) = (lat, lon);
    }
    row.accuracy_m = to(row.accuracy_m, 10.0);
    row.speed_mps = row.speed_mps.map(|speed| to(speed, 100.0));
    row.bearing_deg = row.bearing_deg.map(|bearing| to(bearing, 10.0));
    row.battery_pct = row.battery_pct.map(|battery| to(battery, 10.0));
}

/// The nearest multiple of a part of one, unless that is nothing or beyond what is exact.
fn to(value: f64, parts_of_one: f64) -> f64 {
    let scaled = value * parts_of_one;
    let rounded = scaled.round() / parts_of_one;
    if rounded == 0.0 || scaled.abs() > 1e15 { value } else { rounded }
}

#[cfg(test)]
#[path = "hours_tests.rs"]
mod tests;
