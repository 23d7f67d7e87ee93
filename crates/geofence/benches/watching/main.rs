//! What the watch finds and what it tells in vain, on simulated people; drawn into docs/images. With `--train`, learns how
//! wandering is told anew; with `--only wandering` leaves the fences out; with `year` follows a thousand residents for a year instead.
//! Ends with exit code 1 where a goal was missed.
#![expect(clippy::unwrap_used, reason = "the simulated residents are the tests' own")]

#[path = "../detection/boost.rs"]
mod boost;
#[path = "../detection/chance.rs"]
#[expect(dead_code, reason = "the tests' own is used for walks")]
mod chance;
#[path = "../../tests/common/mod.rs"]
mod common;
#[path = "../detection/rust.rs"]
mod rust;

mod fences;
mod learn;
mod plot;
mod wandering;
mod year;

use common::goals::Goals;
use geofence::wandering::LIMIT;
use std::{
    io::Write as _,
    process::ExitCode,
    time::{Duration, Instant},
};

pub(crate) type Failure = Box<dyn std::error::Error>;

fn main() -> Result<ExitCode, Failure> {
    let (mut out, mut goals) = (std::io::stdout(), Goals::default());
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |asked: &str| words.iter().any(|word| word == asked);
    if is_asked("--train") {
        // What it reaches is told by the benchmark; that it learned is no failure.
        learn::learn(&mut out)?;
        return Ok(ExitCode::SUCCESS);
    }
    if is_asked("year") {
        year::follow_a_year(&mut goals, &mut out)?;
    } else {
        wandering::tables(&mut goals, &mut out, LIMIT)?;
        if !is_asked("--only") {
            writeln!(out)?;
            fences::table(&mut out)?;
        }
    }
    Ok(goals.conclude(&mut out)?)
}

/// For how long something has run.
pub(crate) struct Watch(Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn passed(&self) -> Duration {
        self.0.elapsed()
    }
}
