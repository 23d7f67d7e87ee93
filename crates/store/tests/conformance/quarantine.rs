//! What could not be understood.

use store::{AddResident, BindHandset, Quarantine};

use crate::common::{
    House,
    made::{at, handset, move_in, person, resident},
};

fn misfit(from: Option<&str>, second: i64, payload: &[u8]) -> Quarantine {
    Quarantine {
        handset: from.map(handset),
        topic: "jjl/h1/\0fix'".to_owned(),
        received_at: at(second),
        reason: "lat: 99 \0 is not a latitude".to_owned(),
        payload: payload.to_vec(),
    }
}

/// Who carries the handset now did not send what it sent before.
pub(crate) async fn a_misfit_is_theirs_who_carried_the_handset_then(house: &House) {
    move_in(house, "r1", "h1", at(10)).await;
    let keys = house.store.keys().clone();
    house.write(AddResident { resident: person("r2", "李国强"), keys, audit: Vec::new() }).await;
    house.write(BindHandset { handset: handset("h1"), resident: resident("r2"), from: at(20) }).await;
    let sent = [(Some("h1"), 9), (Some("h1"), 10), (Some("h1"), 20), (Some("h2"), 15), (None, 15)];
    for (from, second) in sent {
        house.write(misfit(from, second, b"x")).await;
    }
    let found = house.store.quarantined(i64::MAX, 10).await.unwrap();
    let whose: Vec<_> = found.into_iter().rev().map(|one| one.resident).collect();
    assert_eq!(whose, [None, Some(resident("r1")), Some(resident("r2")), None, None]);
}

pub(crate) async fn misfits_are_kept_whole_with_the_reason(house: &House) {
    let all_bytes: Vec<u8> = (0..=u8::MAX).collect();
    house.write(misfit(Some("h1"), 1, &all_bytes)).await;
    house.write(misfit(None, 2, b"")).await;
    house.write(misfit(Some("h1"), 3, b"\0")).await;
    let found = house.store.quarantined(i64::MAX, 2).await.unwrap();
    assert_eq!(found.iter().map(|one| one.payload.as_slice()).collect::<Vec<_>>(), [b"\0".as_slice(), b""]);
    let older = house.store.quarantined(found[1].row, 2).await.unwrap();
    assert_eq!((older.len(), &older[0].payload), (1, &all_bytes));
    assert_eq!((older[0].handset.clone(), older[0].received_at), (Some(handset("h1")), at(1)));
    assert_eq!(
        (older[0].topic.as_str(), older[0].reason.as_str()),
        ("jjl/h1/␀fix'", "lat: 99 ␀ is not a latitude")
    );
    assert_eq!(found[1].handset, None);
}

pub(crate) async fn misfits_are_counted_by_sender(house: &House) {
    for (from, second) in [(Some("h1"), 1), (Some("h1"), 2), (Some("h2"), 2), (None, 3)] {
        house.write(misfit(from, second, b"x")).await;
    }
    let h1 = handset("h1");
    assert_eq!(house.store.count_quarantined(Some(&h1), at(0)).await.unwrap(), 2);
    assert_eq!(house.store.count_quarantined(Some(&h1), at(2)).await.unwrap(), 1);
    assert_eq!(house.store.count_quarantined(None, at(0)).await.unwrap(), 1);
}
