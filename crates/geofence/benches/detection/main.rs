//! How well falls are found, on people the detector has never seen; with `--train`, learns its tables anew.
//!
//! Reads the recordings in `JJL_FALL_DATA` and leaves them there. Without them it says so and is content. With
//! `--only SET` it looks at one set. Ends with exit code 1 where a goal was missed, but not when it learns: what that reaches is told by
//! the next run.

mod bags;
mod boost;
mod chance;
mod cross;
mod data;
mod figures;
#[path = "../../tests/common/goals.rs"]
#[expect(dead_code, reason = "no figure here is to stay below anything")]
mod goals;
mod plot;
mod report;
mod rust;
mod tables;
mod vary;

use bags::Bag;
use boost::{Learned, Limits};
use cross::Goal;
use data::{Recording, Set};
use geofence::falls::{Window, Worn, assess, training::probability};
use goals::Goals;
use plot::Curve;
use std::{io::Write, path::Path, process::ExitCode};

pub(crate) type Failure = Box<dyn std::error::Error>;

/// What a profile must reach, and how much it may learn for it. The wrist says least of the body and asks most questions.
fn plan(worn: Worn) -> (Goal, Limits) {
    let limits = Limits { trees: 120, depth: 2, rate: 0.15, ridge: 3.0, measures_pct: 25, examples_pct: 60 };
    match worn {
        Worn::Waist => (Goal { sensitivity: 0.98, specificity: 0.985 }, limits),
        Worn::Pocket => (Goal { sensitivity: 0.93, specificity: 0.95 }, limits),
        Worn::Wrist => {
            (Goal { sensitivity: 0.91, specificity: 0.91 }, Limits { trees: 300, ridge: 1.0, ..limits })
        }
    }
}

fn main() -> Result<ExitCode, Failure> {
    let (mut out, mut goals) = (std::io::stdout(), Goals::default());
    let Some(folder) = data::folder() else {
        writeln!(out, "SKIPPED: no recordings; JJL_FALL_DATA names the folder that has them")?;
        return Ok(ExitCode::SUCCESS);
    };
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_training = words.iter().any(|word| word == "--train");
    let only = words.iter().skip_while(|word| *word != "--only").nth(1);
    report::warn(&mut out)?;
    let mut curves = Vec::new();
    for set in data::read(&folder)? {
        if only.is_none_or(|only| set.name == only) {
            curves.push(measure(&set, is_training, &mut goals, &mut out)?);
        }
    }
    if only.is_none() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/falls-roc.svg");
        std::fs::write(&path, plot::roc(&curves)?)?;
    }
    report::warn(&mut out)?;
    let code = goals.conclude(&mut out)?;
    Ok(if is_training { ExitCode::SUCCESS } else { code })
}

fn measure(set: &Set, is_training: bool, goals: &mut Goals, out: &mut impl Write) -> Result<Curve, Failure> {
    let (goal, limits) = plan(set.worn);
    let bags = bags::of_set(set);
    let judged = cross::judge(&bags, limits, goal);
    report::table(out, set, &judged, goal)?;
    report::hold(goals, set, &judged, goal);
    let learned = cross::learn_all(&bags, limits, goal);
    if is_training {
        tables::write(set.worn, &learned)?;
        writeln!(out, "table of the {} written", set.worn.as_str())?;
    } else {
        let is_current = tables::is_current(set.worn, &learned)?;
        writeln!(
            out,
            "table in the repository: {}",
            if is_current { "as learned here" } else { "ANOTHER ONE" }
        )?;
        shipped(set, &bags, &learned, out)?;
    }
    let (found, quiet) = figures::shares(&judged, 0, |_| true);
    let label = format!("{} ({})", set.name, set.worn.as_str());
    Ok(Curve { label, points: figures::roc(&judged, 0), stands_at: (1.0 - quiet.value(), found.value()) })
}

/// The detector as it ships, on whole recordings: how fast, and whether it says what was learned.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn shipped(set: &Set, bags: &[Bag], learned: &Learned, out: &mut impl Write) -> Result<(), Failure> {
    let begun = std::time::Instant::now();
    let judge = |recording: &Recording| {
        assess(&Window { hz: data::HZ, unit: "g", xyz: &recording.rows }, set.worn).probability()
    };
    let judged: Vec<Option<f64>> = set.recordings.iter().map(judge).collect();
    let per_s = f64::from(u32::try_from(judged.len())?) / begun.elapsed().as_secs_f64();
    let otherwise = judged.iter().zip(bags).filter(|(judged, bag)| {
        let expected = probability(bag.score(learned, bags::WHOLE));
        judged.is_none_or(|judged| (judged - expected).abs() > 1e-9)
    });
    let otherwise = otherwise.count();
    writeln!(
        out,
        "as it ships: {per_s:.0} recordings a second on one core, {otherwise} judged otherwise than learned"
    )?;
    Ok(())
}
