//! Wrong passwords are slowed down, right ones never locked out.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use futures_util::future::join_all;
use ingest::hall::{Hall as _, LogIn};
use model::{Signal, SignalKind, SignedDuration};
use store::{OfferClaim, TakeClaim, secrets};

use crate::house::{Answer, House, answer, handset};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2));
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
    let LogIn::Welcome { rights, .. } = house.accept.log_in("h1", b"h1", HERE).await else {
        unreachable!("h1 is welcome")
    };
    assert_eq!(rights.handset(), &handset("h1"));
    assert!(
        rights.publishes("owntracks/u/d/event").is_ok() && rights.publishes("owntracks/other/d").is_err()
    );
    assert_eq!(house.accept.log_in("h1", b"h2", HERE).await, LogIn::Refused);
    assert_eq!(house.accept.log_in("h1", b"h2", HERE).await, LogIn::Refused, "the second time it is known");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_floods_the_queue_of_an_address_holds_up_no_other() {
    let house = House::open().await;
    let flood = (0..100).map(|number| {
        let accept = &house.accept;
        async move { accept.log_in("h1", format!("guess-{number}").as_bytes(), HERE).await }
    });
    let mut flood = Box::pin(join_all(flood));
    assert!(futures_util::poll!(&mut flood).is_pending());
    let elsewhere = async {
        let welcomed = house.accept.log_in("h2", b"h2", THERE).await;
        assert!(matches!(welcomed, LogIn::Welcome { .. }), "{welcomed:?}");
    };
    tokio::select! {
        biased;
        _ = &mut flood => unreachable!("a hundred slow hashes take longer than one"),
        () = elsewhere => {}
    }
    let answers = flood.await;
    // Some are through before the last come.
    let crowded = answers.iter().filter(|answer| **answer == LogIn::Crowded).count();
    assert!((20..=100 - 64).contains(&crowded), "{crowded}");
    assert!(answers.iter().all(|answer| matches!(answer, LogIn::Crowded | LogIn::Refused)), "{answers:?}");
    house.close().await;
}

#[tokio::test]
async fn a_wrong_secret_under_a_known_name_is_told_of_once_an_hour() {
    let house = House::open().await;
    for (name, password) in
        [("h1", "wrong"), ("h1", "wrong"), ("h1", "wrong again"), ("nobody", "x"), ("h2", "h2")]
    {
        house.accept.log_in(name, password.as_bytes(), HERE).await;
    }
    let told = once_told(&house).await;
    let [signal] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((signal.kind, signal.handset.as_ref()), (SignalKind::LoginRefused, Some(&handset("h1"))));
    house.close().await;
}

/// A box of watches is provisioned on one day and switched on a week later; an app may open two connections at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_was_fetched_in_time_opens_the_door_whenever_it_is_first_used() {
    let house = House::open().await;
    let ago = |hours| house.now() - SignedDuration::from_hours(hours);
    let code = "a-code".to_owned();
    let offer = OfferClaim {
        handset: handset("h1"),
        no_secret_hash: String::new(),
        code: code.clone(),
        at: ago(200),
        expires_at: ago(128),
        by: "admin".to_owned(),
        audit: Vec::new(),
    };
    house.write(offer).await;
    let secret_hash = secrets::hash_handset_secret(b"fetched").unwrap();
    let (at, source) = (ago(199), "10.0.0.9".to_owned());
    house.write(TakeClaim { code, handset: handset("h1"), secret_hash, at, source, audit: Vec::new() }).await;
    assert!(
        matches!(house.accept.log_in("h1", b"h1", HERE).await, LogIn::Welcome { .. }),
        "the old one until then"
    );
    let (one, two) = tokio::join!(
        house.accept.log_in("h1", b"fetched", HERE),
        house.accept.log_in("h1", b"fetched", THERE)
    );
    assert!(matches!((&one, &two), (LogIn::Welcome { .. }, LogIn::Welcome { .. })), "{one:?} {two:?}");
    assert_eq!(house.accept.log_in("h1", b"h1", HERE).await, LogIn::Refused, "and then no more");
    house.close().await;
}

/// The technical signals, as soon as there are some.
pub(crate) async fn once_told(house: &House) -> Vec<Signal> {
    loop {
        let told = told(house).await;
        if !told.is_empty() {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn told(house: &House) -> Vec<Signal> {
    let now = house.clock.now();
    let hour = SignedDuration::from_hours(1);
    let told = house.store.signals_without_incident(now - hour, now + hour, None, 100).await.unwrap();
    told.into_iter().map(|(signal, _)| signal).collect()
}
