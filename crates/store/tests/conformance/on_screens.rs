//! What screens showed: a row for each incident and account that only moves forward.

use crate::common::{
    House,
    made::{at, change, claim, closing, opening, signal},
};
use incident::{Answer, Command, TaskAct};
use model::{IncidentId, StationId};
use store::{
    CommitDesk, IncidentChange, MakeNameless, NoteOnScreens, Notice, NoticeLine, NoticeState, OnScreen,
    PutNotices, ScreenOf,
};

async fn commit(house: &House, change: IncidentChange) {
    house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
}

fn due(incident: &IncidentId, username: &str, second: i64) -> OnScreen {
    let (incident, username) = (incident.clone(), username.to_owned());
    let (sent_at, delivered_at, seen_at) = Default::default();
    let of = ScreenOf::Desk;
    OnScreen { incident, of, username, has_screen: true, due_at: at(second), sent_at, delivered_at, seen_at }
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
    assert_eq!(crate::people::sealed_anew(house, &rotated).await.0, 0, "there is nothing to be sealed anew");
}

pub(crate) async fn a_relative_and_a_station_answer_what_their_screens_showed(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let claimed = claim(&opened.incident, "anna", at(1));
    let dispatch = Command::Dispatch {
        by: "anna".to_owned(),
        role_may_override: false,
        stations: vec![(StationId::new("east").unwrap(), "东站".to_owned())],
        note: String::new(),
    };
    let sent_out = change(Some(&claimed.incident), &dispatch, at(2));
    let (asked, id) = (sent_out.incident.clone(), sent_out.incident.id.clone());
    for change in [opened, claimed, sent_out] {
        commit(house, change).await;
    }
    let task = asked.tasks[0].id.clone();
    let of = ScreenOf::Station { task: task.clone() };
    let at_station = |username: &str| OnScreen { of: of.clone(), ..sent(&id, username, 3) };
    let at_home = |username: &str| OnScreen { of: ScreenOf::Relative, ..sent(&id, username, 3) };
    // An account of one name at the desk is somebody else.
    house.write(NoteOnScreens(vec![at_station("wang"), at_home("son"), sent(&id, "son", 3)])).await;
    assert!(house.store.silent_tasks(10).await.unwrap().whole.is_empty(), "a screen is no message");
    assert!(house.store.due_notices(at(9_999), 10).await.unwrap().whole.is_empty(), "nobody sends it");

    let answer = Command::Answer { by: "son".to_owned(), answer: Answer::Coming, text: String::new() };
    let answered = change(Some(&asked), &answer, at(4));
    let taking = Command::Task {
        task: task.clone(),
        seen: None,
        act: TaskAct::Acknowledge,
        by: "wang".to_owned(),
        on_behalf: false,
        words: String::new(),
    };
    let taken = change(Some(&answered.incident), &taking, at(5));
    let withdraw = Command::Task {
        task: task.clone(),
        seen: None,
        act: TaskAct::Withdraw,
        by: "anna".to_owned(),
        on_behalf: false,
        words: "不用了".to_owned(),
    };
    let withdrawn = change(Some(&taken.incident), &withdraw, at(6));
    for change in [answered, taken, withdrawn] {
        commit(house, change).await;
    }
    assert!(house.store.tasks_over(at(0), 10).await.unwrap().whole.is_empty(), "no message told of it");
    // Whoever was faster than their row has answered all the same; who did not answer has not.
    house.write(NoteOnScreens(vec![at_station("li"), at_home("daughter"), at_home("son")])).await;
    let mut told = lines(house, &id).await;
    told.sort_by(|left, right| left.notice_id.cmp(&right.notice_id));
    let told: Vec<_> = told
        .iter()
        .map(|line| (line.recipient_kind.as_str(), line.recipient.as_str(), line.acknowledged_at_us))
        .collect();
    let expected = [
        ("relative", "daughter", None),
        ("relative", "son", Some(us(4))),
        ("desk", "son", None),
        ("station", "li", Some(us(5))),
        ("station", "wang", Some(us(5))),
    ];
    assert_eq!(told, expected);
}

pub(crate) async fn a_message_put_out_since_is_not_answered_by_what_was_said_before(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let (incident, id) = (opened.incident.clone(), opened.incident.id.clone());
    commit(house, opened).await;
    let answer = Command::Answer { by: "son".to_owned(), answer: Answer::Coming, text: String::new() };
    commit(house, change(Some(&incident), &answer, at(4))).await;
    let again = Notice {
        id: "n-son".to_owned(),
        incident: Some(id.clone()),
        recipient_kind: "relative".to_owned(),
        recipient: "son".to_owned(),
        is_life: true,
        goes_first: true,
        channel: "sms".to_owned(),
        to: "13900000002".to_owned(),
        message: "{}".to_owned(),
        due_at: at(6),
    };
    house.write(PutNotices { notices: vec![again], keys: house.store.keys().clone() }).await;
    house.write(NoteOnScreens(vec![OnScreen { of: ScreenOf::Relative, ..sent(&id, "son", 3) }])).await;
    let due = house.store.due_notices(at(9), 10).await.unwrap().whole;
    assert_eq!(
        due.iter().map(|due| due.notice.id.as_str()).collect::<Vec<_>>(),
        ["n-son"],
        "it is still sent"
    );
}
