//! What a relative's grant covers, and from when on.

use access::{
    Action, Grant, OpenTask, Role, Shares, Subject, Who, Withheld, decide, hidden_since, hides_place, sight,
    withheld_since,
};
use model::{IncidentId, ResidentId, StationId, Timestamp};

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

/// A link is the station for its task and for nothing else, and for that no longer than the task is open.
#[test]
fn a_link_opens_one_task_as_its_station_sees_it() {
    let station = StationId::new("s1").expect("an id");
    let task = OpenTask { incident: incident("i1"), resident: Some(resident("r1")), offered_at: at(150) };
    let (open, over) = (Who::by_link(station.clone(), Some(task.clone())), Who::by_link(station, None));
    let mut staff = who(Role::Station);
    staff.tasks.push(task);
    let person = Subject::Resident { id: resident("r1"), has_open_incident: true, division: None };
    for action in Action::ALL {
        for subject in [&case(150, true), &case(150, false), &person] {
            let may = |who: &Who| decide(who, action, subject, at(160));
            assert_eq!(may(&open), may(&staff), "{action:?} {subject:?}");
            assert!(!may(&over).is_allowed(), "{action:?} {subject:?}");
        }
    }
    assert!(decide(&open, Action::DoTask, &case(150, true), at(160)).is_allowed());
    let sight = |who: &Who| sight(who, &resident("r1"), true, at(160));
    assert_eq!(sight(&open), sight(&staff));
    assert_eq!(sight(&open).from, at(150), "from the offer on");
}

#[test]
fn since_when_anything_is_withheld_is_asked_of_one_resident() {
    let kept = |whom: &str, incident: Option<IncidentId>| Withheld {
        resident: resident(whom),
        since: if incident.is_some() { at(120) } else { at(110) },
        until: incident.as_ref().map(|_| at(140)),
        incident,
    };
    let from = |withheld: Vec<Withheld>| Who { withheld, ..who(Role::Relative) };
    let since = |who: &Who| withheld_since(who, &resident("r1"));
    assert_eq!(since(&from(vec![kept("r1", Some(incident("i1")))])), Some(at(120)), "also once it is over");
    let both = vec![kept("r1", Some(incident("i1"))), kept("r1", None)];
    assert_eq!(since(&from(both)), Some(at(110)), "the first of them");
    assert_eq!(since(&from(vec![kept("r2", None)])), None);
    assert_eq!(since(&who(Role::Relative)), None);
}

/// What somebody knew goes on being known with its age: the way is hidden from the beginning on, and never what was before it.
#[test]
fn what_is_kept_hides_nothing_from_before_it() {
    let kept = |whom: &str, since, until: Option<i64>| Withheld {
        resident: resident(whom),
        incident: Some(incident("i1")),
        since: at(since),
        until: until.map(at),
    };
    let relative = |withheld| Who { withheld, ..who(Role::Relative) };
    let since = |who: &Who, second| hidden_since(who, &resident("r1"), at(second));
    let open = relative(vec![kept("r1", 150, None)]);
    assert_eq!([149, 150, 199].map(|second| since(&open, second)), [None, Some(at(150)), Some(at(150))]);
    let over = relative(vec![kept("r1", 120, Some(140))]);
    assert_eq!([120, 140, 141].map(|second| since(&over, second)), [Some(at(120)), Some(at(120)), None]);
    let both = relative(vec![kept("r1", 140, None), kept("r1", 130, Some(145)), kept("r1", 110, Some(120))]);
    assert_eq!(since(&both, 150), Some(at(130)), "one began while the other was open");
    assert_eq!(since(&both, 115), Some(at(110)));
    assert_eq!(since(&relative(vec![kept("r2", 100, None)]), 150), None, "somebody else");
    // Opening, closing and ending take nothing away of what came before and give nothing back of what came meanwhile.
    for second in 100..200 {
        for began in 100..200 {
            let (open, over) = (kept("r1", began, None), kept("r1", began, Some(190)));
            let [open, over] = [open, over].map(|kept| relative(vec![kept]));
            assert_eq!(since(&open, second), (second >= began).then(|| at(began)));
            let is_hidden = began <= second && second <= 190;
            assert_eq!(since(&over, second).is_some(), is_hidden, "{began} {second}");
        }
    }
}
