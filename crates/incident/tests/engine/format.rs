//! One stored line of every event. Old files hold such lines: a change that breaks one of them breaks
//! the reading of histories that people may be answerable for.

use incident::{Event, EventKind, Incident};

const LINES: [(EventKind, &str); 39] = [
    (
        EventKind::Opened,
        r#"{"version":1,"at":"2026-11-23T08:15:00Z","what":{"kind":"opened","signal":{"id":"s-1","kind":"press","handset":"h-1","resident":"r-1","press_id":"p-1","cancel":false,"at":"2026-11-23T08:14:58Z","received_at":"2026-11-23T08:15:00Z","late_by_s":0,"remarks":["no_fix"]},"deadline_at":"2026-11-23T08:15:30Z"}}"#,
    ),
    (
        EventKind::SignalJoined,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"signal_joined","signal":{"id":"s-2","kind":"call","cancel":false,"at":"2026-11-23T08:16:00Z","received_at":"2026-11-23T08:16:00Z","late_by_s":0,"remarks":[],"caller":"邻居","words":"摔倒了"},"answer_by":"2026-11-23T08:17:00Z"}}"#,
    ),
    (
        EventKind::Claimed,
        r#"{"version":2,"at":"2026-11-23T08:15:10Z","what":{"kind":"claimed","by":"anna","deadline_at":"2026-11-23T08:25:10Z"}}"#,
    ),
    (
        EventKind::Released,
        r#"{"version":3,"at":"2026-11-23T08:15:20Z","what":{"kind":"released","by":"anna","reason":"交班","deadline_at":"2026-11-23T08:15:50Z"}}"#,
    ),
    (
        EventKind::Noted,
        r#"{"version":3,"at":"2026-11-23T08:15:20Z","what":{"kind":"noted","by":"anna","text":"救护车已出发","contact":"120","deadline_at":"2026-11-23T08:25:20Z"}}"#,
    ),
    (
        EventKind::Closed,
        r#"{"version":4,"at":"2026-11-23T08:40:00Z","what":{"kind":"closed","by":"anna","cause":"fall","outcome":"handed_to_120","note":""}}"#,
    ),
    (
        EventKind::Dispatched,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"dispatched","by":"anna","offers":[{"task":"t-1","station":"east","name":"东站"}],"note":"三楼","answer_by":"2026-11-23T08:17:00Z","deadline_at":"2026-11-23T08:26:00Z"}}"#,
    ),
    (
        EventKind::TaskMoved,
        r#"{"version":4,"at":"2026-11-23T08:16:20Z","what":{"kind":"task_moved","task":"t-1","to":"acknowledged","by":"anna","on_behalf":true,"words":"王姐说她去","answer_by":"2026-11-23T08:21:20Z","withdrawn":["t-2"]}}"#,
    ),
    (
        EventKind::TaskOverdue,
        r#"{"version":4,"at":"2026-11-23T08:17:00Z","what":{"kind":"task_overdue","task":"t-1","times":1,"answer_by":"2026-11-23T08:18:00Z"}}"#,
    ),
    (
        EventKind::Transferred,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"transferred","by":"anna","to":"bert","deadline_at":"2026-11-23T08:17:00Z"}}"#,
    ),
    (
        EventKind::HandedOver,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"handed_over","by":"anna","to":"120","words":"已出车","deadline_at":"2026-11-23T08:26:00Z"}}"#,
    ),
    (
        EventKind::HandedOver,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"handed_over","by":"anna","to":"119","words":"破门","deadline_at":"2026-11-23T08:26:00Z","no_contact":true}}"#,
    ),
    (
        EventKind::Identified,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"identified","by":"anna","resident":"r-2"}}"#,
    ),
    (
        EventKind::Resolved,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"resolved","by":"anna","deadline_at":"2026-11-23T08:26:00Z"}}"#,
    ),
    (
        EventKind::Reopened,
        r#"{"version":5,"at":"2026-11-23T08:50:00Z","what":{"kind":"reopened","by":"anna","reason":"又不舒服","deadline_at":"2026-11-23T09:00:00Z"}}"#,
    ),
    (
        EventKind::LadderStepped,
        r#"{"version":2,"at":"2026-11-23T08:15:30Z","what":{"kind":"ladder_stepped","step":1,"deadline_at":"2026-11-23T08:16:00Z"}}"#,
    ),
    (
        EventKind::AnswerOverdue,
        r#"{"version":4,"at":"2026-11-23T08:17:00Z","what":{"kind":"answer_overdue","step":1,"signals":["s-2"],"deadline_at":"2026-11-23T08:18:00Z"}}"#,
    ),
    (
        EventKind::ClockWentBack,
        r#"{"version":2,"at":"2026-11-23T07:15:10Z","what":{"kind":"clock_went_back","by":"PT1H","deadline_at":"2026-11-23T07:15:30Z"}}"#,
    ),
    (
        EventKind::ClockWentBack,
        r#"{"version":2,"at":"2026-11-23T07:15:10Z","what":{"kind":"clock_went_back","by":"PT1H","deadline_at":"2026-11-23T07:15:30Z","stamps":true}}"#,
    ),
    (
        EventKind::TaskMoved,
        r#"{"version":4,"at":"2026-11-23T08:16:20Z","what":{"kind":"task_moved","task":"t-1","to":"finished","by":"anna","words":"已安顿","cry":"s-2"}}"#,
    ),
    (
        EventKind::Noted,
        r#"{"version":3,"at":"2026-11-23T08:15:20Z","what":{"kind":"noted","by":"anna","text":"已通话","contact":"resident","deadline_at":"2026-11-23T08:25:20Z","cry":"s-2"}}"#,
    ),
    (
        EventKind::Confirmed,
        r#"{"version":4,"at":"2026-11-23T08:16:00Z","what":{"kind":"confirmed","by":"anna","signals":["s-2"],"deadline_at":"2026-11-23T08:26:00Z"}}"#,
    ),
    (
        EventKind::StepMarked,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"step_marked","by":"anna","step":"ring_resident","outcome":"no_answer","text":"响了十声","deadline_at":"2026-11-23T08:26:00Z"}}"#,
    ),
    (
        EventKind::Answered,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"answered","by":"daughter","answer":"coming"}}"#,
    ),
    (
        EventKind::Returned,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"returned","of":{"id":"s-3","fence":"home","since":"2026-11-23T08:14:00Z","why":"王秀英回到「家」"}}}"#,
    ),
    (
        EventKind::Closed,
        r#"{"version":4,"at":"2026-11-23T08:40:00Z","what":{"kind":"closed","by":"anna","cause":"fall","outcome":"handed_to_120","note":"","snooze_until":"2026-11-23T10:40:00Z"}}"#,
    ),
    (
        EventKind::HolderLost,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"holder_lost","deadline_at":"2026-11-23T08:17:00Z"}}"#,
    ),
    (
        EventKind::HolderBack,
        r#"{"version":4,"at":"2026-11-23T08:16:00Z","what":{"kind":"holder_back","by":"anna","deadline_at":"2026-11-23T08:26:00Z"}}"#,
    ),
    (
        EventKind::TaskUndone,
        r#"{"version":4,"at":"2026-11-23T08:16:20Z","what":{"kind":"task_undone","task":"t-1","to":"acknowledged","by":"east-staff","answer_by":"2026-11-23T08:21:20Z"}}"#,
    ),
    (
        EventKind::SaidOnScene,
        r#"{"version":4,"at":"2026-11-23T08:16:20Z","what":{"kind":"said_on_scene","task":"t-1","said":"need_ambulance","by":"east-staff","words":"不省人事","answer_by":"2026-11-23T08:46:20Z"}}"#,
    ),
    (
        EventKind::SaidOnScene,
        r#"{"version":4,"at":"2026-11-23T08:16:20Z","what":{"kind":"said_on_scene","task":"t-1","said":"still_at_it","on_the_way":true,"by":"east-staff","answer_by":"2026-11-23T08:46:20Z"}}"#,
    ),
    (
        EventKind::MergedFrom,
        r#"{"version":4,"at":"2026-11-23T08:16:20Z","what":{"kind":"merged_from","by":"anna","from":"i-2","signals":[]}}"#,
    ),
    (
        EventKind::MergedInto,
        r#"{"version":2,"at":"2026-11-23T08:16:20Z","what":{"kind":"merged_into","by":"anna","into":"i-1"}}"#,
    ),
    (
        EventKind::SplitOff,
        r#"{"version":4,"at":"2026-11-23T08:16:20Z","what":{"kind":"split_off","by":"anna","signals":["s-2"],"into":"i-2","deadline_at":"2026-11-23T08:26:20Z"}}"#,
    ),
    (
        EventKind::SignalJoined,
        r#"{"version":2,"at":"2026-11-23T08:16:00Z","what":{"kind":"signal_joined","signal":{"id":"s-2","kind":"press","cancel":false,"at":"2026-11-23T08:16:00Z","received_at":"2026-11-23T08:16:00Z","late_by_s":0,"remarks":[]},"climb":{"step":1,"deadline_at":"2026-11-23T08:16:30Z"}}}"#,
    ),
    (
        EventKind::MergedFrom,
        r#"{"version":4,"at":"2026-11-23T08:16:20Z","what":{"kind":"merged_from","by":"carl","from":"i-2","signals":[],"heard":true,"awaited":{"s-2":"2026-11-23T08:17:20Z"}}}"#,
    ),
    (
        EventKind::Identified,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"identified","by":"anna","resident":null,"was":"r-1"}}"#,
    ),
    (
        EventKind::Identified,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"identified","by":"anna","resident":"r-2","was":"r-1","carries":{"handset":"h-2"}}}"#,
    ),
    (
        EventKind::Identified,
        r#"{"version":3,"at":"2026-11-23T08:16:00Z","what":{"kind":"identified","by":"anna","resident":null,"was":"r-1","carries":{}}}"#,
    ),
];

#[test]
fn every_event_is_written_and_read_as_it_always_was() {
    for (kind, line) in LINES {
        let event: Event = serde_json::from_str(line).unwrap();
        assert_eq!(event.what.kind(), kind);
        assert_eq!(serde_json::to_string(&event).unwrap(), line);
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        assert!(line.contains(&format!(r#""what":{{"kind":"{}""#, kind.as_str())), "one name everywhere");
    }
}

#[test]
fn a_snapshot_is_read_as_it_always_was() {
    let line = r#"{"id":"i-1","version":3,"drill":false,"resident":null,"handset":"h-1","severity":"life","state":{"name":"claimed","holder":{"username":"anna","since":"2026-11-23T08:15:10Z"},"answer":{"signals":["s-2"],"by":"2026-11-23T08:17:00Z"},"step":0},"opened_at":"2026-11-23T08:15:00Z","deadline_at":"2026-11-23T08:17:00Z","signals":[]}"#;
    let incident: Incident = serde_json::from_str(line).unwrap();
    assert!(incident.is_sounding());
    assert_eq!(serde_json::to_string(&incident).unwrap(), line);
}
