//! A ladder as a text (TOML), with the line that is wrong where one is.

use super::{Callee, Hours, Ladder, Problem, Rule, Step, check};
use model::{Severity, SignalKind};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

/// The built-in ladder as such a text, to begin from.
pub const BUILT_IN: &str = r#"# Who is called about an incident that nobody has taken, and when. The first rule that fits is climbed.
# callees: operators (on duty, or else supervisors), everyone (supervisors too), station (the nearest), relatives, roster (by telephone or message; within 300 s)

[waits]              # seconds
answer_s = 60        # a holder has to confirm a press that joins; at most 180
follow_up_s = 600    # a holder may leave an incident without a note; at most 3600
repeat_s = 60        # everybody is called again while a holder does not act
task_answer_s = 60   # a station has to take a task before it is reminded; at most 180
task_start_s = 300   # it may stay without setting out; at most 900
task_way_s = 1800    # it may be on the way, or with the person, without a word; at most 3600

[[rule]]
name = "every incident at every hour"
# kinds = ["press", "fall"]     only incidents with such a signal
# severities = ["life"]         only incidents as grave
# hours = "22:00-06:00"         only at these hours in Shanghai
steps = [
  { after_s = 0, call = ["operators"] },
  { after_s = 30, call = ["everyone"] },
  { after_s = 30, call = ["everyone", "station", "relatives"] },
]
repeat = { after_s = 60, call = ["everyone", "roster"] }
"#;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waits: Waits,
    #[serde(default)]
    rule: Vec<Spanned<RuleText>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_field_names, reason = "they are the names in the file")]
struct Waits {
    answer_s: Option<Spanned<u32>>,
    follow_up_s: Option<Spanned<u32>>,
    repeat_s: Option<Spanned<u32>>,
    task_answer_s: Option<Spanned<u32>>,
    task_start_s: Option<Spanned<u32>>,
    task_way_s: Option<Spanned<u32>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    name: String,
    #[serde(default)]
    kinds: Vec<SignalKind>,
    #[serde(default)]
    severities: Vec<Severity>,
    hours: Option<Spanned<String>>,
    steps: Vec<Spanned<StepText>>,
    repeat: Spanned<StepText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepText {
    after_s: u32,
    call: Vec<Callee>,
}

/// Reads a ladder, or says everything that is wrong with it, line by line.
pub fn parse(text: &str) -> Result<Ladder, Vec<Problem>> {
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, &span));
        vec![Problem { line, what: error.message().to_owned() }]
    })?;
    let mut problems = Vec::new();
    let mut complain = |span: Range<usize>, what: String| {
        problems.push(Problem { line: line_of(text, &span), what });
    };
    let mut ladder = Ladder { rules: Vec::new(), ..Ladder::default() };
    for (name, told, place) in [
        ("answer_s", file.waits.answer_s, &mut ladder.answer_s),
        ("follow_up_s", file.waits.follow_up_s, &mut ladder.follow_up_s),
        ("repeat_s", file.waits.repeat_s, &mut ladder.repeat_s),
        ("task_answer_s", file.waits.task_answer_s, &mut ladder.task_answer_s),
        ("task_start_s", file.waits.task_start_s, &mut ladder.task_start_s),
        ("task_way_s", file.waits.task_way_s, &mut ladder.task_way_s),
    ] {
        let Some(told) = told else { continue };
        if let Some(what) = check::wait(name, *told.get_ref()) {
            complain(told.span(), what);
        }
        *place = *told.get_ref();
    }
    for rule in file.rule {
        let span = rule.span();
        let rule = read_rule(rule.into_inner(), &mut complain);
        if let Some(what) = check::place(&rule, &ladder.rules) {
            complain(span, what);
        }
        ladder.rules.push(rule);
    }
    if let Some(what) = check::whole(&ladder) {
        complain(text.len()..text.len(), what);
    }
    if problems.is_empty() { Ok(ladder) } else { Err(problems) }
}

fn read_rule(text: RuleText, complain: &mut impl FnMut(Range<usize>, String)) -> Rule {
    let hours = text.hours.and_then(|told| {
        let hours = read_hours(told.get_ref());
        if hours.is_none() {
            complain(
                told.span(),
                format!("{:?} is no span of hours, such as \"22:00-06:00\"", told.get_ref()),
            );
        }
        hours
    });
    let mut steps = Vec::new();
    for step in text.steps {
        let span = step.span();
        let step = as_step(step.into_inner());
        if let Some(what) = check::step(&step, steps.len()) {
            complain(span, what);
        }
        steps.push(step);
    }
    let span = text.repeat.span();
    let repeat = as_step(text.repeat.into_inner());
    if let Some(what) = check::repeat(&repeat) {
        complain(span.clone(), what);
    }
    if steps.is_empty() {
        complain(span.clone(), format!("the rule {:?} has no steps", text.name));
    }
    let rule = Rule { name: text.name, kinds: text.kinds, severities: text.severities, hours, steps, repeat };
    if let Some(what) = check::reach(&rule) {
        complain(span, what);
    }
    rule
}

fn as_step(text: StepText) -> Step {
    Step { after_s: text.after_s, call: text.call }
}

/// `22:00-06:00` as minutes of the day; `24:00` is the day's end.
fn read_hours(text: &str) -> Option<Hours> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (minutes(from)?, minutes(to)?);
    (from != to && from < 1_440).then_some(Hours { from, to: if to == 1_440 { 0 } else { to } })
}

/// `22:00` as minutes after midnight; `24:00` is the day's end.
pub fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let all = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && all <= 1_440).then_some(all)
}

/// The line in which a span begins, counted from 1.
fn line_of(text: &str, span: &Range<usize>) -> usize {
    let before = text.as_bytes().iter().take(span.start);
    before.filter(|byte| **byte == b'\n').count().saturating_add(1)
}
