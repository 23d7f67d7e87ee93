//! Every state against every command, written out as `STATES.md`. A change of behaviour shows there as a
//! change of text; `BLESS=1 cargo test -p incident` writes the file anew.

use crate::support::{
    Case, arriving, at, cancel, claim, close, dispatch, note, of_kind, press, release, said, signal, sounded,
    spoken, station, task,
};
use incident::{
    Answer, Attention, Command, Incident, OnScene, PlanOutcome, PlanStep, Return, Service, State, TaskAct,
    step,
};
use model::{HandsetId, ResidentId, SignalId, SignalKind, SignedDuration};
use std::fmt::Write;

/// The second at which every command is given; what came before differs from state to state.
const NOW_S: i64 = 1_000;

/// What leads to an incident with a task of the station in the east.
struct Sent(Vec<(i64, Command)>);

impl Sent {
    /// The same, with these acts of the station.
    fn clone_with(&self, acts: &[TaskAct]) -> Case {
        let mut case = Case::after(&self.0);
        for act in acts {
            case.task(NOW_S - 6, "east", *act).expect("accepted");
        }
        case
    }
}

fn resolve(by: &str) -> Command {
    Command::Resolve { by: by.to_owned(), role_may_override: false }
}

/// Every state, and how an incident came there. The holder is always anna.
fn states() -> Vec<(&'static str, Case)> {
    let opened = (NOW_S - 10, press("p-1"));
    let claimed = (NOW_S - 8, claim("anna"));
    let sent = Sent(vec![opened.clone(), claimed.clone(), (NOW_S - 7, dispatch("anna", &["east"]))]);
    let past = |second: i64| (NOW_S - second, Command::DeadlinePassed);
    vec![
        ("none", Case::empty()),
        ("raised", Case::after(std::slice::from_ref(&opened))),
        ("raised, ladder at step 1", Case::after(&[(NOW_S - 40, press("p-1")), past(10)])),
        ("claimed", Case::after(&[opened.clone(), claimed.clone()])),
        (
            "claimed, an answer awaited",
            Case::after(&[opened.clone(), claimed.clone(), (NOW_S - 5, press("p-2"))]),
        ),
        (
            "claimed, the holder overdue",
            Case::after(&[
                (NOW_S - 90, press("p-1")),
                (NOW_S - 80, claim("anna")),
                (NOW_S - 70, press("p-2")),
                past(10),
            ]),
        ),
        (
            "claimed, the holder gone",
            Case::after(&[opened.clone(), claimed.clone(), (NOW_S - 5, Command::HolderLost)]),
        ),
        (
            "claimed, the person spoken to",
            Case::after(&[opened.clone(), claimed.clone(), (NOW_S - 5, spoken("anna"))]),
        ),
        ("dispatched", sent.clone_with(&[])),
        ("dispatched, a station has it", sent.clone_with(&[TaskAct::Acknowledge])),
        ("dispatched, on the way", sent.clone_with(&[TaskAct::Acknowledge, TaskAct::EnRoute])),
        ("dispatched, all declined", sent.clone_with(&[TaskAct::Decline])),
        ("on scene", sent.clone_with(&[TaskAct::Acknowledge, TaskAct::EnRoute, TaskAct::OnScene])),
        ("resolved", Case::after(&[opened.clone(), claimed.clone(), (NOW_S - 2, resolve("anna"))])),
        (
            "closed",
            Case::after(&[opened, claimed, (NOW_S - 3, spoken("anna")), (NOW_S - 1, close("anna", false))]),
        ),
    ]
}

fn commands() -> Vec<(&'static str, Command)> {
    let back = |by_s: i64| Command::ClockWentBack { by: SignedDuration::from_secs(by_s) };
    let unexplained = Command::Close {
        by: "anna".to_owned(),
        role_may_override: true,
        cause: String::new(),
        outcome: "other".to_owned(),
        note: String::new(),
        snooze_until: None,
    };
    vec![
        ("a press", press("p-9")),
        ("the first press again", press("p-1")),
        ("a cancel", cancel("p-9")),
        ("a low battery", of_kind("b-9", SignalKind::LowBattery)),
        ("claim by anna", claim("anna")),
        ("claim by bert", claim("bert")),
        ("release by anna", release("anna", false)),
        ("release by bert", release("bert", false)),
        ("release by a supervisor", release("carl", true)),
        ("note by anna", note("anna")),
        ("note by bert", note("bert")),
        ("close by anna", close("anna", false)),
        ("close by bert", close("bert", false)),
        ("close by a supervisor", close("carl", true)),
        ("close without a cause", unexplained),
        ("dispatch of two by anna", dispatch("anna", &["east", "west"])),
        ("dispatch by bert", dispatch("bert", &["west"])),
        ("dispatch of nobody", dispatch("anna", &[])),
        ("transfer by anna to bert", transfer("anna", "bert")),
        ("transfer by bert", transfer("bert", "carl")),
        ("handed over to 120 by anna", hand_over("anna", "已出车")),
        ("handed over without a word", hand_over("anna", " ")),
        (
            "it is somebody else",
            Command::Identify {
                by: "bert".to_owned(),
                resident: ResidentId::new("r-2").ok(),
                handset: HandsetId::new("h-2").ok(),
            },
        ),
        ("resolved by anna", resolve("anna")),
        ("reopened by bert", reopen("bert", "又不舒服")),
        ("reopened without a reason", reopen("bert", "")),
        (
            "the second press confirmed by anna",
            Command::Confirm {
                by: "anna".to_owned(),
                role_may_override: false,
                signals: vec![signal_id("p-2")],
            },
        ),
        (
            "nobody answers the telephone",
            Command::MarkStep {
                by: "anna".to_owned(),
                step: PlanStep::RingResident,
                outcome: PlanOutcome::NoAnswer,
                text: String::new(),
            },
        ),
        (
            "a relative is on the way",
            Command::Answer { by: "daughter".to_owned(), answer: Answer::Coming, text: String::new() },
        ),
        ("back within the fence", returned()),
        ("close with a snooze, no fence in it", snoozed()),
        ("the holder is gone", Command::HolderLost),
        ("the holder is back", Command::HolderBack { by: "anna".to_owned() }),
        (
            "the ladder asks a station",
            Command::DispatchByLadder { station: (station("west"), "west站".to_owned()) },
        ),
        ("a press within a drill", Command::Drill(Box::new(signal("d-9", SignalKind::Press, false)))),
        ("deadline", Command::DeadlinePassed),
        ("clock 100 s back", back(100)),
        ("clock not back", back(0)),
    ]
}

/// The station in the east takes its last step back, says that nobody opens, or that it is still at it.
fn on_scene(incident: Option<&Incident>) -> [(&'static str, Command); 3] {
    let Command::Task { task, seen, by, .. } = task(incident, "east", TaskAct::Finish) else {
        unreachable!("an act upon a task");
    };
    let undo = Command::UndoTask { task: task.clone(), seen, by: by.clone() };
    let says = |said| Command::SayOnScene { task: task.clone(), said, by: by.clone(), words: String::new() };
    [
        ("the station: undo", undo),
        ("the station: nobody opens", says(OnScene::NoAnswer)),
        ("the station: still at it", says(OnScene::StillAtIt)),
    ]
}

fn returned() -> Command {
    let (id, since) = (signal_id("back"), at(NOW_S - 60));
    let (fence, why) = (Some("home".to_owned()), "回到「家」".to_owned());
    Command::Returned(Box::new(Return { id, fence, zone: None, since, why }))
}

fn snoozed() -> Command {
    let mut close = close("carl", true);
    if let Command::Close { snooze_until, .. } = &mut close {
        *snooze_until = Some(at(NOW_S + 3_600));
    }
    close
}

fn signal_id(name: &str) -> SignalId {
    SignalId::from_cause("test", &[name])
}

fn transfer(by: &str, to: &str) -> Command {
    Command::Transfer { by: by.to_owned(), role_may_override: false, to: to.to_owned() }
}

fn hand_over(by: &str, words: &str) -> Command {
    let to = Service::Ambulance;
    Command::HandOver { by: by.to_owned(), role_may_override: false, to, words: words.to_owned() }
}

fn reopen(by: &str, reason: &str) -> Command {
    Command::Reopen { by: by.to_owned(), reason: reason.to_owned() }
}

fn describe(incident: Option<&Incident>) -> String {
    let Some(incident) = incident else { return "none".to_owned() };
    match &incident.state {
        State::Raised { step } => format!("raised, step {step}"),
        State::Claimed { holder, answer, step, unheard, lost, .. } => {
            let awaited = answer.as_ref().map_or(0, |awaited| awaited.signals.len());
            let name = incident.state_name().as_str();
            let unheard = if *unheard { ", a station unheard" } else { "" };
            let tasks: Vec<String> =
                incident.tasks.iter().map(|task| format!("{} {}", task.name, task.state.as_str())).collect();
            let tasks = if tasks.is_empty() { String::new() } else { format!(" ({})", tasks.join(", ")) };
            let lost = if *lost { ", who is gone" } else { "" };
            format!("{name} by {}{lost}, {awaited} awaited, step {step}{unheard}{tasks}", holder.username)
        }
        State::Closed { .. } => "closed".to_owned(),
    }
}

fn deadline(incident: Option<&Incident>, now_s: i64) -> String {
    match incident.and_then(Incident::due_at) {
        Some(deadline) => format!("{} s", deadline.as_second() - at(now_s).as_second()),
        None => "none".to_owned(),
    }
}

/// One line: what the command does to this state, given with the present or an older version.
fn row(case: &Case, name: &str, command: &Command, is_stale: bool, now_s: i64) -> String {
    let mut incident = case.incident.clone();
    let version = incident.as_ref().map(|incident| incident.version - u64::from(is_stale));
    match step(&mut incident, &arriving(command, now_s), version, &case.ladder, at(now_s)) {
        Err(refusal) => format!("| {name} | refused: {refusal} | | | | |"),
        Ok(decision) => {
            let Some(event) = decision.events.first() else {
                return format!("| {name} | nothing | | | | |");
            };
            let desk = match sounded(&decision.effects) {
                Some(Attention::Operators) => "operators",
                Some(Attention::Everyone) => "everyone",
                None => "",
            };
            let person = said(&decision.effects)
                .map(|(stage, say)| format!("{}: {say}", stage.as_str()))
                .unwrap_or_default();
            let (after, left) = (describe(incident.as_ref()), deadline(incident.as_ref(), now_s));
            format!("| {name} | {} | {after} | {left} | {desk} | {person} |", event.what.kind().as_str())
        }
    }
}

fn section(text: &mut String, name: &str, case: &Case) {
    let left = deadline(case.incident.as_ref(), NOW_S);
    let before = describe(case.incident.as_ref());
    writeln!(text, "\n## {name}\n\nBefore: {before}; deadline in: {left}.\n").expect("a text grows");
    text.push_str("| command | event | state after | deadline in | desk hears | person hears |\n");
    text.push_str("|---|---|---|---|---|---|\n");
    let due_s = case
        .incident
        .as_ref()
        .and_then(Incident::due_at)
        .map_or(NOW_S, |deadline| deadline.as_second() - at(0).as_second());
    for (name, command) in commands() {
        // A clock that went back shows the time that it went back to.
        let now_s = if name.starts_with("clock 100") { NOW_S - 100 } else { NOW_S };
        writeln!(text, "{}", row(case, name, &command, false, now_s)).expect("a text grows");
        if matches!(command, Command::DeadlinePassed) {
            writeln!(text, "{}", row(case, "deadline, once due", &command, false, due_s))
                .expect("a text grows");
        }
    }
    for (name, command) in on_scene(case.incident.as_ref()) {
        writeln!(text, "{}", row(case, name, &command, false, NOW_S)).expect("a text grows");
    }
    for act in TaskAct::ALL {
        let command = task(case.incident.as_ref(), "east", act);
        let name = format!("the station: {act:?}");
        writeln!(text, "{}", row(case, &name, &command, false, NOW_S)).expect("a text grows");
    }
    if case.incident.is_some() {
        for (name, command) in
            [("claim on an older view", claim("bert")), ("note on an older view", note("anna"))]
        {
            writeln!(text, "{}", row(case, name, &command, true, NOW_S)).expect("a text grows");
        }
    }
}

fn state_table() -> String {
    let mut text = String::from(
        "# What each command does in each state\n\n\
         Written by the test `table` of this crate, which fails when it is not true any more;\n\
         `BLESS=1 cargo test -p incident` writes it anew. Anna is the holder where there is one, bert another\n\
         operator. A refused command changes nothing. A deadline is told as what is left of it.\n",
    );
    for (name, case) in states() {
        section(&mut text, name, &case);
    }
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the one question is whether to write the file anew")]
fn the_state_table_is_as_written() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/STATES.md");
    let table = state_table();
    if std::env::var("BLESS").is_ok_and(|bless| bless == "1") {
        std::fs::write(path, &table).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == table, "STATES.md is not what the engine does; BLESS=1 writes it anew:\n{table}");
}
