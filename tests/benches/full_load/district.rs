//! The records of a district, written while the platform is at rest.

use crate::records::{self, at_rest, carried_since};
use anyhow::Result;
use firmware_sim::load::street;
use geofence::{
    Policy,
    fence::{FenceEntry, FenceKind},
};
use model::{HandsetId, ResidentId, Timestamp};
use serde_json::{Value, json};
use std::path::Path;
use store::{PutFence, PutPolicy, Store, WatchPolicy};

/// Known to the platform.
pub(crate) const RESIDENTS: u32 = 100_000;
/// Carried by the first of them.
pub(crate) const HANDSETS: u32 = 5_000;
/// The first of these, for whom loads speak that send positions of now. The others send what they kept during an outage, and nothing else.
pub(crate) const WALKING: u32 = 2_000;
/// Those and others that are known; connected only where it is said.
pub(crate) const KNOWN_HANDSETS: u32 = 20_000;
/// Those of whom the residents have a fence and are watched.
const WATCHED: u32 = 10_000;
/// What stands before a handset's number of five digits.
pub(crate) const PREFIX: &str = "load-";
/// One in so many has a fence that the walk leads out of.
const LEAVES: u32 = 250;
/// Of those who are not among the walking, to one in so many a piece of the street is forbidden, two hundred in all: the hour they kept leads into it and
/// out again, and where they are at its end is far from it. A past that were judged as if it were now would be two hundred alarms.
const PASSES: u32 = 15;
/// About the middle of their street: the way of an hour is the first 360 m of it.
const FORBIDDEN_M: u32 = 60;
/// Written at once.
const AT_ONCE: u32 = 1_000;

pub(crate) fn handset(number: u32) -> Result<HandsetId> {
    Ok(HandsetId::new(format!("{PREFIX}{number:05}"))?)
}

pub(crate) fn resident(number: u32) -> Result<ResidentId> {
    Ok(ResidentId::new(format!("load-resident-{number:06}"))?)
}

/// Everybody moves in.
pub(crate) async fn settle(data: &Path) -> Result<()> {
    at_rest(data, fill).await
}

async fn fill(store: &Store) -> Result<()> {
    let since = carried_since()?;
    for first in (1..=RESIDENTS).step_by(usize::try_from(AT_ONCE)?) {
        let some = (first..first + AT_ONCE).map(|number| move_in(store, number, since));
        futures_util::future::try_join_all(some).await?;
    }
    Ok(())
}

/// Those who moved in without a handset get one.
pub(crate) async fn hand_out(store: &Store) -> Result<()> {
    let since = carried_since()?;
    for first in (KNOWN_HANDSETS + 1..=RESIDENTS).step_by(usize::try_from(AT_ONCE)?) {
        let some = (first..first + AT_ONCE).map(|number| give(store, number, since));
        futures_util::future::try_join_all(some).await?;
    }
    Ok(())
}

async fn move_in(store: &Store, number: u32, since: Timestamp) -> Result<()> {
    records::move_in(store, resident(number)?).await?;
    if number > KNOWN_HANDSETS {
        return Ok(());
    }
    give(store, number, since).await?;
    let handset = handset(number)?;
    if number <= WATCHED {
        watch(store, number, &handset, since).await?;
    }
    records::let_in(store, handset).await
}

async fn give(store: &Store, number: u32, from: Timestamp) -> Result<()> {
    records::give(store, handset(number)?, resident(number)?, from).await
}

/// A fence or two, zones and wandering. The load walks a street of 400 m to and fro. Most have the whole of it in their fence, its ends so
/// near the edge that fixes there must be measured; a few leave theirs after 200 m, for alarms come among the fixes of any
/// day, and not from everybody at once.
async fn watch(store: &Store, number: u32, handset: &HandsetId, at: Timestamp) -> Result<()> {
    let [begin, end] = street(handset);
    let middle = (f64::midpoint(begin.0, end.0), f64::midpoint(begin.1, end.1));
    let ((lat, lon), radius_m) = if number.is_multiple_of(LEAVES) { (begin, 200) } else { (middle, 300) };
    let home = json!({ "type": "Circle", "center": [lon, lat], "radius_m": radius_m });
    put_fence(store, number, FenceKind::Safe, home, at).await?;
    if (WALKING + 1..=HANDSETS).contains(&number) && number.is_multiple_of(PASSES) {
        let passed = json!({ "type": "Circle", "center": [middle.1, middle.0], "radius_m": FORBIDDEN_M });
        put_fence(store, number, FenceKind::Forbidden, passed, at).await?;
    }
    let policy = Policy { zones: Some(true), wandering: Some(true), ..Policy::default() };
    let policy = WatchPolicy { policy, ..WatchPolicy::default() };
    let policy = PutPolicy { resident: resident(number)?, policy, from_version: 0, at, audit: Vec::new() };
    store.write(policy).await?;
    Ok(())
}

async fn put_fence(store: &Store, number: u32, kind: FenceKind, shape: Value, at: Timestamp) -> Result<()> {
    let (id, name) = match kind {
        FenceKind::Safe => ("home", "家"),
        FenceKind::Forbidden => ("passed", "池塘"),
    };
    let entry = FenceEntry {
        id: format!("f-load-{id}-{number:05}"),
        name: Some(name.to_owned()),
        armed: Some(true),
        kind,
        shape,
        schedule: Vec::new(),
        dwell_s: None,
        home_by: Vec::new(),
    };
    let fence = PutFence { resident: resident(number)?, entry, from_version: None, at, audit: Vec::new() };
    store.write(fence).await?;
    Ok(())
}
