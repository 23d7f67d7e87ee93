//! Whether somebody has spoken with the person, or seen them, since they asked for help last.

use crate::support::{Case, cancel, claim, close, dispatch, of_kind, press, spoken};
use incident::{Command, Refusal, Service, TaskAct};
use model::SignalKind;

/// Two stations are with the person.
fn on_scene() -> Case {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    for name in ["east", "west"] {
        assert!(case.give(10, &dispatch("anna", &[name])).is_ok());
        for act in [TaskAct::Acknowledge, TaskAct::OnScene] {
            assert!(case.task(20, name, act).is_ok());
        }
    }
    case
}

fn undo(case: &Case, place: usize) -> Command {
    let task = case.now().tasks[place].id.clone();
    Command::UndoTask { task, seen: None, by: "staff".to_owned() }
}

#[test]
fn an_end_that_is_taken_back_is_no_contact() {
    let mut case = on_scene();
    case.task(30, "east", TaskAct::Finish).unwrap();
    assert!(!case.now().needs_contact(), "they have seen the person");
    case.give(35, &undo(&case, 0)).unwrap();
    assert!(case.now().needs_contact(), "they have not after all");
    // Of two that have, one still has.
    case.task(40, "east", TaskAct::Finish).unwrap();
    case.task(41, "west", TaskAct::Finish).unwrap();
    case.give(45, &undo(&case, 0)).unwrap();
    assert!(!case.now().needs_contact());
    case.give(46, &undo(&case, 1)).unwrap();
    assert!(case.now().needs_contact());
}

#[test]
fn what_was_said_stays_said_whatever_a_station_takes_back() {
    for word_first in [true, false] {
        let mut case = on_scene();
        if word_first {
            case.give(30, &spoken("anna")).unwrap();
        }
        case.task(31, "east", TaskAct::Finish).unwrap();
        if !word_first {
            case.give(32, &spoken("anna")).unwrap();
        }
        case.give(35, &undo(&case, 0)).unwrap();
        assert!(!case.now().needs_contact(), "spoken to first: {word_first}");
    }
}

#[test]
fn who_asks_for_help_again_must_be_spoken_to_again() {
    let table = [
        (press("p-2"), true),
        (of_kind("f-1", SignalKind::Fall), true),
        (cancel("p-1-cancel"), false),
        (of_kind("w-1", SignalKind::Wandering), false),
        (of_kind("c-1", SignalKind::Call), false),
    ];
    for (joins, needs) in table {
        for is_claimed in [true, false] {
            let mut case = Case::after(&[(0, press("p-1"))]);
            if is_claimed {
                case.give(5, &claim("anna")).unwrap();
            }
            case.give(10, &spoken("anna")).unwrap();
            assert!(!case.now().needs_contact());
            case.give(20, &joins).unwrap();
            assert_eq!(case.now().needs_contact(), needs, "{joins:?}");
            case.give(30, &spoken("anna")).unwrap();
            assert!(!case.now().needs_contact());
        }
    }
    let mut case = on_scene();
    case.task(30, "east", TaskAct::Finish).unwrap();
    case.give(31, &press("p-2")).unwrap();
    case.give(35, &undo(&case, 0)).unwrap();
    case.task(36, "east", TaskAct::Finish).unwrap();
    assert!(!case.now().needs_contact(), "seen since");
}

/// The ambulance and the police say how the person is; the fire brigade is asked to open a door.
#[test]
fn a_fire_brigade_that_comes_is_no_word_of_the_person() {
    for (to, needs) in [(Service::Ambulance, false), (Service::Police, false), (Service::Fire, true)] {
        let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
        let words = "已出车".to_owned();
        let told = Command::HandOver { by: "anna".to_owned(), role_may_override: false, to, words };
        case.give(10, &told).unwrap();
        assert_eq!(case.now().needs_contact(), needs, "{to:?}");
        let closed = case.give(20, &close("anna", false));
        assert_eq!(closed.err(), needs.then_some(Refusal::NoContact), "{to:?}");
    }
    // What was said before it stays said.
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (7, spoken("anna"))]);
    let (to, words) = (Service::Fire, "已出车".to_owned());
    case.give(10, &Command::HandOver { by: "anna".to_owned(), role_may_override: false, to, words }).unwrap();
    assert!(!case.now().needs_contact());
}
