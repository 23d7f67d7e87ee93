//! Signals that joined wait until their holder has confirmed them, each by name and each for a time of its own.

use crate::support::{
    Case, at, claim, close, confirm, dispatch, note, of_kind, press, release, said, spoken, station,
};
use incident::{Command, Incident, PlanOutcome, PlanStep, Refusal, Service, Stage, StateName, TaskAct, say};
use model::{SignalId, SignalKind, SignedDuration};

/// Anna has it, and the second press waits until second 70.
fn pressed_again() -> Case {
    Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, press("p-2"))])
}

fn waiting(incident: &Incident) -> usize {
    incident.answer().map_or(0, |awaited| awaited.signals.len())
}

fn transfer(by: &str, role_may_override: bool, to: &str) -> Command {
    Command::Transfer { by: by.to_owned(), role_may_override, to: to.to_owned() }
}

#[test]
fn nothing_but_its_confirmation_ends_the_waiting_of_a_signal() {
    let anna = || "anna".to_owned();
    let (to, words) = (Service::Ambulance, "已出车".to_owned());
    let (step, outcome, text) = (PlanStep::RingResident, PlanOutcome::Answered, String::new());
    let acts = [
        note("anna"),
        spoken("anna"),
        Command::MarkStep { by: anna(), step, outcome, text },
        Command::HandOver { by: anna(), role_may_override: false, to, words },
        Command::Resolve { by: anna(), role_may_override: false },
        dispatch("anna", &["east"]),
    ];
    for act in acts {
        let mut case = pressed_again();
        case.give(20, &act).unwrap();
        assert_eq!((waiting(case.now()), case.deadline()), (1, Some(70)), "{act:?}");
        assert!(case.now().is_sounding(), "{act:?}");
        case.give(30, &confirm(&["p-2"])).unwrap();
        assert_eq!((waiting(case.now()), case.now().is_sounding()), (0, false), "{act:?}");
        assert_eq!(case.now().deadline_at, Some(at(630)), "{act:?}");
    }
    let ends = [(release("anna", false), StateName::Raised), (close("carl", true), StateName::Closed)];
    for (act, state) in ends {
        let mut case = pressed_again();
        case.give(20, &act).unwrap();
        assert_eq!((waiting(case.now()), case.now().state_name()), (0, state));
    }
}

#[test]
fn each_signal_has_a_time_of_its_own() {
    let mut case = pressed_again();
    case.give(40, &press("p-3")).unwrap();
    case.give(50, &confirm(&["p-2"])).unwrap();
    assert_eq!((waiting(case.now()), case.deadline()), (1, Some(100)), "as long as it always had");
    case.give(60, &press("p-4")).unwrap();
    let stored = serde_json::to_string(case.now()).unwrap();
    assert_eq!(serde_json::from_str::<Incident>(&stored).unwrap(), *case.now());
    let by = SignedDuration::from_secs(1_000);
    case.give(65 - 1_000, &Command::ClockWentBack { by }).unwrap();
    case.give(66 - 1_000, &confirm(&["p-3"])).unwrap();
    assert_eq!(case.deadline(), Some(120 - 1_000), "also on another clock");
    let fourth = SignalId::from_cause("test", &["p-4"]);
    assert_eq!(case.now().answer().map(|awaited| awaited.until(&fourth)), Some(at(120 - 1_000)));
}

#[test]
fn over_a_signal_that_waited_too_long_everybody_is_called_until_it_is_confirmed() {
    let mut case = pressed_again();
    case.give(40, &press("p-3")).unwrap();
    case.give(70, &Command::DeadlinePassed).unwrap();
    case.give(75, &note("anna")).unwrap();
    assert_eq!((case.now().ladder_step(), case.deadline()), (1, Some(130)), "a note does not quiet it");
    case.give(80, &confirm(&["p-2"])).unwrap();
    assert_eq!((case.now().ladder_step(), case.deadline()), (0, Some(100)), "the other one has time left");
    case.give(100, &Command::DeadlinePassed).unwrap();
    assert_eq!(case.now().ladder_step(), 1);
    case.give(105, &confirm(&["p-3"])).unwrap();
    assert_eq!((case.now().ladder_step(), case.deadline()), (0, Some(705)));
}

#[test]
fn what_waits_for_the_one_waits_for_whoever_gets_it() {
    let mut case = pressed_again();
    let decision = case.give(60, &transfer("anna", false, "bert")).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::Claimed, say::TRANSFERRED)));
    assert_eq!((waiting(case.now()), case.deadline()), (1, Some(120)), "bert has time to look at it");
    assert!(case.now().is_sounding());
    let bert = Command::Confirm {
        by: "bert".to_owned(),
        role_may_override: false,
        signals: vec![SignalId::from_cause("test", &["p-2"])],
    };
    case.give(70, &bert).unwrap();
    assert!(!case.now().is_sounding());
    // Late, it is heard by everybody until then; whoever takes it over has looked at it.
    let mut case = pressed_again();
    case.give(70, &Command::DeadlinePassed).unwrap();
    case.give(80, &transfer("carl", true, "bert")).unwrap();
    assert_eq!((waiting(case.now()), case.now().ladder_step(), case.deadline()), (1, 0, Some(140)));
    case.give(140, &Command::DeadlinePassed).unwrap();
    case.give(150, &claim("carl")).unwrap();
    assert_eq!((waiting(case.now()), case.now().is_sounding()), (0, false));
}

#[test]
fn that_a_station_does_not_come_is_not_lost_on_the_way_to_another_hand() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, dispatch("anna", &["east"]))]);
    case.task(20, "east", TaskAct::Decline).unwrap();
    case.give(30, &transfer("anna", false, "bert")).unwrap();
    assert!(case.now().is_sounding(), "bert has not heard of it");
    case.give(40, &dispatch("bert", &["west"])).unwrap();
    assert!(!case.now().is_sounding());
    assert_eq!(case.now().tasks.last().map(|task| task.station.clone()), Some(station("west")));
}

#[test]
fn nothing_is_closed_over_a_press_or_a_fall_that_nobody_confirmed() {
    for (joins, name) in [(press("x-1"), "x-1"), (of_kind("x-2", SignalKind::Fall), "x-2")] {
        let mut case = pressed_again();
        case.give(11, &confirm(&["p-2"])).unwrap();
        case.give(12, &joins).unwrap();
        case.give(13, &spoken("anna")).unwrap();
        assert_eq!(case.give(14, &close("anna", false)), Err(Refusal::Unconfirmed));
        assert_eq!(Refusal::Unconfirmed.code(), "unconfirmed");
        let mut supervised = Case { incident: case.incident.clone(), ladder: case.ladder.clone() };
        supervised.give(14, &close("carl", true)).expect("a supervisor answers for it");
        case.give(15, &confirm(&[name])).unwrap();
        case.give(16, &close("anna", false)).expect("confirmed, and spoken to since");
    }
    let mut case = Case::after(&[(0, of_kind("b-1", SignalKind::LowBattery)), (5, claim("anna"))]);
    case.give(10, &of_kind("w-1", SignalKind::Wandering)).unwrap();
    case.give(20, &close("anna", false)).expect("nobody cried");
}
