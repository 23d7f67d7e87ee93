//! What makes a ladder one that never leaves anybody unheard.

use super::{Callee, Hours, Ladder, Rule, Step};
use std::fmt;

/// While nobody has an incident the person hears at least so often that it is being tried.
const WORD_WITHIN_S: u32 = 60;
/// More often nobody could finish a sentence.
const AT_LEAST_S: u32 = 5;
/// Nobody who was called answers later than this, three times what a new call may take: the next must be asked.
const ANSWER_WITHIN_S: u32 = 180;
/// Screens may be empty: within so long somebody is called who needs none. The built-in ladder takes two minutes.
const PERSON_WITHIN_S: u32 = 300;
/// A station that took a task and stays longer has forgotten it; three times the built-in wait.
const START_WITHIN_S: u32 = 900;
/// Nobody is left alone with a case, on the way or with the person for longer without being asked.
const WORD_AFTER_S: u32 = 3_600;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// What is wrong with one of the waits.
pub(super) fn wait(name: &str, seconds: u32) -> Option<String> {
    let most = match name {
        "repeat_s" => WORD_WITHIN_S,
        "answer_s" | "task_answer_s" => ANSWER_WITHIN_S,
        "task_start_s" => START_WITHIN_S,
        _ => WORD_AFTER_S,
    };
    let fits = (AT_LEAST_S..=most).contains(&seconds);
    (!fits).then(|| format!("{name} is {seconds} s; it must be {AT_LEAST_S} to {most} s"))
}

/// What is wrong with a step, of which so many came before.
pub(super) fn step(step: &Step, before: usize) -> Option<String> {
    let calls_the_desk =
        step.call.iter().any(|callee| matches!(callee, Callee::Operators | Callee::Everyone));
    match before {
        0 if step.after_s != 0 => Some("the first step is taken at once: after_s = 0".to_owned()),
        0 if !calls_the_desk => Some("the first step must call operators or everyone".to_owned()),
        0 => None,
        _ => not_timely(step).or_else(|| step.call.is_empty().then(|| "the step calls nobody".to_owned())),
    }
}

/// What is wrong with that which is done again and again.
pub(super) fn repeat(step: &Step) -> Option<String> {
    let is_reachable = step.call.contains(&Callee::Roster);
    not_timely(step).or_else(|| {
        (!is_reachable).then(|| {
            "what is repeated must call the roster: a screen is not a person, somebody must be reached by telephone or \
             message"
                .to_owned()
        })
    })
}

/// What is wrong with the waits of a rule together: how long it takes until a person is called by telephone or message.
pub(super) fn reach(rule: &Rule) -> Option<String> {
    let calls_a_person = |step: &&Step| step.call.contains(&Callee::Roster);
    let before = rule.steps.iter().take_while(|step| !calls_a_person(step)).count();
    let taken = rule.steps.iter().chain([&rule.repeat]).take(before.saturating_add(1));
    let sum_s = taken.fold(0u32, |sum_s, step| sum_s.saturating_add(step.after_s));
    (sum_s > PERSON_WITHIN_S).then(|| {
        format!(
            "the roster is called after {sum_s} s; it must be within {PERSON_WITHIN_S} s: fewer steps before, or the roster in an \
             earlier one"
        )
    })
}

/// What is wrong with a rule behind others: that one of them fits wherever it does, so that it never runs.
pub(super) fn place(rule: &Rule, earlier: &[Rule]) -> Option<String> {
    let wider = |one: &&Rule| covers(&one.kinds, &rule.kinds) && covers(&one.severities, &rule.severities);
    let wider: Vec<&Rule> = earlier.iter().filter(wider).collect();
    let in_hours = |hours: Option<Hours>, minute| hours.is_none_or(|hours| hours.contains(minute));
    let mut minutes = (0..1_440).filter(|minute| in_hours(rule.hours, *minute));
    let is_hidden = minutes.all(|minute| wider.iter().any(|one| in_hours(one.hours, minute)));
    is_hidden.then(|| {
        format!(
            "the rule {:?} never runs: those before it fit wherever it does; put it before those",
            rule.name
        )
    })
}

/// Whether a condition holds wherever the other one does; an empty one always holds.
fn covers<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
    wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|one| wide.contains(one)))
}

fn not_timely(step: &Step) -> Option<String> {
    let fits = (AT_LEAST_S..=WORD_WITHIN_S).contains(&step.after_s);
    (!fits).then(|| {
        format!(
            "after_s is {}; it must be {AT_LEAST_S} to {WORD_WITHIN_S}, since the person hears at least every \
             {WORD_WITHIN_S} s that somebody is being called",
            step.after_s
        )
    })
}

/// What is wrong with it as a whole.
pub(super) fn whole(ladder: &Ladder) -> Option<String> {
    if ladder.rules.is_empty() {
        return Some("there is no [[rule]]".to_owned());
    }
    let fits_all = |rule: &Rule| rule.kinds.is_empty() && rule.severities.is_empty();
    let hours: Vec<Option<Hours>> =
        ladder.rules.iter().filter(|rule| fits_all(rule)).map(|rule| rule.hours).collect();
    let gaps = uncovered(&hours);
    (!gaps.is_empty()).then(|| {
        format!(
            "at {} no rule fits every incident; add one without kinds, severities and hours",
            gaps.join(", ")
        )
    })
}

/// The spans of a day that none of these covers (absent: all day), as `07:00-08:30`.
pub fn uncovered(hours: &[Option<Hours>]) -> Vec<String> {
    gaps(|minute| hours.iter().any(|hours| hours.is_none_or(|hours| hours.contains(minute))))
}

/// The spans of a day whose minutes are not covered.
pub(super) fn gaps(is_covered: impl Fn(u16) -> bool) -> Vec<String> {
    let mut gaps = Vec::new();
    let mut since = None;
    for minute in 0..=1_440 {
        match (minute == 1_440 || is_covered(minute), since) {
            (false, None) => since = Some(minute),
            (true, Some(from)) => {
                gaps.push(format!("{}-{}", clock(from), clock(minute)));
                since = None;
            }
            (false, Some(_)) | (true, None) => {}
        }
    }
    gaps
}

/// Minutes after midnight as `22:00`.
pub fn clock(minute: u16) -> String {
    let (hour, minute) = (minute.checked_div(60).unwrap_or(0), minute.checked_rem(60).unwrap_or(0));
    format!("{hour:02}:{minute:02}")
}

#[cfg(test)]
mod tests {
    use super::super::{BUILT_IN, parse};
    use super::*;

    #[test]
    fn the_text_of_the_built_in_one_is_the_built_in_one() {
        let mut written = parse(BUILT_IN).unwrap();
        written.rules.iter_mut().for_each(|rule| rule.name = "built-in".to_owned());
        assert_eq!(written, Ladder::default());
    }

    /// What is changed in the built-in text, the line that is named, and a word of what is said about it.
    const BAD: [(&str, &str, usize, &str); 21] = [
        ("[waits]", "[waits", 4, "expected"),
        ("answer_s = 60", "answer_z = 60", 5, "unknown field"),
        ("answer_s = 60", "answer_s = 1", 5, "5 to 180"),
        ("answer_s = 60", "answer_s = 181", 5, "5 to 180"),
        ("task_answer_s = 60", "task_answer_s = 600", 8, "5 to 180"),
        ("follow_up_s = 600", "follow_up_s = 3601", 6, "5 to 3600"),
        ("task_start_s = 300", "task_start_s = 86400", 9, "task_start_s is 86400 s; it must be 5 to 900"),
        ("task_way_s = 1800", "task_way_s = 3601", 10, "5 to 3600"),
        ("repeat_s = 60", "repeat_s = 90", 7, "5 to 60"),
        ("\"operators\"", "\"robots\"", 18, "unknown variant"),
        ("after_s = 0, call", "after_s = 9, call", 18, "at once"),
        ("\"operators\"", "\"relatives\"", 18, "operators or everyone"),
        ("after_s = 30, call = [\"everyone\"] }", "after_s = 90, call = [\"everyone\"] }", 19, "every 60 s"),
        ("after_s = 30, call = [\"everyone\"] }", "after_s = 30, call = [] }", 19, "calls nobody"),
        ("[\"everyone\", \"roster\"]", "[\"everyone\"]", 22, "telephone"),
        ("# hours = \"22:00-06:00\"", "hours = \"22 to 6\" #", 16, "22:00-06:00"),
        ("# hours = \"22:00-06:00\"", "hours = \"22:00-06:00\" #", 23, "06:00-22:00"),
        ("after_s = 30, call = [\"everyone\"] }", SLOW, 22, "after 301 s"),
        ("[[rule]]", ALL_BEFORE, 16, "\"every incident at every hour\" never runs"),
        ("[[rule]]", BY_TURNS, 22, "\"every incident at every hour\" never runs"),
        ("[[rule]]", CRIES_BEFORE, 17, "\"falls by night\" never runs"),
    ];
    /// Steps of which none calls anybody who is not at a screen.
    const SLOW: &str = concat!(
        "after_s = 60, call = [\"everyone\"] }, { after_s = 60, call = [\"everyone\"] }, ",
        "{ after_s = 60, call = [\"everyone\"] }, { after_s = 31, call = [\"everyone\"] }",
    );
    const ALL_BEFORE: &str = r#"[[rule]]
name = "all"
steps = [{ after_s = 0, call = ["operators"] }]
repeat = { after_s = 60, call = ["roster"] }
[[rule]]"#;
    const BY_TURNS: &str = r#"[[rule]]
name = "by night"
hours = "22:00-06:00"
steps = [{ after_s = 0, call = ["operators"] }]
repeat = { after_s = 60, call = ["roster"] }
[[rule]]
name = "by day"
hours = "06:00-22:00"
steps = [{ after_s = 0, call = ["operators"] }]
repeat = { after_s = 60, call = ["roster"] }
[[rule]]"#;
    const CRIES_BEFORE: &str = r#"[[rule]]
name = "cries"
kinds = ["press", "fall"]
steps = [{ after_s = 0, call = ["operators"] }]
repeat = { after_s = 60, call = ["roster"] }
[[rule]]
name = "falls by night"
kinds = ["fall"]
hours = "22:00-06:00"
steps = [{ after_s = 0, call = ["operators"] }]
repeat = { after_s = 60, call = ["roster"] }
[[rule]]"#;
    /// Before the built-in rule stands one that fits less, and one that fits more hours of it: each has incidents of its own.
    const IN_ORDER: &str = r#"[[rule]]
name = "falls"
kinds = ["fall"]
hours = "22:00-06:00"
steps = [{ after_s = 0, call = ["operators"] }]
repeat = { after_s = 60, call = ["roster"] }
[[rule]]
name = "cries"
kinds = ["press", "fall"]
severities = ["life"]
steps = [{ after_s = 0, call = ["operators", "roster"] }, { after_s = 60, call = ["everyone"] }]
repeat = { after_s = 60, call = ["roster"] }
[[rule]]"#;

    #[test]
    fn a_bad_ladder_is_refused_with_the_line_that_is_wrong() {
        for (good, bad, line, word) in BAD {
            assert!(BUILT_IN.contains(good), "{good}");
            let problems = parse(&BUILT_IN.replacen(good, bad, 1)).expect_err(bad);
            let found = problems.iter().any(|problem| problem.line == line && problem.what.contains(word));
            assert!(found, "{bad}: {problems:?}");
        }
        assert!(parse(&BUILT_IN.replacen("[[rule]]", IN_ORDER, 1)).is_ok());
        let person_at_once = SLOW.replacen("[\"everyone\"]", "[\"everyone\", \"roster\"]", 1);
        let reached = BUILT_IN.replacen("after_s = 30, call = [\"everyone\"] }", &person_at_once, 1);
        assert!(parse(&reached).is_ok(), "a person is called after a minute");
        let longest =
            [("follow_up_s = 600", 3_600), ("task_start_s = 300", 900), ("task_way_s = 1800", 3_600)];
        for (wait, most_s) in longest {
            let name = wait.split(' ').next().unwrap();
            let text = BUILT_IN.replacen(wait, &format!("{name} = {most_s}"), 1);
            assert!(parse(&text).is_ok(), "{name} at its bound");
        }
        assert!(parse("").unwrap_err().iter().any(|problem| problem.what.contains("no [[rule]]")));
    }

    #[test]
    fn hours_that_nobody_covers_are_named() {
        let hours = |from: u16, to: u16| Some(Hours { from: from * 60, to: to * 60 });
        assert_eq!(uncovered(&[]), ["00:00-24:00"]);
        assert_eq!(uncovered(&[hours(22, 6), hours(8, 22)]), ["06:00-08:00"]);
        assert_eq!(uncovered(&[hours(6, 0)]), ["00:00-06:00"]);
        assert!(uncovered(&[None]).is_empty() && uncovered(&[hours(22, 6), hours(6, 22)]).is_empty());
    }
}
