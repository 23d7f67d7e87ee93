//! Those whose incidents stand open: each is somebody on record, and has pressed a handset of their own.

use crate::records;
use anyhow::Result;
use futures_util::future::try_join_all;
use model::{HandsetId, ResidentId};
use std::path::Path;
use store::Store;
use tests::{
    press,
    wire::{Version, Wire},
};

/// Written at once.
const AT_ONCE: usize = 1_000;

fn handset(number: usize) -> Result<HandsetId> {
    Ok(HandsetId::new(format!("desk-{number:05}"))?)
}

/// So many move in while the platform is at rest.
pub(crate) async fn settle(data: &Path, count: usize) -> Result<()> {
    records::at_rest(data, async |store| fill(store, count).await).await
}

async fn fill(store: &Store, count: usize) -> Result<()> {
    for first in (0..count).step_by(AT_ONCE) {
        try_join_all((first..count.min(first + AT_ONCE)).map(|number| move_in(store, number))).await?;
    }
    Ok(())
}

async fn move_in(store: &Store, number: usize) -> Result<()> {
    let resident = ResidentId::new(format!("desk-resident-{number:05}"))?;
    records::move_in(store, resident.clone()).await?;
    records::give(store, handset(number)?, resident, records::carried_since()?).await?;
    records::let_in(store, handset(number)?).await
}

/// One of them connects, presses, and is gone when the press is on disk.
pub(crate) async fn press_once(port: u16, number: usize) -> Result<()> {
    let handset = handset(number)?;
    let mut wire = Wire::connect(port, Version::V3, handset.as_str()).await?;
    let press = press(&format!("desk-{number}"), "desk", 1).to_string();
    wire.publish(&format!("jjl/{handset}/press"), 1, 1, press.as_bytes()).await
}
