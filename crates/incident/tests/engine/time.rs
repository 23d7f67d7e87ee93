//! What time does: the ladder, an overdue holder, a clock set back.

use crate::support::{Case, at, claim, dispatch, note, press, said, sounded};
use incident::{Attention, Command, EventKind, Refusal, Stage, State, TaskAct, What, say};

#[test]
fn unclaimed_it_climbs_and_never_leaves_the_person_alone_for_over_a_minute() {
    let mut case = Case::after(&[(0, press("p-1"))]);
    assert!(case.give(29, &Command::DeadlinePassed).unwrap().events.is_empty(), "too early");
    for (second, taken, next) in [(30, 1, 60), (60, 2, 120), (120, 3, 180), (180, 4, 240)] {
        let decision = case.give(second, &Command::DeadlinePassed).unwrap();
        assert_eq!(said(&decision.effects), Some((Stage::Received, say::STILL_TRYING)));
        assert_eq!(sounded(&decision.effects), Some(Attention::Everyone));
        assert_eq!(case.now().state, State::Raised { step: taken });
        assert_eq!(case.deadline(), Some(next));
    }
    assert_eq!(case.now().attention(), Attention::Everyone);
}

#[test]
fn after_a_long_outage_there_is_one_step_and_no_burst() {
    let mut case = Case::after(&[(0, press("p-1"))]);
    case.give(86_400, &Command::DeadlinePassed).unwrap();
    assert_eq!(case.now().state, State::Raised { step: 1 });
    assert!(case.give(86_400, &Command::DeadlinePassed).unwrap().events.is_empty());
    assert_eq!(case.deadline(), Some(86_430));
}

#[test]
fn a_holder_who_does_not_answer_may_be_taken_over_from() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, press("p-2"))]);
    let decision = case.give(70, &Command::DeadlinePassed).unwrap();
    assert_eq!(sounded(&decision.effects), Some(Attention::Everyone));
    assert_eq!(said(&decision.effects), Some((Stage::Claimed, say::ANSWER_OVERDUE)));
    assert_eq!(case.now().ladder_step(), 1);
    assert_eq!(case.deadline(), Some(130));
    case.give(75, &press("p-3")).unwrap();
    assert_eq!(case.deadline(), Some(130), "what rings already is neither hurried nor put off");

    let decision = case.give(80, &claim("bert")).unwrap();
    let What::Claimed { taken_from, .. } = &decision.events.first().unwrap().what else { panic!() };
    assert_eq!(taken_from.as_deref(), Some("anna"));
    assert_eq!(said(&decision.effects), Some((Stage::Claimed, say::TAKEN_OVER)));
    assert_eq!(case.now().holder().unwrap().username, "bert");
    assert!(!case.now().is_sounding());
}

#[test]
fn a_silent_holder_is_asked_after_ten_minutes_and_a_note_puts_it_off() {
    let mut case = Case::after(&[(0, press("p-1")), (0, claim("anna")), (300, note("anna"))]);
    assert!(case.give(600, &Command::DeadlinePassed).unwrap().events.is_empty());
    let decision = case.give(900, &Command::DeadlinePassed).unwrap();
    assert_eq!(said(&decision.effects), None, "the desk's affair, not the person's");
    assert_eq!(decision.events.first().unwrap().what.kind(), EventKind::AnswerOverdue);
    assert!(case.now().is_sounding());
    case.give(960, &Command::DeadlinePassed).unwrap();
    assert_eq!(case.now().ladder_step(), 2);
    case.give(970, &note("anna")).unwrap();
    assert_eq!((case.now().ladder_step(), case.deadline()), (0, Some(1570)));
}

#[test]
fn a_clock_set_back_leaves_what_is_left_of_every_deadline() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, press("p-2"))]);
    let by = model::SignedDuration::from_hours(1);
    case.give(20 - 3600, &Command::ClockWentBack { by }).unwrap();
    assert_eq!(case.deadline(), Some(70 - 3600), "50 s were left, 50 s are left");
    assert_eq!(case.now().answer().unwrap().by, at(70 - 3600));
    for by in [model::SignedDuration::ZERO, -by] {
        assert!(case.give(0, &Command::ClockWentBack { by }).unwrap().events.is_empty());
    }
}

/// A thumb that slipped is noticed at once, and not within the hour that comes twice.
#[test]
fn a_clock_set_back_leaves_no_more_time_to_take_a_step_back() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, dispatch("anna", &["east"]))]);
    case.task(20, "east", TaskAct::Acknowledge).unwrap();
    let by = model::SignedDuration::from_hours(1);
    case.give(100 - 3600, &Command::ClockWentBack { by }).unwrap();
    let task = case.now().tasks[0].id.clone();
    let undo = Command::UndoTask { task, seen: None, by: "east-staff".to_owned() };
    assert_eq!(case.give(101 - 3600, &undo), Err(Refusal::TooLateToUndo));
}
