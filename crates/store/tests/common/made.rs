//! Made-up messages, fixes and incidents.

use incident::{Command, Incident, Ladder, decide, evolve};
use model::{
    Fix, HandsetId, Method, ResidentId, Signal, SignalId, SignalKind, SignedDuration, Timestamp, Wgs84,
};
use protocol::decode_press;
use store::{
    AddHandset, AddResident, AuditRow, BindHandset, DownMessage, HandsetCommand, IncidentChange, JournalFix,
    Resident, TakePress,
};

use super::House;

/// So many seconds after the tests' day began.
pub(crate) fn at(second: i64) -> Timestamp {
    let day: Timestamp = "2026-11-23T08:00:00Z".parse().expect("a time");
    day.checked_add(SignedDuration::from_secs(second)).expect("a time")
}

pub(crate) fn handset(id: &str) -> HandsetId {
    HandsetId::new(id).expect("an id")
}

pub(crate) fn resident(id: &str) -> ResidentId {
    ResidentId::new(id).expect("an id")
}

/// The bytes of a whole press.
pub(crate) fn press(id: &str) -> String {
    format!(r#"{{"press_id":"{id}","boot":"b","seq":1,"pressed_at":"2026-11-23T08:00:00Z","fix":null}}"#)
}

/// The job for a press as the hall would make it.
pub(crate) fn take(from: &str, payload: impl AsRef<[u8]>, received_at: Timestamp) -> TakePress {
    let payload = payload.as_ref();
    let decoded = decode_press(payload, received_at);
    TakePress {
        handset: handset(from),
        press: decoded.message,
        payload: payload.to_vec(),
        full_size: u64::try_from(payload.len()).expect("a size"),
        defects: decoded.defects.iter().map(ToString::to_string).collect(),
        clock_ahead: None,
        last_known: None,
        received_at,
    }
}

/// A fix with nothing but what it must have.
pub(crate) fn fix(fix_time: Timestamp) -> Fix {
    Fix {
        boot: None,
        seq: None,
        fix_time,
        position: Wgs84::new(33.9624, 118.2757).expect("a position"),
        accuracy_m: 18.5,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: None,
    }
}

pub(crate) fn journal(from: &str, fix: Fix) -> JournalFix {
    JournalFix { handset: handset(from), received_at: fix.fix_time, told_time: None, fix }
}

/// A signal with a name of its own, about a resident or only a handset.
pub(crate) fn signal(name: &str, about: Option<&str>, from: &str, received_at: Timestamp) -> Signal {
    Signal {
        id: SignalId::from_cause("press", &[name]),
        kind: SignalKind::Press,
        handset: Some(handset(from)),
        resident: about.map(resident),
        press_id: Some(name.to_owned()),
        cancel: false,
        at: received_at,
        received_at,
        late_by_s: 0,
        remarks: Vec::new(),
        fix: None,
        caller: None,
        words: None,
        graver: None,
        evidence: None,
    }
}

/// What a command does to an incident, as the desk would commit it.
pub(crate) fn change(before: Option<&Incident>, command: &Command, now: Timestamp) -> IncidentChange {
    let version = before.map_or(0, |incident| incident.version);
    let decision =
        decide(before, command, Some(version), &Ladder::default(), now).expect("the engine allows it");
    let mut after = before.cloned();
    let mut signals = Vec::new();
    for event in &decision.events {
        signals.extend(event.what.signal().map(|signal| signal.id.clone()));
        after = evolve(after.take(), event);
    }
    let incident = after.expect("there is an incident");
    IncidentChange {
        incident,
        base_version: version,
        events: decision.events,
        signals,
        moved_signals: Vec::new(),
        outbox: Vec::new(),
        calls: Vec::new(),
    }
}

/// The opening of an incident by a signal.
pub(crate) fn opening(signal: Signal) -> IncidentChange {
    let now = signal.received_at;
    change(None, &Command::Signal(Box::new(signal)), now)
}

pub(crate) fn closing(before: &Incident, now: Timestamp) -> IncidentChange {
    let close = Command::Close {
        snooze_until: None,
        by: "supervisor".to_owned(),
        role_may_override: true,
        cause: incident::CAUSES[0].code.to_owned(),
        outcome: incident::OUTCOMES[0].code.to_owned(),
        note: String::new(),
    };
    change(Some(before), &close, now)
}

pub(crate) fn claim(before: &Incident, by: &str, now: Timestamp) -> IncidentChange {
    change(Some(before), &Command::Claim { by: by.to_owned() }, now)
}

pub(crate) fn message(to: &str, key: &str, payload: &str, created_at: Timestamp) -> DownMessage {
    DownMessage {
        handset: handset(to),
        key: key.to_owned(),
        topic: format!("jjl/{to}/down/progress"),
        payload: payload.to_owned(),
        created_at,
        kept_for: SignedDuration::from_secs(100),
    }
}

/// A question where a handset is, that is void two minutes later.
pub(crate) fn command(to: &str, id: &str, at: Timestamp) -> HandsetCommand {
    HandsetCommand {
        id: id.to_owned(),
        handset: handset(to),
        kind: "locate".to_owned(),
        incident: None,
        by: "operator".to_owned(),
        at,
        expires_at: at.checked_add(SignedDuration::from_mins(2)).expect("a time"),
    }
}

pub(crate) fn audit(action: &str, at: Timestamp) -> AuditRow {
    AuditRow {
        at,
        username: "operator".to_owned(),
        source: "127.0.0.1".to_owned(),
        action: action.to_owned(),
        subject: "r1".to_owned(),
        detail: "王秀英's '位置' \"\\ ␀".to_owned(),
    }
}

/// A resident of whom little is known.
pub(crate) fn person(id: &str, name: &str) -> Resident {
    Resident {
        id: resident(id),
        name: name.to_owned(),
        sex: "female".to_owned(),
        birth_date: "1941-03-02".to_owned(),
        lives_alone: true,
        cognitive_impairment: false,
        self_care: "partial".to_owned(),
        conditions: vec!["高血压".to_owned()],
        allergies: Vec::new(),
        home: None,
        division: None,
        identity_number: None,
        telephone: None,
        address: None,
        contacts: Vec::new(),
    }
}

/// Adds a resident who carries a handset from a moment on.
pub(crate) async fn move_in(house: &House, id: &str, carries: &str, from: Timestamp) {
    let keys = house.store.keys().clone();
    house.write(AddResident { resident: person(id, "王秀英"), keys, audit: Vec::new() }).await;
    house.write(AddHandset { handset: handset(carries), secret_hash: "-".to_owned() }).await;
    house.write(BindHandset { handset: handset(carries), resident: resident(id), from }).await;
}
