//! The keys that seal telephones and numbers: changed while nothing is lost.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::time::Duration;
use tests::{PATIENCE, Platform, until};

async fn keys(platform: &Platform, what: &str) -> Result<(bool, String)> {
    let done = platform.command_on_data(&["keys", what, "--demo"]).await?;
    let said = [done.stdout, done.stderr].concat();
    Ok((done.status.success(), String::from_utf8(said)?))
}

#[tokio::test]
async fn a_key_is_changed_and_the_old_one_dropped_when_nothing_needs_it() -> Result<()> {
    let mut platform = Platform::start().await?;
    let (_, said) = keys(&platform, "retire").await?;
    ensure!(said.contains("no keys of before"), "{said}");
    platform.stop().await?;
    let (rotated, said) = keys(&platform, "rotate").await?;
    ensure!(rotated && said.contains("k2 seals from the next start on"), "{said}");
    let (dropped, said) = keys(&platform, "retire").await?;
    ensure!(!dropped && said.contains("sealed with k1 still"), "{said}");
    platform.restart().await?;
    let sealed = until("everything sealed anew", PATIENCE + Duration::from_secs(20), async || {
        let (_, said) = keys(&platform, "status").await?;
        Ok((!said.contains("k1")).then_some(said))
    });
    let sealed = sealed.await?;
    ensure!(sealed.contains("k2") && sealed.contains("seals and opens"), "{sealed}");
    let (dropped, said) = keys(&platform, "retire").await?;
    ensure!(dropped && said.contains("dropped k1"), "{said}");
    let auditor = platform.log_in("auditor").await?;
    for (action, detail) in [("rotate_keys", "k2 after k1"), ("retire_keys", "k1")] {
        let rows = auditor.list(&format!("/api/audit?action={action}")).await?;
        let is_told = |row: &Value| row["username"] == "system" && row["detail"] == detail;
        ensure!(rows.len() == 1 && rows.iter().all(is_told), "once, when it was done: {rows:?}");
    }
    platform.stop().await?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    platform.handset("demo-0033").await?.press("p", "b", 1).await?;
    until("its incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let card = operator.get("/api/residents/r-0033").await?.ok()?;
    let telephone = card["contacts"][0]["telephone"].as_str().context("a telephone")?;
    ensure!(telephone.len() > 7 && !telephone.contains('*'), "{card}");
    Ok(())
}

/// A record that opens with no key is passed over; the others go on, and whoever would drop the old key is told which it is.
#[tokio::test]
async fn a_record_that_cannot_be_opened_is_named_and_keeps_no_other() -> Result<()> {
    let mut platform = Platform::start().await?;
    platform.stop().await?;
    tests::tools::need("sqlite3", "sqlite3")?;
    let damage = "UPDATE residents SET telephone_sealed = x'00' WHERE resident_id = 'r-0001'";
    let done = std::process::Command::new("sqlite3").arg(platform.database()?).arg(damage).status()?;
    ensure!(done.success());
    ensure!(keys(&platform, "rotate").await?.0);
    platform.restart().await?;
    until("all others sealed anew", PATIENCE + Duration::from_secs(20), async || {
        let (_, said) = keys(&platform, "status").await?;
        Ok(said.contains("k1  1 records").then_some(()))
    })
    .await?;
    let (dropped, said) = keys(&platform, "retire").await?;
    ensure!(!dropped && said.contains("residents r-0001"), "{said}");
    let told = until("that the health says so", PATIENCE, async || {
        let problems = platform.health().await?["problems"].to_string();
        Ok(problems.contains("row_unreadable").then_some(problems))
    });
    let told = told.await?;
    ensure!(told.contains("1 of sealed records") && !told.contains("r-0001"), "it is open to all: {told}");
    Ok(())
}

/// What a command prints for whoever keeps the keys, nothing else among it.
async fn printed(platform: &Platform, words: &[&str]) -> Result<String> {
    let done = platform.command_on_data(&[&["keys", "--demo"][..], words].concat()).await?;
    ensure!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(String::from_utf8(done.stdout)?.trim().to_owned())
}

/// From the next start on the keys come from the environment, as this text.
async fn start_with(platform: &mut Platform, text: &str) -> Result<()> {
    platform.stop().await?;
    platform.setup().env = vec![("JJL_KEYS__TEXT".to_owned(), text.to_owned())];
    platform.restart().await
}

async fn key_ids(platform: &Platform) -> Result<Vec<String>> {
    let said = printed(platform, &["status"]).await?;
    Ok(said.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
}

#[tokio::test]
async fn keys_that_stand_in_the_environment_are_changed_there() -> Result<()> {
    let mut platform = Platform::start().await?;
    let file = platform.data().join("keys.json");
    let first = std::fs::read_to_string(&file)?;
    std::fs::remove_file(&file)?;
    start_with(&mut platform, &first).await?;
    for (what, word) in [("rotate", "--print"), ("retire", "--print")] {
        let (done, said) = keys(&platform, what).await?;
        ensure!(!done && said.contains(word), "{what}: {said}");
    }
    let new: Value = serde_json::from_str(&printed(&platform, &["new"]).await?)?;
    ensure!(new["key_id"] == "k1" && !first.contains(&new["seal"].to_string()), "other keys than ours");

    let rotated = printed(&platform, &["rotate", "--print"]).await?;
    ensure!(key_ids(&platform).await? == ["k1"], "nothing is changed by printing");
    start_with(&mut platform, &rotated).await?;
    until("everything sealed anew", PATIENCE + Duration::from_secs(20), async || {
        Ok((key_ids(&platform).await? == ["k2"]).then_some(()))
    })
    .await?;
    let alone = printed(&platform, &["retire", "--print"]).await?;
    ensure!(!alone.contains("\"k1\""), "the old one is gone");
    start_with(&mut platform, &alone).await?;
    ensure!(!file.exists(), "no key file was made beside it");
    let admin = platform.log_in("admin").await?;
    let copy = admin.get("/api/residents/r-0033/export?reason=本人申请&whole=true").await?.ok()?;
    let telephone = copy["resident"]["contacts"][0]["telephone"].as_str().context("a telephone")?;
    ensure!(telephone.len() > 7 && !telephone.contains('*'), "it opens with the new key");
    let auditor = platform.log_in("auditor").await?;
    for (action, detail) in [("rotate_keys", "k2 after k1, printed"), ("retire_keys", "k1, printed")] {
        let rows = auditor.list(&format!("/api/audit?action={action}")).await?;
        ensure!(rows.len() == 1 && rows[0]["detail"] == detail, "they were shown: {rows:?}");
    }
    Ok(())
}

#[tokio::test]
async fn records_without_their_keys_are_not_given_new_ones() -> Result<()> {
    let mut platform = Platform::start().await?;
    platform.stop().await?;
    let (file, kept) = (platform.data().join("keys.json"), platform.data().join("keys.kept"));
    std::fs::rename(&file, &kept)?;
    let refused = platform.command_on_data(&["serve", "--demo"]).await?;
    let said = String::from_utf8([refused.stdout, refused.stderr].concat())?;
    ensure!(!refused.status.success() && said.contains("put the file back"), "{said}");
    ensure!(!file.exists(), "no other keys were made");
    std::fs::rename(&kept, &file)?;
    platform.restart().await?;
    Ok(())
}
