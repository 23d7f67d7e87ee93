//! Recorded stories in `tests/data`, each through the very program that is used: `jujiale replay`. Beside each recording stand
//! its residents and the lines that are expected; `BLESS=1 cargo test -p server --test stories` makes all three anew (and then
//! the table below still says what must be in them).
#![expect(clippy::unwrap_used, reason = "a test fails by a panic, in its helpers too")]

mod asked;
mod days;
mod made;
#[path = "../../../geofence/tests/falls/synthetic.rs"]
#[expect(dead_code, reason = "two of the bodies are used")]
mod synthetic;
mod wire;

use made::{Story, all};
use serde_json::{Value, json};
use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

/// What each story must tell, line by line: the rule, or for what was heard of a question and raises nothing the reply.
const TOLD: [(&str, &[&str]); 22] = [
    (
        "lost-at-dusk",
        &[
            "fence/exit",
            "fence/distance",
            "fence/distance",
            "fence/distance",
            "fence/still_outside",
            "fence/return",
        ],
    ),
    ("home-near-the-edge", &[]),
    ("late-point", &[]),
    ("bus-over-the-canal", &[]),
    ("bus-held-on-the-bridge", &[]),
    ("into-the-canal", &["zone/entry", "zone/left"]),
    ("pacing-in-the-courtyard", &["wandering/pacing"]),
    ("market-morning", &[]),
    (
        "two-falls",
        &[
            "fall/detected",
            "silence",
            "body/still_after_fall",
            "fall/asked",
            "fall/no_answer",
            "body/still_after_fall",
        ],
    ),
    ("silent-handset", &["battery/low", "battery/very_low", "silence/offline"]),
    (
        "not-home-by-six",
        &["fence/exit", "fence/still_outside", "fence/home_by", "fence/still_outside", "fence/return"],
    ),
    ("datum-slip", &["fence/exit"]),
    ("off-the-usual-way", &["wandering/unusual"]),
    (
        "are-you-all-right",
        &[
            "fall/asked",
            "well",
            "fall/asked",
            "fall/not_well",
            "body/still_after_fall",
            "fall/asked",
            "fall/no_answer",
            "body/still_after_fall",
        ],
    ),
    ("a-watch-on-the-way", &["fall/detected", "silence", "body/still_after_fall"]),
    ("by-telephone", &["fence/exit", "silence/outside"]),
    ("home-by-ten", &["fence/hours_began", "fence/return"]),
    ("pond-and-ditch", &["fence/entry", "fence/return", "fence/cross", "body/taken_off"]),
    ("by-night-with-her-daughter", &["wandering/night"]),
    ("about-the-court", &["wandering/lapping", "wandering/random"]),
    (
        "first-heard-in-the-canal",
        &["zone/first_heard", "zone/left", "zone/entry", "zone/still_inside", "zone/left"],
    ),
    ("a-day-without-a-step", &["body/not_up", "battery/charger_forgotten", "body/no_movement"]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data")
}

fn replay(name: &str, more: &[&str]) -> Output {
    replay_of(name, fs::read(folder().join(format!("{name}.ndjson"))).unwrap(), more)
}

/// The residents of a story, with these messages.
fn replay_of(name: &str, messages: Vec<u8>, more: &[&str]) -> Output {
    let residents = folder().join(format!("{name}.residents.json"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_jujiale"))
        .args(["replay", "--residents"])
        .arg(residents)
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // From a thread, lest both sides wait for each other's pipe.
    let writer = thread::spawn(move || stdin.write_all(&messages));
    let output = child.wait_with_output().unwrap();
    // Whoever refuses its rules does not read what follows.
    let written = writer.join().unwrap();
    assert!(written.map_or_else(|error| error.kind() == ErrorKind::BrokenPipe, |()| true));
    output
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn rule(line: &Value) -> String {
    let evidence = &line["evidence"];
    evidence["rule"].as_str().or(evidence["reply"].as_str()).unwrap_or_default().to_owned()
}

/// Of each report there is one line of the kind `fall`, which nothing takes back; a judged one is not called unjudged; and a fall is
/// raised once, by its report or by what was heard of the question.
fn falls_are_told_once() {
    for (name, reports) in [("two-falls", 2), ("are-you-all-right", 3)] {
        let lines = lines(&replay(name, &[]));
        let falls: Vec<_> = lines.iter().filter(|line| line["kind"] == "fall").collect();
        assert_eq!(falls.len(), reports, "{name}");
        for fall in falls {
            let evidence = &fall["evidence"];
            let remarks = evidence["remarks"].as_array().unwrap();
            assert!(!remarks.contains(&json!("unjudged")) && evidence["findings"].is_array(), "{fall}");
            assert!(evidence["version"].as_str().unwrap().starts_with("falls-"), "{fall}");
            let of = |line: &&Value| line["kind"] == "fall_answer" && line["evidence"]["of"] == fall["id"];
            let answers: Vec<_> = lines.iter().filter(of).collect();
            assert_eq!(answers.len(), 1, "{fall}");
            let raised = [fall, answers[0]].into_iter().filter(|line| line["raised"] == true).count();
            assert!(raised <= 1, "raised once: {fall}");
            assert!(answers[0]["evidence"].get("fall_id").is_none(), "{}", answers[0]);
        }
    }
}

/// A recording that breaks off after a report of a fall says what came of its question.
fn an_open_question_ends_with_the_recording() {
    for (name, told) in
        [("two-falls", ["fall/detected", "silence"]), ("are-you-all-right", ["fall/asked", "fall/no_answer"])]
    {
        let text = fs::read_to_string(folder().join(format!("{name}.ndjson"))).unwrap();
        let until = text.lines().position(|line| line.contains("jjl/h1/fall")).unwrap();
        let cut: Vec<&str> = text.lines().take(until + 1).collect();
        let output = replay_of(name, format!("{}\n", cut.join("\n")).into_bytes(), &[]);
        let rules: Vec<String> = lines(&output).iter().map(rule).collect();
        assert_eq!(rules, told, "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// What is told before a moment is what is known from then on.
fn from_a_moment_on() {
    let all = lines(&replay("lost-at-dusk", &[]));
    let from = all[2]["at"].as_str().unwrap().to_owned();
    let later = lines(&replay("lost-at-dusk", &["--from", &from]));
    assert_eq!(later, all[2..]);
}

/// A place that is none is no reason to pass over it in silence, and none to stop.
fn what_cannot_be_read_is_named() {
    let text = fs::read_to_string(folder().join("lost-at-dusk.ndjson")).unwrap();
    let mut messages: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    messages[2]["payload"]["lat"] = json!(95.0);
    messages[4]["payload"]["lat"] = json!("NaN");
    let lines_in: Vec<String> = messages.iter().map(ToString::to_string).collect();
    let output = replay_of("lost-at-dusk", lines_in.join("\n").into_bytes(), &[]);
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    let named: Vec<&str> = said.lines().filter(|line| line.contains("replay: line ")).collect();
    assert!(named.iter().any(|line| line.contains("line 3: ") && line.contains("lat")), "{said}");
    assert!(named.iter().any(|line| line.contains("line 5: ") && line.contains("lat")), "{said}");
    assert!(named.iter().all(|line| line.contains("line 3: ") || line.contains("line 5: ")), "{said}");
    assert_eq!(output.status.code(), Some(1), "{said}");
    let all: Vec<String> = lines(&replay("lost-at-dusk", &[])).iter().map(rule).collect();
    assert_eq!(lines(&output).iter().map(rule).collect::<Vec<_>>(), all, "what could be read was taken");
}

/// A repeat, history, and what is about nobody change nothing and make nothing worse; they are counted, and a stranger is named once.
fn what_is_not_judged_is_counted() {
    let text = fs::read_to_string(folder().join("lost-at-dusk.ndjson")).unwrap();
    let mut messages: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = messages.last().unwrap().clone();
    let changed = |topic: &str, seq: u32| {
        let mut message = last.clone();
        (message["topic"], message["payload"]["seq"]) = (json!(topic), json!(seq));
        message
    };
    let seq = u32::try_from(last["payload"]["seq"].as_u64().unwrap()).unwrap();
    for (handset, seq) in [("h1", seq), ("h1", 9_001), ("stranger", 1), ("stranger", 2)] {
        messages.push(changed(&format!("jjl/{handset}/fix"), seq));
    }
    let lines_in: Vec<String> = messages.iter().map(ToString::to_string).collect();
    let output = replay_of("lost-at-dusk", lines_in.join("\n").into_bytes(), &[]);
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    for counted in [" fixes passed over: ", "history 1", "repeat 1", "uncarried 2"] {
        assert!(said.contains(counted), "{counted}: {said}");
    }
    assert_eq!(said.matches("handset stranger: nobody").count(), 1, "{said}");
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(lines(&output), lines(&replay("lost-at-dusk", &[])));
}

#[expect(clippy::disallowed_methods, reason = "whoever changes a rule on purpose makes the stories anew")]
fn is_blessing() -> bool {
    std::env::var("BLESS").is_ok_and(|text| text == "1")
}

fn write(story: &Story) {
    fs::create_dir_all(folder()).unwrap();
    let residents = serde_json::to_string_pretty(&story.residents).unwrap() + "\n";
    fs::write(folder().join(format!("{}.residents.json", story.name)), residents).unwrap();
    let lines: Vec<String> = story.messages.iter().map(ToString::to_string).collect();
    let text = format!("{}\n", lines.join("\n"));
    fs::write(folder().join(format!("{}.ndjson", story.name)), text).unwrap();
    let expected = replay(story.name, &[]).stdout;
    fs::write(folder().join(format!("{}.expected.ndjson", story.name)), expected).unwrap();
}

/// One test, since blessing writes what the others would read.
#[test]
fn every_story_tells_what_is_expected_of_it() {
    if is_blessing() {
        all().iter().for_each(write);
    }
    for (name, told) in TOLD {
        let output = replay(name, &[]);
        let rules: Vec<String> = lines(&output).iter().map(rule).collect();
        assert_eq!(rules, told, "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let expected = fs::read_to_string(folder().join(format!("{name}.expected.ndjson"))).unwrap();
        let expected: Vec<Value> = expected.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines(&output), expected, "{name}");
        // A fence that names another datum is refused aloud, and the rest of its file is used.
        let is_refused = name == "datum-slip";
        assert_eq!(output.status.code(), Some(i32::from(is_refused)), "{name}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.contains("GCJ-02"), is_refused, "{name}: {said}");
    }
    let names =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let recorded = names.filter(|name| name.ends_with(".residents.json")).count();
    assert_eq!(recorded, TOLD.len(), "every story in the folder stands in the table");
    two_versions_of_the_rules();
    falls_are_told_once();
    wire::a_cancel_is_a_yes_to_the_last_fall();
    an_open_question_ends_with_the_recording();
    from_a_moment_on();
    what_cannot_be_read_is_named();
    what_is_not_judged_is_counted();
}

fn two_versions_of_the_rules() {
    let folder = std::env::temp_dir().join(format!("jujiale-stories-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (now, trial) = (
        file("now.json", r#"{"version":"now"}"#),
        file("trial.json", r#"{"version":"trial","repeat_s":2592000}"#),
    );
    let output = replay("lost-at-dusk", &["--rules", &now, "--against", &trial]);
    let changes = lines(&output);
    let told: Vec<_> =
        changes.iter().map(|line| (line["change"].as_str().unwrap(), rule(&line["signal"]))).collect();
    let gone = ("vanishes", "fence/still_outside".to_owned());
    assert_eq!(told, [gone], "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8(output.stderr).unwrap().contains("0 appear, 1 vanish, 0 move"));
    let same = replay("lost-at-dusk", &["--rules", &now, "--against", &now]);
    assert_eq!((lines(&same).len(), same.status.code()), (0, Some(0)));
    let slip = file("slip.json", r#"{"treshold":8}"#);
    let refused = replay("lost-at-dusk", &["--rules", &slip]);
    assert!(
        String::from_utf8(refused.stderr).unwrap().contains("treshold") && refused.status.code() == Some(1)
    );
    fs::remove_dir_all(folder).unwrap();
}
