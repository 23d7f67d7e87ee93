//! Accounts, sessions and grants.

use access::Role;
use store::{Account, AddGrant, AddResident, AddSession, AddUser, EndSession};

use crate::common::{
    House,
    made::{at, person, resident},
};

async fn operator(house: &House) -> Account {
    let account = Account {
        username: "operator".to_owned(),
        display_name: "接线员".to_owned(),
        role: Role::Operator,
        password_hash: "$argon2id$…".to_owned(),
    };
    house.write(AddUser { account: account.clone(), audit: Vec::new() }).await;
    account
}

pub(crate) async fn an_account_is_found_by_its_name(house: &House) {
    let account = operator(house).await;
    assert_eq!(house.store.account("operator").await.unwrap(), Some(account.clone()));
    assert_eq!(house.store.account("Operator").await.unwrap(), None, "names are exact");
    assert_eq!(house.store.account("operator' OR 1=1 --").await.unwrap(), None);
    assert!(house.store.write(AddUser { account, audit: Vec::new() }).await.is_err(), "a name is given once");
}

fn session(token: &str, second: i64) -> AddSession {
    AddSession {
        username: "operator".to_owned(),
        token: token.to_owned(),
        at: at(second),
        expires_at: at(second + 100),
    }
}

pub(crate) async fn a_session_ends_by_itself_or_by_hand(house: &House) {
    let account = operator(house).await;
    house.write(session("token-1", 0)).await;
    house.write(session("token-2", 0)).await;
    assert_eq!(house.store.account_of("token-1", at(99)).await.unwrap(), Some(account.clone()));
    assert_eq!(house.store.account_of("token-1", at(100)).await.unwrap(), None);
    assert_eq!(house.store.account_of("token-3", at(1)).await.unwrap(), None);
    house.write(EndSession("token-1".to_owned())).await;
    assert_eq!(house.store.account_of("token-1", at(1)).await.unwrap(), None);
    assert_eq!(house.store.account_of("token-2", at(1)).await.unwrap(), Some(account));
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

pub(crate) async fn grants_have_a_beginning(house: &House) {
    operator(house).await;
    let keys = house.store.keys().clone();
    house.write(AddResident { resident: person("r1", "王秀英"), keys }).await;
    let grant =
        |whom, from| AddGrant { username: "operator".to_owned(), resident: resident(whom), from: at(from) };
    house.write(grant("r1", 5)).await;
    house.write(grant("r1", 50)).await;
    let mut grants = house.store.grants("operator").await.unwrap();
    grants.sort();
    assert_eq!(grants, [(resident("r1"), at(5), None), (resident("r1"), at(50), None)]);
    assert_eq!(house.store.grants("relative").await.unwrap(), []);
    assert!(house.store.write(grant("r2", 5)).await.is_err(), "nobody sees somebody who is not there");
    let end = at(60).as_microsecond();
    house.run(&format!("UPDATE grants SET to_us = {end} WHERE from_us = {}", at(5).as_microsecond())).await;
    let ends: Vec<_> =
        house.store.grants("operator").await.unwrap().into_iter().filter_map(|grant| grant.2).collect();
    assert_eq!(ends, [at(60)]);
}
