//! What a grant shows, as the consent says, and how an account that is there comes to another grant.

use access::{Role, Shares};
use store::{
    Account, AddConsent, AddGrant, AddResident, AddUser, Consent, Invitation, Invite, Redeem,
    WithdrawInvitation,
};

use crate::accounts::consent;
use crate::common::{
    House,
    made::{at, audit, person, resident},
};

async fn family(house: &House) {
    let account = Account::new("daughter", "王小红", Role::Relative, "$argon2id$…".to_owned());
    house.write(AddUser { account, audit: Vec::new() }).await;
    let keys = house.store.keys().clone();
    house.write(AddResident { resident: person("r1", "王秀英"), keys, audit: Vec::new() }).await;
}

fn grant(consent: Option<&str>, second: i64) -> AddGrant {
    AddGrant {
        username: "daughter".to_owned(),
        resident: resident("r1"),
        relation: "女儿".to_owned(),
        consent: consent.map(str::to_owned),
        from: at(second),
    }
}

pub(crate) async fn a_grant_has_what_its_consent_covers(house: &House) {
    family(house).await;
    let news = Shares { news: true, position: false, track: false };
    for (id, shares, second) in [("c1", news, 1), ("c2", Shares::ALL, 2)] {
        let consent = Consent { shares, ..consent(id) };
        house.write(AddConsent { consent: consent.clone(), audit: Vec::new() }).await;
        assert_eq!(house.store.consent(id).await.unwrap(), Some(consent));
        house.write(grant(Some(id), second)).await;
    }
    house.write(grant(None, 3)).await;
    let mut grants = house.store.grants("daughter").await.unwrap();
    grants.sort();
    let shares: Vec<_> = grants.iter().map(|grant| grant.shares).collect();
    assert_eq!(shares, [news, Shares::ALL, Shares::ALL], "one that stands on no consent has all");
    // As it stands of a consent that was entered before there were codes.
    house
        .run(
            "INSERT INTO consents (consent_id, resident_id, purpose, given_by, giver, data, text_version, channel,
               given_at_us, recorded_at_us, recorded_by) SELECT 'old', resident_id, purpose, given_by, giver, data,
               text_version, channel, given_at_us, recorded_at_us, recorded_by FROM consents WHERE consent_id = 'c1'",
        )
        .await;
    assert_eq!(house.store.consent("old").await.unwrap().unwrap().shares, Shares::ALL);
}

pub(crate) async fn an_invitation_is_used_by_whoever_has_an_account(house: &House) {
    family(house).await;
    house.write(AddConsent { consent: consent("c1"), audit: Vec::new() }).await;
    for id in ["i1", "i2", "i3"] {
        let invitation = Invitation {
            id: id.to_owned(),
            username: None,
            role: Role::Relative,
            scope: None,
            station: None,
            display_name: "王小红".to_owned(),
            relation: "女儿".to_owned(),
            consent: Some("c1".to_owned()),
            created_at: at(1),
            created_by: "supervisor".to_owned(),
            expires_at: at(100),
        };
        house.write(Invite { invitation, code: format!("code-{id}"), audit: Vec::new() }).await;
    }
    let redeem = |code: &str, second| Redeem {
        code: code.to_owned(),
        grant: grant(Some("c1"), second),
        audit: vec![audit("join", at(second))],
    };
    house.write(redeem("code-i1", 10)).await;
    let grants = house.store.grants("daughter").await.unwrap();
    assert_eq!(grants.iter().map(|grant| (grant.from, grant.to)).collect::<Vec<_>>(), [(at(10), None)]);
    house.write(WithdrawInvitation { id: "i3".to_owned(), at: at(11), audit: Vec::new() }).await;
    for (code, second) in [("code-i1", 12), ("code-i2", 100), ("code-i3", 12), ("guessed", 12)] {
        assert!(house.store.write(redeem(code, second)).await.is_err(), "{code}");
    }
    assert_eq!(house.store.grants("daughter").await.unwrap().len(), 1);
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'join'").await, 1);
    house.write(redeem("code-i2", 99)).await;
    assert_eq!(house.store.grants("daughter").await.unwrap().len(), 2, "and another one later");
}
