//! Two processes of one store on one Redis. Each has a copy of the records here, so they share nothing but the bus.

use crate::database_locked::Lock;
use anyhow::{Result, ensure};
use std::{path::Path, time::Duration};
use tests::{PATIENCE, Platform, Redis, Setup, handset::press, live, until};

/// From a screen of the press's own process to one of the other: that is told, and looks within a quarter of a second
/// (`Timing::soon`). What nobody told it the heartbeat would bring, once a second.
const NO_LATER_THAN: Duration = Duration::from_secs(1);

fn on(redis: &Redis, data: &Path) -> Setup {
    Setup {
        data: Some(data.to_owned()),
        env: vec![("JJL_BUS__URL".to_owned(), redis.url())],
        ..Setup::default()
    }
}

/// Two platforms that began as one.
async fn two(redis: &Redis, folder: &Path) -> Result<(Platform, Platform)> {
    let (one_data, other_data) = (folder.join("one"), folder.join("other"));
    let mut one = Platform::start_with(on(redis, &one_data)).await?;
    let status = one.stop().await?;
    ensure!(status.success(), "{status}");
    std::fs::create_dir(&other_data)?;
    for entry in std::fs::read_dir(&one_data)? {
        let entry = entry?;
        // The other one keeps room of its own.
        if entry.file_name() != "ballast" {
            std::fs::copy(entry.path(), other_data.join(entry.file_name()))?;
        }
    }
    one.restart().await?;
    Ok((one, Platform::start_with(on(redis, &other_data)).await?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unsaved_press_is_seen_at_the_other_process_and_outlives_its_own() -> Result<()> {
    let redis = Redis::start().await?;
    let folder = tempfile::tempdir()?;
    let (mut one, other) = two(&redis, folder.path()).await?;
    let (operator, screen) = other.operator().await?;
    let (_, own_screen) = one.operator().await?;
    let handset = one.handset("demo-0060").await?;
    until("the other process knows who is online", PATIENCE * 2, async || {
        Ok((other.figure("jujiale_handsets_online").await? >= 1.0).then_some(()))
    })
    .await?;

    let lock = Lock::take(&one.database()?)?;
    let payload = press("unsaved", "b", 1).to_string();
    ensure!(handset.send("press", payload.clone()), "not sent");
    let is_shown = |shown: &serde_json::Value| live::unsaved(shown) && live::shows(shown, "unsaved");
    let (_, here_at) = own_screen.next_incident("the press unsaved", PATIENCE * 2, is_shown).await?;
    let (shown, there_at) = screen.next_incident("it at the other process", PATIENCE * 2, is_shown).await?;
    let later = there_at.saturating_duration_since(here_at);
    ensure!(later < NO_LATER_THAN, "{later:?} later at the other process");
    ensure!(shown["resident"]["name"].is_string() && shown["handset"] == "demo-0060", "{shown}");

    // It dies with the press in its hands. The handset tries the other door.
    one.kill()?;
    lock.release()?;
    drop(handset);
    let repeating = other.handset("demo-0060").await?;
    ensure!(operator.incidents("open").await?.is_empty(), "nothing is on disk yet");
    repeating.publish("press", payload).await?;
    repeating.receipt("unsaved", 1).await?;
    screen.press("unsaved").await?;
    let is_gone = |frame: &serde_json::Value| frame["id"] == shown["id"] && frame["state"] == "closed";
    screen.next_incident("the unsaved one withdrawn", PATIENCE, is_gone).await?;
    ensure!(operator.incidents("open").await?.len() == 1);
    ensure!(redis.key("*:unsaved:*")?.is_none(), "the board of the dead is not empty");
    until("the dead has no handsets", PATIENCE * 2, async || {
        Ok((redis.ask(&["KEYS", "*:online:*"])?.len() == 1).then_some(()))
    })
    .await
}
