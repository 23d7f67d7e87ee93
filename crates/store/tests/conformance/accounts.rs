//! Accounts, sessions and grants.

use access::{Role, Shares, Withheld};
use store::{
    Account, AddConsent, AddGrant, AddResident, AddSession, AddUser, AuditRow, ChangeUser, CommitDesk,
    Consent, EndGrant, EndSession, EndSessions, EndWithholding, ExtendSession, OfferSecondFactor,
    UseSecondFactor, UserChange, WithdrawConsent, Withhold, Withholding,
};

use crate::common::{
    House,
    made::{at, change, claim, closing, opening, person, resident, signal},
};
use crate::invitations::{invite, open};

pub(crate) async fn account(house: &House, username: &str, role: Role) -> Account {
    let account = Account::new(username, "接线员", role, "$argon2id$…".to_owned());
    house.write(AddUser { account: account.clone(), audit: Vec::new() }).await;
    account
}

pub(crate) async fn operator(house: &House) -> Account {
    account(house, "operator", Role::Operator).await
}

pub(crate) async fn an_account_is_found_by_its_name(house: &House) {
    let account = operator(house).await;
    assert_eq!(house.store.account("operator").await.unwrap(), Some(account.clone()));
    assert_eq!(house.store.account("Operator").await.unwrap(), None, "names are exact");
    assert_eq!(house.store.account("operator' OR 1=1 --").await.unwrap(), None);
    assert!(house.store.write(AddUser { account, audit: Vec::new() }).await.is_err(), "a name is given once");
}

pub(crate) fn password(hash: &str, stays: Option<&str>) -> UserChange {
    UserChange::Password { hash: hash.to_owned(), at: at(2), stays: stays.map(str::to_owned) }
}

pub(crate) async fn who_is_shut_out_is_out_until_let_in(house: &House) {
    let account = Account { must_change_password: true, ..operator(house).await };
    house.write(session("token", 0)).await;
    let change = |change| ChangeUser { username: "operator".to_owned(), change, audit: Vec::new() };
    house.write(change(UserChange::Disabled(Some(at(5))))).await;
    assert_eq!(house.store.account("operator").await.unwrap().unwrap().disabled_at, Some(at(5)));
    assert_eq!(house.store.session("token", at(6)).await.unwrap(), None);
    house.write(change(UserChange::Disabled(None))).await;
    assert_eq!(house.store.session("token", at(6)).await.unwrap(), None, "the session does not come back");
    house.write(session("own", 0)).await;
    house.write(session("another", 0)).await;
    house.write(change(password("$new$", Some("own")))).await;
    assert!(house.store.session("own", at(6)).await.unwrap().is_some());
    assert_eq!(house.store.session("another", at(6)).await.unwrap(), None, "who had the old one is out");
    let found = house.store.account("operator").await.unwrap().unwrap();
    assert_eq!((found.password_hash.as_str(), found.must_change_password), ("$new$", false));
    assert_ne!(found, account);
    assert_eq!(house.store.accounts("", None, at(1), 10).await.unwrap(), [found]);
    assert_eq!(house.store.accounts("operator", None, at(1), 10).await.unwrap(), []);
    house.write(change(UserChange::PasswordKnown)).await;
    let found = house.store.account("operator").await.unwrap().unwrap();
    assert_eq!((found.password_hash.as_str(), found.must_change_password), ("$new$", true));
}

pub(crate) async fn a_code_is_used_once(house: &House) {
    operator(house).await;
    let keys = house.store.keys().clone();
    let offer = |secret: &str| OfferSecondFactor {
        username: "operator".to_owned(),
        secret: secret.to_owned(),
        keys: keys.clone(),
        audit: audit("offer_second_factor"),
    };
    let audit = || audit("add_second_factor");
    let using = |step| UseSecondFactor { username: "operator".to_owned(), step, audit: audit() };
    house.write(offer("FIRST")).await;
    house.write(offer("SECOND")).await;
    assert!(!house.store.account("operator").await.unwrap().unwrap().has_second_factor, "not confirmed yet");
    house.write(using(7)).await;
    assert!(house.store.account("operator").await.unwrap().unwrap().has_second_factor);
    for step in [7, 6] {
        assert!(house.store.write(using(step)).await.is_err(), "{step}: an old one");
    }
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'offer_second_factor'").await, 2);
    assert_eq!(
        house.ask("SELECT COUNT(*) FROM audit WHERE action = 'add_second_factor'").await,
        1,
        "with it"
    );
    house.write(using(8)).await;
    house.write(offer("THIRD")).await;
    assert_eq!(
        house.store.second_factor("operator").await.unwrap().as_deref(),
        Some("SECOND"),
        "confirmed, kept"
    );
    assert_eq!(house.ask("SELECT COUNT(*) FROM users WHERE totp_sealed IS NOT NULL").await, 1);
    let none = UserChange::NoSecondFactor;
    house.write(ChangeUser { username: "operator".to_owned(), change: none, audit: Vec::new() }).await;
    assert_eq!(house.store.second_factor("operator").await.unwrap(), None);
}

pub(crate) fn session(token: &str, second: i64) -> AddSession {
    AddSession {
        username: "operator".to_owned(),
        token: token.to_owned(),
        at: at(second),
        expires_at: at(second + 100),
        source: "10.0.0.1".to_owned(),
        agent: "Firefox".to_owned(),
        audit: Vec::new(),
    }
}

pub(crate) async fn account_of(house: &House, token: &str, second: i64) -> Option<Account> {
    house.store.session(token, at(second)).await.unwrap().map(|(_, account)| account)
}

pub(crate) async fn a_session_ends_by_itself_or_by_hand(house: &House) {
    let account = operator(house).await;
    house.write(session("token-1", 0)).await;
    house.write(session("token-2", 0)).await;
    assert_eq!(account_of(house, "token-1", 99).await, Some(account.clone()));
    assert_eq!(account_of(house, "token-1", 100).await, None);
    assert_eq!(account_of(house, "token-3", 1).await, None);
    let end = |which| EndSessions { which, audit: Vec::new() };
    house.write(end(EndSession::Token("token-1".to_owned()))).await;
    assert_eq!(account_of(house, "token-1", 1).await, None);
    assert_eq!(account_of(house, "token-2", 1).await, Some(account));
    house.write(session("token-4", 200)).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM sessions").await, 1, "a new one sweeps out the expired");
    assert_eq!(
        house.ask("SELECT COUNT(*) FROM sessions WHERE LENGTH(token_hash) = 32").await,
        1,
        "hashes only"
    );
    let of_nobody = AddSession { username: "nobody".to_owned(), ..session("token-5", 200) };
    assert!(house.store.write(of_nobody).await.is_err());
}

pub(crate) async fn a_session_in_use_runs_on(house: &House) {
    operator(house).await;
    house.write(session("token-1", 0)).await;
    house.write(session("token-2", 0)).await;
    let runs = async |token| house.store.session(token, at(1)).await.unwrap().map(|(session, _)| session);
    let token_hash = runs("token-1").await.unwrap().token_hash;
    let until = |second| ExtendSession { token_hash: token_hash.clone(), expires_at: at(second) };
    house.write(until(300)).await;
    assert_eq!(runs("token-1").await.unwrap().expires_at, at(300));
    assert_eq!(runs("token-2").await.unwrap().expires_at, at(100), "another is left alone");
    house.write(until(200)).await;
    assert_eq!(runs("token-1").await.unwrap().expires_at, at(300), "nothing makes it shorter");
    house.write(EndSessions { which: EndSession::Hash(token_hash.clone()), audit: Vec::new() }).await;
    house.write(until(400)).await;
    assert_eq!(runs("token-1").await, None, "what has ended stays ended");
}

pub(crate) async fn with_residents(house: &House) {
    let keys = house.store.keys().clone();
    for (id, name) in [("r1", "王秀英"), ("r2", "李桂兰")] {
        house.write(AddResident { resident: person(id, name), keys: keys.clone(), audit: Vec::new() }).await;
    }
}

pub(crate) fn grant(whom: &str, from: i64) -> AddGrant {
    AddGrant {
        username: "relative".to_owned(),
        resident: resident(whom),
        relation: "女儿".to_owned(),
        consent: None,
        from: at(from),
    }
}

pub(crate) async fn grants_have_a_beginning_and_an_end(house: &House) {
    account(house, "relative", Role::Relative).await;
    with_residents(house).await;
    house.write(grant("r1", 5)).await;
    house.write(grant("r1", 50)).await;
    house.write(grant("r2", 5)).await;
    let mut grants = house.store.grants("relative").await.unwrap();
    grants.sort();
    let begun: Vec<_> = grants.iter().map(|grant| (grant.resident.as_str(), grant.from, grant.to)).collect();
    assert_eq!(begun, [("r1", at(5), None), ("r1", at(50), None), ("r2", at(5), None)]);
    assert_eq!(house.store.grants("operator").await.unwrap(), []);
    assert!(house.store.write(grant("nobody", 5)).await.is_err(), "nobody sees somebody who is not there");
    let relatives = house.store.relatives(&resident("r1"), at(60)).await.unwrap();
    assert_eq!(relatives.iter().map(|one| one.relation.as_str()).collect::<Vec<_>>(), ["女儿", "女儿"]);
    let end = |second| EndGrant {
        username: "relative".to_owned(),
        resident: resident("r1"),
        at: at(second),
        audit: Vec::new(),
    };
    house.write(end(70)).await;
    house.write(end(90)).await;
    let ends: Vec<_> =
        house.store.grants("relative").await.unwrap().into_iter().filter_map(|grant| grant.to).collect();
    assert_eq!(ends, [at(70), at(70)], "what has ended is not lengthened");
    assert_eq!(house.store.relatives(&resident("r1"), at(70)).await.unwrap(), []);
    assert_eq!(house.store.relatives(&resident("r2"), at(70)).await.unwrap().len(), 1);
}

pub(crate) fn consent(id: &str) -> Consent {
    Consent {
        id: id.to_owned(),
        resident: resident("r1"),
        purpose: "family".to_owned(),
        given_by: "resident".to_owned(),
        giver: "王秀英".to_owned(),
        data: "位置、警情".to_owned(),
        shares: Shares::ALL,
        text_version: "2026-11".to_owned(),
        channel: "paper".to_owned(),
        given_at: at(0),
        recorded_at: at(1),
        recorded_by: "supervisor".to_owned(),
        withdrawn: None,
    }
}

fn audit(action: &str) -> Vec<AuditRow> {
    vec![AuditRow {
        at: at(3),
        username: "supervisor".to_owned(),
        source: "10.0.0.1".to_owned(),
        action: action.to_owned(),
        subject: "r1".to_owned(),
        detail: String::new(),
    }]
}

pub(crate) async fn a_consent_withdrawn_ends_what_stands_on_it(house: &House) {
    account(house, "relative", Role::Relative).await;
    with_residents(house).await;
    for id in ["c1", "c2"] {
        house.write(AddConsent { consent: consent(id), audit: audit("add_consent") }).await;
        house.write(invite(id, Some(id))).await;
    }
    house.write(AddGrant { consent: Some("c1".to_owned()), ..grant("r1", 5) }).await;
    house.write(AddGrant { consent: Some("c2".to_owned()), ..grant("r1", 6) }).await;
    let withdraw =
        |at| WithdrawConsent { id: "c1".to_owned(), at, by: "admin".to_owned(), audit: audit("withdraw") };
    house.write(withdraw(at(40))).await;
    house.write(withdraw(at(50))).await;
    let found = house.store.consent("c1").await.unwrap().unwrap();
    assert_eq!(found.withdrawn, Some((at(40), "admin".to_owned())), "the first time counts");
    assert_eq!(house.store.consents(&resident("r1")).await.unwrap().len(), 2);
    let mut grants = house.store.grants("relative").await.unwrap();
    grants.sort();
    assert_eq!(grants.iter().map(|grant| grant.to).collect::<Vec<_>>(), [Some(at(40)), None]);
    assert_eq!(open(house, 41).await, ["c2"]);
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'withdraw'").await, 2);
}

pub(crate) async fn what_is_withheld_ends_by_hand(house: &House) {
    account(house, "relative", Role::Relative).await;
    with_residents(house).await;
    let keep = |id: &str, incident: Option<&str>| Withhold {
        withholding: Withholding {
            id: id.to_owned(),
            username: "relative".to_owned(),
            resident: resident("r1"),
            incident: incident.map(|id| model::IncidentId::new(id).unwrap()),
            reason: "家暴警情".to_owned(),
            from: at(1),
            by: "operator".to_owned(),
        },
        audit: audit("withhold"),
    };
    house.write(keep("w1", None)).await;
    house.write(keep("w2", Some("i-1"))).await;
    let kept = house.store.withheld("relative").await.unwrap();
    assert_eq!(kept.len(), 2);
    let times = |kept: &Withheld| (kept.since, kept.until);
    assert!(
        kept.iter().all(|kept| times(kept) == (at(1), None)),
        "an incident that is not known yet is not over, and it is kept from the beginning of the keeping on"
    );
    assert_eq!(house.store.withholdings(&resident("r1")).await.unwrap()[0], keep("w1", None).withholding);
    // Once that incident is over it is known from when until when it was open.
    let opened = opening(signal("s1", Some("r1"), "h1", at(2)));
    let id = opened.incident.id.clone();
    let claimed = claim(&opened.incident, "operator", at(3));
    let closed = closing(&claimed.incident, at(5));
    house.write(keep("w3", Some(id.as_str()))).await;
    for (change, until) in [(opened, None), (claimed, None), (closed, Some(at(5)))] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
        let kept = house.store.withheld("relative").await.unwrap();
        let kept = kept.into_iter().find(|kept| kept.incident.as_ref() == Some(&id)).unwrap();
        assert_eq!(times(&kept), (at(2), until));
    }
    let give_back =
        EndWithholding { id: "w3".to_owned(), at: at(8), by: "operator".to_owned(), audit: Vec::new() };
    house.write(give_back).await;
    let end =
        EndWithholding { id: "w1".to_owned(), at: at(9), by: "supervisor".to_owned(), audit: Vec::new() };
    house.write(end).await;
    assert_eq!(house.store.withholding("w1").await.unwrap(), None);
    assert_eq!(house.store.withheld("relative").await.unwrap().len(), 1);
    assert_eq!(house.store.withheld("operator").await.unwrap(), []);
}

/// Without a consent to tracking that stands, no positions are kept once one was withdrawn.
pub(crate) async fn who_takes_back_tracking_is_not_tracked(house: &House) {
    with_residents(house).await;
    let handset = crate::common::made::handset("h1");
    house.write(store::AddHandset { handset: handset.clone(), secret_hash: String::new() }).await;
    house.write(store::BindHandset { handset: handset.clone(), resident: resident("r1"), from: at(0) }).await;
    let tracking = |id: &str| Consent { purpose: "tracking".to_owned(), ..consent(id) };
    // Those of which nothing is kept: nobody asks for help.
    let untracked = || async {
        let found = house.store.untracked_handsets().await.unwrap();
        let all = found.into_iter().filter(|one| one.asked_at.is_none()).map(|one| one.handset);
        all.collect::<Vec<_>>()
    };
    let withdraw =
        |id: &str| WithdrawConsent { id: id.to_owned(), at: at(9), by: String::new(), audit: Vec::new() };
    for consent in [tracking("t1"), tracking("t2"), consent("f1")] {
        house.write(AddConsent { consent, audit: Vec::new() }).await;
    }
    for id in ["f1", "t1"] {
        house.write(withdraw(id)).await;
        assert_eq!(untracked().await, [], "{id}: another one stands");
    }
    house
        .write(store::PutHabits {
            learned: store::StoredHabits {
                resident: resident("r1"),
                habits: geofence::habits::Habits::default(),
                through_day: 20_780,
                version: 0,
            },
        })
        .await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM habits").await, 1);
    house.write(withdraw("t2")).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM habits").await, 0, "where they usually went goes with it");
    assert_eq!(untracked().await, [handset]);
    // Whoever is outside of a fence has not asked for anybody; whoever presses has.
    let left =
        model::Signal { kind: model::SignalKind::FenceExit, ..signal("left", Some("r1"), "h1", at(10)) };
    let pressed = signal("pressed", Some("r1"), "h1", at(11));
    let opened = opening(left);
    let incident = opened.incident.clone();
    let joined = change(Some(&incident), &incident::Command::Signal(Box::new(pressed)), at(11));
    for (change, expected) in [(opened, 1), (joined, 0)] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
        assert_eq!(untracked().await.len(), expected);
    }
    house.write(AddConsent { consent: tracking("t3"), audit: Vec::new() }).await;
    assert_eq!(untracked().await, []);
}
