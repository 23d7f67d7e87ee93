//! Which rule of a ladder runs, and from when on it counts.

use crate::support::{Case, at, called, cancel, claim, of_kind, press, signal};
use incident::{Callee, Command, Hand, Ladder, State, evolve, ladder::parse, split, step};
use model::{ResidentId, Severity, SignalKind};

/// Cries climb fast, what else is grave climbs by night, all the rest slowly.
const RULES: &str = r#"
[[rule]]
name = "cries"
kinds = ["press", "fall"]
steps = [{ after_s = 0, call = ["operators"] }, { after_s = 10, call = ["everyone"] }]
repeat = { after_s = 20, call = ["everyone", "roster"] }

[[rule]]
name = "grave, by night"
severities = ["life"]
hours = "22:00-06:00"
steps = [{ after_s = 0, call = ["everyone"] }, { after_s = 15, call = ["everyone", "relatives"] }]
repeat = { after_s = 25, call = ["everyone", "roster"] }

[[rule]]
name = "the rest"
steps = [{ after_s = 0, call = ["operators"] }, { after_s = 30, call = ["everyone"] }]
repeat = { after_s = 60, call = ["everyone", "roster"] }
"#;
/// The tests begin in second 0 at 19:06 in China: this is at 23:06.
const NIGHT_S: i64 = 4 * 3_600;

fn under_rules() -> Case {
    Case { incident: None, ladder: parse(RULES).expect("a ladder") }
}

#[test]
fn kind_severity_and_hour_choose_the_rule() {
    let (desk, all) = (Callee::Operators, Callee::Everyone);
    let table = [
        // the signal, when it comes, whom it calls first, how long until the second step and until the third
        (SignalKind::Press, 0, desk, 10, 20),
        (SignalKind::Fall, NIGHT_S, desk, 10, 20),
        (SignalKind::Call, 0, desk, 30, 60),
        (SignalKind::Call, NIGHT_S, all, 15, 25),
        (SignalKind::Wandering, NIGHT_S, desk, 30, 60),
    ];
    for (kind, second, first, wait_s, repeat_s) in table {
        let mut case = under_rules();
        let decision = case.give(second, &of_kind("s-1", kind)).unwrap();
        assert_eq!(called(&decision.effects), Some([first].as_slice()), "{kind:?} at {second}");
        assert_eq!(case.deadline(), Some(second + wait_s), "{kind:?} at {second}");
        let at_once = case.ladder.calls_everyone_at_once(case.now(), at(second));
        assert_eq!(at_once, first == all, "{kind:?} at {second}");
        case.give(second + wait_s, &Command::DeadlinePassed).unwrap();
        assert_eq!(case.deadline(), Some(second + wait_s + repeat_s), "{kind:?} at {second}");
    }
}

#[test]
fn what_joins_may_choose_another_rule_and_a_cancel_may_not() {
    // What joins, when the ladder goes on then, and when after that.
    for (joins, due, next) in [(of_kind("f-1", SignalKind::Fall), 15, 35), (cancel("p-1"), 30, 90)] {
        let mut case = under_rules();
        case.give(0, &of_kind("w-1", SignalKind::Wandering)).unwrap();
        case.give(5, &joins).unwrap();
        assert_eq!(case.deadline(), Some(due), "{joins:?}");
        case.give(due, &Command::DeadlinePassed).unwrap();
        assert_eq!(case.deadline(), Some(next), "{joins:?}");
    }
    let mut case = under_rules();
    case.give(0, &cancel("p-1")).unwrap();
    assert_eq!((case.deadline(), case.now().severity), (Some(30), Severity::Life), "heard like the rest");
}

#[test]
fn it_counts_from_the_moment_in_which_the_signal_reached_us() {
    let table = [
        // received, placed, the first step
        (0, 0, 30),
        (0, 20, 30),
        (0, 100, 30),
        // Stamped before a clock was set back.
        (3_600, 100, 130),
    ];
    for (received, placed, first) in table {
        let mut late = signal("p-1", SignalKind::Press, false);
        late.received_at = at(received);
        let mut incident = None;
        step(&mut incident, &Command::Signal(Box::new(late)), None, &Ladder::default(), at(placed)).unwrap();
        assert_eq!(incident.unwrap().deadline_at, Some(at(first)), "received {received}, placed {placed}");
    }
}

#[test]
fn of_steps_long_overdue_one_is_taken_at_once_and_each_other_in_its_turn() {
    let (mut incident, ladder) = (None, Ladder::default());
    let late = Box::new(signal("p-1", SignalKind::Press, false));
    step(&mut incident, &Command::Signal(late), None, &ladder, at(200)).unwrap();
    let mut steps = Vec::new();
    for second in 200..400 {
        let decision = step(&mut incident, &Command::DeadlinePassed, None, &ladder, at(second)).unwrap();
        steps.extend((!decision.events.is_empty()).then_some(second));
    }
    assert_eq!(steps, [200, 230, 290, 350]);
    assert!(matches!(incident.unwrap().state, State::Raised { step: 4 }));
}

#[test]
fn what_is_split_off_climbs_from_then_on() {
    let case = Case::after(&[(0, press("p-1")), (5, claim("anna")), (6, press("p-2"))]);
    let second: Vec<_> = case.now().signals.iter().skip(1).map(|signal| signal.id.clone()).collect();
    let other = ResidentId::new("resident-2").unwrap();
    let hand = Hand { by: "anna", role_may_override: false, expected_version: None };
    let parted = split(case.now(), &second, (Some(&other), None), hand, &case.ladder, at(500)).unwrap();
    let opened = parted.opened.events.iter().fold(None, evolve).unwrap();
    assert_eq!(opened.deadline_at, Some(at(530)), "somebody had it until now");
}

/// What is graver, or has a rule of its own, is called about as if it had opened an incident, and never later than what was there.
#[test]
fn what_joins_unclaimed_and_is_graver_does_not_wait_as_long_as_what_was_there() {
    const CRIES_WIDER: &str = r#"
[[rule]]
name = "cries"
kinds = ["press", "fall"]
steps = [
  { after_s = 0, call = ["operators", "relatives"] },
  { after_s = 10, call = ["everyone", "station"] },
  { after_s = 15, call = ["everyone", "relatives"] },
]
repeat = { after_s = 20, call = ["everyone", "roster"] }
[[rule]]
name = "the rest"
steps = [{ after_s = 0, call = ["operators"] }, { after_s = 60, call = ["everyone"] }]
repeat = { after_s = 60, call = ["everyone", "roster"] }
"#;
    let first = vec![Callee::Operators, Callee::Relatives];
    let two = vec![Callee::Operators, Callee::Everyone, Callee::Station, Callee::Relatives];
    let built_in = vec![Callee::Operators];
    let both_built_in = vec![Callee::Operators, Callee::Everyone];
    let (cries, same) = (parse(CRIES_WIDER).unwrap(), Ladder::default());
    let press = || press("p-1");
    let fall = || of_kind("f-1", SignalKind::Fall);
    let table = [
        // the ladder, what was there, in which second something joins, what, whom it calls, the step then, what is due when
        (&cries, SignalKind::Wandering, 5, press(), Some(first.clone()), 0, 15),
        (&cries, SignalKind::Wandering, 55, fall(), Some(first), 0, 60),
        (&cries, SignalKind::Wandering, 200, press(), Some(two), 1, 215),
        (&cries, SignalKind::Press, 5, fall(), None, 0, 10),
        (&cries, SignalKind::Press, 5, of_kind("w-1", SignalKind::Wandering), None, 0, 10),
        (&cries, SignalKind::Wandering, 5, cancel("p-1"), None, 0, 60),
        (&same, SignalKind::Wandering, 5, press(), Some(built_in), 0, 30),
        (&same, SignalKind::Wandering, 61, press(), Some(both_built_in), 2, 91),
        (&same, SignalKind::Wandering, 5, of_kind("b-1", SignalKind::LowBattery), None, 0, 30),
    ];
    for (ladder, opens, second, joins, calls, step, due) in table {
        let mut case = Case { incident: None, ladder: ladder.clone() };
        case.give(0, &of_kind("o-1", opens)).unwrap();
        while case.deadline().is_some_and(|due| due <= second) {
            let due = case.deadline().unwrap();
            case.give(due, &Command::DeadlinePassed).unwrap();
        }
        let before = case.now().attention();
        let decision = case.give(second, &joins).unwrap();
        assert_eq!(called(&decision.effects).map(<[Callee]>::to_vec), calls, "{opens:?}, {joins:?}");
        assert_eq!((case.now().ladder_step(), case.deadline()), (step, Some(due)), "{opens:?}, {joins:?}");
        assert!(case.now().attention() >= before, "nobody ceases to hear it");
        let [stored] = decision.events.as_slice() else { panic!("one event") };
        let read = serde_json::from_str(&serde_json::to_string(stored).unwrap()).unwrap();
        assert_eq!(*stored, read);
    }
}
