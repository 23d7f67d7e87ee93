//! Two processes on one store: what is due, whoever is missed and whom the ladder calls is done once. And who is called when the
//! clock was set back, or by a way that is not set up.

use super::*;
use crate::{
    Shared,
    health::Health,
    live::Hub,
    outside::{Outside, VARIABLES},
};
use bus::InProcess;
use incident::{
    Callee, Ladder,
    ladder::{Hours, OnCall, Rule, Step},
    say,
};
use model::{HandsetId, IncidentId, Severity, Signal, SignalId, SignalKind};
use notify::{Sender, Settings};
use serde_json::json;
use std::{collections::HashMap, sync::Arc};
use store::{
    Clock, Database, DueCall, Keys, Kind, NoteAttempt, PutOnRoster, RosterEntry, Store, WaitingCall,
};
use tokio_util::task::TaskTracker;

/// The second step is due at once, and no other one for long.
fn ladder() -> Ladder {
    let step = |after_s, call: &[Callee]| Step { after_s, call: call.to_vec() };
    let rule = Rule {
        name: "at once".to_owned(),
        kinds: Vec::new(),
        severities: Vec::new(),
        hours: None,
        steps: vec![step(0, &[Callee::Operators]), step(0, &[Callee::Everyone, Callee::Roster])],
        repeat: step(600, &[Callee::Everyone, Callee::Roster]),
    };
    Ladder { rules: vec![rule], ..Ladder::default() }
}

/// Somebody is on call at all hours.
async fn on_call(desk: &Desk, keys: &Keys) {
    let on_call = OnCall { days: 0b111_1111, hours: Hours { from: 0, to: 0 } };
    let (channel, address) = ("sms".to_owned(), "13900000002".to_owned());
    let entry = RosterEntry { id: "e-1".to_owned(), name: "李强".to_owned(), on_call, channel, address };
    let put = PutOnRoster { entry, keys: keys.clone(), audit: Vec::new() };
    desk.shared.store.write(put).await.expect("written");
}

/// Messages are set up; nobody sends here.
fn gateway() -> Settings {
    let fields = json!({ "mobile": "{to}", "text": "{text}", "id": "{id}" });
    let sms = json!({ "url": "http://127.0.0.1:9/send", "fields": fields, "id_at": "/id" });
    serde_json::from_value(json!({ "sms": sms })).expect("settings")
}

/// A process of its own, with a writer of its own.
async fn process(database: &Database, keys: &Keys, stop: &CancellationToken, tasks: &TaskTracker) -> Desk {
    let (store, writer) = Store::open(database, keys.clone(), None).await.expect("a store");
    tasks.spawn(writer.run(stop.clone()));
    let bus = Arc::new(InProcess::default());
    let shared = Shared { store, bus, clock: Clock::start(), health: Health::default() };
    let hub = Hub::open(shared.clone()).await.expect("a hub");
    let sender = Sender::new(&gateway(), VARIABLES).expect("a sender");
    Desk::new(shared.clone(), ladder(), hub).calling(Outside::new(shared, sender, None, "test"))
}

fn press(at: Timestamp) -> Signal {
    let (resident, late_by_s, remarks, fix, caller, words, graver, evidence) = Default::default();
    Signal {
        id: SignalId::from_cause("test", &["p-1"]),
        kind: SignalKind::Press,
        handset: HandsetId::new("h1").ok(),
        resident,
        press_id: Some("p-1".to_owned()),
        cancel: false,
        at,
        received_at: at,
        late_by_s,
        remarks,
        fix,
        caller,
        words,
        graver,
        evidence,
    }
}

/// Commits what this command leads to.
async fn given(desk: &Desk, incident: Option<Incident>, command: &Command) -> Incident {
    let now = desk.shared.clock.now();
    let decision = decide(incident.as_ref(), command, None, &desk.ladder(), now).expect("accepted");
    let mut working = Working::on(incident);
    working.take(decision, now).expect("writable");
    let after = working.incident.clone().expect("an incident");
    let changes = working.into_change().into_iter().collect();
    desk.commit(CommitDesk { changes, ..CommitDesk::default() }).await.expect("committed");
    after
}

async fn kinds(desk: &Desk, id: &IncidentId) -> Vec<&'static str> {
    let events = desk.shared.store.incident_events(id).await.expect("readable");
    events.iter().map(|event| event.what.kind().as_str()).collect()
}

#[tokio::test]
async fn of_two_processes_that_fire_the_same_one_wins() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
    let (database, keys) = (Database::from_url(&url).expect("an address"), Keys::fresh().expect("keys"));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let one = process(&database, &keys, &stop, &tasks).await;
    let other = process(&database, &keys, &stop, &tasks).await;
    on_call(&one, &keys).await;
    let now = one.shared.clock.now();
    let opened = given(&one, None, &Command::Signal(Box::new(press(now)))).await;
    let id = opened.id.clone();

    // Both have seen that it is due before either has fired.
    let now = one.shared.clock.now().max(other.shared.clock.now());
    let due =
        async |desk: &Desk| desk.shared.store.due_incidents(now, 9).await.expect("readable").whole.pop();
    let (here, there) = (due(&one).await.expect("due"), due(&other).await.expect("due"));
    let timer = Command::DeadlinePassed;
    tokio::join!(one.fire(here, &timer), other.fire(there, &timer));
    assert_eq!(kinds(&one, &id).await, ["opened", "ladder_stepped"]);
    let handset = HandsetId::new("h1").expect("an id");
    let words = one.shared.store.waiting(&handset, 0, 9, now).await.expect("readable");
    assert_eq!(words.len(), 1);
    assert!(words.iter().all(|word| word.payload.contains(say::STILL_TRYING)), "{words:?}");

    // Both have the one call in hand.
    let waiting = async |desk: &Desk| desk.shared.store.waiting_calls(9).await.expect("readable").whole;
    let (mut here, mut there) = (waiting(&one).await, waiting(&other).await);
    assert_eq!((here.len(), &here), (1, &there));
    let (here, there) = (here.remove(0), there.remove(0));
    tokio::join!(one.call_out(here), other.call_out(there));
    let calls = one.shared.store.calls_about(&id).await.expect("readable");
    assert_eq!((calls.len(), waiting(&one).await), (1, vec![]));
    assert!(calls.iter().all(|call| call.callee == "roster" && call.result.is_some()), "{calls:?}");
    let notices = one.shared.store.notices_about(&id).await.expect("readable");
    assert_eq!(notices.iter().map(|notice| notice.recipient.as_str()).collect::<Vec<_>>(), ["李强"]);

    // Both miss the same holder.
    let stands = one.shared.store.incident(&id).await.expect("readable");
    let held = given(&one, stands, &Command::Claim { by: "anna".to_owned() }).await;
    tokio::join!(one.fire(held.clone(), &Command::HolderLost), other.fire(held, &Command::HolderLost));
    assert_eq!(kinds(&other, &id).await, ["opened", "ladder_stepped", "claimed", "holder_lost"]);
    let calls = waiting(&other).await;
    assert_eq!(calls.iter().map(|waiting| waiting.call.callee).collect::<Vec<_>>(), [Callee::Roster]);
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}

async fn calls_roster(desk: &Desk, id: &IncidentId) -> String {
    let incident = desk.shared.store.incident(id).await.expect("readable").expect("an incident");
    let call =
        DueCall { version: incident.version, step: 1, callee: Callee::Roster, at: desk.shared.clock.now() };
    let call = WaitingCall { row: 0, incident: id.clone(), call };
    let outside = desk.outside.as_ref().expect("a way outside");
    outside.call_roster(&incident, &call).await.expect("readable")
}

/// The provider took all that was put out.
async fn all_sent(desk: &Desk, id: &IncidentId) -> usize {
    let notices = desk.shared.store.notices_about(id).await.expect("readable");
    for notice in &notices {
        let sent = NoteAttempt {
            id: notice.notice_id.clone(),
            attempts: 1,
            at: desk.shared.clock.now(),
            took_ms: 7,
            is_sent: true,
            provider_id: None,
            why: None,
            next_at: None,
        };
        desk.shared.store.write(sent).await.expect("written");
    }
    notices.len()
}

/// By a clock an hour behind the turns of the last hour come again, and in each of them somebody was called before.
#[tokio::test]
async fn a_clock_set_back_silences_nobody_on_the_roster() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
    let (database, keys) = (Database::from_url(&url).expect("an address"), Keys::fresh().expect("keys"));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let desk = process(&database, &keys, &stop, &tasks).await;
    on_call(&desk, &keys).await;
    let now = desk.shared.clock.now();
    let id = given(&desk, None, &Command::Signal(Box::new(press(now)))).await.id;
    assert_eq!(calls_roster(&desk, &id).await, "正在通知 李强", "it is put out, and not told yet");
    assert_eq!(all_sent(&desk, &id).await, 1);
    let an_hour_on = now.checked_add(SignedDuration::from_hours(1)).expect("a moment");
    desk.keep_what_was_left(an_hour_on).await.expect("resumed");
    assert_eq!(kinds(&desk, &id).await, ["opened", "clock_went_back"]);
    assert_eq!(calls_roster(&desk, &id).await, "正在通知 李强");
    assert_eq!(all_sent(&desk, &id).await, 2);
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}

/// By a clock an hour behind the turns of the last hour come again, and each is a question of its own.
#[tokio::test]
async fn a_clock_set_back_asks_on_where_somebody_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
    let (database, keys) = (Database::from_url(&url).expect("an address"), Keys::fresh().expect("keys"));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let desk = process(&database, &keys, &stop, &tasks).await;
    let now = desk.shared.clock.now();
    desk.shared.store.found(Kind::Real, now).await.expect("founded");
    let id = given(&desk, None, &Command::Signal(Box::new(press(now)))).await.id;
    let asked = async || {
        desk.ask_where(&mut HashMap::new()).await.expect("asked");
        desk.shared.store.commands_about(&id, 10).await.expect("readable").len()
    };
    assert_eq!((asked().await, asked().await), (1, 1), "another process asks the same");
    let an_hour_on = now.checked_add(SignedDuration::from_hours(1)).expect("a moment");
    desk.keep_what_was_left(an_hour_on).await.expect("resumed");
    assert_eq!((asked().await, asked().await), (2, 2), "what was asked an hour ago says nothing of now");
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}

/// Who is looked for by handset and tried without end, and who of them goes first.
#[tokio::test]
async fn a_person_who_may_be_in_need_is_tried_without_end_and_presses_go_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
    let (database, keys) = (Database::from_url(&url).expect("an address"), Keys::fresh().expect("keys"));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let desk = process(&database, &keys, &stop, &tasks).await;
    on_call(&desk, &keys).await;
    for (kind, graver, is_life, goes_first) in [
        (SignalKind::LowBattery, Some(Severity::Notice), false, false),
        (SignalKind::FenceExit, None, true, false),
        (SignalKind::Wandering, None, true, false),
        (SignalKind::Silence, Some(Severity::Urgent), true, false),
        (SignalKind::Press, None, true, true),
    ] {
        let id = SignalId::from_cause("test", &[kind.as_str()]);
        let handset = HandsetId::new(kind.as_str()).ok();
        let signal = Signal { id, kind, graver, handset, ..press(desk.shared.clock.now()) };
        let opened = given(&desk, None, &Command::Signal(Box::new(signal))).await;
        let is_asked = desk.hub.in_danger().iter().any(|one| one.incident == opened.id);
        assert_eq!(is_asked, is_life, "{kind:?}");
        calls_roster(&desk, &opened.id).await;
        let due = desk.shared.store.due_notices(desk.shared.clock.now(), 9).await.expect("readable").whole;
        let put = due.iter().find(|due| due.notice.incident.as_ref() == Some(&opened.id)).expect("put out");
        assert_eq!((put.notice.is_life, put.notice.goes_first), (is_life, goes_first), "{kind:?}");
        if goes_first {
            assert_eq!(due.first().map(|due| &due.notice.id), Some(&put.notice.id), "in front of all others");
        }
    }
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}

/// Nothing is put out that nobody can send, and nobody reads that it was.
#[tokio::test]
async fn who_stands_with_a_way_that_is_not_set_up_is_not_said_to_be_called() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
    let (database, keys) = (Database::from_url(&url).expect("an address"), Keys::fresh().expect("keys"));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let desk = process(&database, &keys, &stop, &tasks).await;
    on_call(&desk, &keys).await;
    let nothing = Sender::new(&Settings::default(), VARIABLES).expect("a sender");
    let without_a_way = Outside::new(desk.shared.clone(), nothing, None, "test");
    let desk = desk.calling(without_a_way);
    let resident = model::ResidentId::new("r1").ok();
    let pressed = Signal { resident, ..press(desk.shared.clock.now()) };
    let opened = given(&desk, None, &Command::Signal(Box::new(pressed))).await;
    assert_eq!(calls_roster(&desk, &opened.id).await, "没有设置短信渠道，没有通知 李强");
    let call = DueCall { version: 1, step: 1, callee: Callee::Relatives, at: desk.shared.clock.now() };
    let call = WaitingCall { row: 0, incident: opened.id.clone(), call };
    let outside = desk.outside.as_ref().expect("a way outside");
    let said = outside.call_relatives(&opened, &call).await.expect("readable");
    assert_eq!(said, "没有设置短信渠道，没有通知 家属");
    assert_eq!(all_sent(&desk, &opened.id).await, 0);
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}
