//! What is asked of the platform, one after the other.

use crate::district::{HANDSETS, PREFIX};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::{fs::File, time::Duration};
use tests::{
    Load, Platform,
    figures::{append, ms, percentile},
    press, until,
};
use tokio::time::{Instant, sleep};

const PRESSES: usize = 800;
const PRESSING_HANDSETS: usize = 50;
const FIXES_BESIDE: u32 = 5_000;
const BETWEEN_PRESSES: Duration = Duration::from_millis(50);

/// Load by handsets of the district.
fn district(platform: &Platform, handsets: u32, words: &[&str]) -> Result<Load> {
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

/// Presses on their way to a screen while positions flow, and the disk's own time in between.
pub(crate) async fn presses_beside_fixes(platform: &Platform) -> Result<Value> {
    let mut handsets = Vec::new();
    for number in 1..=PRESSING_HANDSETS {
        handsets.push(platform.handset(&format!("demo-{number:04}")).await?);
    }
    let (_, screen) = platform.operator().await?;
    let load = district(platform, 2_000, &["--rate", &FIXES_BESIDE.to_string(), "--seconds", "60"])?;
    until("they flow", Duration::from_mins(2), async || {
        Ok((online(platform).await? >= 2_000.0).then_some(()))
    })
    .await?;
    sleep(Duration::from_secs(2)).await;
    let mut disk = File::create(platform.data().join("fdatasync"))?;
    let (mut frames, mut syncs) = (Vec::new(), Vec::new());
    for (number, handset) in handsets.iter().cycle().take(PRESSES).enumerate() {
        let press_id = format!("beside-{number}");
        let begun = Instant::now();
        handset.send("press", serde_json::to_vec(&press(&press_id, "beside", u64::try_from(number)?))?);
        frames.push(ms(screen.press(&press_id).await?.1 - begun));
        syncs.push(append(&mut disk)?);
        sleep(BETWEEN_PRESSES).await;
    }
    let load = load.finish().await?;
    // A handset's first press since the start finds nothing of it in memory.
    let (first, later) = frames.split_at(PRESSING_HANDSETS);
    let [first99, later99] = [first, later].map(|some| percentile(some, 990));
    let [frame50, frame99] = [500, 990].map(|per_mille| percentile(&frames, per_mille));
    let [sync50, sync99] = [500, 990].map(|per_mille| percentile(&syncs, per_mille));
    say!(
        "press -> operator's frame beside {FIXES_BESIDE} fixes/s, p50 / p99 {frame50:>12.2} / {frame99:.2} ms"
    );
    say!("  p99 of first presses of a handset, of later ones {first99:>19.2}, {later99:.2} ms");
    let slowest = [900, 950, 980, 995, 1_000].map(|per_mille| percentile(&frames, per_mille));
    say!("  p90 / p95 / p98 / p99.5 / most {:>37} ms", slowest.map(|some| format!("{some:.2}")).join(" / "));
    say!("  limit: fdatasync append in between {sync50:>32.2} / {sync99:.2} ms");
    say!("  p99 as a multiple of the limit's {:>35.1} x   goal <= 3", frame99 / sync99);
    Ok(
        json!({"frame_ms": [frame50, frame99], "first_p99_ms": first99, "later_p99_ms": later99, "fdatasync_ms": [sync50, sync99], "load": load}),
    )
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

async fn open_incidents(platform: &Platform) -> Result<usize> {
    Ok(platform.log_in("operator2").await?.incidents("open").await?.len())
}
