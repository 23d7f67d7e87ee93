//! What is asked of the platform, one after the other.

use crate::{
    district::{HANDSETS, PREFIX},
    enemies::Enemies,
    limits,
    pressing::Pressing,
    watch::{self, Watch},
};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use tests::{Account, Load, Platform, figures::percentile, live::signals, until};
use tokio::time::sleep;

const FIXES_BESIDE: u32 = 5_000;
/// How many press during an outage, as the load's words have it.
const LATE_PRESSES: (usize, &str) = (40, "40");
/// Those whose way leads out of their fence (`district::watch`) may be told of among the presses, one in 250 and a few at the
/// canal; nobody else.
const TOLD_AT_MOST: usize = 40;

/// Load by handsets of the district.
pub(crate) fn district(platform: &Platform, handsets: u32, words: &[&str]) -> Result<Load> {
    load_at(&platform.at.mqtt, &platform.data(), handsets, words)
}

/// The same at any door, with its figures in that folder.
pub(crate) fn load_at(door: &str, folder: &Path, handsets: u32, words: &[&str]) -> Result<Load> {
    let handsets = handsets.to_string();
    let whose = ["--prefix", PREFIX, "--width", "5", "--handsets", &handsets];
    Load::at(door, folder, &[&whose, words].concat())
}

async fn online(platform: &Platform) -> Result<f64> {
    platform.figure("jujiale_handsets_online").await
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
    let limit = limits::idle_kib(HANDSETS).await?;
    say!("  limit: the same handsets at Mosquitto {limit:>40.1} KiB");
    say!("memory with {HANDSETS} handsets {:>51.0} MB   goal <= 250", with / 1024.0);
    until("they are gone", Duration::from_mins(1), async || {
        Ok((online(platform).await? == 0.0).then_some(()))
    })
    .await?;
    Ok(
        json!({"before_kib": before, "with_handsets_kib": with, "each_kib": each, "mosquitto_each_kib": limit}),
    )
}

/// Presses on their way to a screen while positions flow.
pub(crate) async fn presses_beside_fixes(platform: &Platform) -> Result<Value> {
    let handsets = Pressing::connect(platform).await?;
    // It is ended when the last round is over.
    let load = district(platform, 2_000, &["--rate", &FIXES_BESIDE.to_string(), "--seconds", "3600"])?;
    until("they flow", Duration::from_mins(2), async || {
        Ok((online(platform).await? >= 2_000.0).then_some(()))
    })
    .await?;
    sleep(Duration::from_secs(2)).await;
    let presses = handsets.press_in_rounds(platform, &format!("{FIXES_BESIDE} fixes/s")).await?;
    Ok(json!({"presses": presses, "load": load.end().await?}))
}

/// Presses on their way to a screen while others do their worst at the door.
pub(crate) async fn presses_among_enemies(platform: &Platform) -> Result<Value> {
    let handsets = Pressing::connect(platform).await?;
    let enemies = Enemies::let_loose(platform)?;
    sleep(Duration::from_secs(2)).await;
    let presses = handsets.press_in_rounds(platform, "enemies").await?;
    let deeds = enemies.end();
    for (counted, what) in [
        ("malformed_messages", "nonsense was not taken in"),
        ("fixes_of_a_clock_that_runs_backwards", "no clock ran backwards"),
    ] {
        ensure!(deeds["deeds"][counted].as_f64().is_some_and(|count| count > 0.0), "{what}: {deeds}");
    }
    say!("  enemies: {deeds}");
    Ok(json!({"presses": presses, "enemies": deeds}))
}

/// As many positions as are asked for, each acknowledged and each judged by the watch.
pub(crate) async fn throughput(
    platform: &Platform,
    what: &str,
    rate: u32,
    batch: u16,
    seconds: u32,
) -> Result<Value> {
    let numbers = [rate.to_string(), batch.to_string(), seconds.to_string()];
    let words = ["--rate", &numbers[0], "--batch", &numbers[1], "--seconds", &numbers[2]];
    let watch = Watch::before(platform).await?;
    let (figures, watch) = watch.beside(platform, district(platform, 2_000, &words)?).await?;
    let fixes = &figures["fixes"];
    say!(
        "{what}: {} of {} acknowledged, {:.0}/s, PUBACK p50 {} p99 {} ms   goal >= {rate}/s",
        fixes["acknowledged"],
        fixes["due"],
        figures["fixes_a_second"]["mean"].as_f64().unwrap_or_default(),
        fixes["puback_ms"]["p50"],
        fixes["puback_ms"]["p99"],
    );
    watch::told(&watch)?;
    let limit = limits::fixes(2_000, &words).await?;
    Ok(json!({"load": figures, "watch": watch, "limit": limit}))
}

/// Everybody comes back after an hour, with all positions of that hour and some presses. The words say in which order.
pub(crate) async fn backlog(platform: &Platform, order: &[&str]) -> Result<Value> {
    close_all(&platform.log_in("operator2").await?).await?;
    let before = open_incidents(platform).await?;
    let words = |presses: &'static str| [&["--backlog", "1h", "--late-presses", presses], order].concat();
    let figures = district(platform, HANDSETS, &words(LATE_PRESSES.1))?.finish().await?;
    let presses = &figures["presses"];
    let after = open_incidents(platform).await?;
    let (raised, told) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
    let peak = platform.memory_kib("VmHWM:")? / 1024.0;
    say!(
        "{HANDSETS} back after an hour {}: {} fixes, {} late presses",
        order.join(" "),
        figures["fixes"]["acknowledged"],
        presses["receipted"]
    );
    say!(
        "  receipts of late presses p50 {} p99 {} ms",
        presses["late_receipt_ms"]["p50"],
        presses["late_receipt_ms"]["p99"]
    );
    say!("  {}, incidents of presses {raised}, of fences {told}", figures["recovered_after_s"]);
    say!("  most memory ever {peak:>60.0} MB   goal <= 250");
    ensure!(raised > LATE_PRESSES.0 / 2, "{raised} incidents of {} presses", LATE_PRESSES.0);
    ensure!(raised <= LATE_PRESSES.0, "{raised} incidents of {} presses", LATE_PRESSES.0);
    ensure!(told <= TOLD_AT_MOST, "{told} incidents out of the past");
    // Mosquitto has no receipts.
    let limit = limits::fixes(HANDSETS, &words("0")).await?;
    Ok(json!({"load": figures, "raised": raised, "told": told, "peak_mb": peak, "limit": limit}))
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
pub(crate) async fn close_all(operator: &Account) -> Result<()> {
    for incident in operator.incidents("open").await? {
        // Pressed again meanwhile: then at the next round.
        let claimed = operator.claim(&incident).await?;
        if claimed.status == 200 {
            operator.close(&claimed.body).await?;
        }
    }
    Ok(())
}

/// How many incidents somebody pressed for, and how many came of other causes alone.
async fn open_incidents(platform: &Platform) -> Result<(usize, usize)> {
    let open = platform.log_in("operator2").await?.incidents("open").await?;
    let is_pressed = |incident: &&Value| signals(incident).iter().any(|signal| signal["kind"] == "press");
    let pressed = open.iter().filter(is_pressed).count();
    Ok((pressed, open.len() - pressed))
}
