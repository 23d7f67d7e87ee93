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
    let name = &files.residents;
    let Some(against) = &files.against else {
        let mut replay = Replay::begin(name, &file, span, (&mut out, &mut errors))?;
        feed(std::slice::from_mut(&mut replay))?;
        return Ok(if replay.end()? { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    };
    // Side by side, so that the messages are read once and none is kept; what cannot be used is named of the first.
    let (mut told, mut told_against, mut unsaid) = (Vec::<u8>::new(), Vec::<u8>::new(), io::sink());
    let first = Replay::begin(name, &file, span, (&mut told, &mut errors))?;
    file.rules = Some(rules(against)?);
    let second = Replay::begin(name, &file, span, (&mut told_against, &mut unsaid))?;
    let mut both = [first, second];
    feed(&mut both)?;
    let [first, second] = both;
    let is_whole = first.end()?;
    second.end()?;
    let (before, after) = (watched(&told), watched(&told_against));
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

/// Hands each line of standard input to all of them.
fn feed(replays: &mut [Replay<'_>]) -> anyhow::Result<()> {
    for (place, line) in io::stdin().lock().lines().enumerate() {
        let line = line.context("standard input cannot be read")?;
        if line.trim().is_empty() {
            continue;
        }
        for replay in &mut *replays {
            replay.take(place + 1, &line)?;
        }
    }
    Ok(())
}

/// One run over a recording.
struct Replay<'a> {
    span: Span,
    recording: Recording,
    /// Whether everything could be used so far.
    is_whole: bool,
    out: &'a mut dyn Write,
    errors: &'a mut dyn Write,
}

impl<'a> Replay<'a> {
    /// Its beginning; what in the file cannot be used is named.
    fn begin(
        name: &Path,
        file: &ResidentsFile,
        span: Span,
        (out, errors): (&'a mut dyn Write, &'a mut dyn Write),
    ) -> anyhow::Result<Self> {
        let (recording, problems) = Recording::new(file);
        let mut replay = Self { span, recording, is_whole: problems.is_empty(), out, errors };
        for problem in problems {
            replay.complain(&format!("{}: {problem}", name.display()))?;
        }
        Ok(replay)
    }

    fn take(&mut self, place: usize, line: &str) -> anyhow::Result<()> {
        match self.recording.take(line, self.span.until) {
            Ok(lines) => self.tell(lines)?,
            Err(error) => {
                self.is_whole = false;
                self.complain(&format!("line {place}: {error:#}"))?;
            }
        }
        for defect in self.recording.take_misread() {
            self.is_whole = false;
            self.complain(&format!("line {place}: {defect}"))?;
        }
        Ok(())
    }

    /// Nothing more comes: lets time run on, and says what was passed over. Whether everything could be used.
    fn end(mut self) -> anyhow::Result<bool> {
        let last = match self.span.until {
            Some(until) => self.recording.run_until(until)?,
            None => self.recording.settle()?,
        };
        self.tell(last)?;
        self.out.flush()?;
        for said in self.recording.passed_over() {
            self.complain(&said)?;
        }
        Ok(self.is_whole)
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

/// What a recording tells of these residents, where all of it can be used.
#[cfg(test)]
pub(crate) fn told(file: &ResidentsFile, lines: &[String]) -> anyhow::Result<Vec<Value>> {
    let (mut out, mut errors) = (Vec::<u8>::new(), Vec::<u8>::new());
    let mut replay = Replay::begin(Path::new("residents"), file, Span::default(), (&mut out, &mut errors))?;
    for (place, line) in lines.iter().enumerate() {
        replay.take(place + 1, line)?;
    }
    let is_whole = replay.end()?;
    anyhow::ensure!(is_whole, "{}", String::from_utf8_lossy(&errors));
    Ok(serde_json::Deserializer::from_slice(&out).into_iter::<Value>().collect::<Result<_, _>>()?)
}

fn is_shown(line: &Value, from: Option<Timestamp>) -> bool {
    let at = || line["at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    from.is_none_or(|from| at().is_none_or(|at| at >= from))
}

fn write_all(out: &mut dyn Write, lines: &[Value]) -> anyhow::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}")).context("standard output is closed")
}
