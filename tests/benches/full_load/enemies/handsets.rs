//! Handsets that are let in and then break the rules, each kind under a name of its own.

use super::{Deeds, doors::until_closed};
use anyhow::{Result, ensure};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tests::{
    clock,
    wire::{self, Version, Wire},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};

/// What the door takes in from the two that never end: messages that mean nothing, and fixes dated before the last one.
pub(super) const NONSENSE: &str = "malformed_messages";
pub(super) const BACKWARDS: &str = "fixes_of_a_clock_that_runs_backwards";
/// So much nonsense before its acknowledgements are waited for.
const AT_ONCE: u16 = 64;
/// Where a CONNACK of 3.1.1 says whether somebody is let in: zero is a yes.
const CODE_AT: usize = 3;
/// Fixes of one message, two hundred times what one may hold.
const BATCH: usize = 100_000;
/// A press larger than the door reads whole.
const PRESS_BYTES: usize = 20 << 20;
/// Fixes a second of the handset whose clock runs backwards: a hundred.
const STEP: Duration = Duration::from_millis(10);
/// How far it runs back with each.
const BACK_S: i64 = 60;

/// A last will on somebody else's topic; the door refuses the log-in.
pub(super) async fn leave_a_will(port: u16) -> Result<()> {
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    let will = ("jjl/demo-0001/press", r#"{"press_id":"not mine"}"#);
    tcp.write_all(&wire::connect_with_will("will", "demo-0183", "demo-0183", will)).await?;
    let mut answer = Vec::new();
    until_closed(tcp.read_to_end(&mut answer)).await?;
    ensure!(answer.get(CODE_AT) != Some(&0), "let in with a will on another's topic");
    Ok(())
}

/// Topics that no client may publish on, each of which costs it the connection.
pub(super) async fn misname(port: u16) -> Result<()> {
    for topic in ["jjl/demo-0184/fix\0", "jjl/+/press", "jjl/#", "#", "\0", "jjl/demo-0184/press/+"] {
        let mut wire = Wire::connect(port, Version::V3, "demo-0184").await?;
        wire.send(&wire::publish(Version::V3, topic, 1, 1, b"{}")).await?;
        wire.ended().await?;
    }
    Ok(())
}

pub(super) async fn send_far_too_much(port: u16) -> Result<()> {
    let mut wire = Wire::connect(port, Version::V3, "demo-0192").await?;
    let fix = r#"{"seq":1,"fix_time":"2026-11-23T08:15:04Z","lat":33.96,"lon":118.27,"accuracy_m":18,"method":"gps"}"#;
    let batch = format!(r#"{{"boot":"a","fixes":[{}]}}"#, vec![fix; BATCH].join(","));
    wire.publish("jjl/demo-0192/fix", 1, 1, batch.as_bytes()).await
}

/// It is a press all the same: its beginning is kept, and the rest goes by before it is acknowledged.
pub(super) async fn press_far_too_much(port: u16) -> Result<()> {
    let mut wire = Wire::connect(port, Version::V3, "demo-0186").await?;
    let press = vec![b'x'; PRESS_BYTES];
    wire.publish("jjl/demo-0186/press", 1, 1, &press).await
}

pub(super) async fn talk_nonsense(port: u16, deeds: Arc<Deeds>) -> Result<()> {
    let wire = Wire::connect(port, Version::V3, "demo-0191").await?;
    let (mut reader, mut writer) = wire.tcp.into_split();
    let topics = ["jjl/demo-0191/fix", "jjl/demo-0191/status", "jjl/demo-0191/answer"];
    let mut acknowledged = [0; 4];
    loop {
        for (nth, topic) in (1..=AT_ONCE).zip(topics.iter().cycle()) {
            writer.write_all(&wire::publish(Version::V3, topic, 1, nth, br#"{"lat":99,"lon":[[[["#)).await?;
        }
        for _ in 0..AT_ONCE {
            reader.read_exact(&mut acknowledged).await?;
        }
        deeds.add(NONSENSE, u64::from(AT_ONCE));
    }
}

/// Each fix is dated before the last one, by a clock that says so of itself.
pub(super) async fn run_backwards(port: u16, deeds: Arc<Deeds>) -> Result<()> {
    let mut wire = Wire::connect(port, Version::V3, "demo-0185").await?;
    for seq in 1_i64.. {
        let (packet_id, then) = (u16::try_from(seq % 60_000)?.max(1), clock::ago(seq * BACK_S));
        let fix = json!({
            "boot": "backwards", "seq": seq, "fix_time": then, "lat": 33.96, "lon": 118.27, "accuracy_m": 18,
            "method": "gps",
        });
        wire.publish("jjl/demo-0185/fix", 1, packet_id, fix.to_string().as_bytes()).await?;
        let status = json!({ "online": true, "battery_pct": 71, "at": then }).to_string();
        wire.publish("jjl/demo-0185/status", 1, packet_id, status.as_bytes()).await?;
        deeds.add(BACKWARDS, 1);
        sleep(STEP).await;
    }
    Ok(())
}
