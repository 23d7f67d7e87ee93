//! A claim is a lease, and a signal that joins is confirmed by name.

use crate::support::{
    Case, at, called, claim, confirm, dispatch, mark, note, press, said, signal, sounded, spoken, station,
};
use incident::{
    Answer, Attention, Callee, Command, Hand, OnScene, PlanOutcome, PlanStep, Refusal, Service, Stage,
    TaskAct, TaskState, say, split,
};
use model::{ResidentId, SignalId, SignalKind};

#[test]
fn a_holder_who_is_gone_is_named_until_somebody_takes_it() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    let decision = case.give(100, &Command::HolderLost).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::Received, say::HOLDER_LOST)));
    assert_eq!(sounded(&decision.effects), Some(Attention::Everyone));
    assert!(case.now().is_holder_lost() && case.now().is_sounding());
    assert_eq!(case.now().holder().unwrap().username, "anna");
    assert!(case.give(101, &Command::HolderLost).unwrap().events.is_empty(), "said once");
    let again = case.give(160, &Command::DeadlinePassed).unwrap();
    assert_eq!(said(&again.effects), Some((Stage::Received, say::HOLDER_LOST)), "told every minute");
    case.give(161, &claim("bert")).unwrap();
    assert!(!case.now().is_holder_lost() && case.now().holder().unwrap().username == "bert");
    assert!(case.give(170, &Command::HolderBack { by: "anna".to_owned() }).unwrap().events.is_empty());
}

/// Whoever is gone puts nothing off, and whom the ladder calls then is called.
#[test]
fn what_is_due_stays_due_when_the_holder_is_gone() {
    let table = [
        // what came before, when the holder is gone, what is due when then
        (vec![], 100, 160),
        (vec![(45, press("p-2"))], 100, 105),
        (vec![(45, press("p-2"))], 50, 105),
        (vec![], 580, 605),
    ];
    for (before, gone, due) in table {
        let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
        for (second, command) in &before {
            case.give(*second, command).unwrap();
        }
        let decision = case.give(gone, &Command::HolderLost).unwrap();
        assert_eq!(case.deadline(), Some(due), "{before:?}, gone at {gone}");
        assert_eq!(called(&decision.effects), Some([Callee::Operators, Callee::Everyone].as_slice()));
    }
    // Already overdue: whom that step keeps back from a holder who only writes nothing is called now.
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    for second in [605, 665] {
        case.give(second, &Command::DeadlinePassed).unwrap();
    }
    let decision = case.give(670, &Command::HolderLost).unwrap();
    let wider = [Callee::Everyone, Callee::Station, Callee::Relatives];
    assert_eq!((called(&decision.effects), case.deadline()), (Some(wider.as_slice()), Some(725)));
}

/// That a service was told is a line of its own, which says which and what it answered; that a station was sent is its task.
#[test]
fn a_service_is_told_and_a_station_sent_by_doing_it_and_not_by_a_mark() {
    use PlanOutcome::{Answered, Done, NoAnswer, NotNeeded};
    let (service, station) = (Some(Refusal::ByHandingOver), Some(Refusal::BySending));
    for (step, outcome, refused) in [
        (PlanStep::HandOver, Done, service.clone()),
        (PlanStep::HandOver, Answered, service),
        (PlanStep::HandOver, NoAnswer, None),
        (PlanStep::HandOver, NotNeeded, None),
        (PlanStep::SendStation, Done, station.clone()),
        (PlanStep::SendStation, Answered, station.clone()),
        (PlanStep::SendStation, NoAnswer, station),
        (PlanStep::SendStation, NotNeeded, None),
    ] {
        let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
        let (by, text) = ("anna".to_owned(), "不需要".to_owned());
        let mark = Command::MarkStep { by, step, outcome, text };
        let result = case.give(10, &mark).map(|_| ());
        assert_eq!(result.err(), refused, "{step:?} {outcome:?}");
        assert_eq!(case.now().plan.is_empty(), refused.is_some(), "{step:?} {outcome:?}");
    }
    assert_eq!(Refusal::ByHandingOver.code(), "by_handing_over");
    assert_eq!(Refusal::BySending.code(), "by_sending");
}

#[test]
fn a_holder_who_comes_back_owes_what_was_owed() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (50, press("p-2"))]);
    case.give(70, &Command::HolderLost).unwrap();
    let decision = case.give(75, &Command::HolderBack { by: "anna".to_owned() }).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::Claimed, say::CLAIMED)));
    assert!(!case.now().is_holder_lost() && case.now().is_sounding(), "the second press still waits");
    assert_eq!(case.deadline(), Some(110));
}

/// Anna has it and is gone; a second press waits.
fn gone() -> Case {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, press("p-2"))]);
    case.give(20, &Command::HolderLost).expect("she is missed");
    case
}

/// What an account may do that acts in the holder's place, with what the person hears of it where the holder does it, and where
/// a supervisor does.
fn acts_in_place(by: &str) -> [(Command, &'static str, Option<&'static str>); 4] {
    let (by, role_may_override) = (by.to_owned(), true);
    let confirm = Command::Confirm {
        by: by.clone(),
        role_may_override,
        signals: vec![SignalId::from_cause("test", &["p-2"])],
    };
    let stations = vec![(station("east"), "东站".to_owned())];
    let send = Command::Dispatch { by: by.clone(), role_may_override, stations, note: String::new() };
    let (to, words) = (Service::Ambulance, "已出车".to_owned());
    let hand_over = Command::HandOver { by: by.clone(), role_may_override, to, words };
    [
        (confirm, say::CLAIMED, None),
        (send, say::DISPATCHED, Some(say::STATION_ASKED)),
        (hand_over, say::AMBULANCE, Some(say::AMBULANCE)),
        (Command::Resolve { by, role_may_override }, say::CLAIMED, None),
    ]
}

/// Whoever acts for a holder who is gone has not taken it: nobody is told that the desk has it, and everybody is called on.
#[test]
fn what_somebody_else_does_brings_no_holder_back() {
    for (act, _, hears) in acts_in_place("supervisor") {
        let mut case = gone();
        let decision = case.give(30, &act).unwrap();
        let expected = hears.map(|say| (Stage::Received, say));
        assert_eq!(said(&decision.effects), expected, "{act:?}");
        assert!(case.now().is_holder_lost() && case.now().is_sounding(), "{act:?}");
        assert_eq!(case.now().attention(), Attention::Everyone, "{act:?}");
        assert!(case.give(32, &Command::HolderLost).unwrap().events.is_empty(), "missed once: {act:?}");
        assert_eq!(case.now().deadline_at, Some(at(70)), "nothing is put off: {act:?}");
        let again = case.give(70, &Command::DeadlinePassed).unwrap();
        assert_eq!(said(&again.effects), Some((Stage::Received, say::HOLDER_LOST)), "{act:?}");
        let back = case.give(71, &Command::HolderBack { by: "anna".to_owned() }).unwrap();
        assert_eq!(said(&back.effects), Some((Stage::Claimed, say::CLAIMED)), "{act:?}");
    }
    let mut case = gone();
    case.give(30, &note("bert")).unwrap();
    assert!(case.now().is_holder_lost(), "a note of somebody else's least of all");
    case.give(31, &claim("bert")).unwrap();
    assert!(!case.now().is_holder_lost(), "whoever takes it has it");
}

/// The first act of a holder who comes back says so to the person, whichever it is.
#[test]
fn a_holder_who_acts_is_back() {
    let step = mark("anna", PlanStep::RingContacts, PlanOutcome::NoAnswer);
    let own = [note("anna"), spoken("anna"), step].map(|act| (act, say::CLAIMED));
    let in_place = acts_in_place("anna").map(|(act, say, _)| (act, say));
    for (act, hears) in own.into_iter().chain(in_place) {
        let mut case = gone();
        let decision = case.give(30, &act).unwrap();
        assert_eq!(said(&decision.effects), Some((Stage::Claimed, hears)), "{act:?}");
        assert!(!case.now().is_holder_lost(), "{act:?}");
        let back = case.give(31, &Command::HolderBack { by: "anna".to_owned() }).unwrap();
        assert!(back.events.is_empty(), "said once: {act:?}");
    }
    let other = ResidentId::new("resident-2").unwrap();
    let signals = [SignalId::from_cause("test", &["p-2"])];
    for (by, is_back) in [("anna", true), ("supervisor", false)] {
        let case = gone();
        let hand = Hand { by, role_may_override: true, expected_version: None };
        let now = at(30);
        let parted = split(case.now(), &signals, (Some(&other), None), hand, &case.ladder, now).unwrap();
        let expected = is_back.then_some((Stage::Claimed, say::CLAIMED));
        assert_eq!(said(&parted.off.effects), expected, "{by}");
        assert_eq!(case.clone_of(&parted.off).now().is_holder_lost(), !is_back, "{by}");
    }
}

/// Who is on the way stays so, whoever acts; and a holder who is back is told of where nothing else is.
#[test]
fn a_second_station_asked_by_a_holder_who_is_back() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, dispatch("anna", &["east"]))]);
    for act in [TaskAct::Acknowledge, TaskAct::EnRoute] {
        case.task(15, "east", act).unwrap();
    }
    case.give(20, &Command::HolderLost).expect("she is missed");
    let decision = case.give(30, &dispatch("anna", &["west"])).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::OnTheWay, say::CLAIMED)));
}

#[test]
fn each_signal_that_joined_is_confirmed_by_name() {
    let mut case =
        Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, press("p-2")), (12, press("p-3"))]);
    assert_eq!(case.give(20, &confirm(&[])), Err(Refusal::Missing { field: "signals" }));
    assert_eq!(case.give(20, &confirm(&["p-9"])), Err(Refusal::NoSignal));
    case.give(20, &confirm(&["p-2"])).unwrap();
    assert!(case.now().is_sounding(), "the third press has not been looked at");
    case.give(21, &confirm(&["p-3", "p-2"])).unwrap();
    assert!(!case.now().is_sounding());
    assert!(case.give(22, &confirm(&["p-3"])).unwrap().events.is_empty(), "confirmed already");
}

#[test]
fn a_relative_answers_and_ends_nothing() {
    let mut case = Case::after(&[(0, press("p-1"))]);
    let answer =
        |answer, text: &str| Command::Answer { by: "daughter".to_owned(), answer, text: text.to_owned() };
    let before = case.now().clone();
    case.give(5, &answer(Answer::ReachedWell, "")).unwrap();
    assert_eq!((&case.now().state, case.now().deadline_at), (&before.state, before.deadline_at));
    assert!(case.now().needs_contact(), "what a relative says is no contact of the desk's");
    assert_eq!(case.give(6, &answer(Answer::Other, " ")), Err(Refusal::Missing { field: "text" }));
}

#[test]
fn a_slip_of_the_thumb_is_taken_back_for_ten_seconds() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, dispatch("anna", &["east"]))]);
    let undo = |case: &Case| Command::UndoTask {
        task: case.now().tasks.first().unwrap().id.clone(),
        seen: None,
        by: "east-staff".to_owned(),
    };
    let first = |case: &Case| case.now().tasks.first().unwrap().clone();
    case.task(12, "east", TaskAct::Acknowledge).unwrap();
    assert!(first(&case).responder.is_some() && case.now().may_take_back(&first(&case)));
    let decision = case.give(22, &undo(&case)).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::Claimed, say::TASK_BACK)));
    assert_eq!((first(&case).state, first(&case).responder), (TaskState::Offered, None), "asked as before");
    case.task(23, "east", TaskAct::Acknowledge).unwrap();
    assert_eq!(case.give(34, &undo(&case)), Err(Refusal::TooLateToUndo));
    case.task(35, "east", TaskAct::EnRoute).unwrap();
    case.task(40, "east", TaskAct::OnScene).unwrap();
    let decision = case.give(50, &undo(&case)).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::OnTheWay, say::TASK_BACK)));
    assert_eq!(case.give(51, &undo(&case)), Err(Refusal::TooLateToUndo), "once");
    case.task(60, "east", TaskAct::OnScene).unwrap();
    assert_eq!(case.give(71, &undo(&case)), Err(Refusal::TooLateToUndo));
    let says = Command::SayOnScene {
        task: case.now().tasks.first().unwrap().id.clone(),
        said: OnScene::NoAnswer,
        by: "east-staff".to_owned(),
        words: String::new(),
    };
    let decision = case.give(80, &says).unwrap();
    assert_eq!(sounded(&decision.effects), Some(Attention::Everyone));
    assert!(case.now().is_sounding() && case.deadline() == Some(610));
}

#[test]
fn that_a_task_was_taken_is_not_taken_back_where_others_were_told() {
    let mut case =
        Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, dispatch("anna", &["east", "west"]))]);
    case.task(20, "east", TaskAct::Acknowledge).unwrap();
    let task = case.now().tasks.first().unwrap().clone();
    assert!(!case.now().may_take_back(&task));
    let undo = Command::UndoTask { task: task.id, seen: None, by: "east-staff".to_owned() };
    assert_eq!(case.give(21, &undo), Err(Refusal::TooLateToUndo));
}

#[test]
fn the_ladder_calls_wider_and_rests_while_a_station_has_the_task() {
    let mut case = Case::empty();
    let decision = case.give(0, &press("p-1")).unwrap();
    assert_eq!(called(&decision.effects), Some([Callee::Operators].as_slice()));
    case.give(30, &Command::DeadlinePassed).unwrap();
    let decision = case.give(60, &Command::DeadlinePassed).unwrap();
    let wider = [Callee::Everyone, Callee::Station, Callee::Relatives];
    assert_eq!(called(&decision.effects), Some(wider.as_slice()));
    case.give(61, &Command::DispatchByLadder { station: (station("east"), "东站".to_owned()) }).unwrap();
    assert!(case.now().holder().is_none() && case.now().tasks.len() == 1, "a station, but no holder");
    case.task(70, "east", TaskAct::Acknowledge).unwrap();
    let decision = case.give(120, &Command::DeadlinePassed).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::Received, say::STATION_COMES)));
    assert_eq!((called(&decision.effects), case.now().ladder_step()), (Some([].as_slice()), 2));
}

/// A station that took the task and then says nothing may not come: the ladder climbs on to people who can be reached.
#[test]
fn a_station_that_falls_silent_does_not_hold_the_ladder() {
    let mut case = Case::after(&[(0, press("p-1"))]);
    case.give(5, &Command::DispatchByLadder { station: (station("east"), "东站".to_owned()) }).unwrap();
    case.task(10, "east", TaskAct::Acknowledge).unwrap();
    case.give(30, &Command::DeadlinePassed).unwrap();
    assert_eq!(case.now().ladder_step(), 0, "it rests");
    let silent = |case: &Case| case.now().tasks.iter().any(incident::Task::is_silent);
    let mut second = 30;
    while !silent(&case) {
        assert!(second < 600, "it is never silent");
        second += 10;
        case.give(second, &Command::DeadlinePassed).unwrap();
    }
    assert_eq!(case.now().ladder_step(), 0, "it rested as long as a word could come");
    let mut words = Vec::new();
    for later in 1..=20 {
        let decision = case.give(second + later * 10, &Command::DeadlinePassed).unwrap();
        words.extend(said(&decision.effects).map(|(_, say)| say.to_owned()));
    }
    assert!(case.now().ladder_step() >= 3, "step {}", case.now().ladder_step());
    let heard = |say: &str| words.iter().any(|word| word == say);
    assert!(heard(say::STILL_TRYING) && !heard(say::STATION_COMES), "{words:?}");
}

#[test]
fn a_drill_and_the_real_thing_never_meet() {
    let mut drill = Case::after(&[(0, Command::Drill(Box::new(signal("d-1", SignalKind::Press, false))))]);
    assert!(drill.now().drill);
    assert_eq!(drill.give(1, &press("p-1")), Err(Refusal::Drill));
    drill.give(2, &Command::Drill(Box::new(signal("d-2", SignalKind::Press, false)))).unwrap();
    let mut real = Case::after(&[(0, press("p-1"))]);
    let joins = Command::Drill(Box::new(signal("d-3", SignalKind::Press, false)));
    assert_eq!(real.give(1, &joins), Err(Refusal::Drill));
}

#[test]
fn a_holder_who_only_writes_nothing_alarms_neither_station_nor_family() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    case.give(605, &Command::DeadlinePassed).unwrap();
    let wider = case.give(665, &Command::DeadlinePassed).unwrap();
    assert_eq!(called(&wider.effects), Some([Callee::Everyone].as_slice()));
    let still = case.give(725, &Command::DeadlinePassed).unwrap();
    assert_eq!(
        called(&still.effects),
        Some([Callee::Everyone, Callee::Roster].as_slice()),
        "a person in the end"
    );
    // A press that nobody answers is another matter.
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, press("p-2"))]);
    case.give(70, &Command::DeadlinePassed).unwrap();
    let wider = case.give(130, &Command::DeadlinePassed).unwrap();
    let everybody = [Callee::Everyone, Callee::Station, Callee::Relatives];
    assert_eq!(called(&wider.effects), Some(everybody.as_slice()));
}
