//! A world step by step, from its seed or from its log.

use anyhow::{Context as _, Result};
use clap::Args;
use simulation::{Header, Options, Step, run_traced};
use std::{
    fs,
    io::{BufRead as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

/// Goes through a log.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The log, as a run that failed wrote it
    file: PathBuf,
    /// Wait for Enter after each step
    #[arg(long)]
    pause: bool,
    /// Begin at this step
    #[arg(long, default_value_t = 0)]
    step: u64,
}

impl Replay {
    pub(crate) fn perform(&self) -> Result<ExitCode> {
        let text = fs::read_to_string(&self.file).with_context(|| format!("read {}", self.file.display()))?;
        let mut lines = text.lines();
        let first = lines.next().context("the log is empty")?;
        let header: Header = serde_json::from_str(first).context("its first line has no seed")?;
        let (outcome, again) = run_traced(header.seed, header.options);
        let mut again = Some(again.iter().skip(1));
        let mut out = std::io::stdout().lock();
        writeln!(out, "seed {}", header.seed)?;
        for line in lines {
            let step: Step = serde_json::from_str(line).context("a line of the log is no step")?;
            let is_other = again.as_mut().is_some_and(|again| again.next().map(String::as_str) != Some(line));
            if is_other {
                writeln!(out, "\nfrom step {} on today's code does otherwise; the log is:", step.step)?;
                again = None;
            }
            if step.step >= self.step {
                write_step(&mut out, &step)?;
                self.wait()?;
            }
        }
        end(&mut out, &outcome)
    }

    fn wait(&self) -> Result<()> {
        if self.pause {
            std::io::stdin().lock().read_line(&mut String::new())?;
        }
        Ok(())
    }
}

/// Runs a world and shows its steps.
pub(crate) fn world(seed: u64, options: Options) -> Result<ExitCode> {
    let (outcome, lines) = run_traced(seed, options);
    let mut out = std::io::stdout().lock();
    for line in lines.iter().skip(1) {
        write_step(&mut out, &serde_json::from_str(line)?)?;
    }
    end(&mut out, &outcome)
}

fn write_step(out: &mut impl std::io::Write, step: &Step) -> Result<()> {
    writeln!(out, "{:>6} {:>10.3} s  {}", step.step, step.at_s, step.what)?;
    for note in &step.notes {
        writeln!(out, "{:>21}{note}", "")?;
    }
    Ok(())
}

fn end(out: &mut impl std::io::Write, outcome: &simulation::Outcome) -> Result<ExitCode> {
    if let Some(failure) = &outcome.failure {
        writeln!(out, "\nBROKEN in step {}: {}\n  {}", failure.step, failure.promise, failure.why)?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(out, "\nno promise was broken")?;
    Ok(ExitCode::SUCCESS)
}
