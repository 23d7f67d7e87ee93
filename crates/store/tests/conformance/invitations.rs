//! Invitations: used once, taken back, void with whoever made them, and in lists.

use access::Role;
use model::Division;
use store::{
    Account, AddConsent, AddGrant, AddResident, AddSession, ChangeUser, Consent, Invitation, InvitationsOf,
    Invite, Join, Joining, Resident, UserChange, WithdrawInvitation,
};

use crate::accounts::{account, account_of, consent, grant, operator, password, session, with_residents};
use crate::common::{
    House,
    made::{at, person, resident},
};
use crate::people::holds;

const ALL: InvitationsOf<'static> = InvitationsOf { scope: None, is_of_relatives: false };

/// The ids of those that can be used at that second.
pub(crate) async fn open(house: &House, second: i64) -> Vec<String> {
    ids(house.store.invitations(&ALL, None, 500, at(second)).await.unwrap())
}

fn ids(found: Vec<Invitation>) -> Vec<String> {
    found.into_iter().map(|one| one.id).collect()
}

pub(crate) fn invite(id: &str, consent: Option<&str>) -> Invite {
    let invitation = Invitation {
        scope: Some(Division::new("321302005").unwrap()),
        station: None,
        id: id.to_owned(),
        username: None,
        role: Role::Relative,
        display_name: "王小红".to_owned(),
        relation: "女儿".to_owned(),
        consent: consent.map(str::to_owned),
        created_at: at(1),
        created_by: "supervisor".to_owned(),
        expires_at: at(100),
    };
    Invite { invitation, code: format!("code-{id}"), audit: Vec::new() }
}

fn join(code: &str, username: &str, second: i64) -> Join {
    let account = Account::new(username, "王小红", Role::Relative, "$hash$".to_owned());
    let grant = AddGrant { username: username.to_owned(), ..grant("r1", second) };
    let token = format!("token of {username}");
    Join {
        code: code.to_owned(),
        joining: Joining::Account(Box::new(account), Some(grant)),
        session: AddSession { username: username.to_owned(), ..session(&token, second) },
    }
}

pub(crate) async fn an_invitation_is_used_once_and_in_time(house: &House) {
    with_residents(house).await;
    for id in ["i1", "i2", "i3"] {
        house.write(invite(id, None)).await;
    }
    assert_eq!(
        house.store.invitation("code-i1", at(99)).await.unwrap().unwrap(),
        invite("i1", None).invitation
    );
    assert_eq!(house.store.invitation("code-i1", at(100)).await.unwrap(), None, "too late");
    for code in ["code-i1", "code-i2", "code-i3"] {
        assert!(!holds(house, code), "a copy of the database opens {code}");
    }
    house.write(join("code-i1", "daughter", 10)).await;
    assert_eq!(house.store.grants("daughter").await.unwrap().len(), 1);
    assert_eq!(account_of(house, "token of daughter", 11).await.unwrap().username, "daughter");
    for (code, username, second) in [
        ("code-i1", "thief", 11),
        ("code-i2", "daughter", 11),
        ("code-i2", "late", 100),
        ("guessed", "thief", 11),
    ] {
        assert!(house.store.write(join(code, username, second)).await.is_err(), "{code} {username}");
        assert_eq!(house.store.account("thief").await.unwrap(), None);
    }
    house.write(WithdrawInvitation { id: "i3".to_owned(), at: at(12), audit: Vec::new() }).await;
    assert!(house.store.write(join("code-i3", "son", 13)).await.is_err(), "taken back");
    assert_eq!(open(house, 14).await, ["i2"], "a refused join uses nothing up");
    house.write(join("code-i2", "son", 14)).await;
}

pub(crate) async fn who_is_shut_out_or_narrowed_comes_back_by_no_link_of_their_own(house: &House) {
    with_residents(house).await;
    account(house, "supervisor", Role::Supervisor).await;
    let change = |change| ChangeUser { username: "supervisor".to_owned(), change, audit: Vec::new() };
    let narrowed = UserChange::Scope(Division::new("321302005").ok(), at(11));
    for (id, is_kept, after) in [
        ("i1", false, UserChange::Disabled(Some(at(11)))),
        ("i2", true, UserChange::Disabled(None)),
        ("i3", false, narrowed),
        ("i4", true, UserChange::Scope(None, at(11))),
    ] {
        house.write(invite(id, None)).await;
        house.write(change(after)).await;
        let found = house.store.invitation(&format!("code-{id}"), at(12)).await.unwrap();
        assert_eq!(found.is_some(), is_kept, "{id}");
    }
    let mut of_another = invite("i5", None);
    "supervisor2".clone_into(&mut of_another.invitation.created_by);
    house.write(of_another).await;
    house.write(change(UserChange::Disabled(Some(at(13))))).await;
    let left = house.store.invitation("code-i5", at(14)).await.unwrap();
    assert!(left.is_some(), "those of others stay");
    assert!(house.store.write(join("code-i4", "back", 14)).await.is_err());
    assert_eq!(house.store.account("back").await.unwrap(), None);
}

pub(crate) async fn a_new_password_by_invitation_ends_old_sessions(house: &House) {
    operator(house).await;
    house.write(session("old", 0)).await;
    for id in ["i0", "i1"] {
        let mut reset = invite(id, None);
        reset.invitation.username = Some("operator".to_owned());
        house.write(reset).await;
        if id == "i0" {
            let change = password("$own$", Some("old"));
            house.write(ChangeUser { username: "operator".to_owned(), change, audit: Vec::new() }).await;
        }
        assert_eq!(
            open(house, 4).await.len(),
            usize::from(id == "i1"),
            "a link to a new password is void with the old one"
        );
    }
    let joining = Joining::Password("operator".to_owned(), "$new$".to_owned());
    house.write(Join { code: "code-i1".to_owned(), joining, session: session("new", 5) }).await;
    assert_eq!(account_of(house, "old", 6).await, None);
    assert_eq!(account_of(house, "new", 6).await.unwrap().password_hash, "$new$");
}

/// More than one page holds, several of each moment, so that pages end between such two.
pub(crate) async fn invitations_are_told_page_after_page(house: &House) {
    for nth in 0..600 {
        let mut one = invite(&format!("i{nth:03}"), None);
        one.invitation.created_at = at(nth / 3);
        one.invitation.expires_at = at(10_000);
        house.write(one).await;
    }
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let page = house.store.invitations(&ALL, before.as_ref(), 50, at(700)).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.created_at.as_microsecond(), last.id.clone()));
        told.extend(ids(page));
    }
    let newest_first: Vec<String> = (0..600).rev().map(|nth| format!("i{nth:03}")).collect();
    assert_eq!(told, newest_first);
    let oldest = house.store.open_invitation(&ALL, "i000", at(700)).await.unwrap();
    assert_eq!(oldest.map(|one| one.id).as_deref(), Some("i000"), "the oldest is found behind all others");
    house.write(WithdrawInvitation { id: "i000".to_owned(), at: at(700), audit: Vec::new() }).await;
    assert_eq!(house.store.open_invitation(&ALL, "i000", at(701)).await.unwrap(), None);
}

pub(crate) async fn invitations_are_listed_within_a_scope(house: &House) {
    let street = Division::new("321302005").unwrap();
    let far = Division::new("321302006").unwrap();
    account(house, "everybodys", Role::Operator).await;
    account(house, "narrow", Role::Operator).await;
    let narrow = UserChange::Scope(Some(street.clone()), at(0));
    house.write(ChangeUser { username: "narrow".to_owned(), change: narrow, audit: Vec::new() }).await;
    for (id, division) in [("r1", Some(&street)), ("r2", Some(&far)), ("r3", None)] {
        let who = Resident { division: division.cloned(), ..person(id, "王秀英") };
        house.write(AddResident { resident: who, keys: house.store.keys().clone(), audit: Vec::new() }).await;
        let consent = Consent { resident: resident(id), ..consent(id) };
        house.write(AddConsent { consent, audit: Vec::new() }).await;
        house.write(invite(&format!("family of {id}"), Some(id))).await;
    }
    for (id, username, scope) in [
        ("new here", None, Some(&street)),
        ("new far", None, Some(&far)),
        ("new everywhere", None, None),
        ("password of everybodys", Some("everybodys"), Some(&street)),
        ("password of narrow", Some("narrow"), None),
    ] {
        let mut one = invite(id, None);
        one.invitation.username = username.map(str::to_owned);
        one.invitation.scope = scope.cloned();
        house.write(one).await;
    }
    let within = async |scope: Option<&Division>, is_of_relatives| {
        let which = InvitationsOf { scope, is_of_relatives };
        let mut shown = ids(house.store.invitations(&which, None, 500, at(2)).await.unwrap());
        shown.sort();
        for id in &shown {
            assert!(house.store.open_invitation(&which, id, at(2)).await.unwrap().is_some(), "{id}");
        }
        shown
    };
    let here = ["family of r1", "family of r3", "new here", "password of narrow"];
    assert_eq!(within(Some(&street), false).await, here);
    assert_eq!(within(Some(&street), true).await, ["family of r1", "family of r3"]);
    assert_eq!(within(None, true).await, ["family of r1", "family of r2", "family of r3"]);
    assert_eq!(within(None, false).await.len(), 8);
    let which = InvitationsOf { scope: Some(&street), is_of_relatives: false };
    assert_eq!(house.store.open_invitation(&which, "new far", at(2)).await.unwrap(), None);
}
