//! Recorded messages through the same pure code that runs in the platform, without a server.

use anyhow::Context as _;
use geofence::falls::{Assessment, Window, assess};
use geofence::replay::{Difference, Recording as Watch, ResidentsFile, diff};
use geofence::{Event, Rules, Worn, silence::Told};
use model::{Fix, HandsetId, Remark, ResidentId, Signal, SignalKind, Timestamp};
use protocol::{
    Context, Samples, Status, Track, UpKind, UpTopic, decode_fall, decode_fixes, decode_press, decode_status,
    fall_signal, press_signal,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{self, BufRead as _, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Deserialize)]
struct Line {
    received_at: Timestamp,
    topic: String,
    payload: Value,
}

/// What is known of one handset at this point of the recording.
#[derive(Default)]
struct Handset {
    track: Track,
    newest: Option<Fix>,
    identities: HashSet<String>,
    /// Press ids seen, apart for presses and cancels.
    ids: HashSet<(String, bool)>,
}

/// Presses and falls are signals by themselves; what positions and silence mean, the watch says.
struct Recording {
    watch: Watch,
    handsets: HashMap<HandsetId, Handset>,
}

/// What a replay works by.
pub(crate) struct Files {
    pub(crate) residents: PathBuf,
    pub(crate) rules: Option<PathBuf>,
    pub(crate) against: Option<PathBuf>,
}

/// Reads standard input to its end. A line that cannot be read is named on standard error and passed over; the
/// exit code says that there was one.
pub(crate) fn run(files: &Files, until: Option<Timestamp>) -> anyhow::Result<ExitCode> {
    let mut file = residents(&files.residents)?;
    if let Some(path) = &files.rules {
        file.rules = Some(rules(path)?);
    }
    let (mut out, mut errors) = (io::stdout().lock(), io::stderr().lock());
    let Some(against) = &files.against else {
        let mut replay = Replay { until, name: &files.residents, out: &mut out, errors: &mut errors };
        let is_whole = replay.run(&file, io::stdin().lock().lines())?;
        return Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    };
    // Twice the same lines; what cannot be used is named the first time.
    let lines: Vec<String> =
        io::stdin().lock().lines().collect::<Result<_, _>>().context("standard input cannot be read")?;
    let told = |file: &ResidentsFile, errors: &mut dyn Write| -> anyhow::Result<_> {
        let mut out = Vec::new();
        let mut replay = Replay { until, name: &files.residents, out: &mut out, errors };
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
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    Rules::from_json(&value).with_context(|| format!("{} is not a file of rules", path.display()))
}

/// The signals among the lines that the watch gave. Presses and falls are lines of another form, and no rule changes them.
fn watched(lines: &[u8]) -> Vec<geofence::Signal> {
    lines.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

/// One run over a recording.
struct Replay<'a> {
    until: Option<Timestamp>,
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
        let (watch, problems) = Watch::new(file);
        let mut recording = Recording { watch, handsets: HashMap::new() };
        let mut is_whole = problems.is_empty();
        for problem in problems {
            self.complain(&format!("{}: {:#}", self.name.display(), anyhow::Error::new(problem)))?;
        }
        for (place, line) in lines.enumerate() {
            let line = line.context("standard input cannot be read")?;
            if line.trim().is_empty() {
                continue;
            }
            match recording.take(&line, self.until) {
                Ok(lines) => write_all(self.out, &lines)?,
                Err(error) => {
                    is_whole = false;
                    self.complain(&format!("line {}: {error:#}", place + 1))?;
                }
            }
        }
        let last = match self.until {
            Some(until) => recording.run_until(until)?,
            None => recording.settle()?,
        };
        write_all(self.out, &last)?;
        self.out.flush()?;
        Ok(is_whole)
    }

    fn complain(&mut self, what: &str) -> io::Result<()> {
        writeln!(self.errors, "jujiale replay: {what}")
    }
}

fn write_all(out: &mut dyn Write, lines: &[Value]) -> anyhow::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}")).context("standard output is closed")
}

impl Recording {
    /// Lets time run on; what deadlines say.
    fn run_until(&mut self, time: Timestamp) -> anyhow::Result<Vec<Value>> {
        let mut told = Vec::new();
        self.watch.run_until(time, &mut told);
        as_values(&told)
    }

    /// Nothing more comes: what is said of what arrived late.
    fn settle(&mut self) -> anyhow::Result<Vec<Value>> {
        let mut told = Vec::new();
        self.watch.settle(&mut told);
        as_values(&told)
    }

    fn take(&mut self, line: &str, until: Option<Timestamp>) -> anyhow::Result<Vec<Value>> {
        let Line { received_at, topic, payload } =
            serde_json::from_str(line).context("not {\"received_at\",\"topic\",\"payload\"}")?;
        if until.is_some_and(|until| received_at > until) {
            return Ok(Vec::new());
        }
        let topic = UpTopic::parse(&topic).with_context(|| format!("topic {topic:?}"))?;
        // What was no JSON was recorded as text.
        let bytes = match payload {
            Value::String(text) => text.into_bytes(),
            other => serde_json::to_vec(&other)?,
        };
        let mut lines = self.run_until(received_at)?;
        let resident = self.watch.resident(&topic.handset).cloned();
        let handset = self.handsets.entry(topic.handset.clone()).or_default();
        let mut told = Vec::new();
        let mut watch = |event: Event<'_>| self.watch.take(&topic.handset, event, received_at, &mut told);
        let signal = match topic.kind {
            UpKind::Press => {
                watch(Event::Press);
                handset.press(topic.handset.clone(), resident, &bytes, received_at)
            }
            UpKind::Fall => {
                let worn = self.watch.worn(&topic.handset).unwrap_or(Worn::Waist);
                let fall = handset.fall(topic.handset.clone(), resident, &bytes, received_at, worn);
                let raised = fall.as_ref().filter(|(_, assessment)| is_raised(assessment.as_ref()));
                let event = raised.map_or(Event::Heard, |(signal, _)| Event::Fall { at: signal.at });
                self.watch.take(&topic.handset, event, received_at, &mut told);
                lines.extend(fall.map(|(signal, assessment)| fall_line(&signal, assessment.as_ref())));
                None
            }
            UpKind::Fix => {
                watch(Event::Fixes(&handset.fixes(&bytes, received_at)));
                None
            }
            UpKind::Status => {
                let status = decode_status(&bytes, received_at).message;
                handset.track.take_status(&status, received_at);
                watch(Event::Status(as_told(&status)));
                None
            }
            UpKind::Answer => {
                watch(Event::Heard);
                None
            }
            UpKind::OwnTracks | UpKind::OsmAnd => None,
        };
        lines.extend(signal.map(|signal| as_line(&signal)));
        lines.extend(as_values(&told)?);
        Ok(lines)
    }
}

fn as_values(told: &[geofence::Signal]) -> anyhow::Result<Vec<Value>> {
    told.iter().map(|signal| serde_json::to_value(signal).map_err(Into::into)).collect()
}

fn as_told(status: &Status) -> Told {
    Told {
        online: status.online,
        battery_pct: status.battery_pct,
        charging: status.charging,
        worn: status.worn,
    }
}

impl Handset {
    /// The fixes that are new, at the times that are believed.
    fn fixes(&mut self, bytes: &[u8], received_at: Timestamp) -> Vec<Fix> {
        let believed = self.track.take(decode_fixes(bytes, received_at).message, received_at);
        let believed: Vec<Fix> = believed.into_iter().map(|one| one.fix).collect();
        let held = self.newest.take();
        self.newest = believed.iter().cloned().chain(held).max_by_key(|fix| fix.fix_time);
        believed
    }

    fn context(&self, handset: HandsetId, resident: Option<ResidentId>, has_fix: bool) -> Context {
        Context {
            resident,
            last_known: self.newest.clone().filter(|_| !has_fix),
            clock_ahead: self.track.clock_ahead(),
            ..Context::of(handset)
        }
    }

    fn press(
        &mut self,
        handset: HandsetId,
        resident: Option<ResidentId>,
        bytes: &[u8],
        received_at: Timestamp,
    ) -> Option<Signal> {
        let press = decode_press(bytes, received_at).message;
        if press.identity(&handset).is_some_and(|identity| !self.identities.insert(identity)) {
            return None;
        }
        let seen =
            |cancel: bool| press.press_id.as_ref().is_some_and(|id| self.ids.contains(&(id.clone(), cancel)));
        let (same, other) = (seen(press.cancel), seen(!press.cancel));
        let context = Context {
            id_reused: same,
            press_known: press.cancel && other,
            cancelled_earlier: !press.cancel && other,
            ..self.context(handset, resident, press.fix.is_some())
        };
        let signal = press_signal(&press, bytes, &context, received_at);
        self.ids.extend(press.press_id.map(|id| (id, press.cancel)));
        Some(signal)
    }

    fn fall(
        &mut self,
        handset: HandsetId,
        resident: Option<ResidentId>,
        bytes: &[u8],
        received_at: Timestamp,
        worn: Worn,
    ) -> Option<(Signal, Option<Assessment>)> {
        let fall = decode_fall(bytes, received_at).message;
        if fall.identity(&handset).is_some_and(|identity| !self.identities.insert(identity)) {
            return None;
        }
        let context = self.context(handset, resident, fall.fix.is_some());
        let window = |samples: &Samples| {
            assess(&Window { hz: samples.hz, unit: &samples.unit, xyz: &samples.xyz }, worn)
        };
        let assessment = fall.samples.as_ref().map(window);
        Some((fall_signal(&fall, bytes, &context, received_at), assessment))
    }
}

/// A signal as one line out: `at` is when it was raised, `since` when it began.
fn as_line(signal: &Signal) -> Value {
    let mut evidence = json!({
        "handset": signal.handset,
        "late_by_s": signal.late_by_s,
        "remarks": signal.remarks,
        "fix": signal.fix.as_ref().filter(|_| !signal.remarks.contains(&Remark::NoPosition)),
    });
    if signal.kind == SignalKind::Fall {
        evidence["fall_id"] = json!(signal.press_id);
        evidence["probability"] = Value::Null;
    } else {
        evidence["press_id"] = json!(signal.press_id);
        evidence["cancel"] = json!(signal.cancel);
    }
    json!({
        "id": signal.id,
        "resident": signal.resident,
        "kind": signal.kind,
        "at": signal.received_at,
        "since": signal.at,
        "raised": true,
        "severity": signal.kind.severity(),
        "evidence": evidence,
    })
}

/// Whether a fall is raised as it comes. Without samples that can be used it is.
fn is_raised(assessment: Option<&Assessment>) -> bool {
    assessment.is_none_or(|assessment| assessment.is_fall() || assessment.probability().is_none())
}

/// The same of a fall, as the detector judges its samples when it comes: raised at once, or asked about first. Without
/// samples that can be used its probability is null.
fn fall_line(signal: &Signal, assessment: Option<&Assessment>) -> Value {
    let mut line = as_line(signal);
    line["raised"] = json!(is_raised(assessment));
    if let Some(assessment) = assessment {
        line["evidence"]["probability"] = json!(assessment.probability());
        line["evidence"]["sentence"] = json!(assessment.sentence_zh());
        line["evidence"]["detector"] = json!(assessment.version);
    }
    line
}
