//! What a relative's grant covers, and from when on.

use access::{
    Action, Grant, OpenTask, Role, Shares, Subject, Who, Withheld, decide, hides_place, is_anything_withheld,
    sight,
};
use model::{IncidentId, ResidentId, Timestamp};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).expect("a moment")
}

fn resident(name: &str) -> ResidentId {
    ResidentId::new(name).expect("an id")
}

fn incident(name: &str) -> IncidentId {
    IncidentId::new(name).expect("an id")
}

fn grant(whom: &str, from: i64, to: Option<i64>) -> Grant {
    Grant { resident: resident(whom), from: at(from), to: to.map(at), shares: Shares::ALL }
}

/// An account; a relative has a grant for `r1` from second 100 to second 200.
fn who(role: Role) -> Who {
    let mut who = Who::plain(role.as_str(), role);
    if role == Role::Relative {
        who.granted.push(grant("r1", 100, Some(200)));
    }
    who
}

/// Incident `i1` about `r1`.
fn case(opened: i64, open: bool) -> Subject {
    Subject::Incident {
        id: Some(incident("i1")),
        resident: Some(resident("r1")),
        opened_at: at(opened),
        open,
        handled: false,
        division: None,
    }
}

/// A consent to news is no consent to being followed.
#[test]
fn a_grant_shows_what_the_consent_covers() {
    let person = Subject::Resident { id: resident("r1"), has_open_incident: true, division: None };
    for (codes, news, position, track) in [
        (vec!["news"], true, false, false),
        (vec!["position"], false, true, false),
        (vec!["track"], false, false, true),
        (vec!["news", "position", "track"], true, true, true),
    ] {
        let shares = Shares::from_codes(codes.iter().copied()).expect("codes");
        let granted = vec![Grant { shares, ..grant("r1", 100, None) }];
        let relative = Who { granted, ..Who::plain("relative", Role::Relative) };
        let may = |action, subject: &Subject| decide(&relative, action, subject, at(160)).is_allowed();
        let seen = sight(&relative, &resident("r1"), true, at(160));
        assert_eq!(may(Action::ReadIncident, &case(150, true)), news, "{codes:?}");
        assert_eq!(may(Action::AnswerAsRelative, &case(150, true)), news, "{codes:?}");
        assert_eq!(may(Action::ReadTrack, &person), track, "{codes:?}");
        assert_eq!((seen.position, seen.track), (position, track), "{codes:?}");
        assert!(!seen.record && !seen.contact, "what helpers know is covered by none: {codes:?}");
        assert_eq!(hides_place(&relative, &resident("r1"), at(150), at(160)), !position, "{codes:?}");
        assert!(may(Action::ReadResident, &person) && may(Action::ReadRelatives, &person), "{codes:?}");
    }
    let mut two = who(Role::Relative);
    two.granted = vec![
        Grant { shares: Shares { track: false, ..Shares::ALL }, ..grant("r1", 100, None) },
        Grant { shares: Shares { position: false, ..Shares::ALL }, ..grant("r1", 150, None) },
    ];
    let seen = sight(&two, &resident("r1"), true, at(160));
    assert_eq!((seen.from, seen.track_from), (at(100), at(150)), "each from its own grant on");
}

/// Who helps knows what a helper must know.
#[test]
fn what_is_on_record_for_helpers_is_for_them() {
    let record = |who: &Who| sight(who, &resident("r1"), false, at(160)).record;
    for role in [Role::Operator, Role::Supervisor, Role::Admin] {
        assert!(record(&who(role)), "{role:?}");
    }
    let mut station = who(Role::Station);
    assert!(!record(&station), "without a task");
    let (incident, resident) = (incident("i1"), Some(resident("r1")));
    station.tasks.push(OpenTask { incident, resident, offered_at: at(150) });
    assert!(record(&station), "whoever goes there needs it");
    for role in [Role::Relative, Role::Auditor, Role::Service] {
        assert!(!record(&who(role)), "{role:?}");
    }
}

/// A call takes the last known position, which may be days older than the grant.
#[test]
fn a_place_from_before_the_grant_is_kept_from_a_relative() {
    let hides = |who: &Who, second| hides_place(who, &resident("r1"), at(second), at(160));
    let relative = who(Role::Relative);
    assert_eq!([99, 100, 150].map(|second| hides(&relative, second)), [true, false, false]);
    for role in [Role::Operator, Role::Supervisor, Role::Admin] {
        assert!(!hides(&who(role), 99), "{role:?}");
    }
    let mut station = who(Role::Station);
    let (incident, resident) = (incident("i1"), Some(resident("r1")));
    station.tasks.push(OpenTask { incident, resident, offered_at: at(150) });
    assert!(!hides(&station, 99), "whoever goes there needs it");
}

#[test]
fn whether_anything_is_withheld_is_asked_of_one_resident() {
    let kept = |whom: &str, incident: Option<IncidentId>| Withheld {
        resident: resident(whom),
        incident,
        hides_position: false,
        during: Some((at(120), at(140))),
    };
    let from = |withheld: Vec<Withheld>| Who { withheld, ..who(Role::Relative) };
    assert!(is_anything_withheld(&from(vec![kept("r1", Some(incident("i1")))]), &resident("r1")));
    assert!(is_anything_withheld(&from(vec![kept("r1", None)]), &resident("r1")));
    assert!(!is_anything_withheld(&from(vec![kept("r2", None)]), &resident("r1")));
    assert!(!is_anything_withheld(&who(Role::Relative), &resident("r1")));
}
