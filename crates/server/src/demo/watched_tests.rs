//! The named stories of `firmware-sim story`, of the very residents they are told of: what the watch says with the demo's own fences,
//! policies and canal.

use super::{canal, fence, people, policy};
use crate::replay;
use firmware_sim::offline::{Seen, play, recorded_line};
use firmware_sim::story::{Story, all};
use firmware_sim::world::Ground;
use geofence::replay::{HandsetEntry, ResidentEntry, ResidentsFile};
use model::{HandsetId, Timestamp};
use serde_json::Value;

/// The seed of who names none.
const SEED: u64 = 7;
/// Where nobody said how often a handset says something, it is once an hour.
const HEARTBEAT_S: f64 = 3_600.0;

/// What each story says that it shows, line by line: the rule, or for what was heard of a question the reply, or the kind.
const TOLD: [(&str, &[&str]); 13] = [
    ("fall-in-the-kitchen", &["fall/detected", "silence", "press", "body/still_after_fall"]),
    ("false-alarm-cancel", &["fall/asked", "fall/no_answer", "press", "press", "body/still_after_fall"]),
    ("nobody-at-the-desk", &["press"]),
    ("press-in-a-tunnel", &["fence/exit", "press", "fence/distance"]),
    ("lost-at-dusk", &["fence/exit", "zone/entry", "fence/distance", "zone/still_inside"]),
    ("night-leaving", &["wandering/pacing"]),
    ("pacing-at-the-gate", &["wandering/random"]),
    ("bus-to-market", &[]),
    ("drifting-at-home", &[]),
    ("battery-forgotten", &["battery/low", "battery/very_low"]),
    ("taken-off", &["body/taken_off"]),
    ("flood-after-outage", &["silence/offline", "press"]),
    ("repeats-after-reboot", &["fence/exit", "press"]),
];

/// The resident of that number as the demo watches them, and nobody else.
fn watched(number: u32) -> ResidentsFile {
    let handset = HandsetEntry {
        id: HandsetId::new(super::super::handset(number)).unwrap(),
        worn: None,
        heartbeat_s: Some(HEARTBEAT_S),
        phone: None,
    };
    let resident = ResidentEntry {
        id: people::resident_id(number).unwrap(),
        name: String::new(),
        policy: policy(number).unwrap(),
        handset: Some(handset),
        fences: vec![fence(number).into()],
        companions: Vec::new(),
        habits: None,
        snoozes: Vec::new(),
        absences: Vec::new(),
    };
    ResidentsFile { residents: vec![resident], zones: vec![canal().unwrap().into()], rules: None }
}

/// What the handset of a story sends, at life's own pace and at the story's time of day.
fn lines(story: &Story) -> Vec<String> {
    let (lat, lon) = people::home(story.handset);
    let home = Ground::from_degrees(lat, lon);
    let (hour, minute) = story.begins;
    let begins: Timestamp = format!("2026-11-23T{hour:02}:{minute:02}:00+08:00").parse().unwrap();
    let ends = begins.checked_add(story.lasting(home, SEED)).unwrap();
    let handset = HandsetId::new(super::super::handset(story.handset)).unwrap();
    let mut life = story.life(handset, home, SEED, begins);
    let mut lines = Vec::new();
    play(&mut life, begins, ends, |at, seen| {
        if let Seen::Sent(publish) = seen {
            lines.push(recorded_line(at, &publish));
        }
    });
    lines
}

fn rule(line: &Value) -> String {
    let evidence = &line["evidence"];
    let named = evidence["rule"].as_str().or(evidence["reply"].as_str()).or(line["kind"].as_str());
    named.unwrap_or_default().to_owned()
}

#[test]
fn every_named_story_tells_what_it_says_of_the_demos_residents() {
    for story in all() {
        let (_, expected) = TOLD.iter().find(|(name, _)| *name == story.name).expect(story.name);
        let told = replay::told(&watched(story.handset), &lines(story)).unwrap();
        let rules: Vec<String> = told.iter().map(rule).collect();
        assert_eq!(rules, *expected, "{}", story.name);
    }
    assert_eq!(all().len(), TOLD.len());
}

/// The market lies outside the fence, so it is not armed. If it were it would tell of that way, and the bus is taken for nothing else.
#[test]
fn a_bus_passes_no_armed_fence_in_silence_and_is_no_wandering() {
    let story = all().iter().find(|story| story.name == "bus-to-market").unwrap();
    let mut watched = watched(story.handset);
    for fence in &mut watched.residents[0].fences {
        fence.entry.armed = Some(true);
    }
    let told = replay::told(&watched, &lines(story)).unwrap();
    let rules: Vec<String> = told.iter().map(rule).collect();
    let is_of_the_fence = |rule: &String| rule.starts_with("fence/");
    assert!(rules.iter().any(|rule| rule == "fence/exit") && rules.iter().all(is_of_the_fence), "{rules:?}");
}
