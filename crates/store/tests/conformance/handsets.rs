//! Handsets: who carried them when, what they know and say.

use geofence::{
    FenceKey, Moment, Remembered, State,
    fence::{
        FenceEntry,
        tracker::{Side, Tracker},
    },
    zone::Zones,
};
use model::{Remark, Severity, SignalKind, SignedDuration};
use serde_json::json;
use store::{
    AddHandset, AddProved, AddResident, BindHandset, Carried, HandsetMessage, KeepStates, NoteLogIn, Places,
    PutFence, PutStatus, Quarantine, SetQuickTag, StoredState, TakeMessage, secrets,
};

use crate::common::{
    House,
    made::{at, handset, move_in, person, resident},
};

pub(crate) async fn a_binding_holds_from_its_beginning_to_its_end(house: &House) {
    move_in(house, "r1", "h1", at(10)).await;
    let keys = house.store.keys().clone();
    house.write(AddResident { resident: person("r2", "李国强"), keys, audit: Vec::new() }).await;
    house.write(BindHandset { handset: handset("h1"), resident: resident("r2"), from: at(20) }).await;
    for (second, whose) in
        [(9, None), (10, Some("r1")), (19, Some("r1")), (20, Some("r2")), (9_999, Some("r2"))]
    {
        let found = house.store.resident_of(&handset("h1"), at(second)).await.unwrap();
        assert_eq!(found, whose.map(resident), "at {second}");
    }
    assert_eq!(house.store.resident_of(&handset("h2"), at(15)).await.unwrap(), None);
    assert_eq!(house.store.handset_of(&resident("r1")).await.unwrap(), None, "it was given on");
    assert_eq!(house.store.handset_of(&resident("r2")).await.unwrap(), Some(handset("h1")));
    house.write(AddHandset { handset: handset("h2"), secret_hash: "-".to_owned() }).await;
    house.write(BindHandset { handset: handset("h2"), resident: resident("r1"), from: at(30) }).await;
    let carried = |id: &str, from, to: Option<i64>| Carried {
        handset: handset(id),
        is_telephone: false,
        from: at(from),
        to: to.map(at),
    };
    let all = house.store.carried_by(&resident("r1")).await.unwrap();
    assert_eq!(
        all,
        [carried("h2", 30, None), carried("h1", 10, Some(20))],
        "the newest first, ended ones too"
    );
    let unknown = BindHandset { handset: handset("h9"), resident: resident("r1"), from: at(30) };
    assert!(house.store.write(unknown).await.is_err());
}

pub(crate) async fn the_newest_word_of_a_handset_is_kept(house: &House) {
    let h1 = handset("h1");
    let put = |ahead: Option<i64>, status: Option<&str>, second| PutStatus {
        handset: handset("h1"),
        clock_ahead: ahead.map(SignedDuration::from_secs),
        status: status.map(str::to_owned),
        at: at(second),
    };
    assert_eq!(house.store.clock_ahead(&h1).await.unwrap(), None);
    house.write(put(None, Some("{}"), 1)).await;
    assert_eq!(house.store.clock_ahead(&h1).await.unwrap(), None);
    house.write(put(Some(-3_600), None, 2)).await;
    assert_eq!(house.store.clock_ahead(&h1).await.unwrap(), Some(SignedDuration::from_secs(-3_600)));
    let told = format!(
        "SELECT COUNT(*) FROM handset_state WHERE status = '{{}}' AND status_at_us = {}",
        at(1).as_microsecond()
    );
    assert_eq!(house.ask(&told).await, 1, "what is learnt of its clock does not make its status younger");

    let message = |identity: Option<&str>| TakeMessage {
        handset: handset("h1"),
        kind: "answer",
        identity: identity.map(str::to_owned),
        payload: vec![0, 255],
        received_at: at(3),
    };
    assert!(house.write(message(Some("i"))).await);
    assert!(!house.write(message(Some("i"))).await);
    assert!(house.write(message(None)).await && house.write(message(None)).await);
    assert_eq!(house.ask("SELECT COUNT(*) FROM handset_messages").await, 3);
    let removed = house.write(store::RemoveOldMessages { before: at(3) }).await;
    assert_eq!(removed, 0, "they came at that moment");
    let said = house.store.messages_of(&h1, 2).await.unwrap();
    let answer = HandsetMessage { kind: "answer".to_owned(), payload: vec![0, 255] };
    assert_eq!(said, [answer.clone(), answer]);
    assert_eq!(house.store.messages_of(&handset("h2"), 2).await.unwrap(), []);
    let old = Quarantine {
        handset: None,
        topic: "x".to_owned(),
        received_at: at(3),
        reason: "no such topic".to_owned(),
        payload: vec![0],
    };
    house.write(old).await;
    assert_eq!(house.write(store::RemoveOldMessages { before: at(4) }).await, 4, "and one of the quarantine");
    assert_eq!(house.store.messages_of(&h1, 2).await.unwrap(), []);
}

pub(crate) async fn a_telephones_last_will_is_told_from_its_words(house: &House) {
    house.write(AddHandset { handset: handset("h1"), secret_hash: "-".to_owned() }).await;
    for (second, kind) in [(1, "status"), (2, "lwt"), (3, "transition")] {
        let (payload, received_at) = (b"{}".to_vec(), at(second));
        let message = TakeMessage { handset: handset("h1"), kind, identity: None, payload, received_at };
        assert!(house.write(message).await);
    }
    let heard = house.store.messages_after(0, 10).await.unwrap();
    let heard: Vec<_> = heard
        .iter()
        .map(|message| (message.received_at, message.status.as_deref(), message.is_gone))
        .collect();
    assert_eq!(heard, [(at(1), Some(&b"{}"[..]), false), (at(2), None, true), (at(3), None, false)]);
}

pub(crate) async fn a_credential_is_found_by_its_handset(house: &House) {
    let h1 = handset("h1");
    assert_eq!(house.store.credential(&h1).await.unwrap(), None);
    house.write(AddHandset { handset: h1.clone(), secret_hash: "$argon2id$…".to_owned() }).await;
    let known = house.store.credential(&h1).await.unwrap().unwrap();
    assert_eq!((known.secret_hash.as_str(), known.quick_tag), ("$argon2id$…", None));
    let tag = house.store.keys().quick_tag("h1", b"h1");
    house.write(SetQuickTag { handset: h1.clone(), tag: [0; 32], secret_hash: "of before".to_owned() }).await;
    assert_eq!(
        house.store.credential(&h1).await.unwrap().unwrap().quick_tag,
        None,
        "another secret came meanwhile"
    );
    house.write(SetQuickTag { handset: h1.clone(), tag, secret_hash: "$argon2id$…".to_owned() }).await;
    let known = house.store.credential(&h1).await.unwrap().unwrap();
    assert_eq!(known.quick_tag.as_deref(), Some(tag.as_slice()));
}

pub(crate) async fn those_who_proved_themselves_are_added_at_once(house: &House) {
    let own = "$argon2id$…";
    house.write(AddHandset { handset: handset("h1"), secret_hash: own.to_owned() }).await;
    // One that was added without its tag, and cut short before it came.
    house.write(AddHandset { handset: handset("h3"), secret_hash: "-".to_owned() }).await;
    let tag = |id: &str| house.store.keys().quick_tag(id, id.as_bytes());
    for _ in 0..2 {
        let handsets = ["h1", "h2", "h3"].map(|id| (handset(id), tag(id))).to_vec();
        house.write(AddProved { handsets }).await;
    }
    for id in ["h2", "h3"] {
        let known = house.store.credential(&handset(id)).await.unwrap().unwrap();
        assert_eq!((known.secret_hash.as_str(), known.quick_tag), ("-", Some(tag(id).to_vec())));
    }
    let known = house.store.credential(&handset("h1")).await.unwrap().unwrap();
    assert_eq!(
        (known.secret_hash.as_str(), known.quick_tag),
        (own, None),
        "one that is there stays as it is"
    );
}

pub(crate) async fn refused_log_ins_are_one_signal_an_hour(house: &House) {
    move_in(house, "r1", "h1", at(10)).await;
    let hour = 3_600 - at(0).as_second().rem_euclid(3_600);
    for (name, second) in [("h1", 20), ("h1", 21), ("h1", 20 + hour), ("h0", 20)] {
        let keys = secrets::hash_handset_secret(b"x").unwrap();
        if name == "h0" {
            house.write(AddHandset { handset: handset(name), secret_hash: keys }).await;
        }
        let kind = SignalKind::LoginRefused;
        house.write(NoteLogIn { kind, handset: handset(name), at: at(second) }).await;
    }
    let found = house.store.signals_without_incident(at(0), at(20 + 2 * hour), None, 10).await.unwrap();
    let newest = house.store.signals_without_incident(at(0), at(20 + 2 * hour), None, 1).await.unwrap();
    let all = house.store.count_without_incident(at(0), at(20 + 2 * hour), None).await.unwrap();
    assert_eq!((newest.len(), all), (1, u64::try_from(found.len()).unwrap()), "counted, whatever is read");
    let mut told: Vec<_> = found.iter().map(|(signal, _)| signal).collect();
    told.sort_by_key(|signal| (signal.handset.clone(), signal.received_at));
    assert!(told.iter().all(|signal| signal.kind == SignalKind::LoginRefused));
    let of = |signal: &model::Signal| (signal.resident.clone(), signal.received_at, signal.remarks.clone());
    let carried = |second| (Some(resident("r1")), at(second), Vec::new());
    let unbound = (None, at(20), vec![Remark::Unbound]);
    assert_eq!(told.into_iter().map(of).collect::<Vec<_>>(), [unbound, carried(20), carried(20 + hour)]);
}

/// What the watch remembers of somebody with this one fence, on whose side they are.
fn stands(fence: &str, tracker: Tracker) -> String {
    let key = FenceKey { id: fence.to_owned(), version: 1, drawn: 1 };
    let remembered = Remembered::of(&State::default(), &[key], &Zones::default());
    let mut document = serde_json::to_value(remembered).unwrap();
    document["state"]["fences"] = json!([{ "tracker": tracker, "episode": null }]);
    document.to_string()
}

/// As everything technical does, it asks for a look where somebody wears the handset outside.
pub(crate) async fn an_odd_log_in_of_who_is_outside_asks_for_a_look(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    for (id, kind) in [("home", "safe"), ("canal", "forbidden")] {
        let entry: FenceEntry = serde_json::from_value(json!({
            "id": id, "name": id, "kind": kind, "armed": true, "schedule": [], "dwell_s": 30.0, "home_by": [],
            "shape": {"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200},
        }))
        .unwrap();
        let resident = resident("r1");
        house.write(PutFence { resident, entry, from_version: None, at: at(0), audit: Vec::new() }).await;
    }
    let outside = Tracker::outside(Moment::from(at(1)));
    let mut inside = outside;
    inside.side = Side::Inside;
    let table = [
        // what the watch remembers, and how grave an odd log-in is then
        (None, Severity::Technical),
        (Some("{}".to_owned()), Severity::Technical),
        (Some(stands("home", inside)), Severity::Technical),
        (Some(stands("canal", outside)), Severity::Technical),
        (Some(stands("gone", outside)), Severity::Technical),
        (Some(stands("home", outside)), Severity::Notice),
    ];
    for (hour, (document, severity)) in (0..).zip(table) {
        if let Some(document) = &document {
            let places = Places { fix: 0, message: 0, signal: 0 };
            let state =
                StoredState { resident: resident("r1"), document: document.clone(), places, due: None };
            house.write(KeepStates { states: vec![state], ..KeepStates::default() }).await;
        }
        let (from, to) = (at(3_600 * hour), at(3_600 * (hour + 1)));
        for kind in [SignalKind::LoginRefused, SignalKind::TwoPlaces] {
            house.write(NoteLogIn { kind, handset: handset("h1"), at: from }).await;
        }
        let told = house.store.signals_without_incident(from, to, None, 10).await.unwrap();
        let grave: Vec<_> = told.iter().map(|(signal, _)| signal.severity()).collect();
        assert_eq!(grave, [severity; 2], "{document:?}");
    }
}
