//! Who answered what they were sent, whom silence reminds, what handsets heard, and whose a notice is.

use incident::{Answer, Command, Incident, OnScene, TaskAct, TaskState};
use model::{IncidentId, StationId, Wgs84};
use store::{
    Account, AddUser, Arrival, ChangeUser, CommitDesk, DueNotice, IncidentChange, NoteArrival, NoteAttempt,
    Notice, NoticeState, PutNotices, PutStation, Settle, SilentTask, Station, TakeNotice, UserChange,
};

use crate::common::{
    House,
    made::{at, change, claim, handset, message, opening, signal},
};

async fn commit(house: &House, change: IncidentChange) {
    house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
}

/// Does it, and gives the incident after it.
async fn after(house: &House, incident: &Incident, command: &Command, second: i64) -> Incident {
    let change = change(Some(incident), command, at(second));
    let incident = change.incident.clone();
    commit(house, change).await;
    incident
}

async fn put(house: &House, id: &str, incident: &IncidentId, (kind, recipient): (&str, &str)) {
    let notice = Notice {
        id: id.to_owned(),
        incident: Some(incident.clone()),
        recipient_kind: kind.to_owned(),
        recipient: recipient.to_owned(),
        is_life: true,
        goes_first: true,
        channel: "sms".to_owned(),
        to: "13900000002".to_owned(),
        message: format!("{{\"id\":\"{id}\"}}"),
        due_at: at(1),
    };
    house.write(PutNotices { notices: vec![notice], keys: house.store.keys().clone() }).await;
}

fn failed(id: &str, second: i64, next: i64) -> NoteAttempt {
    NoteAttempt {
        id: id.to_owned(),
        attempts: 1,
        at: at(second),
        took_ms: 7,
        is_sent: false,
        provider_id: None,
        why: Some("500".to_owned()),
        next_at: Some(at(next)),
    }
}

fn sent(id: &str, second: i64) -> NoteAttempt {
    NoteAttempt { is_sent: true, why: None, next_at: None, ..failed(id, second, second) }
}

async fn states(house: &House, incident: &IncidentId) -> Vec<(String, NoticeState)> {
    let lines = house.store.notices_about(incident).await.unwrap();
    lines.into_iter().map(|line| (line.notice_id.clone(), line.state())).collect()
}

async fn due(house: &House, second: i64) -> Vec<String> {
    let due = house.store.due_notices(at(second), 10).await.unwrap().whole;
    due.into_iter().map(|due| due.notice.id).collect()
}

pub(crate) async fn a_relative_who_answered_is_not_sent_it_again(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let (incident, id) = (opened.incident.clone(), opened.incident.id.clone());
    commit(house, opened).await;
    for (who, next) in [("daughter", 7), ("son", 8)] {
        put(house, &format!("n-{who}"), &id, ("relative", who)).await;
        house.write(failed(&format!("n-{who}"), 2, next)).await;
    }
    put(house, "n-roster", &id, ("roster", "daughter")).await;
    house.write(sent("n-roster", 2)).await;
    assert_eq!(due(house, 8).await, ["n-daughter", "n-son"]);
    let answer = Command::Answer { by: "daughter".to_owned(), answer: Answer::Coming, text: String::new() };
    after(house, &incident, &answer, 5).await;
    assert_eq!(due(house, 8).await, ["n-son"], "she knows");
    let expected = [
        ("n-daughter".to_owned(), NoticeState::Acknowledged),
        ("n-roster".to_owned(), NoticeState::Sent),
        ("n-son".to_owned(), NoticeState::Failed),
    ];
    assert_eq!(states(house, &id).await, expected, "another of her name is somebody else");
    // What was on its way when she answered, and what a provider reports later, change nothing.
    house.write(failed("n-daughter", 6, 9)).await;
    let lost = NoteArrival {
        channel: "sms",
        id: "n-daughter".to_owned(),
        arrival: Arrival::Failed,
        why: None,
        at: at(8),
        again_at: at(9),
    };
    house.write(lost).await;
    assert_eq!(due(house, 99).await, ["n-son"]);
    let open = "SELECT COUNT(*) FROM notices WHERE notice_id = 'n-daughter' AND ended_at_us IS NULL";
    assert_eq!(house.ask(open).await, 0, "it has ended with her answer");
    let lines = house.store.notices_about(&id).await.unwrap();
    assert_eq!(lines[0].acknowledged_at_us, Some(at(5).as_microsecond()));
}

/// An incident that anna has and of which the eastern station was asked.
async fn asked_of_the_east(house: &House) -> Incident {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let claimed = claim(&opened.incident, "anna", at(1));
    for change in [opened, claimed.clone()] {
        commit(house, change).await;
    }
    let dispatch = Command::Dispatch {
        by: "anna".to_owned(),
        role_may_override: false,
        stations: vec![(StationId::new("east").unwrap(), "东站".to_owned())],
        note: String::new(),
    };
    after(house, &claimed.incident, &dispatch, 2).await
}

pub(crate) async fn who_is_silent_at_a_door_is_rung_without_a_message_before(house: &House) {
    let asked = asked_of_the_east(house).await;
    let task = asked.tasks[0].id.clone();
    let act = |act| Command::Task {
        task: task.clone(),
        seen: None,
        act,
        by: "wang".to_owned(),
        on_behalf: false,
        words: String::new(),
    };
    let taken = after(house, &asked, &act(TaskAct::Acknowledge), 10).await;
    let there = after(house, &taken, &act(TaskAct::OnScene), 20).await;
    let called = after(house, &there, &Command::DeadlinePassed, 1_820).await;
    after(house, &called, &Command::DeadlinePassed, 1_820).await;
    let silent = async || house.store.silent_tasks(10).await.unwrap().whole;
    assert_eq!(silent().await, [], "nobody there has a telephone");
    let account = Account::new("wang", "王", access::Role::Station, "-".to_owned());
    house.write(AddUser { account, audit: Vec::new() }).await;
    let keys = Box::new(house.store.keys().clone());
    let number = |number: Option<&str>| ChangeUser {
        username: "wang".to_owned(),
        change: UserChange::Telephone(number.map(|number| (number.to_owned(), keys.clone()))),
        audit: Vec::new(),
    };
    house.write(number(Some("13900000009"))).await;
    let expected = SilentTask {
        task: task.clone(),
        told: format!("task:{task}"),
        reminder: format!("task:{task}:scene"),
        state: TaskState::OnScene,
    };
    assert_eq!(silent().await, std::slice::from_ref(&expected), "their own");
    house.write(number(None)).await;
    assert_eq!(silent().await, []);
    let east = Station {
        id: StationId::new("east").unwrap(),
        name: "东站".to_owned(),
        place: Wgs84::new(33.9612, 118.2795).unwrap(),
        telephone: "0527-88110001".to_owned(),
        on_duty: true,
        hours: Vec::new(),
        skills: Vec::new(),
    };
    house.write(PutStation { station: east, audit: Vec::new() }).await;
    assert_eq!(silent().await, [expected], "the station's");
    put(house, &format!("task:{task}:scene"), &asked.id, ("station", "东站")).await;
    assert_eq!(silent().await, [], "once");
}

/// The way is a silence of its own, beside that at the door.
pub(crate) async fn who_is_silent_on_the_way_is_reminded_until_they_say_something(house: &House) {
    let asked = asked_of_the_east(house).await;
    let (id, task) = (asked.id.clone(), asked.tasks[0].id.clone());
    let silent = async || house.store.silent_tasks(10).await.unwrap().whole;
    let act = |act| Command::Task {
        task: task.clone(),
        seen: None,
        act,
        by: "wang".to_owned(),
        on_behalf: false,
        words: String::new(),
    };
    let expected = |reminder: &str, state| SilentTask {
        task: task.clone(),
        told: format!("task:{task}"),
        reminder: format!("task:{task}:{reminder}"),
        state,
    };
    put(house, &format!("task:{task}"), &id, ("station", "东站")).await;
    let taken = after(house, &asked, &act(TaskAct::Acknowledge), 10).await;
    let going = after(house, &taken, &act(TaskAct::EnRoute), 20).await;
    assert_eq!(silent().await, []);
    // The holder owes a word first.
    let called = after(house, &going, &Command::DeadlinePassed, 1_820).await;
    let overdue = after(house, &called, &Command::DeadlinePassed, 1_820).await;
    assert_eq!(silent().await, [expected("way", TaskState::EnRoute)]);
    put(house, &format!("task:{task}:way"), &id, ("station", "东站")).await;
    assert_eq!(silent().await, [], "once");
    let word = Command::SayOnScene {
        task: task.clone(),
        said: OnScene::StillAtIt,
        by: "wang".to_owned(),
        words: String::new(),
    };
    let spoke = after(house, &overdue, &word, 1_830).await;
    assert!(states(house, &id).await.iter().all(|(_, state)| *state == NoticeState::Acknowledged));
    assert_eq!(silent().await, [], "they have just said something");
    let there = after(house, &spoke, &act(TaskAct::OnScene), 1_840).await;
    let called = after(house, &there, &Command::DeadlinePassed, 3_640).await;
    after(house, &called, &Command::DeadlinePassed, 3_640).await;
    assert_eq!(silent().await, [expected("scene", TaskState::OnScene)]);
}

pub(crate) async fn a_station_that_was_told_hears_once_that_its_task_was_taken_back(house: &House) {
    let asked = asked_of_the_east(house).await;
    let (id, task) = (asked.id.clone(), asked.tasks[0].id.clone());
    let over = async |since| house.store.tasks_over(at(since), 10).await.unwrap().whole;
    put(house, &format!("task:{task}"), &id, ("station", "东站")).await;
    let withdraw = Command::Task {
        task: task.clone(),
        seen: None,
        act: TaskAct::Withdraw,
        by: "anna".to_owned(),
        on_behalf: false,
        words: "不用了".to_owned(),
    };
    assert_eq!(over(0).await, [], "it is not over");
    after(house, &asked, &withdraw, 30).await;
    assert_eq!(over(0).await, [], "nothing was sent yet, and what waits is not sent any more");
    house.write(sent(&format!("task:{task}"), 31)).await;
    assert_eq!(over(0).await, std::slice::from_ref(&task));
    assert_eq!(over(31).await, [], "long ago");
    put(house, &format!("task:{task}:over"), &id, ("station", "东站")).await;
    assert_eq!(over(0).await, [], "once");
}

pub(crate) async fn a_silent_station_is_reminded_once_in_each_state(house: &House) {
    let asked = asked_of_the_east(house).await;
    let (id, task) = (asked.id.clone(), asked.tasks[0].id.clone());
    let silent = async || house.store.silent_tasks(10).await.unwrap().whole;
    let expected = |reminder: &str, state| SilentTask {
        task: task.clone(),
        told: format!("task:{task}"),
        reminder: format!("task:{task}:{reminder}"),
        state,
    };
    let act = |act| Command::Task {
        task: task.clone(),
        seen: None,
        act,
        by: "wang".to_owned(),
        on_behalf: false,
        words: String::new(),
    };

    let overdue = after(house, &asked, &Command::DeadlinePassed, 62).await;
    assert_eq!(silent().await, [], "a station that could not be told cannot be reminded");
    put(house, &format!("task:{task}"), &id, ("station", "东站")).await;
    assert_eq!(silent().await, [expected("1", TaskState::Offered)]);
    let told = house.store.notice(&format!("task:{task}")).await.unwrap().unwrap();
    assert_eq!((told.to.as_str(), told.recipient.as_str()), ("13900000002", "东站"));
    assert!(house.store.notice("nobody's").await.unwrap().is_none());
    put(house, &format!("task:{task}:1"), &id, ("station", "东站")).await;
    let overdue = after(house, &overdue, &Command::DeadlinePassed, 122).await;
    assert_eq!(silent().await, [], "once");

    let taken = after(house, &overdue, &act(TaskAct::Acknowledge), 130).await;
    assert!(states(house, &id).await.iter().all(|(_, state)| *state == NoticeState::Acknowledged));
    assert_eq!(due(house, 9_999).await, [""; 0]);
    let there = after(house, &taken, &act(TaskAct::OnScene), 140).await;
    assert_eq!(silent().await, []);
    // The holder owes a word first.
    let called = after(house, &there, &Command::DeadlinePassed, 1_940).await;
    let overdue = after(house, &called, &Command::DeadlinePassed, 1_940).await;
    assert_eq!(overdue.tasks[0].overdue, 1);
    assert_eq!(silent().await, [expected("scene", TaskState::OnScene)]);
    put(house, &format!("task:{task}:scene"), &id, ("station", "东站")).await;
    assert_eq!(silent().await, []);
    assert_eq!(due(house, 9_999).await, [format!("task:{task}:scene")]);
    let word = Command::SayOnScene {
        task: task.clone(),
        said: OnScene::NoAnswer,
        by: "wang".to_owned(),
        words: String::new(),
    };
    let spoke = after(house, &overdue, &word, 1_950).await;
    assert!(states(house, &id).await.iter().all(|(_, state)| *state == NoticeState::Acknowledged));
    assert_eq!(silent().await, [], "they have just said something");

    // Half an hour after that word they are silent again, and are reminded again.
    let called = after(house, &spoke, &Command::DeadlinePassed, 3_750).await;
    let overdue = after(house, &called, &Command::DeadlinePassed, 3_750).await;
    assert_eq!(overdue.tasks[0].overdue, 1);
    assert_eq!(silent().await, [expected("scene:1", TaskState::OnScene)]);
    for way in ["", ":voice"] {
        put(house, &format!("task:{task}:scene:1{way}"), &id, ("station", "东站")).await;
    }
    assert_eq!(silent().await, [], "once for each silence");
    let at_it = Command::SayOnScene {
        task: task.clone(),
        said: OnScene::StillAtIt,
        by: "wang".to_owned(),
        words: String::new(),
    };
    after(house, &overdue, &at_it, 3_760).await;
    assert!(states(house, &id).await.iter().all(|(_, state)| *state == NoticeState::Acknowledged));
    assert_eq!(due(house, 9_999).await, [""; 0], "nobody is rung any more");
}

pub(crate) async fn what_a_handset_was_told_stays_on_record(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let (mut incident, id) = (opened.incident.clone(), opened.incident.id.clone());
    let word = |payload: &str, second| vec![message("h1", &format!("progress:{id}"), payload, at(second))];
    let waiting = async |second| house.store.waiting(&handset("h1"), 0, 1, at(second)).await.unwrap()[0].row;
    let settle = async |row, second| {
        house.write(Settle { handset: handset("h1"), row, at: at(second) }).await;
    };
    commit(house, IncidentChange { outbox: word("one", 0), ..opened }).await;
    settle(waiting(0).await, 1).await;
    let mut on_its_way = 0;
    for (payload, second) in [("two", 2), ("three", 3), ("four", 5)] {
        let answer =
            Command::Answer { by: "daughter".to_owned(), answer: Answer::Calling, text: String::new() };
        let change = change(Some(&incident), &answer, at(second));
        incident = change.incident.clone();
        commit(house, IncidentChange { outbox: word(payload, second), ..change }).await;
        match payload {
            "two" => on_its_way = waiting(2).await,
            // The handset has the second when the third has taken its place.
            "three" => settle(on_its_way, 4).await,
            _ => {}
        }
    }
    let said = house.store.said(&id, &incident.listeners()).await.unwrap();
    let said: Vec<_> = said.iter().map(|word| (word.payload.as_str(), word.said_at, word.heard_at)).collect();
    let expected = [
        ("one", at(0), Some(at(1))),
        ("two", at(2), Some(at(4))),
        ("three", at(3), None),
        ("four", at(5), None),
    ];
    assert_eq!(said, expected);
}

/// A receiver that is away for an hour is told after it, by whichever process is there then.
pub(crate) async fn a_notice_is_one_processs_at_a_time_and_outlives_it(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let id = opened.incident.id.clone();
    commit(house, opened).await;
    put(house, "w-1", &id, ("webhook", "township")).await;
    let other = house.another().await;
    let read = async |house: &House, second| house.store.due_notices(at(second), 10).await.unwrap().whole;
    let (mine, theirs) = (read(house, 1).await, read(&other, 1).await);
    let take = |due: &DueNotice, until: i64| TakeNotice {
        id: due.notice.id.clone(),
        by: until.to_string(),
        next_at: due.next_at,
        until: at(until),
    };
    assert_eq!(
        [house.write(take(&mine[0], 91)).await, other.write(take(&theirs[0], 92)).await],
        [true, false]
    );
    assert!(read(house, 90).await.is_empty() && read(&other, 90).await.is_empty(), "it is one's");
    house.write(failed("w-1", 3, 3_603)).await;
    assert!(read(&other, 3_602).await.is_empty());
    let back = read(&other, 3_603).await;
    assert_eq!((back.len(), back[0].attempts, back[0].notice.recipient.as_str()), (1, 1, "township"));
    assert_eq!(back[0].notice.message, mine[0].notice.message, "the same at every attempt");
    assert!(other.write(take(&back[0], 3_700)).await);
    other.write(sent("w-1", 3_604)).await;
    assert!(read(house, 99_999).await.is_empty(), "told once");
    other.close().await;
}
