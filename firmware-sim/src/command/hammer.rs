//! `firmware-sim hammer`: load with a journal.

use super::{DEMO_DOOR, duration, say};
use anyhow::Result;
use clap::Args;
use firmware_sim::hammer::{HammerConfig, run};
use firmware_sim::made_up_handsets;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Args)]
pub(crate) struct Hammer {
    /// The platform's MQTT door
    #[arg(long, value_name = "HOST:PORT", default_value = DEMO_DOOR)]
    mqtt: String,
    /// How many handsets, numbered from 0001
    #[arg(long, default_value_t = 20)]
    handsets: usize,
    /// What stands before the number
    #[arg(long, default_value = "demo-")]
    prefix: String,
    /// The same seed gives the same presses
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// For so many seconds new presses are made
    #[arg(long)]
    seconds: u64,
    /// The mean pause between two presses of one handset
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "2s")]
    press_every: Duration,
    /// How often each handset measures its position
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "1s")]
    fix_every: Duration,
    /// How long after the last press the receipts may take
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "60s")]
    drain: Duration,
    /// A line of JSON for each press made, sent, acknowledged and receipted is appended here
    #[arg(long, value_name = "FILE")]
    journal: PathBuf,
}

pub(crate) async fn perform(hammer: Hammer, stop: CancellationToken) -> Result<ExitCode> {
    say(format_args!("seed {}", hammer.seed))?;
    let config = HammerConfig {
        handsets: made_up_handsets(&hammer.prefix, hammer.handsets, hammer.seed),
        mqtt: hammer.mqtt,
        seed: hammer.seed,
        press_for: Duration::from_secs(hammer.seconds),
        press_every: hammer.press_every,
        fix_every: hammer.fix_every,
        drain: hammer.drain,
        journal: hammer.journal,
    };
    let outcome = run(config, stop).await?;
    say(outcome)?;
    Ok(if outcome.complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
