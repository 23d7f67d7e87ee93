//! Recorded messages through the same pure code that runs in the platform, without a server.
//!
//! [`line`] reads a line and says whose it is, [`handset`] remembers what must be known of a handset, [`recording`] is one run
//! through all of it, [`falls`] what follows from reports of falls, [`told`] what is written of a press or a fall.

mod falls;
mod handset;
mod line;
mod recording;
mod told;

pub(crate) use line::Line;

use crate::rules_file;
use anyhow::Context as _;
use geofence::replay::{Difference, ResidentsFile, diff};
use geofence::{Rules, Signal};
use model::Timestamp;
use recording::Recording;
use serde_json::Value;
use std::{
    fs,
    io::{self, BufRead as _, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What a replay works by.
pub(crate) struct Files {
    pub(crate) residents: PathBuf,
    pub(crate) rules: Option<PathBuf>,
    pub(crate) against: Option<PathBuf>,
}

/// Of which time it tells.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Span {
    /// What is told before that is not shown: it is what the engine knows from then on.
    pub(crate) from: Option<Timestamp>,
    /// Until when time runs on after the last message; later ones are passed over.
    pub(crate) until: Option<Timestamp>,
}

/// Reads standard input to its end. What cannot be read, a line or a part of one, is named on standard error and passed over; the
/// exit code says that there was such.
pub(crate) fn run(files: &Files, span: Span) -> anyhow::Result<ExitCode> {
    let mut file = residents(&files.residents)?;
    if let Some(path) = &files.rules {
        file.rules = Some(rules(path)?);
    }
    let (mut out, mut errors) = (io::stdout().lock(), io::stderr().lock());
    let Some(against) = &files.against else {
        let mut replay = Replay { span, name: &files.residents, out: &mut out, errors: &mut errors };
        let is_whole = replay.run(&file, io::stdin().lock().lines())?;
        return Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    };
    // Twice the same lines; what cannot be used is named the first time.
    let lines: Vec<String> =
        io::stdin().lock().lines().collect::<Result<_, _>>().context("standard input cannot be read")?;
    let told = |file: &ResidentsFile, errors: &mut dyn Write| -> anyhow::Result<_> {
        let mut out = Vec::new();
        let mut replay = Replay { span, name: &files.residents, out: &mut out, errors };
        let is_whole = replay.run(file, lines.iter().map(|line| Ok(line.clone())))?;
        Ok((is_whole, watched(&out)))
    };
    let (is_whole, before) = told(&file, &mut errors)?;
    file.rules = Some(rules(against)?);
    let (_, after) = told(&file, &mut io::sink())?;
    let changes = diff(&before, &after);
    let lines: Vec<Value> = changes.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    write_all(&mut out, &lines)?;
    let count = |change: Difference| changes.iter().filter(|one| one.change == change).count();
    writeln!(
        errors,
        "jujiale replay: {} signals before, {} after: {} appear, {} vanish, {} move",
        before.len(),
        after.len(),
        count(Difference::Appears),
        count(Difference::Vanishes),
        count(Difference::Moves)
    )?;
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn residents(path: &Path) -> anyhow::Result<ResidentsFile> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not a file of residents", path.display()))
}

fn rules(path: &Path) -> anyhow::Result<Rules> {
    let value = rules_file::read(path)?;
    Rules::from_json(&value).with_context(|| format!("{} is not a file of rules", path.display()))
}

/// The signals among the lines that the watch gave. Presses and falls are lines of another form, and no rule changes them.
fn watched(lines: &[u8]) -> Vec<Signal> {
    lines.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

/// One run over a recording.
struct Replay<'a> {
    span: Span,
    name: &'a Path,
    out: &'a mut dyn Write,
    errors: &'a mut dyn Write,
}

impl Replay<'_> {
    /// Whether everything could be used.
    fn run(
        &mut self,
        file: &ResidentsFile,
        lines: impl Iterator<Item = io::Result<String>>,
    ) -> anyhow::Result<bool> {
        let (mut recording, problems) = Recording::new(file);
        let mut is_whole = problems.is_empty();
        for problem in problems {
            self.complain(&format!("{}: {problem}", self.name.display()))?;
        }
        for (place, line) in lines.enumerate() {
            let line = line.context("standard input cannot be read")?;
            if line.trim().is_empty() {
                continue;
            }
            match recording.take(&line, self.span.until) {
                Ok(lines) => self.tell(lines)?,
                Err(error) => {
                    is_whole = false;
                    self.complain(&format!("line {}: {error:#}", place + 1))?;
                }
            }
            for defect in recording.take_misread() {
                is_whole = false;
                self.complain(&format!("line {}: {defect}", place + 1))?;
            }
        }
        let last = match self.span.until {
            Some(until) => recording.run_until(until)?,
            None => recording.settle()?,
        };
        self.tell(last)?;
        self.out.flush()?;
        Ok(is_whole)
    }

    fn tell(&mut self, lines: Vec<Value>) -> anyhow::Result<()> {
        let from = self.span.from;
        let shown: Vec<Value> = lines.into_iter().filter(|line| is_shown(line, from)).collect();
        write_all(self.out, &shown)
    }

    fn complain(&mut self, what: &str) -> io::Result<()> {
        writeln!(self.errors, "jujiale replay: {what}")
    }
}

fn is_shown(line: &Value, from: Option<Timestamp>) -> bool {
    let at = || line["at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    from.is_none_or(|from| at().is_none_or(|at| at >= from))
}

fn write_all(out: &mut dyn Write, lines: &[Value]) -> anyhow::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}")).context("standard output is closed")
}
