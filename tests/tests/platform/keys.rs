//! The keys that seal telephones and numbers: changed while nothing is lost.

use anyhow::{Context as _, Result, ensure};
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
