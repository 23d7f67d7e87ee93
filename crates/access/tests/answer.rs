//! The whole answer: with which reason, how much of whom, and where a scope ends.

use access::{Action, Answer, Decision, Role, Sight, Subject, Who, answer, decide, sight};
use model::{Division, IncidentId, ResidentId, Timestamp};

fn now() -> Timestamp {
    Timestamp::from_second(1_795_000_160).expect("a moment")
}

fn resident() -> ResidentId {
    ResidentId::new("r1").expect("an id")
}

fn street(code: &str) -> Division {
    Division::new(code).expect("a code")
}

/// An account for one street.
fn of_a_street(role: Role) -> Who {
    Who { scope: Some(street("321302005")), ..Who::plain(role.as_str(), role) }
}

fn person(has_open_incident: bool) -> Subject {
    Subject::Resident { id: resident(), has_open_incident, division: None }
}

fn case(resident: Option<ResidentId>, open: bool) -> Subject {
    Subject::Incident {
        id: IncidentId::new("i1").ok(),
        resident,
        opened_at: now(),
        open,
        handled: false,
        division: None,
    }
}

/// Whatever is asked: it says what [`decide`] says, a blank reason is none, and it shows what [`sight`] shows.
#[test]
fn the_whole_answer_is_made_of_its_parts() {
    let subjects = [
        (Subject::Nothing, None),
        (Subject::Everybody, None),
        (Subject::Account { is_within: true }, None),
        (case(None, true), None),
        (case(Some(resident()), true), Some(true)),
        (case(Some(resident()), false), Some(false)),
        (person(true), Some(true)),
        (person(false), Some(false)),
    ];
    let mut reasoned = 0;
    for (role, action) in Role::ALL.into_iter().flat_map(|role| Action::ALL.map(|action| (role, action))) {
        let who = Who::plain(role.as_str(), role);
        for (subject, is_open) in &subjects {
            let ask = |reason: Option<&str>| answer(&who, action, subject, reason, now());
            let shown = is_open.map(|is_open| sight(&who, &resident(), is_open, now()));
            let yes = |needed_reason| match (ask(Some("a fall")), shown) {
                (Answer::Allowed { sight, needed_reason: needed }, Some(shown)) => {
                    sight == shown && needed == needed_reason
                }
                (Answer::Allowed { sight, needed_reason: needed }, None) => {
                    !(sight.position || sight.track || sight.contact || sight.record)
                        && needed == needed_reason
                }
                (Answer::ReasonNeeded | Answer::Refused(_), _) => false,
            };
            match decide(&who, action, subject, now()) {
                Decision::Allowed => assert!(yes(false) && ask(None) == ask(Some("a fall")), "{action:?}"),
                Decision::AllowedWithReason => {
                    reasoned += 1;
                    assert!(yes(true), "{role:?} {action:?} {subject:?}");
                    for none in [None, Some(""), Some(" ")] {
                        assert_eq!(ask(none), Answer::ReasonNeeded, "{role:?} {action:?} {subject:?}");
                    }
                }
                Decision::Refused(why) => assert_eq!(ask(Some("a fall")), Answer::Refused(why)),
            }
        }
    }
    assert!(reasoned > 20, "{reasoned}");
}

#[test]
fn an_answer_says_how_much_is_shown_and_of_which_time() {
    let operator = Who::plain("operator", Role::Operator);
    let ask = |open| answer(&operator, Action::ReadResident, &person(open), Some("a call"), now());
    let whole = |contact| Sight {
        from: Timestamp::MIN,
        position: true,
        track_from: Timestamp::MIN,
        track: true,
        contact,
        record: true,
    };
    assert_eq!(ask(true), Answer::Allowed { sight: whole(true), needed_reason: false });
    assert_eq!(ask(false), Answer::Allowed { sight: whole(false), needed_reason: true });
}

/// No scope divides the audit log or the quarantine: they are for accounts without one.
#[test]
fn what_is_about_everybody_is_for_the_whole_district() {
    for (role, action) in [
        (Role::Supervisor, Action::ReadAudit),
        (Role::Auditor, Action::ReadAudit),
        (Role::Supervisor, Action::ReadQuarantine),
        (Role::Admin, Action::ReadQuarantine),
    ] {
        let may = |who: &Who| decide(who, action, &Subject::Everybody, now()).is_allowed();
        assert!(may(&Who::plain("all", role)), "{role:?} {action:?}");
        assert!(!may(&of_a_street(role)), "{role:?} {action:?}");
    }
}

#[test]
fn an_account_beyond_the_own_part_is_left_alone() {
    for (role, action) in [
        (Role::Admin, Action::ManageAccounts),
        (Role::Admin, Action::ManageSessions),
        (Role::Supervisor, Action::ManageSessions),
    ] {
        let may = |is_within| {
            decide(&of_a_street(role), action, &Subject::Account { is_within }, now()).is_allowed()
        };
        assert_eq!((may(true), may(false)), (true, false), "{role:?} {action:?}");
    }
    for role in [Role::Operator, Role::Station, Role::Relative, Role::Auditor, Role::Service] {
        let subject = Subject::Account { is_within: true };
        let who = Who::plain(role.as_str(), role);
        assert!(!decide(&who, Action::ManageAccounts, &subject, now()).is_allowed(), "{role:?}");
    }
}

/// Every act on the records of one resident ends at the border, unless they are in need.
#[test]
fn records_of_a_resident_are_kept_where_they_live() {
    let person = |has_open_incident, code| Subject::Resident {
        id: resident(),
        has_open_incident,
        division: Some(street(code)),
    };
    let acts = [
        Action::ManageDrills,
        Action::Withhold,
        Action::ManageConsents,
        Action::ReviewLooks,
        Action::ManageHandsets,
        Action::ManageResidents,
        Action::ManageWatch,
        Action::AnswerForData,
    ];
    let mut walked = 0;
    for (role, action) in [Role::Operator, Role::Supervisor, Role::Admin]
        .into_iter()
        .flat_map(|role| acts.map(|action| (role, action)))
    {
        if !decide(&Who::plain("all", role), action, &Subject::Nothing, now()).is_allowed() {
            continue;
        }
        walked += 1;
        let may = |open, code| decide(&of_a_street(role), action, &person(open, code), now()).is_allowed();
        assert!(may(false, "321302005003") && !may(false, "321302006"), "{role:?} {action:?}");
        assert!(may(true, "321302006"), "in need: {role:?} {action:?}");
    }
    assert!(walked >= acts.len(), "{walked}");
}
