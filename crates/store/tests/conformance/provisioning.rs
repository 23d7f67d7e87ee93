//! Claim codes, states and bindings of handsets.

use model::HandsetId;
use store::{
    AddResident, ChangeHandset, HandsetChange, HandsetState, OfferClaim, PromoteSecret, SetQuickTag,
    TakeClaim,
};

use crate::common::{
    House,
    made::{at, handset, person, resident},
};
use crate::people::holds;

fn offer(code: &str, second: i64) -> OfferClaim {
    OfferClaim {
        handset: handset("h1"),
        no_secret_hash: "$nobody$".to_owned(),
        code: code.to_owned(),
        at: at(second),
        expires_at: at(second + 100),
        by: "admin".to_owned(),
        audit: Vec::new(),
    }
}

fn take(code: &str, hash: &str, second: i64) -> TakeClaim {
    TakeClaim {
        code: code.to_owned(),
        handset: handset("h1"),
        secret_hash: hash.to_owned(),
        at: at(second),
        source: "10.0.0.9".to_owned(),
        audit: Vec::new(),
    }
}

pub(crate) async fn a_claim_code_gives_a_secret_once(house: &House) {
    house.write(offer("a code that is nowhere", 0)).await;
    assert!(!holds(house, "a code that is nowhere"), "a copy of the database opens it");
    house.write(offer("first", 0)).await;
    house.write(offer("second", 1)).await;
    let hash = || async { house.store.credential(&handset("h1")).await.unwrap().unwrap().secret_hash };
    assert_eq!(hash().await, "$nobody$");
    assert_eq!(
        house.store.claimed_handset("first", at(2)).await.unwrap(),
        None,
        "a newer code makes it void"
    );
    assert_eq!(house.store.claimed_handset("second", at(2)).await.unwrap(), Some(handset("h1")));
    assert_eq!(house.store.claimed_handset("second", at(101)).await.unwrap(), None, "too late");
    for (code, second) in [("first", 2), ("second", 101), ("guessed", 2)] {
        assert!(house.store.write(take(code, "$thief$", second)).await.is_err(), "{code}");
    }
    let promote =
        |hash: &str| PromoteSecret { handset: handset("h1"), secret_hash: hash.to_owned(), at: at(200) };
    let tag = SetQuickTag { handset: handset("h1"), tag: [7; 32], secret_hash: "$nobody$".to_owned() };
    house.write(tag).await;
    house.write(take("second", "$lost$", 3)).await;
    assert_eq!(hash().await, "$nobody$", "until it logs in the old one holds");
    house.write(take("second", "$own$", 3)).await;
    assert!(house.store.write(promote("$lost$")).await.is_err(), "a later one voids it");
    assert!(house.store.write(take("second", "$thief$", 150)).await.is_err(), "nothing is fetched too late");
    // Long after the code's time: it was fetched in it, and lay in a drawer.
    house.write(promote("$own$")).await;
    assert!(house.store.write(take("second", "$thief$", 4)).await.is_err(), "it is used up");
    let credential = house.store.credential(&handset("h1")).await.unwrap().unwrap();
    assert_eq!(
        (credential.secret_hash.as_str(), credential.quick_tag),
        ("$own$", None),
        "the old one opens nothing"
    );
    assert_eq!(credential.pending_secret_hash, None);
    house.write(offer("third", 5)).await;
    assert_eq!(hash().await, "$own$", "until the new code is used the secret stays");
}

async fn change(house: &House, change: HandsetChange, second: i64) {
    house.write(ChangeHandset { handset: handset("h1"), change, at: at(second), audit: Vec::new() }).await;
}

async fn carrier(house: &House, id: &HandsetId, second: i64) -> Option<String> {
    house.store.resident_of(id, at(second)).await.unwrap().map(|id| id.as_str().to_owned())
}

pub(crate) async fn a_handset_goes_from_hand_to_hand(house: &House) {
    let keys = house.store.keys().clone();
    for (id, name) in [("r1", "王秀英"), ("r2", "李桂兰")] {
        house.write(AddResident { resident: person(id, name), keys: keys.clone(), audit: Vec::new() }).await;
    }
    house.write(offer("code", 0)).await;
    change(house, HandsetChange::Bind(resident("r1")), 10).await;
    change(house, HandsetChange::Bind(resident("r2")), 20).await;
    change(house, HandsetChange::State(HandsetState::Retired), 30).await;
    change(house, HandsetChange::State(HandsetState::Active), 40).await;
    let mut carried = Vec::new();
    for second in [5, 15, 25, 35, 45] {
        carried.push(carrier(house, &handset("h1"), second).await);
    }
    let who = |id: &str| Some(id.to_owned());
    assert_eq!(carried, [None, who("r1"), who("r2"), None, None], "who is retired is carried by nobody");
    let history = house.store.bindings_of(&handset("h1"), None).await.unwrap();
    let history: Vec<_> = history.iter().map(|one| (one.name.as_str(), one.from, one.to)).collect();
    assert_eq!(history, [("李桂兰", at(20), Some(at(30))), ("王秀英", at(10), Some(at(20)))]);
    change(house, HandsetChange::Bind(resident("r1")), 50).await;
    let listed =
        |part: &'static str| async move { house.store.handsets(part, None, "", 10, at(60)).await.unwrap() };
    let line = &listed("").await[0];
    assert_eq!((line.state, line.claim_expires_at), (HandsetState::Active, Some(at(100))));
    assert_eq!(line.resident, Some((resident("r1"), "王秀英".to_owned())));
    assert_eq!((listed("秀").await.len(), listed("h1").await.len(), listed("%").await.len()), (1, 1, 0));
    assert_eq!(house.store.handsets("", None, "h1", 10, at(60)).await.unwrap(), []);
    change(house, HandsetChange::Unbind, 70).await;
    assert_eq!(carrier(house, &handset("h1"), 75).await, None);
}

pub(crate) async fn who_is_stolen_is_told_to_those_who_watch(house: &House) {
    house.write(offer("code", 0)).await;
    assert_eq!(house.store.handsets_changed(0).await.unwrap(), []);
    change(house, HandsetChange::State(HandsetState::Stolen), 10).await;
    assert_eq!(house.store.handsets_changed(0).await.unwrap(), [(handset("h1"), 1)]);
    assert_eq!(house.store.handsets_changed(1).await.unwrap(), []);
    assert!(house.store.credential(&handset("h1")).await.unwrap().unwrap().is_stolen);
    assert_eq!(house.store.handset_state(&handset("h1")).await.unwrap(), Some(HandsetState::Stolen));
    assert_eq!(house.store.handset_state(&handset("h2")).await.unwrap(), None);
    house.write(offer("after", 15)).await;
    house.write(take("after", "$own$", 20)).await;
    let promote = PromoteSecret { handset: handset("h1"), secret_hash: "$own$".to_owned(), at: at(21) };
    house.write(promote).await;
    assert_eq!(
        house.store.handsets_changed(1).await.unwrap(),
        [(handset("h1"), 2)],
        "a new secret is a change too"
    );
}

/// Whoever has a stolen handset has its secret, perhaps the code that was shown with it, and what was fetched for that.
pub(crate) async fn nothing_of_before_a_theft_opens_the_door_after_a_new_code(house: &House) {
    house.write(offer("first", 0)).await;
    let promote =
        |hash: &str| PromoteSecret { handset: handset("h1"), secret_hash: hash.to_owned(), at: at(50) };
    house.write(take("first", "$old$", 1)).await;
    house.write(promote("$old$")).await;
    house.write(SetQuickTag { handset: handset("h1"), tag: [7; 32], secret_hash: "$old$".to_owned() }).await;
    house.write(offer("shown", 2)).await;
    house.write(take("shown", "$fetched$", 3)).await;
    change(house, HandsetChange::State(HandsetState::Stolen), 10).await;
    assert!(house.store.write(take("shown", "$thief$", 11)).await.is_err(), "a code of before");
    assert_eq!(house.store.claimed_handset("shown", at(11)).await.unwrap(), None);
    assert!(house.store.write(promote("$fetched$")).await.is_err(), "what was fetched for it");
    let known = async || {
        let known = house.store.credential(&handset("h1")).await.unwrap().unwrap();
        (known.secret_hash, known.quick_tag.is_some(), known.pending_secret_hash)
    };
    // Found again it works as before.
    change(house, HandsetChange::State(HandsetState::Active), 12).await;
    assert_eq!(known().await, ("$old$".to_owned(), true, None));
    change(house, HandsetChange::State(HandsetState::Stolen), 13).await;
    house.write(offer("new", 14)).await;
    house.write(take("new", "$own$", 15)).await;
    change(house, HandsetChange::State(HandsetState::Active), 16).await;
    assert_eq!(known().await, ("$nobody$".to_owned(), false, Some("$own$".to_owned())), "before any log-in");
    let late = SetQuickTag { handset: handset("h1"), tag: [7; 32], secret_hash: "$old$".to_owned() };
    house.write(late).await;
    assert!(!known().await.1, "a tag that was on its way is of the old one");
    house.write(promote("$own$")).await;
    assert_eq!(known().await, ("$own$".to_owned(), false, None));
}

/// What was asked for while nothing could be written reaches the disk with an old time, and whoever follows sees it all the same.
pub(crate) async fn a_change_that_is_committed_late_is_seen(house: &House) {
    house.write(offer("code", 0)).await;
    house.write(OfferClaim { handset: handset("h2"), ..offer("another", 0) }).await;
    let end = async || house.store.handset_changes_end().await.unwrap();
    assert_eq!(end().await, 0);
    change(house, HandsetChange::State(HandsetState::Stolen), 1_000).await;
    let seen = end().await;
    let late = HandsetChange::State(HandsetState::Stolen);
    house.write(ChangeHandset { handset: handset("h2"), change: late, at: at(10), audit: Vec::new() }).await;
    assert_eq!(house.store.handsets_changed(seen).await.unwrap(), [(handset("h2"), seen + 1)]);
    change(house, HandsetChange::State(HandsetState::Active), 20).await;
    let again = house.store.handsets_changed(seen).await.unwrap();
    assert_eq!(again, [(handset("h2"), seen + 1), (handset("h1"), seen + 2)], "each by its last change");
    assert_eq!(end().await, seen + 2);
}
