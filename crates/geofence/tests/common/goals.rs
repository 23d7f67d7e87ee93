//! What the benchmarks are to reach, told as those of the whole platform tell it: every goal is looked at whatever became of the others;
//! those that were missed stand at the end, and the exit code says whether there are any.

use std::{
    io::{self, Write},
    process::ExitCode,
};

/// The goals that were looked at.
#[derive(Debug, Default)]
pub(crate) struct Goals {
    looked_at: usize,
    missed: Vec<String>,
}

impl Goals {
    /// It is this or less.
    pub(crate) fn at_most(&mut self, what: &str, measured: f64, goal: f64) {
        self.look(what, measured, measured <= goal, "<=", goal);
    }

    /// It is this or more.
    pub(crate) fn at_least(&mut self, what: &str, measured: f64, goal: f64) {
        self.look(what, measured, measured >= goal, ">=", goal);
    }

    /// A figure that is no number meets nothing.
    fn look(&mut self, what: &str, measured: f64, is_met: bool, sign: &str, goal: f64) {
        self.looked_at += 1;
        if !is_met {
            let digits = if measured.abs() < 1_000.0 { 3 } else { 0 };
            self.missed.push(format!("{what}  {measured:.digits$}   goal {sign} {goal}"));
        }
    }

    /// The end of a benchmark: what was missed, and the exit code, 1 if anything was.
    pub(crate) fn conclude(&self, out: &mut impl Write) -> io::Result<ExitCode> {
        writeln!(out, "\n{} of {} goals met", self.looked_at - self.missed.len(), self.looked_at)?;
        for missed in &self.missed {
            writeln!(out, "goal missed: {missed}")?;
        }
        out.flush()?;
        Ok(if self.missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
