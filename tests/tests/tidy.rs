//! The repository's own rules.

use anyhow::{Context as _, Result, ensure};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

const LINES_AT_MOST: usize = 450;
/// Written by programs, or read by nobody.
const GENERATED: &[&str] = &[
    "Cargo.lock",
    "package-lock.json",
    "openapi.json",
    "schema.ts",
    "schema.d.ts",
    ".snap",
    ".svg",
    ".png",
    "LICENSE",
];
/// Texts that have a length of their own.
const PROSE: &[&str] = &[".md"];
const RUST: &[&str] = &[".rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file that belongs to the project, with its text.
fn files() -> Result<Vec<(String, String)>> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .context("this test needs `git`: apt-get install git")?;
    ensure!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout)?;
    let read = |name: &str| Some((name.to_owned(), std::fs::read_to_string(root().join(name)).ok()?));
    Ok(names.lines().filter_map(read).collect())
}

fn ends_like(name: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| name.ends_with(end))
}

fn none(wrong: &[String]) -> Result<()> {
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn no_file_is_long() -> Result<()> {
    let wrong: Vec<String> = files()?
        .iter()
        .filter(|(name, _)| !ends_like(name, GENERATED) && !ends_like(name, PROSE))
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_AT_MOST)
        .map(|(name, lines)| format!("{name} has {lines} lines; cut it where its two subjects meet"))
        .collect();
    none(&wrong)
}

#[test]
fn nothing_is_left_undone_or_points_outside() -> Result<()> {
    // Put together here, so that this file does not find itself.
    let words = [["to", "do!("], ["unimpl", "emented!("], ["../", "shared"], ["FIX", "ME"], ["XX", "X:"]];
    let words = words.map(|parts| parts.concat());
    let mut wrong = Vec::new();
    for (name, text) in files()?.iter().filter(|(name, _)| !ends_like(name, GENERATED)) {
        for (number, line) in text.lines().enumerate() {
            let found = words.iter().filter(|word| line.contains(word.as_str()));
            wrong.extend(found.map(|word| format!("{name}:{}: {word}", number + 1)));
        }
    }
    none(&wrong)
}

#[test]
fn every_crate_says_what_it_is_for() -> Result<()> {
    let is_root = |name: &str| name.ends_with("src/lib.rs") || name.ends_with("src/main.rs");
    let wrong: Vec<String> = files()?
        .iter()
        .filter(|(name, _)| is_root(name))
        .filter(|(_, text)| {
            !text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 20)
        })
        .map(|(name, _)| format!("{name} begins with no sentence about the crate"))
        .collect();
    none(&wrong)
}

#[test]
fn every_crate_uses_the_lint_table() -> Result<()> {
    let wrong: Vec<String> = files()?
        .iter()
        .filter(|(name, text)| name.ends_with("/Cargo.toml") && text.contains("[package]"))
        .filter(|(_, text)| !text.contains("[lints]\nworkspace = true"))
        .map(|(name, _)| format!("{name} has no `[lints] workspace = true`"))
        .collect();
    none(&wrong)
}

#[test]
fn every_dependency_says_why() -> Result<()> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml"))?;
    let (_, table) = manifest.split_once("[workspace.dependencies]").context("no such table")?;
    let (table, _) = table.split_once("\n[").unwrap_or((table, ""));
    let wrong: Vec<String> = table
        .lines()
        .filter(|line| line.contains(" = ") && !line.trim_start().starts_with('#'))
        .filter(|line| !line.contains("path = ") && !line.contains(" # "))
        .map(|line| format!("no reason stands beside: {line}"))
        .collect();
    none(&wrong)
}

#[test]
fn lints_are_expected_with_a_reason_never_allowed() -> Result<()> {
    let allow = ["#[al", "low("].concat();
    let mut wrong = Vec::new();
    for (name, text) in files()?.iter().filter(|(name, _)| ends_like(name, RUST)) {
        let found = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with(&allow));
        wrong.extend(found.map(|(number, _)| format!("{name}:{}", number + 1)));
    }
    none(&wrong)
}

/// What systemd does not understand it passes over, and the service runs without it. Where there is no systemd nobody can be asked.
#[test]
fn the_unit_is_understood() -> Result<()> {
    let unit = std::fs::read_to_string(root().join("packaging/jujiale.service"))?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("jujiale.service");
    // Some program has to be where it says.
    std::fs::write(&path, unit.replace("/usr/local/bin/jujiale ", "/bin/true "))?;
    let Ok(verified) = Command::new("systemd-analyze").arg("verify").arg(&path).output() else {
        eprintln!("NOT RUN: this needs systemd-analyze");
        return Ok(());
    };
    let said = String::from_utf8_lossy(&verified.stderr);
    ensure!(verified.status.success() && !said.contains("jujiale.service"), "{said}");
    Ok(())
}

/// What the unit takes away from the program stays taken away: whoever takes the program over has no more than it.
#[test]
fn the_unit_takes_away_what_the_program_does_not_need() -> Result<()> {
    let unit = std::fs::read_to_string(root().join("packaging/jujiale.service"))?;
    let wrong: Vec<String> = [
        "User=jujiale",
        "UMask=0077",
        "StateDirectoryMode=0700",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "AmbientCapabilities=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateDevices=yes",
        "PrivateTmp=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "RestrictNamespaces=yes",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=~@privileged",
    ]
    .into_iter()
    .filter(|setting| !unit.lines().any(|line| line == *setting))
    .map(|setting| format!("packaging/jujiale.service does not say {setting}"))
    .collect();
    none(&wrong)
}

/// Keys of machines and of people have shapes of their own, and no file of the project has one.
#[test]
fn no_secret_stands_in_the_sources() -> Result<()> {
    // Put together here, so that this file does not find itself.
    let shapes = [["PRIVATE ", "KEY-----"], ["AK", "IA"], ["gh", "p_"], ["xo", "xb-"], ["\"seal\"", ":["]];
    let shapes = shapes.map(|parts| parts.concat());
    let mut wrong = Vec::new();
    // A digest in a lock file has any letters.
    let is_lock = |name: &str| ends_like(name, &["Cargo.lock", "package-lock.json"]);
    for (name, text) in files()?.iter().filter(|(name, _)| !is_lock(name)) {
        let found = shapes.iter().filter(|shape| text.contains(shape.as_str()));
        wrong.extend(found.map(|shape| format!("{name} holds what looks like a secret: {shape}")));
    }
    none(&wrong)
}

/// What stands between backticks as `file function`.
fn named_tests(text: &str) -> Vec<(&str, &str)> {
    let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_source = |file: &str| ends_like(file, &[".rs", ".ts", ".tsx", ".mjs"]);
    spans.filter_map(|span| span.split_once(' ')).filter(|(file, _)| is_source(file)).collect()
}

/// A function, a test of a browser by its words, or a target of the fuzzers.
fn has_test(file: &str, text: &str, name: &str) -> bool {
    let is_target = |text: &str| {
        let listed = text.lines().find_map(|line| line.strip_prefix("targets! {"));
        listed.is_some_and(|listed| listed.split_whitespace().any(|target| target == name))
    };
    if ends_like(file, RUST) {
        return text.contains(&format!("fn {name}(")) || is_target(text);
    }
    text.contains(name)
}

#[test]
fn every_test_that_the_docs_name_is_there() -> Result<()> {
    let (mut wrong, mut found) = (Vec::new(), 0);
    for docs in ["docs/threats.md", "docs/privacy.md"] {
        let text = std::fs::read_to_string(root().join(docs))?;
        for (file, name) in named_tests(&text) {
            found += 1;
            let source = std::fs::read_to_string(root().join(file)).unwrap_or_default();
            if !has_test(file, &source, name) {
                wrong.push(format!("{docs} names {name} in {file}, which is not there"));
            }
        }
    }
    ensure!(found > 200, "only {found} tests are named");
    none(&wrong)
}
