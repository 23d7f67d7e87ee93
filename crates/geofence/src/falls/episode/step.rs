//! One event after the other.

use super::{ANSWER_WITHIN, Because, Effect, Event, Falls, Open, QUESTION, QUESTIONS_AT_MOST, Reply, Report};
use crate::falls::assessment::Verdict;
use model::{SignalId, SignedDuration, Timestamp};

/// Takes an event in and adds what must be done about it.
pub fn step(falls: &mut Falls, event: &Event, now: Timestamp, effects: &mut Vec<Effect>) {
    step_within(falls, event, ANSWER_WITHIN, now, effects);
}

/// The same where a person has another time to answer.
pub fn step_within(
    falls: &mut Falls,
    event: &Event,
    answer_within: SignedDuration,
    now: Timestamp,
    effects: &mut Vec<Effect>,
) {
    match event {
        Event::Reported(report) => {
            reported(falls, report, now.saturating_add(answer_within).unwrap_or(Timestamp::MAX), effects);
        }
        Event::Answered { signal, is_well } => {
            let reply = if *is_well { Reply::Well } else { Reply::NotWell };
            answered(falls, signal, reply, effects);
        }
        Event::NotReached { signal } => not_reached(falls, signal, effects),
        Event::Time => time_passed(falls, now, effects),
        Event::ClockWentBack { by } => clock_went_back(falls, *by),
    }
}

fn reported(falls: &mut Falls, report: &Report, answer_by: Timestamp, effects: &mut Vec<Effect>) {
    let signal = &report.signal;
    if falls.open.iter().any(|open| open.signal == *signal) {
        // The same report again changes nothing.
        return;
    }
    make_room(falls, effects);
    let because = because(report);
    effects.push(Effect::Line { report: Box::new(report.clone()), raised: because.is_some() });
    effects.extend(because.map(|because| Effect::Raise { signal: signal.clone(), because }));
    effects.push(Effect::Ask { signal: signal.clone(), say: QUESTION.to_owned(), expires_at: answer_by });
    falls.open.push(Open { signal: signal.clone(), raised: because.is_some(), answer_by });
}

/// Why the report is raised as it comes, if it is.
fn because(report: &Report) -> Option<Because> {
    match &report.assessment.verdict {
        Verdict::Unusable(why) => Some(Because::NotJudged(*why)),
        Verdict::Judged(_) if report.assessment.is_fall() => Some(Because::Detected),
        Verdict::Judged(_) => None,
    }
}

fn make_room(falls: &mut Falls, effects: &mut Vec<Effect>) {
    while falls.open.len() >= QUESTIONS_AT_MOST {
        let oldest = falls.open.remove(0);
        if !oldest.raised {
            effects.push(Effect::Raise { signal: oldest.signal.clone(), because: Because::Crowded });
        }
        effects.push(Effect::Heard { signal: oldest.signal, reply: Reply::Silence, raised: true });
    }
}

/// An answer is about how the person is now: it counts for the fall asked about and for those asked about before it. One
/// that was reported later has a question of its own, for they may have fallen after answering.
fn answered(falls: &mut Falls, signal: &SignalId, reply: Reply, effects: &mut Vec<Effect>) {
    let Some(asked) = falls.open.iter().position(|open| open.signal == *signal) else { return };
    let because = (reply == Reply::NotWell).then_some(Because::NotWell);
    for open in falls.open.drain(..=asked) {
        settle(open, reply, because, effects);
    }
}

fn not_reached(falls: &mut Falls, signal: &SignalId, effects: &mut Vec<Effect>) {
    for open in falls.open.extract_if(.., |open| open.signal == *signal) {
        settle(open, Reply::NotReached, Some(Because::NotReached), effects);
    }
}

fn time_passed(falls: &mut Falls, now: Timestamp, effects: &mut Vec<Effect>) {
    for open in falls.open.extract_if(.., |open| open.answer_by <= now) {
        settle(open, Reply::Silence, Some(Because::NoAnswer), effects);
    }
}

/// The question is closed; a fall that was not raised yet is now, if there is a reason.
fn settle(open: Open, reply: Reply, because: Option<Because>, effects: &mut Vec<Effect>) {
    let signal = open.signal;
    if let (false, Some(because)) = (open.raised, because) {
        effects.push(Effect::Raise { signal: signal.clone(), because });
    }
    effects.push(Effect::Heard { signal, reply, raised: open.raised || because.is_some() });
}

fn clock_went_back(falls: &mut Falls, by: SignedDuration) {
    if by <= SignedDuration::ZERO {
        return;
    }
    for open in &mut falls.open {
        open.answer_by = open.answer_by.saturating_sub(by).unwrap_or(Timestamp::MIN);
    }
}
