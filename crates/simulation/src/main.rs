//! `simulation`: worlds in which everything breaks, from the command line.

mod report;
mod show;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use report::Report;
use simulation::{Options, Sabotage, run, run_traced};
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Runs worlds in which handsets, network, store, processes, clocks and people fail, and looks after every step whether a
/// promise of the platform was broken.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    worlds: Worlds,
}

const EXAMPLES: &str = "\
Examples:
  Twenty thousand worlds, of seeds 0 to 19999:
    simulation --seeds 20000

  Other ones, each with a thousand steps of trouble before all faults end:
    simulation --from 1000000 --seeds 5000 --events 1000

  One world, its steps on the screen:
    simulation --seed 4711 --trace

  A world that failed, step by step from its log (Enter goes on); it says so if today's code does otherwise:
    simulation replay target/simulation/4711.ndjson --pause

  Whether the checks find a shell that sends receipts before the commit:
    simulation --seeds 500 --break receipt-before-commit

  Whether it goes through as many worlds a second as it should (built with --release):
    simulation --seeds 20000 --at-least 500

The same seed and the same code give the same world. Exit codes: 1, a promise was broken (its seed is printed and its log
written); 2, it could not be done at all; 3, it was slower than --at-least.";

/// It was slower than was asked for.
const TOO_SLOW: u8 = 3;

#[derive(Debug, Args)]
struct Worlds {
    /// How many worlds
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The seed of the first
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// This world alone
    #[arg(long, conflicts_with_all = ["seeds", "from"])]
    seed: Option<u64>,
    /// Show each step as it comes; only with --seed
    #[arg(long, requires = "seed")]
    trace: bool,
    /// How many steps everything breaks for, before all faults end
    #[arg(long, default_value_t = 200)]
    events: u64,
    /// Break the simulated shell on purpose
    #[arg(long = "break", value_name = "HOW")]
    sabotage: Option<Sabotage>,
    /// Worlds a second that it must go through
    #[arg(long, value_name = "SEEDS")]
    at_least: Option<f64>,
    /// Where the log of a world that failed is written, as SEED.ndjson
    #[arg(long, value_name = "FOLDER", default_value = "target/simulation")]
    logs: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Go through the log of a world step by step, and compare it with what today's code does
    Replay(show::Replay),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Some(Command::Replay(replay)) => replay.perform(),
        None => arguments.worlds.perform(),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            // Standard error that is gone cannot be told so; the exit code still says it.
            writeln!(std::io::stderr(), "simulation: {error:#}").ok();
            ExitCode::from(2)
        }
    }
}

impl Worlds {
    fn perform(&self) -> Result<ExitCode> {
        let options = Options { events: self.events, sabotage: self.sabotage };
        if self.trace {
            return show::world(self.seed.unwrap_or_default(), options);
        }
        let (first, count) = self.seed.map_or((self.from, self.seeds), |seed| (seed, 1));
        let mut report = Report::start(count);
        for seed in first..first.saturating_add(count) {
            let outcome = run(seed, options);
            report.add(seed, &outcome.stats)?;
            if let Some(failure) = outcome.failure {
                let log = write_log(&self.logs, seed, options)?;
                report.end()?;
                let mut out = std::io::stdout().lock();
                writeln!(out, "\nBROKEN in seed {seed}, step {}: {}", failure.step, failure.promise)?;
                writeln!(out, "  {}", failure.why)?;
                writeln!(out, "  its log: {}", log.display())?;
                writeln!(out, "  step by step: simulation replay {}", log.display())?;
                return Ok(ExitCode::FAILURE);
            }
        }
        report.end()?;
        writeln!(std::io::stdout(), "\nno promise was broken")?;
        let (goal, reached) = (self.at_least.unwrap_or_default(), report.per_second());
        if reached >= goal {
            return Ok(ExitCode::SUCCESS);
        }
        writeln!(std::io::stdout(), "goal missed: seeds a second  {reached:.0}   goal >= {goal}")?;
        Ok(ExitCode::from(TOO_SLOW))
    }
}

/// Runs the world once more with its log kept.
fn write_log(folder: &Path, seed: u64, options: Options) -> Result<PathBuf> {
    let (_, lines) = run_traced(seed, options);
    fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
    let path = folder.join(format!("{seed}.ndjson"));
    fs::write(&path, lines.join("\n") + "\n").with_context(|| format!("write {}", path.display()))?;
    Ok(path)
}
