//! Presses and falls as lines: signals by themselves, whatever the rules of the watch are.

use geofence::falls::{
    Assessment,
    episode::{Because, Reply},
};
use model::{Evidence, Remark, Signal, SignalId, SignalKind, Timestamp};
use serde_json::{Value, json};

/// What became of a question about a fall.
const ANSWER: &str = "fall_answer";
/// The rule of a fall that is not raised before the person was asked.
const ASKED: &str = "fall/asked";

/// A signal as one line out: `at` is when it was raised, `since` when it began.
pub(super) fn as_line(signal: &Signal) -> Value {
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

/// The line of a report of a fall: raised as it came, or asked about first. Its probability is null where nothing could be judged.
pub(super) fn fall_line(signal: &Signal, assessment: &Assessment, because: Option<Because>) -> Value {
    let evidence = because.map_or_else(
        || Evidence { rule: ASKED.to_owned(), ..Because::Detected.evidence(assessment) },
        |because| because.evidence(assessment),
    );
    let mut line = as_line(signal);
    line["raised"] = json!(because.is_some());
    add(&mut line["evidence"], &evidence);
    line
}

/// The line of what was heard of the question about a fall; raised, if it is that which raises the fall. It names the fall by its
/// id: of a report there is one line of the kind `fall`.
pub(super) fn answer_line(
    (signal, assessment): (&Signal, &Assessment),
    reply: Reply,
    because: Option<Because>,
    at: Timestamp,
) -> Value {
    let mut evidence = json!({
        "of": signal.id,
        "handset": signal.handset,
        "reply": reply,
        "said": reply.sentence_zh(),
    });
    if let Some(because) = because {
        add(&mut evidence, &Evidence { probability: None, ..because.evidence(assessment) });
    }
    json!({
        "id": SignalId::from_cause(ANSWER, &[signal.id.as_str()]),
        "resident": signal.resident,
        "kind": ANSWER,
        "at": at,
        "since": signal.at,
        "raised": because.is_some(),
        "severity": signal.kind.severity(),
        "evidence": evidence,
    })
}

/// Adds why a signal was raised to what a line says of it.
fn add(line: &mut Value, evidence: &Evidence) {
    let Ok(Value::Object(told)) = serde_json::to_value(evidence) else { return };
    for (name, value) in told {
        line[name.as_str()] = value;
    }
}
