//! The desk under its worst hour: never fewer than ten thousand open incidents, and a district full of screens.
//!
//! `cargo bench -p tests --bench desk` runs both stages, `-- queue` or `-- screens` one. `bench-results/desk.json` has the figures.
//! Both are measured whatever became of the other; goals that were missed are listed at the end, and then the exit code is 1.

/// A line of the table.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($words)*)?
    }};
}

mod people;
mod queue;
#[path = "../common/records.rs"]
mod records;
mod screens;

use anyhow::{Result, ensure};
use serde_json::{Map, Value};
use std::process::ExitCode;
use tests::{Goals, Platform, Setup, figures};

const STAGES: [&str; 2] = ["queue", "screens"];
/// The demo has one relative and few operators, and here they stand for thousands.
const SCREENS_PER_ACCOUNT: usize = 10_000;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let stages = if asked.is_empty() { STAGES.map(str::to_owned).to_vec() } else { asked };
    for stage in &stages {
        ensure!(
            STAGES.iter().any(|known| known == stage),
            "there is no stage {stage}; these are: {}",
            STAGES.join(", ")
        );
    }
    let (mut all, mut goals) = (Map::new(), Goals::default());
    for stage in stages {
        match measure(&stage, &mut goals).await {
            Ok(figures) => drop(all.insert(stage, figures)),
            Err(error) => {
                say!("{stage} could not be measured: {error:#}");
                goals.not_measured(&stage, &error);
            }
        }
    }
    figures::keep("desk", &Value::Object(all))?;
    goals.conclude(&mut std::io::stdout())
}

async fn measure(stage: &str, goals: &mut Goals) -> Result<Value> {
    let most = ("JJL_HTTP__SCREENS_PER_ACCOUNT".to_owned(), SCREENS_PER_ACCOUNT.to_string());
    let mut platform = Platform::start_with(Setup { env: vec![most], ..Setup::as_a_service() }).await?;
    match stage {
        "queue" => queue::measure(&mut platform, goals).await,
        _ => screens::measure(&platform, goals).await,
    }
}
