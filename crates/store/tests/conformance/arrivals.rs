//! What is told after the sending: that a message arrived, and where those are who were sent.

use incident::{Command, TaskAct};
use model::{StationId, Wgs84};
use store::{
    Account, AddUser, Arrival, CommitDesk, IncidentChange, NoteArrival, NoteAttempt, Notice, NoticeState,
    PutNotices, PutResponder, Responder, SharePosition,
};

use crate::common::{
    House,
    made::{at, audit, change, claim, opening, signal},
};

async fn commit(house: &House, change: IncidentChange) {
    house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
}

fn arrival(id: &str, arrival: Arrival, second: i64) -> NoteArrival {
    let why = (arrival == Arrival::Failed).then(|| "号码停机".to_owned());
    NoteArrival { channel: "sms", id: id.to_owned(), arrival, why, at: at(second), again_at: at(second + 15) }
}

pub(crate) async fn what_arrived_stays_arrived(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let incident = opened.incident.id.clone();
    commit(house, opened).await;
    let notice = |id: &str, is_life: bool| Notice {
        id: id.to_owned(),
        incident: Some(incident.clone()),
        recipient_kind: "relative".to_owned(),
        recipient: id.to_owned(),
        is_life,
        goes_first: is_life,
        channel: "sms".to_owned(),
        to: "13900000002".to_owned(),
        message: "{}".to_owned(),
        due_at: at(1),
    };
    let notices = vec![notice("n-life", true), notice("n-other", false)];
    house.write(PutNotices { notices, keys: house.store.keys().clone() }).await;
    let sent = |id: &str, theirs: &str, attempts| NoteAttempt {
        id: id.to_owned(),
        attempts,
        at: at(2),
        took_ms: 7,
        is_sent: true,
        provider_id: Some(theirs.to_owned()),
        why: None,
        next_at: None,
    };
    house.write(sent("n-life", "p-1", 1)).await;
    house.write(sent("n-other", "p-2", 1)).await;
    let states = async || {
        let lines = house.store.notices_about(&incident).await.unwrap();
        lines.iter().map(|line| (line.state(), line.why.clone())).collect::<Vec<_>>()
    };
    assert!(!house.write(arrival("nobody's", Arrival::Seen, 3)).await);
    let elsewhere = NoteArrival { channel: "voice", ..arrival("p-1", Arrival::Seen, 3) };
    assert!(!house.write(elsewhere).await, "by another way");
    assert_eq!(states().await, [(NoticeState::Sent, None), (NoticeState::Sent, None)]);

    for id in ["p-1", "p-2"] {
        assert!(house.write(arrival(id, Arrival::Failed, 4)).await);
    }
    let failed = (NoticeState::Failed, Some("号码停机".to_owned()));
    assert_eq!(states().await, [failed.clone(), failed.clone()]);
    assert!(house.store.due_notices(at(18), 10).await.unwrap().whole.is_empty());
    let again = house.store.due_notices(at(19), 10).await.unwrap().whole;
    assert_eq!(again.iter().map(|due| &*due.notice.id).collect::<Vec<_>>(), ["n-life"], "a life alarm alone");
    assert!(house.write(arrival("p-1", Arrival::Failed, 30)).await);
    assert_eq!(house.store.due_notices(at(19), 10).await.unwrap().whole.len(), 1, "told twice, tried once");
    house.write(sent("n-life", "p-3", 2)).await;
    assert_eq!(states().await, [(NoticeState::Sent, None), failed.clone()]);
    assert!(house.write(arrival("p-3", Arrival::Delivered, 20)).await);
    assert!(house.write(arrival("n-other", Arrival::Delivered, 20)).await, "by our own name");
    assert_eq!(states().await.map_states(), [NoticeState::Delivered, NoticeState::Delivered]);
    assert!(house.write(arrival("p-3", Arrival::Seen, 21)).await);
    assert!(house.write(arrival("p-3", Arrival::Failed, 22)).await);
    assert!(house.write(arrival("p-3", Arrival::Delivered, 23)).await);
    assert_eq!(states().await.map_states(), [NoticeState::Seen, NoticeState::Delivered]);
    assert!(house.store.due_notices(at(99), 10).await.unwrap().whole.is_empty());
}

trait MapStates {
    fn map_states(self) -> Vec<NoticeState>;
}

impl MapStates for Vec<(NoticeState, Option<String>)> {
    fn map_states(self) -> Vec<NoticeState> {
        self.into_iter().map(|(state, _)| state).collect()
    }
}

pub(crate) async fn a_responder_is_seen_by_consent_while_the_task_is_open(house: &House) {
    let account = Account::new("wang", "站员", access::Role::Station, "-".to_owned());
    house.write(AddUser { account, audit: Vec::new() }).await;
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let claimed = claim(&opened.incident, "anna", at(1));
    let dispatch = Command::Dispatch {
        by: "anna".to_owned(),
        role_may_override: false,
        stations: vec![(StationId::new("east").unwrap(), "东站".to_owned())],
        note: String::new(),
    };
    let asked = change(Some(&claimed.incident), &dispatch, at(2));
    for change in [opened, claimed, asked.clone()] {
        commit(house, change).await;
    }
    let task = asked.incident.tasks[0].id.clone();
    let here = |lat: f64, second| {
        let responder = Responder {
            task: task.clone(),
            incident: asked.incident.id.clone(),
            username: "wang".to_owned(),
            place: Wgs84::new(lat, 118.2).unwrap(),
            accuracy_m: 12.0,
            at: at(second),
        };
        PutResponder { responder, audit: vec![audit("put_position", at(second))] }
    };
    let share = |since| SharePosition {
        username: "wang".to_owned(),
        since,
        audit: vec![audit("agree_to_position", at(3))],
    };
    assert!(!house.write(here(33.9, 3)).await, "nobody agreed");
    assert_eq!(house.store.shares_position("wang").await.unwrap(), None);
    house.write(share(Some(at(3)))).await;
    house.write(share(Some(at(4)))).await;
    assert_eq!(house.store.shares_position("wang").await.unwrap(), Some(at(3)));
    assert!(house.write(here(33.9, 5)).await);
    assert!(house.write(here(33.91, 6)).await);
    let seen = house.store.responders().await.unwrap();
    assert_eq!(seen, [here(33.91, 6).responder]);
    let on_record = "SELECT COUNT(*) FROM audit WHERE action = 'put_position'";
    assert_eq!(house.ask(on_record).await, 1, "that they are seen, not each step of the way");
    house.write(share(None)).await;
    assert!(house.store.responders().await.unwrap().is_empty(), "withdrawn");
    house.write(share(Some(at(7)))).await;
    assert!(house.write(here(33.92, 8)).await);
    let says = |act, words: &str| Command::Task {
        task: task.clone(),
        seen: None,
        act,
        by: "wang".to_owned(),
        on_behalf: false,
        words: words.to_owned(),
    };
    let taken = change(Some(&asked.incident), &says(TaskAct::Acknowledge, ""), at(9));
    let undo = Command::UndoTask { task: task.clone(), seen: None, by: "wang".to_owned() };
    let undone = change(Some(&taken.incident), &undo, at(10));
    commit(house, taken).await;
    assert_eq!(house.store.responders().await.unwrap().len(), 1);
    commit(house, undone.clone()).await;
    assert!(house.store.responders().await.unwrap().is_empty(), "it was a slip that they took it");
    assert!(house.write(here(33.92, 11)).await);
    commit(house, change(Some(&undone.incident), &says(TaskAct::Withdraw, "不用了"), at(12))).await;
    assert!(house.store.responders().await.unwrap().is_empty(), "it is over");
    assert!(!house.write(here(33.93, 13)).await);
}
