//! The HTTP interface against its own description: a program that knows nothing but the OpenAPI document sends what it
//! allows and what it forbids, as several roles, and looks whether the answers are what the document says.

use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use tests::{PATIENCE, Platform, until};
use tokio::process::Command;

/// Requests for each route and phase; the seed makes a failure come again.
const EXAMPLES: &str = "8";
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
    answers_fit("admin").await
}

#[tokio::test]
async fn every_answer_to_a_supervisor_is_as_the_description_says() -> Result<()> {
    answers_fit("supervisor").await
}

#[tokio::test]
async fn every_answer_to_a_relative_is_as_the_description_says() -> Result<()> {
    answers_fit("relative").await
}

async fn answers_fit(role: &str) -> Result<()> {
    let program = program()?;
    let platform = Platform::start().await?;
    platform.handset("demo-0001").await?.press("p", "b", 1).await?;
    let operator = platform.log_in("operator").await?;
    until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let folder = tempfile::tempdir()?;
    let cookie = platform.log_in(role).await?.cookie;
    let run = Command::new(&program)
        .args(["run", &format!("{}/api/openapi.json", platform.at.http)])
        .args(["--header", &format!("Cookie: {cookie}"), "--checks", CHECKS])
        .args(["--max-examples", EXAMPLES, "--seed", SEED, "--phases", "coverage,fuzzing"])
        .args(["--exclude-path-regex", LEFT_OUT, "--no-color"])
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
