//! Residents who are away as planned.

use model::SignalKind;
use store::{Absence, EndAbsence, EnterAbsence, TakeCall};

use crate::common::{
    House,
    made::{at, audit, move_in, resident, signal},
};
use crate::placing::Unread;

fn absence(id: &str, from: i64, to: i64) -> Absence {
    Absence {
        id: id.to_owned(),
        resident: resident("r1"),
        reason: "hospital".to_owned(),
        from: at(from),
        to: at(to),
        by: "operator".to_owned(),
    }
}

async fn ids(house: &House, second: i64) -> Vec<String> {
    let found = house.store.absences(&resident("r1"), at(second)).await.unwrap();
    found.into_iter().map(|absence| absence.id).collect()
}

async fn end(house: &House, id: &str, of: &str, second: i64) -> bool {
    let audit = vec![audit("end_absence", at(second))];
    house.write(EndAbsence { resident: resident(of), id: id.to_owned(), at: at(second), audit }).await
}

pub(crate) async fn an_absence_has_an_end(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    for one in [absence("a-2", 500, 600), absence("a-1", 10, 100)] {
        house.write(EnterAbsence { absence: one, audit: vec![audit("enter_absence", at(5))] }).await;
    }
    assert_eq!(ids(house, 5).await, ["a-1", "a-2"]);
    assert_eq!(house.store.absences(&resident("r1"), at(5)).await.unwrap()[0], absence("a-1", 10, 100));
    assert_eq!(ids(house, 100).await, ["a-2"], "it ends by itself");
    let held = house.store.held_absences(&resident("r1")).await.unwrap();
    assert_eq!(held, [absence("a-1", 10, 100), absence("a-2", 500, 600)], "on record they stay");
    assert!(!end(house, "a-2", "r2", 50).await, "it is another's");
    assert!(end(house, "a-1", "r1", 50).await && end(house, "a-2", "r1", 50).await);
    assert!(!end(house, "a-1", "r1", 51).await);
    assert_eq!(ids(house, 50).await, Vec::<String>::new());
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'end_absence'").await, 2);
}

/// Whoever is expected again is found with every time they were away, and nobody who is away still.
pub(crate) async fn who_is_back_is_found_with_all_that_is_over(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    move_in(house, "r2", "h2", at(0)).await;
    let other = Absence { resident: resident("r2"), ..absence("b-1", 20, 90) };
    for one in [absence("a-1", 10, 100), absence("a-2", 80, 200), absence("a-3", 400, 500), other] {
        house.write(EnterAbsence { absence: one, audit: Vec::new() }).await;
    }
    let over = async |since: i64, now: i64| -> Vec<String> {
        let found = house.store.absences_over(at(since), at(now)).await.unwrap().whole;
        found.into_iter().map(|absence| absence.id).collect()
    };
    assert_eq!(over(0, 89).await, Vec::<String>::new());
    assert_eq!(over(0, 90).await, ["b-1"]);
    assert_eq!(over(0, 150).await, ["b-1"], "the first of two is over, and they are away still");
    assert_eq!(over(0, 200).await, ["b-1", "a-1", "a-2"]);
    assert_eq!(over(100, 200).await, ["a-1", "a-2"], "what began before the last one is told with it");
    assert_eq!(over(200, 300).await, Vec::<String>::new(), "it was looked at before");
    assert!(end(house, "a-3", "r1", 450).await);
    assert_eq!(over(449, 450).await, ["a-1", "a-2", "a-3"], "by hand");
    let found = house.store.absences_over(at(449), at(450)).await.unwrap().whole;
    assert_eq!(found[2], absence("a-3", 400, 450));
    // One that was taken back before it began was none.
    house.write(EnterAbsence { absence: absence("a-4", 800, 900), audit: Vec::new() }).await;
    assert!(end(house, "a-4", "r1", 700).await);
    assert_eq!(over(0, 1_000).await, ["b-1", "a-1", "a-2", "a-3"]);
    let between = async |from: i64, to: i64| -> Vec<String> {
        let found = house.store.absences_between(at(from), at(to)).await.unwrap().whole;
        found.into_iter().map(|absence| absence.id).collect()
    };
    assert_eq!(between(0, 1_000).await, ["b-1", "a-1", "a-2", "a-3"]);
    assert_eq!(between(95, 400).await, ["a-1", "a-2"]);
}

/// The watch of everybody does not stop at one row.
pub(crate) async fn an_absence_that_cannot_be_read_hides_no_other(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    for one in [absence("a-1", 10, 100), absence("a-2", 20, 200)] {
        house.write(EnterAbsence { absence: one, audit: Vec::new() }).await;
    }
    house.run("UPDATE absences SET from_us = -9000000000000000000 WHERE absence_id = 'a-1'").await;
    let over = house.store.absences_over(at(0), at(300)).await.unwrap();
    assert_eq!(over.whole, [absence("a-2", 20, 200)]);
    assert!(over.broken.len() == 1 && over.broken[0].starts_with("a-1: "), "{:?}", over.broken);
}

/// A signal is told with whether its resident was away when it began.
pub(crate) async fn a_signal_knows_whether_its_resident_was_away(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    house.write(EnterAbsence { absence: absence("a-1", 10, 100), audit: Vec::new() }).await;
    for (name, about, second) in
        [("before", Some("r1"), 9), ("away", Some("r1"), 10), ("other", None, 50), ("back", Some("r1"), 100)]
    {
        let quiet = model::Signal { kind: SignalKind::Inactivity, ..signal(name, about, "h1", at(second)) };
        let keys = house.store.keys().clone();
        let call = TakeCall { signal: quiet, keys, audit: audit("call", at(second)), idempotency: None };
        house.write(call).await;
    }
    let (_, unread) = house.write(Unread(10)).await;
    let away: Vec<bool> = unread.iter().map(|one| one.is_away).collect();
    assert_eq!(away, [false, true, false, false]);
}
