//! Looks that needed a reason, and their reviews.

use model::SignalId;
use store::{AuditRow, Look, RecordLook, RecordLookOnce, Review, ReviewLook, WriteAudit};

use crate::common::{
    House,
    made::{at, audit, resident},
};

pub(crate) async fn a_look_waits_for_its_review(house: &House) {
    let look = |second| Look {
        at: at(second),
        username: "operator".to_owned(),
        action: "read_resident".to_owned(),
        resident: resident("r1"),
        reason: "家属来电询问".to_owned(),
    };
    for second in [1, 2, 3] {
        house.write(RecordLook { look: look(second), audit: Vec::new() }).await;
    }
    let waiting = house.store.looks(true, None, i64::MAX, 2).await.unwrap();
    assert_eq!(waiting.iter().map(|one| one.look.at).collect::<Vec<_>>(), [at(3), at(2)], "the newest first");
    let row = waiting[0].row;
    assert_eq!(house.store.looks(true, None, waiting[1].row, 2).await.unwrap().len(), 1);
    let review = |by: &str| Review {
        at: at(9),
        by: by.to_owned(),
        verdict: "justified".to_owned(),
        note: String::new(),
    };
    house.write(ReviewLook { row, review: review("supervisor"), audit: Vec::new() }).await;
    let again = ReviewLook { row, review: review("another"), audit: Vec::new() };
    assert!(house.store.write(again).await.is_err(), "the first review stands");
    assert_eq!(house.store.look(row).await.unwrap().unwrap().review, Some(review("supervisor")));
    assert_eq!(house.store.looks(true, None, i64::MAX, 9).await.unwrap().len(), 2);
    assert_eq!(house.store.looks(false, None, i64::MAX, 9).await.unwrap().len(), 3);
}

/// A page asks for an incident's parts one by one.
pub(crate) async fn the_same_look_waits_once(house: &House) {
    let look = |second, reason: &str| Look {
        at: at(second),
        username: "operator".to_owned(),
        action: "read_incident".to_owned(),
        resident: resident("r1"),
        reason: reason.to_owned(),
    };
    let other = |second| Look { username: "another".to_owned(), ..look(second, "投诉") };
    let elsewhere = Look { resident: resident("r2"), ..look(7, "投诉") };
    let looks = [look(1, "投诉"), look(2, "投诉"), look(3, "复核"), other(4), elsewhere, look(602, "投诉")];
    for (nth, look) in looks.into_iter().enumerate() {
        let audit = vec![audit(&format!("look-{nth}"), look.at)];
        house.write(RecordLookOnce { look, audit }).await;
    }
    let waiting = house.store.looks(true, None, i64::MAX, 9).await.unwrap();
    let seconds: Vec<_> = waiting.iter().map(|one| one.look.at).collect();
    assert_eq!(seconds, [602, 7, 4, 3, 1].map(at), "the second is the first one still");
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit").await, 6, "each stands in the log");
}

pub(crate) async fn who_entered_a_call_is_known(house: &House) {
    let signal = |name: &str| SignalId::new(name).unwrap();
    let row = |action: &str, subject: &str, detail: &str, second| AuditRow {
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        ..audit(action, at(second))
    };
    let rows = vec![
        row("open_call", "r1", "s1", 1),
        row("open_call", "s2", "", 2),
        row("announce_call", "r1", "s3", 3),
        row("open_call", "r2", "s4", 4),
    ];
    house.write(WriteAudit(rows)).await;
    let by = async |call: &str| house.store.who_entered_call(&resident("r1"), &signal(call)).await.unwrap();
    assert_eq!(by("s1").await, Some(("operator".to_owned(), at(1))));
    assert_eq!(by("s2").await, Some(("operator".to_owned(), at(2))), "whom it was about was not known yet");
    assert_eq!((by("s3").await, by("s4").await), (None, None), "one from the exchange, one about another");
}
