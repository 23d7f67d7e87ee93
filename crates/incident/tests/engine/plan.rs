//! The plan says what comes next, and of what was done only what still holds.

use crate::support::{Case, at, cancel, claim, dispatch, mark, of_kind, press, spoken, station};
use incident::{Command, Event, PlanOutcome, PlanStep, StepState, TaskAct, What, evolve, plan};
use model::{SignalKind, SignedDuration};

/// Anna has it, and has done this.
fn standing_after(acts: &[(i64, Command)]) -> Case {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    for (second, act) in acts {
        case.give(*second, act).expect("an act that may be done");
    }
    case
}

fn rang(by: &str, outcome: PlanOutcome) -> Command {
    mark(by, PlanStep::RingResident, outcome)
}

/// Where a step stands, and how it went.
fn standing(case: &Case, step: PlanStep) -> (StepState, Option<PlanOutcome>) {
    let plan = plan(case.now());
    let found = plan.iter().find(|one| one.step == step).expect("a step of this plan");
    (found.state, found.mark.map(|mark| mark.outcome))
}

#[test]
fn when_no_voice_answers_somebody_is_sent() {
    use PlanStep::{HandOver, RingContacts, RingResident, SendStation};
    use StepState::{Current, Done, Pending};
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    let states = |case: &Case| plan(case.now()).iter().map(|one| (one.step, one.state)).collect::<Vec<_>>();
    assert_eq!(
        states(&case),
        [(RingResident, Current), (RingContacts, Pending), (SendStation, Pending), (HandOver, Pending)]
    );
    let rang = Command::MarkStep {
        by: "anna".to_owned(),
        step: RingResident,
        outcome: PlanOutcome::NoAnswer,
        text: String::new(),
    };
    case.give(10, &rang).unwrap();
    assert_eq!(
        states(&case),
        [(RingResident, Done), (RingContacts, Current), (SendStation, Current), (HandOver, Pending)]
    );
    case.give(12, &dispatch("anna", &["east"])).unwrap();
    assert_eq!(states(&case).get(2), Some(&(SendStation, Done)));
    assert!(case.now().needs_contact());
    for act in [TaskAct::Acknowledge, TaskAct::OnScene, TaskAct::Finish] {
        case.task(20, "east", act).unwrap();
    }
    assert!(!case.now().needs_contact(), "they have seen the person");
}

/// A step that says it was done although nobody comes sends nobody.
#[test]
fn a_station_that_does_not_come_is_none_that_was_sent() {
    let ladder_asks = Command::DispatchByLadder { station: (station("east"), "东站".to_owned()) };
    let declined = [TaskAct::Decline];
    let failed = [TaskAct::Acknowledge, TaskAct::EnRoute, TaskAct::Fail];
    let withdrawn = [TaskAct::Withdraw];
    let on_the_way = [TaskAct::Acknowledge, TaskAct::EnRoute];
    let visited = [TaskAct::Acknowledge, TaskAct::OnScene, TaskAct::Finish];
    let table: [(&[TaskAct], bool); 6] = [
        (&[], true),
        (&declined, false),
        (&failed, false),
        (&withdrawn, false),
        (&on_the_way, true),
        (&visited, true),
    ];
    for (acts, is_sent) in table {
        let mut case = Case::after(&[(0, press("p-1")), (60, ladder_asks.clone())]);
        for act in acts {
            case.task(70, "east", *act).unwrap();
        }
        case.give(80, &claim("anna")).unwrap();
        case.give(90, &rang("anna", PlanOutcome::NoAnswer)).unwrap();
        let expected = if is_sent { StepState::Done } else { StepState::Current };
        let standing = standing(&case, PlanStep::SendStation);
        assert_eq!(standing.0, expected, "{acts:?}");
        assert_eq!(standing.1.is_some(), is_sent, "{acts:?}");
    }
}

/// What was done about one press says nothing of the next; what was decided not to be needed is decided anew.
#[test]
fn whoever_cries_again_is_rung_again_and_seen_again() {
    use PlanOutcome::{Answered, NoAnswer, NotNeeded};
    for outcome in [Answered, NoAnswer, NotNeeded] {
        let ring = |case: &Case| standing(case, PlanStep::RingResident);
        let send = |case: &Case| standing(case, PlanStep::SendStation).0;
        let mut case = standing_after(&[(10, rang("anna", outcome))]);
        assert_eq!(ring(&case), (StepState::Done, Some(outcome)));
        for (name, joins) in [
            ("a cancel", cancel("c-1")),
            ("a low battery", of_kind("b-1", SignalKind::LowBattery)),
            ("somebody rings about them", of_kind("t-1", SignalKind::Call)),
        ] {
            case.give(20, &joins).unwrap();
            assert_eq!(ring(&case), (StepState::Done, Some(outcome)), "{name} is no new cry");
        }
        case.give(1_200, &of_kind("f-1", SignalKind::Fall)).unwrap();
        assert_eq!(ring(&case), (StepState::Current, None), "{outcome:?}");
        assert_eq!(send(&case), StepState::Pending, "nobody has failed to answer this one");
        assert!(case.now().needs_contact());
        assert_eq!(case.now().plan.len(), 1, "the history keeps it");
        case.give(1_210, &rang("anna", NoAnswer)).unwrap();
        assert_eq!((ring(&case), send(&case)), ((StepState::Done, Some(NoAnswer)), StepState::Current));
    }
    // Who was there has gone home before the second press, and who was not needed may be now.
    let gone = [TaskAct::Acknowledge, TaskAct::OnScene, TaskAct::Finish];
    let here = [TaskAct::Acknowledge, TaskAct::OnScene];
    let send = |outcome| mark("anna", PlanStep::SendStation, outcome);
    let needless = standing_after(&[(10, send(NotNeeded))]);
    let table: [(Case, &[TaskAct], StepState); 3] = [
        (standing_after(&[(10, dispatch("anna", &["east"]))]), &gone, StepState::Current),
        (standing_after(&[(10, dispatch("anna", &["east"]))]), &here, StepState::Done),
        (needless, &[], StepState::Current),
    ];
    for (mut case, acts, expected) in table {
        for act in acts {
            case.task(20, "east", *act).unwrap();
        }
        assert_eq!(standing(&case, PlanStep::SendStation).0, StepState::Done, "{acts:?}");
        case.give(600, &press("p-2")).unwrap();
        case.give(610, &rang("anna", NoAnswer)).unwrap();
        assert_eq!(standing(&case, PlanStep::SendStation).0, expected, "{acts:?}");
    }
}

/// In a history of before, what was done keeps its time on the old clock, which is later than the press. What closes the case says it
/// too: nobody has spoken with the person since.
#[test]
fn a_conversation_that_the_case_does_not_know_of_is_none_in_the_plan() {
    let mut case = standing_after(&[(3_700, rang("anna", PlanOutcome::Answered))]);
    let by = SignedDuration::from_secs(3_600);
    let what = What::ClockWentBack { by, deadline_at: at(700), answer_by: None, stamps: false };
    let went_back = Event { version: case.now().version + 1, at: at(101), what };
    case.incident = evolve(case.incident.take(), &went_back);
    assert_eq!(standing(&case, PlanStep::RingResident).0, StepState::Done);
    case.give(110, &press("p-2")).unwrap();
    assert!(case.now().plan.iter().all(|mark| mark.at > at(110)), "by its time it would be about this one");
    assert!(case.now().needs_contact());
    assert_eq!(standing(&case, PlanStep::RingResident), (StepState::Current, None));
}

/// By the clock there is now the press is still to come; what was done about it is done all the same.
#[test]
fn what_is_done_about_a_cry_after_the_clock_was_set_back_counts() {
    use PlanOutcome::{Answered, NoAnswer};
    let ring = |case: &Case| standing(case, PlanStep::RingResident);
    let mut case = standing_after(&[(10, rang("anna", Answered)), (20, press("p-2"))]);
    let back = |second: i64| second - 3_600;
    case.give(back(30), &Command::ClockWentBack { by: SignedDuration::from_hours(1) }).unwrap();
    assert_eq!(ring(&case), (StepState::Current, None), "that was about the press before");
    case.give(back(40), &rang("anna", NoAnswer)).unwrap();
    assert_eq!(ring(&case), (StepState::Done, Some(NoAnswer)));
    assert_eq!(standing(&case, PlanStep::SendStation).0, StepState::Current);
    case.give(back(50), &press("p-3")).unwrap();
    assert_eq!(ring(&case), (StepState::Current, None), "and this is another one");
}

/// A conversation and a visit like any other step: by the clock there is now the press is still to come.
#[test]
fn who_is_spoken_to_and_seen_after_the_clock_was_set_back_need_not_be_again() {
    let mut case = standing_after(&[(20, press("p-2")), (25, dispatch("anna", &["east"]))]);
    for act in [TaskAct::Acknowledge, TaskAct::OnScene] {
        case.task(30, "east", act).unwrap();
    }
    let back = |second: i64| second - 3_600;
    case.give(back(40), &Command::ClockWentBack { by: SignedDuration::from_hours(1) }).unwrap();
    case.task(back(50), "east", TaskAct::Finish).unwrap();
    assert_eq!(standing(&case, PlanStep::SendStation).0, StepState::Done);
    case.give(back(60), &spoken("anna")).unwrap();
    let ring = standing(&case, PlanStep::RingResident);
    assert_eq!(ring, (StepState::Done, Some(PlanOutcome::Answered)));
}

/// By its old time what was done before would be later than the press, and nobody would ring or go.
#[test]
fn what_was_done_before_the_clock_was_set_back_is_no_answer_to_a_cry_after_it() {
    let mut case = standing_after(&[(600, dispatch("anna", &["east"]))]);
    for act in [TaskAct::Acknowledge, TaskAct::OnScene, TaskAct::Finish] {
        case.task(610, "east", act).unwrap();
    }
    case.give(620, &rang("anna", PlanOutcome::NoAnswer)).unwrap();
    let back = |second: i64| second - 3_600;
    case.give(back(700), &Command::ClockWentBack { by: SignedDuration::from_hours(1) }).unwrap();
    let ring = |case: &Case| standing(case, PlanStep::RingResident);
    assert_eq!(ring(&case), (StepState::Done, Some(PlanOutcome::NoAnswer)));
    assert_eq!(standing(&case, PlanStep::SendStation).0, StepState::Done);
    case.give(back(800), &press("p-2")).unwrap();
    assert_eq!(ring(&case), (StepState::Current, None));
    assert_eq!(standing(&case, PlanStep::SendStation), (StepState::Pending, None));
}
