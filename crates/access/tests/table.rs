//! Every role against every action, and a relative's grant against time.

use access::{Action, Decision, Role, Subject, Who, decide, may_override, seen_from};
use model::{ResidentId, Timestamp};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).expect("a moment")
}

fn resident(name: &str) -> ResidentId {
    ResidentId::new(name).expect("an id")
}

/// An account; a relative has a grant for `r1` from second 100 to second 200.
fn who(role: Role) -> Who {
    let granted = match role {
        Role::Relative => vec![(resident("r1"), at(100), Some(at(200)))],
        Role::Operator | Role::Supervisor | Role::Station | Role::Admin | Role::Auditor => Vec::new(),
    };
    Who { username: role.as_str().to_owned(), role, granted }
}

/// What each action is usually asked about, concerning `r1` with an open incident.
fn subject(action: Action) -> Subject {
    match action {
        Action::ListIncidents
        | Action::OpenCall
        | Action::ListResidents
        | Action::ReadQuarantine
        | Action::ReadAudit
        | Action::Live => Subject::Nothing,
        Action::ReadIncident
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::Locate => {
            Subject::Incident { resident: Some(resident("r1")), opened_at: at(150), open: true }
        }
        Action::ReadResident | Action::ReadTrack => {
            Subject::Resident { id: resident("r1"), has_open_incident: true }
        }
    }
}

#[test]
fn every_role_and_action() {
    // y: yes, r: yes with a recorded reason, -: no. Columns as Role::ALL.
    let table = [
        // action              operator supervisor station relative admin auditor
        (Action::ListIncidents, ['y', 'y', '-', 'y', 'y', '-']),
        (Action::ReadIncident, ['y', 'y', '-', 'y', 'y', '-']),
        (Action::OpenCall, ['y', 'y', '-', '-', '-', '-']),
        (Action::Claim, ['y', 'y', '-', '-', '-', '-']),
        (Action::Release, ['y', 'y', '-', '-', '-', '-']),
        (Action::Note, ['y', 'y', '-', '-', '-', '-']),
        (Action::Close, ['y', 'y', '-', '-', '-', '-']),
        (Action::Locate, ['y', 'y', '-', '-', '-', '-']),
        (Action::ListResidents, ['r', 'r', '-', '-', 'r', '-']),
        (Action::ReadResident, ['y', 'y', '-', 'y', 'y', '-']),
        (Action::ReadTrack, ['y', 'y', '-', 'y', 'y', '-']),
        (Action::ReadQuarantine, ['-', 'y', '-', '-', 'y', '-']),
        (Action::ReadAudit, ['-', 'y', '-', '-', '-', 'y']),
        (Action::Live, ['y', 'y', '-', 'y', 'y', '-']),
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
    let closed = Subject::Incident { resident: Some(resident("r1")), opened_at: at(150), open: false };
    let known = Subject::Resident { id: resident("r1"), has_open_incident: true };
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
fn a_resident_without_an_open_incident_is_seen_for_a_recorded_reason_only() {
    let subject = Subject::Resident { id: resident("r1"), has_open_incident: false };
    for role in [Role::Operator, Role::Supervisor, Role::Admin] {
        for action in [Action::ReadResident, Action::ReadTrack] {
            let answer = decide(&who(role), action, &subject, at(160));
            assert_eq!(answer, Decision::AllowedWithReason, "{role:?} {action:?}");
        }
    }
}

#[test]
fn a_relative_sees_from_the_grants_start_to_its_end() {
    let relative = who(Role::Relative);
    let sees = |opened: i64, now: i64, open: bool| {
        let subject = Subject::Incident { resident: Some(resident("r1")), opened_at: at(opened), open };
        decide(&relative, Action::ReadIncident, &subject, at(now)).is_allowed()
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
        let subject = Subject::Incident { resident: other, opened_at: at(150), open: true };
        assert!(!decide(&relative, Action::ReadIncident, &subject, at(160)).is_allowed());
    }
    let other = Subject::Resident { id: resident("r2"), has_open_incident: true };
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
    assert_eq!(seen_from(&relative, &resident("r1"), at(160)), at(100));
    assert_eq!(seen_from(&relative, &resident("r1"), at(200)), Timestamp::MAX, "the grant has ended");
    assert_eq!(seen_from(&relative, &resident("r2"), at(160)), Timestamp::MAX);
    relative.granted.push((resident("r1"), at(50), None));
    relative.granted.push((resident("r1"), at(10), Some(at(90))));
    assert_eq!(seen_from(&relative, &resident("r1"), at(160)), at(50), "the earliest of those that run");
    for role in [Role::Operator, Role::Supervisor, Role::Station, Role::Admin] {
        assert_eq!(seen_from(&who(role), &resident("r1"), at(160)), Timestamp::MIN, "{role:?}");
    }
}

/// The table that people read is the one the code gives.
#[test]
fn the_docs_have_the_table() {
    let docs = include_str!("../../../docs/access.md");
    let table = access::table(&resident("anybody"), at(0));
    assert!(docs.contains(&table), "docs/access.md is not up to date; its table must be:\n\n{table}");
}
