//! The radio against a broker nobody here wrote: Debian's Mosquitto, with a few lines that play the platform.
//!
//! Without Mosquitto the test says that it did not run; with `CI` set it fails instead.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod broker;

use broker::{Broker, free_port, is_missing, play_the_platform};
use firmware_sim::hammer::{HammerConfig, run};
use firmware_sim::made_up_handsets;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_reach_a_real_broker_and_survive_its_death() {
    if is_missing() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let broker = Broker::start(folder.path(), port);
    let (stop, tracker) = (CancellationToken::new(), TaskTracker::new());
    let platform_stop = stop.clone();
    tracker
        .spawn(async move { platform_stop.run_until_cancelled(Box::pin(play_the_platform(port, 2))).await });

    let journal = folder.path().join("presses.ndjson");
    let hammering = run(
        HammerConfig {
            mqtt: format!("127.0.0.1:{port}"),
            handsets: made_up_handsets("t-", 5, 1),
            seed: 1,
            press_for: Duration::from_secs(5),
            press_every: Duration::from_millis(700),
            fix_every: Duration::from_millis(100),
            drain: Duration::from_secs(30),
            journal: journal.clone(),
        },
        stop.child_token(),
    );
    let restarting = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        drop(broker);
        tokio::time::sleep(Duration::from_millis(500)).await;
        Broker::start(folder.path(), port)
    };
    let (outcome, _broker) = tokio::join!(hammering, restarting);
    let outcome = outcome.unwrap();
    stop.cancel();
    tracker.close();
    tracker.wait().await;

    assert!(outcome.complete(), "{outcome}");
    assert!(outcome.presses > 10 && outcome.fixes_acked > 100, "{outcome}");
    let text = std::fs::read_to_string(journal).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |event: &str| lines.iter().filter(|line| line["event"] == event).count();
    assert_eq!((count("pressed"), count("receipted")), (outcome.presses, outcome.presses));
    assert!(count("sent") >= 2 * outcome.presses, "every press was repeated at least once");
    assert!(count("acked") > 0);
}
