//! How often a handset is heard, and who misses it.

use crate::common::{
    House,
    made::{at, handset, move_in, resident},
    soon,
};
use protocol::PhoneName;
use store::{
    AddHandset, BindOwnTracks, ChangeHandset, HandsetChange, Phone, PutPolicy, UnbindPhone, WatchPolicy,
    WatchedResident,
};

const USUAL: Option<f64> = Some(3_600.0);

async fn watched(house: &House) -> WatchedResident {
    house.store.watched(Some(&resident("r1"))).await.unwrap().remove(0)
}

async fn heartbeat(house: &House, id: &str, heartbeat_s: Option<f64>) {
    let change = HandsetChange::Heartbeat(heartbeat_s);
    house.write(ChangeHandset { handset: handset(id), change, at: at(5), audit: Vec::new() }).await;
}

async fn bind(house: &House, id: &str, second: i64) {
    let (change, at) = (HandsetChange::Bind(resident("r1")), at(second));
    house.write(ChangeHandset { handset: handset(id), change, at, audit: Vec::new() }).await;
}

pub(crate) async fn an_interval_goes_with_its_handset(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    assert_eq!(
        watched(house).await.heartbeat_s(USUAL),
        USUAL,
        "nobody said so, and it is missed all the same"
    );
    assert_eq!(watched(house).await.heartbeat_s(None), None);
    heartbeat(house, "h1", Some(300.0)).await;
    assert_eq!(watched(house).await.heartbeat_s(USUAL), Some(300.0));
    let line = house.store.handset_line(&handset("h1"), at(6)).await.unwrap().unwrap();
    assert_eq!((line.heartbeat_s, line.resident.map(|(id, _)| id)), (Some(300.0), Some(resident("r1"))));
    // Another one is given to them: its interval is its own.
    house.write(AddHandset { handset: handset("h2"), secret_hash: "$h2$".to_owned() }).await;
    let unbind = HandsetChange::Unbind;
    house
        .write(ChangeHandset { handset: handset("h1"), change: unbind, at: at(10), audit: Vec::new() })
        .await;
    assert_eq!(watched(house).await.heartbeat_s(USUAL), None, "what is carried no more is missed by nobody");
    bind(house, "h2", 20).await;
    assert_eq!(watched(house).await.heartbeat_s(USUAL), USUAL);
    heartbeat(house, "h2", Some(0.0)).await;
    assert_eq!(watched(house).await.heartbeat_s(USUAL), None, "nobody is to miss it");
    // What is said of the wearer holds against it.
    let policy = WatchPolicy { heartbeat_s: Some(900.0), ..WatchPolicy::default() };
    let put = PutPolicy { resident: resident("r1"), policy, from_version: 0, at: at(21), audit: Vec::new() };
    house.write(put).await;
    assert_eq!(watched(house).await.heartbeat_s(USUAL), Some(900.0));
    // Of the first handset nobody was to be told when its interval changed: nobody carried it.
    heartbeat(house, "h1", None).await;
    let changes = soon("a change for each that bears on them", async || {
        let found = house.store.watch_changes_after(0, 10).await.unwrap();
        (found.len() == 3).then_some(found)
    })
    .await;
    assert!(changes.iter().all(|change| change.resident == Some(resident("r1"))), "{changes:?}");
}

/// An app is silent while nobody moves: of who goes out with a telephone nothing is usual.
pub(crate) async fn telephones_are_missed_only_where_somebody_said_how_often(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let keys = house.store.keys().clone();
    let name = PhoneName::new("wang", "redmi").unwrap();
    let bound = BindOwnTracks {
        handset: handset("h1"),
        from: None,
        name: name.clone(),
        passphrase: None,
        keys: keys.clone(),
        audit: Vec::new(),
    };
    house.write(bound).await;
    assert_eq!(watched(house).await.heartbeat_s(USUAL), None);
    heartbeat(house, "h1", Some(1_800.0)).await;
    assert_eq!(watched(house).await.heartbeat_s(USUAL), Some(1_800.0));
    heartbeat(house, "h1", None).await;
    let phone = Phone::OwnTracks(name);
    house.write(UnbindPhone { handset: handset("h1"), phone, audit: Vec::new() }).await;
    assert_eq!(watched(house).await.heartbeat_s(USUAL), USUAL);
    assert_eq!(house.ask("SELECT COUNT(*) FROM watch_changes").await, 4, "the watch hears of each");
}
