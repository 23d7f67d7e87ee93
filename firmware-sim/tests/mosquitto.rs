//! The radio against a broker nobody here wrote: Debian's Mosquitto, with a few lines that play the platform.
//!
//! Without Mosquitto the test says that it did not run; with `CI` set it fails instead.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use firmware_sim::hammer::{HammerConfig, run};
use firmware_sim::made_up_handsets;
use protocol::{DownKind, Receipt, UpKind, UpTopic, decode_press, down_topic};
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const MOSQUITTO: &str = "/usr/sbin/mosquitto";

/// A broker that ends with the test.
struct Broker(Child);

impl Broker {
    fn start(folder: &Path, port: u16) -> Self {
        let file = folder.join("mosquitto.conf");
        std::fs::write(
            &file,
            format!("listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n"),
        )
        .unwrap();
        let child = Command::new(MOSQUITTO)
            .arg("-c")
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            self.0.wait().unwrap();
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Reads every press and receipts the second and later sends of each: the first is always repeated.
async fn play_the_platform(port: u16) {
    let mut options = MqttOptions::new("platform", "127.0.0.1", port);
    options.set_max_packet_size(1024 * 1024, 1024 * 1024);
    let (client, mut event_loop) = AsyncClient::new(options, 1_024);
    let mut heard: BTreeMap<String, u32> = BTreeMap::new();
    loop {
        match event_loop.poll().await {
            Ok(Event::Incoming(Incoming::ConnAck(_))) => {
                client.try_subscribe("jjl/+/press", QoS::AtLeastOnce).unwrap();
            }
            Ok(Event::Incoming(Incoming::Publish(message))) => {
                let topic = UpTopic::parse(&message.topic).unwrap();
                assert_eq!(topic.kind, UpKind::Press);
                let now = "2026-11-23T08:00:00Z".parse().unwrap();
                let press_id = decode_press(&message.payload, now).message.press_id.unwrap();
                let times = heard.entry(press_id.clone()).or_default();
                *times += 1;
                if *times > 1 {
                    let receipt = Receipt { press_id: Some(press_id), received_at: now };
                    let down = down_topic(&topic.handset, DownKind::Receipt);
                    client.try_publish(down, QoS::AtLeastOnce, false, receipt.to_json()).unwrap();
                }
            }
            Ok(_) => {}
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_reach_a_real_broker_and_survive_its_death() {
    if !Path::new(MOSQUITTO).exists() {
        #[expect(clippy::disallowed_methods, reason = "a test that cannot run must fail where it counts")]
        let required = std::env::var("CI").is_ok_and(|ci| !ci.is_empty() && ci != "false");
        assert!(!required, "{MOSQUITTO} is missing; scripts/packages.sh installs it");
        eprintln!("NOT RUN: {MOSQUITTO} is missing; scripts/packages.sh installs it");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let broker = Broker::start(folder.path(), port);
    let (stop, tracker) = (CancellationToken::new(), TaskTracker::new());
    let platform_stop = stop.clone();
    tracker.spawn(async move { platform_stop.run_until_cancelled(play_the_platform(port)).await });

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
