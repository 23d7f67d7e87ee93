//! Bodies that say they are packed: none is unpacked, and none is taken for what it is not.

use crate::house::{House, ID, answer};

/// Ten mebibytes of zeros in some 64,000 bytes, as gzip: a literal, and matches of 258 bytes, of which eight fill thirteen
/// bytes.
fn bomb() -> Vec<u8> {
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x63, 0x18];
    let eight = [0x05, 0xa3, 0x60, 0x14, 0x8c, 0x82, 0x51, 0x30, 0x0a, 0x46, 0xc1, 0x28, 0x18];
    [head.as_slice(), &eight.repeat(4_900)].concat()
}

#[tokio::test]
async fn what_is_packed_is_refused_and_leaves_nothing() {
    let house = House::open().await;
    for coding in ["gzip", "GZIP", "deflate", "br", "zstd", "identity, gzip", "x"] {
        for request in [
            house.post_as("u", "d", ""),
            house.post_bare(""),
            house.post_osmand("").query(&[("id", ID), ("lat", "33.9"), ("lon", "118.2")]),
            house.post_osmand(""),
        ] {
            let refused = answer(request.header("Content-Encoding", coding).body(bomb())).await;
            assert_eq!(refused.status, 415, "{coding}");
            assert!(refused.text.contains("\"packed\""), "{}", refused.text);
        }
    }
    assert_eq!(house.fixes("h1").await, 0);
    assert!(house.misfits().await.is_empty());
    assert!(house.store.signals_after(0, 10).await.unwrap().is_empty());
    house.close().await;
}

#[tokio::test]
async fn what_says_that_it_is_not_packed_is_taken() {
    let house = House::open().await;
    for (second, coding) in [(1, "identity"), (2, "Identity")] {
        let location = format!(
            r#"{{"_type":"location","lat":33.9624,"lon":118.2757,"acc":12,"tst":{}}}"#,
            1_795_000_000 + second
        );
        let taken = house.post_as("u", "d", location).header("Content-Encoding", coding);
        assert_eq!(answer(taken).await.status, 200, "{coding}");
    }
    assert_eq!(house.fixes("h1").await, 2);
    house.close().await;
}

/// The address can be read whatever the body is.
#[tokio::test]
async fn an_address_that_calls_for_help_is_heard_without_its_body() {
    let house = House::open().await;
    let call = house.post_osmand("").query(&[("id", ID), ("alarm", "sos")]);
    let taken = answer(call.header("Content-Encoding", "gzip").body(bomb())).await;
    assert_eq!(taken.status, 200);
    assert_eq!(house.store.signals_after(0, 10).await.unwrap().len(), 1);
    house.close().await;
}
