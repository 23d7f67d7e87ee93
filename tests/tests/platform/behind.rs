//! A press is heard behind whatever else its handset has to say, on the same connection; and what it was told and had not
//! acknowledged is told again on the next.

use anyhow::{Context as _, Result, ensure};
use std::time::Duration;
use tests::{
    Platform, clock,
    handset::press,
    wire::{self, Packet, Version, Wire, packet},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

/// Fixes of one message: eleven megabytes, of which the door reads four at most.
const BATCH: u32 = 100_000;
/// Three hours of one a second, in one message.
const WHOLE: u32 = 10_000;
/// What is kept of it.
const KEPT_BYTES: usize = 64 * 1024;
/// Fixes of one message each: five hours and a half of one a second.
const BACKLOG: u16 = 20_000;
/// A PUBACK of 3.1.1 has four bytes.
const PUBACK_BYTES: usize = 4;
/// At the pace of who has sent too much, 200 a second, the half of the backlog alone would take fifty seconds.
const BACKLOG_WITHIN: Duration = Duration::from_secs(40);

fn batch() -> Vec<u8> {
    let fixes: Vec<String> = (1..=BATCH)
        .map(|seq| {
            let then = clock::ago(i64::from(BATCH - seq));
            format!(
                r#"{{"seq":{seq},"fix_time":"{then}","lat":33.96,"lon":118.27,"accuracy_m":18,"method":"gps"}}"#
            )
        })
        .collect();
    format!(r#"{{"boot":"a","fixes":[{}]}}"#, fixes.join(",")).into_bytes()
}

fn is_acknowledgement(answer: &Packet, packet_id: u16, reason: Option<u8>) -> bool {
    let is_its = answer.kind == packet::PUBACK && answer.body.starts_with(&packet_id.to_be_bytes());
    is_its && answer.body.get(2).copied().unwrap_or_default() == reason.unwrap_or_default()
}

#[tokio::test]
async fn a_batch_of_a_hundred_thousand_fixes_hides_no_press() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let admin = platform.log_in("admin").await?;
    let other = platform.handset("demo-0031").await?;
    let batch = batch();
    for (seq, version, id, too_large) in
        [(1, Version::V3, "demo-0032", None), (2, Version::V5, "demo-0033", Some(0x97))]
    {
        let mut wire = Wire::connect(platform.mqtt_port()?, version, id).await?;
        let publish = wire::publish(version, &format!("jjl/{id}/fix"), 1, 1, &batch);
        let (beginning, rest) = publish.split_at(publish.len() / 2);
        wire.send(beginning).await?;
        let beside = format!("beside-{id}");
        other.press(&beside, "b", seq).await?;
        screen.press(&beside).await?;
        wire.send(rest).await?;
        let behind = format!("behind-{id}");
        let payload = press(&behind, "b", 1).to_string();
        wire.send(&wire::publish(version, &format!("jjl/{id}/press"), 1, 2, payload.as_bytes())).await?;
        for (packet_id, reason) in [(1, too_large), (2, None)] {
            let answer = wire.read().await?.context("closed")?;
            ensure!(is_acknowledgement(&answer, packet_id, reason), "{version:?} {packet_id}: {answer:?}");
        }
        screen.press(&behind).await?;
        let last = format!("last-{id}");
        let payload = press(&last, "b", 2).to_string();
        wire.publish(&format!("jjl/{id}/press"), 1, 3, payload.as_bytes()).await?;
        screen.press(&last).await?;

        let mut kept = admin.list("/api/quarantine?reason=x").await?;
        kept.retain(|item| item["handset"] == id);
        ensure!(kept.len() == 1 && kept[0]["size"] == KEPT_BYTES, "{} kept", kept.len());
        let reason = kept[0]["reason"].as_str().unwrap_or_default();
        ensure!(reason.contains(&batch.len().to_string()) && reason.contains("4194304"), "{reason}");
        let (resident, from, to) =
            (id.replace("demo", "r"), clock::ago(i64::from(BATCH) + 60), clock::ago(0));
        let path = format!("/api/residents/{resident}/track?reason=x&max_points=2&from={from}&to={to}");
        let track = operator.get(&path).await?.ok()?;
        let found = track["fixes"].as_u64().unwrap_or_default();
        ensure!((400..700).contains(&found), "{version:?}: {found} of its beginning are in the track");
    }
    Ok(())
}

/// Each says everything that one may say.
#[tokio::test]
async fn ten_thousand_fixes_of_one_message_are_all_in_the_track() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    for (number, version) in [(36, Version::V3), (37, Version::V5)] {
        let fixes: Vec<String> = (1..=WHOLE)
            .map(|seq| {
                let then = clock::ago(i64::from(WHOLE - seq));
                format!(
                    r#"{{"boot":"7f3a","seq":{seq},"fix_time":"{then}","lat":33.9624,"lon":118.2757,"accuracy_m":18,"method":"gps","speed_mps":0.8,"bearing_deg":120,"battery_pct":71}}"#
                )
            })
            .collect();
        let batch = format!(r#"{{"boot":"7f3a","fixes":[{}]}}"#, fixes.join(","));
        ensure!(batch.len() > 1_600_000, "{}", batch.len());
        let id = format!("demo-{number:04}");
        let mut wire = Wire::connect(platform.mqtt_port()?, version, &id).await?;
        wire.send(&wire::publish(version, &format!("jjl/{id}/fix"), 1, 1, batch.as_bytes())).await?;
        let answer = wire.read().await?.context("closed")?;
        ensure!(is_acknowledgement(&answer, 1, None), "{version:?}: {answer:?}");
        let (from, to) = (clock::ago(i64::from(WHOLE) + 60), clock::ago(0));
        let path = format!("/api/residents/r-{number:04}/track?reason=x&max_points=2&from={from}&to={to}");
        let track = operator.get(&path).await?.ok()?;
        ensure!(track["fixes"] == WHOLE, "{version:?}: {}", track["fixes"]);
    }
    Ok(())
}

/// As it comes from a handset that was out of reach for hours and sends in order, one fix a message.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_behind_hours_of_fixes_does_not_wait_at_a_pace() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let wire = Wire::connect(platform.mqtt_port()?, Version::V3, "demo-0034").await?;
    let (mut reader, mut writer) = wire.tcp.into_split();
    let began = Instant::now();
    let writing = async {
        for nth in 1..=BACKLOG {
            let then = clock::ago(i64::from(BACKLOG - nth) + 1);
            let fix = format!(
                r#"{{"boot":"b","seq":{nth},"fix_time":"{then}","lat":33.96,"lon":118.27,"accuracy_m":18,"method":"gps"}}"#
            );
            let publish = wire::publish(Version::V3, "jjl/demo-0034/fix", 1, nth, fix.as_bytes());
            writer.write_all(&publish).await?;
        }
        let payload = press("behind", "b", u64::from(BACKLOG) + 1).to_string();
        let last = wire::publish(Version::V3, "jjl/demo-0034/press", 1, BACKLOG + 1, payload.as_bytes());
        writer.write_all(&last).await?;
        anyhow::Ok(())
    };
    let mut answers = vec![0; (usize::from(BACKLOG) + 1) * PUBACK_BYTES];
    let reading = timeout(2 * BACKLOG_WITHIN, reader.read_exact(&mut answers));
    let (written, read) = tokio::join!(writing, reading);
    written?;
    read??;
    screen.press("behind").await?;
    let took = began.elapsed();
    eprintln!("a press behind {BACKLOG} fixes was on a screen after {took:?}");
    ensure!(took < BACKLOG_WITHIN, "{took:?}");
    Ok(())
}

/// Reads on until a packet of this kind comes.
async fn next(wire: &mut Wire, kind: u8) -> Result<Packet> {
    loop {
        let packet = wire.read().await?.context("closed")?;
        if packet.kind == kind {
            return Ok(packet);
        }
    }
}

/// Topic, packet id and payload of a PUBLISH of QoS 1 in MQTT 5 with less than 128 bytes of properties.
fn told(packet: &Packet) -> Result<(String, u16, String)> {
    let (length, rest) = packet.body.split_first_chunk().context("a length")?;
    let (topic, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into()).context("a topic")?;
    let (packet_id, rest) = rest.split_first_chunk().context("a packet id")?;
    let (length, rest) = rest.split_first().context("properties")?;
    let (_, payload) = rest.split_at_checked((*length).into()).context("a payload")?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((text(topic), u16::from_be_bytes(*packet_id), text(payload)))
}

/// Back with the same client id, asking for its session; nothing is kept of that, and it is told so.
async fn come_back(platform: &Platform, id: &str) -> Result<Wire> {
    let tcp = TcpStream::connect(("127.0.0.1", platform.mqtt_port()?)).await?;
    let mut wire = Wire { tcp, version: Version::V5 };
    wire.send(&wire::connect_again("kept", id, id)).await?;
    let welcome = next(&mut wire, packet::CONNACK).await?;
    let is_told_0 = welcome.body.windows(5).any(|property| property == [0x11, 0, 0, 0, 0]);
    ensure!(welcome.body.starts_with(&[0, 0]) && is_told_0, "no session, expiry 0: {welcome:?}");
    wire.send(&wire::subscribe(Version::V5, &format!("jjl/{id}/down/#"), 1)).await?;
    next(&mut wire, packet::SUBACK).await?;
    Ok(wire)
}

#[tokio::test]
async fn a_receipt_that_was_not_acknowledged_comes_again_although_no_session_is_kept() -> Result<()> {
    let platform = Platform::start().await?;
    let id = "demo-0035";
    let mut wire = come_back(&platform, id).await?;
    let payload = press("p", "b", 1).to_string();
    wire.send(&wire::publish(Version::V5, &format!("jjl/{id}/press"), 1, 7, payload.as_bytes())).await?;
    let (topic, _, first) = told(&next(&mut wire, packet::PUBLISH).await?)?;
    ensure!(
        topic == format!("jjl/{id}/down/receipt") && first.contains(r#""press_id":"p""#),
        "{topic} {first}"
    );
    // The line is cut before the handset can say that it has it.
    drop(wire);

    let mut wire = come_back(&platform, id).await?;
    let (topic_again, packet_id, second) = told(&next(&mut wire, packet::PUBLISH).await?)?;
    ensure!((&topic, &first) == (&topic_again, &second), "{topic_again} {second} after {first}");
    wire.send(&wire::acknowledge(packet_id)).await?;
    Ok(())
}
