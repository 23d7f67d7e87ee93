//! As many connections as one process may hold, for each is a file of its own; and more than that by two processes, on one Redis,
//! each with a copy of the records of its own. These are two platforms that hear of each other's news, and not one that is spread
//! over two processes.

use crate::{
    pressing::Pressing,
    stages::{connections, district, online},
};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::{fs, path::Path, time::Duration};
use tests::{Goals, Platform, Redis, Setup, tools, until};
use tokio::time::{Instant, sleep};

/// Held by one process. Where it may not open a file for each, as many as it may are tried, and the goal is missed.
const ONE: u32 = 20_000;
/// Files of the platform for everything else: what it keeps back of its limit itself, and those who press.
const OTHER_FILES: u32 = 600;
/// Held by each of two.
const EACH: u32 = 10_000;
const HELD: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Holds 20,000 sessions for a minute each time, and presses among them.
pub(crate) async fn twenty_thousand(platform: &mut Platform, goals: &mut Goals) -> Result<Value> {
    let one = held_by_one(platform, goals).await;
    let before = platform.setup().env.clone();
    let two = held_by_two(platform, goals).await;
    // The next stage is one process again, whatever became of this one.
    if platform.is_running()? {
        platform.stop().await?;
    }
    platform.setup().env = before;
    platform.restart().await?;
    Ok(json!({ "one": one?, "two": two? }))
}

async fn held_by_one(platform: &mut Platform, goals: &mut Goals) -> Result<Value> {
    let given = tools::open_files()?;
    let files = tools::open_files_up_to(u64::from(ONE + OTHER_FILES))?;
    let possible = u32::try_from(files).unwrap_or(u32::MAX).saturating_sub(OTHER_FILES);
    ensure!(
        possible > 0,
        "{files} files may be open, and {OTHER_FILES} are for everything else: nobody could connect"
    );
    let handsets = ONE.min(possible);
    // A process has the limit that it was started with.
    platform.stop().await?;
    platform.restart().await?;
    let begun = Instant::now();
    let load = district(platform, handsets, &["--idle"])?;
    until("everybody is in", Duration::from_mins(5), async || {
        Ok((online(platform).await? >= f64::from(handsets)).then_some(()))
    })
    .await?;
    let in_after_s = begun.elapsed().as_secs_f64();
    let presses = Pressing::connect(platform).await?.press(platform, "one holds all").await?;
    let least = least_held(async || online(platform).await).await?;
    let memory_mb = platform.memory_kib("VmRSS:")? / 1024.0;
    drop(load);
    let goal = goals.at_least("connections held by one process", least, f64::from(ONE), "");
    say!(
        "{least:.0} connections held by one process for {} s, all in after {in_after_s:.1} s, {memory_mb:.0} MB   {goal}",
        HELD.as_secs(),
    );
    say!(
        "  limit: it may open {files} files, {given} were given to this account; {OTHER_FILES} are for everything else"
    );
    if handsets < ONE {
        say!("  {handsets} were tried: for {ONE} raise `ulimit -Hn` to {} or more", ONE + OTHER_FILES);
    }
    Ok(json!({
        "held": least, "tried": handsets, "in_after_s": in_after_s, "memory_mb": memory_mb, "files_given": given, "files": files,
        "presses": presses,
    }))
}

/// The fewest at any look within the minute.
async fn least_held(mut count: impl AsyncFnMut() -> Result<f64>) -> Result<f64> {
    let (end, mut least) = (Instant::now() + HELD, f64::INFINITY);
    while Instant::now() < end {
        sleep(LOOK_EVERY).await;
        least = least.min(count().await?);
    }
    Ok(least)
}

async fn held_by_two(platform: &mut Platform, goals: &mut Goals) -> Result<Value> {
    let (redis, folder) = (Redis::start().await?, tempfile::tempdir()?);
    let on_redis = ("JJL_BUS__URL".to_owned(), redis.url());
    platform.stop().await?;
    copy(&platform.data(), folder.path())?;
    platform.setup().env.push(on_redis.clone());
    platform.restart().await?;
    let data = Some(folder.path().to_owned());
    let other = Platform::start_with(Setup { data, env: vec![on_redis], ..Setup::as_a_service() }).await?;
    let begun = Instant::now();
    let loads = [&*platform, &other].map(|one| district(one, EACH, &["--idle"]));
    until("everybody is in", Duration::from_mins(5), async || {
        let held = connections(platform).await? + connections(&other).await?;
        Ok((held >= f64::from(2 * EACH)).then_some(()))
    })
    .await?;
    let in_after_s = begun.elapsed().as_secs_f64();
    let presses = Pressing::connect(platform).await?.press(platform, "20,000 held").await?;
    let least = least_held(async || Ok(connections(platform).await? + connections(&other).await?)).await?;
    let memory_mb = [&*platform, &other].map(|one| one.memory_kib("VmRSS:").map(|kib| kib / 1024.0));
    let [here, there] = memory_mb;
    let memory_mb = [here?, there?];
    say!(
        "{least:.0} connections held by two processes for {} s, all in after {in_after_s:.1} s, {:.0} and {:.0} MB",
        HELD.as_secs(),
        memory_mb[0],
        memory_mb[1],
    );
    let goal = goals.at_least("connections held by two processes", least, f64::from(2 * EACH), "");
    say!("  each with a copy of the records of its own, on one Redis   {goal}");
    for load in loads {
        drop(load?);
    }
    platform.stop().await?;
    Ok(json!({ "held": least, "in_after_s": in_after_s, "memory_mb": memory_mb, "presses": presses }))
}

/// The records as they are, for a process that shares nothing but the bus.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        // The other one keeps room of its own.
        if entry.file_name() != "ballast" && entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
