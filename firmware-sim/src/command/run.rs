//! `firmware-sim run`: a district full of people.

use super::{DEMO_DOOR, duration, say};
use anyhow::Result;
use clap::Args;
use firmware_sim::{FleetConfig, Tally, made_up_handsets, run_fleet_observed};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const STATUS_EVERY: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The platform's MQTT door
    #[arg(long, value_name = "HOST:PORT", default_value = DEMO_DOOR)]
    mqtt: String,
    /// How many handsets, numbered from 0001
    #[arg(long, default_value_t = 200)]
    handsets: usize,
    /// What stands before the number
    #[arg(long, default_value = "demo-")]
    prefix: String,
    /// The same seed gives the same people on the same ways
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How often each handset measures its position
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "10s")]
    fix_every: Duration,
    /// Somebody presses within this time
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "40s")]
    first_press_within: Duration,
    /// Afterwards somebody presses on average this often
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "5m")]
    press_every: Duration,
    /// Stop by itself after this time
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    stop_after: Option<Duration>,
}

pub(crate) async fn perform(run: Run, stop: CancellationToken) -> Result<ExitCode> {
    say(format_args!("{} handsets at {}, seed {}; Ctrl-C ends", run.handsets, run.mqtt, run.seed))?;
    let tally = Arc::new(Tally::default());
    let config = FleetConfig {
        handsets: made_up_handsets(&run.prefix, run.handsets, run.seed),
        mqtt: run.mqtt,
        seed: run.seed,
        fix_every: run.fix_every,
        first_press_within: run.first_press_within,
        press_every: run.press_every,
    };
    let fleet = run_fleet_observed(config, tally.clone(), stop.clone());
    tokio::pin!(fleet);
    let end = tokio::time::sleep(run.stop_after.unwrap_or(Duration::from_hours(24 * 365)));
    tokio::pin!(end);
    let mut status = tokio::time::interval(STATUS_EVERY);
    status.tick().await;
    loop {
        tokio::select! {
            result = &mut fleet => {
                result?;
                say(&tally)?;
                return Ok(ExitCode::SUCCESS);
            }
            () = &mut end, if !stop.is_cancelled() => stop.cancel(),
            _ = status.tick() => say(&tally)?,
        }
    }
}
