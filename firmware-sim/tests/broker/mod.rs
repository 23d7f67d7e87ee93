//! Debian's Mosquitto, started and stopped by a test, and a client of it that plays the platform.
#![expect(unreachable_pub, reason = "each test that uses this is a crate of its own")]

use protocol::{DownKind, Receipt, UpKind, UpTopic, decode_press, down_topic};
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const MOSQUITTO: &str = "/usr/sbin/mosquitto";

/// A broker that ends with the test.
pub struct Broker(Child);

impl Broker {
    pub fn start(folder: &Path, port: u16) -> Self {
        let file = folder.join("mosquitto.conf");
        std::fs::write(
            &file,
            format!("listener {port} 127.0.0.1\nmax_inflight_messages 0\nmax_queued_messages 0\nallow_anonymous true\npersistence false\n"),
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

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Reads every press and receipts it from the given send on: with 2 the first send is always repeated.
pub async fn play_the_platform(port: u16, receipt_from: u32) {
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
                let press = decode_press(&message.payload, now).message;
                let (press_id, cancel) = (press.press_id.unwrap(), press.cancel);
                let times = heard.entry(press_id.clone()).or_default();
                *times += 1;
                if *times >= receipt_from {
                    let receipt = Receipt { press_id: Some(press_id), received_at: now, cancel };
                    let down = down_topic(&topic.handset, DownKind::Receipt);
                    client.try_publish(down, QoS::AtLeastOnce, false, receipt.to_json()).unwrap();
                }
            }
            Ok(_) => {}
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Says that the test did not run, where there is no Mosquitto; fails where it counts.
pub fn is_missing() -> bool {
    if Path::new(MOSQUITTO).exists() {
        return false;
    }
    #[expect(clippy::disallowed_methods, reason = "a test that cannot run must fail where it counts")]
    let required = std::env::var("CI").is_ok_and(|ci| !ci.is_empty() && ci != "false");
    assert!(!required, "{MOSQUITTO} is missing; scripts/packages.sh installs it");
    eprintln!("NOT RUN: {MOSQUITTO} is missing; scripts/packages.sh installs it");
    true
}
