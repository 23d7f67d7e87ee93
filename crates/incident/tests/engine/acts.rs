//! What people do: claim, release, note, close.

use crate::support::signal;
use crate::support::{Case, at, called, claim, close, note, press, release, said, spoken};
use incident::{
    Callee, Command, Contact, EventKind, Refusal, Return, Stage, State, effect_id, ladder::parse, say,
};
use model::{Evidence, SignalId, SignalKind};

#[test]
fn of_two_claims_one_wins_and_the_other_hears_who() {
    let mut case = Case::after(&[(0, press("p-1"))]);
    let decision = case.give(5, &claim("anna")).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::Claimed, say::CLAIMED)));
    let holder = case.now().holder().cloned().unwrap();
    assert_eq!((holder.username.as_str(), holder.since), ("anna", at(5)));
    for by in ["bert", "anna"] {
        assert_eq!(case.give(6, &claim(by)), Err(Refusal::AlreadyClaimed { holder: holder.clone() }));
    }
    let stale =
        incident::decide(case.incident.as_ref(), &claim("bert"), Some(1), &case.ladder, at(6)).unwrap_err();
    assert_eq!(stale, Refusal::Conflict { holder: Some(holder.clone()), version: 2 });
    assert_eq!((stale.code(), stale.holder()), ("version_conflict", Some(&holder)));
    assert!(!case.now().is_sounding());
    assert_eq!(case.deadline(), Some(605));
}

/// A claim takes nothing from a holder who is there. A supervisor gives the incident to whomever they like, also to themselves.
#[test]
fn a_supervisor_takes_over_from_a_holder_who_is_there() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    let takes = |role_may_override| Command::Transfer {
        by: "carl".to_owned(),
        role_may_override,
        to: "carl".to_owned(),
    };
    let holder = case.now().holder().cloned().unwrap();
    assert_eq!(case.give(6, &claim("carl")), Err(Refusal::AlreadyClaimed { holder: holder.clone() }));
    assert_eq!(case.give(6, &takes(false)), Err(Refusal::NotHolder { holder }));
    let decision = case.give(6, &takes(true)).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::Claimed, say::TRANSFERRED)));
    let holder = case.now().holder().cloned().unwrap();
    assert_eq!((holder.username.as_str(), holder.since), ("carl", at(6)));
    assert_eq!(case.give(7, &takes(true)), Err(Refusal::SameHolder { holder }));
}

#[test]
fn released_it_is_raised_anew_and_the_person_hears_why() {
    let mut case = Case::after(&[(0, press("p-1")), (5, claim("anna"))]);
    let holder = case.now().holder().cloned().unwrap();
    assert_eq!(case.give(6, &release("bert", false)), Err(Refusal::NotHolder { holder }));
    let decision = case.give(10, &release("anna", false)).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::Received, say::RELEASED)));
    assert_eq!((case.now().state.clone(), case.deadline()), (State::Raised { step: 0 }, Some(40)));
    assert_eq!(case.give(11, &release("anna", true)), Err(Refusal::NotClaimed));
    case.give(12, &claim("bert")).unwrap();
    assert!(case.give(13, &release("supervisor", true)).is_ok(), "a supervisor may");
}

/// Nobody has it any more: whoever is called at once when it begins is called at once again.
#[test]
fn whom_the_first_step_calls_is_called_when_nobody_has_it_any_more() {
    const NIGHT: &str = r#"
[[rule]]
name = "night"
steps = [{ after_s = 0, call = ["operators", "roster"] }, { after_s = 60, call = ["everyone"] }]
repeat = { after_s = 60, call = ["everyone", "roster"] }
"#;
    let (first, both) =
        ([Callee::Operators, Callee::Roster], [Callee::Operators, Callee::Everyone, Callee::Roster]);
    let at_once = first.as_slice();
    for (leaves, calls) in [(release("anna", false), at_once), (Command::HolderLost, both.as_slice())] {
        let mut case = Case { incident: None, ladder: parse(NIGHT).expect("a ladder") };
        assert_eq!(called(&case.give(0, &press("p-1")).unwrap().effects), Some(at_once));
        assert_eq!(called(&case.give(5, &claim("anna")).unwrap().effects), None);
        assert_eq!(called(&case.give(10, &leaves).unwrap().effects), Some(calls), "{leaves:?}");
    }
}

#[test]
fn closing_needs_a_claim_a_cause_and_an_outcome() {
    let mut case = Case::after(&[(0, press("p-1"))]);
    assert_eq!(case.give(1, &close("supervisor", true)), Err(Refusal::NotClaimed));
    case.give(2, &claim("anna")).unwrap();
    assert!(matches!(case.give(3, &close("bert", false)), Err(Refusal::NotHolder { .. })));
    let close_as = |cause: &str, outcome: &str| Command::Close {
        by: "anna".to_owned(),
        role_may_override: false,
        cause: cause.to_owned(),
        outcome: outcome.to_owned(),
        note: String::new(),
        snooze_until: None,
    };
    let mut spoken_to = Case::after(&[(0, press("p-1")), (2, claim("anna")), (3, spoken("anna"))]);
    assert_eq!(spoken_to.give(3, &close_as(" ", "other")), Err(Refusal::Missing { field: "cause" }));
    assert_eq!(spoken_to.give(3, &close_as("fall", "")), Err(Refusal::Missing { field: "outcome" }));
    let unknown = Refusal::UnknownCode { field: "cause", code: "ufo".to_owned() };
    assert_eq!(spoken_to.give(3, &close_as("ufo", "other")), Err(unknown));

    assert_eq!(case.give(3, &close_as("fall", "other")), Err(Refusal::NoContact));
    case.give(3, &spoken("anna")).unwrap();
    let decision = case.give(4, &close_as("fall", "other")).unwrap();
    assert_eq!(said(&decision.effects), Some((Stage::Closed, say::CLOSED)));
    assert_eq!((case.deadline(), case.now().is_open(), case.now().is_sounding()), (None, false, false));
    assert_eq!(case.now().closing().unwrap().by, "anna");
    assert!(case.give(9_999, &Command::DeadlinePassed).unwrap().events.is_empty());
    assert_eq!(case.give(5, &close("anna", false)), Err(Refusal::AlreadyClosed));
    assert!(case.give(6, &note("bert")).is_ok(), "a closed case may still be written about");
}

#[test]
fn a_note_says_something_or_names_who_was_spoken_to() {
    let mut case = Case::after(&[(0, press("p-1"))]);
    let note = |text: &str, contact| Command::Note { by: "anna".to_owned(), text: text.to_owned(), contact };
    assert_eq!(case.give(1, &note("  ", None)), Err(Refusal::Missing { field: "text" }));
    assert!(case.give(1, &note("", Some(Contact::Ambulance))).is_ok());
    assert_eq!(case.deadline(), Some(30), "nobody holds it: the ladder goes on");
}

#[test]
fn without_an_incident_only_a_signal_means_anything() {
    for command in [claim("anna"), release("anna", true), note("anna"), close("anna", true)] {
        assert_eq!(Case::empty().give(0, &command), Err(Refusal::NoIncident));
    }
    assert_eq!(Case::empty().give(0, &Command::DeadlinePassed), Err(Refusal::NoIncident));
}

#[test]
fn an_effect_has_a_name_of_its_own() {
    let case = Case::after(&[(0, press("p-1"))]);
    let id = &case.now().id;
    assert_eq!(effect_id(id, 3, 1), format!("{id}:3:1"));
    assert_ne!(effect_id(id, 3, 1), effect_id(id, 31, 1));
}

/// Somebody left a fence; anna has it.
fn out() -> Case {
    told(SignalKind::FenceExit, Evidence { fence: Some("home".to_owned()), ..Evidence::default() })
}

/// The watch has told of somebody; anna has it.
fn told(kind: SignalKind, evidence: Evidence) -> Case {
    let mut told = signal("told", kind, false);
    told.evidence = Some(Box::new(evidence));
    Case::after(&[(0, Command::Signal(Box::new(told))), (2, claim("anna"))])
}

fn closing(snooze_s: Option<i64>) -> Command {
    let mut close = close("anna", false);
    if let Command::Close { snooze_until, .. } = &mut close {
        *snooze_until = snooze_s.map(at);
    }
    close
}

#[test]
fn a_snooze_needs_a_fence_or_a_zone_and_an_end_within_a_day() {
    let mut case = out();
    for end in [-1, 10, 10 + 24 * 3_600 + 1] {
        assert_eq!(case.give(10, &closing(Some(end))), Err(Refusal::SnoozeEnd), "{end}");
    }
    case.give(10, &closing(Some(10 + 24 * 3_600))).unwrap();
    assert_eq!(case.now().closing().unwrap().snooze_until, Some(at(10 + 24 * 3_600)));
    assert_eq!(case.now().fences(), ["home"]);
    let lake = Evidence { zone: Some("lake".to_owned()), ..Evidence::default() };
    let mut by_the_lake = told(SignalKind::ZoneEntry, lake);
    by_the_lake.give(10, &closing(Some(3_600))).unwrap();
    assert_eq!((by_the_lake.now().fences(), by_the_lake.now().zones()), (vec![], vec!["lake"]));
    let mut pressed = Case::after(&[(0, press("p-1")), (2, claim("anna")), (3, spoken("anna"))]);
    assert_eq!(pressed.give(10, &closing(Some(3_600))), Err(Refusal::NothingToSnooze));
}

#[test]
fn who_comes_back_is_told_and_nothing_else_changes() {
    let mut case = out();
    let back = Command::Returned(Box::new(Return {
        id: SignalId::from_cause("test", &["back"]),
        fence: Some("home".to_owned()),
        zone: None,
        since: at(50),
        why: "回到「家」".to_owned(),
    }));
    let before = case.now().clone();
    let decision = case.give(60, &back).unwrap();
    assert_eq!(decision.events[0].what.kind(), EventKind::Returned);
    assert!(decision.effects.is_empty());
    let mut expected = before.clone();
    expected.version += 1;
    assert_eq!(*case.now(), expected, "deadline, holder and severity stay as they were");
    case.give(70, &closing(None)).unwrap();
    assert!(case.give(80, &back).unwrap().events.is_empty(), "a closed case hears nothing of it");
}
