//! From a press to its bytes, its signal and its receipt.

use geofence::falls::{Assessment, Worn};
use model::{Remark, Signal, SignedDuration};
use protocol::decode_fall;
use std::collections::BTreeSet;
use store::{AddResident, BindHandset, LoggedSignal, Settle, TakeFall, TakePress, TakenPress};

use crate::common::{
    House,
    made::{at, fix, handset, move_in, person, press, resident, take},
    soon,
};

pub(crate) fn new(taken: TakenPress) -> Signal {
    match taken {
        TakenPress::New(signal) => *signal,
        TakenPress::Repeat => unreachable!("taken for a repeat"),
    }
}

async fn signals(house: &House, count: usize) -> Vec<LoggedSignal> {
    soon("the log shows its signals", async || {
        let found = house.store.signals_after(0, 100).await.unwrap();
        (found.len() >= count).then_some(found)
    })
    .await
}

pub(crate) async fn a_press_becomes_its_bytes_a_signal_and_a_receipt(house: &House) {
    let bytes = press("p-1");
    let signal = new(house.write(take("h1", &bytes, at(60))).await);
    assert_eq!((signal.press_id.as_deref(), signal.received_at), (Some("p-1"), at(60)));
    assert_eq!(house.store.press_payload(&signal.id).await.unwrap().unwrap(), bytes.as_bytes());

    let logged = signals(house, 1).await;
    assert_eq!(logged.iter().map(|logged| &logged.signal).collect::<Vec<_>>(), [&signal]);
    assert!(house.store.signals_after(logged[0].row, 10).await.unwrap().is_empty());

    let waiting = house.store.waiting(&handset("h1"), 0, 10, at(61)).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].topic, "jjl/h1/down/receipt");
    let receipt: serde_json::Value = serde_json::from_str(&waiting[0].payload).unwrap();
    assert_eq!(receipt, serde_json::json!({"press_id": "p-1", "received_at": at(60)}));
    assert_eq!(house.store.incident_of_signal(&signal.id).await.unwrap(), None);
}

pub(crate) async fn a_repeat_is_receipted_again_and_changes_nothing(house: &House) {
    new(house.write(take("h1", press("p-1"), at(60))).await);
    let first = house.store.waiting(&handset("h1"), 0, 10, at(61)).await.unwrap();
    let again = house.write(take("h1", press("p-1"), at(75))).await;
    assert_eq!(again, TakenPress::Repeat);

    let second = house.store.waiting(&handset("h1"), first[0].row, 10, at(76)).await.unwrap();
    assert_eq!(second.len(), 1, "the receipt stands again behind what was sent before");
    assert_eq!(second[0].payload, first[0].payload, "and says when the press was first on disk");
    assert_eq!(house.store.waiting(&handset("h1"), 0, 10, at(76)).await.unwrap().len(), 1);
    for table in ["presses", "signals"] {
        assert_eq!(house.ask(&format!("SELECT COUNT(*) FROM {table}")).await, 1, "{table}");
    }
}

pub(crate) async fn a_cancel_may_come_first(house: &House) {
    let cancel = press("p-1").replace("\"fix\"", "\"cancel\":true,\"fix\"");
    let cancelled = new(house.write(take("h1", &cancel, at(60))).await);
    assert!(cancelled.cancel && cancelled.remarks.contains(&Remark::CancelBeforePress), "{cancelled:?}");
    let pressed = new(house.write(take("h1", press("p-1"), at(61))).await);
    assert!(pressed.remarks.contains(&Remark::CancelledEarlier), "{pressed:?}");
    assert!(!pressed.remarks.contains(&Remark::IdReused), "a cancel has the id of its press");

    new(house.write(take("h1", press("p-2"), at(62))).await);
    let in_order = new(house.write(take("h1", cancel.replace("p-1", "p-2"), at(63))).await);
    assert!(!in_order.remarks.contains(&Remark::CancelBeforePress), "{in_order:?}");
    assert_eq!(house.write(take("h1", &cancel, at(64))).await, TakenPress::Repeat);
    let elsewhere = new(house.write(take("h2", &cancel, at(65))).await);
    assert!(elsewhere.remarks.contains(&Remark::CancelBeforePress), "another handset's press is not meant");
}

/// Whoever was away when both were taken hears of both.
pub(crate) async fn a_press_and_its_cancel_each_have_a_receipt(house: &House) {
    let cancel = press("p-1").replace("\"fix\"", "\"cancel\":true,\"fix\"");
    new(house.write(take("h1", press("p-1"), at(60))).await);
    new(house.write(take("h1", &cancel, at(61))).await);
    let waiting = house.store.waiting(&handset("h1"), 0, 10, at(62)).await.unwrap();
    let receipts: Vec<serde_json::Value> =
        waiting.iter().map(|message| serde_json::from_str(&message.payload).unwrap()).collect();
    let expected = [
        serde_json::json!({"press_id": "p-1", "received_at": at(60)}),
        serde_json::json!({"press_id": "p-1", "received_at": at(61), "cancel": true}),
    ];
    assert_eq!(receipts, expected);
}

/// Ids come again after a reboot: what was told of the first press stays told of it.
pub(crate) async fn presses_of_one_id_each_have_a_receipt(house: &House) {
    let first = new(house.write(take("h1", press("p-1"), at(60))).await);
    let row = house.store.waiting(&handset("h1"), 0, 10, at(61)).await.unwrap()[0].row;
    house.write(Settle { handset: handset("h1"), row, at: at(62) }).await;
    let rebooted = press("p-1").replace("\"boot\":\"b\"", "\"boot\":\"c\"");
    let second = new(house.write(take("h1", &rebooted, at(600))).await);
    let waiting = house.store.waiting(&handset("h1"), 0, 10, at(601)).await.unwrap();
    assert_eq!(waiting.len(), 1, "the first has its own");
    house.write(Settle { handset: handset("h1"), row: waiting[0].row, at: at(602) }).await;

    let listener = handset("h1");
    let incident = model::IncidentId::opened_by(&first.id);
    let told = house.store.told(&incident, &BTreeSet::from([&listener])).await.unwrap();
    let found: BTreeSet<_> = told.iter().map(|told| (told.key.clone(), told.settled_at)).collect();
    let its = |signal: &Signal, second| (format!("receipt:{}", signal.id), Some(at(second)));
    assert_eq!(found, BTreeSet::from([its(&first, 62), its(&second, 602)]));

    // A repeat is receipted again as the press that it repeats, and nothing of the other changes.
    assert_eq!(house.write(take("h1", press("p-1"), at(700))).await, TakenPress::Repeat);
    let again = house.store.waiting(&handset("h1"), 0, 10, at(701)).await.unwrap();
    let receipt: serde_json::Value = serde_json::from_str(&again[0].payload).unwrap();
    assert_eq!((again.len(), &receipt["received_at"]), (1, &serde_json::json!(at(60))));
}

pub(crate) async fn a_press_knows_who_carried_the_handset_then(house: &House) {
    move_in(house, "r1", "h1", at(30)).await;
    let before = press("p-1").replace("08:00:00", "08:00:29");
    let unbound = new(house.write(take("h1", before, at(60))).await);
    assert_eq!(unbound.resident, None);
    assert!(unbound.remarks.contains(&Remark::Unbound));
    let after = press("p-1").replace("08:00:00", "08:00:30");
    let bound = new(house.write(take("h1", after, at(60))).await);
    assert_eq!(bound.resident.as_ref().map(model::ResidentId::as_str), Some("r1"));
    assert!(!bound.remarks.contains(&Remark::Unbound));
}

pub(crate) async fn without_a_fix_the_last_known_stands_in(house: &House) {
    let nowhere = new(house.write(take("h1", press("p-1"), at(60))).await);
    assert!(nowhere.remarks.contains(&Remark::NoPosition));
    let last_known = Some(fix(at(5)));
    let job = TakePress { last_known: last_known.clone(), ..take("h1", press("p-2"), at(60)) };
    let somewhere = new(house.write(job).await);
    assert_eq!(somewhere.fix, last_known);
    assert!(somewhere.remarks.contains(&Remark::LastKnown));
}

pub(crate) async fn where_the_one_before_was_is_not_told_of_the_next(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let keys = house.store.keys().clone();
    house.write(AddResident { resident: person("r2", "李国强"), keys, audit: Vec::new() }).await;
    house.write(BindHandset { handset: handset("h1"), resident: resident("r2"), from: at(20) }).await;
    let mut found = Vec::new();
    for (fixed, second) in [(10, 19), (10, 21), (20, 22)] {
        let pressed = press(&format!("p-{second}")).replace("08:00:00", &format!("08:00:{second}"));
        let job = TakePress { last_known: Some(fix(at(fixed))), ..take("h1", pressed, at(second)) };
        let signal = new(house.write(job).await);
        assert_eq!(signal.fix.is_some(), signal.remarks.contains(&Remark::LastKnown));
        assert_eq!(signal.fix.is_none(), signal.remarks.contains(&Remark::NoPosition));
        found.push((signal.resident.map(|id| id.to_string()), signal.fix.map(|fix| fix.fix_time)));
    }
    let of = |resident: &str, second: Option<i64>| (Some(resident.to_owned()), second.map(at));
    assert_eq!(found, [of("r1", Some(10)), of("r2", None), of("r2", Some(20))]);
}

pub(crate) async fn ten_megabytes_are_kept_whole(house: &House) {
    let bytes = [press("p-1").into_bytes(), vec![b' '; 10 * 1024 * 1024]].concat();
    let signal = new(house.write(take("h1", &bytes, at(60))).await);
    assert!(house.store.press_payload(&signal.id).await.unwrap().unwrap() == bytes, "byte for byte");

    let mut cut = take("h1", &bytes[..1024], at(61));
    cut.full_size = 20 * 1024 * 1024;
    cut.press.press_id = Some("p-2".to_owned());
    let signal = new(house.write(cut).await);
    assert!(signal.remarks.contains(&Remark::Oversized));
    assert_eq!(house.ask("SELECT MAX(full_size) FROM presses").await, 20 * 1024 * 1024);
}

pub(crate) async fn what_cannot_be_read_is_kept_whole(house: &House) {
    let all_bytes: Vec<u8> = (0..=u8::MAX).collect();
    for (bytes, remark) in [(all_bytes, Remark::Unreadable), (Vec::new(), Remark::Empty)] {
        let signal = new(house.write(take("h1", &bytes, at(60))).await);
        assert!(signal.remarks.contains(&remark), "{signal:?}");
        assert_eq!(house.store.press_payload(&signal.id).await.unwrap().unwrap(), bytes);
        let misfits = house.store.quarantined(i64::MAX, 1).await.unwrap();
        assert_eq!((&misfits[0].payload, misfits[0].handset.clone()), (&bytes, Some(handset("h1"))));
        assert!(!misfits[0].reason.is_empty());
    }
    house.write(take("h1", press("p-1"), at(61))).await;
    assert_eq!(house.store.quarantined(i64::MAX, 10).await.unwrap().len(), 2, "a whole one is no misfit");
}

pub(crate) async fn a_fall_is_taken_once(house: &House) {
    let bytes = br#"{"fall_id":"f-1","boot":"b","seq":4,"at":"2026-11-23T08:00:00Z","fix":null}"#;
    let fall = || TakeFall {
        handset: handset("h1"),
        fall: decode_fall(bytes, at(60)).message,
        payload: bytes.to_vec(),
        assessment: Assessment::without(Worn::Waist),
        answer_within: SignedDuration::from_secs(60),
        clock_ahead: None,
        last_known: None,
        received_at: at(60),
    };
    let signal = house.write(fall()).await.unwrap();
    assert!(signal.remarks.contains(&Remark::Unjudged));
    assert_eq!(house.write(fall()).await, None);
    let logged = signals(house, 1).await;
    let logged: Vec<_> = logged.into_iter().map(|logged| logged.signal).collect();
    assert_eq!(logged.iter().map(|logged| &logged.id).collect::<Vec<_>>(), [&signal.id]);
    let evidence = logged[0].evidence.as_deref().unwrap();
    assert_eq!((evidence.rule.as_str(), evidence.probability), ("fall/not_judged", None));
}
