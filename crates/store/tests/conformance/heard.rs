//! In which hours handsets were heard, and what they heard themselves.

use store::{
    AddHandset, BindHandset, CommitDesk, EraseResident, HeardHours, IncidentChange, NoteHeard, NoticeFact,
    RemoveHeard, Settle,
};

use crate::common::{
    House,
    made::{at, handset, message, move_in, opening, resident, signal},
};

async fn commit(house: &House, change: IncidentChange) {
    house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
}

/// The beginning of an hour, counted from that of [`at`].
fn hour(n: i64) -> model::Timestamp {
    at(n * 3_600)
}

async fn note(house: &House, ids: &[&str], n: i64) -> Vec<String> {
    let handsets = ids.iter().map(|id| handset(id)).collect();
    let noted = house.write(NoteHeard { handsets, at: hour(n) }).await;
    noted.into_iter().map(|handset| handset.to_string()).collect()
}

async fn hours_of(house: &House, from: i64, to: i64) -> Vec<HeardHours> {
    house.store.heard_hours(hour(from), hour(to)).await.unwrap()
}

pub(crate) async fn hours_are_those_in_which_a_handset_was_heard(house: &House) {
    // She never agreed to be tracked: no position is kept, and none is needed.
    move_in(house, "r1", "h1", hour(-10)).await;
    house.run("UPDATE residents SET untracked_since_us = 1 WHERE resident_id = 'r1'").await;
    house.write(AddHandset { handset: handset("h2"), secret_hash: "-".to_owned() }).await;
    assert_eq!(house.store.heard_since().await.unwrap(), None);
    assert_eq!(note(house, &["h1", "h2"], -3).await, ["h1"], "nobody carries the other");
    for (n, is_noted) in [(-2, true), (-2, true), (-9, true), (-10, true), (-11, false)] {
        assert_eq!(!note(house, &["h1"], n).await.is_empty(), is_noted, "{n}: only while it is carried");
    }
    assert_eq!(house.store.heard_since().await.unwrap(), Some(hour(-10)), "of another day");
    let one = async |from: i64, to: i64| {
        let found = hours_of(house, from, to).await;
        assert_eq!((found.len(), found[0].handset.as_str()), (1, "h1"));
        (found[0].carried, found[0].heard)
    };
    assert_eq!(one(-20, 0).await, (10, 4), "an hour counts once");
    assert_eq!((one(-3, -1).await, one(-10, -8).await), ((2, 2), (2, 2)), "always heard");
    assert_eq!((one(-8, -3).await, one(-9, -2).await), ((5, 0), (7, 2)));
    for n in 1..30 {
        note(house, &["h1"], n).await;
    }
    assert_eq!(one(1, 30).await, (29, 29), "over midnight");

    // What another carries is not what she carried.
    move_in(house, "r2", "h3", hour(0)).await;
    note(house, &["h3"], 2).await;
    house.write(EraseResident { resident: resident("r1"), at: hour(29), audit: Vec::new() }).await;
    let left = house.ask("SELECT COUNT(*) FROM heard_days WHERE handset_id = 'h1'").await;
    assert_eq!(left, 0, "by the bindings it tells of her");
    let found = hours_of(house, 0, 29).await;
    assert_eq!((found.len(), found[0].handset.as_str(), found[0].heard), (1, "h3", 1), "she is in no figure");
    let again = BindHandset { handset: handset("h1"), resident: resident("r2"), from: hour(30) };
    house.write(again).await;
    assert_eq!(note(house, &["h1"], 31).await, ["h1"]);

    // The day of hour 2 is over at hour 16.
    assert_eq!(house.write(RemoveHeard { before: hour(15) }).await, 0, "it is not over");
    assert_eq!(house.write(RemoveHeard { before: hour(16) }).await, 1);
    assert_eq!(house.store.heard_since().await.unwrap(), Some(hour(31)));
}

/// What was said to a handset goes there and back like any message, and stands beside those in the report.
pub(crate) async fn what_a_handset_has_of_an_incident_is_a_figure(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let key = format!("progress:{}", opened.incident.id);
    let said = |second| message("h1", &key, "{}", at(second));
    let mut drill = opening(signal("d1", Some("r2"), "h2", at(1)));
    drill.incident.drill = true;
    let in_drill = message("h2", &format!("progress:{}", drill.incident.id), "{}", at(1));
    commit(house, IncidentChange { outbox: vec![in_drill], ..drill }).await;
    commit(house, IncidentChange { outbox: vec![said(0), message("h1", "x", "{}", at(0))], ..opened }).await;
    let row = house.store.waiting(&handset("h1"), 0, 1, at(1)).await.unwrap()[0].row;
    house.write(Settle { handset: handset("h1"), row, at: at(2) }).await;
    let facts = async |now: model::Timestamp| house.store.word_facts((at(0), at(90)), now, 10).await.unwrap();
    let told = facts(at(3)).await;
    assert_eq!(told.len(), 1, "no drill, and nothing that is no word about an incident: {told:?}");
    let NoticeFact { channel, sent_at, delivered_at, took_ms, is_over, seen_at, .. } = &told[0];
    assert_eq!((channel.as_str(), *sent_at, *delivered_at), ("handset", Some(at(2)), Some(at(2))));
    assert_eq!((*took_ms, *is_over, *seen_at), (Some(2_000), true, None));

    // One that it never had is given up when nobody needs it any more.
    house.run(&format!("UPDATE outbox SET settled_at_us = NULL WHERE message_key = '{key}'")).await;
    let is_given_up = async |now: model::Timestamp| {
        facts(now).await.iter().all(|fact| fact.is_over && fact.sent_at.is_none())
    };
    assert!(!is_given_up(at(99)).await && is_given_up(at(100)).await);
}
