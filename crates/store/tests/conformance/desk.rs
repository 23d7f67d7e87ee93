//! What the desk decides is written together or not at all.

use model::IncidentId;
use store::{CommitDesk, CursorMove, Idempotency, IncidentChange, JobError, Look, Subject};

use crate::common::{
    House,
    made::{at, audit, claim, closing, handset, message, opening, resident, signal},
};

async fn commit(house: &House, changes: Vec<IncidentChange>) -> Result<(), JobError> {
    house.store.write(CommitDesk { changes, ..CommitDesk::default() }).await.map(drop)
}

async fn is_conflict(house: &House, desk: CommitDesk) -> bool {
    matches!(house.store.write(desk).await, Err(JobError::Conflict))
}

pub(crate) async fn an_incident_is_opened_and_moved(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let id = opened.incident.id.clone();
    assert_eq!(house.store.incident(&id).await.unwrap(), None);
    commit(house, vec![opened.clone()]).await.unwrap();
    assert_eq!(house.store.incident(&id).await.unwrap().as_ref(), Some(&opened.incident));
    let claimed = claim(&opened.incident, "operator", at(5));
    commit(house, vec![claimed.clone()]).await.unwrap();
    assert_eq!(house.store.incident(&id).await.unwrap().as_ref(), Some(&claimed.incident));
    let events = house.store.incident_events(&id).await.unwrap();
    assert_eq!(events, [opened.events, claimed.events].concat());
    assert_eq!(house.store.incident_of_signal(&opened.signals[0]).await.unwrap(), Some(id));
    assert!(house.store.has_open_incident(&resident("r1")).await.unwrap());
    assert!(!house.store.has_open_incident(&resident("r2")).await.unwrap());
}

pub(crate) async fn of_two_on_one_version_one_is_written(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    commit(house, vec![opened.clone()]).await.unwrap();
    let first =
        CommitDesk { changes: vec![claim(&opened.incident, "operator", at(5))], ..CommitDesk::default() };
    let second =
        CommitDesk { changes: vec![claim(&opened.incident, "operator2", at(5))], ..CommitDesk::default() };
    let (first, second) = tokio::join!(house.store.write(first), house.store.write(second));
    assert!(first.is_ok());
    assert!(matches!(second, Err(JobError::Conflict)), "{second:?}");
    let held = house.store.incident(&opened.incident.id).await.unwrap().unwrap();
    assert_eq!(held.holder().map(|holder| holder.username.as_str()), Some("operator"));
    assert_eq!(house.store.incident_events(&held.id).await.unwrap().len(), 2);
}

pub(crate) async fn nothing_of_a_conflict_is_written(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    commit(house, vec![opened.clone()]).await.unwrap();
    commit(house, vec![claim(&opened.incident, "operator", at(5))]).await.unwrap();

    let good = opening(signal("s2", Some("r2"), "h2", at(6)));
    let good = IncidentChange { outbox: vec![message("h2", "k", "{}", at(6))], ..good };
    let stale = claim(&opened.incident, "operator2", at(6));
    let refused = CommitDesk {
        done_call: None,
        changes: vec![good.clone(), stale],
        cursor: Some(CursorMove { name: "desk", from: 0, to: 7 }),
        audit: vec![audit("claim", at(6))],
        looks: vec![look("k-1")],
        idempotency: Some(key("k-1", "claim")),
    };
    assert!(is_conflict(house, refused).await);
    assert_eq!(house.store.incident(&good.incident.id).await.unwrap(), None);
    assert_eq!(house.store.cursor("desk").await.unwrap(), 0);
    assert_eq!(house.store.done_under("operator", "k-1").await.unwrap(), None);
    for table in ["outbox", "audit", "looks", "idempotency", "cursors"] {
        assert_eq!(house.ask(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(house.ask("SELECT COUNT(*) FROM incident_events").await, 2);
}

pub(crate) async fn one_incident_is_open_about_a_subject(house: &House) {
    let first = opening(signal("s1", Some("r1"), "h1", at(0)));
    commit(house, vec![first.clone()]).await.unwrap();
    let second = opening(signal("s2", Some("r1"), "h2", at(1)));
    let desk = CommitDesk { changes: vec![second.clone()], ..CommitDesk::default() };
    assert!(is_conflict(house, desk.clone()).await, "about the same resident, whatever the handset");
    commit(house, vec![opening(signal("s3", None, "h1", at(1)))]).await.unwrap();
    let same_handset =
        CommitDesk { changes: vec![opening(signal("s4", None, "h1", at(1)))], ..CommitDesk::default() };
    assert!(is_conflict(house, same_handset).await, "about the same handset of nobody");
    let mut drill = second.clone();
    drill.incident.drill = true;
    drill.incident.id = IncidentId::new("drill").unwrap();
    drill.signals.clear();
    commit(house, vec![drill]).await.unwrap();

    let subject = Subject::Resident(resident("r1"));
    assert_eq!(house.store.open_incident(&subject, false).await.unwrap().unwrap().id, first.incident.id);
    assert_eq!(house.store.open_incident(&subject, true).await.unwrap().unwrap().id.as_str(), "drill");
    let of_nobody = house.store.open_incident(&Subject::Handset(handset("h1")), false).await.unwrap();
    assert_eq!(of_nobody.unwrap().signals[0].press_id.as_deref(), Some("s3"));

    let claimed = claim(&first.incident, "operator", at(2));
    let closed = closing(&claimed.incident, at(3));
    commit(house, vec![claimed]).await.unwrap();
    commit(house, vec![closed]).await.unwrap();
    assert_eq!(house.store.open_incident(&subject, false).await.unwrap(), None);
    house.write(desk).await;
    assert_eq!(house.store.open_incident(&subject, false).await.unwrap(), Some(second.incident));
}

pub(crate) async fn a_signal_is_in_one_incident(house: &House) {
    let first = opening(signal("s1", Some("r1"), "h1", at(0)));
    let mut second = opening(signal("s2", Some("r2"), "h2", at(0)));
    second.signals.extend(first.signals.clone());
    commit(house, vec![first.clone()]).await.unwrap();
    assert!(commit(house, vec![second.clone()]).await.is_err());
    assert_eq!(house.store.incident(&second.incident.id).await.unwrap(), None);
    let of = house.store.incident_of_signal(&first.signals[0]).await.unwrap();
    assert_eq!(of, Some(first.incident.id));
}

pub(crate) async fn the_cursor_moves_only_from_where_it_stood(house: &House) {
    let moved = |from, to| CommitDesk {
        cursor: Some(CursorMove { name: "desk", from, to }),
        ..CommitDesk::default()
    };
    assert!(is_conflict(house, moved(3, 5)).await, "it never stood there");
    assert_eq!(house.store.cursor("desk").await.unwrap(), 0);
    house.write(moved(0, 5)).await;
    assert!(is_conflict(house, moved(0, 7)).await);
    house.write(moved(5, 9)).await;
    assert!(is_conflict(house, moved(5, 11)).await);
    assert_eq!(house.store.cursor("desk").await.unwrap(), 9);
    assert_eq!(house.store.cursor("another").await.unwrap(), 0);
}

fn key(key: &str, request: &str) -> Idempotency {
    Idempotency {
        username: "operator".to_owned(),
        key: key.to_owned(),
        request: request.to_owned(),
        at: at(9),
    }
}

fn look(reason: &str) -> Look {
    Look {
        at: at(9),
        username: "operator".to_owned(),
        action: "identify".to_owned(),
        resident: resident("r1"),
        reason: reason.to_owned(),
    }
}

pub(crate) async fn a_request_is_done_once(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    commit(house, vec![opened.clone()]).await.unwrap();
    let claimed = claim(&opened.incident, "operator", at(5));
    let act = |change: &IncidentChange, name, request| CommitDesk {
        changes: vec![change.clone()],
        looks: vec![look(name)],
        idempotency: Some(key(name, request)),
        ..CommitDesk::default()
    };
    house.write(act(&claimed, "k-1", "claim")).await;
    let done = house.store.done_under("operator", "k-1").await.unwrap();
    assert_eq!(done, Some(("claim".to_owned(), opened.incident.id.to_string())));
    assert_eq!(house.store.done_under("operator2", "k-1").await.unwrap(), None, "a name of one's own");

    let closed = closing(&claimed.incident, at(6));
    assert!(is_conflict(house, act(&closed, "k-1", "claim")).await);
    assert!(is_conflict(house, act(&closed, "k-1", "close")).await);
    house.write(act(&closed, "k-2", "close")).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM looks").await, 2, "with each that was done the look it was");
}
