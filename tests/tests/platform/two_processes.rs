//! Two processes of one store on one Redis. Each has a copy of the records here, so they share nothing but the bus.

use crate::database_locked::Lock;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use tests::{
    Account, Live, PATIENCE, Platform, Redis, Setup, figures,
    handset::{fix, press},
    live, until,
};

/// From a screen of the press's own process to one of the other three presses in four take no longer: that is told, and looks within
/// a quarter of a second (`Timing::soon`). What nobody told it the heartbeat would bring, once a second: of presses that are spread
/// over one beat a quarter would then take more than 600 ms.
const NO_LATER_THAN: Duration = Duration::from_millis(450);
/// Presses spread over one beat, a handset each.
const PRESSES: u32 = 12;
const BEAT: Duration = Duration::from_secs(1);

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

/// The other process is told, and does not find it by its heartbeat.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unsaved_press_is_told_to_the_other_process() -> Result<()> {
    let redis = Redis::start().await?;
    let folder = tempfile::tempdir()?;
    let (one, other) = two(&redis, folder.path()).await?;
    let ((_, here), (_, there)) = (one.operator().await?, other.operator().await?);
    let mut handsets = Vec::new();
    for nth in 1..=PRESSES {
        handsets.push(one.handset(&format!("demo-{nth:04}")).await?);
    }
    until("the other process knows who is online", PATIENCE * 2, async || {
        Ok((other.figure("jujiale_handsets_online").await? >= f64::from(PRESSES)).then_some(()))
    })
    .await?;

    let lock = Lock::take(&one.database()?)?;
    let mut spread = tokio::time::interval(BEAT / PRESSES);
    for (nth, handset) in handsets.iter().enumerate() {
        spread.tick().await;
        ensure!(handset.send("press", press(&format!("told-{nth}"), "b", 1).to_string()), "not sent");
    }
    let mut later = Vec::new();
    for nth in 0..handsets.len() {
        let press_id = format!("told-{nth}");
        let is_shown = |shown: &Value| live::unsaved(shown) && live::shows(shown, &press_id);
        let (_, here_at) = here.next_incident(&press_id, PATIENCE * 2, is_shown).await?;
        let (_, there_at) = there.next_incident(&press_id, PATIENCE * 2, is_shown).await?;
        later.push(figures::ms(there_at.saturating_duration_since(here_at)));
    }
    lock.release()?;
    let most_take = figures::percentile(&later, 750);
    ensure!(most_take < figures::ms(NO_LATER_THAN), "{later:.0?} ms later at the other process");
    Ok(())
}

/// Where somebody is goes over the bus alone: the position is in the records of one process, and the screen is at the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fix_at_one_process_moves_the_person_on_a_screen_of_the_other() -> Result<()> {
    let redis = Redis::start().await?;
    let folder = tempfile::tempdir()?;
    let (one, other) = two(&redis, folder.path()).await?;
    let (operator, screen) = other.operator().await?;
    let call = json!({ "kind": "call", "resident": "r-0061", "caller": "女儿", "words": "电话没人接" });
    let incident = operator.post("/api/incidents", &call).await?.ok()?;
    ensure!(incident["handset"] == "demo-0061", "{incident}");

    let handset = one.handset("demo-0061").await?;
    for (seq, lat) in [(1, 33.961), (2, 33.962), (3, 33.963)] {
        let mut fix = fix("b", seq);
        fix["lat"] = json!(lat);
        handset.publish("fix", fix.to_string()).await?;
        let is_there = |frame: &live::Frame| {
            let position = &frame.value["position"];
            frame.value["type"] == "position" && position["handset"] == "demo-0061" && position["lat"] == lat
        };
        screen.frames.find(&format!("them at {lat} at the other process"), PATIENCE * 2, is_there).await?;
    }
    let track =
        |account: Account| async move { account.get("/api/residents/r-0061/track?reason=x").await?.ok() };
    ensure!(track(operator).await?["fixes"] == 0, "the other process has no fix of its own");
    ensure!(track(one.log_in("operator").await?).await?["fixes"] == 3, "the first one has them all");
    Ok(())
}

/// What a process says of the station in the east: whether a screen of it is up, or null where it does not know.
async fn online(operator: &Account) -> Result<Value> {
    let stations = operator.list("/api/stations?").await?;
    let east = stations.iter().find(|station| station["id"] == "s-xingfu").context("the station")?;
    Ok(east["online"].clone())
}

async fn comes_to(operator: &Account, what: &str, expected: &Value) -> Result<()> {
    until(what, PATIENCE * 2, async || Ok((online(operator).await? == *expected).then_some(()))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_station_is_online_wherever_its_screen_is_and_unknown_while_nobody_can_be_asked() -> Result<()> {
    let mut redis = Redis::start().await?;
    let folder = tempfile::tempdir()?;
    let (one, other) = two(&redis, folder.path()).await?;
    let (here, there) = (one.log_in("operator").await?, other.log_in("operator").await?);
    comes_to(&there, "nobody is there", &Value::Bool(false)).await?;
    let screen = Live::open(&one.log_in("station").await?, None).await?;
    ensure!(online(&here).await? == true, "its own process knows at once");
    comes_to(&there, "the other process knows", &Value::Bool(true)).await?;

    redis.kill()?;
    comes_to(&there, "without the bus nobody knows there", &Value::Null).await?;
    ensure!(online(&here).await? == true, "what a process has itself it knows");
    redis.launch().await?;
    comes_to(&there, "it is known again", &Value::Bool(true)).await?;
    screen.vanish();
    comes_to(&there, "nobody is there any more", &Value::Bool(false)).await?;
    comes_to(&here, "nor here", &Value::Bool(false)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unsaved_press_is_seen_at_the_other_process_and_outlives_its_own() -> Result<()> {
    let redis = Redis::start().await?;
    let folder = tempfile::tempdir()?;
    let (mut one, other) = two(&redis, folder.path()).await?;
    let (operator, screen) = other.operator().await?;
    let handset = one.handset("demo-0060").await?;
    until("the other process knows who is online", PATIENCE * 2, async || {
        Ok((other.figure("jujiale_handsets_online").await? >= 1.0).then_some(()))
    })
    .await?;

    let lock = Lock::take(&one.database()?)?;
    let payload = press("unsaved", "b", 1).to_string();
    ensure!(handset.send("press", payload.clone()), "not sent");
    let is_shown = |shown: &serde_json::Value| live::unsaved(shown) && live::shows(shown, "unsaved");
    let (shown, _) = screen.next_incident("the press at the other process", PATIENCE * 2, is_shown).await?;
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
