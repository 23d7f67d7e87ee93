//! What handsets are told: each press and each cancel its own receipt, and how it goes to every handset that asked.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use tests::{Handset, PATIENCE, Platform, press, until};

#[tokio::test]
async fn a_cancel_has_a_receipt_of_its_own() -> Result<()> {
    let platform = Platform::start().await?;
    let handset = platform.handset("demo-0001").await?;
    handset.press("p-1", "b", 1).await?;
    let mut cancel = press("p-1", "b", 2);
    cancel["cancel"] = json!(true);
    handset.publish("press", cancel.to_string()).await?;
    let told = handset.receipt("p-1", 2).await?;
    ensure!(told.payload["cancel"] == true, "{told:?}");
    let first = handset.receipt("p-1", 1).await?;
    ensure!(first.payload["cancel"].is_null(), "as it always was: {first:?}");
    Ok(())
}

/// She pressed on the old one, was given a new one and pressed on that: both lie on her table.
#[tokio::test]
async fn every_handset_that_pressed_hears_how_it_goes() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    let old = platform.handset("demo-0001").await?;
    old.press("p-1", "b", 1).await?;
    ensure!(admin.put("/api/handsets/demo-0002", &json!({ "resident": "r-0001" })).await?.status == 200);
    let new = platform.handset("demo-0002").await?;
    new.press("p-2", "b", 1).await?;
    let incident = until("both presses in one incident", PATIENCE, async || {
        let open = operator.incidents("open").await?;
        Ok(open.into_iter().find(|one| one["signals"].as_array().is_some_and(|signals| signals.len() == 2)))
    })
    .await?;
    operator.claim(&incident).await?.ok()?;
    for handset in [&old, &new] {
        let heard = handset.stage("claimed").await.with_context(|| handset.id.clone())?;
        ensure!(heard.payload["incident_id"] == incident["id"], "{heard:?}");
    }
    let claimed = operator.incident(&incident["id"]).await?;
    operator.close(&claimed).await?.ok()?;
    for handset in [&old, &new] {
        handset.stage("closed").await.with_context(|| handset.id.clone())?;
    }
    Ok(())
}

/// Whoever comes back hears the newest word alone.
#[tokio::test]
async fn a_handset_that_was_away_hears_the_newest_word() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let handset = platform.handset("demo-0001").await?;
    handset.press("p-1", "b", 1).await?;
    handset.stage("received").await?;
    drop(handset);
    let incident =
        until("the incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let released = operator.act("release", &claimed, json!({ "reason": "交班" })).await?.ok()?;
    operator.claim(&released).await?.ok()?;
    let back: Handset = platform.handset("demo-0001").await?;
    back.stage("claimed").await?;
    let words = back.down.count(|down| down.kind == "progress");
    ensure!(words == 1, "{words} words instead of the newest");
    Ok(())
}
