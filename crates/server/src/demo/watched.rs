//! How the demo's residents are watched: a fence round each home, armed for those who may lose the way, and a canal.

use super::people;
use firmware_sim::world;
use geofence::{Policy, fence::FenceEntry, fence::FenceKind, zone::ZoneEntry};
use model::{CoordinateError, ResidentId, Timestamp};
use serde_json::json;
use std::ops::RangeInclusive;
use store::{PutFence, PutPolicy, PutZone, Store, WatchPolicy};

/// These residents may lose the way, and are told stories of (`firmware-sim story`); the fences of the others are shown and do not alarm.
const MAY_LOSE_THE_WAY: RangeInclusive<u32> = 193..=200;
/// One of them goes to the market by bus: the fence alarms of no way that is a usual one, the canal and wandering are watched.
const GOES_BY_BUS: u32 = 199;
/// Of these wandering is looked for: they go nowhere but in stories of it, and in that of the bus. What other simulated walks look like
/// says nothing about wandering, for they are made up.
const MAY_WANDER: RangeInclusive<u32> = 197..=199;
/// Metres from home.
const FENCE_M: u32 = 200;
const CANAL: &str = "z-canal";
/// Metres of the banks that are as dangerous as the water: somebody who sits at the edge is seen a few metres off it.
const BANK_M: f64 = 15.0;

/// The district's canal, where the simulator has its water. A demo of before zones gets it too.
pub(super) async fn add_zone(store: &Store, at: Timestamp) -> anyhow::Result<()> {
    if !store.zones().await?.is_empty() {
        return Ok(());
    }
    store.write(PutZone { entry: canal()?, from_version: None, at, audit: Vec::new() }).await?;
    Ok(())
}

fn canal() -> Result<ZoneEntry, CoordinateError> {
    let corner = |corner: &world::Ground| corner.position().map(|place| [place.lon(), place.lat()]);
    let line = world::canal().iter().map(corner).collect::<Result<Vec<_>, _>>()?;
    Ok(ZoneEntry {
        id: CANAL.to_owned(),
        name: Some("北运河".to_owned()),
        kind: None,
        shape: json!({ "type": "Corridor", "line": line, "width_m": world::CANAL_WIDTH_M + 2.0 * BANK_M }),
        dwell_s: None,
    })
}

fn fence(number: u32) -> FenceEntry {
    let (lat, lon) = people::home(number);
    FenceEntry {
        id: format!("f-home-{number:04}"),
        name: Some("家".to_owned()),
        armed: Some(MAY_LOSE_THE_WAY.contains(&number) && number != GOES_BY_BUS),
        kind: FenceKind::Safe,
        shape: json!({ "type": "Circle", "center": [lon, lat], "radius_m": FENCE_M }),
        schedule: Vec::new(),
        dwell_s: None,
        home_by: Vec::new(),
    }
}

/// Of who may lose the way.
fn policy(number: u32) -> Option<Policy> {
    let wandering = Some(MAY_WANDER.contains(&number));
    MAY_LOSE_THE_WAY.contains(&number).then(|| Policy { dementia: true, wandering, ..Policy::default() })
}

/// The fence round the home, and the policy of who may lose the way.
pub(super) async fn add(
    store: &Store,
    number: u32,
    resident: &ResidentId,
    at: Timestamp,
) -> anyhow::Result<()> {
    if store.fences(Some(resident)).await?.is_empty() {
        let (entry, resident) = (fence(number), resident.clone());
        store.write(PutFence { resident, entry, from_version: None, at, audit: Vec::new() }).await?;
    }
    let Some(policy) = policy(number) else { return Ok(()) };
    if store.policy(resident).await?.is_none() {
        let (policy, resident) = (WatchPolicy { policy, ..WatchPolicy::default() }, resident.clone());
        store.write(PutPolicy { resident, policy, from_version: 0, at, audit: Vec::new() }).await?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "watched_tests.rs"]
mod tests;
