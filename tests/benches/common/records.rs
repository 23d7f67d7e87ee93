//! The records of a platform, written while it is at rest: people by the thousand, and what they carry.

use anyhow::Result;
use model::{HandsetId, ResidentId, SignedDuration, Timestamp};
use std::path::Path;
use store::{AddHandset, AddResident, BindHandset, Database, Keys, Resident, SetQuickTag, Store};
use tests::clock;
use tokio_util::sync::CancellationToken;

/// Handsets have been carried for so long: what they kept during an outage is their resident's.
const CARRIED_FOR: SignedDuration = SignedDuration::from_hours(25);

pub(crate) fn carried_since() -> Result<Timestamp> {
    Ok(clock::now().checked_sub(CARRIED_FOR)?)
}

/// Works on the records of a platform that does not run.
pub(crate) async fn at_rest(data: &Path, work: impl AsyncFnOnce(&Store) -> Result<()>) -> Result<()> {
    let keys = Keys::load_or_create(&data.join("keys.json"))?;
    let url = format!("sqlite://{}", data.join("jujiale.db").display());
    let (store, writer) = Store::open(&Database::from_url(&url)?, keys, None).await?;
    let stop = CancellationToken::new();
    let worked = async {
        let worked = work(&store).await;
        stop.cancel();
        worked
    };
    tokio::join!(writer.run(stop.clone()), worked).1
}

/// Somebody who lives alone.
pub(crate) async fn move_in(store: &Store, id: ResidentId) -> Result<()> {
    let resident = Resident {
        id,
        name: "王秀英".to_owned(),
        sex: "female".to_owned(),
        birth_date: "1941-03-02".to_owned(),
        lives_alone: true,
        cognitive_impairment: false,
        self_care: "partial".to_owned(),
        conditions: vec!["高血压".to_owned()],
        allergies: Vec::new(),
        home: None,
        division: None,
        identity_number: Some("11010519491231002X".to_owned()),
        telephone: Some("0527-88556266".to_owned()),
        address: Some("示例区项王路89号".to_owned()),
        contacts: Vec::new(),
    };
    store.write(AddResident { resident, keys: store.keys().clone(), audit: Vec::new() }).await?;
    Ok(())
}

/// It has proved itself by its tag, or never logs in; its hash is never asked for.
pub(crate) async fn give(
    store: &Store,
    handset: HandsetId,
    resident: ResidentId,
    from: Timestamp,
) -> Result<()> {
    store.write(AddHandset { handset: handset.clone(), secret_hash: "-".to_owned() }).await?;
    store.write(BindHandset { handset, resident, from }).await?;
    Ok(())
}

/// It is let in at once with its own name as its secret.
pub(crate) async fn let_in(store: &Store, handset: HandsetId) -> Result<()> {
    let tag = store.keys().quick_tag(handset.as_str(), handset.as_str().as_bytes());
    store.write(SetQuickTag { handset, tag, secret_hash: "-".to_owned() }).await?;
    Ok(())
}
