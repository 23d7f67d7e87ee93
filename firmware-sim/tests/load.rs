//! The load generator against Mosquitto, and against a small door that misbehaves on purpose.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod broker;
mod door;

use broker::{Broker, free_port, is_missing, play_the_platform};
use door::{Door, Manners};
use firmware_sim::load::{LoadConfig, Outage, Progress, Report, Version, run};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

fn config(mqtt: String) -> LoadConfig {
    LoadConfig {
        mqtt,
        version: Version::V3,
        handsets: 20,
        prefix: "t-".to_owned(),
        width: 4,
        seed: 1,
        fixes_a_second: 400.0,
        batch: 1,
        apart_ms: 1_000,
        presses_a_second: 0.0,
        lasting: Some(Duration::from_secs(2)),
        outage: None,
        drain: Duration::from_mins(1),
        connect_within: Duration::from_mins(1),
        connecting: 8,
        window: 10_000,
        tick: Duration::ZERO,
    }
}

fn load(config: &LoadConfig) -> Report {
    run(config, &CancellationToken::new(), &mut Progress::silent()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_nobody_here_wrote_understands_both_versions_ticks_and_batches() {
    if is_missing() {
        return;
    }
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let _broker = Broker::start(folder.path(), port);
    let (stop, tracker) = (CancellationToken::new(), TaskTracker::new());
    let platform_stop = stop.clone();
    tracker
        .spawn(async move { platform_stop.run_until_cancelled(Box::pin(play_the_platform(port, 2))).await });
    let base = config(format!("127.0.0.1:{port}"));
    for (version, batch, tick_us) in [(Version::V3, 1, 0), (Version::V5, 1, 500), (Version::V3, 40, 500)] {
        let tick = Duration::from_micros(tick_us);
        let config = LoadConfig { version, batch, tick, presses_a_second: 5.0, ..base.clone() };
        let report = tokio::task::spawn_blocking(move || load(&config)).await.unwrap();
        assert!(report.complete, "{report}");
        assert_eq!((report.fixes.due, report.fixes.acknowledged), (800, 800));
        assert_eq!(report.fixes.messages_sent, 800 / u64::from(batch));
        assert_eq!((report.presses.made, report.presses.receipted), (10, 10));
        assert!(report.presses.repeats >= 10, "the first send is never receipted: {report}");
        assert_eq!(report.fixes.puback_ms.count, report.fixes.messages_acknowledged);
        assert_eq!(report.connections.up_at_the_end, 20);
    }
    stop.cancel();
    tracker.close();
    tracker.wait().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_got_over_and_its_presses_are_told_from_those_of_now() {
    if is_missing() {
        return;
    }
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let _broker = Broker::start(folder.path(), port);
    let (stop, tracker) = (CancellationToken::new(), TaskTracker::new());
    let platform_stop = stop.clone();
    tracker
        .spawn(async move { platform_stop.run_until_cancelled(Box::pin(play_the_platform(port, 1))).await });
    let lasting = Duration::from_hours(3);
    let outage = Outage { lasting, apart: Duration::from_secs(10), presses: 7, oldest_first: false };
    let config = LoadConfig {
        outage: Some(outage),
        fixes_a_second: 0.0,
        presses_a_second: 2.0,
        connecting: usize::MAX,
        window: 2,
        ..config(format!("127.0.0.1:{port}"))
    };
    let report = tokio::task::spawn_blocking(move || load(&config)).await.unwrap();
    assert!(report.complete, "{report}");
    assert_eq!(report.fixes.acknowledged, 20 * 1_080);
    assert_eq!(report.fixes.messages_acknowledged, 20 * 4, "one newest and three batches each");
    assert_eq!((report.presses.late_receipt_ms.count, report.presses.receipt_ms.count), (7, 4));
    let recovered = report.recovered_after_s.unwrap();
    let everything = recovered.everything.unwrap();
    assert!(recovered.last_press_receipt.unwrap() <= everything);
    assert!(recovered.every_newest_position.unwrap() <= everything);
    stop.cancel();
    tracker.close();
    tracker.wait().await;
}

#[test]
fn a_door_that_stands_still_shows_in_all_messages_of_that_time() {
    // A generator that waits for answers would send one message in that second and find all others quick.
    let stall = Manners::StandStill { after: 200, lasting: Duration::from_secs(1) };
    let door = Door::open(stall);
    let report = load(&config(door.address()));
    assert!(report.complete, "{report}");
    let waits = &report.fixes.puback_ms;
    assert_eq!(waits.count, 800);
    // Half of the messages fall into the second; half of those waited for half of it or longer. On a slow machine all
    // of these grow.
    assert!(waits.max >= 900.0, "{report}");
    assert!(waits.p90 >= 500.0, "{report}");
}

#[test]
fn what_a_lost_connection_swallowed_is_sent_again_with_the_same_bytes() {
    let door = Door::open(Manners::HangUpOnce { after: 20 });
    let report = load(&LoadConfig { presses_a_second: 10.0, ..config(door.address()) });
    assert!(report.complete, "{report}");
    assert!(report.connections.lost >= 20, "{report}");
    assert!(report.fixes.messages_sent_again > 0, "{report}");
    let mut sends: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for payload in door.heard() {
        *sends.entry(payload).or_default() += 1;
    }
    let (fixes, presses): (Vec<_>, Vec<_>) =
        sends.into_iter().partition(|(payload, _)| payload.starts_with(br#"{"boot""#));
    assert_eq!((fixes.len(), presses.len()), (800, 20), "a repeat is not a new message");
    assert!(fixes.iter().any(|(_, times)| *times > 1));
}

#[test]
fn a_handset_the_platform_does_not_know_is_said_by_name() {
    let door = Door::open(Manners::KnowNobody);
    let outcome = run(&config(door.address()), &CancellationToken::new(), &mut Progress::silent());
    let text = format!("{:#}", outcome.unwrap_err());
    assert!(text.contains("t-00") && text.contains("cannot log in"), "{text}");
}

#[test]
fn what_never_comes_is_missing() {
    let door = Door::open(Manners::SwallowFrom(300));
    let config = LoadConfig { drain: Duration::from_millis(300), ..config(door.address()) };
    let report = load(&config);
    assert!(!report.complete, "{report}");
    assert_eq!(report.fixes.missing, 500, "{report}");
    assert_eq!(report.fixes.messages_sent, 800);
    let owed = &report.fixes.owed_ms;
    assert_eq!(owed.count, 500, "{report}");
    assert_eq!(report.fixes.puback_ms.count, 300, "each is in one of the two: {report}");
    assert!(owed.p50 >= 300.0, "all of them are as old as was waited for them: {report}");
    assert!(report.to_string().contains("fix owed, age at the end"), "{report}");
}

#[test]
fn a_load_without_a_handset_is_no_load() {
    let door = Door::open(Manners::SwallowFrom(0));
    let config = LoadConfig { handsets: 0, ..config(door.address()) };
    let outcome = run(&config, &CancellationToken::new(), &mut Progress::silent());
    assert!(outcome.unwrap_err().to_string().contains("without a handset"));
}
