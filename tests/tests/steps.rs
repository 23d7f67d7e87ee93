//! The numbered steps of the scripts.

use anyhow::{Result, ensure};
use std::{path::Path, process::Command};

/// How a script of these steps ended, and what it printed to both.
fn run(steps: &str) -> Result<(Option<i32>, String)> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/steps.sh");
    let script = format!("source '{}'\n{steps}", scripts.display());
    let done = Command::new("bash").args(["-c", &script]).output()?;
    let said = [done.stdout, done.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    Ok((done.status.code(), said.concat()))
}

#[test]
fn an_attempt_that_fails_is_told_of_at_the_end_and_the_next_one_comes_all_the_same() -> Result<()> {
    let (code, said) = run(
        "plan zero one two three\nstep true\nattempt false\nattempt echo measured\nattempt bash -c 'exit 3'\nconclude",
    )?;
    assert_eq!(code, Some(1), "{said}");
    for line in ["[3/4] done: two", "measured", "missed: one, three"] {
        assert!(said.contains(line), "{line} in {said}");
    }
    Ok(())
}

/// What measures, and what is tested behind it, is tried whatever became of the others, on the machine that it needs.
#[test]
fn a_missed_goal_keeps_nothing_else_from_being_run() -> Result<()> {
    for script in ["bench.sh", "soak.sh"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts").join(script);
        let text = std::fs::read_to_string(path)?;
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let at = |what: &str| lines.iter().position(|line| line.contains(what));
        for tried in lines.iter().filter(|line| line.contains("cargo bench") || line.contains("cargo test")) {
            assert!(tried.starts_with("attempt "), "{script}: {tried}");
        }
        let (packages, dashboards, first) =
            (at("step scripts/packages.sh"), at("step build_dashboards"), at("attempt "));
        assert!(packages.is_some() && packages < dashboards && dashboards < first, "{script}");
        assert_eq!(lines.last(), Some(&"conclude"), "{script}");
        // Each step has its name in the plan, which may go over several lines.
        let steps = lines.iter().filter(|line| line.starts_with("step ") || line.starts_with("attempt "));
        let (_, plan) = text.split_once("\nplan ").unwrap_or_default();
        let plan = plan.split_once("\nstep ").map_or(plan, |(plan, _)| plan);
        assert_eq!(plan.matches('"').count(), 2 * steps.count(), "{script}: {plan}");
    }
    Ok(())
}

/// A script that runs the tests of the whole platform prepares what they need: on a fresh checkout nothing else has.
#[test]
fn whoever_tests_the_platform_fetches_what_the_tests_need() -> Result<()> {
    for (script, tests) in [("test.sh", "step rust_tests"), ("soak.sh", "--test platform")] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts").join(script);
        let text = std::fs::read_to_string(path)?;
        let at = |what: &str| text.lines().position(|line| !line.starts_with('#') && line.contains(what));
        let tested = at(tests);
        let all = ["packages.sh", "python-tools.sh", "build_dashboards", "cargo build --workspace --bins"];
        for needed in all {
            let prepared = at(&format!("step {needed}")).or_else(|| at(&format!("step scripts/{needed}")));
            assert!(prepared.is_some() && prepared < tested, "{script}: {needed}");
        }
    }
    Ok(())
}

#[test]
fn attempts_that_all_do_are_no_failure_and_a_step_that_fails_is_the_end() -> Result<()> {
    let (code, said) = run("plan one two\nattempt true\nattempt true\nconclude")?;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("every goal met"), "{said}");
    let (code, said) = run("plan one two\nstep false\nattempt true\nconclude")?;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("[1/2] FAILED: one") && !said.contains("[2/2]"), "{said}");
    Ok(())
}

/// Whoever has no nextest has `cargo test`.
#[test]
fn no_script_needs_nextest() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = vec![root.join("Makefile")];
    for file in std::fs::read_dir(root.join("scripts"))? {
        files.push(file?.path());
    }
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let (runs, asks) = (text.contains("cargo nextest run"), text.contains("cargo nextest --version"));
        ensure!(!runs || asks, "{} runs nextest without asking whether it is there", file.display());
    }
    Ok(())
}

/// What needs a feature is passed over in silence unless it is asked for.
#[test]
fn tests_that_need_a_feature_are_run() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let script = std::fs::read_to_string(root.join("scripts/test.sh"))?;
    let words = "cargo test --workspace --features geofence/beside --test reference";
    ensure!(script.contains(words), "no step runs `{words}`");
    ensure!(script.contains("--all-targets --features geofence/beside "), "no lint looks at what it builds");
    Ok(())
}
