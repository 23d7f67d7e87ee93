//! A whole district at once, on the machine that also makes the load: throughput, presses beside it, memory, recovery.
//!
//! The records hold 100,000 residents and 5,000 handsets that have proved themselves before; those who carry one are watched.
//! `firmware-sim load` speaks for the handsets and says what is missing; each stage fails if anything is. Each has the
//! machine's own limit beside its figures, measured in the same run. `bench-results/full_load.json` has everything, of each
//! stage what it came to last.

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
mod stages;
mod watch;

use anyhow::Result;
use serde_json::Value;
use tests::{Platform, Setup, clock, figures};
use tokio::time::Instant;

#[tokio::main]
async fn main() -> Result<()> {
    let mut platform = Platform::start_with(Setup::as_a_service()).await?;
    platform.stop().await?;
    eprintln!("{} residents, {} handsets", district::RESIDENTS, district::HANDSETS);
    district::settle(&platform.data()).await?;
    let begun = Instant::now();
    platform.restart().await?;
    say!("\nready after a start with everybody known {:>37.2} s   goal <= 2", begun.elapsed().as_secs_f64());
    // `cargo bench ... -- presses backlog` measures only these, in this order.
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let stages = if asked.is_empty() { STAGES.iter().map(ToString::to_string).collect() } else { asked };
    for stage in stages {
        let mut figures = measure(&stage, &mut platform).await?;
        figures["measured_at"] = Value::String(clock::now().to_string());
        figures::keep_stage("full_load", &stage, figures)?;
    }
    Ok(())
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

async fn measure(stage: &str, platform: &mut Platform) -> Result<Value> {
    match stage {
        "memory" => stages::memory(platform).await,
        "presses" => stages::presses_beside_fixes(platform).await,
        "enemies" => stages::presses_among_enemies(platform).await,
        "log-ins" => people::presses_beside_log_ins(platform).await,
        "looks" => people::looks(platform).await,
        "single" => stages::throughput(platform, "one fix a message", 20_000, 1, 60).await,
        "single-40000" => stages::throughput(platform, "one fix a message", 40_000, 1, 30).await,
        "batched" => stages::throughput(platform, "20 fixes a message", 150_000, 20, 20).await,
        "backlog" => stages::backlog(platform, &[]).await,
        "backlog-oldest-first" => stages::backlog(platform, &["--oldest-first"]).await,
        "crowd" => crowd::twenty_thousand(platform).await,
        "ready" => ready::ready(platform).await,
        "track" => ready::track(platform).await,
        "soak" => stages::soak(platform, 60).await,
        "soak-20min" => stages::soak(platform, 20).await,
        other => anyhow::bail!(
            "there is no stage {other}; these are: {}, single-40000, soak, soak-20min",
            STAGES.join(", ")
        ),
    }
}
