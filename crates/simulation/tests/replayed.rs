//! The log of a world that failed is gone through again, and today's code does as it says.

use std::{
    io::Error,
    path::Path,
    process::{Command, Output},
};

fn simulation(words: &[&str]) -> Result<Output, Error> {
    Command::new(env!("CARGO_BIN_EXE_simulation")).args(words).output()
}

/// How many steps are shown, each with its number and its time; what came of it stands below.
fn steps(said: &str) -> usize {
    let is_step = |line: &&str| {
        let mut words = line.split_whitespace();
        let number = words.next().is_some_and(|word| word.parse::<u64>().is_ok());
        number && words.next().is_some_and(|word| word.parse::<f64>().is_ok()) && words.next() == Some("s")
    };
    said.lines().filter(is_step).count()
}

#[test]
fn the_log_of_a_failure_fails_again_in_the_same_step() -> Result<(), Error> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("replayed-{}", std::process::id()));
    let logs = folder.to_str().expect("a path in letters");
    let failed = simulation(&["--seeds", "400", "--break", "receipt-before-commit", "--logs", logs])?;
    let said = String::from_utf8_lossy(&failed.stdout);
    assert_eq!(failed.status.code(), Some(1), "{said}");
    let broken = said.lines().find(|line| line.starts_with("BROKEN in seed ")).expect("what was broken");
    let (_, what) = broken.split_once(", ").expect("a step");
    let log = said.lines().find_map(|line| line.trim().strip_prefix("its log: ")).expect("its log");

    let replayed = simulation(&["replay", log])?;
    let again = String::from_utf8_lossy(&replayed.stdout);
    assert_eq!(replayed.status.code(), Some(1), "{again}");
    assert!(again.contains(&format!("BROKEN in {what}")), "{what} in {again}");
    assert!(!again.contains("today's code does otherwise"), "{again}");
    let lines = std::fs::read_to_string(log)?.lines().count();
    assert_eq!(steps(&again), lines - 1, "each step of the log, behind its first line");

    // A log that today's code does not follow says from where on.
    let changed = folder.join("changed.ndjson");
    let text = std::fs::read_to_string(log)?;
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(2);
    std::fs::write(&changed, lines.join("\n") + "\n")?;
    let otherwise = simulation(&["replay", changed.to_str().expect("a path in letters")])?;
    assert!(String::from_utf8_lossy(&otherwise.stdout).contains("today's code does otherwise"));
    std::fs::remove_dir_all(folder)
}
