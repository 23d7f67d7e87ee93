//! While nobody at the desk has it: no word says that somebody does, and a station that does not come is followed by the next.

use crate::support::{Case, claim, dispatch, names_operator, of_kind, press, said, station};
use incident::{Callee, Command, Decision, Effect, Stage, State, TaskAct, TaskState, say};
use model::SignalKind;

fn ask(name: &str) -> Command {
    Command::DispatchByLadder { station: (station(name), format!("{name}站")) }
}

fn undo(case: &Case) -> Command {
    let task = case.now().tasks.first().expect("a task").id.clone();
    Command::UndoTask { task, seen: None, by: "east-staff".to_owned() }
}

/// Whether the desk has it, has it and is gone, or has never had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Desk {
    Nobody,
    Gone,
    Anna,
}

/// The station in the east was asked, and has done this.
fn after(desk: Desk, acts: &[TaskAct]) -> Case {
    let mut case = Case::after(&[(0, press("p-1"))]);
    if desk == Desk::Nobody {
        case.give(5, &ask("east")).expect("accepted");
    } else {
        case.give(5, &claim("anna")).expect("accepted");
        case.give(5, &dispatch("anna", &["east"])).expect("accepted");
    }
    for act in acts {
        case.task(10, "east", *act).expect("accepted");
    }
    if desk == Desk::Gone {
        case.give(11, &Command::HolderLost).expect("accepted");
    }
    case
}

#[test]
fn the_person_hears_of_an_operator_only_where_there_is_one() {
    use TaskAct::{Acknowledge, Decline, EnRoute, Fail, Finish, OnScene};
    // What the station did, what it does now, how far help has come then (without the desk), what the person hears where
    // somebody at the desk has it, and where nobody has.
    let acts: [(&[TaskAct], TaskAct, Stage, &str, &str); 8] = [
        (&[], Acknowledge, Stage::Received, say::TASK_TAKEN, say::TASK_TAKEN),
        (&[], Decline, Stage::Received, say::TASK_LOST, say::TASK_LOST_UNCLAIMED),
        (&[Acknowledge], EnRoute, Stage::OnTheWay, say::ON_THE_WAY, say::ON_THE_WAY),
        (&[Acknowledge], Fail, Stage::Received, say::TASK_LOST, say::TASK_LOST_UNCLAIMED),
        (&[Acknowledge, EnRoute], OnScene, Stage::OnScene, say::ON_SCENE, say::ON_SCENE),
        (&[Acknowledge, EnRoute], Fail, Stage::Received, say::TASK_LOST, say::TASK_LOST_UNCLAIMED),
        (&[Acknowledge, OnScene], Finish, Stage::Received, say::TASK_DONE, say::TASK_DONE_UNCLAIMED),
        (&[Acknowledge, OnScene], Fail, Stage::Received, say::TASK_LOST, say::TASK_LOST_UNCLAIMED),
    ];
    for desk in [Desk::Nobody, Desk::Gone, Desk::Anna] {
        let own = if desk == Desk::Anna { Stage::Claimed } else { Stage::Received };
        let check = |decision: &Decision, far: Stage, why: &str| {
            let (stage, say) = said(&decision.effects).expect("a word");
            assert_eq!(stage, far.max(own), "{desk:?}, {why}");
            assert!(!names_operator(say) || desk == Desk::Anna, "{desk:?}, {why}: {say}");
        };
        for (before, act, far, claimed, unclaimed) in acts {
            let mut case = after(desk, before);
            let decision = case.task(12, "east", act).expect("accepted");
            check(&decision, far, &format!("{before:?}, {act:?}"));
            let expected = if desk == Desk::Anna { claimed } else { unclaimed };
            assert_eq!(said(&decision.effects).map(|(_, say)| say), Some(expected), "{desk:?}, {act:?}");
            if act != Acknowledge {
                let back = case.give(13, &undo(&case)).expect("accepted");
                let (stage, _) = said(&back.effects).expect("a word");
                assert!(
                    stage >= own && (stage > Stage::Claimed || stage == own),
                    "{desk:?}, {act:?} undone: {stage:?}"
                );
            }
        }
        for joins in [press("p-2"), of_kind("f-1", SignalKind::Fall)] {
            let decision = after(desk, &[]).give(12, &joins).expect("accepted");
            check(&decision, Stage::Received, &format!("{joins:?}"));
        }
    }
}

#[test]
fn a_station_that_cannot_go_is_followed_by_the_next_one_while_nobody_has_it() {
    use TaskAct::{Acknowledge, Decline, EnRoute, Fail};
    let asks = |decision: &Decision| decision.effects.contains(&Effect::NextStation);
    for (before, act) in [(&[][..], Decline), (&[Acknowledge], Fail), (&[Acknowledge, EnRoute], Fail)] {
        for (desk, expected) in [(Desk::Nobody, true), (Desk::Gone, true), (Desk::Anna, false)] {
            let decision = after(desk, before).task(12, "east", act).expect("accepted");
            assert_eq!(asks(&decision), expected, "{desk:?}, {before:?}, {act:?}");
        }
    }
    // While another may come nobody else is asked; with the last of them the next is.
    let mut case = after(Desk::Nobody, &[]);
    case.give(12, &ask("west")).expect("accepted");
    assert!(!asks(&case.task(13, "east", Decline).expect("accepted")), "the west may come");
    assert!(asks(&case.task(14, "west", Decline).expect("accepted")), "nobody may");
    // What is done needs nobody, and neither does what is taken back.
    let mut case = after(Desk::Nobody, &[Acknowledge, TaskAct::OnScene]);
    assert!(!asks(&case.task(12, "east", TaskAct::Finish).expect("accepted")));
    assert!(!asks(&case.give(13, &undo(&case)).expect("accepted")));
}

/// A station that says nothing is none that may come: its silence has asked one other, and that one cannot go either.
#[test]
fn a_station_that_is_silent_keeps_no_other_from_being_asked() {
    let mut case = after(Desk::Nobody, &[]);
    let is_silent = |case: &Case| case.now().tasks.iter().any(incident::Task::is_silent);
    let (mut wanted, mut called) = (0, 0);
    while !is_silent(&case) {
        let due = case.deadline().expect("a deadline");
        let decision = case.give(due, &Command::DeadlinePassed).expect("accepted");
        wanted += usize::from(decision.effects.contains(&Effect::NextStation));
        let station = |effect: &Effect| matches!(effect, Effect::Call { callees, .. } if callees.contains(&Callee::Station));
        called += usize::from(decision.effects.iter().any(station));
    }
    assert_eq!((wanted, called), (1, 1));
    let now = case.now().tasks.first().and_then(|task| task.deadline_at).expect("a word is due").as_second();
    let second = now - crate::support::at(0).as_second() - 1;
    case.give(second, &ask("west")).expect("accepted");
    let decision = case.task(second, "west", TaskAct::Decline).expect("accepted");
    assert!(decision.effects.contains(&Effect::NextStation));
    assert_eq!(case.now().tasks.first().map(|task| task.state), Some(TaskState::Offered));
    assert!(matches!(case.now().state, State::Raised { .. }));
}
