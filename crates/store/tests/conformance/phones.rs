//! Telephones: named by user and device apart, known by an id of which only a hash is kept.

use model::HandsetId;
use protocol::{NONCE_BYTES, OsmAndId, Passphrase, PhoneName};
use store::{
    AddHandset, BindOsmAnd, BindOwnTracks, ChangeHandset, HandsetChange, HandsetState, JobError, Phone,
    PutCommands, UnbindPhone,
};

use crate::common::{
    House,
    made::{at, audit, command, handset, message},
};

fn name(user: &str, device: &str) -> PhoneName {
    PhoneName::new(user, device).unwrap()
}

fn id(text: &str) -> OsmAndId {
    OsmAndId::new(text).unwrap()
}

async fn add(house: &House, handsets: &[&str]) {
    for id in handsets {
        house.write(AddHandset { handset: handset(id), secret_hash: "-".to_owned() }).await;
    }
}

fn bind(house: &House, to: &str, name: PhoneName, passphrase: Option<&str>) -> BindOwnTracks {
    let keys = house.store.keys().clone();
    let passphrase = passphrase.map(str::to_owned);
    BindOwnTracks {
        handset: handset(to),
        from: None,
        name,
        passphrase,
        keys,
        audit: vec![audit("bind", at(5))],
    }
}

fn bind_osmand(house: &House, to: &str, text: &str) -> BindOsmAnd {
    let audit = vec![audit("bind", at(5))];
    BindOsmAnd { handset: handset(to), from: None, id: id(text), keys: house.store.keys().clone(), audit }
}

async fn whose(house: &House, name: &PhoneName) -> Option<HandsetId> {
    house.store.handset_of_phone(name).await.unwrap()
}

pub(crate) async fn a_phone_is_its_user_and_its_device(house: &House) {
    add(house, &["h1", "h2"]).await;
    let (one, two) = (name("a", "b-c"), name("a-b", "c"));
    house.write(bind(house, "h1", one.clone(), None)).await;
    house.write(bind(house, "h2", two.clone(), None)).await;
    assert_eq!(whose(house, &one).await, Some(handset("h1")));
    assert_eq!(whose(house, &two).await, Some(handset("h2")));
    assert_eq!(whose(house, &name("A", "b-c")).await, None, "capitals are other letters");
    let from = Some(handset("h1"));
    house.write(BindOwnTracks { from, ..bind(house, "h2", one.clone(), None) }).await;
    assert_eq!(whose(house, &one).await, Some(handset("h2")), "the newest binding is the one that holds");
    assert_eq!(house.store.phones_of(&handset("h1")).await.unwrap(), []);
    let both = [Phone::OwnTracks(one.clone()), Phone::OwnTracks(two)];
    assert_eq!(house.store.phones_of(&handset("h2")).await.unwrap(), both);

    let changed = async || house.store.handsets_changed(0).await.unwrap();
    assert_eq!(changed().await, [(handset("h1"), 1)], "whose it was must log in again");
    let unbind = |from: &str, second| {
        let phone = Phone::OwnTracks(name("a", "b-c"));
        UnbindPhone { handset: handset(from), phone, audit: vec![audit("unbind", at(second))] }
    };
    house.write(unbind("h1", 6)).await;
    assert_eq!(whose(house, &one).await, Some(handset("h2")), "only its own handset lets it go");
    house.write(unbind("h2", 7)).await;
    assert_eq!(changed().await, [(handset("h1"), 1), (handset("h2"), 2)]);
    assert_eq!(whose(house, &one).await, None);
    assert!(house.store.write(bind(house, "h9", one, None)).await.is_err(), "there is no such handset");
}

pub(crate) async fn a_passphrase_is_kept_sealed_and_opens_what_it_sealed(house: &House) {
    add(house, &["h1"]).await;
    let phone = name("奶奶", "小米 13");
    assert_eq!(house.store.passphrase_of_phone(&phone).await.unwrap(), None);
    house.write(bind(house, "h1", phone.clone(), Some("mysecreTpass01"))).await;
    let kept = house.store.passphrase_of_phone(&phone).await.unwrap().unwrap();
    let sealed = Passphrase::new("mysecreTpass01").unwrap().seal(&[3; NONCE_BYTES], b"message");
    assert_eq!(kept.open(&sealed).unwrap(), b"message");
    let columns = house.ask("SELECT CAST(LENGTH(passphrase_sealed) AS BIGINT) FROM phones").await;
    assert_eq!(columns, 24 + 14 + 16, "nonce, words, tag");
    let again = |passphrase| {
        let from = Some(handset("h1"));
        BindOwnTracks { from, ..bind(house, "h1", phone.clone(), passphrase) }
    };
    house.write(again(None)).await;
    assert_eq!(house.store.passphrase_of_phone(&phone).await.unwrap(), None, "it can be taken away again");
    for words in ["", "this passphrase is longer than 32"] {
        let refused = house.store.write(again(Some(words))).await;
        assert!(!matches!(refused, Ok(()) | Err(JobError::Conflict)), "{words:?}: {refused:?}");
    }
}

pub(crate) async fn an_osmand_id_is_known_by_its_hash_and_replaced(house: &House) {
    add(house, &["h1", "h2"]).await;
    let (first, second) = ("first-0123456789", "second-0123456789");
    house.write(bind_osmand(house, "h1", first)).await;
    let found = async |text: &str| house.store.handset_of_osmand(&id(text)).await.unwrap();
    assert_eq!(found(first).await, Some((handset("h1"), false)));
    assert_eq!(found(&first.to_uppercase()).await, None);
    assert_eq!(
        house.ask("SELECT CAST(LENGTH(id_tag) AS BIGINT) FROM phones").await,
        32,
        "a hash and nothing of the id"
    );
    assert!(house.store.write(bind_osmand(house, "h2", first)).await.is_err(), "an id is one handset's");
    let from = house.store.osmand_of(&handset("h1")).await.unwrap();
    house.write(BindOsmAnd { from, ..bind_osmand(house, "h1", second) }).await;
    assert_eq!((found(first).await, found(second).await), (None, Some((handset("h1"), false))));
    let change = HandsetChange::State(HandsetState::Stolen);
    house.write(ChangeHandset { handset: handset("h1"), change, at: at(5), audit: Vec::new() }).await;
    assert_eq!(
        found(second).await,
        Some((handset("h1"), true)),
        "whose it is is known, and that it is stolen"
    );
    assert_eq!(house.store.phones_of(&handset("h1")).await.unwrap(), [Phone::OsmAnd]);
    let audit = vec![audit("unbind", at(5))];
    house.write(UnbindPhone { handset: handset("h1"), phone: Phone::OsmAnd, audit }).await;
    assert_eq!(found(second).await, None);
    let recorded = house.ask("SELECT COUNT(*) FROM audit WHERE action IN ('bind', 'unbind')").await;
    assert_eq!(recorded, 3, "what was refused is not");
}

/// Two administrators look, and then both bind: one of them is told that somebody was there before, and nothing of theirs is written.
pub(crate) async fn of_two_who_bind_at_once_one_is_refused(house: &House) {
    add(house, &["h1", "h2"]).await;
    let phone = name("wang", "redmi");
    assert_eq!(whose(house, &phone).await, None, "both see that nobody has it");
    house.write(bind(house, "h1", phone.clone(), Some("mysecreTpass01"))).await;
    for (to, what) in [("h2", "to another handset"), ("h1", "to the same, with another key")] {
        let refused = house.store.write(bind(house, to, phone.clone(), None)).await;
        assert!(matches!(refused, Err(JobError::Conflict)), "{what}: {refused:?}");
    }
    assert_eq!(whose(house, &phone).await, Some(handset("h1")));
    assert!(house.store.passphrase_of_phone(&phone).await.unwrap().is_some(), "the first one's key holds");
    assert_eq!(house.store.handsets_changed(0).await.unwrap(), [], "nobody was sent away for it");

    let (first, second, third) = ("first-0123456789", "second-0123456789", "third-0123456789");
    house.write(bind_osmand(house, "h1", first)).await;
    let refused = house.store.write(bind_osmand(house, "h1", second)).await;
    assert!(matches!(refused, Err(JobError::Conflict)), "the first id was shown a moment ago: {refused:?}");
    let seen = house.store.osmand_of(&handset("h1")).await.unwrap();
    assert!(seen.is_some() && house.store.osmand_of(&handset("h2")).await.unwrap().is_none());
    let replace = |text| BindOsmAnd { from: seen.clone(), ..bind_osmand(house, "h1", text) };
    house.write(replace(second)).await;
    let refused = house.store.write(replace(third)).await;
    assert!(matches!(refused, Err(JobError::Conflict)), "another one has replaced it: {refused:?}");
    assert_eq!(house.store.handset_of_osmand(&id(second)).await.unwrap(), Some((handset("h1"), false)));
    let recorded = house.ask("SELECT COUNT(*) FROM audit WHERE action = 'bind'").await;
    assert_eq!(recorded, 3, "what was refused is not");
}

pub(crate) async fn what_is_put_out_by_hand_goes_on_record(house: &House) {
    let messages = vec![message("h1", "locate", "1", at(1)), message("h2", "locate", "2", at(1))];
    let commands = vec![(command("h1", "c-1", at(1)), messages)];
    let keys = house.store.keys().clone();
    house.write(PutCommands { commands, keys, audit: vec![audit("locate", at(1))] }).await;
    for (to, payload) in [("h1", "1"), ("h2", "2")] {
        let waiting = house.store.waiting(&handset(to), 0, 10, at(2)).await.unwrap();
        assert_eq!(waiting.iter().map(|row| row.payload.as_str()).collect::<Vec<_>>(), [payload]);
    }
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'locate'").await, 1);
    let on = async |topic: &str, second| {
        let found = house.store.waiting_on(&handset("h1"), topic, 10, at(second)).await.unwrap();
        found.into_iter().map(|row| row.payload).collect::<Vec<_>>()
    };
    assert_eq!(on("jjl/h1/down/progress", 2).await, ["1"]);
    assert!(
        on("jjl/h1/down/receipt", 2).await.is_empty() && on("jjl/h1/down/progress", 101).await.is_empty()
    );
}
