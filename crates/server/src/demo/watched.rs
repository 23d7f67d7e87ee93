//! How the demo's residents are watched: a fence round each home, armed for those who may lose the way, and a canal.

use super::people;
use geofence::{Policy, fence::FenceEntry, fence::FenceKind, zone::ZoneEntry};
use model::{ResidentId, Timestamp};
use serde_json::json;
use store::{PutFence, PutPolicy, PutZone, Store, WatchPolicy};

/// These residents may lose the way, and are told stories of (`firmware-sim story`); the fences of the others are shown and do not alarm.
const MAY_LOSE_THE_WAY: std::ops::RangeInclusive<u32> = 193..=200;
/// Metres from home.
const FENCE_M: u32 = 200;
const CANAL: &str = "z-canal";

/// A canal at the district's northern edge, where nobody lives. A demo of before zones gets it too.
pub(super) async fn add_zone(store: &Store, at: Timestamp) -> anyhow::Result<()> {
    if !store.zones().await?.is_empty() {
        return Ok(());
    }
    let line = [[118.255, 33.9815], [118.28, 33.9822], [118.305, 33.9818]];
    let entry = ZoneEntry {
        id: CANAL.to_owned(),
        name: Some("北运河".to_owned()),
        kind: None,
        shape: json!({ "type": "Corridor", "line": line, "width_m": 40 }),
        dwell_s: None,
    };
    store.write(PutZone { entry, from_version: None, at, audit: Vec::new() }).await?;
    Ok(())
}

/// The fence round the home, and the policy of who may lose the way.
pub(super) async fn add(
    store: &Store,
    number: u32,
    resident: &ResidentId,
    at: Timestamp,
) -> anyhow::Result<()> {
    let is_watched = MAY_LOSE_THE_WAY.contains(&number);
    if store.fences(Some(resident)).await?.is_empty() {
        let (lat, lon) = people::home(number);
        let entry = FenceEntry {
            id: format!("f-home-{number:04}"),
            name: Some("家".to_owned()),
            armed: Some(is_watched),
            kind: FenceKind::Safe,
            shape: json!({ "type": "Circle", "center": [lon, lat], "radius_m": FENCE_M }),
            schedule: Vec::new(),
            dwell_s: None,
            home_by: Vec::new(),
        };
        let resident = resident.clone();
        store.write(PutFence { resident, entry, from_version: None, at, audit: Vec::new() }).await?;
    }
    if is_watched && store.policy(resident).await?.is_none() {
        // The simulated walks are made up: what they look like says nothing about wandering.
        let policy = Policy { dementia: true, wandering: Some(false), ..Policy::default() };
        let (policy, resident) = (WatchPolicy { policy, ..WatchPolicy::default() }, resident.clone());
        store.write(PutPolicy { resident, policy, from_version: 0, at, audit: Vec::new() }).await?;
    }
    Ok(())
}
