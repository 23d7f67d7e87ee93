//! Ten thousand messages that mean nothing, and one press among them. A handset on another's topic.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::time::Duration;
use tests::{
    Account, PATIENCE, Platform, live, until,
    wire::{self, Version, Wire, packet},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{Instant, timeout},
};

const MALFORMED: u16 = 10_000;
/// A PUBACK of 3.1.1 has four bytes.
const PUBACK_BYTES: usize = 4;
const PRESSES: u16 = 300;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_comes_through_a_flood_of_nonsense() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let admin = platform.log_in("admin").await?;
    let handset = platform.handset("demo-0091").await?;
    let flood = tokio::time::timeout(Duration::from_mins(1), flood(&platform, "demo-0090"));
    let presses = async {
        let mut slowest = (Duration::ZERO, Duration::ZERO);
        for nth in 1..=10 {
            let (id, sent) = (format!("among-{nth}"), Instant::now());
            let receipt = handset.press(&id, "b", nth).await?;
            let (_, seen) = screen.press(&id).await?;
            slowest = (slowest.0.max(receipt.at - sent), slowest.1.max(seen.duration_since(sent)));
        }
        anyhow::Ok(slowest)
    };
    let (flooded, slowest) = tokio::join!(flood, presses);
    let (took, (receipt, frame)) = (flooded??, slowest?);
    eprintln!("{MALFORMED} malformed in {took:?}; slowest receipt {receipt:?}, slowest frame {frame:?}");
    ensure!(receipt < Duration::from_secs(5) && frame < Duration::from_secs(5));
    let kept = quarantined(&admin, "demo-0090").await?;
    ensure!((1..=1000).contains(&kept.len()), "{} kept", kept.len());
    ensure!(kept.iter().all(|item| item["reason"].as_str().is_some_and(|reason| !reason.is_empty())));
    eprintln!("{} of them in quarantine", kept.len());
    Ok(())
}

/// Sends them all at once and waits until all are acknowledged.
async fn flood(platform: &Platform, id: &str) -> Result<Duration> {
    let wire = Wire::connect(platform.mqtt_port()?, Version::V3, id).await?;
    let started = Instant::now();
    let (mut reader, mut writer) = wire.tcp.into_split();
    let writing = async {
        for nth in 1..=MALFORMED {
            let (kind, payload) = match nth % 4 {
                0 => ("fix", "not json"),
                1 => ("fix", r#"{"lat":99,"lon":"east"}"#),
                2 => ("status", "\u{0}\u{1}"),
                _ => ("answer", "[[[["),
            };
            let topic = format!("jjl/{id}/{kind}");
            writer.write_all(&wire::publish(Version::V3, &topic, 1, nth, payload.as_bytes())).await?;
        }
        anyhow::Ok(())
    };
    let mut answers = vec![0; usize::from(MALFORMED) * PUBACK_BYTES];
    let (written, read) = tokio::join!(writing, reader.read_exact(&mut answers));
    written?;
    read.context("not all were acknowledged")?;
    Ok(started.elapsed())
}

async fn quarantined(admin: &Account, handset: &str) -> Result<Vec<Value>> {
    let mut all = admin.list("/api/quarantine").await?;
    all.retain(|item| item["handset"] == handset);
    Ok(all)
}

#[tokio::test]
async fn presses_in_quarantine_are_never_capped_and_never_taken_for_one() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let admin = platform.log_in("admin").await?;
    let wire = Wire::connect(platform.mqtt_port()?, Version::V3, "demo-0092").await?;
    let (mut reader, mut writer) = wire.tcp.into_split();
    let writing = async {
        for nth in 1..=PRESSES {
            writer.write_all(&wire::publish(Version::V3, "jjl/demo-0092/press", 1, nth, b"help")).await?;
        }
        anyhow::Ok(())
    };
    let mut answers = vec![0; usize::from(PRESSES) * PUBACK_BYTES];
    let reading = timeout(PATIENCE * 2, reader.read_exact(&mut answers));
    let (written, read) = tokio::join!(writing, reading);
    written?;
    read??;
    until("every press a signal", PATIENCE, async || {
        let open = operator.incidents("open").await?;
        let signals: usize = open.iter().map(|incident| live::signals(incident).len()).sum();
        Ok((signals == usize::from(PRESSES)).then_some(()))
    })
    .await?;
    let kept = quarantined(&admin, "demo-0092").await?;
    ensure!(kept.len() == usize::from(PRESSES), "{} of {PRESSES} kept", kept.len());
    ensure!(kept.iter().all(|item| item["payload_text"] == "help"), "{:?}", kept.first());
    Ok(())
}

#[tokio::test]
async fn a_handset_on_anothers_topic_is_refused_and_opens_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, admin) = (platform.log_in("operator").await?, platform.log_in("admin").await?);
    let port = platform.mqtt_port()?;
    let topic = "jjl/demo-0094/press";

    let mut old = Wire::connect(port, Version::V3, "demo-0093").await?;
    old.send(&wire::publish(Version::V3, topic, 1, 5, b"{}")).await?;
    let answer = old.read().await?;
    ensure!(answer.is_none(), "3.1.1 must be closed without an answer: {answer:?}");

    let mut new = Wire::connect(port, Version::V5, "demo-0093").await?;
    new.send(&wire::publish(Version::V5, topic, 1, 5, b"{}")).await?;
    let answer = new.read().await?.context("5 must be answered")?;
    ensure!(answer.kind == packet::PUBACK && answer.body.get(2) == Some(&0x87), "{answer:?}");

    let mut listener = Wire::connect(port, Version::V3, "demo-0093").await?;
    listener.send(&wire::subscribe(Version::V3, "jjl/demo-0094/down/#", 9)).await?;
    let answer = listener.read().await?;
    let is_refused = |packet: &wire::Packet| packet.kind == packet::SUBACK && packet.body == [0, 9, 0x80];
    ensure!(answer.as_ref().is_none_or(is_refused), "{answer:?}");

    let kept = quarantined(&admin, "demo-0093").await?;
    ensure!(kept.len() == 2 && kept.iter().all(|item| item["topic"] == topic), "{kept:?}");
    let incidents = operator.incidents("all").await?;
    ensure!(incidents.is_empty(), "{incidents:?}");
    Ok(())
}

/// Long names, and many of them, at both doors: the log has the beginning of a few.
#[tokio::test]
async fn a_stranger_does_not_fill_the_log() -> Result<()> {
    const NAME: usize = 60_000;
    let platform = Platform::start().await?;
    let before = platform.log_text()?.len();
    for _ in 0..100 {
        let tcp = tokio::net::TcpStream::connect(("127.0.0.1", platform.mqtt_port()?)).await?;
        let mut wire = Wire { tcp, version: Version::V3 };
        wire.send(&wire::connect(Version::V3, "stranger", &"n".repeat(NAME), "x")).await?;
        ensure!(wire.read().await?.is_none_or(|answer| answer.body.get(1) != Some(&0)));
    }
    let client = reqwest::Client::builder().no_proxy().build()?;
    for _ in 0..100 {
        let post = client.post(format!("{}/owntracks", platform.at.http)).body("{}");
        ensure!(post.basic_auth("n".repeat(NAME / 4), Some("x")).send().await?.status() == 401);
    }
    // The next second says how many had no line.
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure!(Wire::try_in(platform.mqtt_port()?, "nobody", "x").await?.is_none());
    let said = until("what had no line is counted", PATIENCE, async || {
        let said = platform.log_text()?.split_off(before);
        Ok(said.contains("handset_logins_refused_without_line").then_some(said))
    });
    let said = said.await?;
    ensure!(said.len() < NAME, "{} bytes", said.len());
    ensure!(said.contains(&"n".repeat(64)) && !said.contains(&"n".repeat(65)), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_stranger_is_not_let_in() -> Result<()> {
    let platform = Platform::start().await?;
    for (user, password) in [("demo-0095", "wrong"), ("nobody", "nobody"), ("demo-0095", "")] {
        for version in [Version::V3, Version::V5] {
            let tcp = tokio::net::TcpStream::connect(("127.0.0.1", platform.mqtt_port()?)).await?;
            let mut wire = Wire { tcp, version };
            wire.send(&wire::connect(version, "stranger", user, password)).await?;
            let answer = wire.read().await?;
            let is_welcome = |packet: &wire::Packet| packet.body.get(1) == Some(&0);
            ensure!(!answer.as_ref().is_some_and(is_welcome), "{user} {version:?}: {answer:?}");
        }
    }
    Ok(())
}
