//! OwnTracks, by MQTT and by HTTP.

use bus::Bus as _;
use protocol::{NONCE_BYTES, Passphrase, decode_status};

use crate::house::{House, PASSPHRASE, answer, handset};

/// Every region of an app, a beacon among them.
const WAYPOINTS: &str = r#"{"_type":"waypoints","waypoints":[
    {"_type":"waypoint","desc":"家","lat":33.9624,"lon":118.2757,"rad":80,"tst":1795000000,"rid":"7f3a"},
    {"_type":"waypoint","desc":"床","uuid":"CA271EAE-5FA8-4E80-8F08-2A302A95A959","major":1,"minor":1,"tst":1795000001}]}"#;
/// What an iPhone's app says of its rights.
const STATUS: &str = r#"{"_type":"status","_id":"a1b2","iOS":{"version":"18.1","locationManagerAuthorizationStatus":"kCLAuthorizationStatusAuthorizedAlways","backgroundRefreshStatus":"UIBackgroundRefreshStatusAvailable"}}"#;

fn location(second: i64) -> String {
    format!(
        r#"{{"_type":"location","lat":33.9624,"lon":118.2757,"acc":12,"tst":{}}}"#,
        1_795_000_000 + second
    )
}

fn sealed(passphrase: &str, inner: &str) -> String {
    let data = Passphrase::new(passphrase).unwrap().seal(&[9; NONCE_BYTES], inner.as_bytes());
    format!(r#"{{"_type":"encrypted","data":"{data}"}}"#)
}

/// What was kept of a kind, newest first.
async fn reasons(house: &House) -> Vec<String> {
    house.misfits().await.into_iter().map(|misfit| misfit.reason).collect()
}

#[tokio::test]
async fn a_location_is_on_disk_and_on_the_map() {
    let house = House::open().await;
    house.publish("owntracks/u/d", &location(1)).await;
    let fix = house.store.newest_fix(&handset("h1")).await.unwrap().unwrap();
    assert_eq!((fix.fix_time.as_second(), fix.accuracy_m), (1_795_000_001, 12.0));
    assert_eq!(house.bus.position(&handset("h1")), Some(fix));
    house.publish("owntracks/u/d", &location(0)).await;
    assert_eq!(
        house.bus.position(&handset("h1")).unwrap().fix_time.as_second(),
        1_795_000_001,
        "late is history"
    );
    assert_eq!(house.fixes("h1").await, 2);
    assert!(house.misfits().await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn what_is_no_location_is_kept_and_nothing_is_nothing() {
    let house = House::open().await;
    for (topic, payload) in [
        ("owntracks/u/d/event", r#"{"_type":"transition","event":"enter","desc":"home","tst":1795000000}"#),
        (
            "owntracks/u/d/waypoint",
            r#"{"_type":"waypoint","desc":"home","lat":33.9,"lon":118.2,"rad":"50","tst":"1"}"#,
        ),
        ("owntracks/u/d/waypoints", WAYPOINTS),
        ("owntracks/u/d/status", STATUS),
        ("owntracks/u/d/info", r#"{"_type":"card","name":"奶奶"}"#),
        ("owntracks/u/d", r#"{"_type":"lwt","tst":1795000000}"#),
        ("owntracks/u/d/step", r#"{"_type":"steps","steps":12}"#),
        ("owntracks/u/d", ""),
    ] {
        house.publish(topic, payload).await;
    }
    assert!(house.misfits().await.is_empty());
    assert_eq!(house.fixes("h1").await, 0);
    assert_eq!(
        house.kinds().await,
        ["transition", "waypoint", "waypoints", "status", "card", "lwt", "other"]
    );
    house.close().await;
}

/// As they came, by either door, also those that were sealed.
#[tokio::test]
async fn regions_and_what_the_app_may_do_are_kept_whole() {
    let house = House::open().await;
    house.publish("owntracks/u/d/waypoints", WAYPOINTS).await;
    house.publish("owntracks/u/d/status", &sealed(PASSPHRASE, STATUS)).await;
    for payload in [STATUS.to_owned(), sealed(PASSPHRASE, WAYPOINTS)] {
        assert_eq!(answer(house.post_as("u", "d", payload)).await.status, 200);
    }
    let kept = house.store.messages_of(&handset("h1"), 10).await.unwrap();
    let kept: Vec<_> =
        kept.iter().rev().map(|message| (message.kind.as_str(), message.payload.as_slice())).collect();
    let (waypoints, status) = (("waypoints", WAYPOINTS.as_bytes()), ("status", STATUS.as_bytes()));
    assert_eq!(kept, [waypoints, status, status, waypoints]);
    assert!(house.misfits().await.is_empty());
    assert_eq!(house.fixes("h1").await, 0);
    house.close().await;
}

/// The watch of the battery hears of it as of any handset's status.
#[tokio::test]
async fn whether_a_phone_is_on_its_charger_is_kept_when_it_changes() {
    let house = House::open().await;
    for (second, bs) in [(1, 1), (2, 1), (3, 0), (4, 2), (5, 3)] {
        house
            .publish("owntracks/u/d", &location(second).replace("\"acc\"", &format!("\"bs\":{bs},\"acc\"")))
            .await;
    }
    let heard = house.store.messages_after(0, 10).await.unwrap();
    let told: Vec<Option<bool>> = heard
        .iter()
        .map(|message| decode_status(message.status.as_ref().unwrap(), message.received_at).message.charging)
        .collect();
    assert_eq!(told, [Some(false), Some(true)], "and unknown is nothing that was said");
    assert_eq!(house.fixes("h1").await, 5);
    house.close().await;
}

#[tokio::test]
async fn what_lies_or_means_nothing_is_in_quarantine_whole() {
    let house = House::open().await;
    let lie = r#"{"_type":"location","lat":99,"lon":118,"tst":1795000000}"#;
    house.publish("owntracks/u/d", lie).await;
    house.publish("owntracks/u/d", "help").await;
    let misfits = house.misfits().await;
    let told: Vec<_> =
        misfits.iter().map(|misfit| (misfit.reason.as_str(), misfit.payload.as_slice())).collect();
    assert_eq!(
        told,
        [("payload: is not JSON", &b"help"[..]), ("lat: latitude 99 is outside -90..90", lie.as_bytes())]
    );
    assert!(misfits.iter().all(|misfit| misfit.topic == "owntracks/u/d"));
    assert_eq!(house.fixes("h1").await, 0);
    house.close().await;
}

#[tokio::test]
async fn what_is_sealed_is_opened_by_its_phones_passphrase_alone() {
    let house = House::open().await;
    house.publish("owntracks/u/d", &sealed(PASSPHRASE, &location(1))).await;
    house.publish("owntracks/u/d", &location(2)).await;
    assert_eq!(house.fixes("h1").await, 2, "sealed or not");
    house.publish("owntracks/u/d", &sealed("another", &location(3))).await;
    house.publish("owntracks/u/d", &sealed(PASSPHRASE, &sealed(PASSPHRASE, &location(4)))).await;
    house.publish("owntracks/other/d", &sealed(PASSPHRASE, &location(5))).await;
    assert_eq!(
        reasons(&house).await,
        [
            "it is sealed, and this phone has no passphrase here",
            "it was sealed twice",
            "it does not open with this phone's passphrase"
        ]
    );
    assert_eq!(house.fixes("h1").await, 2);
    house.close().await;
}

#[tokio::test]
async fn a_post_is_answered_when_it_is_on_disk() {
    let house = House::open().await;
    let taken = answer(house.post_as("u", "d", location(1))).await;
    assert_eq!((taken.status, taken.text.as_str(), house.fixes("h1").await), (200, "[]", 1));
    let taken = answer(house.post(location(2)).query(&[("u", "u"), ("d", "d")])).await;
    assert_eq!((taken.status, house.fixes("h1").await), (200, 2));
    let nothing = answer(house.post_as("u", "d", "")).await;
    assert_eq!((nothing.status, nothing.text.as_str()), (200, "[]"));
    assert!(house.misfits().await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn an_iphone_says_its_topic_in_the_message_sealed_or_not() {
    let house = House::open().await;
    let inner = location(1).replace("\"acc\"", "\"topic\":\"owntracks/u/d\",\"acc\"");
    for payload in [inner.clone(), sealed(PASSPHRASE, &inner), sealed(PASSPHRASE, &location(2))] {
        assert_eq!(answer(house.post(payload)).await.status, 200);
    }
    assert_eq!(house.fixes("h1").await, 2, "the first was sent twice, once sealed");
    let elsewhere = inner.replace("owntracks/u/d", "owntracks/other/d");
    assert_eq!(answer(house.post(sealed(PASSPHRASE, &elsewhere))).await.status, 403);
    assert_eq!(answer(house.post(location(3))).await.status, 400);
    assert_eq!(answer(house.post(sealed("another", &inner))).await.status, 400);
    assert_eq!(
        reasons(&house).await,
        [
            "posted without saying which phone it is",
            "posted without saying which phone it is",
            "owntracks/other/d is not bound to handset h1"
        ]
    );
    house.close().await;
}

#[tokio::test]
async fn somebody_elses_phone_is_refused_and_kept_aside() {
    let house = House::open().await;
    for (user, device) in [("other", "d"), ("u", "x"), ("U", "d")] {
        let refused = answer(house.post_as(user, device, location(1))).await;
        assert_eq!(refused.status, 403);
        assert!(refused.text.contains("not_its_phone"), "{}", refused.text);
    }
    assert_eq!((house.misfits().await.len(), house.fixes("h1").await, house.fixes("h2").await), (3, 0, 0));
    house.close().await;
}

/// Refused, it would come again for ever, before all that is behind it.
#[tokio::test]
async fn what_is_too_large_is_kept_by_its_beginning_and_not_read_of_a_stranger() {
    let house = House::open().await;
    let mebibytes = |count: usize| "x".repeat(count * 1024 * 1024);
    let stranger = answer(house.post_bare(mebibytes(5)).basic_auth("h1", Some("no"))).await;
    assert_eq!(stranger.status, 401);
    assert!(house.misfits().await.is_empty());
    for (count, kept_bytes, reason) in
        [(1, 1024 * 1024, "is not JSON"), (5, 64 * 1024, "payload of 5242880 bytes, at most 4194304")]
    {
        assert_eq!(answer(house.post_as("u", "d", mebibytes(count))).await.status, 200, "{count}");
        let newest = house.misfits().await.remove(0);
        assert_eq!(newest.payload.len(), kept_bytes);
        assert!(newest.reason.contains(reason), "{}", newest.reason);
    }
    let location = location(1).replace("\"acc\"", &format!("\"note\":\"{}\",\"acc\"", mebibytes(1)));
    assert_eq!(answer(house.post_as("u", "d", location)).await.status, 200);
    assert_eq!(house.fixes("h1").await, 1);
    house.close().await;
}

#[tokio::test]
async fn a_waiting_command_is_given_over_once() {
    let house = House::open().await;
    let ask = r#"{"_type":"cmd","action":"reportLocation"}"#;
    // News for a listener that this phone is not stand in front.
    for number in 0..40 {
        house.command(&format!("receipt:{number}"), "jjl/h1/down/receipt", "{}").await;
    }
    house.command("locate", "owntracks/u/d/cmd", ask).await;
    house.command("elsewhere", "owntracks/u/watch/cmd", ask).await;
    assert_eq!(answer(house.post_as("u", "d", location(1))).await.text, format!("[{ask}]"));
    assert_eq!(answer(house.post_as("u", "d", location(2))).await.text, "[]");
    house.close().await;
}
