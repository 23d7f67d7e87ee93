//! Sessions in lists: page after page, by their name, and within a scope.

use access::Role;
use model::Division;
use store::{
    AddGrant, AddResident, AddSession, ChangeUser, EndGrant, EndSession, EndSessions, LockSession, Resident,
    SessionsOf, UserChange,
};

use crate::accounts::{account, operator, session};
use crate::common::{
    House,
    made::{at, person, resident},
};

/// More than there are.
const ALL: u32 = 500;

fn of(username: &str) -> SessionsOf<'_> {
    SessionsOf { username: Some(username), scope: None }
}

fn anybody() -> SessionsOf<'static> {
    SessionsOf { username: None, scope: None }
}

fn within(scope: &Division) -> SessionsOf<'_> {
    SessionsOf { username: None, scope: Some(scope) }
}

fn street(code: &str) -> Division {
    Division::new(code).unwrap()
}

pub(crate) async fn sessions_are_listed_locked_and_ended(house: &House) {
    operator(house).await;
    for token in ["desk", "home", "telephone"] {
        house.write(session(token, 0)).await;
    }
    let all = house.store.sessions(&of("operator"), None, ALL, at(1)).await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|one| one.id.len() == 16 && one.source == "10.0.0.1" && one.agent == "Firefox"));
    assert_eq!(house.store.sessions(&of("nobody"), None, ALL, at(1)).await.unwrap(), []);
    assert_eq!(house.store.sessions(&anybody(), None, ALL, at(101)).await.unwrap(), [], "they are over");
    let of_street = async |code: &str| {
        house.store.sessions(&within(&street(code)), None, ALL, at(1)).await.unwrap().len()
    };
    assert_eq!(of_street("321302005").await, 0, "the account is for more than that");
    let scope = UserChange::Scope(Some(street("321302005003")), at(1));
    house.write(ChangeUser { username: "operator".to_owned(), change: scope, audit: Vec::new() }).await;
    assert_eq!((of_street("321302005").await, of_street("321302006").await), (3, 0));
    let (desk, _) = house.store.session("desk", at(1)).await.unwrap().unwrap();
    let lock = |locked_at| LockSession { token_hash: desk.token_hash.clone(), locked_at, audit: Vec::new() };
    house.write(lock(Some(at(9)))).await;
    assert_eq!(house.store.session("desk", at(10)).await.unwrap().unwrap().0.locked_at, Some(at(9)));
    house.write(lock(None)).await;
    assert_eq!(house.store.session("desk", at(10)).await.unwrap().unwrap().0.locked_at, None);
    let others = EndSession::OthersOf("operator".to_owned(), "desk".to_owned());
    house.write(EndSessions { which: others, audit: Vec::new() }).await;
    assert_eq!(
        house.store.sessions(&anybody(), None, ALL, at(1)).await.unwrap(),
        std::slice::from_ref(&desk)
    );
    house.write(EndSessions { which: EndSession::Hash(desk.token_hash), audit: Vec::new() }).await;
    assert_eq!(house.store.sessions(&anybody(), None, ALL, at(1)).await.unwrap(), []);
}

/// Two begin at each moment, so that pages end between such two.
pub(crate) async fn sessions_are_told_page_after_page(house: &House) {
    operator(house).await;
    for nth in 0..7 {
        house.write(session(&format!("token-{nth}"), nth / 2)).await;
    }
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let page = house.store.sessions(&anybody(), before.as_ref(), 3, at(5)).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.created_at.as_microsecond(), last.id.clone()));
        told.extend(page);
    }
    let all = house.store.sessions(&anybody(), None, ALL, at(5)).await.unwrap();
    assert_eq!((told.len(), &told), (7, &all));
    assert!(all.is_sorted_by(|left, right| left.created_at >= right.created_at), "the newest first");
    for one in &all {
        assert_eq!(house.store.session_named(&one.id, at(5)).await.unwrap().as_ref(), Some(one));
        assert_eq!(house.store.session_named(&one.id, at(200)).await.unwrap(), None, "it is over");
    }
    for name in ["0000000000000000", "", "ffffffffffffffff", "x"] {
        assert_eq!(house.store.session_named(name, at(5)).await.unwrap(), None, "{name}");
    }
}

async fn sees_somebody_of(house: &House, username: &str, whom: &str, division: &Division) {
    let who = Resident { division: Some(division.clone()), ..person(whom, "王秀英") };
    house.write(AddResident { resident: who, keys: house.store.keys().clone(), audit: Vec::new() }).await;
    let (username, relation) = (username.to_owned(), "女儿".to_owned());
    house.write(AddGrant { username, resident: resident(whom), relation, consent: None, from: at(0) }).await;
}

/// The family belongs to where its residents live, a station without a scope to everybody, and a desk to its own scope.
pub(crate) async fn accounts_are_listed_within_a_scope(house: &House) {
    let (here, elsewhere) = (street("321302005"), street("321302006"));
    for (username, role) in [
        ("admin", Role::Admin),
        ("daughter", Role::Relative),
        ("former", Role::Relative),
        ("operator", Role::Operator),
        ("son", Role::Relative),
        ("station", Role::Station),
    ] {
        account(house, username, role).await;
        house.write(AddSession { username: username.to_owned(), ..session(username, 0) }).await;
    }
    let scope = UserChange::Scope(Some(street("321302005003")), at(1));
    house.write(ChangeUser { username: "operator".to_owned(), change: scope, audit: Vec::new() }).await;
    for (username, whom, division) in
        [("daughter", "r1", &here), ("son", "r2", &elsewhere), ("former", "r3", &here)]
    {
        sees_somebody_of(house, username, whom, division).await;
    }
    let (username, whom) = ("former".to_owned(), resident("r3"));
    house.write(EndGrant { username, resident: whom, at: at(1), audit: Vec::new() }).await;
    let listed = async |scope: &Division| {
        let accounts = house.store.accounts("", Some(scope), at(5), 10).await.unwrap();
        let names: Vec<String> = accounts.into_iter().map(|account| account.username).collect();
        let sessions = house.store.sessions(&within(scope), None, ALL, at(5)).await.unwrap();
        let mut at_work: Vec<String> = sessions.into_iter().map(|session| session.username).collect();
        at_work.sort();
        assert_eq!(names, at_work);
        for username in ["admin", "daughter", "former", "operator", "son", "station"] {
            let is_within = house.store.is_account_within(username, Some(scope), at(5)).await.unwrap();
            assert_eq!(is_within, names.iter().any(|name| name == username), "{username}");
        }
        names
    };
    assert_eq!(listed(&here).await, ["daughter", "former", "operator", "station"]);
    assert_eq!(
        listed(&elsewhere).await,
        ["former", "son", "station"],
        "whose grant is over belongs to nobody"
    );
    assert_eq!(house.store.accounts("", None, at(5), 10).await.unwrap().len(), 6);
    assert_eq!(house.store.accounts("daughter", Some(&here), at(5), 2).await.unwrap().len(), 2);
    assert!(house.store.is_account_within("admin", None, at(5)).await.unwrap());
}
