//! The HTTP interface against its own description: a program that knows nothing but the OpenAPI document sends what it
//! allows and what it forbids, as several roles, and looks whether the answers are what the document says.

use crate::routes::join;
use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use std::path::{Path, PathBuf};
use tests::{Account, PATIENCE, Platform, until};
use tokio::process::Command;

/// Requests for each route and phase; the seed makes a failure come again.
const EXAMPLES: &str = "8";
/// The same for those to whom most routes say the same no.
const FEWER_EXAMPLES: &str = "3";
const SEED: &str = "20261128";
/// What every answer is held against.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// Routes that end or lock the session everything is sent with, or shut the account out: each with an account of its own.
const ALONE: [(&str, &str); 5] = [
    ("operator", "^/api/session$"),
    ("operator", "^/api/session/"),
    ("operator", "^/api/me/password"),
    ("admin", "^/api/users/"),
    ("supervisor", "^/api/sessions/"),
];
/// The same for all others together.
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

#[tokio::test]
async fn every_answer_to_an_auditor_is_as_the_description_says() -> Result<()> {
    answers_fit("auditor", FEWER_EXAMPLES).await
}

#[tokio::test]
async fn every_answer_to_another_program_is_as_the_description_says() -> Result<()> {
    let platform = with_an_incident().await?;
    let account = invited(&platform, "service", "exchange").await?;
    fits_to(&platform, &account, &["--max-examples", FEWER_EXAMPLES, "--exclude-path-regex", LEFT_OUT]).await
}

/// What guards accounts is tried as whoever has one, and who is logged out or locked by it is asked for nothing else.
#[tokio::test]
async fn every_answer_of_what_guards_accounts_is_as_the_description_says() -> Result<()> {
    let platform = Platform::start().await?;
    let mut accounts = Vec::new();
    for (nth, (role, _)) in ALONE.iter().enumerate() {
        accounts.push(invited(&platform, role, &format!("alone-{nth}")).await?);
    }
    for (account, (_, alone)) in accounts.iter().zip(ALONE) {
        fits_to(&platform, account, &["--max-examples", FEWER_EXAMPLES, "--include-path-regex", alone])
            .await?;
    }
    Ok(())
}

/// Whoever is not in reaches the log-in, links and the door of new handsets first; there is no session that could be ended, so
/// that nothing is left out.
#[tokio::test]
async fn every_answer_to_a_stranger_is_as_the_description_says() -> Result<()> {
    let platform = Platform::start().await?;
    fits(&platform, "a stranger", &["--max-examples", FEWER_EXAMPLES]).await
}

async fn answers_fit(role: &str, examples: &str) -> Result<()> {
    let platform = with_an_incident().await?;
    let account = platform.log_in(role).await?;
    fits_to(&platform, &account, &["--max-examples", examples, "--exclude-path-regex", LEFT_OUT]).await
}

/// An account that is there for this alone.
async fn invited(platform: &Platform, role: &str, username: &str) -> Result<Account> {
    let staff = json!({ "role": role, "display_name": "x" });
    join(platform, &platform.log_in("admin").await?, &staff, username).await
}

async fn with_an_incident() -> Result<Platform> {
    let platform = Platform::start().await?;
    platform.handset("demo-0001").await?.press("p", "b", 1).await?;
    let operator = platform.log_in("operator").await?;
    until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    Ok(platform)
}

/// The same with the session of this account.
async fn fits_to(platform: &Platform, account: &Account, how: &[&str]) -> Result<()> {
    let cookie = format!("Cookie: {}", account.cookie);
    fits(platform, &account.username, &[&["--header", cookie.as_str()], how].concat()).await
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
