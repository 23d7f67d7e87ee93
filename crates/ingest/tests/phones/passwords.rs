//! Wrong passwords are slowed down, right ones never locked out.

use futures_util::future::join_all;
use ingest::hall::{Hall as _, LogIn};

use crate::house::{Answer, House, answer, handset};

const LOCATION: &str = r#"{"_type":"status"}"#;

async fn log_in(house: &House, password: &str) -> Answer {
    let post = house.post_bare(LOCATION).basic_auth("h1", Some(password));
    answer(post.query(&[("u", "u"), ("d", "d")])).await
}

#[tokio::test]
async fn nobodys_credentials_are_refused_and_asked_for() {
    let house = House::open().await;
    let post = || house.post_bare(LOCATION).query(&[("u", "u"), ("d", "d")]);
    for request in [
        post(),
        post().basic_auth("h1", Some("wrong")),
        post().basic_auth("h1", None::<&str>),
        post().basic_auth("nobody", Some("nobody")),
        post().basic_auth("a/b", Some("x")),
        post().bearer_auth("x"),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 401);
        assert!(response.headers()["www-authenticate"].as_bytes().starts_with(b"Basic"));
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
    assert!(house.kinds().await.is_empty());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_password_gets_in_behind_a_crowd_of_wrong_ones() {
    let house = House::open().await;
    for number in 0..8 {
        assert_eq!(log_in(&house, &format!("wrong-{number}")).await.status, 401);
    }
    let crowd = (0..12).map(|number| {
        let house = &house;
        async move { log_in(house, &format!("guess-{number}")).await.status }
    });
    let (refused, right) = tokio::join!(join_all(crowd), log_in(&house, "h1"));
    assert!(refused.iter().all(|status| *status == 401), "{refused:?}");
    assert_eq!(right.status, 200);
    // Known by now, it waits for nobody any more, and the crowd is as wrong as before.
    assert_eq!(log_in(&house, "h1").await.status, 200);
    assert_eq!(log_in(&house, "guess-0").await.status, 401);
    house.close().await;
}

#[tokio::test]
async fn a_log_in_brings_its_own_phones() {
    let house = House::open().await;
    let LogIn::Welcome(rights) = house.accept.log_in("h1", b"h1").await else {
        unreachable!("h1 is welcome")
    };
    assert_eq!(rights.handset(), &handset("h1"));
    assert!(
        rights.publishes("owntracks/u/d/event").is_ok() && rights.publishes("owntracks/other/d").is_err()
    );
    assert_eq!(house.accept.log_in("h1", b"h2").await, LogIn::Refused);
    assert_eq!(house.accept.log_in("h1", b"h2").await, LogIn::Refused, "the second time it is known");
    house.close().await;
}
