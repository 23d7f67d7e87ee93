//! When are two presses one? Only when everything that tells them apart is equal.

use model::Remark;
use store::TakenPress;

use super::presses::new;
use crate::common::{
    House,
    made::{at, press, take},
};

pub(crate) async fn a_press_is_the_same_only_if_everything_is(house: &House) {
    let first = press("p-1");
    new(house.write(take("h1", &first, at(60))).await);
    let others = [
        ("h2", first.clone(), false),
        ("h1", first.replace("p-1", "p-2"), false),
        ("h1", first.replace("\"b\"", "\"c\""), true),
        ("h1", first.replace(":1,", ":2,"), true),
        ("h1", first.replace("08:00:00", "08:00:01"), true),
        ("h1", first.replace("\"fix\"", "\"cancel\":true,\"fix\""), false),
    ];
    for (from, bytes, is_reused) in &others {
        let signal = new(house.write(take(from, bytes, at(61))).await);
        assert_eq!(signal.remarks.contains(&Remark::IdReused), *is_reused, "{from} {bytes}");
    }
    for (from, bytes, _) in &others {
        assert_eq!(house.write(take(from, bytes, at(62))).await, TakenPress::Repeat, "{from} {bytes}");
    }
    let elsewhere = first.replace("null", r#"{"lat":33.9,"lon":118.2,"fix_time":"2026-11-23T08:00:00Z"}"#);
    assert_eq!(house.write(take("h1", elsewhere, at(63))).await, TakenPress::Repeat, "only these six count");
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals").await, 7);
}

pub(crate) async fn presses_without_identity_are_each_their_own(house: &House) {
    for second in 0..3 {
        let signal = new(house.write(take("h1", "help", at(second))).await);
        assert!(!signal.remarks.contains(&Remark::IdReused));
    }
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals").await, 3);
}

pub(crate) async fn equal_bytes_at_the_same_moment_are_two_presses(house: &House) {
    let first = new(house.write(take("h1", "", at(60))).await);
    let second = new(house.write(take("h1", "", at(60))).await);
    assert_ne!(first.id, second.id);
    for signal in [first, second] {
        assert_eq!(house.store.press_payload(&signal.id).await.unwrap(), Some(Vec::new()));
    }
}
