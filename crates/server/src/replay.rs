//! Recorded messages through the same pure code that runs in the platform, without a server.

use anyhow::Context as _;
use model::{Fix, HandsetId, Remark, ResidentId, Signal, SignalKind, Timestamp};
use protocol::{
    Context, Track, UpKind, UpTopic, decode_fall, decode_fixes, decode_press, decode_status, fall_signal,
    press_signal,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{self, BufRead as _, Write},
    path::Path,
    process::ExitCode,
};

#[derive(Deserialize)]
struct ResidentsFile {
    residents: Vec<ResidentEntry>,
}

#[derive(Deserialize)]
struct ResidentEntry {
    id: ResidentId,
    handset: Option<HandsetEntry>,
}

#[derive(Deserialize)]
struct HandsetEntry {
    id: HandsetId,
}

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

struct Recording {
    residents: HashMap<HandsetId, ResidentId>,
    handsets: HashMap<HandsetId, Handset>,
}

/// Reads standard input to its end. A line that cannot be read is named on standard error and passed over; the
/// exit code says that there was one.
pub(crate) fn run(residents: &Path, until: Option<Timestamp>) -> anyhow::Result<ExitCode> {
    let text =
        fs::read_to_string(residents).with_context(|| format!("{} cannot be read", residents.display()))?;
    let file: ResidentsFile = serde_json::from_str(&text)
        .with_context(|| format!("{} is not a file of residents", residents.display()))?;
    let bound = file.residents.into_iter().filter_map(|entry| Some((entry.handset?.id, entry.id))).collect();
    let mut recording = Recording { residents: bound, handsets: HashMap::new() };
    let (mut out, mut errors) = (io::stdout().lock(), io::stderr().lock());
    let mut is_whole = true;
    for (place, line) in io::stdin().lock().lines().enumerate() {
        let line = line.context("standard input cannot be read")?;
        if line.trim().is_empty() {
            continue;
        }
        match recording.take(&line, until) {
            Ok(Some(signal)) => writeln!(out, "{}", as_line(&signal)).context("standard output is closed")?,
            Ok(None) => {}
            Err(error) => {
                is_whole = false;
                writeln!(errors, "jujiale replay: line {}: {error:#}", place + 1)?;
            }
        }
    }
    out.flush()?;
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Recording {
    fn take(&mut self, line: &str, until: Option<Timestamp>) -> anyhow::Result<Option<Signal>> {
        let Line { received_at, topic, payload } =
            serde_json::from_str(line).context("not {\"received_at\",\"topic\",\"payload\"}")?;
        if until.is_some_and(|until| received_at > until) {
            return Ok(None);
        }
        let topic = UpTopic::parse(&topic).with_context(|| format!("topic {topic:?}"))?;
        // What was no JSON was recorded as text.
        let bytes = match payload {
            Value::String(text) => text.into_bytes(),
            other => serde_json::to_vec(&other)?,
        };
        let resident = self.residents.get(&topic.handset).cloned();
        let handset = self.handsets.entry(topic.handset.clone()).or_default();
        Ok(match topic.kind {
            UpKind::Press => handset.press(topic.handset, resident, &bytes, received_at),
            UpKind::Fall => handset.fall(topic.handset, resident, &bytes, received_at),
            UpKind::Fix => {
                handset.fixes(&bytes, received_at);
                None
            }
            UpKind::Status => {
                handset.track.take_status(&decode_status(&bytes, received_at).message, received_at);
                None
            }
            UpKind::Answer | UpKind::OwnTracks | UpKind::OsmAnd => None,
        })
    }
}

impl Handset {
    fn fixes(&mut self, bytes: &[u8], received_at: Timestamp) {
        let believed = self.track.take(decode_fixes(bytes, received_at).message, received_at);
        let held = self.newest.take();
        self.newest = believed.into_iter().map(|one| one.fix).chain(held).max_by_key(|fix| fix.fix_time);
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
    ) -> Option<Signal> {
        let fall = decode_fall(bytes, received_at).message;
        if fall.identity(&handset).is_some_and(|identity| !self.identities.insert(identity)) {
            return None;
        }
        let context = self.context(handset, resident, fall.fix.is_some());
        Some(fall_signal(&fall, bytes, &context, received_at))
    }
}

/// A signal as one line out: `at` is when it was raised, `since` when it began. Of a fall that no detector has
/// judged the probability is null.
fn as_line(signal: &Signal) -> Value {
    let mut evidence = json!({
        "handset": signal.handset,
        "late_by_s": signal.late_by_s,
        "remarks": signal.remarks,
        "fix": signal.fix.as_ref().filter(|_| !signal.remarks.contains(&Remark::NoPosition)),
    });
    if let Some(evidence) = evidence.as_object_mut() {
        if signal.kind == SignalKind::Fall {
            evidence.insert("fall_id".to_owned(), json!(signal.press_id));
            evidence.insert("probability".to_owned(), Value::Null);
        } else {
            evidence.insert("press_id".to_owned(), json!(signal.press_id));
            evidence.insert("cancel".to_owned(), json!(signal.cancel));
        }
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
