//! Attempts to go on hearing of somebody after the grant was withdrawn: at a screen that is open, and by taking one up again.

use crate::relatives::{RESIDENT, consent, join, press};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Live, PATIENCE, Platform, live::Frame};

/// Time enough for a frame that somebody should not be told, once the others have theirs.
const A_WHILE: Duration = Duration::from_millis(500);
/// Somebody else whom she may see.
const OTHER: &str = "r-0022";
const REFUSED: &str = "jujiale_requests_refused_total{status=\"403\"}";

/// A grant for the other one too, so that her screen goes on; the consent's id.
async fn sees_another(supervisor: &Account, relative: &Account) -> Result<String> {
    let given = supervisor.post(&format!("/api/residents/{OTHER}/consents"), &consent()).await?.ok()?;
    let who = json!({ "consent": given["id"], "display_name": "王小红", "relation": "女儿" });
    let link = supervisor.post("/api/invitations", &who).await?.ok()?;
    let taken = relative.post("/api/me/grants", &json!({ "code": link["code"] })).await?;
    ensure!(taken.status == 204, "{taken:?}");
    given["id"].as_str().map(str::to_owned).context("an id")
}

async fn withdraw(supervisor: &Account, consent: &str) -> Result<()> {
    supervisor.post(&format!("/api/consents/{consent}/withdraw"), &json!({})).await?.ok().map(drop)
}

fn is_empty(screen: &Value) -> bool {
    screen["type"] == "snapshot" && screen["incidents"] == json!([]) && screen["positions"] == json!([])
}

/// Whether it tells of anybody: whatever it is, but for the platform's health and a screen with nobody on it.
fn tells(frame: &Frame) -> bool {
    frame.value["type"] != "health" && !is_empty(&frame.value)
}

#[tokio::test]
async fn a_stale_grant_hears_nothing_on_an_open_screen_nor_on_one_that_is_taken_up_again() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (daughter, stale) = join(&platform, &supervisor, "daughter").await?;
    let (son, _) = join(&platform, &supervisor, "son").await?;
    let other = sees_another(&supervisor, &daughter).await?;
    let (hers, his) = (Live::open(&daughter, None).await?, Live::open(&son, None).await?);
    press(&platform, &operator, "before", 1).await?;
    hers.press("before").await?;
    let cursor = hers.cursor()?;

    // It began empty: from here on an empty screen is the one that takes away what she saw.
    hers.forget();
    withdraw(&supervisor, &stale).await?;
    hers.frames.find("an empty screen", PATIENCE, |frame| is_empty(&frame.value)).await?;
    hers.forget();
    press(&platform, &operator, "after", 2).await?;
    his.press("after").await?;
    tokio::time::sleep(A_WHILE).await;
    ensure!(hers.frames.count(tells) == 0, "an open screen: {:?}", hers.frames.all());

    let desk = Live::open(&operator, Some(&cursor)).await?;
    desk.press("after").await.context("what happened since that cursor is told to whoever may hear it")?;
    let again = Live::open(&daughter, Some(&cursor)).await?;
    ensure!(is_empty(&again.snapshot().await?), "nothing of what she missed");
    press(&platform, &operator, "later", 3).await?;
    his.press("later").await?;
    tokio::time::sleep(A_WHILE).await;
    ensure!(again.frames.count(tells) == 0, "one that is taken up again: {:?}", again.frames.all());

    // With no grant left no screen is opened, whatever it brings; each try is counted.
    withdraw(&supervisor, &other).await?;
    let before = platform.figure(REFUSED).await?;
    for resume in [None, Some(&cursor), Some(&json!("made-up-1"))] {
        ensure!(Live::open(&daughter, resume).await.is_err(), "{resume:?}");
    }
    ensure!(platform.figure(REFUSED).await? >= before + 3.0, "each is counted");
    ensure!(daughter.get(&format!("/api/residents/{RESIDENT}")).await?.is_problem(403));
    Ok(())
}
