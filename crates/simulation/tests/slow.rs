//! What the program says of its own speed, and of what it did.

use std::process::Command;

/// How it ended, and what it printed.
fn one_world(at_least: &str) -> Result<(Option<i32>, String), std::io::Error> {
    let done = Command::new(env!("CARGO_BIN_EXE_simulation"))
        .args(["--seeds", "1", "--at-least", at_least])
        .output()?;
    Ok((done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned()))
}

#[test]
fn the_table_says_how_often_each_fault_was_made() -> Result<(), std::io::Error> {
    let (_, said) = one_world("0.0001")?;
    for name in simulation::fault_names() {
        let line = said.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        let count = line.split_whitespace().last().and_then(|count| count.parse::<u64>().ok());
        assert!(count.is_some(), "{name} in {said}");
    }
    Ok(())
}

#[test]
fn it_ends_with_a_code_of_its_own_if_it_was_slower_than_asked_for() -> Result<(), std::io::Error> {
    let (code, said) = one_world("0.0001")?;
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("goal missed"), "{said}");
    let (code, said) = one_world("1000000000")?;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("no promise was broken") && said.contains("goal missed: seeds a second"), "{said}");
    Ok(())
}
