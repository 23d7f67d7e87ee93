//! What is counted, from when, and what is not.

use crate::support::{at, claim, dispatch, of_kind, press, release, station, task};
use incident::{
    Command, Event, Hand, Ladder, TaskAct, TaskState, evolve,
    figures::{By, case, is_late, summaries},
    merge, split, step,
};
use model::{SignalKind, SignedDuration};

/// The events of a history that takes place at these seconds.
fn events(commands: &[(i64, Act)]) -> Vec<Event> {
    let (mut incident, mut events) = (None, Vec::new());
    for (second, act) in commands {
        let command = match act {
            Act::Give(command) => command.clone(),
            Act::Task(name, act) => task(incident.as_ref(), name, *act),
            Act::Undo(name) => undo(task(incident.as_ref(), name, TaskAct::Finish)),
        };
        let decision =
            step(&mut incident, &command, None, &Ladder::default(), at(*second)).expect("accepted");
        events.extend(decision.events);
    }
    events
}

enum Act {
    Give(Command),
    Task(&'static str, TaskAct),
    /// The station takes its last step back.
    Undo(&'static str),
}

fn undo(act: Command) -> Command {
    let Command::Task { task, seen, by, .. } = act else { unreachable!("an act upon a task") };
    Command::UndoTask { task, seen, by }
}

fn closed(cause: &str) -> Act {
    Act::Give(Command::Close {
        by: "anna".to_owned(),
        role_may_override: true,
        cause: cause.to_owned(),
        outcome: "station_attended".to_owned(),
        note: String::new(),
        snooze_until: None,
    })
}

fn helped() -> Vec<Event> {
    events(&[
        (1, Act::Give(press("p-1"))),
        (41, Act::Give(claim("anna"))),
        (60, Act::Give(release("anna", false))),
        (70, Act::Give(claim("bert"))),
        (90, Act::Give(dispatch("bert", &["east", "west"]))),
        (100, Act::Task("east", TaskAct::Decline)),
        (120, Act::Task("west", TaskAct::Acknowledge)),
        (700, Act::Task("west", TaskAct::OnScene)),
        (900, Act::Task("west", TaskAct::Finish)),
        (1_000, closed("fall")),
    ])
}

/// The first signal reached us in second 0.
#[test]
fn every_step_counts_from_the_first_signal() {
    let case = case(&helped()).expect("a case");
    assert_eq!((case.answered_s, case.operator.as_deref()), (Some(41), Some("anna")), "the first answer");
    assert_eq!((case.sent_s, case.acknowledged_s, case.arrived_s), (Some(90), Some(120), Some(700)));
    assert_eq!(
        (case.station.clone(), case.closed_s, case.false_alarm),
        (Some(station("west")), Some(1_000), false)
    );
    assert_eq!(incident::figures::case(&helped()[1..]), None, "without its beginning");
}

/// Task by task, each from the moment in which it was offered.
#[test]
fn the_work_of_stations_counts_from_the_offer() {
    let told: Vec<_> = incident::ranking::work(&helped())
        .into_iter()
        .map(|one| (one.station, one.taken_s, one.arrived_s, one.state))
        .collect();
    let expected = [
        (station("east"), None, None, TaskState::Declined),
        (station("west"), Some(30), Some(610), TaskState::Finished),
    ];
    assert_eq!(told, expected);
}

/// Whoever had no time left to answer is not counted as somebody who did not.
#[test]
fn a_task_that_ends_with_its_incident_was_taken_back() {
    let history = [
        (0, Act::Give(press("p-1"))),
        (10, Act::Give(claim("anna"))),
        (20, Act::Give(dispatch("anna", &["east"]))),
        (30, closed("fall")),
    ];
    let states: Vec<_> =
        incident::ranking::work(&events(&history)).into_iter().map(|one| one.state).collect();
    assert_eq!(states, [TaskState::Withdrawn]);
}

#[test]
fn what_was_closed_too_early_is_not_closed() {
    let mut history =
        vec![(0, Act::Give(press("p-1"))), (10, Act::Give(claim("anna"))), (20, closed("accidental_press"))];
    let early = case(&events(&history)).expect("a case");
    assert_eq!((early.closed_s, early.false_alarm), (Some(20), true));
    history.push((30, Act::Give(Command::Reopen { by: "anna".to_owned(), reason: "又按".to_owned() })));
    let again = case(&events(&history)).expect("a case");
    assert_eq!((again.closed_s, again.false_alarm), (None, false));
}

/// A thumb that slipped on the way brought nobody to the door.
#[test]
fn an_arrival_that_was_taken_back_is_none() {
    let slip = vec![
        (0, Act::Give(press("p-1"))),
        (10, Act::Give(claim("anna"))),
        (20, Act::Give(dispatch("anna", &["east"]))),
        (30, Act::Task("east", TaskAct::Acknowledge)),
        (100, Act::Task("east", TaskAct::OnScene)),
        (105, Act::Undo("east")),
    ];
    let arrived = |history: &[(i64, Act)]| {
        let events = events(history);
        let work = incident::ranking::work(&events).pop().expect("a task");
        (case(&events).expect("a case").arrived_s, work.arrived_s)
    };
    assert_eq!(arrived(&slip), (None, None));
    let there = [slip, vec![(400, Act::Task("east", TaskAct::OnScene))]];
    let there: Vec<_> = there.into_iter().flatten().collect();
    assert_eq!(arrived(&there), (Some(400), Some(380)));
    // Whose end was taken back is there still.
    let ended = [there, vec![(500, Act::Task("east", TaskAct::Finish)), (505, Act::Undo("east"))]];
    let ended: Vec<_> = ended.into_iter().flatten().collect();
    assert_eq!(arrived(&ended), (Some(400), Some(380)));
}

/// Nobody answered for ten minutes; that it is the same matter as another incident does not make it vanish.
#[test]
fn what_ends_in_another_case_was_answered_then_and_not_before() {
    let mut from = events(&[(0, Act::Give(press("p-1")))]);
    let into = events(&[(0, Act::Give(press("p-2"))), (5, Act::Give(claim("anna")))]);
    let [one, other] = [&into, &from].map(|events| events.iter().fold(None, evolve).expect("an incident"));
    let hand = Hand { by: "anna", role_may_override: false, expected_version: None };
    let merged = merge(&one, &other, hand, &incident::Ladder::default(), at(600)).expect("one matter");
    from.extend(merged.from.events);
    let case = case(&from).expect("a case");
    assert_eq!((case.merged, case.drill), (true, false));
    assert_eq!((case.answered_s, case.operator.as_deref()), (Some(600), Some("anna")));
    assert!(is_late(&case, at(600)) && is_late(&case, at(90_000)), "late stays late");
    assert_eq!((case.closed_s, case.false_alarm), (None, false), "the other one has the end");
    let all = summaries(std::slice::from_ref(&case), By::All);
    let all = all.first().expect("one group");
    assert_eq!((all.cases, all.unanswered, all.answered.max_s), (1, 0, Some(600)));
}

/// Somebody had the signal for ten minutes in another case; whoever takes the new one at once is not late.
#[test]
fn what_was_parted_from_another_case_begins_with_the_parting() {
    let (first, second) = (press("p-1"), press("p-2"));
    let Command::Signal(other) = &second else { unreachable!("a signal") };
    let history = [(0, Act::Give(first)), (10, Act::Give(claim("anna"))), (20, Act::Give(second.clone()))];
    let events = events(&history);
    let incident = events.iter().fold(None, evolve).expect("an incident");
    let hand = Hand { by: "anna", role_may_override: false, expected_version: None };
    let ladder = Ladder::default();
    let parted = split(&incident, std::slice::from_ref(&other.id), (None, None), hand, &ladder, at(600))
        .expect("two matters");
    let mut apart = parted.opened.events;
    let opened = apart.iter().fold(None, evolve);
    let claimed = step(&mut opened.clone(), &claim("bert"), None, &ladder, at(620)).expect("nobody has it");
    let waits = case(&apart).expect("a case");
    assert!(!is_late(&waits, at(700)) && is_late(&waits, at(781)), "it waits from the parting on");
    apart.extend(claimed.events);
    let case = case(&apart).expect("a case");
    assert_eq!((case.began, case.answered_s), (at(600), Some(20)));
    assert!(!is_late(&case, at(620)));
}

/// By a clock an hour behind the answer comes before the press; it took as long all the same, and so did the station's.
#[test]
fn a_clock_set_back_makes_nobody_quicker() {
    let back = |second: i64| second - 3_600;
    let mut history = vec![
        (0, Act::Give(press("p-1"))),
        (back(100), Act::Give(Command::ClockWentBack { by: SignedDuration::from_hours(1) })),
    ];
    let waits = case(&events(&history)).expect("a case");
    assert!(!is_late(&waits, at(back(180))) && is_late(&waits, at(back(181))), "it waits on");
    history.extend([
        (back(300), Act::Give(claim("anna"))),
        (back(310), Act::Give(dispatch("anna", &["east"]))),
        (back(back(320)), Act::Give(Command::ClockWentBack { by: SignedDuration::from_hours(1) })),
        (back(back(400)), Act::Task("east", TaskAct::Acknowledge)),
        (back(back(900)), Act::Task("east", TaskAct::OnScene)),
    ]);
    let events = events(&history);
    let case = case(&events).expect("a case");
    assert_eq!((case.answered_s, case.sent_s), (Some(300), Some(310)));
    assert_eq!((case.acknowledged_s, case.arrived_s), (Some(400), Some(900)));
    assert_eq!((case.began, is_late(&case, at(back(back(901))))), (at(0), true));
    let work = incident::ranking::work(&events).pop().expect("a task");
    assert_eq!((work.taken_s, work.arrived_s), (Some(90), Some(590)));
}

/// Half a second beyond a bound is beyond it.
#[test]
fn a_bound_is_not_kept_by_leaving_out_a_part_of_a_second() {
    let mut told = events(&[(0, Act::Give(press("p-1"))), (60, Act::Give(claim("anna")))]);
    let answered = |after_ms: i64, told: &mut [Event]| {
        told[1].at = at(0) + SignedDuration::from_millis(after_ms);
        case(told).expect("a case")
    };
    for (after_ms, within_60_s_pct, late) in
        [(60_000, 100.0, false), (60_500, 0.0, false), (180_000, 0.0, false), (180_500, 0.0, true)]
    {
        let case = answered(after_ms, &mut told);
        assert_eq!(is_late(&case, at(86_400)), late, "{after_ms} ms");
        let all = summaries(&[case], By::All);
        let share = all.first().map(|all| all.answered_within_60_s_pct);
        assert_eq!(share, Some(within_60_s_pct), "{after_ms} ms");
    }
    let unanswered = case(&told[..1]).expect("a case");
    assert!(is_late(&unanswered, at(180) + SignedDuration::from_millis(1)));
}

#[test]
fn groups_and_shares() {
    let answered =
        |second: i64| case(&events(&[(0, Act::Give(press("p"))), (second, Act::Give(claim("anna")))]));
    let mut cases: Vec<_> = [30, 60, 61, 180, 181].into_iter().filter_map(answered).collect();
    cases.extend(case(&events(&[(0, Act::Give(of_kind("f", SignalKind::Fall)))])));
    let all = summaries(&cases, By::All);
    let all = all.first().expect("one group");
    assert_eq!((all.cases, all.unanswered, all.answered.cases), (6, 1, 5));
    assert_eq!(
        (all.answered_within_60_s_pct, all.answered_within_180_s_pct),
        (33.3, 66.7),
        "of all, also the unanswered"
    );
    assert_eq!(
        (all.answered.p50_s, all.answered.p90_s, all.answered.max_s),
        (Some(61), Some(181), Some(181))
    );
    let quick: Vec<_> = [15, 16].into_iter().filter_map(answered).collect();
    let quick = summaries(&quick, By::All);
    let shares = quick.first().map(|all| (all.answered_within_15_s_pct, all.answered_within_60_s_pct));
    assert_eq!(shares, Some((50.0, 100.0)));
    let kinds: Vec<_> = summaries(&cases, By::Kind).into_iter().map(|one| (one.group, one.cases)).collect();
    assert_eq!(kinds, [("fall".to_owned(), 1), ("press".to_owned(), 5)]);
    assert_eq!(summaries(&cases, By::Hour).len(), 1);
    assert_eq!(summaries(&[], By::All), []);
    let late: Vec<bool> = cases.iter().map(|case| is_late(case, at(181))).collect();
    assert_eq!(late, [false, false, false, false, true, true]);
    if let Some(first) = cases.first_mut() {
        first.drill = true;
    }
    assert_eq!(summaries(&cases, By::All).first().map(|one| one.cases), Some(5), "drills are kept out");
}

#[test]
fn the_day_has_chinas_hours() {
    let one = case(&events(&[(0, Act::Give(press("p")))])).expect("a case");
    let hour = |shift: i64| {
        let began = at(shift);
        summaries(&[incident::figures::Case { began, ..one.clone() }], By::Hour)
            .first()
            .map(|one| one.group.clone())
    };
    // 1795000000 is 2026-11-18T11:06:40Z.
    assert_eq!(hour(0).as_deref(), Some("19"));
    assert_eq!(hour(5 * 3_600).as_deref(), Some("00"));
}
