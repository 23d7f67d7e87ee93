//! Whom the ladder calls, who is on call, what was sent to them, and what is a drill.

use crate::common::{
    House,
    made::{at, audit, change, claim, closing, handset, move_in, opening, press, resident, signal, take},
};
use crate::placing::Unread;
use incident::{
    Command,
    ladder::{Callee, Hours, OnCall},
};
use model::{HandsetId, IncidentId, Local, Signal, SignalKind, SignedDuration};
use store::{
    AddHandset, BindHandset, ChannelTest, CommitDesk, CursorMove, DoneCall, DrillWindow, DueCall, DueDrills,
    EndDrill, FinishCall, IncidentChange, JobError, Kind, LateReview, MakeNameless, NoteAttempt,
    NoteChannelTest, Notice, OpenDrill, PutNotices, PutOnRoster, ReviewLate, RosterEntry, SaveLadder,
    SeenAtDesk, TakeNotice, TakeOffRoster,
};

fn called(change: IncidentChange) -> IncidentChange {
    let due = |callee| DueCall { version: 1, step: 2, callee, at: at(0) };
    IncidentChange { calls: vec![due(Callee::Station), due(Callee::Roster), due(Callee::Station)], ..change }
}

pub(crate) async fn a_call_is_done_with_its_change_or_not_at_all(house: &House) {
    let opened = called(opening(signal("s1", Some("r1"), "h1", at(0))));
    let incident = opened.incident.clone();
    house.write(CommitDesk { changes: vec![opened], ..CommitDesk::default() }).await;
    let waiting = house.store.waiting_calls(10).await.unwrap().whole;
    let whom: Vec<Callee> = waiting.iter().map(|waiting| waiting.call.callee).collect();
    assert_eq!(whom, [Callee::Station, Callee::Roster], "the same call of one step stands once");
    let done = |row: i64| DoneCall { row, at: at(9), result: "asked".to_owned() };
    let claimed = claim(&incident, "operator", at(5));
    house.write(CommitDesk { changes: vec![claimed.clone()], ..CommitDesk::default() }).await;
    let stale = CommitDesk {
        changes: vec![claim(&incident, "operator2", at(6))],
        done_call: Some(done(waiting[0].row)),
        ..CommitDesk::default()
    };
    assert!(house.store.write(stale).await.is_err());
    assert_eq!(house.store.waiting_calls(10).await.unwrap().whole, waiting, "nothing of a conflict is done");
    house.write(FinishCall(done(waiting[0].row))).await;
    assert_eq!(house.store.waiting_calls(10).await.unwrap().whole, waiting[1..]);
    // Another process had it in hand too: what it decided on the incident as it stands is nothing any more.
    let again = CommitDesk {
        changes: vec![closing(&claimed.incident, at(7))],
        done_call: Some(done(waiting[0].row)),
        ..CommitDesk::default()
    };
    let late = house.store.write(again).await;
    assert!(matches!(late, Err(JobError::Conflict)), "{late:?}");
    assert_eq!(house.store.incident(&incident.id).await.unwrap().unwrap(), claimed.incident);
}

pub(crate) async fn who_is_on_call_comes_back_and_goes(house: &House) {
    let on_call = OnCall { days: 0b100_0001, hours: Hours { from: 1_320, to: 360 } };
    let entry = RosterEntry {
        id: "roster-1".to_owned(),
        name: "李强".to_owned(),
        on_call,
        channel: "sms".to_owned(),
        address: "13900000002".to_owned(),
    };
    let keys = house.store.keys().clone();
    house.write(PutOnRoster { entry: entry.clone(), keys, audit: vec![audit("put_on_roster", at(0))] }).await;
    let found = house.store.roster().await.unwrap().whole;
    assert_eq!(found, [entry]);
    assert!(found[0].on_call.covers(Local { weekday: 0, minute: 5 }));
    for was_there in [true, false] {
        let gone = TakeOffRoster { id: "roster-1".to_owned(), audit: Vec::new() };
        assert_eq!(house.store.write(gone).await.unwrap(), was_there);
    }
    let saved = SaveLadder { text: "text".to_owned(), at: at(1), by: "carl".to_owned(), audit: Vec::new() };
    house.write(saved).await;
    assert_eq!(house.store.ladders(5).await.unwrap()[0].text, "text");
    assert_eq!(house.store.seen_at_desk("nobody").await.unwrap(), None);
    house.write(SeenAtDesk { usernames: vec!["nobody".to_owned()], at: at(2) }).await;
    assert_eq!(house.store.seen_at_desk("nobody").await.unwrap(), None, "accounts alone are at the desk");
}

pub(crate) async fn a_notice_is_put_once_and_tried_until_it_ends(house: &House) {
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let id = opened.incident.id.clone();
    house.write(CommitDesk { changes: vec![opened], ..CommitDesk::default() }).await;
    let notice = Notice {
        id: "n-1".to_owned(),
        incident: Some(id.clone()),
        recipient_kind: "roster".to_owned(),
        recipient: "李强".to_owned(),
        is_life: true,
        goes_first: true,
        channel: "sms".to_owned(),
        to: "13900000002".to_owned(),
        message: "{}".to_owned(),
        due_at: at(10),
    };
    let keys = house.store.keys().clone();
    for _ in 0..2 {
        house.write(PutNotices { notices: vec![notice.clone()], keys: keys.clone() }).await;
    }
    assert!(house.store.due_notices(at(9), 10).await.unwrap().whole.is_empty(), "not due yet");
    let due = house.store.due_notices(at(10), 10).await.unwrap().whole;
    assert_eq!((due.len(), due[0].notice.to.as_str(), due[0].attempts), (1, "13900000002", 0));
    // Two processes have read it: one makes the attempt, and if it dies over it the other does later.
    let take =
        || TakeNotice { id: "n-1".to_owned(), by: "one".to_owned(), next_at: due[0].next_at, until: at(11) };
    assert_eq!([house.write(take()).await, house.write(take()).await], [true, false]);
    assert!(house.store.due_notices(at(10), 10).await.unwrap().whole.is_empty(), "it is somebody's");
    assert_eq!(house.store.due_notices(at(11), 10).await.unwrap().whole.len(), 1);
    let mut attempt = NoteAttempt {
        id: "n-1".to_owned(),
        attempts: 1,
        at: at(11),
        took_ms: 7,
        is_sent: false,
        provider_id: None,
        why: Some("500".to_owned()),
        next_at: Some(at(16)),
    };
    house.write(attempt.clone()).await;
    assert!(house.store.due_notices(at(15), 10).await.unwrap().whole.is_empty());
    (attempt.attempts, attempt.is_sent, attempt.next_at, attempt.why) = (2, true, None, None);
    house.write(attempt).await;
    assert!(house.store.due_notices(at(99), 10).await.unwrap().whole.is_empty());
    let lines = house.store.notices_about(&id).await.unwrap();
    assert_eq!((lines.len(), lines[0].attempts, lines[0].address_last4.as_str()), (1, 2, "0002"));
    assert!(lines[0].sent_at_us.is_some() && lines[0].why.is_none());
    let test = ChannelTest {
        channel: "sms".to_owned(),
        at: at(1),
        is_ok: true,
        took_ms: 9,
        detail: String::new(),
        by: "carl".to_owned(),
    };
    house.write(NoteChannelTest { test: test.clone(), audit: Vec::new() }).await;
    assert_eq!(house.store.channel_tests().await.unwrap(), [test]);
    let review = LateReview { at: at(3), by: "carl".to_owned(), note: "两人同时来电".to_owned() };
    house.write(ReviewLate { incident: id.clone(), review: review.clone(), audit: Vec::new() }).await;
    assert_eq!(house.store.late_reviews(at(-1), at(1)).await.unwrap().get(&id), Some(&review));
    // With the person what was sent about them goes, too.
    let incident = house.store.incident(&id).await.unwrap().unwrap();
    let claimed = claim(&incident, "operator", at(20));
    let ended = closing(&claimed.incident, at(21));
    for change in [claimed, ended] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    house.write(MakeNameless { incident: id.clone(), audit: Vec::new() }).await;
    assert!(house.store.notices_about(&id).await.unwrap().is_empty());
    assert_eq!(house.store.late_reviews(at(-1), at(1)).await.unwrap()[&id].note, "");
}

pub(crate) async fn what_was_late_stays_until_somebody_looks_into_it(house: &House) {
    let mut ids = Vec::new();
    for (name, opened_s, claimed_s) in
        [("quick", 0, Some(150)), ("late", 1_000, Some(1_181)), ("nobody", 2_000, None)]
    {
        let opened =
            opening(Signal { handset: Some(handset(name)), ..signal(name, Some(name), "h1", at(opened_s)) });
        ids.push(opened.incident.id.clone());
        let claimed = claimed_s.map(|second| claim(&opened.incident, "anna", at(second)));
        for change in [opened].into_iter().chain(claimed) {
            house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
        }
    }
    let found = async |from, to| -> Vec<IncidentId> {
        let found = house.store.unreviewed_histories((at(from), at(to)), 180, 10).await.unwrap();
        found.into_iter().map(|(id, _)| id).collect()
    };
    let sorted = |mut all: Vec<IncidentId>| {
        all.sort();
        all
    };
    assert_eq!(
        sorted(found(90_000, 99_000).await),
        sorted(vec![ids[1].clone(), ids[2].clone()]),
        "of any age"
    );
    assert_eq!(found(1_000, 1_001).await, [ids[2].clone()], "outside of what the report is about");
    let review = LateReview { at: at(3_000), by: "carl".to_owned(), note: "两人同时来电".to_owned() };
    house.write(ReviewLate { incident: ids[1].clone(), review, audit: Vec::new() }).await;
    assert_eq!(found(90_000, 99_000).await, [ids[2].clone()]);
}

/// By a clock that was set back an answer comes before its press, however long it took.
pub(crate) async fn what_was_answered_by_a_clock_set_back_is_looked_into(house: &House) {
    let by = SignedDuration::from_hours(1);
    for (name, is_before) in [("after", false), ("before", true)] {
        let (opened, moved) = (opening(signal(name, Some(name), name, at(0))), at(-3_500));
        let back = Command::ClockWentBack { by };
        let changes = if is_before {
            let claimed = claim(&opened.incident, "anna", at(20));
            vec![claimed.clone(), change(Some(&claimed.incident), &back, moved)]
        } else {
            let went_back = change(Some(&opened.incident), &back, moved);
            vec![went_back.clone(), claim(&went_back.incident, "anna", at(-3_000))]
        };
        for change in [vec![opened], changes].into_iter().flatten() {
            house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
        }
    }
    let found = house.store.unreviewed_histories((at(90_000), at(99_000)), 180, 10).await.unwrap();
    let cases: Vec<_> = found.iter().filter_map(|(_, events)| incident::figures::case(events)).collect();
    assert_eq!(cases.iter().map(|case| case.answered_s).collect::<Vec<_>>(), [Some(600)]);
}

/// A row of the log of signals.
async fn bring(house: &House, signal: &Signal) {
    let handset = signal.handset.as_ref().map_or("", HandsetId::as_str);
    let row = format!(
        "INSERT INTO signals (signal_id, kind, handset_id, resident_id, received_at_us, body)
         VALUES ('{}', '{}', '{handset}', 'r1', {}, '{{}}')",
        signal.id,
        signal.kind.as_str(),
        signal.received_at.as_microsecond(),
    );
    house.run(&row).await;
}

/// A drill that this signal opened and that was closed two seconds later.
async fn drilled(house: &House, cause: Signal) {
    bring(house, &cause).await;
    let began = cause.received_at.duration_since(at(0)).as_secs();
    let mut opened = opening(cause);
    opened.incident.drill = true;
    let claimed = claim(&opened.incident, "operator", at(began + 1));
    let ended = closing(&claimed.incident, at(began + 2));
    for change in [opened, claimed, ended] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
}

pub(crate) async fn a_button_is_tried_by_its_own_press(house: &House) {
    move_in(house, "r1", "h1", at(-100)).await;
    let last = async || house.store.last_drill(&resident("r1")).await.unwrap();
    drilled(house, Signal { kind: SignalKind::Fall, ..signal("d0", Some("r1"), "h1", at(0)) }).await;
    assert_eq!(last().await, None, "a fall is no try of the button");
    drilled(house, signal("d1", Some("r1"), "h1", at(10))).await;
    assert_eq!(last().await, Some(at(10)));
    house.run(&format!("UPDATE bindings SET to_us = {}", at(20).as_microsecond())).await;
    house.write(AddHandset { handset: handset("h2"), secret_hash: "-".to_owned() }).await;
    house.write(BindHandset { handset: handset("h2"), resident: resident("r1"), from: at(20) }).await;
    assert_eq!(last().await, None, "nobody has tried the new one");
    let due = house.store.drills_due(&DueDrills::before(at(11)), None, 10).await.unwrap();
    assert_eq!((due.len(), due[0].handset.clone(), due[0].at), (1, Some(handset("h2")), None));
    drilled(house, signal("d2", Some("r1"), "h2", at(30))).await;
    assert_eq!(last().await, Some(at(30)));
    assert!(house.store.drills_due(&DueDrills::before(at(30)), None, 10).await.unwrap().is_empty());
}

pub(crate) async fn a_drill_put_into_another_is_no_try_of_its_own(house: &House) {
    move_in(house, "r1", "h1", at(-100)).await;
    drilled(house, signal("d1", Some("r1"), "h1", at(10))).await;
    let moved = "UPDATE incident_signals SET incident_id = 'another'";
    house.run(moved).await;
    assert_eq!(
        house.store.last_drill(&resident("r1")).await.unwrap(),
        None,
        "its presses went on in the other one"
    );
}

pub(crate) async fn a_window_is_for_nobody_in_need_and_ends_with_its_drill(house: &House) {
    move_in(house, "r1", "h1", at(-100)).await;
    let open = |from: i64| {
        let window =
            DrillWindow { handset: handset("h1"), from: at(from), to: at(from + 600), by: "anna".to_owned() };
        OpenDrill { window, audit: Vec::new() }
    };
    let running = async |second| house.store.drill_windows(at(second), None, 10).await.unwrap().len();
    assert!(house.write(open(0)).await);
    drilled(house, signal("d1", Some("r1"), "h1", at(10))).await;
    assert_eq!((running(11).await, running(12).await), (1, 0), "closed at 12");
    let opened = opening(signal("s1", Some("r1"), "h1", at(20)));
    let claimed = claim(&opened.incident, "operator", at(21));
    for change in [opened, claimed.clone()] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    assert!(!house.write(open(30)).await, "she is in need");
    assert_eq!(running(31).await, 0);
    let ended = closing(&claimed.incident, at(40));
    house.write(CommitDesk { changes: vec![ended], ..CommitDesk::default() }).await;
    assert!(house.write(open(50)).await);
    assert_eq!(running(51).await, 1);
    house.write(EndDrill { handset: handset("h1"), at: at(52), audit: Vec::new() }).await;
    house.write(take("h1", press("of the clock before"), at(500))).await;
    assert!(!house.write(open(60)).await, "it is not placed yet, and would be a test by its time");
    let to = house.ask("SELECT MAX(row_id) FROM signals").await;
    let cursor = Some(CursorMove { name: "desk", from: 0, to });
    house.write(CommitDesk { cursor, ..CommitDesk::default() }).await;
    assert!(house.write(open(60)).await);
}

/// Somebody who presses in earnest in the hour that comes twice is no test because somebody else's button was tried in it.
pub(crate) async fn a_window_that_was_over_stays_over_by_a_clock_set_back(house: &House) {
    house.store.found(Kind::Real, at(0)).await.unwrap();
    for (nth, from) in [(1, 0), (2, 600)] {
        move_in(house, &format!("r{nth}"), &format!("h{nth}"), at(-100)).await;
        let (handset, by) = (handset(&format!("h{nth}")), "anna".to_owned());
        let window = DrillWindow { handset, from: at(from), to: at(from + 600), by };
        assert!(house.write(OpenDrill { window, audit: Vec::new() }).await);
    }
    house.store.resume(at(900), at(-2_700)).await.unwrap();
    let running: Vec<_> = house.store.drill_windows(at(-2_700), None, 10).await.unwrap();
    let running: Vec<_> = running.into_iter().map(|(one, _)| (one.handset, one.from, one.to)).collect();
    assert_eq!(running, [(handset("h2"), at(-3_000), at(-2_400))], "what was left of it is left");
    house.write(take("h2", press("tried"), at(-2_600))).await;
    house.write(take("h1", press("in earnest"), at(300))).await;
    let (_, unread) = house.write(Unread(10)).await;
    let drills: Vec<_> = unread.iter().map(|one| (one.signal.press_id.as_deref(), one.is_drill)).collect();
    assert_eq!(drills, [(Some("tried"), true), (Some("in earnest"), false)]);
}

/// What ended in the last seconds before a crash is on no pulse.
pub(crate) async fn a_window_ended_by_hand_stays_ended_by_a_clock_set_back(house: &House) {
    house.store.found(Kind::Real, at(0)).await.unwrap();
    move_in(house, "r1", "h1", at(-100)).await;
    let window = DrillWindow { handset: handset("h1"), from: at(0), to: at(600), by: "anna".to_owned() };
    assert!(house.write(OpenDrill { window, audit: Vec::new() }).await);
    house.write(EndDrill { handset: handset("h1"), at: at(64), audit: Vec::new() }).await;
    house.store.resume(at(60), at(-3_540)).await.unwrap();
    assert!(house.store.drill_windows(at(-3_540), None, 10).await.unwrap().is_empty());
}

pub(crate) async fn a_drill_is_due_until_one_was_gone_through(house: &House) {
    move_in(house, "r1", "h1", at(-100)).await;
    let due = house.store.drills_due(&DueDrills::before(at(0)), None, 10).await.unwrap();
    assert_eq!((due.len(), due[0].resident.clone(), due[0].at), (1, resident("r1"), None));
    let window = DrillWindow { handset: handset("h1"), from: at(0), to: at(60), by: "anna".to_owned() };
    house.write(OpenDrill { window, audit: Vec::new() }).await;
    house.write(EndDrill { handset: handset("h1"), at: at(30), audit: Vec::new() }).await;
    bring(house, &signal("d1", Some("r1"), "h1", at(5))).await;
    let mut opened = opening(signal("d1", Some("r1"), "h1", at(5)));
    opened.incident.drill = true;
    let incident = opened.incident.clone();
    house.write(CommitDesk { changes: vec![opened], ..CommitDesk::default() }).await;
    assert!(house.store.has_open_incident(&resident("r1")).await.unwrap(), "the desk needs the card");
    assert_eq!(house.store.last_drill(&resident("r1")).await.unwrap(), None);
    let claimed = claim(&incident, "operator", at(6));
    house.write(CommitDesk { changes: vec![claimed.clone()], ..CommitDesk::default() }).await;
    let ended = closing(&claimed.incident, at(7));
    house.write(CommitDesk { changes: vec![ended], ..CommitDesk::default() }).await;
    assert_eq!(house.store.last_drill(&resident("r1")).await.unwrap(), Some(at(5)));
    assert!(house.store.drills_due(&DueDrills::before(at(5)), None, 10).await.unwrap().is_empty());
}

/// Whoever asks on is told the rest, and how many there are in all; what is sought is a part of a name or of a handset.
pub(crate) async fn buttons_to_be_tried_come_page_by_page(house: &House) {
    for nth in 1..=4 {
        move_in(house, &format!("r{nth}"), &format!("h{nth}"), at(-100)).await;
    }
    drilled(house, signal("d1", Some("r1"), "h1", at(10))).await;
    let all = DueDrills::before(at(50));
    let page = async |after: Option<(i64, String)>| {
        let found = house.store.drills_due(&all, after.as_ref(), 2).await.unwrap();
        found.into_iter().map(|one| one.resident.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(page(None).await, ["r2", "r3"]);
    assert_eq!(
        page(Some((0, "h3".to_owned()))).await,
        ["r4", "r1"],
        "whoever tried it longest ago comes last"
    );
    assert!(page(Some((at(10).as_microsecond(), "h1".to_owned()))).await.is_empty());
    assert_eq!(house.store.count_drills_due(&all).await.unwrap(), 4);
    let sought = |text| DueDrills { text, ..all.clone() };
    for (text, count) in [("H3", 1), ("h", 4), ("%", 0), ("nobody", 0)] {
        assert_eq!(house.store.count_drills_due(&sought(text)).await.unwrap(), count, "{text}");
        let found = house.store.drills_due(&sought(text), None, 10).await.unwrap();
        assert_eq!(u32::try_from(found.len()), Ok(count), "{text}");
    }
}
