//! Every event in every state, and a few stories.

use geofence::falls::episode::{
    ANSWER_WITHIN, Because, Effect, Event, Falls, Open, QUESTIONS_AT_MOST, Reply, Report, step,
};
use geofence::falls::{Assessment, Findings, Judged, Unusable, VERSION, Verdict, Worn};
use model::{SignalId, SignedDuration, Timestamp};

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).expect("a time of this century")
}

pub(crate) fn named(name: &str) -> SignalId {
    SignalId::new(name).expect("a short name")
}

/// A report with this probability; of none, one that could not be judged.
pub(crate) fn report(name: &str, probability: Option<f64>) -> Event {
    let findings = Findings {
        impact_g: 2.0,
        light_s: 0.2,
        turned_deg: 40.0,
        still_s: 1.0,
        impacts: 1.0,
        clipped_at_g: None,
    };
    let verdict = match probability {
        Some(probability) => Verdict::Judged(Judged { probability, findings, pulls: Vec::new() }),
        None => Verdict::Unusable(Unusable::NoSamples),
    };
    let assessment = Assessment { version: VERSION, worn: Worn::Waist, verdict };
    Event::Reported(Box::new(Report {
        signal: named(name),
        fall_id: Some(name.to_owned()),
        at: at(0),
        assessment,
    }))
}

pub(crate) fn answer(name: &str, is_well: bool) -> Event {
    Event::Answered { signal: named(name), is_well }
}

fn not_reached(name: &str) -> Event {
    Event::NotReached { signal: named(name) }
}

fn open(name: &str, raised: bool, answer_by_s: i64) -> Open {
    Open { signal: named(name), raised, answer_by: at(answer_by_s) }
}

/// What an effect does, in short.
fn said(effect: &Effect) -> String {
    match effect {
        Effect::Line { report, raised } => format!("line {} {raised}", report.signal),
        Effect::Raise { signal, because } => format!("raise {signal} {because:?}"),
        Effect::Ask { signal, .. } => format!("ask {signal}"),
        Effect::Heard { signal, reply, raised } => format!("heard {signal} {reply:?} {raised}"),
    }
}

/// The states there are of one fall: unknown, asked about and not raised, asked about and raised.
const STATES: [&str; 3] = ["none", "asking", "raised"];

fn state(name: &str) -> Falls {
    match name {
        "asking" => Falls { open: vec![open("f", false, 60)] },
        "raised" => Falls { open: vec![open("f", true, 60)] },
        _ => Falls::default(),
    }
}

fn state_name(falls: &Falls) -> String {
    let word = |open: &Open| format!("{} {}", open.signal, if open.raised { "raised" } else { "asking" });
    falls.open.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Event, at which second, and for each state: what is done, and what is open afterwards.
type Row = (Event, i64, [(&'static str, &'static str); 3]);

fn table() -> Vec<Row> {
    let back = Event::ClockWentBack { by: SignedDuration::from_secs(30) };
    let stays = [("", ""), ("", "f asking"), ("", "f raised")];
    vec![
        (
            report("f", Some(0.9)),
            1,
            [("line f true; raise f Detected; ask f", "f raised"), ("", "f asking"), ("", "f raised")],
        ),
        (
            report("f", Some(0.1)),
            1,
            [("line f false; ask f", "f asking"), ("", "f asking"), ("", "f raised")],
        ),
        (
            report("f", None),
            1,
            [
                ("line f true; raise f NotJudged(NoSamples); ask f", "f raised"),
                ("", "f asking"),
                ("", "f raised"),
            ],
        ),
        (
            report("g", Some(0.5)),
            1,
            [
                ("line g true; raise g Detected; ask g", "g raised"),
                ("line g true; raise g Detected; ask g", "f asking, g raised"),
                ("line g true; raise g Detected; ask g", "f raised, g raised"),
            ],
        ),
        (
            report("g", Some(0.49)),
            1,
            [
                ("line g false; ask g", "g asking"),
                ("line g false; ask g", "f asking, g asking"),
                ("line g false; ask g", "f raised, g asking"),
            ],
        ),
        (answer("f", true), 1, [("", ""), ("heard f Well false", ""), ("heard f Well true", "")]),
        (
            answer("f", false),
            1,
            [("", ""), ("raise f NotWell; heard f NotWell true", ""), ("heard f NotWell true", "")],
        ),
        (answer("other", true), 1, stays),
        (answer("other", false), 1, stays),
        (
            not_reached("f"),
            1,
            [("", ""), ("raise f NotReached; heard f NotReached true", ""), ("heard f NotReached true", "")],
        ),
        (not_reached("other"), 1, stays),
        (Event::Time, 59, stays),
        (
            Event::Time,
            60,
            [("", ""), ("raise f NoAnswer; heard f Silence true", ""), ("heard f Silence true", "")],
        ),
        (back, 1, stays),
    ]
}

#[test]
fn every_event_in_every_state() {
    for (event, second, rows) in table() {
        for (name, (done, after)) in STATES.iter().zip(rows) {
            let (mut falls, mut effects) = (state(name), Vec::new());
            step(&mut falls, &event, at(second), &mut effects);
            let did: Vec<String> = effects.iter().map(said).collect();
            assert_eq!(did.join("; "), done, "{name}: {event:?}");
            assert_eq!(state_name(&falls), after, "{name}: {event:?}");
        }
    }
}

#[test]
fn the_question_has_words_and_an_end() {
    let (mut falls, mut effects) = (Falls::default(), Vec::new());
    step(&mut falls, &report("f", Some(0.1)), at(5), &mut effects);
    let expires_at = at(5).saturating_add(ANSWER_WITHIN).unwrap();
    let ask = Effect::Ask { signal: named("f"), say: "您还好吗？".to_owned(), expires_at };
    assert_eq!(effects.last(), Some(&ask));
    assert_eq!(falls.next_deadline(), Some(expires_at));
}

#[test]
fn an_answer_counts_for_what_was_asked_before_and_not_for_what_came_later() {
    let (mut falls, mut effects) = (Falls::default(), Vec::new());
    for (second, name) in [(0, "a"), (10, "b"), (20, "c")] {
        step(&mut falls, &report(name, Some(0.2)), at(second), &mut effects);
    }
    effects.clear();
    step(&mut falls, &answer("b", true), at(22), &mut effects);
    assert_eq!(effects.iter().map(said).collect::<Vec<_>>(), ["heard a Well false", "heard b Well false"]);
    effects.clear();
    step(&mut falls, &Event::Time, at(80), &mut effects);
    assert_eq!(effects.iter().map(said).collect::<Vec<_>>(), ["raise c NoAnswer", "heard c Silence true"]);
    assert_eq!(falls.next_deadline(), None);
}

#[test]
fn a_clock_set_back_postpones_nothing() {
    let (mut falls, mut effects) = (Falls::default(), Vec::new());
    step(&mut falls, &report("f", Some(0.2)), at(3_600), &mut effects);
    step(&mut falls, &Event::ClockWentBack { by: SignedDuration::from_hours(1) }, at(10), &mut effects);
    assert_eq!(falls.next_deadline(), Some(at(60)));
    step(&mut falls, &Event::ClockWentBack { by: SignedDuration::from_hours(-1) }, at(10), &mut effects);
    assert_eq!(falls.next_deadline(), Some(at(60)), "one set forward brings the deadline by itself");
}

#[test]
fn a_flood_of_reports_loses_none() {
    let (mut falls, mut effects) = (Falls::default(), Vec::new());
    for number in 0..100 {
        step(&mut falls, &report(&format!("f-{number}"), Some(0.2)), at(1), &mut effects);
        assert!(falls.open.len() <= QUESTIONS_AT_MOST);
    }
    step(&mut falls, &Event::Time, at(61), &mut effects);
    let raised = |effect: &&Effect| matches!(effect, Effect::Raise { .. });
    assert_eq!(effects.iter().filter(raised).count(), 100);
    let crowded = |effect: &&Effect| matches!(effect, Effect::Raise { because: Because::Crowded, .. });
    assert_eq!(effects.iter().filter(crowded).count(), 100 - QUESTIONS_AT_MOST);
}

#[test]
fn reasons_and_replies_have_words() {
    let reasons =
        [Because::Detected, Because::NotWell, Because::NoAnswer, Because::NotReached, Because::Crowded];
    let judged = Unusable::ALL.map(Because::NotJudged);
    assert!(reasons.iter().chain(&judged).all(|because| !because.sentence_zh().is_empty()));
    let replies = [Reply::Well, Reply::NotWell, Reply::Silence, Reply::NotReached];
    assert!(replies.iter().all(|reply| !reply.sentence_zh().is_empty()));
}

#[test]
fn what_is_stored_reads_back() {
    for (event, second, _) in table() {
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
        let (mut falls, mut effects) = (state("asking"), Vec::new());
        step(&mut falls, &event, at(second), &mut effects);
        let text = serde_json::to_string(&(&falls, &effects)).unwrap();
        assert_eq!(serde_json::from_str::<(Falls, Vec<Effect>)>(&text).unwrap(), (falls, effects));
    }
}
