//! More connections than one process may have files: two processes hold them, on one Redis, each with a copy of the records of
//! its own. That is two platforms that hear of each other's news, and not one that is spread over two processes; what one process
//! can hold is said by the limit of its files.

use crate::{pressing::Pressing, stages::district};
use anyhow::Result;
use serde_json::{Value, json};
use std::{fs, path::Path, time::Duration};
use tests::{Goals, Platform, Redis, Setup, tools, until};
use tokio::time::{Instant, sleep};

/// Held by each of the two.
const EACH: u32 = 10_000;
const HELD: Duration = Duration::from_mins(1);

/// Holds 20,000 sessions for a minute and presses among them.
pub(crate) async fn twenty_thousand(platform: &mut Platform, goals: &mut Goals) -> Result<Value> {
    let before = platform.setup().env.clone();
    let held = held_by_two(platform, goals).await;
    // The next stage is one process again, whatever became of this one.
    if platform.is_running()? {
        platform.stop().await?;
    }
    platform.setup().env = before;
    platform.restart().await?;
    held
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
    sleep(HELD).await;
    let held = [connections(platform).await?, connections(&other).await?];
    let memory_mb = [&*platform, &other].map(|one| one.memory_kib("VmRSS:").map(|kib| kib / 1024.0));
    let [here, there] = memory_mb;
    let memory_mb = [here?, there?];
    say!(
        "{} connections held by two processes for {} s, all in after {in_after_s:.1} s, {:.0} and {:.0} MB",
        held.iter().sum::<f64>(),
        HELD.as_secs(),
        memory_mb[0],
        memory_mb[1],
    );
    let files = tools::open_files()?;
    let all = held.iter().sum::<f64>();
    let goal = goals.at_least("connections held by two processes", all, f64::from(2 * EACH), "");
    say!("  limit: one process may open {files:>48} files   {goal}");
    for load in loads {
        drop(load?);
    }
    platform.stop().await?;
    Ok(json!({
        "held": held, "in_after_s": in_after_s, "memory_mb": memory_mb, "files_of_a_process": files,
        "presses": presses,
    }))
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

async fn connections(platform: &Platform) -> Result<f64> {
    platform.figure("jujiale_mqtt_connections").await
}
