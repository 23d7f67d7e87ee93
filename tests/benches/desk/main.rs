//! The desk under its worst hour: ten thousand open incidents, and a district full of screens.
//!
//! `cargo bench -p tests --bench desk` runs both stages, `-- queue` or `-- screens` one. `bench-results/desk.json` has the figures.

/// A line of the table.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($words)*)?
    }};
}

mod queue;
mod screens;

use anyhow::Result;
use serde_json::{Map, Value};
use tests::{Platform, Setup, figures};

const STAGES: [&str; 2] = ["queue", "screens"];
/// The demo has one relative and few operators, and here they stand for thousands.
const SCREENS_PER_ACCOUNT: usize = 10_000;

#[tokio::main]
async fn main() -> Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let stages = if asked.is_empty() { STAGES.map(str::to_owned).to_vec() } else { asked };
    let mut all = Map::new();
    for stage in stages {
        let most = ("JJL_HTTP__SCREENS_PER_ACCOUNT".to_owned(), SCREENS_PER_ACCOUNT.to_string());
        let platform = Platform::start_with(Setup { env: vec![most], ..Setup::as_a_service() }).await?;
        let figures = match stage.as_str() {
            "queue" => queue::measure(&platform).await?,
            "screens" => screens::measure(&platform).await?,
            other => anyhow::bail!("there is no stage {other}; these are: {}", STAGES.join(", ")),
        };
        all.insert(stage, figures);
    }
    figures::keep("desk", &Value::Object(all))
}
