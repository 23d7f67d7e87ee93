//! Links to tasks, events for other programs, and what reports are made of.

use incident::Command;
use model::{StationId, TaskId};
use protocol::OsmAndId;
use store::{
    AddHandset, Arrival, BindOsmAnd, CommitDesk, CursorMove, DrillWindow, DueCall, IncidentChange, JobError,
    LinkTask, NoteArrival, NoteAttempt, Notice, OpenDrill, PutNotices, PutRead, PutStatus, Settle,
    UntoldTask,
};

use crate::common::{
    House,
    made::{at, audit, change, claim, handset, message, move_in, opening, resident, signal},
    soon,
};

async fn commit(house: &House, change: IncidentChange) {
    house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
}

fn notice(house: &House, id: &str, channel: &str, due: i64) -> PutNotices {
    let notice = Notice {
        id: id.to_owned(),
        incident: None,
        recipient_kind: "station".to_owned(),
        recipient: "东站".to_owned(),
        is_life: false,
        goes_first: false,
        channel: channel.to_owned(),
        to: "051780001234".to_owned(),
        message: "{}".to_owned(),
        due_at: at(due),
    };
    PutNotices { notices: vec![notice], keys: house.store.keys().clone() }
}

pub(crate) async fn a_link_opens_its_task_until_that_ends(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let claimed = claim(&opened.incident, "anna", at(1));
    let station = StationId::new("east").unwrap();
    let dispatch = Command::Dispatch {
        by: "anna".to_owned(),
        role_may_override: false,
        stations: vec![(station.clone(), "东站".to_owned())],
        note: String::new(),
    };
    let asked = change(Some(&claimed.incident), &dispatch, at(2));
    let (incident, task) = (asked.incident.id.clone(), asked.incident.tasks[0].id.clone());
    for change in [opened, claimed, asked.clone()] {
        commit(house, change).await;
    }
    let untold = UntoldTask { task: task.clone(), incident: incident.clone(), station };
    assert_eq!(house.store.untold_tasks(10).await.unwrap().whole, [untold]);
    let link = |token: &str| LinkTask {
        task: task.clone(),
        token: Some(token.to_owned()),
        at: at(3),
        notices: notice(house, "task:1", "sms", 3),
        audit: vec![audit("link_task", at(3))],
    };
    assert_eq!([house.write(link("first")).await, house.write(link("second")).await], [true, false]);
    assert!(house.store.untold_tasks(10).await.unwrap().whole.is_empty());
    assert_eq!(house.store.due_notices(at(3), 10).await.unwrap().whole.len(), 1, "told once");
    let found = house.store.linked_task("first").await.unwrap();
    assert_eq!(found, Some((task.clone(), incident.clone())));
    assert_eq!(house.store.linked_task("second").await.unwrap(), None);
    let withdraw = Command::Task {
        task: task.clone(),
        seen: None,
        act: incident::TaskAct::Withdraw,
        by: "anna".to_owned(),
        on_behalf: false,
        words: "不用了".to_owned(),
    };
    commit(house, change(Some(&asked.incident), &withdraw, at(4))).await;
    assert_eq!(house.store.linked_task("first").await.unwrap(), None, "it is over");
    let to_undo = house.store.once_linked_task("first").await.unwrap();
    assert_eq!(to_undo, Some((task.clone(), incident)), "its last step can be taken back");
    assert_eq!(house.store.once_linked_task("second").await.unwrap(), None);
    let none = LinkTask { task: TaskId::new("other").unwrap(), token: None, ..link("x") };
    assert!(house.write(none).await, "a station that cannot be told has a link that opens nothing");
}

pub(crate) async fn events_are_told_once_or_not_at_all(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    commit(house, opened.clone()).await;
    commit(house, claim(&opened.incident, "anna", at(1))).await;
    let events = soon("the log shows both", async || {
        let events = house.store.event_log(0, 10).await.unwrap().1.whole;
        (events.len() == 2).then_some(events)
    })
    .await;
    assert_eq!((&events[0].1, events[0].2.version, events[1].2.version), (&opened.incident.id, 1, 2));
    let (end, later) = house.store.event_log(events[0].0, 10).await.unwrap();
    assert_eq!((end, later.whole.len()), (Some(events[1].0), 1));
    let to = events[1].0;
    let put = |id: &str| PutRead {
        notices: notice(house, id, "webhook", 2),
        cursor: CursorMove { name: "webhooks", from: 0, to },
    };
    house.write(put("w-1")).await;
    assert!(matches!(house.store.write(put("w-2")).await, Err(JobError::Conflict)), "another was faster");
    assert_eq!(house.store.due_webhooks(at(2), 10).await.unwrap().whole.len(), 1);
    assert!(house.store.due_notices(at(2), 10).await.unwrap().whole.is_empty(), "it is to nobody");
    assert_eq!(house.store.cursor("webhooks").await.unwrap(), to);
}

pub(crate) async fn what_reports_are_made_of(house: &House) {
    move_in(house, "r1", "h1", at(-3_600 * 10)).await;
    house.write(notice(house, "n-1", "sms", 10)).await;
    house.write(notice(house, "n-2", "sms", 99)).await;
    let sent = NoteAttempt {
        id: "n-1".to_owned(),
        attempts: 2,
        at: at(16),
        took_ms: 70,
        is_sent: true,
        provider_id: None,
        why: None,
        next_at: None,
    };
    house.write(sent).await;
    let mut drill = opening(signal("d1", Some("r1"), "h1", at(5)));
    drill.incident.drill = true;
    let mut tried = notice(house, "n-3", "sms", 11);
    tried.notices[0].incident = Some(drill.incident.id.clone());
    commit(house, drill).await;
    house.write(tried).await;
    let facts = house.store.notice_facts(at(10), at(99), 10).await.unwrap();
    assert_eq!(facts.len(), 1, "the end of the span is excluded, and so are drills");
    assert_eq!((facts[0].sent_at, facts[0].took_ms, facts[0].attempts), (Some(at(16)), Some(70), 2));
    assert!(facts[0].is_over && facts[0].channel == "sms" && facts[0].acknowledged_at.is_none());
    for (arrival, second) in [(Arrival::Delivered, 20), (Arrival::Seen, 50)] {
        let (id, at, again_at) = ("n-1".to_owned(), at(second), at(second));
        assert!(house.write(NoteArrival { channel: "sms", id, arrival, why: None, at, again_at }).await);
    }
    let facts = house.store.notice_facts(at(10), at(99), 10).await.unwrap();
    assert_eq!((facts[0].delivered_at, facts[0].seen_at), (Some(at(20)), Some(at(50))));

    assert!(house.store.divisions().await.unwrap().is_empty(), "where she lives is not on record");

    let window = DrillWindow { handset: handset("h1"), from: at(0), to: at(60), by: "anna".to_owned() };
    house.write(OpenDrill { window: window.clone(), audit: Vec::new() }).await;
    let carried = (window, Some(resident("r1")));
    assert_eq!(house.store.drill_windows(at(59), None, 10).await.unwrap(), [carried]);
    assert!(house.store.drill_windows(at(60), None, 10).await.unwrap().is_empty());
    let of_street = async |code: &str| {
        let street = model::Division::new(code).unwrap();
        house.store.drill_windows(at(59), Some(&street), 10).await.unwrap().len()
    };
    assert_eq!(of_street("321302006").await, 1, "of somebody who lives nowhere on record");
    house.run("UPDATE residents SET division = '321302005003'").await;
    assert_eq!((of_street("321302005").await, of_street("321302006").await), (1, 0));

    let status = PutStatus {
        handset: handset("h1"),
        clock_ahead: None,
        status: Some(r#"{"battery_pct":9}"#.to_owned()),
        at: at(5),
    };
    let (one, other) = (handset("h1"), handset("h2"));
    let nothing = store::Askable::default();
    let known = house.store.askable([&one, &other]).await.unwrap();
    assert_eq!((&known[&one], &known[&other]), (&nothing, &nothing));
    house.write(status).await;
    house.write(AddHandset { handset: other.clone(), secret_hash: "-".to_owned() }).await;
    house
        .write(BindOsmAnd {
            handset: other.clone(),
            from: None,
            id: OsmAndId::new("0123456789abcdef").unwrap(),
            keys: house.store.keys().clone(),
            audit: Vec::new(),
        })
        .await;
    let known = house.store.askable([&one, &other]).await.unwrap();
    assert_eq!((known[&one].battery, known[&one].phones.len()), (Some((at(5), 9.0)), 0));
    assert_eq!((known[&other].battery, &*known[&other].phones), (None, &[store::Phone::OsmAnd][..]));
    assert!(house.store.askable([]).await.unwrap().is_empty());
}

/// What an incident's file says of receipts and calls.
pub(crate) async fn a_file_has_its_receipts_and_calls(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let id = opened.incident.id.clone();
    let progress = format!("progress:{id}");
    let outbox = vec![
        message("h1", "receipt:s1", "{}", at(0)),
        message("h1", &progress, "{}", at(0)),
        message("h1", "x", "{}", at(0)),
    ];
    let due = DueCall { version: 1, step: 2, callee: incident::Callee::Roster, at: at(3) };
    commit(house, IncidentChange { outbox, calls: vec![due], ..opened.clone() }).await;
    let row = house.store.waiting(&handset("h1"), 0, 1, at(1)).await.unwrap()[0].row;
    house.write(Settle { handset: handset("h1"), row, at: at(2) }).await;
    let mut told = house.store.told(&id, &opened.incident.listeners()).await.unwrap();
    told.sort_by(|one, other| one.key.cmp(&other.key));
    let keys: Vec<_> = told.iter().map(|told| (told.key.as_str(), told.settled_at)).collect();
    assert_eq!(keys, [(progress.as_str(), None), ("receipt:s1", Some(at(2)))]);
    let calls = house.store.calls_about(&id).await.unwrap();
    assert_eq!(
        (calls.len(), calls[0].step, calls[0].callee.as_str(), calls[0].done_at),
        (1, 2, "roster", None)
    );
}
