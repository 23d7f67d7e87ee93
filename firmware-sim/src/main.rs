//! `firmware-sim`: virtual handsets from the command line.

mod command;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing_subscriber::EnvFilter;

/// Virtual GPS-one handsets: people who walk, handsets that lose their network, and the button.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  Press the button of a demo resident and watch help come:
    firmware-sim press --handset demo-0007

  The same, 40 minutes late and without a position:
    firmware-sim press --handset demo-0007 --late 40m --no-fix

  An hour at dusk in a minute; `story --list` names the others and says whom they are for:
    firmware-sim story lost-at-dusk --speed 60

  Two hundred residents of a made-up district, the same ones every time:
    firmware-sim run --handsets 200 --prefix demo- --seed 7

  Twenty handsets that press every two seconds for a minute, with a journal of every press:
    firmware-sim hammer --handsets 20 --seconds 60 --seed 1 --journal presses.ndjson

  Two thousand positions a second from two hundred handsets, and how long the answers take:
    firmware-sim load --rate 2000 --seconds 60

A handset's password is its id unless --password says otherwise. RUST_LOG=debug shows more. Exit codes:
1, something was not receipted or acknowledged; 2, it could not be done at all.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Simulate residents until Ctrl-C; a status line every ten seconds
    Run(command::run::Run),
    /// Press one button, then show the receipt and each stage as it comes
    Press(command::press::Press),
    /// Tell one named story: a fall, a way lost at dusk, a press in a tunnel
    Story(command::story::StoryArguments),
    /// Press often and keep a journal, for tests that kill the platform
    Hammer(command::hammer::Hammer),
    /// Send as much as is asked for, and measure how long the answers take
    Load(command::load::Load),
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match start(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            tracing::debug!(?error, "simulator.failed");
            report(&error)
        }
    }
}

/// The chain of causes in one paragraph; RUST_LOG=debug shows where it came from.
fn report(error: &anyhow::Error) -> ExitCode {
    // Standard error that is gone cannot be told so; the exit code still says it.
    if writeln!(std::io::stderr(), "firmware-sim: {error:#}").is_err() {
        return ExitCode::from(2);
    }
    ExitCode::from(2)
}

fn start(arguments: Arguments) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("start the runtime")?;
    runtime.block_on(perform(arguments.command))
}

async fn perform(command: Command) -> Result<ExitCode> {
    let stop = CancellationToken::new();
    let tracker = TaskTracker::new();
    tracker.spawn(stop_on_signal(stop.clone()));
    match command {
        Command::Run(run) => command::run::perform(run, stop).await,
        Command::Press(press) => command::press::perform(press, stop).await,
        Command::Story(story) => command::story::perform(story, stop).await,
        Command::Hammer(hammer) => command::hammer::perform(hammer, stop).await,
        Command::Load(load) => command::load::perform(load, stop).await,
    }
}

/// Ctrl-C and the polite kill end everything with a farewell to the door.
async fn stop_on_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            stop.cancel();
        }
        Err(error) => tracing::error!(%error, "simulator.no_signals"),
    }
}
