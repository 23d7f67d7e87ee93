//! With a day of everybody's fixes on disk: how soon a press is taken after a start, and how long a day's track takes to read.

use crate::{
    district::{WALKING, resident},
    history::{self, DAY_S, FIXES_OF_A_DAY, FOLLOWED},
    stages::district,
};
use anyhow::{Context as _, Result, ensure};
use model::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    Account, Goals, Platform,
    figures::{Disk, ms, percentile},
    press,
};
use tokio::time::{Instant, sleep};

/// From the start of the program until it takes a press.
pub(crate) const GOAL_S: f64 = 2.0;
/// A day's track, for the slowest hundredth.
const TRACK_MS: f64 = 20.0;
/// Starts after a stop, and as many after a kill.
const STARTS: usize = 3;
/// Positions flow for so long before the platform is killed among them.
const FLOWING: Duration = Duration::from_secs(10);

/// From the start of the program to the PUBACK of a first press.
pub(crate) async fn ready(platform: &mut Platform, goals: &mut Goals) -> Result<Value> {
    history::behind(platform).await?;
    let (mut stopped, mut killed) = (Vec::new(), Vec::new());
    for nth in 1..=STARTS {
        platform.stop().await?;
        stopped.push(first_press(platform, &format!("after stop {nth}")).await?);
        let load = district(platform, WALKING, &["--rate", "5000", "--seconds", "3600"])?;
        sleep(FLOWING).await;
        platform.kill()?;
        drop(load);
        killed.push(first_press(platform, &format!("after kill {nth}")).await?);
    }
    let each = |times: &[f64]| times.iter().map(|time| format!("{time:.2}")).collect::<Vec<_>>().join(", ");
    for (after, times) in [("stop", &stopped), ("kill", &killed)] {
        let what = format!("start -> PUBACK of a first press, after a {after}");
        let goal = goals.at_most(&what, percentile(times, 1_000), GOAL_S, "s");
        say!("{what} {:>28} s   {goal}", each(times));
    }
    let sync_ms = Disk::beside(platform)?.append().await?;
    say!("  limit: one fdatasync append {sync_ms:>48.2} ms");
    Ok(json!({"after_a_stop_s": stopped, "after_a_kill_s": killed, "fdatasync_ms": sync_ms}))
}

async fn first_press(platform: &mut Platform, press_id: &str) -> Result<f64> {
    let begun = Instant::now();
    platform.restart().await?;
    let handset = platform.handset("load-00001").await?;
    handset.publish("press", press(press_id, "ready", 1).to_string()).await?;
    Ok(begun.elapsed().as_secs_f64())
}

/// A day's track of one after the other, over HTTP and with the look on record.
pub(crate) async fn track(platform: &mut Platform, goals: &mut Goals) -> Result<Value> {
    let end = history::behind(platform).await?;
    let from = end.checked_sub(SignedDuration::from_secs(DAY_S))?;
    let operator = platform.log_in("operator").await?;
    let disk = Disk::beside(platform)?;
    let (mut tracks, mut syncs) = (Vec::new(), Vec::new());
    for number in FOLLOWED {
        let path = format!("/api/residents/{}/track?reason=bench&from={from}&to={end}", resident(number)?);
        tracks.push(read(&operator, &path).await?);
        syncs.push(disk.append().await?);
    }
    let [[track50, track99], [sync50, sync99]] =
        [&tracks, &syncs].map(|times| [500, 990].map(|per_mille| percentile(times, per_mille)));
    let goal = goals.at_most("a day's track of 8,640 fixes over HTTP, p99", track99, TRACK_MS, "ms");
    say!("a day's track of 8,640 fixes over HTTP, p50 / p99 {track50:>21.2} / {track99:.2} ms   {goal}");
    say!("  limit: fdatasync append in between {sync50:>32.2} / {sync99:.2} ms");
    Ok(json!({"track_ms": [track50, track99], "fdatasync_ms": [sync50, sync99]}))
}

/// How long the whole answer takes to come.
async fn read(operator: &Account, path: &str) -> Result<f64> {
    let begun = Instant::now();
    let answer = operator.request(Method::GET, path).send().await?.error_for_status()?.bytes().await?;
    let took = ms(begun.elapsed());
    let track: Value = serde_json::from_slice(&answer)?;
    let fixes = track["fixes"].as_u64().context("how many fixes")?;
    ensure!(fixes == FIXES_OF_A_DAY, "{fixes} fixes of a day");
    Ok(took)
}
