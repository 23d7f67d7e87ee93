//! It turns out whom a case is about: who hears of it from then on, and who does not any more.

use crate::support::{Case, at, claim, dispatch, identify, of_kind, press, said, signal};
use incident::{Command, Decision, Effect, Event, Hand, Stage, TaskAct, What, evolve, nameless, say, split};
use model::{Fix, HandsetId, Method, Remark, ResidentId, Severity, Signal, SignalKind, Wgs84};

/// A call about somebody, who carries this handset.
fn call(name: &str, about: Option<(&str, &str)>) -> Command {
    let mut signal = signal(name, SignalKind::Call, false);
    signal.resident = about.map(|(resident, _)| ResidentId::new(resident).expect("an id"));
    signal.handset = about.map(|(_, handset)| HandsetId::new(handset).expect("an id"));
    Command::Signal(Box::new(signal))
}

fn listeners(case: &Case) -> Vec<&str> {
    case.now().listeners().into_iter().map(HandsetId::as_str).collect()
}

/// Who is told that it was never about them.
fn last_words(decision: &Decision) -> Vec<(&str, &str)> {
    let words = decision.effects.iter().filter_map(|effect| match effect {
        Effect::LastWord { handset, say, .. } => Some((handset.as_str(), say.as_str())),
        Effect::Progress { .. } | Effect::Call { .. } | Effect::Sound { .. } | Effect::NextStation => None,
    });
    words.collect()
}

#[test]
fn a_call_speaks_to_whom_it_is_about_and_a_cry_to_the_hand_that_gave_it() {
    let (a, b) = (("resident-1", "handset-1"), ("resident-2", "handset-2"));
    let low = of_kind("b-1", SignalKind::LowBattery);
    let fall = of_kind("f-1", SignalKind::Fall);
    let wandering = || of_kind("w-1", SignalKind::Wandering);
    let lost = |kind| {
        let signal = Signal { graver: Some(Severity::Life), ..signal("l-1", kind, false) };
        Command::Signal(Box::new(signal))
    };
    let table = [
        // what there is, who it turns out to be, what they carry, who listens then, who hears that it is not about them
        (vec![call("c-1", None)], Some(b.0), Some(b.1), vec!["handset-2"], vec![]),
        (vec![call("c-1", None)], Some(b.0), None, vec![], vec![]),
        (vec![call("c-1", Some(a))], Some(b.0), Some(b.1), vec!["handset-2"], vec!["handset-1"]),
        (vec![call("c-1", Some(a))], Some(b.0), None, vec![], vec!["handset-1"]),
        (vec![call("c-1", Some(a))], None, None, vec![], vec!["handset-1"]),
        // What is known of the handset of somebody else by the way keeps nobody listening.
        (vec![call("c-1", Some(a)), low], Some(b.0), Some(b.1), vec!["handset-2"], vec!["handset-1"]),
        // Who pressed or fell holds that handset, whoever they are.
        (vec![press("p-1")], Some(b.0), Some(b.1), vec!["handset-1"], vec![]),
        (vec![fall, call("c-1", Some(a))], Some(b.0), Some(b.1), vec!["handset-1", "handset-2"], vec![]),
        // So does who is out there, and it is that handset which tells where.
        (vec![wandering()], Some(b.0), Some(b.1), vec!["handset-1"], vec![]),
        (vec![wandering()], None, None, vec!["handset-1"], vec![]),
        (vec![of_kind("o-1", SignalKind::Overdue)], Some(b.0), Some(b.1), vec!["handset-1"], vec![]),
        (vec![lost(SignalKind::FenceExit)], None, None, vec!["handset-1"], vec![]),
        (
            vec![lost(SignalKind::FenceExit), call("c-1", Some(a))],
            Some(b.0),
            Some(b.1),
            vec!["handset-1", "handset-2"],
            vec![],
        ),
        (vec![call("c-1", Some(a)), lost(SignalKind::Wandering)], Some(b.0), None, vec!["handset-1"], vec![]),
    ];
    for (signals, resident, carries, hear, gone) in table {
        let mut case = Case::empty();
        for signal in &signals {
            case.give(0, signal).unwrap();
        }
        let heard: Vec<String> = listeners(&case).into_iter().map(str::to_owned).collect();
        let decision = case.give(5, &identify(resident, carries)).unwrap();
        let why = format!("{signals:?}, {resident:?} with {carries:?}");
        assert_eq!(listeners(&case), hear, "{why}");
        let is_cry = hear.contains(&"handset-1");
        let speaks_to = if is_cry { Some("handset-1") } else { carries };
        assert_eq!(case.now().handset.as_ref().map(HandsetId::as_str), speaks_to, "{why}");
        let words: Vec<_> = gone.iter().map(|handset| (*handset, say::NOT_ABOUT_YOU)).collect();
        assert_eq!(last_words(&decision), words, "{why}");
        let is_new = hear.iter().any(|handset| !heard.iter().any(|other| other == handset));
        let told = is_new.then_some((Stage::Received, say::STILL_TRYING));
        assert_eq!(said(&decision.effects), told, "{why}");
    }
}

/// Whoever begins to hear of it hears how far help has come for them, and no more.
#[test]
fn who_hears_of_it_first_hears_how_it_stands() {
    let mut case = Case::after(&[(0, call("c-1", None))]);
    case.give(5, &claim("anna")).unwrap();
    case.give(6, &dispatch("anna", &["east"])).unwrap();
    let heard = |case: &Case, handset: &str| {
        let mut case = Case { incident: case.incident.clone(), ladder: case.ladder.clone() };
        let decision = case.give(90, &identify(Some("resident-2"), Some(handset))).unwrap();
        said(&decision.effects).map(|(stage, say)| (stage, say.to_owned())).unwrap()
    };
    let is = |stage, say: &str| (stage, say.to_owned());
    assert_eq!(heard(&case, "handset-2"), is(Stage::Claimed, say::CLAIMED));
    for (act, stage, say) in [
        (TaskAct::Acknowledge, Stage::Claimed, say::CLAIMED),
        (TaskAct::EnRoute, Stage::OnTheWay, say::ON_THE_WAY),
        (TaskAct::OnScene, Stage::OnScene, say::ON_SCENE),
    ] {
        case.task(20, "east", act).unwrap();
        assert_eq!(heard(&case, "handset-2"), is(stage, say), "{act:?}");
    }
    let mut gone = Case::after(&[(0, call("c-1", None)), (5, claim("anna")), (60, Command::HolderLost)]);
    assert_eq!(heard(&gone, "handset-2"), is(Stage::Received, say::HOLDER_LOST));
    // Nobody new listens: nothing is said.
    gone.give(70, &identify(Some("resident-2"), Some("handset-2"))).unwrap();
    let again = gone.give(80, &identify(Some("resident-3"), Some("handset-2"))).unwrap();
    assert_eq!((said(&again.effects), last_words(&again)), (None, vec![]));
}

/// The last place known of somebody is theirs: it does not stand in the case of somebody else.
#[test]
fn where_somebody_else_was_does_not_stand_in_it() {
    let mut signal = signal("c-1", SignalKind::Call, false);
    let position = Wgs84::new(33.9624, 118.2757).unwrap();
    signal.fix = Some(Fix {
        boot: None,
        seq: None,
        fix_time: at(-60),
        position,
        accuracy_m: 18.0,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: None,
    });
    signal.remarks = vec![Remark::LastKnown];
    let mut case = Case::after(&[(0, Command::Signal(Box::new(signal)))]);
    assert!(case.now().signals.iter().all(|signal| signal.fix.is_some()));
    case.give(5, &identify(Some("resident-2"), Some("handset-2"))).unwrap();
    assert!(case.now().signals.iter().all(|signal| signal.fix.is_none() && signal.remarks.is_empty()));
}

/// An event from before it was known what they carry leaves the handset as it was, also of a case that is read again.
#[test]
fn an_old_event_leaves_the_handset_as_it_was() {
    let case = Case::after(&[(0, call("c-1", Some(("resident-1", "handset-1"))))]);
    let line = r#"{"version":2,"at":"2026-11-23T08:16:00Z","what":{"kind":"identified","by":"anna","resident":"resident-2"}}"#;
    let event: Event = serde_json::from_str(line).unwrap();
    let after = evolve(case.incident.clone(), &event).unwrap();
    assert_eq!(after.resident.as_ref().map(ResidentId::as_str), Some("resident-2"));
    assert_eq!((&after.handset, &after.signals), (&case.now().handset, &case.now().signals));
}

#[test]
fn what_they_carry_is_forgotten_with_them() {
    let mut case = Case::after(&[(0, call("c-1", None))]);
    let decision = case.give(5, &identify(Some("resident-2"), Some("handset-2"))).unwrap();
    let kept = nameless(decision.events.first().unwrap());
    assert!(!serde_json::to_string(&kept).unwrap().contains("handset-2"), "{kept:?}");
}

/// A call that is split off speaks to whom it is about, and a press to the hand that gave it.
#[test]
fn what_is_split_off_speaks_to_whom_it_is_about() {
    let about = ("resident-1", "handset-1");
    let opened = [(0, call("c-1", Some(about))), (5, claim("anna")), (6, call("c-2", Some(about)))];
    let case = Case::after(&opened);
    let ids: Vec<_> = case.now().signals.iter().skip(1).map(|signal| signal.id.clone()).collect();
    let (resident, handset) = (ResidentId::new("resident-2").unwrap(), HandsetId::new("handset-2").unwrap());
    let hand = Hand { by: "anna", role_may_override: false, expected_version: None };
    for (carries, hear) in [(Some(&handset), vec!["handset-2"]), (None, vec![])] {
        let parted = split(case.now(), &ids, (Some(&resident), carries), hand, &case.ladder, at(10)).unwrap();
        let other = Case::empty().clone_of(&parted.opened);
        assert_eq!(listeners(&other), hear);
        assert_eq!(listeners(&case.clone_of(&parted.off)), ["handset-1"], "the other call is hers");
    }
    let mut pressed = Case::after(&opened);
    pressed.give(7, &press("p-1")).unwrap();
    let ids: Vec<_> = pressed.now().signals.iter().skip(2).map(|signal| signal.id.clone()).collect();
    let parted = split(pressed.now(), &ids, (Some(&resident), Some(&handset)), hand, &case.ladder, at(10));
    let opened = parted.unwrap().opened;
    assert!(matches!(&opened.events[0].what, What::Opened { .. }));
    let other = Case::empty().clone_of(&opened);
    assert_eq!(listeners(&other), ["handset-1"], "the hand that pressed");
}
