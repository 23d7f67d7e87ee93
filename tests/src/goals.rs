//! What a benchmark is to reach. Every goal is looked at whatever became of the others; those that were missed stand at the end,
//! and the exit code says whether there are any.

use anyhow::Result;
use std::{fmt, io::Write, process::ExitCode};

/// The goals that a benchmark has looked at.
#[derive(Debug, Default)]
pub struct Goals {
    looked_at: usize,
    missed: Vec<Missed>,
}

/// A goal that was missed, or could not be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// What was measured.
    pub what: String,
    /// What came of it.
    pub measured: String,
    /// What was to come of it.
    pub goal: String,
}

/// A goal that was looked at, as it stands behind its figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    goal: String,
    is_met: bool,
}

impl Goals {
    /// It is this or less.
    pub fn at_most(&mut self, what: &str, measured: f64, goal: f64, unit: &str) -> Verdict {
        self.look(what, measured, measured <= goal, &format!("<= {goal} {unit}"))
    }

    /// It is this or more.
    pub fn at_least(&mut self, what: &str, measured: f64, goal: f64, unit: &str) -> Verdict {
        self.look(what, measured, measured >= goal, &format!(">= {goal} {unit}"))
    }

    /// It is less than this.
    pub fn below(&mut self, what: &str, measured: f64, goal: f64, unit: &str) -> Verdict {
        self.look(what, measured, measured < goal, &format!("< {goal} {unit}"))
    }

    /// It was not measured at all, or what was measured cannot be right.
    pub fn not_measured(&mut self, what: &str, why: &anyhow::Error) {
        self.looked_at += 1;
        self.missed.push(Missed {
            what: what.to_owned(),
            measured: format!("{why:#}"),
            goal: "measured".to_owned(),
        });
    }

    /// A figure that is no number meets nothing.
    fn look(&mut self, what: &str, measured: f64, is_met: bool, goal: &str) -> Verdict {
        self.looked_at += 1;
        let goal = goal.trim_end().to_owned();
        if !is_met {
            let (what, measured, goal) = (what.to_owned(), rounded(measured), goal.clone());
            self.missed.push(Missed { what, measured, goal });
        }
        Verdict { goal, is_met }
    }

    /// All that were missed, in the order in which they were looked at.
    pub fn missed(&self) -> &[Missed] {
        &self.missed
    }

    /// The end of a benchmark: the table of what was missed, and the exit code, 1 if anything was.
    pub fn conclude(&self, out: &mut impl Write) -> Result<ExitCode> {
        let (looked_at, missed) = (self.looked_at, self.missed.len());
        writeln!(out, "\n{} of {looked_at} goals met", looked_at - missed)?;
        let width = self.missed.iter().map(|missed| missed.what.chars().count()).max().unwrap_or_default();
        for Missed { what, measured, goal } in &self.missed {
            writeln!(out, "goal missed: {what:<width$}  {measured}   goal {goal}")?;
        }
        Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// As many digits as tell a miss from its goal.
fn rounded(measured: f64) -> String {
    let digits = if measured.abs() < 1_000.0 { 3 } else { 0 };
    format!("{measured:.digits$}")
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "goal {}{}", self.goal, if self.is_met { "" } else { ": MISSED" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concluded(goals: &Goals) -> Result<(ExitCode, String)> {
        let mut out = Vec::new();
        let code = goals.conclude(&mut out)?;
        Ok((code, String::from_utf8(out)?))
    }

    #[test]
    fn a_goal_is_met_at_its_edge_and_missed_beyond() {
        for (measured, at_most, at_least, below) in [
            (1.9, true, false, true),
            (2.0, true, true, false),
            (2.1, false, true, false),
            (f64::NAN, false, false, false),
        ] {
            let mut goals = Goals::default();
            assert_eq!(goals.at_most("it", measured, 2.0, "s").is_met, at_most, "{measured}");
            assert_eq!(goals.at_least("it", measured, 2.0, "s").is_met, at_least, "{measured}");
            assert_eq!(goals.below("it", measured, 2.0, "s").is_met, below, "{measured}");
            let met = [at_most, at_least, below].into_iter().filter(|is_met| *is_met).count();
            assert_eq!(goals.missed().len(), 3 - met, "{measured}");
        }
    }

    #[test]
    fn one_miss_among_many_stands_at_the_end_and_in_the_exit_code() -> Result<()> {
        let mut goals = Goals::default();
        assert_eq!(goals.at_most("memory", 9.0, 16.0, "KiB").to_string(), "goal <= 16 KiB");
        let (code, said) = concluded(&goals)?;
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
        assert_eq!(said, "\n1 of 1 goals met\n");
        assert_eq!(goals.at_least("rate", 19_000.4, 20_000.0, "/s").to_string(), "goal >= 20000 /s: MISSED");
        goals.at_most("press", 1.0, 3.0, "x");
        goals.not_measured("crowd", &anyhow::anyhow!("no Redis"));
        let (code, said) = concluded(&goals)?;
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
        assert_eq!(
            said,
            "\n2 of 4 goals met\ngoal missed: rate   19000   goal >= 20000 /s\ngoal missed: crowd  no Redis   goal measured\n"
        );
        Ok(())
    }
}
