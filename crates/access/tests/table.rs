//! Every role against every action, and a relative's grant against time.

use access::{
    Action, Decision, Grant, OpenTask, Role, Shares, Subject, Who, Withheld, decide, is_hidden, may_override,
    sight,
};
use model::{Division, IncidentId, ResidentId, Timestamp};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).expect("a moment")
}

fn resident(name: &str) -> ResidentId {
    ResidentId::new(name).expect("an id")
}

fn incident(name: &str) -> IncidentId {
    IncidentId::new(name).expect("an id")
}

/// An account; a relative has a grant for `r1` from second 100 to second 200.
fn who(role: Role) -> Who {
    let mut who = Who::plain(role.as_str(), role);
    if role == Role::Relative {
        who.granted.push(grant("r1", 100, Some(200)));
    }
    who
}

fn grant(whom: &str, from: i64, to: Option<i64>) -> Grant {
    Grant { resident: resident(whom), from: at(from), to: to.map(at), shares: Shares::ALL }
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

/// What each action is usually asked about, concerning `r1` with an open incident.
fn subject(action: Action) -> Subject {
    match action {
        Action::ListIncidents
        | Action::ListTasks
        | Action::ReadReports
        | Action::ReadStations
        | Action::ManageStations
        | Action::OpenCall
        | Action::AnnounceCall
        | Action::ReadTechnical
        | Action::ManageDrills
        | Action::ManageLadder
        | Action::ListResidents
        | Action::Live
        | Action::Withhold
        | Action::ManageConsents
        | Action::ReviewLooks
        | Action::ReviewLate
        | Action::ManageAccounts
        | Action::ManageSessions
        | Action::ManageHandsets
        | Action::ManageResidents
        | Action::ManageWatch
        | Action::ReadZones
        | Action::ManageZones
        | Action::AnswerForData => Subject::Nothing,
        Action::ReadQuarantine | Action::ReadAudit => Subject::Everybody,
        Action::ReadIncident
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::AnswerAsRelative
        | Action::Dispatch
        | Action::ReadFile
        | Action::DoTask
        | Action::Locate => case(150, true),
        Action::ReadResident | Action::ReadTrack | Action::ReadRelatives | Action::ReadWatch => {
            Subject::Resident { id: resident("r1"), has_open_incident: true, division: None }
        }
    }
}

#[test]
fn every_role_and_action() {
    // y: yes, r: yes with a recorded reason, -: no. Columns as Role::ALL.
    let table = [
        // action              operator supervisor station relative admin auditor service
        (Action::ListIncidents, ['y', 'y', 'y', 'y', 'y', '-', '-']),
        (Action::ReadIncident, ['y', 'y', '-', 'y', 'y', '-', '-']),
        (Action::OpenCall, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::Claim, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::Release, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::Note, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::Close, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::AnswerAsRelative, ['-', '-', '-', 'y', '-', '-', '-']),
        (Action::AnnounceCall, ['y', 'y', '-', '-', '-', '-', 'y']),
        (Action::Dispatch, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::ReadFile, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::DoTask, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::ListTasks, ['y', 'y', 'y', '-', 'y', '-', '-']),
        (Action::ReadReports, ['-', 'y', '-', '-', 'y', '-', '-']),
        (Action::ReadStations, ['y', 'y', '-', '-', 'y', '-', '-']),
        (Action::ManageStations, ['-', '-', '-', '-', 'y', '-', '-']),
        (Action::ReadTechnical, ['y', 'y', '-', '-', 'y', '-', '-']),
        (Action::ManageDrills, ['y', 'y', '-', '-', 'y', '-', '-']),
        (Action::ManageLadder, ['-', 'y', '-', '-', 'y', '-', '-']),
        (Action::Locate, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::ListResidents, ['r', 'r', '-', '-', 'r', '-', '-']),
        (Action::ReadResident, ['y', 'y', '-', 'y', 'y', '-', '-']),
        (Action::ReadTrack, ['y', 'y', '-', 'y', 'y', '-', '-']),
        (Action::ReadQuarantine, ['-', 'y', '-', '-', 'y', '-', '-']),
        (Action::ReadAudit, ['-', 'y', '-', '-', '-', 'y', '-']),
        (Action::Live, ['y', 'y', 'y', 'y', 'y', '-', '-']),
        (Action::ReadRelatives, ['y', 'y', '-', 'y', 'y', '-', '-']),
        (Action::Withhold, ['y', 'y', '-', '-', '-', '-', '-']),
        (Action::ManageConsents, ['-', 'y', '-', '-', 'y', '-', '-']),
        (Action::ReviewLooks, ['-', 'y', '-', '-', '-', '-', '-']),
        (Action::ReviewLate, ['-', 'y', '-', '-', '-', '-', '-']),
        (Action::ManageAccounts, ['-', '-', '-', '-', 'y', '-', '-']),
        (Action::ManageSessions, ['-', 'y', '-', '-', 'y', '-', '-']),
        (Action::ManageHandsets, ['-', '-', '-', '-', 'y', '-', '-']),
        (Action::ManageResidents, ['-', '-', '-', '-', 'y', '-', '-']),
        (Action::ReadWatch, ['y', 'y', '-', '-', 'y', '-', '-']),
        (Action::ManageWatch, ['-', 'y', '-', '-', 'y', '-', '-']),
        (Action::ReadZones, ['y', 'y', '-', '-', 'y', '-', '-']),
        (Action::ManageZones, ['-', 'y', '-', '-', 'y', '-', '-']),
        (Action::AnswerForData, ['-', '-', '-', '-', 'r', '-', '-']),
    ];
    assert_eq!(table.map(|(action, _)| action), Action::ALL, "the table has every action, in order");
    for (action, row) in table {
        for (role, expected) in Role::ALL.into_iter().zip(row) {
            let found = match decide(&who(role), action, &subject(action), at(160)) {
                Decision::Allowed => 'y',
                Decision::AllowedWithReason => 'r',
                Decision::Refused(why) => {
                    assert!(!why.is_empty());
                    '-'
                }
            };
            assert_eq!(found, expected, "{role:?} {action:?}");
        }
    }
}

#[test]
fn a_handset_is_asked_where_it_is_only_while_an_incident_is_open() {
    let closed = case(150, false);
    let known = Subject::Resident { id: resident("r1"), has_open_incident: true, division: None };
    for subject in [closed, known, Subject::Nothing] {
        for role in Role::ALL {
            assert!(
                !decide(&who(role), Action::Locate, &subject, at(160)).is_allowed(),
                "{role:?} {subject:?}"
            );
        }
    }
}

#[test]
fn only_a_supervisor_acts_in_the_holders_place() {
    let may: Vec<_> = Role::ALL.into_iter().filter(|role| may_override(*role)).collect();
    assert_eq!(may, [Role::Supervisor]);
}

#[test]
fn the_family_is_not_shown_what_was_said_about_it() {
    let hears: Vec<_> = Role::ALL.into_iter().filter(|role| access::hears_words(*role)).collect();
    assert_eq!(hears, [Role::Operator, Role::Supervisor, Role::Station, Role::Admin]);
}

#[test]
fn a_callers_number_is_whole_for_those_who_ring_back_alone() {
    let rings: Vec<_> = Role::ALL.into_iter().filter(|role| access::rings_back(*role)).collect();
    assert_eq!(rings, [Role::Operator, Role::Supervisor, Role::Station]);
}

#[test]
fn a_resident_without_an_open_incident_is_seen_for_a_recorded_reason_only() {
    let subject = Subject::Resident { id: resident("r1"), has_open_incident: false, division: None };
    for role in [Role::Operator, Role::Supervisor, Role::Admin] {
        for action in [Action::ReadResident, Action::ReadTrack] {
            let answer = decide(&who(role), action, &subject, at(160));
            assert_eq!(answer, Decision::AllowedWithReason, "{role:?} {action:?}");
        }
    }
}

#[test]
fn a_scope_ends_at_the_border_unless_somebody_is_in_need() {
    let division = |code: &str| Division::new(code).expect("a code");
    let person = |code: Option<&str>, open| Subject::Resident {
        id: resident("r1"),
        has_open_incident: open,
        division: code.map(division),
    };
    for role in [Role::Operator, Role::Supervisor, Role::Admin] {
        let here = Who { scope: Some(division("321302005")), ..who(role) };
        let may =
            |who: &Who, subject: &Subject| decide(who, Action::ReadResident, subject, at(160)).is_allowed();
        assert!(may(&here, &person(Some("321302005003"), false)), "within it");
        assert!(!may(&here, &person(Some("321302006"), false)), "the next township");
        assert!(!may(&here, &person(Some("321302"), false)), "somewhere in the district");
        assert!(may(&here, &person(Some("321302006"), true)), "in need");
        assert!(may(&here, &person(None, false)), "it is not on record where");
        assert!(may(&who(role), &person(Some("321302006"), false)), "an account for all");
        assert!(
            may(&here, &Subject::Nothing) == may(&who(role), &Subject::Nothing),
            "a list is narrowed by the store"
        );
    }
    for role in [Role::Supervisor, Role::Admin] {
        let (all, here) = (who(role), Who { scope: Some(division("321302005")), ..who(role) });
        let inner = division("321302005003");
        assert!(all.may_give(None) && all.may_give(Some(&inner)) && here.may_give(Some(&inner)));
        assert!(!here.may_give(None) && !here.may_give(Some(&division("321302"))), "more than its own");
    }
    let keeper = Who { scope: Some(division("321302005")), ..who(Role::Admin) };
    for action in
        [Action::ManageResidents, Action::AnswerForData, Action::ManageConsents, Action::ManageHandsets]
    {
        assert!(
            !decide(&keeper, action, &person(Some("321302006"), false), at(160)).is_allowed(),
            "{action:?}"
        );
    }
}

#[test]
fn a_relative_sees_from_the_grants_start_to_its_end() {
    let relative = who(Role::Relative);
    let sees = |opened: i64, now: i64, open: bool| {
        decide(&relative, Action::ReadIncident, &case(opened, open), at(now)).is_allowed()
    };
    assert!(sees(100, 100, true), "the grant's first moment");
    assert!(sees(150, 199, false), "a closed one, to the last moment");
    assert!(!sees(99, 150, true), "opened before the grant");
    assert!(!sees(150, 200, false), "the grant has ended");
    assert!(!sees(99, 99, true), "the grant has not begun");
}

#[test]
fn a_relative_sees_nobody_else_and_no_list_without_a_grant() {
    let relative = who(Role::Relative);
    for other in [Some(resident("r2")), None] {
        let subject = Subject::Incident {
            id: None,
            resident: other,
            opened_at: at(150),
            open: true,
            handled: false,
            division: None,
        };
        assert!(!decide(&relative, Action::ReadIncident, &subject, at(160)).is_allowed());
    }
    let other = Subject::Resident { id: resident("r2"), has_open_incident: true, division: None };
    for action in [Action::ReadResident, Action::ReadTrack] {
        assert!(!decide(&relative, action, &other, at(160)).is_allowed(), "{action:?}");
    }
    let no_grant = Who { granted: Vec::new(), ..relative.clone() };
    for action in [Action::ListIncidents, Action::Live, Action::ReadIncident, Action::ReadResident] {
        assert!(!decide(&no_grant, action, &Subject::Nothing, at(160)).is_allowed(), "{action:?}");
    }
    for action in [Action::ReadIncident, Action::ReadResident] {
        assert!(!decide(&relative, action, &Subject::Nothing, at(160)).is_allowed(), "{action:?}");
    }
}

#[test]
fn a_relative_sees_a_track_from_the_grants_start_on() {
    let mut relative = who(Role::Relative);
    let from = |who: &Who, whom: &str, now: i64| sight(who, &resident(whom), true, at(now)).from;
    assert_eq!(from(&relative, "r1", 160), at(100));
    assert_eq!(from(&relative, "r1", 200), Timestamp::MAX, "the grant has ended");
    assert_eq!(from(&relative, "r2", 160), Timestamp::MAX);
    relative.granted.push(grant("r1", 50, None));
    relative.granted.push(grant("r1", 10, Some(90)));
    assert_eq!(from(&relative, "r1", 160), at(50), "the earliest of those that run");
    for role in [Role::Operator, Role::Supervisor, Role::Admin] {
        assert_eq!(from(&who(role), "r1", 160), Timestamp::MIN, "{role:?}");
    }
    for role in [Role::Station, Role::Auditor] {
        assert_eq!(from(&who(role), "r1", 160), Timestamp::MAX, "{role:?}");
    }
}

#[test]
fn telephones_are_whole_for_those_who_help_alone() {
    let contact = |who: &Who, open: bool| sight(who, &resident("r1"), open, at(160)).contact;
    for role in Role::ALL {
        let helps = matches!(role, Role::Operator | Role::Supervisor);
        assert_eq!((contact(&who(role), true), contact(&who(role), false)), (helps, false), "{role:?}");
    }
    let mut station = who(Role::Station);
    station.tasks.push(OpenTask {
        incident: incident("i1"),
        resident: Some(resident("r1")),
        offered_at: at(150),
    });
    assert!(contact(&station, true));
}

#[test]
fn a_station_sees_the_resident_of_its_task_and_no_one_else() {
    let mut station = who(Role::Station);
    station.tasks.push(OpenTask {
        incident: incident("i1"),
        resident: Some(resident("r1")),
        offered_at: at(150),
    });
    let sees = |action, subject: &Subject| decide(&station, action, subject, at(160)).is_allowed();
    let person = |name| Subject::Resident { id: resident(name), has_open_incident: true, division: None };
    assert!(sees(Action::ReadIncident, &case(150, true)) && sees(Action::ReadResident, &person("r1")));
    assert!(!sees(Action::ReadIncident, &case(150, false)), "it was closed");
    let other = Subject::Incident {
        id: Some(incident("i2")),
        resident: Some(resident("r1")),
        opened_at: at(150),
        open: true,
        handled: false,
        division: None,
    };
    assert!(!sees(Action::ReadIncident, &other) && !sees(Action::ReadResident, &person("r2")));
    assert!(!sees(Action::ReadTrack, &person("r1")), "where they were is not needed to go there");
}

/// What is withheld looks as if it were not there: the card stays, news are gone, and positions stop coming.
#[test]
fn what_is_withheld_is_hidden_and_the_rest_is_not() {
    let sees = |kept: Option<&str>, is_open: bool, subject: &Subject| {
        let (resident, incident) = (resident("r1"), kept.map(incident));
        let until = (!is_open).then(|| at(155));
        let kept = Withheld { resident, incident, since: at(150), until };
        let relative = Who { withheld: vec![kept], ..who(Role::Relative) };
        decide(&relative, Action::ReadIncident, subject, at(160)).is_allowed()
    };
    let other = |open| Subject::Incident {
        id: Some(incident("i2")),
        resident: Some(resident("r1")),
        opened_at: at(150),
        open,
        handled: false,
        division: None,
    };
    assert!(!sees(None, true, &case(150, true)) && !sees(None, true, &other(false)), "all of it");
    assert!(!sees(Some("i1"), true, &case(150, true)) && !sees(Some("i1"), false, &case(150, false)));
    assert!(sees(Some("i1"), false, &other(true)), "another incident, the withheld one is over");
    assert!(!sees(Some("i1"), true, &other(true)), "it would show the position");
    let kept = Withheld { resident: resident("r1"), incident: None, since: at(150), until: None };
    let relative = Who { withheld: vec![kept], ..who(Role::Relative) };
    let card = Subject::Resident { id: resident("r1"), has_open_incident: true, division: None };
    assert_eq!(
        decide(&relative, Action::ReadResident, &card, at(160)),
        Decision::Allowed,
        "no refusal tells of it"
    );
    let shown = |who: &Who| sight(who, &resident("r1"), true, at(160));
    assert_eq!(shown(&relative), shown(&who(Role::Relative)), "what was before goes on being shown");
    let hidden = [149, 150, 155, 160].map(|second| is_hidden(&relative, &resident("r1"), at(second)));
    assert_eq!(hidden, [false, true, true, true], "and nothing later is");
}

/// Who knew where somebody was while the incident was open would know of it.
#[test]
fn of_a_withheld_incident_that_is_over_the_way_stays_hidden() {
    let kept = Withheld {
        resident: resident("r1"),
        incident: Some(incident("i1")),
        since: at(120),
        until: Some(at(140)),
    };
    let relative = Who { withheld: vec![kept], ..who(Role::Relative) };
    let hidden = [119, 120, 130, 140, 141].map(|second| is_hidden(&relative, &resident("r1"), at(second)));
    assert_eq!(hidden, [false, true, true, true, false]);
    assert!(!is_hidden(&relative, &resident("r2"), at(130)), "somebody else");
    assert!(!is_hidden(&who(Role::Relative), &resident("r1"), at(130)), "nothing is kept from them");
    assert!(sight(&relative, &resident("r1"), false, at(160)).position, "where they are now is");
}

/// A closed incident is opened for a recorded reason, unless one had a part in it just now.
#[test]
fn a_closed_incident_is_a_record_like_others() {
    let case = |open, handled| Subject::Incident {
        id: Some(incident("i1")),
        resident: Some(resident("r1")),
        opened_at: at(150),
        open,
        handled,
        division: None,
    };
    for role in [Role::Operator, Role::Supervisor, Role::Admin] {
        let answer = |open, handled| decide(&who(role), Action::ReadIncident, &case(open, handled), at(160));
        assert_eq!(answer(true, false), Decision::Allowed, "{role:?}");
        assert_eq!(answer(false, true), Decision::Allowed, "{role:?}");
        assert_eq!(answer(false, false), Decision::AllowedWithReason, "{role:?}");
    }
    for role in [Role::Station, Role::Auditor, Role::Service] {
        assert!(!decide(&who(role), Action::ReadIncident, &case(false, true), at(160)).is_allowed());
    }
    let own = decide(&who(Role::Relative), Action::ReadIncident, &case(false, false), at(160));
    assert_eq!(own, Decision::Allowed, "of their own people a relative needs none");
}

/// An open case is everybody's who is on duty; once it is closed it is a record like others.
#[test]
fn a_scope_ends_at_the_border_of_closed_incidents() {
    let division = |code: &str| Division::new(code).expect("a code");
    let case = |code: Option<&str>, open| Subject::Incident {
        id: Some(incident("i1")),
        resident: Some(resident("r1")),
        opened_at: at(150),
        open,
        handled: false,
        division: code.map(division),
    };
    for role in [Role::Operator, Role::Supervisor, Role::Admin] {
        let here = Who { scope: Some(division("321302005")), ..who(role) };
        let may =
            |who: &Who, subject: &Subject| decide(who, Action::ReadIncident, subject, at(160)).is_allowed();
        assert!(may(&here, &case(Some("321302005003"), false)), "within it");
        assert!(!may(&here, &case(Some("321302006"), false)), "the next township");
        assert!(may(&here, &case(Some("321302006"), true)), "in need");
        assert!(may(&here, &case(None, false)), "it is not on record where");
        assert!(may(&who(role), &case(Some("321302006"), false)), "an account for all");
    }
}

/// The table that people read is the one the code gives.
#[test]
fn the_docs_have_the_table() {
    let docs = include_str!("../../../docs/access.md");
    let table = access::table::table(&resident("anybody"), &incident("any"), at(0));
    assert!(docs.contains(&table), "docs/access.md is not up to date; its table must be:\n\n{table}");
}
