//! What screens showed: a row for each incident and account that only moves forward.

use crate::common::{
    House,
    made::{at, claim, closing, opening, signal},
};
use model::IncidentId;
use store::{
    CommitDesk, IncidentChange, MakeNameless, NoteOnScreens, NoticeLine, NoticeState, OnScreen, Reseal,
};

async fn commit(house: &House, change: IncidentChange) {
    house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
}

fn due(incident: &IncidentId, username: &str, second: i64) -> OnScreen {
    let (incident, username) = (incident.clone(), username.to_owned());
    let (sent_at, delivered_at, seen_at) = Default::default();
    OnScreen { incident, username, has_screen: true, due_at: at(second), sent_at, delivered_at, seen_at }
}

fn sent(incident: &IncidentId, username: &str, second: i64) -> OnScreen {
    OnScreen { sent_at: Some(at(second)), ..due(incident, username, second) }
}

async fn lines(house: &House, incident: &IncidentId) -> Vec<NoticeLine> {
    house.store.notices_about(incident).await.unwrap()
}

async fn only(house: &House, incident: &IncidentId) -> NoticeLine {
    let mut lines = lines(house, incident).await;
    assert_eq!(lines.len(), 1, "one row for each incident and account: {lines:?}");
    lines.remove(0)
}

fn us(second: i64) -> i64 {
    at(second).as_microsecond()
}

pub(crate) async fn what_a_screen_showed_only_moves_forward(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let (incident, id) = (opened.incident.clone(), opened.incident.id.clone());
    commit(house, opened).await;
    house.write(NoteOnScreens(vec![due(&id, "anna", 5)])).await;
    let line = only(house, &id).await;
    assert_eq!((line.state(), line.attempts, line.why), (NoticeState::Waiting, 0, None));
    assert_eq!((line.recipient_kind.as_str(), line.channel.as_str()), ("desk", "websocket"));

    // Another process knows more and earlier; then the first says again what it knew.
    let seen = OnScreen { delivered_at: Some(at(7)), seen_at: Some(at(9)), ..sent(&id, "anna", 4) };
    house.write(NoteOnScreens(vec![seen])).await;
    let later = OnScreen { delivered_at: Some(at(20)), ..sent(&id, "anna", 6) };
    house.write(NoteOnScreens(vec![later])).await;
    house.write(NoteOnScreens(vec![due(&id, "anna", 5)])).await;
    let line = only(house, &id).await;
    let times = (line.due_at_us, line.sent_at_us, line.delivered_at_us, line.seen_at_us);
    assert_eq!(times, (us(4), Some(us(4)), Some(us(7)), Some(us(9))));
    assert_eq!((line.state(), line.attempts, line.took_ms), (NoticeState::Seen, 1, Some(5_000)));

    let claiming = claim(&incident, "anna", at(30));
    let claimed = claiming.incident.clone();
    commit(house, claiming).await;
    let line = only(house, &id).await;
    assert_eq!((line.state(), line.acknowledged_at_us), (NoticeState::Acknowledged, Some(us(30))));
    assert!(house.store.due_notices(at(9_999), 10).await.unwrap().whole.is_empty(), "nobody sends it");
    let facts = house.store.notice_facts(at(0), at(99), 10).await.unwrap();
    assert_eq!(
        (facts[0].channel.as_str(), facts[0].took_ms, facts[0].is_over),
        ("websocket", Some(5_000), false)
    );

    // It goes with the person, and does not come back.
    commit(house, closing(&claimed, at(40))).await;
    house.write(MakeNameless { incident: id.clone(), audit: Vec::new() }).await;
    house.write(NoteOnScreens(vec![sent(&id, "anna", 4)])).await;
    assert!(lines(house, &id).await.is_empty());
}

pub(crate) async fn who_is_on_duty_without_a_screen_was_not_reached_until_one_is_up(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let (incident, id) = (opened.incident.clone(), opened.incident.id.clone());
    commit(house, opened).await;
    let nobody = OnScreen { has_screen: false, ..due(&id, "bob", 5) };
    house.write(NoteOnScreens(vec![nobody.clone()])).await;
    let line = only(house, &id).await;
    assert_eq!((line.state(), line.why.as_deref()), (NoticeState::Failed, Some("no_screen")));
    assert!(house.store.notice_facts(at(0), at(99), 10).await.unwrap()[0].is_over, "given up");
    house.write(NoteOnScreens(vec![sent(&id, "bob", 8)])).await;
    house.write(NoteOnScreens(vec![nobody])).await;
    let line = only(house, &id).await;
    assert_eq!((line.state(), line.why, line.ended_at_us), (NoticeState::Sent, None, None));
    assert_eq!((line.due_at_us, line.sent_at_us), (us(5), Some(us(8))), "it was due all the time");

    // Whoever takes it before the row is written has answered all the same.
    commit(house, claim(&incident, "carl", at(6))).await;
    house.write(NoteOnScreens(vec![sent(&id, "bob", 8), sent(&id, "carl", 5)])).await;
    let told = lines(house, &id).await;
    let told: Vec<_> = told.iter().map(|line| (line.recipient.as_str(), line.acknowledged_at_us)).collect();
    assert_eq!(told, [("bob", None), ("carl", Some(us(6)))]);
}

pub(crate) async fn what_was_on_no_disk_is_on_no_screen_and_nothing_of_it_is_sealed(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let id = opened.incident.id.clone();
    commit(house, opened).await;
    let unknown = IncidentId::new("nothing").unwrap();
    house.write(NoteOnScreens(vec![sent(&unknown, "anna", 1), sent(&id, "o'hara:\"%_", 1)])).await;
    house.write(NoteOnScreens(Vec::new())).await;
    assert!(lines(house, &unknown).await.is_empty());
    assert_eq!(only(house, &id).await.recipient, "o'hara:\"%_");
    let rotated = house.store.keys().rotated().unwrap();
    assert_eq!(house.write(Reseal(rotated)).await, 0, "there is nothing to be sealed anew");
}
