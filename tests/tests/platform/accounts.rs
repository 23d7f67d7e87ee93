//! Accounts are added on the machine, while the platform runs, and log in at once.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};
use tests::{Account, Platform, account::try_log_in, platform::binary};

const PASSWORD: &str = "四月的风 and a river";

fn add(data: &Path, words: &[&str], password: &str) -> Result<Output> {
    let mut command = Command::new(binary()?);
    command.args(["account", "add"]).args(words).env("JJL_DATA__DIR", data);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().context("a pipe")?;
    // What is refused for its name is refused before its password is read.
    stdin.write_all(format!("{password}\n").as_bytes()).unwrap_or_default();
    drop(stdin);
    Ok(child.wait_with_output()?)
}

#[tokio::test]
async fn an_account_that_was_added_logs_in_at_once_and_is_on_record() -> Result<()> {
    let platform = Platform::start().await?;
    let words = ["limin", "--role", "supervisor", "--name", "李敏", "--demo"];
    let added = add(&platform.data(), &words, PASSWORD)?;
    ensure!(added.status.success(), "{added:?}");
    ensure!(String::from_utf8_lossy(&added.stdout).contains("limin may log in now, as supervisor"));
    let me = try_log_in(&platform.at.http, "limin", PASSWORD).await?;
    ensure!(
        me.status == 200 && me.body["display_name"] == "李敏" && me.body["role"] == "supervisor",
        "{me:?}"
    );
    ensure!(try_log_in(&platform.at.http, "limin", "四月的风").await?.status == 401);
    let limin = Account::let_in(&platform.at.http, "limin", me)?;
    for path in ["/api/incidents", "/api/residents", "/api/audit", "/api/sessions"] {
        let refused = limin.get(path).await?;
        ensure!(
            refused.is_problem(403) && refused.body["code"] == "password_change_required",
            "{path}: {refused:?}"
        );
    }
    let own = json!({ "old": PASSWORD, "new": "words that nobody else chose" });
    ensure!(limin.post("/api/me/password", &own).await?.status == 204);
    ensure!(limin.get("/api/incidents").await?.status == 200);
    let rows = platform.log_in("auditor").await?.list("/api/audit?subject=limin&action=add_account").await?;
    ensure!(rows.len() == 1 && rows[0]["detail"] == "supervisor", "{rows:?}");
    Ok(())
}

/// On a new machine nothing is there yet, not even the folder.
#[test]
fn the_first_account_comes_before_the_first_start() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("new").join("data");
    let words = ["keeper", "--role", "admin", "--name", "管理员"];
    let added = add(&data, &words, PASSWORD)?;
    ensure!(added.status.success(), "{added:?}");
    let again = add(&data, &words, PASSWORD)?;
    ensure!(
        String::from_utf8_lossy(&again.stderr).contains("there is an account keeper already"),
        "{again:?}"
    );
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_an_account_is_refused_in_words() -> Result<()> {
    let platform = Platform::start().await?;
    let whole = ["new", "--role", "operator", "--name", "新", "--demo"];
    let with = |place: usize, word: &'static str| {
        let mut words = whole;
        words[place] = word;
        words
    };
    let cases = [
        (with(0, "operator"), PASSWORD, "already"),
        (with(0, "a b"), PASSWORD, "a user name is"),
        (with(2, "boss"), PASSWORD, "these are: operator, supervisor"),
        (with(4, " "), PASSWORD, "--name"),
        (whole, "elevenchars", "at least 12 characters"),
        (whole, "", "at least 12 characters"),
    ];
    for (words, password, told) in cases {
        let refused = add(&platform.data(), &words, password)?;
        let said = String::from_utf8_lossy(&refused.stderr);
        ensure!(!refused.status.success() && said.contains(told), "{words:?}: {said}");
    }
    // Records of a demo are no records of a real platform.
    let refused = add(&platform.data(), &whole[..5], PASSWORD)?;
    let said = String::from_utf8_lossy(&refused.stderr);
    ensure!(!refused.status.success() && said.contains("made for demo use"), "{said}");
    Ok(())
}

/// Whoever shows the demo to others gives each account a password of its own first.
#[tokio::test]
async fn a_demo_that_everybody_reaches_does_nothing_with_its_public_password() -> Result<()> {
    let mut platform = Platform::start().await?;
    ensure!(platform.log_in("operator").await?.get("/api/incidents").await?.status == 200, "on loopback");
    platform.stop().await?;
    platform.setup().words = vec!["--open-to-everybody".to_owned()];
    platform.restart().await?;
    for username in ["operator", "operator2", "supervisor", "station", "relative", "admin", "auditor"] {
        let refused = platform.log_in(username).await?.get("/api/incidents").await?;
        ensure!(
            refused.is_problem(403) && refused.body["code"] == "password_change_required",
            "{username}: {refused:?}"
        );
    }
    let change = json!({ "old": tests::account::PASSWORD, "new": PASSWORD });
    ensure!(platform.log_in("admin").await?.post("/api/me/password", &change).await?.status == 204);
    platform.stop().await?;
    platform.restart().await?;
    let admin = try_log_in(&platform.at.http, "admin", PASSWORD).await?;
    ensure!(admin.status == 200 && admin.body["must_change_password"] == false, "{admin:?}");
    Ok(())
}

/// Whoever meant the records of a platform that runs, and named another folder, is told.
#[tokio::test]
async fn an_account_in_new_records_says_where_they_were_made() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let told = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    for (name, is_first) in [("limin", true), ("wangfang", false)] {
        let added = add(&data, &[name, "--role", "admin", "--name", "李敏"], PASSWORD)?;
        ensure!(added.status.success(), "{added:?}");
        let said = told(&added);
        ensure!(said.contains("may log in now") && said.contains(&data.display().to_string()), "{said}");
        ensure!(said.contains("There were no records") == is_first, "{said}");
    }
    Ok(())
}
