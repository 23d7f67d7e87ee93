//! What is forgotten with a person, or when its term is over, beside the cases they were in.

use access::Role;
use model::{Evidence, IncidentId, Signal, SignalKind, SignedDuration, Timestamp};
use store::{
    Account, AddUser, CommitDesk, CursorMove, EraseResident, ForgetSignals, IncidentChange, JobError,
    MakeNameless, PutCommands, RaiseSignals, TakenPress, Whose, Withhold, Withholding,
};

use crate::{
    common::{
        House,
        made::{at, claim, closing, command, message, move_in, opening, press, resident, signal, take},
    },
    presses::new,
};

/// A battery of whom the sentence names.
fn low(name: &str, about: &str, second: i64) -> Signal {
    let evidence = Evidence {
        rule: "battery/low".to_owned(),
        why: "王秀英的终端电量低".to_owned(),
        ..Evidence::default()
    };
    Signal {
        kind: SignalKind::LowBattery,
        evidence: Some(Box::new(evidence)),
        ..signal(name, Some(about), "h1", at(second))
    }
}

async fn raise(house: &House, signals: Vec<Signal>) {
    let at = at(100);
    house.write(RaiseSignals { signals, returns: Vec::new(), states: Vec::new(), at, lease: None }).await;
}

/// The desk has read all there is.
async fn read(house: &House) {
    let from = house.store.cursor("desk").await.unwrap();
    let to = house.ask("SELECT MAX(row_id) FROM signals").await;
    let cursor = Some(CursorMove { name: "desk", from, to });
    house.write(CommitDesk { cursor, ..CommitDesk::default() }).await;
}

/// How many signals still name this resident, by their column or in what they say.
async fn named(house: &House, id: &str) -> i64 {
    let question =
        format!("SELECT COUNT(*) FROM signals WHERE resident_id = '{id}' OR body LIKE '%\"{id}\"%'");
    house.ask(&question).await
}

pub(crate) async fn signals_in_no_incident_go_with_the_person(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    move_in(house, "r2", "h2", at(0)).await;
    raise(house, vec![low("a", "r1", 10), low("b", "r2", 11), low("c", "r1", 12)]).await;
    read(house).await;
    // The desk has not read this one: it may open an incident yet.
    raise(house, vec![low("d", "r1", 13)]).await;
    house.write(EraseResident { resident: resident("r1"), at: at(20), audit: Vec::new() }).await;
    assert_eq!((named(house, "r1").await, named(house, "r2").await), (1, 1));
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals WHERE body LIKE '%王秀英%'").await, 2);
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals WHERE body LIKE '%battery/low%'").await, 4);
    assert_eq!(house.write(ForgetSignals(Whose::Erased)).await, 0, "it waits for the desk");
    read(house).await;
    assert_eq!(house.write(ForgetSignals(Whose::Erased)).await, 1);
    assert_eq!((named(house, "r1").await, named(house, "r2").await), (0, 1));
}

pub(crate) async fn signals_in_no_incident_have_a_term(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let pressed = signal("pressed", Some("r1"), "h1", at(10));
    let many = (0..450).map(|number| low(&format!("low-{number}"), "r1", 20 + number));
    raise(house, many.chain([pressed.clone()]).collect()).await;
    read(house).await;
    house.write(CommitDesk { changes: vec![opening(pressed)], ..CommitDesk::default() }).await;
    let before = Whose::Before(at(20 + 449));
    let mut steps = Vec::new();
    loop {
        match house.write(ForgetSignals(before.clone())).await {
            0 => break,
            done => steps.push(done),
        }
    }
    assert_eq!(steps, [200, 200, 49], "some at a time");
    assert_eq!(named(house, "r1").await, 2, "the youngest, and the press, which goes with its case");
    let one = Whose::One(resident("r1"));
    assert_eq!((house.write(ForgetSignals(one)).await, named(house, "r1").await), (1, 1));
}

/// Somebody pressed meanwhile: then the person is needed, and who asked hears that it is not done.
pub(crate) async fn nobody_is_erased_while_an_incident_holds_them(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let erase = || EraseResident { resident: resident("r1"), at: at(20), audit: Vec::new() };
    let opened = opening(signal("pressed", Some("r1"), "h1", at(10)));
    house.write(CommitDesk { changes: vec![opened.clone()], ..CommitDesk::default() }).await;
    let refused = house.store.write(erase()).await;
    assert!(matches!(refused, Err(JobError::Conflict)), "{refused:?}");
    assert!(house.store.resident(&resident("r1")).await.unwrap().is_some(), "nothing of it is done");
    assert_eq!(house.store.erased_at(&resident("r1")).await.unwrap(), None);
    let claimed = claim(&opened.incident, "operator", at(11));
    let closed = closing(&claimed.incident, at(12));
    let incident = closed.incident.id.clone();
    for change in [claimed, closed] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    house.write(MakeNameless { incident, audit: Vec::new() }).await;
    house.write(erase()).await;
    assert_eq!(house.store.erased_at(&resident("r1")).await.unwrap(), Some(at(20)));
}

/// An incident about somebody of their own that was claimed; closed too, if it is to be over.
async fn claimed(house: &House, name: &str, opened_at: Timestamp, is_over: bool) -> IncidentId {
    let (who, carries) = (format!("r-{name}"), format!("h-{name}"));
    move_in(house, &who, &carries, at(0)).await;
    let opened = opening(signal(name, Some(&who), &carries, opened_at));
    let claimed = claim(&opened.incident, "operator", at(500));
    let closed = closing(&claimed.incident, at(501));
    let changes: Vec<IncidentChange> =
        [opened, claimed].into_iter().chain(is_over.then_some(closed)).collect();
    let id = changes[0].incident.id.clone();
    for change in changes {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    id
}

/// The term is over for what was opened before a moment: the oldest first, some at a time, each once; never for what is open.
pub(crate) async fn closed_incidents_have_a_term(house: &House) {
    let (before, moment) = (at(100), SignedDuration::from_micros(1));
    let open = claimed(house, "open", at(1), false).await;
    let edge = claimed(house, "edge", before, true).await;
    let last = claimed(house, "last", before.checked_sub(moment).unwrap(), true).await;
    let oldest = claimed(house, "oldest", at(2), true).await;
    let older = claimed(house, "older", at(3), true).await;
    let due =
        async |before: Timestamp, limit: u32| house.store.incidents_with_names(before, limit).await.unwrap();
    assert_eq!(due(before, 10).await, [oldest.clone(), older.clone(), last.clone()]);
    assert_eq!(due(before, 2).await, [oldest.clone(), older.clone()]);
    assert!(due(at(2), 10).await.is_empty(), "nothing is so old");
    house.write(MakeNameless { incident: oldest.clone(), audit: Vec::new() }).await;
    assert!(house.store.is_nameless(&oldest).await.unwrap());
    assert_eq!(due(before, 10).await, [older, last], "once");
    let named = "SELECT COUNT(*) FROM incidents WHERE resident_id = 'r-oldest' OR snapshot LIKE '%r-oldest%'";
    assert_eq!(house.ask(named).await, 0);
    let later = due(before.checked_add(moment).unwrap(), 10).await;
    assert_eq!(later.last(), Some(&edge), "a moment later its time has come too");
    let refused = house.store.write(MakeNameless { incident: open.clone(), audit: Vec::new() }).await;
    assert!(matches!(refused, Err(JobError::Conflict)), "{refused:?}");
    assert!(!house.store.is_nameless(&open).await.unwrap(), "whoever waits for help has a name");
}

/// A handset that was out of reach brings a press of when somebody carried it who was erased since: it is heard, and once its incident
/// is closed nothing of it leads to them.
pub(crate) async fn a_press_that_comes_after_its_person_was_erased_is_found_once_it_is_closed(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    house.write(EraseResident { resident: resident("r1"), at: at(20), audit: Vec::new() }).await;
    let pressed = new(house.write(take("h1", press("p-1"), at(600))).await);
    assert_eq!(pressed.resident, Some(resident("r1")), "by whom it was pressed");
    let opened = opening(pressed);
    let claimed = claim(&opened.incident, "operator", at(601));
    let closed = closing(&claimed.incident, at(602));
    let incident = opened.incident.id.clone();
    let due = async || house.store.incidents_of_the_erased(10).await.unwrap();
    for change in [opened, claimed] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    assert!(due().await.is_empty(), "whoever waits for help is not forgotten meanwhile");
    house.write(CommitDesk { changes: vec![closed], ..CommitDesk::default() }).await;
    assert_eq!(due().await, std::slice::from_ref(&incident));
    house.write(MakeNameless { incident, audit: Vec::new() }).await;
    assert!(due().await.is_empty());
    assert_eq!(named(house, "r1").await, 0);
    assert_eq!(house.ask("SELECT COUNT(*) FROM incidents WHERE snapshot LIKE '%\"h1\"%'").await, 0);
}

/// Of what cannot be read nobody knows whom it names.
pub(crate) async fn what_cannot_be_read_is_forgotten_all_the_same(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let pressed = new(house.write(take("h1", press("p-1"), at(10))).await);
    let opened = opening(pressed);
    let claimed = claim(&opened.incident, "operator", at(11));
    let closed = closing(&claimed.incident, at(12));
    let incident = opened.incident.id.clone();
    for change in [opened, claimed] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    house.run("UPDATE incident_events SET body = '{\"r1\"' WHERE version = 1").await;
    let forget = || MakeNameless { incident: incident.clone(), audit: Vec::new() };
    let refused = house.store.write(forget()).await;
    assert!(matches!(refused, Err(JobError::Conflict)), "it is open: {refused:?}");
    house.write(CommitDesk { changes: vec![closed], ..CommitDesk::default() }).await;
    raise(house, vec![low("a", "r1", 13)]).await;
    read(house).await;
    house.run("UPDATE incidents SET snapshot = '{\"r1\"'").await;
    house.run("UPDATE signals SET body = '{\"r1\"'").await;
    let of = async || house.store.incident_ids_of(&resident("r1")).await.unwrap();
    assert_eq!(of().await, [(incident.clone(), false)]);
    house.write(forget()).await;
    assert!(of().await.is_empty() && house.store.is_nameless(&incident).await.unwrap());
    house.write(EraseResident { resident: resident("r1"), at: at(20), audit: Vec::new() }).await;
    for empty in [
        "SELECT COUNT(*) FROM incident_events WHERE body LIKE '%\"r1\"%' OR body LIKE '%\"h1\"%'",
        "SELECT COUNT(*) FROM incidents WHERE resident_id IS NOT NULL OR snapshot LIKE '%\"r1\"%'",
        "SELECT COUNT(*) FROM signals WHERE resident_id IS NOT NULL OR handset_id IS NOT NULL OR body LIKE '%\"r1\"%'",
        "SELECT COUNT(*) FROM presses WHERE handset_id <> '' OR press_id IS NOT NULL",
        "SELECT COUNT(*) FROM outbox",
    ] {
        assert_eq!(house.ask(empty).await, 0, "{empty}");
    }
}

/// Neither a list nor a report fails for it: how it stood is known, and without the person.
pub(crate) async fn one_without_its_end_stays_in_lists_and_hides_no_other(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let mut ids = Vec::new();
    for (id, second) in [("p-1", 10), ("p-2", 1_010)] {
        let opened = opening(new(house.write(take("h1", press(id), at(second))).await));
        let claimed = claim(&opened.incident, "operator", at(second + 1));
        let closed = closing(&claimed.incident, at(second + 2));
        ids.push(opened.incident.id.clone());
        for change in [opened, claimed, closed] {
            house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
        }
    }
    let damaged = &ids[0];
    let last = format!("(SELECT MAX(version) FROM incident_events WHERE incident_id = '{damaged}')");
    house
        .run(&format!(
            "UPDATE incident_events SET body = '{{\"r1\"' WHERE incident_id = '{damaged}' AND version = {last}"
        ))
        .await;
    house.write(MakeNameless { incident: damaged.clone(), audit: Vec::new() }).await;
    let kept = house.store.incident(damaged).await.unwrap().unwrap();
    assert!(!kept.is_open());
    let text = serde_json::to_string(&kept).unwrap();
    assert!(!text.contains("\"r1\"") && !text.contains("\"h1\""), "{text}");
    let told = house.store.histories(at(0), at(2_000), 10).await.unwrap();
    let events_of = |id: &IncidentId| told.iter().find(|(of, _)| of == id).map(|(_, events)| events.len());
    assert_eq!(events_of(&ids[0]).map(|count| count + 1), events_of(&ids[1]), "all but the damaged one");
    assert!(events_of(&ids[1]).is_some());
}

/// A closed case with all that may stand beside it.
async fn closed_with_all_beside_it(house: &House) -> IncidentId {
    move_in(house, "r1", "h1", at(0)).await;
    let account = Account::new("son", "家属", Role::Relative, "$argon2id$…".to_owned());
    house.write(AddUser { account, audit: Vec::new() }).await;
    let opened = opening(new(house.write(take("h1", press("p-1"), at(10))).await));
    let incident = opened.incident.id.clone();
    let told = |key: &str| message("h1", key, "{}", at(11));
    let outbox =
        vec![told(&format!("progress:{incident}")), told("progress:another"), told("receipt:another")];
    let opened = IncidentChange { outbox, ..opened };
    let claimed = claim(&opened.incident, "operator", at(15));
    let closed = closing(&claimed.incident, at(30));
    house.write(CommitDesk { changes: vec![opened], ..CommitDesk::default() }).await;
    let withholding = Withholding {
        id: "w".to_owned(),
        username: "son".to_owned(),
        resident: resident("r1"),
        incident: Some(incident.clone()),
        reason: "家暴警情".to_owned(),
        from: at(12),
        by: "operator".to_owned(),
    };
    house.write(Withhold { withholding, audit: Vec::new() }).await;
    let question = (command("h1", "l", at(11)), vec![told("command:l")]);
    let keys = house.store.keys().clone();
    house.write(PutCommands { commands: vec![question], keys, audit: Vec::new() }).await;
    for change in [claimed, closed] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    assert_eq!(house.ask("SELECT COUNT(*) FROM outbox").await, 5, "a receipt and what was put out here");
    incident
}

/// Neither what the handset was told and asked, nor the press, nor what was kept from the family leads to who carried the handset
/// then. What stands beside it about others stays, and the press is still known.
async fn is_nobodys(house: &House) {
    let left = "SELECT COUNT(*) FROM outbox WHERE message_key IN ('progress:another', 'receipt:another')";
    assert_eq!((house.ask(left).await, house.ask("SELECT COUNT(*) FROM outbox").await), (2, 2));
    for empty in [
        "SELECT COUNT(*) FROM withholdings",
        "SELECT COUNT(*) FROM signals WHERE handset_id IS NOT NULL OR resident_id IS NOT NULL",
        "SELECT COUNT(*) FROM presses WHERE handset_id <> '' OR identity IS NOT NULL OR press_id IS NOT NULL",
    ] {
        assert_eq!(house.ask(empty).await, 0, "{empty}");
    }
    assert!(house.store.presses_between(at(0), at(100)).await.unwrap().is_empty(), "nobody's day has it");
    assert_eq!(house.write(take("h1", press("p-1"), at(600))).await, TakenPress::Repeat);
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals").await, 1, "a repeat is a repeat");
    let receipts = "SELECT COUNT(*) FROM outbox WHERE handset_id = 'h1' AND message_key LIKE 'receipt:p-1%'";
    let leading = "SELECT COUNT(*) FROM outbox JOIN signals ON message_key LIKE '%' || signal_id";
    assert_eq!((house.ask(receipts).await, house.ask(leading).await), (1, 0), "its receipt leads to no case");
}

/// A case whose person was forgotten.
pub(crate) async fn nothing_beside_a_case_of_before_names_anybody(house: &House) {
    let incident = closed_with_all_beside_it(house).await;
    house.write(MakeNameless { incident, audit: Vec::new() }).await;
    is_nobodys(house).await;
    let named = "SELECT COUNT(*) FROM incident_events WHERE body LIKE '%\"h1\"%' OR body LIKE '%\"r1\"%'";
    assert_eq!(house.ask(named).await, 0);
}

/// What the migration does with a case whose person was taken out when that left all this.
pub(crate) async fn what_stands_beside_the_nameless_of_before_goes_at_the_upgrade(house: &House) {
    let incident = closed_with_all_beside_it(house).await;
    // A receipt stood under the press's id then.
    let as_then = "UPDATE outbox SET message_key = 'receipt:p-1' WHERE message_key LIKE 'receipt:%'
                     AND message_key <> 'receipt:another'";
    house.run(as_then).await;
    // It is the same on both databases.
    let text = include_str!("../../migrations/sqlite/0043_nameless_before.sql");
    let upgrade = async || {
        for statement in text.split(';').filter(|statement| !statement.trim().is_empty()) {
            house.run(statement).await;
        }
    };
    upgrade().await;
    let all = "SELECT (SELECT COUNT(*) FROM outbox) + (SELECT COUNT(*) FROM commands)
                 + (SELECT COUNT(*) FROM withholdings) + (SELECT COUNT(*) FROM presses WHERE handset_id = 'h1')";
    assert_eq!(house.ask(all).await, 8, "who has a name keeps all");
    house.run(&format!("UPDATE incidents SET nameless = TRUE WHERE incident_id = '{incident}'")).await;
    house.run(&format!("UPDATE commands SET incident_id = '{incident}'")).await;
    upgrade().await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM commands").await, 0);
    is_nobodys(house).await;
}
