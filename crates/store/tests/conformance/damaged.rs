//! One row that cannot be read, or is in somebody's hands who died, keeps nobody else waiting.

use incident::{
    Command, Return,
    ladder::{Callee, Hours, OnCall},
};
use model::{IncidentId, ResidentId, Signal, SignalId, SignalKind, StationId, Wgs84};
use store::{
    CommitDesk, DueCall, FenceReturn, FreeNotices, HandsetCommand, IncidentChange, IncidentFilter, Notice,
    PutCommands, PutNotices, PutOnRoster, PutStation, RaiseSignals, RosterEntry, Station, Subject,
    TakeNotice, WaitingMessage,
};

use crate::common::{
    House,
    made::{at, change, claim, command, handset, message, opening, resident, signal},
    soon,
};

async fn put(house: &House, id: &str) {
    let notice = Notice {
        id: id.to_owned(),
        incident: None,
        recipient_kind: "roster".to_owned(),
        recipient: "李强".to_owned(),
        is_life: true,
        goes_first: true,
        channel: "sms".to_owned(),
        to: "13900000002".to_owned(),
        message: "{}".to_owned(),
        due_at: at(1),
    };
    house.write(PutNotices { notices: vec![notice], keys: house.store.keys().clone() }).await;
}

async fn open(house: &House, change: IncidentChange) -> IncidentId {
    let id = change.incident.id.clone();
    house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    id
}

pub(crate) async fn a_notice_that_cannot_be_opened_holds_up_no_other(house: &House) {
    for id in ["n-1", "n-2", "n-3"] {
        put(house, id).await;
    }
    house.run("UPDATE notices SET message_sealed = address_sealed WHERE notice_id = 'n-1'").await;
    house.run("UPDATE notices SET incident_id = '' WHERE notice_id = 'n-2'").await;
    let due = house.store.due_notices(at(2), 10).await.unwrap();
    let ids: Vec<&str> = due.whole.iter().map(|due| due.notice.id.as_str()).collect();
    assert_eq!((ids, due.passed_over()), (vec!["n-3"], 2));
    let mut broken = due.broken;
    broken.sort();
    assert!(broken[0].starts_with("n-1: ") && broken[1].starts_with("n-2: "), "each is named: {broken:?}");
    assert!(!broken.concat().contains("13900000002"), "{broken:?}");
}

pub(crate) async fn a_word_that_cannot_be_opened_holds_up_nothing_else_for_the_handset(house: &House) {
    let said = message("h1", "command:say", r#"{"text":"女儿马上就到"}"#, at(0));
    let say = HandsetCommand { kind: "say".to_owned(), ..command("h1", "say", at(0)) };
    let locate = ["l-1", "l-2"].map(|id| {
        let carried = message("h1", &format!("command:{id}"), &format!(r#"{{"id":"{id}"}}"#), at(0));
        (command("h1", id, at(0)), vec![carried])
    });
    let commands = std::iter::once((say, vec![said])).chain(locate).collect();
    house.write(PutCommands { commands, keys: house.store.keys().clone(), audit: Vec::new() }).await;
    // It opens under its own key alone.
    house.run("UPDATE outbox SET message_key = 'command:other' WHERE message_key = 'command:say'").await;
    let payloads = |found: Vec<WaitingMessage>| found.into_iter().map(|one| one.payload).collect::<Vec<_>>();
    let both = [r#"{"id":"l-1"}"#, r#"{"id":"l-2"}"#];
    let topic = "jjl/h1/down/progress";
    let asked = house.store.waiting_on(&handset("h1"), topic, 10, at(1)).await.unwrap();
    assert_eq!(payloads(asked), both);
    for (limit, heard) in [(10, &both[..]), (2, &both[..]), (1, &both[..1])] {
        let waiting = house.store.waiting(&handset("h1"), 0, limit, at(1)).await.unwrap();
        assert_eq!(payloads(waiting), heard, "a full look, or there is no more: {limit}");
    }
}

/// Three hundred who are out and three hundred events for another program are due before; then somebody presses.
pub(crate) async fn a_press_goes_before_all_others_and_programs_have_a_queue_of_their_own(house: &House) {
    let notice = |id: String, channel: &str, (is_life, goes_first), due| Notice {
        id,
        incident: None,
        recipient_kind: "roster".to_owned(),
        recipient: "李强".to_owned(),
        is_life,
        goes_first,
        channel: channel.to_owned(),
        to: "13900000002".to_owned(),
        message: "{}".to_owned(),
        due_at: at(due),
    };
    let mut notices = vec![
        notice("plain".to_owned(), "sms", (false, false), 1),
        notice("press".to_owned(), "sms", (true, true), 9),
    ];
    for nth in 0..300 {
        notices.push(notice(format!("out-{nth}"), "sms", (true, false), 5));
        notices.push(notice(format!("event-{nth}"), "webhook", (false, false), 1));
    }
    house.write(PutNotices { notices, keys: house.store.keys().clone() }).await;
    let due = house.store.due_notices(at(9), 400).await.unwrap().whole;
    let ids: Vec<&str> = due.iter().map(|due| due.notice.id.as_str()).collect();
    assert_eq!((ids.len(), ids.first(), ids.last()), (302, Some(&"press"), Some(&"plain")));
    assert!(due[0].notice.goes_first && due[1].notice.is_life && !due[1].notice.goes_first);
    let events = house.store.due_webhooks(at(9), 400).await.unwrap().whole;
    assert!(events.len() == 300 && events.iter().all(|due| due.notice.channel == "webhook"));
}

/// Its events are the truth: what the quick copy of it says is not needed to see it, to find it, or to do what is due.
pub(crate) async fn an_incident_with_a_damaged_snapshot_is_as_its_events_say(house: &House) {
    let first = open(house, opening(signal("s1", Some("r1"), "h1", at(0)))).await;
    let before = house.store.incident(&first).await.unwrap();
    house.run(&format!("UPDATE incidents SET snapshot = '{{' WHERE incident_id = '{first}'")).await;
    assert_eq!(house.store.incident(&first).await.unwrap(), before);
    let subject = Subject::Resident(ResidentId::new("r1").unwrap());
    assert_eq!(house.store.open_incident(&subject, false).await.unwrap(), before);
    let all = house.store.incidents(IncidentFilter::Open, None, None, 10).await.unwrap().whole;
    let (_, moved) = house.store.moved_after(0, 10).await.unwrap();
    let (open, due) = (
        house.store.open_incidents().await.unwrap(),
        house.store.due_incidents(at(1_000), 10).await.unwrap(),
    );
    let moved = moved.into_iter().map(|moved| moved.incident).collect();
    for seen in [all, moved, open.whole, due.whole] {
        assert_eq!(seen.first(), before.as_ref());
        assert_eq!(seen.len(), 1);
    }
}

pub(crate) async fn an_incident_that_cannot_be_read_hides_no_other(house: &House) {
    let first = open(house, opening(signal("s1", Some("r1"), "h1", at(0)))).await;
    let second = open(house, opening(signal("s2", Some("r2"), "h2", at(1)))).await;
    house.run(&format!("UPDATE incidents SET snapshot = '{{' WHERE incident_id = '{first}'")).await;
    house.run(&format!("UPDATE incident_events SET body = '{{' WHERE incident_id = '{first}'")).await;
    let open = house.store.open_incidents().await.unwrap();
    let page = house.store.incidents(IncidentFilter::Open, None, None, 2).await.unwrap();
    for seen in [house.store.due_incidents(at(1_000), 10).await.unwrap(), open, page] {
        let ids: Vec<IncidentId> = seen.whole.into_iter().map(|incident| incident.id).collect();
        assert_eq!(ids, std::slice::from_ref(&second));
        assert!(seen.broken.len() == 1 && seen.broken[0].starts_with(first.as_str()), "{:?}", seen.broken);
    }
    let (_, moved) = house.store.moved_after(0, 10).await.unwrap();
    assert_eq!(moved.into_iter().map(|moved| moved.incident.id).collect::<Vec<_>>(), [second]);
}

pub(crate) async fn an_entry_of_the_roster_that_cannot_be_opened_hides_no_other(house: &House) {
    for id in ["roster-1", "roster-2"] {
        let entry = RosterEntry {
            id: id.to_owned(),
            name: "李强".to_owned(),
            on_call: OnCall { days: 0b111_1111, hours: Hours { from: 0, to: 0 } },
            channel: "sms".to_owned(),
            address: "13900000002".to_owned(),
        };
        house.write(PutOnRoster { entry, keys: house.store.keys().clone(), audit: Vec::new() }).await;
    }
    // What is sealed is bound to its entry.
    house.run("UPDATE roster SET entry_id = 'roster-3' WHERE entry_id = 'roster-1'").await;
    let roster = house.store.roster().await.unwrap();
    let ids: Vec<&str> = roster.whole.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["roster-2"]);
    assert!(roster.broken.len() == 1 && roster.broken[0].starts_with("roster-3: "), "{:?}", roster.broken);
}

/// Sixty calls about what is no matter of life wait, and one that cannot be read; then somebody presses.
pub(crate) async fn a_call_about_a_life_is_done_first(house: &House) {
    let called = |signal: Signal, callee| {
        let change = opening(signal);
        let calls = vec![DueCall { version: 1, step: 2, callee, at: at(0) }];
        IncidentChange { calls, ..change }
    };
    for nth in 0..60 {
        let name = format!("late-{nth}");
        let late = Signal { kind: SignalKind::Overdue, ..signal(&name, Some(&name), "h1", at(nth)) };
        open(house, called(late, Callee::Roster)).await;
    }
    house.run("UPDATE calls SET callee = 'nobody' WHERE row_id = (SELECT MIN(row_id) FROM calls)").await;
    let pressed = open(house, called(signal("s1", Some("r1"), "h1", at(99)), Callee::Relatives)).await;
    let waiting = house.store.waiting_calls(10).await.unwrap();
    assert_eq!(
        (waiting.whole[0].incident.clone(), waiting.whole[0].call.callee),
        (pressed, Callee::Relatives)
    );
    assert_eq!((waiting.whole.len(), waiting.passed_over()), (9, 1));
    assert!(waiting.whole[1..].is_sorted_by_key(|call| call.row), "the others in their order");
}

/// Of what a process had taken when it died nobody knows how far it came: it is due at once when that process is back.
pub(crate) async fn what_a_process_died_over_is_due_when_it_is_back(house: &House) {
    for id in ["n-1", "n-2", "n-3"] {
        put(house, id).await;
    }
    let due = house.store.due_notices(at(2), 10).await.unwrap().whole;
    for (one, by) in due.iter().zip(["mine", "theirs"]) {
        let id = one.notice.id.clone();
        let take = TakeNotice { id, by: by.to_owned(), next_at: one.next_at, until: at(92) };
        assert!(house.write(take).await);
    }
    let read = async |second| {
        let due = house.store.due_notices(at(second), 10).await.unwrap().whole;
        due.into_iter().map(|due| due.notice.id).collect::<Vec<String>>()
    };
    assert_eq!(read(3).await, [due[2].notice.id.clone()]);
    let free = || FreeNotices { by: "mine".to_owned(), now: at(3) };
    assert_eq!(house.write(free()).await, 1);
    let mut again = read(3).await;
    again.sort();
    let mut expected = [due[0].notice.id.clone(), due[2].notice.id.clone()];
    expected.sort();
    assert_eq!(again, expected, "the other process makes its attempt");
    assert_eq!(house.write(free()).await, 0, "once");
}

async fn put_station(house: &House, id: &str) {
    let station = Station {
        id: StationId::new(id).unwrap(),
        name: id.to_owned(),
        place: Wgs84::new(33.9612, 118.2795).unwrap(),
        telephone: "0527-88110001".to_owned(),
        on_duty: true,
        hours: Vec::new(),
        skills: Vec::new(),
    };
    house.write(PutStation { station, audit: Vec::new() }).await;
}

/// The ladder asks the others, and so does the desk.
pub(crate) async fn a_station_that_cannot_be_read_hides_no_other(house: &House) {
    for id in ["east", "north", "west"] {
        put_station(house, id).await;
    }
    house.run("UPDATE stations SET hours = '{' WHERE station_id = 'east'").await;
    house.run("UPDATE stations SET skills = '[\"magic\"]' WHERE station_id = 'north'").await;
    let found = house.store.stations().await.unwrap();
    let ids: Vec<&str> = found.whole.iter().map(|load| load.station.id.as_str()).collect();
    assert_eq!((ids, found.passed_over()), (vec!["west"], 2));
    assert!(found.broken[0].starts_with("east: ") && found.broken[1].starts_with("north: "), "{found:?}");
    let station = async |id: &str| house.store.station(&StationId::new(id).unwrap()).await;
    assert!(station("west").await.unwrap().is_some());
    assert!(station("east").await.is_err(), "it is there, and nobody knows what it is");
    put_station(house, "east").await;
    assert!(station("east").await.unwrap().is_some(), "entered anew");
}

/// Two stations were asked in two incidents; of one incident nothing can be read, and the quick copy of the other is damaged.
pub(crate) async fn a_task_that_cannot_be_read_hides_no_other(house: &House) {
    let mut asked = Vec::new();
    for who in ["r1", "r2"] {
        let opened = opening(signal(who, Some(who), who, at(0)));
        let claimed = claim(&opened.incident, "anna", at(1));
        let dispatch = Command::Dispatch {
            by: "anna".to_owned(),
            role_may_override: false,
            stations: vec![(StationId::new("east").unwrap(), "东站".to_owned())],
            note: String::new(),
        };
        let sent = change(Some(&claimed.incident), &dispatch, at(2));
        asked.push(sent.incident.clone());
        for change in [opened, claimed, sent] {
            open(house, change).await;
        }
    }
    let (lost, other) = (&asked[0].id, &asked[1]);
    house.run("UPDATE incidents SET snapshot = '{'").await;
    house.run(&format!("UPDATE incident_events SET body = '{{' WHERE incident_id = '{lost}'")).await;
    let found = house.store.incidents_with_tasks(None, true, 10).await.unwrap();
    assert_eq!(found.whole, std::slice::from_ref(other));
    assert!(found.broken.len() == 1 && found.broken[0].starts_with(lost.as_str()), "{:?}", found.broken);
    let open = house.store.open_tasks(&StationId::new("east").unwrap()).await.unwrap();
    assert_eq!(
        open.into_iter().map(|task| task.incident).collect::<Vec<_>>(),
        std::slice::from_ref(&other.id)
    );
    house.run(&format!("UPDATE tasks SET station_id = '' WHERE incident_id = '{lost}'")).await;
    let untold = house.store.untold_tasks(10).await.unwrap();
    assert_eq!((untold.whole.len(), untold.passed_over()), (1, 1));
    assert_eq!(untold.whole[0].incident, other.id);
}

/// Whoever follows a log reads the others, and knows how far it was looked at.
pub(crate) async fn a_row_of_a_log_that_cannot_be_read_hides_no_other(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    open(house, opened.clone()).await;
    open(house, claim(&opened.incident, "anna", at(1))).await;
    let back = |name: &str| FenceReturn {
        resident: resident("r1"),
        of: Return {
            id: SignalId::from_cause("fence_return", &[name]),
            fence: Some("f1".to_owned()),
            zone: None,
            since: at(3),
            why: String::new(),
        },
        at: at(5),
    };
    let (returns, signals, states) = (vec![back("one"), back("other")], Vec::new(), Vec::new());
    house.write(RaiseSignals { signals, returns, states, at: at(6), lease: None }).await;
    for reply in ["?", "well"] {
        let insert = "INSERT INTO fall_answers (signal_id, resident_id, handset_id, at_us, reply)";
        house.run(&format!("{insert} VALUES ('s', 'r1', 'h1', 7, '{reply}')")).await;
    }
    house.run("UPDATE incident_events SET body = '{' WHERE version = 1").await;
    let first = "(SELECT MIN(row_id) FROM fence_returns)";
    house.run(&format!("UPDATE fence_returns SET body = '{{' WHERE row_id = {first}")).await;
    soon("the logs are read to their ends", async || {
        let (events_end, events) = house.store.event_log(0, 9).await.unwrap();
        let (returns_end, returns) = house.store.returns_after(0, 9).await.unwrap();
        let (answers_end, answers) = house.store.fall_answers_after(0, 9).await.unwrap();
        let found = [
            (events.whole.len(), events.passed_over(), events.whole.last().map(|one| one.0) == events_end),
            (
                returns.whole.len(),
                returns.passed_over(),
                returns.whole.last().map(|one| one.row) == returns_end,
            ),
            (
                answers.whole.len(),
                answers.passed_over(),
                answers.whole.last().map(|one| one.row) == answers_end,
            ),
        ];
        found.iter().all(|one| *one == (1, 1, true)).then_some(())
    })
    .await;
    // Behind one at the end, too, somebody goes on.
    house.run("UPDATE fence_returns SET body = '{'").await;
    let (end, returns) = house.store.returns_after(0, 9).await.unwrap();
    assert_eq!((returns.whole.len(), returns.passed_over(), end.is_some()), (0, 2, true));
}
