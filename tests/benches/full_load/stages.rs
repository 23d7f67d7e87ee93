//! What is asked of the platform, one after the other.

use crate::{
    district::{HANDSETS, PREFIX},
    enemies::Enemies,
    pressing::Pressing,
};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Load, Platform, figures::percentile, until};
use tokio::time::sleep;

const FIXES_BESIDE: u32 = 5_000;

/// Load by handsets of the district.
pub(crate) fn district(platform: &Platform, handsets: u32, words: &[&str]) -> Result<Load> {
    let handsets = handsets.to_string();
    let whose = ["--prefix", PREFIX, "--width", "5", "--handsets", &handsets];
    Load::start(platform, &[&whose, words].concat())
}

async fn online(platform: &Platform) -> Result<f64> {
    let text = reqwest::get(format!("{}/metrics", platform.at.http)).await?.text().await?;
    let found = text.lines().find_map(|line| line.strip_prefix("jujiale_handsets_online "));
    Ok(found.unwrap_or("0").parse()?)
}

/// Idle handsets, each a session over TCP.
pub(crate) async fn memory(platform: &Platform) -> Result<Value> {
    let before = platform.memory_kib("VmRSS:")?;
    let load = district(platform, HANDSETS, &["--idle"])?;
    until("everybody is in", Duration::from_mins(5), async || {
        Ok((online(platform).await? >= f64::from(HANDSETS)).then_some(()))
    })
    .await?;
    sleep(Duration::from_secs(5)).await;
    let with = platform.memory_kib("VmRSS:")?;
    drop(load);
    let each = (with - before) / f64::from(HANDSETS);
    say!("memory of an idle handset {each:>52.1} KiB   goal <= 16");
    say!("memory with {HANDSETS} handsets {:>51.0} MB   goal <= 250", with / 1024.0);
    until("they are gone", Duration::from_mins(1), async || {
        Ok((online(platform).await? == 0.0).then_some(()))
    })
    .await?;
    Ok(json!({"before_kib": before, "with_handsets_kib": with, "each_kib": each}))
}

/// Presses on their way to a screen while positions flow.
pub(crate) async fn presses_beside_fixes(platform: &Platform) -> Result<Value> {
    let handsets = Pressing::connect(platform).await?;
    let load = district(platform, 2_000, &["--rate", &FIXES_BESIDE.to_string(), "--seconds", "60"])?;
    until("they flow", Duration::from_mins(2), async || {
        Ok((online(platform).await? >= 2_000.0).then_some(()))
    })
    .await?;
    sleep(Duration::from_secs(2)).await;
    let presses = handsets.press(platform, &format!("{FIXES_BESIDE} fixes/s")).await?;
    Ok(json!({"presses": presses, "load": load.finish().await?}))
}

/// Presses on their way to a screen while others do their worst at the door.
pub(crate) async fn presses_among_enemies(platform: &Platform) -> Result<Value> {
    let handsets = Pressing::connect(platform).await?;
    let enemies = Enemies::let_loose(platform)?;
    sleep(Duration::from_secs(2)).await;
    let presses = handsets.press(platform, "enemies").await?;
    let deeds = enemies.end();
    say!("  enemies: {deeds}");
    Ok(json!({"presses": presses, "enemies": deeds}))
}

/// As many positions as are asked for, each acknowledged.
pub(crate) async fn throughput(
    platform: &Platform,
    what: &str,
    rate: u32,
    batch: u16,
    seconds: u32,
) -> Result<Value> {
    let words = [rate.to_string(), batch.to_string(), seconds.to_string()];
    let load =
        district(platform, 2_000, &["--rate", &words[0], "--batch", &words[1], "--seconds", &words[2]])?;
    let figures = load.finish().await?;
    let fixes = &figures["fixes"];
    say!(
        "{what}: {} of {} acknowledged, {:.0}/s, PUBACK p50 {} p99 {} ms   goal >= {rate}/s",
        fixes["acknowledged"],
        fixes["due"],
        figures["fixes_a_second"]["mean"].as_f64().unwrap_or_default(),
        fixes["puback_ms"]["p50"],
        fixes["puback_ms"]["p99"],
    );
    Ok(figures)
}

/// Everybody comes back after an hour, with all positions of that hour and some presses.
pub(crate) async fn backlog(platform: &Platform) -> Result<Value> {
    let open_before = open_incidents(platform).await?;
    let load = district(platform, HANDSETS, &["--backlog", "1h", "--late-presses", "40"])?;
    let figures = load.finish().await?;
    let presses = &figures["presses"];
    let raised = open_incidents(platform).await? - open_before;
    let peak = platform.memory_kib("VmHWM:")? / 1024.0;
    say!(
        "{HANDSETS} back after an hour: {} fixes, {} late presses",
        figures["fixes"]["acknowledged"],
        presses["receipted"]
    );
    say!(
        "  receipts of late presses p50 {} p99 {} ms",
        presses["late_receipt_ms"]["p50"],
        presses["late_receipt_ms"]["p99"]
    );
    say!("  {}, incidents raised {raised}, most memory ever {peak:.0} MB", figures["recovered_after_s"]);
    ensure!(raised <= 40, "{raised} incidents of 40 presses");
    Ok(json!({"load": figures, "raised": raised, "peak_mb": peak}))
}

/// Positions and presses for a long time: nothing is missing, and the memory of the second half is that of the first.
pub(crate) async fn soak(platform: &Platform, minutes: u32) -> Result<Value> {
    let seconds = (minutes * 60).to_string();
    let words = ["--rate", "2000", "--presses", "0.5", "--seconds", &seconds];
    let load = district(platform, 2_000, &words)?;
    let operator = platform.log_in("operator2").await?;
    let mut memory = Vec::new();
    // What a start fills is filled within the first part.
    for _ in 0..minutes * 6 - 6 {
        sleep(Duration::from_secs(10)).await;
        close_all(&operator).await?;
        memory.push(platform.memory_kib("VmRSS:")? / 1024.0);
    }
    let load = load.finish().await?;
    let (first, second) = memory.split_at(memory.len() / 2);
    let [first_mb, second_mb] = [first, second].map(|half| percentile(half, 500));
    say!(
        "{minutes} min of 2,000 fixes/s and a press every 2 s: {} fixes, {} presses, none missing",
        load["fixes"]["acknowledged"],
        load["presses"]["receipted"]
    );
    say!("  memory, median of the first half {first_mb:.0} MB, of the second {second_mb:.0} MB");
    ensure!(second_mb < first_mb * 1.2, "memory grows: {first_mb} MB, then {second_mb} MB");
    Ok(json!({"load": load, "memory_mb": memory}))
}

/// The desk at work: whatever is open is taken and ended.
async fn close_all(operator: &Account) -> Result<()> {
    for incident in operator.incidents("open").await? {
        // Pressed again meanwhile: then at the next round.
        let claimed = operator.claim(&incident).await?;
        if claimed.status == 200 {
            operator.close(&claimed.body).await?;
        }
    }
    Ok(())
}

async fn open_incidents(platform: &Platform) -> Result<usize> {
    Ok(platform.log_in("operator2").await?.incidents("open").await?.len())
}
