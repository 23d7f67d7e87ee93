//! Of which times no positions are kept.

use model::{SignedDuration, Timestamp};
use store::{
    AddConsent, AddHandset, AddResident, BindHandset, CommitDesk, Consent, UntrackedHandset, UntrackedSpan,
    WithdrawConsent,
};

use crate::{
    accounts::consent,
    common::{
        House,
        made::{at, handset, move_in, opening, person, resident, signal},
    },
};

async fn agree(house: &House, id: &str, second: i64) {
    let consent = Consent {
        purpose: "tracking".to_owned(),
        given_at: at(second),
        recorded_at: at(second),
        ..consent(id)
    };
    house.write(AddConsent { consent, audit: Vec::new() }).await;
}

async fn withdraw(house: &House, id: &str, second: i64) {
    let by = "supervisor".to_owned();
    house.write(WithdrawConsent { id: id.to_owned(), at: at(second), by, audit: Vec::new() }).await;
}

async fn spans(house: &House) -> Vec<UntrackedSpan> {
    house.store.untracked_spans().await.unwrap()
}

fn span(carried: &str, from: i64, to: i64) -> UntrackedSpan {
    UntrackedSpan { handset: handset(carried), from: at(from), to: at(to) }
}

/// From a withdrawal to the next consent, as long as they carried it.
pub(crate) async fn a_time_without_consent_is_told_when_it_is_over(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    house.write(AddHandset { handset: handset("h2"), secret_hash: "-".to_owned() }).await;
    house.write(BindHandset { handset: handset("h2"), resident: resident("r1"), from: at(45) }).await;
    let keys = house.store.keys().clone();
    house.write(AddResident { resident: person("r2", "李国强"), keys, audit: Vec::new() }).await;
    for id in ["t1", "t2"] {
        agree(house, id, 1).await;
    }
    withdraw(house, "t1", 20).await;
    assert_eq!(spans(house).await, [], "another one stands");
    withdraw(house, "t2", 30).await;
    assert_eq!(spans(house).await, [], "it is not over");
    let now: Vec<_> = house.store.untracked_handsets().await.unwrap();
    let of = |id: &str| UntrackedHandset { handset: handset(id), asked_at: None };
    assert_eq!(now, [of("h1"), of("h2")]);
    // It is given on: what it kept of the one before is theirs.
    house.write(BindHandset { handset: handset("h1"), resident: resident("r2"), from: at(50) }).await;
    assert_eq!(spans(house).await, [span("h1", 30, 50)]);
    agree(house, "t3", 60).await;
    assert_eq!(spans(house).await, [span("h1", 30, 50), span("h2", 45, 60)]);
    assert_eq!(house.store.untracked_handsets().await.unwrap(), []);
    withdraw(house, "t3", 70).await;
    agree(house, "t4", 80).await;
    assert_eq!(spans(house).await, [span("h1", 30, 50), span("h2", 45, 60), span("h2", 70, 80)]);
}

/// Whoever calls for help is found from then on, and not where they went before.
pub(crate) async fn who_asks_for_help_is_followed_from_then_on(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    agree(house, "t1", 1).await;
    withdraw(house, "t1", 2).await;
    let asked = async || house.store.untracked_handsets().await.unwrap().remove(0).asked_at;
    assert_eq!(asked().await, None);
    let late = |by: SignedDuration| -> Timestamp { at(90_000).checked_sub(by).unwrap() };
    let hour = SignedDuration::from_hours(1);
    let pressed = model::Signal { at: late(hour), ..signal("pressed", Some("r1"), "h1", at(90_000)) };
    let opened = opening(pressed);
    let incident = opened.incident.clone();
    house.write(CommitDesk { changes: vec![opened], ..CommitDesk::default() }).await;
    assert_eq!(asked().await, Some(late(hour)), "when it was pressed");
    let oldest = model::Signal { at: at(-900_000), ..signal("old", Some("r1"), "h1", at(90_001)) };
    let signal = incident::Command::Signal(Box::new(oldest));
    let joined = crate::common::made::change(Some(&incident), &signal, at(90_001));
    house.write(CommitDesk { changes: vec![joined], ..CommitDesk::default() }).await;
    assert_eq!(asked().await, Some(at(90_001 - 86_400)), "what is dated long ago opens a day");
}
