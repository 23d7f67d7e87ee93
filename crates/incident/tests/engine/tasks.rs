//! What a station's word, or its silence, means for the desk and for the person.

use crate::support::{Case, at, claim, close, dispatch, note, press, said, sounded, spoken, station};
use incident::{
    Attention, Command, Effect, OnScene, Refusal, Stage, StateName, TaskAct, TaskState, What, say,
};

fn sent(stations: &[&str]) -> Case {
    Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, dispatch("anna", stations))])
}

fn states(case: &Case) -> Vec<TaskState> {
    case.now().tasks.iter().map(|task| task.state).collect()
}

#[test]
fn from_the_offer_to_the_door() {
    let mut case = sent(&["east"]);
    assert_eq!(case.now().state_name(), StateName::Dispatched);
    for (second, act, stage, say, name) in [
        (20, TaskAct::Acknowledge, Stage::Claimed, say::TASK_TAKEN, StateName::Dispatched),
        (60, TaskAct::EnRoute, Stage::OnTheWay, say::ON_THE_WAY, StateName::Dispatched),
        (600, TaskAct::OnScene, Stage::OnScene, say::ON_SCENE, StateName::OnScene),
        (900, TaskAct::Finish, Stage::Claimed, say::TASK_DONE, StateName::Claimed),
    ] {
        let decision = case.task(second, "east", act).expect("accepted");
        assert_eq!((said(&decision.effects), case.now().state_name()), (Some((stage, say)), name), "{act:?}");
    }
    assert_eq!(case.now().tasks.first().and_then(|task| task.responder.as_deref()), Some("east-staff"));
}

#[test]
fn the_first_that_takes_it_frees_the_others() {
    let mut case = sent(&["east", "west"]);
    case.task(20, "west", TaskAct::Acknowledge).expect("accepted");
    assert_eq!(states(&case), [TaskState::Withdrawn, TaskState::Acknowledged]);
    assert_eq!(
        case.task(21, "east", TaskAct::Acknowledge),
        Err(Refusal::TaskState { state: TaskState::Withdrawn })
    );
    case.give(30, &dispatch("anna", &["east"])).expect("asked anew");
    let again = case.give(31, &dispatch("anna", &["west"]));
    assert_eq!(again, Err(Refusal::AlreadyAsked { station: "west站".to_owned() }));
}

#[test]
fn a_station_that_says_nothing_is_reminded_and_then_heard_of_at_the_desk() {
    let mut case = sent(&["east"]);
    assert_eq!(case.deadline(), Some(70), "a word from the station before one from the holder");
    let reminded = case.give(70, &Command::DeadlinePassed).expect("accepted");
    assert!(sounded(&reminded.effects).is_none() && !case.now().is_sounding());
    let silent = case.give(130, &Command::DeadlinePassed).expect("accepted");
    assert_eq!(sounded(&silent.effects), Some(Attention::Operators));
    assert!(case.now().is_sounding() && case.now().tasks.iter().all(incident::Task::is_silent));
    case.give(140, &note("anna")).expect("accepted");
    assert!(!case.now().is_sounding(), "the holder has heard");
    case.give(190, &Command::DeadlinePassed).expect("accepted");
    assert!(case.now().is_sounding(), "and hears it again");
    case.task(200, "east", TaskAct::Acknowledge).expect("late is better than never");
    assert_eq!(case.now().tasks.first().map(|task| task.overdue), Some(0));
}

/// A word of the first station's in one touch.
fn says(case: &Case, said: OnScene) -> Command {
    let task = case.now().tasks.first().expect("a task").id.clone();
    Command::SayOnScene { task, said, by: "east-staff".to_owned(), words: String::new() }
}

/// The station in the east is with the person since second 30.
fn at_the_door() -> Case {
    let mut case = sent(&["east"]);
    case.task(20, "east", TaskAct::Acknowledge).expect("accepted");
    case.task(30, "east", TaskAct::OnScene).expect("accepted");
    case
}

/// Half an hour and a minute after second 30: rung once, then the desk hears of it.
fn falls_silent(case: &mut Case) {
    case.give(1_800, &note("anna")).expect("accepted");
    for second in [1_830, 1_890] {
        case.give(second, &Command::DeadlinePassed).expect("accepted");
    }
    assert!(case.now().is_sounding() && case.now().tasks.iter().any(incident::Task::is_silent));
}

#[test]
fn whoever_is_still_at_it_says_so_and_calls_nobody() {
    let mut case = at_the_door();
    let before = case.give(100, &says(&case, OnScene::StillAtIt)).expect("before anybody asks");
    assert_eq!((before.events.len(), before.effects.as_slice()), (1, [].as_slice()));
    assert!(!case.now().is_sounding());

    let mut case = at_the_door();
    falls_silent(&mut case);
    let decision = case.give(1_900, &says(&case, OnScene::StillAtIt)).expect("accepted");
    assert_eq!((decision.events.len(), decision.effects.as_slice()), (1, [].as_slice()));
    assert!(!case.now().is_sounding(), "what their silence began has ended");
    let task = case.now().tasks.first().expect("a task");
    assert_eq!((task.overdue, task.said), (0, Some(OnScene::StillAtIt)));
    assert_eq!(task.deadline_at, Some(at(1_900 + 1_800)), "half an hour anew");
    assert_eq!((task.state, task.since), (TaskState::OnScene, at(30)), "it stays where it is");
}

#[test]
fn still_at_it_takes_no_call_from_the_desk() {
    let mut case = at_the_door();
    case.give(40, &says(&case, OnScene::NeedHelp)).expect("accepted");
    case.give(50, &says(&case, OnScene::StillAtIt)).expect("accepted");
    let said = |case: &Case| case.now().tasks.first().and_then(|task| task.said);
    assert_eq!((case.now().is_sounding(), said(&case)), (true, Some(OnScene::NeedHelp)), "nobody heard it");
    case.give(60, &note("anna")).expect("accepted");
    case.give(70, &says(&case, OnScene::StillAtIt)).expect("accepted");
    assert_eq!((case.now().is_sounding(), said(&case)), (false, Some(OnScene::StillAtIt)));

    let mut case = at_the_door();
    case.give(40, &dispatch("anna", &["west"])).expect("accepted");
    case.task(50, "west", TaskAct::Decline).expect("accepted");
    case.give(60, &says(&case, OnScene::StillAtIt)).expect("accepted");
    assert!(case.now().is_sounding(), "that another cannot go is not answered by it");
}

/// What was well on the way is not said of the door, nor the other way round; a call stays until somebody hears it.
#[test]
fn that_all_is_well_is_said_of_one_stage_alone() {
    let said = |case: &Case| case.now().tasks.first().and_then(|task| task.said);
    for (word, stays) in [
        (OnScene::StillAtIt, None),
        (OnScene::NoAnswer, Some(OnScene::NoAnswer)),
        (OnScene::NeedAmbulance, Some(OnScene::NeedAmbulance)),
        (OnScene::NeedHelp, Some(OnScene::NeedHelp)),
    ] {
        for (from, to) in [(TaskAct::EnRoute, TaskAct::OnScene), (TaskAct::OnScene, TaskAct::Finish)] {
            let mut case = sent(&["east"]);
            case.task(20, "east", TaskAct::Acknowledge).expect("accepted");
            case.task(30, "east", from).expect("accepted");
            case.give(40, &says(&case, word)).expect("accepted");
            assert_eq!(said(&case), Some(word), "{from:?}");
            case.task(50, "east", to).expect("accepted");
            assert_eq!(said(&case), stays, "{word:?}, {to:?}");
        }
    }
}

/// A long way is no silence: whoever says that they are still on it is waited for as long as before.
#[test]
fn whoever_is_still_on_the_way_says_so_and_calls_nobody() {
    let mut case = sent(&["east"]);
    case.task(20, "east", TaskAct::Acknowledge).expect("accepted");
    case.task(30, "east", TaskAct::EnRoute).expect("accepted");
    falls_silent(&mut case);
    assert!(!case.now().tasks.iter().any(incident::Task::is_coming));
    let decision = case.give(1_900, &says(&case, OnScene::StillAtIt)).expect("accepted");
    assert_eq!((decision.events.len(), decision.effects.as_slice()), (1, [].as_slice()));
    let what = &decision.events.first().expect("an event").what;
    assert!(matches!(what, What::SaidOnScene { on_the_way: true, .. }), "{what:?}");
    assert!(!case.now().is_sounding(), "what their silence began has ended");
    let task = case.now().tasks.first().expect("a task");
    assert_eq!((task.state, task.since, task.is_coming()), (TaskState::EnRoute, at(30), true));
    assert_eq!((task.overdue, task.deadline_at), (0, Some(at(1_900 + 1_800))), "half an hour anew");
}

#[test]
fn one_may_say_so_and_call_from_the_moment_in_which_one_sets_out() {
    let mut case = sent(&["east"]);
    case.task(20, "east", TaskAct::Acknowledge).expect("accepted");
    let refused = |state| Err(Refusal::TaskState { state });
    for said in OnScene::ALL {
        assert_eq!(case.give(25, &says(&case, said)), refused(TaskState::Acknowledged), "{said:?}");
    }
    case.task(30, "east", TaskAct::EnRoute).expect("accepted");
    case.give(35, &says(&case, OnScene::StillAtIt)).expect("accepted");
    for said in OnScene::ALL.into_iter().filter(|said| said.is_call()) {
        let decision = case.give(40, &says(&case, said)).expect("accepted");
        assert_eq!(sounded(&decision.effects), Some(Attention::Everyone), "{said:?}");
    }
}

/// Whoever has not answered is followed by the next one, once; whoever has taken it is not: they may be on the way.
#[test]
fn a_station_that_never_answers_is_followed_by_the_next_one() {
    let (silent, taken): (&[TaskAct], &[TaskAct]) = (&[], &[TaskAct::Acknowledge]);
    for (acts, asks) in [(silent, [false, true, false]), (taken, [false; 3])] {
        let mut case = sent(&["east"]);
        for act in acts {
            case.task(20, "east", *act).expect("accepted");
        }
        for (times, asks) in (1..).zip(asks) {
            let due = case.deadline().expect("a word is due");
            let decision = case.give(due, &Command::DeadlinePassed).expect("accepted");
            assert_eq!(case.now().tasks.first().map(|task| task.overdue), Some(times), "{acts:?}");
            assert_eq!(decision.effects.contains(&Effect::NextStation), asks, "{acts:?}, silent {times}");
        }
    }
}

#[test]
fn when_nobody_comes_any_more_the_person_is_told_and_the_desk_too() {
    let mut case = sent(&["east", "west"]);
    let one = case.task(20, "east", TaskAct::Decline).expect("accepted");
    assert_eq!(
        (said(&one.effects), sounded(&one.effects)),
        (None, Some(Attention::Operators)),
        "the other may go"
    );
    let both = case.task(30, "west", TaskAct::Decline).expect("accepted");
    assert_eq!(said(&both.effects), Some((Stage::Claimed, say::TASK_LOST)));
    assert!(case.now().is_sounding());
    case.give(40, &dispatch("anna", &["north"])).expect("accepted");
    assert!(!case.now().is_sounding());
    case.task(50, "north", TaskAct::Acknowledge).expect("accepted");
    let failed = case.task(60, "north", TaskAct::Fail).expect("accepted");
    assert_eq!(said(&failed.effects), Some((Stage::Claimed, say::TASK_LOST)));
}

/// Of two on the way only the nearer one is news to the person.
#[test]
fn the_person_is_never_told_less_than_is_true() {
    let mut case = sent(&["east"]);
    case.task(20, "east", TaskAct::Acknowledge).expect("accepted");
    case.task(30, "east", TaskAct::EnRoute).expect("accepted");
    let more = case.give(40, &dispatch("anna", &["west"])).expect("accepted");
    assert_eq!(said(&more.effects), None);
    let taken = case.task(50, "west", TaskAct::Acknowledge).expect("accepted");
    assert_eq!(said(&taken.effects), None);
    let failed = case.task(60, "east", TaskAct::Fail).expect("accepted");
    assert_eq!(
        said(&failed.effects),
        Some((Stage::Claimed, say::TASK_TAKEN)),
        "nobody is on the way any more"
    );
    let way = case.task(70, "west", TaskAct::EnRoute).expect("accepted");
    assert_eq!(said(&way.effects), Some((Stage::OnTheWay, say::ON_THE_WAY)));
}

/// Whoever was told that help is near hears it when it is not so near any more, whoever else was asked.
#[test]
fn the_person_hears_when_the_nearest_is_near_no_more() {
    let lost = Some((Stage::Claimed, say::TASK_LOST));
    let table = [
        // what the east did; what it does now; what the west, asked later, has done; what the person hears
        (&[TaskAct::Acknowledge, TaskAct::OnScene][..], TaskAct::Fail, &[][..], lost),
        (&[TaskAct::Acknowledge, TaskAct::EnRoute], TaskAct::Withdraw, &[], lost),
        (&[TaskAct::Acknowledge], TaskAct::Fail, &[], lost),
        (
            &[TaskAct::Acknowledge, TaskAct::OnScene],
            TaskAct::Finish,
            &[TaskAct::Acknowledge, TaskAct::EnRoute],
            Some((Stage::OnTheWay, say::ON_THE_WAY)),
        ),
        (
            &[TaskAct::Acknowledge, TaskAct::OnScene],
            TaskAct::Fail,
            &[TaskAct::Acknowledge],
            Some((Stage::Claimed, say::TASK_TAKEN)),
        ),
        (&[TaskAct::Acknowledge], TaskAct::Fail, &[TaskAct::Acknowledge, TaskAct::EnRoute], None),
        (
            &[TaskAct::Acknowledge, TaskAct::OnScene],
            TaskAct::Fail,
            &[TaskAct::Acknowledge, TaskAct::OnScene],
            None,
        ),
    ];
    for (east, last, west, hears) in table {
        let mut case = sent(&["east"]);
        for act in east {
            case.task(20, "east", *act).expect("accepted");
        }
        case.give(30, &dispatch("anna", &["west"])).expect("accepted");
        for act in west {
            case.task(40, "west", *act).expect("accepted");
        }
        let decision = case.task(50, "east", last).expect("accepted");
        assert_eq!(said(&decision.effects), hears, "{east:?}, {last:?}, {west:?}");
    }
}

#[test]
fn a_word_by_telephone_is_written_down_with_what_was_said() {
    let mut case = sent(&["east"]);
    let id = case.now().tasks.first().expect("a task").id.clone();
    let behalf = |words: &str, seen| Command::Task {
        task: id.clone(),
        seen,
        act: TaskAct::Acknowledge,
        by: "anna".to_owned(),
        on_behalf: true,
        words: words.to_owned(),
    };
    assert_eq!(case.give(20, &behalf("", None)), Err(Refusal::Missing { field: "words" }));
    assert_eq!(
        case.give(20, &behalf("王姐去", Some(1))),
        Err(Refusal::TaskMoved { state: TaskState::Offered })
    );
    case.give(20, &behalf("王姐说她马上去", Some(3))).expect("accepted");
    let task = case.now().tasks.first().expect("a task");
    assert_eq!((task.state, task.responder.as_deref()), (TaskState::Acknowledged, None));
    assert_eq!(task.words, "王姐说她马上去");
}

#[test]
fn with_the_case_its_tasks_are_over() {
    let mut case = sent(&["east", "west"]);
    case.task(20, "east", TaskAct::Acknowledge).expect("accepted");
    case.give(30, &spoken("anna")).expect("accepted");
    case.give(30, &close("anna", false)).expect("accepted");
    assert_eq!(states(&case), [TaskState::Withdrawn, TaskState::Withdrawn]);
    assert_eq!(case.task(40, "east", TaskAct::EnRoute), Err(Refusal::AlreadyClosed));
    let reopen = |second| Command::Reopen { by: "bert".to_owned(), reason: format!("{second}") };
    assert_eq!(case.give(30 + 24 * 3_600 + 1, &reopen(1)), Err(Refusal::TooLate));
    case.give(30 + 24 * 3_600, &reopen(2)).expect("within a day");
    assert_eq!(case.now().holder().map(|holder| holder.username.as_str()), Some("bert"));
    assert_eq!(states(&case), [TaskState::Withdrawn, TaskState::Withdrawn], "they are asked anew");
    assert_eq!(case.now().tasks.first().map(|task| task.station.clone()), Some(station("east")));
}
