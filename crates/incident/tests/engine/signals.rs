//! What a signal does: it opens, joins, or is known already.

use crate::support::{
    Case, at, cancel, claim, close, confirm, note, of_kind, press, said, signal, sounded, spoken,
};
use incident::{Attention, Command, Refusal, Stage, State, What, step};
use model::{HandsetId, Severity, SignalId, SignalKind};

#[test]
fn a_press_opens_and_the_person_hears_so() {
    let mut case = Case::empty();
    let decision = case.give(0, &press("p-1")).unwrap();
    assert_eq!(decision.version(), Some(1));
    assert_eq!(said(&decision.effects), Some((Stage::Received, "已收到您的求助，正在通知接线员")));
    assert_eq!(sounded(&decision.effects), Some(Attention::Operators));
    assert_eq!(case.now().state, State::Raised { step: 0 });
    assert_eq!(case.now().severity, Severity::Life);
    assert_eq!(case.deadline(), Some(30));
    assert!(case.now().is_sounding());
}

#[test]
fn the_same_press_again_changes_nothing_ever() {
    let mut case = Case::after(&[(0, press("p-1"))]);
    assert!(case.give(1, &press("p-1")).unwrap().events.is_empty());
    case.give(2, &claim("anna")).unwrap();
    assert!(case.give(3, &press("p-1")).unwrap().effects.is_empty());
    case.give(4, &spoken("anna")).unwrap();
    case.give(4, &close("anna", false)).unwrap();
    assert!(case.give(5, &press("p-1")).unwrap().events.is_empty());
    assert_eq!(case.give(6, &press("p-2")), Err(Refusal::AlreadyClosed));
    assert_eq!(case.now().version, 4);
}

#[test]
fn a_press_that_joins_a_claimed_incident_sounds_again_until_the_holder_confirms_it() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    let decision = case.give(10, &press("p-2")).unwrap();
    assert_eq!(sounded(&decision.effects), Some(Attention::Operators));
    assert_eq!(said(&decision.effects).unwrap().0, Stage::Claimed);
    assert_eq!(case.deadline(), Some(70));
    case.give(40, &of_kind("f-1", SignalKind::Fall)).unwrap();
    let awaited = case.now().answer().cloned().unwrap();
    assert_eq!((awaited.signals.len(), awaited.by), (2, at(70)), "the earlier time stays");
    assert_eq!(awaited.until(&SignalId::from_cause("test", &["f-1"])), at(100), "the fall has its own");
    assert!(case.now().is_sounding());

    for (second, act) in [(50, note("bert")), (55, note("anna"))] {
        case.give(second, &act).unwrap();
        assert!(case.now().is_sounding(), "a note is about something else");
        assert_eq!(case.deadline(), Some(70));
    }
    case.give(60, &confirm(&["p-2"])).unwrap();
    assert_eq!((case.now().is_sounding(), case.deadline()), (true, Some(100)), "the fall keeps its time");
    case.give(61, &confirm(&["f-1"])).unwrap();
    assert_eq!((case.now().is_sounding(), case.deadline()), (false, Some(661)));
}

/// Signals as they reached us, placed later by a platform that was held up.
fn placed(case: &mut Case, received: &[(&str, i64)], second: i64) {
    for (name, received) in received {
        let mut late = signal(name, SignalKind::Press, false);
        late.received_at = at(*received);
        step(&mut case.incident, &Command::Signal(Box::new(late)), None, &case.ladder, at(second))
            .expect("it is taken");
    }
}

#[test]
fn the_time_to_confirm_counts_from_the_moment_in_which_the_press_reached_us() {
    let table = [
        // received, placed, to be confirmed by
        (10, 10, 70),
        (10, 40, 70),
        (10, 200, 70),
        // Stamped before a clock was set back.
        (3_600, 100, 160),
    ];
    for (received, second, by) in table {
        let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
        placed(&mut case, &[("p-2", received)], second);
        let due = case.now().answer().map(|awaited| awaited.by);
        assert_eq!((due, case.deadline()), (Some(at(by)), Some(by)), "received {received}, placed {second}");
    }
}

/// After an outage what is overdue calls once, and then as often as ever.
#[test]
fn many_that_are_long_overdue_call_once() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    placed(&mut case, &[("p-2", 10), ("p-3", 11), ("p-4", 12)], 200);
    let mut calls = Vec::new();
    for second in 200..330 {
        let decision = case.give(second, &Command::DeadlinePassed).unwrap();
        for event in decision.events {
            let What::AnswerOverdue { signals, .. } = event.what else { panic!("{:?}", event.what) };
            calls.push((second, signals.len()));
        }
    }
    assert_eq!(calls, [(200, 3), (260, 3), (320, 3)]);
}

#[test]
fn a_cancel_changes_neither_severity_nor_ladder_nor_state_and_is_looked_at_like_a_press() {
    let mut case = Case::after(&[(0, of_kind("b-1", SignalKind::LowBattery)), (30, Command::DeadlinePassed)]);
    let decision = case.give(40, &cancel("p-1")).unwrap();
    assert_eq!(case.now().severity, Severity::Technical);
    assert_eq!((case.now().state.clone(), case.deadline()), (State::Raised { step: 1 }, Some(60)));
    assert_eq!(said(&decision.effects), Some((Stage::Received, "已收到您的取消，工作人员仍会与您核实")));
    case.give(50, &claim("anna")).unwrap();
    case.give(55, &cancel("p-2")).unwrap();
    assert_eq!(case.now().answer().unwrap().by, at(115));
    assert_eq!(case.now().severity, Severity::Technical);
    assert_eq!(case.now().signals.len(), 3);
}

#[test]
fn severity_only_grows_and_what_is_worse_than_before_asks_for_an_answer() {
    let mut case = Case::after(&[(0, of_kind("b-1", SignalKind::LowBattery)), (5, claim("anna"))]);
    case.give(10, &of_kind("t-1", SignalKind::TakenOff)).unwrap();
    assert!(!case.now().is_sounding(), "no worse than what anna has");
    case.give(20, &of_kind("w-1", SignalKind::Wandering)).unwrap();
    assert_eq!((case.now().severity, case.now().is_sounding()), (Severity::Urgent, true));
    case.give(30, &of_kind("p-1", SignalKind::Press)).unwrap();
    case.give(40, &of_kind("e-1", SignalKind::FenceExit)).unwrap();
    assert_eq!(case.now().severity, Severity::Life);
}

#[test]
fn a_drill_is_never_joined_by_a_real_signal() {
    let mut case = Case::after(&[(0, press("p-1"))]);
    case.incident.as_mut().unwrap().drill = true;
    assert_eq!(case.give(1, &press("p-2")), Err(Refusal::Drill));
}

#[test]
fn the_handset_in_the_persons_hand_is_the_one_that_is_told() {
    let mut call = signal("c-1", SignalKind::Call, false);
    (call.handset, call.resident) = (None, None);
    let mut case = Case::after(&[(0, Command::Signal(Box::new(call)))]);
    assert_eq!(case.now().handset, None);
    case.give(1, &press("p-1")).unwrap();
    assert_eq!(case.now().handset.as_ref().unwrap().as_str(), "handset-1");
    assert_eq!(case.now().resident.as_ref().unwrap().as_str(), "resident-1");
    for (name, kind, expected) in
        [("b-1", SignalKind::LowBattery, "handset-1"), ("p-2", SignalKind::Press, "handset-2")]
    {
        let mut other = signal(name, kind, false);
        other.handset = Some(HandsetId::new("handset-2").unwrap());
        case.give(2, &Command::Signal(Box::new(other))).unwrap();
        assert_eq!(case.now().handset.as_ref().unwrap().as_str(), expected);
    }
}
