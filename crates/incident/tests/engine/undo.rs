//! What the desk has yet to hear of a station, and what a step that is taken back takes with it.

use crate::support::{Case, claim, dispatch, note, press, said, station};
use incident::{Command, OnScene, Stage, TaskAct, TaskState, say};
use model::TaskId;

/// One thing that happens to a task.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// A station acts.
    Act(&'static str, TaskAct),
    /// A station takes its last step back.
    Undo(&'static str),
    /// A station says so.
    Say(&'static str, OnScene),
    /// The holder writes a note.
    Note,
}

/// Both stations are asked; the east has arrived, the west has taken it too.
fn at_work() -> Case {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    for name in ["east", "west"] {
        case.give(10, &dispatch("anna", &[name])).expect("accepted");
        case.task(11, name, TaskAct::Acknowledge).expect("accepted");
        case.task(12, name, TaskAct::OnScene).expect("accepted");
    }
    case
}

fn task_of(case: &Case, name: &str) -> TaskId {
    let found = case.now().tasks.iter().rev().find(|task| task.station == station(name));
    found.expect("a task").id.clone()
}

fn give(case: &mut Case, second: i64, one: Move) {
    let by = "staff".to_owned();
    let done = match one {
        Move::Act(name, act) => case.task(second, name, act),
        Move::Undo(name) => {
            let task = task_of(case, name);
            case.give(second, &Command::UndoTask { task, seen: None, by })
        }
        Move::Say(name, said) => {
            let (task, words) = (task_of(case, name), String::new());
            case.give(second, &Command::SayOnScene { task, said, by, words })
        }
        Move::Note => case.give(second, &note("anna")),
    };
    done.expect("accepted");
}

/// What a station takes back is what it said itself, and no other's word.
#[test]
fn a_step_that_is_taken_back_hushes_nothing_but_itself() {
    use Move::{Act, Note, Say, Undo};
    let ambulance = OnScene::NeedAmbulance;
    let table: [(&[Move], bool); 13] = [
        (&[Act("east", TaskAct::Fail), Undo("east")], false),
        (&[Say("east", ambulance), Act("west", TaskAct::Finish), Undo("west")], true),
        (&[Say("east", ambulance), Act("east", TaskAct::Finish), Undo("east")], true),
        (&[Say("east", ambulance), Act("east", TaskAct::Fail), Undo("east")], true),
        (&[Say("east", ambulance), Act("west", TaskAct::Fail), Undo("west")], true),
        (&[Act("west", TaskAct::Fail), Say("east", ambulance), Undo("west")], true),
        (&[Say("east", ambulance), Note, Act("west", TaskAct::Fail), Undo("west")], false),
        // The one that called has gone; what it said is still unheard.
        (
            &[Say("east", ambulance), Act("east", TaskAct::Finish), Act("west", TaskAct::Fail), Undo("west")],
            true,
        ),
        (&[Act("east", TaskAct::Fail), Act("west", TaskAct::Finish), Undo("west")], true),
        (&[Act("east", TaskAct::Fail), Act("west", TaskAct::Fail), Undo("west")], true),
        (&[Act("east", TaskAct::Fail), Act("west", TaskAct::Fail), Undo("west"), Undo("east")], false),
        (&[Act("east", TaskAct::Fail), Note, Act("west", TaskAct::Fail), Undo("west")], false),
        (&[Act("east", TaskAct::Fail), Note, Undo("east")], false),
    ];
    for (moves, sounds) in table {
        let mut case = at_work();
        for (one, second) in moves.iter().zip(20..) {
            give(&mut case, second, *one);
        }
        assert_eq!(case.now().is_sounding(), sounds, "{moves:?}");
        let stored = serde_json::to_string(case.now()).expect("text");
        assert_eq!(serde_json::from_str::<incident::Incident>(&stored).ok().as_ref(), Some(case.now()));
    }
}

/// The person hears what holds again, and nothing where nothing they were told has changed.
#[test]
fn what_the_person_hears_of_a_step_that_is_taken_back() {
    use TaskAct::{Acknowledge, Decline, EnRoute, Fail, Finish, OnScene};
    type Row = (&'static [TaskAct], &'static [TaskAct], Option<(Stage, &'static str)>);
    let table: [Row; 13] = [
        // what the east did, of which the last is taken back; what the west, asked too, had done before; what is heard
        (&[Acknowledge, EnRoute, Fail], &[], Some((Stage::OnTheWay, say::ON_THE_WAY))),
        (&[Acknowledge, OnScene, Fail], &[], Some((Stage::OnScene, say::ON_SCENE))),
        (&[Acknowledge, OnScene, Finish], &[], Some((Stage::OnScene, say::ON_SCENE))),
        (&[Acknowledge, Fail], &[], Some((Stage::Claimed, say::TASK_TAKEN))),
        (&[Decline], &[Decline], Some((Stage::Claimed, say::DISPATCHED))),
        (&[Acknowledge, EnRoute], &[], Some((Stage::Claimed, say::TASK_BACK))),
        (&[Acknowledge, EnRoute, OnScene], &[], Some((Stage::OnTheWay, say::TASK_BACK))),
        // Another one is as near as the person was told, or nearer.
        (&[Decline], &[], None),
        (&[Decline], &[Acknowledge, EnRoute], None),
        (&[Acknowledge, EnRoute], &[Acknowledge, OnScene], None),
        (&[Acknowledge, EnRoute, Fail], &[Acknowledge, EnRoute], None),
        (&[Acknowledge, EnRoute, OnScene], &[Acknowledge, EnRoute], Some((Stage::OnTheWay, say::TASK_BACK))),
        (&[Acknowledge, OnScene, Finish], &[Acknowledge, EnRoute], Some((Stage::OnScene, say::ON_SCENE))),
    ];
    for (east, west, hears) in table {
        let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
        // Each is asked by itself, or the one that takes it would send the other home.
        let is_taken = west.contains(&Acknowledge);
        let asked: &[&str] = if is_taken { &["west"] } else { &["east", "west"] };
        case.give(10, &dispatch("anna", asked)).expect("accepted");
        for act in west {
            case.task(11, "west", *act).expect("accepted");
        }
        if is_taken {
            case.give(12, &dispatch("anna", &["east"])).expect("accepted");
        }
        for act in east {
            case.task(20, "east", *act).expect("accepted");
        }
        let task = task_of(&case, "east");
        let undo = Command::UndoTask { task, seen: None, by: "east-staff".to_owned() };
        let decision = case.give(25, &undo).expect("accepted");
        assert_eq!(said(&decision.effects), hears, "{east:?}, {west:?}");
    }
    // While nobody at the desk has it no operator is named.
    let ask = Command::DispatchByLadder { station: (station("east"), "east站".to_owned()) };
    let mut case = Case::after(&[(0, press("p-1")), (10, ask)]);
    case.task(20, "east", Decline).expect("accepted");
    let undo = Command::UndoTask { task: task_of(&case, "east"), seen: None, by: "east-staff".to_owned() };
    let decision = case.give(25, &undo).expect("accepted");
    assert_eq!(said(&decision.effects), Some((Stage::Received, say::STATION_ASKED)));
}

#[test]
fn a_station_that_is_silent_is_heard_of_whatever_another_takes_back() {
    let mut case = at_work();
    case.give(1_800, &note("anna")).expect("accepted");
    give(&mut case, 1_805, Move::Say("west", OnScene::StillAtIt));
    for second in [1_812, 1_872] {
        case.give(second, &Command::DeadlinePassed).expect("accepted");
    }
    let is_silent = |case: &Case| case.now().tasks.iter().any(incident::Task::is_silent);
    assert!(is_silent(&case) && case.now().is_sounding());
    for act in [TaskAct::Finish, TaskAct::Fail] {
        give(&mut case, 1_880, Move::Act("west", act));
        give(&mut case, 1_881, Move::Undo("west"));
        assert!(is_silent(&case) && case.now().is_sounding(), "{act:?}");
    }
    let west = case.now().tasks.last().map(|task| task.state);
    assert_eq!(west, Some(TaskState::OnScene));
}

#[test]
fn a_call_of_those_who_have_left_is_not_hushed_by_another_that_is_heard_again() {
    let mut case = at_work();
    case.give(1_800, &note("anna")).expect("accepted");
    give(&mut case, 1_805, Move::Say("east", OnScene::StillAtIt));
    for second in [1_812, 1_872] {
        case.give(second, &Command::DeadlinePassed).expect("accepted");
    }
    assert!(case.now().tasks.iter().any(incident::Task::is_silent), "the west");
    give(&mut case, 1_880, Move::Say("east", OnScene::NeedAmbulance));
    give(&mut case, 1_885, Move::Act("east", TaskAct::Finish));
    give(&mut case, 1_890, Move::Say("west", OnScene::StillAtIt));
    assert!(case.now().is_sounding());
}
