//! Two incidents that are one matter, and one that is two.

use crate::support::{
    Case, at, called, cancel, claim, close, dispatch, identify, of_kind, press, said, signal, sounded,
    spoken, station,
};
use incident::{
    Attention, Callee, Command, Hand, Incident, Ladder, Refusal, Stage, State, What, decide, evolve,
    ladder::parse, merge, say, split,
};
use model::{HandsetId, ResidentId, Severity, SignalId, SignalKind};

fn hand(by: &str) -> Hand<'_> {
    Hand { by, role_may_override: false, expected_version: None }
}

fn folded(incident: Option<Incident>, decision: &incident::Decision) -> Incident {
    decision.events.iter().fold(incident, evolve).expect("an incident")
}

/// Another incident of the same person: a call about somebody whom nobody knew yet.
fn call() -> Case {
    let mut signal = signal("c-1", SignalKind::Call, false);
    (signal.resident, signal.handset) = (None, None);
    Case::after(&[(0, Command::Signal(Box::new(signal)))])
}

#[test]
fn what_one_held_goes_on_in_the_other() {
    let into = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    let from = call();
    let merged = merge(into.now(), from.now(), hand("anna"), &Ladder::default(), at(10)).unwrap();
    let (after, ended) =
        (folded(into.incident.clone(), &merged.into), folded(from.incident.clone(), &merged.from));
    assert_eq!(after.signals.len(), 2);
    assert!(after.holder().is_some() && !ended.is_open() && ended.due_at().is_none());
    assert_eq!(
        said(&merged.from.effects).map(|(stage, _)| stage),
        Some(Stage::Claimed),
        "not told that it is over"
    );
    assert_eq!(merge(&after, &ended, hand("anna"), &Ladder::default(), at(11)), Err(Refusal::AlreadyClosed));
    let reopen = Command::Reopen { by: "anna".to_owned(), reason: "还有事".to_owned() };
    let refused = decide(Some(&ended), &reopen, None, &into.ladder, at(12));
    assert_eq!(refused, Err(Refusal::Merged { into: after.id }), "it goes on over there");
}

#[test]
fn only_what_is_one_matter_is_put_together() {
    let into = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    assert_eq!(
        merge(into.now(), into.now(), hand("anna"), &Ladder::default(), at(10)),
        Err(Refusal::AnotherMatter)
    );
    let mut other = call();
    let holder = into.now().holder().cloned().unwrap();
    assert_eq!(
        merge(into.now(), other.now(), hand("bert"), &Ladder::default(), at(10)),
        Err(Refusal::NotHolder { holder })
    );
    other.give(6, &identify(Some("resident-2"), None)).unwrap();
    assert_eq!(
        merge(into.now(), other.now(), hand("anna"), &Ladder::default(), at(10)),
        Err(Refusal::AnotherMatter)
    );
    let mut busy = call();
    busy.give(7, &claim("anna")).unwrap();
    busy.give(8, &dispatch("anna", &["east"])).unwrap();
    assert_eq!(
        merge(into.now(), busy.now(), hand("anna"), &Ladder::default(), at(10)),
        Err(Refusal::TasksOpen)
    );
    assert_eq!(station("east"), busy.now().tasks.first().unwrap().station);
}

#[test]
fn what_is_about_somebody_else_gets_an_incident_of_its_own() {
    let case = Case::after(&[
        (0, press("p-1")),
        (5, claim("anna")),
        (6, of_kind("f-1", SignalKind::Fall)),
        (7, press("p-2")),
    ]);
    let ids: Vec<_> = case.now().signals.iter().map(|signal| signal.id.clone()).collect();
    let other = ResidentId::new("resident-2").unwrap();
    let ladder = &case.ladder;
    let parted = split(case.now(), &ids[1..], (Some(&other), None), hand("anna"), ladder, at(10)).unwrap();
    let (left, opened) = (folded(case.incident.clone(), &parted.off), folded(None, &parted.opened));
    assert_eq!((left.signals.len(), opened.signals.len()), (1, 2));
    assert!(left.answer().is_none(), "what went waits for the holder no more");
    assert_eq!((opened.resident.as_ref(), opened.version), (Some(&other), 2));
    assert!(matches!(opened.state, State::Raised { step: 0 }) && opened.is_sounding());
    let first = parted.opened.events.first().unwrap();
    assert!(matches!(&first.what, What::Opened { split_from: Some(from), .. } if *from == left.id));
    for (signals, resident, refusal) in [
        (&ids[..1], Some(&other), Refusal::OpeningSignal),
        (&ids[..], Some(&other), Refusal::OpeningSignal),
        (&ids[..0], Some(&other), Refusal::Missing { field: "signals" }),
        (&ids[1..], case.now().resident.as_ref(), Refusal::SamePerson),
    ] {
        assert_eq!(split(case.now(), signals, (resident, None), hand("anna"), ladder, at(10)), Err(refusal));
    }
}

#[test]
fn what_is_left_is_as_grave_as_what_is_left() {
    let mut other_hand = signal("p-1", SignalKind::Press, false);
    other_hand.handset = HandsetId::new("handset-2").ok();
    let case = Case::after(&[
        (0, of_kind("b-1", SignalKind::LowBattery)),
        (5, claim("anna")),
        (6, of_kind("w-1", SignalKind::Wandering)),
        (7, cancel("p-0")),
        (8, Command::Signal(Box::new(other_hand))),
    ]);
    assert_eq!(case.now().severity, Severity::Life);
    assert_eq!(case.now().handset, HandsetId::new("handset-2").ok());
    let ids: Vec<_> = case.now().signals.iter().map(|signal| signal.id.clone()).collect();
    let other = ResidentId::new("resident-2").unwrap();
    for (goes, left) in [(3..4, Severity::Urgent), (1..4, Severity::Technical), (1..2, Severity::Life)] {
        let parted =
            split(case.now(), &ids[goes.clone()], (Some(&other), None), hand("anna"), &case.ladder, at(10));
        let after = folded(case.incident.clone(), &parted.unwrap().off);
        assert_eq!(after.severity, left, "without {goes:?}");
        let handset = if goes.contains(&3) { "handset-1" } else { "handset-2" };
        assert_eq!(after.handset, HandsetId::new(handset).ok(), "without {goes:?}");
    }
}

#[test]
fn a_press_that_comes_with_another_incident_wants_a_voice_of_its_own() {
    let into = Case::after(&[(0, press("p-1")), (5, claim("anna")), (6, spoken("anna"))]);
    assert!(!into.now().needs_contact());
    let spoken_with = Case::after(&[(7, press("p-2")), (8, claim("anna")), (9, spoken("anna"))]);
    for (from, needs) in [(call(), false), (Case::after(&[(7, press("p-2"))]), true), (spoken_with, false)] {
        let merged = merge(into.now(), from.now(), hand("anna"), &Ladder::default(), at(10)).unwrap();
        assert_eq!(folded(into.incident.clone(), &merged.into).needs_contact(), needs);
    }
}

fn awaited(incident: &Incident) -> Vec<(SignalId, i64)> {
    let awaited = incident.answer().into_iter().flat_map(|awaited| {
        awaited
            .signals
            .iter()
            .map(|signal| (signal.clone(), awaited.until(signal).as_second() - at(0).as_second()))
    });
    awaited.collect()
}

fn id(name: &str) -> SignalId {
    SignalId::from_cause("test", &[name])
}

/// What a supervisor puts to somebody else's case is news to its holder, and what waited there waits no longer.
#[test]
fn what_comes_with_another_incident_waits_for_whoever_has_it() {
    let into = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    let pressed = Case::after(&[(7, press("p-2")), (8, of_kind("w-1", SignalKind::Wandering))]);
    let theirs = Case::after(&[(7, press("p-2")), (8, claim("bert")), (9, press("p-3"))]);
    let own = Case::after(&[(7, press("p-2")), (8, claim("anna")), (9, press("p-3"))]);
    let table = [
        // what is put to anna's, by whom, what anna has to confirm then and until when
        (&pressed, "carl", vec![(id("p-2"), 80)]),
        (&pressed, "anna", vec![]),
        (&theirs, "carl", vec![(id("p-2"), 80), (id("p-3"), 69)]),
        (&own, "carl", vec![(id("p-3"), 69)]),
        (&own, "anna", vec![(id("p-3"), 69)]),
        (&call(), "carl", vec![(id("c-1"), 80)]),
    ];
    for (from, by, expected) in table {
        let hand = Hand { by, role_may_override: by == "carl", expected_version: None };
        let merged = merge(into.now(), from.now(), hand, &into.ladder, at(20)).unwrap();
        let mut after = into.clone_of(&merged.into);
        assert_eq!(awaited(after.now()), expected, "by {by}");
        let sounds = !expected.is_empty();
        assert_eq!(sounded(&merged.into.effects), sounds.then_some(Attention::Operators), "by {by}");
        assert_eq!(after.now().is_sounding(), sounds, "by {by}");
        let due = expected.iter().map(|(_, until)| *until).min().unwrap_or(605);
        assert_eq!(after.deadline(), Some(due), "by {by}");
        after.give(30, &spoken("anna")).unwrap();
        let is_cry = expected.iter().any(|(signal, _)| *signal != id("c-1"));
        let closed = after.give(31, &close("anna", false)).map(|_| ());
        assert_eq!(closed, if is_cry { Err(Refusal::Unconfirmed) } else { Ok(()) }, "by {by}");
    }
}

#[test]
fn who_is_gone_has_not_taken_what_another_puts_to_theirs() {
    let into = Case::after(&[(0, press("p-1")), (5, claim("anna")), (10, Command::HolderLost)]);
    let from = Case::after(&[(7, press("p-2"))]);
    let hand = Hand { by: "carl", role_may_override: true, expected_version: None };
    let merged = merge(into.now(), from.now(), hand, &into.ladder, at(20)).unwrap();
    assert_eq!(said(&merged.from.effects), Some((Stage::Received, say::HOLDER_LOST)));
    assert_eq!(sounded(&merged.into.effects), Some(Attention::Everyone));
}

/// Of what is split off the gravest chooses the rule, whichever came first.
#[test]
fn what_is_split_off_climbs_by_the_gravest_of_it() {
    const RULES: &str = r#"
[[rule]]
name = "cries"
severities = ["life"]
steps = [{ after_s = 0, call = ["operators", "relatives"] }, { after_s = 10, call = ["everyone"] }]
repeat = { after_s = 20, call = ["everyone", "roster"] }
[[rule]]
name = "the rest"
steps = [{ after_s = 0, call = ["operators"] }, { after_s = 50, call = ["everyone"] }]
repeat = { after_s = 60, call = ["everyone", "roster"] }
"#;
    let mut case = Case { incident: None, ladder: parse(RULES).expect("a ladder") };
    let joins = [
        (0, press("p-1")),
        (5, claim("anna")),
        (6, of_kind("w-1", SignalKind::Wandering)),
        (7, press("p-2")),
    ];
    for (second, command) in joins {
        case.give(second, &command).unwrap();
    }
    let other = ResidentId::new("resident-2").unwrap();
    let goes = [id("w-1"), id("p-2")];
    let parted = split(case.now(), &goes, (Some(&other), None), hand("anna"), &case.ladder, at(500)).unwrap();
    let opened = folded(None, &parted.opened);
    assert_eq!((opened.severity, opened.deadline_at), (Severity::Life, Some(at(510))));
    let whom: Vec<_> =
        parted.opened.effects.iter().filter_map(|one| called(std::slice::from_ref(one))).collect();
    assert_eq!(whom, [&[Callee::Operators][..], &[Callee::Operators, Callee::Relatives]]);
}
