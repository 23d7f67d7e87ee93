//! The HTTP interface against its own description: a program that knows nothing but the OpenAPI document sends what it
//! allows and what it forbids, as several roles, and looks whether the answers are what the document says.

use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use tests::{PATIENCE, Platform, until};
use tokio::process::Command;

/// Requests for each route and phase; the seed makes a failure come again.
const EXAMPLES: &str = "8";
/// The same for those to whom most routes say the same no.
const FEWER_EXAMPLES: &str = "3";
const SEED: &str = "20261128";
/// What every answer is held against.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// Routes that end or lock the session everything is sent with, or shut the account out.
const LEFT_OUT: &str = "^/api/(session|me/password|users/|sessions/)";

fn program() -> Result<PathBuf> {
    let target = std::env::current_exe()?;
    let target = target.ancestors().find(|folder| folder.join("tools/python").is_dir());
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let found = target.unwrap_or(&beside).join("tools/python/bin/schemathesis");
    ensure!(found.exists(), "this test needs {}: scripts/python-tools.sh installs it", found.display());
    Ok(found)
}

#[tokio::test]
async fn every_answer_to_an_administrator_is_as_the_description_says() -> Result<()> {
    answers_fit("admin", EXAMPLES).await
}

#[tokio::test]
async fn every_answer_to_a_supervisor_is_as_the_description_says() -> Result<()> {
    answers_fit("supervisor", EXAMPLES).await
}

#[tokio::test]
async fn every_answer_to_a_relative_is_as_the_description_says() -> Result<()> {
    answers_fit("relative", EXAMPLES).await
}

#[tokio::test]
async fn every_answer_to_an_operator_is_as_the_description_says() -> Result<()> {
    answers_fit("operator", FEWER_EXAMPLES).await
}

#[tokio::test]
async fn every_answer_to_a_station_is_as_the_description_says() -> Result<()> {
    answers_fit("station", FEWER_EXAMPLES).await
}

/// Whoever is not in reaches the log-in, links and the door of new handsets first; there is no session that could be ended, so
/// that nothing is left out.
#[tokio::test]
async fn every_answer_to_a_stranger_is_as_the_description_says() -> Result<()> {
    let platform = Platform::start().await?;
    fits(&platform, "a stranger", &["--max-examples", FEWER_EXAMPLES]).await
}

async fn answers_fit(role: &str, examples: &str) -> Result<()> {
    let platform = Platform::start().await?;
    platform.handset("demo-0001").await?.press("p", "b", 1).await?;
    let operator = platform.log_in("operator").await?;
    until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let cookie = format!("Cookie: {}", platform.log_in(role).await?.cookie);
    let how = ["--header", &cookie, "--max-examples", examples, "--exclude-path-regex", LEFT_OUT];
    fits(&platform, role, &how).await
}

/// Sends what the description allows and forbids, and holds every answer against it.
async fn fits(platform: &Platform, role: &str, how: &[&str]) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let run = Command::new(program()?)
        .args(["run", &format!("{}/api/openapi.json", platform.at.http)])
        .args(["--checks", CHECKS, "--seed", SEED, "--phases", "coverage,fuzzing", "--no-color"])
        .args(how)
        .current_dir(folder.path())
        .kill_on_drop(true)
        .output()
        .await?;
    let said = String::from_utf8_lossy(&run.stdout);
    ensure!(run.status.success(), "as {role}: {said}");
    said.contains("generated").then_some(()).context("it sent nothing")?;
    ensure!(platform.health().await?["status"] != "down");
    Ok(())
}
