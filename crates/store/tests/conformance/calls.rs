//! Telephone calls that an operator enters, and who rang.

use std::collections::BTreeMap;

use incident::{Incident, evolve};
use model::{Signal, SignalId, SignalKind};
use store::{CommitDesk, Idempotency, JobError, MakeNameless, RaiseSignals, SealCallers, Store, TakeCall};

use crate::common::{
    House,
    made::{at, audit, claim, closing, opening, signal},
};
use crate::people::{holds, sealed_anew};

/// Who rang, by name and number.
const NUMBER: &str = "13700137000";
const CALLER: &str = "邻居 13700137000";
const MASKED: &str = "邻居 ****7000";

fn rung(name: &str) -> Signal {
    let id = SignalId::from_cause("call", &[name]);
    let caller = Some(CALLER.to_owned());
    Signal { id, kind: SignalKind::Call, handset: None, caller, ..signal(name, Some("r1"), "h1", at(0)) }
}

fn call(house: &House, name: &str, key: Option<(&str, &str)>) -> TakeCall {
    TakeCall {
        signal: rung(name),
        keys: house.store.keys().clone(),
        audit: audit("call", at(0)),
        idempotency: key.map(|(key, request)| Idempotency {
            username: "operator".to_owned(),
            key: key.to_owned(),
            request: request.to_owned(),
            at: at(0),
        }),
    }
}

pub(crate) async fn a_call_is_entered_once_under_its_key(house: &House) {
    let first = house.write(call(house, "c1", Some(("k-1", "fell down")))).await;
    let again = house.write(call(house, "c2", Some(("k-1", "fell down")))).await;
    assert_eq!(again, first, "the same request stands for the same call");
    let other = house.store.write(call(house, "c3", Some(("k-1", "is cold")))).await;
    assert!(matches!(other, Err(JobError::Conflict)), "{other:?}");
    let unnamed = house.write(call(house, "c4", None)).await;
    assert_ne!(unnamed, first);
    for table in ["signals", "audit", "callers"] {
        assert_eq!(house.ask(&format!("SELECT COUNT(*) FROM {table}")).await, 2, "{table}");
    }
}

/// Opens an incident by this signal, takes it and ends it; gives it back as it was opened and as it ended.
async fn worked(house: &House, signal: Signal) -> (Incident, Incident) {
    let opened = opening(signal);
    let claimed = claim(&opened.incident, "operator", at(3));
    let closed = closing(&claimed.incident, at(5));
    let both = (opened.incident.clone(), closed.incident.clone());
    for change in [opened, claimed, closed] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    both
}

pub(crate) async fn who_rang_is_sealed_and_told_whole(house: &House) {
    house.write(call(house, "c1", None)).await;
    let (_, mut unread) = house.write(crate::placing::Unread(10)).await;
    let signal = unread.remove(0).signal;
    assert_eq!(signal.caller.as_deref(), Some(MASKED), "it is masked wherever the signal goes");
    let (_, incident) = worked(house, signal.clone()).await;
    let told = BTreeMap::from([(signal.id.clone(), CALLER.to_owned())]);
    assert_eq!(house.store.callers(&incident).await.unwrap(), told);
    assert!(holds(house, "****7000") && !holds(house, NUMBER), "the number is nowhere in plain");

    let rotated = house.store.keys().rotated().unwrap();
    assert_eq!(sealed_anew(house, &rotated).await.0, 1);
    assert_eq!(house.store.sealed_with().await.unwrap(), BTreeMap::from([("k2".to_owned(), 1)]));
    let opened = Store::open(&house.database, rotated.without_older(), None).await;
    let (anew, _writer) = opened.unwrap();
    assert_eq!(anew.callers(&incident).await.unwrap(), told);

    house.write(MakeNameless { incident: incident.id.clone(), audit: Vec::new() }).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM callers").await, 0, "forgotten with the person");
}

/// What the migration does with records that were there: finds the incidents in which numbers lie plain.
async fn find_what_lies_plain(house: &House) {
    let text = include_str!("../../migrations/sqlite/0023_sealed_callers.sql");
    let (_, rest) = text.split_once("INSERT INTO callers_in_plain").unwrap();
    let (statement, _) = rest.split_once(';').unwrap();
    house.run(&format!("INSERT INTO callers_in_plain{statement}")).await;
}

/// How many records have the number in plain.
async fn in_plain(house: &House) -> i64 {
    let question = ["signals|body", "incident_events|body", "incidents|snapshot"]
        .map(|place| place.split_once('|').unwrap())
        .map(|(table, column)| format!("(SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%{NUMBER}%')"))
        .join(" + ");
    house.ask(&format!("SELECT {question}")).await
}

pub(crate) async fn callers_of_before_are_sealed_once_it_is_over(house: &House) {
    // As they were written before anything of a call was sealed.
    let signals = vec![rung("c1"), rung("c2")];
    let raised = RaiseSignals { signals, returns: Vec::new(), states: Vec::new(), at: at(0), lease: None };
    house.write(raised).await;
    let about_nobody = Signal { resident: None, ..rung("c2") };
    let (_, closed) = worked(house, rung("c1")).await;
    let open = opening(about_nobody);
    house.write(CommitDesk { changes: vec![open.clone()], ..CommitDesk::default() }).await;
    find_what_lies_plain(house).await;
    assert_eq!(in_plain(house).await, 6);
    let told = BTreeMap::from([(rung("c1").id, CALLER.to_owned())]);
    assert_eq!(house.store.callers(&closed).await.unwrap(), told, "readable as it is");

    let due = house.store.callers_in_plain(10).await.unwrap();
    assert_eq!(due, std::slice::from_ref(&closed.id), "not the one that somebody works on");
    let seal = |incident| SealCallers { incident, keys: house.store.keys().clone() };
    let refused = house.store.write(seal(open.incident.id.clone())).await;
    assert!(matches!(refused, Err(JobError::Conflict)), "{refused:?}");
    house.write(seal(closed.id.clone())).await;
    assert_eq!(in_plain(house).await, 3, "those of the open one");
    let after = house.store.incident(&closed.id).await.unwrap().unwrap();
    assert_eq!(after.signals[0].caller.as_deref(), Some(MASKED));
    assert_eq!(house.store.callers(&after).await.unwrap(), told);
    let events = house.store.incident_events(&closed.id).await.unwrap();
    assert_eq!(events.iter().fold(None, evolve), Some(after), "it is still what its events add up to");

    let claimed = claim(&open.incident, "operator", at(6));
    let ended = closing(&claimed.incident, at(7));
    for change in [claimed, ended] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    house.write(seal(open.incident.id)).await;
    assert_eq!(in_plain(house).await, 0);
    assert!(house.store.callers_in_plain(10).await.unwrap().is_empty());
}
