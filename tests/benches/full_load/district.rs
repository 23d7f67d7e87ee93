//! The records of a district, written while the platform is at rest.

use anyhow::Result;
use model::{HandsetId, ResidentId, Timestamp};
use std::path::Path;
use store::{AddHandset, AddResident, BindHandset, Database, Keys, Resident, SetQuickTag, Store};
use tests::clock;
use tokio_util::sync::CancellationToken;

/// Known to the platform.
pub(crate) const RESIDENTS: u32 = 100_000;
/// Carried by the first of them.
pub(crate) const HANDSETS: u32 = 5_000;
/// Those and others that are known; connected only where it is said.
pub(crate) const KNOWN_HANDSETS: u32 = 10_000;
/// What stands before a handset's number of five digits.
pub(crate) const PREFIX: &str = "load-";
/// Written at once.
const AT_ONCE: u32 = 1_000;

pub(crate) async fn settle(data: &Path) -> Result<()> {
    let keys = Keys::load_or_create(&data.join("keys.json"))?;
    let url = format!("sqlite://{}", data.join("jujiale.db").display());
    let (store, writer) = Store::open(&Database::from_url(&url)?, keys, None).await?;
    let stop = CancellationToken::new();
    let filled = async {
        let filled = fill(&store).await;
        stop.cancel();
        filled
    };
    tokio::join!(writer.run(stop.clone()), filled).1
}

async fn fill(store: &Store) -> Result<()> {
    let since = clock::now();
    for first in (1..=RESIDENTS).step_by(usize::try_from(AT_ONCE)?) {
        let some = (first..first + AT_ONCE).map(|number| move_in(store, number, since));
        futures_util::future::try_join_all(some).await?;
    }
    Ok(())
}

async fn move_in(store: &Store, number: u32, since: Timestamp) -> Result<()> {
    let id = ResidentId::new(format!("load-resident-{number:06}"))?;
    let resident = Resident {
        id: id.clone(),
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
    if number > KNOWN_HANDSETS {
        return Ok(());
    }
    let handset = HandsetId::new(format!("{PREFIX}{number:05}"))?;
    let tag = store.keys().quick_tag(handset.as_str(), handset.as_str().as_bytes());
    // It has proved itself by its tag; its hash is never asked for.
    store.write(AddHandset { handset: handset.clone(), secret_hash: "-".to_owned() }).await?;
    store.write(SetQuickTag { handset: handset.clone(), tag, secret_hash: "-".to_owned() }).await?;
    store.write(BindHandset { handset, resident: id, from: since }).await?;
    Ok(())
}
