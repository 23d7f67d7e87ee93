//! A whole district at once, on the machine that also makes the load: throughput, presses beside it, memory, recovery.
//!
//! The records hold 100,000 residents and 5,000 handsets that have proved themselves before; those who carry one are watched.
//! `firmware-sim load` speaks for the handsets and says what is missing. Each stage has the machine's own limit beside its
//! figures, measured in the same run, and looks at its goals; what is missing is a goal missed. All stages are measured whatever
//! became of the others; then the missed ones are listed, and the exit code is 1 if there are any.
//! `bench-results/full_load.json` has everything, of each stage what it came to last.

/// A line of the table.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($words)*)?
    }};
}

mod crowd;
mod district;
mod enemies;
mod history;
mod limits;
mod people;
mod pressing;
mod ready;
#[path = "../common/records.rs"]
mod records;
mod stages;
mod watch;

use anyhow::{Result, ensure};
use serde_json::Value;
use std::{process::ExitCode, sync::Arc};
use tests::{Authority, Goals, Platform, Setup, clock, figures};
use tokio::time::Instant;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let authority = Arc::new(Authority::found()?);
    let mut platform = Platform::start_with(Setup::as_a_service().encrypted(&authority)?).await?;
    platform.stop().await?;
    eprintln!("{} residents, {} handsets", district::RESIDENTS, district::HANDSETS);
    district::settle(&platform.data()).await?;
    let begun = Instant::now();
    platform.restart().await?;
    let mut goals = Goals::default();
    let ready_s = begun.elapsed().as_secs_f64();
    let goal = goals.at_most("ready after a start with everybody known", ready_s, ready::GOAL_S, "s");
    say!("\nready after a start with everybody known {ready_s:>37.2} s   {goal}");
    // `cargo bench ... -- presses backlog` measures only these, in this order.
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let stages = if asked.is_empty() { STAGES.iter().map(ToString::to_string).collect() } else { asked };
    for stage in &stages {
        let is_known = STAGES.iter().chain(NAMED).any(|known| known == stage);
        ensure!(is_known, "there is no stage {stage}; {}", stages_there_are());
    }
    for stage in stages {
        match measure(&stage, &mut platform, &authority, &mut goals).await {
            Ok(mut figures) => {
                figures["measured_at"] = Value::String(clock::now().to_string());
                figures::keep_stage("full_load", &stage, figures)?;
            }
            Err(error) => {
                say!("{stage} could not be measured: {error:#}");
                goals.not_measured(&stage, &error);
            }
        }
        // The next stage finds a platform that runs.
        if !platform.is_running()? {
            platform.restart().await?;
        }
    }
    goals.conclude(&mut std::io::stdout())
}

/// The last ones make the records many times as large.
const STAGES: &[&str] = &[
    "memory",
    "presses",
    "enemies",
    "log-ins",
    "looks",
    "single",
    "batched",
    "backlog",
    "backlog-oldest-first",
    "crowd",
    "ready",
    "track",
];

/// More than is promised, or long: only when they are named.
const NAMED: &[&str] = &["single-40000", "soak", "soak-20min"];

fn stages_there_are() -> String {
    format!("these are: {}, {}", STAGES.join(", "), NAMED.join(", "))
}

async fn measure(
    stage: &str,
    platform: &mut Platform,
    authority: &Arc<Authority>,
    goals: &mut Goals,
) -> Result<Value> {
    match stage {
        "memory" => stages::memory(platform, goals).await,
        "presses" => stages::presses_beside_fixes(platform, goals).await,
        "enemies" => stages::presses_among_enemies(platform, authority, goals).await,
        "log-ins" => people::presses_beside_log_ins(platform, goals).await,
        "looks" => people::looks(platform, goals).await,
        "single" => stages::throughput(platform, goals, "one fix a message", 20_000, 1, 60).await,
        "single-40000" => stages::throughput(platform, goals, "one fix a message", 40_000, 1, 30).await,
        "batched" => stages::throughput(platform, goals, "20 fixes a message", 150_000, 20, 20).await,
        "backlog" => stages::backlog(platform, goals, &[]).await,
        "backlog-oldest-first" => stages::backlog(platform, goals, &["--oldest-first"]).await,
        "crowd" => crowd::twenty_thousand(platform, goals).await,
        "ready" => ready::ready(platform, goals).await,
        "track" => ready::track(platform, goals).await,
        "soak" => stages::soak(platform, goals, 60).await,
        "soak-20min" => stages::soak(platform, goals, 20).await,
        other => anyhow::bail!("there is no stage {other}; {}", stages_there_are()),
    }
}
