//! What is asked of the platform, one after the other.

use crate::{
    district::{HANDSETS, PREFIX, WALKING},
    enemies::{self, Enemies, SILENT_HELD},
    limits,
    pressing::Pressing,
    watch::{self, Watch},
};
use anyhow::Result;
use serde_json::{Value, json};
use std::{path::Path, sync::Arc, time::Duration};
use tests::{
    Account, Authority, Goals, Load, Platform,
    figures::{percentile, slope},
    live::signals,
    until,
};
use tokio::time::{Instant, sleep};

const FIXES_BESIDE: u32 = 5_000;
/// How many press during an outage, as the load's words have it.
const LATE_PRESSES: (usize, &str) = (40, "40");
/// Those whose way leads out of their fence (`district::watch`) may be told of among the presses, one in 250 and a few at the
/// canal; nobody else, and none of those whose way of the hour led through what is forbidden to them and out again.
const TOLD_AT_MOST: usize = 40;
/// What the platform may take: with everybody connected, and at any moment of a return after an outage.
const MEMORY_MB: f64 = 250.0;
/// So much more than the goal is sent, in per cent: what a load's last moments send is acknowledged behind its seconds, and the mean
/// over these must reach the goal all the same.
const SENT_ABOVE_GOAL_PCT: u32 = 3;
/// An operator is to have whoever pressed during an outage in time to answer as soon as anybody. A strict desk answers within 15 s,
/// of which two thirds are left to the people at it.
const LATE_RECEIPT_MS: f64 = 5_000.0;
/// The last press comes within this share of the time that all the positions take, or it came with them and not before.
const PRESSES_WITHIN_SHARE: f64 = 0.5;
/// How soon everybody's newest position is on disk, where handsets send it first: none of it may wait for the past.
const NEWEST_WITHIN_S: f64 = 5.0;
/// By how much the memory may grow over the last part of a soak, and how long that is: what fills at all is full by then.
const GROWTH_MB: f64 = 5.0;
const LAST_MIN: f64 = 40.0;
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How long the watch may take to take up everybody after a start.
const TAKEN_UP_WITHIN: Duration = Duration::from_mins(1);
/// Of all that one kind of enemy tried, so much may not have come to the door: more, and it was not there.
const FAILED_SHARE: f64 = 0.1;

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

pub(crate) async fn online(platform: &Platform) -> Result<f64> {
    platform.figure("jujiale_handsets_online").await
}

/// Connections at all doors of MQTT, also of those who have not said who they are.
pub(crate) async fn connections(platform: &Platform) -> Result<f64> {
    platform.figure("jujiale_mqtt_connections").await
}

/// Idle handsets, each a session over TCP.
pub(crate) async fn memory(platform: &Platform, goals: &mut Goals) -> Result<Value> {
    // Whom the watch takes up behind the start are not the handsets'.
    platform.has_judged(TAKEN_UP_WITHIN).await?;
    sleep(Duration::from_secs(5)).await;
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
    let goal = goals.at_most("memory of an idle handset", each, 16.0, "KiB");
    say!("memory of an idle handset {each:>52.1} KiB   {goal}");
    let limit = limits::idle_kib(HANDSETS).await?;
    say!("  limit: the same handsets at Mosquitto {limit:>40.1} KiB");
    let what = format!("memory with {HANDSETS} handsets");
    let goal = goals.at_most(&what, with / 1024.0, MEMORY_MB, "MB");
    say!("{what} {:>51.0} MB   {goal}", with / 1024.0);
    until("they are gone", Duration::from_mins(1), async || {
        Ok((online(platform).await? == 0.0).then_some(()))
    })
    .await?;
    Ok(
        json!({"before_kib": before, "with_handsets_kib": with, "each_kib": each, "mosquitto_each_kib": limit}),
    )
}

/// Presses on their way to a screen while positions flow.
pub(crate) async fn presses_beside_fixes(platform: &Platform, goals: &mut Goals) -> Result<Value> {
    let handsets = Pressing::connect(platform).await?;
    // It is ended when the last round is over.
    let sent = sent_for(FIXES_BESIDE).to_string();
    let load = district(platform, WALKING, &["--rate", &sent, "--seconds", "3600"])?;
    until("they flow", Duration::from_mins(2), async || {
        Ok((online(platform).await? >= f64::from(WALKING)).then_some(()))
    })
    .await?;
    sleep(Duration::from_secs(2)).await;
    let presses = handsets.press_in_rounds(platform, goals, &format!("{FIXES_BESIDE} fixes/s")).await?;
    load.ask_to_end()?;
    let (_, load) = load.outcome().await?;
    none_missing(goals, "presses beside fixes", &load);
    let mean = load["fixes_a_second"]["mean"].as_f64().unwrap_or(f64::NAN);
    let goal = goals.at_least("fixes beside presses, mean rate", mean, f64::from(FIXES_BESIDE), "/s");
    say!("  beside {mean:.0} fixes/s, of {sent}/s sent   {goal}");
    Ok(json!({"presses": presses, "load": load}))
}

/// Presses on their way to a screen while others do their worst at the door.
pub(crate) async fn presses_among_enemies(
    platform: &Platform,
    authority: &Arc<Authority>,
    goals: &mut Goals,
) -> Result<Value> {
    let handsets = Pressing::connect(platform).await?;
    let enemies = Enemies::let_loose(platform, authority)?;
    sleep(Duration::from_secs(5)).await;
    let mut held = Vec::new();
    let presses = tokio::select! {
        presses = handsets.press_in_rounds(platform, goals, "enemies") => presses?,
        error = enemies::count_silent(platform, &mut held) => return Err(error),
    };
    let deeds = enemies.end();
    did_their_worst(goals, &deeds, &held)?;
    Ok(json!({"presses": presses, "enemies": deeds, "silent_held": held}))
}

/// Who was not there is no enemy that was withstood.
fn did_their_worst(goals: &mut Goals, deeds: &Value, held: &[f64]) -> Result<()> {
    let [least, middle] = [1, 500].map(|per_mille| percentile(held, per_mille));
    let goal = goals.at_least("enemies: silent connections held", middle, SILENT_HELD, "");
    say!(
        "  silent connections held, by the platform's own count {middle:>27.0}, at least {least:.0}   {goal}"
    );
    for (what, count) in deeds["deeds"].as_object().into_iter().flatten() {
        let (done, least) = (count.as_f64().unwrap_or_default(), deeds["least"][what].as_f64());
        goals.at_least(&format!("enemies: {what}"), done, least.unwrap_or(f64::NAN), "");
        let failed = deeds["failed"][what]["times"].as_f64().unwrap_or_default();
        if failed > 0.0 {
            let share = failed / (done + failed);
            goals.at_most(&format!("enemies: share of {what} that failed"), share, FAILED_SHARE, "");
        }
    }
    say!("  enemies did: {}", deeds["deeds"]);
    say!("  and could not: {}", deeds["failed"]);
    Ok(())
}

/// What is sent so that this rate is the mean at least.
fn sent_for(rate: u32) -> u32 {
    rate + rate * SENT_ABOVE_GOAL_PCT / 100
}

/// As many positions a second as are asked for, each acknowledged and each judged by the watch.
pub(crate) async fn throughput(
    platform: &Platform,
    goals: &mut Goals,
    what: &str,
    rate: u32,
    batch: u16,
    seconds: u32,
) -> Result<Value> {
    let sent = sent_for(rate);
    let numbers = [sent.to_string(), batch.to_string(), seconds.to_string()];
    let words = ["--rate", &numbers[0], "--batch", &numbers[1], "--seconds", &numbers[2]];
    let watch = Watch::before(platform).await?;
    let (figures, watch) = watch.beside(platform, district(platform, WALKING, &words)?).await?;
    let fixes = &figures["fixes"];
    let (mean, name) =
        (figures["fixes_a_second"]["mean"].as_f64().unwrap_or(f64::NAN), format!("{what}, {rate}/s"));
    let goal = goals.at_least(&format!("{name}: mean rate"), mean, f64::from(rate), "/s");
    say!(
        "{what}: {} of {} acknowledged, {mean:.0}/s, PUBACK p50 {} p99 {} ms   {goal}, of {sent}/s sent",
        fixes["acknowledged"],
        fixes["due"],
        fixes["puback_ms"]["p50"],
        fixes["puback_ms"]["p99"],
    );
    none_missing(goals, &name, &figures);
    watch::told(&watch, goals, &name)?;
    let limit = limits::fixes(WALKING, &words).await?;
    Ok(json!({"load": figures, "watch": watch, "limit": limit}))
}

/// Everybody comes back after an hour, with all positions of that hour and some presses. The words say in which order.
pub(crate) async fn backlog(platform: &Platform, goals: &mut Goals, order: &[&str]) -> Result<Value> {
    close_all(&platform.log_in("operator2").await?).await?;
    let before = open_incidents(platform).await?;
    let words = |presses: &'static str| [&["--backlog", "1h", "--late-presses", presses], order].concat();
    let watch = Watch::before(platform).await?;
    let (_, figures) = district(platform, HANDSETS, &words(LATE_PRESSES.1))?.outcome().await?;
    let presses = &figures["presses"];
    let fixes = figures["fixes"]["acknowledged"].as_f64().unwrap_or(f64::NAN);
    // Before the past is judged it has told of nobody.
    let judged = watch::all_is_told(&watch, platform, fixes).await?;
    let after = open_incidents(platform).await?;
    let (raised, told) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
    let peak = platform.memory_kib("VmHWM:")? / 1024.0;
    say!(
        "{HANDSETS} back after an hour {}: {} fixes, {} late presses",
        order.join(" "),
        figures["fixes"]["acknowledged"],
        presses["receipted"]
    );
    say!("  incidents of presses {raised}, of fences {told}, {judged:.0} fixes judged");
    let name = ["backlog"].into_iter().chain(order.iter().copied()).collect::<Vec<_>>().join(" ");
    none_missing(goals, &name, &figures);
    came_in_order(goals, &name, &figures, !order.contains(&"--oldest-first"))?;
    let goal = goals.at_most(&format!("{name}: most memory ever"), peak, MEMORY_MB, "MB");
    say!("  most memory ever {peak:>60.0} MB   {goal}");
    goals.at_least(&format!("{name}: fixes judged by the watch"), judged, fixes, "");
    // One for each who pressed: pressed again it is the same need.
    let late_pressers = figures["config"]["late_pressers"].as_f64().unwrap_or(f64::NAN);
    goals.at_least(&format!("{name}: incidents of late presses"), count(raised), late_pressers, "");
    goals.at_most(&format!("{name}: incidents of late presses"), count(raised), count(LATE_PRESSES.0), "");
    goals.at_most(
        &format!("{name}: incidents of fences out of the past"),
        count(told),
        count(TOLD_AT_MOST),
        "",
    );
    // Mosquitto has no receipts.
    let limit = limits::fixes(HANDSETS, &words("0")).await?;
    Ok(json!({"load": figures, "raised": raised, "told": told, "peak_mb": peak, "limit": limit}))
}

/// After a return presses come first, and where everybody is at once, if handsets send that first. What never came is no number and
/// meets no goal.
fn came_in_order(goals: &mut Goals, name: &str, figures: &Value, is_newest_first: bool) -> Result<()> {
    let after_s = |what: &str| figures["recovered_after_s"][what].as_f64().unwrap_or(f64::NAN);
    let [press, newest, all] = ["last_press_receipt", "every_newest_position", "everything"].map(after_s);
    let what = format!("{name}: the last late press's receipt, by the time until all is on disk");
    let goal = goals.at_most(&what, press / all, PRESSES_WITHIN_SHARE, "x");
    say!("  the last late press's receipt after {press:.1} s, all on disk after {all:.1} s   {goal}");
    let p99 = figures["presses"]["late_receipt_ms"]["p99"].as_f64().unwrap_or(f64::NAN);
    let goal = goals.at_most(&format!("{name}: receipts of late presses, p99"), p99, LATE_RECEIPT_MS, "ms");
    say!("  receipts of late presses, p99 {p99:>47.0} ms   {goal}");
    if is_newest_first {
        let what = format!("{name}: everybody's newest position");
        let goal = goals.at_most(&what, newest, NEWEST_WITHIN_S, "s");
        say!("  everybody's newest position after {newest:>43.1} s   {goal}");
    } else {
        say!("  everybody's newest position after {newest:>43.1} s, for it is sent last");
    }
    Ok(())
}

/// Positions and presses for a long time: nothing is missing, and the memory of the second half is that of the first.
pub(crate) async fn soak(platform: &Platform, goals: &mut Goals, minutes: u32) -> Result<Value> {
    let seconds = (minutes * 60).to_string();
    let words = ["--rate", "2000", "--presses", "0.5", "--seconds", &seconds];
    let load = district(platform, WALKING, &words)?;
    let operator = platform.log_in("operator2").await?;
    let (begun, mut memory) = (Instant::now(), Vec::new());
    // It is looked at while the load goes on, and not behind its end.
    while begun.elapsed() < Duration::from_mins(u64::from(minutes) - 1) {
        sleep(LOOK_EVERY).await;
        close_all(&operator).await?;
        memory.push((begun.elapsed().as_secs_f64() / 60.0, platform.memory_kib("VmRSS:")? / 1024.0));
    }
    let (_, load) = load.outcome().await?;
    say!(
        "{minutes} min of 2,000 fixes/s and a press every 2 s: {} fixes, {} presses",
        load["fixes"]["acknowledged"],
        load["presses"]["receipted"]
    );
    none_missing(goals, "soak", &load);
    is_flat(goals, &memory)?;
    Ok(json!({"load": load, "memory_mb": memory}))
}

/// Memory over time, in minutes and MB. What a start fills is filled within the first part.
fn is_flat(goals: &mut Goals, memory: &[(f64, f64)]) -> Result<()> {
    let (first, second) = memory.split_at(memory.len() / 2);
    let [first_mb, second_mb] =
        [first, second].map(|half| percentile(&half.iter().map(|(_, mb)| *mb).collect::<Vec<_>>(), 500));
    let goal = goals.below(
        "soak: memory of the second half as a multiple of the first's",
        second_mb / first_mb,
        1.2,
        "x",
    );
    say!("  memory, median of the first half {first_mb:.0} MB, of the second {second_mb:.0} MB   {goal}");
    let end = memory.last().map_or(f64::NAN, |(at, _)| *at);
    let last: Vec<(f64, f64)> = memory.iter().copied().filter(|(at, _)| end - at <= LAST_MIN).collect();
    let lasted = end - last.first().map_or(f64::NAN, |(at, _)| *at);
    let (a_minute, what) = (slope(&last), format!("soak: growth of memory over the last {lasted:.0} min"));
    let goal = goals.at_most(&what, a_minute * lasted, GROWTH_MB, "MB");
    say!(
        "  growth over the last {lasted:.0} min {:>40.1} MB ({:.2} MB an hour)   {goal}",
        a_minute * lasted,
        a_minute * 60.0
    );
    Ok(())
}

/// Every fix of a load is acknowledged, and every press has its receipt.
fn none_missing(goals: &mut Goals, what: &str, load: &Value) {
    for kind in ["fixes", "presses"] {
        let missing = load[kind]["missing"].as_f64().unwrap_or(f64::NAN);
        goals.at_most(&format!("{what}: {kind} missing"), missing, 0.0, "");
    }
    let complete = if load["complete"] == true { 1.0 } else { 0.0 };
    goals.at_least(&format!("{what}: everybody connected and all complete"), complete, 1.0, "");
}

fn count(of: usize) -> f64 {
    u32::try_from(of).map_or(f64::INFINITY, f64::from)
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
