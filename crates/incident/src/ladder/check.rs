//! What makes a ladder one that never leaves anybody unheard.

use super::{Callee, Hours, Ladder, Rule, Step};
use std::fmt;

/// While nobody has an incident the person hears at least so often that it is being tried.
const WORD_WITHIN_S: u32 = 60;
/// More often nobody could finish a sentence.
const AT_LEAST_S: u32 = 5;
/// No wait is longer; whoever leaves a person alone for longer has forgotten them.
const DAY_S: u32 = 86_400;

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
    let most = if name == "repeat_s" { WORD_WITHIN_S } else { DAY_S };
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
    const BAD: [(&str, &str, usize, &str); 12] = [
        ("[waits]", "[waits", 4, "expected"),
        ("answer_s = 60", "answer_z = 60", 5, "unknown field"),
        ("answer_s = 60", "answer_s = 1", 5, "5 to 86400"),
        ("repeat_s = 60", "repeat_s = 90", 7, "5 to 60"),
        ("\"operators\"", "\"robots\"", 18, "unknown variant"),
        ("after_s = 0, call", "after_s = 9, call", 18, "at once"),
        ("\"operators\"", "\"relatives\"", 18, "operators or everyone"),
        ("after_s = 30, call = [\"everyone\"] }", "after_s = 90, call = [\"everyone\"] }", 19, "every 60 s"),
        ("after_s = 30, call = [\"everyone\"] }", "after_s = 30, call = [] }", 19, "calls nobody"),
        ("[\"everyone\", \"roster\"]", "[\"everyone\"]", 22, "telephone"),
        ("# hours = \"22:00-06:00\"", "hours = \"22 to 6\" #", 16, "22:00-06:00"),
        ("# hours = \"22:00-06:00\"", "hours = \"22:00-06:00\" #", 23, "06:00-22:00"),
    ];

    #[test]
    fn a_bad_ladder_is_refused_with_the_line_that_is_wrong() {
        for (good, bad, line, word) in BAD {
            assert!(BUILT_IN.contains(good), "{good}");
            let problems = parse(&BUILT_IN.replacen(good, bad, 1)).expect_err(bad);
            let found = problems.iter().any(|problem| problem.line == line && problem.what.contains(word));
            assert!(found, "{bad}: {problems:?}");
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
